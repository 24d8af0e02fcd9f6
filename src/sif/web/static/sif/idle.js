// Warn two minutes before an idle session ends, and tell the server of somebody who types without sending.
(() => {
  const warning = document.getElementById("inactividad");
  if (!warning) return;
  const form = warning.querySelector("form");
  const limit = Number(warning.dataset.segundos) * 1000;
  const warned = Math.min(120000, limit / 2);
  const every = Math.min(300000, limit / 4);
  let told = Date.now();
  let active = false;
  const tell = () => {
    told = Date.now();
    active = false;
    warning.hidden = true;
    fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" }).then((answer) => {
      if (answer.status === 401) location.reload();
    });
  };
  for (const kind of ["keydown", "pointerdown"]) {
    document.addEventListener(kind, () => { active = true; }, { passive: true });
  }
  form.addEventListener("submit", (event) => { event.preventDefault(); tell(); });
  setInterval(() => {
    const since = Date.now() - told;
    if (active && warning.hidden && since > every) tell();
    else if (since > limit) location.reload();
    else if (since > limit - warned && warning.hidden) { warning.hidden = false; form.querySelector("button").focus(); }
  }, Math.min(5000, limit / 10));
})();
