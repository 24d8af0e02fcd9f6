"""Pieces as data: clocks, drawings, states, icons, rails, tables, and the way of «Ir a…»."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation

from sif.values import Money, Problem
from sif.web import gauges, goto, icons, rails, states
from sif.web.clocks import Clock, duration_words, strip_days
from sif.web.columns import Column as Declared
from sif.web.columns import order_asked, panel
from sif.web.fields import ServiceForm, day_field, text_field
from sif.web.frame import Crumb, Frame
from sif.web.tables import Column, Link, Row, Spending, Table, Thing, page_number, pager_for, query_with
from sif.web.typed import day_filter

WEB = Path(__file__).parents[2] / "src" / "sif" / "web"
NOW = datetime(2026, 6, 4, 15, 48, tzinfo=UTC)
DUE = datetime(2026, 6, 7, 6, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def spanish():
    with translation.override("es-mx"):
        yield


def draw(text: str, address: str = "/", **context: object) -> str:
    request = RequestFactory().get(address)
    return Template("{% load piezas %}" + text).render(Context({"request": request, **context}))


def test_a_problem_says_what_was_seen_and_its_cure_and_then_its_place_but_no_key() -> None:
    def words(problem: Problem) -> str:
        return " ".join(re.sub(r"<[^>]+>", " ", draw("{% problems rows %}", rows=[problem])).split())

    assert words(Problem("suma", "parte_1", "Suman 90 %.", "Corríjalas.")) == "Suman 90 %. Corríjalas."
    seen = Problem("suma", "hoja Partes, fila 7, suma", "Suman 90 %.", "Corríjalas.")
    assert words(seen) == "Suman 90 %. Corríjalas. hoja Partes, fila 7, suma"


def test_a_table_offers_the_key_that_opens_only_where_a_row_opens() -> None:
    def drawn(url: str) -> str:
        rows = [Row({"a": Thing("Uno", url)})]
        data = Table("T", (Column("a", "A", "cosa"),), rows, exportar=(Link("CSV", "?formato=csv"),))
        return draw("{% table t %}", t=data)

    assert "<kbd>Enter</kbd>" in drawn("/uno/")
    assert "<kbd>J</kbd>" in drawn("")
    assert "<kbd>Enter</kbd>" not in drawn("")


def test_a_clock_tells_what_remains_in_the_tone_of_its_haste() -> None:
    clock = Clock("Informe", DUE, NOW)
    assert (clock.remaining, clock.tone) == ("2 días 14 h", "aviso")
    assert replace(clock, ahora=DUE - timedelta(days=4)).tone == "curso"
    assert replace(clock, ahora=DUE - timedelta(hours=14, minutes=12)).remaining == "14 h 12 min"
    late = replace(clock, ahora=DUE)
    assert (late.is_over, late.tone) == (True, "grave")


def test_a_term_that_was_met_is_one_quiet_line() -> None:
    late = Clock("Respuesta", DUE, DUE + timedelta(days=166))
    assert "Venció hace" in draw("{% clock t %}", t=late)
    met = draw("{% clock t %}", t=replace(late, hecho="contestado a tiempo"))
    assert "Venció hace" not in met and "tone-grave" not in met and "contestado a tiempo" in met
    assert "Plazo terminado el" in met
    assert "El plazo termina el" in draw("{% clock t %}", t=replace(late, ahora=NOW, hecho="contestado a tiempo"))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (True, True, "Enlazada con la anterior y la siguiente: comprobado"),
        (True, False, "Enlazada con la anterior: comprobado"),
        (False, True, "Enlazada con la siguiente: comprobado"),
        (False, False, "Única de la cadena: comprobado"),
    ],
)
def test_the_chain_says_with_what_an_entry_is_linked(before: bool, after: bool, words: str) -> None:
    link = {"asiento": 1, "referencia": "PN1/EG-1", "huella": "ab" * 32}
    ends = {"a": link if before else None, "s": link if after else None}
    assert words in " ".join(draw("{% chain a e s t %}", e=link, t=NOW, **ends).split())


def test_a_narrow_screen_goes_back_to_another_page_and_never_to_the_same() -> None:
    steps = [
        Crumb("Partido", "/partido/"),
        Crumb("Elección", "/partido/contabilidades/"),
        Crumb("Rosa", "/partido/x/7/"),
    ]
    asked = RequestFactory().get("/partido/x/7/")

    def backs(crumbs: list[Crumb]) -> list[str]:
        drawn = draw("{% include 'piezas/context.html' %}", request=asked, frame=Frame("party", migas=tuple(crumbs)))
        return [
            re.sub(r"<[^>]+>|\s", "", each) for each in re.findall(r'<li class="step-back">(.*?)</li>', drawn, re.S)
        ]

    assert backs(steps) == ["Elección"]
    assert backs([*steps[:2], Crumb("Oficio 5")]) == ["Elección"]
    assert backs(steps[:2]) == ["Elección"]
    assert backs([Crumb("Rosa", "/partido/x/7/")]) == ["Rosa"]


def test_a_day_is_drawn_as_people_write_it_however_the_address_did() -> None:
    box = day_filter("Desde").widget
    assert [box.format_value(text) for text in ("2026-05-18", "18/05/2026", "mayo", None)] == [
        "18/05/2026",
        "18/05/2026",
        "mayo",
        None,
    ]
    assert 'type="text"' in box.render("desde", "2026-05-18")


def test_what_is_missing_is_told_with_what_is_wrong() -> None:
    class Form(ServiceForm):
        nombre = text_field("Nombre", required=True)
        nota = text_field("Nota")
        desde = day_field("Desde")

    assert list(Form({"nombre": "", "nota": "", "desde": "ayer"}).errors) == ["desde", "nombre"]
    assert list(Form({"nombre": "Ana", "nota": "", "desde": "ayer"}).errors) == ["desde"]
    assert not Form({"nombre": "", "nota": "", "desde": "18/05/2026"}).errors  # the service will say it


def test_one_day_is_singular() -> None:
    assert duration_words(timedelta(days=1)) == "1 día"
    assert duration_words(timedelta(days=1, hours=2)) == "1 día 2 h"


def test_the_strip_marks_past_today_and_last() -> None:
    days = strip_days(Clock("Informe", DUE, NOW, desde=datetime(2026, 6, 3, 6, tzinfo=UTC)))
    assert [day.clase for day in days] == ["past", "today", "", "last"]
    assert days[1].texto == "jue 4 jun, hoy"


def test_the_gauge_is_drawn_to_scale_and_says_itself() -> None:
    drawing = gauges.tope(Money(70_00), Money(100_00))
    assert 'width="63.63%"' in drawing  # 70 of 110
    assert 'x1="90.90%"' in drawing  # the cap at 100 of 110
    assert 'class="over"' not in drawing
    assert "70.0 % del tope de $100.00" in drawing


def test_the_gauge_shows_the_excess_and_the_unreported() -> None:
    assert 'class="over"' in gauges.tope(Money(106_00), Money(100_00))
    both = gauges.tope(Money(96_00), Money(100_00), Money(4_03))
    assert "100.03 %" in both
    assert "url(#rayado)" in both


def test_what_is_remembered_is_said_in_the_language_of_whoever_reads() -> None:
    table = Table("T", (Column("x", "X", "tope"),), [Row({"x": Spending(Money(50), Money(100))})])
    own = draw("{% table t %}", t=table)
    with translation.override("en"):
        assert "50.0% of the cap of MXN 1.00" in draw("{% table t %}", t=table)
    assert draw("{% table t %}", t=table) == own
    assert "del tope de $1.00" in own


def test_a_gauge_without_cap_says_so_and_divides_nothing() -> None:
    assert "Sin tope propio" in gauges.tope(Money(5), Money(0))


def test_a_spending_far_beyond_stays_inside_the_drawing() -> None:
    assert gauges.width(10**12, 1, 110) == "100.00%"
    assert gauges.width(-5, 100) == "0.00%"


def test_drawings_carry_no_style_attribute() -> None:
    everything = gauges.tope(Money(5), Money(3), Money(1), "large") + gauges.meter(1, 2) + gauges.before_after(2, 1, 2)
    assert "style=" not in everything


def test_templates_carry_no_inline_style_nor_script() -> None:
    for file in (WEB / "templates").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style", text), file.name
        assert not re.search(r"<script(?![^>]*(?:\ssrc=|type=\"application/json\"))", text), file.name


def test_every_state_has_a_known_tone_and_an_icon_of_the_sprite() -> None:
    for look in states.STATES.values():
        assert look.tono in {"neutro", "curso", "bien", "aviso", "grave", "juicio"}
        assert look.icono in icons.ICONS


def test_unknown_state_and_icon_are_refused_with_their_cure() -> None:
    with pytest.raises(states.UnknownState, match=r"states\.py"):
        states.state_look("feliz")
    with pytest.raises(icons.UnknownIcon, match=r"icons\.py"):
        icons.icon_name("unicornio")


def test_rails_keep_their_measure_and_their_icons() -> None:
    for desk in rails.DESKS.values():
        titled = [group for group in desk.grupos if group.titulo]
        assert len(titled) <= 6
        assert all(len(group.paginas) <= 6 for group in desk.grupos)
        keys = [page.clave for page in rails.pages(desk)]
        assert len(keys) == len(set(keys))
        assert all(page.icono in icons.ICONS for page in rails.pages(desk))


def test_the_rail_shows_only_pages_that_answer() -> None:
    def where(name: str) -> str:
        return "/p/" if name == "party:polizas" else ""

    groups = rails.rail_groups(rails.PARTY, "polizas", {"polizas": 7}, where)
    assert [(title, [link.url for link in links]) for title, links in groups] == [("Libros", ["/p/"])]
    assert (groups[0][1][0].actual, groups[0][1][0].cuenta) == (True, 7)


def test_the_rail_hides_what_a_person_may_not_open(scene: Any, enter: Callable[[Any], Client]) -> None:
    for person, shown in ((scene.alicia, True), (scene.bruno, False)):
        page = enter(person).get("/partido/").text
        assert ('href="/cuenta/personas/"' in page) is shown
        assert ('href="/partido/miradas/"' in page) is shown


def test_a_table_has_roles_labels_order_and_a_double_ruled_total() -> None:
    columns = (Column("quien", "Sujeto", "cosa", ordenable=True), Column("monto", "Monto", "dinero", ordenable=True))
    table = Table(
        "Montos",
        columns,
        [Row({"quien": Thing("A & B", url="/a/", clave="TG001"), "monto": Money.parse("-20.00")})],
        {"monto": Money.parse("-20.00")},
        "Suma de esta página",
        "-monto",
        pager_for(2, 120),
    )
    html = draw("{% table t %}", "/lista/?estado=abierto&pagina=2", t=table)
    assert '<table class="lista" role="table"' in html
    assert 'aria-sort="descending"' in html
    assert "?estado=abierto&amp;orden=monto" in html
    assert 'data-label="Monto"' in html
    assert "A &amp; B" in html
    assert '<span class="sum">−$20.00</span>' in html
    assert "51 a 100 de 120" in html
    assert "pagina=3" in html


def test_an_absent_amount_is_a_word() -> None:
    html = draw("{% table t %}", t=Table("T", (Column("m", "M", "dinero"),), [Row({"m": "no aplica"})]))
    assert '<span class="absent">no aplica</span>' in html


def test_what_people_typed_is_escaped_in_every_kind() -> None:
    nasty = "<script>x</script>"
    for kind in ("cosa", "texto", "clave", "articulo", "dinero", "accion", "dia", "tope"):
        value = Link(nasty, "/x/") if kind == "accion" else nasty
        html = draw("{% table t %}", t=Table("T", (Column("c", nasty, kind),), [Row({"c": value})]))
        assert nasty not in html, kind


def test_over_the_cap_is_marked_in_its_cell() -> None:
    cell = Spending(Money(100_04), Money(100_00))
    html = draw("{% table t %}", t=Table("T", (Column("g", "G", "tope"),), [Row({"g": cell})]))
    assert '<strong class="tone-over">100.04 %</strong>' in html


def test_a_column_of_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="dinero"):
        Column("x", "X", "euros")


@pytest.mark.parametrize(
    ("page", "total", "wanted"),
    [(1, 0, (0, 0, 0, 0)), (1, 50, (1, 50, 0, 0)), (2, 51, (51, 51, 1, 0)), (99, 51, (51, 51, 1, 0))],
)
def test_pages_of_fifty(page: int, total: int, wanted: tuple[int, int, int, int]) -> None:
    pager = pager_for(page, total)
    assert (pager.desde, pager.hasta, pager.anterior, pager.siguiente) == wanted


@pytest.mark.parametrize(("text", "number"), [("3", 3), ("", 1), ("0", 1), ("-2", 1), ("x", 1), ("9" * 30, 1)])
def test_a_page_number_from_anyone(text: str, number: int) -> None:
    assert page_number(QueryDict(f"pagina={text}")) == number


def test_only_sortable_columns_sort() -> None:
    columns = (Declared("a", "A", sort=True), Declared("b", "B"))
    assert order_asked(QueryDict("orden=-a"), columns, "b") == "-a"
    assert order_asked(QueryDict("orden=b"), columns, "-a") == "-a"
    assert order_asked(QueryDict("orden=a;drop"), columns, "-a") == "-a"


def test_a_panel_without_rows_keeps_its_foot_and_sums_what_is_said() -> None:
    columns = (Declared("a", "A"), Declared("b", "B", "dinero", total=True))
    assert panel("T", [], columns).totales == {"b": Money(0)}  # a table of a head alone has no row to read
    rows = [{"a": "x", "b": 100}, {"a": "y", "b": None}]
    assert panel("T", rows, columns).totales == {"b": Money(100)}
    assert panel("T", rows, columns, totales={"b": Money(5)}).totales == {"b": Money(5)}


def test_query_keeps_the_filters() -> None:
    assert query_with(QueryDict("a=1&pagina=2"), pagina=3) == "?a=1&pagina=3"
    assert query_with(QueryDict("pagina=2"), pagina="") == "?"


def test_keys_and_names_find_their_page() -> None:
    assert "party:polizas" in goto.key_lists("PN2/EG-118/MAY-2026")
    assert "auditor:cfdi" in goto.key_lists("7c1e90b4-3f0a-4d52-9b17-0e6a51c2d8f3")
    assert goto.key_lists("hola") == ()
    assert goto.pages_named("") == []
    assert goto.plain(" PÓLIZAS ") == "polizas"


def test_a_basis_of_several_articles_is_a_link_for_each() -> None:
    shown = Template("{% load piezas %}{% article 'RF 96.3; LGPP 56.3' %}").render(Context())
    assert re.findall(r'href="([^"]+)"', shown) == ["/ley/RF-96.3/", "/ley/LGPP-56.3/"]
