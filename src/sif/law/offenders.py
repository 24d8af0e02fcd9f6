"""Read what sanctions the law admits against each kind of person, on which days and up to how much [LGIPE 456.1]."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

from sif.law.articles import Supuesto, speaks_of_case
from sif.law.parameters import NotInForce
from sif.law.sources import LawDataError, data_path, day, only_keys, read_data, status
from sif.values import Money, Span

FORMAS = ("amonestacion", "multa", "un_tanto_igual", "reduccion", "vista")
WHOLE = 10_000  # basis points in 100 %
_FILE = frozenset({"lapsos", "personas", "infractores", "vistas", "dia_uma", "fuera"})
_SPAN = frozenset({"desde", "hasta", "estatus"})
_FORM = frozenset({"forma", "articulo", "lapso", "cita"})
_FORM_OPTIONAL = frozenset({"maximo", "propuesta", "reincidencia", "de", "consecuencia", "decide", "duda"})
_NOTICE = frozenset({"conducta", "etapa", "persona", "consecuencia", "decide", "articulo", "lapso", "cita"})
_OTHER = frozenset({"conducta", "etapa", "sujetos", "persona", "dice"})
_DAY = _SPAN | {"regla", "dice", "base", "fuente", "articulo", "cita", "duda"}


@dataclass(frozen=True, slots=True)
class LawSpan:
    """Days in which a sentence of the law ruled, and how sure that is; nota: why it is not."""

    desde: date
    hasta: date | None
    estatus: str
    nota: str = ""

    def __contains__(self, fecha: date) -> bool:
        return fecha in Span(self.desde, self.hasta)


@dataclass(frozen=True, slots=True)
class SanctionForm:
    """A form of sanction as the letter of a kind of person gives it.

    maximo: UMA of a fine, basis points of a monthly ministración; propuesta: the part of it that is proposed;
    reincidencia: what multiplies it on recidivism, in basis points; de: the excesses that «un tanto igual» reaches;
    consecuencia and decide: what a vista could lead to and who decides it; duda: what the words leave open.
    """

    forma: str
    articulo: str
    cita: str
    lapsos: tuple[LawSpan, ...]
    maximo: int = 0
    propuesta: int = 0
    reincidencia: int = WHOLE
    de: tuple[str, ...] = ()
    consecuencia: str = ""
    decide: str = ""
    duda: str = ""

    def on(self, fecha: date) -> LawSpan | None:
        """Return the span that holds that day, or None where the form did not rule or its words are not known."""
        return next((span for span in self.lapsos if fecha in span), None)


@dataclass(frozen=True, slots=True)
class OffenderKind:
    """A kind of person that may be sanctioned, with the letter of the law that lists its sanctions."""

    clave: str
    nombre: str
    articulo: str
    formas: tuple[SanctionForm, ...]

    def form(self, forma: str, fecha: date) -> SanctionForm | None:
        """Return a form of its letter in force that day; None where the letter has none."""
        return next((row for row in self.formas if row.forma == forma and row.on(fecha)), None)

    def must(self, forma: str, fecha: date) -> SanctionForm:
        """Return a form in force that day; raises NotInForce naming the days that are known."""
        found = self.form(forma, fecha)
        if found is not None:
            return found
        known = [span.desde for row in self.formas if row.forma == forma for span in row.lapsos]
        says = f"se conoce desde el {min(known)}" if known else "su inciso no la prevé"
        raise NotInForce(f"No hay texto de {forma.replace('_', ' ')} para «{self.clave}» el {fecha}: {says}.")


@dataclass(frozen=True, slots=True)
class Vista:
    """A consequence of a conduct in a stage besides its sanction: the person affected and the deciding authority."""

    conducta: str
    etapa: str
    persona: str
    consecuencia: str
    decide: str
    articulo: str
    cita: str
    lapsos: tuple[LawSpan, ...]

    @property
    def words(self) -> str:
        """Return the vista as a document says it."""
        return f"Vista al {self.decide}: {self.consecuencia}"


@dataclass(frozen=True, slots=True)
class OtherOffender:
    """A person other than the subjects reviewed to whom the law charges a conduct in a stage; dice: why, in words."""

    conducta: str
    etapa: str
    sujetos: tuple[str, ...]
    persona: str
    dice: str


@dataclass(frozen=True, slots=True)
class UmaDay:
    """The rule that dates the UMA of a fine: the day of the fault (`comision`) or of the session (`imposicion`)."""

    lapso: LawSpan
    regla: str
    dice: str
    base: str
    fuente: str
    articulo: str
    cita: str
    duda: str


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a person is sanctioned: its kind, the day of its law, the UMA, the excess and if it relapsed.

    exceso: the kind of excess that the amount is (`tope_campana`, `limite_simpatizantes`…), or ''. ajena: why the
    fault is of another person than the subject reviewed, whose kind `clase` is; '' where it is of the subject.
    """

    clase: OffenderKind
    fecha: date
    uma: Money
    exceso: str = ""
    reincidente: bool = False
    ajena: str = ""

    def __post_init__(self) -> None:
        if self.uma.centavos <= 0:
            raise ValueError(f"La UMA debe ser mayor que cero y se dio {self.uma}.")

    def largest(self, form: SanctionForm) -> int:
        """Return the maximum of a form, with what recidivism adds to it."""
        return form.maximo * form.reincidencia // WHOLE if self.reincidente else form.maximo


def _span(row: object, where: str) -> LawSpan:
    row = only_keys(row, _SPAN, frozenset({"nota"}), where)
    until = None if row["hasta"] is None else day(row["hasta"], where)
    return LawSpan(day(row["desde"], where), until, status(row["estatus"], where), row.get("nota", ""))


def _spans(rows: Any, where: str) -> tuple[LawSpan, ...]:
    found = tuple(_span(row, f"{where}, lapso {place}") for place, row in enumerate(rows, 1))
    _unbroken(found, where)
    return found


def _unbroken(found: tuple[LawSpan, ...], where: str) -> None:
    for before, after in pairwise(found):
        if before.hasta != after.desde:
            raise LawDataError(f"{where}: entre {before.hasta} y {after.desde} hay hueco o traslape.")


def _form(row: object, lapsos: dict[str, tuple[LawSpan, ...]], where: str) -> SanctionForm:
    row = dict(only_keys(row, _FORM, _FORM_OPTIONAL, where))
    if row["forma"] not in FORMAS:
        raise LawDataError(f"{where}: la forma «{row['forma']}» no se conoce; es {', '.join(FORMAS)}.")
    if (row["forma"] in ("multa", "reduccion")) != ("maximo" in row):
        raise LawDataError(f"{where}: una multa y una reducción dicen su máximo, y las demás formas no.")
    if (row["forma"] == "vista") != ({"consecuencia", "decide"} <= row.keys()):
        raise LawDataError(f"{where}: una vista dice qué consecuencia tendría y quién la decide; las demás, no.")
    return SanctionForm(lapsos=_lapsos(row.pop("lapso"), lapsos, where), de=tuple(row.pop("de", ())), **row)


def _lapsos(clave: str, known: dict[str, tuple[LawSpan, ...]], where: str) -> tuple[LawSpan, ...]:
    if clave not in known:
        raise LawDataError(f"{where}: el lapso «{clave}» no está en `lapsos`; son {', '.join(known)}.")
    return known[clave]


def _kind(clave: str, raw: object, lapsos: dict[str, tuple[LawSpan, ...]]) -> OffenderKind:
    where = f"sanciones.yaml, {clave}"
    row = only_keys(raw, frozenset({"nombre", "articulo", "formas"}), frozenset(), where)
    formas = tuple(_form(form, lapsos, f"{where}, forma {place}") for place, form in enumerate(row["formas"], 1))
    return OffenderKind(clave, row["nombre"], row["articulo"], formas)


def _uma_day(raw: object, where: str) -> UmaDay:
    row = dict(only_keys(raw, _DAY, frozenset(), where))
    if row["regla"] not in ("comision", "imposicion"):
        raise LawDataError(f"{where}: la regla «{row['regla']}» no se conoce; es comision o imposicion.")
    return UmaDay(lapso=_span({name: row.pop(name) for name in sorted(_SPAN)}, where), **row)


@dataclass(frozen=True, slots=True)
class SanctionLaw:
    """All of `sanciones.yaml`: the kinds of person by key, other offenders, vistas, and the day of the UMA.

    fuera: the fractions of the same article that sanction nothing of what is reviewed here, each with why.
    """

    clases: dict[str, OffenderKind]
    infractores: tuple[OtherOffender, ...]
    vistas: tuple[Vista, ...]
    dia_uma: tuple[UmaDay, ...]
    fuera: dict[str, str]


@cache
def load_sanction_law(jurisdiction: str) -> SanctionLaw:
    """Read the sanctions by kind of person of a jurisdiction (once a process); LawDataError on what cannot be."""
    raw = only_keys(read_data(data_path(jurisdiction, "law", "sanciones.yaml")), _FILE, frozenset(), "sanciones.yaml")
    lapsos = {key: _spans(rows, f"sanciones.yaml, {key}") for key, rows in raw["lapsos"].items()}
    clases = {key: _kind(key, row, lapsos) for key, row in raw["personas"].items()}
    days = tuple(_uma_day(row, f"sanciones.yaml, dia_uma {n}") for n, row in enumerate(raw["dia_uma"], 1))
    _unbroken(tuple(row.lapso for row in days), "sanciones.yaml, dia_uma")
    out = (
        only_keys(row, frozenset({"articulo", "motivo"}), frozenset(), "sanciones.yaml, fuera") for row in raw["fuera"]
    )
    left = {row["articulo"]: row["motivo"] for row in out}
    others = tuple(_others(raw["infractores"], clases))
    return SanctionLaw(clases, others, tuple(_vistas(raw["vistas"], clases, lapsos)), days, left)


def _others(rows: Any, clases: dict[str, OffenderKind]) -> Iterator[OtherOffender]:
    for place, raw in enumerate(rows, 1):
        where = f"sanciones.yaml, infractor {place}"
        row = dict(only_keys(raw, _OTHER, frozenset(), where))
        _known(row["persona"], clases, where)
        yield OtherOffender(sujetos=tuple(row.pop("sujetos")), **row)


def _known(persona: str, clases: dict[str, OffenderKind], where: str) -> None:
    if persona not in clases:
        raise LawDataError(f"{where}: la persona «{persona}» no está en `personas`.")


def _vistas(rows: Any, clases: dict[str, OffenderKind], lapsos: dict[str, tuple[LawSpan, ...]]) -> Iterator[Vista]:
    for place, raw in enumerate(rows, 1):
        where = f"sanciones.yaml, vista {place}"
        row = dict(only_keys(raw, _NOTICE, frozenset(), where))
        _known(row["persona"], clases, where)
        yield Vista(lapsos=_lapsos(row.pop("lapso"), lapsos, where), **row)


def offender_kind(clave: str, jurisdiction: str) -> OffenderKind:
    """Return a kind of person by key; raises KeyError."""
    return load_sanction_law(jurisdiction).clases[clave]


def other_offender(conducta: str, sujeto: str, etapa: str, jurisdiction: str) -> OtherOffender | None:
    """Return who commits a conduct seen in the books of a kind of subject, where the law charges it to another."""
    rows = load_sanction_law(jurisdiction).infractores
    return next((row for row in rows if (row.conducta, row.etapa) == (conducta, etapa) and sujeto in row.sujetos), None)


def vistas_of(conducta: str, etapa: str, fecha: date, jurisdiction: str, ambito: str = "federal") -> tuple[Vista, ...]:
    """Return what the law orders besides a sanction for a conduct in a kind of stage, in force that day.

    Only what it orders in that scope: an article of federal elections says nothing of what a local one leads to.
    """
    return tuple(
        row
        for row in load_sanction_law(jurisdiction).vistas
        if (row.conducta, row.etapa) == (conducta, etapa)
        and any(fecha in span for span in row.lapsos)
        and speaks_of_case(row.articulo, Supuesto(row.persona, etapa, ambito), jurisdiction)
    )


def uma_day_rule(fecha: date, jurisdiction: str) -> UmaDay:
    """Return which day gives the UMA of a fine, by the rule in force that day; raises NotInForce."""
    for row in load_sanction_law(jurisdiction).dia_uma:
        if fecha in row.lapso:
            return row
    raise NotInForce(f"No se conoce qué día da la UMA de una multa del {fecha}. Revise `dia_uma` de sanciones.yaml.")
