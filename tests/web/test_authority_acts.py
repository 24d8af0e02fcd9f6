"""The authority publishes the roots of the record and asks SAT for the status of invoices, on pages and by jobs."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from books.invoices import authority, invoice, mint
from sif.books.estatus import with_estatus
from sif.books.models import Comprobante, EstatusComprobante
from sif.books.services import estatus as status_service
from sif.books.services import receive_cfdi
from sif.commands.main import main
from sif.jobs.models import Trabajo
from sif.registry.models import Corte, Nombramiento, Suceso
from sif.registry.services import appoint, create_usuario
from small_world import World, world

__all__ = ["authority", "invoice", "mint", "world"]
ROOTS, PUBLISH = "/administracion/raices/", "/administracion/raices/publicar/"
STATUS, ASK = "/auditoria/estatus-sat/", "/auditoria/estatus-sat/preguntar/"
FOLIO = "0A1B2C3D-0000-4000-8000-00000000ABCD"


@pytest.fixture(autouse=True)
def by_jobs(settings: Any, tmp_path: Any) -> None:
    settings.TRABAJOS_EN_LINEA, settings.DATOS = True, tmp_path


def somebody(rol: str) -> Client:
    person = create_usuario(rol, rol.title(), None)
    appoint(person, rol)
    client = Client()
    client.force_login(person)
    return client


def test_who_administers_publishes_the_roots_and_it_is_known_who_did(world: World) -> None:
    hugo = somebody(Nombramiento.Rol.ADMINISTRADOR)
    assert "Todavía no hay cortes" in hugo.get(ROOTS).content.decode()
    assert "Quedó publicado el corte 1." in hugo.post(PUBLISH, follow=True).content.decode()
    assert Corte.objects.get().numero == 1
    done = Suceso.objects.get(verbo="publicar_raices")
    assert (done.persona.username, done.objeto) == (Nombramiento.Rol.ADMINISTRADOR, Corte.objects.get().pk)
    page = hugo.get(ROOTS).content.decode()
    assert "Hoy todavía no hay corte" not in page and "/registro/1/" in page
    assert Client().get("/registro/1/raices.json").content.decode() == Corte.objects.get().raices
    hugo.post(PUBLISH)
    assert Corte.objects.count() == 2


@pytest.mark.parametrize("rol", [Nombramiento.Rol.AUDITOR, Nombramiento.Rol.CONSEJERO])
def test_nobody_else_publishes_the_roots(world: World, rol: str) -> None:
    assert somebody(rol).post(PUBLISH).status_code == 403
    assert not Corte.objects.exists() and not Trabajo.objects.exists()


class Sat:
    """A service that answers each invoice in turn, and is silent where it has None."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)

    def __call__(self, _address: str, _invoice: Comprobante) -> str | None:
        return self.answers.pop(0)


def test_sat_is_asked_by_a_job_and_each_answer_is_kept(
    world: World, invoice: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive_cfdi(invoice(), "f.xml", world.books, world.clerk)
    auditor = somebody(Nombramiento.Rol.AUDITOR)
    off = auditor.get(STATUS).content.decode()
    assert "La consulta está apagada" in off and ASK not in off
    refused = auditor.post(ASK, {"cuantos": "5"})
    assert refused.status_code == 422 and "La consulta al SAT está apagada" in refused.content.decode()
    settings.SAT_ESTATUS = "https://sat.invalid/x"
    assert ASK in auditor.get(STATUS).content.decode()
    monkeypatch.setattr(status_service, "consult", Sat("cancelado"))
    assert "1 estatus anotado." in auditor.post(ASK, {"cuantos": "5"}, follow=True).content.decode()
    said = EstatusComprobante.objects.get()
    assert (said.estatus, said.fuente, said.anotado_por.username) == ("cancelado", "servicio", "auditor")
    assert Suceso.objects.filter(verbo="preguntar_sat").exists()
    page = auditor.get(STATUS).content.decode()
    assert "La última respuesta se anotó el" in page


def test_a_service_that_does_not_answer_is_left_and_told(
    world: World, invoice: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SAT_ESTATUS = "https://sat.invalid/x"
    receive_cfdi(invoice(), "f.xml", world.books, world.clerk)
    (one,) = Comprobante.objects.all()
    monkeypatch.setattr("sif.books.status_tasks.least_known", lambda: [one] * 30)
    sat = Sat("vigente", *[None] * 29)
    monkeypatch.setattr(status_service, "consult", sat)
    told = somebody(Nombramiento.Rol.AUDITOR).post(ASK, {"cuantos": "30"}, follow=True).content.decode()
    assert "No contestó 10 veces seguidas" in told and "Antes quedaron 1 anotados" in told
    assert len(sat.answers) == 19  # nobody waits for those
    assert with_estatus(Comprobante.objects.all()).get().estatus_sat == "vigente"


@pytest.mark.parametrize("cuantos", ["", "0", "2001", "muchos"])
def test_how_many_are_asked_is_said_and_bounded(world: World, settings: Any, cuantos: str) -> None:
    settings.SAT_ESTATUS = "https://sat.invalid/x"
    assert somebody(Nombramiento.Rol.AUDITOR).post(ASK, {"cuantos": cuantos}).status_code == 422
    assert not Trabajo.objects.exists()


def test_a_file_of_statuses_enters_whole_or_says_what_is_wrong(world: World, invoice: Any) -> None:
    receive_cfdi(invoice(), "f.xml", world.books, world.clerk)
    auditor = somebody(Nombramiento.Rol.AUDITOR)

    def load(text: str) -> str:
        file = SimpleUploadedFile("estatus.csv", text.encode(), "text/csv")
        return auditor.post(STATUS, {"archivo": file}, follow=True).content.decode()

    assert "fila 2, al" in load(f"uuid,estatus,al\n{FOLIO},Cancelado,31/04/2024\n")
    assert not EstatusComprobante.objects.exists()
    assert "1 estatus anotado." in load(f"uuid,estatus,al\n{FOLIO},Cancelado,2024-04-12\n")
    assert auditor.post(STATUS, {}).status_code == 422


@pytest.mark.parametrize("rol", [Nombramiento.Rol.CONSEJERO, Nombramiento.Rol.ADMINISTRADOR])
def test_who_does_not_audit_asks_nothing(world: World, settings: Any, rol: str) -> None:
    settings.SAT_ESTATUS = "https://sat.invalid/x"
    assert somebody(rol).post(ASK, {"cuantos": "5"}).status_code in (302, 403)
    assert not Trabajo.objects.exists() and not EstatusComprobante.objects.exists()


def test_the_command_leaves_a_silent_service_too(
    world: World, invoice: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr("sif.commands.database.setup_django", lambda: None)
    settings.SAT_ESTATUS = "https://sat.invalid/x"
    receive_cfdi(invoice(), "f.xml", world.books, world.clerk)
    (one,) = Comprobante.objects.all()
    monkeypatch.setattr(status_service, "consult", Sat(*[None] * 30))
    monkeypatch.setattr("sif.books.estatus.least_known", lambda: [one] * 30)
    assert main(["cfdi", "consultar-sat", "--por", world.clerk.username]) == 1
    assert "No contestó 10 veces seguidas" in capsys.readouterr().err
