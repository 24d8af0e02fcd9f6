"""Two people move the days of a stage by pages, seeing how they are left; a stranger sees none of it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from rfcs import new_rfc
from sif.registry import clock
from sif.registry.models import Etapa, FechasPropuestas, Nombramiento, Usuario
from sif.registry.moving import days_of
from sif.registry.scope import everything
from sif.registry.services import appoint, create_etapa, create_proceso, create_usuario, open_periods
from sif.registry.stage_days import calendar_of
from sif.web.marks import article_html

Enter = Callable[[Any], Client]
MAY = datetime(2025, 5, 1, 10, tzinfo=ZoneInfo("America/Mexico_City"))


@pytest.fixture
def people(db: None) -> Any:
    """A campaign of April and May of 2025, seen on 1 May, and two administrators."""
    with clock.at(MAY):
        found = []
        for name in ("ana", "luis"):
            person = create_usuario(name, name.title(), None, rfc=new_rfc())
            appoint(person, Nombramiento.Rol.ADMINISTRADOR)
            found.append(person)
        proceso = create_proceso(
            clave="PEL-DUR-2025",
            nombre="Elección de Durango",
            ambito="local",
            entidad="DUR",
            anio=2025,
            jornada_el=date(2025, 6, 6),
        )
        etapa = create_etapa(proceso, Etapa.Tipo.CAMPANA, date(2025, 4, 4), date(2025, 6, 2))
        open_periods(etapa)
        yield etapa, found[0], found[1]


def typed(**changes: str) -> dict[str, str]:
    return {
        "acuerdo": "IEPC/CG9/2025",
        "aprobado_el": "20/04/2025",
        "motivo": "Amplía los días para informar.",
        "plazos": "3, 10, 5, 15, 6, 6",
        "vence_1": "10/05/2025",
        "vence_2": "05/06/2025",
        **changes,
    }


def move_url(etapa: Etapa) -> str:
    return reverse("administration:fechas_mover", args=[etapa.pk])


def proposed_by(client: Client, etapa: Etapa) -> str:
    return client.post(move_url(etapa), {**typed(), "acto": "proponer"})["Location"]


def test_one_sees_how_the_days_are_left_and_proposes_and_another_moves_them(people: Any, enter: Enter) -> None:
    etapa, ana, luis = people
    process = reverse("administration:proceso", args=[etapa.proceso_id])
    assert move_url(etapa) in enter(ana).get(process).text
    form = enter(ana).get(move_url(etapa)).text
    assert 'value="06/05/2025"' in form and 'value="3, 10, 5, 10, 6, 6"' in form
    shown = enter(ana).post(move_url(etapa), {**typed(), "acto": "ver"}).text
    assert "Nada se ha movido todavía." in shown and "Informe del periodo 1" in shown
    assert not FechasPropuestas.objects.exists()
    url = proposed_by(enter(ana), etapa)
    assert "las mueve otra persona" in enter(ana).get(url).text
    assert "Fechas por mover" in enter(luis).get(reverse("administration:home")).text
    assert days_of(etapa).vencen[1].day == 6
    done = enter(luis).post(url, {"acto": "mover"}, follow=True).text
    assert "Las anteriores se conservan" in done and "Luis" in done
    assert days_of(etapa).vencen[1].day == 10 and calendar_of(etapa)["dictamen"].movida_de
    assert enter(luis).post(url, {"acto": "mover"}).status_code == 409
    sheet = enter(ana).get(process).text
    assert "Acuerdos que mueven fechas" in sheet and url in sheet
    assert "<s>" in enter(ana).get(move_url(etapa)).text  # the day that each milestone had


def test_an_accord_that_takes_days_of_review_says_so_to_both_people(people: Any, enter: Enter) -> None:
    etapa, ana, luis = people
    told = "Revisión del periodo 1: 3 en vez de los 10 días de la ley (LGPP 80.1.d.II)."
    eaten = {
        "plazos": "3, 10, 5, 10, 6, 6",
        "vence_1": "13/05/2025",
    }  # seven days more to report, taken from its review
    shown = enter(ana).post(move_url(etapa), {**typed(**eaten), "acto": "ver"}).text
    assert "menos días para revisar que la ley" in shown and told in shown
    url = enter(ana).post(move_url(etapa), {**typed(**eaten), "acto": "proponer"})["Location"]
    assert told in enter(luis).get(url).text
    assert "Fechas movidas" in enter(luis).post(url, {"acto": "mover"}, follow=True).text
    assert told not in enter(luis).get(url).text
    again = enter(ana).post(
        move_url(etapa), {**typed(plazos="3, 10, 5, 12, 6, 6", vence_1="13/05/2025"), "acto": "ver"}
    )
    assert again.status_code == 200 and "menos días para revisar" not in again.text


def test_an_accord_cited_beside_an_article_is_no_link() -> None:
    drawn = article_html("LGPP 80.1.d.III; Acuerdo 5, del 20 de abril de 2025")
    assert drawn.count("<a ") == 1 and '<cite class="article-ref">Acuerdo 5, del 20 de abril de 2025</cite>' in drawn


def test_what_is_wrong_stands_at_its_field(people: Any, enter: Enter) -> None:
    etapa, ana, _luis = people
    client = enter(ana)
    for field, value in (
        ("acuerdo", ""),
        ("aprobado_el", "20/04/2099"),
        ("motivo", "no"),
        ("plazos", "tres"),
        ("plazos", "3, 10, 4, 10, 6, 6"),
        ("vence_1", "05/05/2025"),
        ("vence_1", "35/05/2025"),
        ("vence_2", ""),
    ):
        for act in ("ver", "proponer"):
            page = client.post(move_url(etapa), {**typed(**{field: value}), "acto": act})
            assert page.status_code == 422 and page.context["form"].errors[field], (field, value)
    assert not FechasPropuestas.objects.exists()


def test_another_refuses_with_a_reason_and_who_proposed_withdraws(people: Any, enter: Enter) -> None:
    etapa, ana, luis = people
    url = proposed_by(enter(ana), etapa)
    assert enter(luis).post(url, {"acto": "rechazar", "motivo": " "}).status_code == 422
    assert "retírelo" in enter(ana).post(url, {"acto": "rechazar", "motivo": "Mal contado"}, follow=True).text
    assert enter(luis).post(url, {"acto": "borrar"}).status_code == 404
    assert "No lo dice" in enter(luis).post(url, {"acto": "rechazar", "motivo": "No lo dice"}, follow=True).text
    again = proposed_by(enter(ana), etapa)
    assert "Propuesta retirada." in enter(ana).post(again, {"acto": "retirar"}, follow=True).text
    with everything():
        assert days_of(etapa).vencen[1].day == 6


def test_moving_asks_again_who_acts_and_a_stranger_sees_nothing(people: Any, enter: Enter, settings: Any) -> None:
    etapa, ana, luis = people
    url = proposed_by(enter(ana), etapa)
    auditor: Usuario = create_usuario("eva", "Eva", None)
    appoint(auditor, Nombramiento.Rol.REVISOR)
    for address in (url, move_url(etapa)):
        assert enter(auditor).get(address).status_code == 403
        assert enter(auditor).post(address, {"acto": "mover"}).status_code == 403
    settings.ACT_SECONDS = -1
    assert reverse("confirmar") in enter(luis).post(url, {"acto": "mover"})["Location"]
    assert days_of(etapa).vencen[1].day == 6
