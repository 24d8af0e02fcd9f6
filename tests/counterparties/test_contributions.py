"""A contribution enters with its folio and its receipt, or nothing of it does; folios are used once."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pypdfium2 as pdfium
import pytest

from sif.books.board import limits_used
from sif.books.models import Aportacion, Poliza
from sif.books.services import NewAportacion, Support, post_poliza, read_file, reverse_poliza
from sif.catalogs.services import NewSerie, authorize_serie, cancel_cuenta
from sif.counterparties.folios import folio_control, folios_counted, folios_of, to_cancel
from sif.counterparties.services import NewContribution, Recorded, cancel_folio, record_aportacion
from sif.counterparties.standing import donor_standing, suppliers_standing, warnings_before
from sif.counterparties.subject_scope import whole_subjects
from sif.ledger import NewLine
from sif.registry.history import add_version
from sif.registry.models import Aportante, Proveedor, SujetoObligado
from sif.registry.scope import current_scope, only, set_scope
from sif.registry.selectors import Reach
from sif.registry.services import register_rnp
from sif.values import Money, Refused

DAY = date(2024, 4, 12)


@pytest.fixture
def serie(world: Any) -> Any:
    return authorize_serie(NewSerie(world.party.pk, "RSEF", 1, 5), world.clerk)


def gift(world: Any, pesos: str = "1,500.00", **changes: Any) -> NewContribution:
    new = NewContribution(
        world.books.pk,
        world.periods[0].pk,
        "normal",
        world.donor.pk,
        "simpatizante",
        "transferencia",
        DAY,
        Money.parse(pesos),
        "Toluca",
        cuenta_bancaria_id=world.bank.pk,
    )
    return replace(new, **changes)


def kind(world: Any, **changes: Any) -> NewContribution:
    own = {"bien": "Mil volantes", "valuacion": "Promedio de tres cotizaciones", "cuenta": "5-5-01-03-0000"}
    own |= {"proveedor_id": world.supplier.pk, "cuenta_bancaria_id": None, "medio": "especie"}
    return gift(world, **{**own, **changes})


def _refusal(act: Any) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        act()
    return {problem.donde: problem.codigo for problem in refused.value.problems}


def _text(recorded: Recorded) -> str:
    document = pdfium.PdfDocument(io.BytesIO(read_file(recorded.recibo.sha256)))
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def test_in_one_act_the_poliza_the_folio_and_the_receipt(world: Any, serie: Any) -> None:
    done = record_aportacion(gift(world), world.clerk)
    assert done.folio == "RSEF-0001"
    lines = list(done.poliza.movimientos.order_by("linea").values_list("cuenta_id", "cargo", "abono", "auxiliar_id"))
    assert lines == [
        ("1-1-02-00-0000", 150_000, 0, world.bank.pk),
        ("4-2-02-01-0000", 0, 150_000, world.donor.pk),
    ]
    given = done.poliza.aportaciones.get()
    assert (given.folio, given.monto, given.medio) == ("RSEF-0001", 150_000, "transferencia")
    evidence = done.poliza.evidencias.get()
    assert (evidence.clase_id, evidence.nombre) == ("recibo_aportacion", "RSEF-0001.pdf")
    words = _text(done)
    for said in (
        "Folio RSEF-0001",
        "Toluca, 12 de abril de 2024",
        "Mil quinientos pesos 00/100 M.N.",
        "Donante Uno",
        "Firma de quien aporta",
        "002180000000000009",
    ):
        assert said in words


def test_the_limits_of_the_year_follow_each_contribution_and_its_reversal(world: Any, serie: Any) -> None:
    def used() -> dict[str, Money]:
        return {row.clave: row.usado for row in limits_used(world.party, DAY)}

    assert set(used().values()) == {Money(0)}
    done = record_aportacion(gift(world), world.clerk)
    record_aportacion(gift(world, "500.00"), world.clerk)
    again = {**used()}
    assert again["limite_simpatizantes_total"] == again["limite_simpatizante_individual"] == Money.parse("2,000.00")
    assert again["limite_militantes_total"] == Money(0)
    reverse_poliza(done.poliza, world.clerk)
    assert used()["limite_simpatizantes_total"] == Money.parse("500.00")
    assert {row.usado for row in limits_used(world.party, DAY.replace(year=2023))} == {Money(0)}


def test_a_local_party_is_shown_no_figure_of_the_national_law(world: Any) -> None:
    assert any(row.limite for row in limits_used(world.party, DAY))
    world.party.tipo = SujetoObligado.Tipo.PARTIDO_LOCAL  # not kept: what its kind says is asked alone
    rows = limits_used(world.party, DAY)
    assert rows and not any(row.limite or row.obliga for row in rows)


def test_in_kind_it_says_what_and_how_it_was_valued(world: Any) -> None:
    authorize_serie(NewSerie(world.party.pk, "RSES", 7, 9), world.clerk)
    done = record_aportacion(kind(world), world.clerk, files=[("contrato", "contrato.pdf", b"%PDF-1.4 contrato")])
    assert done.folio == "RSES-0007"
    assert sorted(done.poliza.evidencias.values_list("clase_id", flat=True)) == ["contrato", "recibo_aportacion"]
    assert list(done.poliza.movimientos.order_by("linea").values_list("cuenta_id", flat=True)) == [
        "5-5-01-03-0000",
        "4-2-02-02-0000",
    ]
    assert "Criterio de valuación. Promedio de tres cotizaciones" in _text(done)
    assert _refusal(lambda: record_aportacion(kind(world, bien=" ", cuenta="9"), world.clerk)) == {"bien": "falta"}
    assert _refusal(lambda: record_aportacion(kind(world, cuenta="9"), world.clerk)) == {"cuenta": "cuenta"}
    assert _refusal(lambda: record_aportacion(kind(world, proveedor_id=None), world.clerk)) == {
        "proveedor_id": "proveedor"
    }


def test_what_is_refused_leaves_nothing(world: Any, serie: Any) -> None:
    late = gift(world, fecha=date(2024, 4, 20))
    assert _refusal(lambda: record_aportacion(late, world.clerk)) == {"fecha": "fecha_futura"}
    program = [("transferencia", "t.pdf", b"MZ programa")]
    assert _refusal(lambda: record_aportacion(gift(world), world.clerk, files=program)) == {"archivo": "ejecutable"}
    assert _refusal(lambda: record_aportacion(gift(world, "0.00", lugar=""), world.clerk)) == {
        "monto": "importe",
        "lugar": "falta",
    }
    assert _refusal(lambda: record_aportacion(gift(world), world.stranger)) == {"": "ajeno"}
    other_bank = gift(world, cuenta_bancaria_id=world.other_bank.pk)
    assert _refusal(lambda: record_aportacion(other_bank, world.clerk)) == {"cuenta_bancaria_id": "cuenta_bancaria"}
    assert not Poliza.objects.exists()
    assert not Aportacion.objects.exists()
    assert folio_control(world.party)[0].siguiente == 1


def test_an_account_receives_until_the_day_it_is_cancelled(world: Any, serie: Any) -> None:
    cancel_cuenta(world.bank, DAY, world.clerk)
    assert record_aportacion(gift(world), world.clerk).folio == "RSEF-0001"
    late = gift(world, fecha=date(2024, 4, 13))
    assert _refusal(lambda: record_aportacion(late, world.clerk)) == {"cuenta_bancaria_id": "cancelada"}


def test_a_folio_is_used_once_and_cancelled_ones_never(world: Any, serie: Any) -> None:
    cancel_folio(serie, 2, "Se manchó.", world.clerk)
    assert record_aportacion(gift(world, folio="rsef-1"), world.clerk).folio == "RSEF-0001"
    for asked in ("RSEF-0001", "RSEF-0002"):
        assert _refusal(lambda asked=asked: record_aportacion(gift(world, folio=asked), world.clerk)) == {
            "folio": "folio"
        }
    for asked in ("RSEF-0006", "RMEF-0001", "folio"):
        assert _refusal(lambda asked=asked: record_aportacion(gift(world, folio=asked), world.clerk)) == {
            "folio": "folio"
        }
    assert record_aportacion(gift(world), world.clerk).folio == "RSEF-0003"
    assert record_aportacion(gift(world, folio="RSEF-0005"), world.clerk).folio == "RSEF-0005"
    assert record_aportacion(gift(world), world.clerk).folio == "RSEF-0004"
    assert _refusal(lambda: record_aportacion(gift(world), world.clerk)) == {"folio": "sin_folios"}
    assert [row.estado for row in folios_of(serie)] == ["usado", "cancelado", "usado", "usado", "usado"]
    assert _refusal(lambda: cancel_folio(serie, 1, "x", world.clerk)) == {"numero": "usado"}
    assert _refusal(lambda: cancel_folio(serie, 2, "", world.clerk)) == {"motivo": "falta", "numero": "cancelado"}
    assert _refusal(lambda: cancel_folio(serie, 6, "x", world.clerk)) == {"numero": "fuera"}
    assert _refusal(lambda: cancel_folio(serie, 3, "x", world.stranger)) == {"": "ajeno"}


def test_the_series_of_the_books_comes_first_and_that_of_others_never(world: Any) -> None:
    def series(clave: str) -> None:
        authorize_serie(NewSerie(world.party.pk, clave, 1, 2), world.clerk)

    series(f"RSEF-{world.other_books.pk}")
    assert _refusal(lambda: record_aportacion(gift(world), world.clerk)) == {"folio": "sin_folios"}
    series("RSEF-NORTE")
    assert record_aportacion(gift(world), world.clerk).folio == "RSEF-NORTE-0001"
    series(f"RSEF-{world.books.pk}")
    assert record_aportacion(gift(world), world.clerk).folio == f"RSEF-{world.books.pk}-0001"


def test_a_reversed_contribution_frees_its_limit_and_waits_for_its_folio_to_be_cancelled(
    world: Any, serie: Any
) -> None:
    done = record_aportacion(gift(world), world.clerk)
    reverse_poliza(done.poliza, world.clerk, concepto="Se devolvió.")
    control = folio_control(world.party)[0]
    assert (control.usados, control.por_cancelar, control.pendientes, control.siguiente) == (0, 1, 4, 2)
    assert folios_of(serie)[0].estado == "revertido"
    assert donor_standing(world.donor, DAY).total == Money(0)
    cancel_folio(serie, 1, "Se devolvió la aportación.", world.clerk)
    assert folio_control(world.party)[0].cancelados == 1


def test_folios_are_counted_over_all_the_books_whoever_asks(world: Any, serie: Any) -> None:
    record_aportacion(gift(world), world.clerk)
    elsewhere = gift(world, contabilidad_id=world.other_books.pk, cuenta_bancaria_id=world.other_bank.pk)
    set_scope(current_scope(), world.clerk.pk)
    with only([world.other_books.pk]):
        assert folio_control(world.party)[0].siguiente == 2
        assert record_aportacion(elsewhere, world.clerk).folio == "RSEF-0002"
        assert Aportacion.objects.count() == 1
        assert donor_standing(world.donor, DAY).total == Money.parse("3,000.00")


def test_a_folio_cited_twice_by_other_ways_is_seen(world: Any, serie: Any) -> None:
    own = NewLine("4-2-02-01-0000", Money(0), Money(100), "", "aportante", world.donor.pk)
    bank = NewLine("1-1-02-00-0000", Money(100), Money(0), "", "cuenta_bancaria", world.bank.pk)
    for _ in range(2):
        given = NewAportacion(world.donor.pk, "simpatizante", "cheque", DAY, "RSEF-0002", Money(100))
        poliza = world.expense(lineas=(bank, own), subtipo="IG", fecha_operacion=DAY)
        post_poliza(poliza, world.clerk, support=Support(aportaciones=(given,)))
    rows = folios_of(serie)
    assert [row.estado for row in rows] == ["pendiente", "repetido", "repetido"]
    assert folio_control(world.party)[0].saltados == 1


def test_a_page_of_folios_is_cut_by_the_database_as_the_whole_control_reads(world: Any, serie: Any) -> None:
    for folio in ("RSEF-0002", "RSEF-0003", "rsef-2", "RSEF-0005", "RMEF-0001", "Sin folio"):
        own = NewLine("4-2-02-01-0000", Money(0), Money(100), "", "aportante", world.donor.pk)
        bank = NewLine("1-1-02-00-0000", Money(100), Money(0), "", "cuenta_bancaria", world.bank.pk)
        given = NewAportacion(world.donor.pk, "simpatizante", "cheque", DAY, folio, Money(100))
        poliza = world.expense(lineas=(bank, own), subtipo="IG", fecha_operacion=DAY)
        post_poliza(poliza, world.clerk, support=Support(aportaciones=(given,)))
    reverse_poliza(Poliza.objects.get(aportaciones__folio="RSEF-0005"), world.clerk, concepto="Se devolvió.")
    cancel_folio(serie, 4, "Se manchó.", world.clerk)
    rows = folios_of(serie)
    assert [(row.numero, row.estado) for row in rows] == [
        (1, "pendiente"),
        (2, "repetido"),
        (2, "repetido"),
        (3, "usado"),
        (4, "cancelado"),
        (5, "revertido"),
    ]
    assert [row for at in (0, 4) for row in folios_of(serie, page=(4, at))] == rows[::-1]
    assert folios_of(serie, numero=3) == [rows[3]]
    assert folios_of(serie, numero=1) == [rows[0]]
    assert folios_counted(serie) == (6, Money(300))
    (control,) = folio_control(world.party)
    seen = (control.usados, control.cancelados, control.por_cancelar, control.pendientes, control.saltados)
    assert seen == (2, 1, 1, 1, 1)
    assert (control.siguiente, to_cancel(world.party)) == (1, 1)
    elsewhere = Reach(0, frozenset(), frozenset([world.party.pk]), frozenset([world.other_books.pk]))
    assert folios_counted(serie, elsewhere) == (6, Money(0))
    hidden = folios_of(serie, elsewhere)
    assert [row.estado for row in hidden] == [row.estado for row in rows]
    assert {row.aportante for row in hidden} == {""}


def test_limits_are_told_before_they_are_broken(world: Any, serie: Any) -> None:
    def codes(calidad: str, medio: str, pesos: str, donor: Any = world.donor) -> list[str]:
        return [each.codigo for each in warnings_before(donor, calidad, medio, DAY, Money.parse(pesos))]

    assert codes("simpatizante", "efectivo", "9,771.30") == []  # 90 UMA of 2024, to the cent
    assert codes("simpatizante", "efectivo", "9,771.31") == ["efectivo"]
    assert codes("militante", "especie", "9,771.31") == ["especie"]
    assert codes("simpatizante", "transferencia", "2,148,166.62") == []
    record_aportacion(gift(world, "0.01"), world.clerk)
    assert codes("simpatizante", "transferencia", "2,148,166.62") == ["limite_individual"]
    assert codes("militante", "transferencia", "2,148,166.62") == []
    record_aportacion(gift(world, "9,771.30", medio="efectivo"), world.clerk)
    assert codes("simpatizante", "efectivo", "0.01") == ["efectivo"]


def test_two_records_of_one_person_are_summed(world: Any, serie: Any) -> None:
    add_version(world.donor, {"curp": "AAAA010101HMCXXX00"}, "Consta en su credencial", world.clerk)
    twin = Aportante.objects.create(sujeto=world.party, nombre="D. Uno", curp="AAAA010101HMCXXX00")
    record_aportacion(gift(world), world.clerk)
    assert donor_standing(twin, DAY).simpatizante == Money.parse("1,500.00")
    assert donor_standing(twin, date(2023, 4, 12)).simpatizante == Money(0)


def test_the_rnp_threshold_counts_what_was_spent_in_all_the_books(world: Any) -> None:
    def stands(party: Any) -> dict[str, Any]:
        with whole_subjects([party]):
            rows = suppliers_standing(Proveedor.objects.filter(pk=world.supplier.pk), party, world.etapa.proceso, DAY)
            return rows.values("acumulado", "umbral", "queda", "nivel").get()

    def amounts(row: dict[str, Any]) -> list[Any]:
        return [row["nivel"], *(str(Money(row[name])) for name in ("acumulado", "umbral", "queda"))]

    post_poliza(world.expense("122,141.24"), world.clerk)
    with only([world.books.pk]):
        assert amounts(stands(world.party)) == ["lejos", "122,141.24", "162,855.00", "40,713.76"]
        post_poliza(world.expense("0.01"), world.clerk)
        assert amounts(stands(world.party)) == ["cerca", "122,141.25", "162,855.00", "40,713.75"]
    post_poliza(world.expense("40,713.75", contabilidad_id=world.other_books.pk), world.clerk)
    with only([world.books.pk]):
        assert amounts(stands(world.party)) == ["rebasado", "162,855.00", "162,855.00", "0.00"]
    assert amounts(stands(world.rival))[:2] == ["lejos", "0.00"]
    register_rnp(world.supplier, "RNP1", date(2024, 1, 1))
    assert stands(world.party)["nivel"] == "cubierto"
