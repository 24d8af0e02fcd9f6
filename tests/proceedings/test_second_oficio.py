"""The second oficio of an annual review: what the answers cured, and five days more for the rest [LGPP 80.1.b.III]."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import Error, transaction

from kept import keeps
from proceedings.world import ZONE, World, at, build_world, codes
from runs import new_run
from sif.audit.models import Observacion
from sif.audit.services import rules_of
from sif.books.services import read_file
from sif.duties.selectors import drafts_of, obligations_of
from sif.duties.urgency import reminders
from sif.filing import services as filing
from sif.filing.authority import Trust
from sif.law.days import add_days
from sif.notices.sheet import plain_text
from sif.proceedings import selectors, services
from sif.proceedings.appraisals import Appraisal
from sif.proceedings.closing import what_is_open
from sif.proceedings.courses import calendar_for, calendars_in_course, courses_of
from sif.proceedings.dictamen_sheet import dictamen_data
from sif.proceedings.models import Oficio, OficioPropuesto
from sif.proceedings.proposing import propose_oficio, waiting_proposal, withdraw_oficio
from sif.proceedings.second import issue_second, propose_second
from sif.proceedings.terms import unappraised
from sif.registry import clock, scope
from sif.registry import services as registry
from sif.registry.models import Contabilidad, Ventana
from sif.registry.selectors import windows_open
from sif.registry.stage_days import calendar_of
from sif.signing import minting
from sif.signing.efirma import open_key, sign
from sif.values import Refused


def year_of_2025() -> World:
    """The ordinary year 2025 of the same party and people, with its books and a run."""
    with scope.everything():
        world = build_world()
        proceso = registry.create_proceso(
            clave="ORD-2025",
            nombre="Ejercicio ordinario 2025",
            ambito="federal",
            entidad="",
            anio=2025,
            jornada_el=None,
        )
        stage = registry.create_etapa(proceso, "ordinario", date(2025, 1, 1), date(2025, 12, 31))
        registry.open_periods(stage)
        books = registry.open_contabilidad(stage, world.partido, Contabilidad.Clase.ORDINARIA)
        run = new_run(stage, "2" * 64, datetime(2026, 6, 1, tzinfo=ZONE), date(2026, 5, 31), rules_of(stage))
        return replace(world, etapa=stage, contabilidades=[books], corrida=run)


@pytest.fixture
@keeps(year_of_2025)
def world(world_of: Callable[..., Any]) -> Iterator[World]:
    """The review of that year, with every book in sight as the authority has them."""
    with scope.everything():
        yield world_of(year_of_2025)


@pytest.fixture
def observed(world: World) -> list[Observacion]:
    """Two observaciones of the year."""
    return [world.observacion([world.hallazgo(monto, dia=date(2025, 5, 12))]) for monto in ("1,000.00", "250.50")]


def first_of(world: World, observed: list[Observacion]) -> Oficio:
    """Notified on the day of the calendar, 29 June 2026, and answered in its first observación."""
    with at("2026-06-29 12:00"):
        propose_oficio(world.etapa, world.partido, world.dario)
        oficio = services.issue_oficio(world.etapa, world.partido, world.elena)
    with at("2026-07-08 10:00"):
        services.answer(oficio, observed[0], "Se adjuntó el XML.", [], world.alicia)
    return oficio


def said(observed: list[Observacion], *cured: bool) -> list[Appraisal]:
    return [
        Appraisal(row.pk, each, "Presentó el XML." if each else "No respondió.")
        for row, each in zip(observed, cured, strict=True)
    ]


def second_after(world: World, oficio: Oficio, observed: list[Observacion], day: str = "2026-08-03") -> Oficio:
    with at(f"{day} 09:00"):
        propose_second(oficio, said(observed, True, False), world.dario)
        return issue_second(oficio, world.elena)


def result_after(
    world: World, second: Oficio, observed: list[Observacion], *, cured: bool, moment: str = "2026-08-11 00:00"
) -> Oficio:
    with at(moment):
        propose_second(second, said(observed[1:], cured), world.dario)
        return issue_second(second, world.elena)


def test_it_tells_what_was_cured_and_gives_five_business_days_for_the_rest(
    world: World, observed: list[Observacion]
) -> None:
    oficio = first_of(world, observed)
    second = second_after(world, oficio, observed)
    assert second.vence_el == datetime(2026, 8, 10, 23, 59, 59, tzinfo=ZONE)  # case 50
    assert list(second.observaciones.all()) == [observed[1]]
    assert (second.notificacion.vence_el, second.notificacion.acto) == (second.vence_el, second.numero)
    text = read_file(second.documento.texto_sha256).decode()
    assert "Segundo oficio de errores y omisiones" in text
    assert "subsanaron 1 de 2 observaciones" in text and "No respondió." in text and "LGPP 80.1.b.III" in text
    assert "5 días hábiles (LGPP 80.1.b.III), improrrogables" in text
    assert selectors.oficio_of(world.etapa, world.partido) == oficio
    assert selectors.last_oficio_of(world.etapa, world.partido) == second
    assert list(selectors.oficios_of(world.etapa)) == [oficio]


def test_the_days_that_follow_it_are_counted_from_its_own_notice(world: World, observed: list[Observacion]) -> None:
    oficio = first_of(world, observed)
    ended = oficio.vence_el.astimezone(ZONE).date()

    def after(days: int) -> date:
        return add_days(ended, days, "habiles", jurisdiction="mx")

    assert calendar_for(world.etapa, world.partido)["dictamen"].fecha == after(25)
    second_after(world, oficio, observed, after(15).isoformat())
    days = calendar_for(world.etapa, world.partido)
    assert (days["segunda_respuesta"].fecha, days["dictamen"].fecha) == (after(20), after(40))
    assert days["comision"].fecha == after(50)
    assert calendar_for(world.etapa, world.otro)["dictamen"].fecha == after(25)


def test_its_correction_opens_with_it_and_closes_at_the_hour_of_its_answer(
    world: World, observed: list[Observacion]
) -> None:
    oficio = first_of(world, observed)
    second = second_after(world, oficio, observed)

    def open_at(moment: str) -> set[str]:
        with at(moment):
            return {row.base for row in windows_open(world.contabilidades[0]) if row.tipo == Ventana.Tipo.CORRECCION}

    assert open_at("2026-07-13 23:59:59") == {oficio.numero}
    assert open_at("2026-07-14 00:00") == open_at("2026-08-03 08:59:59") == set()
    assert open_at("2026-08-03 09:00") == open_at("2026-08-10 23:59:59") == {second.numero}
    assert open_at("2026-08-11 00:00") == set()


def test_each_oficio_lets_its_own_correction_be_presented(
    world: World, observed: list[Observacion], settings: Any, tmp_path: Path
) -> None:
    settings.DATOS = tmp_path
    mint, books = minting.mint_authority(), world.contabilidades[0]
    period = world.etapa.periodos.order_by("-numero").first()
    assert period is not None
    pair = minting.mint_fiel(mint, world.alicia.rfc, "", "ALICIA", date(2023, 1, 1), date(2029, 1, 1))
    key = open_key(pair.key, pair.password)

    def present(moment: str) -> int:
        with at(moment):
            informe = filing.prepare_informe(books, period, world.alicia, tipo="IA", sin_movimientos=True)
            sello = sign(filing.cadena_of(informe, pair.cer), key)
            filing.commit(informe, pair.cer, sello, world.alicia, trust=Trust((mint.authority,)))
            return filing.present_alone(informe, world.alicia).informe.version

    assert present("2026-03-20 10:00") == 1
    oficio = first_of(world, observed)
    assert present("2026-07-09 10:00") == 2
    with pytest.raises(Refused) as caught:
        present("2026-07-10 10:00")
    assert codes(caught) == ["ya_presentado"]
    second_after(world, oficio, observed)
    assert present("2026-08-04 10:00") == 3


def test_each_oficio_counts_its_own_answers_and_the_dictamen_weighs_both(
    world: World, observed: list[Observacion]
) -> None:
    oficio = first_of(world, observed)
    with at("2026-07-09 10:00"):
        services.answer(oficio, observed[1], "Se busca el comprobante.", [], world.alicia)
    second = second_after(world, oficio, observed)
    assert (selectors.answer_coverage(oficio).contestadas, selectors.answer_coverage(second).contestadas) == (2, 0)
    with at("2026-08-10 23:59:59"):
        services.answer(second, observed[1], "Se adjunta ya.", [], world.alicia)
    with at("2026-08-11 00:00"), pytest.raises(Refused) as refused:
        services.answer(second, observed[1], "Tarde.", [], world.alicia)
    assert codes(refused) == ["RESPUESTA_FUERA_DE_PLAZO"]
    assert selectors.answer_coverage(second).contestadas == 1
    rows = {row.pk: row for row in selectors.with_answers(Oficio.objects.all())}
    assert [(rows[each.pk].observadas, rows[each.pk].contestadas) for each in (oficio, second)] == [  # type: ignore[attr-defined]
        (2, 2),
        (1, 1),
    ]
    result_after(world, second, observed, cured=True)
    with at("2026-08-11 09:00"):
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        weighed = [selectors.considered_answer(row) for row in selectors.conclusiones_of(dictamen)]
        said = plain_text(dictamen_data(dictamen, (clock.now(), world.elena)))
    assert f"se notificó el segundo oficio {second.numero}, con plazo para responder hasta el" in said
    assert "Se adjuntó el XML." in weighed[0] and "Segundo" not in weighed[0]
    assert "Se busca el comprobante." in weighed[1]
    assert f"Segundo oficio {second.numero}" in weighed[1] and "Se adjunta ya." in weighed[1]


def test_each_is_a_duty_of_its_own_by_the_article_that_gives_its_term(
    world: World, observed: list[Observacion]
) -> None:
    oficio = first_of(world, observed)
    second = second_after(world, oficio, observed)
    rows = [row for row in obligations_of([world.partido.pk], date(2026, 8, 4)) if row.tipo == "RSP"]
    assert [(row.que.rpartition(" ")[2], row.vence_el, row.articulo, row.estado, row.estatus) for row in rows] == [
        (oficio.numero, date(2026, 7, 13), "LGPP 80.1.b.II", "vencida", "por confirmar"),
        (second.numero, date(2026, 8, 10), "LGPP 80.1.b.III", "abierta", "por confirmar"),
    ]


def test_no_dictamen_opens_while_its_term_runs(world: World, observed: list[Observacion]) -> None:
    second = second_after(world, first_of(world, observed), observed)
    with at("2026-08-10 12:00"):
        with pytest.raises(Refused) as refused:
            services.open_dictamen(world.etapa, world.partido, world.elena)
        assert codes(refused) == ["DICTAMEN_ANTES_DE_LA_RESPUESTA"]
        assert "hasta las 24:00 horas del 10 de agosto de 2026 (LGPP 80.1.b.III)" in str(refused.value)
        assert "desde las 00:00 horas del 11 de agosto de 2026" in str(refused.value)
        assert second.numero in {each.nombre for each in what_is_open(world.etapa)[0]}
    result_after(world, second, observed, cured=False)
    with at("2026-08-11 00:01"):
        assert services.open_dictamen(world.etapa, world.partido, world.elena).conclusiones.count() == 2


def test_what_was_told_as_cured_is_not_left_unattended_and_the_dictamen_quotes_it(
    world: World, observed: list[Observacion]
) -> None:
    second = second_after(world, first_of(world, observed), observed)
    result_after(world, second, observed, cured=False)
    with at("2026-08-11 09:00"):
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        cured, left = selectors.conclusiones_of(dictamen)
        for amount in ("1,000.00", "0.00"):
            with pytest.raises(Refused) as refused:
                world.judge(cured, "no_atendida", amount)
            assert codes(refused) == ["CONCLUSION_YA_SUBSANADA"]
            assert f"{second.numero}, notificado el 3 de agosto de 2026, la dijo subsanada: «Presentó el XML.»" in str(
                refused.value
            )
        services.close_conclusion(world.judge(cured, "atendida"), world.elena)
        services.close_conclusion(world.judge(left), world.elena)
        text = read_file(services.close_dictamen(dictamen, world.bruno).documento.texto_sha256).decode()
    assert "la dijo subsanada: «Presentó el XML.»" in text
    assert "la dijo no subsanada: «No respondió.»" in text


def test_who_answered_the_second_alone_is_weighed_as_having_answered(world: World, observed: list[Observacion]) -> None:
    second = second_after(world, first_of(world, observed), observed)
    with at("2026-08-10 10:00"):
        services.answer(second, observed[1], "Se adjunta ya.", [], world.alicia)
    result_after(world, second, observed, cured=True)
    with at("2026-08-11 09:00"):
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        row = world.judge(selectors.conclusiones_of(dictamen)[1], "atendida")
    assert "Se adjunta ya." in row.respuesta_considerada and "no presentó respuesta" in row.respuesta_considerada


def test_where_all_was_cured_it_says_so_and_grants_nothing(world: World, observed: list[Observacion]) -> None:
    oficio = first_of(world, observed)
    with at("2026-08-17 23:00"):  # the last day of the dictamen
        propose_second(oficio, said(observed, True, True), world.dario)
        second = issue_second(oficio, world.elena)
    assert not second.da_plazo and oficio.da_plazo
    assert not second.observaciones.exists() and second.notificacion.vence_el is None
    text = read_file(second.documento.texto_sha256).decode()
    assert "subsanaron 2 de 2 observaciones" in text and "no otorga plazo y no abre otra corrección" in text
    assert "Vence" not in text and "Plazo y forma de responder" not in text
    with at("2026-08-17 23:01"):
        assert not [row for row in windows_open(world.contabilidades[0]) if row.tipo == Ventana.Tipo.CORRECCION]
        with pytest.raises(Refused) as refused:
            services.answer(second, observed[0], "Más.", [], world.alicia)
        assert codes(refused) == ["RESPUESTA_FUERA_DE_PLAZO"]
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        with pytest.raises(Refused) as refused:
            world.judge(selectors.conclusiones_of(dictamen)[1])
        assert codes(refused) == ["CONCLUSION_YA_SUBSANADA"]
    rows = [row for row in obligations_of([world.partido.pk], date(2026, 8, 18)) if row.tipo == "RSP"]
    assert [row.que.rpartition(" ")[2] for row in rows] == [oficio.numero]
    (course,) = courses_of(world.etapa)
    assert (course.sabido_el, course.vencido) == (date(2026, 8, 17), date(2026, 8, 10))  # known once it had ended


def due_of(world: World) -> tuple[date, date]:
    days = calendar_for(world.etapa, world.partido)
    return days["dictamen"].fecha, days["consejo"].fecha


LONGEST = date(2026, 8, 17), date(2026, 9, 18)


def test_until_a_second_term_is_granted_its_days_are_the_longest_and_provisional(
    world: World, observed: list[Observacion]
) -> None:
    with at("2026-06-29 23:00"):  # the last day of the revision
        assert due_of(world) == LONGEST
    first_of(world, observed)
    with at("2026-07-20 12:00"):
        assert due_of(world) == LONGEST
        days = calendar_for(world.etapa, world.partido)
        assert [hito for hito, day in days.items() if day.si_segundo] == ["dictamen", "comision", "consejo"]
        assert [each.sabido_el for each in courses_of(world.etapa)] == [None]


def test_where_the_first_answer_cured_all_the_dictamen_follows_it_without_the_five_days(
    world: World, observed: list[Observacion]
) -> None:
    oficio = first_of(world, observed)
    with at("2026-07-20 12:00"):
        propose_second(oficio, said(observed, True, True), world.dario)
        issue_second(oficio, world.elena)
    with at("2026-07-20 13:00"):
        assert due_of(world) == (date(2026, 8, 10), date(2026, 9, 10))
        assert not any(day.si_segundo for day in calendar_for(world.etapa, world.partido).values())
        (course,) = courses_of(world.etapa)
        assert (course.sabido_el, course.vencido) == (date(2026, 7, 20), None)
        assert [days["dictamen"].fecha for days in calendars_in_course(world.etapa)] == [date(2026, 8, 10)]


def test_where_nothing_was_observed_the_dictamen_follows_the_revision(world: World) -> None:
    with at("2026-06-29 23:59:59"):
        assert due_of(world) == LONGEST
    with at("2026-06-30 00:00"):
        assert due_of(world) == (date(2026, 7, 27), date(2026, 8, 27))
        assert calendar_of(world.etapa)["dictamen"].fecha == LONGEST[0]  # of all the subjects: the longest by law
        (days,) = calendars_in_course(world.etapa)
        assert "respuesta" not in days


def test_an_answer_that_ended_late_moves_the_dictamen_that_follows_it(
    world: World, observed: list[Observacion]
) -> None:
    with at("2026-07-02 12:00"):  # three business days after that of the calendar: it may answer until 16 July
        propose_oficio(world.etapa, world.partido, world.dario)
        oficio = services.issue_oficio(world.etapa, world.partido, world.elena)
        assert due_of(world)[0] == date(2026, 8, 20)
    with at("2026-07-20 12:00"):
        propose_second(oficio, said(observed, True, True), world.dario)
        issue_second(oficio, world.elena)
        assert due_of(world)[0] == date(2026, 8, 13)


def test_a_second_oficio_notified_late_keeps_the_day_on_which_the_dictamen_was_due(
    world: World, observed: list[Observacion]
) -> None:
    oficio = first_of(world, observed)
    second_after(world, oficio, observed, "2026-08-12")
    (course,) = courses_of(world.etapa)
    assert (course.sabido_el, course.vencido) == (date(2026, 8, 12), date(2026, 8, 10))
    assert course.days["dictamen"].fecha == date(2026, 9, 17)


@pytest.mark.parametrize(
    ("day", "cured", "codigo"),
    [
        ("2026-07-13 23:59:59", (True, False), "SEGUNDO_OFICIO_ANTES"),
        ("2026-07-14 00:00", (True,), "VALORACION_SIN_RAZON"),
    ],
)
def test_what_is_not_appraised_whole_or_comes_early_is_refused(
    world: World, observed: list[Observacion], day: str, cured: tuple[bool, ...], codigo: str
) -> None:
    oficio = first_of(world, observed)
    with at(day), pytest.raises(Refused) as refused:
        propose_second(oficio, said(observed[: len(cured)], *cured), world.dario)
    assert codes(refused) == [codigo]
    assert waiting_proposal(world.etapa, world.partido) is None


def test_the_dictamen_of_an_annual_review_waits_until_its_answers_are_appraised(
    world: World, observed: list[Observacion]
) -> None:
    oficio = first_of(world, observed)
    with at("2026-07-13 23:59:59"):
        assert not unappraised(world.etapa)
    for moment in ("2026-07-14 09:00", "2026-12-01 12:00"):  # also after the last day of the dictamen
        with at(moment), pytest.raises(Refused) as refused:
            services.open_dictamen(world.etapa, world.partido, world.elena)
        assert codes(refused) == ["RESPUESTA_SIN_VALORAR"]
        assert oficio.numero in str(refused.value) and "«Valorar las respuestas»" in str(refused.value)
        assert "LGPP 80.1.b.III" in str(refused.value)
    with at("2026-12-01 12:00"):
        assert list(unappraised(world.etapa)) == [oficio]
        propose_second(oficio, said(observed, True, True), world.dario)
        issue_second(oficio, world.elena)
    with at("2026-12-01 12:01"):
        assert not unappraised(world.etapa)
        assert services.open_dictamen(world.etapa, world.partido, world.elena).conclusiones.count() == 2


def test_where_nothing_was_answered_it_is_told_too(world: World, observed: list[Observacion]) -> None:
    with at("2026-06-29 12:00"):
        propose_oficio(world.etapa, world.partido, world.dario)
        services.issue_oficio(world.etapa, world.partido, world.elena)
    with at("2026-07-14 09:00"), pytest.raises(Refused) as refused:
        services.open_dictamen(world.etapa, world.partido, world.elena)
    assert codes(refused) == ["RESPUESTA_SIN_VALORAR"]


def test_a_review_by_analogy_may_have_a_second_oficio_and_its_dictamen_does_not_wait(
    world: World, observed: list[Observacion], monkeypatch: pytest.MonkeyPatch
) -> None:
    oficio = first_of(world, observed)
    monkeypatch.setattr("sif.proceedings.terms.review_of", lambda _etapa: "formacion")
    with at("2026-08-18 00:00"):
        with pytest.raises(Refused) as late:
            propose_second(oficio, said(observed, True, False), world.dario)
        assert codes(late) == ["SEGUNDO_OFICIO_TARDE"]
        assert services.open_dictamen(world.etapa, world.partido, world.elena).conclusiones.count() == 2


def test_the_days_of_a_review_by_analogy_are_known_once_no_second_oficio_may_follow(
    world: World, observed: list[Observacion], monkeypatch: pytest.MonkeyPatch
) -> None:
    first_of(world, observed)
    monkeypatch.setattr("sif.proceedings.terms.review_of", lambda _etapa: "formacion")
    for moment, known, due in (
        ("2026-08-17 23:59:59", None, date(2026, 8, 17)),
        ("2026-08-18 00:00", date(2026, 8, 18), date(2026, 8, 10)),
    ):
        with at(moment):
            (course,) = courses_of(world.etapa)
            assert (course.sabido_el, course.days["dictamen"].fecha) == (known, due)


def test_it_takes_two_people_and_what_was_read_and_is_issued_once(world: World, observed: list[Observacion]) -> None:
    oficio = first_of(world, observed)
    with at("2026-08-03 09:00"):
        for by, codigo in ((world.elena, "OFICIO_SIN_PROPUESTA"), (world.alicia, "SIN_ATRIBUCION")):
            with pytest.raises(Refused) as refused:
                issue_second(oficio, by)
            assert codes(refused) == [codigo]
        first = propose_second(oficio, said(observed, True, False), world.elena)
        with pytest.raises(Refused) as refused:
            issue_second(oficio, world.elena)
        assert codes(refused) == ["OFICIO_DE_DOS_PERSONAS"]
        withdraw_oficio(world.etapa, world.partido, world.elena)
        later = propose_second(oficio, said(observed, False, False), world.dario)
        with pytest.raises(Refused) as refused:
            issue_second(oficio, world.elena, first.pk)
        assert codes(refused) == ["OFICIO_CAMBIO"]
        second = issue_second(oficio, world.elena, later.pk)
        for of, codigo in ((oficio, "SEGUNDO_OFICIO_YA_EMITIDO"), (second, "SEGUNDO_OFICIO_ANTES")):
            with pytest.raises(Refused) as refused:
                propose_second(of, said(observed, True, False), world.dario)
            assert codes(refused) == [codigo]
            assert second.numero in str(refused.value)


def test_the_result_of_the_second_answer_is_told_before_the_dictamen(world: World, observed: list[Observacion]) -> None:
    second = second_after(world, first_of(world, observed), observed)
    with at("2026-08-10 10:00"):
        services.answer(second, observed[1], "Se adjunta ya.", [], world.alicia)
        assert not selectors.untold_results(world.etapa)
    with at("2026-08-11 09:00"), pytest.raises(Refused) as refused:
        services.open_dictamen(world.etapa, world.partido, world.elena)
    assert codes(refused) == ["RESULTADO_SIN_INFORMAR"] and "LGPP 80.1.b.III" in str(refused.value)
    with at("2026-08-11 09:30"):
        assert list(selectors.untold_results(world.etapa)) == [second]
        proposed = propose_second(second, said(observed[1:], True), world.dario)
        with pytest.raises(Refused) as own:
            issue_second(second, world.dario)
        assert codes(own) == ["SIN_ATRIBUCION"]
        result = issue_second(second, world.elena, proposed.pk)
    assert result.informa and not second.informa and not result.da_plazo
    assert not result.observaciones.exists() and result.notificacion.vence_el is None
    text = read_file(result.documento.texto_sha256).decode()
    assert "Resultado de las respuestas al segundo oficio" in text and "subsanaron 1 de 1 observación" in text
    assert "La ley no da otro plazo" in text and "Vence" not in text
    with at("2026-08-11 10:00"):
        assert not selectors.untold_results(world.etapa)
        assert not [row for row in windows_open(world.contabilidades[0]) if row.tipo == Ventana.Tipo.CORRECCION]
        for of in (second, result):
            with pytest.raises(Refused) as again:
                propose_second(of, said(observed[1:], True), world.dario)
            assert codes(again) == ["SEGUNDO_OFICIO_YA_EMITIDO"] and result.numero in str(again.value)
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        left = selectors.conclusiones_of(dictamen)[1]
        with pytest.raises(Refused) as cured:
            world.judge(left)
        assert codes(cured) == [
            "CONCLUSION_YA_SUBSANADA"
        ]  # the second told that it was not, and the result that it was
        assert f"El oficio de resultado {result.numero}" in str(cured.value)
        shown = plain_text(dictamen_data(dictamen, (clock.now(), world.elena)))
    assert f"se notificó el oficio {result.numero}, que informó el resultado de esas respuestas" in shown
    rows = [row for row in obligations_of([world.partido.pk], date(2026, 8, 12)) if row.tipo == "RSP"]
    assert result.numero not in {row.que.rpartition(" ")[2] for row in rows}  # nothing is asked by it


def test_a_result_that_is_late_is_told_all_the_same(world: World, observed: list[Observacion]) -> None:
    second = second_after(world, first_of(world, observed), observed)
    with at("2026-12-01 12:00"), pytest.raises(Refused):
        services.open_dictamen(world.etapa, world.partido, world.elena)
    result_after(world, second, observed, cured=False, moment="2026-12-01 12:00")
    with at("2026-12-01 12:01"):
        assert services.open_dictamen(world.etapa, world.partido, world.elena).conclusiones.count() == 2


def test_the_database_takes_no_result_with_a_term_nor_with_observaciones(
    world: World, observed: list[Observacion]
) -> None:
    second = second_after(world, first_of(world, observed), observed)
    with at("2026-08-11 09:00"):
        proposed = propose_second(second, said(observed[1:], False), world.dario)
    same = {name: getattr(second, name) for name in ("documento", "notificacion", "etapa", "sujeto")}
    told = datetime(2026, 8, 11, 10, tzinfo=ZONE)
    with pytest.raises(Error, match="sin plazo el resultado"), transaction.atomic(), scope.acting():
        Oficio.objects.create(
            numero="X",
            emitido_por=world.elena,
            propuesto=proposed,
            primero=second,
            notificado_el=told,
            vence_el=told + timedelta(days=5),
            **same,
        )
    with at("2026-08-11 10:00"):
        result = issue_second(second, world.elena)
    with pytest.raises(Error, match="que el primero no notificó"), transaction.atomic(), scope.acting():
        result.observaciones.add(observed[1])


def test_a_campaign_has_no_second_oficio(world: World) -> None:
    with scope.everything(), at("2018-07-10 12:00"):
        etapa = world.partido.contabilidades.filter(etapa__tipo="campana")[0].etapa
        campaign = replace(world, etapa=etapa, corrida=etapa.instantaneas.get().corridas.get())
        campaign.contabilidades[:] = world.partido.contabilidades.filter(etapa=etapa)
        row = campaign.observacion([campaign.hallazgo("1.00")])
        propose_oficio(etapa, world.partido, world.dario)
        oficio = services.issue_oficio(etapa, world.partido, world.elena)
    with at("2018-07-20 12:00"), pytest.raises(Refused) as refused:
        propose_second(oficio, [Appraisal(row.pk, False, "No respondió.")], world.dario)
    assert codes(refused) == ["SIN_SEGUNDO_OFICIO"]


def test_the_database_takes_no_second_of_another_nor_before_its_term(world: World, observed: list[Observacion]) -> None:
    oficio = first_of(world, observed)
    same = {name: getattr(oficio, name) for name in ("documento", "notificacion", "etapa", "vence_el")}
    with at("2026-08-03 09:00"):
        mine = propose_second(oficio, said(observed, True, False), world.dario)
    for sujeto, primero, when, says in (
        (world.partido, oficio, oficio.vence_el, "ya vencido"),
        (world.partido, None, datetime(2026, 8, 3, 9, tzinfo=ZONE), "no es el que se propuso"),
    ):
        with pytest.raises(Error, match=says), transaction.atomic():
            Oficio.objects.create(
                sujeto=sujeto,
                numero="X",
                emitido_por=world.elena,
                propuesto=mine,
                primero=primero,
                notificado_el=when,
                **same,
            )
    second = second_after(world, oficio, observed, "2026-08-04") if withdrawn(world) else oficio
    extra = world.observacion([world.hallazgo("9.00", dia=date(2025, 6, 1))])
    with pytest.raises(Error), transaction.atomic():
        second.observaciones.add(extra)
    with pytest.raises(Error), transaction.atomic():
        OficioPropuesto.objects.create(
            etapa=world.etapa,
            sujeto=world.partido,
            huella="0" * 64,
            propuesto_el=datetime(2026, 8, 3, 9, tzinfo=ZONE),
            propuesto_por=world.dario,
            primero=oficio,
        )


def withdrawn(world: World) -> bool:
    """Withdraw Darío's waiting proposal."""
    with at("2026-08-03 10:00"):
        return withdraw_oficio(world.etapa, world.partido, world.dario) is not None


def test_the_reminders_of_its_answer_run_from_its_own_notice(world: World, observed: list[Observacion]) -> None:
    oficio = first_of(world, observed)
    second = second_after(world, oficio, observed)
    due = second.vence_el.astimezone(ZONE).date()

    def told(days: int) -> list[tuple[date, int]]:
        day = due - timedelta(days=days)
        with at(f"{day} 10:00"):
            found = reminders(drafts_of([world.partido.pk], day), day)
        return [(each.vence_el, each.paso) for each in found if each.tipo == "RSP"]

    assert [told(days) for days in (5, 2, 1, 0)] == [[(due, 5)], [(due, 2)], [(due, 2)], [(due, 0)]]
    assert told(-1) == []
