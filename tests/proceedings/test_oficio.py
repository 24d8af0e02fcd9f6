"""The oficio and its answers: notified whole, answered in time by the right person, no version lost."""

from datetime import date, datetime

import pytest
from django.db import Error, transaction

from proceedings.world import ZONE, World, at, codes
from sif.books.models import Archivo
from sif.proceedings import selectors, services
from sif.proceedings.models import Oficio, Respuesta
from sif.proceedings.proposing import propose_oficio
from sif.proceedings.terms import first_oficio_day, report_due
from sif.registry.models import Ventana
from sif.registry.scope import registering
from sif.registry.services import open_correction
from sif.registry.stage_days import calendar_of, period_calendars_of
from sif.values import Refused
from sif.web.term_pages import events_of, terms_of


def test_the_oficio_keeps_its_files_its_notice_and_opens_the_correction(world: World) -> None:
    first = world.observacion([world.hallazgo("1,000.00"), world.hallazgo("250.50", book=1)])
    oficio = world.oficio()
    assert oficio.numero == "SIF/UTF/DA/00001/2018"
    assert list(oficio.observaciones.all()) == [first]
    assert oficio.vence_el == datetime(2018, 7, 15, 23, 59, 59, tzinfo=ZONE)
    documento = oficio.documento
    kept = Archivo.objects.in_bulk([documento.pdf_sha256, documento.docx_sha256, documento.texto_sha256])
    assert kept[documento.pdf_sha256].tipo == "application/pdf"
    assert len(kept) == 3
    assert oficio.notificacion.documento_sha256 == documento.pdf_sha256
    assert oficio.notificacion.vence_el == oficio.vence_el
    windows = Ventana.objects.filter(tipo="correccion", sujeto=world.partido, periodo__etapa=world.etapa)
    assert windows.count() == world.etapa.periodos.count()
    assert {window.cierra_el for window in windows} == {datetime(2018, 7, 16, tzinfo=ZONE)}
    assert {window.base for window in windows} == {oficio.numero}


def test_numbers_of_oficios_are_consecutive(world: World) -> None:
    world.observacion([world.hallazgo("1.00")])
    world.observacion([world.hallazgo("2.00")], sujeto=world.otro)
    world.oficio()
    with at("2018-07-10 13:00"):
        propose_oficio(world.etapa, world.otro, world.dario)
        second = services.issue_oficio(world.etapa, world.otro, world.elena)
    assert second.numero == "SIF/UTF/DA/00002/2018"


def test_nothing_is_issued_twice_nor_by_who_may_not_nor_about_nothing(world: World) -> None:
    with at("2018-07-10 12:00"), pytest.raises(Refused) as refused:
        services.issue_oficio(world.etapa, world.partido, world.elena)
    assert codes(refused) == ["SIN_OBSERVACIONES"]
    world.observacion([world.hallazgo("1.00")])
    with at("2018-07-10 12:00"), pytest.raises(Refused) as refused:
        services.issue_oficio(world.etapa, world.partido, world.alicia)
    assert codes(refused) == ["SIN_ATRIBUCION"]
    world.oficio()
    with pytest.raises(Refused) as refused:
        world.oficio()
    assert codes(refused) == ["ACTO_FUERA_DE_LUGAR"]
    assert "responder (LGPP 80.1.d.III)" in refused.value.problems[0].cura
    assert Oficio.objects.count() == 1


def test_a_later_answer_supersedes_and_the_older_one_stays(world: World) -> None:
    row = world.observacion([world.hallazgo("100.00")])
    oficio = world.oficio()
    with at("2018-07-11 09:00"):
        services.answer(oficio, row, "Se adjuntó el XML.", [], world.alicia)
    with at("2018-07-15 23:59"):
        last = services.answer(oficio, row, "Se adjuntó el XML en la póliza PC1/DR-1.", [], world.alicia)
    assert (last.version, selectors.last_answers([row])[row.pk]) == (2, last)
    assert Respuesta.objects.count() == 2
    with pytest.raises(Error), transaction.atomic():
        Respuesta.objects.filter(version=1).update(texto="otra cosa")


def test_the_last_second_is_in_time_and_the_next_is_not(world: World) -> None:
    row = world.observacion([world.hallazgo("100.00")])
    oficio = world.oficio()
    with at("2018-07-15 23:59:59"):
        services.answer(oficio, row, "En tiempo.", [], world.alicia)
    with at("2018-07-16 00:00:00"), pytest.raises(Refused) as refused:
        services.answer(oficio, row, "Tarde.", [], world.alicia)
    assert codes(refused) == ["RESPUESTA_FUERA_DE_PLAZO"]
    assert "15 de julio de 2018 a las 24:00 horas" in str(refused.value)


def test_only_the_finance_head_of_that_subject_answers_and_says_something(world: World) -> None:
    row = world.observacion([world.hallazgo("100.00")])
    foreign = world.observacion([world.hallazgo("5.00")], sujeto=world.otro)
    oficio = world.oficio()
    with at("2018-07-11 09:00"):
        for stranger in (world.carla, world.dario, world.consejo[0]):
            with pytest.raises(Refused) as refused:
                services.answer(oficio, row, "Aclaro.", [], stranger)
            assert codes(refused) == ["SIN_ATRIBUCION"]
        with pytest.raises(Refused) as refused:
            services.answer(oficio, foreign, "  ", [], world.alicia)
        assert codes(refused) == ["OBSERVACION_AJENA", "RESPUESTA_VACIA"]
    assert not Respuesta.objects.exists()


def test_coverage_counts_answers_and_the_money_that_has_none(world: World) -> None:
    answered = world.observacion([world.hallazgo("100.10")])
    world.observacion([world.hallazgo("200.20")])
    oficio = world.oficio()
    with at("2018-07-11 09:00"):
        services.answer(oficio, answered, "Aclaro.", [], world.alicia)
    coverage = selectors.answer_coverage(oficio)
    assert (coverage.observaciones, coverage.contestadas, coverage.faltan) == (2, 1, 1)
    assert (coverage.monto, coverage.monto_sin_contestar) == (300_30, 200_20)


def test_the_calendar_day_of_the_act_is_the_legal_one(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    with at("2018-07-10 23:30"):
        propose_oficio(world.etapa, world.partido, world.dario)
        oficio = services.issue_oficio(world.etapa, world.partido, world.elena)
    assert oficio.vence_el.astimezone(ZONE).date() == date(2018, 7, 15)


def test_an_oficio_before_the_report_is_due_is_refused_with_its_first_day(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    for early in ("2018-05-20 10:00", "2018-06-30 23:59"):
        with at(early), pytest.raises(Refused) as refused:
            services.issue_oficio(world.etapa, world.partido, world.elena)
        assert codes(refused) == ["OFICIO_ANTES_DEL_INFORME"]
        assert "desde el 1 de julio de 2018" in str(refused.value)
        assert "LGPP 79.1.b.III" in str(refused.value)
    assert not Oficio.objects.exists()
    with at("2018-07-01 00:00"):
        propose_oficio(world.etapa, world.partido, world.dario)
        assert services.issue_oficio(world.etapa, world.partido, world.elena).numero


def test_the_calendar_and_the_duties_date_each_oficio_from_the_day_that_the_act_admits(world: World) -> None:
    reviews = period_calendars_of(world.etapa)
    told = [days["oficio"].fecha for days in reviews.values()]
    assert len(told) == 3 and told[-1] == calendar_of(world.etapa)["oficio"].fecha
    for period, day in zip(reviews, told, strict=True):
        assert day >= first_oficio_day(world.etapa, period)
    events = [e for e in events_of(world.etapa, terms_of(world.etapa)) if "Oficio" in e.title]
    assert [event.day for event in events] == told
    assert [event.title.rpartition(" ")[2] for event in events] == ["1", "2", "3"]


def test_the_first_day_of_an_oficio_follows_the_window_of_the_last_report(world: World) -> None:
    last = Ventana.objects.filter(periodo__etapa=world.etapa, tipo="normal", sujeto=None).order_by("-periodo__numero")
    window = last[0]
    assert first_oficio_day(world.etapa) == window.cierra_el.astimezone(ZONE).date()
    assert {term.hasta for term in terms_of(world.etapa) if term.clave == f"informe{window.periodo.numero}"} == {
        report_due(world.etapa)[0]
    }


def test_the_correction_of_a_period_opens_where_its_normal_window_ended(world: World) -> None:
    ending, issued = datetime(2018, 7, 12, tzinfo=ZONE), datetime(2018, 7, 10, 12, tzinfo=ZONE)
    with registering():
        last = world.etapa.periodos.create(numero=9, desde=date(2018, 6, 28), hasta=date(2018, 6, 30))
        begins = datetime(2018, 6, 28, tzinfo=ZONE)
        last.ventanas.create(tipo="normal", abre_el=begins, cierra_el=ending, base="un acuerdo")
    open_correction(world.etapa, world.partido, issued, datetime(2018, 7, 16, tzinfo=ZONE), "SIF/UTF/DA/00001/2018")
    opened = {row.periodo_id: row.abre_el for row in Ventana.objects.filter(tipo="correccion")}
    assert opened[last.pk] == ending
    assert {when for period, when in opened.items() if period != last.pk} == {issued}
    world.observacion([world.hallazgo("100.00")])
    with pytest.raises(Refused, match="hasta el 11 de julio de 2018"):
        world.oficio()


@pytest.mark.parametrize(
    ("notified", "words"),
    [
        ("2018-07-05 12:00", "el sujeto conserva ese día"),
        ("2018-07-10 12:00", "80.1.d.III)."),
        ("2018-07-12 12:00", "se recorre del 15 de julio de 2018 al 17 de julio de 2018"),
    ],
)
def test_the_oficio_says_how_its_term_was_counted(world: World, notified: str, words: str) -> None:
    from sif.notices.sheet import plain_text
    from sif.proceedings.oficio_sheet import oficio_data
    from sif.proceedings.terms import answer_deadline
    from sif.registry import clock

    row = world.observacion([world.hallazgo("100.00")])
    with at(notified):
        due = answer_deadline(world.etapa, clock.today())
        made = Oficio(
            etapa=world.etapa, sujeto=world.partido, numero="X", notificado_el=clock.now(), vence_el=due, periodo=None
        )
        text = plain_text(oficio_data(made, [row], world.elena))
    (line,) = [line for line in text.splitlines() if "Cuenta del plazo" in line]
    assert words in line
