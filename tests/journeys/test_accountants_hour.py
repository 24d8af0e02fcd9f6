"""An accountant's hour: forty mixed operations captured by keyboard alone, then the books agree to the centavo."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Keyboard, Locator, Page, expect

from journeys.browser import chromium, open_context, watch
from journeys.shared import enter, shared_site
from sif.books.models import Borrador, Poliza
from sif.books.selectors import balanza, verify_chain
from sif.registry.scope import everything
from sif.values import Money

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser
BANK, GIFT, PAYABLE = "1-1-02-00-0000", "4-2-02-01-0000", "2-1-01-01-0000"
SPENT = {"volantes": "5-5-01-03-0000", "playeras": "5-5-02-01-0000", "gorras": "5-5-02-02-0000"}


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Iterator[Any]:
    from scene import make_scene

    settings.DATOS = tmp_path
    yield make_scene(tmp_path)


@dataclass
class Accountant:
    """Somebody who never touches the mouse, and who adds by hand what the books should say."""

    page: Page
    done: int = 0
    debits: Counter[str] = field(default_factory=Counter)
    credits: Counter[str] = field(default_factory=Counter)

    @property
    def keys(self) -> Keyboard:
        return self.page.keyboard

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys.press(key)

    def sees(self, shown: Locator) -> None:
        """Wait for what the next page shows and for its keys, which a script that runs last gives it."""
        shown.wait_for()
        self.page.wait_for_load_state("domcontentloaded")

    def expects(self, account: str, debit: int = 0, credit: int = 0) -> None:
        self.debits[account] += debit
        self.credits[account] += credit

    def subtype(self, letters: str) -> None:
        """From the concept back to the subtype, and forth again."""
        self.press("Shift+Tab", "Shift+Tab", "Shift+Tab")
        self.keys.type(letters)
        self.press("Enter", "Enter", "Enter")
        expect(self.page.locator("#id_concepto")).to_be_focused()

    def line(self, account: str, auxiliary: str, debit: str = "", credit: str = "") -> None:
        """Account by code or words, auxiliary by words, and the amount on its side; it ends at the next line."""
        self.keys.type(account)
        self.press("Enter")
        self.keys.type(auxiliary)
        self.press("Enter", "Enter")
        if debit:
            self.keys.type(debit)
        else:
            self.press("Enter")
            self.keys.type(credit)
        self.press("Enter")

    def register(self, *, go_on: bool = True) -> None:
        before = self.page.url
        expect(self.page.locator("#diferencia-dice")).to_have_text("cuadra")
        self.press("Control+Shift+Enter" if go_on else "Control+Enter")
        self.page.wait_for_url(lambda url: url.split("#")[0] != before.split("#")[0], wait_until="domcontentloaded")
        expect(self.page.locator("main .notice").first).to_contain_text("registrada a las")
        self.done += 1


def contribution(who: Accountant, centavos: int) -> None:
    who.keys.type(f"Aportación {who.done + 1}")
    who.press("Enter")
    who.line("bancos", "0021800", debit=str(Money(centavos)))
    who.line("aportaciones de simpatizantes en efectivo", "donante", credit="=")
    who.register()
    who.expects(BANK, debit=centavos)
    who.expects(GIFT, credit=centavos)


def purchase(who: Accountant, what: str, centavos: int) -> None:
    who.keys.type(f"Compra de {what}")
    who.press("Enter")
    who.line(what, "prado", debit=str(Money(centavos)))
    who.line("21010100 00", "prado", credit="=")
    who.register()
    who.expects(SPENT[what], debit=centavos)
    who.expects(PAYABLE, credit=centavos)


def payment(who: Accountant, centavos: int) -> None:
    who.keys.type("Pago a proveedor")
    who.press("Enter")
    who.line("proveedores por pagar", "impresos", debit=str(Money(centavos)))
    who.line("bancos", "banco", credit="=")
    who.register()
    who.expects(PAYABLE, debit=centavos)
    who.expects(BANK, credit=centavos)


def shared_purchase(who: Accountant, parts: list[int]) -> None:
    """Several lines of one supplier: each is the duplicate of the one above with its amount typed over."""
    who.keys.type("Volantes en varias entregas")
    who.press("Enter")
    who.line("volantes", "prado", debit=str(Money(parts[0])))
    for part in parts[1:]:
        who.press("Shift+Tab", "Shift+Tab", "Control+d")
        expect(who.page.locator("[id^='id_cargo_']:focus")).to_have_count(1)
        who.keys.type(str(Money(part)))
        who.press("Enter")
    who.line(PAYABLE, "prado", credit="=")
    who.register()
    who.expects(SPENT["volantes"], debit=sum(parts))
    who.expects(PAYABLE, credit=sum(parts))


def mistaken(who: Accountant, centavos: int) -> None:
    """Typed wrong, refused, mended where the page says, registered."""
    who.keys.type("Gorras con un error")
    who.press("Enter")
    who.line("gorras", "prado", debit=str(Money(centavos)))
    who.line(PAYABLE, "prado", credit="1.00")
    who.press("Control+Enter")
    expect(who.page.locator(".error-summary")).to_contain_text("Falta un abono de")
    who.press("Tab")
    while not who.page.locator("#id_abono_2:focus").count():
        who.press("Tab")
    who.press("=")
    who.register()
    who.expects(SPENT["gorras"], debit=centavos)
    who.expects(PAYABLE, credit=centavos)


def from_template(who: Accountant, centavos: int, *, go_on: bool = True) -> None:
    """F9 brings the lines of a template; only concept and amounts are typed."""
    who.press("F9")
    who.keys.type("Gasolina")
    who.press("Enter")
    expect(who.page.locator("#id_cuenta_1")).to_have_value(SPENT["playeras"])
    while not who.page.locator("#id_cargo_1:focus").count():
        who.press("Tab")
    who.keys.type(str(Money(centavos)))
    while not who.page.locator("#id_abono_2:focus").count():
        who.press("Tab")
    who.press("=")
    who.register(go_on=go_on)
    who.expects(SPENT["playeras"], debit=centavos)
    who.expects(PAYABLE, credit=centavos)


def copied(who: Accountant, scene: Any, centavos: int) -> None:
    """The last póliza of the list, opened and copied with its key; a new day and it is registered."""
    who.press("g", "p")
    who.sees(who.page.locator("table[data-rows]"))
    who.press("j")
    expect(who.page.locator("table[data-rows] a:focus")).to_have_count(1)
    who.press("Enter")
    who.sees(who.page.get_by_role("heading", name="Póliza PN1"))
    who.press("c")
    expect(who.page.locator("#id_fecha")).to_be_focused()
    who.keys.type(f"{scene.periodos[0].hasta:%d/%m/%Y}")
    who.register(go_on=False)
    who.expects(SPENT["playeras"], debit=centavos)
    who.expects(PAYABLE, credit=centavos)


def corrected(who: Accountant, wrong: int, right: int) -> None:
    """From the póliza on screen: why, the right amounts, and both are posted."""
    who.press("r")
    who.page.locator("#id_motivo").wait_for()
    while not who.page.locator("#id_motivo:focus").count():
        who.press("Tab")
    who.keys.type("El importe era otro.")
    while not who.page.locator("button[value='sustituir']:focus").count():
        who.press("Tab")
    who.press("Enter")
    expect(who.page.locator("#id_cuenta_1")).to_be_focused()
    for box, text in (("cargo_1", str(Money(right))), ("abono_2", "=")):
        while not who.page.locator(f"#id_{box}:focus").count():
            who.press("Tab")
        who.keys.type(text)
    who.register(go_on=False)
    who.expects(SPENT["playeras"], debit=right - wrong)
    who.expects(PAYABLE, credit=right - wrong)


def test_forty_operations_by_keyboard_alone(
    chromium: Browser, shared_site: str, scene: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from sif.books.services import save_plantilla

    line = {"auxiliar": "prado", "concepto": "", "cargo": "", "abono": ""}
    content = {"concepto": "Gasolina", "lineas": [{**line, "cuenta": SPENT["playeras"]}, {**line, "cuenta": PAYABLE}]}
    with everything():
        save_plantilla(scene.partido, "Gasolina", content, scene.alicia)
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page, who = seen.page, Accountant(seen.page)
    page.goto(f"{shared_site}/partido/captura/?contabilidad={scene.libros.pk}")
    clicks = "window.clicks = 0; addEventListener('mousedown', () => { window.clicks += 1; })"
    page.add_init_script(clicks)
    begun = time.monotonic()
    while not page.locator("button:focus", has_text="Escribir póliza").count():
        who.press("Tab")
    who.press("Enter")
    expect(page.locator("#id_fecha")).to_be_focused()
    who.keys.type(f"{scene.periodos[0].hasta:%d/%m/%Y}")
    who.press("Enter")
    who.subtype("Ing")
    for number in range(11):
        contribution(who, 1_000_001 + number * 7_333)
    who.subtype("Dia")
    for number in range(14):
        purchase(who, list(SPENT)[number % 3], 123_457 + number * 10_101)
    shared_purchase(who, [10_050, 20_049, 30_001])
    mistaken(who, 77_777)
    who.subtype("Egr")
    for number in range(9):
        payment(who, 50_003 + number * 999)
    from_template(who, 45_678)
    from_template(who, 98_701, go_on=False)
    copied(who, scene, 98_701)
    corrected(who, 98_701, 89_710)
    took = time.monotonic() - begun
    with capsys.disabled():
        print(f"\n{who.done} operaciones en {took:.1f} s, {took / who.done:.2f} s cada una")
    assert who.done == 40
    assert page.evaluate("window.clicks") == 0
    reconcile(who, scene)
    assert [error for error in seen.errors if "422" not in error] == []
    assert seen.strangers == []
    context.close()


def reconcile(who: Accountant, scene: Any) -> None:
    """What was added by hand, the trial balance and the chain say the same, to the centavo."""
    with everything():
        rows = {row.cuenta: (row.cargos.centavos, row.abonos.centavos) for row in balanza(scene.libros.pk)}
        assert rows == {code: (who.debits[code], who.credits[code]) for code in {*who.debits, *who.credits}}
        assert sum(debit for debit, _ in rows.values()) == sum(credit for _, credit in rows.values())
        assert Poliza.objects.filter(revierte_a__isnull=True).count() == 40
        assert Poliza.objects.filter(revierte_a__isnull=False).count() == 1
        assert verify_chain(scene.libros.pk) is None
        assert not [row for row in Borrador.objects.all() if any(line["cuenta"] for line in row.contenido["lineas"])]
