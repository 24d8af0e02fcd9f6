"""What the demonstration lives beside its campaign: reported in time, and sound in every rule."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sif.audit.models import Hallazgo
from sif.audit.services import freeze, rules_of, run
from sif.books.services import load_catalogs
from sif.demo.beforehand import live_beforehand
from sif.demo.builder import BEFORE, BEGINS, CAP_TOWN, OPENED, TOWNS
from sif.demo.operations import at
from sif.demo.world import build_process, build_world, key_pool, nominate, races
from sif.filing.models import Informe, Presentacion
from sif.filing.selectors import is_late, obligations
from sif.filing.services import acuse_of, demonstration_authority
from sif.registry import clock
from sif.registry.models import Contabilidad
from sif.registry.scope import WHOEVER_SIGNS, everything
from sif.registry.stage_days import calendar_of
from sif.signing.acuse import verify_acuse
from sif.signing.verdict import INTEGRO


def test_a_precampaign_an_apoyo_and_an_observation_are_reported_and_another_is_in_course(
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
        assert live_beforehand(world, proceso, 11) == 6
        assert world.random.getstate() == before
        others = Contabilidad.objects.exclude(pk=campaign.pk)
        told = {(row.tipo, books.etapa.termina_el.year): row.estado for books in others for row in obligations(books)}
        filed = {("IPR", 2026): "presentado", ("IAC", 2026): "presentado", ("IOE", 2024): "presentado"}
        assert told == {**filed, ("IOE", 2027): "sin_generar"}, told
        held = Contabilidad.objects.filter(etapa__proceso=proceso, sujeto__siglas="CI")
        assert len(held) == 2 and held.values("candidatura__persona").distinct().count() == 1  # one CURP for one person
        assert sorted(row.tope or 0 for row in held) == [CAP_TOWN // 10, CAP_TOWN]  # LGIPE 374.2
        # 18,000 + 24,500 + 9,200 given; (8,400 + 6,150 + 12,300 + 9,800) and 16 % of VAT spent
        before_voting = Informe.objects.exclude(tipo="IOE")
        assert set(before_voting.values_list("ingresos", "egresos")) == {(5_170_000, 4_251_400)}
        # 22,000 + 18,500 given; (6,200 + 9,350 + 14,800) and 16 % of VAT spent
        [observed] = Presentacion.objects.filter(informe__tipo="IOE").select_related("informe")
        assert (observed.informe.ingresos, observed.informe.egresos) == (4_050_000, 3_520_600)
        assert (observed.recibida_el.date(), is_late(observed)) == (date(2024, 6, 8), False)
        assert verify_acuse(acuse_of(observed)).veredicto == INTEGRO
        observation = observed.informe.contabilidad.etapa
        for etapa in (*proceso.etapas.exclude(tipo="campana"), observation):
            ready = calendar_of(etapa)["informe"].fecha + timedelta(days=3)
            with clock.at(at(ready, 9)):
                corrida = run(freeze(etapa, ready), rules_of(etapa))
            found = Hallazgo.objects.filter(corrida=corrida, estado="hallazgo")
            assert list(found.values_list("regla", "clave")) == []
