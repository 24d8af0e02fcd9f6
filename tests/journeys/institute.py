"""An institute of invented name in a browser: its people, its mail, the day it lives in, and what others bring it."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from journeys.browser import Watched, open_context, watch
from journeys.shared import ONE_AT_A_TIME
from mailed import Office, text_of
from sif.cfdi.document import ComplementoIne, EntidadIne
from sif.cfdi.write import Contribuyente, Factura, Linea, Sealer, build_cfdi
from sif.mail.sending import send_due
from sif.registry import clock
from sif.signing.minting import Minted, MintedAuthority, mint_authority, mint_csd, mint_fiel
from sif.values import Money

WORDS = "gis-trueno-maceta-olmo"
SPAN = date(2023, 1, 1), date(2040, 1, 1)


class House:
    """The pages of the institute in a browser: who enters, what arrives by mail and what went wrong on a page."""

    def __init__(self, site: str, chromium: Browser, office: Office, patch: pytest.MonkeyPatch) -> None:
        self.site, self.chromium, self.office = site, chromium, office
        self.seen: list[Watched] = []
        self.pages: dict[str, Page] = {}
        self.since = timedelta(0)
        patch.setattr(clock, "now", lambda: (timezone.now() + self.since).astimezone(clock.legal_zone()))

    def lives(self, moment: str) -> None:
        """Let every page run on from another instant, written as 2025-04-12 10:00."""
        self.since = datetime.fromisoformat(moment).replace(tzinfo=clock.legal_zone()) - timezone.now()

    def accept(self, link: str, sees: str = "Hoy") -> Page:
        """Open a link in a browser of its own, write the password and enter with it, to a page of that title."""
        watched = watch(open_context(self.chromium))
        self.seen.append(watched)
        page = watched.page
        page.goto(self.site + link)
        username = page.locator("strong").first.inner_text()
        page.get_by_label("Contraseña", exact=True).fill(WORDS)
        page.get_by_label("Contraseña otra vez").fill(WORDS)
        page.get_by_role("button", name="Guardar contraseña").click()
        page.get_by_label("Usuario").fill(username)
        page.get_by_label("Contraseña").fill(WORDS)
        page.get_by_role("button", name="Entrar", exact=True).click()
        page.get_by_role("heading", level=1, name=sees).wait_for()
        self.pages[username] = page
        return page

    def opens(self, username: str, path: str) -> Page:
        """Return the browser of a person at a page of the house."""
        page = self.pages[username]
        page.goto(f"{self.site}{path}")
        return page

    def mailed(self, address: str) -> str:
        """Send what waits, as a worker does each minute, and return the link that reached an address."""
        with ONE_AT_A_TIME:
            send_due()
        text = next(text_of(message) for to, message in reversed(self.office.taken) if to == address)
        found = re.search(r"/cuenta/invitacion/[\w-]{43}/", text)
        assert found, text
        return found[0]

    def invite(self, page: Page, name: str, rol: str, rfc: str, sujeto: str = "") -> str:
        """Fill the form of invitations; returns the address that is written for it."""
        username = name.split()[0].lower()
        address = f"{username}@ejemplo.mx"
        page.goto(f"{self.site}/cuenta/personas/")
        page.get_by_label("Nombre completo").fill(name)
        page.get_by_label("Usuario con que entrará").fill(username)
        page.get_by_label("Función").select_option(label=rol)
        if sujeto:
            asked = page.get_by_label("Sujeto", exact=True)
            if asked.evaluate("field => field.tagName") == "SELECT":
                asked.select_option(label=sujeto)
            else:  # with many subjects it is typed by its siglas
                asked.fill(sujeto.rpartition("(")[2].rstrip(")"))
        page.get_by_label("RFC de la persona").fill(rfc)
        page.locator("#id_correo").fill(address)
        page.get_by_role("button", name="Hacer invitación").last.click()
        page.locator("ul.rows strong").get_by_text(name).wait_for()
        return address

    def quiet(self) -> None:
        """No page told an error of its own, but for forms that were refused, nor asked another host."""
        for watched in self.seen:
            assert not [error for error in watched.errors if "422" not in error]
            assert not watched.strangers


class Signers:
    """The e.firma of who signs and the digital seal of a supplier, of an authority that this installation believes."""

    def __init__(self) -> None:
        self.authority: MintedAuthority = mint_authority()
        self.seal: Minted = mint_csd(self.authority, "IPR150312Q47", "", "IMPRESOS DEL PRADO", *SPAN)

    def fiel(self, rfc: str, name: str) -> Minted:
        """Return the e.firma of a person."""
        return mint_fiel(self.authority, rfc, f"{rfc[:10]}MDFRSL08", name, *SPAN)

    def invoice(self, books: int, receptor: Contribuyente, issued: datetime) -> bytes:
        """Return an invoice of leaflets for a local campaign, to be paid later."""
        sealer = Sealer.open(*self.seal)
        made = Factura(
            uuid="7C1E90B4-3F0A-4D52-9B17-0E6A51C2D8F3",
            serie="A",
            folio="2291",
            fecha=issued,
            emisor=Contribuyente("IPR150312Q47", "Impresos del Prado"),
            receptor=receptor,
            lineas=(Linea("Volantes de campaña, tiro de 10,000", 1000, Money.parse("53824.00"), "82121500", iva_pb=0),),
            forma_pago="99",
            ine=ComplementoIne("1.1", "Campaña", "", None, (EntidadIne("DUR", "Local", (books,)),)),
        )
        return build_cfdi(made, sealer, sealer)
