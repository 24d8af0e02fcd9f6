// What a script adds to capture: sums while typing, and its keys. Without it the buttons do the same.
"use strict";

(() => {
  const form = document.getElementById("captura");
  if (!form) return;

  const centavos = (text) => {
    const match = /^\$?(-?)(\d{1,12})?(?:\.(\d{0,2}))?$/.exec(text.replace(/[\s,]/g, ""));
    if (!match) return 0n;
    const value = BigInt(match[2] || 0) * 100n + BigInt((match[3] || "").padEnd(2, "0"));
    return match[1] ? -value : value;
  };
  const shown = (value) => {
    const digits = (value < 0n ? -value : value).toString().padStart(3, "0");
    const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${value < 0n ? "−" : ""}${whole}.${digits.slice(-2)}`;
  };
  const side = (name) => [...form.querySelectorAll(`input[name^="${name}_"]`)].filter((box) => /_\d+$/.test(box.name));
  const sum = (name) => side(name).reduce((total, box) => total + centavos(box.value), 0n);

  function refresh() {
    const debits = sum("cargo");
    const credits = sum("abono");
    const gap = debits - credits;
    document.getElementById("suma-cargos").textContent = shown(debits);
    document.getElementById("suma-abonos").textContent = shown(credits);
    document.getElementById("diferencia").textContent = shown(gap < 0n ? -gap : gap);
  }

  const press = (action) => {
    const button = form.querySelector(`button[name="accion"][value="${action}"]:not(.visually-hidden)`);
    if (button) button.click();
    return Boolean(button);
  };

  function keyed(event) {
    const box = event.target;
    if (event.key === "Enter" && event.ctrlKey) return press("registrar");
    if (!(box instanceof HTMLInputElement)) return false;
    if (event.key === "Delete" && event.ctrlKey) {
      const number = /_(\d+)$/.exec(box.name);
      return number ? press(`quitar:${number[1]}`) : false;
    }
    if (event.key === "=" && /^(cargo|abono)_\d+$/.test(box.name)) {
      const other = sum(box.name.startsWith("cargo") ? "abono" : "cargo");
      const rest = other - sum(box.name.split("_")[0]) + centavos(box.value);
      if (rest > 0n) box.value = shown(rest);
      box.dispatchEvent(new Event("input", { bubbles: true }));
      return true;
    }
    if (event.key === "Enter" && /^abono_\d+$/.test(box.name) && box === side("abono").at(-1)) return press("agregar");
    return false;
  }

  form.addEventListener("input", refresh);
  form.addEventListener("keydown", (event) => {
    if (!event.altKey && !event.metaKey && keyed(event)) event.preventDefault();
  });
  refresh();
})();
