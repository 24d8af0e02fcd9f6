"""Payments settle, credit notes take back, payroll and donations are recognised; many are accepted at once or none."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from random import Random
from typing import Any

import pytest

from books.invoices import RFC
from sif.books.checks import checks_of
from sif.books.estatus import with_estatus
from sif.books.models import Comprobante, EstatusComprobante, Poliza
from sif.books.selectors import inbox, saldo_de, spent_against_cap
from sif.books.services import (
    PolizaRefused,
    accept_many,
    ask_sat,
    bring_back,
    load_status,
    post_poliza,
    propose_poliza,
    receive_cfdi,
    receive_many,
    set_aside,
)
from sif.books.services.estatus import consult
from sif.catalogs.models import Lista69b, PersonaSujeto
from sif.catalogs.services.listas import load_69b
from sif.cfdi import Relacionado
from sif.cfdi.document import DocumentoPagado, Donataria, Nomina, PagoCfdi
from sif.cfdi.write import Contribuyente, Linea, donation_of, payment_of, payroll_of
from sif.demo.keys import Names
from sif.law.chart import account_of
from sif.registry import clock
from sif.registry.models import Persona
from sif.values import Money, Refused
from small_world import BANKS, LEAFLETS, PAYABLE, ZONE, World

GIFT, WAGES, WITHHELD = (account_of(role, "mx") for role in ("donativos", "sueldos", "impuestos"))

FIRST = "0A1B2C3D-0000-4000-8000-00000000ABCD"
SECOND, THIRD = FIRST.replace("ABCD", "ABCE"), FIRST.replace("ABCD", "ABCF")
CREDIT: dict[str, Any] = {"forma_pago": "99", "metodo_pago": "PPD"}


def _take(world: World, data: bytes, name: str = "f.xml") -> Any:
    return receive_cfdi(data, name, world.books, world.clerk)


def _owed(world: World) -> Money:
    return saldo_de(world.books.pk, PAYABLE, date(2024, 4, 15))


def _paid(uuid: str, before: int, paid: int) -> PagoCfdi:
    return PagoCfdi(
        date(2024, 4, 14),
        "03",
        "MXN",
        Money(paid),
        (DocumentoPagado(uuid, 1, Money(before), Money(paid), Money(before - paid)),),
    )


def test_a_payment_settles_what_is_owed_for_the_invoices_of_these_books(world: World, invoice: Any) -> None:
    accept_many([_take(world, invoice(**CREDIT)).recepcion], world.clerk)
    assert _owed(world) == Money(116_000)
    payment = invoice(make=lambda base: payment_of(replace(base, uuid=SECOND), [_paid(FIRST, 116_000, 100_000)]))
    answer = _take(world, payment, "pago.xml")
    assert answer.problemas == ()
    wrong = [
        c.clave for c in checks_of([answer.recepcion])[answer.recepcion.pk].checks if c.estado in ("aviso", "grave")
    ]
    assert wrong == ["fecha"]  # it is two days late, and nothing else
    (poliza,) = accept_many([answer.recepcion], world.clerk).polizas
    assert [(m.cuenta_id, m.cargo, m.abono) for m in poliza.movimientos.order_by("linea")] == [
        (PAYABLE, 100_000, 0),
        (BANKS, 0, 100_000),
    ]
    assert (poliza.fecha_operacion, poliza.pagos.get().monto) == (date(2024, 4, 14), 100_000)
    assert _owed(world) == Money(16_000)
    assert not inbox([world.books.pk]).exists()


def test_a_payment_of_invoices_that_are_not_here_asks_for_them(world: World, invoice: Any) -> None:
    payment = invoice(make=lambda base: payment_of(base, [_paid(THIRD, 500, 500)]))
    answer = _take(world, payment)
    assert "documento" in [each.codigo for each in propose_poliza(answer.recepcion).faltantes]
    with pytest.raises(PolizaRefused, match="Registre antes la factura"):
        accept_many([answer.recepcion], world.clerk)


def test_a_credit_note_takes_back_from_the_accounts_of_its_invoice(world: World, invoice: Any) -> None:
    accept_many([_take(world, invoice(**CREDIT)).recepcion], world.clerk)
    note = invoice(
        uuid=SECOND,
        tipo="E",
        relacionados=(Relacionado("01", FIRST),),
        ine=None,
        **CREDIT,
        lineas=(Linea("Descuento", 1000, Money(10_000), "84111506"),),
    )
    (poliza,) = accept_many([_take(world, note, "nota.xml").recepcion], world.clerk).polizas
    assert [(m.cuenta_id, m.cargo, m.abono) for m in poliza.movimientos.order_by("linea")] == [
        (PAYABLE, 11_600, 0),
        (LEAFLETS, 0, 11_600),
    ]
    assert _owed(world) == Money(104_400)
    assert spent_against_cap([world.books])[world.books.pk].egresos == Money(104_400)


def test_a_payroll_records_wages_what_was_withheld_and_what_was_paid(world: World, invoice: Any, own_seal: Any) -> None:
    curp = Names(Random(3)).person()[2]  # noqa: S311 - an invented person
    data = invoice(
        make=lambda base: payroll_of(base, Nomina(curp, date(2024, 4, 14), Money(1_200_000), Money(118_650))),
        by=own_seal,
        emisor=Contribuyente(world.party.rfc, world.party.nombre, "603"),
        receptor=Contribuyente(RFC, "Mariela", "605"),
    )
    answer = _take(world, data)
    assert answer.problemas == ()
    with pytest.raises(PolizaRefused, match="no está en el catálogo de personas"):
        accept_many([answer.recepcion], world.clerk)
    person = Persona.objects.create(nombre="Mariela Ochoa Rentería", curp=curp)
    PersonaSujeto.objects.create(
        sujeto=world.party,
        persona=person,
        relacion="empleo",
        desde=date(2024, 1, 1),
        registrada_el=clock.now(),
        registrada_por=world.clerk,
    )
    (poliza,) = accept_many([answer.recepcion], world.clerk).polizas
    assert [(m.cuenta_id, m.auxiliar_id, m.cargo, m.abono) for m in poliza.movimientos.order_by("linea")] == [
        (WAGES, person.pk, 1_200_000, 0),
        (WITHHELD, None, 0, 118_650),
        (BANKS, world.bank.pk, 0, 1_081_350),
    ]


def test_a_donation_is_income_and_asks_whose_it_is(world: World, invoice: Any, own_seal: Any) -> None:
    given = Donataria("CG/7/2024", date(2024, 1, 10))
    data = invoice(
        make=lambda base: donation_of(base, given, Money(500_000)),
        by=own_seal,
        emisor=Contribuyente(world.party.rfc, world.party.nombre, "603"),
        receptor=Contribuyente(RFC, "Mariela", "605"),
    )
    answer = _take(world, data)
    assert answer.problemas == ()
    proposal = propose_poliza(answer.recepcion)
    assert [(line.cuenta, line.cargo, line.abono) for line in proposal.poliza.lineas] == [
        (BANKS, Money(500_000), Money(0)),
        (GIFT, Money(0), Money(500_000)),
    ]
    assert proposal.poliza.subtipo == "IG"
    with pytest.raises(PolizaRefused, match=f"donativo de {RFC}: falta el aportante"):
        accept_many([answer.recepcion], world.clerk)


def test_one_that_does_not_pass_is_not_accepted_among_many(world: World, invoice: Any) -> None:
    good = _take(world, invoice(**CREDIT))
    for answer, why in (
        (_take(world, invoice(uuid=SECOND, **CREDIT).replace(b"a color", b"a calor"), "b.xml"), "sello no corresponde"),
        (_take(world, invoice(uuid=THIRD, ine=None, **CREDIT), "c.xml"), "no trae complemento INE"),
    ):
        with pytest.raises(PolizaRefused, match=why):
            accept_many([good.recepcion, answer.recepcion], world.clerk)
    assert not Poliza.objects.filter(contabilidad=world.books).exists()
    alone = propose_poliza(answer.recepcion)  # who has read why may still post it
    assert post_poliza(alone.poliza, world.clerk, support=alone.soporte).total == 116_000


def test_accepting_many_posts_all_or_none(world: World, invoice: Any) -> None:
    good, bad = (
        _take(world, invoice(**CREDIT)),
        _take(world, invoice(uuid=SECOND, lineas=(Linea("Asesoría", 1000, Money(100), "80101500"),)), "b.xml"),
    )
    with pytest.raises(PolizaRefused, match="No se propone cuenta"):
        accept_many([good.recepcion, bad.recepcion], world.clerk)
    assert not Poliza.objects.filter(contabilidad=world.books).exists()
    accept_many([good.recepcion], world.clerk)
    with pytest.raises(PolizaRefused, match="alguien lo registró"):
        accept_many([good.recepcion], world.clerk)
    assert Poliza.objects.filter(contabilidad=world.books).count() == 1
    with pytest.raises(PolizaRefused, match="no registra"):
        accept_many([_take(world, invoice(uuid=THIRD, **CREDIT), "c.xml").recepcion], world.stranger)


def test_one_set_aside_leaves_the_inbox_and_can_come_back(world: World, invoice: Any) -> None:
    answer = _take(world, invoice())
    with pytest.raises(ValueError, match="Falta el motivo"):
        set_aside([answer.recepcion], " ", world.clerk)
    with pytest.raises(PermissionError):
        set_aside([answer.recepcion], "Es de otro", world.stranger)
    assert set_aside([answer.recepcion], "Es de otro", world.clerk) == 1
    assert not inbox([world.books.pk]).exists()
    assert bring_back([answer.recepcion], world.clerk) == 1
    assert inbox([world.books.pk]).count() == 1


def test_one_already_posted_is_not_set_aside(world: World, invoice: Any) -> None:
    answer = _take(world, invoice(**CREDIT))
    accept_many([answer.recepcion], world.clerk)
    assert set_aside([answer.recepcion], "Es de otro", world.clerk) == 0
    answer.recepcion.refresh_from_db()
    assert answer.recepcion.descartada_el is None


def test_a_folio_used_in_books_of_another_subject_is_grave_without_saying_whose(world: World, invoice: Any) -> None:
    answer = _take(world, invoice(**CREDIT))
    other = receive_cfdi(invoice(**CREDIT), "f.xml", world.other_books, world.clerk).recepcion
    accept_many([answer.recepcion], world.clerk)
    checked = checks_of([other])[other.pk]
    assert checked.estado == "grave"
    assert str(world.books.pk) not in " ".join(check.mensaje for check in checked.checks if check.clave == "folio")


HEAD = (
    "No,RFC,Nombre del Contribuyente,Situación del contribuyente,"
    "Publicación página SAT presuntos,Publicación página SAT definitivos"
)
LIST = f'Información actualizada,,,,,\n{HEAD}\n1,{RFC},"IMPRENTA, S.A.",Definitivo,01/02/2023,01/06/2023\n'


def test_an_issuer_in_the_list_of_69b_is_told(world: World, invoice: Any) -> None:
    row = _take(world, invoice()).recepcion
    unknown = {check.clave: check.estado for check in checks_of([row])[row.pk].checks}
    assert unknown["lista69b"] == "desconocido"
    load_69b(LIST.encode("latin-1"), date(2024, 4, 1), world.auditor)
    (found,) = [check for check in checks_of([row])[row.pk].checks if check.clave == "lista69b"]
    assert (found.estado, "definitivo desde el 01/06/2023" in found.mensaje) == ("grave", True)


def test_the_list_is_loaded_whole_once_and_by_the_authority(world: World) -> None:
    day = date(2024, 4, 1)
    with pytest.raises(PermissionError):
        load_69b(LIST.encode(), day, world.clerk)
    with pytest.raises(Refused) as refused:
        load_69b(LIST.replace("Definitivo", "Malo").encode(), day, world.auditor)
    assert refused.value.problems[0].donde == "fila 3, Situación del contribuyente"
    assert not Lista69b.objects.exists()
    first = load_69b(LIST.encode(), day, world.auditor)
    assert load_69b(LIST.encode(), day, world.auditor) == first
    with pytest.raises(Refused, match="es otra"):
        load_69b((LIST + "2,AAA080808HL8,X,Presunto,01/02/2023,\n").encode(), day, world.auditor)


def said(uuid: str) -> tuple[str, date | None]:
    return with_estatus(Comprobante.objects.filter(uuid=uuid)).values_list("estatus_sat", "estatus_el").get()


def test_the_status_of_a_file_is_written_down_and_a_cancelled_one_is_grave(world: World, invoice: Any) -> None:
    row = _take(world, invoice()).recepcion
    with pytest.raises(Refused, match="fila 2, estatus"):
        load_status(f"uuid,estatus,al\n{FIRST},quién sabe,2024-04-12\n".encode(), world.clerk)
    text = f"uuid,estatus,al\n{FIRST},Vigente,2024-04-11\n{FIRST},Cancelado,2024-04-12\n{SECOND},vigente,2024-04-12\n"
    load = load_status(text.encode(), world.clerk)
    assert (load.anotados, load.desconocidos) == (2, 1)
    assert said(FIRST) == ("cancelado", date(2024, 4, 12))
    assert checks_of([row])[row.pk].first.clave == "vigencia"
    load_status(f"uuid,estatus,al\n{FIRST},Vigente,2024-04-01\n".encode(), world.clerk)
    assert said(FIRST)[0] == "cancelado"  # an older word does not stand over a newer
    assert EstatusComprobante.objects.filter(comprobante__uuid=FIRST).count() == 3


class Sat:
    """Answers as SAT's service does, without a network."""

    def __init__(self, state: str) -> None:
        self.state, self.asked = state, b""

    def __call__(self, request: Any, timeout: int) -> "Sat":
        self.asked = request.data
        return self

    def __enter__(self) -> "Sat":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def read(self, _size: int) -> bytes:
        return (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
            '<ConsultaResponse xmlns="http://tempuri.org/"><ConsultaResult xmlns:a="urn:a">'
            f"<a:Estado>{self.state}</a:Estado></ConsultaResult></ConsultaResponse></s:Body></s:Envelope>"
        ).encode()


def test_sats_service_is_off_until_named_and_silence_writes_nothing(world: World, invoice: Any, settings: Any) -> None:
    comprobante = _take(world, invoice()).comprobante
    with pytest.raises(Refused, match="apagada"):
        ask_sat([comprobante])
    sat = Sat("Cancelado")
    assert consult("http://x", comprobante, sat) == "cancelado"
    assert f"?re={RFC}&amp;rr={world.party.rfc}&amp;tt=1160.00&amp;id={FIRST}".encode() in sat.asked
    assert consult("http://x", comprobante, Sat("</a:Estado>")) is None
    settings.SAT_ESTATUS = "http://127.0.0.1:9/nadie"
    assert ask_sat([comprobante]).desconocidos == 1
    assert said(FIRST) == ("desconocido", None)


def test_hundreds_in_a_zip_have_each_their_answer(world: World, invoice: Any) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for number in range(120):
            packed.writestr(f"{number}.xml", invoice(uuid=f"0A1B2C3D-0000-4000-8000-{number:012X}", folio=str(number)))
        packed.writestr("rota.xml", b"<cfdi:Comprobante")
    answers = receive_many([("abril.zip", stream.getvalue())], world.books, world.clerk)
    assert (len(answers), sum(each.recepcion is not None for each in answers)) == (121, 120)
    rows = list(inbox([world.books.pk]))
    assert {checked.estado for checked in checks_of(rows).values()} <= {"bien", "aviso"}
    assert len(accept_many(rows, world.clerk).polizas) == 120


def test_posting_one_by_hand_takes_it_out_of_the_inbox(world: World, invoice: Any) -> None:
    proposal = propose_poliza(_take(world, invoice(fecha=datetime(2024, 4, 12, 9, tzinfo=ZONE))).recepcion)
    post_poliza(proposal.poliza, world.clerk, support=proposal.soporte)
    assert not inbox([world.books.pk]).exists()
