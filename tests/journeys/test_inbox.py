"""The inbox in a real browser: a ZIP of everything is dropped, each file is answered, and what is right is posted."""

import base64
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.browser import assert_axe_clean, assert_fits, chromium, open_context, shoot, watch
from journeys.shared import enter, shared_site
from sif.books import tasks
from sif.registry.scope import everything

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser
FOLIO = "7C1E90B4-3F0A-4D52-9B17-{:012X}"
SOUND = 24
PAYABLE = "2-1-01-01-0000"
EMPTY = {"Todos": "0", "Listos": "0", "Con aviso": "0", "Rechazados": "0", "Ya en póliza": "0", "Apartados": "0"}
DROP = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name));
  document.getElementById("soltar").dispatchEvent(new DragEvent("drop", {dataTransfer: carried, bubbles: true}));
}"""


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Iterator[Any]:
    from scene import make_scene

    settings.DATOS = tmp_path
    yield make_scene(tmp_path)


def everything_in_a_folder(scene: Any) -> dict[str, bytes]:
    """Files as a supplier's folder has them: two dozen sound invoices, odd ones, and what is no invoice at all."""
    from sif.cfdi.write import Contribuyente, Linea
    from sif.values import Money

    files = {f"buena-{n}.xml": scene.invoice(FOLIO.format(n), f"{n},000.00") for n in range(1, SOUND + 1)}
    whole = files["buena-1.xml"]
    accented = Contribuyente("IPR150312Q47", "Impresos Año Nuevo")
    files |= {
        "con-bom.xml": b"\xef\xbb\xbf" + scene.invoice(FOLIO.format(100), "1,100.00"),
        "latin-1.xml": _in_latin(scene.invoice(FOLIO.format(101), "1,101.00", emisor=accented), "ISO-8859-1"),
        "dice-utf-8.xml": _in_latin(scene.invoice(FOLIO.format(102), "1,102.00", emisor=accented), "UTF-8"),
        "sin-cuenta.xml": scene.invoice(
            FOLIO.format(103), lineas=(Linea("Asesoría jurídica", 1000, Money(110_300), "80121600", iva_pb=0),)
        ),
        "sin-complemento.xml": scene.invoice(FOLIO.format(104), "1,104.00", ine=None),
        "de-otra.xml": scene.invoice(FOLIO.format(105), "1,105.00", books=scene.otros.pk),
        "alterada.xml": scene.invoice(FOLIO.format(106), "1,106.00").replace(b"tiro de 10", b"tiro de 90"),
        "recibo.xml": b"%PDF-1.7 no es un XML",
        "bomba.xml": b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
        "cortada.xml": whole[: len(whole) // 2],
        "vacia.xml": b"",
        "programa.xml": b"MZ" + bytes(300),
    }
    return files


def _in_latin(xml: bytes, said: str) -> bytes:
    """The same invoice in bytes of latin-1, whatever encoding it says to be in."""
    return xml.decode().replace("UTF-8", said, 1).encode("latin-1")


NO_INVOICE = {
    "recibo.xml": "El archivo es un PDF",
    "bomba.xml": "DOCTYPE",
    "cortada.xml": "incompleto o mal formado",
    "vacia.xml": "El archivo está vacío",
    "programa.xml": "un programa de Windows",
}


def packed(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def drop(page: Page, name: str, data: bytes) -> None:
    """Drop a file on the inbox, as with the mouse, and wait for the answer."""
    with page.expect_navigation():
        page.evaluate(DROP, [name, base64.b64encode(data).decode()])


def look(page: Page, name: str) -> None:
    """Photograph and check what is open, wide and narrow."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        shoot(page, f"bandeja-{name}-{width}")
        assert_fits(page)
    assert_axe_clean(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def tab(page: Page, words: str) -> Any:
    return page.get_by_role("navigation", name="Vistas").get_by_role("link", name=words)


def panel(page: Page, title: str) -> Any:
    return page.locator("section", has=page.get_by_role("heading", name=title, exact=True))


def counted(page: Page) -> dict[str, str]:
    """How many each view has."""
    return {name: tab(page, name).inner_text().removeprefix(name).strip() for name in EMPTY}


def test_a_zip_of_everything_is_answered_file_by_file_and_what_is_right_is_posted(
    chromium: Browser, shared_site: str, scene: Any
) -> None:
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page, address = seen.page, f"{shared_site}/partido/cfdi/"
    files = everything_in_a_folder(scene)
    page.goto(address)
    expect(page.get_by_text("No hay comprobantes en esta vista.")).to_be_visible()
    drop(page, "abril.zip", packed(files))
    answers = panel(page, "Lo que se acaba de recibir").locator("li")
    for name, words in NO_INVOICE.items():
        expect(answers.filter(has_text=f"abril.zip/{name}")).to_contain_text(words)
    expect(answers.filter(has_text="No entró a la bandeja")).to_have_count(len(NO_INVOICE))
    expect(answers.filter(has_text="dice-utf-8.xml")).to_contain_text("se leyó como Windows-1252")
    expect(page.get_by_text(f"{len(files)} comprobantes leídos")).to_be_visible()
    ready = SOUND + 3  # the odd encodings; of one more, nobody can tell the account
    held = {"Todos": str(ready + 4), "Listos": str(ready), "Con aviso": "1", "Rechazados": "3"}
    assert counted(page) == {**EMPTY, **held}
    look(page, "recibida")

    _look_at_one(page)
    _nothing_is_posted_while_one_is_asked_for(page, scene)
    _accept_the_rest(page, address, ready)
    _set_aside_and_bring_back(page)
    _settle(page, scene)

    before = counted(page)
    assert before == {**EMPTY, "Todos": "3", "Rechazados": "3", "Ya en póliza": str(ready + 2)}
    page.goto(address)
    drop(page, "abril.zip", packed(files))  # the same again changes nothing
    expect(page.get_by_text(f"{len(files)} comprobantes leídos")).to_be_visible()
    assert counted(page) == before
    again = answers.filter(has_text="abril.zip/buena-1.xml")
    expect(again).to_contain_text("Ya estaba en la bandeja desde el")
    expect(again.get_by_role("link", name="PN1")).to_be_visible()
    look(page, "recibida-otra-vez")
    assert [each for each in seen.errors if "422" not in each] == []
    assert seen.strangers == []
    context.close()


def test_what_is_much_is_received_and_posted_by_jobs_that_lead_to_what_came_of_it(
    chromium: Browser, shared_site: str, scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "MOST_BYTES", 1_000)
    monkeypatch.setattr(tasks, "MOST_POSTED", 1)
    monkeypatch.setattr(tasks, "TOLD", 2)
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    page = watch(context).page
    files = everything_in_a_folder(scene)
    del files["sin-cuenta.xml"]  # all would be refused with it
    page.goto(f"{shared_site}/partido/cfdi/")
    drop(page, "abril.zip", packed(files))
    expect(page).to_have_url(re.compile(r"/partido/cfdi/\?recibido=\d+$"))
    answers = panel(page, "Lo que se acaba de recibir")
    expect(answers.get_by_text(f"{len(files)} comprobantes leídos")).to_be_visible()
    expect(answers.locator("li").filter(has_text="No entró a la bandeja")).to_have_count(2)
    expect(answers.get_by_text("más con algo que ver. Los que entraron están en la vista.")).to_be_visible()
    look(page, "recibida-por-un-trabajo")
    page.get_by_label("Todos los listos de esta vista").check()
    page.get_by_role("button", name="Registrar sus pólizas").click()
    expect(page.get_by_text("pólizas registradas.")).to_be_visible()
    assert counted(page)["Ya en póliza"] == str(SOUND + 3)
    look(page, "registrada-por-un-trabajo")


def _look_at_one(page: Page) -> None:
    """Narrowed to those that fail one check, one is opened: its seven checks, each with what to do."""
    page.get_by_label("No pasa la comprobación").select_option("complemento")
    page.get_by_role("button", name="Filtrar").click()
    expect(page.get_by_text("Suma de 2 comprobantes")).to_be_visible()
    page.locator("#lista tbody tr", has_text="nombra la contabilidad").get_by_role("link").first.click()
    checks = panel(page, "Comprobaciones").locator("tbody tr")
    expect(checks).to_have_count(7)
    expect(checks.filter(has_text="Complemento INE")).to_contain_text("No pasa")
    expect(checks.filter(has_text="Complemento INE")).to_contain_text("Regístrelo en la que nombra")
    expect(checks.filter(has_text="Sello")).to_contain_text("Pasa")
    look(page, "ficha")
    page.get_by_role("link", name="Bandeja de CFDI").click()


def _nothing_is_posted_while_one_is_asked_for(page: Page, scene: Any) -> None:
    """All at once is refused for one without account; its draft is completed and registered."""
    from sif.books.models import Poliza

    tab(page, "Con aviso").click()
    page.locator("#lista tbody tr", has_text="1,103.00").get_by_role("checkbox").check()
    page.get_by_role("button", name="Registrar sus pólizas").click()
    expect(page.get_by_role("alert")).to_contain_text("No se propone cuenta para «Asesoría jurídica»")
    with everything():
        assert not Poliza.objects.filter(contabilidad=scene.libros).exists()
    look(page, "negada")
    page.locator("#lista tbody tr", has_text="1,103.00").get_by_role("button").click()
    page.locator("#captura").wait_for()
    page.wait_for_load_state()  # keys are heard once the scripts of the page have run
    page.locator("#id_cuenta_1").fill("5-5-01-03-0000")
    page.locator("#id_cuenta_1").press("Tab")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Póliza PN1/DR-1").wait_for()


def _accept_the_rest(page: Page, address: str, count: int) -> None:
    page.goto(f"{address}?vista=listos")
    page.get_by_label("Todos los listos de esta vista").check()
    page.get_by_role("button", name="Registrar sus pólizas").click()
    expect(page.get_by_text(f"{count} pólizas registradas.")).to_be_visible()
    tab(page, "Rechazados").click()
    expect(page.locator("#lista tbody tr")).to_have_count(3)
    expect(page.locator("#lista tbody")).to_contain_text("El CFDI no trae complemento INE.")
    expect(page.locator("#lista tbody")).to_contain_text("El sello no corresponde al contenido")
    look(page, "rechazados")


def _set_aside_and_bring_back(page: Page) -> None:
    """A refused one is not posted with others; it is set aside with its reason, and comes back."""
    row = page.locator("#lista tbody tr", has_text="1,105.00")
    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="Registrar sus pólizas").click()
    expect(page.get_by_role("alert")).to_contain_text("El complemento nombra la contabilidad")
    row.get_by_role("checkbox").check()
    page.get_by_label("Motivo").fill("Es de la otra candidatura")
    page.get_by_role("button", name="Apartar los marcados").click()
    expect(page.get_by_text("1 comprobante apartado.")).to_be_visible()
    tab(page, "Apartados").click()
    expect(row).to_contain_text("Es de la otra candidatura")
    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="Devolver a la bandeja").click()
    expect(page.get_by_text("1 comprobante devuelto.")).to_be_visible()


def _settle(page: Page, scene: Any) -> None:
    """A complement of payment of two of the invoices; what is owed is less by what it pays."""
    from sif.books.selectors import saldo_de
    from sif.cfdi.document import DocumentoPagado, PagoCfdi
    from sif.cfdi.write import payment_of
    from sif.values import Money

    day = scene.periodos[0].hasta
    sums = (100_000, 200_000)  # the first two sound invoices
    paid = PagoCfdi(
        day,
        "03",
        "MXN",
        Money(sum(sums)),
        tuple(
            DocumentoPagado(FOLIO.format(n), 1, Money(each), Money(each), Money(0)) for n, each in enumerate(sums, 1)
        ),
    )
    with everything():
        owed = saldo_de(scene.libros.pk, PAYABLE, day)
    drop(page, "pago.xml", scene.invoice(FOLIO.format(200), make=lambda base: payment_of(base, [paid])))
    expect(page.get_by_text("Todos entraron a la bandeja.")).to_be_visible()
    row = page.locator("#lista tbody tr", has_text="Paga facturas")
    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="Registrar sus pólizas").click()
    expect(page.get_by_text("1 póliza registrada.")).to_be_visible()
    with everything():
        assert owed - saldo_de(scene.libros.pk, PAYABLE, day) == Money(sum(sums))
