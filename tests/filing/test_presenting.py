"""A signed report is presented once, judged by what the server rebuilds; each refusal has its code, leaves nothing."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.db import Error, connection, transaction

from filing.campaign import CURP, RFC, Campaign, Officer, make_campaign, on, opened
from public_data import public
from sat_pruebas import PASSWORD, believe
from sif.books.models import Poliza
from sif.books.services import reverse_poliza
from sif.filing import authority, presenting, services
from sif.filing.models import Informe, Presentacion
from sif.filing.sheets import acuse_sheet
from sif.notices.sheet import plain_text
from sif.registry import clock
from sif.registry.appointments import appoint
from sif.registry.models import Periodo, Ventana
from sif.registry.scope import current_scope, registering, set_scope
from sif.registry.selectors import scope_of_user
from sif.registry.services import create_usuario, open_correction
from sif.signing import certificates, minting, revocation
from sif.signing.acuse import verify_acuse
from sif.signing.efirma import open_key
from sif.values import Refused

Caught = pytest.ExceptionInfo[Refused]


def refused_codes(act: Callable[[], object]) -> list[str]:
    before = Presentacion.objects.count()
    with pytest.raises(Refused) as refused:
        act()
    assert Presentacion.objects.count() == before
    for problem in refused.value.problems:
        assert problem.mensaje and problem.cura and problem.donde
    return [problem.codigo for problem in refused.value.problems]


def test_presenting_keeps_the_whole_act(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    informe = campaign.prepare()
    act = campaign.present(informe)
    assert (act.rfc, act.nombre, act.hoja, act.revocacion) == (RFC, "ALICIA ROSAS NÚÑEZ", 0, "desconocido")
    assert act.emisor_sha256 == campaign.mint.authority.sha256
    assert act.cadena.split("|")[9:14] == ["2024-04-01", "2024-04-30", "0", "100000", informe.contenido_sha256]
    assert verify_acuse(services.acuse_of(act)).veredicto == "ÍNTEGRO, FALTA COMPARAR LA RAÍZ"


def test_presenting_again_is_the_same_act(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    act = campaign.present(informe)
    sello = "no importa"
    again = services.present(informe, campaign.officer.cer, sello, campaign.world.clerk, trust=campaign.trust)
    assert again.pk == act.pk and Presentacion.objects.count() == 1


def test_who_waited_while_the_same_report_was_presented_hears_that_act(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    informe, officer = campaign.prepare(nil=True), campaign.officer
    sello = officer.sign(services.cadena_of(informe, officer.cer))
    real, looks = presenting._presented, list[object]()

    def late(row: Informe) -> Presentacion | None:
        looks.append(row)
        return real(row) if len(looks) > 1 else None  # at first the other had not ended

    act = services.present(informe, officer.cer, sello, campaign.world.clerk, trust=campaign.trust)
    monkeypatch.setattr(presenting, "_presented", late)
    assert services.present(informe, officer.cer, sello, campaign.world.clerk, trust=campaign.trust) == act
    assert (len(looks), Presentacion.objects.count()) == (2, 1)


def test_certificates_that_may_not_sign(campaign: Campaign, mint: minting.MintedAuthority) -> None:
    informe = campaign.prepare(nil=True)

    def with_officer(officer: Officer) -> list[str]:
        return refused_codes(lambda: campaign.present(informe, officer))

    seal = opened(minting.mint_csd(mint, RFC, CURP, "ALICIA", date(2023, 1, 1), date(2027, 1, 1)))
    stranger = minting.mint_authority(keys=iter([minting.new_key(), minting.new_key()]))
    foreign = opened(minting.mint_fiel(stranger, RFC, CURP, "ALICIA", date(2023, 1, 1), date(2027, 1, 1)))
    assert with_officer(seal) == ["es_sello"]
    assert with_officer(campaign.officer_with(hasta=date(2024, 5, 2))) == ["vencido"]
    assert with_officer(campaign.officer_with(desde=date(2024, 5, 3))) == ["aun_no_vigente"]
    assert with_officer(campaign.officer_with(rfc="GAÑE850101AB1")) == ["rfc_ajeno"]
    assert with_officer(foreign) == ["emisor_desconocido"]


def test_an_authority_that_had_ended_and_a_revoked_certificate(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    officer = campaign.officer
    sello = officer.sign(services.cadena_of(informe, officer.cer))
    ended = replace(campaign.mint.authority, hasta=datetime(2024, 5, 1, tzinfo=UTC))
    since = datetime(2024, 4, 30, 18, tzinfo=UTC)
    serie = certificates.read_certificate(officer.cer).serie
    revoked = revocation.from_list({serie: since}, "lista de prueba")
    for trust, code in (
        (replace(campaign.trust, authorities=(ended,)), "emisor_vencido"),
        (replace(campaign.trust, revocation=revoked), "revocado"),
    ):
        assert refused_codes(
            lambda trust=trust: services.present(informe, officer.cer, sello, campaign.world.clerk, trust=trust)
        ) == [code]


def test_seals_that_do_not_hold(campaign: Campaign) -> None:
    informe, other = campaign.prepare(nil=True), campaign.prepare(campaign.berta, nil=True)
    officer, clerk, trust = campaign.officer, campaign.world.clerk, campaign.trust
    sello = officer.sign(services.cadena_of(informe, officer.cer))
    services.cadena_of(other, officer.cer)
    one_bit = bytearray(base64.b64decode(sello))
    one_bit[7] ^= 1
    broken = base64.b64encode(bytes(one_bit)).decode()

    def present(act: Informe, cer: bytes, seal: str) -> list[str]:
        return refused_codes(lambda: services.present(act, cer, seal, clerk, trust=trust))

    assert present(informe, officer.cer, broken) == ["sello_invalido"]
    assert present(other, officer.cer, sello) == ["sello_invalido"]
    assert present(informe, campaign.officer_with().cer, sello) == ["sello_invalido"]  # its cadena was never given
    assert present(informe, b"no es un certificado", sello) == ["certificado_ilegible"]
    assert services.present(informe, officer.cer, sello, clerk, trust=trust).hoja == 0


def test_the_cadena_given_for_a_certificate_is_signed_with_that_one_and_no_other_of_the_same_key(
    campaign: Campaign,
) -> None:
    key = minting.new_key()
    renewing = replace(campaign.mint, keys=cycle([key]))
    old, new = (
        opened(minting.mint_fiel(renewing, RFC, CURP, "ALICIA ROSAS NÚÑEZ", date(2023, 1, 1), date(until, 1, 1)))
        for until in (2026, 2027)
    )
    informe, clerk = campaign.prepare(nil=True), campaign.world.clerk
    sello = old.sign(services.cadena_of(informe, old.cer))
    assert refused_codes(lambda: services.present(informe, new.cer, sello, clerk, trust=campaign.trust)) == [
        "sello_invalido"
    ]
    assert services.present(informe, old.cer, sello, clerk, trust=campaign.trust).serie == (
        certificates.read_certificate(old.cer).serie
    )


def test_a_report_whose_frozen_content_is_not_that_of_its_digest_is_not_presented(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    officer, clerk, trust = campaign.officer, campaign.world.clerk, campaign.trust
    sello = officer.sign(services.cadena_of(informe, officer.cer))
    told = dict(informe.contenido)
    informe.contenido = {**told, "nota": "Otra"}  # what same figures do not tell
    assert refused_codes(lambda: services.present(informe, officer.cer, sello, clerk, trust=trust)) == [
        "informe_superado"
    ]
    informe.contenido = told
    assert refused_codes(lambda: services.present(informe, officer.cer, sello, clerk, trust=trust)) == [
        "informe_superado"  # what was found of a seal stays
    ]
    with on("2024-05-02 12:05"):
        again = officer.sign(services.cadena_of(informe, officer.cer))
        assert services.present(informe, officer.cer, again, clerk, trust=trust).hoja == 0


def test_a_cadena_is_good_for_thirty_minutes(campaign: Campaign) -> None:
    informe, other = campaign.prepare(nil=True), campaign.prepare(campaign.berta, nil=True)
    officer, clerk, trust = campaign.officer, campaign.world.clerk, campaign.trust
    sello, late = (officer.sign(services.cadena_of(each, officer.cer)) for each in (informe, other))
    with on("2024-05-02 12:30:01"):
        assert refused_codes(lambda: services.present(other, officer.cer, late, clerk, trust=trust)) == [
            "cadena_caduca"
        ]
    with on("2024-05-02 12:30:00"):
        assert services.present(
            informe, officer.cer, sello, clerk, trust=trust
        ).preparada_el == clock.now() - timedelta(minutes=30)


def test_who_may_not_present_and_a_subject_without_signer(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    world, officer = campaign.world, campaign.officer
    sello = officer.sign(services.cadena_of(informe, officer.cer))
    for person in (world.stranger, world.auditor):
        assert refused_codes(
            lambda person=person: services.present(informe, officer.cer, sello, person, trust=campaign.trust)
        ) == ["sin_permiso"]
    bare = make_campaign(campaign.mint, rfc="")
    unsigned = bare.prepare(nil=True)
    assert refused_codes(
        lambda: services.present(unsigned, officer.cer, sello, bare.world.clerk, trust=campaign.trust)
    ) == ["sin_responsable"]


def test_a_period_still_running_and_books_that_moved(campaign: Campaign) -> None:
    running = campaign.prepare(period=1, nil=True)
    assert refused_codes(lambda: campaign.present(running)) == ["periodo_en_curso"]
    informe = campaign.prepare(nil=True)
    campaign.spend(campaign.ana, "1.00", date(2024, 4, 11))
    assert refused_codes(lambda: campaign.present(informe)) == ["informe_superado"]
    newer = campaign.prepare()
    assert refused_codes(lambda: campaign.present(informe)) == ["informe_superado"]
    assert campaign.present(newer).informe.version == 2


def test_an_older_version_is_not_presented_although_the_books_say_again_what_it_said(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "100.00", date(2024, 4, 10))
    first, officer = campaign.prepare(), campaign.officer
    campaign.spend(campaign.ana, "1.00", date(2024, 4, 11))
    second = campaign.prepare()
    reverse_poliza(Poliza.objects.order_by("-pk")[0], campaign.world.clerk)
    sello = officer.sign(services.cadena_of(first, officer.cer))
    assert second.version == 2
    assert refused_codes(
        lambda: services.present(first, officer.cer, sello, campaign.world.clerk, trust=campaign.trust)
    ) == ["informe_superado"]


def test_a_period_is_presented_from_the_day_after_its_last(campaign: Campaign) -> None:
    with on("2024-04-30 23:59"):
        informe = campaign.prepare(nil=True)
        assert refused_codes(lambda: campaign.present(informe)) == ["periodo_en_curso"]
    with on("2024-05-01 00:00"):
        assert campaign.present(informe).hoja == 0


def test_the_acuse_cites_what_fixes_the_term_of_its_period(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "10.00", date(2024, 4, 11))
    act = campaign.present(campaign.prepare())
    assert "(LGPP 79.1.b.III)" in plain_text(acuse_sheet(act))
    stage = act.informe.contabilidad.etapa
    with registering():
        period = Periodo.objects.create(etapa=stage, numero=9, desde=date(2024, 2, 1), hasta=date(2024, 2, 10))
        kept = Ventana.objects.get(periodo=act.informe.periodo, tipo="normal")
        kept.pk, kept.periodo, kept.base = None, period, "LGPP 79.1.a.III"
        kept.save()
    act.informe.periodo = period
    said = plain_text(acuse_sheet(act))
    assert "(LGPP 79.1.a.III)" in said
    assert "79.1.b.III" not in said


def test_after_presenting_only_the_correction_window_makes_a_version(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "10.00", date(2024, 4, 11))
    campaign.present(campaign.prepare())
    assert refused_codes(lambda: campaign.prepare()) == ["ya_presentado"]
    world = campaign.world
    with on("2024-06-16 09:00"):
        open_correction(world.etapa, world.party, clock.now(), clock.now() + timedelta(days=5), "LGPP 80.1.d.III")
        corrected = campaign.prepare()
        assert (corrected.version, corrected.etapa_captura) == (2, "correccion")
        assert campaign.present(corrected).hoja == 1
        assert refused_codes(lambda: campaign.prepare()) == ["ya_presentado"]
    assert Ventana.objects.filter(tipo="correccion").count() == 2


@pytest.mark.parametrize("table", ["filing_informe", "filing_presentacion", "filing_preparacion"])
def test_the_database_refuses_to_change_what_was_presented(campaign: Campaign, table: str) -> None:
    campaign.present(campaign.prepare(nil=True))
    for order in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with (
            pytest.raises(Error, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(order)


@pytest.mark.parametrize("name", ["cacx7605101p8", "cañf770131pa3"])
def test_a_real_test_efirma_of_sat(campaign: Campaign, name: str, settings: Any, tmp_path: Path) -> None:
    """The authority that issued it is not among SAT's own, and is believed once the institution brings it.

    Those e.firmas ended in 2023: the campaign is of the year before.
    """
    cer = public("certs", "fiel", f"{name}.cer").read_bytes()
    key = open_key(public("certs", "fiel", f"{name}.key").read_bytes(), PASSWORD)
    cert, officer = certificates.read_certificate(cer), Officer(cer, key)
    campaign = make_campaign(campaign.mint, 2022, cert.rfc)
    clerk, settings.DATOS = campaign.world.clerk, tmp_path
    with on("2022-05-02 12:00"):
        informe = campaign.prepare(nil=True)
        sello = officer.sign(services.cadena_of(informe, cer))
        unknown = refused_codes(lambda: services.present(informe, cer, sello, clerk, trust=services.trusted()))
        assert unknown == ["emisor_desconocido"]
        believe(authority.certificates_folder())
        act = services.present(informe, cer, sello, clerk, trust=services.trusted())
    uat = next(one for one in services.trusted().authorities if one.nombre == "AC UAT")
    assert (act.rfc, act.serie, act.hoja, act.emisor_sha256) == (cert.rfc, cert.serie, 0, uat.sha256)


FORGED = (
    "INSERT INTO filing_presentacion (informe_id, recibida_el, preparada_el, cadena, sello, certificado, rfc, nombre,"
    " serie, emisor_sha256, revocacion, acuse, hoja) VALUES (%s, '2024-05-03 10:00-06', '2024-05-03 09:59-06', 'x',"
    " 'x', '', %s, 'ALICIA', '0', '', 'vigente', '{\"cadena\": \"x\"}', 0)"
)


@pytest.mark.parametrize("who", ["capturista", "responsable", "authority"])
def test_nobody_presents_by_a_statement_of_their_own(campaign: Campaign, who: str) -> None:
    """Neither who only captures nor who may present: the service alone judges a seal, and writes what it judged."""
    informe, clerk = campaign.prepare(nil=True), campaign.world.clerk
    captures = create_usuario("captu", "Captu", "", password_hash="!")
    appoint(captures, "capturista", campaign.world.party, [campaign.ana])
    person, reach = {
        "capturista": (captures, scope_of_user(captures)),
        "responsable": (clerk, scope_of_user(clerk)),
        "authority": (campaign.world.auditor, "todo"),
    }[who]
    set_scope(reach, person.pk)
    with (
        pytest.raises(Error, match="row-level security"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(FORGED, [informe.pk, RFC])


def test_who_presents_in_their_own_scope_keeps_it(campaign: Campaign) -> None:
    informe, clerk = campaign.prepare(nil=True), campaign.world.clerk
    set_scope(scope_of_user(clerk), clerk.pk)
    made = campaign.present(informe)
    assert current_scope() == scope_of_user(clerk)
    assert Presentacion.objects.get() == made
