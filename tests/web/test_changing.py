"""On the desk of administration a candidacy changes of coalition, seen before, and a stranger reaches nothing."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from registry.test_changing import Moving
from registry.test_leaving import MOMENT
from sif.registry import clock
from sif.registry.models import Candidatura, FinCandidatura, Nombramiento
from sif.registry.scope import everything
from sif.registry.services import appoint, create_usuario

Enter = Callable[[Any], Client]


@pytest.fixture
def moving(db: None) -> Any:
    with clock.at(MOMENT):
        with everything():
            made = Moving()
        yield made


def address(name: str, *args: object) -> str:
    return reverse(f"administration:{name}", args=args)


def words(page: str) -> str:
    """The page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_what_changes_is_told_before_and_the_change_is_recorded(moving: Moving, enter: Enter) -> None:
    client, sheet = enter(moving.ana), address("candidatura", moving.mine.pk)
    url = address("candidatura_cambiar", moving.mine.pk)
    assert url in client.get(sheet).text
    asked = {"sujeto": str(moving.union.pk), "desde": "20/04/2024", "acuerdo": "INE/CG300/2024"}
    told = words(client.post(url, {**asked, "acto": "ver"}).text)
    number = moving.mine.contabilidad.pk
    assert f"La {number} sigue siendo de PA: registra lo ocurrido antes del 20/04/2024" in told
    assert "De AB, desde el 20/04/2024" in told and "$900.00, el mismo" in told and "Nada se ha cambiado" in told
    assert "Se abre la de AB en la etapa" in told and "0 personas actúan" in told
    assert not FinCandidatura.objects.exists()
    wrong = client.post(url, {"sujeto": str(moving.alien.pk), "desde": "mañana", "acuerdo": "", "acto": "cambiar"})
    assert wrong.status_code == 422 and set(wrong.context["form"].errors) == {"acuerdo", "desde", "sujeto"}
    late = client.post(url, {**asked, "desde": "21/05/2024", "acto": "ver"})
    assert late.status_code == 422 and set(late.context["form"].errors) == {"desde"}
    done = client.post(url, {**asked, "acto": "cambiar"}, follow=True)
    now = Candidatura.objects.get(sujeto=moving.union)
    assert done.redirect_chain[-1][0] == address("candidatura", now.pk)
    assert "Quiénes la han tenido" in done.text and "La candidatura cambió de coalición" in done.text
    left = words(client.get(sheet).text)
    assert "Cambio de coalición" in left and "Dejó de contender el 20 de abril de 2024" in left
    assert client.post(url, {**asked, "acto": "cambiar"}).status_code == 404  # a second press
    assert "Cambio de coalición" in client.get(address("candidaturas")).text


def test_where_no_coalition_can_be_chosen_no_form_is_drawn(
    moving: Moving, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sif.web.admin.padron.cambios.coalitions_of", lambda _candidacy: [])
    page = enter(moving.ana).get(address("candidatura_cambiar", moving.mine.pk)).text
    assert "registre antes el convenio" in words(page) and address("sujetos") in page
    assert "Contenderá por" not in page and "Ver qué cambia" not in page


def test_a_stranger_changes_nothing(moving: Moving, enter: Enter) -> None:
    url = address("candidatura_cambiar", moving.mine.pk)
    auditor = create_usuario("eva", "Eva", None)
    appoint(auditor, Nombramiento.Rol.REVISOR)
    for send in ("get", "post"):
        assert getattr(enter(auditor), send)(url).status_code == 403
        assert "/cuenta/login/" in getattr(Client(), send)(url)["Location"]
    assert not FinCandidatura.objects.exists()
