"""Every sentence has its English, and no translation loses a name that the sentence fills."""

import re

import pytest
from django.template import Context, Template
from django.utils import translation

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


@pytest.mark.parametrize(("language", "words"), [("es-mx", "Rebase"), ("en", "Over the cap")])
def test_a_state_speaks_both(language: str, words: str) -> None:
    with translation.override(language):
        assert words in Template('{% load piezas %}{% state "rebase" %}').render(Context())


def test_the_title_of_a_rule_speaks_both() -> None:
    with translation.override("en"):
        assert rule_title("SA001") == "Receivable of more than a year"
    with translation.override("es-mx"):
        assert rule_title("SA001") == "Cuenta por cobrar con más de un año"
