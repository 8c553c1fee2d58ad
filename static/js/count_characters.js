// Says how many characters are left in a field when few are: at 80 %, at 95 %, and all the time once there are too many.
const SOON = 0.8;
const ALMOST = 0.95;

for (const field of document.querySelectorAll("[data-count]")) {
  if (field.dataset.counting) continue;
  field.dataset.counting = "yes";
  const most = Number(field.dataset.count);
  // One line is seen and always right; another is read out, and only changes at a threshold.
  const seen = document.createElement("p");
  seen.className = "field__count";
  seen.setAttribute("aria-hidden", "true");
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("aria-live", "polite");
  field.after(seen, said);

  let before = 0;
  const count = () => {
    // As the site counts: characters, not halves of them; a line end is one; blanks around do not count.
    const length = [...field.value.trim()].length;
    const threshold = length > most ? 3 : length >= most * ALMOST ? 2 : length >= most * SOON ? 1 : 0;
    const words = length > most ? field.dataset.countOver + (length - most) : field.dataset.countLeft + (most - length);
    seen.textContent = threshold ? words : "";
    seen.classList.toggle("field__count--over", threshold === 3);
    if (threshold !== before) said.textContent = threshold ? words : "";
    before = threshold;
  };
  field.addEventListener("input", count);
  count();
}
