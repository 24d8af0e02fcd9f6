// A box with data-auxiliar offers what the books know of what is typed in it: whole catalogues are too long to be sent.
"use strict";

for (const box of document.querySelectorAll("input[data-auxiliar]")) {
  let asked = 0;
  let waits;
  const offer = async () => {
    const mine = ++asked;
    const answer = await fetch(box.form.dataset.auxiliares, {
      method: "POST", // what is typed may be a personal key, which no address carries
      headers: { Accept: "application/json", "X-CSRFToken": box.form.querySelector('[name="csrfmiddlewaretoken"]').value },
      body: new URLSearchParams({ tipo: box.dataset.auxiliar, q: box.value }),
    });
    if (mine !== asked || !answer.ok || answer.redirected) return;
    box.list.replaceChildren(...(await answer.json()).map(([value, , detail]) => new Option(detail, value)));
  };
  box.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(offer, 200);
  });
}
