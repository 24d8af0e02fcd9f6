"""Notices, receipts and CEP: terms told and never refused, folios used once, each wrong field named."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from sif.books.models import AvisoContratacion, Cep, Contrato, ReciboRepap
from sif.books.records import (
    cep_cash_use,
    contract_row,
    contracts,
    contracts_to_notice,
    repap,
    repap_use,
    unsigned_paid_ceps,
)
from sif.books.services.kardex import NewEntrada, record_entry
from sif.books.services.registros import (
    NewAviso,
    NewCep,
    NewContrato,
    NewRepap,
    amend_notice,
    cancel_cep,
    cancel_notice,
    cancel_repap,
    give_notice,
    issue_cep,
    issue_repap,
    sign_contrato,
)
from sif.catalogs.models import PersonaSujeto
from sif.catalogs.services.campaign_goods import NewArticulo, register_articulo
from sif.registry import clock
from sif.registry.models import Contabilidad, Etapa, Persona
from sif.registry.services import cancel_contabilidad
from sif.values import Money, Refused
from small_world import MOMENT, ZONE, World, make_world, world

__all__ = ["world"]
TERMS = NewAviso("Entrega en dos partes; pago contra entrega", Money(250))


def codes(act: Callable[[], Any]) -> set[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        act()
    return {(problem.codigo, problem.donde) for problem in refused.value.problems}


def contract_of(world: World) -> Contrato:
    new = NewContrato(world.supplier.pk, "Lonas", date(2024, 4, 12), Money(5_000_000), date(2024, 4, 25))
    return sign_contrato(world.books, new, world.clerk)


@pytest.fixture
def contract(world: World) -> Contrato:
    return contract_of(world)


def person(world: World, relacion: str, name: str = "Luz Peña") -> Persona:
    row = Persona.objects.create(nombre=name)
    PersonaSujeto.objects.create(
        sujeto=world.party,
        persona=row,
        relacion=relacion,
        desde=date(2024, 1, 1),
        registrada_el=clock.now(),
        registrada_por=world.clerk,
    )
    return row


@pytest.mark.parametrize(("hours", "state"), [(0, "a_tiempo"), (11, "a_tiempo"), (12, "extemporaneo")])
def test_a_notice_says_whether_it_came_in_time(world: World, contract: Contrato, hours: int, state: str) -> None:
    assert contract_row(contract).estado == "sin_aviso"
    assert [row.contrato for row in contracts_to_notice([world.books.pk], MOMENT)] == [contract]
    with clock.at(MOMENT + timedelta(hours=hours)):
        notice = give_notice(contract, TERMS, world.clerk)
    assert contract_row(Contrato.objects.get(pk=contract.pk)).estado == state
    assert notice.folio == f"AC-{world.books.pk}-0001"
    assert notice.contenido["monto"] == 5_000_000
    assert contracts_to_notice([world.books.pk], MOMENT) == []


def test_whoever_read_the_books_before_they_were_cancelled_records_no_more(world: World, contract: Contrato) -> None:
    shirt = register_articulo(world.books, NewArticulo("PLA-01", "Playera", "pieza", "utilitaria"), world.clerk)
    before = Contabilidad.objects.get(pk=world.books.pk)
    assert before.estatus == Contabilidad.Estatus.ACTIVA
    contract.contabilidad = shirt.contabilidad = before
    cancel_contabilidad(world.books, "Un acuerdo", world.auditor)
    new = NewContrato(world.supplier.pk, "Lonas", date(2024, 4, 12), Money(100))
    entered = NewEntrada(date(2024, 4, 10), 1000, Money(100), "compra")
    for act in (
        lambda: sign_contrato(before, new, world.clerk),
        lambda: give_notice(contract, TERMS, world.clerk),
        lambda: record_entry(shirt, entered, world.clerk),
    ):
        assert codes(act) == {("cancelada", "registro")}


def test_a_term_that_ended_is_no_longer_running(world: World, contract: Contrato) -> None:
    assert contracts_to_notice([world.books.pk], datetime(2024, 4, 16, tzinfo=ZONE)) == []


def test_outside_a_campaign_no_term_runs(world: World) -> None:
    ordinary = make_world(tipo=Etapa.Tipo.ORDINARIO)
    row = contract_row(contract_of(ordinary))
    assert (row.plazo, row.estado) == (None, "no_aplica")


def test_only_another_notice_amends_one(world: World, contract: Contrato) -> None:
    first = give_notice(contract, TERMS, world.clerk)
    assert codes(lambda: give_notice(contract, TERMS, world.clerk)) == {("avisado", "registro")}
    second = amend_notice(first, replace(TERMS, monto=Money(6_000_000), objeto="Lonas y mantas"), world.clerk)
    assert (second.modifica_a, second.contenido["monto"], second.tipo) == (first, 6_000_000, "modificatorio")
    assert codes(lambda: amend_notice(first, TERMS, world.clerk)) == {("superado", "registro")}
    third = cancel_notice(second, "El proveedor no pudo", world.clerk)
    assert (third.contenido["objeto"], third.contenido["motivo"]) == ("Lonas y mantas", "El proveedor no pudo")
    assert codes(lambda: amend_notice(third, TERMS, world.clerk)) == {("cancelado", "registro")}
    assert contract_row(Contrato.objects.get(pk=contract.pk)).estado == "cancelado"
    with pytest.raises(DatabaseError), transaction.atomic():
        AvisoContratacion.objects.filter(pk=first.pk).update(folio="otro")


def test_each_wrong_field_of_a_contract_is_named(world: World) -> None:
    new = NewContrato(987_654, " ", date(2024, 4, 16), Money(0), date(2024, 4, 1))
    assert codes(lambda: sign_contrato(world.books, new, world.clerk)) == {
        ("falta", "objeto"),
        ("importe", "monto"),
        ("fecha", "suscrito_el"),
        ("proveedor", "proveedor"),
        ("fecha", "entrega_el"),
    }
    assert codes(lambda: sign_contrato(world.books, new, world.stranger)) == {("sin_permiso", "registro")}


def test_contracts_are_found_by_words(world: World, contract: Contrato) -> None:
    notice = give_notice(contract, TERMS, world.clerk)
    for words in ("lona", "Impresos", notice.folio, ""):
        assert list(contracts([world.books.pk], words)) == [contract]
    assert list(contracts([world.books.pk], "gorras")) == []
    assert list(contracts([world.foreign.pk])) == []


def test_repap_receipts_have_their_folio_and_add_up(world: World) -> None:
    luz = person(world, "repap")
    new = NewRepap(
        luz.pk,
        "Reparto de volantes",
        date(2024, 4, 1),
        date(2024, 4, 7),
        Money(150_000),
        "transferencia",
        date(2024, 4, 8),
    )
    first = issue_repap(world.books, new, world.clerk)
    second = issue_repap(world.other_books, new, world.clerk)
    assert [first.folio, second.folio] == [f"REPAP-{world.books.pk}-0001", f"REPAP-{world.other_books.pk}-0001"]
    use = repap_use(world.party.pk, luz.pk, date(2024, 4, 15))
    assert (use.usado, use.tope, use.confirmado) == (Money(300_000), Money(10_857) * 425, False)
    assert use.resta == use.tope - Money(300_000)
    cancelled = cancel_repap(first, "Se pagó a otra persona", world.clerk)
    assert cancelled.cancelado_el is not None
    assert repap_use(world.party.pk, luz.pk, date(2024, 4, 15)).usado == Money(150_000)
    assert codes(lambda: cancel_repap(first, "Otra vez", world.clerk)) == {("cancelado", "registro")}
    again = replace(new, folio=first.folio)
    assert codes(lambda: issue_repap(world.books, again, world.clerk)) == {("folio", "folio")}
    assert list(repap([world.books.pk], "luz")) == [first]


def test_each_wrong_field_of_a_receipt_is_named(world: World) -> None:
    stranger = Persona.objects.create(nombre="Nadie")
    new = NewRepap(
        stranger.pk, "", date(2024, 4, 7), date(2024, 4, 1), Money(0), "vales", date(2024, 4, 16), poliza_id=987_654
    )
    assert codes(lambda: issue_repap(world.books, new, world.clerk)) == {
        ("falta", "actividad"),
        ("importe", "monto"),
        ("medio", "medio"),
        ("fecha", "pagado_el"),
        ("persona", "persona"),
        ("fecha", "hasta"),
        ("poliza", "poliza"),
    }
    assert not ReciboRepap.objects.exists()


def test_a_paid_cep_unsigned_is_shown(world: World) -> None:
    rep = person(world, "representante")
    paid = NewCep(rep.pk, "casilla", True, Money(50_000), "efectivo", date(2024, 4, 14), "0412")
    cep = issue_cep(world.books, paid, world.clerk)
    free = issue_cep(world.books, NewCep(rep.pk, "general", False), world.clerk)
    assert [cep.folio, free.folio] == [f"CEP-{world.books.pk}-0001", f"CEP-{world.books.pk}-0002"]
    assert list(unsigned_paid_ceps([world.books.pk])) == [cep]
    use = cep_cash_use(world.books.pk, rep.pk, date(2024, 4, 15))
    assert (use.usado, use.tope, use.confirmado) == (Money(50_000), Money(10_857) * 90, False)
    cancel_cep(cep, "No asistió", world.clerk)
    assert not unsigned_paid_ceps([world.books.pk]).exists()


def test_a_free_cep_pays_nothing_and_a_paid_one_says_how(world: World) -> None:
    rep = person(world, "representante")
    free = NewCep(rep.pk, "general", False, Money(1))
    assert codes(lambda: issue_cep(world.books, free, world.clerk)) == {("gratuito", "monto")}
    paid = NewCep(rep.pk, "casilla", True)
    assert codes(lambda: issue_cep(world.books, paid, world.clerk)) == {
        ("importe", "monto"),
        ("medio", "medio"),
        ("falta", "pagado_el"),
        ("falta", "seccion"),
    }
    other = NewCep(person(world, "repap", "Otra").pk, "federal", False)
    assert codes(lambda: issue_cep(world.books, other, world.clerk)) == {
        ("persona", "persona"),
        ("opcion", "representacion"),
    }
    assert codes(lambda: issue_cep(world.books, free, world.stranger)) == {("sin_permiso", "registro")}
    assert not Cep.objects.exists()
