"""Pages of oficios, answers and dictámenes ask the database the same however much was observed, and of however many."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proceedings.world import at
from runs import find
from sif.audit import review as bench
from sif.audit.models import Hallazgo, Observacion
from sif.proceedings import services
from sif.proceedings.proposing import propose_oficio
from sif.registry.models import Contabilidad, SujetoObligado
from sif.registry.scope import acting, everything
from sif.registry.services import open_contabilidad, register_sujeto
from web.audit_scene import Scene, audited, review

__all__ = ["audited", "review"]
Enter = Callable[[Any], Client]


def observe(first: Observacion, subject: SujetoObligado, many: int) -> None:
    """Adopt as many more as one was, of a subject."""
    found = list(first.hallazgos.all())
    for _n in range(many):
        with everything(), acting():
            last = Observacion.objects.order_by("-identidad")[0].identidad
            fields = {each.attname: getattr(first, each.attname) for each in first._meta.concrete_fields}
            fields |= {"id": None, "identidad": last + 1, "numero": last + 1, "sujeto_id": subject.pk}
            made = Observacion.objects.create(**fields)
            made.hallazgos.set(found)


def asked(client: Client, page: str) -> tuple[int, str]:
    client.get(page)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(page)
    assert answer.status_code == 200
    return len(seen), answer.text


def test_an_oficio_to_issue_asks_as_much_of_many_observaciones(review: Scene, enter: Enter) -> None:
    first, client = review.adopted("EV001"), enter(review.world.dario)
    page = reverse("auditor:emitir", args=[review.world.partido.pk])
    observe(first, review.world.partido, 1)
    with everything():
        propose_oficio(review.world.etapa, review.world.partido, review.world.elena)
    before, few = asked(client, page)
    observe(first, review.world.partido, 50)
    after, many = asked(client, page)
    assert after == before
    assert "Suma de 2 observaciones" in few and "Suma de 52 observaciones" in many
    assert "1 a 50 de 52" in many and "51 a 52 de 52" in client.get(page, {"pagina": 2}).text


@pytest.mark.parametrize("name", ["oficios", "dictamenes", "respuestas", "home", "avance", "riesgo"])
def test_a_list_of_subjects_asks_as_much_of_many(review: Scene, enter: Enter, name: str) -> None:
    first, client, page = review.adopted("EV001"), enter(review.world.dario), reverse(f"auditor:{name}")
    review.notified()
    row = first.hallazgos.all()[0]
    before, _text = asked(client, page)
    for n in range(51):
        with everything():
            new = register_sujeto("partido", f"9{n}", f"Z{n}", f"Partido Zeta {n}", f"PZE140101A{n:02d}")
            found_in(row, open_contabilidad(review.world.etapa, new, Contabilidad.Clase.CONCENTRADORA))
        observe(first, new, 1)
    after, text = asked(client, page)
    assert after == before
    if name == "avance":
        assert text.count("Partido Zeta") >= 50
    elif name != "respuestas":
        assert "1 a 50 de" in text


def subjects(review: Scene, first: Observacion, many: int) -> list[SujetoObligado]:
    """Register so many subjects with books in the stage, each observed once."""
    found = []
    for n in range(many):
        with everything():
            new = register_sujeto("partido", f"8{n}", f"Y{n}", f"Partido Ye {n}", f"PYE140101A{n:02d}")
            open_contabilidad(review.world.etapa, new, Contabilidad.Clase.CONCENTRADORA)
        observe(first, new, 1)
        found.append(new)
    return found


def found_in(row: Hallazgo, books: Contabilidad) -> Hallazgo:
    """Find what one is in other books too."""
    kept = {each.attname: getattr(row, each.attname) for each in Hallazgo._meta.concrete_fields if not each.primary_key}
    return find(**{**kept, "contabilidad_id": books.pk, "clave": f"libros-{books.pk}"})


def found_again(row: Hallazgo, many: int, name: str = "otro") -> list[Hallazgo]:
    """Find as many more as one is, of other matters."""
    kept = {each.attname: getattr(row, each.attname) for each in Hallazgo._meta.concrete_fields if not each.primary_key}
    with everything():
        return [find(**{**kept, "clave": f"{name}-{n}", "monto": row.monto + n}) for n in range(many)]


@pytest.mark.parametrize("query", ["", "decision=todas", "asignado=yo", "decision=propuesto", "monto=1"])
def test_the_queue_asks_as_much_of_many_hallazgos(
    review: Scene, enter: Enter, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    client, by = enter(review.world.dario), review.world.dario
    page, counted = f"{reverse('auditor:hallazgos')}?{query}", []
    with everything():
        more = found_again(review.pending("EV001")[0], 60)
        bench.assign(more, by, review.world.elena)
        if query == "decision=propuesto":
            bench.propose(more, "adoptar", "", by)
    for size in (1, 50):
        monkeypatch.setattr("sif.web.auditor.queue.SIZE", size)
        counted.append(asked(client, page))
    (before, few), (after, many) = counted
    assert many.count("<tr") == few.count("<tr") + 49
    assert after == before


@pytest.mark.parametrize("name", ["observaciones", "observacion", "hallazgo"])
def test_what_was_observed_asks_as_much_of_many(review: Scene, enter: Enter, name: str) -> None:
    first, client = review.adopted("EV001"), enter(review.world.dario)
    row = first.hallazgos.all()[0]
    args = {"observaciones": [], "observacion": [first.pk], "hallazgo": [row.pk]}[name]
    page = reverse(f"auditor:{name}", args=args)
    observe(first, review.world.partido, 1)
    with everything(), acting():
        first.hallazgos.add(*found_again(row, 1))
    before, _few = asked(client, page)
    observe(first, review.world.partido, 50)
    with everything(), acting():
        first.hallazgos.add(*found_again(row, 50, "nuevo"))
    after, _many = asked(client, page)
    assert after == before


def test_an_oficio_and_its_dictamen_ask_as_much_of_many_observaciones(review: Scene, enter: Enter) -> None:
    first, client = review.adopted("EV001"), enter(review.world.elena)
    (other,) = subjects(review, first, 1)
    observe(first, review.world.partido, 1)
    observe(first, other, 50)
    pages: list[list[str]] = []
    for subject in (review.world.partido, other):
        with everything(), at("2024-06-11 12:00"):
            propose_oficio(review.world.etapa, subject, review.world.dario)
            oficio = services.issue_oficio(review.world.etapa, subject, review.world.elena)
        with everything(), at("2024-06-25 12:00"):
            dictamen = services.open_dictamen(review.world.etapa, subject, review.world.elena)
        pages.append([reverse("auditor:oficio", args=[oficio.pk]), reverse("auditor:dictamen", args=[dictamen.pk])])
    for few, many in zip(*pages, strict=True):
        before, after = asked(client, few), asked(client, many)
        assert after[1].count("<tr") >= before[1].count("<tr") + 20
        assert after[0] == before[0], many


@pytest.mark.parametrize("name", ["home", "dictamenes", "resoluciones", "calendario"])
def test_the_council_asks_as_much_of_many_subjects(review: Scene, enter: Enter, name: str) -> None:
    first, client, page = review.adopted("EV001"), enter(review.sofia), reverse(f"council:{name}")
    subjects(review, first, 1)
    review.notified()
    review.opened()
    before, _few = asked(client, page)
    for n in range(50):
        with everything():
            new = register_sujeto("partido", f"7{n}", f"W{n}", f"Partido Uve {n}", f"PUV140101A{n:02d}")
            open_contabilidad(review.world.etapa, new, Contabilidad.Clase.CONCENTRADORA)
        observe(first, new, 1)
        with everything(), at("2024-06-11 12:00"):
            propose_oficio(review.world.etapa, new, review.world.dario)
            services.issue_oficio(review.world.etapa, new, review.world.elena)
    after, _many = asked(client, page)
    assert after == before
