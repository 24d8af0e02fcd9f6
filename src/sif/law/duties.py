"""Say what the law asks of each subject: reports, notices and deliveries, when each is due and how it stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from sif.law.calendar import CONFIRMED, UNCONFIRMED
from sif.law.cuts import Cut
from sif.law.days import KINDS, UnknownTerm, add_days
from sif.law.elections import federal_election, federal_process
from sif.law.parameters import NotInForce, load_parameters
from sif.law.sources import LawDataError, data_path, day, only_keys, read_data, status
from sif.values import Span

CLASSES = frozenset({"informe", "aviso", "entrega", "permanente", "autoridad"})
STATES = (
    "programada",
    "abierta",
    "vencida",
    "cumplida",
    "tarde",
    "omitida",
    "suspendida",
    "no_aplica",
    "por_confirmar",
)
END = "corte"
MOST_SIGNERS = 2
_RULES = frozenset({"anio_federal", "en_proceso"})
_BY = frozenset({"periodo", "vencimiento"})
_ROW = frozenset({"que", "clase", "desde", "sujetos", "corte", "plazos"})
_ROW_OPTIONAL = frozenset(
    {
        "hasta",
        "libros",
        "etapas",
        "dentro_de",
        "suple_a",
        "revision",
        "base",
        "suspension",
        "partes",
        "firman",
        "omision",
        "caracter",
        "variantes",
        "por_sujeto",
        "deposito",
    }
)
DELIVERED, DONE = "entrega", "acto"
DEPOSITS = frozenset({DELIVERED, DONE})
_LIMIT = frozenset(
    {"parametro", "dias", "sin_plazo", "cuenta", "desde_cuando", "antes", "estatus", "nota", "articulo", "cita"}
)
_BASE = frozenset({"articulo"})
_BASE_OPTIONAL = frozenset({"cita", "estatus", "nota"})


@dataclass(frozen=True, slots=True)
class Basis:
    """An article with the words of it, '' where they were not read, how sure it is, and what it leaves unsaid."""

    articulo: str
    cita: str = ""
    estatus: str = UNCONFIRMED
    nota: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """One of the terms of a duty: days from (or before) a moment; `parametro` holds the figure, '' where `dias` does.

    cuenta: naturales, habiles, momento (hours from instant to instant) or '' where the law gives no days.
    """

    desde_cuando: str
    cuenta: str
    antes: bool
    parametro: str
    dias: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Suspension:
    """The rule that suspends a duty, applied by the period of its report or by its due day."""

    regla: str
    por: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Part:
    """A part that a report must carry, with the article that requires the part."""

    clave: str
    que: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Omission:
    """The fault of not meeting a duty: of which kinds of subject, the article that says so and what it leads to."""

    sujetos: frozenset[str]
    basis: Basis
    consecuencia: str


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty of the law while it is in force. See jurisdictions/*/law/obligaciones/informes.yaml for each word.

    sujetos: kinds of subject; libros: kinds of books, one of it for each (none: one for the subject); etapas: kinds of
    stage in which it is born; corte: what is cut, or the act that gives rise to it; revision: its calendar of review.
    articulo: the article that asks for it, its own or that of its first term.
    firman: who signs it, first who presents it; a second one is a part of it too, with the words that ask for it.
    dentro_de: the report with which it is met; suple_a: the one it is a part of, and replaces while it is suspended.
    deposito: entrega where depositing a document meets it, acto where the document proves an act of another day, ''
    where nothing is deposited for it.
    omisiones: what it is not to meet it, at most once for each kind of subject.
    """

    clave: str
    que: str
    articulo: str
    clase: str
    span: Span
    sujetos: frozenset[str]
    libros: frozenset[str]
    etapas: frozenset[str]
    corte: str
    limits: tuple[Limit, ...]
    basis: Basis | None
    suspension: Suspension | None = None
    parts: tuple[Part, ...] = ()
    firman: tuple[str, ...] = ()
    dentro_de: str = ""
    suple_a: str = ""
    revision: str = ""
    omisiones: tuple[Omission, ...] = ()
    caracter: Part | None = None
    variantes: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))
    por_sujeto: MappingProxyType[str, int] = field(default_factory=lambda: MappingProxyType({}))
    deposito: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a duty, None where the law gives none, with what fixes it and how sure it is."""

    fecha: date | None
    base: str
    estatus: str
    nota: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """The standing of a duty in a period.

    estado: '' where the duty stands, else suspendida, no_aplica or por_confirmar. base: the article of the
    suspension. nota: the reason in words.
    """

    estado: str = ""
    base: str = ""
    nota: str = ""


@dataclass(frozen=True, slots=True)
class Elections:
    """The elections that no law dates: years with an extraordinary federal one, and the days of local processes."""

    extraordinarias: frozenset[int] = frozenset()
    locales: tuple[Span, ...] = ()


NO_OTHERS = Elections()
STANDS = Standing()


def _basis(raw: object, where: str, extra: frozenset[str] = frozenset()) -> Basis:
    row = only_keys(raw, _BASE | extra, _BASE_OPTIONAL, where)
    cita = row.get("cita", "")
    return Basis(
        row["articulo"],
        cita,
        status(row.get("estatus", CONFIRMED if cita else UNCONFIRMED), where),
        row.get("nota", ""),
    )


def _limit(raw: object, where: str, jurisdiction: str) -> Limit:
    row = only_keys(raw, frozenset(), _LIMIT, where)
    if sum(key in row for key in ("parametro", "dias", "sin_plazo")) != 1:
        raise LawDataError(f"{where}: dé uno de parametro, dias o sin_plazo ({row}).")
    if row.get("sin_plazo"):
        return Limit(END, "", False, "", 0, Basis("", nota=row.get("nota", "")))
    cuenta, parametro = row.get("cuenta", ""), row.get("parametro", "")
    if cuenta not in KINDS | {"momento"}:
        raise LawDataError(f"{where}: la cuenta es «{cuenta}»; son naturales, habiles o momento.")
    if parametro and parametro not in load_parameters(jurisdiction):
        raise LawDataError(f"{where}: no hay parámetro «{parametro}».")
    basis = Basis(row.get("articulo", ""), row.get("cita", ""), status(row.get("estatus"), where), row.get("nota", ""))
    return Limit(row.get("desde_cuando", END), cuenta, row.get("antes", False), parametro, row.get("dias", 0), basis)


def _part(raw: Any, where: str) -> Part:
    row = dict(raw)
    clave, que = row.pop("clave", ""), row.pop("que")
    return Part(clave, que, _basis(row, where))


def _suspension(raw: Any, where: str) -> Suspension:
    row = dict(raw)
    regla, por = row.pop("regla"), row.pop("por")
    if regla not in _RULES or por not in _BY:
        raise LawDataError(
            f"{where}: la suspensión es «{regla}» por «{por}»; se conocen {sorted(_RULES)} y {sorted(_BY)}."
        )
    return Suspension(regla, por, _basis(row, where))


def read_omissions(raw: Any, bound: frozenset[str], where: str) -> tuple[Omission, ...]:
    """Read the fault of all whom a duty binds, or the list of those of each kind; none twice nor left out."""
    read = []
    for each in raw if isinstance(raw, list) else [{**raw, "sujetos": sorted(bound)}]:
        row = dict(each)
        kinds, consequence = frozenset(row.pop("sujetos", ())), row.pop("consecuencia", "")
        read.append(Omission(kinds, _basis(row, f"{where}, omisión"), consequence))
    named = sorted(kind for each in read for kind in each.sujetos)
    if named != sorted(bound):
        raise LawDataError(f"{where}: las omisiones nombran a {named}; nombre una vez a cada uno de {sorted(bound)}.")
    return tuple(read)


def _article_of(limit: Limit, jurisdiction: str) -> str:
    return limit.basis.articulo or load_parameters(jurisdiction)[limit.parametro].valores[-1].base


def _duty(clave: str, raw: object, where: str, jurisdiction: str) -> Duty:
    row = only_keys(raw, _ROW, _ROW_OPTIONAL, where)
    if row["clase"] not in CLASSES:
        raise LawDataError(f"{where}: la clase «{row['clase']}» no se conoce; son {sorted(CLASSES)}.")
    if row.get("deposito", "acto") not in DEPOSITS:
        raise LawDataError(f"{where}: el depósito es «{row['deposito']}»; se conocen {sorted(DEPOSITS)}.")
    until, bound = row.get("hasta"), frozenset(row["sujetos"])
    limits = tuple(_limit(each, f"{where}, plazo {n}", jurisdiction) for n, each in enumerate(row["plazos"], 1))
    basis = _basis(row["base"], where) if "base" in row else None
    return Duty(
        clave=clave,
        que=row["que"],
        articulo=basis.articulo if basis else _article_of(limits[0], jurisdiction),
        clase=row["clase"],
        span=Span(day(row["desde"], where), None if until is None else day(until, where)),
        sujetos=bound,
        libros=frozenset(row.get("libros", ())),
        etapas=frozenset(row.get("etapas", ())),
        corte=row["corte"],
        limits=limits,
        basis=basis,
        suspension=_suspension(row["suspension"], where) if "suspension" in row else None,
        parts=tuple(_part(each, where) for each in row.get("partes", ())),
        firman=_signers(row, where),
        dentro_de=row.get("dentro_de", ""),
        suple_a=row.get("suple_a", ""),
        revision=row.get("revision", ""),
        omisiones=read_omissions(row["omision"], bound, where) if "omision" in row else (),
        caracter=_part(row["caracter"], where) if "caracter" in row else None,
        variantes=MappingProxyType(row.get("variantes", {})),
        por_sujeto=MappingProxyType(
            {kind: n for kind, n in row.get("por_sujeto", {}).items() if kind in row["sujetos"]}
        ),
        deposito=row.get("deposito", ""),
    )


def _signers(row: Any, where: str) -> tuple[str, ...]:
    """Return who signs a duty. Raises LawDataError for a third one, and for a second whose words of law are lacking."""
    signers = tuple(row.get("firman", ()))
    parts = {part["clave"]: part for part in row.get("partes", ())}
    if len(set(signers)) != len(signers) or len(signers) > MOST_SIGNERS:
        raise LawDataError(f"{where}: firman {list(signers)}; se admite quien presenta y, si la ley lo pide, otro.")
    if unfounded := [one for one in signers[1:] if not parts.get(one, {}).get("cita")]:
        raise LawDataError(f"{where}: la firma de «{unfounded[0]}» no está en sus partes con las palabras de la ley.")
    return signers


@cache
def _duties(jurisdiction: str) -> MappingProxyType[str, Duty]:
    found: dict[str, Duty] = {}
    for path in sorted(data_path(jurisdiction, "law", "obligaciones").glob("*.yaml")):
        for clave, raw in read_data(path).items():
            if clave in found:
                raise LawDataError(f"{path.name}: la obligación «{clave}» ya está en otro archivo. Deje una sola.")
            found[clave] = _duty(clave, raw, f"{path.name}, {clave}", jurisdiction)
    return MappingProxyType(found)


def load_duties(jurisdiction: str) -> dict[str, Duty]:
    """Return every duty that the law asks of subjects and of the authority, by key."""
    return dict(_duties(jurisdiction))


def duties_of(sujeto: str, fecha: date, jurisdiction: str) -> list[Duty]:
    """Return the duties of a kind of subject in force on a day."""
    return [each for each in _duties(jurisdiction).values() if sujeto in each.sujetos and fecha in each.span]


def due_of(duty: Duty, moments: Mapping[str, date], jurisdiction: str) -> Due:
    """Return the last day of a duty: the first of its terms that are counted from a moment that is known.

    moments: days by name; `corte` is the last day of the period. The figures are those in force on that moment.
    """
    found = [
        _counted(duty, limit, moments[limit.desde_cuando], jurisdiction)
        for limit in duty.limits
        if limit.desde_cuando in moments and limit.cuenta
    ]
    if found:
        return min(found, key=lambda due: due.fecha or date.max)
    limit = duty.limits[0]
    return Due(None, duty.articulo, UNCONFIRMED, limit.basis.nota)


def _counted(duty: Duty, limit: Limit, moment: date, jurisdiction: str) -> Due:
    if limit.cuenta == "momento":
        raise UnknownTerm(f"{duty.clave} se cuenta de momento a momento: pida due_instant con la hora.")
    dias, base, read = limit.dias, limit.basis.articulo or duty.articulo, CONFIRMED
    if limit.parametro:
        try:
            value = load_parameters(jurisdiction)[limit.parametro].on(moment)
        except NotInForce as unknown:
            raise UnknownTerm(str(unknown)) from unknown
        dias, base, read = value.valor, value.base, value.estatus
    last = (
        moment - timedelta(days=dias)
        if limit.antes
        else add_days(moment, dias, limit.cuenta, None, jurisdiction=jurisdiction)
    )
    sure = read == CONFIRMED and limit.basis.estatus == CONFIRMED
    return Due(last, base, CONFIRMED if sure else UNCONFIRMED, limit.basis.nota)


def due_instant(duty: Duty, moment: datetime, jurisdiction: str) -> datetime:
    """Return the last instant of a duty counted from moment to moment, as the statements asked for [LGPP 61.1.f.I]."""
    [limit] = [each for each in duty.limits if each.cuenta == "momento"]
    return moment + timedelta(hours=load_parameters(jurisdiction)[limit.parametro].on(moment.date()).valor)


def standing_of(
    duty: Duty, cut: Cut, vence: date | None = None, elections: Elections = NO_OTHERS, *, jurisdiction: str
) -> Standing:
    """Return whether a duty stands for a period, or an electoral process suspends it.

    vence: the day it is due, for what is suspended by that day.
    """
    suspension = duty.suspension
    if suspension is None:
        return STANDS
    if suspension.regla == "anio_federal":
        year = (vence if suspension.por == "vencimiento" and vence else cut.hasta).year
        return _by_year(suspension, year, elections, jurisdiction)
    return _by_process(suspension, cut, elections, jurisdiction)


def _by_year(suspension: Suspension, year: int, elections: Elections, jurisdiction: str) -> Standing:
    basis = suspension.basis
    if federal_election(year, jurisdiction):
        return Standing("suspendida", basis.articulo, basis.nota)
    if year in elections.extraordinarias:
        return Standing(
            "por_confirmar",
            basis.articulo,
            f"En {year} hay una elección federal extraordinaria: la ley no dice si suspende.",
        )
    return STANDS


def _by_process(suspension: Suspension, cut: Cut, elections: Elections, jurisdiction: str) -> Standing:
    basis = suspension.basis
    period = Span(cut.desde, cut.hasta + timedelta(days=1))
    for year in (cut.desde.year, cut.desde.year + 1):
        process = federal_process(year, jurisdiction)
        if process is None:
            continue
        if cut.desde in process.cierto and cut.hasta in process.cierto:
            return Standing("no_aplica", basis.articulo, basis.nota)
        if period.overlaps(process.posible):
            return Standing("por_confirmar", basis.articulo, basis.nota)
    if any(period.overlaps(local) for local in elections.locales):
        return Standing("por_confirmar", basis.articulo, basis.nota)
    return STANDS


def owed_by_books(cut: Cut, abierta: date, cancelada: date | None = None) -> Cut | None:
    """Return the days of a period with the books open, from `abierta` to `cancelada`; None if they never were."""
    desde, hasta = max(cut.desde, abierta), min(cut.hasta, cancelada or cut.hasta)
    return Cut(cut.numero, desde, hasta) if desde <= hasta else None


def state_of(
    abre: date, vence: date | None, hoy: date, cumplida: date | None = None, cierra: date | None = None
) -> str:
    """Return the state of a duty on a day (`hoy`), for a duty that stands.

    cumplida: the day the duty was met. cierra: the last day of the review, after which an unmet or late duty is
    `omitida`. Where the law sets no due day (`vence` is None), an unmet duty is `por_confirmar` from `abre` on.
    """
    if cumplida is not None and cumplida <= hoy:
        if vence is None or cumplida <= vence:
            return "cumplida"
        return "omitida" if cierra is not None and cumplida > cierra else "tarde"
    if hoy < abre:
        return "programada"
    if vence is None:
        return "por_confirmar"
    if hoy <= vence:
        return "abierta"
    return "omitida" if cierra is not None and hoy > cierra else "vencida"


def lacking(duty: Duty, given: Collection[str]) -> tuple[Part, ...]:
    """Return the parts that a duty must carry and are not among those given."""
    return tuple(part for part in duty.parts if part.clave not in given)


def expected(duty: Duty, subjects: Mapping[str, int]) -> int:
    """Return the number of reports of a duty that are expected, given the number of subjects of each kind."""
    return sum(duty.por_sujeto.get(kind, 0) * count for kind, count in subjects.items())


def repeated(duty: Duty, first: date, until: date, jurisdiction: str) -> Sequence[date]:
    """Return the days of a duty that repeats every so many days after a first one, until a day [LGPP 84.2]."""
    every = load_parameters(jurisdiction)[duty.limits[0].parametro].on(first).valor
    days = []
    moment = first + timedelta(days=every)
    while moment <= until:
        days.append(moment)
        moment += timedelta(days=every)
    return days
