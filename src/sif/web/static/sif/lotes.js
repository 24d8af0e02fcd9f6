// While a lot is read or posted the page says how far it has come; without this script the form only waits.
"use strict";

(() => {
  const follow = (form) => {
    const mark = crypto.randomUUID().replaceAll("-", "");
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "avance";
    field.value = mark;
    const said = document.createElement("p");
    said.className = "progress";
    said.setAttribute("role", "status");
    said.textContent = form.dataset.espera;
    form.append(field, said);
    window.setInterval(async () => {
      const answer = await fetch(`${form.dataset.avance}${mark}/`);
      const { texto } = answer.ok ? await answer.json() : { texto: "" };
      if (texto) said.textContent = texto; // before it begins and after it ends, what was said last stands
    }, 1000);
  };

  for (const form of document.querySelectorAll("form[data-avance]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.enviado) {
        event.preventDefault();
      } else if (window.crypto?.randomUUID) {
        form.dataset.enviado = "si";
        follow(form);
      }
    });
  }
})();
