"""Keep a version of a law: its file is opened in a confined process, and its articles stay as a record."""

import hashlib
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from django.conf import settings

from sif.law.articles import load_laws
from sif.registry import clock, trail
from sif.registry.locks import hold
from sif.registry.models import Usuario
from sif.registry.opening import ORDINARY, opened
from sif.registry.scope import acting
from sif.registry.selectors import may_still
from sif.statutes.models import ArticuloDeLey, TextoDeLey
from sif.values import Problem, Refused

MOST_BYTES = 50 * 2**20
MOST_LETTERS, MOST_ARTICLES = 8 * 2**20, 10_000
"""Of the text of a law, whatever its file weighs: LGIPE has under a million letters."""


def load_text(
    ley: str, data: bytes, desde: date, by: Usuario | None, *, hasta: date | None = None, archivo: str = ""
) -> TextoDeLey:
    """Keep the text of a law as it rules from a day on, until another that is told or loaded later.

    by: None for who holds the machine. The same file for the same day again changes nothing. Raises Refused for
    who neither administers nor confirms bases, for a law that this jurisdiction does not cite, which nothing would ever
    be compared with, and with what is wrong with the file or the days.
    """
    if by is not None and not (may_still(by, "administrar") or may_still(by, "fundamentar")):
        raise Refused(
            Problem(
                "SIN_ATRIBUCION",
                "ley",
                f"{by.nombre} no carga leyes.",
                "Lo hacen el área de resoluciones, la Secretaría Ejecutiva y quien administra.",
            )
        )
    if problems := list(_problems(ley, data, desde, hasta)):
        raise Refused(*problems)
    digest = hashlib.sha256(data).hexdigest()
    articles = _articles(data)
    with acting():
        hold(f"statutes.textodeley:{ley}")
        before = TextoDeLey.objects.filter(ley=ley, desde=desde, sha256=digest).first()
        if before is not None:
            return before
        texto = TextoDeLey.objects.create(
            ley=ley,
            desde=desde,
            hasta=hasta,
            archivo=archivo[:200],
            sha256=digest,
            articulos=len(articles),
            cargado_el=clock.now(),
            cargado_por=by,
        )
        ArticuloDeLey.objects.bulk_create(
            ArticuloDeLey(texto=texto, numero=number, contenido=said) for number, said in articles
        )
        trail.act("cargar_ley", by, texto)
    return texto


def read_file(path: Path) -> bytes:
    """Return the bytes of a file that a person named. Raises OSError, and Refused where it is larger than any law."""
    if path.stat().st_size > MOST_BYTES:
        raise Refused(_too_large(path.stat().st_size))
    return path.read_bytes()


def _problems(ley: str, data: bytes, desde: date, hasta: date | None) -> list[Problem]:
    found = []
    if ley not in (known := list(load_laws(settings.JURISDICTION))):
        near = get_close_matches(ley.upper(), known, n=3, cutoff=0.5)
        found.append(
            Problem(
                "clave",
                "clave",
                f"«{ley[:20]}» no es la clave de una ley que este programa cite.",
                (f"¿Es {' o '.join(near)}? " if near else "") + f"Se cargan {', '.join(known)}.",
            )
        )
    if hasta is not None and hasta <= desde:
        found.append(
            Problem(
                "lapso",
                "hasta",
                f"Terminaría el {hasta} y rige desde el {desde}.",
                "«hasta» es el primer día en que ya no rige: debe ser posterior.",
            )
        )
    if not data:
        found.append(Problem("vacio", "archivo", "El archivo está vacío.", "Elija el texto de la ley."))
    if len(data) > MOST_BYTES:
        found.append(_too_large(len(data)))
    return found


def _too_large(size: int) -> Problem:
    return Problem(
        "tamano",
        "archivo",
        f"Pesa {size >> 20} MB y se leen hasta {MOST_BYTES >> 20}.",
        "Guarde la ley sola, sin imágenes.",
    )


def _articles(data: bytes) -> list[tuple[str, str]]:
    """Return the articles of a file, opened in a confined process. Raises Refused."""
    found, letters = list[tuple[str, str]](), 0
    for number, said in opened("ley", data, {}, ORDINARY.grown(len(data))).values(tuple[str, str]):
        found.append((number, said))
        letters += len(said)
        if letters > MOST_LETTERS or len(found) > MOST_ARTICLES:
            raise Refused(_too_long())
    return found


def _too_long() -> Problem:
    return Problem(
        "largo",
        "archivo",
        f"Pasa de {MOST_ARTICLES:,} artículos o de {MOST_LETTERS:,} letras: ninguna ley es tan larga.",
        "Guarde una sola ley en el archivo.",
    )
