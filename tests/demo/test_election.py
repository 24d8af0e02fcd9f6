"""A small election goes the whole way, every fault planted is found and nothing else, and its seed says it all."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from sif.demo import marker
from sif.demo.build import build, is_exact
from sif.demo.faults import NOT_PLANTED

SEED, PERCENT = 11, 4


class Undo(Exception):
    """Takes a build back."""


def facts() -> dict[str, Any]:
    """What must be equal in two elections of one seed."""
    from sif.audit.models import Hallazgo
    from sif.books.models import Comprobante, Poliza
    from sif.registry.models import Aportante, Persona, Proveedor

    return {
        "cfdi": sorted(Comprobante.objects.values_list("uuid", "total", "emisor_rfc")),
        "polizas": sorted(
            Poliza.objects.values_list("contabilidad", "periodo__numero", "subtipo", "numero", "total", "concepto")
        ),
        "personas": sorted(Persona.objects.values_list("nombre", "rfc", "curp")),
        "aportantes": sorted(Aportante.objects.values_list("nombre", "rfc", "curp")),
        "proveedores": sorted(Proveedor.objects.values_list("nombre", "rfc")),
        "hallazgos": sorted(Hallazgo.objects.values_list("regla", "contabilidad", "monto")),
    }


@pytest.fixture
def reports(db: None, settings: Any, tmp_path: Path) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Two builds of one seed, each in an installation of its own; the second one stays."""
    from sif.registry.scope import everything

    told: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for place, stays in ((0, False), (1, True)):
        settings.DATOS = tmp_path / str(place)
        settings.DATOS.mkdir()
        try:
            with transaction.atomic():
                report = build(SEED, lambda text: None, percent=PERCENT)
                with everything():
                    told.append((report, facts()))
                if not stays:
                    raise Undo
        except Undo:
            pass
    return told


def test_the_whole_chain_of_a_small_election(reports: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    from sif.audit.models import Corrida, Hallazgo
    from sif.demo.faults import Planted
    from sif.demo.truth import score
    from sif.disclosure.models import ContabilidadPublicada, SancionPublicada
    from sif.proceedings.models import Resolucion
    from sif.registry.models import Contabilidad
    from sif.registry.scope import everything

    (first, one), (second, two) = reports
    assert one == two
    assert is_exact(first), first["verdad"]
    for row in first["verdad"]["reglas"]:
        assert row["plantadas"] >= 3 or row["regla"] in NOT_PLANTED, row
    built = second["construido"]
    assert built["resoluciones votadas"] == 4
    assert built["informes omitidos"] == built["de ellos, sin movimientos"] == 1
    assert built["de ellos, tarde"] >= 2
    assert marker.look(has_rows=True).estado == "completa"
    with everything():
        assert set(Resolucion.objects.values_list("estado", flat=True)) == {"aprobada"}
        assert ContabilidadPublicada.objects.count() == Contabilidad.objects.count()
        assert SancionPublicada.objects.exists()
        corridas = list(Corrida.objects.order_by("pk"))
        found = Hallazgo.objects.filter(estado="hallazgo", regla="EV001").order_by("pk")
        told = [Planted(row.regla, row.clave, row.contabilidad_id, row.monto, "") for row in found]
        wrong = [told[0], Planted("EV001", "poliza_id=0", 1, 1, "nadie la plantó"), *told[2:]]
        judged = next(row for row in score(wrong, corridas).reglas if row.regla == "EV001")
    assert (judged.plantadas, judged.encontradas) == (len(told), len(told) - 1)
    assert judged.fallas == ("poliza_id=0: nadie la plantó",)
    assert len(judged.falsas) == 1
    assert judged.falsas[0].startswith(told[1].clave)
    assert not judged.is_exact
