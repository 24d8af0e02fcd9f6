"""The pages of the oficios of a campaign that reviews its reports apart, of who issues and of who answers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kept import keeps
from proceedings.presented import audited, presented
from proceedings.world import World, at, build_world, campaign_of_2018
from runs import new_run
from sif.audit.models import Observacion
from sif.audit.services import dismiss, rules_of
from sif.proceedings import services
from sif.proceedings.models import Oficio, OficioPropuesto
from sif.proceedings.proposing import propose_oficio
from sif.registry import scope
from sif.registry.models import Contabilidad
from sif.registry.procesos import draft
from sif.registry.services import open_contabilidad, register_sujeto
from sif.web.admin.proceso.procesos import calendar_table
from sif.web.formats import short_day

type Enter = Callable[[Any], Any]


def campaign_cut_early() -> World:
    """The federal campaign of 2018, whose books were frozen on the day on which its last report was due."""
    with scope.everything():
        return build_world(corte=date(2018, 6, 30))


@pytest.fixture
@keeps(campaign_of_2018)
def world(world_of: Callable[..., Any]) -> Iterator[World]:
    """The campaign of 2018, of three reports, with an observación of April and another of June."""
    with scope.everything():
        made = world_of(campaign_of_2018)
        for monto, day in (("1,000.00", date(2018, 4, 10)), ("250.50", date(2018, 6, 20))):
            made.observacion([made.hallazgo(monto, dia=day)])
    yield made


@pytest.fixture
@keeps(campaign_cut_early)
def unread(world_of: Callable[..., Any]) -> Iterator[World]:
    """That campaign, whose only run is of the day on which its last report was due."""
    with scope.everything():
        yield world_of(campaign_cut_early)


def issued(world: World, moment: str, number: int | None) -> Oficio:
    with scope.everything(), at(moment):
        period = world.etapa.periodos.get(numero=number) if number else None
        propose_oficio(world.etapa, world.partido, world.dario, period)
        return services.issue_oficio(world.etapa, world.partido, world.elena)


def test_the_reports_are_chosen_proposed_and_issued_by_another_person(world: World, enter: Enter) -> None:
    address, dario, elena = reverse("auditor:emitir", args=[world.partido.pk]), enter(world.dario), enter(world.elena)
    with at("2018-05-10 12:00"):
        before = dario.get(address)
        assert before.context["conserva"] == date(2018, 5, 11)
        assert "el sujeto conserva el día de responder" in before.text
    with at("2018-05-11 12:00"):
        first = dario.get(address)  # the report of the first period is due and the others are not
        assert first.context["periodo"] == 1 and first.context["cuantas"] == 1
        assert [each[:3] for each in first.context["revisa"]] == [
            ("Periodo 1", f"{address}?periodo=1", 1),
            ("Periodos 1 a 2", f"{address}?periodo=2", 1),
            ("Periodos 1 a 3", f"{address}?periodo=", 2),
        ]
        assert first.context["vence"] == before.context["vence"]
        assert "el sujeto conserva el día de responder" not in first.text  # it is the day of the oficios
        assert "16 de mayo de 2018" in first.text and "hasta ese instante: Periodo 1." in first.text
        whole = dario.get(f"{address}?periodo=")
        assert "El oficio con 2 observaciones" in whole.text and "El oficio puede emitirse desde el" in whole.text
        assert whole.context["desde"] == date(2018, 7, 1)
        assert dario.get(f"{address}?periodo=9").status_code == 404
        early = dario.post(address, {"acto": "proponer", "periodo": "2"})
        assert early.status_code == 422 and "El informe del periodo 2 puede presentarse hasta el" in early.text
        assert dario.post(address, {"acto": "proponer", "periodo": "1"}).status_code == 302
        proposal = OficioPropuesto.objects.get()
        assert "Emitir y notificar el oficio" in elena.get(address).text  # the page opens at what was proposed
        other = elena.get(f"{address}?periodo=2").text
        assert "Emitir y notificar el oficio" not in other
        elena.get(elena.post(address, {"acto": "emitir", "propuesta": proposal.pk, "periodo": "1"})["Location"])
    oficio = Oficio.objects.get()
    assert oficio.periodo is not None and oficio.periodo.numero == 1
    with at("2018-05-12 12:00"):
        assert "Periodo 1" in dario.get(reverse("auditor:oficio", args=[oficio.pk])).text
        listed = dario.get(reverse("auditor:oficios")).text
        assert "Revisar y emitir" in listed and oficio.numero in listed
        again = dario.get(address)
        assert "Oficios anteriores" in again.text and oficio.numero in again.text
        assert [each[0] for each in again.context["revisa"]] == ["Periodo 2", "Periodos 2 a 3"]
        assert again.context["periodo"] == 2 and again.context["desde"] == date(2018, 6, 1)
        assert "Revisar y emitir el oficio" in dario.get(reverse("auditor:observaciones")).text


def test_the_page_opens_at_the_last_report_where_it_alone_is_left(world: World, enter: Enter) -> None:
    address = reverse("auditor:emitir", args=[world.partido.pk])
    issued(world, "2018-06-10 12:00", 2)
    dario = enter(world.dario)
    for moment, since in (("2018-06-11 12:00", date(2018, 7, 1)), ("2018-07-01 12:00", None)):
        with at(moment):
            page = dario.get(address)
            assert (page.context["periodo"], page.context["desde"], page.context["cuantas"]) == ("", since, 1)
    with at("2018-07-01 12:05"):
        dario.post(address, {"acto": "proponer", "periodo": page.context["periodo"]})
    assert OficioPropuesto.objects.get(oficio=None).periodo is None


def test_the_page_says_what_the_last_oficio_would_leave_unreviewed(unread: World, enter: Enter) -> None:
    address, every = reverse("auditor:emitir", args=[unread.partido.pk]), rules_of(unread.etapa)
    lacks, loses = "Lo que falta revisar", "lo que no notifique ya no se concluye ni se sanciona"
    dario = enter(unread.dario)
    with at("2018-07-05 12:00"):
        first = dario.get(f"{address}?periodo=").text
        assert lacks in first and loses in first and "La última corrida es al 30 de junio de 2018." in first
        assert lacks not in dario.get(f"{address}?periodo=1").text  # those that follow have an oficio of their own
        with scope.everything():
            run = new_run(unread.etapa, "2" * 64, corte=date(2018, 7, 1), rules=every)
            found = replace(unread, corrida=run).hallazgo("70.00", dia=date(2018, 6, 20))
        undecided = dario.get(f"{address}?periodo=").text
        assert "Falta 1 hallazgo por decidir." in undecided and "La última corrida es al" not in undecided
        with scope.everything():
            dismiss(found, "No procede.", unread.dario)
        assert lacks not in dario.get(f"{address}?periodo=").text
    with at("2018-06-30 12:00"):
        assert lacks not in dario.get(f"{address}?periodo=").text  # the last report is not due: nothing is issued yet


def test_the_page_says_what_the_run_has_not_seen_and_leads_to_the_runs(world: World, enter: Enter) -> None:
    address, dario = reverse("auditor:emitir", args=[world.partido.pk]), enter(world.dario)
    with scope.everything():
        late = presented(world, "2018-07-03 10:30")
    with at("2018-07-10 12:00"):
        page = dario.get(f"{address}?periodo=").text
        assert "Lo que la corrida no ha visto" in page and late.informe.folio in page
        assert f'href="{reverse("auditor:corridas")}">Ir a las corridas' in page
        assert "Proponer el oficio" not in page
        refused = dario.post(address, {"acto": "proponer", "periodo": ""})
        assert refused.status_code == 422 and not OficioPropuesto.objects.exists()
    with scope.everything():
        audited(world, "2018-07-05 09:00")
    with at("2018-07-10 12:00"):
        assert "Proponer el oficio" in dario.get(f"{address}?periodo=").text


def test_the_subject_answers_each_in_its_own_page_and_term(world: World, enter: Enter) -> None:
    first, last = issued(world, "2018-05-11 12:00", 1), issued(world, "2018-07-10 12:00", None)
    alicia, carla = enter(world.alicia), enter(world.carla)
    pages = [reverse("party:oficio", args=[each.pk]) for each in (first, last)]
    with at("2018-07-11 12:00"):
        before, now = (alicia.get(page).text for page in pages)
        assert "Informes que revisa: Periodo 1." in before and "Informes que revisa: Periodos 2 a 3." in now
        assert "Contestar la observación" not in before and "Contestar la observación" in now
        assert alicia.post(reverse("party:contestar", args=[last.pk, 1]), {"texto": "x"}).status_code == 404
        assert alicia.post(reverse("party:contestar", args=[last.pk, 2]), {"texto": "Va."}).status_code == 302
        listed = alicia.get(reverse("party:oficios")).text
        assert first.numero in listed and last.numero in listed
        assert [carla.get(page).status_code for page in pages] == [404, 404]
    with at("2018-07-11 12:05"):
        terms = alicia.get(reverse("party:calendario")).text
        assert f"Respuesta al oficio {first.numero}" in terms and f"Respuesta al oficio {last.numero}" in terms
        assert "Oficio de errores y omisiones, periodo 1" in terms


def test_today_leads_to_the_oficio_that_is_to_be_answered_and_says_what_may_be_corrected(
    world: World, enter: Enter
) -> None:
    alicia, page, corrects = enter(world.alicia), reverse("party:home"), "puede corregirse"
    with at("2018-07-02 12:00"):
        before = alicia.get(page).text
        assert "Abrir el oficio" not in before and corrects not in before
    oficio = issued(world, "2018-07-10 12:00", None)
    with at("2018-07-11 12:00"):
        now = alicia.get(page)
        assert (now.context["accion"].texto, now.context["accion"].url) == (
            "Abrir el oficio",
            reverse("party:oficio", args=[oficio.pk]),
        )
        assert "Preparar informes" not in now.text and "Ver informes: " not in now.text
        assert corrects not in now.text  # nothing was presented: there is nothing to correct
        assert "Abrir el oficio" not in enter(world.carla).get(page).text


def test_the_list_of_oficios_asks_as_much_of_three_as_of_one(world: World, enter: Enter) -> None:
    with scope.everything():
        world.observacion([world.hallazgo("70.00", dia=date(2018, 5, 20))])
    alicia, page, counted = enter(world.alicia), reverse("party:oficios"), []
    issued(world, "2018-05-11 12:00", 1)
    for moment, number in (("2018-06-11 12:00", 2), ("2018-07-10 12:00", None)):
        alicia.get(page)
        with CaptureQueriesContext(connection) as asked:
            alicia.get(page)
        counted.append(len(asked))
        issued(world, moment, number)
    with CaptureQueriesContext(connection) as asked:
        listed = alicia.get(page).text
    assert {len(asked), *counted} == {len(asked)}
    assert listed.count("0 de 1") == 3


def test_the_preview_of_a_process_dates_the_oficio_of_each_report_of_a_campaign() -> None:
    plan = draft("local_intermedia", "DUR", 2025)
    table = calendar_table("local_intermedia", plan.etapas)
    shown = [str(getattr(row.celdas["que"], "texto", row.celdas["que"])) for row in table.filas]
    told = [words for words in shown if "Oficio de errores" in words and words.startswith("Campaña")]
    assert told == [f"Campaña: Oficio de errores y omisiones, periodo {n}" for n in (1, 2)]
    assert sum("Campaña: Dictamen" in words for words in shown) == 1
    assert "Precampaña: Oficio de errores y omisiones" in shown


def test_a_whole_review_says_nothing_of_periods(world: World, enter: Enter) -> None:
    whole = issued(world, "2018-07-10 12:00", None)
    with at("2018-07-11 12:00"):
        assert "Informes que revisa" not in enter(world.alicia).get(reverse("party:oficio", args=[whole.pk])).text
        assert "Informes que revisa" not in enter(world.dario).get(reverse("auditor:oficio", args=[whole.pk])).text


def test_the_subject_reads_how_each_answer_ended_once_the_resolucion_is_approved(world: World, enter: Enter) -> None:
    with scope.everything():
        oficio = world.oficio()
        world.dictamen("atendida")
        world.resolucion()
    alicia, carla = enter(world.alicia), enter(world.carla)
    page = reverse("party:oficio", args=[oficio.pk])
    with at("2018-08-06 11:00"):
        before = alicia.get(page, {"observacion": "2"})
        assert before.context["conclusion"] is None and "Cómo terminó en el dictamen" not in before.text
    with scope.everything():
        world.voted(4, 1)
    with at("2018-08-06 13:00"):
        after = alicia.get(page, {"observacion": "2"})
        assert after.context["conclusion"].observacion.numero == 2
        assert "Se revisó lo que obra en el expediente." in after.text and "Atendida" in after.text
        assert carla.get(page).status_code == 404


def test_a_rejected_project_tells_the_subject_nothing(world: World, enter: Enter) -> None:
    with scope.everything():
        oficio = world.oficio()
        world.dictamen("atendida")
        world.resolucion()
        world.voted(1, 4)
    with at("2018-08-06 13:00"):
        shown = enter(world.alicia).get(reverse("party:oficio", args=[oficio.pk]), {"observacion": "2"})
        assert shown.context["conclusion"] is None and "Se revisó lo que obra" not in shown.text


@pytest.mark.parametrize(
    ("moment", "until", "next_act", "number", "day"),
    [
        ("2018-05-02 12:00", None, "Oficio de errores y omisiones", 1, "11 de mayo de 2018"),
        ("2018-05-02 12:00", 1, "Respuesta al oficio", 2, "10 de junio de 2018"),
        ("2018-05-12 12:00", None, "Respuesta al oficio", 1, "11 de mayo de 2018"),  # late: April waits to be notified
        ("2018-05-12 12:00", 1, "Respuesta al oficio", 2, "10 de junio de 2018"),
        ("2018-06-11 12:00", 1, "Respuesta al oficio", 3, "10 de julio de 2018"),
        ("2018-07-20 12:00", 1, "Dictamen consolidado", 3, "10 de julio de 2018"),
    ],
)
def test_the_desk_dates_the_next_oficio_that_is_not_issued(
    world: World, enter: Enter, moment: str, until: int | None, next_act: str, number: int, day: str
) -> None:
    if until:
        issued(world, "2018-05-02 11:00", until)
    with scope.everything():
        open_contabilidad(world.etapa, world.otro, Contabilidad.Clase.CONCENTRADORA)  # nothing of it was observed
    dario = enter(world.dario)
    with at(moment):
        listed, today = dario.get(reverse("auditor:oficios")).text, dario.get(reverse("auditor:home"))
    assert f"pide los del periodo {number} a más tardar el" in " ".join(listed.split()) and f">{day}</time>" in listed
    reloj, running = today.context["reloj"], today.context["frame"].reloj
    assert str(reloj.titulo) == f"Oficio de errores y omisiones, periodo {number}"
    assert str(running.titulo) == next_act and (running.vence_el == reloj.vence_el) == (next_act.startswith("Oficio"))
    reloj_late, said_late = reloj.is_over, "Ese día pasó y hay observaciones sin notificar" in listed
    assert reloj_late == said_late == (moment > {1: "2018-05-12", 2: "2018-06-11", 3: "2018-07-11"}[number])


def test_the_desk_shows_each_part_of_what_a_subject_was_told(world: World, enter: Enter) -> None:
    first, last = issued(world, "2018-05-11 12:00", 1), issued(world, "2018-07-10 12:00", None)
    with at("2018-07-11 12:00"):
        dario = enter(world.dario)
        (row,) = (each for each in dario.get(reverse("auditor:home")).context["sujetos"].filas)
        cell, page = str(row.celdas["oficio"]), dario.get(reverse("auditor:observaciones")).text
        for shown in (cell, page):
            before, _, after = shown.partition(last.numero)
            assert first.numero in before and "Periodo 1, " in before and "Plazo terminado" in before
            assert "En plazo de respuesta" in before and "Periodos 2 a 3, " in after
            assert short_day(date(2018, 5, 11)) in before and short_day(date(2018, 7, 10)) in after
        assert row.celdas["respuestas"] == "0 de 2"
        assert enter(world.alicia).get(reverse("auditor:home")).status_code == 403


def test_the_list_of_oficios_asks_as_much_of_many_subjects_with_several(world: World, enter: Enter) -> None:
    dario, counted = enter(world.dario), []
    observed = Observacion.objects.order_by("pk")[0]
    for numbers in (range(1), range(1, 50)):
        with scope.everything(), at("2018-05-11 12:00"):
            for n in numbers:
                new = register_sujeto("partido", f"9{n}", f"Z{n}", f"Partido Zeta {n}", f"PZE140101A{n:02d}")
                open_contabilidad(world.etapa, new, Contabilidad.Clase.CONCENTRADORA)
                world.observacion(list(observed.hallazgos.all()), sujeto=new)
                propose_oficio(world.etapa, new, world.dario, world.etapa.periodos.get(numero=1))
                services.issue_oficio(world.etapa, new, world.elena)
        for name in ("oficios", "home", "observaciones"):
            page = reverse(f"auditor:{name}")
            with at("2018-05-12 12:00"):
                dario.get(page)
                with CaptureQueriesContext(connection) as asked:
                    text = dario.get(page).text
            counted.append((name, len(asked), text.count("Periodo 1")))
    (few, many) = counted[:3], counted[3:]
    for (name, before, first), (_name, after, last) in zip(few, many, strict=True):
        assert last >= first + 40, name
        if name != "observaciones":  # it has a table for each subject
            assert after == before, name


def test_the_first_page_tells_who_may_issue_that_an_oficio_waits_and_not_who_proposed(
    world: World, enter: Enter
) -> None:
    with scope.everything(), at("2018-05-11 12:00"):
        propose_oficio(world.etapa, world.partido, world.dario, world.etapa.periodos.get(numero=1))
    waits = f'<a href="{reverse("auditor:oficios")}">Oficios por emitir</a>: 1 propuesta de otra persona espera'
    with at("2018-05-11 13:00"):
        pages = [" ".join(enter(each).get(reverse("auditor:home")).text.split()) for each in (world.elena, world.dario)]
    assert [waits in page for page in pages] == [True, False]
