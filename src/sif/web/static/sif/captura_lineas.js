// The grid of lines: sums and difference as they are typed, and lines that are added, removed, duplicated and moved.

const AMOUNT = /^(cargo|abono)_\d+$/;
const CELLS = ["cuenta", "auxiliar", "concepto", "cargo", "abono"];

export function centavos(text) {
  const match = /^\$?(-?)(\d{1,12})?(?:\.(\d{0,2}))?$/.exec(text.replace(/[\s,]/g, ""));
  if (!match) return 0n;
  const value = BigInt(match[2] || 0) * 100n + BigInt((match[3] || "").padEnd(2, "0"));
  return match[1] ? -value : value;
}

export function shown(value) {
  const digits = (value < 0n ? -value : value).toString().padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${value < 0n ? "−" : ""}${whole}.${digits.slice(-2)}`;
}

export function grid(form) {
  const body = form.querySelector("#lineas tbody");
  const rows = () => [...body.rows];
  const cell = (row, name) => row.querySelector(`input[name^="${name}_"]`);
  const say = (words) => {
    const voice = document.getElementById("voz");
    if (voice) voice.textContent = words;
  };
  const touched = () => {
    refresh();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const sum = (name) => rows().reduce((total, row) => total + centavos(cell(row, name).value), 0n);

  function refresh() {
    const debits = sum("cargo");
    const credits = sum("abono");
    const gap = debits - credits;
    for (const [id, value] of [["suma-cargos", debits], ["suma-abonos", credits], ["diferencia", gap < 0n ? -gap : gap]]) document.getElementById(id).textContent = shown(value);
    for (const [id, value] of [["pie-cargos", debits], ["pie-abonos", credits]]) (document.querySelector(`#${id} .sum`) || document.getElementById(id)).textContent = `$${shown(value)}`;
    const words = gap > 0n ? form.dataset.porAbonar : gap < 0n ? form.dataset.porCargar : form.dataset.cuadra;
    document.getElementById("diferencia-dice").textContent = words;
    document.getElementById("diferencia").parentElement.classList.toggle("off", gap !== 0n);
    const offer = form.querySelector("button[value='igualar']");
    if (offer) offer.hidden = true; // its words would be of before; the key = and the sums say it now
  }

  function renumber() {
    rows().forEach((row, place) => {
      const number = place + 1;
      row.id = `linea-${number}`;
      row.cells[0].textContent = String(number);
      for (const node of row.querySelectorAll("*")) {
        for (const name of ["id", "name", "for", "aria-describedby", "aria-controls", "aria-labelledby"]) {
          const value = node.getAttribute(name);
          if (value) node.setAttribute(name, value.replace(/_(\d+)(?=$|-|\s)/g, `_${number}`));
        }
        if (node instanceof HTMLButtonElement && node.value.includes(":")) node.value = `${node.value.split(":")[0]}:${number}`;
        if (node.title) node.title = node.title.replace(/\d+/, String(number));
        if (node.matches("label, .visually-hidden")) node.firstChild.textContent = node.firstChild.textContent.replace(/\d+/, String(number));
      }
    });
    touched();
  }

  const tidy = (box) => {
    if (AMOUNT.test(box.name || "") && centavos(box.value) !== 0n) box.value = shown(centavos(box.value)).replace("−", "-");
  };

  function copy(row, keep) {
    row.querySelectorAll("input").forEach(tidy);
    const made = row.cloneNode(true);
    for (const gone of made.querySelectorAll(".combo, .error")) gone.remove();
    for (const box of made.querySelectorAll("input")) {
      box.value = keep ? cell(row, box.name.split("_")[0]).value : "";
      box.setAttribute("aria-invalid", "false");
      delete box.dataset.listo;
    }
    if (!keep) for (const help of made.querySelectorAll(".help")) help.textContent = "";
    return made;
  }

  const enter = (box) => {
    box.focus();
    if (box.select) box.select();
  };

  function add() {
    const made = copy(rows().at(-1), false);
    body.append(made);
    renumber();
    enter(cell(made, "cuenta"));
    return true;
  }

  function act(name, row, box) {
    const where = box && box.name ? box.name.split("_")[0] : "cuenta";
    let goes = row;
    if (name === "duplicar") {
      goes = copy(row, true);
      row.after(goes);
    } else if (name === "quitar") {
      goes = row.nextElementSibling || row.previousElementSibling;
      if (!goes) {
        goes = copy(row, false);
        row.after(goes);
      }
      row.remove();
    } else if (name === "subir") {
      if (row.previousElementSibling) row.previousElementSibling.before(row);
    } else if (name === "bajar") {
      if (row.nextElementSibling) row.nextElementSibling.after(row);
    } else return false;
    renumber();
    enter(cell(goes, where) || cell(goes, "cuenta"));
    say(goes.cells[0].textContent);
    return true;
  }

  // The cell after this one by Enter: an auxiliary that the account does not carry and the other amount are passed by.
  function next(row, box) {
    const name = box.name.split("_")[0];
    if ((name === "cargo" && centavos(box.value) !== 0n) || name === "abono") {
      const below = row.nextElementSibling;
      if (below) enter(cell(below, "cuenta"));
      else add();
      return true;
    }
    const after = CELLS.slice(CELLS.indexOf(name) + 1).map((each) => cell(row, each));
    enter(after.find((each) => each.tabIndex >= 0));
    return true;
  }

  function takeDifference(box) {
    const own = box.name.split("_")[0];
    const rest = sum(own === "cargo" ? "abono" : "cargo") - sum(own) + centavos(box.value);
    if (rest > 0n) box.value = shown(rest);
    touched();
    return true;
  }

  function begin() {
    const empty = [...form.querySelectorAll("#id_fecha, #id_concepto")].find((box) => !box.value);
    if (form.contains(document.activeElement)) return; // who already types is not moved
    if (!location.hash) enter(empty || cell(rows()[0], "cuenta"));
  }

  for (const button of form.querySelectorAll(".line-act")) button.tabIndex = -1;
  form.addEventListener("input", refresh);
  form.addEventListener("change", (event) => tidy(event.target));
  refresh();
  return { act, add, begin, cell, enter, next, takeDifference, touched };
}
