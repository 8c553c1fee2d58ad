// Lets a password be read while it is typed. It is sent as a password again, so that no browser keeps it as text.
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-shows]");
  if (!button) return;
  const field = document.getElementById(button.dataset.shows);
  const isShown = field.type === "password";
  field.type = isShown ? "text" : "password";
  button.setAttribute("aria-pressed", isShown);
});
document.addEventListener("submit", ({ target }) => {
  for (const button of target.querySelectorAll("[data-shows]")) {
    document.getElementById(button.dataset.shows).type = "password";
    button.setAttribute("aria-pressed", false);
  }
});
