"""Kinds of process and the stages, periods and terms that the law proposes for each, from dated data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from sif.law.calendar import MILESTONES, load_stages
from sif.law.cuts import WHOLE, Cut, cuts
from sif.law.days import add_days
from sif.law.duties import END, Due, due_of, load_duties
from sif.law.elections import federal_election
from sif.law.parameters import value_on
from sif.law.sources import LawDataError, data_path, only_keys, read_data, status
from sif.law.subjects import SubjectKind

_FILE = frozenset(
    {"elecciones_federales", "proceso_federal", "jornadas_de_otro_mes", "cargos_de_entidad", "clases", "cortes"}
)
_KIND = frozenset({"nombre", "prefijo", "ambito", "jornada", "etapas"})
_KIND_OPTIONAL = frozenset({"anios", "sujetos", "cargos"})
_OFFICES = frozenset({"son", "siempre", "base", "estatus"})
_ENTITY = frozenset({"solo_ahi", "ahi_no", "base"})
_YEARS = frozenset({"presidencial", "intermedia", "federal", "sin_federal", "tras_presidencial"})
_STAGE = frozenset({"base", "estatus"})
_STAGE_OPTIONAL = frozenset(
    {"inicia", "termina_antes", "termina_con", "dias", "anual", "fechas", "revision", "cita", "nota", "maximo"},
)
_CALENDARS = {"ordinario": "anual"}
_QUARTERS, _MONTHS = "trimestres", "meses"
_SIZES = {_QUARTERS: "trimestre", _MONTHS: "mes", "entero": WHOLE}


@dataclass(frozen=True, slots=True)
class ProposedStage:
    """A stage that the law proposes for a kind of process: the rule of its dates, and its basis.

    dias: its length in days, 0 for a whole year. revision: its calendar of review. anual: the periods that divide a
    year (or the days of `fechas`): trimestres, meses, entero. fechas: the first day of the stage and, unless the stage
    ends with the day of voting, its last day: month, day, and year relative to the year of the process.
    """

    tipo: str
    base: str
    estatus: str
    dias: int
    revision: str
    inicia: MappingProxyType[str, int] | None = None
    termina_antes: int | None = None
    termina_con: str = ""
    anual: str = ""
    cita: str = ""
    nota: str = ""
    maximo: int = 0
    fechas: MappingProxyType[str, MappingProxyType[str, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ElectedOffices:
    """The offices that a kind of process elects, by key, with their article; `siempre`: one of each group never lacks.

    estatus: «por confirmar» where local law, which was not read, says which.
    """

    son: frozenset[str]
    siempre: tuple[frozenset[str], ...]
    base: str
    estatus: str


LONGEST = 6
"""The years from one process to the next of its kind, at most [LGIPE 22.1.c, LGPP 11.1]."""


@dataclass(frozen=True, slots=True)
class ProcessKind:
    """A kind of process: its name, the prefix of its key, whose it is ('' where it is chosen) and its stages.

    anios: the years that have one ('' where any may), with their article; otro_mes: a month of voting of one year.
    sujetos: the kinds of subject it is of, none where it is of any. cargos: what it elects, None where the law does not
    say.
    """

    clave: str
    nombre: str
    prefijo: str
    ambito: str
    jornada: MappingProxyType[str, int] | None
    etapas: MappingProxyType[str, ProposedStage]
    anios: str = ""
    anios_base: str = ""
    otro_mes: MappingProxyType[int, int] = MappingProxyType({})
    sujetos: frozenset[str] = frozenset()
    cargos: ElectedOffices | None = None

    @property
    def has_voting(self) -> bool:
        """Return whether the process is dated by a day of voting."""
        return self.is_election or self.jornada is not None

    @property
    def is_election(self) -> bool:
        """Return whether the process is an election, which ends in a day of voting."""
        return "campana" in self.etapas


@dataclass(frozen=True, slots=True)
class PlannedPeriod:
    """A period of a stage: its days, and the last day to report it.

    trimestral: the last day of its quarterly report, where its books stay open until the annual one.
    """

    numero: int
    desde: date
    hasta: date
    vence: date
    base: str
    trimestral: Due | None = None


def calendar_of(tipo: str) -> str:
    """Return the calendar of review of a kind of stage; a calendar is itself."""
    return _CALENDARS.get(tipo, tipo)


def report_term(revision: str, jurisdiction: str) -> tuple[int, str, str]:
    """Return the days to report by a calendar of review, how they are counted, and the article."""
    term = load_stages(jurisdiction)[calendar_of(revision)][0]
    return term.dias, term.cuenta, term.articulo or term.base


def report_counts(revision: str, periods: Sequence[int], jurisdiction: str) -> dict[int, str]:
    """Return how the days of the report of each period are counted, by its number: quarters have their own term."""
    _days, counted, _article = report_term(revision, jurisdiction)
    numbers = sorted(periods)
    quarter = load_duties(jurisdiction)["IT"].limits[0].cuenta if revision == "anual" else counted
    return {number: counted if number == numbers[-1] else quarter for number in numbers}


@cache
def _kinds(jurisdiction: str) -> MappingProxyType[str, ProcessKind]:
    content = only_keys(_data(jurisdiction), _FILE, frozenset(), "procesos.yaml")
    months = MappingProxyType({year: row["mes"] for year, row in content["jornadas_de_otro_mes"].items()})
    found = {}
    for clave, raw in content["clases"].items():
        where = f"procesos.yaml, {clave}"
        row = only_keys(raw, _KIND, _KIND_OPTIONAL, where)
        years = only_keys(row.get("anios", {"de": "", "base": ""}), frozenset({"de", "base"}), frozenset(), where)
        if years["de"] and years["de"] not in _YEARS:
            raise LawDataError(f"{where}: los años son {years['de']!r}; se conocen {sorted(_YEARS)}.")
        stages = {tipo: _stage(tipo, stage, f"{where}, {tipo}", jurisdiction) for tipo, stage in row["etapas"].items()}
        day = None if row["jornada"] is None else MappingProxyType(row["jornada"])
        said = (row["nombre"], row["prefijo"], row["ambito"], day, MappingProxyType(stages))
        whose, elects = frozenset(row.get("sujetos", ())), _offices(row.get("cargos"), where)
        found[clave] = ProcessKind(clave, *said, years["de"], years["base"], months, whose, elects)
    return MappingProxyType(found)


def _offices(raw: object, where: str) -> ElectedOffices | None:
    if raw is None:
        return None
    row = only_keys(raw, _OFFICES, frozenset({"cita"}), f"{where}, cargos")
    never_lacking = tuple(map(frozenset, row["siempre"]))
    if strange := frozenset().union(*never_lacking) - frozenset(row["son"]):
        raise LawDataError(f"{where}: {sorted(strange)} no puede faltar y no está entre los cargos que son.")
    return ElectedOffices(frozenset(row["son"]), never_lacking, row["base"], status(row["estatus"], where))


def _data(jurisdiction: str) -> dict[str, Any]:
    content: dict[str, object] = read_data(data_path(jurisdiction, "law", "procesos.yaml"))
    return content


def _stage(tipo: str, raw: object, where: str, jurisdiction: str) -> ProposedStage:
    row = only_keys(raw, _STAGE, _STAGE_OPTIONAL, where)
    dated = [key for key in ("inicia", "termina_antes", "termina_con", "anual") if key in row]
    if len(dated) != 1 or ("anual" not in row and not row.get("dias")) or row.get("anual", "entero") not in _SIZES:
        raise LawDataError(
            f"{where}: se fecha con {dated}; quiere una de inicia, termina_antes, termina_con o anual, y sus dias."
        )
    begins = MappingProxyType(row["inicia"]) if "inicia" in row else None
    revision = row.get("revision", calendar_of(tipo))
    if revision not in load_stages(jurisdiction):
        raise LawDataError(f"{where}: no hay calendario de revisión «{revision}» en calendario.yaml.")
    return ProposedStage(
        tipo,
        row["base"],
        status(row["estatus"], where),
        row.get("dias", 0),
        revision,
        begins,
        row.get("termina_antes"),
        row.get("termina_con", ""),
        row.get("anual", ""),
        row.get("cita", ""),
        row.get("nota", ""),
        row.get("maximo", 0),
        MappingProxyType({key: MappingProxyType(day) for key, day in row.get("fechas", {}).items()}),
    )


@cache
def lacking_offices(entity: str, jurisdiction: str) -> MappingProxyType[str, str]:
    """Return the offices that an entity does not elect, by key, each with its article."""
    lacking: dict[str, str] = {}
    for own, raw in _data(jurisdiction)["cargos_de_entidad"].items():
        row = only_keys(raw, _ENTITY, frozenset({"cita"}), f"procesos.yaml, cargos de {own}")
        lacking |= dict.fromkeys(row["ahi_no"] if own == entity else row["solo_ahi"], row["base"])
    return MappingProxyType(lacking)


def load_kinds(jurisdiction: str) -> dict[str, ProcessKind]:
    """Return the kinds of process that a jurisdiction knows, by key."""
    return dict(_kinds(jurisdiction))


def nth_weekday(year: int, month: int, weekday: int, number: int) -> date:
    """Return the day of a month that is its n-th Monday (0) to Sunday (6)."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def voting_day(kind: ProcessKind, year: int) -> date | None:
    """Return the day of voting that the law sets for a year, or None where a call sets it."""
    if kind.jornada is None:
        return None
    return nth_weekday(year, kind.otro_mes.get(year, kind.jornada["mes"]), 6, kind.jornada["domingo"])


def has_year(kind: ProcessKind, year: int, jurisdiction: str) -> bool:
    """Return whether the law has that kind of process in a year [LGIPE 22.1, LGPP 78.1.a.III, 11.1]."""
    election = federal_election(year, jurisdiction)
    known = {
        "": True,
        "federal": bool(election),
        "sin_federal": not election,
        "tras_presidencial": federal_election(year - 1, jurisdiction) == "presidencial",
    }
    return known.get(kind.anios, kind.anios == election)


def next_of(kind: ProcessKind, year: int, jurisdiction: str) -> tuple[ProcessKind, int] | None:
    """Return the kind and year of the process that follows one, or None for elections whose years local law says."""
    if kind.is_election and not kind.anios:
        return None
    family = [each for each in _kinds(jurisdiction).values() if each.prefijo == kind.prefijo]
    years = range(year + 1, year + 1 + LONGEST)
    return next(((each, after) for after in years for each in family if has_year(each, after, jurisdiction)), None)


def may_substitute(kind: SubjectKind, resigned: date, jornada: date, jurisdiction: str) -> bool:
    """Return whether a candidacy that resigned may be substituted: never an independent one, nor near the vote.

    [LGIPE 241.1.b, 390.1]
    """
    days = value_on("plazo_sustitucion_renuncia_dias", resigned, jurisdiction)
    return kind.may_be_substituted and resigned < jornada - timedelta(days=days)


def proposed_days(kind: ProcessKind, year: int, jornada: date | None) -> dict[str, tuple[date, date]]:
    """Return the first and last day that the law proposes for each stage; those of the day of voting need one."""
    days: dict[str, tuple[date, date]] = {}
    for tipo, stage in kind.etapas.items():
        if stage.fechas:
            first = _dated(stage.fechas["inicia"], year)
            last = _dated(stage.fechas["termina"], year) if "termina" in stage.fechas else jornada
            if last is not None:
                days[tipo] = (first, last)
        elif stage.anual:
            days[tipo] = (date(year, 1, 1), date(year, 12, 31))
        elif stage.inicia is not None:
            begins = nth_weekday(year + stage.inicia["anio"], stage.inicia["mes"], 0, stage.inicia["semana"])
            days[tipo] = (begins, begins + timedelta(days=stage.dias - 1))
        elif stage.termina_con in days:
            ends = days[stage.termina_con][1]
            days[tipo] = (ends - timedelta(days=stage.dias - 1), ends)
        elif jornada is not None and not stage.termina_con:
            ends = jornada - timedelta(days=stage.termina_antes or 0)
            days[tipo] = (ends - timedelta(days=stage.dias - 1), ends)
    return days


def _dated(said: Mapping[str, int], year: int) -> date:
    return date(year + said["anio"], said["mes"], said["dia"])


def review_terms(revision: str, jurisdiction: str) -> tuple[int, ...]:
    """Return the days that the law gives to each of the six milestones of a calendar of review."""
    terms = load_stages(jurisdiction)[calendar_of(revision)]
    return tuple(sum(term.dias for term in terms if term.hito == hito) for hito in MILESTONES)


def cut_periods(
    stage: ProposedStage, begins: date, ends: date, informe: int, jurisdiction: str
) -> tuple[PlannedPeriod, ...]:
    """Cut a stage in the periods of its reports, each with its last day to report, `informe` days after it.

    Quarters of an ordinary year have their own term [LGPP 78.1.a.I]; the books of the last one stay open until the
    annual report, which is due in business days.
    """
    spans = _cut(stage, begins, ends, jurisdiction)
    _days, counted, article = report_term(stage.revision, jurisdiction)
    periods = []
    for cut in spans:
        due = Due(add_days(cut.hasta, informe, counted, None, jurisdiction=jurisdiction), article, "")
        quarter = due_of(load_duties(jurisdiction)["IT"], {END: cut.hasta}, jurisdiction)
        if stage.anual == _QUARTERS and cut is not spans[-1]:
            due = quarter
        own = quarter if stage.anual == _QUARTERS and due is not quarter else None
        periods.append(PlannedPeriod(cut.numero, cut.desde, cut.hasta, due.fecha or cut.hasta, due.base, own))
    return tuple(periods)


def _cut(stage: ProposedStage, begins: date, ends: date, jurisdiction: str) -> list[Cut]:
    if stage.anual:
        found = cuts(_SIZES[stage.anual], begins, ends)
        return [Cut(place, cut.desde, cut.hasta) for place, cut in enumerate(found, 1)]
    return cuts(_data(jurisdiction)["cortes"][stage.tipo], begins, ends)
