"""A text of law is kept as a version with its articles, whatever its format; an empty one is refused in words."""

from datetime import date
from typing import Any

import pytest
from django.db import Error, transaction

from kept import keeps
from proceedings.world import World, campaign_of_2018
from sif.registry import scope
from sif.registry.services import appoint
from sif.statutes import loading
from sif.statutes.loading import load_text
from sif.statutes.models import ArticuloDeLey, TextoDeLey
from sif.statutes.selectors import articles_of, comparison, version_of, versions, whole_comparison
from sif.values import Refused, Span
from statutes.texts import ARTICLES, as_markdown, as_pdf, as_text

DAY = date(2023, 8, 22)


@pytest.fixture
@keeps(campaign_of_2018)
def world(world_of: Any) -> Any:
    with scope.everything():
        yield world_of(campaign_of_2018)


@pytest.mark.parametrize(
    "data",
    [
        as_text().encode(),
        as_text().encode("cp1252"),
        ("\ufeff" + as_text().replace("\n", "\r\n")).encode(),
        as_markdown().encode(),
        as_pdf(),
    ],
    ids=["dof", "windows", "bom", "markdown", "pdf"],
)
def test_the_articles_are_the_same_whatever_the_format(world: World, data: bytes) -> None:
    texto = load_text("RF", data, DAY, world.gloria, archivo="reglamento")
    assert (texto.ley, texto.articulos, texto.cargado_por) == ("RF", len(ARTICLES), world.gloria)
    assert list(articles_of(texto.pk)) == list(ARTICLES)
    assert "hasta tres días después" in " ".join(articles_of(texto.pk)["38"].split())
    assert "DIARIO OFICIAL" not in "".join(articles_of(texto.pk).values())


def test_what_agrees_what_differs_and_what_is_not_found(world: World) -> None:
    said = comparison(version_of(load_text("RF", as_text().encode(), DAY, world.gloria)))
    agree, differ, absent = (
        {each.clave for each in rows} for rows in (said.coinciden, said.difieren, said.no_halladas)
    )
    assert {"regla RE001 RF 38.1", "cifra plazo_registro_dias 2014-12-19", "cifra rnp_umbral_uma 2014-12-19"} <= agree
    assert "cifra plazo_cancelar_evento_horas 2014-12-19" in agree
    assert {"regla EV001 RF 127.1", "criterio registro_extemporaneo 2025-01-01"} <= differ
    assert {"regla BA001 RF 54.1", "regla AP012 RF 104.1"} <= absent
    assert "criterio registro_extemporaneo 2023-09-01" in differ, "rige hasta 2025: todavía en agosto de 2023"
    assert all(each.articulo.startswith("RF ") for rows in (said.coinciden, said.difieren) for each in rows)
    assert said.citas == len(agree) + len(differ) + len(absent)


def test_a_version_rules_until_the_next_and_only_its_days_are_compared(world: World) -> None:
    old = {**ARTICLES, "38": ARTICLES["38"].replace("tres", "cinco")}
    load_text("RF", as_text(old).encode(), date(2014, 12, 19), world.gloria)
    load_text("RF", as_text().encode(), DAY, world.gloria)
    load_text("CFF", b"Art\xc3\xadculo 29. Uno.", date(2014, 1, 1), world.gloria, hasta=date(2015, 1, 1))
    assert [(each.texto.ley, each.lapso) for each in versions()] == [
        ("CFF", Span(date(2014, 1, 1), date(2015, 1, 1))),
        ("RF", Span(date(2014, 12, 19), DAY)),
        ("RF", Span(DAY)),
    ]
    first = {each.clave for each in comparison(versions()[1]).difieren}
    assert "cifra plazo_registro_dias 2014-12-19" in first
    assert "criterio registro_extemporaneo 2025-01-01" not in first, "rige desde 2025"
    said = whole_comparison()
    assert [each.clave for each in said.difieren].count("cifra plazo_registro_dias 2014-12-19") == 1
    assert "regla CF001 LGPP 63.1.a" in {each.clave for each in said.no_halladas}, "de LGPP no hay texto"


def test_the_same_file_again_is_the_same_version_and_another_of_that_day_follows_it(world: World) -> None:
    one = load_text("RF", as_text().encode(), DAY, world.gloria)
    assert load_text("RF", as_text().encode(), DAY, world.sofia) == one
    other = load_text("RF", as_markdown().encode(), DAY, world.sofia)
    assert [each.texto for each in versions()] == [other]


@pytest.mark.parametrize(
    ("ley", "data", "hasta", "says"),
    [
        ("rf", as_text().encode(), None, "no es la clave de una ley"),
        ("RF", b"", None, "vacío"),
        ("RF", b"Nada que leer.", None, "ningún artículo"),
        ("RF", b"%PDF-1.7 roto", None, "dañado"),
        ("RF", as_text().encode(), DAY, "debe ser posterior"),
        ("RF", as_pdf({}, 3), None, "ningún artículo"),
        ("RF", b"\0" * 1000, None, "ningún artículo"),
        ("LGIPEE", as_text().encode(), None, "¿Es LGIPE"),
        ("ZZZZZZ", as_text().encode(), None, "Se cargan CPEUM, LGPP, LGIPE, LGSMIME, LDVUMA, RF, RPSMF, LFT, CFF"),
    ],
)
def test_what_is_no_law_is_refused_and_nothing_is_kept(
    world: World, ley: str, data: bytes, hasta: date | None, says: str
) -> None:
    with pytest.raises(Refused, match=says):
        load_text(ley, data, DAY, world.gloria, hasta=hasta)
    assert not TextoDeLey.objects.exists() and not ArticuloDeLey.objects.exists()


@pytest.mark.parametrize(("bound", "most"), [("MOST_ARTICLES", 1), ("MOST_LETTERS", 10)])
def test_a_text_longer_than_any_law_is_refused_and_nothing_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch, bound: str, most: int
) -> None:
    monkeypatch.setattr(loading, bound, most)
    with pytest.raises(Refused, match="ninguna ley es tan larga"):
        load_text("RF", as_text().encode(), DAY, world.gloria)
    assert not TextoDeLey.objects.exists() and not ArticuloDeLey.objects.exists()


def test_who_loads(world: World) -> None:
    for person in (world.alicia, world.dario, world.consejo[0]):
        with pytest.raises(Refused, match="no carga leyes"):
            load_text("RF", as_text().encode(), DAY, person)
    appoint(world.dario, "administrador")
    assert load_text("RF", as_text().encode(), DAY, world.dario).cargado_por == world.dario
    assert load_text("RF", as_text().encode(), date(2020, 1, 1), None).cargado_por is None


def test_a_text_is_a_record(world: World) -> None:
    texto = load_text("RF", as_text().encode(), DAY, world.gloria)
    for rows in (TextoDeLey.objects.filter(pk=texto.pk), ArticuloDeLey.objects.filter(texto=texto)):
        with pytest.raises(Error), transaction.atomic():
            rows.update(id=-1)
        with pytest.raises(Error), transaction.atomic():
            rows.delete()
