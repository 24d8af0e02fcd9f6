"""Each kind of sealed document prints on its pages a code that the public address finds, and its seal verifies."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from disclosure.acts import published
from disclosure.test_codes import codes_of
from proceedings.conftest import world
from proceedings.world import World
from sif.commands.main import main
from sif.disclosure.codes import document_of_code
from sif.duties.selectors import obligations_of
from sif.filing.authority import authority_key
from sif.filing.campaign_sheets import deposit_matter
from sif.filing.models import Deposito
from sif.filing.sealing import sealed
from sif.notices.documents import render_pdf
from sif.proceedings.oficio_sheet import oficio_part_data
from sif.proceedings.parts import ObservedPart, OficioPart
from sif.registry import clock
from sif.registry.scope import everything
from sif.signing.pades import read_seal
from sif.signing.sealed_verdict import verify_sealed_pdf
from sif.signing.verdict import VALIDO
from sif.web.authority_seat import document_response
from sif.web.public.words import kind_words
from web.test_party_campaign import a_contract
from web.test_party_reports import oficio

__all__ = ["oficio", "world"]
PAPER = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"
WEB = Path(__file__).resolve().parents[2] / "src" / "sif" / "web"
Made = tuple[str, bytes]


def _report(scene: Any, alicia: Client) -> list[int | str]:
    scene.post(scene.expense("1,500.25"))
    place = [scene.libros.pk, "IC", 1]
    alicia.post(reverse("party:generar", args=place))
    alicia.post(reverse("party:firmar_aqui", args=[*place, 1]))
    return [*place, 1]


def _acuse(scene: Any, alicia: Client) -> Made:
    place = _report(scene, alicia)
    return f"IC-{place[0]}-P1-V1", alicia.get(reverse("party:acuse", args=place), {"formato": "pdf"}).content


def _informe(scene: Any, alicia: Client) -> Made:
    place = _report(scene, alicia)
    return f"IC-{place[0]}-P1-V1", alicia.get(reverse("party:informe_pdf", args=place)).content


def _deposito(scene: Any, alicia: Client) -> Made:
    with everything():
        rows = obligations_of([scene.partido.pk], clock.today())
    duty = max((row for row in rows if row.tipo == "RMA" and row.abre_el <= clock.today()), key=lambda row: row.abre_el)
    file = SimpleUploadedFile("relacion.pdf", PAPER, "application/pdf")
    alicia.post(reverse("party:obligacion", args=[duty.clave, scene.partido.siglas]), {"archivo": file})
    with everything():
        made = Deposito.objects.get()
    return made.folio, alicia.get(reverse("party:deposito_acuse", args=[made.pk])).content


def _aviso(scene: Any, alicia: Client) -> Made:
    from sif.books.models import AvisoContratacion

    alicia.post(f"{a_contract(scene, alicia)}avisar/", {"condiciones": "Pago contra entrega"})
    with everything():
        made = AvisoContratacion.objects.get()
    return made.folio, alicia.get(reverse("party:aviso_acuse", args=[scene.libros.pk, made.pk])).content


def _constancia(_scene: Any, alicia: Client) -> Made:
    given = alicia.get(reverse("party:constancia"), {"formato": "pdf"})
    found = re.search(r"CF-[0-9A-F]{12}", given["Content-Disposition"])
    assert found is not None
    return found[0], given.content


OF_A_PARTY: dict[str, Callable[[Any, Client], Made]] = {
    "acuse": _acuse,
    "informe": _informe,
    "deposito": _deposito,
    "aviso": _aviso,
    "constancia": _constancia,
}
CALLS = {
    "authority_seat.py": "actos",
    "deposits.py": "deposito",
    "auditor/medir/informes.py": "acuse",
    "party/campana/avisos.py": "aviso",
    "party/hoy/buzon.py": "notificado, cedula",
    "party/hoy/constancia.py": "constancia",
    "party/informes/firma.py": "acuse",
    "party/informes/report_list.py": "informe",
    "party/papers.py": "notificado, parte",
    "public/documentos.py": "actos",
}
"""Each page that gives a sealed document, and which of the kinds walked here it gives."""


def _judge(numero: str, pdf: bytes) -> Any:
    """Hold that a document as it was given is found by the code of each of its pages, and that its seal verifies."""
    (code,) = set(codes_of(pdf))
    found = document_of_code(numero, code)
    assert found is not None, (numero, code)
    page = Client(headers={"accept-language": "es-MX"}).get("/verificar/codigo/", {"numero": numero, "codigo": code})
    assert (page.status_code, numero in page.text) == (200, True)
    assert escape(kind_words(found)) in page.text and (found.clase == "constancia" or escape(found.de) in page.text)
    if found.huella:
        assert found.huella in re.sub(r"<[^>]*>|\s", "", page.text)
    other = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert document_of_code(numero, other) is None
    verdict, _sealed = verify_sealed_pdf(pdf, [authority_key().public_key()], read_seal)
    assert verdict.veredicto == VALIDO
    changed = pdf.replace(b"%PDF-1.", b"%PDF-2.", 1)
    assert verify_sealed_pdf(changed, [authority_key().public_key()], read_seal)[0].veredicto != VALIDO
    return found


@pytest.mark.parametrize("kind", OF_A_PARTY)
def test_what_a_party_takes_is_found_by_its_code_and_its_seal_verifies(scene: Any, enter: Any, kind: str) -> None:
    found = _judge(*OF_A_PARTY[kind](scene, enter(scene.alicia)))
    assert (found.clase, found.estado) == (kind, "vigente")


def test_what_is_notified_is_found_by_its_code_and_its_seal_verifies(scene: Any, enter: Any, oficio: Any) -> None:
    alicia, note = enter(scene.alicia), oficio.notificacion
    whole = alicia.get(reverse("party:documento", args=[note.pk])).content
    assert _judge(oficio.documento.clave, whole).clase == "acto"
    with everything():
        observed = [ObservedPart(row, tuple(row.hallazgos.all()), True) for row in oficio.observaciones.all()]
        part = render_pdf("oficio", oficio_part_data(OficioPart(oficio, tuple(observed[:1]), False)))
    assert _judge(oficio.numero, sealed(part)).pdf_sha256 == oficio.documento.pdf_sha256
    cedula = alicia.get(reverse("party:cedula", args=[note.pk])).content
    assert _judge(note.folio, cedula).clase == "cedula"


def test_the_acts_of_the_authority_are_found_by_their_codes_and_their_seals_verify(world: World) -> None:
    world.observacion([world.hallazgo("100,000.00", "TP001")], criterio="rebase_tope")
    oficio, dictamen, draft = world.oficio(), world.dictamen(), world.resolucion()
    voted = world.voted(4, 1)
    for row in (oficio.documento, dictamen.documento, draft.documento, voted.documento):
        given = document_response(row, "pdf").content
        assert _judge(row.clave.removesuffix("/proyecto"), given).clase == "acto"


def test_a_constancia_is_known_by_its_folio_and_another_folio_is_not(scene: Any, enter: Any) -> None:
    folio, pdf = _constancia(scene, enter(scene.alicia))
    (code,) = set(codes_of(pdf))
    assert document_of_code(folio.lower(), code) is None
    assert document_of_code(f"CF-{'0' * 12}", code) is None
    assert document_of_code(f"{folio}0", code) is None


def _asked(numero: str, pdf: bytes, language: str = "es-MX") -> str:
    """The page of a code, without the marks that break its words."""
    (code,) = set(codes_of(pdf))
    visitor = Client(headers={"accept-language": language})
    page = visitor.get("/verificar/codigo/", {"numero": numero, "codigo": code})
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", page.text).split())


def test_a_deposit_says_for_what_of_whom_and_which_later_one_replaced_it(scene: Any, enter: Any) -> None:
    alicia = enter(scene.alicia)
    folio, pdf = _deposito(scene, alicia)
    said = _asked(folio, pdf)
    with everything():
        first = Deposito.objects.get()
    assert "entregó para probar que cumplió una obligación" in said and scene.partido.nombre in said
    assert deposit_matter(first)[1] in said and "Sustituido por" not in said
    file = SimpleUploadedFile("corregida.pdf", PAPER + b"% otra", "application/pdf")
    clave = f"RMA-{scene.partido.numero}-{first.hasta.year}-{first.hasta.month}"
    alicia.post(reverse("party:obligacion", args=[clave, scene.partido.siglas]), {"archivo": file})
    with everything():
        later = Deposito.objects.exclude(pk=first.pk).get()
    said = _asked(folio, pdf)
    assert f"lo sustituye el depósito {later.folio}" in said and f"Sustituido por {later.folio}" in said
    assert "la página de la obligación" in said
    english = _asked(folio, pdf, "en")
    assert f"Replaced by {later.folio}" in english and "delivered to prove that it met a duty" in english


def test_a_project_says_what_was_voted_and_where_it_is(world: World) -> None:
    world.observacion([world.hallazgo("100,000.00", "TP001")], criterio="rebase_tope")
    world.oficio(), world.dictamen()
    draft = world.resolucion().documento
    pdf = document_response(draft, "pdf").content
    numero = draft.clave.removesuffix("/proyecto")
    assert "Sustituido por" not in _asked(numero, pdf)
    voted = world.voted(4, 1)
    said = _asked(numero, pdf)
    assert f"Sustituido por {voted.documento.clave}" in said and "Aquí aún no se publica" in said
    assert world.partido.nombre in said
    published(world)
    assert "Aquí aún no se publica" not in _asked(numero, pdf)
    with everything():
        found = document_of_code(numero, next(iter(codes_of(pdf))))
    assert found is not None and found.por_clave == voted.documento.clave
    address = reverse("public:documento", args=[found.por_clave])
    page = Client().get("/verificar/codigo/", {"numero": numero, "codigo": next(iter(codes_of(pdf)))})
    assert f'href="{address}"' in page.text and Client().get(address).content.startswith(b"%PDF-")


def test_the_command_verifies_what_is_given(scene: Any, enter: Any, tmp_path: Path) -> None:
    _folio, pdf = _deposito(scene, enter(scene.alicia))
    (tmp_path / "acuse.pdf").write_bytes(pdf)
    (tmp_path / "sello.cer").write_bytes(Client().get("/verificar/sello.cer").content)
    verify = ["acuse", "verificar", str(tmp_path / "acuse.pdf"), "--certificado", str(tmp_path / "sello.cer")]
    assert main(verify) == 0
    (tmp_path / "acuse.pdf").write_bytes(pdf.replace(b"%PDF-1.", b"%PDF-2.", 1))
    assert main(verify) == 1


def test_no_page_gives_a_sealed_document_that_is_not_walked_here() -> None:
    calls = re.compile(r"(?<!def )\b(?:sealed_pdf|with_seal|document_response)\(")
    found = {str(path.relative_to(WEB)) for path in WEB.rglob("*.py") if calls.search(path.read_text(encoding="utf-8"))}
    through = {"auditor", "council"}  # those that give an act by `document_response`
    assert {each for each in found if each in CALLS or each.split("/")[0] not in through} == set(CALLS)
    for each in found - set(CALLS):
        assert "document_response(" in (WEB / each).read_text(encoding="utf-8"), each
