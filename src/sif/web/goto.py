"""Resolve «Ir a…»: from an official key, an article or a page name to its address."""

import re
import unicodedata

from django.conf import settings

from sif.law.articles import UnknownArticle, parse_reference, resolve
from sif.web.rails import DESKS, Page, address, pages

# Form of the key, and the list that can be asked for it with ?q=; the first that exists wins.
KEYS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"^P[NC]\d+/[A-Z]{2}-\d+/[A-Z]{3}-\d{4}$", re.I), ("party:polizas", "auditor:libros")),
    (re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.I), ("party:cfdi", "auditor:cfdi")),
    (re.compile(r"^[A-ZÑ&]{3,4}\d{6}[A-Z0-9]{3}$", re.I), ("party:cfdi", "auditor:terceros", "auditor:cfdi")),
    (re.compile(r"^\d{1,2}_C\d+_[A-Z]+$", re.I), ("council:resoluciones", "auditor:dictamenes")),
    (re.compile(r"^[A-Z]{2}\d{3}$", re.I), ("auditor:hallazgos", "party:revision", "public:reglas")),
    (re.compile(r"^\d{4,6}$"), ("party:contabilidades", "auditor:libros")),
)


def plain(text: str) -> str:
    """Return the text without accents or capitals, to compare names as people type them."""
    apart = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def key_lists(text: str) -> tuple[str, ...]:
    """URL names of the lists that know a key of this form; () if it is no key."""
    for form, lists in KEYS:
        if form.match(text.strip()):
            return lists
    return ()


def article_named(text: str) -> str:
    """The citation of an article of a law that this installation knows, as it is cited; empty for anything else."""
    try:
        cited = parse_reference(text)
        resolve(str(cited), settings.JURISDICTION)
    except UnknownArticle:
        return ""
    return str(cited)


def pages_named(text: str, desk: str = "") -> list[tuple[Page, str]]:
    """(page, address) of the pages whose name contains the text, of one desk or of all; nothing for an empty text."""
    wanted = plain(text)
    if not wanted:
        return []
    chosen = [DESKS[desk]] if desk in DESKS else list(DESKS.values())
    found = [page for each in chosen for page in pages(each) if wanted in plain(str(page.titulo))]
    return [(page, url) for page in found if (url := address(page.direccion))]
