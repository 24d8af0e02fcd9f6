// Lists under a cell, after the WAI-ARIA combobox: accounts are searched here, auxiliaries are asked to the server.

const PAUSE = 140;
const SHOWN = 12;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

function chart() {
  const data = JSON.parse(document.getElementById("catalogo-datos").textContent);
  return data.map(([code, name, group, kind, used]) => ({ code, name, group, kind, used, words: plain(name), all: plain(`${name} ${group}`), figures: code.replaceAll("-", "") }));
}

// Code first, then names that begin so, then names with all the words; among equals, what these books use most.
export function search(accounts, text) {
  const wanted = plain(text);
  const figures = wanted.replace(/[-\s]/g, "");
  const words = wanted.split(/\s+/);
  const rank = (each) => {
    if (!wanted) return each.used ? 0 : 1;
    if (/^\d+$/.test(figures)) return each.figures.startsWith(figures) ? 0 : -1;
    if (each.words === wanted) return 0;
    if (each.words.startsWith(wanted)) return 1;
    if (words.every((word) => each.words.split(/[\s,]+/).some((own) => own.startsWith(word)))) return 2;
    return words.every((word) => each.all.includes(word)) ? 3 : -1;
  };
  return accounts
    .map((each) => ({ each, place: rank(each) }))
    .filter(({ place }) => place >= 0)
    .sort((a, b) => a.place - b.place || b.each.used - a.each.used || (a.each.code < b.each.code ? -1 : 1))
    .map(({ each }) => each);
}

export function combos(form, lines) {
  const accounts = chart();
  const byCode = new Map(accounts.map((each) => [each.code, each]));
  const kept = new Map();
  let list = null;
  let choices = [];
  let active = -1;
  let timer = 0;
  let asked = 0;

  const named = (box) => (box.name || "").split("_")[0];
  const isAccount = (box) => /^cuenta_\d+$/.test(box.name || "");
  const isAuxiliary = (box) => /^auxiliar_\d+$/.test(box.name || "") || Boolean(box.dataset && box.dataset.kind);
  const accountOf = (row) => byCode.get(lines.cell(row, "cuenta").value.trim());
  const kindOf = (box) => box.dataset.kind || (accountOf(box.closest("tr")) || {}).kind || "";

  function help(box, words) {
    let node = box.parentElement.querySelector(".help");
    if (!node) {
      node = document.createElement("div");
      node.className = "help";
      node.id = `${box.id}-ayuda`;
      box.after(node);
      box.setAttribute("aria-describedby", `${box.getAttribute("aria-describedby") || ""} ${node.id}`.trim());
    }
    node.textContent = words;
  }

  // What the account of a line asks of its auxiliary: passed by when it carries none.
  function dress(row) {
    const account = accountOf(row);
    const auxiliary = lines.cell(row, "auxiliar");
    const none = Boolean(account) && !account.kind;
    auxiliary.tabIndex = none && !auxiliary.value ? -1 : 0;
    if (account) help(lines.cell(row, "cuenta"), account.name);
    if (none && !auxiliary.value) help(auxiliary, form.dataset.sinAuxiliar);
    else if (auxiliary.parentElement.querySelector(".help")?.textContent === form.dataset.sinAuxiliar) help(auxiliary, "");
  }

  function prepare(box) {
    if (box.dataset.listo) return;
    box.dataset.listo = "si";
    box.removeAttribute("list");
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-haspopup", "listbox"]]) box.setAttribute(name, value);
  }

  function close() {
    if (!list) return;
    const box = list.previousBox;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
    box.removeAttribute("aria-controls");
    list.remove();
    list = null;
    choices = [];
    active = -1;
  }

  function mark(place) {
    const items = [...list.querySelectorAll("[role='option']")];
    active = items.length ? (place + items.length) % items.length : -1;
    items.forEach((item, number) => item.setAttribute("aria-selected", String(number === active)));
    if (active < 0) return;
    list.previousBox.setAttribute("aria-activedescendant", items[active].id);
    items[active].scrollIntoView({ block: "nearest" });
  }

  function item(choice, number, box) {
    const node = document.createElement("li");
    node.id = `${box.id}-opcion-${number}`;
    node.setAttribute("role", "option");
    node.append(choice.title);
    const under = document.createElement("span");
    under.className = "under";
    under.textContent = choice.under;
    node.append(under);
    node.addEventListener("mousedown", (event) => {
      event.preventDefault();
      active = number;
      pick();
    });
    return node;
  }

  function draw(box, found) {
    close();
    choices = found.slice(0, SHOWN);
    list = document.createElement("ul");
    list.className = "combo";
    list.id = `${box.id}-lista`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.querySelector(`label[for="${box.id}"]`).textContent.trim());
    list.previousBox = box;
    list.ofText = box.value;
    list.append(...choices.map((choice, number) => item(choice, number, box)));
    if (!choices.length) {
      const none = document.createElement("li");
      none.className = "none";
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.textContent = box.value.trim() ? form.dataset.ninguno : form.dataset.vacio;
      list.append(none);
    }
    box.parentElement.append(list);
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-expanded", "true");
    if (choices.length) mark(0);
  }

  const ofAccount = (each) => ({ value: each.code, title: each.name, under: `${each.code} · ${each.group}`, name: each.name });

  async function ask(kind, text) {
    const key = `${kind} ${text}`;
    if (!kept.has(key)) {
      const answer = await fetch(form.dataset.auxiliares, {
        method: "POST", // what is typed may be a personal key, which no address carries
        headers: { Accept: "application/json", "X-CSRFToken": form.querySelector('[name="csrfmiddlewaretoken"]').value },
        body: new URLSearchParams({ tipo: kind, q: text }),
      });
      if (!answer.ok || answer.redirected) return [];
      kept.set(key, await answer.json());
    }
    return kept.get(key).map(([value, title, under]) => ({ value, title, under, name: title }));
  }

  async function show(box, text) {
    if (isAccount(box)) return draw(box, search(accounts, text).map(ofAccount));
    const kind = kindOf(box);
    if (!kind) return close();
    const mine = ++asked;
    const found = await ask(kind, plain(text));
    if (mine === asked && document.activeElement === box) draw(box, found);
    return undefined;
  }

  function pick() {
    const box = list.previousBox;
    const choice = choices[active];
    if (choice) {
      box.value = choice.value;
      box.dataset.elegido = choice.value;
      help(box, choice.name);
    }
    close();
    if (isAccount(box)) dress(box.closest("tr"));
    lines.touched();
    return Boolean(choice);
  }

  // A code typed whole, with or without dashes, is completed when the cell is left.
  function settle(box) {
    if (!isAccount(box) || !box.value.trim()) return;
    const found = byCode.has(box.value.trim()) ? [byCode.get(box.value.trim())] : search(accounts, box.value);
    if (found.length === 1) {
      if (box.value !== found[0].code) {
        box.value = found[0].code;
        lines.touched();
      }
      dress(box.closest("tr"));
    }
  }

  function open(box, name) {
    const row = box.closest("#lineas tbody tr");
    const wanted = row ? lines.cell(row, name) : box.dataset.kind && name === "auxiliar" ? box : null;
    if (!wanted) return false;
    lines.enter(wanted);
    prepare(wanted);
    show(wanted, wanted.value === wanted.dataset.elegido ? "" : wanted.value);
    return true;
  }

  form.addEventListener("focusin", (event) => {
    if (event.target instanceof HTMLInputElement && (isAccount(event.target) || isAuxiliary(event.target))) prepare(event.target);
  });
  form.addEventListener("focusout", (event) => {
    if (list && list.previousBox === event.target) close();
    clearTimeout(timer);
    asked += 1;
    if (event.target instanceof HTMLInputElement) settle(event.target);
  });
  form.addEventListener("input", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !(isAccount(box) || isAuxiliary(box))) return;
    delete box.dataset.elegido;
    if (isAuxiliary(box)) help(box, "");
    clearTimeout(timer);
    if (!box.value.trim()) return close();
    if (isAccount(box)) show(box, box.value);
    else timer = setTimeout(() => show(box, box.value), PAUSE);
  });
  // Keys of an open list come before those of the grid: this listener catches on the way down.
  form.addEventListener("keydown", (event) => {
    const box = event.target;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !event.ctrlKey && !event.altKey && (isAccount(box) || isAuxiliary(box))) {
      if (list) mark(active + step);
      else show(box, box.value === box.dataset.elegido ? "" : box.value);
      event.preventDefault();
    } else if (list && list.previousBox === box && event.key === "Escape") {
      close();
      event.preventDefault();
    } else if (list && list.previousBox === box && !event.ctrlKey && (event.key === "Enter" || event.key === "Tab")) {
      if (list.ofText === box.value) pick();
      else close(); // what was found for fewer letters is not what is written now: it stays as it was typed
    }
  }, true);

  for (const row of form.querySelectorAll("#lineas tbody tr")) dress(row);
  return { open, named };
}
