// The outbox of signatures: what was signed here is kept in this browser until the server says that it has it.
"use strict";

(() => {
  const KEY = "sif.salida"; // certificate, seals and hours: nothing of the key
  const EVERY = 10_000; // milliseconds from a try to the next while the server is not reached
  const box = document.querySelector(".salida");
  if (!box) return;
  const words = box.dataset;
  const list = box.querySelector("ul");
  const token = box.querySelector("[name=csrfmiddlewaretoken]").value;
  let sending = false;
  let timer = null;

  let unkept = null; // what the browser refused to keep, forbidden or full: it lasts while the page is open
  const stored = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const store = (text) => {
    try {
      localStorage.setItem(KEY, text);
      unkept = null;
    } catch {
      unkept = text;
    }
  };

  const all = () => JSON.parse(unkept ?? stored() ?? "[]");
  const read = () => all().filter((each) => each.persona === words.persona);
  const write = (mine) => {
    store(JSON.stringify([...all().filter((each) => each.persona !== words.persona), ...mine]));
    draw();
  };
  const change = (id, how) => write(read().map((each) => (each.id === id ? { ...each, ...how } : each)));
  const remove = (id) => write(read().filter((each) => each.id !== id));

  const hour = (iso) =>
    new Intl.DateTimeFormat(document.documentElement.lang, {
      dateStyle: "medium", timeStyle: "medium", timeZone: words.zona,
    }).format(new Date(iso));

  const item = (each) => {
    const row = document.createElement("li");
    const told = document.createElement("div");
    const state = document.createElement("span");
    told.textContent = `${each.sellos.map(({ folio }) => folio).join(", ")}. ${words.firmado}: ${hour(each.firmado_el)}`;
    state.className = "under";
    const lost = unkept !== null && each.estado !== "rechazada";
    state.textContent = [lost ? words.efimera : words[each.estado], ...(each.problemas ?? [])].join(" ");
    told.append(state);
    row.append(told);
    if (each.estado === "rechazada") {
      const discard = document.createElement("button");
      discard.type = "button";
      discard.className = "button compact end";
      discard.textContent = words.descartar;
      discard.addEventListener("click", () => remove(each.id));
      row.append(discard);
    }
    return row;
  };

  const draw = () => {
    const mine = read();
    box.hidden = !mine.length;
    list.replaceChildren(...mine.map(item));
  };

  const send = async (each) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", token);
    body.append("certificado", each.certificado);
    body.append("firmado_el", each.firmado_el);
    for (const { folio, sello } of each.sellos) {
      body.append("folio", folio);
      body.append("sello", sello);
    }
    let answer;
    try {
      answer = await fetch(words.envio, { method: "POST", body });
    } catch {
      return change(each.id, { estado: "espera" });
    }
    if (answer.status >= 500) return change(each.id, { estado: "espera" });
    if (!(answer.headers.get("Content-Type") ?? "").startsWith("application/json")) return change(each.id, { estado: "entrada" });
    const { problemas, hechos, ir } = await answer.json();
    const sellos = each.sellos.filter(({ folio }) => !hechos.includes(folio));
    if (sellos.length) return change(each.id, { estado: "rechazada", sellos, problemas });
    remove(each.id);
    return ir;
  };

  // One page of this browser sends at a time, so that what another one is sending is not sent twice.
  const alone = (work) => (navigator.locks ? navigator.locks.request(KEY, { ifAvailable: true }, (lock) => lock && work()) : work());

  const sendAll = async () => {
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    let where = "";
    try {
      await alone(async () => {
        for (const { id } of read()) {
          const each = read().find((one) => one.id === id); // another page may have sent it, or discarded it, meanwhile
          if (each && each.estado !== "rechazada") where = (await send(each)) || where;
        }
      });
    } finally {
      sending = false;
    }
    const left = read();
    if (left.some(({ estado }) => estado === "espera")) timer = setTimeout(sendAll, EVERY);
    else if (where && !left.length) location.assign(where);
  };

  window.efirmaSalida = {
    keep(certificado, sellos) {
      const id = crypto.randomUUID();
      write([...read(), { id, persona: words.persona, certificado, sellos, firmado_el: new Date().toISOString(), estado: "espera" }]);
      sendAll();
    },
  };
  window.addEventListener("online", sendAll);
  window.addEventListener("storage", ({ key }) => (key === KEY || key === null) && draw()); // another page sent, kept or discarded
  draw();
  sendAll();
})();
