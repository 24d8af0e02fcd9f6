"""An installation driven in Chromium: invitation, second factors, passkeys, sessions, limits, a póliza, idleness."""

import base64
import hmac
import re
import struct
import sys
import time
from pathlib import Path

import ensayo_poliza
from playwright.sync_api import Browser, BrowserContext, Page, Response

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from journeys.browser import FLAGS, WIDTHS, assert_axe_clean, assert_fits

__all__ = ["FLAGS", "PASSWORD", "walk", "walk_entry", "walk_poliza"]
PASSWORD = "cuatro palabras que nadie publica"  # noqa: S105  of people who exist for a minute
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
HEADERS = {
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'",
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
"""What every page of a person must say, each by the beginning or a part of its value."""


def code_of(secret: str, at: float) -> str:
    """Return the code of a secret of TOTP at a second (RFC 6238: SHA-1, 30 s, six figures)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(at) // 30), "sha1").digest()
    start = mac[-1] & 15
    return f"{(int.from_bytes(mac[start : start + 4]) & 0x7FFFFFFF) % 10**6:06d}"


class Door:
    """A person at the door, in one browser: every page is photographed at both widths and looked at by axe."""

    def __init__(self, browser: Browser, site: str, shots: Path) -> None:
        self.site, self.shots, self.codes = site, shots, set[str]()
        self.context: BrowserContext = browser.new_context(viewport=WIDTHS["1280"], locale="es-MX")
        self.context.set_default_timeout(8000)
        self.page: Page = self.context.new_page()
        self.page.on("response", self._note)
        self.failures: list[str] = []

    def _note(self, response: Response) -> None:
        if response.status >= 500:
            self.failures.append(f"{response.status} {response.url}")

    def see(self, name: str) -> None:
        """Photograph the page at both widths, and let axe and the width of a phone judge it."""
        for width, size in WIDTHS.items():
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self.page.screenshot(path=self.shots / f"{name}-{width}.png", full_page=True)
            assert_fits(self.page)
            assert_axe_clean(self.page)
        self.page.set_viewport_size(WIDTHS["1280"])  # type: ignore[arg-type]
        print(f"  {name}: {self.page.title()}", flush=True)

    def open(self, path: str) -> None:
        """Open an address of the site."""
        self.page.goto(path if path.startswith("https://") else self.site + path)

    def press(self, words: str) -> None:
        """Press the button with those words."""
        self.page.get_by_role("button", name=words, exact=True).last.click()

    def code(self, secret: str) -> str:
        """Return a code that was not used yet: each one serves once."""
        while (fresh := code_of(secret, time.time())) in self.codes:
            time.sleep(0.5)
        self.codes.add(fresh)
        return fresh

    def enter(self, user: str, password: str = PASSWORD) -> None:
        """Write user and password on the page of entry."""
        self.open("/cuenta/login/")
        self.page.get_by_label("Usuario").fill(user)
        self.page.get_by_label("Contraseña", exact=True).fill(password)
        self.press("Entrar")

    def leave(self) -> None:
        """Close the session from the menu of the person."""
        self.page.locator("details.person summary").click()
        self.press("Cerrar sesión")
        self.page.wait_for_load_state()


def walk(browser: Browser, site: str, links: list[str], folder: Path) -> None:
    """Walk the door from the links of two administrators; raises at the first thing that is not as it must be."""
    shots = folder / "imagenes"
    shots.mkdir(exist_ok=True)
    door = Door(browser, site, shots)
    _accept(door, links[0])
    secret = _add_codes(door)
    _add_passkey(door)
    second = Door(browser, site, shots)
    _join(second, links[1], "ines.vela")
    invited = _invite(door, second)
    _enter_by_passkey(door)
    _enter_by_code(door, secret)
    other = Door(browser, site, shots)
    _sessions(door, other, secret)
    _headers(door, "/cuenta/personas/")
    stranger = Door(browser, site, shots)
    _accepted_by_a_capturista(stranger, invited)
    _too_many_passwords(Door(browser, site, shots), stranger)
    _idle(door)
    failures = [each for walked in (door, second, other, stranger) for each in walked.failures]
    assert not failures, failures


def walk_poliza(browser: Browser, site: str, folder: Path) -> None:
    """Post a póliza as a person of a party; raises as `walk`."""
    accountant = Door(browser, site, folder / "imagenes")
    ensayo_poliza.post_poliza(accountant)
    assert not accountant.failures, accountant.failures


def walk_entry(browser: Browser, site: str, folder: Path) -> None:
    """Enter and leave by another proxy, and look at what it lets through; raises as `walk`."""
    door = Door(browser, site, folder / "imagenes")
    door.enter(ensayo_poliza.USER)
    door.page.wait_for_url("**/partido/**")
    _headers(door, "/partido/")
    door.leave()
    assert not door.failures, door.failures


def _accept(door: Door, link: str) -> None:
    door.open(link)
    door.see("01-invitacion")
    door.page.get_by_label("Contraseña", exact=True).fill("123456")
    door.page.get_by_label("Contraseña otra vez").fill("123456")
    door.page.locator("main form button[type=submit]").click()
    assert "12" in door.page.inner_text("main"), "una contraseña de seis cifras se aceptó"
    door.page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    door.page.get_by_label("Contraseña otra vez").fill(PASSWORD)
    door.page.locator("main form button[type=submit]").click()
    door.page.wait_for_url("**/cuenta/login/**")
    door.see("02-entrar")
    door.open(link)
    assert "no" in door.page.inner_text("main"), "el enlace sirvió dos veces"
    door.see("03-enlace-usado")


def _add_codes(door: Door) -> str:
    """Enter, be sent to the factors, and add an application of codes; returns its secret."""
    door.enter("hugo.salas")
    door.page.wait_for_url("**/2fa/")
    door.open("/mesa/")
    door.page.wait_for_url("**/2fa/")
    door.see("04-factores")
    door.page.get_by_role("link", name="Activar").click()
    door.page.wait_for_url("**/totp/activate/")
    door.see("05-aplicacion")
    secret = str(door.page.locator("main [data-copy]").first.get_attribute("data-copy"))
    door.page.locator("#id_code").fill(door.code(secret))
    door.press("Activar")
    door.page.wait_for_url("**/recovery-codes/")
    door.see("06-recuperacion")
    assert door.page.locator("ol.codes li").count() == 10
    return secret


def _join(door: Door, link: str, user: str) -> None:
    """Accept a link, enter, and add an application of codes, as every administrator does."""
    _write_password(door, link)
    door.enter(user)
    door.page.wait_for_url("**/2fa/")
    door.page.get_by_role("link", name="Activar").click()
    door.page.wait_for_url("**/totp/activate/")
    secret = str(door.page.locator("main [data-copy]").first.get_attribute("data-copy"))
    door.page.locator("#id_code").fill(door.code(secret))
    door.press("Activar")
    door.page.wait_for_url("**/recovery-codes/")


def _write_password(door: Door, link: str) -> None:
    door.open(link)
    door.page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    door.page.get_by_label("Contraseña otra vez").fill(PASSWORD)
    door.page.locator("main form button[type=submit]").click()
    door.page.wait_for_url("**/cuenta/login/**")


def _add_passkey(door: Door) -> None:
    client = door.context.new_cdp_session(door.page)
    client.send("WebAuthn.enable")
    client.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    door.open("/cuenta/2fa/webauthn/add/")
    door.see("07-llave")
    door.page.locator("#id_name").fill("Llave de la oficina")
    door.page.locator("#id_passwordless").check()
    door.press("Agregar llave")
    door.page.wait_for_url(re.compile(r"/2fa/(webauthn/)?$"))
    door.see("08-con-factores")
    door.open("/cuenta/2fa/webauthn/")
    door.see("09-llaves")


def _invite(door: Door, second: Door) -> str:
    """Propose an auditor by a form sent over TLS, and approve it as another person; returns the link."""
    door.open("/cuenta/personas/")
    door.page.get_by_label("Nombre completo").fill("Ema Ruiz Lara")
    door.page.get_by_label("Usuario con que entrará").fill("ema.ruiz")
    door.page.get_by_label("Función").select_option(label="Auditor")
    door.page.get_by_label("RFC de la persona").fill("RULE900303AB1")
    door.press("Hacer invitación")
    door.page.get_by_text("Quedó propuesto").wait_for()
    door.see("10-propuesta")
    approve = "Aprobar Ema Ruiz Lara"
    assert not door.page.get_by_role("button", name=approve).count(), "quien propone puede aprobar"
    second.open("/cuenta/personas/")
    second.see("10-por-aprobar")
    second.page.get_by_role("button", name=approve).click()
    second.page.get_by_text("Copie ahora el enlace").wait_for()
    second.see("10-aprobada")
    found = re.search(r"https://\S+/cuenta/invitacion/[A-Za-z0-9_-]{43}/", second.page.inner_text("main"))
    assert found, second.page.inner_text("main")
    return found[0]


def _enter_by_passkey(door: Door) -> None:
    door.leave()
    door.open("/cuenta/login/")
    door.press("Entrar con llave de acceso")
    door.page.wait_for_url("**/administracion/")
    print("  entró con la llave, sin contraseña", flush=True)


def _enter_by_code(door: Door, secret: str) -> None:
    door.leave()
    door.enter("hugo.salas")
    door.page.wait_for_url("**/2fa/authenticate/")
    door.see("11-codigo")
    door.page.locator("#id_code").fill(door.code(secret))
    door.press("Entrar")
    door.page.wait_for_url("**/administracion/")


def _sessions(door: Door, other: Door, secret: str) -> None:
    """Enter from a second browser and end its session from the first."""
    other.codes = door.codes
    other.enter("hugo.salas")
    other.page.locator("#id_code").fill(other.code(secret))
    other.press("Entrar")
    other.page.wait_for_url("**/administracion/")
    door.open("/cuenta/sessions/")
    door.see("12-sesiones")
    assert door.page.locator("main .rows > li:visible").count() == 2, door.page.inner_text("main")
    door.press("Cerrar las otras sesiones")
    door.page.wait_for_load_state()
    other.open("/cuenta/personas/")
    assert "/cuenta/login/" in other.page.url, other.page.url


def _headers(door: Door, path: str) -> None:
    answer = door.page.goto(door.site + path)
    assert answer is not None and answer.status == 200
    given = answer.headers
    missing = {name: given.get(name) for name, value in HEADERS.items() if value not in given.get(name, "")}
    assert not missing, missing
    assert {cookie["name"] for cookie in door.context.cookies()} >= {"__Host-sif", "__Host-csrf"}
    assert all(cookie["secure"] for cookie in door.context.cookies())


def _accepted_by_a_capturista(stranger: Door, link: str) -> None:
    _write_password(stranger, link)
    stranger.enter("ema.ruiz")
    stranger.page.wait_for_url("**/2fa/")
    stranger.open("/cuenta/personas/")
    assert "/2fa/" in stranger.page.url, "una auditora sin segundo factor pasó"


def _too_many_passwords(attacker: Door, stranger: Door) -> None:
    for _ in range(6):
        attacker.enter("ema.ruiz", "otra contraseña cualquiera")
    attacker.see("13-demasiados")
    assert "Demasiados intentos" in attacker.page.inner_text("main"), attacker.page.inner_text("main")
    assert "/2fa/" in stranger.page.url  # who was already in stays in


def _idle(door: Door) -> None:
    """Wait in a session of one minute: half of it brings the warning, the whole of it the page of entry."""
    door.open("/cuenta/login/")
    if "/cuenta/login/" in door.page.url:  # the minute went by while the others walked
        door.press("Entrar con llave de acceso")
        door.page.wait_for_url("**/administracion/")
    door.open("/cuenta/sessions/")
    door.page.locator("#inactividad").wait_for(state="visible", timeout=50_000)
    door.see("14-inactividad")
    door.page.wait_for_url("**/cuenta/login/**", timeout=70_000)
    door.see("15-terminada")
