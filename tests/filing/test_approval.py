"""A candidacy owes from the day of its approval, whenever it was registered; two people correct that day."""

from dataclasses import replace
from datetime import date

import pytest

from filing.campaign import Campaign, on
from filing.test_leaving import administrator
from registry.test_corrections import administrator as two
from registry.test_leaving import problems
from sif.duties.selectors import obligations_of
from sif.filing.selectors import obligations
from sif.registry import clock
from sif.registry.corrections import (
    Ground,
    approve,
    candidacy_at,
    facts_of_candidacy,
    propose_candidacy,
)
from sif.registry.leaving import NewEnd, NewReturn, NewSubstitute, end_candidacy, restore_candidacy, substitute
from sif.registry.models import Candidatura, Cargo, Contabilidad, Persona, Territorio
from sif.registry.services import NewCandidatura, approve_candidatura

GROUND = Ground("Se registró tarde y sin el día de su aprobación.", "INE/CG232/2024")


def registered(campaign: Campaign, moment: str, approved: str = "") -> Contabilidad:
    """The books of a candidacy registered at an instant and approved on a day; '' where nobody said which."""
    day = date.fromisoformat(approved) if approved else None
    with on(moment):
        who = Persona.objects.create(nombre="Delia Vega")
        seat = (Cargo.objects.get(), Territorio.objects.get())
        approval = (day, "INE/CG232/2024" if day else "")
        new = NewCandidatura("F-late", who, campaign.world.party, *seat, 1000, "A", *approval)
        return approve_candidatura(campaign.world.etapa, new)


def owes(campaign: Campaign, books: Contabilidad, moment: str = "2024-06-05 10:00") -> dict[int, str]:
    """The state of each report that some books owe, by the number of its period; the duties are of the same ones."""
    with on(moment):
        found = {row.periodo.numero: row.estado for row in obligations(Contabilidad.objects.get(pk=books.pk))}
        rows = obligations_of([campaign.world.party.pk], clock.today())
        whole = [row for row in obligations(campaign.world.etapa) if row.contabilidad_id == books.pk]
    asked = [int(row.clave[-1]) for row in rows if row.clave.startswith(f"IC-{books.pk}-")]
    assert sorted(asked) == sorted(found) == [row.periodo.numero for row in whole]
    return found


@pytest.mark.parametrize(
    ("registered_on", "approved", "periods"),
    [
        ("2024-05-20 10:00", "2024-03-01", [1, 2]),  # approved before the campaign, registered in its second period
        ("2024-05-20 10:00", "2024-04-30", [1, 2]),  # on the last day of the first
        ("2024-05-20 10:00", "2024-05-01", [2]),  # on the first of the second
        ("2024-06-04 10:00", "2024-05-10", [2]),  # registered once the campaign ended
        ("2024-03-02 10:00", "2024-05-10", [2]),  # a file registered before that the accord dates in May
        ("2024-05-20 10:00", "", [2]),  # nobody said it: from the day on which its books were opened
        ("2024-06-04 10:00", "", []),
    ],
)
def test_it_owes_the_periods_that_run_from_its_approval(
    campaign: Campaign, registered_on: str, approved: str, periods: list[int]
) -> None:
    books = registered(campaign, registered_on, approved)
    assert owes(campaign, books) == dict.fromkeys(periods, "omiso")


def test_the_report_of_a_period_that_ended_before_it_was_registered_is_late_and_may_be_filed(
    campaign: Campaign,
) -> None:
    books = registered(campaign, "2024-05-20 10:00", "2024-04-10")
    with on("2024-05-21 10:00"):
        campaign.present(campaign.prepare(books, nil=True))
    assert owes(campaign, books) == {1: "extemporaneo", 2: "omiso"}


def test_who_takes_a_place_owes_from_the_approval_of_the_substitution(campaign: Campaign) -> None:
    left = Candidatura.objects.get(contabilidad=campaign.ana)
    by = administrator()
    with on("2024-06-04 10:00"):  # recorded late, once the campaign ended
        fin = end_candidacy(left, NewEnd("fallecimiento", date(2024, 4, 20), "INE/CG400/2024"), by)
        new = NewSubstitute("Delia Vega", "INE/CG401/2024", aprobada_el=date(2024, 4, 19))
        assert problems(substitute, fin, new, by) == {"aprobada_el": "aprobacion"}
        entered = substitute(fin, replace(new, aprobada_el=date(2024, 4, 25)), by)
    came = Candidatura.objects.get(contabilidad=entered)
    assert (came.aprobada_el, came.acuerdo_aprobacion) == (date(2024, 4, 25), "INE/CG401/2024")
    assert list(owes(campaign, campaign.ana)) == [1]
    assert list(owes(campaign, entered)) == [1, 2]


def test_who_is_restored_owes_again_from_its_approval(campaign: Campaign) -> None:
    books = registered(campaign, "2024-05-20 10:00", "2024-04-10")
    found, by = Candidatura.objects.get(contabilidad=books), administrator()
    with on("2024-05-21 10:00"):
        end = NewEnd("cancelacion", date(2024, 4, 9), "INE/CG400/2024")
        assert problems(end_candidacy, found, end, by) == {"desde": "antes"}
        fin = end_candidacy(found, replace(end, desde=date(2024, 4, 20)), by)
        assert list(owes(campaign, books)) == [1]
        restore_candidacy(fin, NewReturn("SUP-JDC-1/2024", "La Sala Superior la restituye"), by)
    assert list(owes(campaign, books)) == [1, 2]


def test_two_people_correct_the_day_of_one_that_said_none(campaign: Campaign) -> None:
    books = registered(campaign, "2024-06-04 10:00")
    found = Candidatura.objects.get(contabilidad=books)
    with on("2024-06-04 11:00"):
        before = clock.now()
    assert owes(campaign, books) == {}
    with on("2024-06-05 10:00"):
        one, other = two("una"), two("otra")
        facts = replace(facts_of_candidacy(found), cargo="DIPUTACION FEDERAL MR")
        said = replace(facts, aprobada_el="2024-04-10", acuerdo_aprobacion="INE/CG232/2024")
        for wrong, where in (
            ({"acuerdo_aprobacion": ""}, "acuerdo_aprobacion"),
            ({"aprobada_el": "2024-06-06"}, "aprobada_el"),
            ({"aprobada_el": "2023-01-10"}, "aprobada_el"),
        ):
            assert problems(propose_candidacy, found, replace(said, **wrong), GROUND, one) == {where: "aprobacion"}
        asked = propose_candidacy(found, said, GROUND, one)
        assert owes(campaign, books) == {}
        approve(asked, other)
        found.refresh_from_db()
        empty = replace(said, aprobada_el="", acuerdo_aprobacion="")
        assert problems(propose_candidacy, found, empty, GROUND, one) == {"aprobada_el": "aprobacion"}
        approve(propose_candidacy(found, replace(said, aprobada_el="2024-05-02"), GROUND, one), other)
    found.refresh_from_db()
    assert (found.aprobada_el, found.acuerdo_aprobacion) == (date(2024, 5, 2), "INE/CG232/2024")
    assert candidacy_at(found, before).aprobada_el is None
    assert owes(campaign, books) == {2: "omiso"}
    with on("2024-06-06 10:00"):
        end = NewEnd("libre", date(2024, 5, 10), "INE/CG400/2024")
        end_candidacy(found, end, one)
        late = replace(facts_of_candidacy(found), aprobada_el="2024-05-11")
        assert problems(propose_candidacy, found, late, GROUND, one) == {"aprobada_el": "aprobacion"}
