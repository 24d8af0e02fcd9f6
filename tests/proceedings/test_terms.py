"""The days of a review and the last instant to answer, against the real calendars."""

from datetime import date, datetime, timedelta

import pytest

from proceedings.world import World
from sif.filing.sheets import term_in_words
from sif.proceedings.terms import answer_deadline, hearing_of, term_words
from sif.proceedings.wording import legal_hour
from sif.registry import clock
from sif.registry.stage_days import calendar_of


def test_the_answer_is_due_the_real_day_of_2018_at_the_end_of_the_day(world: World) -> None:
    due = answer_deadline(world.etapa, date(2018, 7, 10))
    assert due.isoformat() == "2018-07-15T23:59:59-05:00"


def test_an_oficio_notified_early_keeps_the_day_of_the_calendar(world: World) -> None:
    assert answer_deadline(world.etapa, date(2018, 7, 8)).date() == date(2018, 7, 15)


def test_an_oficio_notified_late_does_not_shorten_the_term(world: World) -> None:
    assert answer_deadline(world.etapa, date(2018, 7, 12)).date() == date(2018, 7, 17)


@pytest.mark.parametrize(
    ("acuerdo", "plazos", "answer"),
    [("", [3, 13, 7, 10, 6, 6], date(2018, 7, 20)), ("ACUERDO/1/2018", None, date(2018, 7, 15))],
)
def test_terms_carried_by_the_stage_replace_those_of_the_law(
    world: World, acuerdo: str, plazos: list[int] | None, answer: date
) -> None:
    world.etapa.acuerdo, world.etapa.plazos = acuerdo, plazos
    assert calendar_of(world.etapa)["respuesta"].fecha == answer


def test_terms_given_cite_the_accord_that_gives_them_and_those_of_the_law_their_article(world: World) -> None:
    world.etapa.acuerdo, world.etapa.plazos = "IEPC/CG1/2027", [3, 13, 7, 10, 6, 6]
    assert term_words(world.etapa, date(2018, 7, 13)) == "7 días naturales (IEPC/CG1/2027)"
    world.etapa.plazos = None
    assert term_words(world.etapa, date(2018, 7, 10)) == "5 días naturales (LGPP 80.1.d.III)"


@pytest.mark.parametrize(
    ("acuerdo", "plazos", "cited"),
    [
        ("IEPC/CG1/2027", [3, 10, 7, 10, 6, 6], "; IEPC/CG1/2027"),
        (
            "IEPC/CG1/2027",
            [3, 13, 5, 10, 6, 6],
            "; IEPC/CG1/2027",
        ),  # its day is another
        ("IEPC/CG1/2027", [3, 10, 5, 12, 6, 6], ""),
        ("IEPC/CG1/2027", None, ""),
        ("", [3, 13, 7, 10, 6, 6], ""),
    ],
)
def test_the_hearing_cites_beside_its_article_the_accord_that_dates_it(
    world: World, acuerdo: str, plazos: list[int] | None, cited: str
) -> None:
    world.etapa.acuerdo, world.etapa.plazos = acuerdo, plazos
    said = hearing_of(world.etapa, "partido", second=False)
    assert said == (f"LGPP 80.1.d.III{cited}", "por confirmar" if cited else "confirmado")
    assert hearing_of(world.etapa, "independiente", second=False)[0] == f"LGIPE 431.3; LGPP 80.1.d.III{cited}"


def test_an_accord_we_know_rules_the_stage_that_names_it(world: World) -> None:
    world.etapa.acuerdo, world.etapa.termina_el = "INE/CG502/2023", date(2024, 5, 29)
    assert calendar_of(world.etapa)["respuesta"].fecha == date(2024, 6, 20)
    assert calendar_of(world.etapa)["consejo"].fecha == date(2024, 7, 22)


def test_the_end_of_a_day_is_one_hour_in_every_document() -> None:
    end = datetime(2026, 6, 4, 23, 59, 59, tzinfo=clock.legal_zone())
    assert legal_hour(end) == "24:00 horas"
    assert term_in_words(end) == term_in_words(end + timedelta(seconds=1)) == "4 de junio de 2026, 24:00\u00a0h"
    assert legal_hour(end - timedelta(minutes=1)) == "23:58 horas"
