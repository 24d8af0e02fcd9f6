"""A small election goes the whole way, every fault planted is found and nothing else, and its seed says it all."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from sif.demo import marker
from sif.demo.build import build, is_exact
from sif.demo.faults import NOT_PLANTED

SEED, PERCENT = 11, 4
OFTEN = {
    "AP001", "AP002", "AP005", "AP006", "CF001", "CF011", "CF012", "EV001", "EV003", "FO002", "LI002",
    "PA001", "PR001", "RE001", "TO001", "TR001",
}  # fmt: skip
"""Rules of which three faults or more are planted at any size."""


def facts() -> dict[str, Any]:
    """What must be equal in two elections of one seed."""
    from sif.books.models import Comprobante, Poliza
    from sif.registry.models import Aportante, Persona, Proveedor

    return {
        "cfdi": sorted(Comprobante.objects.values_list("uuid", "total", "emisor_rfc")),
        "polizas": sorted(
            Poliza.objects.filter(tipo="normal").values_list(
                "contabilidad", "periodo__numero", "subtipo", "numero", "total", "concepto"
            )
        ),
        "personas": sorted(Persona.objects.values_list("nombre", "rfc", "curp")),
        "aportantes": sorted(Aportante.objects.values_list("nombre", "rfc", "curp")),
        "proveedores": sorted(Proveedor.objects.values_list("nombre", "rfc")),
    }


@pytest.fixture
def elections(db: None, settings: Any, tmp_path: Path) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """What the books of a seed hold, built and taken back; the same seed again, and the report of its whole election.

    Both are looked at when the books are built: what comes after is dated, signed and decided on them.
    """
    from sif.books.services import load_catalogs
    from sif.demo.builder import build_election
    from sif.demo.world import build_world, key_pool
    from sif.filing.services import demonstration_authority
    from sif.registry.scope import everything

    for name in ("una", "otra"):
        (tmp_path / name).mkdir()
    settings.DATOS = tmp_path / "una"
    with everything():
        load_catalogs("mx")
        with transaction.atomic():
            authority = replace(demonstration_authority(), keys=key_pool(2))
            build_election(build_world(SEED, authority, PERCENT), lambda text: None)
            once = facts()
            transaction.set_rollback(True)
    settings.DATOS = tmp_path / "otra"
    again: dict[str, Any] = {}
    report = build(SEED, lambda text: again.update(facts()) if "campaña en curso" in text else None, percent=PERCENT)
    return once, again, report


def test_the_whole_chain_of_a_small_election(elections: tuple[dict[str, Any], dict[str, Any], dict[str, Any]]) -> None:
    from sif.audit.models import Corrida, Hallazgo
    from sif.audit.verifying import strange_runs
    from sif.demo.faults import Planted
    from sif.demo.truth import score
    from sif.disclosure.models import ContabilidadPublicada, SancionPublicada
    from sif.proceedings.models import Oficio, Resolucion, Respuesta
    from sif.proceedings.selectors import conclusiones_of
    from sif.registry.elected import office_names
    from sif.registry.elections import lacks
    from sif.registry.models import Cargo, Contabilidad, Proceso
    from sif.registry.scope import everything

    once, again, report = elections
    assert once == again
    assert is_exact(report), report["verdad"]
    planted = {row["regla"]: row["plantadas"] for row in report["verdad"]["reglas"]}
    assert {rule for rule, count in planted.items() if count >= 3} >= OFTEN
    assert {rule for rule, count in planted.items() if count} >= OFTEN | {"BA002", "CF007", "CO001", "PA003"}
    assert not any(planted[rule] for rule in NOT_PLANTED)
    built = report["construido"]
    assert built["resoluciones votadas"] == 4
    assert built["informes omitidos"] == built["de ellos, sin movimientos"] == 1
    assert built["de ellos, tarde"] >= 2
    assert built["informes de un ejercicio ordinario"] == 5
    assert marker.look(has_rows=True).estado == "completa"
    with everything():
        assert set(Resolucion.objects.values_list("votacion__estado", flat=True)) == {"aprobada"}
        annual = Resolucion.objects.get(dictamen__etapa__tipo="ordinario")
        assert [row.referencia for row in conclusiones_of(annual.dictamen)].count("no_atendida") == 1
        first, second, result = Oficio.objects.filter(etapa=annual.dictamen.etapa).order_by("pk")
        assert (second.primero, second.da_plazo, result.primero, result.da_plazo) == (first, True, second, False)
        assert Respuesta.objects.filter(oficio=second).count() == second.observaciones.count() == 1
        shown = Contabilidad.objects.exclude(etapa__tipo__in=("precampana", "apoyo_ciudadano"))
        assert ContabilidadPublicada.objects.count() == shown.exclude(sujeto__tipo="observadores").count()
        assert SancionPublicada.objects.exists()
        alone = ContabilidadPublicada.objects.filter(emblema="").values_list("siglas", flat=True)
        assert set(alone) == {"CI"}  # every party and coalition is shown by its emblem
        assert set(Cargo.objects.values_list("clave", flat=True)) <= office_names().keys()
        assert "cargo_sin_candidaturas" not in {each.clave for row in Proceso.objects.all() for each in lacks(row)}
        corridas = list(Corrida.objects.order_by("pk"))
        assert list(strange_runs(connection.connection)) == []
        found = Hallazgo.objects.filter(estado="hallazgo", regla="EV001").order_by("pk")
        told = [Planted(row.regla, row.clave, row.contabilidad_id, row.monto, "") for row in found]
        wrong = [told[0], Planted("EV001", "poliza_id=0", 1, 1, "nadie la plantó"), *told[2:]]
        judged = next(row for row in score(wrong, corridas).reglas if row.regla == "EV001")
    assert (judged.plantadas, judged.encontradas) == (len(told), len(told) - 1)
    assert judged.fallas == ("poliza_id=0: nadie la plantó",)
    assert len(judged.falsas) == 1
    assert judged.falsas[0].startswith(told[1].clave)
    assert not judged.is_exact
