// A form that starts long work is sent once, however often its button is pressed; with words, it says what to wait for.
// A button marks every box of a form, or none where all were marked.
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
  for (const button of document.querySelectorAll("button[data-marca]")) {
    button.addEventListener("click", () => {
      const boxes = [...document.getElementById(button.dataset.marca).elements].filter((each) => each.type === "checkbox");
      const all = boxes.every((each) => each.checked);
      for (const each of boxes) each.checked = !all;
    });
  }
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-enviado]")) delete form.dataset.enviado;
  });
})();
