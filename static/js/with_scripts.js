// Shows what works only with scripts: without them it would be a button that does nothing.
const show = () => {
  for (const part of document.querySelectorAll("[data-with-scripts]")) part.hidden = false;
};
document.addEventListener("swapped", show);
show();
