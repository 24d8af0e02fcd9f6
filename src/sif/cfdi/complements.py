"""Parse the complements of payment and payroll."""

from collections.abc import Iterator, Sequence
from datetime import date

from lxml import etree

from sif.cfdi.decimals import scaled
from sif.cfdi.document import DocumentoPagado, Nomina, PagoCfdi
from sif.values import Curp, Money, Problem, Uuid

PAGOS = ("{http://www.sat.gob.mx/Pagos20}", "{http://www.sat.gob.mx/Pagos}")
NOMINA = "{http://www.sat.gob.mx/nomina12}"
_CURE = "Pida al emisor que cancele el CFDI y lo sustituya."


def read_pagos(complements: Sequence[etree._Element], problems: list[Problem]) -> tuple[PagoCfdi, ...]:
    """The payments of a comprobante of type P, each with the invoices it pays; what cannot be read is a problem."""
    found = []
    for element in complements:
        for prefix in PAGOS:
            if element.tag == f"{prefix}Pagos":
                found += [_pago(each, prefix, problems) for each in element.iterchildren(f"{prefix}Pago")]
    return tuple(found)


def _pago(element: etree._Element, prefix: str, problems: list[Problem]) -> PagoCfdi:
    paid_on = _day(element.get("FechaPago", ""), "pago:Pago/@FechaPago", problems)
    return PagoCfdi(
        paid_on,
        element.get("FormaDePagoP", "").strip(),
        element.get("MonedaP", "").strip().upper(),
        _money(element, "Monto", "pago:Pago", problems),
        tuple(_documents(element, prefix, problems)),
    )


def _documents(pago: etree._Element, prefix: str, problems: list[Problem]) -> Iterator[DocumentoPagado]:
    for each in pago.iterchildren(f"{prefix}DoctoRelacionado"):
        uuid = Uuid.maybe(each.get("IdDocumento", "").strip())
        if uuid is None:
            problems.append(
                Problem(
                    "campo_forma",
                    "pago:DoctoRelacionado/@IdDocumento",
                    f"«{each.get('IdDocumento', '')[:40]}» no es un folio fiscal.",
                    _CURE,
                )
            )
            continue
        number = each.get("NumParcialidad", "").strip()
        yield DocumentoPagado(
            uuid.text,
            int(number) if number.isdecimal() and len(number) < 4 else 0,
            *(
                _money(each, name, "pago:DoctoRelacionado", problems)
                for name in ("ImpSaldoAnt", "ImpPagado", "ImpSaldoInsoluto")
            ),
        )


def read_nomina(complements: Sequence[etree._Element], problems: list[Problem]) -> Nomina | None:
    """Return the payroll of a comprobante of type N, or None."""
    for element in complements:
        if element.tag != f"{NOMINA}Nomina":
            continue
        worker = element.find(f"{NOMINA}Receptor")
        curp = "" if worker is None else worker.get("Curp", "").strip().upper()
        if Curp.maybe(curp) is None:
            problems.append(Problem("campo_forma", "nomina12:Receptor/@Curp", f"«{curp[:20]}» no es una CURP.", _CURE))
        earned = _money(element, "TotalPercepciones", "nomina12:Nomina", problems).centavos
        other = _money(element, "TotalOtrosPagos", "nomina12:Nomina", problems).centavos
        return Nomina(
            curp,
            _day(element.get("FechaPago", ""), "nomina12:Nomina/@FechaPago", problems),
            Money(earned + other),
            _money(element, "TotalDeducciones", "nomina12:Nomina", problems),
        )
    return None


def _day(text: str, place: str, problems: list[Problem]) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        problems.append(Problem("campo_forma", place, f"«{text[:40]}» no es una fecha aaaa-mm-dd.", _CURE))
        return None


def _money(element: etree._Element, name: str, place: str, problems: list[Problem]) -> Money:
    """Return an amount of the complement; zero when absent, and a problem when it is not one."""
    text = (element.get(name) or "").strip()
    centavos = scaled(text, 2) if text else 0
    if centavos is None:
        problems.append(Problem("campo_forma", f"{place}/@{name}", f"«{text[:40]}» no es un importe.", _CURE))
    return Money(centavos or 0)
