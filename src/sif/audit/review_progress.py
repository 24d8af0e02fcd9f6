"""Compute how far the review has come, what cannot end in time, and the amounts at risk."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, TruncDate

from sif.audit.models import Corrida, Descarte, Hallazgo, Observacion, Propuesta
from sif.audit.review_selectors import NOBODY
from sif.audit.review_totals import BOOKS, DECIDED, PENDING, PERSON, RULE, RUNS_KEPT, Total, Totals
from sif.registry import clock

WINDOW = 7  # natural days whose decisions give the pace
SUBJECT, STATE = "contabilidad__sujeto", "entidad"
_PLURAL = {
    "adoptado": "adoptados",
    "desechado": "desechados",
    "propuesto": "propuestos",
    "en_espera": "pendientes",
    "pendiente": "pendientes",
}
_IN_OBSERVACION = Observacion.hallazgos.through


@dataclass(frozen=True, slots=True)
class Advance:
    """The review of one rule, subject or person: decided, proposed and open hallazgos; open centavos; recent pace."""

    clave: str
    hallazgos: int
    decididos: int
    propuestos: int
    pendientes: int
    monto_pendiente: int
    hechos: int
    dias: int

    def needed(self, left: int) -> int | None:
        """Hallazgos to be proposed each day to finish in so many days; None when no day is left."""
        return -(-self.pendientes // left) if left > 0 else None

    def ends_on(self, today: date) -> date | None:
        """Return the day it would finish at the pace of the window; None when nobody decided anything in it."""
        if not self.pendientes:
            return today
        return today + timedelta(days=-(-self.pendientes * self.dias // self.hechos)) if self.hechos else None

    def verdict(self, due: date, today: date) -> str:
        """cumplido, en_plazo, no_alcanza, sin_ritmo (nobody decides) or vencido (the term ran out)."""
        if not self.pendientes:
            return "cumplido"
        if today > due:
            return "vencido"
        ends = self.ends_on(today)
        if ends is None:
            return "sin_ritmo"
        return "en_plazo" if ends <= due else "no_alcanza"


def days_left(due: date, today: date) -> int:
    """Days to work until a term, that of today and the last one included; 0 once it ran out."""
    return max(0, (due - today).days + 1)


def review_counts(totals: Totals) -> Mapping[str, int]:
    """Hallazgos of a run by how they stand, and centavos (monto).

    esperan, sin_asignar and «de N», those that person N has, are among the pendientes; what is not there is 0.
    """
    counted: Counter[str] = Counter()
    for each in totals.by(PERSON):
        many = each.cuantos
        if each.estado == "sin_dato":
            counted["sin_dato"] += many
            continue
        counted.update({"hallazgos": many, "monto": each.monto, _PLURAL[each.estado]: many})
        if each.estado in PENDING:
            waits = many * (each.estado == "en_espera")
            counted.update({"esperan": waits, f"de {each.clave}": many})
    counted["sin_asignar"] = counted[f"de {NOBODY}"]
    return counted


def advance_by(corrida: Corrida, field: str, totals: Totals) -> list[Advance]:
    """Return the review by RULE, SUBJECT or PERSON (key "0": nobody), the largest open amount first."""
    days, done = _pace(corrida, field, totals)
    tallies: dict[str, Counter[str]] = {}
    for key, each in _keyed(totals, field):
        state = _PLURAL[each.estado] if each.estado not in DECIDED else "decididos"
        tally = tallies.setdefault(key, Counter())
        tally.update({"hallazgos": each.cuantos, state: each.cuantos})
        if each.estado in PENDING:
            tally["monto"] += each.monto
    lines = [
        Advance(
            key,
            tally["hallazgos"],
            tally["decididos"],
            tally["propuestos"],
            tally["pendientes"],
            tally["monto"],
            done.pop(key, 0),
            days,
        )
        for key, tally in tallies.items()
    ]
    if field == PERSON:  # somebody may decide what is given to others
        lines += [Advance(who, 0, 0, 0, 0, 0, many, days) for who, many in done.items()]
    return sorted(lines, key=lambda each: (-each.monto_pendiente, -each.pendientes, each.clave))


def _keyed(totals: Totals, field: str) -> Iterator[tuple[str, Total]]:
    """Yield the sums of hallazgos by a field, those without a datum left out, each with its key."""
    of_books = field in (SUBJECT, STATE)
    whose = totals.whose if of_books else {}
    for each in totals.by(BOOKS if of_books else field):
        if each.estado != "sin_dato":
            owner = whose.get(each.clave)
            yield (each.clave if owner is None else str(owner.sujeto) if field == SUBJECT else owner.entidad), each


def whole(lines: Iterable[Advance]) -> Advance:
    """Return the sum of lines of one kind."""
    rows = list(lines)
    names = ("hallazgos", "decididos", "propuestos", "pendientes", "monto_pendiente", "hechos")
    sums = {name: sum(getattr(row, name) for row in rows) for name in names}
    return Advance(clave="", dias=max((row.dias for row in rows), default=1), **sums)


def done_by_day(corrida: Corrida, days: int, totals: Totals) -> dict[date, int]:
    """Hallazgos that people proposed or decided on each of the last days, that of today included and none left out.

    It begins with the day of the snapshot: nothing of a run could be decided before.
    """
    since = _since(corrida, days)
    done = {since + timedelta(days=n): 0 for n in range((clock.today() - since).days + 1)}
    for *_keys, day, many in _decided_since(corrida.instantanea.etapa_id, since, totals.done):
        done[day] = done.get(day, 0) + many
    return done


def _since(corrida: Corrida, days: int) -> date:
    return max(clock.legal_day(corrida.instantanea.hecha_el), clock.today() - timedelta(days=days - 1))


def _pace(corrida: Corrida, field: str, totals: Totals) -> tuple[int, dict[str, int]]:
    """Days of the window, and hallazgos that people proposed or decided in it by key."""
    since = _since(corrida, WINDOW)
    done: Counter[str] = Counter()
    place = (RULE, SUBJECT, PERSON).index(field)
    for *keys, _day, many in _decided_since(corrida.instantanea.etapa_id, since, totals.done):
        done[str(keys[place])] += many
    return max(1, (clock.today() - since).days + 1), done


@lru_cache(maxsize=RUNS_KEPT)
def _decided_since(etapa: int, since: date, _done: tuple[object, ...]) -> list[tuple[str, int, int, date, int]]:
    """(rule, subject, person, day, hallazgos) proposed or decided since a day; asked again where an act was done."""
    start = clock.midnight(since)
    proposed = Propuesta.objects.filter(asunto__etapa=etapa, propuesta_el__gte=start).filter(
        Q(resuelta__isnull=True) | Q(resuelta__sentido="confirmada")
    )
    confirmed = Exists(Propuesta.objects.filter(hallazgo=OuterRef("hallazgo"), resuelta__sentido="confirmada"))
    adopted = _IN_OBSERVACION.objects.filter(
        ~confirmed, observacion__etapa=etapa, observacion__adoptada_el__gte=start, observacion__reemplazada_por=None
    )
    dropped = Descarte.objects.filter(~confirmed, hallazgo__corrida__instantanea__etapa=etapa, hecho_el__gte=start)
    sources = (
        (proposed, "propuesta_por", "propuesta_el"),
        (adopted, "observacion__adoptada_por", "observacion__adoptada_el"),
        (dropped, "hecho_por", "hecho_el"),
    )
    found, zone = [], clock.legal_zone()
    for rows, person, when in sources:
        keyed = rows.order_by().values_list(
            "hallazgo__regla", "hallazgo__contabilidad__sujeto", person, TruncDate(when, tzinfo=zone)
        )
        found += list(keyed.annotate(n=Count("pk")))
    return found


@dataclass(frozen=True, slots=True)
class Risk:
    """Centavos at risk under one key: in hallazgos open or proposed, and in those adopted; how many hallazgos."""

    clave: str
    hallazgos: int
    por_decidir: int
    adoptado: int

    @property
    def monto(self) -> int:
        """Centavos of both."""
        return self.por_decidir + self.adoptado


def with_state(rows: QuerySet[Hallazgo]) -> QuerySet[Hallazgo]:
    """Hallazgos with `entidad`: that of the candidacy's territory, or of the process; '' for the whole country."""
    return rows.annotate(
        entidad=Coalesce(
            "contabilidad__candidatura__territorio__entidad",
            "contabilidad__etapa__proceso__entidad",
            Value(""),
            output_field=CharField(),
        )
    )


def risk_by(totals: Totals, field: str) -> list[Risk]:
    """Sum the centavos at risk by BOOKS, STATE, RULE or SUBJECT, without dismissed hallazgos, the largest first.

    The same peso may be in hallazgos of several rules: the sums are of hallazgos, not of spending.
    """
    tallies: dict[str, Counter[str]] = {}
    for key, each in _keyed(totals, field):
        if each.estado != "desechado":
            name = "hecho" if each.estado == "adoptado" else "abierto"
            tallies.setdefault(key, Counter()).update({"n": each.cuantos, name: each.monto})
    found = [Risk(key, tally["n"], tally["abierto"], tally["hecho"]) for key, tally in tallies.items()]
    return sorted(found, key=lambda each: (-each.monto, each.clave))


@dataclass(frozen=True, slots=True)
class Found:
    """Hallazgos under one key, whatever was done with them."""

    clave: str
    hallazgos: int


def found_by(totals: Totals, field: str) -> list[Found]:
    """Count the hallazgos by BOOKS, STATE, RULE or SUBJECT."""
    counted: Counter[str] = Counter()
    for key, each in _keyed(totals, field):
        counted[key] += each.cuantos
    return [Found(key, many) for key, many in counted.items()]
