"""What the demonstration lives beside its campaign: reported in time, and sound in every rule."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sif.audit.models import Hallazgo
from sif.audit.services import freeze, rules_of, run
from sif.books.services import load_catalogs
from sif.demo.beforehand import live_beforehand
from sif.demo.builder import BEFORE, BEGINS, CAP_TOWN, OPENED, TOWNS
from sif.demo.operations import at
from sif.demo.world import build_process, build_world, key_pool, nominate, races
from sif.filing.models import Informe
from sif.filing.selectors import obligations
from sif.filing.services import demonstration_authority
from sif.registry import clock
from sif.registry.models import Contabilidad
from sif.registry.scope import WHOEVER_SIGNS, everything
from sif.registry.stage_days import calendar_of


def test_a_precampaign_and_an_apoyo_are_reported_and_an_observation_is_in_course(
    db: None, settings: Any, tmp_path: Path
) -> None:
    settings.DATOS = tmp_path
    with everything(WHOEVER_SIGNS):
        load_catalogs("mx")
        world = build_world(11, replace(demonstration_authority(), keys=key_pool(2)))
        spans = {"precampana": BEFORE, "apoyo_ciudadano": BEFORE, "campana": (BEGINS, BEGINS + timedelta(days=59))}
        proceso = build_process(world, "local", ("PELO-ANA-2026", "Elección"), OPENED, spans)
        campaign = nominate(world, proceso.etapas.get(tipo="campana"), "CI", races("MUN", TOWNS, CAP_TOWN)[0])
        before = world.random.getstate()
        assert live_beforehand(world, proceso, 11) == 5
        assert world.random.getstate() == before
        others = Contabilidad.objects.exclude(pk=campaign.pk)
        told = {row.tipo: row.estado for books in others for row in obligations(books)}
        assert told == {"IPR": "presentado", "IAC": "presentado", "IOE": "sin_generar"}, told
        held = Contabilidad.objects.filter(etapa__proceso=proceso, sujeto__siglas="CI")
        assert len(held) == 2 and held.values("candidatura__persona").distinct().count() == 1  # one CURP for one person
        assert sorted(row.tope or 0 for row in held) == [CAP_TOWN // 10, CAP_TOWN]  # LGIPE 374.2
        # 18,000 + 24,500 + 9,200 given; (8,400 + 6,150 + 12,300 + 9,800) and 16 % of VAT spent
        assert set(Informe.objects.values_list("ingresos", "egresos")) == {(5_170_000, 4_251_400)}
        for etapa in proceso.etapas.exclude(tipo="campana"):
            ready = calendar_of(etapa)["informe"].fecha + timedelta(days=3)
            with clock.at(at(ready, 9)):
                corrida = run(freeze(etapa, ready), rules_of(etapa))
            assert not Hallazgo.objects.filter(corrida=corrida, estado="hallazgo").exists()
