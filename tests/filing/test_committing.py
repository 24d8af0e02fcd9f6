"""A signature is received before its acuse is made: its hour is that of arrival, and what arrived is never lost."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from filing.campaign import Campaign, make_campaign, on
from filing.test_presenting import refused_codes
from sif.filing import log, preparing, presenting, services, tasks
from sif.filing.models import Compromiso, CompromisoSinEfecto, Informe, Presentacion
from sif.filing.selectors import is_late, obligations, ready_informes, term_of, waiting
from sif.registry import clock
from sif.registry.models import Nombramiento
from sif.registry.scope import acting, everything, registering
from sif.registry.services import appoint, create_usuario, end_nombramiento
from sif.signing import minting
from sif.signing.acuse import verify_acuse
from sif.signing.verdict import INTEGRO
from sif.values import Refused

LAST = "2024-05-03 23:59:59.999"
"""The last thousandth of the term of the reports of the first period."""


def sealed(campaign: Campaign, informe: Informe) -> str:
    return campaign.officer.sign(services.cadena_of(informe, campaign.officer.cer))


def commit(campaign: Campaign, informe: Informe, sello: str, **about: Any) -> Compromiso:
    clerk, cer = campaign.world.clerk, campaign.officer.cer
    return services.commit(informe, cer, sello, clerk, trust=campaign.trust, **about)


def test_the_hour_of_a_report_is_that_of_its_signature_whenever_its_acuse_is_made(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    with on("2024-05-03 23:45"):
        sello = sealed(campaign, informe)
    with on(LAST):
        one = commit(campaign, informe, sello)
    assert list(waiting()) == [one]
    with on("2024-05-04 00:07"):
        made = services.complete(one)
        assert made.recibida_el == one.recibido_el
        assert made.acuse["recibido_el"] == "2024-05-03T23:59:59-06:00"
        assert not is_late(made) and not waiting()


def test_an_rfc_with_enye_signs_and_its_acuse_verifies(
    db: None, settings: Any, tmp_path: Path, mint: minting.MintedAuthority
) -> None:
    settings.DATOS = tmp_path
    with everything(), on("2024-05-02 12:00"):
        campaign = make_campaign(mint, rfc="ÑANA770131AB1")
        campaign.officer = campaign.officer_with("ÑANA770131AB1")
        made = campaign.present(campaign.prepare(nil=True))
        assert made.rfc == "ÑANA770131AB1" and "|ÑANA770131AB1|" in made.cadena
        assert verify_acuse(services.acuse_of(made)).veredicto == INTEGRO


def test_a_thousandth_later_is_late_and_is_received_all_the_same(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    with on("2024-05-03 23:45"):
        sello = sealed(campaign, informe)
    with on("2024-05-04 00:00"):
        made = services.complete(commit(campaign, informe, sello))
    report = term_of(informe)
    assert report is not None and made.recibida_el == report.vence_el and is_late(made)


def test_the_same_seal_again_is_the_same_commitment_with_its_first_hour(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    sello = sealed(campaign, informe)
    first = commit(campaign, informe, sello)
    with on("2024-05-02 12:10"):
        assert commit(campaign, informe, sello) == first
    assert Compromiso.objects.get().recibido_el == first.recibido_el


def test_the_hour_that_a_browser_says_is_kept_beside_and_counts_for_nothing(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    said = clock.now() - timedelta(days=400)
    made = services.complete(commit(campaign, informe, sealed(campaign, informe), firmado_el=said))
    assert (Compromiso.objects.get().firmado_el, made.recibida_el) == (said, clock.now())


@pytest.mark.parametrize(
    "said", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1990-01-01T00:00:00-06:00"]
)
def test_an_hour_of_no_clock_is_not_kept_and_stops_no_acuse(campaign: Campaign, said: str) -> None:
    """PostgreSQL keeps an hour before year one that nobody reads back: every acuse of the worker waited behind it."""
    informe = campaign.prepare(nil=True)
    commit(campaign, informe, sealed(campaign, informe), firmado_el=datetime.fromisoformat(said))
    assert presenting.complete_waiting() == 1
    assert Compromiso.objects.get().firmado_el is None


def test_the_database_refuses_an_hour_of_no_clock(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    one = commit(campaign, informe, sealed(campaign, informe))
    row = {
        field.attname: getattr(one, field.attname) for field in Compromiso._meta.concrete_fields if field.name != "id"
    }
    with (
        acting(),
        registering(),
        transaction.atomic(),
        pytest.raises(IntegrityError, match="compromiso_hora_de_un_reloj"),
    ):
        Compromiso.objects.create(**row | {"huella": "0" * 64, "firmado_el": datetime(1990, 1, 1, tzinfo=UTC)})


def test_no_version_is_prepared_while_a_signature_waits_for_its_acuse(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    one = commit(campaign, informe, sealed(campaign, informe))
    campaign.spend(campaign.ana, "5.00", date(2024, 4, 11))
    with on("2024-05-02 12:05"):
        assert refused_codes(campaign.prepare) == ["espera_acuse"]
        assert services.complete(one).informe == informe


def test_of_two_versions_that_arrived_the_first_is_presented_whichever_is_completed(campaign: Campaign) -> None:
    first = campaign.prepare(nil=True)
    one = commit(campaign, first, sealed(campaign, first))
    campaign.spend(campaign.ana, "5.00", date(2024, 4, 11))
    with on("2024-05-02 12:05"):  # as if it had been prepared before the first was seen
        report = preparing.report_of(campaign.ana, first.periodo, first.tipo)
        assert report is not None
        content = preparing._content(campaign.ana, report, "normal", nil=False)
        with acting():
            second = preparing._save(campaign.ana, report, content, clock.now(), campaign.world.clerk)
        other = commit(campaign, second, sealed(campaign, second))
        with pytest.raises(Refused) as told:
            services.complete(other)
    assert [problem.codigo for problem in told.value.problems] == ["ya_presentado"]
    made = Presentacion.objects.get()
    assert (made.informe, made.recibida_el) == (first, one.recibido_el)


def test_two_who_sign_at_once_make_one_filing_with_the_hour_of_the_first(campaign: Campaign) -> None:
    informe, other = campaign.prepare(nil=True), campaign.officer_with()
    sello = sealed(campaign, informe)
    second_seal = other.sign(services.cadena_of(informe, other.cer))
    first = commit(campaign, informe, sello)
    with on("2024-05-02 12:01"):
        second = services.commit(informe, other.cer, second_seal, campaign.world.clerk, trust=campaign.trust)
        made = services.complete(second)
        assert (made.recibida_el, made.serie) == (first.recibido_el, first.serie)
        assert services.complete(first) == made and not waiting()


def test_what_a_process_that_died_left_signed_is_completed_by_the_worker(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    one = commit(campaign, informe, sealed(campaign, informe))
    with on("2024-05-02 12:02"):
        tasks.complete_those_that_wait(0)
        tasks.complete_those_that_wait(0)
    assert Presentacion.objects.get().recibida_el == one.recibido_el


def test_one_that_breaks_waits_and_stops_no_other(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, whole = campaign.prepare(nil=True), campaign.prepare(campaign.berta, nil=True)
    for each in (broken, whole):
        commit(campaign, each, sealed(campaign, each))
    real: Callable[..., Any] = presenting.build_acuse

    def breaks(campos: Any, *about: Any) -> Any:
        if campos.folio == broken.folio:
            raise OSError("el disco")
        return real(campos, *about)

    monkeypatch.setattr(presenting, "build_acuse", breaks)
    assert presenting.complete_waiting() == 1
    assert [one.informe_id for one in waiting()] == [broken.pk]
    assert Presentacion.objects.get().informe_id == whole.pk


def test_two_of_the_same_report_are_completed_as_one(campaign: Campaign) -> None:
    informe, other = campaign.prepare(nil=True), campaign.officer_with()
    second_seal = other.sign(services.cadena_of(informe, other.cer))
    commit(campaign, informe, sealed(campaign, informe))
    services.commit(informe, other.cer, second_seal, campaign.world.clerk, trust=campaign.trust)
    assert presenting.complete_waiting() == 1 and not waiting()


def test_the_log_of_all_is_held_when_the_acuse_is_made_already(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def noted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*about: Any) -> Any:
            asked.append(name)
            return real(*about)

        return called

    for name in ("build_acuse", "next_leaf"):
        monkeypatch.setattr(presenting, name, noted(name, getattr(presenting, name)))
    informe = campaign.prepare(nil=True)
    services.complete(commit(campaign, informe, sealed(campaign, informe)))
    assert asked == ["build_acuse", "next_leaf"]


def test_a_seal_that_holds_and_comes_too_late_is_kept_with_the_reason(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    sello = sealed(campaign, informe)
    with on("2024-05-02 12:30:01"):
        one = commit(campaign, informe, sello)
        assert [told["codigo"] for told in one.sin_efecto.problemas] == ["cadena_caduca"]
        with pytest.raises(Refused) as again:
            services.complete(one)
    assert [problem.codigo for problem in again.value.problems] == ["cadena_caduca"]
    assert not waiting() and not Presentacion.objects.exists()


def test_a_clock_that_stepped_back_behind_the_cadena_makes_it_late_and_loses_nothing(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    sello = sealed(campaign, informe)
    with on("2024-05-02 11:59"):
        assert commit(campaign, informe, sello).sin_efecto.problemas[0]["codigo"] == "cadena_caduca"


def test_what_does_not_hold_is_refused_and_nothing_of_it_is_kept(campaign: Campaign) -> None:
    informe, other = campaign.prepare(nil=True), campaign.prepare(campaign.berta, nil=True)
    sello = sealed(campaign, informe)
    services.cadena_of(other, campaign.officer.cer)
    world = campaign.world
    assert refused_codes(lambda: commit(campaign, other, sello)) == ["sello_invalido"]
    assert refused_codes(
        lambda: services.commit(informe, campaign.officer.cer, sello, world.stranger, trust=campaign.trust)
    ) == ["sin_permiso"]
    assert not Compromiso.objects.exists()


def test_books_that_move_after_a_signature_arrived_do_not_undo_it(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    informe = campaign.prepare()
    one = commit(campaign, informe, sealed(campaign, informe))
    campaign.spend(campaign.ana, "5.00", date(2024, 4, 11))
    assert services.complete(one).recibida_el == one.recibido_el


def test_books_that_moved_before_it_arrived_leave_it_without_effect_and_another_version_is_presented(
    campaign: Campaign,
) -> None:
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    informe = campaign.prepare()
    sello = sealed(campaign, informe)
    campaign.spend(campaign.ana, "5.00", date(2024, 4, 11))
    one = commit(campaign, informe, sello)
    campaign.spend(campaign.ana, "7.00", date(2024, 4, 12))  # so that the figures of that hour are no longer at hand
    assert refused_codes(lambda: services.complete(one)) == ["informe_superado"]
    assert CompromisoSinEfecto.objects.get().compromiso_id == one.pk
    assert campaign.present(campaign.prepare()).informe.version == 2


def test_what_arrived_is_neither_omitted_nor_waiting_to_be_signed(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    assert ready_informes([campaign.ana]) == [informe]
    one = commit(campaign, informe, sealed(campaign, informe))
    assert ready_informes([campaign.ana]) == []
    with on("2024-05-05 10:00"):
        owed = obligations(campaign.ana)[0]
        assert (owed.estado, owed.recibida_el) == ("presentado", one.recibido_el)


def test_the_place_in_the_log_is_that_of_the_acuse(campaign: Campaign) -> None:
    informe, other = campaign.prepare(nil=True), campaign.prepare(campaign.berta, nil=True)
    one = commit(campaign, informe, sealed(campaign, informe))
    assert log.next_leaf() == 0
    campaign.present(other)
    assert services.complete(one).hoja == 1


def dismissed(campaign: Campaign) -> None:
    """Who signs stops being Responsable de Finanzas now."""
    clerk, admin = campaign.world.clerk, create_usuario("administra", "Administra", None)
    appoint(admin, Nombramiento.Rol.ADMINISTRADOR)
    held = Nombramiento.objects.get(usuario=clerk, rol="responsable_finanzas", delegado_de=None)
    end_nombramiento(held, "Renunció", admin)


def test_what_was_signed_by_who_lost_the_role_before_its_acuse_is_filed_at_its_hour(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    one = commit(campaign, informe, sealed(campaign, informe))
    with on("2024-05-02 12:05"):
        dismissed(campaign)
    with on("2024-05-02 12:10"):
        assert presenting.complete_waiting() == 1 and not waiting()
    made = Presentacion.objects.get()
    assert (made.recibida_el, made.rfc) == (one.recibido_el, campaign.world.clerk.rfc)
    assert verify_acuse(services.acuse_of(made)).veredicto == INTEGRO


def test_a_seal_that_comes_once_its_signer_lost_the_role_is_refused_and_nothing_is_kept(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    sello = sealed(campaign, informe)
    with on("2024-05-02 12:05"):
        dismissed(campaign)
    with on("2024-05-02 12:10"):
        assert refused_codes(lambda: commit(campaign, informe, sello)) == ["sin_permiso"]
    assert not Compromiso.objects.exists()
