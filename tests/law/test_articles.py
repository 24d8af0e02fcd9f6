"""References to articles: how they are read, and what does not exist."""

import pytest

from sif.law.articles import UnknownArticle, is_read, load_articles, parse_reference, passage, read_articles, resolve

TEXT = """# LEY
### Artículo 1
. 1. Primero:

a) [uno;] Inciso reformado

b) dos:

I. alfa;

II. beta, y

III. gama. 2. Segundo, desde 2014. 3. Tercero.

## TÍTULO

### Artículo 1
Bis. 1. Añadido.

### Artículo 2
. Apartado A. Uno. Apartado B. Dos.

## Transitorios

### Artículo 1
. Otro texto.
"""


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("LGPP 56.2.d", (("parrafo", "2"), ("inciso", "d"))),
        ("LGPP 79.1.b.III", (("parrafo", "1"), ("inciso", "b"), ("fraccion", "III"))),
        ("CPEUM 41.III.A.a", (("fraccion", "III"), ("apartado", "A"), ("inciso", "a"))),
        ("RF 38.1", (("parrafo", "1"),)),
        ("RF 143 Bis.1", (("parrafo", "1"),)),
        ("CPEUM 41", ()),
    ],
)
def test_a_reference_is_taken_apart_and_written_back(text: str, steps: tuple[tuple[str, str], ...]) -> None:
    reference = parse_reference(text)
    assert reference.pasos == steps
    assert str(reference) == text


@pytest.mark.parametrize(
    "text", ["", "LGPP", "56.2", "LGPP cincuenta", "LGPP 56..2", "LGPP 56.dd", "lgpp 56", "LGPP 56.2 d"]
)
def test_what_is_not_a_reference_is_refused(text: str) -> None:
    with pytest.raises(UnknownArticle, match=r"LGPP (56\.2\.d|79\.1\.b\.III)"):
        parse_reference(text)


def test_the_passage_is_the_part_and_nothing_else() -> None:
    articles = read_articles(TEXT)
    assert set(articles) == {"1", "1 Bis", "2"}
    part = {ref: passage(articles["1"], parse_reference(f"LGPP {ref}")) for ref in ("1.1.a", "1.1.b.II", "1.2", "1.3")}
    assert part["1.1.a"].startswith("[uno;]") and "dos" not in part["1.1.a"]
    assert part["1.1.b.II"].strip() == "beta, y"
    assert part["1.2"].strip() == "Segundo, desde 2014."
    assert part["1.3"] == "Tercero."
    assert passage(articles["2"], parse_reference("LGPP 2.B")) == "Dos."
    assert articles["1 Bis"] == "1. Añadido."


def test_a_part_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownArticle, match="no tiene inciso c"):
        passage(read_articles(TEXT)["1"], parse_reference("LGPP 1.1.c"))


def test_resolving() -> None:
    assert resolve("LGPP 56.2.d", "mx").materia == "límites y formas de las aportaciones"
    assert resolve("LGPP 80", "mx").estatus == "confirmado"
    assert resolve("LGPP 12", "mx").estatus == "por confirmar"  # of a law that was read, whose text is not held
    assert resolve("RF 38.1", "mx").estatus == "por confirmar"
    assert resolve("CFF 69-B", "mx").numero == "69-B"
    assert "RF 143 Bis" in load_articles("mx")


@pytest.mark.parametrize(("text", "says"), [("LGPP 98", "termina en el artículo 97"), ("XYZ 1", "no se conoce la ley")])
def test_what_does_not_exist_is_refused(text: str, says: str) -> None:
    with pytest.raises(UnknownArticle, match=says):
        resolve(text, "mx")


@pytest.mark.parametrize(
    ("cited", "read"),
    [
        ("LGPP 56.2.d", True),
        ("LGPP 12.1", False),  # an article that the extract does not hold
        ("RF 38.1", False),  # a law that is listed and was not read
        ("CFF 29-A", False),  # a law that nobody lists
        ("LGPP 63.1.a; LGPP 80.1", True),
        ("LGPP 63.1.a; RF 46", False),
        ("LGPP", True),
        ("RF", False),
        ("Acuerdo INE/CG1/2024", True),  # no article of a law
    ],
)
def test_a_citation_is_read_where_the_text_of_each_article_is_held(cited: str, *, read: bool) -> None:
    assert is_read(cited, "mx") is read
