"""An institute installs SIF and opens its election by pages alone, from an empty database: nobody types a command.

Only the two links of the first administrators come from the machine, as `sif instalar` prints them; everybody else is
invited and accepts by mail.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.browser import Watched, chromium, look, open_context, watch
from journeys.shared import ONE_AT_A_TIME, shared_site
from mailed import Office, office, text_of
from sif.commands.main import main
from sif.mail.sending import send_due
from sif.registry.models import Contabilidad, Nombramiento, Proceso, Usuario

__all__ = ["chromium", "office", "shared_site"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
WORDS = "gis-trueno-maceta-olmo"
ADMINISTRATORS = (
    ("Hugo Salas Prieto", "hugo.salas", "SAPH800101AB5"),
    ("Inés Vela Luna", "ines.vela", "VELI810202CD6"),
)
AUTHORITY = (("Bruno Cota Paz", "Auditor", "COPD800303AB1"), ("Rosa Lima Gil", "Revisor de auditoría", "LIGR820404AB2"))
STAGE = "Proceso electoral local 2026-2027, Durango: Campaña"
CANDIDACIES = """PARTIDO_COALICION,CARGO,ENTIDAD,MUNICIPIO,NUM_LISTA_O_FORMULA,NOMBRE_CANDIDATO
Partido Jacaranda,PRESIDENCIA MUNICIPAL,DURANGO,CANATLÁN,10,ANA LUNA
Juntas por Durango,PRESIDENCIA MUNICIPAL,DURANGO,NAZAS,11,IRIS MAR
CANDIDATURA INDEPENDIENTE,PRESIDENCIA MUNICIPAL,DURANGO,CANATLÁN,12,EVA RÍO
CANDIDATURA INDEPENDIENTE,PRESIDENCIA MUNICIPAL,DURANGO,NAZAS,13,OLGA SOL
"""
PADRON = """CARGO,ENTIDAD,MUNICIPIO,PADRON
PRESIDENCIA MUNICIPAL,DURANGO,CANATLÁN,23000
PRESIDENCIA MUNICIPAL,DURANGO,NAZAS,9500
"""


class House:
    """The pages of the institute in a browser: who enters, what arrives by mail and what went wrong on a page."""

    def __init__(self, site: str, chromium: Browser, office: Office) -> None:
        self.site, self.chromium, self.office = site, chromium, office
        self.seen: list[Watched] = []

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
            page.get_by_label("Sujeto", exact=True).select_option(label=sujeto)
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


def first_links(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the links of the two who will administer, as who holds the machine is given them."""
    monkeypatch.setattr("sif.commands.database.setup_django", lambda **_how: None)
    for person in (
        ("Hugo Salas Prieto", "hugo.salas", "SAPH800101AB5"),
        ("Inés Vela Luna", "ines.vela", "VELI810202CD6"),
    ):
        name, username, rfc = person
        assert main(["administrador", "--enlace", "--nombre", name, "--usuario", username, "--rfc", rfc]) == 0
    return re.findall(r"/cuenta/invitacion/[\w-]{43}/", capsys.readouterr().out)


def test_an_institute_opens_its_election_by_pages_alone(
    shared_site: str,
    chromium: Browser,
    office: Office,
    settings: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.DATOS = tmp_path
    assert not Usuario.objects.exists() and not Proceso.objects.exists()
    house = House(shared_site, chromium, office)
    links = first_links(capsys, monkeypatch)
    hugo, ines = (house.accept(link) for link in links)
    look(hugo, "estreno-primera")
    _people_of_the_authority(house, hugo, ines)
    _process(house, hugo, ines)
    _subjects(house, hugo)
    _candidacies(house, hugo)
    _caps(house, hugo)
    _finance(house, hugo)
    hugo.goto(f"{shared_site}/administracion/")
    look(hugo, "estreno-ultima")
    house.quiet()


def _people_of_the_authority(house: House, hugo: Page, ines: Page) -> None:
    for name, rol, rfc in (
        ("Bruno Cota Paz", "Auditor", "COPD800303AB1"),
        ("Rosa Lima Gil", "Revisor de auditoría", "LIGR820404AB2"),
    ):
        address = house.invite(hugo, name, rol, rfc)
        ines.goto(f"{house.site}/cuenta/personas/")
        ines.get_by_label("Correo para el enlace").fill(address)
        ines.get_by_role("button", name=f"Aprobar {name}").click()
        expect(ines.get_by_role("button", name=f"Aprobar {name}")).to_have_count(0)
        house.accept(house.mailed(address), "Todavía no hay ningún proceso abierto")


def _process(house: House, hugo: Page, ines: Page) -> None:
    hugo.goto(f"{house.site}/administracion/procesos/")
    hugo.get_by_role("link", name="Proceso nuevo").first.click()
    hugo.get_by_label("Clase").select_option("local_intermedia")
    hugo.get_by_label("Entidad").select_option("DUR")
    hugo.get_by_label("Año").fill("2027")
    hugo.get_by_role("button", name="Ver el calendario propuesto").click()
    hugo.get_by_label("Precampaña: hay esta etapa").uncheck()
    hugo.get_by_label("Apoyo ciudadano: hay esta etapa").uncheck()
    hugo.locator("#id_campana_acuerdo").fill("IEPC/CG1/2027")
    hugo.get_by_role("button", name="Ver cómo queda").click()
    hugo.get_by_role("button", name="Proponer este calendario").click()
    expect(hugo.get_by_text("lo abre otra persona")).to_be_visible()
    ines.goto(hugo.url)
    ines.get_by_role("button", name="Abrir el proceso").click()
    expect(ines.get_by_text("El proceso quedó abierto")).to_be_visible()


def _subjects(house: House, hugo: Page) -> None:
    for tipo, siglas, name in (("partido", "PJ", "Partido Jacaranda"), ("partido_local", "PD", "Partido Duranguense")):
        hugo.goto(f"{house.site}/administracion/sujetos/nuevo/")
        hugo.get_by_label("Tipo").select_option(tipo)
        hugo.get_by_label("Nombre completo").fill(name)
        hugo.get_by_label("Siglas").fill(siglas)
        hugo.get_by_role("button", name="Registrar").click()
        hugo.get_by_role("link", name="Sujeto nuevo").wait_for()
    hugo.goto(f"{house.site}/administracion/sujetos/nuevo/")
    hugo.get_by_label("Tipo").select_option("coalicion")
    hugo.get_by_label("Nombre completo").fill("Juntas por Durango")
    hugo.get_by_label("Siglas").fill("JXD")
    hugo.get_by_role("button", name="Registrar").click()
    hugo.get_by_label("Acuerdo o resolución").fill("IEPC/CG9/2026")
    hugo.get_by_label("Aprobado el").fill("10/11/2026")
    hugo.get_by_label("Rige desde").fill("10/11/2026")
    hugo.get_by_label("Partido Jacaranda").fill("60")
    hugo.get_by_label("Partido Duranguense").fill("40")
    hugo.get_by_role("button", name="Registrar").click()
    expect(hugo.get_by_text("Convenio registrado.")).to_be_visible()


def _file(page: Page, label: str, text: str) -> None:
    page.get_by_label(label).set_input_files({"name": "archivo.csv", "mimeType": "text/csv", "buffer": text.encode()})


def _candidacies(house: House, hugo: Page) -> None:
    hugo.goto(f"{house.site}/administracion/candidaturas/cargar/")
    hugo.get_by_label("Etapa").select_option(label=STAGE)
    _file(hugo, "Archivo", CANDIDACIES)
    hugo.get_by_role("button", name="Ver qué trae").click()
    look(hugo, "estreno-candidaturas")
    hugo.get_by_role("button", name="Aprobar 4 candidaturas").click()
    expect(hugo.get_by_text("Entraron 4 candidaturas")).to_be_visible()


def _caps(house: House, hugo: Page) -> None:
    hugo.goto(f"{house.site}/administracion/topes/formula/")
    hugo.get_by_label("Etapa").select_option(label=STAGE)
    hugo.get_by_label("Fórmula").select_option("local")
    hugo.get_by_label("Día del acuerdo").fill("20/11/2026")
    hugo.get_by_label("Factor, %").fill("15")
    hugo.get_by_label("Artículo y acuerdo del factor").fill("LIPEED 191; IEPC/CG20/2027")
    hugo.get_by_label("Corte del padrón").fill("31/10/2026")
    hugo.get_by_label("Redondeo").select_option("pesos_medio")
    _file(hugo, "Tabla base", PADRON)
    hugo.get_by_role("button", name="Calcular").click()
    look(hugo, "estreno-topes")
    hugo.get_by_role("link", name="Ver a quién alcanzan y fijarlos").click()
    hugo.get_by_label("Acuerdo que los fija").fill("IEPC/CG20/2027")
    hugo.get_by_role("button", name="Fijar estos topes").click()
    expect(hugo.get_by_text("4 contabilidades tienen su tope.")).to_be_visible()
    with ONE_AT_A_TIME:
        assert not Contabilidad.objects.filter(clase="candidatura", topes__isnull=True).exists()


def _finance(house: House, hugo: Page) -> None:
    address = house.invite(
        hugo, "Alicia Mora Ríos", "Responsable de Finanzas", "MORA800505AB3", sujeto="Partido Jacaranda (PJ)"
    )
    alicia = house.accept(house.mailed(address))
    look(alicia, "estreno-partido")
    with ONE_AT_A_TIME:
        assert Nombramiento.objects.get(rol="responsable_finanzas").usuario.username == "alicia"
