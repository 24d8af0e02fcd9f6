"""The page that appraises the answers to an oficio and issues the second one; the subject answers it in its own."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from kept import keeps
from proceedings.test_second_oficio import first_of, said, second_after, year_of_2025
from proceedings.world import ZONE, World, at
from sif.audit.models import Observacion
from sif.proceedings import services
from sif.proceedings.courses import calendar_for
from sif.proceedings.models import Oficio, OficioPropuesto
from sif.proceedings.second import issue_second, propose_second
from sif.registry import scope
from sif.registry.models import Contabilidad
from sif.registry.services import open_contabilidad
from sif.registry.stage_days import calendar_of
from sif.web.formats import short_day

type Enter = Callable[[Any], Any]


@pytest.fixture
@keeps(year_of_2025)
def world(world_of: Callable[..., Any]) -> Iterator[World]:
    """The review of the year 2025."""
    with scope.everything():
        made = world_of(year_of_2025)
    yield made


@pytest.fixture
def first(world: World) -> Oficio:
    """Its oficio, with two observaciones of which one was answered."""
    with scope.everything():
        rows: list[Observacion] = [world.observacion([world.hallazgo(each)]) for each in ("1,000.00", "250.50")]
        return first_of(world, rows)


def test_the_answers_are_appraised_and_another_person_issues(world: World, first: Oficio, enter: Enter) -> None:
    address, sheet = reverse("auditor:segundo", args=[first.pk]), reverse("auditor:oficio", args=[first.pk])
    dario, elena, alicia = (enter(each) for each in (world.dario, world.elena, world.alicia))
    with at("2026-07-10 09:00"):
        assert "Valorar las respuestas" not in dario.get(sheet).text
        assert "cuando termina el plazo del primero" in dario.get(address).text
    with at("2026-08-03 09:00"):
        assert "Valorar las respuestas" in dario.get(sheet).text
        shown = dario.get(address).text
        assert "10 de agosto de 2026" in shown and "Se adjuntó el XML." in shown
        typed = {"acto": "proponer", "subsana_1": "si", "razon_1": "Lo presentó."}
        refused = dario.post(address, typed)
        assert refused.status_code == 422 and 'id="id_razon_2-error"' in refused.text
        assert 'id="id_razon_1-error"' not in refused.text
        assert "Lo presentó." in refused.text  # what was typed stays
        assert dario.post(address, {**typed, "subsana_2": "no", "razon_2": "No respondió."}).status_code == 302
        assert "Retirar mi propuesta" in dario.get(address).text
        waiting = elena.get(address).text
        assert "No respondió." in waiting and "Emitir y notificar el oficio" in waiting
        proposal = OficioPropuesto.objects.latest("pk").pk
        issued = elena.get(elena.post(address, {"acto": "emitir", "propuesta": proposal})["Location"])
        second = Oficio.objects.get(primero=first)
        assert issued["Location"] == reverse("auditor:oficio", args=[second.pk])
        assert elena.get(address)["Location"] == issued["Location"]
        assert second.numero in dario.get(sheet).text and first.numero in dario.get(issued["Location"]).text
        mine = reverse("party:oficio", args=[second.pk])
        assert (
            "LGPP 80.1.b.III" in alicia.get(mine).text and "0 de 1 observaciones contestadas" in alicia.get(mine).text
        )
        answered = alicia.post(reverse("party:contestar", args=[second.pk, 2]), {"texto": "Se adjunta.", "polizas": ""})
        assert answered.status_code == 302 and "1 de 1 observaciones contestadas" in alicia.get(mine).text
        assert alicia.post(reverse("party:contestar", args=[second.pk, 1]), {"texto": "x"}).status_code == 404


def test_where_all_was_cured_the_subject_reads_that_nothing_is_asked(world: World, first: Oficio, enter: Enter) -> None:
    with scope.everything(), at("2026-08-03 09:00"):
        propose_second(first, said(list(first.observaciones.order_by("numero")), True, True), world.dario)
        second = issue_second(first, world.elena)
    with at("2026-08-03 09:05"):
        alicia, dario = enter(world.alicia), enter(world.dario)
        page = alicia.get(reverse("party:oficio", args=[second.pk])).text
        assert "Sus respuestas subsanaron todo lo observado" in page and "observaciones contestadas" not in page
        assert "no da plazo" in alicia.get(reverse("party:oficios")).text
        assert "Todo se subsanó: no da plazo" in dario.get(reverse("auditor:oficio", args=[second.pk])).text
        assert "Respuesta al oficio " + second.numero not in alicia.get(reverse("party:calendario")).text
    with scope.everything(), at("2026-08-03 09:10"):
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        row = dictamen.conclusiones.get(observacion__numero=2)
    with at("2026-08-03 09:15"):
        address = reverse("auditor:conclusion", args=[row.pk])
        elena = enter(world.elena)
        assert "Lo que se le informó" in elena.get(address).text
        typed = {"respuesta_considerada": "No presentó respuesta.", "analisis": "Falta.", "referencia": "no_atendida"}
        refused = elena.post(address, {**typed, "monto": "250.50", "acto": "guardar"})
        assert refused.status_code == 422 and 'id="id_referencia-error"' in refused.text
        assert "la dijo subsanada" in refused.text and second.numero in refused.text


def test_the_result_of_the_second_answer_is_shown_until_it_is_told(world: World, first: Oficio, enter: Enter) -> None:
    with scope.everything():
        second = second_after(world, first, list(first.observaciones.order_by("numero")))
        last = calendar_for(world.etapa, world.partido)["dictamen"].fecha
    dario, elena, alicia, carla = (enter(each) for each in (world.dario, world.elena, world.alicia, world.carla))
    address, sheet = reverse("auditor:segundo", args=[second.pk]), reverse("auditor:oficio", args=[second.pk])
    act = "Informar el resultado de la segunda respuesta"
    with at("2026-08-10 09:00"):
        assert "Valorar las respuestas" not in dario.get(sheet).text
        assert dario.get(reverse("auditor:home")).context["reloj"] is None
        assert act in dario.get(reverse("auditor:calendario")).text  # its term is known since the second oficio
    with at("2026-08-11 09:00"):
        assert "Valorar las respuestas" in dario.get(sheet).text
        assert f'href="{address}">Informar el resultado' in dario.get(reverse("auditor:oficios")).text
        told = dario.get(reverse("auditor:home")).context["reloj"]
        assert (told.titulo, told.articulo) == (act, "LGPP 80.1.b.III")
        assert told.vence_el.astimezone(ZONE).date() == last + timedelta(1)
        page = dario.get(address).text
        assert "Resultado de la segunda respuesta de" in page and "no da otro plazo" in page
        typed = {"acto": "proponer", "subsana_2": "no", "razon_2": "Falta el comprobante."}
        assert dario.post(address, {**typed, "razon_2": ""}).status_code == 422
        assert dario.post(address, typed).status_code == 302
        proposal = OficioPropuesto.objects.latest("pk").pk
        issued = elena.get(elena.post(address, {"acto": "emitir", "propuesta": proposal})["Location"])
        result = Oficio.objects.get(primero=second)
        assert issued["Location"] == reverse("auditor:oficio", args=[result.pk])
        assert "Informa el resultado: no da plazo" in dario.get(issued["Location"]).text
        assert "Informó el resultado" in dario.get(sheet).text
    with at("2026-08-11 09:05"):
        assert act not in dario.get(reverse("auditor:calendario")).text
        assert "Informar el resultado" not in dario.get(reverse("auditor:oficios")).text
        mine = reverse("party:oficio", args=[result.pk])
        shown = alicia.get(mine)
        assert "informa el resultado de lo que respondió al segundo" in shown.text
        assert [row.celdas["razon"] for row in shown.context["subsanadas"].filas] == ["Falta el comprobante."]
        before = alicia.get(reverse("party:oficio", args=[first.pk]), {"observacion": "2"})
        assert "Falta el comprobante." in before.text and mine in before.text
        assert carla.get(mine).status_code == 404 and alicia.get(address).status_code == 403
        assert dario.get(reverse("auditor:segundo", args=[result.pk])).status_code == 404


def test_the_dictamen_is_not_offered_before_its_day_nor_before_the_answers_are_appraised(
    world: World, first: Oficio, enter: Enter
) -> None:
    dario, elena = enter(world.dario), enter(world.elena)
    address, appraise = (
        reverse("auditor:abrir_dictamen", args=[world.partido.pk]),
        reverse("auditor:segundo", args=[first.pk]),
    )
    act, button = "Informar si las respuestas subsanan", 'type="submit">Abrir dictamen'
    with at("2026-07-10 09:00"):
        early = elena.get(address).text
        assert "Todavía no puede abrirse" in early and button not in early
        assert "hasta las 24:00 horas del 13 de julio de 2026 (LGPP 80.1.b.II)" in early and first.numero in early
        assert "desde las 00:00 horas del 14 de julio de 2026" in early
        assert elena.post(address).status_code == 422
        assert act in dario.get(reverse("auditor:calendario")).text
        assert f'href="{appraise}">Valorar las respuestas' not in dario.get(reverse("auditor:oficios")).text
    with at("2026-07-14 09:00"):
        waits = elena.get(address).text
        assert "subsana lo que observa el oficio" in waits and "LGPP 80.1.b.III" in waits and button not in waits
        assert f'href="{appraise}">Valorar las respuestas' in dario.get(reverse("auditor:oficios")).text
        told = dario.get(reverse("auditor:home")).context["reloj"]
        assert (told.titulo, told.articulo) == (act, "LGPP 80.1.b.III")
        assert told.vence_el.astimezone(ZONE).date() == calendar_of(world.etapa)["dictamen"].fecha + timedelta(1)
        assert "El dictamen no se abre antes de que se informe." in dario.get(appraise).text
        with scope.everything():
            propose_second(first, said(list(first.observaciones.order_by("numero")), True, True), world.dario)
            issue_second(first, world.elena)
    with at("2026-07-14 09:05"):
        assert act not in dario.get(reverse("auditor:calendario")).text
        opened = elena.get(address).text
        assert button in opened and "Todavía no puede abrirse" not in opened
        assert enter(world.alicia).get(address).status_code == 403


def test_a_stranger_and_what_is_no_act_are_refused(world: World, first: Oficio, enter: Enter) -> None:
    address = reverse("auditor:segundo", args=[first.pk])
    with at("2026-08-03 09:00"):
        assert enter(world.alicia).get(address).status_code == 403
        assert enter(world.elena).post(address, {"acto": "otro"}).status_code == 404
        assert enter(world.elena).get(reverse("auditor:segundo", args=[first.pk + 999])).status_code == 404


def test_the_desk_counts_first_oficios_and_shows_the_last_of_each_subject(
    world: World, first: Oficio, enter: Enter
) -> None:
    with at("2026-08-03 09:00"):
        with scope.everything():
            second_after(world, first, list(first.observaciones.order_by("numero")))
        dario = enter(world.dario)
        page = dario.get(reverse("auditor:home"))
        shown = [row.celdas["respuestas"] for row in page.context["sujetos"].filas]
        assert "0 de 1" in shown and "1 de 2" not in shown
        assert page.context["frame"].cuentas["oficios"] == 1


def test_the_subject_reads_why_each_answer_cured_or_not_once_it_is_notified(
    world: World, first: Oficio, enter: Enter
) -> None:
    page = reverse("party:oficio", args=[first.pk])
    with at("2026-08-03 09:00"):
        with scope.everything():
            propose_second(first, said(list(first.observaciones.order_by("numero")), True, False), world.dario)
        alicia, carla = enter(world.alicia), enter(world.carla)
        before = alicia.get(page, {"observacion": "2"})
        assert before.context["dicho"] is None and "Lo que se le informó de su respuesta" not in before.text
        with scope.everything():
            second = issue_second(first, world.elena)
    with at("2026-08-03 09:05"):
        cured, left = (alicia.get(page, {"observacion": each}) for each in ("1", "2"))
        assert cured.context["dicho"].subsana and "Presentó el XML." in cured.text
        assert not left.context["dicho"].subsana and "No respondió." in left.text
        assert reverse("party:oficio", args=[second.pk]) in left.text
        told = alicia.get(reverse("party:oficio", args=[second.pk]))
        assert [row.celdas["razon"] for row in told.context["subsanadas"].filas] == [
            "Presentó el XML.",
            "No respondió.",
        ]
        assert "Lo que se le informó de sus respuestas" in told.text
        assert [carla.get(reverse("party:oficio", args=[each.pk])).status_code for each in (first, second)] == [404] * 2


def test_the_terms_of_the_authority_run_from_the_second_oficio(world: World, first: Oficio, enter: Enter) -> None:
    with at("2026-07-20 09:00"):
        dario = enter(world.dario)
        assert "dictamen" in dario.get(reverse("auditor:home")).context["frame"].reloj.titulo.lower()
    with scope.everything():
        second = second_after(world, first, list(first.observaciones.order_by("numero")))
    with at("2026-08-04 09:00"):
        told = dario.get(reverse("auditor:home")).context["frame"].reloj
        assert told.titulo == "Respuesta al segundo oficio" and told.articulo == "LGPP 80.1.b.III"
        assert told.vence_el == second.vence_el + timedelta(seconds=1)
        with scope.everything():
            last = calendar_for(world.etapa, world.partido)["dictamen"].fecha
            assert last > calendar_of(world.etapa)["dictamen"].fecha
        days = {
            row.celdas["hito"].texto: row.celdas["vence"]
            for row in dario.get(reverse("auditor:avance")).context["pasos"].filas
        }
        assert days["Dictamen consolidado"] == short_day(last, year=True)
        mine = enter(world.alicia).get(reverse("party:home")).context["mesa"].reloj
        assert second.numero in mine.titulo and mine.vence_el == second.vence_el
    with at("2026-08-11 09:00"):
        after = dario.get(reverse("auditor:home")).context["frame"].reloj
        assert after.titulo == "Dictamen consolidado" and after.vence_el.astimezone(ZONE).date() == last + timedelta(1)


def test_a_subject_without_errors_runs_from_the_end_of_the_revision(world: World, first: Oficio, enter: Enter) -> None:
    with scope.everything():
        open_contabilidad(world.etapa, world.otro, Contabilidad.Clase.ORDINARIA)
        second_after(world, first, list(first.observaciones.order_by("numero")))
    with at("2026-08-11 09:00"):
        dario = enter(world.dario)
        shown = dario.get(reverse("auditor:home")).context["frame"].reloj
        assert (shown.titulo, shown.last) == ("Resolución del Consejo", date(2026, 8, 27))
        found = dario.get(reverse("auditor:calendario"), {"formato": "csv"}).content.decode("utf-8-sig")
        assert (
            '"Dictamen y proyecto de resolución, sin errores que notificar al terminar la revisión",2026-07-27' in found
        )
        assert '"Dictamen y proyecto de resolución, si se concede el segundo plazo",2026-08-17' in found  # of the stage


def test_the_days_of_the_dictamen_say_what_they_depend_on(world: World, first: Oficio, enter: Enter) -> None:
    dario, page = enter(world.dario), reverse("auditor:segundo", args=[first.pk])
    with at("2026-07-20 09:00"):
        home = dario.get(reverse("auditor:home")).context
        assert home["frame"].reloj.titulo == "Dictamen consolidado, si se concede el segundo plazo"
        assert "Sin segundo plazo, el dictamen vence el 10 ago 2026" in home["reloj"].nota
        assert "Sin segundo plazo, el dictamen vence el 10 ago 2026" in dario.get(page).text
    with at("2026-08-11 09:00"):
        assert "Sin segundo plazo, el dictamen venció el 10 ago 2026" in dario.get(page).text
    with scope.everything(), at("2026-08-12 09:00"):
        rows = list(first.observaciones.order_by("numero"))
        propose_second(first, said(rows, True, False), world.dario)
        second = issue_second(first, world.elena)
    late = "El segundo oficio se notificó el 12 ago 2026, vencido ya el dictamen el 10 ago 2026"
    with at("2026-08-20 09:00"):
        assert late in dario.get(reverse("auditor:home")).context["reloj"].nota
        assert late in dario.get(reverse("auditor:segundo", args=[second.pk])).text
        assert late in dario.get(reverse("auditor:calendario")).text
        assert late in enter(world.alicia).get(reverse("party:calendario")).text
        assert late not in enter(world.carla).get(reverse("party:calendario")).text


def test_where_all_was_cured_the_calendar_has_no_second_term(world: World, first: Oficio, enter: Enter) -> None:
    with scope.everything(), at("2026-08-03 09:00"):
        propose_second(first, said(list(first.observaciones.order_by("numero")), True, True), world.dario)
        issue_second(first, world.elena)
    with at("2026-08-03 09:05"):
        dario, alicia = enter(world.dario), enter(world.alicia)
        told = dario.get(reverse("auditor:home")).context["frame"].reloj
        assert (told.titulo, told.last) == ("Dictamen consolidado", date(2026, 8, 10))
        for client, address in ((alicia, "party:calendario"), (dario, "auditor:calendario")):
            found = client.get(reverse(address), {"formato": "csv"}).content.decode("utf-8-sig")
            assert '"Dictamen y proyecto de resolución, sin segundo plazo",2026-08-10' in found
        events = alicia.get(reverse("party:ics")).content.decode().replace("\r\n ", "")
        assert "DTEND:20260811T060000Z" in events
        assert events.count("SUMMARY:Dictamen y proyecto de resolución") == 1
