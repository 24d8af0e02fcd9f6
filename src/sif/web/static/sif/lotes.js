// A form that starts long work is sent once, however often its button is pressed; with words, it says what to wait for.
"use strict";

(() => {
  for (const form of document.querySelectorAll("form[data-una-vez]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.enviado) {
        event.preventDefault();
        return;
      }
      form.dataset.enviado = "si";
      if (!form.dataset.unaVez) return;
      const said = document.createElement("p");
      said.className = "progress";
      said.setAttribute("role", "status");
      said.textContent = form.dataset.unaVez;
      form.append(said);
    });
  }
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-enviado]")) delete form.dataset.enviado;
  });
})();
