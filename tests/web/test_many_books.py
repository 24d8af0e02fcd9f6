"""Pages that offer books ask the database the same however many books the person keeps."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scene import make_books
from sif.registry.models import Cargo
from sif.registry.scope import everything

OFFER = ("cfdi", "lotes", "lotes_sat", "captura", "aportacion_nueva")


def asked(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(page).status_code == 200
    return len(seen)


@pytest.mark.parametrize("name", OFFER)
def test_more_books_are_no_more_questions(scene: Any, enter: Any, name: str) -> None:
    client, page = enter(scene.alicia), reverse(f"party:{name}")
    asked(client, page)
    before = asked(client, page)
    with everything():
        for n in range(4):
            make_books(
                scene.etapa, scene.partido, Cargo.objects.get(clave="DL"), f"{scene.etapa.pk}-muchos-{n}", f"Otra {n}"
            )
    assert asked(client, page) == before
