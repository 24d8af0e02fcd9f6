"""A look at whole keys says for what, in words enough to find the document, the person or the matter."""

import pytest

from sif.registry.looks import FEWEST_WORDS, LookRefused, Reason, words_of


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Acta de Nora", "Cotejar un documento: Acta de Nora"),
        ("  Acta  de\n Nora ", "Cotejar un documento: Acta de Nora"),
        ("Acta acta ACTA", ""),
        ("Acta de", ""),
        ("a b c d", ""),
        ("", ""),
    ],
)
def test_three_different_words_are_the_fewest(words: str, said: str) -> None:
    if said:
        assert words_of(Reason("cotejar", words)) == said
        return
    with pytest.raises(LookRefused, match=f"{FEWEST_WORDS} palabras o más"):
        words_of(Reason("cotejar", words))


def test_a_purpose_out_of_the_list_is_refused() -> None:
    with pytest.raises(LookRefused, match="Elíjalo de la lista"):
        words_of(Reason("curiosidad", "Acta de Nora Segura"))
