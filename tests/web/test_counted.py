"""Every module of web that draws rows is counted at one row and at many by a test, or says why its rows are few."""

import ast
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from published_world import MOMENT, publish_books
from sif import web
from sif.disclosure.models import DocumentoPublicado, ProcesoPublicado
from sif.filing.cuts import make_cut
from sif.registry import clock, trail
from sif.registry.models import Corte, Nombramiento
from sif.registry.scope import everything, registering
from sif.registry.services import appoint, create_usuario
from sif.web.listing import Listing
from web.listed_rows import administrator
from web.public_scene import datos, visitor, world

__all__ = ["datos", "visitor", "world"]
ROOT, TESTS = Path(web.__file__).parent, Path(__file__).parent
DRAWS = {"panel", "page_of", "pager_asked"}
PIECES = {"charts.py", "columns.py", "keyset.py", "listing.py", "tables.py"}
"""What draws the rows of others."""
LISTS, SHEETS = "test_listings.py::test_a_list_asks_as_much_at_fifty_rows_as_at_one", "test_listings.py::test_a_sheet"
HERE, OBSERVED = "test_counted.py::test_a_page", "test_many_observed.py::test_a_list_of_subjects"
COUNTED = {
    "accounts/accesos.py": HERE,
    "accounts/nombramientos.py": HERE,
    "admin/raices.py": HERE,
    "auditor/cola/hallazgos.py": "test_many_observed.py::test_the_queue",
    "auditor/expediente/observaciones.py": "test_many_observed.py::test_what_was_observed",
    "auditor/home.py": OBSERVED,
    "auditor/medir/avance.py": OBSERVED,
    "auditor/medir/cumplimiento.py": "test_obligaciones.py::test_the_panel",
    "auditor/medir/riesgo.py": OBSERVED,
    "auditor/oficios/dictamenes.py": OBSERVED,
    "auditor/oficios/oficios.py": OBSERVED,
    "council/conclusion.py": "test_council.py::test_a_conclusion_asks_as_much",
    "council/waiting.py": "test_council.py::test_the_lists_of_the_council",
    "council/session.py": "test_council.py::test_the_lists_of_the_council",
    "duty_lists.py": "test_many_books.py::test_more_books_are_no_more_questions",
    "party/bancos/bank_tables.py": SHEETS,
    "party/campana/kardex.py": SHEETS,
    "party/captura/draft.py": SHEETS,
    "party/captura/draft_page.py": SHEETS,
    "party/captura/poliza_page.py": SHEETS,
    "party/catalogos/aportacion_form.py": SHEETS,
    "party/catalogos/folios.py": SHEETS,
    "party/catalogos/history_table.py": SHEETS,
    "party/cfdi/inbox_list.py": SHEETS,
    "party/gifts.py": SHEETS,
    "party/hoy/contabilidades_table.py": SHEETS,
    "party/informes/firma_varios.py": SHEETS,
    "party/informes/oficio_answer.py": "test_oficios_by_period.py::test_the_list_of_oficios_asks_as_much",
    "party/informes/report_list.py": SHEETS,
    "party/libros/book_table.py": SHEETS,
    "party/lotes/preview.py": SHEETS,
    "party/prorrateo/wizard.py": SHEETS,
    "proceeding_terms.py": "test_many_observed.py::test_the_council_asks",
    "public/candidaturas.py": HERE,
    "public/documentos.py": HERE,
    "public/home.py": "test_public.py::test_home_draws_the_states",
    "public/registro.py": HERE,
    "public/sanciones.py": HERE,
}
"""The test that counts the queries of what each module draws; those with a declared list are of LISTS."""
OF_A_FILE = "the first rows of a file that is looked at before it is loaded, read once"
OF_LAW = "rows of the law or of the rulebook, read from its files and not from tables"
OF_ONE = "parts of one thing, which are as many as its kind has"
WORKED_OUT = "figures worked out and kept before they are drawn, which ask nothing more"
FEW: dict[str, str] = {
    "accounts/archivo.py": OF_A_FILE,
    "admin/padron/corrected.py": OF_ONE,
    "admin/padron/granted.py": OF_ONE,
    "admin/proceso/cierre.py": OF_ONE,
    "admin/proceso/extension.py": OF_ONE,
    "admin/proceso/formulas.py": OF_A_FILE,
    "admin/proceso/moved.py": OF_ONE,
    "admin/proceso/topes.py": OF_A_FILE,
    "auditor/cola/masa.py": "the rows that a person chose of one page",
    "auditor/expediente/rules.py": OF_LAW,
    "auditor/listas/estatus_sat.py": OF_A_FILE,
    "auditor/listas/lista_69b.py": OF_A_FILE,
    "auditor/listas/listas.py": OF_A_FILE,
    "auditor/medir/indicios.py": WORKED_OUT,
    "auditor/medir/matriz.py": OF_A_FILE,
    "auditor/publicacion.py": "acts of two people each, a few in a stage",
    "availability.py": WORKED_OUT,
    "council/leyes.py": OF_LAW,
    "council/resoluciones.py": OF_ONE,
    "deposits.py": OF_ONE,
    "annexes_table.py": OF_ONE,
    "party/bancos/account_choice.py": OF_A_FILE,
    "party/bancos/conciliacion.py": WORKED_OUT,
    "party/campana/event_sheet.py": OF_ONE,
    "party/cfdi/invoice_sheet.py": OF_ONE,
    "party/hoy/constancia.py": WORKED_OUT,
    "party/hoy/contabilidades.py": OF_LAW,
    "party/hoy/home.py": WORKED_OUT,
    "party/hoy/missing.py": WORKED_OUT,
    "party/informes/completeness.py": OF_ONE,
    "party/informes/preflight.py": WORKED_OUT,
    "party/informes/report_page.py": OF_ONE,
    "party/libros/chart_of_accounts.py": OF_LAW,
    "party/libros/openings.py": OF_ONE,
    "party/lotes/sat_lots.py": OF_A_FILE,
    "pending.py": WORKED_OUT,
    "public/candidatura.py": OF_ONE,
    "public/letras.py": OF_LAW,
    "public/pictures.py": WORKED_OUT,
    "public/reglas.py": OF_LAW,
    "term_pages.py": OF_LAW,
}
"""Modules whose rows are few, or are not read to be drawn, each with the reason."""


def _called(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def drawing() -> set[str]:
    """Return the modules of web that draw rows."""
    found = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in ROOT.rglob("*.py")}
    return {name for name, tree in found.items() if DRAWS & set(_called(tree))} - {*PIECES, "trabajos/words.py"}


def declared(kind: type[Any] = Listing) -> set[str]:
    """Return the modules that declare a list, which `test_listings` walks."""
    below = kind.__subclasses__()
    own = {f"{each.__module__.removeprefix('sif.web.').replace('.', '/')}.py" for each in below if each.columns}
    return own.union(*map(declared, below))


def test_whatever_draws_rows_is_counted_or_says_why_they_are_few() -> None:
    assert not COUNTED.keys() & FEW.keys()
    assert drawing() - declared() == (COUNTED.keys() | FEW.keys()) - declared()


@pytest.mark.parametrize("named", sorted({*COUNTED.values(), LISTS}))
def test_each_test_that_counts_is_there_and_counts(named: str) -> None:
    file, _, beginning = named.partition("::")
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    found = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef) and each.name.startswith(beginning)]
    assert found
    counts = {"CaptureQueriesContext", "asked", "count", "counted"}
    assert all(counts & {getattr(node, "id", "") for node in ast.walk(each)} for each in found)


def _event(scene: Any, n: int) -> None:
    person = create_usuario(f"entra{n}", f"Entra {n}", None)
    trail.write(trail.Clase.ENTRADA, "contraseña", person, tipo="Usuario", objeto=person.pk)


def _delegated(scene: Any, n: int) -> None:
    day = clock.today() + timedelta(days=n)
    appoint(
        scene.bruno, Nombramiento.Rol.CONSULTA, scene.partido, desde=day, hasta=day + timedelta(days=1), by=scene.alicia
    )


def _cut(scene: Any, n: int) -> None:
    first = Corte.objects.order_by("numero").first() or make_cut()
    if n:
        Corte.objects.create(numero=n + 1, hecho_el=first.hecho_el, hasta=0, raices=first.raices)


OFFICE: dict[str, tuple[str, Callable[[Any, int], object]]] = {
    "accesos": ("accesos", _event),
    "funciones": ("mis_nombramientos", _delegated),
    "raíces": ("administration:raices", _cut),
}


def counted(client: Client, place: str) -> tuple[list[str], str]:
    """Return what a page asks of the database once it was asked before, and its text."""
    client.get(place)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(place)
    assert answer.status_code == 200
    return [each["sql"] for each in asked], answer.text


def more(before: list[str], after: list[str]) -> list[str]:
    """Return the beginnings of what is asked more often."""
    return sorted({each[:300] for each in after if len(after) > len(before) and after.count(each) > before.count(each)})


@pytest.mark.parametrize("name", OFFICE)
def test_a_page_of_the_office_asks_as_much_at_fifty_rows(scene: Any, enter: Any, name: str) -> None:
    page, add = OFFICE[name]
    with everything():
        client = enter(scene.bruno if name == "funciones" else administrator())
    seen = []
    for numbers in (range(1), range(1, 50)):
        with everything(), registering():
            for n in numbers:
                add(scene, n)
        seen.append(counted(client, reverse(page)))
    (few, before), (many, after) = seen
    assert len(many) == len(few), more(few, many)
    assert after.count("<tr") >= before.count("<tr") + 20


def _documents(stage: ProcesoPublicado, n: int) -> None:
    DocumentoPublicado.objects.create(
        proceso=stage,
        clave=f"RES/{n}",
        titulo=f"Resolución {n}",
        siglas="PJ",
        pdf_sha256="a" * 64,
        publicado_el=MOMENT,
    )


def _sanctions(stage: ProcesoPublicado, n: int) -> None:
    row = stage.sanciones.order_by("pk")[0]
    row.pk, row.conclusion, row.regla = None, f"9_C{n}_PZ", f"RE{n:03d}"
    row.save(force_insert=True)


def _books(stage: ProcesoPublicado, n: int) -> None:
    publish_books(stage, 50_000 + n, f"Persona {n}", "PF", "Partido Faro", "El Rosal", 100 + n, 0)


PUBLIC: dict[str, Callable[[Any, int], object]] = {
    "candidaturas": _books,
    "documentos": _documents,
    "registro": _cut,
    "sanciones": _sanctions,
}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_page_of_the_portal_asks_as_much_at_fifty_rows(visitor: Client, world: ProcesoPublicado, name: str) -> None:
    with registering():
        PUBLIC[name](world, 0)
    few, before = counted(visitor, f"/{name}/")
    with registering():
        for n in range(1, 61):
            PUBLIC[name](world, n)
    many, after = counted(visitor, f"/{name}/")
    assert len(many) == len(few), more(few, many)
    assert after.count("<tr") >= before.count("<tr") + 20
    assert re.search(r"1 a \d\d de ", after)
