"""Write the name of a subject within a sentence in Spanish: «al Partido Jacaranda», «de la Coalición»."""

ARTICLES = {
    "el": ("partido", "frente"),
    "la": ("agrupacion", "agrupación", "alianza", "asociacion", "asociación", "candidatura", "coalicion", "coalición",
           "federacion", "federación", "organizacion", "organización"),
}  # fmt: skip
"""The nouns by which the name of a subject may begin, under their article; other names, of people too, have none."""
_CONTRACTED = {"a el": "al", "de el": "del"}


def named(nombre: str, before: str = "") -> str:
    """Return a name with its article, after a preposition where one is given: `named("Partido Rival", "a")`."""
    first = nombre.partition(" ")[0].lower()
    article = next((each for each, nouns in ARTICLES.items() if first in nouns), "")
    said = f"{before} {article}".strip()
    return f"{_CONTRACTED.get(said, said)} {nombre}".strip()


def forms_of(nombre: str) -> dict[str, str]:
    """Return the forms that templates of sentences name: {sujeto}, {a_sujeto} and {de_sujeto}."""
    return {"sujeto": named(nombre), "a_sujeto": named(nombre, "a"), "de_sujeto": named(nombre, "de")}
