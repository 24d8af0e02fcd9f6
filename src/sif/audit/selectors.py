"""Query the last run of a stage, its hallazgos and the state of their review."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from sif.audit.models import Cobertura, Corrida, Hallazgo, Observacion
from sif.audit.review_progress import review_counts
from sif.audit.review_totals import Totals
from sif.registry.models import Etapa, SujetoObligado


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """The coverage of one rule in a run: rows by state and centavos in hallazgo."""

    regla: str
    juzgadas: int
    hallazgo: int
    cumple: int
    no_aplica: int
    sin_dato: int
    monto: int


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of the review of a run: hallazgos in all, adopted and dismissed, and the centavos at risk."""

    hallazgos: int
    adoptados: int
    desechados: int
    monto: int

    @property
    def pendientes(self) -> int:
        """Hallazgos that nobody has decided."""
        return self.hallazgos - self.adoptados - self.desechados


def last_run(etapa: Etapa) -> Corrida | None:
    """Return the last run of the rulebook over a stage, or None."""
    runs = Corrida.objects.filter(instantanea__etapa=etapa).select_related("instantanea__etapa__proceso")
    return runs.order_by("-pk").first()


def runs_of(etapa: Etapa) -> QuerySet[Corrida]:
    """Return the runs over a stage, the last first, with the number of their rules and of what they found."""
    counted = Corrida.objects.filter(instantanea__etapa=etapa).annotate(
        cuantas=Count("reglas"), encontrados=Sum("reglas__hallazgo", default=0)
    )
    return counted.order_by("-pk")


def hallazgos_of(corrida: Corrida) -> QuerySet[Hallazgo]:
    """Return the hallazgos of a run with what a list shows, by money at risk."""
    return (
        Hallazgo.objects.filter(corrida=corrida)
        .select_related("contabilidad__sujeto", "contabilidad__candidatura__persona", "corrida__instantanea__etapa")
        .order_by("-monto", "-pk")
    )


def coverage_of(corrida: Corrida, *rules: str) -> list[RuleCoverage]:
    """Return the coverage of each rule in a run, or of the named rules, in order of rule.

    juzgadas = hallazgo + cumple + no_aplica + sin_dato.
    """
    own = Cobertura.objects.filter(corrida=corrida)
    rows = (
        (own.filter(regla__in=rules) if rules else own)
        .values("regla")
        .annotate(
            s1=Sum("juzgadas"),
            s2=Sum("hallazgo"),
            s3=Sum("cumple"),
            s4=Sum("no_aplica"),
            s5=Sum("sin_dato"),
            monto=Sum("monto_hallazgo"),
        )
        .order_by("regla")
        .values_list("regla", "s1", "s2", "s3", "s4", "s5", "monto")
    )
    return [RuleCoverage(*row) for row in rows]


def progress_of(totals: Totals) -> Progress:
    """Return the review progress of a run, decisions in other runs of its stage included, and the centavos at risk."""
    counted = review_counts(totals)
    return Progress(counted["hallazgos"], counted["adoptados"], counted["desechados"], counted["monto"])


def current_observaciones() -> QuerySet[Observacion]:
    """Return the version in force of each observación."""
    return Observacion.objects.filter(reemplazada_por=None)


def standing_observaciones(etapa: Etapa) -> QuerySet[Observacion]:
    """Return the version in force of the observaciones of a stage, but for those left without effect."""
    return current_observaciones().filter(etapa=etapa, sin_efecto=None)


def to_notify(etapa: Etapa, sujeto: SujetoObligado) -> QuerySet[Observacion]:
    """Return the observaciones of a subject that its oficios notify, by number: all but those left without effect."""
    return standing_observaciones(etapa).filter(sujeto=sujeto).order_by("numero")


def to_notify_summed(etapa: Etapa) -> dict[int, tuple[int, int]]:
    """Return how many observaciones wait for an oficio of each subject, and the sum of their centavos."""
    rows = standing_observaciones(etapa).filter(oficios=None).order_by().values("sujeto")
    summed = rows.annotate(n=Count("pk"), m=Sum("monto")).values_list("sujeto", "n", "m")
    return {sujeto: (count, total) for sujeto, count, total in summed}


def observaciones_of(etapa: Etapa) -> QuerySet[Observacion]:
    """Return the observaciones of a stage by subject and number."""
    return (
        current_observaciones()
        .filter(etapa=etapa)
        .select_related("sujeto", "sin_efecto")
        .order_by("sujeto__numero", "numero")
    )
