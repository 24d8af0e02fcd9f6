// Read a certificate and open a key of SAT. What is opened cannot be read again: it is a CryptoKey that only signs.
"use strict";

const efirma = (() => {
  const MOST = 8192;
  const ROUNDS = 5000000;
  const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const PBES2 = "1.2.840.113549.1.5.13";
  const PBKDF2 = "1.2.840.113549.1.5.12";
  const PRF = {
    "1.2.840.113549.2.7": "SHA-1",
    "1.2.840.113549.2.9": "SHA-256",
    "1.2.840.113549.2.10": "SHA-384",
    "1.2.840.113549.2.11": "SHA-512",
  };
  const CIPHERS = {
    "1.2.840.113549.3.7": { bytes: 24 },
    "2.16.840.1.101.3.4.1.2": { bytes: 16, aes: true },
    "2.16.840.1.101.3.4.1.42": { bytes: 32, aes: true },
  };

  // what is refused, by the code that the server gives it too, with the words its sentence needs
  class Refused extends Error {
    constructor(code, words = {}) {
      super(code);
      this.code = code;
      this.words = words;
    }
  }

  const guarded = (code, read) => {
    try {
      return read();
    } catch (error) {
      if (error instanceof Refused) throw error;
      throw new Refused(code, { causa: error instanceof der.NotDer ? error.message : "un campo no se puede leer" });
    }
  };

  const check = (bytes, code) => {
    if (bytes.length === 0) throw new Refused(code, { causa: "está vacío" });
    if (bytes.length > MOST) throw new Refused(code, { causa: `mide ${bytes.length} bytes y no debe pasar de ${MOST}` });
    const start = new TextDecoder("latin1").decode(bytes.subarray(0, 40)).trimStart();
    if (start.startsWith("-----BEGIN")) {
      throw new Refused(code, { causa: "viene como texto PEM; se pide el archivo binario DER que entrega el SAT" });
    }
    if (bytes[0] !== 0x30) throw new Refused(code, { causa: "no empieza como un archivo DER" });
  };

  const text = (each) => {
    if (each.tag === 30) return new TextDecoder("utf-16be").decode(each.body);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(each.body);
    } catch {
      return new TextDecoder("latin1").decode(each.body); // Ñ in a T61String is the byte D1
    }
  };

  const moment = (each) => {
    const said = text(each);
    const found = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(said);
    if (!found || (each.tag === 0x17) !== (found[1].length === 2)) throw new der.NotDer("fecha");
    const year = found[1].length === 4 ? Number(found[1]) : Number(found[1]) + (Number(found[1]) < 50 ? 2000 : 1900);
    const [month, day, hour, minute, second] = found.slice(2).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };

  const kindOf = (extensions, hasUnit) => {
    const found = new Map();
    for (const each of extensions) {
      const fields = der.parts(each.body);
      found.set(der.oid(fields[0]), der.want(fields[fields.length - 1], 0x04));
    }
    let uses = "";
    if (found.has("2.5.29.15")) {
      const body = found.get("2.5.29.15");
      if (body[0] !== 0x03) throw new der.NotDer("uso de la llave");
      for (const byte of body.subarray(3)) uses += byte.toString(2).padStart(8, "0");
      uses = uses.replace(/0+$/, "");
    }
    const extended = found.has("2.5.29.37") ? der.open(found.get("2.5.29.37")).map(der.oid) : [];
    if (uses === "11") return "csd";
    const both = ["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4"].every((use) => extended.includes(use));
    return !hasUnit && [0, 1, 3, 4].every((bit) => uses[bit] === "1") && both ? "fiel" : "otro";
  };

  // a certificate: rfc, name, serial (20 digits), kind (fiel, csd, otro), span in milliseconds, and its public key
  const readCertificate = (bytes) => {
    check(bytes, "certificado_ilegible");
    return guarded("certificado_ilegible", () => {
      const fields = der.parts(der.want(der.open(bytes)[0], 0x30));
      const [serial, , , span, subject, spki] = fields.slice(1);
      if (fields[0].tag !== 0xa0) throw new der.NotDer("estructura");
      const names = new Map();
      for (const set of der.parts(der.want(subject, 0x30))) {
        for (const pair of der.parts(der.want(set, 0x31))) {
          const [type, value] = der.parts(der.want(pair, 0x30));
          if (!names.has(der.oid(type))) names.set(der.oid(type), text(value));
        }
      }
      const digits = new TextDecoder("latin1").decode(der.want(serial, 0x02));
      if (!/^\d{20}$/.test(digits)) throw new der.NotDer("su número de serie no son 20 dígitos");
      const [since, until] = der.parts(der.want(span, 0x30)).map(moment);
      const extensions = fields.find((each) => each.tag === 0xa3);
      return {
        bytes,
        spki: spki.whole.slice(),
        rfc: (names.get("2.5.4.45") ?? "").split("/")[0].trim().toUpperCase(),
        name: (names.get("2.5.4.3") ?? "").trim(),
        serial: digits,
        kind: kindOf(extensions ? der.open(extensions.body) : [], names.has("2.5.4.11")),
        since,
        until,
      };
    });
  };

  // why a certificate cannot sign at an hour (milliseconds, the server's); null where it can
  const faultOf = (certificate, now, day) => {
    const { rfc } = certificate;
    if (certificate.kind !== "fiel") return new Refused(certificate.kind === "csd" ? "es_sello" : "otro_certificado", { rfc });
    if (now > certificate.until) return new Refused("vencido", { rfc, dia: day(certificate.until) });
    if (now < certificate.since) return new Refused("aun_no_vigente", { rfc, dia: day(certificate.since) });
    return null;
  };

  const readKey = (bytes) => {
    check(bytes, "llave_ilegible");
    return guarded("llave_ilegible", () => {
      const [algorithm, data, ...rest] = der.open(bytes);
      if (algorithm.tag === 0x02) throw new Refused("llave_algoritmo", { causa: "no está cifrada" });
      const [scheme, parameters] = der.parts(der.want(algorithm, 0x30));
      if (der.oid(scheme) !== PBES2 || rest.length) throw new Refused("llave_algoritmo", { causa: der.oid(scheme) });
      const [derivation, encryption] = der.parts(der.want(parameters, 0x30));
      const [kdf, given] = der.parts(der.want(derivation, 0x30));
      if (der.oid(kdf) !== PBKDF2) throw new Refused("llave_algoritmo", { causa: der.oid(kdf) });
      const [salt, rounds, ...more] = der.parts(der.want(given, 0x30));
      const prf = more.find((each) => each.tag === 0x30);
      const hash = prf ? PRF[der.oid(der.parts(prf.body)[0])] : "SHA-1";
      const [cipher, iv] = der.parts(der.want(encryption, 0x30));
      const found = CIPHERS[der.oid(cipher)];
      const many = der.integer(rounds);
      if (!found || !hash) throw new Refused("llave_algoritmo", { causa: found ? "PBKDF2" : der.oid(cipher) });
      if (many < 1 || many > ROUNDS) throw new Refused("llave_algoritmo", { causa: "rondas de PBKDF2 fuera de límite" });
      return { ...found, hash, rounds: many, salt: der.want(salt, 0x04), iv: der.want(iv, 0x04), data: der.want(data, 0x04) };
    });
  };

  const passwords = (password) => {
    const found = [new TextEncoder().encode(password)];
    const letters = [...password];
    if (letters.some((each) => each > "\x7f") && letters.every((each) => each.codePointAt(0) < 256)) {
      found.push(Uint8Array.from(letters, (each) => each.codePointAt(0))); // older programs wrote ñ in one byte
    }
    return found;
  };

  const deciphered = async (closed, secret) => {
    const base = await crypto.subtle.importKey("raw", secret, "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: closed.hash, salt: closed.salt, iterations: closed.rounds };
    const bits = new Uint8Array(await crypto.subtle.deriveBits(how, base, closed.bytes * 8));
    try {
      if (closed.aes) {
        const key = await crypto.subtle.importKey("raw", bits, "AES-CBC", false, ["decrypt"]);
        return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv: closed.iv }, key, closed.data));
      }
      if (closed.iv.length !== 8 || closed.data.length % 8 || !closed.data.length) return null;
      const Cipher = desjs.CBC.instantiate(desjs.EDE);
      const opened = Cipher.create({ type: "decrypt", key: bits, iv: closed.iv, padding: false });
      const plain = Uint8Array.from(opened.update(closed.data).concat(opened.final()));
      const pad = plain[plain.length - 1];
      if (pad < 1 || pad > 8 || plain.subarray(-pad).some((byte) => byte !== pad)) return null;
      return plain.subarray(0, plain.length - pad);
    } catch {
      return null;
    } finally {
      bits.fill(0);
    }
  };

  // the key of a certificate, which only signs; refuses with the codes of the server
  const openKey = async (bytes, password, certificate) => {
    const closed = readKey(bytes);
    let key = null;
    for (const secret of passwords(password)) {
      const plain = await deciphered(closed, secret);
      secret.fill(0);
      if (!plain) continue;
      try {
        key = await crypto.subtle.importKey("pkcs8", plain, RSA, false, ["sign"]);
        break;
      } catch {
        continue; // one wrong password in some hundreds leaves a padding that looks right
      } finally {
        plain.fill(0);
      }
    }
    if (!key) throw new Refused("contrasena");
    const probe = crypto.getRandomValues(new Uint8Array(32));
    const sealed = await crypto.subtle.sign(RSA, key, probe);
    let answers = false;
    try {
      const answering = await crypto.subtle.importKey("spki", certificate.spki, RSA, false, ["verify"]);
      answers = await crypto.subtle.verify(RSA, answering, sealed, probe);
    } catch {
      throw new Refused("llave_debil", { rfc: certificate.rfc, causa: "no es RSA" });
    }
    if (!answers) throw new Refused("no_corresponde", { rfc: certificate.rfc });
    return key;
  };

  const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

  const sign = async (key, cadena) =>
    base64(new Uint8Array(await crypto.subtle.sign(RSA, key, new TextEncoder().encode(cadena))));

  return { Refused, readCertificate, faultOf, openKey, sign, base64 };
})();
