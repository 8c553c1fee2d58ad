// Says so when the browser's dialogue for a passkey ends without one.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const place of document.querySelectorAll("[data-key-failed]")) place.textContent = place.dataset.keyFailed;
});
