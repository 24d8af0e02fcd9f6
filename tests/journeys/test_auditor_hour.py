"""An hour as an auditor in a real browser: share out, narrow, decide, ask, confirm, the sheet both ways, the rest."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from journeys.browser import assert_axe_clean, assert_fits, chromium, open_context, shoot, watch
from journeys.council_campaign import campaign
from journeys.shared import enter, shared_site
from proceedings.world import World
from runs import found_later
from sif.audit.matrix import SHEET
from sif.audit.models import Hallazgo, Observacion, Propuesta
from sif.registry import services as registry
from sif.registry.models import Cargo, Contabilidad, Persona, Territorio
from web.audit_scene import Scene

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser
STATES = ("SON", "NLE", "JAL", "VER", "YUC", "OAX", "CMX", "CHH", "PUE", "ZAC")


def _books(world: World) -> list[Contabilidad]:
    """A candidacy in each of ten states, of one party and the other."""
    cargo = Cargo.objects.get(clave="DIP")
    found = []
    for place, state in enumerate(STATES):
        lugar = Territorio.objects.create(clave=f"{state}-01", nombre="Distrito 1", tipo="distrito", entidad=state)
        new = registry.NewCandidatura(
            folio=f"G{place}",
            persona=Persona.objects.create(nombre=f"Candidata de {state}"),
            cargo=cargo,
            sujeto=(world.partido, world.otro)[place % 2],
            territorio=lugar,
            tope=164_818_900,
            tope_acuerdo="INE/CG505/2017",
        )
        found.append(registry.approve_candidatura(world.etapa, new, number=8900 + place))
    return found


def _act(scene: Scene) -> None:
    """A later run that finds sixty more of what the rules found, over ten states."""
    rows = list(Hallazgo.objects.filter(corrida=scene.corrida).order_by("pk"))
    books = _books(scene.world)
    made = []
    for n in range(60):
        row = rows[n % len(rows)]
        kept = {f.attname: getattr(row, f.attname) for f in Hallazgo._meta.concrete_fields if not f.primary_key}
        kept |= {"clave": f"{row.clave}-{n}", "contabilidad_id": books[n * n % 10].pk, "monto": 90_000 + n * n * 13_700}
        made.append(Hallazgo(**kept))
    scene.corrida = found_later(scene.corrida, made)


@pytest.fixture
def review(shared_site: str, settings: Any, tmp_path: Path) -> Scene:
    """Sixty-four hallazgos to decide."""
    return campaign(settings, tmp_path, _act)


def _sit(context: Any, user: Any, site: str) -> None:
    context.clear_cookies()
    enter(context, user, site)


def _sheet(page: Page, folder: Path) -> Path:
    """The matrix of the filter, downloaded, with a text, a decision and a person typed in."""
    with page.expect_download() as told:
        page.get_by_role("link", name="Matriz", exact=True).last.click()
    book = load_workbook(io.BytesIO(Path(told.value.path()).read_bytes()))
    for place, words in {"K2": "La póliza carece de XML.", "L2": "adoptar", "N3": "elena"}.items():
        book[SHEET][place] = words
    book.save(folder / "matriz.xlsx")
    return folder / "matriz.xlsx"


def test_an_hour_as_an_auditor(chromium: Browser, shared_site: str, review: Scene, tmp_path: Path) -> None:
    desk = f"{shared_site}/auditoria"
    context = open_context(chromium)
    _sit(context, review.world.dario, shared_site)
    seen = watch(context)
    page = seen.page

    page.goto(f"{desk}/hallazgos/")
    assert_axe_clean(page)
    shoot(page, "hora-1-cola-1280")
    page.get_by_label("Regla").select_option(value="CF001")
    page.get_by_role("button", name="Filtrar").click()
    expect(page).to_have_url(re.compile("regla=CF001"))
    page.get_by_label("Nombre de la vista").fill("Sin XML")
    page.get_by_role("button", name="Guardar esta vista").click()
    page.get_by_text("Vista guardada: Sin XML.").wait_for()
    expect(page.get_by_role("link", name="Sin XML").first).to_have_attribute("aria-current", "page")
    page.get_by_label("Todo el filtro").check()
    page.get_by_role("button", name="Asignar los elegidos").click()
    page.get_by_text("hallazgos pasaron a Darío Salas.").wait_for()

    page.goto(f"{desk}/hallazgos/?asignado=yo&orden=monto")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.locator("tbody input[type=checkbox]:checked")).to_have_count(3)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="La ley").wait_for()
    page.get_by_text("Pedir más información").click()
    page.get_by_label("Qué hace falta saber").fill("¿El proveedor emitió el XML?")
    page.get_by_role("button", name="Guardar el pedido").click()
    page.get_by_text("queda en espera").wait_for()
    page.get_by_label("Comentario").fill("Lo hablé con el responsable de finanzas.")
    page.get_by_role("button", name="Comentar").click()
    page.get_by_text("Comentario guardado.").wait_for()
    assert_axe_clean(page)
    shoot(page, "hora-2-expediente-1280")
    page.locator("h1").click()
    page.keyboard.press("a")
    page.get_by_text("Propuso adoptar").wait_for()
    page.locator("#motivo").fill("Se aclaró con la evidencia de otra póliza.")
    page.get_by_role("button", name="Desechar").click()
    page.get_by_text("Propuso desechar").wait_for()
    assert sorted(Propuesta.objects.values_list("decision", flat=True)) == ["adoptar", "desechar"]

    page.goto(f"{desk}/hallazgos/?regla=RE001")
    sheet = _sheet(page, tmp_path)
    page.goto(f"{desk}/matriz/")
    page.get_by_label("Matriz editada").set_input_files(sheet)
    page.get_by_role("button", name="Revisar la matriz").click()
    page.get_by_role("button", name="Importar 3 cambios").wait_for()
    assert_axe_clean(page)
    shoot(page, "hora-3-matriz-1280")
    page.get_by_role("button", name="Importar 3 cambios").click()
    page.get_by_text("Matriz importada: 1 textos, 1 decisiones propuestas y 1 asignaciones.").wait_for()

    _sit(context, review.world.elena, shared_site)
    page.goto(f"{desk}/hallazgos/?decision=propuesto")
    page.get_by_label("Todo el filtro").check()
    page.get_by_role("button", name="Confirmar los elegidos").click()
    page.get_by_role("button", name="Confirmar 3 decisiones").click()
    page.get_by_text("Se adoptaron 2 observaciones. Se desechó 1 hallazgo.").wait_for()
    assert set(Observacion.objects.values_list("adoptada_por", flat=True)) == {review.world.elena.pk}
    assert "La póliza carece de XML." in Observacion.objects.get(regla="RE001").texto

    page.goto(f"{desk}/avance/")
    assert_axe_clean(page)
    shoot(page, "hora-4-avance-1280")
    page.goto(f"{desk}/riesgo/")
    assert_axe_clean(page)
    shoot(page, "hora-5-riesgo-1280")
    page.locator("a.tile").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/hallazgos/?decision=en_riesgo&entidad=*")
    page.get_by_text("Suma de esta página").wait_for()
    seen.assert_quiet()
    context.close()


def test_the_bench_fits_a_phone_in_the_dark_and_in_english(chromium: Browser, shared_site: str, review: Scene) -> None:
    row = review.pending("CF001")[0]
    context = open_context(chromium, "360", "dark")
    enter(context, review.world.elena, shared_site)
    seen = watch(context)
    seen.page.goto(f"{shared_site}/idioma/en/?volver=/auditoria/")
    pages = {
        "cola": "hallazgos/?asignado=nadie",
        "expediente": f"hallazgos/{row.pk}/",
        "avance": "avance/",
        "matriz": "matriz/",
        "riesgo": "riesgo/",
    }
    for name, address in pages.items():
        seen.page.goto(f"{shared_site}/auditoria/{address}")
        shoot(seen.page, f"hora-{name}-360")
        assert_axe_clean(seen.page)
        assert_fits(seen.page)
    seen.assert_quiet()
    context.close()
