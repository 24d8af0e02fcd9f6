"""The public file of 479 candidacies, loaded by pages whole: six local elections, each with the rows of its state.

Its names are of the candidates of 2022, as their authority published them. Nobody of them keeps books in the walk, and
what is audited, voted and published is of the invented parties alone.
"""

import csv
from collections import Counter

from playwright.sync_api import Page, expect

from journeys.browser import PATIENCE, look
from journeys.institute import House
from journeys.shared import ONE_AT_A_TIME
from public_data import public
from sif.registry.models import Candidatura, Contabilidad

LOADS = PATIENCE * 20
"""Milliseconds of a page that does whole, in its request, what a worker does elsewhere."""
OTHERS = {
    "AGU": "Aguascalientes",
    "HID": "Hidalgo",
    "OAX": "Oaxaca",
    "ROO": "Quintana Roo",
    "TAM": "Tamaulipas",
}
"""The states of the file beside Durango, whose election the walk follows."""
SUBJECTS = (
    ("partido", "MC", "Movimiento Ciudadano"),
    ("partido", "PRI", "Partido Revolucionario Institucional"),
    ("partido", "PAN", "Partido Acción Nacional"),
    ("partido", "PRD", "Partido de la Revolución Democrática"),
    ("partido", "PVEM", "Partido Verde Ecologista de México"),
    ("partido", "PT", "Partido del Trabajo"),
    ("partido", "MORENA", "Morena, partido político nacional"),
    ("partido_local", "MAS", "Partido Movimiento Auténtico Social"),
    ("partido_local", "FXM-ROO", "Fuerza por México Quintana Roo"),
    ("partido_local", "CXQ", "Confianza por Quintana Roo"),
    ("partido_local", "FXM-AGU", "Fuerza por México Aguascalientes"),
    ("partido_local", "NAO", "Nueva Alianza Oaxaca"),
    ("coalicion", "JHH-DUR", "Juntos Hacemos Historia en Durango"),
    ("coalicion", "VXD", "Va por Durango"),
    ("coalicion", "JHH-ROO", "Juntos Hacemos Historia en Quintana Roo"),
    ("coalicion", "VXQ", "Va por Quintana Roo"),
    ("coalicion", "JHH-AGU", "Juntos Hacemos Historia en Aguascalientes"),
    ("coalicion", "VXA", "Va por Aguascalientes"),
    ("coalicion", "VXH", "Va por Hidalgo"),
    ("coalicion", "JHH-OAX", "Juntos Hacemos Historia en Oaxaca"),
    ("coalicion", "VXT", "Va por Tamaulipas"),
)
SAID = {"MOVIMIENTO AUTENTICO SOCIAL": "Partido Movimiento Auténtico Social (MAS)"}
"""The name of the file that no subject bears: a person says who it is."""


def public_rows() -> list[dict[str, str]]:
    """Return the rows of the public file by column."""
    return list(csv.DictReader(public_bytes().decode("utf-8-sig").splitlines()))


def public_bytes() -> bytes:
    """Return the public file as it was published."""
    return public("ine", "candidaturas-2021", "candidaturas_conoceles.csv").read_bytes()


def public_towns() -> tuple[str, ...]:
    """Return the municipalities of Durango that the public file names."""
    rows = (row for row in public_rows() if row["ENTIDAD"] == "DURANGO")
    return tuple(sorted({row["MUNICIPIO"] for row in rows} - {"No aplica"}))


def stage_of(state: str) -> str:
    """Return a campaign of the walk as forms offer it."""
    return f"Proceso electoral local 2024-2025, {state}: Campaña"


def give(page: Page, label: str, data: bytes) -> None:
    """Choose a file of those bytes in a form."""
    page.get_by_label(label).set_input_files({"name": "archivo.csv", "mimeType": "text/csv", "buffer": data})


def register_those_of_the_file(site: str, hugo: Page) -> None:
    """Register who the public file names, with the initials that a person gives each."""
    for tipo, siglas, name in SUBJECTS:
        hugo.goto(f"{site}/administracion/sujetos/nuevo/")
        hugo.get_by_label("Tipo").select_option(tipo)
        hugo.get_by_label("Nombre completo").fill(name)
        hugo.get_by_label("Siglas").fill(siglas)
        hugo.get_by_role("button", name="Registrar").click()
        expect(hugo.get_by_text("Sujeto registrado.")).to_be_visible()


def load_a_state(site: str, hugo: Page, state: str) -> None:
    """Load the whole public file in the election of a state: its rows enter, and each other says whose it is."""
    wanted = Counter(row["ENTIDAD"] for row in public_rows())[state.upper()]
    with ONE_AT_A_TIME:
        before = Candidatura.objects.count()
    hugo.goto(f"{site}/administracion/candidaturas/cargar/")
    hugo.get_by_label("Etapa", exact=True).select_option(label=stage_of(state))
    give(hugo, "Archivo", public_bytes())
    hugo.get_by_role("button", name="Ver qué trae").click(timeout=LOADS)
    expect(hugo.get_by_text(f"y el proceso es de {state}").first).to_be_visible()
    for name, subject in SAID.items():
        if (asked := hugo.get_by_label(name, exact=True)).count():
            asked.select_option(label=subject)
    look(hugo, f"estreno-candidaturas-{state[:3].lower()}")
    hugo.get_by_role("button", name=f"Aprobar {wanted} candidaturas").click(timeout=LOADS)
    expect(hugo.get_by_text(f"Entraron {wanted} candidaturas")).to_be_visible()
    with ONE_AT_A_TIME:
        assert Candidatura.objects.count() - before == wanted


def cap_the_others(house: House, hugo: Page) -> None:
    """Fix the caps of the five states by the table of an accord: one for every place of each office."""
    for state in OTHERS.values():
        offices = sorted({row["CARGO"] for row in public_rows() if row["ENTIDAD"] == state.upper()})
        table = "".join(f"{office},{1_250_000 + 1_000 * n}.50\n" for n, office in enumerate(offices))
        hugo.goto(f"{house.site}/administracion/topes/")
        hugo.get_by_label("Etapa", exact=True).select_option(label=stage_of(state))
        give(hugo, "Archivo", f"CARGO,TOPE\n{table}".encode())
        hugo.get_by_role("button", name="Ver qué trae").click()
        hugo.get_by_label("Acuerdo que los fija").fill("IEPC/CG21/2025")
        hugo.get_by_role("button", name="Fijar estos topes").click(timeout=LOADS)
        expect(hugo.get_by_text("contabilidades tienen su tope.")).to_be_visible()


def whole_file_entered() -> None:
    """Each of the 479 rows is a candidacy, in the election of its state, and each formula has one set of books."""
    rows = public_rows()
    names = {" ".join(row["NOMBRE_CANDIDATO"].split()) for row in rows}
    with ONE_AT_A_TIME:
        found = Candidatura.objects.filter(persona__nombre__in=names)
        assert found.count() == len(rows) == 479
        formulas = {row["NUM_LISTA_O_FORMULA"] for row in rows}
        assert Contabilidad.objects.filter(candidatura__in=found).count() == len(formulas) == 279
