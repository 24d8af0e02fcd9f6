// What a script adds and no page needs: shortcuts, the dialog of keys, rows by J and K, focus after htmx, copying a key, files too heavy.
"use strict";

(() => {
  const tickable = (node) => node instanceof HTMLInputElement && /^(checkbox|radio)$/.test(node.type);
  const editable = (node) => node instanceof HTMLElement && !tickable(node) && (node.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(node.tagName));
  const shortcutsOn = document.documentElement.dataset.keys !== "off";
  let prefix = "";

  function follow(selector) {
    const target = document.querySelector(selector);
    if (!target) return false;
    target.click();
    return true;
  }

  function moveRow(step) {
    const rows = [...document.querySelectorAll("table[data-rows] tbody tr")];
    if (!rows.length) return follow(step > 0 ? "[data-key='j']" : "[data-key='k']");
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    const row = rows[Math.max(0, Math.min(rows.length - 1, here + step))];
    const link = row.querySelector("a") || row.querySelector("input, button");
    if (link) link.focus();
    return Boolean(link);
  }

  let anchor = null; // the row ticked last, from which a range is counted

  function chooseRow(isRange) {
    const row = document.activeElement && document.activeElement.closest("table[data-rows] tbody tr");
    const box = row && row.querySelector("input[type='checkbox']");
    if (!box) return false;
    const rows = [...row.parentElement.rows];
    const from = isRange && anchor ? rows.indexOf(anchor) : -1;
    if (from < 0) box.click();
    else {
      const here = rows.indexOf(row);
      for (const each of rows.slice(Math.min(from, here), Math.max(from, here) + 1)) {
        const other = each.querySelector("input[type='checkbox']");
        if (other && !other.checked) other.click();
      }
    }
    anchor = row;
    return true;
  }

  function showKeys() {
    const dialog = document.getElementById("teclas");
    if (dialog && !dialog.open) dialog.showModal();
    return Boolean(dialog);
  }

  function act(key, isShift) {
    if (prefix === "g") {
      prefix = "";
      return follow(`[data-key="g ${key}"]`);
    }
    if (key === "g") {
      prefix = "g";
      return true;
    }
    if (key === "/") {
      const box = document.querySelector('.header .go-to input:not([type="hidden"])');
      if (box) box.focus();
      return Boolean(box);
    }
    if (key === "?") return showKeys();
    if (key === "j" || key === "k") return moveRow(key === "j" ? 1 : -1);
    if (key === "x" && chooseRow(isShift)) return true;
    return follow(`[data-key="${CSS.escape(key)}"]`);
  }

  document.addEventListener("keydown", (event) => {
    if (!shortcutsOn || event.altKey || event.metaKey || editable(event.target) || document.querySelector("dialog[open]")) return;
    // beside what is being written a letter is never an order
    if (event.ctrlKey || (event.target instanceof Element && event.target.closest("[data-escribiendo]"))) return;
    if (event.key.length === 1 && act(event.key.toLowerCase(), event.shiftKey)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const node = event.target instanceof Element ? event.target.closest("[data-open-dialog], [data-copy], [data-print], [data-close-dialog]") : null;
    if (!node) return;
    if (node.dataset.openDialog !== undefined && showKeys()) event.preventDefault();
    if (node.dataset.closeDialog !== undefined) node.closest("dialog").close();
    if (node.dataset.print !== undefined) window.print();
    if (node.dataset.copy !== undefined) navigator.clipboard.writeText(node.dataset.copy).then(() => copied(node));
  });

  function copied(node) {
    const label = node.querySelector("[data-label]");
    if (label) label.textContent = node.dataset.copied;
    say(node.dataset.copied || "");
  }

  function say(words) {
    const region = document.getElementById("voz");
    if (region) region.textContent = words;
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    const asked = event.detail.target.querySelector("[data-focus]");
    if (asked) {
      asked.setAttribute("tabindex", "-1");
      asked.focus();
      say(asked.dataset.focus || asked.textContent.trim().slice(0, 200));
    }
  });

  const { cabe, noCabe } = document.currentScript.dataset;
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || field.type !== "file" || "piezas" in field.dataset) return;
    const weight = [...field.files].reduce((sum, file) => sum + file.size, 0);
    const mb = (bytes) => Math.ceil(bytes / 2 ** 20);
    field.setCustomValidity(weight > cabe - 2 ** 16 ? noCabe.replace("PESA", mb(weight)).replace("CABE", mb(cabe)) : "");
    if (field.validationMessage) field.reportValidity();
  });

  const shown = navigator.clipboard ? "[data-copy][hidden], [data-print][hidden]" : "[data-print][hidden]";
  for (const node of document.querySelectorAll(shown)) node.hidden = false; // no clipboard without TLS
  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();
})();
