"""Pages of oficios, answers and dictámenes ask the database the same however much was observed, and of however many."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sif.audit.models import Observacion
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
    before, few = asked(client, page)
    observe(first, review.world.partido, 50)
    after, many = asked(client, page)
    assert after == before
    assert "Suma de 2 observaciones" in few and "Suma de 52 observaciones" in many
    assert "1 a 50 de 52" in many and "51 a 52 de 52" in client.get(page, {"pagina": 2}).text


@pytest.mark.parametrize("name", ["oficios", "dictamenes", "respuestas"])
def test_a_list_of_subjects_asks_as_much_of_many(review: Scene, enter: Enter, name: str) -> None:
    first, client, page = review.adopted("EV001"), enter(review.world.dario), reverse(f"auditor:{name}")
    review.notified()
    before, _text = asked(client, page)
    for n in range(51):
        with everything():
            new = register_sujeto("partido", f"9{n}", f"Z{n}", f"Partido Zeta {n}", f"PZE140101A{n:02d}")
            open_contabilidad(review.world.etapa, new, Contabilidad.Clase.CONCENTRADORA)
        observe(first, new, 1)
    after, text = asked(client, page)
    assert after == before
    if name != "respuestas":
        assert "1 a 50 de" in text
