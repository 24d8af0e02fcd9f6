"""The cases of the reports, terms and obligations of each subject; each test names the number of its case."""

from datetime import date, datetime, timedelta

import pytest

from sif.law.calendar import (
    SECOND_ANSWER,
    Course,
    appeal_day,
    load_stages,
    period_calendars,
    review_calendar,
    stage_terms,
)
from sif.law.caps import cap_citizen_support, cap_precampaign, earmarked
from sif.law.cuts import Cut, cuts
from sif.law.days import UnknownTerm, add_days, is_business_day
from sif.law.duties import (
    Elections,
    due_instant,
    due_of,
    duties_of,
    expected,
    lacking,
    load_duties,
    owed_by_books,
    repeated,
    standing_of,
    state_of,
)
from sif.law.parameters import value_on
from sif.law.processes import may_substitute
from sif.law.subjects import kind_of, load_subjects
from sif.values import Money, Span

D = date.fromisoformat
DUTIES = load_duties("mx")


def annual(year: int, etapa: str = "anual", **course: object) -> dict[str, date]:
    found = review_calendar(etapa, date(year, 12, 31), course=Course(**course), jurisdiction="mx")  # type: ignore[arg-type]
    return {day.hito: day.fecha for day in found}


def quarter(year: int, number: int) -> Cut:
    return cuts("trimestre", date(year, 1, 1), date(year, 12, 31))[number - 1]


def due(clave: str, **moments: str) -> date | None:
    return due_of(DUTIES[clave], {name: D(day) for name, day in moments.items()}, "mx").fecha


def standing(clave: str, cut: Cut, elections: Elections | None = None) -> str:
    vence = due_of(DUTIES[clave], {"corte": cut.hasta}, "mx").fecha
    return standing_of(DUTIES[clave], cut, vence, elections or Elections(), jurisdiction="mx").estado


@pytest.mark.parametrize(
    ("case", "etapa", "year", "expects"),
    [
        (1, "anual", 2020, "2021-04-02"),
        (3, "anual_agrupacion", 2020, "2021-05-17"),
        (4, "anual", 2025, "2026-04-02"),
        (4, "anual_agrupacion", 2025, "2026-05-18"),
        (5, "anual", 2026, "2027-04-02"),
    ],
)
def test_the_annual_report_is_due(case: int, etapa: str, year: int, expects: str) -> None:
    [informe, *_others] = review_calendar(etapa, date(year, 12, 31), jurisdiction="mx")
    assert informe.fecha == D(expects), case
    assert informe.estatus == "por confirmar"


def test_cases_1_and_2_other_ways_of_counting_give_other_days() -> None:
    assert is_business_day(D("2021-04-02"), jurisdiction="mx")  # Good Friday counts
    assert not is_business_day(D("2021-01-06"), jurisdiction="mx") and is_business_day(
        D("2021-01-07"), jurisdiction="mx"
    )
    assert not is_business_day(D("2021-05-05"), jurisdiction="mx")
    inside = Span(D("2020-09-01"), D("2021-09-01"))
    assert add_days(D("2020-12-31"), 60, "habiles", inside, jurisdiction="mx") == D("2021-03-01")
    assert annual(2020)["informe"] != D("2021-03-01")


def test_case_3_the_two_terms_of_the_agrupaciones_are_told() -> None:
    [limit] = DUTIES["IA-APN"].limits
    assert "22.8" in limit.basis.nota and "78.2" in limit.basis.nota
    assert due("IA-APN", corte="2020-12-31") == D("2021-05-17")


def test_case_5_the_annual_report_is_not_suspended_in_an_electoral_year() -> None:
    [year] = cuts("ejercicio", D("2026-01-01"), D("2026-12-31"))
    assert standing("IA", year) == ""
    assert [each.fecha for each in review_calendar("anual", D("2026-12-31"), jurisdiction="mx")] == [
        D("2027-04-02"),
        D("2027-06-28"),
        D("2027-07-12"),
        D("2027-08-16"),
        D("2027-08-30"),
        D("2027-09-17"),
    ]


@pytest.mark.parametrize(("year", "expects"), [(2023, "2024-02-29"), (2027, "2028-02-29")])
def test_case_6_sixty_natural_days_reach_the_leap_day(year: int, expects: str) -> None:
    assert add_days(date(year, 12, 31), 60, jurisdiction="mx") == D(expects)


def test_case_7_an_annual_report_without_its_parts_is_not_whole() -> None:
    whole = {"auditor_externo", "situacion_patrimonial", "inmuebles"}
    assert lacking(DUTIES["IA"], whole) == ()
    assert [part.basis.articulo for part in lacking(DUTIES["IA"], whole - {"auditor_externo"})] == ["LGPP 78.1.b.IV"]
    assert [part.clave for part in lacking(DUTIES["IA"], whole - {"inmuebles"})] == ["inmuebles"]
    assert DUTIES["IA"].firman == ("finanzas", "auditor_externo")


def test_case_8_a_party_born_in_july_reports_from_july() -> None:
    assert cuts("ejercicio", D("2026-07-01"), D("2026-12-31")) == [Cut(1, D("2026-07-01"), D("2026-12-31"))]
    assert [cut.numero for cut in cuts("trimestre", D("2026-07-01"), D("2026-12-31"))] == [3, 4]
    months = cuts("mes", D("2025-01-15"), D("2026-06-30"))
    assert (len(months), months[-1].hasta) == (18, D("2026-06-30"))


def test_case_9_the_annual_reports_expected_of_2023() -> None:
    assert expected(DUTIES["IA"], {"partido": 7, "partido_local": 84, "agrupacion": 3}) == 539


def test_case_10_quarters_stand_or_are_suspended() -> None:
    assert due("IT", corte="2026-03-31") == D("2026-04-30")
    assert add_days(D("2026-03-31"), 30, "habiles", jurisdiction="mx") == D("2026-05-14")
    assert standing("IT", quarter(2026, 1)) == ""
    found = standing_of(DUTIES["IT"], quarter(2027, 1), jurisdiction="mx")
    assert (found.estado, found.base) == ("suspendida", "LGPP 78.1.a.III")


def test_case_11_the_fourth_quarter_before_an_election_is_judged_by_its_period() -> None:
    assert due("IT", corte="2026-12-31") == D("2027-01-30")  # a Saturday, which moves nothing
    assert standing("IT", quarter(2026, 4)) == ""
    assert DUTIES["IT"].suspension is not None
    assert (DUTIES["IT"].suspension.por, DUTIES["IT"].suspension.basis.estatus) == ("periodo", "por confirmar")


def test_cases_12_to_15_the_year_of_a_federal_process_alone_suspends_quarters() -> None:
    assert standing("IT", quarter(2020, 3)) == ""
    assert standing("IT", quarter(2026, 1), Elections(locales=(Span(D("2025-11-01"), D("2026-08-01")),))) == ""
    assert "partido_local" in DUTIES["IT"].sujetos and standing("IT", quarter(2027, 1)) == "suspendida"
    assert standing("IT", quarter(2026, 2), Elections(extraordinarias=frozenset({2026}))) == "por_confirmar"


def test_case_16_the_detail_of_womens_leadership_is_never_suspended() -> None:
    assert standing("IMU", quarter(2027, 1)) == ""
    assert DUTIES["IMU"].articulo == "LGPP 25.1.v"


@pytest.mark.parametrize(
    ("year", "number", "expects"),
    [(2026, 2, ""), (2027, 1, "no_aplica"), (2026, 3, "por_confirmar"), (2026, 4, "no_aplica"), (2027, 4, "")],
)
def test_case_17_contracts_are_quarterly_outside_processes(year: int, number: int, expects: str) -> None:
    assert standing("ICT", quarter(year, number)) == expects
    assert due_of(DUTIES["ICT"], {"corte": quarter(year, number).hasta}, "mx").fecha is None


def test_case_17_a_local_process_leaves_contracts_to_be_confirmed() -> None:
    local = Elections(locales=(Span(D("2026-04-10"), D("2026-05-01")),))
    assert standing("ICT", quarter(2026, 2), local) == "por_confirmar"
    assert standing("ICT", quarter(2026, 1), local) == ""


def reviews(desde: str, hasta: str) -> list[list[date]]:
    ends = [cut.hasta for cut in cuts("treinta", D(desde), D(hasta))]
    return [[day.fecha for day in review] for review in period_calendars("campana", ends, jurisdiction="mx")]


def test_case_18_each_report_of_2018_opens_its_own_review() -> None:
    first, second, last = reviews("2018-03-30", "2018-06-27")
    assert first == [D("2018-05-01"), D("2018-05-11"), D("2018-05-16")]
    assert second == [D("2018-05-31"), D("2018-06-10"), D("2018-06-15")]
    assert last == [D(f"2018-{day}") for day in ("06-30", "07-10", "07-15", "07-25", "07-31", "08-06")]


def test_cases_19_and_20_the_reports_of_other_campaigns() -> None:
    assert [each[0] for each in reviews("2024-03-01", "2024-05-29")] == [
        D("2024-04-02"),
        D("2024-05-02"),
        D("2024-06-01"),
    ]
    first, last = reviews("2027-04-04", "2027-06-02")
    assert (first, last[0], last[-1]) == (
        [D("2027-05-06"), D("2027-05-16"), D("2027-05-21")],
        D("2027-06-05"),
        D("2027-07-12"),
    )
    assert [each[0] for each in reviews("2027-04-19", "2027-06-02")] == [D("2027-05-21"), D("2027-06-05")]


def test_cases_21_and_22_books_owe_the_periods_that_they_lived() -> None:
    first, second, last = cuts("treinta", D("2024-03-01"), D("2024-05-29"))
    late = [owed_by_books(cut, D("2024-05-10")) for cut in (first, second, last)]
    assert late == [None, None, Cut(3, D("2024-05-10"), D("2024-05-29"))]
    cancelled = [owed_by_books(cut, D("2024-03-01"), D("2024-04-15")) for cut in (first, second, last)]
    assert cancelled == [first, Cut(2, D("2024-03-31"), D("2024-04-15")), None]
    after = [owed_by_books(cut, D("2024-04-16")) for cut in (first, second, last)]
    assert [cut.numero for cut in after if cut] == [2, 3]


def test_cases_23_and_24_when_a_candidacy_may_be_substituted() -> None:
    jornada = D("2027-06-06")
    assert not may_substitute(kind_of("partido", "mx"), D("2027-05-07"), jornada, "mx")
    assert may_substitute(kind_of("partido", "mx"), D("2027-05-06"), jornada, "mx")
    assert not may_substitute(kind_of("independiente", "mx"), D("2027-04-10"), jornada, "mx")
    signs = kind_of("independiente", "mx").signs
    assert signs is not None and signs.que == "encargada"
    assert "independiente" in DUTIES["IC"].sujetos  # its report is due all the same


def test_case_25_a_report_without_movements_is_owed() -> None:
    assert state_of(D("2024-03-01"), D("2024-04-02"), D("2024-04-03")) == "vencida"
    assert DUTIES["IC"].basis is None and DUTIES["IC"].libros == {"candidatura"}


def test_case_26_percentages_are_told_ten_days_before_and_not_changed() -> None:
    assert due("POR", inicio="2027-04-04") == D("2027-03-25")
    assert DUTIES["POR"].caracter is not None and "modificados" in DUTIES["POR"].caracter.basis.cita


@pytest.mark.parametrize(
    ("case", "ends", "expects"),
    [
        (30, "2021-01-31", "02-10 02-25 03-04 03-14 03-20 03-29"),
        (30, "2018-02-11", "02-21 03-08 03-15 03-25 03-31 04-09"),
    ],
)
def test_case_30_the_precampaign_by_law_ends_when_registration_does(case: int, ends: str, expects: str) -> None:
    found = review_calendar("precampana", D(ends), jurisdiction="mx")
    assert " ".join(f"{day.fecha:%m-%d}" for day in found) == expects, case
    assert {day.estatus for day in found} == {"confirmado"}


def test_case_32_a_late_assembly_makes_the_party_due_before_its_precandidate() -> None:
    assert due("IPR", corte="2027-02-12") == D("2027-02-22")
    assert due("IPR-P", asamblea="2027-02-14") == D("2027-02-21")
    assert due("IPR-P", asamblea="2027-02-20") == D("2027-02-27")


@pytest.mark.parametrize(
    ("duty", "expected"),
    [
        ("IPR", {"partido": ("LGIPE 443.1.d", "LGIPE 456.1.a"), "comun": ("LGIPE 443.1.d", "LGIPE 456.1.a")}),
        ("IPR-P", {"partido": ("LGIPE 445.1.d", "LGIPE 229.3")}),
        ("IAC", {"aspirante": ("LGIPE 446.1.g", "LGIPE 378.1"), "independiente": ("LGIPE 446.1.g", "LGIPE 456.1.d")}),
    ],
)
def test_what_it_is_not_to_report_a_precampaign_or_citizen_support_is_of_each_kind_of_person(
    duty: str, expected: dict[str, tuple[str, str]]
) -> None:
    told = {kind: row for row in DUTIES[duty].omisiones for kind in row.sujetos}
    assert {kind: (told[kind].basis.articulo, told[kind].consecuencia) for kind in expected} == expected


def test_case_33_who_acts_as_precandidate_owes_without_registration() -> None:
    assert "sin estar registrada" in DUTIES["IPR"].limits[0].basis.nota


def test_case_34_what_comes_within_the_review_is_late_and_after_it_omitted() -> None:
    due_day, closes = D("2021-02-10"), D("2021-03-04")
    asked = (D("2020-12-23"), due_day)
    assert state_of(*asked, D("2021-02-09")) == "abierta"
    assert state_of(*asked, D("2021-02-10"), D("2021-02-10"), closes) == "cumplida"
    assert state_of(*asked, D("2021-03-10"), D("2021-03-04"), closes) == "tarde"
    assert state_of(*asked, D("2021-03-10"), D("2021-03-05"), closes) == "omitida"
    assert state_of(*asked, D("2021-03-04"), None, closes) == "vencida"
    assert state_of(*asked, D("2021-03-05"), None, closes) == "omitida"
    assert state_of(*asked, D("2020-12-22")) == "programada"
    assert state_of(D("2021-01-01"), None, D("2021-02-01")) == "por_confirmar"
    assert state_of(*asked, D("2021-02-09"), D("2021-02-10")) == "abierta"  # not met yet on that day


def test_case_35_caps_of_precampaign_and_support() -> None:
    cap = Money.parse("1648189.00")
    assert cap_precampaign(cap, D("2021-01-01"), "mx") == Money.parse("329638.00")
    assert cap_citizen_support(cap, D("2021-01-01"), "mx") == Money.parse("164818.90")


def test_case_36_support_is_due_with_the_application_if_that_is_first() -> None:
    assert due("IAC", corte="2027-03-10") == D("2027-04-09")
    found = due_of(DUTIES["IAC"], {"corte": D("2027-03-10"), "solicitud": D("2027-03-22")}, "mx")
    assert (found.fecha, found.base) == (D("2027-03-22"), "LGIPE 430.1.c")


@pytest.mark.parametrize(
    ("tipo", "articles"),
    [("aspirante", ["LGIPE 380.1.c", "LGIPE 376.1"]), ("independiente", ["LGIPE 394.1.m", "LGIPE 404.1"])],
)
def test_case_37_independents_neither_take_nor_pay_cash(tipo: str, articles: list[str]) -> None:
    kind = kind_of(tipo, "mx")
    assert (kind.receives_cash, kind.pays_cash, kind.cash_limit) == (False, False, "")
    assert [said.articulo for said in kind.cash] == articles
    assert kind_of("partido", "mx").receives_cash and kind_of("partido", "mx").cash_limit == "limite_efectivo_uma"


@pytest.mark.parametrize(("jornada", "expects"), [("2024-06-02", "2024-07-02"), ("2027-06-06", "2027-07-06")])
def test_case_39_observers_report_thirty_days_after_the_vote(jornada: str, expects: str) -> None:
    assert due("IOE", jornada=jornada) == D(expects)


@pytest.mark.parametrize(("ends", "expects"), [("2025-01-31", "2025-02-10"), ("2028-02-29", "2028-03-10")])
def test_case_40_organisations_report_each_month(ends: str, expects: str) -> None:
    assert due("IM", corte=ends) == D(expects)


def test_case_41_local_organisations_report_elsewhere() -> None:
    assert {clave for clave, kind in load_subjects("mx").items() if kind.ante != "INE"} == {"APL", "ORL"}
    assert duties_of("", D("2026-01-01"), "mx") == []


def test_what_no_article_says_of_a_kind_of_subject_is_not_claimed() -> None:
    kinds = load_subjects("mx")
    ended, judge = kinds["LIQ"], kinds["JUD"]
    assert ended.signs is not None and (ended.signs.que, ended.signs.articulo) == ("interventor", "LGPP 97.1.d.V")
    assert (judge.signs, judge.substituted) == (None, None)
    for kind in (ended, judge):
        assert (kind.tipo, kind.receives_cash, kind.pays_cash, kind.cash) == ("", None, None, ())


@pytest.mark.parametrize(
    ("case", "etapa", "notified", "expects"),
    [
        (42, "campana", "2024-07-22", "2024-07-26"),
        (42, "campana", "2024-07-29", "2024-08-02"),
        (43, "anual", "2022-11-29", "2022-12-05"),
        (43, "anual", "2025-12-18", "2026-01-09"),
        (44, "anual", "2023-12-01", "2023-12-07"),
    ],
)
def test_an_appeal_is_due(case: int, etapa: str, notified: str, expects: str) -> None:
    assert appeal_day(D(notified), etapa, "mx").fecha == D(expects), case


def test_cases_45_and_46_an_investment_and_a_coalition() -> None:
    assert due("FON", suscripcion="2026-05-29") == D("2026-06-03")
    assert due("COV", inicio_precampana="2027-01-04") == D("2026-12-05")


def test_case_49_without_errors_the_dictamen_follows_the_sixty_days() -> None:
    days = annual(2025, no_errors=True)
    assert "respuesta" not in days
    assert days["dictamen"] == add_days(days["oficio"], 20, "habiles", jurisdiction="mx")


def test_case_50_the_second_answer_runs_from_its_own_oficio() -> None:
    days = annual(2025, segundo_oficio=D("2026-08-03"))
    assert days[SECOND_ANSWER] == D("2026-08-10")
    assert days["dictamen"] == add_days(D("2026-08-10"), 20, "habiles", jurisdiction="mx") == D("2026-09-07")
    once = annual(2025, one_oficio=True)
    assert SECOND_ANSWER not in once and once["dictamen"] == add_days(
        once["respuesta"], 20, "habiles", jurisdiction="mx"
    )


def test_the_second_answer_is_not_lost_under_an_accord() -> None:
    given = review_calendar("anual", D("2025-12-31"), (60, 60, 10, 30, 10, 13), given_by="acuerdo", jurisdiction="mx")
    dictamen = given[3]
    assert "5 días hábiles (LGPP 80.1.b.III)" in dictamen.base and "25 días hábiles (acuerdo)" in dictamen.base
    law = [day.fecha for day in review_calendar("anual", D("2025-12-31"), jurisdiction="mx")]
    same = review_calendar("anual", D("2025-12-31"), (60, 60, 10, 25, 10, 13), jurisdiction="mx")
    assert [day.fecha for day in same] == law


def test_the_law_orders_to_inform_of_the_answers_to_an_annual_review_alone() -> None:
    told = {etapa: stage_terms(etapa, D("2025-12-31"), "mx").informs for etapa in load_stages("mx")}
    assert {etapa: article for etapa, article in told.items() if article} == {
        "anual": "LGPP 80.1.b.III",
        "anual_agrupacion": "LGPP 80.1.b.III, por LGIPE 192.5",
    }


def test_what_follows_a_day_that_an_accord_fixes_is_counted_from_it() -> None:
    moved = review_calendar("campana", D("2018-06-27"), course=Course({"oficio": D("2018-07-12")}), jurisdiction="mx")
    assert [f"{day.fecha:%m-%d}" for day in moved] == ["06-30", "07-12", "07-17", "07-27", "08-02", "08-08"]
    assert [day.estatus for day in moved] == ["confirmado", *["por confirmar"] * 5]


def test_case_51_what_is_set_apart_of_public_money() -> None:
    found = earmarked(Money.parse("10000000.00"), Money.parse("1500000.00"), D("2026-01-01"), "mx")
    assert found.women - Money.parse("299999.99") == Money.parse("0.01")
    assert found.specific == Money.parse("1700000.00")


def test_case_52_statements_are_due_from_instant_to_instant() -> None:
    friday = datetime.fromisoformat("2026-05-08T10:00-06:00")
    assert due_instant(DUTIES["EF72"], friday, "mx") == friday + timedelta(days=3)
    with pytest.raises(UnknownTerm, match="de momento a momento"):
        due_of(DUTIES["EF72"], {"requerimiento": D("2026-05-08")}, "mx")


def test_case_54_what_an_independent_returns_has_no_day() -> None:
    assert due_of(DUTIES["RCI"], {}, "mx").fecha is None
    assert state_of(D("2024-06-03"), None, D("2024-09-01")) == "por_confirmar"


def test_case_55_progress_is_told_every_twenty_five_days() -> None:
    found = repeated(DUTIES["AVR"], D("2027-02-22"), D("2027-05-08"), "mx")
    assert list(found) == [D("2027-03-19"), D("2027-04-13"), D("2027-05-08")]
    assert value_on("plazo_avance_revision_dias", D("2027-02-22"), "mx") == 25


# Each duty besides the reports, by the word of the practice: the articles its rows cite and how many of its terms the
# law counts. What has no day in the law says so (0), and is never late by surprise.
BESIDES = {
    "AVC": ({"AVC": "LGPP 61.1.f.III"}, 1),
    "CTA": ({"CTA": "RF 54.1"}, 1),
    "FON": ({"FON": "LGPP 57.1.a"}, 1),
    "CCI": ({"CCI": "LGIPE 373.2"}, 0),
    "POR": ({"POR": "LGPP 51.1.b.III"}, 1),
    "MUJ": ({"MUJ": "LGPP 51.1.a.V"}, 0),
    "ESP": ({"ESP": "LGPP 51.1.a.IV"}, 0),
    "PUB": ({"PUB-T": "LGPP 25.1.h", "PUB-S": "LGPP 25.1.h"}, 2),
    "APO": ({"RMA": "LGPP 56.5", "RCF": "LGPP 56.3"}, 0),
    "ESPC": ({"ESC": "LGPP 56.4"}, 0),
    "INV": ({"INV": "LGPP 78.1.b.III"}, 1),
    "AUD": ({"AUD": "LGPP 78.1.b.IV"}, 1),
    "RET": ({"RET": "LGPP 68.2"}, 0),
    "CON": ({"CON": "LGPP 61.1.e"}, 0),
    "REM": ({"REM": "RF 222 Bis"}, 0),
    "RCI": ({"RCI": "LGIPE 410.1"}, 0),
    "SAN": ({"SAN": "LGIPE 458.7"}, 0),
    "PRO": ({"PRO": "LGIPE 210.2", "PRP": "LGIPE 212.1", "RPL": "LGIPE 209.2"}, 2),
    "PIN": ({"PIN": "LGIPE 226.2", "PIN72": "LGIPE 226.2"}, 2),
    "COV": ({"COV": "LGPP 92.1", "CVR": "LGPP 92.3"}, 2),
    "TRA": ({"TRA": "LGPP 30.1.l"}, 0),
    "AGE": ({"AGE": "RF 143 Bis.1"}, 1),
    "PAT": ({"PAT": "RF 163"}, 0),
    "REC": ({"REC": "LGPP 60.3"}, 0),
    "AVR": ({"AVR": "LGPP 84.2"}, 1),
    "PDR": ({"PDR": "LGPP 82.1.b"}, 0),
}


@pytest.mark.parametrize("word", BESIDES)
def test_each_duty_besides_the_reports_stands_with_its_article_and_its_term(word: str) -> None:
    rows, counted = BESIDES[word]
    found = {clave: DUTIES[clave] for clave in rows}
    assert {clave: duty.articulo for clave, duty in found.items()} == rows
    assert sum(bool(limit.cuenta) for duty in found.values() for limit in duty.limits) == counted
    days = [state_of(D("2026-01-01"), None, D("2026-06-01")) for duty in found.values() if not duty.limits[0].cuenta]
    assert set(days) <= {"por_confirmar"}


def test_every_duty_is_a_report_or_one_of_those_besides() -> None:
    reports = {"IT", "IMU", "ICT", "RMA", "IA", "IA-APN", "IPR", "IPR-P", "IAC", "IC", "IOE", "IM", "EF72"}
    besides = {clave for rows, _counted in BESIDES.values() for clave in rows}
    assert set(DUTIES) == reports | besides | {"RSP", "EDC"}


def test_dates_before_the_law_are_refused() -> None:
    with pytest.raises(UnknownTerm, match="rigen desde el 2014-05-24"):
        review_calendar("campana", D("2009-07-05"), jurisdiction="mx")
