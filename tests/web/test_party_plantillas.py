"""Templates and copies: a draft begins from what was written before, in the same books or in others."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sif.books.models import Borrador, Plantilla
from sif.registry.scope import everything


@pytest.fixture
def alicia(scene: Any, enter: Any) -> Client:
    return enter(scene.alicia)


@pytest.fixture
def posted(scene: Any) -> Any:
    return scene.post(scene.expense("318,413.07"))


def content(address: str) -> dict[str, Any]:
    with everything():
        return dict(Borrador.objects.get(pk=address.rstrip("/").split("/")[-1]).contenido)


def test_a_posted_one_is_copied_here_and_to_other_books(scene: Any, alicia: Client, posted: Any) -> None:
    address = reverse("party:copiar", args=[scene.libros.pk, posted.eslabon])
    copied = content(alicia.post(address)["Location"])
    assert copied["fecha"] == ""
    assert copied["concepto"] == "Volantes del arranque"
    assert [line["cargo"] for line in copied["lineas"]] == ["318,413.07", ""]
    assert copied["lineas"][0]["auxiliar"] == "IPR150312Q47 Impresos del Prado"
    gift = scene.post(scene.gift("500.00"))
    there = alicia.post(
        reverse("party:copiar", args=[scene.libros.pk, gift.eslabon]), {"contabilidad": str(scene.otros.pk)}
    )["Location"]
    assert f"/{scene.otros.pk}/" in there
    assert [line["auxiliar"] for line in content(there)["lineas"]] == ["", f"A{scene.donante.pk} Donante Uno"]


def test_a_copy_goes_only_where_one_captures(scene: Any, enter: Any, posted: Any) -> None:
    address = reverse("party:copiar", args=[scene.libros.pk, posted.eslabon])
    assert enter(scene.bruno).post(address, {"contabilidad": str(scene.otros.pk)}).status_code == 403
    assert enter(scene.alicia).post(address, {"contabilidad": str(scene.ajenos.pk)}).status_code == 403
    assert enter(scene.carla).post(address).status_code == 403
    with everything():
        assert not Borrador.objects.exists()


def test_a_template_is_kept_used_renamed_and_retired(scene: Any, alicia: Client, posted: Any) -> None:
    alicia.post(
        reverse("party:poliza_plantilla", args=[scene.libros.pk, posted.eslabon]), {"nombre": "Volantes de siempre"}
    )
    kept = Plantilla.objects.get()
    assert "Volantes de siempre" in alicia.get(reverse("party:plantillas")).text
    address = reverse("party:plantilla", args=[kept.pk])
    used = alicia.post(address, {"accion": "usar", "contabilidad": str(scene.otros.pk)})["Location"]
    assert content(used)["lineas"][1]["cuenta"] == "2-1-01-01-0000"
    refused = alicia.post(address, {"accion": "renombrar", "nombre": " "})
    assert refused.status_code == 422
    assert "El nombre lleva de 1 a 80 caracteres." in refused.text
    alicia.post(address, {"accion": "renombrar", "nombre": "Volantes"})
    assert Plantilla.objects.get().nombre == "Volantes"
    alicia.post(address, {"accion": "retirar"})
    assert "Todavía no hay plantillas" in alicia.get(reverse("party:plantillas")).text
    assert alicia.post(address, {"accion": "usar"}).status_code == 404


def test_a_draft_begins_from_a_template_and_keeps_its_day(scene: Any, alicia: Client, posted: Any) -> None:
    alicia.post(reverse("party:poliza_plantilla", args=[scene.libros.pk, posted.eslabon]), {"nombre": "Volantes"})
    draft = str(alicia.post(reverse("party:empezar", args=[scene.libros.pk]))["Location"])
    number = str(Plantilla.objects.get().pk)
    alicia.post(draft, {"accion": "plantilla", "plantilla": number, "fecha": "01/02/2026", "ventana": "7:normal"})
    assert (content(draft)["fecha"], content(draft)["ventana"]) == ("01/02/2026", "7:normal")
    assert content(draft)["lineas"][0]["cargo"] == "318,413.07"
    alicia.post(draft, {"accion": "plantilla", "plantilla": "9999999", "concepto": "Sigue"})
    assert content(draft)["concepto"] == "Sigue"


def test_a_draft_is_kept_as_a_template_once_by_name(scene: Any, alicia: Client) -> None:
    draft = str(alicia.post(reverse("party:empezar", args=[scene.libros.pk]))["Location"])
    asked = {"accion": "guardar_plantilla", "cuenta_1": "5-5-01-03-0000", "nombre_plantilla": "Mía"}
    assert alicia.post(draft, asked).status_code == 302
    refused = alicia.post(draft, asked)
    assert refused.status_code == 422
    assert "Ya hay una plantilla «Mía»." in refused.text


def test_a_stranger_sees_and_does_nothing(scene: Any, enter: Any, alicia: Client, posted: Any) -> None:
    address = reverse("party:poliza_plantilla", args=[scene.libros.pk, posted.eslabon])
    alicia.post(address, {"nombre": "Volantes"})
    carla = enter(scene.carla)
    assert carla.post(address, {"nombre": "Robada"}).status_code == 403
    assert "Volantes" not in carla.get(reverse("party:plantillas")).text.split("<main")[1]
    kept = reverse("party:plantilla", args=[Plantilla.objects.get().pk])
    assert carla.post(kept, {"accion": "retirar"}).status_code == 404
    for name in ("plantillas", "catalogo"):
        assert Client().get(reverse(f"party:{name}")).status_code == 302
        assert enter(scene.dario).get(reverse(f"party:{name}")).status_code == 403
