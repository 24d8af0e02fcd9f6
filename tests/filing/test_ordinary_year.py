"""The reports of an ordinary year: what is owed and when, figures to the cent, and how they are filed."""

from datetime import date, timedelta

import pytest

from filing.campaign import on
from filing.ordinary import BANKS, COMPUTER, EQUITY, ORDINARY, PAYABLE, RENT, Ordinary, pesos
from sif.books.services import post_poliza
from sif.catalogs.services.campaign_debts import NewCredito, register_credito
from sif.filing import services
from sif.filing.figures import changes, outside_form
from sif.filing.later import later_operations
from sif.filing.owed import report_of
from sif.filing.selectors import before_of, is_late, obligations
from sif.filing.sheets import acuse_sheet, informe_sheet
from sif.ledger import NewPoliza
from sif.notices.sheet import plain_text
from sif.registry import clock
from sif.registry.services import open_correction
from sif.values import Money, Refused

CREDIT = NewCredito("C-1", "Banco", date(2025, 1, 1), date(2027, 1, 1), Money.parse("100000.00"))


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.codigo for problem in refused.value.problems]


def test_a_year_owes_four_quarters_and_its_annual(ordinary: Ordinary) -> None:
    owed = [
        (row.tipo, row.periodo.numero, f"{row.desde}/{row.hasta}", f"{row.vence_el:%Y-%m-%d}", row.base)
        for row in obligations(ordinary.books)
    ]
    # Terms: thirty natural days after each quarter (LGPP 78.1.a.I); the annual's, sixty business days of 2026.
    assert owed[:4] == [
        ("IT", 1, "2025-01-01/2025-03-31", "2025-05-01", "LGPP 78.1.a.I"),
        ("IT", 2, "2025-04-01/2025-06-30", "2025-07-31", "LGPP 78.1.a.I"),
        ("IT", 3, "2025-07-01/2025-09-30", "2025-10-31", "LGPP 78.1.a.I"),
        ("IT", 4, "2025-10-01/2025-12-31", "2026-01-31", "LGPP 78.1.a.I"),
    ]
    assert owed[4][:3] == ("IA", 4, "2025-01-01/2025-12-31")
    assert "2026-03-15" < owed[4][3] < "2026-04-10"
    assert len(owed) == 5


def test_the_first_quarter_to_the_cent(ordinary: Ordinary) -> None:
    ordinary.fill("2025-03-31")
    informe = ordinary.prepare(1)
    assert (informe.tipo, informe.folio) == ("IT", f"IT-{ordinary.books.pk}-P1-V1")
    expected = {
        "SI": "500000.00",
        "I.1.1": "1000000.00",
        "I.1.3": "60000.00",
        "I.1": "1060000.00",
        "I.2.1": "12345.67",
        "I": "1072345.67",
        "G.1.1": "250000.10",
        "G.1.4": "45000.50",
        "G": "295000.60",
        "SF": "1277345.07",
        "CB": "1322345.57",
        "DC": "-45000.50",
        "M.1.1": "30000.00",
        "M.1": "30000.00",
        "M.2.1": "20000.00",
        "M.2.2": "60000.00",
        "M.2": "80000.00",
        "M.3": "0.00",
        "M.4": "75000.50",
    }
    assert {line: pesos(informe, line)[1] for line in expected} == expected
    assert (informe.ingresos, informe.egresos) == (107234567, 29500060)


def test_the_second_quarter_has_what_came_before_and_the_year_to_date(ordinary: Ordinary) -> None:
    ordinary.fill("2025-06-30")
    with on("2025-07-02 12:00"):
        informe = ordinary.prepare(2)
    expected = {
        "SI": ("500000.00", "1322345.57", "500000.00"),
        "I.2.2": ("0.00", "7000.00", "7000.00"),
        "I": ("1072345.67", "7000.00", "1079345.67"),
        "G.4": ("0.00", "18000.00", "18000.00"),
        "G.6": ("0.00", "30000.00", "30000.00"),
        "G": ("295000.60", "55000.00", "350000.60"),
        "SF": ("1277345.07", "1274345.57", "1229345.07"),
        "CB": ("1322345.57", "1207345.07", "1207345.07"),
        "DC": ("-45000.50", "67000.50", "22000.00"),
        "M.1": ("30000.00", "-18000.00", "12000.00"),
        "M.3": ("0.00", "22000.00", "22000.00"),
        "M.4": ("75000.50", "30000.00", "30000.00"),
    }
    assert {line: pesos(informe, line) for line in expected} == expected


def test_a_quarter_without_movements_is_said(ordinary: Ordinary) -> None:
    ordinary.fill("2025-09-30")
    with on("2025-10-02 12:00"):
        with pytest.raises(Refused) as refused:
            ordinary.prepare(3)
        assert codes(refused) == ["sin_movimientos_no_declarado"]
        informe = ordinary.prepare(3, nil=True)
        act = ordinary.present(informe)
    assert (informe.ingresos, informe.egresos, informe.contenido["sin_movimientos"]) == (0, 0, True)
    assert pesos(informe, "I") == ("1079345.67", "0.00", "1079345.67")
    assert "declara que en el periodo no tuvo movimientos" in " ".join(plain_text(informe_sheet(act.informe)).split())


def test_the_annual_is_one_column_and_neither_opening_nor_closing_is_income(ordinary: Ordinary) -> None:
    ordinary.fill()
    with on("2026-01-20 12:00"):
        fourth, annual = ordinary.prepare(4), ordinary.prepare(4, "IA")
    assert (fourth.tipo, annual.tipo) == ("IT", "IA")
    expected = {
        "SI": "500000.00",
        "I.1.1": "1000000.00",
        "I": "1080580.23",
        "G": "440000.60",
        "SF": "1140579.63",
        "CB": "1118579.63",
        "DC": "22000.00",
        "M.1": "12000.00",
        "M.2": "-10000.00",
        "M.4": "30000.00",
    }
    assert {line: pesos(annual, line)[1] for line in expected} == expected
    # Case 2.3 of the practice: the fourth quarter to date is the annual.
    assert all(pesos(fourth, line)[2] == amount for line, amount in expected.items())
    assert pesos(fourth, "SI")[1] == "1207345.07"


def test_a_year_with_wear_a_fine_and_commissions_closes_with_each_in_its_line(ordinary: Ordinary) -> None:
    fine, owed, fee, interest = "5-1-11-00-0000", "2-1-05-01-0000", "5-1-13-01-0000", "5-1-13-02-0000"
    wear, worn, lost = "5-1-12-00-0000", "1-2-09-04-0000", "5-1-16-00-0000"
    ordinary.own["credito"] = register_credito(ordinary.books, CREDIT, ordinary.clerk).pk
    for row in (
        ("2025-01-01", ((BANKS, "500000.00"), (COMPUTER, "120000.00")), ((EQUITY, "620000.00"),)),
        ("2025-01-20", ((fine, "50000.25"),), ((owed, "50000.25"),)),
        ("2025-02-05", ((BANKS, "974999.90"), (owed, "25000.10")), ((ORDINARY, "1000000.00"),)),
        ("2025-02-28", ((fee, "348.00"),), ((BANKS, "348.00"),)),
        ("2025-03-31", ((wear, "9000.03"),), ((worn, "9000.03"),)),
        ("2025-04-05", ((BANKS, "974999.85"), (owed, "25000.15")), ((ORDINARY, "1000000.00"),)),
        ("2025-05-31", ((interest, "1200.75"),), ((BANKS, "1200.75"),)),
        ("2025-12-31", ((wear, "27000.09"),), ((worn, "27000.09"),)),
        ("2025-12-31", ((lost, "500.01"),), ((COMPUTER, "500.01"),)),
    ):
        ordinary.post(*row)
    with on("2026-01-20 12:00"):
        first, annual = ordinary.prepare(1), ordinary.prepare(4, "IA")
    # Public money is whole, before the fine that is taken from it; what wears leaves no money and is outside SF.
    expected = {
        "I.1.1": ("1000000.00", "2000000.00"),
        "G.8": ("348.00", "1548.75"),
        "G.9": ("50000.25", "50000.25"),
        "G": ("50348.25", "51549.00"),
        "SF": ("1449651.75", "2448451.00"),
        "CB": ("1474651.90", "2448451.00"),
        "DC": ("-25000.15", "0.00"),
        "N.1": ("9000.03", "36000.12"),
        "N.2": ("0.00", "500.01"),
        "N": ("9000.03", "36500.13"),
        "M.1.1": ("30000.00", "60000.00"),
        "M.4": ("25000.15", "0.00"),
    }
    found = {line: (pesos(first, line)[1], pesos(annual, line)[1]) for line in expected}
    assert found == expected
    for period in (1, 4):
        report = report_of(ordinary.books, ordinary.etapa.periodos.get(numero=period))
        assert report is not None and outside_form(ordinary.books, report) == {}


def test_two_reports_of_a_period_are_filed_each_with_its_own_cadena_and_term(ordinary: Ordinary) -> None:
    ordinary.fill()
    with on("2026-02-02 12:00"):
        fourth, annual = ordinary.prepare(4), ordinary.prepare(4, "IA")
        cadena = services.cadena_of(annual, ordinary.officer.cer)
        assert f"|IA-{ordinary.books.pk}-P4-V1|" in cadena and "|2025-01-01|2025-12-31|" in cadena
        acts = [ordinary.present(each) for each in (fourth, annual)]
    assert [is_late(act) for act in acts] == [True, False]  # the quarter's thirty days ended on 30 January
    states = {(row.tipo, row.periodo.numero): row.estado for row in obligations(ordinary.books)}
    assert (states["IT", 4], states["IA", 4]) == ("extemporaneo", "presentado")
    text = plain_text(acuse_sheet(acts[1]))
    assert "Informe anual de gasto ordinario, ejercicio 2025, Partido del Año" in text
    assert "del 1 de enero de 2025 al 31 de diciembre de 2025" in text


def test_a_correction_is_a_new_version_that_says_what_it_changes(ordinary: Ordinary) -> None:
    ordinary.fill()
    with on("2026-02-02 12:00"):
        first = ordinary.prepare(4, "IA")
        ordinary.present(first)
    with on("2026-07-02 12:00"):
        etapa, now = ordinary.etapa, clock.now()
        open_correction(etapa, ordinary.party, now, now + timedelta(days=14), "LGPP 80.1.b.II")
        period = etapa.periodos.get(numero=4)
        lines = ordinary.lines(((RENT, "100.25"),), ((PAYABLE, "100.25"),))
        late = NewPoliza(ordinary.books.pk, period.pk, "correccion", "DR", date(2025, 12, 30), "Renta", lines)
        post_poliza(late, ordinary.clerk)
        later = later_operations([ordinary.books])
        assert later[ordinary.books.pk, period.pk, "IA"].polizas == 1
        second = ordinary.prepare(4, "IA")
        ordinary.present(second)
    assert (second.version, second.etapa_captura, before_of(second)) == (2, "correccion", first)
    found = changes(first.contenido, second.contenido)
    assert [(row.linea, row.informe, row.libros, row.diferencia) for row in found] == [
        ("G.1.4", 4500050, 4510075, 10025),
        ("G.1", 30200060, 30210085, 10025),
        ("G", 44000060, 44010085, 10025),
        ("SF", 114057963, 114047938, -10025),
        ("DC", 2200000, 2189975, -10025),
        ("M.4", 3000000, 3010025, 10025),
    ]
    text = plain_text(informe_sheet(second))
    assert "Diferencias con la versión 1, que se presentó antes" in text and "−$100.25" in text
    assert "Diferencias" not in plain_text(informe_sheet(first))


def test_what_the_form_has_no_line_for_is_named(ordinary: Ordinary) -> None:
    ordinary.post("2025-01-15", ((BANKS, "10.00"),), (("4-2-03-01-0000", "10.00"),))
    report = report_of(ordinary.books, ordinary.etapa.periodos.get(numero=1))
    assert report is not None
    assert outside_form(ordinary.books, report) == {"4-2-03-01-0000": 1000}


def test_a_stranger_and_a_kind_that_is_not_owed_are_refused(ordinary: Ordinary) -> None:
    with pytest.raises(Refused) as refused:
        ordinary.prepare(1, nil=True, by=ordinary.stranger)
    assert codes(refused) == ["sin_permiso"]
    for tipo in ("IA", "IC"):
        with pytest.raises(Refused) as refused:
            ordinary.prepare(1, tipo, nil=True)
        assert codes(refused) == ["no_lo_debe"]
