"""Take row locks in one order: etapa, sujeto, contabilidad by number, then their dependants.

An act locks first and reads after, in the same transaction: what it read before its lock may have changed. The locks
are NO KEY, because a plain FOR UPDATE makes every insert that references the row wait.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet

from sif.registry.models import Contabilidad, Etapa, SujetoObligado


def lock_etapa(etapa_id: int) -> Etapa:
    """Lock a stage until the transaction ends and return it as it stands."""
    return _held(Etapa.objects.filter(pk=etapa_id)).get()


def lock_sujeto(sujeto_id: int) -> SujetoObligado:
    """Lock a subject until the transaction ends and return it as it stands."""
    return _held(SujetoObligado.objects.filter(pk=sujeto_id)).get()


def lock_sujetos(sujeto_ids: Iterable[int]) -> list[SujetoObligado]:
    """Lock several subjects in order of id, whatever order they were given in."""
    return list(_held(SujetoObligado.objects.filter(pk__in=set(sujeto_ids))).order_by("pk"))


def lock_contabilidades(contabilidad_ids: Iterable[int]) -> list[Contabilidad]:
    """Lock several contabilidades by their number, whatever order they were given in."""
    return list(_held(Contabilidad.objects.filter(pk__in=set(contabilidad_ids))).order_by("pk"))


def hold(word: str, *, shared: bool = False) -> None:
    """Wait for whoever holds a word, and hold it until the transaction ends: for what has no row to lock yet.

    shared: beside others that only read what it guards, who wait for one that writes it and not for each other.
    """
    take = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {take}(hashtext(%s))", [word])


def _held[M: (Etapa, SujetoObligado, Contabilidad)](rows: QuerySet[M]) -> QuerySet[M]:
    return rows.select_for_update(no_key=True, of=("self",))
