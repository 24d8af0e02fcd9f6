"""Two people close a stage by its page, which names what is open; an accord reopens it, and others see none of it."""

from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from rfcs import new_rfc
from sif.disclosure import selectors
from sif.registry import clock
from sif.registry.closed import closing_act
from sif.registry.models import CierrePropuesto, Etapa, Nombramiento
from sif.registry.nominating import NewCandidacy, register_candidacy
from sif.registry.scope import everything
from sif.registry.services import (
    appoint,
    create_etapa,
    create_proceso,
    create_usuario,
    open_periods,
    register_sujeto,
)
from sif.web.admin.proceso import cierre

Enter = Callable[[Any], Client]
LATER = datetime(2025, 9, 1, 10, tzinfo=ZoneInfo("America/Mexico_City"))


@pytest.fixture
def people(db: None) -> Any:
    """A campaign of April and May of 2025, seen in September, and two administrators."""
    with clock.at(LATER):
        found = []
        for name in ("ana", "luis"):
            person = create_usuario(name, name.title(), None, rfc=new_rfc())
            appoint(person, Nombramiento.Rol.ADMINISTRADOR, desde=date(2025, 1, 1))
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


def test_what_is_open_stands_with_its_subject_and_nothing_is_proposed(
    people: Any, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    etapa, ana, _luis = people
    with everything(), clock.at(datetime(2025, 4, 2, 10, tzinfo=ZoneInfo("America/Mexico_City"))):
        party = register_sujeto("partido", "1", "AMB", "Partido Ámbar")
        new = NewCandidacy(party, "Ana Luna", "PRESIDENCIA MUNICIPAL", "DUR", "Canatlán")
        register_candidacy(etapa, new, ana)
    url = reverse("administration:cierre", args=[etapa.pk])
    page = enter(ana).get(url).text
    assert "3 asuntos pendientes: la etapa no puede cerrarse." in page
    assert "Informe debido" in page and "Sujeto sin dictamen" in page
    monkeypatch.setattr(cierre, "SHOWN", 1)  # of a stage of a country the page draws the first, and counts all
    short = enter(ana).get(url).text
    assert "3 asuntos pendientes" in short and "2 más" in short and "periodo 2" not in short
    assert reverse("administration:sujeto", args=[party.pk]) in page
    assert "Proponer el cierre" not in page
    refused = enter(ana).post(url, {"acto": "proponer_cierre"})
    assert refused.status_code == 422 and "2 informes debidos" in refused.text
    assert not CierrePropuesto.objects.exists()


def test_one_proposes_another_closes_and_an_accord_reopens(people: Any, enter: Enter) -> None:
    etapa, ana, luis = people
    url = reverse("administration:cierre", args=[etapa.pk])
    process = reverse("administration:proceso", args=[etapa.proceso_id])
    assert url in enter(ana).get(process).text
    assert "Nada queda abierto: la etapa se puede cerrar." in enter(ana).get(url).text
    done = enter(ana).post(url, {"acto": "proponer_cierre", "acuerdo": "IEPC/CG30/2025"}, follow=True).text
    assert "lo ejecuta otra persona que administre" in done and "Retirar mi propuesta" in done
    found = CierrePropuesto.objects.get()
    assert "Cierres por resolver" in enter(luis).get(reverse("administration:home")).text
    assert "La hace otra persona" not in enter(luis).get(url).text
    assert enter(luis).post(url, {"acto": "hacer", "propuesta": found.pk + 9}).status_code == 409
    assert "otra persona" in enter(ana).post(url, {"acto": "hacer", "propuesta": found.pk}, follow=True).text
    assert closing_act(etapa) is None
    shown = enter(luis).post(url, {"acto": "hacer", "propuesta": found.pk}, follow=True).text
    assert "Etapa cerrada." in shown and "La cerró Luis" in shown and "IEPC/CG30/2025" in shown
    assert "Cerrada" in enter(ana).get(process).text
    assert enter(luis).post(url, {"acto": "hacer", "propuesta": found.pk}).status_code == 409
    lacking = enter(ana).post(url, {"acto": "proponer_reapertura", "motivo": "Lo ordena la sentencia."})
    assert lacking.status_code == 422 and 'id="acuerdo-error"' in lacking.text
    why = {"acto": "proponer_reapertura", "acuerdo": "SUP-RAP-1/2025", "motivo": "Lo ordena la sentencia."}
    enter(ana).post(url, why)
    again = CierrePropuesto.objects.latest("pk")
    assert enter(luis).post(url, {"acto": "rechazar", "propuesta": again.pk, "motivo": ""}).status_code == 422
    rejected = {"acto": "rechazar", "propuesta": again.pk, "motivo": "Ya no procede."}
    assert "Ya no procede." in enter(luis).post(url, rejected, follow=True).text
    enter(ana).post(url, why)
    assert "Etapa reabierta." in (
        enter(luis).post(url, {"acto": "hacer", "propuesta": CierrePropuesto.objects.latest("pk").pk}, follow=True).text
    )
    enter(ana).post(url, {"acto": "proponer_cierre"})
    mine = CierrePropuesto.objects.latest("pk")
    assert "Propuesta retirada." in enter(ana).post(url, {"acto": "retirar", "propuesta": mine.pk}, follow=True).text


def test_what_is_not_published_keeps_the_stage_open(people: Any, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    etapa, ana, luis = people
    url = reverse("administration:cierre", args=[etapa.pk])
    enter(ana).post(url, {"acto": "proponer_cierre"})
    found = CierrePropuesto.objects.get()
    row = SimpleNamespace(pk=1, numero="SIF/CG001/2025", dictamen=SimpleNamespace(sujeto=None))
    monkeypatch.setattr(selectors, "unpublished", lambda _etapa: [row])
    page = enter(luis).get(url).text
    assert "1 asunto pendiente: la etapa no puede cerrarse." in page and "Resolución aprobada sin publicar" in page
    refused = enter(luis).post(url, {"acto": "hacer", "propuesta": found.pk})
    assert refused.status_code == 422 and "sin publicar: SIF/CG001/2025" in refused.text
    assert closing_act(etapa) is None


def test_a_stranger_sees_and_closes_nothing(people: Any, enter: Enter) -> None:
    etapa, _ana, _luis = people
    url = reverse("administration:cierre", args=[etapa.pk])
    assert "/cuenta/login/" in Client().get(url)["Location"]
    rosa = create_usuario("rosa", "Rosa", None)
    appoint(rosa, Nombramiento.Rol.REVISOR)
    assert enter(rosa).get(url).status_code == 403
    assert enter(rosa).post(url, {"acto": "proponer_cierre"}).status_code == 403
    assert not CierrePropuesto.objects.exists()
