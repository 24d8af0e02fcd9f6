"""Draw the receipt of a contribution: donor, kind, amount in figures and words, signature."""

from dataclasses import dataclass
from datetime import date

from sif.law.receipts import ReceiptFormat
from sif.notices.documents import render_pdf
from sif.notices.sheet import Block, fact, paragraph, section, table
from sif.registry.models import Aportante, Contabilidad, CuentaBancaria
from sif.registry.selectors import responsable_of
from sif.values import Money
from sif.values.words import MONTHS, in_words

WAYS = {"efectivo": "efectivo", "cheque": "cheque", "transferencia": "transferencia", "especie": "especie"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """The content of a receipt.

    cuenta: the account of the deposit; bien and valuacion: the good given in kind and its valuation.
    """

    folio: str
    formato: ReceiptFormat
    contabilidad: Contabilidad
    aportante: Aportante
    medio: str
    fecha: date
    lugar: str
    monto: Money
    cuenta: CuentaBancaria | None = None
    bien: str = ""
    valuacion: str = ""


def receipt_pdf(receipt: Receipt) -> bytes:
    """Return the receipt as a PDF; the same receipt gives the same bytes."""
    return render_pdf("recibo", receipt_sheet(receipt))


def receipt_sheet(receipt: Receipt) -> dict[str, object]:
    """Return the sheet that the letter `recibo` draws."""
    subject, day = receipt.contabilidad.sujeto, receipt.fecha
    head = responsable_of(subject)
    return {
        "organo": f"{subject.nombre} · RFC {subject.rfc}" if subject.rfc else subject.nombre,
        "titulo": receipt.formato.nombre,
        "numero": f"Folio {receipt.folio}",
        "asunto": f"Contabilidad {receipt.contabilidad.pk}, {_whose(receipt.contabilidad)}",
        "lugar_fecha": f"{receipt.lugar}, {day.day} de {MONTHS[day.month - 1]} de {day.year}",
        "proyecto": False,
        "recuadro": [{"rotulo": "Bueno por", "texto": f"${receipt.monto}"}],
        "destinatario": [],
        "secciones": [
            section("Quien aporta", *_donor(receipt.aportante)),
            section("Lo que aporta", *_given(receipt)),
            section("Fundamento", paragraph(_grounds(receipt))),
        ],
        "firma": [],
        "firmas": [
            [receipt.aportante.nombre, "Firma de quien aporta"],
            [head.nombre if head else subject.nombre, "Firma de quien recibe, responsable de finanzas"],
        ],
    }


def _whose(books: Contabilidad) -> str:
    if books.candidatura is None:
        return str(books.get_clase_display()).lower()
    return books.candidatura.en_palabras


def _donor(donor: Aportante) -> list[Block]:
    keys = (("RFC", donor.rfc), ("CURP", donor.curp), ("Clave de elector", donor.clave_elector))
    rows = [["Nombre", donor.nombre], *([label, value] for label, value in keys if value)]
    return [table((("Dato", "texto"), ("Como consta en su identificación", "texto")), rows)]


def _given(receipt: Receipt) -> list[Block]:
    facts = [fact("Importe", f"${receipt.monto} ({in_words(receipt.monto)})")]
    if receipt.formato.especie:
        facts += [fact("Bien o servicio aportado", receipt.bien), fact("Criterio de valuación", receipt.valuacion)]
    else:
        facts.append(fact("Forma", f"{WAYS[receipt.medio].capitalize()}{_into(receipt.cuenta)}"))
    return facts


def _into(account: CuentaBancaria | None) -> str:
    return f", en la cuenta {account.clabe} de {account.banco}" if account else ""


def _grounds(receipt: Receipt) -> str:
    sure = "" if receipt.formato.estatus == "confirmado" else f" ({receipt.formato.estatus})"
    return (
        "La persona que firma declara que aporta recursos propios, de procedencia lícita, y que no está entre quienes "
        f"el artículo 54 de la Ley General de Partidos Políticos impide aportar. Recibo: {receipt.formato.base}{sure}."
    )
