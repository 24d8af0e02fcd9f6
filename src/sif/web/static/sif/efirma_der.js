// Read DER, strictly: definite lengths in their shortest form, everything inside its bounds, nothing left over.
"use strict";

const der = (() => {
  class NotDer extends Error {}

  const one = (bytes, at, end) => {
    if (at + 2 > end) throw new NotDer("truncado");
    const tag = bytes[at];
    if ((tag & 0x1f) === 0x1f) throw new NotDer("etiqueta larga");
    let length = bytes[at + 1];
    let from = at + 2;
    if (length >= 0x80) {
      const many = length & 0x7f;
      if (many === 0 || many > 3 || from + many > end) throw new NotDer("longitud");
      length = 0;
      for (let n = 0; n < many; n += 1) length = length * 256 + bytes[from + n];
      if (length < 0x80 || (many > 1 && bytes[from] === 0)) throw new NotDer("longitud");
      from += many;
    }
    if (from + length > end) throw new NotDer("truncado");
    return { tag, body: bytes.subarray(from, from + length), whole: bytes.subarray(at, from + length) };
  };

  const parts = (body) => {
    const found = [];
    for (let at = 0; at < body.length; ) {
      const each = one(body, at, body.length);
      found.push(each);
      at += each.whole.length;
    }
    return found;
  };

  // the children of the one value that these bytes are, which must have the tag
  const open = (bytes, tag = 0x30) => {
    const each = one(bytes, 0, bytes.length);
    if (each.tag !== tag || each.whole.length !== bytes.length) throw new NotDer("estructura");
    return parts(each.body);
  };

  const want = (each, tag) => {
    if (!each || each.tag !== tag) throw new NotDer("estructura");
    return each.body;
  };

  const oid = (each) => {
    const body = want(each, 0x06);
    const numbers = [];
    let number = 0;
    for (const byte of body) {
      number = number * 128 + (byte & 0x7f);
      if (number > 2 ** 40) throw new NotDer("identificador");
      if (byte < 0x80) {
        numbers.push(number);
        number = 0;
      }
    }
    if (body.length === 0 || body[body.length - 1] >= 0x80) throw new NotDer("identificador");
    const first = Math.min(2, Math.floor(numbers[0] / 40));
    return [first, numbers[0] - first * 40, ...numbers.slice(1)].join(".");
  };

  const integer = (each) => {
    const body = want(each, 0x02);
    if (body.length === 0 || body.length > 6 || body[0] >= 0x80) throw new NotDer("número");
    return body.reduce((number, byte) => number * 256 + byte, 0);
  };

  return { NotDer, parts, open, want, oid, integer };
})();
