"""The desk of administration: an empty database gets its process and its subjects by pages, and a stranger nothing."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sif.registry.models import CalendarioPropuesto, Nombramiento, Proceso, SujetoObligado, Usuario
from sif.registry.services import appoint, create_usuario

Enter = Callable[[Any], Client]
Rol = Nombramiento.Rol
CALENDAR = {
    "clave": "PEL-DUR-2026-2027",
    "nombre": "Proceso electoral local de Durango",
    "jornada_el": "06/06/2027",
    "campana_hay": "on",
    "campana_inicia": "04/04/2027",
    "campana_termina": "02/06/2027",
    "campana_plazos": "3, 10, 5, 10, 6, 6",
    "campana_acuerdo": "IEPC/CG1/2027",
}


@pytest.fixture
def people(db: None) -> tuple[Usuario, Usuario]:
    """Return two administrators of an empty installation."""
    found = []
    for name in ("ana", "luis"):
        person = create_usuario(name, name.title(), None)
        appoint(person, Rol.ADMINISTRADOR)
        found.append(person)
    return found[0], found[1]


def address(name: str, *args: object) -> str:
    return reverse(f"administration:{name}", args=args)


def calendar_url(**asked: object) -> str:
    values = {"clase": "local_intermedia", "entidad": "DUR", "anio": 2027, "jornada": "", **asked}
    return f"{address('calendario')}?" + "&".join(f"{key}={value}" for key, value in values.items())


def test_an_empty_installation_says_what_comes_first(people: Any, enter: Enter) -> None:
    ana = enter(people[0])
    assert "la ley propone etapas, periodos y plazos" in ana.get(address("procesos")).text
    assert "Registre primero los partidos" in ana.get(address("sujetos")).text


def test_the_law_draws_the_calendar_that_one_proposes_and_another_opens(people: Any, enter: Enter) -> None:
    ana, luis = map(enter, people)
    start = {"clase": "local_intermedia", "entidad": "DUR", "anio": "2027", "jornada_el": ""}
    drawn = ana.post(address("proceso_nuevo"), start)
    assert drawn.status_code == 302
    page = ana.get(drawn["Location"]).text
    assert "PEL-DUR-2026-2027" in page
    assert 'value="04/04/2027"' in page
    assert "De treinta a sesenta días" in page
    again = ana.post(calendar_url(), {**CALENDAR, "campana_termina": "01/06/2027", "acto": "calcular"})
    assert again.status_code == 200
    assert "4 jun 2027" in again.text
    assert not CalendarioPropuesto.objects.exists()
    proposed = ana.post(calendar_url(), {**CALENDAR, "acto": "proponer"})
    url = proposed["Location"]
    assert "lo abre otra persona" in ana.get(url).text
    assert "lo abre otra persona" in ana.post(url, follow=True).text
    assert not Proceso.objects.exists()
    assert "Abrir el proceso" in luis.get(url).text
    opened = luis.post(url, follow=True)
    assert "El proceso quedó abierto" in opened.text
    assert "IEPC/CG1/2027" in opened.text
    assert Proceso.objects.get().jornada_el == date(2027, 6, 6)
    assert "Ver el proceso" in luis.get(url).text
    assert luis.post(url).status_code == 409
    assert "Proceso electoral local de Durango" in luis.get(address("procesos")).text


def test_what_is_wrong_stands_at_its_field_and_nothing_is_written(people: Any, enter: Enter) -> None:
    ana = enter(people[0])
    refused = ana.post(address("proceso_nuevo"), {"clase": "local", "entidad": "", "anio": "2027"})
    assert refused.status_code == 422
    assert refused.context["form"].errors["entidad"]
    for field, typed in (
        ("campana_acuerdo", ""),
        ("campana_inicia", "35/04/2027"),
        ("campana_termina", ""),
        ("campana_termina", "05/06/2027"),
        ("campana_plazos", "tres"),
        ("clave", "x y"),
        ("jornada_el", ""),
    ):
        page = ana.post(calendar_url(), {**CALENDAR, field: typed, "acto": "proponer"})
        assert page.status_code == 422, field
        assert page.context["form"].errors[field], field
    none = {key: value for key, value in CALENDAR.items() if key != "campana_hay"}
    assert "no tiene etapas" in ana.post(calendar_url(), {**none, "acto": "proponer"}).text
    assert not CalendarioPropuesto.objects.exists()


def test_an_address_that_draws_nothing_goes_back_to_the_first_page(people: Any, enter: Enter) -> None:
    ana = enter(people[0])
    for asked in ({"clase": "otra"}, {"anio": "mil"}, {"jornada": "ayer"}, {"entidad": ""}):
        assert ana.get(calendar_url(**asked))["Location"] == address("proceso_nuevo")


def test_a_calendar_replaced_by_another_is_not_opened(people: Any, enter: Enter) -> None:
    ana, luis = map(enter, people)
    first = ana.post(calendar_url(), {**CALENDAR, "acto": "proponer"})["Location"]
    ana.post(calendar_url(), {**CALENDAR, "nombre": "Elección de Durango", "acto": "proponer"})
    assert "se abre el último" in luis.get(first).text
    assert luis.post(first).status_code == 409
    assert luis.get(address("procesos")).text.count("Lo propuso") == 1


def test_opening_asks_again_who_acts(people: Any, enter: Enter, settings: Any) -> None:
    settings.ACT_SECONDS = -1
    ana, luis = map(enter, people)
    url = ana.post(calendar_url(), {**CALENDAR, "acto": "proponer"})["Location"]
    assert luis.get(url).status_code == 200
    assert reverse("confirmar") in luis.post(url)["Location"]
    assert not Proceso.objects.exists()


def test_subjects_and_the_parties_of_a_coalition(people: Any, enter: Enter) -> None:
    ana = enter(people[0])
    for tipo, siglas in (("partido", "PA"), ("partido_local", "PB")):
        typed = {"tipo": tipo, "siglas": siglas, "nombre": f"Partido {siglas}", "rfc": "", "numero": ""}
        assert ana.post(address("sujeto_nuevo"), typed)["Location"] == address("sujetos")
    again = ana.post(address("sujeto_nuevo"), typed)
    assert again.status_code == 422
    assert set(again.context["form"].errors) == {"siglas", "nombre"}
    union = {"tipo": "coalicion", "siglas": "AB", "nombre": "Coalición A y B"}
    members = ana.post(address("sujeto_nuevo"), union)["Location"]
    assert "Decir quiénes la forman" in ana.get(address("sujetos")).text
    pa, pb = SujetoObligado.objects.filter(siglas__in=("PA", "PB")).order_by("siglas")
    shares = {f"parte_{pa.pk}": "60", f"parte_{pb.pk}": "30", "desde": "10/01/2027"}
    assert "suman 90.00 %" in ana.post(members, shares).text
    wrong = ana.post(members, {**shares, f"parte_{pb.pk}": "400"})
    assert wrong.context["form"].errors[f"parte_{pb.pk}"]
    assert ana.post(members, {**shares, f"parte_{pb.pk}": "40"})["Location"] == address("sujetos")
    assert ana.get(address("integrantes", pa.pk)).status_code == 404
    assert ana.get(address("integrantes", pa.pk + 99)).status_code == 404


@pytest.mark.parametrize("name", ["procesos", "proceso_nuevo", "calendario", "sujetos", "sujeto_nuevo"])
def test_a_stranger_is_refused(people: Any, enter: Enter, name: str) -> None:
    auditor = create_usuario("eva", "Eva", None)
    appoint(auditor, Rol.REVISOR)
    for send in ("get", "post"):
        assert getattr(enter(auditor), send)(address(name)).status_code == 403
        assert "/cuenta/login/" in getattr(Client(), send)(address(name))["Location"]


def test_a_stranger_neither_sees_nor_opens_a_calendar(people: Any, enter: Enter) -> None:
    ana, luis = map(enter, people)
    url = ana.post(calendar_url(), {**CALENDAR, "acto": "proponer"})["Location"]
    auditor = create_usuario("eva", "Eva", None)
    appoint(auditor, Rol.REVISOR)
    assert enter(auditor).get(url).status_code == enter(auditor).post(url).status_code == 403
    luis.post(url)
    proceso = Proceso.objects.get()
    assert enter(auditor).get(address("proceso", proceso.pk)).status_code == 403
    assert luis.get(address("proceso", proceso.pk + 1)).status_code == 404
