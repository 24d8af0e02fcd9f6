"""Parse and validate the keys of persons, accounts and documents in Mexico."""

import re
from dataclasses import dataclass
from typing import Self

from sif.values.unread import Unread

_RFC = re.compile(r"^(?:[A-ZÑ&]{3}|[A-ZÑ&]{4})\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[A-Z0-9]{2}[0-9A]$")
_CURP = re.compile(r"^[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d$")
_UUID = re.compile(r"^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$")
_CLABE_WEIGHTS = (3, 7, 1)
GENERIC_RFC = frozenset({"XAXX010101000", "XEXX010101000"})


class InvalidKey(Unread):
    """The text is not the key it claims to be."""


@dataclass(frozen=True, slots=True, order=True)
class _Key:
    """A key kept as its canonical text."""

    text: str

    def __post_init__(self) -> None:
        clean = self.text.strip().upper()
        self._check(clean)
        object.__setattr__(self, "text", clean)

    @staticmethod
    def _check(clean: str) -> None:
        raise NotImplementedError

    @classmethod
    def maybe(cls, text: str | None) -> Self | None:
        """Return the key, or None when the text is absent or malformed."""
        try:
            return cls(text) if text else None
        except InvalidKey:
            return None

    def __str__(self) -> str:
        return self.text


class Rfc(_Key):
    """Registro Federal de Contribuyentes: 12 characters for a company, 13 for a person; Ñ and & allowed."""

    @staticmethod
    def _check(clean: str) -> None:
        if len(clean) not in (12, 13):
            raise InvalidKey(
                f"El RFC «{clean}» tiene {len(clean)} caracteres; el de persona moral, 12; el de persona física, 13.",
                "Cópielo de la constancia de situación fiscal.",
                "rfc",
            )
        if not _RFC.match(clean):
            raise InvalidKey(
                f"El RFC «{clean}» no tiene la forma de letras, fecha (aammdd) y homoclave.",
                "Cópielo de la constancia de situación fiscal.",
                "rfc",
            )

    @property
    def is_company(self) -> bool:
        """Return whether the RFC is of a legal person (persona moral)."""
        return len(self.text) == 12


class Curp(_Key):
    """Clave Única de Registro de Población, 18 characters with its check digit."""

    @staticmethod
    def _check(clean: str) -> None:
        if not _CURP.match(clean):
            raise InvalidKey(
                f"La CURP «{clean}» no tiene los 18 caracteres de su forma.", "Cópiela de su constancia.", "curp"
            )
        alphabet = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
        total = sum(alphabet.index(char) * (18 - place) for place, char in enumerate(clean[:17]))
        if (10 - total % 10) % 10 != int(clean[17]):
            raise InvalidKey(
                f"El dígito verificador de la CURP «{clean}» no corresponde.", "Cópiela de su constancia.", "curp"
            )


class Clabe(_Key):
    """Clave Bancaria Estandarizada: 18 digits, the last one of control."""

    @staticmethod
    def _check(clean: str) -> None:
        if not (clean.isascii() and clean.isdigit() and len(clean) == 18):
            raise InvalidKey(f"La CLABE «{clean}» debe tener 18 dígitos.", "Cópiela del estado de cuenta.", "clabe")
        total = sum(int(d) * _CLABE_WEIGHTS[i % 3] % 10 for i, d in enumerate(clean[:17]))
        if (10 - total % 10) % 10 != int(clean[17]):
            raise InvalidKey(
                f"El dígito de control de la CLABE «{clean}» no corresponde.", "Cópiela del estado.", "clabe"
            )


class Uuid(_Key):
    """Folio fiscal of a CFDI, upper case with dashes."""

    @staticmethod
    def _check(clean: str) -> None:
        if not _UUID.match(clean):
            raise InvalidKey(
                f"«{clean}» no es un folio fiscal (UUID) de 32 cifras hexadecimales con guiones.",
                "Cópielo de la factura.",
                "uuid",
            )
