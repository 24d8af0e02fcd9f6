"""verificar.html, opened from a disk, says what the command says of every altered acuse, and asks no network."""

import base64
import random
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.browser import assert_axe_clean, assert_fits, chromium, look, open_context, shoot, watch
from sif.commands.main import main
from sif.notices.documents import render_pdf
from sif.signing.acuse import acuse_bytes
from sif.signing.bundle import write_bundle
from sif.signing.chain import sha256_hex
from sif.signing.pades import own_certificate, seal_pdf
from sif.web.public import servicio
from signing.altered import PLACE, Case, altered_cases, judged, written
from signing.conftest import FILES, Log, Officer, alicia, demo_authority, log, mint, pool

__all__ = ["alicia", "chromium", "demo_authority", "log", "mint", "pool"]
pytestmark = pytest.mark.browser

SHEET = {
    **dict.fromkeys(("organo", "titulo", "numero", "asunto", "lugar_fecha"), ""),
    **{key: [] for key in ("recuadro", "destinatario", "secciones")},
    "titulo": "Una prueba",
    "proyecto": False,
}
_ASK = """async (cases) => {
  const bytes = (text) => text === null ? null : Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const answers = [];
  for (const [data, raices, raiz] of cases) {
    try {
      const found = await judgeAcuse(bytes(data), bytes(raices), raiz, null);
      const es = (lines) => lines.map((line) => line[0]);
      answers.push({veredicto: found.verdict[0], cambios: es(found.changes), sin_comprobar: es(found.pending)});
    } catch (error) {
      answers.push({veredicto: error.words ? "ILEGIBLE" : String(error.stack), cambios: [], sin_comprobar: []});
    }
  }
  return answers;
}"""


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory, log: Log) -> Path:
    """A folder with the page as it is downloaded, an acuse, the published roots and the files that were filed."""
    folder = tmp_path_factory.mktemp("usb")
    (folder / "verificar.html").write_bytes(servicio.VERIFIER.read_bytes())
    (folder / "acuse.json").write_bytes(acuse_bytes(log.acuses[PLACE]))
    (folder / "raices.json").write_bytes(written(log.raices))
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def page(chromium: Browser, disk: Path) -> Iterator[Page]:
    """The page opened from the disk; whatever it asks for beyond itself fails the test."""
    context = open_context(chromium)
    seen, asked = watch(context), []
    seen.page.on("request", lambda request: asked.append(request.url))
    address = (disk / "verificar.html").as_uri()
    seen.page.goto(address)
    yield seen.page
    assert asked == [address]
    seen.assert_quiet()
    context.close()


def _ask(page: Page, cases: list[Case]) -> list[dict[str, Any]]:
    def coded(data: bytes | None) -> str | None:
        return None if data is None else base64.b64encode(data).decode()

    answers: list[dict[str, Any]] = page.evaluate(_ASK, [[coded(c.data), coded(c.raices), c.raiz] for c in cases])
    return answers


def test_it_says_of_every_altered_acuse_what_the_command_says(
    page: Page, log: Log, alicia: Officer, pool: list[Any]
) -> None:
    cases = list(altered_cases(log, alicia, pool[1]))
    found = {case.name: answer for case, answer in zip(cases, _ask(page, cases), strict=True)}
    assert found == {case.name: judged(case) for case in cases}
    assert {answer["veredicto"] for answer in found.values()} == {
        "VÁLIDO",
        "ALTERADO",
        "ÍNTEGRO, FALTA COMPARAR LA RAÍZ",
        "ILEGIBLE",
    }
    assert [name for name, answer in found.items() if answer["veredicto"] == "VÁLIDO"] == [
        "intacto con raíces",
        "intacto con la raíz de un periódico",
        "raíces con tramos",
        "dos firmas con sus raíces",
    ]


def test_it_says_of_flipped_bytes_what_the_command_says(page: Page, log: Log) -> None:
    data, roots, drawn = acuse_bytes(log.acuses[PLACE]), written(log.raices), random.Random(9162)  # noqa: S311
    cases = []
    for _ in range(250):
        place, bit = drawn.randrange(len(data)), 1 << drawn.randrange(8)
        flipped = data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]
        cases.append(Case(f"byte {place} ^ {bit}", flipped, roots if drawn.randrange(2) else None))
    answers = _ask(page, cases)
    assert {c.name: a for c, a in zip(cases, answers, strict=True)} == {c.name: judged(c) for c in cases}
    assert {answer["veredicto"] for answer in answers} == {"ALTERADO", "ILEGIBLE"}


def test_a_person_checks_an_acuse(page: Page, disk: Path) -> None:
    look(page, "verificar-vacia")
    page.get_by_role("button", name="Comprobar").click()
    expect(page.get_by_role("alert")).to_contain_text("Elija el acuse: falta acuse.json.")
    page.get_by_label("El acuse (acuse.json)").set_input_files(disk / "acuse.json")
    page.get_by_role("button", name="Comprobar").click()
    expect(page.get_by_role("heading", name="ÍNTEGRO, FALTA COMPARAR LA RAÍZ")).to_be_focused()
    look(page, "verificar-sin-raiz")
    page.get_by_label("Las raíces publicadas (raices.json)").set_input_files(disk / "raices.json")
    page.get_by_label("Los archivos presentados").set_input_files([disk / name for name in FILES])
    page.get_by_role("button", name="Comprobar").click()
    expect(page.get_by_role("heading", name="VÁLIDO")).to_be_focused()
    expect(page.get_by_text("Qué falta comprobar")).to_have_count(0)
    expect(page.get_by_text("$150,000.00 · $149,999.99")).to_be_visible()
    look(page, "verificar-valido")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Comprobar")).to_be_hidden()
    expect(page.get_by_text("Comprobado el")).to_be_visible()
    shoot(page, "verificar-valido-papel")


def test_it_names_what_changed_and_the_file_that_is_not_the_one_received(
    page: Page, disk: Path, tmp_path: Path
) -> None:
    altered = (disk / "acuse.json").read_text(encoding="utf-8").replace('"egresos": 14999999', '"egresos": 14999998')
    (tmp_path / "acuse.json").write_text(altered, encoding="utf-8")
    (tmp_path / "Relación Ñ.xlsx").write_bytes(b"uno\ntres")
    page.get_by_label("El acuse (acuse.json)").set_input_files(tmp_path / "acuse.json")
    page.get_by_label("Los archivos presentados").set_input_files(tmp_path / "Relación Ñ.xlsx")
    page.get_by_role("button", name="Comprobar").click()
    expect(page.get_by_role("heading", name="ALTERADO")).to_be_focused()
    words = page.get_by_role("list").first
    expect(words).to_contain_text("informe.egresos: lo firmado dice 14999999 centavos y aquí dice 14999998 centavos")
    expect(words).to_contain_text("archivo «Relación Ñ.xlsx»: no es el que se recibió")
    expect(page.get_by_text("archivo «estado de cuenta.pdf»: no está entre los que eligió")).to_be_visible()
    page.emulate_media(color_scheme="dark")
    look(page, "verificar-alterado-oscuro")


def test_the_root_of_a_gazette_is_typed_with_its_spaces_by_keyboard_alone_and_in_english(
    page: Page, disk: Path, log: Log
) -> None:
    page.get_by_label("El acuse (acuse.json)").set_input_files(disk / "acuse.json")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="English")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label("Or the root printed in an official gazette").focus()
    page.keyboard.type(log.head.raiz[:63])
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("what is typed is 63")
    expect(page.get_by_label("Or the root printed")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type(" ".join(log.head.raiz[at : at + 4].upper() for at in range(0, 64, 4)))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="VALID", exact=True)).to_be_focused()
    assert_axe_clean(page)
    assert_fits(page)


def test_of_a_sealed_pdf_and_of_a_bundle_it_prints_the_command_that_verifies_them(
    page: Page, disk: Path, log: Log, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pdf = render_pdf("registro", {**SHEET, "firma": []})
    given = seal_pdf(pdf, log.authority, own_certificate(log.authority, "Una autoridad"), "Una prueba", None)
    folio, hour = "NOT-2026-000001", "2026-06-15T12:00:00-06:00"
    bundle = write_bundle(folio, sha256_hex(pdf), hour, {"documento.pdf": given}, log.authority)
    monkeypatch.chdir(disk)
    for name, data in (("oficio.pdf", given), (f"{folio}.zip", bundle), ("Acuse de \"Ñ\" y 'otro'.pdf", given)):
        (disk / name).write_bytes(data)
        page.get_by_label("El acuse (acuse.json)").set_input_files(disk / name)
        page.get_by_role("button", name="Comprobar").click()
        told = page.get_by_role("alert")
        expect(told).to_contain_text("El archivo es un")
        expect(told.locator("code")).to_contain_text(name.split("'")[0])
        program, *command = shlex.split(told.locator("code").inner_text())
        assert program == "sif" and main(command) == 0 and "VÁLIDO" in capsys.readouterr().out
        (disk / name).write_bytes(data[:-60] + bytes([data[-60] ^ 1]) + data[-59:])
        assert main(command) != 0
        capsys.readouterr()
    assert_axe_clean(page)
    assert_fits(page)
