"""On the desk of administration a candidacy ends, another takes its place, and a stranger reaches nothing."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kept import keeps
from registry.test_leaving import MOMENT, Scene, make
from sif.registry import clock
from sif.registry.leaving import NewEnd, end_candidacy
from sif.registry.models import (
    Candidatura,
    FinCandidatura,
    Nombramiento,
    RestitucionCandidatura,
    SustitucionCandidatura,
)
from sif.registry.scope import everything
from sif.registry.services import appoint, create_usuario

Enter = Callable[[Any], Client]
SUCCESSOR = {"nombre": "Eva Ríos", "aprobada_el": "21/04/2024", "acuerdo": "INE/CG401/2024"}
END = {"causa": "renuncia", "desde": "20/04/2024", "presentada_el": "18/04/2024", "acuerdo": "INE/CG400/2024"}


def _made() -> Scene:
    with clock.at(MOMENT), everything():
        return make()


@pytest.fixture
@keeps(_made)
def scene(world_of: Any) -> Any:
    with clock.at(MOMENT):
        yield world_of(_made)


def address(name: str, *args: object) -> str:
    return reverse(f"administration:{name}", args=args)


def words(page: str) -> str:
    """The page without its tags."""
    return re.sub(r"<[^>]+>", "", page)


def test_a_candidacy_ends_and_another_takes_its_place(scene: Scene, enter: Enter) -> None:
    left, client = scene.approved("Ana Luna"), enter(scene.ana)
    page = address("candidatura", left.pk)
    assert page in client.get(address("candidaturas")).text
    shown = client.get(page).text
    assert "Terminar la candidatura" in shown and "Sustituir" not in shown
    assert "$900.00, INE/CG10/2024" in shown
    assert client.get(address("candidatura_sustituir", left.pk)).status_code == 404
    end = address("candidatura_fin", left.pk)
    assert "Solo otro acuerdo o una sentencia la restituye." in client.get(end).text
    refused = client.post(end, {**END, "presentada_el": "", "desde": "21/05/2024"})
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"presentada_el", "desde"}
    done = words(client.post(end, END, follow=True).text)
    assert "La candidatura terminó." in done and "Dejó de contender el 20 de abril de 2024." in done
    assert "Renuncia, presentada el 18 de abril de 2024" in done
    assert "Renuncia" in client.get(address("candidaturas")).text
    assert "dejó de contender el 20/04/2024" in client.post(end, END).text
    take = address("candidatura_sustituir", left.pk)
    assert "LGIPE 243.1, por confirmar" in client.get(take).text
    wrong = client.post(take, {"nombre": "Eva Ríos", "curp": "corta", "aprobada_el": "19/04/2024", "acuerdo": ""})
    assert set(wrong.context["form"].errors) == {"curp", "aprobada_el", "acuerdo"}
    came = client.post(take, SUCCESSOR, follow=True)
    entered = Candidatura.objects.get(persona__nombre="Eva Ríos")
    assert came.redirect_chain[-1][0] == address("candidatura", entered.pk)
    assert "Entró por INE/CG401/2024." in came.text and "Quiénes la han tenido" in came.text
    assert page in came.text
    assert "Sustituir" not in client.get(page).text
    assert "Ya la sustituyó Eva Ríos." in client.post(take, {**SUCCESSOR, "nombre": "Iris Mar"}).text


def test_a_candidacy_that_ended_by_mistake_is_restored(scene: Scene, enter: Enter) -> None:
    left, client = scene.approved("Ana Luna"), enter(scene.ana)
    page, back = address("candidatura", left.pk), address("candidatura_restituir", left.pk)
    assert client.get(back).status_code == 404 and back not in client.get(page).text
    fin = end_candidacy(left, NewEnd("libre", date(2024, 4, 20), "A/1"), scene.ana)
    assert back in client.get(page).text
    assert "dejó de contender el 20/04/2024 por A/1" in words(client.get(back).text)
    refused = client.post(back, {"acuerdo": "", "motivo": "no"})
    assert refused.status_code == 422 and set(refused.context["form"].errors) == {"acuerdo", "motivo"}
    told = {"acuerdo": "SUP-JDC-1/2024", "motivo": "La sentencia la restituye"}
    shown = words(client.post(back, told, follow=True).text)
    assert "La candidatura contiende de nuevo" in shown and "Dejó de contender" not in shown
    assert "Deja sin efecto su fin del 20 de abril de 2024, A/1." in shown and "SUP-JDC-1/2024" in shown
    assert "Terminar la candidatura" in shown and client.post(back, told).status_code == 404
    end_candidacy(left, NewEnd("libre", date(2024, 4, 21), "A/2"), scene.ana)
    client.post(address("candidatura_sustituir", left.pk), SUCCESSOR)
    assert back not in client.get(page).text
    assert "Tiene su lugar Eva Ríos, que contiende." in client.post(back, told).text
    assert RestitucionCandidatura.objects.get().fin == fin


def test_of_an_independent_the_page_says_why_nobody_takes_its_place(scene: Scene, enter: Enter) -> None:
    alone, client = scene.approved("Eva Sola", scene.independent), enter(scene.ana)
    assert "termina la fórmula completa" in client.get(address("candidatura_fin", alone.pk)).text
    shown = client.post(address("candidatura_fin", alone.pk), {**END, "causa": "cancelacion"}, follow=True).text
    assert "Candidatura independiente: no se sustituye (LGIPE 390.1)." in shown
    assert address("candidatura_sustituir", alone.pk) not in shown
    assert FinCandidatura.objects.get().presentada_el is None


def test_a_stranger_reaches_nothing(scene: Scene, enter: Enter) -> None:
    left = scene.approved("Ana Luna")
    end_candidacy(left, NewEnd("libre", date(2024, 4, 20), "A/1"), scene.ana)
    other = scene.approved("Luz Sol")
    eva = create_usuario("eva", "Eva", None)
    appoint(eva, Nombramiento.Rol.AUDITOR)
    stranger = enter(eva)
    of_left = ("candidatura", "candidatura_sustituir", "candidatura_restituir")
    for name, pk in (*((each, left.pk) for each in of_left), ("candidatura_fin", other.pk)):
        assert stranger.get(address(name, pk)).status_code == 403
        assert "/cuenta/login/" in Client().get(address(name, pk))["Location"]
    assert stranger.post(address("candidatura_fin", other.pk), END).status_code == 403
    taken = {"nombre": "Iris Mar", "aprobada_el": "22/04/2024", "acuerdo": "A/1"}
    assert stranger.post(address("candidatura_sustituir", left.pk), taken).status_code == 403
    undone = {"acuerdo": "A/1", "motivo": "Por error"}
    assert stranger.post(address("candidatura_restituir", left.pk), undone).status_code == 403
    assert not RestitucionCandidatura.objects.exists()
    assert FinCandidatura.objects.count() == 1 and not SustitucionCandidatura.objects.exists()
    assert enter(scene.ana).get(address("candidatura", 999_999)).status_code == 404
