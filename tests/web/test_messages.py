"""Every sentence has its English, and no translation loses a name that the sentence fills."""

import re
import subprocess
import sys

import pytest
from django.template import Context, Template
from django.utils import translation

from sif.statements.catalog import REPORTS
from sif.statements.ledgers import balanza
from sif.statements.report import Column, Report
from sif.web import messages
from sif.web.law import rule_title

_NAMES = re.compile(r"%\((\w+)\)s")


def test_every_sentence_has_its_english() -> None:
    lacking = [f"{place}: {words}" for place, words in messages.missing()]
    assert not lacking, "\n".join(lacking)


def test_translations_keep_the_names_they_fill() -> None:
    for message in messages.catalogue():
        if message.id:
            spanish = [message.id] if isinstance(message.id, str) else list(message.id)
            english = [message.string] if isinstance(message.string, str) else list(message.string)
            names = {name for words in spanish for name in _NAMES.findall(words)}
            for words in english:
                assert set(_NAMES.findall(words)) == names, words


def test_the_gathering_sees_python_and_templates(tmp_path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text('{% load i18n %}{% translate "Uno" %}', encoding="utf-8")
    (tmp_path / "b.py").write_text('x = _("Dos")\ny = ngettext("tres", "treses", 2)\n', encoding="utf-8")
    assert {words for _place, words in messages.sentences(tmp_path)} == {"Uno", "Dos", "tres"}


def test_the_words_that_a_book_declares_want_their_english(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = (Column("folio", "Columna sin inglés"), Column("cuenta", "Cuenta", "clave"))
    notes = ("Aviso sin inglés.",)
    new = Report("nuevo", "Libro sin inglés", "libros", "Frase sin inglés.", columns, (), balanza, notes)
    monkeypatch.setitem(REPORTS, "nuevo", new)
    lacking = ("Libro sin inglés", "Frase sin inglés.", "Aviso sin inglés.", "Columna sin inglés")
    assert messages.missing() == [("nuevo", words) for words in lacking]


def test_the_command_ends_well_and_prints_nothing_while_nothing_is_missing() -> None:
    done = subprocess.run([sys.executable, "-m", "sif.web.messages"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(("language", "words"), [("es-mx", "Rebase"), ("en", "Over the cap")])
def test_a_state_speaks_both(language: str, words: str) -> None:
    with translation.override(language):
        assert words in Template('{% load piezas %}{% state "rebase" %}').render(Context())


def test_the_title_of_a_rule_speaks_both() -> None:
    with translation.override("en"):
        assert rule_title("SA001") == "Receivable of more than a year"
    with translation.override("es-mx"):
        assert rule_title("SA001") == "Cuenta por cobrar con más de un año"
