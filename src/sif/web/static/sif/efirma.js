// The page around the frame of signature: carries the certificate to the server, the texts to the frame, and the seals back.
"use strict";

(() => {
  const attend = (place) => {
    const form = place.querySelector("form");
    const frame = place.querySelector("iframe");
    const chosen = document.getElementById(place.dataset.eleccion ?? "");
    const channel = new MessageChannel();
    const port = channel.port1;

    const hidden = (name, value) => {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      field.dataset.sello = "";
      form.append(field);
    };

    const deny = (mensaje) => port.postMessage({ que: "negado", problemas: [{ mensaje, cura: "" }] });

    const ask = async (certificado) => {
      const body = new FormData(chosen ?? form);
      if (chosen) body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      body.set("certificado", certificado);
      let answer;
      try {
        answer = await fetch(place.dataset.cadenas, { method: "POST", body, headers: { Accept: "application/json" } });
      } catch {
        return deny(place.dataset.sinRed);
      }
      if (!(answer.headers.get("Content-Type") ?? "").startsWith("application/json")) return deny(place.dataset.sinCadena);
      const { cadenas, problemas } = await answer.json();
      port.postMessage(cadenas.length ? { que: "cadenas", cadenas } : { que: "negado", problemas });
    };

    const send = ({ certificado, sellos }) => {
      if (place.dataset.guarda !== undefined) return efirmaSalida.keep(certificado, sellos);
      for (const each of form.querySelectorAll("[data-sello]")) each.remove();
      hidden("certificado", certificado);
      for (const { folio, sello } of sellos) {
        hidden("folio", folio);
        hidden("sello", sello);
      }
      form.requestSubmit();
    };

    port.onmessage = ({ data: said }) => {
      if (said.que === "alto") frame.style.blockSize = `${Math.ceil(said.alto)}px`;
      if (said.que === "certificado") ask(said.certificado);
      if (said.que === "sellos") send(said);
    };
    frame.addEventListener("load", () => frame.contentWindow.postMessage("efirma", "*", [channel.port2]), { once: true });
    frame.src = place.dataset.marco;
    place.hidden = false;
  };

  for (const place of document.querySelectorAll("[data-efirma]")) attend(place);
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
