"""Kinds of process and the stages, periods and terms that the law proposes for each, from dated data."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from sif.law.calendar import MILESTONES, add_days, load_stages
from sif.law.sources import LawDataError, data_path, only_keys, read_data, status

_FILE = frozenset({"elecciones_federales", "jornadas_de_otro_mes", "clases", "cortes"})
_KIND = frozenset({"nombre", "prefijo", "ambito", "jornada", "etapas"})
_YEARS = frozenset({"presidencial", "intermedia", "federal", "sin_federal"})
_STAGE = frozenset({"base", "estatus"})
_STAGE_OPTIONAL = frozenset(
    {"inicia", "termina_antes", "termina_con", "dias", "anual", "plazo", "cita", "nota", "maximo"},
)
_CALENDARS = {"ordinario": "anual"}
QUARTER = 3


@dataclass(frozen=True, slots=True)
class ProposedStage:
    """What the law says of a stage of a kind of process: how it is dated, and its basis; `dias` 0 for a whole year."""

    tipo: str
    base: str
    estatus: str
    dias: int
    plazo: int
    inicia: MappingProxyType[str, int] | None = None
    termina_antes: int | None = None
    termina_con: str = ""
    anual: str = ""
    cita: str = ""
    nota: str = ""
    maximo: int = 0


@dataclass(frozen=True, slots=True)
class ProcessKind:
    """A kind of process: its name, the prefix of its key, whose it is ('' where it is chosen) and its stages.

    anios: the years that have one ('' where any may), with their article; otro_mes: a month of voting of one year.
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

    @property
    def is_election(self) -> bool:
        """Whether it ends in a day of voting."""
        return "campana" in self.etapas


@dataclass(frozen=True, slots=True)
class PlannedPeriod:
    """A period of a stage: its days, and the last day to report it."""

    numero: int
    desde: date
    hasta: date
    vence: date
    base: str


def report_term(tipo: str, jurisdiction: str = "mx") -> tuple[int, str, str]:
    """Return the days to report a period of a stage, how they are counted, and the article."""
    term = load_stages(jurisdiction)[_CALENDARS.get(tipo, tipo)][0]
    return term.dias, term.cuenta, term.articulo or term.base


@cache
def _kinds(jurisdiction: str) -> MappingProxyType[str, ProcessKind]:
    content = only_keys(_data(jurisdiction), _FILE, frozenset(), "procesos.yaml")
    months = MappingProxyType({year: row["mes"] for year, row in content["jornadas_de_otro_mes"].items()})
    found = {}
    for clave, raw in content["clases"].items():
        where = f"procesos.yaml, {clave}"
        row = only_keys(raw, _KIND, frozenset({"anios"}), where)
        years = only_keys(row.get("anios", {"de": "", "base": ""}), frozenset({"de", "base"}), frozenset(), where)
        if years["de"] and years["de"] not in _YEARS:
            raise LawDataError(f"{where}: los años son {years['de']!r}; se conocen {sorted(_YEARS)}.")
        stages = {tipo: _stage(tipo, stage, f"{where}, {tipo}", jurisdiction) for tipo, stage in row["etapas"].items()}
        day = None if row["jornada"] is None else MappingProxyType(row["jornada"])
        said = (row["nombre"], row["prefijo"], row["ambito"], day, MappingProxyType(stages))
        found[clave] = ProcessKind(clave, *said, years["de"], years["base"], months)
    return MappingProxyType(found)


def _data(jurisdiction: str) -> dict[str, Any]:
    content: dict[str, Any] = read_data(data_path(jurisdiction, "law", "procesos.yaml"))
    return content


def _stage(tipo: str, raw: Any, where: str, jurisdiction: str) -> ProposedStage:
    row = only_keys(raw, _STAGE, _STAGE_OPTIONAL, where)
    dated = [key for key in ("inicia", "termina_antes", "termina_con", "anual") if key in row]
    if len(dated) != 1 or ("anual" not in row and not row.get("dias")):
        raise LawDataError(
            f"{where}: se fecha con {dated}; quiere una de inicia, termina_antes, termina_con o anual, y sus dias."
        )
    begins = MappingProxyType(row["inicia"]) if "inicia" in row else None
    return ProposedStage(
        tipo,
        row["base"],
        status(row["estatus"], where),
        row.get("dias", 0),
        row.get("plazo", report_term(tipo, jurisdiction)[0]),
        begins,
        row.get("termina_antes"),
        row.get("termina_con", ""),
        row.get("anual", ""),
        row.get("cita", ""),
        row.get("nota", ""),
        row.get("maximo", 0),
    )


def load_kinds(jurisdiction: str = "mx") -> dict[str, ProcessKind]:
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


def federal_election(year: int, jurisdiction: str = "mx") -> str:
    """Return the ordinary federal election of a year: presidencial, intermedia, or '' where there is none."""
    law = _data(jurisdiction)["elecciones_federales"]
    if (year - law["desde"]) % law["cada"]:
        return ""
    president = law["presidencial"]
    return "intermedia" if (year - president["desde"]) % president["cada"] else "presidencial"


def has_year(kind: ProcessKind, year: int, jurisdiction: str = "mx") -> bool:
    """Return whether the law has that kind of process in a year [LGIPE 22.1, LGPP 78.1.a.III]."""
    election = federal_election(year, jurisdiction)
    return {"": True, "federal": bool(election), "sin_federal": not election}.get(kind.anios, kind.anios == election)


def proposed_days(kind: ProcessKind, year: int, jornada: date | None) -> dict[str, tuple[date, date]]:
    """Return the first and last day that the law proposes for each stage; those of the day of voting need one."""
    days: dict[str, tuple[date, date]] = {}
    for tipo, stage in kind.etapas.items():
        if stage.anual:
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


def review_terms(tipo: str, jurisdiction: str = "mx") -> tuple[int, ...]:
    """Return the days that the law gives to each of the six milestones of the review of a stage."""
    terms = load_stages(jurisdiction)[_CALENDARS.get(tipo, tipo)]
    return tuple(sum(term.dias for term in terms if term.hito == hito) for hito in MILESTONES)


def cut_periods(
    stage: ProposedStage, begins: date, ends: date, informe: int, jurisdiction: str = "mx"
) -> tuple[PlannedPeriod, ...]:
    """Cut a stage in the periods of its reports, each with its last day to report, `informe` days after it.

    Quarters of an ordinary year have their own term; its last period is due with the annual report, in business days.
    """
    spans = _spans(stage, begins, ends, jurisdiction)
    _days, counted, article = report_term(stage.tipo, jurisdiction)
    periods = []
    for number, (since, until) in enumerate(spans, 1):
        quarter = bool(stage.anual) and number < len(spans)
        due = (
            add_days(until, stage.plazo, "naturales")
            if quarter
            else add_days(until, informe, counted, None, jurisdiction)
        )
        periods.append(PlannedPeriod(number, since, until, due, stage.base if quarter else article))
    return tuple(periods)


def _spans(stage: ProposedStage, begins: date, ends: date, jurisdiction: str) -> list[tuple[date, date]]:
    if stage.anual == "trimestres":
        firsts = [date(begins.year, month, 1) for month in range(1, 13, QUARTER)]
        return list(zip(firsts, [*(day - timedelta(days=1) for day in firsts[1:]), ends], strict=True))
    size = "entera" if stage.anual else _data(jurisdiction)["cortes"][stage.tipo]
    if size == "entera":
        return [(begins, ends)]
    spans: list[tuple[date, date]] = []
    since = begins
    while since <= ends:
        until = min(since + timedelta(days=int(size) - 1), ends)
        spans.append((since, until))
        since = until + timedelta(days=1)
    return spans
