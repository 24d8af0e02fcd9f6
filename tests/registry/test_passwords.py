"""Passwords that are refused: short, published, of the person, of this system."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from sif.registry.models import Usuario
from sif.registry.passwords import build_prefixes, contains, is_breached

ALICIA = Usuario(username="alicia.robles", nombre="Alicia Robles Zepeda", rfc="ROZA800101AB1")


@pytest.mark.parametrize(
    "password",
    ["123456", "once-letras", "q1w2e3r4t5y6", "QWERTYQWERTY", "alicia.robles1", "Fiscalización2026!", "roza800101ab1"],
)
def test_a_password_that_others_would_try_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, ALICIA)


BRUNO = Usuario(username="bruno.tello", nombre="Bruno Tello Paz", rfc="TEPB800101AB3")


def test_words_are_compared_with_those_of_the_name_and_not_letters() -> None:
    validate_password("monte lluvia cobre azul", BRUNO)
    validate_password("paz lluvia cobre azul", BRUNO)


@pytest.mark.parametrize("password", ["brunotellopaz", "Bruno-Tello-2026", "tello tello 12345", "BRÚNO.TELLO.PAZ.80"])
def test_a_password_made_of_the_name_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, BRUNO)


@pytest.mark.parametrize("password", ["gis-trueno-maceta-olmo", "ñandú azul y 7 remos", "x" * 13 + "kjQ-7" + "é" * 100])
def test_a_long_one_of_any_composition_is_taken(password: str) -> None:
    validate_password(password, ALICIA)


def test_each_published_password_is_found_and_its_neighbours_are_not() -> None:
    known = [f"palabra-publicada-{n}" for n in range(1000)]
    prefixes = build_prefixes([*known, "corta"])
    assert len(prefixes) == 8 * 1000
    assert all(contains(prefixes, each) for each in known)
    assert not any(contains(prefixes, f"{each}x") for each in known)
    assert not contains(b"", "nada-publicado")


def test_an_institution_adds_its_own_list(tmp_path: Path, settings: Any) -> None:
    assert not is_breached("tres-tristes-tigres")
    (tmp_path / "lista.bin").write_bytes(build_prefixes(["tres-tristes-tigres"]))
    settings.BREACHED_PASSWORDS = tmp_path / "lista.bin"
    assert is_breached("Tres-Tristes-Tigres")
    assert is_breached("q1w2e3r4t5y6")
