// What went wrong comes first. A page opened at a fragment, or put in place by a script, does not focus it by itself.
const focusError = () => document.querySelector(".error-summary")?.focus();
focusError();
document.addEventListener("swapped", focusError);
