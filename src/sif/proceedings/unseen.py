"""Say which reports arrived after the books were frozen for the run on which an oficio rests."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from sif.audit.models import Observacion, ReglaCorrida
from sif.filing.models import Presentacion
from sif.proceedings.models import Oficio
from sif.proceedings.selectors import corrected_by
from sif.proceedings.wording import legal_day
from sif.registry import clock
from sif.registry.models import Etapa, Periodo, SujetoObligado
from sif.values import Problem

NAMED = 5
"""Reports that a refusal names."""


def seen_until(etapa: Etapa, observaciones: Sequence[Observacion]) -> datetime | None:
    """Return the instant to which the rules of some observaciones have seen a stage; None where one was never run.

    Each rule saw it in the last run that asked it; what all of them saw is as of the oldest of those snapshots.
    """
    rules = {row.regla for row in observaciones}
    asked = ReglaCorrida.objects.filter(corrida__instantanea__etapa=etapa, regla__in=rules)
    seen = dict(asked.values_list("regla").annotate(visto=Max("corrida__instantanea__hecha_el")).order_by())
    return min(seen.values()) if rules and seen.keys() == rules else None


def _unseen(
    etapa: Etapa,
    sujeto: SujetoObligado,
    periodo: Periodo | None,
    observaciones: Sequence[Observacion],
    seen: datetime | None,
) -> list[tuple[str, datetime]]:
    """Return the folio and the hour of the reports that arrived after an instant, the first to arrive first.

    They are those of the periods that the next oficio of a subject reviews and of what it tells, as last presented.
    """
    reviewed = corrected_by(Oficio(etapa=etapa, sujeto=sujeto, periodo=periodo), observaciones)
    of_books = {"informe__contabilidad__etapa": etapa, "informe__contabilidad__sujeto": sujeto}
    rows = Presentacion.objects.filter(informe__periodo__in=reviewed, **of_books)
    rows = rows.filter(recibida_el__gt=seen) if seen else rows
    return list(rows.order_by("recibida_el", "pk").values_list("informe__folio", "recibida_el"))


def check_seen(
    etapa: Etapa, sujeto: SujetoObligado, periodo: Periodo | None, observaciones: Sequence[Observacion]
) -> list[Problem]:
    """Return that an oficio would tell errors of books which were reported again after they were audited.

    The authority tells what it noticed in the review of the reports [LGPP 80.1.d.III].
    """
    seen = seen_until(etapa, observaciones)
    unseen = _unseen(etapa, sujeto, periodo, observaciones, seen)
    if not unseen:
        return []
    many = len(unseen)
    named = ", ".join(folio for folio, _arrived in unseen[:NAMED])
    names = f"{named} y {many - NAMED} más" if many > NAMED else named
    told = (
        f"La corrida no ha visto {many} informes que llegaron"
        if many > 1
        else "La corrida no ha visto 1 informe que llegó"
    )
    frozen = f"Los libros se congelaron el {_moment(seen)}" if seen else "Nadie ha corrido todas sus reglas"
    return [
        Problem(
            "OFICIO_SIN_VER_INFORMES",
            f"oficio de {sujeto.siglas}",
            f"{told} desde el {_moment(unseen[0][1])}: {names}. {frozen}.",
            "En «Corridas», con «Congelar y correr», congele y audite otra vez; revise lo que cambie y emítalo.",
        )
    ]


def _moment(moment: datetime) -> str:
    return f"{legal_day(moment)} a las {moment.astimezone(clock.legal_zone()):%H:%M} horas"
