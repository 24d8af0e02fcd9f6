"""The ordinary year of the demonstration: four quarters and the annual, in time, with figures worked by hand."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from sif.books.services import load_catalogs
from sif.demo.ordinary import live_ordinary_year
from sif.demo.world import build_world, key_pool
from sif.filing.figures import amount_of
from sif.filing.models import Informe
from sif.filing.selectors import obligations
from sif.filing.services import demonstration_authority
from sif.registry.models import Contabilidad, SujetoObligado
from sif.registry.scope import WHOEVER_SIGNS, everything
from sif.values import Money

SAID = ("SI", "I", "G.8", "G.9", "G", "SF", "DC", "N.1", "M.1", "M.2")


def test_a_year_is_lived_and_filed_without_moving_the_chance_of_the_rest(
    db: None, settings: Any, tmp_path: Path
) -> None:
    settings.DATOS = tmp_path
    with everything(WHOEVER_SIGNS):
        load_catalogs("mx")
        world = build_world(11, replace(demonstration_authority(), keys=key_pool(2)))
        before = world.random.getstate()
        people = SujetoObligado.objects.count()
        assert live_ordinary_year(world, 11).informes == 5
        assert (world.random.getstate(), SujetoObligado.objects.count()) == (before, people)
        books = Contabilidad.objects.get(clase="ordinaria")
        assert [(row.tipo, row.estado) for row in obligations(books)] == [
            *[("IT", "presentado")] * 4,
            ("IA", "presentado"),
        ]
        annual = Informe.objects.get(tipo="IA").contenido
        said = {line: Money(amount_of(annual, line)).plain() for line in SAID}
        rows = Informe.objects.filter(tipo="IT").order_by("periodo__numero")
        quarters = list(rows.values_list("ingresos", flat=True))
    # Twelve months of 1,250,000 and 37,500, whole before the fine of 96,000 that four of them pay; what is bought, with
    # its 16 % of VAT; twelve fees of 464; and the wear of a van of 600,000 in four years, which pays nobody.
    assert said == {
        "SI": "420000.00",
        "I": "15450000.00",
        "G.8": "5568.00",
        "G.9": "96000.00",
        "G": "5292336.00",
        "SF": "10577664.00",
        "DC": "0.00",
        "N.1": "150000.00",
        "M.1": "-99840.00",
        "M.2": "66528.00",
    }
    assert quarters == [386_250_000] * 4
