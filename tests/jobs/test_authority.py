"""A worker killed at any statement of an act of the authority loses nothing: the next one ends it, once.

SIF_PRUEBA_SEMILLA chooses the statements; a failure prints the seed that repeats it.
"""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from jobs.test_loads import killed_and_ended, queued
from lent import lent, owner
from proceedings.world import World, at, build_world, campaign_of_2024, judged_of_2024, submitted
from registry.test_topes import GOOD, file, make_ana, make_stage
from seeds import SEED
from sif.audit.lens.services import is_kept
from sif.audit.lens_tasks import ask_to_look
from sif.audit.mass_tasks import Mass, ask_for_mass, keep_mass
from sif.audit.matrix import COLUMNS, SHEET, write_matrix
from sif.audit.matrix_tasks import ask_for_plan, ask_to_import
from sif.audit.models import Corrida, Hallazgo, Instantanea, Observacion, Propuesta, Redaccion
from sif.audit.services import folder_of, results_folder
from sif.audit.tables_tasks import ask_to_load_table
from sif.audit.tasks import ask_for_audit
from sif.books.services import store_file
from sif.catalogs.models import CargaDeTabla, RenglonDeTabla
from sif.disclosure.models import ProcesoPublicado, Publicacion, PublicacionPropuesta
from sif.disclosure.tasks import ask_to_propose, ask_to_publish
from sif.disclosure.verifying import verify_published
from sif.filing.verifying import verify_files, verify_rows
from sif.jobs.files import keep
from sif.notices.models import Notificacion
from sif.proceedings import resolving
from sif.proceedings.models import Dictamen, DictamenCerrado, Documento, Oficio, Resolucion, ResolucionVotada, Sancion
from sif.proceedings.proposing import propose_oficio
from sif.proceedings.tasks import ask_to_close, ask_to_count, ask_to_draft, ask_to_issue
from sif.registry import clock
from sif.registry.models import Etapa, TopeContabilidad, Usuario
from sif.web.admin.tasks import ask_to_fix

__all__ = ["lent"]
pytestmark = pytest.mark.usefixtures("lent")
SHOWN = ("contabilidad__sujeto", "contabilidad__candidatura__persona", "corrida__instantanea__etapa")
RULES = frozenset({"CF001", "RE001"})


@pytest.fixture
def world(django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path) -> Iterator[World]:
    """A reviewed campaign really committed, with four hallazgos and an observación, and jobs that wait for a worker."""

    def build() -> World:
        with at("2018-07-05 12:00"):
            made = build_world()
            made.observacion([made.hallazgo("1000.00")])
            for amount in ("200.00", "300.00", "400.00"):
                made.hallazgo(amount)
            return made

    with queued(django_db_blocker, settings, tmp_path, build) as made:
        yield made


def unsound() -> list[Any]:
    """What `sif verificar` would name."""
    return [*verify_rows(owner())[1], *verify_files(owner()).alterados, *verify_published(owner())]


def test_an_audit_survives_the_death_of_its_workers(world: World) -> None:
    told, runs, frozen = f"SIF_PRUEBA_SEMILLA={SEED}", Corrida.objects.count(), Instantanea.objects.count()
    killed_and_ended(ask_for_audit(world.etapa, world.dario), told, last=24, few=RULES)
    assert (Corrida.objects.count(), Instantanea.objects.count()) == (runs + 1, frozen + 1), told
    assert set(Corrida.objects.latest("pk").reglas.values_list("regla", flat=True)) == RULES, told
    looked = Instantanea.objects.latest("pk")
    killed_and_ended(ask_to_look(looked, "/auditoria/indicios/", world.dario), told, last=6)
    assert is_kept(folder_of(looked), results_folder()), told


def test_a_list_survives_the_death_of_its_workers(world: World) -> None:
    told = f"SIF_PRUEBA_SEMILLA={SEED}"
    rows = "".join(f"MEX,lona {n},H87,,,{n}.50,2018-01-01,\n" for n in range(1, 7))
    data = f"zona,articulo,unidad,cfdi_id,linea,valor_unitario,desde,hasta\n{rows}".encode()
    asked = ask_to_load_table("matriz_precios", data, date(2018, 5, 20), world.dario, None, "precios.csv")
    killed_and_ended(asked, told)
    carga = CargaDeTabla.objects.get()
    assert (carga.renglones, RenglonDeTabla.objects.count(), asked.resultado) == (6, 6, {"renglones": 6}), told
    assert unsound() == [], told


def test_caps_survive_the_death_of_their_workers(
    django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path
) -> None:
    told = f"SIF_PRUEBA_SEMILLA={SEED}"

    def build() -> tuple[Usuario, Etapa]:
        ana = make_ana()
        return ana, make_stage(ana)

    with queued(django_db_blocker, settings, tmp_path, build) as (ana, etapa):
        archivo, _size = keep(lambda stream: stream.write(file(*GOOD)))
        asked = ask_to_fix(etapa, archivo, "IEEPCO/CG1/2022", ana)
        killed_and_ended(asked, told)
        assert (TopeContabilidad.objects.count(), asked.resultado) == (3, {"contabilidades": 3}), told
        assert verify_rows(owner())[1] == [], told


def test_a_matrix_survives_the_death_of_its_workers(world: World) -> None:
    told, edited = f"SIF_PRUEBA_SEMILLA={SEED}", io.BytesIO()
    row = Hallazgo.objects.filter(observaciones__isnull=True).latest("pk")
    write_matrix(edited, Hallazgo.objects.filter(pk=row.pk).select_related(*SHOWN))
    book = load_workbook(edited)
    book[SHEET].cell(2, COLUMNS.index("Texto") + 1).value = "Otras palabras."
    changed = io.BytesIO()
    book.save(changed)
    planned = ask_for_plan(world.corrida, store_file(changed.getvalue()).pk, world.dario)
    killed_and_ended(planned, told)
    killed_and_ended(ask_to_import(planned, world.dario), told)
    assert Redaccion.objects.get().texto == "Otras palabras.", told
    assert unsound() == [], told


def test_a_publication_survives_the_death_of_its_workers(world: World) -> None:
    told = f"SIF_PRUEBA_SEMILLA={SEED}"
    killed_and_ended(ask_to_propose(world.etapa, world.sofia, without_vote=True), told)
    proposed = PublicacionPropuesta.objects.get()
    killed_and_ended(ask_to_publish(proposed, world.elena), told)
    assert Publicacion.objects.get().propuesta == proposed, told
    assert ProcesoPublicado.objects.count() == 1, told


def test_a_whole_filter_survives_the_death_of_its_workers(world: World) -> None:
    told = f"SIF_PRUEBA_SEMILLA={SEED}"
    rows = list(Hallazgo.objects.filter(observaciones__isnull=True).values_list("pk", flat=True))
    asked = keep_mass(Mass("adoptar", "Del cruce.", rows))
    killed_and_ended(ask_for_mass(asked, world.dario), told)
    proposed = list(Propuesta.objects.values_list("pk", flat=True))
    assert len(proposed) == len(rows) == 3, told
    killed_and_ended(ask_for_mass(keep_mass(Mass("confirmar", "", proposed)), world.elena), told)
    assert Propuesta.objects.filter(resuelta__sentido="confirmada").count() == 3, told
    assert Observacion.objects.latest("pk").hallazgos.count() == 3, told


def test_an_oficio_survives_the_death_of_its_workers(world: World) -> None:
    told = f"SIF_PRUEBA_SEMILLA={SEED}"
    proposed = propose_oficio(world.etapa, world.partido, world.dario)
    killed_and_ended(ask_to_issue(world.etapa, world.partido, world.elena, proposed.pk), told, 45, also_last=True)
    assert (Oficio.objects.count(), Notificacion.objects.count(), unsound()) == (1, 1, []), told


@pytest.fixture
def judged(django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path) -> Iterator[World]:
    """The campaign of 2024 with an oficio notified and every conclusion of its dictamen closed, really committed."""

    def build() -> World:
        with at("2024-06-10 12:00"):
            made = campaign_of_2024()
            made.observacion([made.hallazgo("1000.00"), made.hallazgo("250.50", book=1)])
        judged_of_2024(made)
        return made

    with queued(django_db_blocker, settings, tmp_path, build) as made:
        yield made


def test_from_the_dictamen_to_the_vote_each_act_survives_the_death_of_its_workers(judged: World) -> None:
    told, dictamen = f"SIF_PRUEBA_SEMILLA={SEED}", Dictamen.objects.get()
    papers, notices = Documento.objects.count(), Notificacion.objects.count()
    killed_and_ended(ask_to_close(dictamen, judged.bruno), told, 38, also_last=True)
    assert (DictamenCerrado.objects.count(), Documento.objects.count(), unsound()) == (1, papers + 1, []), told
    killed_and_ended(ask_to_draft(dictamen, clock.today(), judged.gloria), told, 34, also_last=True)
    resolucion = Resolucion.objects.get()
    assert (Sancion.objects.count(), Documento.objects.count(), unsound()) == (1, papers + 2, []), told
    submitted(resolucion, judged.gloria, judged.sofia)
    for person in judged.consejo:
        resolving.vote(resolucion, person, "a_favor")
    killed_and_ended(ask_to_count(resolucion, judged.sofia), told, 38, also_last=True)
    assert (ResolucionVotada.objects.get().estado, Documento.objects.count()) == ("aprobada", papers + 3), told
    assert (Notificacion.objects.count(), unsound()) == (notices + 1, []), told
