"""Check a received invoice in seven ways each time it is shown, since lists and statuses change."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from sif.books.estatus import UNKNOWN, estatus_of
from sif.books.folios import ANOTHER, attached, attached_to, books_using, with_another
from sif.books.models import HojaIne, Recepcion
from sif.books.receptor import is_issued, misdirected, rfcs_of
from sif.catalogs.selectors.listed import WARNS, Listed, listed_on
from sif.law.parameters import value_on
from sif.registry import clock
from sif.registry.models import Periodo

FALSE = frozenset({"sello_invalido", "sin_sello", "sin_timbre", "rfc_ajeno", "es_efirma"})
ODD = frozenset({"esquema", "catalogo", "vencido", "emisor_desconocido", "certificado_debil", "certificado_ilegible"})
ANYBODYS = frozenset({"emisor_desconocido", "certificado_debil", "certificado_ilegible"})
"""What is seen of a certificate that anybody may have made: the seal is then right and proves nothing (ADR 0030)."""
NAMES = ("sello", "vigencia", "receptor", "complemento", "folio", "lista69b", "fecha")
NORMAL_TYPES = ("I", "E")


@dataclass(frozen=True, slots=True)
class Check:
    """One check: clave of NAMES; estado bien, aviso, grave or desconocido; what was seen and what to do, '' if well."""

    clave: str
    estado: str
    mensaje: str = ""
    cura: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """The checks of one invoice in one inbox, in the order of NAMES."""

    checks: tuple[Check, ...]

    @property
    def estado(self) -> str:
        """grave if any is, else aviso if any is, else bien: what is not known does not stop anybody."""
        states = {check.estado for check in self.checks}
        return "grave" if "grave" in states else "aviso" if "aviso" in states else "bien"

    @property
    def passed(self) -> int:
        """Return the number of checks passed."""
        return sum(check.estado == "bien" for check in self.checks)

    @property
    def first(self) -> Check | None:
        """The worst that is wrong, the first of those."""
        wrong = [check for check in self.checks if check.estado in ("grave", "aviso")]
        return min(wrong, key=lambda check: check.estado != "grave", default=None)


@dataclass(frozen=True, slots=True)
class _Facts:
    usados: Mapping[int, set[int]]
    dobles: Collection[int]
    adjuntos: Mapping[int, str]
    listados: Mapping[str, Listed] | None
    nombradas: Mapping[int, tuple[int, ...]]
    estatus: Mapping[int, tuple[str, date | None]]
    periodos: Mapping[int, Sequence[tuple[date, date]]]
    rfcs: Mapping[int, Collection[str]]
    hoy: date


def checks_of(recepciones: Iterable[Recepcion]) -> dict[int, Checked]:
    """Return the checks of received invoices, by reception; a few queries whatever their number.

    Duplicates are looked for in the books of every subject: the answer says that it is used, never by whom.
    """
    rows = list(recepciones)
    numbers = {row.comprobante_id for row in rows}
    facts = _Facts(
        books_using(row.comprobante for row in rows),
        with_another(rows),
        attached_to(rows),
        listed_on({row.comprobante.emisor_rfc for row in rows}, clock.today()),
        _named(numbers),
        estatus_of(numbers),
        _spans({row.contabilidad.etapa_id for row in rows}),
        rfcs_of({row.contabilidad.sujeto for row in rows}),
        clock.today(),
    )
    return {row.pk: Checked(_checks(row, facts)) for row in rows}


def _named(numbers: Collection[int]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    leaves = HojaIne.objects.filter(comprobante__in=numbers, id_contabilidad__isnull=False).order_by("linea")
    for invoice, books in leaves.values_list("comprobante_id", "id_contabilidad"):
        assert books is not None
        found[invoice] = tuple(dict.fromkeys((*found.get(invoice, ()), books)))
    return found


def _spans(etapas: Collection[int]) -> dict[int, list[tuple[date, date]]]:
    """Return the first and the last day of each period of some stages."""
    found: dict[int, list[tuple[date, date]]] = {}
    rows = Periodo.objects.filter(etapa__in=etapas).order_by("numero") if etapas else Periodo.objects.none()
    for etapa, first, last in rows.values_list("etapa_id", "desde", "hasta"):
        found.setdefault(etapa, []).append((first, last))
    return found


def is_believed(row: Recepcion) -> bool:
    """Return whether the seal of an invoice is right and nothing is wrong with whose certificate made it."""
    return row.comprobante.sello == "valido" and not {each["codigo"] for each in row.problemas} & (FALSE | ANYBODYS)


def _checks(row: Recepcion, facts: _Facts) -> tuple[Check, ...]:
    by_code = {problem["codigo"]: problem for problem in row.problemas}
    return (
        _seal(row, by_code),
        _status(row, facts),
        _receiver(row, facts),
        _complement(row, by_code, facts),
        _unique(row, facts),
        _list(row, facts),
        _day(row, facts),
    )


def _seal(row: Recepcion, seen: Mapping[str, Mapping[str, str]]) -> Check:
    for tone, codes in (("grave", FALSE), ("aviso", ODD)):
        wrong = next((problem for code, problem in seen.items() if code in codes), None)
        if wrong:
            return Check("sello", tone, wrong["mensaje"], wrong["cura"])
    if row.comprobante.sello == "valido":
        return Check("sello", "bien")
    return Check("sello", "aviso", "El sello no se pudo comprobar.", "Compruebe que el certificado sea del SAT.")


def _status(row: Recepcion, facts: _Facts) -> Check:
    status = facts.estatus.get(row.comprobante_id, (UNKNOWN, None))[0]
    if status == "cancelado":
        return Check("vigencia", "grave", "El SAT lo da por cancelado.", "Pida al proveedor el que lo sustituye.")
    if status == "no_encontrado":
        return Check("vigencia", "grave", "El SAT no lo encuentra.", "Pida al proveedor el XML timbrado.")
    if status == "vigente":
        return Check("vigencia", "bien")
    return Check("vigencia", "desconocido", "Todavía no se sabe qué dice el SAT de este comprobante.")


def _receiver(row: Recepcion, facts: _Facts) -> Check:
    """Tell by the RFC that the subject has today, whatever it was when the invoice was dropped."""
    invoice, rfcs = row.comprobante, facts.rfcs[row.contabilidad.sujeto_id]
    if not rfcs:
        return Check(
            "receptor",
            "desconocido",
            "El sujeto no tiene RFC registrado.",
            "Pida a quien administra el sistema que lo anote en la ficha del sujeto.",
        )
    issued = is_issued(invoice.tipo, invoice.complementos.split(", "))
    wrong = misdirected(invoice.emisor_rfc, invoice.receptor_rfc, rfcs, issued=issued)
    return Check("receptor", "grave", wrong.mensaje, wrong.cura) if wrong else Check("receptor", "bien")


def _complement(row: Recepcion, seen: Mapping[str, Mapping[str, str]], facts: _Facts) -> Check:
    if row.comprobante.tipo not in NORMAL_TYPES:
        return Check("complemento", "bien")
    if row.comprobante.tipo == "I" and not row.comprobante.tiene_ine:
        problem = seen.get("sin_complemento", {})
        return Check(
            "complemento",
            "grave",
            problem.get("mensaje", "Sin complemento INE."),
            problem.get("cura", "Pida al proveedor que lo cancele y lo sustituya."),
        )
    named = facts.nombradas.get(row.comprobante_id, ())
    if len(named) > 1:
        return Check(
            "complemento",
            "aviso",
            f"Cubre {len(named)} contabilidades: hace falta prorratear.",
            "Regístrelo donde se pagó y repártalo en Prorrateo.",
        )
    if named and row.contabilidad_id not in named:
        return Check(
            "complemento",
            "grave",
            f"El complemento nombra la contabilidad {named[0]} y no la {row.contabilidad_id}.",
            "Regístrelo en la que nombra o pida sustituirlo.",
        )
    wrong = next((problem for code, problem in seen.items() if code.startswith(("ine", "INE"))), None)
    if wrong:
        return Check("complemento", "aviso", wrong["mensaje"], wrong["cura"])
    return Check("complemento", "bien")


def _unique(row: Recepcion, facts: _Facts) -> Check:
    if row.pk in facts.dobles:
        return Check("folio", "grave", ANOTHER.mensaje, ANOTHER.cura)
    if facts.usados[row.comprobante_id] - {row.contabilidad_id}:
        return Check(
            "folio",
            "grave",
            "El folio fiscal ya sostiene una póliza de otra contabilidad.",
            "Si ampara un gasto repartido, abra la póliza y confirme su parte; si no, pida el suyo al proveedor.",
        )
    if row.pk in facts.adjuntos:
        told = attached(facts.adjuntos[row.pk])
        return Check("folio", "grave", told.mensaje, told.cura)
    return Check("folio", "bien")


def _list(row: Recepcion, facts: _Facts) -> Check:
    if facts.listados is None:
        return Check("lista69b", "desconocido", "La autoridad no ha cargado la lista del artículo 69-B.")
    found = facts.listados.get(row.comprobante.emisor_rfc)
    if found is None or found.situacion not in WARNS:
        return Check("lista69b", "bien")
    return Check(
        "lista69b",
        "grave" if found.situacion == "definitivo" else "aviso",
        f"El emisor está en la lista del artículo 69-B como {found.situacion} desde el {found.publicada_el:%d/%m/%Y}.",
        "Acredite que la operación existió, o no la contrate.",
    )


def _day(row: Recepcion, facts: _Facts) -> Check:
    operated = clock.legal_day(row.comprobante.fecha)
    spans = facts.periodos.get(row.contabilidad.etapa_id, ())
    if spans and not any(first <= operated <= last for first, last in spans):
        told = f"Es del {operated:%d/%m/%Y}, y ningún periodo de la etapa tiene ese día."
        cure = "Si la operación ocurrió en uno, ábralo y escriba el día en que ocurrió; si no, apártelo."
        return Check("fecha", "aviso", told, cure)
    late = (facts.hoy - operated).days - value_on("plazo_registro_dias", operated, settings.JURISDICTION)
    if late > 0:
        words = "1 día" if late == 1 else f"{late} días"
        return Check("fecha", "aviso", f"Si se registra hoy, es {words} tarde.", "Regístrelo cuanto antes [RF 38.1].")
    return Check("fecha", "bien")


def sorted_by_state(rows: Sequence[Recepcion], checked: Mapping[int, Checked]) -> dict[str, list[Recepcion]]:
    """Return the receptions by state of their checks: bien, aviso, grave."""
    found: dict[str, list[Recepcion]] = {"bien": [], "aviso": [], "grave": []}
    for row in rows:
        found[checked[row.pk].estado].append(row)
    return found
