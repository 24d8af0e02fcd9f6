"""A notification has its cédula, is found by its words, and is exported as a bundle that verifies whole or not."""

import io
import json
import zipfile
from datetime import timedelta
from errno import ENOSPC
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from mailed import Office
from proceedings.world import World
from proceedings.world import at as at_hour
from sif.books.services import store_file
from sif.commands.main import main
from sif.disclosure.codes import document_of_code
from sif.filing.authority import AuthorityMissing, authority_key
from sif.filing.sealing import BadCertificate
from sif.notices.cedula import cedula_sheet, huella_of
from sif.notices.sheet import code_of, plain_text
from sif.proceedings.bundle import PDF
from sif.proceedings.cedulas import cedula_of, issued
from sif.registry import clock
from sif.registry.scope import everything
from sif.registry.services import appoint, create_usuario
from sif.signing.acuse_form import Unreadable
from sif.signing.bundle import verify_bundle, write_bundle
from sif.signing.hours import legal_hour
from sif.signing.pades import read_seal
from sif.signing.verdict import ALTERADO, VALIDO
from web.test_oficios_by_period import world
from web.test_party_reports import oficio

__all__ = ["oficio", "world"]


def at(name: str, oficio: Any) -> str:
    return reverse(f"party:{name}", args=[oficio.notificacion.pk])


def test_the_cedula_says_who_what_when_and_is_found_by_its_code(scene: Any, enter: Any, oficio: Any) -> None:
    note = oficio.notificacion
    alicia = enter(scene.alicia)
    given = alicia.get(at("cedula", oficio))
    assert given.content == alicia.get(at("cedula", oficio)).content
    with everything():
        said = plain_text(cedula_sheet(note, issued(note)))
        elena = oficio.emitido_por.nombre
    for words in (note.folio, note.acto, note.sujeto.nombre, "[RF 9.1.f, por confirmar]", "surtió efecto"):
        assert words in said
    assert "emitió el acto. Unidad Técnica de Fiscalización · Dirección de Auditoría" in said
    assert f"Notificó. {elena}" in said and "LGSMIME 30.1" not in said
    with everything():
        code = code_of(huella_of(note))
        assert given.content.startswith(cedula_of(note))
    found = document_of_code(note.folio, code)
    assert found is not None and (found.clase, found.fecha) == ("cedula", note.depositada_el)
    assert document_of_code(note.folio, "0000 0000 0000 0000") is None
    page = Client().get(reverse("public:codigo"), {"numero": note.folio, "codigo": code}).text
    assert f"Cédula de la notificación {note.folio}" in page and "Es auténtica" in page


def test_the_mailbox_is_searched_by_words_in_the_address(scene: Any, enter: Any, oficio: Any) -> None:
    note, alicia = oficio.notificacion, enter(scene.alicia)
    said = urlencode({"_buscar": "1", "q": note.folio})
    asked = alicia.post(reverse("party:buzon"), said, content_type="application/x-www-form-urlencoded")
    assert asked.status_code == 302 and "q=" in asked["Location"]
    assert at("notificacion", oficio) in alicia.get(asked["Location"]).text
    some = note.asunto.split()[0].upper()
    assert at("notificacion", oficio) in alicia.get(reverse("party:buzon"), {"q": some}).text
    siglas = oficio.sujeto.siglas
    assert siglas not in note.asunto + note.acto + oficio.sujeto.nombre
    assert at("notificacion", oficio) in alicia.get(reverse("party:buzon"), {"q": siglas}).text
    none = alicia.get(reverse("party:buzon"), {"q": "ballena"}).text
    assert "Quitar el filtro" in none
    told = alicia.get(reverse("party:buzon"), {"formato": "csv"}).content.decode("utf-8-sig")
    assert note.folio in told and siglas in told
    assert at("notificacion", oficio) not in none and "Ninguna notificación lleva esas palabras." in none
    assert at("notificacion", oficio) not in enter(scene.carla).get(reverse("party:buzon"), {"q": note.folio}).text


def test_a_bundle_verifies_whole_and_refuses_any_change(
    scene: Any, enter: Any, oficio: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note, alicia = oficio.notificacion, enter(scene.alicia)
    alicia.post(at("leer", oficio))
    with clock.at(note.depositada_el + timedelta(hours=1)):
        data = alicia.get(at("paquete", oficio)).content
        assert data == alicia.get(at("paquete", oficio)).content
        hour = legal_hour(clock.now())
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        files = {name: box.read(name) for name in box.namelist()}
    assert list(files) == ["manifiesto.json", "documento.pdf", "cedula.pdf", "documento.txt", "constancia.json"]
    told = json.loads(files["constancia.json"])
    assert [each["quien"] for each in told["lecturas"]] == [scene.alicia.nombre]
    assert told["emitido_el"] == hour
    keys = [authority_key().public_key()]
    verdict, said = verify_bundle(data, keys, read_seal)
    assert (verdict.veredicto, said) == (VALIDO, {"folio": note.folio, "emitido_el": hour})
    for place in {*range(0, len(data), max(1, len(data) // 150)), *range(40), *range(len(data) - 40, len(data))}:
        changed = bytearray(data)
        changed[place] ^= 1
        try:
            verdict, _folio = verify_bundle(bytes(changed), keys, read_seal)
        except Unreadable:
            continue
        assert verdict.veredicto == ALTERADO, place
    del files["manifiesto.json"]
    forged = write_bundle(
        note.folio, note.documento_sha256, hour, {**files, "documento.pdf": files["cedula.pdf"]}, authority_key()
    )
    assert verify_bundle(forged, keys, read_seal)[0].cambios == ["documento.pdf: no es el documento que se notificó"]
    (tmp_path / "n.zip").write_bytes(data)
    (tmp_path / "sello.cer").write_bytes(Client().get("/verificar/sello.cer").content)
    verify = ["acuse", "verificar", str(tmp_path / "n.zip")]
    assert main(verify) == 2 and "no se dio ninguno" in capsys.readouterr().err
    assert main([*verify, "--certificado", str(tmp_path / "sello.cer")]) == 0
    assert f"folio  {note.folio}" in capsys.readouterr().out
    (tmp_path / "n.zip").write_bytes(data.replace(b"lecturas", b"lecturaz"))
    assert main([*verify, "--certificado", str(tmp_path / "sello.cer")]) == 1
    assert "cambió  constancia.json: cambió" in capsys.readouterr().out


def test_another_person_of_the_subject_downloads_it_and_a_stranger_does_not(
    scene: Any, enter: Any, oficio: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with everything():
        other = create_usuario(f"otra{scene.etapa.pk}", "Otra persona del partido", "x")
        appoint(other, "consulta", oficio.sujeto)
    assert enter(other).get(at("paquete", oficio)).status_code == 200
    carla, bruno = enter(scene.carla), enter(scene.bruno)
    for name in ("cedula", "paquete"):
        assert carla.get(at(name, oficio)).status_code == 404
        assert Client().get(at(name, oficio)).status_code == 302
        assert enter(scene.alicia).post(at(name, oficio)).status_code == 405
    assert bruno.get(at("paquete", oficio)).status_code == 403

    def absent() -> None:
        raise AuthorityMissing("Se busca la llave")

    monkeypatch.setattr("sif.proceedings.bundle.authority_key", absent)
    told = enter(scene.alicia).get(at("paquete", oficio), follow=True)
    assert "El paquete no se puede sellar ahora." in told.text


def test_no_bundle_is_given_with_a_document_that_could_not_be_sealed(
    scene: Any, enter: Any, oficio: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unread(_key: object) -> None:
        raise BadCertificate("Ningún certificado es de la llave")

    monkeypatch.setattr("sif.filing.sealing.certificate_of", unread)
    told = enter(scene.alicia).get(at("paquete", oficio), follow=True)
    assert "El paquete no se puede sellar ahora." in told.text


def test_the_bundle_of_a_person_of_the_party_tells_the_alerts_that_the_authority_queued(
    scene: Any, enter: Any, office: Office, oficio: Any
) -> None:
    assert oficio.notificacion and not office.taken
    with zipfile.ZipFile(io.BytesIO(enter(scene.alicia).get(at("paquete", oficio)).content)) as box:
        told = json.loads(box.read("constancia.json"))
    assert {each["resultado"] for each in told["avisos"]} == {"sin_direccion"}


def test_what_is_no_bundle_is_told_apart() -> None:
    keys = [authority_key().public_key()]
    for name in ("otro.txt", "manifiesto.json"):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as box:
            box.writestr(name, "{}")
        with pytest.raises(Unreadable):
            verify_bundle(stream.getvalue(), keys, read_seal)
    with pytest.raises(Unreadable):
        verify_bundle(b"PK\x03\x04 y nada", keys, read_seal)


def of_its_stage(row: Any) -> str:
    return reverse("party:paquete_etapa", args=[row.sujeto_id, row.etapa_id])


def test_all_that_was_notified_in_a_stage_is_one_bundle(world: World, enter: Any) -> None:
    with everything():
        oficio = world.oficio()
        world.dictamen("atendida")
        world.resolucion()
    address, alicia = of_its_stage(oficio), enter(world.alicia)
    first = oficio.notificacion.folio
    with at_hour("2018-08-06 11:00"), zipfile.ZipFile(io.BytesIO(alicia.get(address).content)) as box:
        assert box.namelist() == ["manifiesto.json", f"{first}.zip"]
    with everything():
        world.voted(4, 1)
    with at_hour("2018-08-06 13:00"):
        page = alicia.get(reverse("party:buzon")).text
        assert address in page and "Descargar todo lo notificado de Campaña" in page
        given = alicia.get(address)
        alone = alicia.get(at("paquete", oficio)).content
        assert address not in enter(world.carla).get(reverse("party:buzon")).text
        assert enter(world.carla).get(address).status_code == 404
    assert given["Content-Disposition"].endswith('campana.zip"')
    with zipfile.ZipFile(io.BytesIO(given.content)) as box:
        assert len(box.namelist()) == 3 and box.read(f"{first}.zip") == alone
    verdict, said = verify_bundle(given.content, [authority_key().public_key()], read_seal)
    assert (verdict.veredicto, verdict.cambios) == (VALIDO, [])
    assert said["sujeto"] == oficio.sujeto.siglas and said["etapa"].endswith("/campana")


def test_who_sees_part_of_a_subject_or_nothing_does_not_download_its_stage(
    scene: Any, enter: Any, oficio: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, alicia, bruno = of_its_stage(oficio), enter(scene.alicia), enter(scene.bruno)
    part = bruno.get(address)
    assert part.status_code == 403 and "El paquete lleva los documentos enteros" in part.text
    assert address not in bruno.get(reverse("party:buzon")).text
    assert enter(scene.carla).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert alicia.post(address).status_code == 405
    assert alicia.get(reverse("party:paquete_etapa", args=[oficio.sujeto_id, 0])).status_code == 404
    assert alicia.get(address).status_code == 200

    def unread(_key: object) -> None:
        raise BadCertificate("Ningún certificado es de la llave")

    monkeypatch.setattr("sif.filing.sealing.certificate_of", unread)
    assert "El paquete no se puede sellar ahora." in alicia.get(address, follow=True).text
    monkeypatch.undo()
    monkeypatch.setattr("sif.proceedings.bundle.MOST_BYTES", 1000)
    told = alicia.get(address, follow=True).text
    assert "Lo notificado pasa de" in told and "Descargue cada notificación por separado." in told


def test_a_document_that_is_no_pdf_is_told_as_such(
    scene: Any, enter: Any, oficio: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with everything():
        text = store_file(b"Se notifica este texto.\n")
    assert text.tipo != PDF
    monkeypatch.setattr("sif.proceedings.bundle.file_of", lambda _digest: text)
    alicia, folio = enter(scene.alicia), oficio.notificacion.folio
    for address in (at("paquete", oficio), of_its_stage(oficio)):
        told = alicia.get(address, follow=True).text
        assert f"El documento de {folio} no es un PDF" in told and "no se puede sellar" not in told


def test_a_full_disk_says_so_and_a_document_that_is_not_kept_too(
    scene: Any, enter: Any, oficio: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    alicia, folio = enter(scene.alicia), oficio.notificacion.folio
    alicia.raise_request_exception = False

    def full(_digest: str) -> bytes:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr("sif.proceedings.bundle.read_file", full)
    assert alicia.get(of_its_stage(oficio)).status_code == 503
    monkeypatch.setattr("sif.proceedings.bundle.file_of", lambda _digest: None)
    assert f"El documento de {folio} no está en el archivo." in alicia.get(of_its_stage(oficio), follow=True).text
    assert alicia.get(at("paquete", oficio)).status_code == 404
