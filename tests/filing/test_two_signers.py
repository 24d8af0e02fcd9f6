"""A report of two signers: the first signature is kept, the second one presents it, and there is one filing or none."""

import base64
from datetime import date
from typing import Any

import pytest
from django.db import connection

from filing.campaign import CURP, on, opened
from filing.ordinary import BANKS, MEMBERS, Ordinary
from rfcs import new_rfc
from sif.duties.handover import pending_of
from sif.filing import services
from sif.filing.committing import arrivals_of, signatures_of
from sif.filing.models import Compromiso, CompromisoSinEfecto, Informe, Presentacion
from sif.filing.presenting import complete_waiting
from sif.filing.selectors import half_signed, is_late, obligations, ready, ready_informes
from sif.filing.sheets import acuse_sheet
from sif.filing.signers import asked_by, lacked_by, lacking_of, people_for, second_of
from sif.filing.verifying import COMMITMENTS
from sif.filing.withdrawing import withdraw
from sif.notices.sheet import plain_text
from sif.registry.appointments import AppointmentRefused
from sif.registry.services import appoint, create_usuario
from sif.signing import acuse
from sif.signing.cadena import read_cadena
from sif.signing.minting import mint_csd, mint_fiel
from sif.signing.verdict import INTEGRO
from sif.values import Refused

IN_TIME, TOO_LATE = "2026-02-20 10:00", "2026-06-01 10:00"


@pytest.fixture
def annual(ordinary: Ordinary) -> Informe:
    """The annual report of a year without more movement than a few, prepared in its term."""
    ordinary.fill()
    with on("2026-01-20 12:00"):
        ordinary.present(ordinary.prepare(4))
    with on(IN_TIME):
        return ordinary.prepare(4, "IA")


def code(caught: Any) -> list[str]:
    return [each.codigo for each in caught.value.problems]


def estado(year: Ordinary) -> tuple[str, Any]:
    (owed,) = [each for each in obligations(year.books) if each.tipo == "IA"]
    return owed.estado, owed.recibida_el


def test_the_law_asks_two_signatures_of_the_annual_of_parties_alone(ordinary: Ordinary, annual: Informe) -> None:
    assert second_of(annual) == "auditor_externo"
    part = asked_by(annual)
    assert part is not None and part.basis.articulo == "LGPP 78.1.b.IV" and part.basis.estatus == "confirmado"
    assert second_of(Informe.objects.get(tipo="IT", periodo__numero=4)) == ""
    assert people_for(annual, "auditor_externo") == [ordinary.auditor]
    ordinary.party.tipo = "agrupacion"
    annual.tipo, annual.contabilidad.sujeto = "IA-APN", ordinary.party
    assert second_of(annual) == ""


def test_the_first_is_kept_and_the_second_presents(ordinary: Ordinary, annual: Informe) -> None:
    with on(IN_TIME):
        first = ordinary.keep(annual)
        assert services.complete(first) == first and not Presentacion.objects.filter(informe=annual).exists()
        assert half_signed([ordinary.books]) == {annual.pk: first} and not ready().exists()
        assert lacking_of(annual, arrivals_of([annual])) == "auditor_externo"
        assert estado(ordinary) == ("presentado", first.recibido_el)  # it met the term
        assert ready_informes([ordinary.books]) == []
        assert ready_informes([ordinary.books], "auditor_externo") == [annual]
        assert pending_of(ordinary.party)["a_media_firma"] == 1  # told to whoever relieves who presents
    with on("2026-02-21 17:30"):
        second = ordinary.keep(annual, ordinary.auditor)
        made = services.complete(second)
    assert isinstance(made, Presentacion) and made.recibida_el == first.recibido_el < second.recibido_el
    assert (made.rfc, made.sello) == (ordinary.clerk.rfc, first.sello)
    assert signatures_of(made) == [first, second] and half_signed([ordinary.books]) == {}
    assert pending_of(ordinary.party)["a_media_firma"] == 0
    assert estado(ordinary) == ("presentado", first.recibido_el)
    said = [read_cadena(one.cadena).informe() for one in (first, second)]
    assert said[0]["contenido"] == said[1]["contenido"] == annual.contenido_sha256
    assert said[0]["firmante"] != said[1]["firmante"] == ordinary.auditor.rfc
    assert services.complete(first) == services.complete(second) == made


def test_the_order_does_not_matter_and_the_acuse_verifies_both(ordinary: Ordinary, annual: Informe) -> None:
    with on(IN_TIME):
        assert isinstance(services.complete(ordinary.keep(annual, ordinary.auditor)), Compromiso)
        assert [each.pk for each in ready_informes([ordinary.books])] == [annual.pk]
        made = services.complete(ordinary.keep(annual))
        assert isinstance(made, Presentacion) and made.acuse["formato"] == "sif-acuse/2"
        services.publish_head()
        given = services.acuse_of(made)
        found = acuse.verify_acuse_file(acuse.acuse_bytes(given), services.raices())
        assert (found.veredicto, found.cambios) == ("VÁLIDO", [])
        other = base64.b64decode(given["otra_firma"]["certificado"])
        assert (
            other == ordinary.external.cer and base64.b64decode(given["firma"]["certificado"]) == ordinary.officer.cer
        )
        paper = services.acuse_pdf(made)
        assert paper[:5] == b"%PDF-" and services.informe_pdf(annual)[:5] == b"%PDF-"


def test_the_same_person_signs_once_whatever_they_are(ordinary: Ordinary, annual: Informe) -> None:
    with on(IN_TIME):
        first = ordinary.keep(annual)
        with pytest.raises(AppointmentRefused, match="la ley lo quiere externo"):
            appoint(ordinary.clerk, "auditor_externo", ordinary.party)
        with pytest.raises(AppointmentRefused, match="la ley lo quiere externo"):
            appoint(ordinary.auditor, "capturista", ordinary.party)
    with on("2026-02-20 10:05"):
        again = ordinary.keep(annual)
        assert again != first and again.papel == first.papel == "finanzas"
        assert services.complete(again) == again
    twin = create_usuario("gemela", "Gemela", "", password_hash="!", rfc=new_rfc())
    appoint(twin, "auditor_externo", ordinary.party)
    twin.rfc = ordinary.clerk.rfc  # an account that claims it
    with on("2026-02-20 10:10"), pytest.raises(Refused) as caught:
        ordinary.keep(annual, twin, ordinary.officer)
    assert code(caught) == ["misma_persona"] and not Presentacion.objects.filter(informe=annual).exists()


def test_the_second_is_judged_as_the_first(ordinary: Ordinary, annual: Informe, mint: Any) -> None:
    days = date(2023, 1, 1), date(2029, 1, 1)
    with on(IN_TIME):
        with pytest.raises(Refused) as caught:
            ordinary.keep(annual, ordinary.stranger)
        assert code(caught) == ["sin_permiso"]
        alien = opened(mint_fiel(mint, new_rfc(), CURP, "OTRA PERSONA", *days))
        with pytest.raises(Refused) as caught:
            ordinary.keep(annual, ordinary.auditor, alien)
        assert code(caught) == ["rfc_ajeno"]
        stamp = opened(mint_csd(mint, ordinary.auditor.rfc, CURP, "BERTA SOLÍS MORA", *days))
        with pytest.raises(Refused) as caught:
            ordinary.keep(annual, ordinary.auditor, stamp)
        assert "es_sello" in code(caught)
        past = opened(mint_fiel(mint, ordinary.auditor.rfc, CURP, "BERTA", date(2020, 1, 1), date(2024, 1, 1)))
        with pytest.raises(Refused) as caught:
            ordinary.keep(annual, ordinary.auditor, past)
        assert code(caught) == ["vencido"]
        quarter = Informe.objects.get(tipo="IT", periodo__numero=4)
        with pytest.raises(Refused) as caught:
            services.give_cadena(quarter, ordinary.external.cer, ordinary.auditor, trust=ordinary.trust)
        assert code(caught) == ["sin_permiso"]  # the law does not ask it of a quarter
    assert not Compromiso.objects.filter(informe=annual).exists()


def test_who_presents_does_so_without_the_other_at_the_hour_of_their_own(ordinary: Ordinary, annual: Informe) -> None:
    with on(IN_TIME):
        with pytest.raises(Refused) as caught:
            services.present_alone(annual, ordinary.clerk)
        assert code(caught) == ["nada_que_presentar"]
        first = ordinary.keep(annual)
    with on(TOO_LATE):
        for who in (ordinary.auditor, ordinary.stranger):
            with pytest.raises(Refused) as caught:
                services.present_alone(annual, who)
            assert code(caught) == ["sin_permiso"]
        made = services.present_alone(annual, ordinary.clerk)
        assert services.present_alone(annual, ordinary.clerk) == made == services.complete(first)
        with pytest.raises(Refused) as caught:
            ordinary.keep(annual, ordinary.auditor)
        assert code(caught) == ["ya_presentado"]
    assert made.recibida_el == first.recibido_el and not is_late(made) and signatures_of(made) == []
    assert lacked_by(made) == "auditor_externo"
    assert "No se recibió: se presentó sin ella." in plain_text(acuse_sheet(made))
    assert acuse.verify_acuse(services.acuse_of(made)).veredicto == INTEGRO
    with connection.cursor() as cursor:
        cursor.execute(COMMITMENTS)
        assert cursor.fetchall() == []


def test_alone_too_it_is_compared_with_the_books_of_its_hour(ordinary: Ordinary, annual: Informe) -> None:
    ordinary.post("2025-12-31", ((BANKS, "10.00"),), ((MEMBERS, "10.00"),))
    with on(IN_TIME):
        ordinary.keep(annual)
        with pytest.raises(Refused) as caught:
            services.present_alone(annual, ordinary.clerk)
    assert code(caught) == ["informe_superado"] and not Presentacion.objects.filter(informe=annual).exists()
    assert CompromisoSinEfecto.objects.filter(compromiso__informe=annual).count() == 1


def test_what_is_posted_after_who_presents_signed_does_not_undo_it(ordinary: Ordinary, annual: Informe) -> None:
    with on(IN_TIME):
        first = ordinary.keep(annual)
    ordinary.post("2025-12-31", ((BANKS, "10.00"),), ((MEMBERS, "10.00"),))
    with on("2026-02-21 10:00"):
        made = services.complete(ordinary.keep(annual, ordinary.auditor))
    assert isinstance(made, Presentacion) and made.recibida_el == first.recibido_el


def test_books_that_change_before_who_presents_signs_leave_both_without_effect(
    ordinary: Ordinary, annual: Informe
) -> None:
    with on(IN_TIME):
        ordinary.keep(annual, ordinary.auditor)
    ordinary.post("2025-12-31", ((BANKS, "10.00"),), ((MEMBERS, "10.00"),))
    with on("2026-02-21 10:00"):
        with pytest.raises(Refused) as caught:
            services.complete(ordinary.keep(annual))
        assert code(caught) == ["informe_superado"]
        assert CompromisoSinEfecto.objects.filter(compromiso__informe=annual).count() == 2
        assert Compromiso.objects.filter(informe=annual).count() == 2  # kept, with their reason
        made = ordinary.present(ordinary.prepare(4, "IA"))
    assert made.informe.version == 2


def test_who_signs_late_is_late_though_the_other_was_in_time(ordinary: Ordinary, annual: Informe) -> None:
    with on(IN_TIME):
        ordinary.keep(annual, ordinary.auditor)
        assert estado(ordinary) == ("generado", None)
    with on(TOO_LATE):
        late = ordinary.keep(annual)
        made = services.present_alone(annual, ordinary.clerk)
    assert made.recibida_el == late.recibido_el and is_late(made) and len(signatures_of(made)) == 2


def test_the_first_is_told_at_once_that_the_books_had_moved(ordinary: Ordinary, annual: Informe) -> None:
    ordinary.post("2025-12-31", ((BANKS, "10.00"),), ((MEMBERS, "10.00"),))
    with on(IN_TIME), pytest.raises(Refused) as caught:
        services.complete(ordinary.keep(annual))
    assert code(caught) == ["informe_superado"]


def test_the_hour_is_that_of_who_presents(ordinary: Ordinary, annual: Informe) -> None:
    with on(IN_TIME):
        first = ordinary.keep(annual)
    with on(TOO_LATE):
        assert estado(ordinary) == ("presentado", first.recibido_el)
        with pytest.raises(Refused) as caught:
            withdraw(annual, ordinary.clerk)
        assert code(caught) == ["en_termino"]
        made = services.complete(ordinary.keep(annual, ordinary.auditor))
        assert isinstance(made, Presentacion) and not is_late(made)
        assert estado(ordinary) == ("presentado", first.recibido_el)
    with connection.cursor() as cursor:
        cursor.execute(COMMITMENTS)
        assert cursor.fetchall() == []


def test_three_signatures_are_one_report(ordinary: Ordinary, annual: Informe) -> None:
    other = create_usuario("otra", "Otra", "", password_hash="!", rfc=new_rfc())
    days = date(2023, 1, 1), date(2029, 1, 1)
    appoint(other, "auditor_externo", ordinary.party)
    with on(IN_TIME):
        ordinary.keep(annual, other, opened(mint_fiel(ordinary.mint, other.rfc, CURP, "OTRA", *days)))
        ordinary.keep(annual, ordinary.auditor)
        made = services.complete(ordinary.keep(annual))
    assert isinstance(made, Presentacion) and len(signatures_of(made)) == 2 and complete_waiting() == 0


def test_another_version_waits_until_it_is_withdrawn(ordinary: Ordinary, annual: Informe) -> None:
    with on(IN_TIME):
        first = ordinary.keep(annual)
        with pytest.raises(Refused) as caught:
            ordinary.prepare(4, "IA")
        assert code(caught) == ["espera_otra_firma"]
        for other in (ordinary.stranger, ordinary.auditor):  # nobody else takes it back
            with pytest.raises(Refused) as caught:
                withdraw(annual, other)
            assert code(caught) == ["nada_que_retirar"]
        assert withdraw(annual, ordinary.clerk) == 1
        with pytest.raises(Refused) as caught:
            services.complete(first)
        assert code(caught) == ["firma_retirada"]
        with pytest.raises(Refused) as caught:
            withdraw(annual, ordinary.clerk)
        assert code(caught) == ["nada_que_retirar"]
        assert ordinary.prepare(4, "IA") == annual  # the same figures
    with on("2026-02-20 10:30"):
        made = ordinary.present(annual)
        with pytest.raises(Refused) as caught:
            withdraw(annual, ordinary.clerk)
        assert code(caught) == ["ya_presentado"]
    assert first.sello not in {one.sello for one in signatures_of(made)}


def test_a_second_that_came_while_it_was_withdrawn_waits_for_the_first(ordinary: Ordinary, annual: Informe) -> None:
    with on(IN_TIME):
        ordinary.keep(annual)
        withdraw(annual, ordinary.clerk)
        second = ordinary.keep(annual, ordinary.auditor)
        assert services.complete(second) == second
        assert lacking_of(annual, arrivals_of([annual])) == "finanzas"
    with on("2026-02-20 10:30"):
        assert isinstance(services.complete(ordinary.keep(annual)), Presentacion)


def test_with_both_it_is_not_withdrawn_and_the_worker_presents_what_died_between(
    ordinary: Ordinary, annual: Informe
) -> None:
    with on(IN_TIME):
        ordinary.keep(annual)
        second = ordinary.keep(annual, ordinary.auditor)  # and the process died here
        with pytest.raises(Refused) as caught:
            withdraw(annual, ordinary.clerk)
        assert code(caught) == ["nada_que_retirar"]
        with pytest.raises(Refused) as caught:
            ordinary.prepare(4, "IA")
        assert code(caught) == ["espera_acuse"]
        assert list(ready()) == [second] and complete_waiting() == 1 and complete_waiting() == 0
    assert signatures_of(Presentacion.objects.get(informe=annual))[-1] == second


def test_a_signature_of_one_stays_as_it_was(ordinary: Ordinary, annual: Informe) -> None:
    quarter = Presentacion.objects.get(informe__tipo="IT", informe__periodo__numero=4)
    assert quarter.acuse["formato"] == "sif-acuse/1" and "otra_firma" not in quarter.acuse
    assert Compromiso.objects.get(informe=quarter.informe).papel is None and signatures_of(quarter) == []


def test_present_says_that_the_other_is_lacking(ordinary: Ordinary, annual: Informe) -> None:
    with on(IN_TIME), pytest.raises(Refused) as caught:
        sello = ordinary.officer.sign(services.cadena_of(annual, ordinary.officer.cer))
        services.present(annual, ordinary.officer.cer, sello, ordinary.clerk, trust=ordinary.trust)
    assert code(caught) == ["espera_otra_firma"] and Compromiso.objects.filter(informe=annual).count() == 1
