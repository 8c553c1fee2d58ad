// Asks before a half-written text is left behind. Every button of its own form sends or keeps it, and asks nothing.
let sent = null;
addEventListener("submit", (event) => { sent = event.target; });
addEventListener("pageshow", () => { sent = null; });
document.addEventListener("swapped", () => { sent = null; });
addEventListener("beforeunload", (event) => {
  const fields = document.querySelectorAll("form.composer :is(textarea, input[type=text])");
  if ([...fields].some((field) => field.form !== sent && field.value !== field.defaultValue)) event.preventDefault();
});
