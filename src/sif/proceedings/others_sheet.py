"""Say in a resolución what a conclusion is to others than its subject: who else answers, and who decides the rest."""

from collections.abc import Iterator

from django.conf import settings

from sif.law.offenders import offender_kind
from sif.law.sanctions import imposed_text
from sif.notices.sheet import Block, fact, paragraph
from sif.proceedings.machine import acts
from sif.proceedings.sanctioning import Reckoning
from sif.registry.models import Contabilidad
from sif.values.texts import capitalized


def told_of(row: Reckoning) -> Iterator[Block]:
    """Yield the consequences that the law leaves to who decides them."""
    for vista in row.vistas:
        yield fact("Vista", f"Al {vista['decide']}, que decide: {vista['consecuencia']} ({vista['articulo']})")


def of_another(row: Reckoning) -> Iterator[Block]:
    """Yield whose fault it is that the books of the subject show, on whom the resolución imposes nothing."""
    names, fine = ", ".join(_candidates(row)), row.terms.clase.must("multa", row.terms.fecha)
    whose = f" La infracción es de {names}." if names else ""
    yield paragraph(
        f"Sanción. {' '.join(row.calculada.trabajo)}{whose} Se analiza por separado: cabe amonestación pública o multa "
        f"de hasta {fine.maximo:,} UMA ({fine.articulo}). Esta resolución no la impone.",
        row.calculada.articulo,
    )
    yield fact("Se impone", capitalized(imposed_text(row.calculada.forma, "")))
    yield from told_of(row)


def _candidates(row: Reckoning) -> list[str]:
    """Return the persons whose candidacy or pre-candidacy the books of a conclusion are, by name."""
    books = Contabilidad.objects.filter(hallazgos__in=row.conclusion.observacion.hallazgos.all())
    return sorted(set(books.filter(candidatura__isnull=False).values_list("candidatura__persona__nombre", flat=True)))


def jointly(row: Reckoning) -> Iterator[Block]:
    """Yield the paragraph on the candidates jointly liable for a report, on whom the resolución imposes nothing."""
    day = row.terms.fecha
    rule = acts()["responsables_solidarios"].get(row.conclusion.dictamen.etapa.tipo)
    if rule is None or row.terms.clase.clave != "partido" or row.criterion.clave not in rule["conductas"]:
        return
    if names := _candidates(row):
        kind = offender_kind(rule["persona"], settings.JURISDICTION)
        fine = kind.must("multa", day)
        yield paragraph(
            f"Responsabilidad solidaria. {', '.join(names)} {'responde' if len(names) == 1 else 'responden'} también "
            f"del informe y su infracción se analiza por separado: cabe amonestación pública o multa de hasta "
            f"{fine.maximo:,} UMA ({fine.articulo}). Esta resolución no la impone.",
            rule["articulo"],
        )
