"""Gather Spanish sentences, report those without English, and compile the catalogue.

Every file locale/en/LC_MESSAGES/*.po counts (one per desk keeps them small); they are joined in django.mo.
Run as «python -m sif.web.messages» to list what is missing, ready to paste in a .po.
"""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from sif.web import law_sentences

ROOM = Path(__file__).parent
LETTERS = [ROOM.parent / "mail", *(ROOM.parent / room for room in ("notices", "filing", "duties", "disclosure"))]
"""Rooms below that write letters, in both languages."""
CATALOGUES = ROOM / "locale" / "en" / "LC_MESSAGES"
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "translated": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def sentences(folder: Path = ROOM) -> Iterator[tuple[str, str]]:
    """(place, sentence) of every translatable sentence under folder, in Python and in templates."""
    from django.utils.translation.template import templatize

    for file in sorted([*folder.rglob("*.py"), *folder.rglob("*.html"), *folder.rglob("*.txt")]):
        source = file.read_text(encoding="utf-8")
        if file.suffix != ".py":
            if "/templates/" not in file.as_posix():
                continue
            # Left aligned: the indentation of markup is not that of a programme, and the reader below minds.
            source = "\n".join(line.lstrip() for line in templatize(source, origin=str(file)).splitlines())
        found = extract("python", io.BytesIO(source.encode()), keywords=_KEYWORDS)
        for line, message, _comments, _context in found:
            words = message if isinstance(message, str) else message[0]
            if words:
                yield f"{file.relative_to(folder)}:{line}", words


def catalogue(folder: Path = CATALOGUES) -> Catalog:
    """All English catalogues joined; a sentence translated twice in different ways is refused with ValueError."""
    joined = Catalog(locale="en", charset="utf-8")
    for file in sorted(folder.glob("*.po")):
        with file.open("rb") as stream:
            for message in read_po(stream, locale="en"):
                if not message.id or not message.string:
                    continue
                known = joined.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
                if known is not None and known.string != message.string:
                    raise ValueError(
                        f"{file.name}: «{message.id}» ya se tradujo como «{known.string}». Deje una sola traducción."
                    )
                joined.add(message.id, message.string, context=message.context)
    return joined


def of_the_law() -> Iterator[tuple[str, str]]:
    """(place, sentence) of what pages show of the data of every jurisdiction."""
    for folder in sorted(each for each in (ROOM.parent / "jurisdictions").iterdir() if each.is_dir()):
        yield from law_sentences.sentences(folder.name)


def of_the_books() -> Iterator[tuple[str, str]]:
    """(place, sentence) of what books and statements declare; Django must be ready, for they read models."""
    from sif.ledger.poliza import AUXILIARIES
    from sif.statements.catalog import GROUPS, REPORTS
    from sif.statements.ledgers import SUBTYPES, TYPES
    from sif.statements.sat.sending import REQUESTS

    for words in (GROUPS, TYPES, SUBTYPES, AUXILIARIES, REQUESTS):
        yield from words.items()
    for key, report in REPORTS.items():
        titles = [column.titulo for column in report.columnas]
        yield from ((key, words) for words in (report.titulo, report.resumen, *report.avisos, *titles))


def missing(*folders: Path) -> list[tuple[str, str]]:
    """(place, sentence) of what has no English yet; without folders, of pages, letters, law and books."""
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue() if message.id}
    found = [pair for each in folders or (ROOM, *LETTERS) for pair in sentences(each)]
    if not folders:
        found += [*of_the_law(), *of_the_books()]
    return [(place, words) for place, words in found if words not in known]


def compile_all(folder: Path = CATALOGUES) -> Path:
    """Write django.mo beside the catalogues; its path."""
    target = folder / "django.mo"
    with target.open("wb") as stream:
        write_mo(stream, catalogue(folder))
    return target


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for where, text in dict.fromkeys(missing()):
        quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        sys.stdout.write(f'#: {where}\nmsgid "{quoted}"\nmsgstr ""\n\n')
