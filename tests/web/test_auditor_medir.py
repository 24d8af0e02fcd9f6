"""Progress of the review, the matrix and the risk panel on the pages: figures that open, and a sheet both ways."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from flat import flat
from proceedings.world import at
from runs import run_again
from sif.audit import review as bench
from sif.audit.matrix import SHEET
from sif.audit.models import Hallazgo, Propuesta, Reparto
from sif.audit.review_selectors import words_of
from sif.filing.selectors import obligations
from sif.proceedings.progress import review_steps
from sif.registry import clock
from sif.registry.models import Contabilidad
from sif.registry.scope import everything, registering
from sif.registry.services import open_contabilidad
from sif.web.states_map import StateAmount, _drawing, level_of, tile_map
from web.audit_scene import Scene, audited, review

__all__ = ["audited", "review"]
Enter = Callable[[Any], Client]
PAGES = ("avance", "matriz", "riesgo")


@pytest.fixture
def dario(review: Scene, enter: Enter) -> Client:
    return enter(review.world.dario)


@pytest.mark.parametrize("name", PAGES)
def test_each_page_works_and_refuses_a_stranger(review: Scene, enter: Enter, name: str) -> None:
    address = reverse(f"auditor:{name}")
    assert enter(review.world.dario).get(address).status_code == 200
    assert "/cuenta/login/" in Client().get(address)["Location"]
    for stranger in (review.world.alicia, review.world.consejo[0]):
        assert enter(stranger).get(address).status_code == 403
        assert enter(stranger).post(reverse("auditor:repartir")).status_code == 403
        assert enter(stranger).post(reverse("auditor:aplicar_matriz")).status_code == 403
        assert enter(stranger).get(reverse("auditor:matriz_xlsx")).status_code == 403


def test_an_auditor_asks_for_a_run_and_follows_it(review: Scene, dario: Client, enter: Enter, settings: Any) -> None:
    settings.TRABAJOS_EN_LINEA = False
    page = reverse("auditor:corridas")
    assert "Congelar y correr" in dario.get(page).text
    asked = [dario.post(page) for _press in range(2)]
    assert asked[0]["Location"] == asked[1]["Location"]
    going = dario.get(page).text
    assert "Hay una corrida en curso" in going and asked[0]["Location"] in going and "Congelar y correr<" not in going
    assert "Congelar los libros y correr el reglamento" in dario.get(asked[0]["Location"]).text
    assert "Otra persona ya pidió" in enter(review.world.elena).post(page, follow=True).text
    assert "/cuenta/login/" in Client().get(page)["Location"]
    for stranger in (review.world.alicia, review.world.consejo[0]):
        assert enter(stranger).post(page).status_code == 403
        assert enter(stranger).get(page).status_code == 403


def test_before_the_reports_are_due_it_says_how_many_may_still_come(review: Scene, dario: Client) -> None:
    page, etapa = reverse("auditor:corridas"), review.world.etapa
    with everything():
        due = max(each.vence_el for each in obligations(etapa))
    for moment, waits in ((due - timedelta(minutes=1), True), (due, False)):
        with clock.at(moment):
            with everything():
                left = sum(each.recibida_el is None and each.vence_el == due for each in obligations(etapa))
            shown = dario.get(page)
        assert left and shown.context["por_llegar"] == (left if waits else 0)
        assert ("pida otra cuando venza el plazo" in shown.text) is waits
        assert (f"{left} informe" in shown.text) is waits


def test_the_runs_are_listed_by_pages_and_given_as_a_file(review: Scene, dario: Client) -> None:
    page = reverse("auditor:corridas")

    def asked() -> int:
        dario.get(page)
        with CaptureQueriesContext(connection) as found:
            assert dario.get(page).status_code == 200
        return len(found)

    run_again(review.corrida.instantanea)
    before = asked()
    for _each in range(60):
        run_again(review.corrida.instantanea)
    assert asked() == before
    assert dario.get(page).text.count("<tr") == 51  # a full page and its head
    assert dario.get(page, {"pagina": "2"}).text.count("<tr") > 2
    lines = dario.get(page, {"formato": "csv"}).content.decode("utf-8-sig").splitlines()
    assert lines[0] == "corrida,instantanea,corte,reglas,hallazgos,fin_el"
    assert len(lines) > 61
    assert load_workbook(io.BytesIO(dario.get(page, {"formato": "xlsx"}).content)).active.max_row == len(lines)


def test_before_any_run_each_page_says_so(review: Scene, dario: Client) -> None:
    session = dario.session
    with registering():
        other = review.world.etapa.proceso.etapas.create(
            tipo="precampana", inicia_el="2024-01-01", termina_el="2024-02-01"
        )
    session["etapa"] = other.pk
    session.save()
    for name in PAGES:
        page = dario.get(reverse(f"auditor:{name}"))
        assert "El reglamento todavía no ha corrido" in page.text, name
        title = page.context["frame"].title
        assert title and f"<h1>{title}</h1>" in page.text, name
    assert dario.get(reverse("auditor:matriz_xlsx")).status_code == 404


def test_the_pace_is_told_against_the_term(review: Scene, dario: Client) -> None:
    address, rows = reverse("auditor:avance"), review.pending()
    assert (
        "Nadie ha decidido en los últimos días. Para llegar al 11 jun 2024 hacen falta 4 al día."
        in dario.get(address).text
    )
    with everything():
        bench.propose(rows[:2], "adoptar", "", review.world.dario)
    page = dario.get(address).text  # two proposed in the seven days since the run: 2 / 7
    assert "Al paso de 0.2 al día se termina el 18 jun 2024 y el plazo vence el 11 jun 2024." in page
    with everything():
        bench.propose(rows[2:], "desechar", "Se aclaró.", review.world.dario)
    assert "No queda nada por revisar." in dario.get(address).text
    with at("2024-06-13 09:00"):
        assert "Terminado" in dario.get(address).text
    with at("2024-11-29 09:00"):
        told = dario.get(address).text
        assert "Plazo terminado el" in told and "Venció hace" not in told


def test_the_pictures_of_the_advance_say_who_has_how_much_left_and_each_day(review: Scene, dario: Client) -> None:
    with everything():
        bench.propose(review.pending()[:1], "adoptar", "", review.world.dario)
    page = dario.get(reverse("auditor:avance")).text
    people, days = (part.split("</figure>")[0] for part in page.split('<figure class="panel chart">')[1:3])
    assert "¿Cuánto ha revisado cada persona de lo que tiene?" in people
    assert "<title>Sin asignar, Por revisar: 3</title>" in people
    sums = [
        int(re.sub("<[^>]+>", "", cell)) for cell in re.findall(r'<td[^>]*class="num"[^>]*>(.*?)</td>', flat(people))
    ]
    assert sums == [0, 1, 3]
    assert "¿Cuántos hallazgos se proponen o deciden cada día?" in days
    assert [int(n) for n in re.findall(r"Hallazgos: (\d+)</title>", days)][-1] == 1


def test_after_the_term_it_says_what_was_left(review: Scene, dario: Client) -> None:
    with at("2024-06-13 09:00"):
        assert (
            "El plazo venció el 11 jun 2024 y quedan 4 hallazgos por revisar."
            in dario.get(reverse("auditor:avance")).text
        )


def test_the_calendar_counts_what_each_step_has_done(review: Scene) -> None:
    with everything():
        open_contabilidad(review.world.etapa, review.world.partido, Contabilidad.Clase.CONCENTRADORA)
        assert review_steps(review.world.etapa) == {"informe": (0, 6)}  # a concentradora files no report
    review.adopted("EV001")
    with everything():
        assert review_steps(review.world.etapa) == {
            "informe": (0, 6),
            "oficio": (0, 1),
            "dictamen": (0, 1),
        }
    review.closed() if review.notified() else None
    with everything():
        assert review_steps(review.world.etapa) == {
            "informe": (0, 6),
            "oficio": (1, 1),
            "respuesta": (0, 1),
            "dictamen": (1, 1),
            "comision": (0, 1),
        }


def test_work_is_shared_out_by_rule_and_ended(review: Scene, dario: Client) -> None:
    share, elena = reverse("auditor:repartir"), review.world.elena
    sent = {"regla": "CF001", "sujeto": "", "usuario": str(elena.pk)}
    assert "lo revisa Elena Márquez" in dario.post(share, sent, follow=True).text
    page = dario.get(reverse("auditor:hallazgos"), {"asignado": str(elena.pk)}).text
    assert "1 a 1 de 1" in page
    kept = Reparto.objects.get()
    assert (kept.regla, kept.usuario, kept.hecho_por) == ("CF001", elena, review.world.dario)
    assert "al menos uno" in dario.post(share, {**sent, "regla": ""}, follow=True).text
    assert "no audita" in dario.post(share, {**sent, "usuario": str(review.world.alicia.pk)}, follow=True).text
    assert dario.post(share, {**sent, "usuario": "x"}).status_code == 404
    assert dario.post(share, {**sent, "regla": "ZZ999"}).status_code == 404
    ending = reverse("auditor:terminar_reparto", args=[kept.pk])
    assert dario.get(ending).status_code == 405
    dario.post(ending)
    assert "Nadie tiene reglas ni sujetos repartidos." in dario.post(ending, follow=True).text


def _figures(page: str, pattern: str) -> list[str]:
    return [unescape(url) for url in re.findall(pattern, page)]


def test_every_figure_of_risk_opens_to_its_rows(review: Scene, dario: Client) -> None:
    rows = review.pending()
    with everything():
        bench.confirm(bench.propose(rows[:1], "desechar", "Se aclaró.", review.world.dario), review.world.elena)
        bench.confirm(bench.propose(rows[1:2], "adoptar", "", review.world.dario), review.world.elena)
        bench.propose(rows[2:3], "adoptar", "", review.world.dario)  # nobody has decided it yet
    page = dario.get(reverse("auditor:riesgo")).text
    alive = sum(row.monto for row in rows[1:])
    assert f"${alive / 100:,.2f}" in page
    assert "Suma de 1 contabilidad<" in page
    addresses = set(_figures(page, r'href="(/auditoria/hallazgos/[^"]*)"'))
    expected = {
        "decision=en_riesgo&contabilidad=8802": 3,
        "decision=en_riesgo&entidad=MEX": 3,
        "decision=en_riesgo&regla=CF001": 1,
        "decision=adoptado": 1,
        "decision=por_decidir": 2,
        f"decision=en_riesgo&sujeto={review.world.partido.pk}": 3,
        "decision=en_riesgo": 3,
    }
    for query, many in expected.items():
        address = f"{reverse('auditor:hallazgos')}?{query}"
        assert address in addresses, query
        assert f"1 a {many} de {many}" in dario.get(address).text, query
    assert rows[0].regla not in page.split("Por regla")[-1].split("</section>")[0]


def test_the_map_says_each_state_and_the_table_says_it_too(review: Scene, dario: Client) -> None:
    page = dario.get(reverse("auditor:riesgo")).text
    assert 'aria-label="México: $278,400.00 en 4 hallazgos"' in page
    assert page.count('class="tile level-') == 32 + 4  # the legend has four
    assert "<style" not in page
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", page.split('class="tile-map"')[1].split("</svg>")[0])


def test_every_state_has_its_tile_and_no_two_the_same() -> None:
    names, places = _drawing("mx")
    assert len(places) == len(set(places.values())) == len({names[key] for key in places}) == 32
    assert all(0 <= x < 11 and 0 <= y < 5 for x, y in places.values())
    risk = {
        key: StateAmount(key, names.get(key, key), 100 * n, f"{n} cosas", f"?{key}")
        for n, key in enumerate(("ZAC", "QTO", "QUE", "XX", ""), 1)
    }
    drawn = str(tile_map(risk, "Mapa"))
    assert drawn.count("<a ") == 4  # the whole country has no tile; XX and the second key of Querétaro stand below
    assert [level_of(n, 400) for n in (0, 1, 100, 101, 400)] == [0, 1, 1, 2, 4]


def _sheet(dario: Client, query: str = "", **edits: str) -> SimpleUploadedFile:
    book = load_workbook(io.BytesIO(dario.get(f"{reverse('auditor:matriz_xlsx')}?{query}").content))
    for place, value in edits.items():
        book[SHEET][place] = value
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("matriz.xlsx", out.getvalue())


def _planned(page: str) -> dict[str, str]:
    """The field of the form that imports what a plan shows."""
    return {"trabajo": re.search(r'name="trabajo" value="([0-9]+)"', page)[1]}  # type: ignore[index]


def test_the_matrix_is_looked_at_and_then_written_once(review: Scene, dario: Client, enter: Enter) -> None:
    page_of, apply = reverse("auditor:matriz"), reverse("auditor:aplicar_matriz")
    same = dario.post(page_of, {"archivo": _sheet(dario)}, follow=True)
    assert "Nada: la matriz dice lo mismo que lo guardado." in same.text
    sheet = _sheet(dario, "regla=CF001", K2="La póliza carece de XML.", L2="adoptar", N2="elena")
    seen = dario.post(page_of, {"archivo": sheet}, follow=True)
    assert seen.status_code == 200
    assert "Importar 3 cambios" in seen.text
    assert "Fila 2, Decisión" in seen.text
    assert not Propuesta.objects.exists()
    assert dario.get(apply).status_code == 405
    plan_page = seen.redirect_chain[-1][0]
    assert enter(review.world.elena).get(plan_page).status_code == 404
    assert enter(review.world.alicia).get(plan_page).status_code == 403
    assert "No se encuentra el archivo" in enter(review.world.elena).post(apply, _planned(seen.text), follow=True).text
    told = dario.post(apply, _planned(seen.text), follow=True).text
    assert "Matriz importada: 1 textos, 1 decisiones propuestas y 1 asignaciones." in told
    again = dario.post(apply, _planned(seen.text), follow=True).text
    assert "ya no es lo que revisó" in again
    (row,) = Hallazgo.objects.filter(corrida=review.corrida, regla="CF001")
    with everything():
        assert words_of([row]) == {row.pk: "La póliza carece de XML."}
    assert Propuesta.objects.get().propuesta_por == review.world.dario


def test_a_matrix_with_errors_says_each_cell_and_writes_nothing(review: Scene, dario: Client) -> None:
    page_of, apply = reverse("auditor:matriz"), reverse("auditor:aplicar_matriz")
    page = dario.post(page_of, {"archivo": _sheet(dario, K2="Palabras.", L3="quizá", H4="1")}, follow=True)
    assert "fila 3, columna Decisión" in page.text
    assert "fila 4, columna Monto" in page.text
    assert 'name="trabajo"' not in page.text
    broken = dario.post(page_of, {"archivo": _sheet(dario, K2="=1+1")}, follow=True).text
    assert "La matriz no se puede leer" in broken and "fórmula" in broken
    nothing = dario.post(page_of)
    assert nothing.status_code == 422 and "No eligió un archivo" in nothing.text
    pdf = {"archivo": SimpleUploadedFile("m.xlsx", b"%PDF-1.7 x")}
    assert "Es un PDF" in dario.post(page_of, pdf, follow=True).text
    assert "No se encuentra el archivo" in dario.post(apply, {"trabajo": "0"}, follow=True).text
    assert not Propuesta.objects.exists()


def test_a_plan_that_is_no_longer_kept_is_told(review: Scene, dario: Client, settings: Any, tmp_path: Any) -> None:
    seen = dario.post(reverse("auditor:matriz"), {"archivo": _sheet(dario, "regla=CF001", L2="adoptar")}, follow=True)
    settings.DATOS = tmp_path
    told = dario.get(seen.redirect_chain[-1][0], follow=True).text
    assert "El archivo ya no se guarda" in told
    assert (
        "No se encuentra el archivo"
        in dario.post(reverse("auditor:aplicar_matriz"), _planned(seen.text), follow=True).text
    )
