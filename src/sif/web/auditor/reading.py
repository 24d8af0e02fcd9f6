"""Compute the figures of a run for pages: examined, found, decided."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from sif.audit.models import Cobertura, Corrida, Hallazgo
from sif.audit.review_totals import Totals
from sif.audit.selectors import Progress, RuleCoverage, coverage_of, progress_of
from sif.books.selectors import count_of
from sif.registry.models import Contabilidad, Etapa
from sif.values import Money


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a run and of its review, with the pólizas and contabilidades of the snapshot and of today."""

    corrida: Corrida
    polizas: int
    polizas_hoy: int
    contabilidades: int
    contabilidades_hoy: int
    avance: Progress
    reglas: tuple[RuleCoverage, ...]

    @property
    def revisados(self) -> int:
        """Hallazgos decided."""
        return self.avance.adoptados + self.avance.desechados

    @property
    def despues(self) -> int:
        """Pólizas recorded after the snapshot was frozen, which no rule of this run has seen."""
        return max(0, self.polizas_hoy - self.polizas)

    @property
    def juzgadas(self) -> int:
        """Rows judged by all the rules."""
        return sum(rule.juzgadas for rule in self.reglas)

    @property
    def sin_dato(self) -> int:
        """Rows that could not be judged."""
        return sum(rule.sin_dato for rule in self.reglas)

    @property
    def monto(self) -> Money:
        """Centavos at risk in all hallazgos."""
        return Money(self.avance.monto)

    def by_rule(self, regla: str) -> RuleCoverage | None:
        """Return the coverage of one rule, or None when it did not run."""
        return next((row for row in self.reglas if row.regla == regla), None)


def figures_of(corrida: Corrida, totals: Totals) -> Figures:
    """Return the figures of a run."""
    etapa: Etapa = corrida.instantanea.etapa
    tables = corrida.instantanea.manifiesto.get("tables", {})
    books = list(Contabilidad.objects.filter(etapa=etapa).values_list("pk", flat=True))
    judged = Cobertura.objects.filter(corrida=corrida).aggregate(n=Count("contabilidad", distinct=True))["n"]
    return Figures(
        corrida,
        int(tables.get("polizas", {}).get("rows", 0)),
        count_of(books),
        judged,
        len(books),
        progress_of(totals),
        tuple(coverage_of(corrida)),
    )


def undecided_reasons(corrida: Corrida) -> list[dict[str, object]]:
    """Rows without a datum by rule and reason, with an example of what the rule says of them."""
    rows = (
        Hallazgo.objects.filter(corrida=corrida, estado="sin_dato")
        .values("regla", "resultado")
        .annotate(cuantos=Count("pk"), monto=Sum("monto"))
        .order_by("-cuantos", "regla")
    )
    return [dict(row) for row in rows]
