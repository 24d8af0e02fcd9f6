"""Compare two runs of the rulebook over one stage: new, persisting and cured hallazgos."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from sif.audit.models import Corrida, Hallazgo, ReglaCorrida

ESTADOS = ("nuevo", "persiste", "subsanado")


@dataclass(frozen=True, slots=True)
class Changes:
    """Hallazgos by what became of them since `anterior`; the identity of one is its rule and its key.

    subsanados are rows of `anterior`; those of a rule that did not run again are in sin_revisar, not cured.
    """

    corrida: Corrida
    anterior: Corrida | None
    nuevos: QuerySet[Hallazgo]
    persisten: QuerySet[Hallazgo]
    subsanados: QuerySet[Hallazgo]
    sin_revisar: QuerySet[Hallazgo]


def previous_run(corrida: Corrida) -> Corrida | None:
    """Return the run of that stage before this one, or None."""
    same = Corrida.objects.filter(instantanea__etapa=corrida.instantanea.etapa_id, pk__lt=corrida.pk)
    return same.order_by("-pk").first()


def changes(corrida: Corrida, anterior: Corrida | None = None) -> Changes:
    """Compare the hallazgos of a run with the hallazgos of another run of its stage, by default the run before.

    Without an earlier run, every hallazgo is new.
    """
    before = anterior or previous_run(corrida)
    now = Hallazgo.objects.filter(corrida=corrida, estado="hallazgo").order_by("regla", "clave")
    if before is None:
        return Changes(corrida, None, now, now.none(), now.none(), now.none())
    then = Hallazgo.objects.filter(corrida=before, estado="hallazgo").order_by("regla", "clave")
    gone = then.filter(~Exists(_same(corrida)))
    ran = Exists(ReglaCorrida.objects.filter(corrida=corrida, regla=OuterRef("regla")))
    return Changes(
        corrida,
        before,
        now.filter(~Exists(_same(before))),
        now.filter(Exists(_same(before))),
        gone.filter(ran),
        gone.filter(~ran),
    )


def _same(corrida: Corrida) -> QuerySet[Hallazgo]:
    return Hallazgo.objects.filter(corrida=corrida, estado="hallazgo", regla=OuterRef("regla"), clave=OuterRef("clave"))


def state_of(hallazgo: Hallazgo) -> str:
    """«nuevo» or «persiste»: whether the run before found the same key."""
    before = previous_run(hallazgo.corrida)
    found = (
        before is not None
        and Hallazgo.objects.filter(
            corrida=before, estado="hallazgo", regla=hallazgo.regla, clave=hallazgo.clave
        ).exists()
    )
    return ESTADOS[1] if found else ESTADOS[0]


def counts(since: Changes) -> Iterable[tuple[str, int]]:
    """(word, how many) of each kind of change."""
    return zip(ESTADOS, (since.nuevos.count(), since.persisten.count(), since.subsanados.count()), strict=True)
