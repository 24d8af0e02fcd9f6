"""An institute installs SIF and runs its election to the vote and the next one, by pages alone, from an empty database.

Only the two links of the first administrators come from the machine, as `sif instalar` prints them; everybody else is
invited and accepts by mail. `make estreno` walks it with the 479 candidacies of the public file as well (ADR 0313).
"""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.browser import chromium, look
from journeys.estreno_public import (
    LOADS,
    OTHERS,
    cap_the_others,
    give,
    load_a_state,
    public_towns,
    register_those_of_the_file,
    stage_of,
    whole_file_entered,
)
from journeys.estreno_steps import audited, published, reported, resolved, succeeded
from journeys.institute import House, Signers
from journeys.shared import ONE_AT_A_TIME, shared_site
from mailed import Office, office
from seeds import WHOLE
from sif.commands.main import main
from sif.registry.models import Candidatura, Contabilidad, Nombramiento, Proceso, Usuario

__all__ = ["chromium", "office", "shared_site"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
ADMINISTRATORS = (
    ("Hugo Salas Prieto", "hugo.salas", "SAPH800101AB5"),
    ("Inés Vela Luna", "ines.vela", "VELI810202CD6"),
)
AUTHORITY = (
    ("Bruno Cota Paz", "Auditor", "COPD800303AB1", "Todavía no hay ningún proceso abierto"),
    ("Rosa Lima Gil", "Revisor de auditoría", "LIGR820404AB2", "Todavía no hay ningún proceso abierto"),
    ("Elena Paz Mar", "Revisor de auditoría", "PAME790909AB3", "Todavía no hay ningún proceso abierto"),
    ("Gabriela Nava Sol", "Resoluciones y Normatividad", "NASG810606AB5", "Todavía no hay ningún proceso abierto"),
    ("Lucero Mar Paz", "Secretaría Ejecutiva", "MAPL780808AB8", "Todavía no hay ningún proceso abierto"),
    ("Marta Ruiz Gil", "Consejero electoral", "RUGM770707AB7", "Todavía no hay ningún proceso abierto"),
    ("Jorge Mena Paz", "Consejero electoral", "MEPJ760606AB6", "Todavía no hay ningún proceso abierto"),
)
STAGE = stage_of("Durango")
COLUMNS = "PARTIDO_COALICION,CARGO,ENTIDAD,MUNICIPIO,NUM_LISTA_O_FORMULA,NOMBRE_CANDIDATO,TIPO_CANDIDATO"
TOWNS = ("CANATLÁN", "NAZAS")


def candidacies() -> str:
    """Return a file of four invented candidacies."""
    rows = (
        ("Partido Jacaranda", TOWNS[0], 10, "ANA LUNA"),
        ("Juntas por Durango", TOWNS[1], 11, "IRIS MAR"),
        ("CANDIDATURA INDEPENDIENTE", TOWNS[0], 12, "EVA RÍO"),
        ("CANDIDATURA INDEPENDIENTE", TOWNS[1], 13, "OLGA SOL"),
    )
    lines = (f"{who},PRESIDENCIA MUNICIPAL,DURANGO,{town},{n},{name},PROPIETARIA" for who, town, n, name in rows)
    return "\n".join([COLUMNS, *lines, ""])


def first_links(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the links of the two who will administer, as who holds the machine is given them."""
    monkeypatch.setattr("sif.commands.database.setup_django", lambda **_how: None)
    for name, username, rfc in ADMINISTRATORS:
        assert main(["administrador", "--enlace", "--nombre", name, "--usuario", username, "--rfc", rfc]) == 0
    return re.findall(r"/cuenta/invitacion/[\w-]{43}/", capsys.readouterr().out)


def test_an_institute_runs_its_election_by_pages_alone(
    shared_site: str,
    chromium: Browser,
    office: Office,
    settings: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.DATOS = tmp_path
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = settings.ACT_SECONDS = 14_400  # the whole may take longer than an entry
    assert not Usuario.objects.exists() and not Proceso.objects.exists()
    house, signers = House(shared_site, chromium, office, monkeypatch), Signers()
    (tmp_path / "certificados").mkdir()
    (tmp_path / "certificados" / "prueba.cer").write_bytes(signers.authority.cer)
    house.lives("2024-11-29 10:00")
    hugo, ines = (house.accept(link) for link in first_links(capsys, monkeypatch))
    look(hugo, "estreno-primera")
    _people_of_the_authority(house, hugo, ines)
    for entidad in OTHERS if WHOLE else ():
        _process(house, hugo, ines, entidad)
    _process(house, hugo, ines, "DUR")  # the last, so that the desks of the authority begin at it
    _subjects(house, hugo)
    _candidacies(house, hugo)
    _caps(house, hugo)
    _finance(house, hugo)
    look(house.opens("hugo.salas", "/administracion/"), "estreno-ultima")
    reported(house, signers)
    audited(house)
    resolved(house)
    published(house)
    succeeded(house)
    house.quiet()


def _people_of_the_authority(house: House, hugo: Page, ines: Page) -> None:
    for name, rol, rfc, sees in AUTHORITY:
        address = house.invite(hugo, name, rol, rfc)
        ines.goto(f"{house.site}/cuenta/personas/")
        ines.get_by_label("Correo para el enlace").fill(address)
        ines.get_by_role("button", name=f"Aprobar {name}").click()
        expect(ines.get_by_role("button", name=f"Aprobar {name}")).to_have_count(0)
        house.accept(house.mailed(address), sees)


def _process(house: House, hugo: Page, ines: Page, entidad: str) -> None:
    hugo.goto(f"{house.site}/administracion/procesos/")
    hugo.get_by_role("link", name="Proceso nuevo").first.click()
    hugo.get_by_label("Clase").select_option("local" if WHOLE else "local_intermedia")
    hugo.get_by_label("Entidad").select_option(entidad)
    hugo.get_by_label("Año").fill("2025")
    hugo.get_by_role("button", name="Ver el calendario propuesto").click()
    hugo.get_by_label("Precampaña: hay esta etapa").uncheck()
    hugo.get_by_label("Apoyo ciudadano: hay esta etapa").uncheck()
    hugo.locator("#id_campana_inicia").fill("30/03/2025")
    hugo.locator("#id_campana_acuerdo").fill("IEPC/CG1/2025")
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
        hugo.locator("#id_rfc").fill(f"{siglas}A140101AB1")
        hugo.get_by_role("button", name="Registrar").click()
        hugo.get_by_role("link", name="Sujeto nuevo").wait_for()
    hugo.goto(f"{house.site}/administracion/sujetos/nuevo/")
    hugo.get_by_label("Tipo").select_option("coalicion")
    hugo.get_by_label("Nombre completo").fill("Juntas por Durango")
    hugo.get_by_label("Siglas").fill("JXD")
    hugo.get_by_role("button", name="Registrar").click()
    hugo.get_by_label("Acuerdo o resolución").fill("IEPC/CG9/2024")
    hugo.get_by_label("Aprobado el").fill("10/11/2024")
    hugo.get_by_label("Rige desde").fill("10/11/2024")
    hugo.get_by_label("Partido Jacaranda").fill("60")
    hugo.get_by_label("Partido Duranguense").fill("40")
    hugo.get_by_role("button", name="Registrar").click()
    expect(hugo.get_by_text("Convenio registrado.")).to_be_visible()


def _candidacies(house: House, hugo: Page) -> None:
    hugo.goto(f"{house.site}/administracion/candidaturas/cargar/")
    hugo.get_by_label("Etapa", exact=True).select_option(label=STAGE)
    give(hugo, "Archivo", candidacies().encode())
    hugo.get_by_role("button", name="Ver qué trae").click(timeout=LOADS)
    look(hugo, "estreno-candidaturas")
    hugo.get_by_role("button", name="Aprobar 4 candidaturas").click(timeout=LOADS)
    expect(hugo.get_by_text("Entraron 4 candidaturas")).to_be_visible()
    with ONE_AT_A_TIME:
        assert Candidatura.objects.count() == 4
    if WHOLE:
        register_those_of_the_file(house.site, hugo)
        for state in ("Durango", *OTHERS.values()):
            load_a_state(house.site, hugo, state)
        whole_file_entered()


def _caps(house: House, hugo: Page) -> None:
    hugo.goto(f"{house.site}/administracion/topes/formula/")
    hugo.get_by_label("Etapa", exact=True).select_option(label=STAGE)
    hugo.get_by_label("Fórmula").select_option("local")
    hugo.get_by_label("Día del acuerdo").fill("20/11/2024")
    hugo.get_by_label("Factor, %").fill("15")
    hugo.get_by_label("Artículo y acuerdo del factor").fill("LIPEED 191; IEPC/CG20/2025")
    hugo.get_by_label("Corte del padrón").fill("31/10/2024")
    hugo.get_by_label("Redondeo").select_option("pesos_medio")
    towns = public_towns() if WHOLE else TOWNS
    table = "".join(f"PRESIDENCIA MUNICIPAL,DURANGO,{town},{9_500 + 500 * n}\n" for n, town in enumerate(towns))
    table += "GUBERNATURA,DURANGO,,1350000\n" if WHOLE else ""
    give(hugo, "Tabla base", f"CARGO,ENTIDAD,MUNICIPIO,PADRON\n{table}".encode())
    hugo.get_by_role("button", name="Calcular").click()
    look(hugo, "estreno-topes")
    hugo.get_by_role("link", name="Ver a quién alcanzan y fijarlos").click()
    hugo.get_by_label("Acuerdo que los fija").fill("IEPC/CG20/2025")
    hugo.get_by_role("button", name="Fijar estos topes").click(timeout=LOADS)
    expect(hugo.get_by_text("contabilidades tienen su tope.")).to_be_visible()
    if WHOLE:
        cap_the_others(house, hugo)
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
