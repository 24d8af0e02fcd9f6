"""Words are found in the database as Python folds them, whatever their accents, capitals and signs of patterns."""

import pytest

from sif.registry.folding import fold, with_words
from sif.registry.models import Proveedor
from sif.registry.scope import everything

NAMES = ("Muñoz Peña, José", "MUNOZ PENA JOSE", "Cañón 100%_puro", "Càlçot\\s", "Ñandú", "Plaza 4021")
TYPED = (
    "munoz",
    "MUÑOZ jose",
    "pena",
    "100%",
    "100%_",
    "%",
    "_",
    "\\",
    "nandu",
    "calcot",
    "ipek",
    "4021",
    "z p",
    "a_a",
)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", TYPED)
def test_words_match_in_the_database_as_folded_texts_do(typed: str) -> None:
    with everything():
        for n, name in enumerate(NAMES):
            Proveedor.objects.create(rfc=f"PRV80010{n:04d}", nombre=name)
        found = set(
            with_words(Proveedor.objects.filter(nombre__in=NAMES), typed, "rfc", "nombre").values_list("nombre")
        )
    rfcs = {name: f"prv80010{n:04d}" for n, name in enumerate(NAMES)}
    wanted = {(name,) for name in NAMES if all(word in f"{rfcs[name]} {fold(name)}" for word in fold(typed).split())}
    assert found == wanted
