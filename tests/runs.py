"""Write a snapshot and a run with what it found, as the service does: whole, and in the scope that no request has."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from sif.audit.models import Corrida, Hallazgo, Instantanea
from sif.audit.services import give_matters
from sif.registry import clock
from sif.registry.models import Etapa
from sif.registry.scope import registering


def new_run(etapa: Etapa, digest: str = "0" * 64, moment: datetime | None = None, corte: date | None = None) -> Corrida:
    """A run over a new snapshot of a stage, without files; what it finds enters in the same transaction."""
    when = moment or clock.now()
    with registering():
        frozen = Instantanea.objects.create(
            etapa=etapa, digest=digest, corte_el=corte or clock.today(), hecha_el=when, manifiesto={}
        )
    return run_again(frozen, when)


def run_again(frozen: Instantanea, moment: datetime | None = None) -> Corrida:
    """Another run over a snapshot, with nothing found yet."""
    when = moment or clock.now()
    with registering():
        return Corrida.objects.create(instantanea=frozen, inicio_el=when, fin_el=when, reglas_digest="0" * 64)


def found_later(corrida: Corrida, new: Iterable[Hallazgo] = ()) -> Corrida:
    """A later run over the same snapshot, which finds all that one found and these besides."""
    with transaction.atomic():
        later = run_again(corrida.instantanea)
        rows = [*corrida.hallazgos.order_by("pk"), *new]
        for row in rows:
            row.pk, row.corrida, row._state.adding = None, later, True
        give_matters(later, rows)
        Hallazgo.objects.bulk_create(rows)
    return later


def find(**fields: Any) -> Hallazgo:
    """Write what a run found, with its matter."""
    row = Hallazgo(**fields)
    give_matters(row.corrida, [row])
    row.save(force_insert=True)
    return row
