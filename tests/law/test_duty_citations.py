"""The duties, the kinds of subject and the calendars cite what stands, and are as sure as the text of each day."""

from datetime import date

from sif.law.calendar import review_calendar
from sif.law.citations import law_citations
from sif.law.duties import load_duties
from sif.law.processes import load_kinds
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
