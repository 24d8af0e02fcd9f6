"""Who presents for a subject deposits what proves a duty, who sees it whole and the authority read it, nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sif.books.services import read_file
from sif.duties.selectors import obligations_of
from sif.filing import deposit_acuses, tasks
from sif.filing.models import Deposito
from sif.registry import clock
from sif.registry.scope import everything

Enter = Callable[[Any], Client]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture
def month(scene: Any) -> Any:
    """A relation of donors of a month that ended, which the party of the scene owes."""
    with everything():
        rows = obligations_of([scene.partido.pk], clock.today())
    return max((row for row in rows if row.tipo == "RMA" and row.abre_el <= clock.today()), key=lambda row: row.abre_el)


def page(scene: Any, month: Any, desk: str = "party") -> str:
    return reverse(f"{desk}:obligacion", args=[month.clave, scene.partido.siglas])


def sent(data: bytes = PDF) -> dict[str, Any]:
    return {"archivo": SimpleUploadedFile("relacion.pdf", data, "application/pdf")}


def test_the_responsable_deposits_and_the_list_shows_it(scene: Any, enter: Enter, month: Any) -> None:
    alicia = enter(scene.alicia)
    listed = alicia.get(reverse("party:obligaciones"), {"tipo": "RMA"}).text
    assert page(scene, month) in listed and "Depositar un documento" in alicia.get(page(scene, month)).text
    answer = alicia.post(page(scene, month), sent(), follow=True)
    with everything():
        made = Deposito.objects.get()
    assert made.folio in answer.text and "relacion.pdf" in answer.text and "Alicia" in answer.text
    assert made.folio in alicia.get(reverse("party:obligaciones"), {"tipo": "RMA", "estado": "cumplida"}).text
    again = alicia.post(page(scene, month), sent())
    assert again.status_code == 422 and "ya está depositado" in again.text
    wrong = alicia.post(page(scene, month), sent(b"texto"))
    assert wrong.status_code == 422 and "no es un PDF" in wrong.text


@pytest.mark.parametrize("what", ["documento", "acuse"])
def test_both_desks_give_the_file_and_its_acuse_and_no_stranger_gets_them(
    scene: Any, enter: Enter, month: Any, what: str
) -> None:
    enter(scene.alicia).post(page(scene, month), sent())
    with everything():
        made = Deposito.objects.get()
    for who, desk in ((scene.alicia, "party"), (scene.dario, "auditor")):
        answer = enter(who).get(reverse(f"{desk}:deposito_{what}", args=[made.pk]))
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF-")
        assert "attachment" in answer["Content-Disposition"]
    assert enter(scene.alicia).get(reverse("party:deposito_documento", args=[made.pk])).content == PDF
    address = reverse(f"party:deposito_{what}", args=[made.pk])
    assert enter(scene.carla).get(address).status_code == 404  # of another party
    assert enter(scene.bruno).get(address).status_code == 404  # of some books alone
    assert enter(scene.dario).get(address).status_code == 403
    assert enter(scene.alicia).get(reverse(f"auditor:deposito_{what}", args=[made.pk])).status_code == 403
    assert "/cuenta/login/" in Client().get(address)["Location"]


def test_the_acuse_that_is_given_is_the_one_that_was_issued(scene: Any, enter: Enter, month: Any) -> None:
    alicia = enter(scene.alicia)
    alicia.post(page(scene, month), sent())
    with everything():
        made = Deposito.objects.get()
        kept = read_file(made.acuse_kept)
    given = alicia.get(reverse("party:deposito_acuse", args=[made.pk])).content
    assert given.startswith(kept) and len(given) > len(kept)  # the seal stands after it


def test_what_was_deposited_waits_for_its_acuse_where_it_cannot_be_drawn(
    scene: Any, enter: Enter, month: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_made: Deposito) -> bytes:
        raise RuntimeError("la letra no se dibuja")

    alicia = enter(scene.alicia)
    with monkeypatch.context() as ill:
        ill.setattr(deposit_acuses, "deposit_pdf", broken)
        shown = alicia.post(page(scene, month), sent(), follow=True)
        with everything():
            made = Deposito.objects.get()
        assert shown.status_code == 200 and made.folio in shown.text and not made.acuse_kept
        address = reverse("party:deposito_acuse", args=[made.pk])
        waits = alicia.get(address)
        assert waits.status_code == 503 and waits["Retry-After"]
        assert "se está elaborando" in waits.text and made.folio in waits.text and made.sha256 in waits.text
        told = enter(scene.carla).get(address)
        assert told.status_code == 404 and made.sha256 not in told.text
    assert alicia.get(address).status_code == 503  # who asks draws nothing
    tasks.draw_those_that_wait(0)
    assert alicia.get(address).content.startswith(b"%PDF-")


def test_the_authority_sees_the_deposit_from_the_compliance_of_its_subject(
    scene: Any, enter: Enter, month: Any
) -> None:
    enter(scene.alicia).post(page(scene, month), sent())
    dario = enter(scene.dario)
    sheet = dario.get(reverse("auditor:cumplimiento_sujeto", args=[scene.partido.siglas]), {"tipo": "RMA"}).text
    assert page(scene, month, "auditor") in sheet
    shown = dario.get(page(scene, month, "auditor")).text
    assert "relacion.pdf" in shown and "Depositar un documento" not in shown
    assert dario.post(page(scene, month, "auditor"), sent()).status_code == 405


@pytest.mark.parametrize(("who", "status"), [("carla", 404), ("bruno", 404), ("dario", 403)])
def test_nobody_deposits_or_reads_for_a_subject_that_is_not_theirs(
    scene: Any, enter: Enter, month: Any, who: str, status: int
) -> None:
    client = enter(getattr(scene, who))
    assert client.get(page(scene, month)).status_code == status
    assert client.post(page(scene, month), sent()).status_code == status
    with everything():
        assert not Deposito.objects.exists()


def test_a_duty_that_takes_no_deposit_has_no_page(scene: Any, enter: Enter, month: Any) -> None:
    alicia = enter(scene.alicia)
    for clave in (month.clave + "9", "RMA", month.clave.replace("RMA", "IA")):
        assert alicia.get(reverse("party:obligacion", args=[clave, scene.partido.siglas])).status_code == 404


def test_an_act_asks_the_day_on_which_it_was_done(scene: Any, enter: Enter) -> None:
    with everything():
        rows = obligations_of([scene.partido.pk], clock.today())
    row = next(row for row in rows if row.tipo == "PUB-T" and row.abre_el <= clock.today())
    alicia, address = enter(scene.alicia), reverse("party:obligacion", args=[row.clave, scene.partido.siglas])
    late = alicia.post(address, {**sent(), "dia": f"{clock.today() + timedelta(days=1):%d/%m/%Y}"})
    assert late.status_code == 422 and "no está entre" in late.text
    day = row.vence_el
    done = alicia.post(address, {**sent(), "dia": f"{day:%d/%m/%Y}"}, follow=True)
    assert done.status_code == 200 and "Cumplida" in done.text
