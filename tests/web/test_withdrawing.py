"""The pages of an observación that is left without effect once it was notified: who does it, and who is told."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse

from kept import keeps
from proceedings.world import World, at, campaign_of_2018
from sif.audit.models import Observacion, ObservacionSinEfecto
from sif.proceedings import services
from sif.proceedings.models import Oficio
from sif.registry import scope

type Enter = Callable[[Any], Any]
DAY, WHY = "2018-07-11 12:00", "El XML obraba en la póliza."


@pytest.fixture
@keeps(campaign_of_2018)
def world(world_of: Callable[..., Any]) -> Iterator[World]:
    """The campaign of 2018."""
    with scope.everything():
        made = world_of(campaign_of_2018)
        for monto in ("1,000.00", "250.50"):
            made.observacion([made.hallazgo(monto)])
        made.oficio()
    yield made


def observed() -> tuple[Oficio, Observacion]:
    with scope.everything():
        return Oficio.objects.get(), Observacion.objects.get(numero=1)


def withdrawn(world: World, enter: Enter) -> ObservacionSinEfecto:
    """Leave it without effect by its page."""
    _oficio, row = observed()
    with at(DAY):
        assert enter(world.elena).post(reverse("auditor:retirar", args=[row.pk]), {"motivo": WHY}).status_code == 302
    with scope.everything():
        return ObservacionSinEfecto.objects.select_related("notificacion").get()


def test_it_is_left_without_effect_by_its_page_once_and_with_a_reason(world: World, enter: Enter) -> None:
    _oficio, row = observed()
    page, act = (reverse(f"auditor:{name}", args=[row.pk]) for name in ("observacion", "retirar"))
    elena, dario, bruno = enter(world.elena), enter(world.dario), enter(world.bruno)
    with at(DAY):
        assert f'action="{act}"' not in dario.get(page).text
        assert f'action="{act}"' in elena.get(page).text
        assert elena.get(act).status_code == 405
        assert enter(world.alicia).post(act, {"motivo": WHY}).status_code == 403
        denied = dario.post(act, {"motivo": WHY})
        assert denied.status_code == 422 and "no tiene nombramiento" in denied.text
        refused = elena.post(act, {"motivo": " "})
        assert refused.status_code == 422 and "Falta el motivo" in refused.text
        done = elena.post(act, {"motivo": WHY}, follow=True).text
        assert "se avisó al sujeto" in done and WHY in done and f'action="{act}"' not in done
        again = bruno.post(act, {"motivo": "Otra."})
        assert again.status_code == 422 and "Ya quedó sin efecto" in again.text
        assert elena.post(reverse("auditor:retirar", args=[999_999]), {"motivo": WHY}).status_code == 404


def test_the_authority_sees_it_in_its_oficio_its_answers_and_its_list(world: World, enter: Enter) -> None:
    withdrawn(world, enter)
    oficio, _row = observed()
    with at(DAY):
        elena = enter(world.elena)
        sheet = elena.get(reverse("auditor:oficio", args=[oficio.pk]))
        assert "Sin efecto" in sheet.text and sheet.context["cobertura"].observaciones == 1
        answers = elena.get(reverse("auditor:respuestas")).context["oficios"]
        assert [each["cobertura"].observaciones for each in answers] == [1]
        assert "Sin efecto" in elena.get(reverse("auditor:observaciones")).text


def test_its_subject_is_told_and_is_not_asked_to_answer(world: World, enter: Enter) -> None:
    left = withdrawn(world, enter)
    oficio, _row = observed()
    alicia, carla = enter(world.alicia), enter(world.carla)
    page = reverse("party:oficio", args=[oficio.pk])
    with at(DAY):
        mail = alicia.get(reverse("party:buzon")).text
        assert "Queda sin efecto la observación 1" in mail
        notice = reverse("party:notificacion", args=[left.notificacion_id])
        sheet = alicia.get(notice).text
        assert f"{page}?observacion=1#observacion" in sheet and "Contestar el oficio" not in sheet
        assert carla.get(notice).status_code == 404
        shown = alicia.get(page, {"observacion": "1"}).text
        assert "Quedó sin efecto" in shown and WHY in shown and "Contestar la observación" not in shown
        assert alicia.get(page).context["elegida"].numero == 2
        refused = alicia.post(reverse("party:contestar", args=[oficio.pk, 1]), {"texto": "Aclaro."})
        assert refused.status_code == 422 and "quedó sin efecto y no se responde" in refused.text
        assert alicia.post(reverse("party:contestar", args=[oficio.pk, 2]), {"texto": "Va."}).status_code == 302
        assert "1 de 1" in alicia.get(reverse("party:oficios")).text
        assert alicia.get(reverse("party:documento", args=[left.notificacion_id]))["Content-Type"] == "application/pdf"
        assert alicia.get(reverse("party:cedula", args=[left.notificacion_id])).status_code == 200


def test_what_it_had_answered_is_still_read(world: World, enter: Enter) -> None:
    oficio, row = observed()
    with scope.everything(), at(DAY):
        services.answer(oficio, row, "Lo presenté en mayo.", [], world.alicia)
    withdrawn(world, enter)
    with at(DAY):
        shown = enter(world.alicia).get(reverse("party:oficio", args=[oficio.pk]), {"observacion": "1"}).text
        assert "Lo presenté en mayo." in shown and "Guardar otra versión" not in shown
        told = enter(world.elena).get(reverse("auditor:observacion", args=[row.pk])).text
        assert "Lo presenté en mayo." in told


def test_an_oficio_of_which_nothing_stands_says_so_and_asks_nothing(world: World, enter: Enter) -> None:
    oficio, _row = observed()
    elena, alicia = enter(world.elena), enter(world.alicia)
    with at(DAY):
        with scope.everything():
            rows = list(oficio.observaciones.all())
        for row in rows:
            assert elena.post(reverse("auditor:retirar", args=[row.pk]), {"motivo": WHY}).status_code == 302
        page = alicia.get(reverse("party:oficio", args=[oficio.pk]))
        assert page.context["estado"] == "sin_efectos" and "observaciones contestadas" not in page.text
        assert "0 de 0" in alicia.get(reverse("party:oficios")).text
        assert "Abrir el oficio" not in alicia.get(reverse("party:home")).text
        assert "todo quedó sin efecto" in elena.get(reverse("auditor:oficio", args=[oficio.pk])).text


def test_its_act_asks_again_who_acts(world: World, enter: Enter, settings: Any) -> None:
    _oficio, row = observed()
    elena = enter(world.elena)
    settings.ACT_SECONDS = -1
    asked = elena.post(reverse("auditor:retirar", args=[row.pk]), {"motivo": WHY})
    assert asked.status_code == 302 and reverse("confirmar") in asked["Location"]
    with scope.everything():
        assert not ObservacionSinEfecto.objects.exists()
