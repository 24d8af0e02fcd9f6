"""Who ceases to administer while an act of hers waits for its lock does not do it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from acts import arrive_behind, committed
from filing.campaign import on
from registry.test_candidaturas import ROWS, sheet
from registry.test_corrections import administrator
from registry.test_loading import no_progress, typed
from registry.test_topes import GOOD, file, make_ana, make_stage
from sif.registry import clock
from sif.registry.appointments import end_nombramiento
from sif.registry.loading import load_file, open_concentradoras
from sif.registry.locks import lock_etapa
from sif.registry.models import Contabilidad, Nombramiento, SujetoObligado
from sif.registry.nominating import open_books, register_candidacy
from sif.registry.topes import fix_topes

NOON = "2022-04-10 12:00"


class Ceasing:
    """A stage with books, who administers until an hour later, and the acts of hers that wait for a lock of it."""

    def __init__(self) -> None:
        with on(NOON):
            ana, hugo = make_ana(), administrator("hugo")
            etapa = make_stage(ana)
            self.ends = clock.now() + timedelta(hours=1)
            end_nombramiento(Nombramiento.objects.get(usuario=ana), "Renunció", hugo, termina_el=self.ends)
        party = SujetoObligado.objects.get(siglas="PA")
        more = sheet(ROWS[0].replace(",10,", ",90,"))
        self.stage: Callable[[], Any] = lambda: lock_etapa(etapa.pk)
        self.acts: dict[str, Callable[[], Any]] = {
            "topes": lambda: fix_topes(file(*GOOD), etapa, "IEEPCO/CG1/2022", ana),
            "archivo de candidaturas": lambda: load_file(more, etapa, "", ana, no_progress),
            "concentradoras": lambda: open_concentradoras(etapa, ana),
            "una candidatura": lambda: register_candidacy(
                etapa, typed(nombre="Iris Sol", entidad="OAX", lugar="Tlaxiaco"), ana
            ),
            "unos libros": lambda: open_books(etapa, party, Contabilidad.Clase.CONCENTRADORA, ana),
        }


@pytest.fixture(scope="module")
def ceasing(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ceasing]:
    with committed(django_db_blocker, Ceasing) as made:
        yield made


@pytest.mark.parametrize(
    "name", ["topes", "archivo de candidaturas", "concentradoras", "una candidatura", "unos libros"]
)
def test_the_right_is_asked_again_under_the_lock(ceasing: Ceasing, name: str) -> None:
    with pytest.raises(PermissionError, match="quien administra"):
        arrive_behind(ceasing.stage, ceasing.acts[name], ceasing.ends - timedelta(minutes=1), ceasing.ends)
