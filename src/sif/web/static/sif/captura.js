// What a script adds to capture: sums while typing, lists that open under a cell, keys, and a draft that saves itself.
// Without it every act has its button.
import { combos } from "./captura_listas.js";
import { grid } from "./captura_lineas.js";
import { saver } from "./captura_guardar.js";

const form = document.getElementById("captura");

function start() {
  const lines = grid(form);
  const lists = combos(form, lines);
  saver(form);
  // What was typed while the scripts were still on their way counts too.
  const boxes = [...form.querySelectorAll("input:not([type='hidden'], [type='file']), textarea")];
  if (boxes.some((box) => box.value !== box.defaultValue)) lines.touched();

  // A day typed chooses the open period in which it falls, unless the one chosen already holds it.
  function follow(box) {
    const typed = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/.exec(box.value.trim());
    const day = typed ? `${typed[3]}-${typed[2].padStart(2, "0")}-${typed[1].padStart(2, "0")}` : box.value.trim();
    const choose = document.getElementById("id_ventana");
    const holds = ([, [from, until]]) => from <= day && day <= until;
    const open = Object.entries(JSON.parse(form.dataset.periodos));
    const found = open.find(holds);
    if (!found || open.some((each) => each[0] === choose.value && holds(each))) return;
    choose.value = found[0];
    lines.touched();
  }

  const press = (action) => {
    const button = form.querySelector(`button[name="accion"][value="${action}"]:not(.visually-hidden)`);
    if (button) button.click();
    return Boolean(button);
  };

  function withControl(event, box) {
    if (event.key === "Enter") box.blur(); // what was just typed counts as left
    if (event.key === "Enter") return press(event.shiftKey ? "registrar_otra" : "registrar");
    const row = box.closest("#lineas tbody tr");
    if (!row) return false;
    const acts = { Delete: "quitar", d: "duplicar", ArrowUp: "subir", ArrowDown: "bajar" };
    const act = acts[event.key] || acts[event.key.toLowerCase()];
    if (!act) return false;
    lines.act(act, row, box);
    return true;
  }

  function next(box) {
    const row = box.closest("#lineas tbody tr");
    if (row) return lines.next(row, box);
    const boxes = [...form.querySelectorAll("input:not([type='hidden'], [type='file']), select")].filter((each) => each.offsetParent && each.tabIndex >= 0);
    const after = boxes[boxes.indexOf(box) + 1];
    if (after) lines.enter(after);
    return true;
  }

  function keyed(event) {
    const box = event.target;
    if (event.ctrlKey) return withControl(event, box);
    if (event.key === "F9") {
      const choose = document.getElementById("id_plantilla");
      if (choose) choose.focus();
      return Boolean(choose);
    }
    if (event.key === "Enter" && box.id === "id_plantilla") return box.value ? press("plantilla") : true;
    if (!(box instanceof HTMLInputElement || box instanceof HTMLSelectElement) || box.type === "file") return false;
    if (event.key === "F2" || event.key === "F4") return lists.open(box, event.key === "F2" ? "cuenta" : "auxiliar");
    if (event.key === "=" && /^(cargo|abono)_\d+$/.test(box.name)) return lines.takeDifference(box);
    return event.key === "Enter" && box.id !== "id_nombre_plantilla" && next(box);
  }

  form.addEventListener("change", (event) => {
    if (event.target.id === "id_fecha") follow(event.target);
  });
  form.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.defaultPrevented || event.isComposing) return;
    if (keyed(event)) event.preventDefault();
  });
  form.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[name='accion']") : null;
    if (!button) return;
    const [act, which] = button.value.split(":");
    const row = which && document.getElementById(`linea-${which}`);
    if (row && lines.act(act, row, null)) event.preventDefault();
    if (act === "agregar") {
      lines.add();
      event.preventDefault();
    }
  });
  const seen = document.querySelector(".error-summary, #conflicto");
  if (seen) seen.focus();
  else lines.begin();
}

if (form) start();
