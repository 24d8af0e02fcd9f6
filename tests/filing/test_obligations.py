"""What each set of books owes, and how it stands as the clock runs."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from filing.campaign import Campaign, on
from filing.test_leaving import administrator
from sif.duties.selectors import obligations_of
from sif.filing.lacking import reports_of_stage
from sif.filing.selectors import Obligation, informes_of, is_late, obligations
from sif.registry import clock, scope
from sif.registry.leaving import NewEnd, end_candidacy
from sif.registry.models import Candidatura, Cargo, Contabilidad, Persona, Territorio
from sif.registry.services import NewCandidatura, approve_candidatura, cancel_contabilidad, open_correction


@pytest.fixture(autouse=True)
def _queries_say_the_same(campaign: Campaign) -> Iterator[None]:
    """Ask the queries of a whole stage at the end of each test: they name the reports owed and those not presented."""
    yield
    owed, asked = obligations(campaign.world.etapa), reports_of_stage(campaign.world.etapa)
    deben, faltan = set(), set()
    for each in asked:
        key = (each.informe.periodo.pk, each.informe.tipo)
        deben |= {(books.pk, *key) for books in (*each.vivieron, *each.presentaron)}
        faltan |= {(books.pk, *key) for books in each.faltan}
    assert deben == {(row.contabilidad_id, row.periodo_id, row.tipo) for row in owed}
    assert faltan == {(row.contabilidad_id, row.periodo_id, row.tipo) for row in owed if row.recibida_el is None}


def first(campaign: Campaign, books: Contabilidad | None = None) -> Obligation:
    return obligations(books or campaign.ana)[0]


def test_only_candidacies_owe_and_the_term_is_the_window(campaign: Campaign) -> None:
    owed = obligations(campaign.world.etapa)
    assert [(row.contabilidad_id, row.periodo.numero) for row in owed] == [
        (books.pk, number) for books in (campaign.ana, campaign.berta, campaign.rival) for number in (1, 2)
    ]
    assert obligations(campaign.world.books) == []
    assert f"{owed[0].vence_el.astimezone(clock.legal_zone()):%Y-%m-%d %H:%M}" == "2024-05-04 00:00"


def test_a_report_goes_from_not_made_to_presented(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "80.00", date(2024, 4, 11))
    assert (first(campaign).estado, first(campaign).informe_id, first(campaign).egresos) == ("sin_generar", None, None)
    informe = campaign.prepare()
    assert (first(campaign).estado, first(campaign).informe_id, first(campaign).egresos) == (
        "generado",
        informe.pk,
        None,
    )
    act = campaign.present(informe)
    row = first(campaign)
    assert (row.estado, row.recibida_el, row.egresos, row.version) == ("presentado", act.recibida_el, 8000, 1)
    assert not row.sin_movimientos and not is_late(act)
    with on("2024-07-01 00:00"):
        assert first(campaign).estado == "presentado"


@pytest.mark.parametrize(
    ("hour", "estado"), [("2024-05-03 23:59:59", "presentado"), ("2024-05-04 00:00", "extemporaneo")]
)
def test_late_begins_at_the_midnight_that_ends_the_term(campaign: Campaign, hour: str, estado: str) -> None:
    with on(hour):
        act = campaign.present(campaign.prepare(nil=True))
        assert (first(campaign).estado, is_late(act)) == (estado, estado == "extemporaneo")
        assert first(campaign).sin_movimientos


def test_omitted_is_derived_once_the_term_ends_even_if_prepared(campaign: Campaign) -> None:
    campaign.prepare(nil=True)
    with on("2024-05-04 00:00"):
        assert [first(campaign, books).estado for books in (campaign.ana, campaign.berta)] == ["omiso", "omiso"]
        assert obligations(campaign.ana)[1].estado == "sin_generar"


def test_a_correction_shows_new_figures_and_keeps_the_first_hour(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "80.00", date(2024, 4, 11))
    act = campaign.present(campaign.prepare())
    with on("2024-06-16 09:00"):
        open_correction(
            campaign.world.etapa, campaign.world.party, clock.now(), clock.now() + timedelta(days=5), "LGPP"
        )
        again = campaign.present(campaign.prepare())
        row = first(campaign)
        assert (row.estado, row.recibida_el, row.version, row.etapa_captura) == (
            "presentado",
            act.recibida_el,
            2,
            "correccion",
        )
        assert not is_late(again)
        late = campaign.present(campaign.prepare(campaign.berta, nil=True))
        assert (first(campaign, campaign.berta).estado, is_late(late)) == ("extemporaneo", True)
    assert [row.version for row in informes_of(campaign.ana)] == [2, 1]


def test_books_cancelled_owe_only_what_had_begun(campaign: Campaign) -> None:
    with on("2024-04-20 10:00"):
        cancel_contabilidad(campaign.ana, "Un acuerdo", campaign.world.auditor)
    assert [row.periodo.numero for row in obligations(campaign.ana)] == [1]


def test_books_opened_after_a_period_owe_it_neither_as_reports_nor_as_duties(campaign: Campaign) -> None:
    with on("2024-05-10 10:00"):
        person = Persona.objects.create(nombre="Delia Vega")
        seat = NewCandidatura(
            "F-late", person, campaign.world.party, Cargo.objects.get(), Territorio.objects.get(), 1000, "A"
        )
        late = approve_candidatura(campaign.world.etapa, seat)
    with on("2024-06-05 10:00"):
        owed = obligations(campaign.world.etapa)
        asked = obligations_of([campaign.world.party.pk, campaign.world.rival.pk], clock.today())
    told = {(row.contabilidad_id, row.periodo.numero) for row in owed}
    assert told == {(row.contabilidad, int(row.clave[-1])) for row in asked if row.tipo == "IC"}
    assert {number for books, number in told if books == late.pk} == {2}


def test_what_was_presented_of_a_period_not_lived_is_told(campaign: Campaign) -> None:
    campaign.present(campaign.prepare(nil=True))
    with on("2024-05-10 10:00"):
        left = Candidatura.objects.get(contabilidad=campaign.ana)
        end_candidacy(left, NewEnd("fallecimiento", date(2024, 4, 1), "INE/CG400/2024"), administrator())
    ana = Contabilidad.objects.get(pk=campaign.ana.pk)
    assert [(row.periodo.numero, row.estado) for row in obligations(ana)] == [(1, "presentado")]


def test_thirty_books_take_four_queries(campaign: Campaign, django_assert_num_queries: Any) -> None:
    from django.db import connection

    cargo, territorio = Cargo.objects.get(), Territorio.objects.get()
    for n in range(30):
        person = Persona.objects.create(nombre=f"Persona {n}")
        new = NewCandidatura(f"G-{n}", person, campaign.world.party, cargo, territorio, 1000, "A")
        with on("2024-04-02 09:00"):
            approve_candidatura(campaign.world.etapa, new)
    with CaptureQueriesContext(connection) as queries:
        assert len(obligations(campaign.world.etapa)) == 66
    assert len(queries) == 4


def test_another_subject_sees_nothing_of_these_reports(campaign: Campaign) -> None:
    campaign.present(campaign.prepare(nil=True))
    with scope.only([campaign.rival.pk]):
        assert first(campaign).informe_id is None
        assert list(informes_of(campaign.ana)) == []
