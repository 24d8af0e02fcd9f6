// Dropping files on the inbox is choosing them: the form then sends itself.
"use strict";

(() => {
  const zone = document.getElementById("soltar");
  if (!zone) return;
  const chosen = zone.querySelector('input[type="file"]');
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files.length) {
      chosen.files = event.dataTransfer.files;
      zone.requestSubmit();
    }
  });
})();
