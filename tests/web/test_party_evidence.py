"""Evidence on the pages of a party: by pieces as tus says, seen without opening it, left without effect."""

import base64
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from books.test_uploads import PDF
from flat import flat
from sif.books.models import Carga, Evidencia, Poliza
from sif.books.services.file_store import almacen_of
from sif.registry.scope import everything

TYPE = "application/offset+octet-stream"


@pytest.fixture
def poliza(scene: Any) -> Poliza:
    return scene.post(scene.expense("1,500.25"))


def _said(poliza: Poliza, name: str = "muestra.pdf", clase: str = "muestra") -> str:
    pairs = {
        "filename": name,
        "clase": clase,
        "contabilidad": str(poliza.contabilidad_id),
        "asiento": str(poliza.eslabon),
    }
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


def _begin(client: Client, poliza: Poliza, size: int, **more: str) -> Any:
    return client.post(
        reverse("party:subidas"), headers={"Upload-Length": str(size), "Upload-Metadata": _said(poliza, **more)}
    )


def _pieces(poliza: Poliza) -> list[Evidencia]:
    with everything():
        return list(Evidencia.objects.filter(poliza=poliza))


def _patch(client: Client, place: str, at: int, data: bytes) -> Any:
    return client.patch(place, data, content_type=TYPE, headers={"Upload-Offset": str(at)})


def test_a_file_in_two_pieces_is_attached_and_drawn(scene: Any, enter: Any, poliza: Poliza) -> None:
    alicia = enter(scene.alicia)
    begun = _begin(alicia, poliza, len(PDF), name="ñandú.pdf")
    assert begun.status_code == 201
    place = begun["Location"]
    assert _patch(alicia, place, 0, PDF[:100])["Upload-Offset"] == "100"
    assert alicia.head(place)["Upload-Offset"] == "100"
    assert _patch(alicia, place, 50, PDF[50:]).status_code == 409
    assert _patch(alicia, place, 100, PDF[100:]).status_code == 204
    (piece,) = _pieces(poliza)
    assert piece.nombre == "ñandú.pdf"
    own = [poliza.contabilidad_id, piece.pk]
    panel = alicia.get(reverse("party:evidencias_panel", args=[own[0], poliza.eslabon])).text
    panel = flat(panel)
    assert "ñandú.pdf" in panel
    chip = panel[panel.index('<span id="evidencia-chip" hx-swap-oob="true">') :]
    assert "Evidencia incompleta" in chip if "falta " in panel or "faltan " in panel else "Evidencia completa" in chip
    assert "Página 1 de" in alicia.get(reverse("party:evidencia_ver", args=own)).text
    assert alicia.get(reverse("party:evidencia_png", args=[*own, 1])).content.startswith(b"\x89PNG")
    assert alicia.get(reverse("party:evidencia_png", args=[*own, 2])).status_code == 404
    assert alicia.get(reverse("party:evidencia", args=own)).content == PDF


@pytest.mark.parametrize("gone", [True, False])
def test_a_file_whose_bytes_are_lost_or_changed_is_told_and_healed_by_the_same_bytes(
    scene: Any, enter: Any, poliza: Poliza, settings: Any, gone: bool
) -> None:
    alicia = enter(scene.alicia)
    alicia.raise_request_exception = False
    _patch(alicia, _begin(alicia, poliza, len(PDF))["Location"], 0, PDF)
    (piece,) = _pieces(poliza)
    path = almacen_of(settings.ARCHIVOS or str(settings.DATOS / "archivos")).path_of(piece.archivo_id)
    path.chmod(0o600)
    path.unlink() if gone else path.write_bytes(b"otros bytes")
    own = [poliza.contabilidad_id, piece.pk]
    page = alicia.get(reverse("party:evidencia_ver", args=own))
    assert page.status_code == 200 and "El archivo no está íntegro." in page.text and "Dejar sin efecto" in page.text
    for name, args in (("party:evidencia", own), ("party:evidencia_png", [*own, 1])):
        answer = alicia.get(reverse(name, args=args))
        assert answer.status_code == 503 and piece.archivo_id[:16] in answer.text
        assert "otros bytes" not in answer.text and "sif restaurar" in answer.text
    _patch(alicia, _begin(alicia, poliza, len(PDF))["Location"], 0, PDF)
    assert alicia.get(reverse("party:evidencia", args=own)).content == PDF


def test_what_the_protocol_refuses_has_its_answer_and_writes_nothing(scene: Any, enter: Any, poliza: Poliza) -> None:
    alicia = enter(scene.alicia)
    place = _begin(alicia, poliza, len(PDF))["Location"]
    assert _patch(alicia, place, 0, PDF[:10]).status_code == 204
    longer = _patch(alicia, place, 10, PDF[10:] + b"x")
    assert (longer.status_code, longer.json()["codigo"]) == (413, "tamano")
    other = alicia.patch(place, PDF[10:], content_type="text/plain", headers={"Upload-Offset": "10"})
    assert other.status_code == 415
    old = alicia.patch(place, PDF[10:], content_type=TYPE, headers={"Upload-Offset": "10", "Tus-Resumable": "0.2.2"})
    assert (old.status_code, old["Tus-Version"]) == (412, "1.0.0")
    assert alicia.head(place)["Upload-Offset"] == "10" and not _pieces(poliza)
    assert _begin(alicia, poliza, 501 * 1024 * 1024).status_code == 413
    assert _patch(alicia, place, 10, PDF[10:]).status_code == 204


def test_a_renamed_program_is_told_to_the_script(scene: Any, enter: Any, poliza: Poliza) -> None:
    alicia, data = enter(scene.alicia), b"MZ" + bytes(60)
    answer = _patch(alicia, _begin(alicia, poliza, len(data))["Location"], 0, data)
    assert (answer.status_code, answer.json()["codigo"]) == (422, "ejecutable")
    assert not _pieces(poliza)
    assert _begin(alicia, poliza, 501 * 1024 * 1024).json()["codigo"] == "tamano"


@pytest.mark.parametrize("name", ['../../etc/passwd"; x="', "nota\r\nSet-Cookie: a=b.pdf", "C:\\datos\\nota.pdf"])
def test_a_hostile_name_is_a_label_of_one_line_and_no_path(
    scene: Any, enter: Any, poliza: Poliza, name: str, settings: Any
) -> None:
    alicia = enter(scene.alicia)
    _patch(alicia, _begin(alicia, poliza, len(PDF), name=name)["Location"], 0, PDF)
    (piece,) = _pieces(poliza)
    answer = alicia.get(reverse("party:evidencia", args=[poliza.contabilidad_id, piece.pk]))
    header = answer["Content-Disposition"]
    assert header.startswith("attachment; filename")
    assert header.isascii()
    assert header.count('"') in (0, 2)
    assert not set(unquote(header)) & set("\r\n\\/")
    assert "Set-Cookie" not in answer.headers
    assert not [path for path in settings.DATOS.rglob("*") if "passwd" in path.name or "nota" in path.name]


def test_a_name_with_a_mark_that_turns_the_reading_is_refused(scene: Any, enter: Any, poliza: Poliza) -> None:
    assert _begin(enter(scene.alicia), poliza, len(PDF), name="\u202efdp.exe").status_code == 400
    assert not _pieces(poliza)


def test_a_drawing_with_a_script_is_kept_and_never_drawn_here(scene: Any, enter: Any, poliza: Poliza) -> None:
    alicia = enter(scene.alicia)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
    answer = _patch(alicia, _begin(alicia, poliza, len(svg), name="plano.svg")["Location"], 0, svg)
    for piece in _pieces(poliza):
        own = [poliza.contabilidad_id, piece.pk]
        sent = alicia.get(reverse("party:evidencia", args=own))
        assert sent["Content-Disposition"].startswith("attachment")
        assert sent["X-Content-Type-Options"] == "nosniff"
        assert "unsafe-inline" not in sent["Content-Security-Policy"]
        assert "alert(" not in alicia.get(reverse("party:evidencia_ver", args=own)).text
    assert answer.status_code in (204, 422)


def test_a_truncated_upload_attaches_nothing_and_can_be_thrown_away(scene: Any, enter: Any, poliza: Poliza) -> None:
    alicia = enter(scene.alicia)
    place = _begin(alicia, poliza, len(PDF))["Location"]
    _patch(alicia, place, 0, PDF[:80])
    assert not _pieces(poliza)
    assert alicia.delete(place).status_code == 204
    with everything():
        assert not Carga.objects.exists()


def test_the_same_file_in_two_polizas_is_flagged_in_both(scene: Any, enter: Any, poliza: Poliza) -> None:
    alicia, other = enter(scene.alicia), scene.post(scene.expense("99.00"))
    for each in (poliza, other):
        _patch(alicia, _begin(alicia, each, len(PDF))["Location"], 0, PDF)
    for each in (poliza, other):
        page = alicia.get(reverse("party:poliza", args=[each.contabilidad_id, each.eslabon])).text
        assert "El mismo archivo está en" in page


def test_left_without_effect_it_stays_with_its_reason(scene: Any, enter: Any) -> None:
    poliza = scene.post(scene.expense("10.00"), evidence=b"a photograph")
    alicia, piece = enter(scene.alicia), _pieces(poliza)[0]
    address = reverse("party:evidencia_ver", args=[poliza.contabilidad_id, piece.pk])
    assert alicia.post(address, {"motivo": " "}).status_code == 422
    assert alicia.post(address, {"motivo": "Era de otra póliza"}).status_code == 302
    assert "Era de otra póliza" in alicia.get(address).text
    assert "a photograph" in alicia.get(address).text


def test_strangers_reach_no_page_file_or_upload(scene: Any, enter: Any) -> None:
    poliza = scene.post(scene.expense("10.00"), evidence=b"a photograph")
    own = [poliza.contabilidad_id, _pieces(poliza)[0].pk]
    pages = [
        reverse("party:evidencia", args=own),
        reverse("party:evidencia_ver", args=own),
        reverse("party:evidencia_png", args=[*own, 1]),
        reverse("party:evidencias_panel", args=[own[0], poliza.eslabon]),
    ]
    place = _begin(enter(scene.alicia), poliza, 10)["Location"]
    carla = enter(scene.carla)
    for page in pages:
        assert carla.get(page).status_code == 403
        assert enter(scene.dario).get(page).status_code == 403
        assert Client().get(page).status_code == 302
    assert carla.head(place).status_code == 404
    assert _begin(carla, poliza, 10).status_code == 403
    assert carla.post(pages[1], {"motivo": "x"}).status_code == 403


@pytest.mark.parametrize("more", [{"name": "a\0.pdf"}, {"clase": "o\0"}, {"books": "9" * 5_000}, {"size": "9" * 5_000}])
def test_metadata_that_is_no_text_and_numbers_without_end_are_refused(
    scene: Any, enter: Any, poliza: Poliza, more: dict[str, str]
) -> None:
    alicia, size = enter(scene.alicia), more.pop("size", "5")
    said = _said(poliza, **{name: text for name, text in more.items() if name != "books"})
    if "books" in more:
        said += f",contabilidad {base64.b64encode(more['books'].encode()).decode()}"
    answer = alicia.post(reverse("party:subidas"), headers={"Upload-Length": size, "Upload-Metadata": said})
    assert answer.status_code == 400


def test_the_name_of_a_file_may_be_a_long_number(scene: Any, enter: Any, poliza: Poliza) -> None:
    alicia, name = enter(scene.alicia), "1234567890" * 12 + ".pdf"
    _patch(alicia, _begin(alicia, poliza, len(PDF), name=name)["Location"], 0, PDF)
    address = reverse("party:adjuntar", args=[poliza.contabilidad_id, poliza.eslabon])
    page = alicia.post(address, {"clase": "muestra", "archivo": SimpleUploadedFile(f"2{name}", b"una fotografia")})
    assert page.status_code == 302
    assert {piece.nombre for piece in _pieces(poliza)} == {name, f"2{name}"}


def test_a_place_without_end_is_refused(scene: Any, enter: Any, poliza: Poliza) -> None:
    alicia = enter(scene.alicia)
    place = _begin(alicia, poliza, len(PDF))["Location"]
    answer = alicia.patch(place, PDF, content_type=TYPE, headers={"Upload-Offset": "9" * 5_000})
    assert (answer.status_code, alicia.head(place)["Upload-Offset"]) == (400, "0")
