// Evidence travels in pieces that resume by themselves (tus); without this script the form sends it whole.
"use strict";

(() => {
  const place = document.getElementById("evidencias");
  if (!place || !window.tus || !tus.isSupported) return;

  const line = (name) => {
    const item = document.createElement("li");
    const words = document.createElement("span");
    words.textContent = name;
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", name);
    const state = document.createElement("span");
    state.className = "end";
    item.append(words, bar, state);
    document.getElementById("avance").append(item);
    return {
      at(percent) {
        bar.value = percent;
        state.textContent = `${percent} %`;
      },
      say(text, failed) {
        state.textContent = text;
        if (failed) {
          bar.remove();
          item.className = "tone-grave";
          state.className = "under";
        }
      },
    };
  };

  const refusal = (error, form) => {
    try {
      const said = JSON.parse(error.originalResponse.getBody());
      return `${said.mensaje} ${said.cura}`;
    } catch {
      return form.dataset.espera;
    }
  };

  const send = (file, form) =>
    new Promise((resolve) => {
      const shown = line(file.name);
      const upload = new tus.Upload(file, {
        endpoint: form.dataset.subidas,
        chunkSize: 4 * 1024 * 1024,
        retryDelays: [0, 1000, 3000, 5000, 10000, 20000],
        removeFingerprintOnSuccess: true,
        headers: { "X-CSRFToken": form.querySelector('[name="csrfmiddlewaretoken"]').value },
        metadata: {
          filename: file.name,
          clase: form.querySelector('[name="clase"]').value,
          contabilidad: form.dataset.contabilidad,
          asiento: form.dataset.asiento,
        },
        fingerprint: async (chosen, options) =>
          ["sif", chosen.name, chosen.size, chosen.lastModified, ...Object.values(options.metadata)].join("|"),
        onShouldRetry: (error) => {
          const answer = error.originalResponse;
          if (answer && answer.getStatus() < 500 && answer.getStatus() !== 409) return false;
          shown.say(form.dataset.espera, false);
          return true;
        },
        onProgress: (sent, total) => shown.at(Math.floor((sent * 100) / total)),
        onSuccess: () => {
          shown.say(form.dataset.lista, false);
          resolve(true);
        },
        onError: (error) => {
          shown.say(refusal(error, form), true);
          resolve(false);
        },
      });
      upload.findPreviousUploads().then((earlier) => {
        if (earlier.length) upload.resumeFromPreviousUpload(earlier[0]);
        upload.start();
      });
    });

  place.addEventListener("submit", async (event) => {
    const form = event.target;
    const files = [...form.querySelector('input[type="file"]').files];
    if (!files.length) return;
    event.preventDefault();
    const button = form.querySelector('button[type="submit"]');
    button.disabled = true;
    const done = [];
    for (const file of files) done.push(await send(file, form));
    button.disabled = false;
    if (done.every(Boolean)) htmx.ajax("GET", form.dataset.panel, { target: "#evidencias", swap: "innerHTML" });
  });
})();
