"""Migrating an empty database leaves in it the chart of accounts, without which nobody posts."""

import argparse

import pytest

from sif.books.models import ClaseEvidencia, Cuenta
from sif.commands import migrar
from sif.law.chart import load_chart

pytestmark = pytest.mark.django_db


def test_the_chart_of_the_law_is_there_after_migrating(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("announce_server", "migrate"):
        monkeypatch.setattr(migrar.database, name, lambda: None)
    monkeypatch.setattr(migrar.database, "setup_django", lambda *, keyed: None)
    assert not Cuenta.objects.exists()
    for _time in range(2):
        assert migrar.run(argparse.Namespace()) == 0
    assert Cuenta.objects.count() == len(load_chart("mx"))
    assert ClaseEvidencia.objects.exists()
    assert "al día" in capsys.readouterr().out
