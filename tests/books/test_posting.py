"""Posting: all or nothing, numbered, chained; every refusal is a list of problems with their places."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from sif.books import selectors
from sif.books.models import Evidencia, Movimiento, Poliza
from sif.books.selectors import (
    balanza,
    missing_evidence,
    missing_of,
    reference_of,
    saldo_de,
    spent_against_cap,
    verify_chain,
    verify_neighbours,
)
from sif.books.services import (
    NewAportacion,
    NewEvidencia,
    NewPago,
    PolizaRefused,
    Support,
    post_many,
    post_poliza,
    store_file,
)
from sif.ledger import NewPoliza
from sif.registry import clock
from sif.registry.models import Usuario
from sif.registry.services import cancel_contabilidad, open_correction
from sif.values import Money
from small_world import BANKS, LEAFLETS, ZONE, World


def refusal(poliza: NewPoliza, by: Usuario, support: Support | None = None) -> list[tuple[str, str]]:
    with pytest.raises(PolizaRefused) as caught:
        post_poliza(poliza, by, support=support or Support())
    return [(problem.codigo, problem.donde) for problem in caught.value.problems]


def test_posts_whole_with_number_reference_and_link(world: World) -> None:
    first = post_poliza(world.expense("1000.00"), world.clerk)
    second = post_poliza(world.expense("0.10"), world.clerk)
    income = post_poliza(world.expense("5.00", subtipo="EG"), world.clerk)
    assert [p.numero for p in (first, second, income)] == [1, 2, 1]
    assert reference_of(second) == f"PN1/DR-2/ABR-2024; ID {world.books.pk}"
    assert (first.eslabon, first.huella_anterior, second.huella_anterior) == (1, None, first.huella)
    assert first.total == 100_000
    assert verify_chain(world.books.pk) is None
    assert saldo_de(world.books.pk, LEAFLETS, date(2024, 4, 30)) == Money.parse("1005.10")
    assert sum(row.cargos.centavos - row.abonos.centavos for row in balanza(world.books.pk)) == 0
    assert spent_against_cap([world.books])[world.books.pk].egresos == Money.parse("1005.10")


def test_each_subject_has_its_own_numbers(world: World) -> None:
    post_poliza(world.expense(), world.clerk)
    other = post_poliza(world.expense(contabilidad_id=world.other_books.pk), world.clerk)
    assert (other.numero, other.eslabon) == (1, 1)


def test_a_stranger_is_refused(world: World) -> None:
    assert refusal(world.expense(), world.stranger) == [("ajena", "contabilidad")]
    assert refusal(world.expense(), world.auditor) == [("ajena", "contabilidad")]


def test_only_in_an_open_window_and_inside_the_period(world: World) -> None:
    assert refusal(world.expense(tipo="correccion"), world.clerk) == [("ventana", "periodo")]
    assert ("fecha_fuera", "fecha de operación") in refusal(
        world.expense(fecha_operacion=date(2024, 3, 31)), world.clerk
    )
    assert ("fecha_futura", "fecha de operación") in refusal(
        world.expense(fecha_operacion=date(2024, 4, 16)), world.clerk
    )
    with clock.at(datetime(2024, 5, 3, 23, 59, tzinfo=ZONE)):  # period 1 ends on 30 April, three days more
        assert post_poliza(world.expense(), world.clerk).numero == 1
    with clock.at(datetime(2024, 5, 4, 0, 0, tzinfo=ZONE)):
        assert refusal(world.expense(), world.clerk) == [("ventana", "periodo")]


def test_the_correction_is_of_the_subject_that_was_observed(world: World) -> None:
    start = datetime(2024, 6, 14, tzinfo=ZONE)
    open_correction(world.etapa, world.party, start, start + timedelta(days=5), "oficio")
    with clock.at(start + timedelta(days=1)):
        assert post_poliza(world.expense(tipo="correccion"), world.clerk).numero == 1
        theirs = world.expense(tipo="correccion", contabilidad_id=world.foreign.pk)
        assert refusal(theirs, world.stranger) == [("ventana", "periodo")]
        assert refusal(world.expense(), world.clerk) == [("ventana", "periodo")]


def test_cancelled_books_record_no_more(world: World) -> None:
    cancel_contabilidad(world.books, "Un acuerdo", world.auditor)
    assert refusal(world.expense(), world.clerk) == [("cancelada", "contabilidad")]


def test_every_problem_is_told_at_once_and_nothing_is_kept(world: World) -> None:
    expense, debt = world.lines(Money.parse("10.00"))
    bad = world.expense(
        fecha_operacion=date(2024, 3, 1),
        concepto="x" * 501,
        lineas=(expense, replace(debt, abono=Money(999)), replace(debt, cuenta=BANKS, auxiliar_id=10**9)),
    )
    assert refusal(bad, world.clerk) == [
        ("fecha_fuera", "fecha de operación"),
        ("auxiliar", "línea 3, auxiliar"),
        ("no_cuadra", "sumas"),
        ("largo", "concepto"),
        ("auxiliar", "línea 3, auxiliar"),
    ]
    assert not Poliza.objects.exists()
    assert not Movimiento.objects.exists()


def test_the_auxiliary_must_be_of_these_books(world: World) -> None:
    expense, debt = world.lines(Money.parse("10.00"))
    theirs = replace(debt, cuenta=BANKS, auxiliar_tipo="cuenta_bancaria", auxiliar_id=world.other_bank.pk)
    assert refusal(world.expense(lineas=(expense, theirs)), world.clerk) == [("auxiliar", "línea 2, auxiliar")]


def test_support_is_checked_with_the_rest(world: World) -> None:
    day, some = date(2024, 4, 10), Money.parse("10.00")
    support = Support(
        comprobantes=((10**9, some),),
        pagos=(NewPago(world.supplier.pk, "trueque", day, Money(0)),),
        aportaciones=(NewAportacion(10**9, "amigo", "oro", day, "", Money(-1)),),
        evidencias=(NewEvidencia("kardex", "k.pdf", "0" * 64), NewEvidencia("nada", "n.pdf", "1" * 64)),
    )
    assert refusal(world.expense(), world.clerk, support) == [
        ("comprobante", "CFDI"),
        ("clase_no_admitida", "evidencia k.pdf"),
        ("archivo", "evidencia k.pdf"),
        ("clase", "evidencia n.pdf"),
        ("archivo", "evidencia n.pdf"),
        ("medio", "pago 1"),
        ("importe", "pago 1"),
        ("aportante", "recibo "),
        ("calidad", "recibo "),
        ("medio", "recibo "),
        ("folio", "recibo "),
        ("importe", "recibo "),
    ]


def test_one_bad_of_many_posts_none_and_says_which(world: World) -> None:
    with pytest.raises(PolizaRefused) as caught:
        post_many([(world.expense(), Support()), (world.expense(subtipo="XX"), Support())], world.clerk)
    assert [problem.donde for problem in caught.value.problems] == ["póliza 2, subtipo"]
    assert not Poliza.objects.exists()


def test_a_thousand_at_once_are_numbered_and_chained(world: World) -> None:
    own = store_file(b"%PDF-1.7 volante")
    support = Support(evidencias=(NewEvidencia("pdf", "a.pdf", own.pk), NewEvidencia("muestra", "b.pdf", own.pk)))
    lines = world.lines(Money.parse("10.00")) * 2
    posted = post_many([(world.expense(lineas=lines), support)] * 1_000, world.clerk)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the database checks at commit counts too
    assert [p.numero for p in posted] == list(range(1, 1_001))
    assert Evidencia.objects.count() == 2_000
    assert verify_chain(world.books.pk) is None


@pytest.mark.parametrize(
    ("altered", "asked", "seen"), [(0, 1, None), (3, 1, None), (3, 2, 3), (3, 3, 3), (3, 4, 3), (3, 5, None)]
)
def test_the_neighbours_of_a_poliza_are_verified_without_the_rest_of_its_books(
    world: World, monkeypatch: pytest.MonkeyPatch, altered: int, asked: int, seen: int | None
) -> None:
    posted = [post_poliza(world.expense(f"{n}.00"), world.clerk) for n in range(1, 7)]
    read, links = [], selectors._links

    def told(*span: int) -> list[tuple[int, bytes, bytes]]:
        found = links(*span)
        read.extend(place for place, _content, _kept in found)
        return [(place, content + b" " * (place == altered), kept) for place, content, kept in found]

    monkeypatch.setattr(selectors, "_links", told)
    assert verify_neighbours(posted[asked - 1]) == seen
    assert len(read) <= 4


def test_what_a_poliza_lacks_is_asked_of_it_alone(world: World) -> None:
    one, other = (post_poliza(world.expense(f"{n}.00"), world.clerk) for n in (1, 2))
    whole = missing_evidence([world.books.pk])
    assert missing_of([one.pk]) == [each for each in whole if each.poliza_id == one.pk] != []
    assert {each.poliza_id for each in missing_of([one.pk, other.pk])} == {one.pk, other.pk}
