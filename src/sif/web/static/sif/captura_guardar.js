// A draft that saves itself after each pause, says when, and keeps what could not be saved until it can.

const PAUSE = 900;
const AGAIN = 5000;
const FOLLOWS = ["fechas", "evidencias-lista", "id_clase_evidencia", "previa-lista"];

export function saver(form) {
  let timer = 0;
  let busy = false;
  let pending = false;
  let leaving = false;
  let chosen = ""; // the class of evidence that the person chose, which a fresh list must not undo

  function content() {
    const data = new FormData(form);
    data.delete("archivo");
    data.set("accion", "guardar");
    return data;
  }

  function tell(words, tone) {
    const region = document.getElementById("guardado");
    if (!region) return;
    region.className = `state tone-${tone}`;
    region.querySelector("span").textContent = words;
  }

  function replace(page) {
    const fresh = page.getElementById("guardado");
    document.getElementById("guardado").replaceWith(document.adoptNode(fresh));
    for (const id of FOLLOWS) {
      const old = document.getElementById(id);
      const now = page.getElementById(id);
      if (!old || !now || old.outerHTML === now.outerHTML || old.contains(document.activeElement)) continue;
      old.replaceWith(document.adoptNode(now));
      if (chosen && [...(now.options || [])].some((option) => option.value === chosen)) now.value = chosen;
    }
  }

  async function save() {
    if (busy || leaving) {
      pending = true;
      return;
    }
    busy = true;
    pending = false;
    try {
      const answer = await fetch(form.action, { method: "POST", body: content(), headers: { "HX-Request": "true" } });
      const elsewhere = answer.headers.get("HX-Redirect");
      if (elsewhere) return location.assign(elsewhere);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.ok && page.getElementById("guardado")) replace(page);
      else if (answer.redirected || answer.status === 403) tell(form.dataset.sinSesion, "grave");
      else wait(AGAIN);
    } catch {
      tell(form.dataset.sinConexion, "aviso");
      wait(AGAIN);
    } finally {
      busy = false;
      if (pending) wait(PAUSE);
    }
    return undefined;
  }

  form.addEventListener("change", (event) => {
    if (event.target.id === "id_clase_evidencia") chosen = event.target.value;
  });

  function wait(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  for (const button of form.querySelectorAll("[data-sin-guion]")) button.hidden = true; // it saves itself
  form.addEventListener("input", () => {
    pending = true;
    wait(PAUSE);
  });
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
  });
  window.addEventListener("pagehide", () => {
    if (pending && !leaving) navigator.sendBeacon(form.action, content());
  });
}
