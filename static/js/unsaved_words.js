// Asks before a half-written text is left behind. Every button of its own form sends or keeps it, and asks nothing.
for (const form of document.querySelectorAll("form.composer")) {
  let isSent = false;
  const fields = [...form.querySelectorAll("textarea, input[type=text]")];
  form.addEventListener("submit", () => { isSent = true; });
  addEventListener("pageshow", () => { isSent = false; });
  addEventListener("beforeunload", (event) => {
    if (!isSent && fields.some((field) => field.value !== field.defaultValue)) event.preventDefault();
  });
}
