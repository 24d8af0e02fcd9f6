"""Compute how far the review has come, what cannot end in time, and the amounts at risk."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, TruncDate

from sif.audit.models import Corrida, Descarte, Hallazgo, Observacion, Propuesta
from sif.audit.review_selectors import NOBODY, with_review
from sif.registry import clock
from sif.registry.models import Etapa

WINDOW = 7  # natural days whose decisions give the pace
RULE, SUBJECT, PERSON = "regla", "contabilidad__sujeto", "asignado"
BOOKS, STATE = "contabilidad", "entidad"
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
        """The day it would finish at the pace of the window; None when nobody decided anything in it."""
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


def review_counts(corrida: Corrida) -> Mapping[str, int]:
    """Hallazgos of a run by how they stand, and centavos (monto).

    esperan, sin_asignar and «de N», those that person N has, are among the pendientes; what is not there is 0.
    """
    etapa = corrida.instantanea.etapa
    names = ("estado", "adoptado", "desechado", "propuesto", "en_espera", "asignado")
    rows = with_review(Hallazgo.objects.filter(corrida=corrida), etapa).order_by()
    counted: Counter[str] = Counter()
    for estado, adopted, dropped, proposed, waits, who, many, amount in (
        rows.values(*names).annotate(n=Count("pk"), suma=Sum("monto")).values_list(*names, "n", "suma")
    ):
        if estado != "hallazgo":
            counted["sin_dato"] += many
            continue
        state = "adoptados" if adopted else "desechados" if dropped else "propuestos" if proposed else "pendientes"
        counted.update({"hallazgos": many, "monto": amount, state: many})
        if state == "pendientes":
            counted.update({"esperan": many * waits, "sin_asignar": many * (who == NOBODY), f"de {who}": many})
    return counted


def advance_by(corrida: Corrida, field: str) -> list[Advance]:
    """The review by RULE, SUBJECT or PERSON (key "0": nobody), the largest open amount first."""
    rows = with_review(Hallazgo.objects.filter(corrida=corrida, estado="hallazgo"), corrida.instantanea.etapa)
    days, done = _pace(corrida, field)
    tallies: dict[str, Counter[str]] = {}
    for key, adopted, dropped, proposed, many, amount in _tallied(rows, field):
        tally = tallies.setdefault(str(key), Counter())
        state = "decididos" if adopted or dropped else "propuestos" if proposed else "pendientes"
        tally.update({"hallazgos": many, state: many})
        if state == "pendientes":
            tally["monto"] += amount
    lines = [
        Advance(
            key, tally["hallazgos"], tally["decididos"], tally["propuestos"], tally["pendientes"], tally["monto"],
            done.pop(key, 0), days,
        )
        for key, tally in tallies.items()
    ]  # fmt: skip
    if field == PERSON:  # somebody may decide what is given to others
        lines += [Advance(who, 0, 0, 0, 0, 0, many, days) for who, many in done.items()]
    return sorted(lines, key=lambda each: (-each.monto_pendiente, -each.pendientes, each.clave))


def _tallied(rows: QuerySet[Hallazgo], field: str) -> list[tuple[Any, bool, bool, bool, int, int]]:
    """(key, adoptado, desechado, propuesto, hallazgos, centavos) of hallazgos read by with_review."""
    names = [field, "adoptado", "desechado", "propuesto"]
    grouped = rows.order_by().values(*names).annotate(n=Count("pk"), suma=Sum("monto"))
    return list(grouped.values_list(*names, "n", "suma"))


def whole(lines: Iterable[Advance]) -> Advance:
    """The sum of lines of one kind."""
    rows = list(lines)
    names = ("hallazgos", "decididos", "propuestos", "pendientes", "monto_pendiente", "hechos")
    sums = {name: sum(getattr(row, name) for row in rows) for name in names}
    return Advance(clave="", dias=max((row.dias for row in rows), default=1), **sums)


def done_by_day(corrida: Corrida, days: int) -> dict[date, int]:
    """Hallazgos that people proposed or decided on each of the last days, that of today included and none left out.

    It begins with the day of the snapshot: nothing of a run could be decided before.
    """
    since = _since(corrida, days)
    done = {since + timedelta(days=n): 0 for n in range((clock.today() - since).days + 1)}
    zone = clock.legal_zone()
    for rows, _person, when in _decided(corrida, since):
        by_day = rows.order_by().values_list(TruncDate(when, tzinfo=zone)).annotate(n=Count("pk"))
        for day, many in by_day:
            done[day] = done.get(day, 0) + many
    return done


def _since(corrida: Corrida, days: int) -> date:
    return max(clock.legal_day(corrida.instantanea.hecha_el), clock.today() - timedelta(days=days - 1))


def _decided(corrida: Corrida, since: date) -> tuple[tuple[QuerySet[Any], str, str], ...]:
    """What people proposed, adopted and dismissed since a day, each once, with who (a path) and when (another)."""
    etapa: Etapa = corrida.instantanea.etapa
    start = clock.midnight(since)
    proposed = Propuesta.objects.filter(asunto__etapa=etapa, propuesta_el__gte=start).filter(
        Q(resuelta__isnull=True) | Q(resuelta__sentido="confirmada")
    )
    confirmed = Exists(Propuesta.objects.filter(hallazgo=OuterRef("hallazgo"), resuelta__sentido="confirmada"))
    adopted = _IN_OBSERVACION.objects.filter(
        ~confirmed, observacion__etapa=etapa, observacion__adoptada_el__gte=start, observacion__reemplazada_por=None
    )
    dropped = Descarte.objects.filter(~confirmed, hallazgo__corrida__instantanea__etapa=etapa, hecho_el__gte=start)
    return (
        (proposed, "propuesta_por", "propuesta_el"),
        (adopted, "observacion__adoptada_por", "observacion__adoptada_el"),
        (dropped, "hecho_por", "hecho_el"),
    )


def _pace(corrida: Corrida, field: str) -> tuple[int, dict[str, int]]:
    """Days of the window, and hallazgos that people proposed or decided in it by key."""
    since = _since(corrida, WINDOW)
    done: dict[str, int] = {}
    for rows, person, _when in _decided(corrida, since):
        path = person if field == PERSON else f"hallazgo__{field}"
        for key, many in rows.values_list(path).annotate(n=Count("pk")).order_by():
            done[str(key)] = done.get(str(key), 0) + many
    return max(1, (clock.today() - since).days + 1), done


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
            "contabilidad__candidatura__territorio__entidad", "contabilidad__etapa__proceso__entidad", Value(""),
            output_field=CharField(),
        )
    )  # fmt: skip


def states_of(rows: QuerySet[Hallazgo]) -> list[str]:
    """The keys of the states that hallazgos are in, in order; those of the whole country have none."""
    field = STATE
    return sorted(key for key in set(with_state(rows).order_by().values_list(field, flat=True)) if key)


def risk_by(corrida: Corrida, field: str) -> list[Risk]:
    """What is at risk by BOOKS, STATE, RULE or SUBJECT, dismissed hallazgos left out, the largest first.

    The same peso may be in hallazgos of several rules: the sums are of hallazgos, not of spending.
    """
    rows = with_review(Hallazgo.objects.filter(corrida=corrida, estado="hallazgo"), corrida.instantanea.etapa)
    tallies: dict[str, Counter[str]] = {}
    for key, adopted, dropped, _proposed, many, amount in _tallied(with_state(rows), field):
        if adopted or not dropped:
            tallies.setdefault(str(key), Counter()).update({"n": many, "hecho" if adopted else "abierto": amount})
    found = [Risk(key, tally["n"], tally["abierto"], tally["hecho"]) for key, tally in tallies.items()]
    return sorted(found, key=lambda each: (-each.monto, each.clave))
