"""Migrating an empty database leaves in it the chart of accounts, without which nobody posts."""

import argparse

import pytest

from sif.books.models import ClaseEvidencia, Cuenta
from sif.commands import database, migrar
from sif.law.chart import load_chart

pytestmark = pytest.mark.django_db


def test_the_chart_of_the_law_is_there_after_migrating(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("announce_server", "migrate"):
        monkeypatch.setattr(migrar.database, name, lambda **_how: None)
    monkeypatch.setattr(migrar.database, "setup_django", lambda *, keyed: None)
    assert not Cuenta.objects.exists()
    for _time in range(2):
        assert migrar.run(argparse.Namespace()) == 0
    assert Cuenta.objects.count() == len(load_chart("mx"))
    assert ClaseEvidencia.objects.exists()
    told = capsys.readouterr()
    assert "al día" in told.out and "al día" in told.err


def test_a_long_migration_is_told_by_app_and_each_once(capsys: pytest.CaptureFixture[str]) -> None:
    told = database._ByApp()
    for line in ("Operations to perform:\n", "  Applying registry.0001_a...", " OK\n", "  Applying registry.0002_b...",
                 "  Applying books.0001_a..."):  # fmt: skip
        assert told.write(line) == len(line)
    assert capsys.readouterr().err == "  registry…\n  books…\n"
