// Says how many characters are left in a field when few are: at 80 %, at 95 %, and all the time once there are too many.
const SOON = 0.8;
const ALMOST = 0.95;
const lines = new WeakMap();

/** One line is seen and always right; another is read out, and only changes at a threshold. */
function linesOf(field) {
  let own = lines.get(field);
  if (own?.seen.isConnected && own.said.isConnected) return own;
  const seen = document.createElement("p");
  seen.className = "field__count";
  seen.setAttribute("aria-hidden", "true");
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("aria-live", "polite");
  field.after(seen, said);
  own = { seen, said, before: 0 };
  lines.set(field, own);
  return own;
}

function count(field) {
  const own = linesOf(field);
  const most = Number(field.dataset.count);
  // As the site counts: characters, not halves of them; a line end is one; blanks around do not count.
  const length = [...field.value.trim()].length;
  const threshold = length > most ? 3 : length >= most * ALMOST ? 2 : length >= most * SOON ? 1 : 0;
  const words = length > most ? field.dataset.countOver + (length - most) : field.dataset.countLeft + (most - length);
  own.seen.textContent = threshold ? words : "";
  own.seen.classList.toggle("field__count--over", threshold === 3);
  if (threshold !== own.before) own.said.textContent = threshold ? words : "";
  own.before = threshold;
}

const countAll = () => document.querySelectorAll("[data-count]").forEach(count);
addEventListener("input", ({ target }) => {
  if (target.matches("[data-count]")) count(target);
});
document.addEventListener("swapped", countAll);
countAll();
