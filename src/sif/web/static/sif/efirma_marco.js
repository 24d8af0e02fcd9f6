// The frame of signature: opens the key, shows what is going to be signed, signs it, and gives the page seals alone.
"use strict";

delete window.RTCPeerConnection; // the one way out that the policy of content does not close
delete window.webkitRTCPeerConnection;

(() => {
  const find = (id) => document.getElementById(id);
  const data = (id) => JSON.parse(find(id).textContent);
  const texts = data("problemas");
  const kinds = data("clases");
  const began = performance.now();
  const serverNow = () => data("ahora") + (performance.now() - began); // the clocks of offices are wrong
  const words = find("palabras").dataset;
  const status = find("estado");
  const opening = find("abrir");
  const review = find("revisar");
  let port = null;
  let held = null; // certificate, key and the texts to sign, while they are reviewed

  // of the body and not of the document, which is never lower than the frame
  const told = () => port?.postMessage({ que: "alto", alto: document.body.getBoundingClientRect().height });
  new ResizeObserver(told).observe(document.body);

  const say = (text) => { status.textContent = text; };

  const refuse = (problems, focused = null) => {
    const list = find("aviso").querySelector("ul");
    list.replaceChildren(...problems.map(({ mensaje, cura }) => {
      const item = document.createElement("li");
      item.textContent = [mensaje, cura].filter(Boolean).join(" ");
      return item;
    }));
    find("aviso").hidden = false;
    say("");
    (focused ?? find("aviso")).focus();
  };

  const clean = () => { find("aviso").hidden = true; };

  const refusal = (error) => {
    const { mensaje, cura } = texts[error.code];
    return { mensaje: mensaje.replace(/\{(\w+)\}/g, (whole, name) => error.words[name] ?? whole), cura };
  };

  const day = (moment) =>
    new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: words.zona }).format(moment);

  const bytesOf = async (input) => new Uint8Array(await input.files[0].arrayBuffer());

  const forget = () => {
    held = null;
    review.hidden = true;
    opening.hidden = false;
    find("continuar").disabled = find("firmar").disabled = false;
    find("contrasena").value = "";
    say("");
  };

  const begin = async () => {
    clean();
    const asked = [find("cer"), find("key"), find("contrasena")];
    const empty = asked.find((each) => (each.type === "file" ? !each.files.length : !each.value));
    if (empty) return refuse([{ mensaje: words.incompleto, cura: words.falta }], empty);
    find("continuar").disabled = true;
    say(status.dataset.abre);
    try {
      const certificate = efirma.readCertificate(await bytesOf(find("cer")));
      const fault = efirma.faultOf(certificate, serverNow(), day);
      if (fault) throw fault;
      const key = await efirma.openKey(await bytesOf(find("key")), find("contrasena").value, certificate);
      held = { certificate, key, cadenas: [] };
    } catch (error) {
      if (!(error instanceof efirma.Refused)) throw error;
      find("continuar").disabled = false;
      return refuse([refusal(error)], error.code === "contrasena" ? find("contrasena") : null);
    }
    find("contrasena").value = "";
    say(status.dataset.pide);
    port.postMessage({ que: "certificado", certificado: efirma.base64(held.certificate.bytes) });
  };

  // a seal is never borrowed for another system, nor for another person
  const isOurs = (cadena) => {
    const fields = cadena.split("|");
    const framed = cadena.startsWith("||1.0|") && cadena.endsWith("||");
    return framed && kinds.includes(fields[3]) && fields.includes(held.certificate.serial);
  };

  const pesos = (cents) => {
    const digits = cents.replace("-", "").padStart(3, "0");
    const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${cents.startsWith("-") ? "−" : ""}$${whole}.${digits.slice(-2)}`;
  };

  const cells = (tag, contents) => {
    const row = document.createElement("tr");
    row.append(...contents.map(([text, amount]) => {
      const cell = document.createElement(tag);
      cell.textContent = text;
      if (amount) cell.className = "amount";
      return cell;
    }));
    return row;
  };

  const drawReports = (cadenas) => {
    const table = document.createElement("table");
    const heads = [words.tituloFolio, words.tituloPeriodo, words.tituloIngresos, words.tituloEgresos, words.tituloHuella];
    table.createTHead().append(cells("th", heads.map((text, n) => [text, n === 2 || n === 3])));
    const body = table.createTBody();
    for (const { cadena } of cadenas) {
      const [folio, , , , , since, until, income, spending, digest] = cadena.split("|").slice(4);
      body.append(cells("td", [
        [folio], [`${since} – ${until}`], [pesos(income), true], [pesos(spending), true], [digest.slice(0, 12)],
      ]));
    }
    return table;
  };

  const drawOthers = (cadenas) => {
    const list = document.createElement("ul");
    for (const { cadena } of cadenas) {
      const item = document.createElement("li");
      const code = document.createElement("code");
      code.textContent = cadena;
      item.append(code);
      list.append(item);
    }
    return list;
  };

  const show = (cadenas) => {
    const foreign = cadenas.find(({ cadena }) => !isOurs(cadena));
    if (foreign) {
      forget();
      return refuse([refusal({ code: "cadena_desconocida", words: { causa: words.ajena } })]);
    }
    held.cadenas = cadenas;
    const { name, rfc, serial } = held.certificate;
    const who = find("quien");
    who.textContent = who.dataset.con.replace(/NOMBRE|CLAVE|SERIE/g, (each) => ({ NOMBRE: name, CLAVE: rfc, SERIE: serial })[each]);
    const reports = cadenas.every(({ cadena }) => cadena.startsWith("||1.0|INFORME|"));
    find("actos").replaceChildren(reports ? drawReports(cadenas) : drawOthers(cadenas));
    opening.hidden = true;
    review.hidden = false;
    say("");
    find("firmar").focus();
  };

  const signAll = async () => {
    if (!held) return;
    find("firmar").disabled = true;
    say(status.dataset.firma);
    const sellos = await Promise.all(
      held.cadenas.map(async ({ folio, cadena }) => ({ folio, sello: await efirma.sign(held.key, cadena) })),
    );
    const certificado = efirma.base64(held.certificate.bytes);
    find("cer").value = find("key").value = "";
    held = null;
    say(status.dataset.envia);
    port.postMessage({ que: "sellos", certificado, sellos });
  };

  find("continuar").addEventListener("click", begin);
  find("contrasena").addEventListener("keydown", (event) => { if (event.key === "Enter") begin(); });
  find("firmar").addEventListener("click", signAll);
  find("cancelar").addEventListener("click", () => { forget(); find("continuar").focus(); });
  window.addEventListener("pagehide", forget);

  window.addEventListener("message", (event) => {
    if (port || event.source !== window.parent || event.data !== "efirma" || !event.ports.length) return;
    [port] = event.ports;
    port.onmessage = ({ data: said }) => {
      if (said.que === "cadenas" && held) show(said.cadenas);
      if (said.que === "negado") {
        forget();
        refuse(said.problemas);
      }
    };
    told();
  });
})();
