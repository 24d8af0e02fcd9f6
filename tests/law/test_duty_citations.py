"""The duties, the kinds of subject and the calendars cite what stands, and are as sure as the text of each day."""

from datetime import date

import pytest

from sif.law.calendar import review_calendar
from sif.law.citations import law_citations
from sif.law.duties import load_duties, read_omissions
from sif.law.processes import load_kinds
from sif.law.sources import LawDataError
from sif.law.subjects import load_subjects


def test_what_duties_and_subjects_quote_is_among_the_citations_that_are_proved() -> None:
    quoted = [each for each in law_citations("mx") if each.cita]
    of_duties = [each for each in quoted if each.donde.startswith("obligaciones/")]
    of_subjects = [each for each in quoted if each.donde.startswith("law/sujetos")]
    assert len(of_duties) > 30 and len(of_subjects) > 10
    assert any(each.articulo == "LGPP 25.1.v" for each in of_duties)


def test_a_duty_is_confirmed_only_where_its_days_were_read() -> None:
    for clave, duty in load_duties("mx").items():
        for limit in duty.limits:
            if limit.cuenta == "habiles":
                assert limit.basis.estatus == "por confirmar", clave
        if duty.basis is not None and duty.basis.articulo.startswith("RF"):
            assert duty.basis.estatus == "por confirmar", clave


def test_a_calendar_is_not_confirmed_while_a_reform_without_effect_ruled() -> None:
    assert {day.estatus for day in review_calendar("campana", date(2021, 6, 2), jurisdiction="mx")} == {"confirmado"}
    assert {day.estatus for day in review_calendar("campana", date(2024, 5, 29), jurisdiction="mx")} == {"confirmado"}
    assert {day.estatus for day in review_calendar("campana", date(2023, 5, 31), jurisdiction="mx")} == {
        "por confirmar"
    }


def test_every_kind_of_subject_of_a_process_and_of_a_duty_is_known() -> None:
    known = {kind.tipo for kind in load_subjects("mx").values()} | {"autoridad"}
    for duty in load_duties("mx").values():
        assert duty.sujetos <= known, duty.clave
    for kind in load_kinds("mx").values():
        assert kind.sujetos <= known, kind.clave


def test_whoever_leaves_out_a_campaign_report_is_told_the_article_of_their_own_kind() -> None:
    articles = {
        kind: (each.basis.articulo, each.consecuencia)
        for each in load_duties("mx")["IC"].omisiones
        for kind in each.sujetos
    }
    party = ("LGIPE 443.1.d", "LGIPE 456.1.a")
    assert articles == {
        **dict.fromkeys(("partido", "partido_local", "coalicion", "comun"), party),
        "aspirante": ("LGIPE 446.1.g", "LGIPE 456.1.c"),
        "independiente": ("LGIPE 446.1.g", "LGIPE 456.1.d"),
    }


@pytest.mark.parametrize(
    "kinds", [["partido"], ["partido", "independiente", "partido"], ["partido", "independiente", "x"]]
)
def test_an_omission_that_leaves_out_a_kind_or_names_it_twice_is_refused(kinds: list[str]) -> None:
    rows = [{"sujetos": [kind], "articulo": "LGIPE 443.1.d"} for kind in kinds]
    with pytest.raises(LawDataError, match=r"IC: las omisiones nombran a .*; nombre una vez a cada uno"):
        read_omissions(rows, frozenset({"partido", "independiente"}), "IC")
