"""Jobs without a worker: asked once however often, piece by piece, refused in words, cancelled and resumed."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from jobs.workers import as_worker
from kept import keeps
from registry.test_corrections import administrator
from registry.test_topes import GOOD, file, make_ana, make_stage
from scene import Scene, under_way
from sif.jobs import kinds, services
from sif.jobs.files import keep, made_file
from sif.jobs.kinds import Encargo, Kind
from sif.jobs.models import Trabajo
from sif.jobs.running import run_pieces
from sif.jobs.services import TooManyJobs, TrabajoRefused, ask, cancel, resume
from sif.registry.appointments import appoint, end_nombramiento
from sif.registry.models import Nombramiento, TopeContabilidad, Usuario
from sif.registry.scope import everything, registering
from sif.registry.services import create_usuario
from sif.web.admin.tasks import ask_to_fix

Declare = Callable[..., Kind]


@pytest.fixture
@keeps(under_way)
def scene(world_of: Any, settings: Any) -> Iterator[Scene]:
    settings.TRABAJOS_EN_LINEA = False
    with everything():
        yield world_of(under_way)


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Declare:
    """Declare the kind «prueba» for one test."""

    def made(piece: Callable[[Encargo], Mapping[str, Any]], **more: Any) -> Kind:
        kind = Kind("prueba", piece, **more)
        monkeypatch.setitem(kinds._KINDS, "prueba", kind)
        return kind

    return made


def test_the_same_work_asked_twice_is_one_job_in_the_queue(scene: Scene, declare: Declare) -> None:
    declare(lambda _encargo: {})
    first, second = (ask("prueba", "lote:1", {"lote": 1}, scene.alicia) for _press in range(2))
    assert first.pk == second.pk
    with as_worker():
        (queued,) = ProcrastinateJob.objects.all()
    assert queued.args == {"trabajo": first.pk}


def test_a_job_does_no_piece_more_for_who_was_disabled(scene: Scene, declare: Declare) -> None:
    did: list[int] = []

    def piece(encargo: Encargo) -> Mapping[str, Any]:
        did.append(encargo.n)
        with registering():
            Usuario.objects.filter(pk=encargo.persona.pk).update(is_active=False)
        return {}

    declare(piece, pieces=lambda _trabajo: 3)
    first, second = (ask("prueba", key, {}, scene.bruno) for key in ("uno", "dos"))
    for each in (first, second):
        run_pieces(each.pk)
        each.refresh_from_db()
        assert each.estado == "fallido" and "deshabilitada" in each.problemas[0]["mensaje"] and not each.can_resume
    assert did == [1]


def test_a_retried_job_does_only_the_pieces_without_receipt(scene: Scene, declare: Declare) -> None:
    tried: list[int] = []

    def piece(encargo: Encargo) -> Mapping[str, Any]:
        tried.append(encargo.n)
        if tried == [1, 2, 3]:
            raise OSError("disco")
        return {"n": encargo.n}

    declare(piece, pieces=lambda _trabajo: 4)
    trabajo = ask("prueba", "uno", {}, scene.alicia)
    with pytest.raises(OSError, match="disco"):
        run_pieces(trabajo.pk)
    trabajo.refresh_from_db()
    assert (trabajo.estado, trabajo.hechas) == ("en_curso", 2)
    run_pieces(trabajo.pk)
    run_pieces(trabajo.pk)
    trabajo.refresh_from_db()
    assert tried == [1, 2, 3, 3, 4]
    assert (trabajo.estado, trabajo.resultado) == ("hecho", {"n": 4})


def test_a_refusal_ends_the_job_with_its_words_and_is_not_tried_again(scene: Scene, declare: Declare) -> None:
    def piece(_encargo: Encargo) -> Mapping[str, Any]:
        raise LookupError("Falta la cuenta 5-5-01.")

    marked: list[int] = []
    declare(piece, refusals=(LookupError,), refused=lambda trabajo: marked.append(trabajo.pk))
    trabajo = ask("prueba", "uno", {}, scene.alicia)
    run_pieces(trabajo.pk)
    trabajo.refresh_from_db()
    assert trabajo.estado == "fallido" and "Falta la cuenta" in trabajo.problemas[0]["mensaje"]
    assert marked == [trabajo.pk]


def test_a_job_cancelled_in_the_queue_never_runs_until_it_is_resumed(scene: Scene, declare: Declare) -> None:
    done: list[int] = []

    def piece(encargo: Encargo) -> Mapping[str, Any]:
        done.append(encargo.n)
        return {}

    declare(piece)
    trabajo = ask("prueba", "uno", {}, scene.alicia)
    cancel(trabajo, scene.alicia)
    run_pieces(trabajo.pk)
    assert done == [] and Trabajo.objects.get(pk=trabajo.pk).estado == "cancelado"
    with pytest.raises(TrabajoRefused, match="ya terminó"):
        cancel(trabajo, scene.alicia)
    resume(trabajo, scene.alicia)
    run_pieces(trabajo.pk)
    assert done == [1] and Trabajo.objects.get(pk=trabajo.pk).estado == "hecho"
    with pytest.raises(TrabajoRefused, match="no está detenido"):
        resume(trabajo, scene.alicia)


def test_nobody_stops_the_job_of_another_person(scene: Scene, declare: Declare) -> None:
    declare(lambda _encargo: {})
    trabajo = ask("prueba", "uno", {}, scene.alicia)
    for act in (cancel, resume):
        with pytest.raises(PermissionError, match="otra persona"):
            act(trabajo, scene.bruno)


def test_an_operator_stops_the_job_of_another_and_does_not_resume_it(scene: Scene, declare: Declare) -> None:
    declare(lambda _encargo: {})
    keeper = create_usuario("guarda", "Guarda", "", password_hash="!")
    appoint(keeper, "administrador")
    trabajo = cancel(ask("prueba", "uno", {}, scene.alicia), keeper)
    with pytest.raises(PermissionError, match="solo quien lo pidió"):
        resume(trabajo, keeper)
    assert Trabajo.objects.get(pk=trabajo.pk).estado == "cancelado"


def test_work_asked_for_by_somebody_whose_jobs_are_not_seen_is_refused_in_words(
    scene: Scene, declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(lambda _encargo: {})
    ask("prueba", "uno", {}, scene.alicia)
    monkeypatch.setattr(services, "open_job", lambda _kinds, _key: None)  # behind the wall, or it ended just now
    with pytest.raises(TrabajoRefused, match="está por terminar"):
        ask("prueba", "uno", {}, scene.bruno)


def test_a_person_has_so_many_jobs_at_once_and_of_a_kind_as_it_admits(
    scene: Scene, declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(lambda _encargo: {}, most=2)
    first, second = (ask("prueba", name, {}, scene.alicia) for name in ("uno", "dos"))
    with pytest.raises(TooManyJobs, match="Usted tiene 2 trabajos"):
        ask("prueba", "tres", {}, scene.alicia)
    assert ask("prueba", "dos", {}, scene.alicia).pk == second.pk  # the same work is no other job
    assert ask("prueba", "tres", {}, scene.bruno).clave == "tres"
    cancel(first, scene.alicia)
    third = ask("prueba", "cuatro", {}, scene.alicia)
    with pytest.raises(TooManyJobs):
        resume(first, scene.alicia)
    run_pieces(third.pk)
    assert resume(first, scene.alicia).estado == "en_cola"
    declare(lambda _encargo: {})
    monkeypatch.setattr(services, "MOST_OPEN", 2)
    with pytest.raises(TooManyJobs):
        ask("prueba", "cinco", {}, scene.alicia)


def test_a_result_that_does_not_fit_ends_the_job_with_its_words_and_is_not_tried_again(
    scene: Scene, declare: Declare, settings: Any, tmp_path: Path
) -> None:
    settings.DATOS, settings.JOB_FILES_BYTES = tmp_path, 1
    declare(lambda _encargo: made_file(lambda stream: stream.write(b"largo"), "a.csv", "text/csv"))
    trabajo = ask("prueba", "uno", {}, scene.alicia)
    run_pieces(trabajo.pk)
    trabajo.refresh_from_db()
    assert (trabajo.estado, trabajo.intentos, trabajo.problemas[0]["codigo"]) == ("fallido", 1, "sin_lugar")
    assert "SIF_TRABAJOS_GIB" in trabajo.problemas[0]["cura"]


def test_caps_asked_for_by_who_ceased_to_administer_are_not_fixed_when_they_go_on(
    scene: Scene, settings: Any, tmp_path: Path
) -> None:
    settings.DATOS = tmp_path
    ana, hugo = make_ana(), administrator("hugo")
    etapa = make_stage(ana)
    data = file(*GOOD)
    trabajo = ask_to_fix(etapa, keep(lambda stream: stream.write(data))[0], "IEEPCO/CG1/2022", ana)
    cancel(trabajo, ana)
    end_nombramiento(Nombramiento.objects.get(usuario=ana), "Renunció", hugo)
    run_pieces(resume(trabajo, ana).pk)
    trabajo.refresh_from_db()
    assert trabajo.estado == "fallido" and "quien administra" in trabajo.problemas[0]["mensaje"]
    assert not trabajo.can_resume and not TopeContabilidad.objects.filter(acuerdo="IEEPCO/CG1/2022").exists()


def test_two_kinds_do_not_take_one_name(declare: Declare) -> None:
    kind = declare(lambda _encargo: {})
    assert kinds.register(kind) is kind
    with pytest.raises(ValueError, match="dé otro nombre"):
        kinds.register(Kind("prueba", lambda _encargo: {}))


def test_a_kind_that_nobody_declared_is_refused(scene: Scene) -> None:
    with pytest.raises(LookupError, match="No hay trabajos de clase «otra»"):
        ask("otra", "uno", {}, scene.alicia)


def test_a_piece_alone_runs_outside_the_transaction_of_its_receipt(scene: Scene, declare: Declare) -> None:
    depths: list[int] = []

    def piece(_encargo: Encargo) -> Mapping[str, Any]:
        depths.append(len(connection.savepoint_ids))
        return {}

    declare(piece, pieces=lambda _trabajo: 2, alone=lambda n: n == 1)
    trabajo = ask("prueba", "uno", {}, scene.alicia)
    run_pieces(trabajo.pk)
    run_pieces(trabajo.pk)
    alone, within = depths
    assert within == alone + 1
    assert list(trabajo.piezas.values_list("n", flat=True)) == [1, 2]


def test_a_worker_finds_the_kinds_of_every_room() -> None:
    source = Path(__file__).resolve().parents[2] / "src"
    rooms = {".".join(path.parent.relative_to(source).parts) for path in (source / "sif").rglob("tasks.py")}
    of_apps = {config.name for config in apps.get_app_configs()}
    named = {path.removesuffix(".tasks") for path in settings.PROCRASTINATE_IMPORT_PATHS}
    assert rooms == (of_apps & rooms) | named
