"""Invent once the two processes that the tests of this folder look at: a campaign, and a year of ordinary books."""

from pathlib import Path

import pytest

from sif.simulation.generate import Simulated, simulate, simulate_year

BOOKS, POLIZAS, PARTIES = 500, 16_000, 36


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Simulated]:
    folder = tmp_path_factory.mktemp("simulada") / "proceso"
    return folder, simulate(folder, contabilidades=BOOKS, polizas=POLIZAS, semilla=11)


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Simulated]:
    folder = tmp_path_factory.mktemp("ordinaria") / "anio"
    return folder, simulate_year(folder, partidos=PARTIES, semilla=11)
