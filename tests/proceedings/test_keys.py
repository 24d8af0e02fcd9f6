"""Keys of conclusions as real rulings write them."""

import pytest

from sif.proceedings.keys import ConclusionKey, InvalidConclusionKey, parse_conclusion_key


@pytest.mark.parametrize(
    ("text", "key", "canonical"),
    [
        ("6_C38_FD", ConclusionKey("6", 38, "FD"), "6_C38_FD"),
        ("6_C103 BIS_FD", ConclusionKey("6", 103, "FD", "BIS"), "6_C103 BIS_FD"),
        ("6_C57BIS_FD", ConclusionKey("6", 57, "FD", "BIS"), "6_C57 BIS_FD"),
        ("9.1_C17_COA JHH_OX", ConclusionKey("9.1", 17, "OX", "", "COA JHH"), "9.1_C17_COA JHH_OX"),
        ("7.10-C27-MORENA-CL", ConclusionKey("7.10", 27, "CL", "", "MORENA", guion=True), "7.10-C27-MORENA-CL"),
        ("8.2_C219 BIS_FD", ConclusionKey("8.2", 219, "FD", "BIS"), "8.2_C219 BIS_FD"),
        ("7_C11 BIS_JL", ConclusionKey("7", 11, "JL", "BIS"), "7_C11 BIS_JL"),
        ("6_C12_MC_TM", ConclusionKey("6", 12, "TM", "", "MC"), "6_C12_MC_TM"),
        (" 6_c38 _fd ", ConclusionKey("6", 38, "FD"), "6_C38_FD"),
    ],
)
def test_every_variant_found_in_rulings_is_read(text: str, key: ConclusionKey, canonical: str) -> None:
    assert parse_conclusion_key(text) == key
    assert str(key) == canonical
    assert parse_conclusion_key(canonical) == key


@pytest.mark.parametrize("text", ["", "6_C0_FD", "C38_FD", "6_38_FD", "6_C38", "6_C38-FD", "6_C38_FDX", "6_C38_FD; x"])
def test_anything_else_is_refused_with_its_cure(text: str) -> None:
    with pytest.raises(InvalidConclusionKey) as refused:
        parse_conclusion_key(text)
    assert refused.value.problems[0].donde == f"clave «{text}»"
    assert "6_C38_FD" in refused.value.problems[0].cura


def test_keys_sort_as_a_person_sorts_them() -> None:
    keys = [parse_conclusion_key(text) for text in ("6_C10 BIS_FD", "6_C10_FD", "6_C9_FD", "5_C11_FD")]
    assert [str(key) for key in sorted(keys, key=lambda key: key.order)] == [
        "5_C11_FD",
        "6_C9_FD",
        "6_C10_FD",
        "6_C10 BIS_FD",
    ]
