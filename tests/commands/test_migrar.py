"""Migrating an empty database leaves in it the chart of accounts, without which nobody posts."""

import argparse
from collections.abc import Iterator
from typing import Any

import pytest

from acts import empty_database, truncate_tables
from sif.books.models import ClaseEvidencia, Cuenta
from sif.commands import database, migrar
from sif.law.chart import load_chart
from sif.registry.scope import OPERATOR, acting, everything


@pytest.fixture
def bare(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Tables as migrations alone leave them, without the chart that the template of the tests brings."""
    with django_db_blocker.unblock():
        try:
            truncate_tables()
            yield
        finally:
            empty_database()


def test_the_chart_of_the_law_is_there_after_migrating(
    bare: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("announce_server", "migrate"):
        monkeypatch.setattr(migrar.database, name, lambda **_how: None)
    monkeypatch.setattr(migrar.database, "setup_django", lambda *, keyed: None)
    for _time in range(2):
        assert migrar.run(argparse.Namespace()) == 0
    assert Cuenta.objects.count() == len(load_chart("mx"))
    assert ClaseEvidencia.objects.exists()
    told = capsys.readouterr()
    assert "al día" in told.out and "al día" in told.err and "books_cuenta" not in told.err
    with everything(OPERATOR), acting():
        Cuenta.objects.filter(pk="5-5-01-03-0000").update(es_gasto=False)
        ClaseEvidencia.objects.create(clave="otra_mas", nombre="Otra más")
    assert migrar.run(argparse.Namespace()) == 0
    told = capsys.readouterr()
    assert told.err.splitlines()[1:] == [
        "books_cuenta 5-5-01-03-0000: no es como lo dicen los datos de la ley de esta versión.",
        "books_claseevidencia otra_mas: no está en los datos de la ley de esta versión.",
    ]
    assert Cuenta.objects.get(pk="5-5-01-03-0000").es_gasto


def test_a_long_migration_is_told_by_app_and_each_once(capsys: pytest.CaptureFixture[str]) -> None:
    told = database._ByApp()
    for line in (
        "Operations to perform:\n",
        "  Applying registry.0001_a...",
        " OK\n",
        "  Applying registry.0002_b...",
        "  Applying books.0001_a...",
    ):
        assert told.write(line) == len(line)
    assert capsys.readouterr().err == "  registry…\n  books…\n"
