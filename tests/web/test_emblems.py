"""An emblem is registered by who administers, and shown to whom it concerns: never the file, always its drawing."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from sif.books.emblems import MOST_BYTES
from sif.registry.emblems import emblem_on
from sif.registry.models import EmblemaSujeto, Nombramiento, Usuario
from sif.registry.services import appoint, create_usuario
from sif.registry.spoken_names import named
from web.admin_scene import address

pytestmark = pytest.mark.django_db
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def drawn(kind: str = "PNG", size: tuple[int, int] = (900, 300), mode: str = "RGBA") -> bytes:
    """A picture that sees through, but for a red square in its corner."""
    picture = Image.new(mode, size, (0, 0, 0, 0) if mode == "RGBA" else "blue")
    picture.paste((255, 0, 0, 255)[: len(picture.getbands())], (0, 0, 60, 60))
    stream = io.BytesIO()
    picture.save(stream, kind)
    return stream.getvalue()


def typed(data: bytes, name: str = "emblema.png", **changes: object) -> dict[str, object]:
    return {"archivo": SimpleUploadedFile(name, data), "acuerdo": "INE/CG5/2026", "desde": "10/01/2026", **changes}


@pytest.fixture
def ana(db: None) -> Usuario:
    """Who administers."""
    made = create_usuario("ana.administra", "Ana", None)
    appoint(made, Nombramiento.Rol.ADMINISTRADOR)
    return made


def test_it_is_registered_drawn_anew_and_shown_on_the_sheet(scene: Any, ana: Usuario, enter: Any) -> None:
    party, client = scene.partido, enter(ana)
    assert "No consta su emblema." in client.get(address("sujeto", party.pk)).text
    url = address("emblema_nuevo", party.pk)
    assert "2 MB o menos" in client.get(url).text
    assert client.post(url, typed(drawn()))["Location"] == address("sujeto", party.pk)
    made = EmblemaSujeto.objects.get()
    sheet = client.get(address("sujeto", party.pk)).text
    assert f'alt="Emblema {named(party.nombre, "de")}"' in sheet and "Rige desde el 10/01/2026" in sheet
    assert address("emblema", made.pk) in sheet and "INE/CG5/2026." in sheet and "emblema.png" in sheet
    sent = client.get(address("emblema", made.pk))
    assert sent["Content-Type"] == "image/png"
    figure = Image.open(io.BytesIO(sent.content))
    assert (figure.format, figure.mode, figure.size) == ("PNG", "RGB", (512, 171))
    assert figure.getpixel((10, 10)) == (255, 0, 0) and figure.getpixel((400, 100)) == (255, 255, 255)
    client.post(url, typed(drawn("JPEG", mode="RGB"), "nuevo.jpg", desde="01/02/2026"))
    assert emblem_on(party, date(2026, 1, 31)) == made
    assert "Desde el 10/01/2026; ya no rige" in client.get(address("sujeto", party.pk)).text


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (SVG, "emblema.png", "puede llevar programas"),
        (b"GIF89a" + b"0" * 40, "emblema.gif", "No es un PNG ni un JPEG"),
        (drawn()[:200], "cortado.png", "dañado"),
        (drawn(size=(63, 900)), "angosto.png", "Mide 63 × 900 puntos"),
        (drawn(size=(5000, 4000), mode="RGB"), "enorme.png", "Mide 5,000 × 4,000 puntos"),
        (drawn() + b"0" * MOST_BYTES, "pesado.png", "Pesa más de 2 MB"),
        (b"", "vacio.png", "vacío"),
    ],
)
def test_a_wrong_file_is_told_at_its_field_and_nothing_enters(
    scene: Any, ana: Usuario, enter: Any, data: bytes, name: str, told: str
) -> None:
    answer = enter(ana).post(address("emblema_nuevo", scene.partido.pk), typed(data, name))
    assert answer.status_code == 422
    assert told in " ".join(answer.context["form"].errors["archivo"])
    assert not EmblemaSujeto.objects.exists()


def test_each_field_that_is_missing_is_told(scene: Any, ana: Usuario, enter: Any) -> None:
    url = address("emblema_nuevo", scene.partido.pk)
    answer = enter(ana).post(url, {"acuerdo": "", "desde": "31/02/2026"})
    assert set(answer.context["form"].errors) == {"acuerdo", "archivo", "desde"}
    answer = enter(ana).post(url, typed(drawn(), acuerdo=""))
    assert set(answer.context["form"].errors) == {"acuerdo"}
    assert enter(ana).get(address("emblema_nuevo", 999_999)).status_code == 404


def test_its_people_see_it_on_their_desk_and_no_other_party_does(scene: Any, ana: Usuario, enter: Any) -> None:
    home, alicia = reverse("party:home"), enter(scene.alicia)
    assert 'alt="Emblema' not in alicia.get(home).text
    enter(ana).post(address("emblema_nuevo", scene.partido.pk), typed(drawn()))
    url = reverse("party:emblema", args=[EmblemaSujeto.objects.get().pk])
    page = alicia.get(home).text
    assert f'alt="Emblema {named(scene.partido.nombre, "de")}"' in page and url in page
    assert alicia.get(url)["Content-Type"] == "image/png"
    assert alicia.post(url).status_code == 405
    assert enter(scene.carla).get(url).status_code == 404
    assert 'alt="Emblema' not in enter(scene.carla).get(home).text


def test_a_stranger_neither_registers_nor_sees_it_at_the_authority(scene: Any, ana: Usuario, enter: Any) -> None:
    enter(ana).post(address("emblema_nuevo", scene.partido.pk), typed(drawn()))
    new, seen = address("emblema_nuevo", scene.partido.pk), address("emblema", EmblemaSujeto.objects.get().pk)
    for person in (scene.alicia, scene.dario):
        assert enter(person).get(seen).status_code == enter(person).get(new).status_code == 403
        assert enter(person).post(new, typed(drawn("JPEG", mode="RGB"))).status_code == 403
    for url in (new, seen):
        assert "/cuenta/login/" in Client().get(url)["Location"]
    assert EmblemaSujeto.objects.count() == 1
