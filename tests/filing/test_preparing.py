"""A report is built from accounts and frozen; only different figures make a version."""

from datetime import date

import pytest

from filing.campaign import Campaign, on
from sif.filing import services
from sif.filing.figures import amount_of
from sif.registry.services import create_etapa, open_periods
from sif.signing.chain import canonical_json, sha256_hex
from sif.values import Refused


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.codigo for problem in refused.value.problems]


def test_figures_come_from_accounts_in_three_columns(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    campaign.spend(campaign.ana, "250.50", date(2024, 4, 20))
    campaign.spend(campaign.berta, "9.00", date(2024, 4, 20))
    campaign.spend(campaign.ana, "70.00", date(2024, 5, 2), period=1)
    first, second = campaign.prepare(), campaign.prepare(period=1)
    assert [amount_of(first.contenido, "II.1", column) for column in ("anterior", "periodo", "acumulado")] == [
        0,
        125_050,
        125_050,
    ]
    assert [amount_of(second.contenido, "II", column) for column in ("anterior", "periodo", "acumulado")] == [
        125_050,
        7_000,
        132_050,
    ]
    assert (first.ingresos, first.egresos, first.version) == (0, 125_050, 1)
    assert amount_of(first.contenido, "III") == -125_050
    assert first.contenido_sha256 == sha256_hex(canonical_json(first.contenido))


def test_the_same_figures_are_the_same_version_and_new_ones_a_new_one(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    first = campaign.prepare()
    campaign.spend(campaign.ana, "5.00", date(2024, 5, 1), period=1)
    assert campaign.prepare().pk == first.pk
    campaign.spend(campaign.ana, "1.00", date(2024, 4, 11))
    second = campaign.prepare()
    assert (second.version, second.folio) == (2, f"IC-{campaign.ana.pk}-P1-V2")
    assert second.contenido["libros"]["eslabon"] == 3


def test_nothing_happened_is_said_and_never_deduced(campaign: Campaign) -> None:
    # case 25
    with pytest.raises(Refused) as refused:
        campaign.prepare()
    assert codes(refused) == ["sin_movimientos_no_declarado"]
    assert campaign.prepare(nil=True).contenido["sin_movimientos"] is True
    campaign.spend(campaign.berta, "1.00", date(2024, 4, 11))
    with pytest.raises(Refused) as refused:
        campaign.prepare(campaign.berta, nil=True)
    assert codes(refused) == ["hay_movimientos"]


def test_only_those_appointed_prepare_and_only_periods_of_the_stage(campaign: Campaign) -> None:
    world = campaign.world
    for person in (world.stranger, world.auditor):
        with pytest.raises(Refused) as refused:
            services.prepare_informe(campaign.ana, world.periods[0], person, sin_movimientos=True)
        assert codes(refused) == ["sin_permiso"]
    other = create_etapa(world.etapa.proceso, "precampana", date(2024, 1, 1), date(2024, 1, 20))
    with pytest.raises(Refused) as refused:
        services.prepare_informe(campaign.ana, open_periods(other)[0], world.clerk, sin_movimientos=True)
    assert codes(refused) == ["periodo_ajeno"]


def test_a_cadena_is_the_same_within_its_minute_and_another_after(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    first = services.cadena_of(informe, campaign.officer.cer)
    assert first.startswith(f"||1.0|INFORME|IC-{campaign.ana.pk}-P1-V1|1|")
    assert "|2024-04-01|2024-04-30|0|0|" in first
    assert first.endswith("|2024-05-02T12:00:00-06:00||")
    assert services.cadena_of(informe, campaign.officer.cer) == first
    assert informe.preparaciones.count() == 1
    with on("2024-05-02 12:01"):
        assert services.cadena_of(informe, campaign.officer.cer).endswith("|2024-05-02T12:01:00-06:00||")


def test_a_cadena_given_at_an_instant_is_the_one_given_again_at_that_instant_and_not_a_minute_later(
    campaign: Campaign,
) -> None:
    informe = campaign.prepare(nil=True)
    with on("2024-05-02 12:00:30"):
        first = services.cadena_of(informe, campaign.officer.cer)
        assert services.cadena_of(informe, campaign.officer.cer) == first
    with on("2024-05-02 12:01:29"):
        assert services.cadena_of(informe, campaign.officer.cer) == first
    with on("2024-05-02 12:01:30"):
        assert services.cadena_of(informe, campaign.officer.cer) != first
    assert informe.preparaciones.count() == 2


def test_no_cadena_is_given_of_a_report_already_presented(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    campaign.present(informe)
    given = informe.preparaciones.count()
    with on("2024-05-02 13:00"), pytest.raises(Refused) as refused:
        services.cadena_of(type(informe).objects.get(pk=informe.pk), campaign.officer.cer)
    assert codes(refused) == ["ya_presentado"]
    assert informe.preparaciones.count() == given
