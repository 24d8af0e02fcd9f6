"""Write a snapshot and a run with what it found, as the service does: whole, and in the scope that no request has."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from sif.audit.models import Corrida, Hallazgo, Instantanea, ReglaCorrida, VersionRegla
from sif.audit.services import give_matters
from sif.registry import clock
from sif.registry.models import Etapa
from sif.registry.scope import acting, registering
from sif.rulebook.rule import Rule


def new_run(
    etapa: Etapa,
    digest: str = "0" * 64,
    moment: datetime | None = None,
    corte: date | None = None,
    rules: Sequence[Rule] = (),
) -> Corrida:
    """A run over a new snapshot of a stage, without files; what it finds enters in the same transaction."""
    when = moment or clock.now()
    with registering():
        frozen = Instantanea.objects.create(
            etapa=etapa, digest=digest, corte_el=corte or clock.today(), hecha_el=when, manifiesto={}
        )
    return run_again(frozen, when, rules)


def run_again(frozen: Instantanea, moment: datetime | None = None, rules: Sequence[Rule] = ()) -> Corrida:
    """Another run over a snapshot, of some rules, with nothing found yet."""
    when, lines = moment or clock.now(), "".join(f"{rule.id} {rule.digest}\n" for rule in rules)
    digest = hashlib.sha256(lines.encode()).hexdigest() if rules else "0" * 64
    with acting():
        with registering():
            run = Corrida.objects.create(instantanea=frozen, inicio_el=when, fin_el=when, reglas_digest=digest)
            VersionRegla.objects.bulk_create((_version(rule, when) for rule in rules), ignore_conflicts=True)
        kept = VersionRegla.objects.in_bulk([_version(rule, when).digest for rule in rules], field_name="digest")
        counts = dict.fromkeys(("juzgadas", "hallazgo", "cumple", "no_aplica", "sin_dato", "monto_hallazgo"), 0)
        ReglaCorrida.objects.bulk_create(
            ReglaCorrida(
                corrida=run,
                version=kept[_version(rule, when).digest],
                regla=rule.id,
                motor="duckdb",
                segundos=0.0,
                **counts,
            )
            for rule in rules
        )
    return run


def _version(rule: Rule, when: datetime) -> VersionRegla:
    compiled = json.dumps({"regla": {"digest": rule.digest}})
    digest = hashlib.sha256(compiled.encode()).hexdigest()
    return VersionRegla(digest=digest, regla=rule.id, compilada=compiled, guardada_el=when)


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
