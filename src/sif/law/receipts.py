"""Load the formats of contribution receipts: issuer, kind, and income account."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sif.law.chart import load_chart
from sif.law.sources import LawDataError, data_path, only_keys, read_data, status

_HEAD = frozenset({"base", "estatus", "fuente", "formatos"})
_ROW = frozenset({"clave", "nombre", "calidad", "especie", "cuenta"})
_QUALITIES = frozenset({"militante", "simpatizante", "candidatura"})


@dataclass(frozen=True, slots=True)
class ReceiptFormat:
    """A format of receipt. especie: in kind; cuenta: income it credits; cuenta_independiente: that of an independent.

    base and estatus: the article that asks for it, and how sure we are of it.
    """

    clave: str
    nombre: str
    calidad: str
    especie: bool
    cuenta: str
    cuenta_independiente: str
    base: str
    estatus: str

    def account(self, is_independent: bool) -> str:
        """Return the income account for a party or coalition, or for an independent candidacy."""
        return self.cuenta_independiente if is_independent else self.cuenta


def _format(row: object, head: dict[str, Any], where: str) -> ReceiptFormat:
    row = only_keys(row, _ROW, frozenset({"cuenta_independiente"}), where)
    if row["calidad"] not in _QUALITIES or not isinstance(row["especie"], bool):
        raise LawDataError(f"{where}: la calidad o «especie» no se conocen. Son {sorted(_QUALITIES)} y true o false.")
    return ReceiptFormat(
        row["clave"],
        row["nombre"],
        row["calidad"],
        row["especie"],
        row["cuenta"],
        row.get("cuenta_independiente", row["cuenta"]),
        head["base"],
        status(head["estatus"], where),
    )


@cache
def _formats(jurisdiction: str) -> tuple[ReceiptFormat, ...]:
    head = only_keys(
        read_data(data_path(jurisdiction, "law", "receipts.yaml")), _HEAD, frozenset(), "receipts.yaml, cabeza"
    )
    rows = head["formatos"]
    found = tuple(_format(row, head, f"receipts.yaml, renglón {n}") for n, row in enumerate(rows, 1))
    chart = load_chart(jurisdiction)
    for each in found:
        for code in (each.cuenta, each.cuenta_independiente):
            if code not in chart or not chart[code].capturable:
                raise LawDataError(f"receipts.yaml, {each.clave}: la cuenta {code} no recibe movimientos.")
    if len({each.clave for each in found}) < len(found):
        raise LawDataError("receipts.yaml: una clave está repetida. Deje una sola.")
    return found


def load_receipt_formats(jurisdiction: str) -> dict[str, ReceiptFormat]:
    """Return every format by its key, in the order of the file."""
    return {each.clave: each for each in _formats(jurisdiction)}


def format_of(series: str, jurisdiction: str) -> ReceiptFormat | None:
    """The format a series of folios belongs to: that of its letters before the first dash; None if there is none."""
    return load_receipt_formats(jurisdiction).get(series.partition("-")[0])


def format_for(calidad: str, especie: bool, jurisdiction: str) -> ReceiptFormat | None:
    """Return the format for a kind of donor and of contribution, or None."""
    rows = load_receipt_formats(jurisdiction).values()
    return next((each for each in rows if (each.calidad, each.especie) == (calidad, especie)), None)
