"""The sheet of an appointment: its span and documents, and the acts that prolong it or end it on a day."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sif.duties.handover import NewLoan, lend
from sif.registry import clock, services
from sif.registry.models import FinNombramiento, Invitacion, Nombramiento, Usuario
from sif.registry.scope import everything
from sif.values.span import OPEN_END
from sif.web.accounts import nombramientos
from sif.web.formats import long_day

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"


def given(scene: Any, days: int = 5) -> Nombramiento:
    with everything():
        return services.appoint(
            scene.bruno, "consulta", scene.partido, hasta=clock.today() + timedelta(days=days), by=scene.alicia
        )


def sent(**more: str) -> dict[str, object]:
    return {"referencia": "CEN/SF/7", "archivo": SimpleUploadedFile("oficio.pdf", PDF, "application/pdf"), **more}


def written(days: int) -> str:
    return f"{clock.today() + timedelta(days=days):%d/%m/%Y}"


def test_the_sheet_is_of_its_person_and_of_who_manages_the_account(scene: Any, enter: Any) -> None:
    row = given(scene)
    page = reverse("nombramiento", args=[row.pk])
    assert "Prolongar" in enter(scene.alicia).get(page).text
    told = enter(scene.bruno).get(page).text
    assert "Prolongar" not in told and "Terminar" not in told and "Último día" in told
    assert enter(scene.dario).get(page).status_code == 404
    assert Client().get(page)["Location"].startswith("/cuenta/login/")
    own = enter(scene.bruno).get(reverse("mis_nombramientos")).text
    assert page in own and "Consulta" in own


def test_who_manages_it_prolongs_it_by_a_document(scene: Any, enter: Any) -> None:
    row, client = given(scene), enter(scene.alicia)
    page = reverse("nombramiento_guardar", args=[row.pk, "prolongar"])
    assert "Nuevo último día" in client.get(page).text
    short = client.post(page, sent(ultimo=written(1)))
    assert short.status_code == 422 and "ya llega al" in short.context["form"].errors["ultimo"][0]
    wrong = client.post(page, {**sent(ultimo=written(9)), "archivo": SimpleUploadedFile("a.gif", b"GIF89a")})
    assert wrong.status_code == 422 and "no es un PDF" in wrong.context["form"].errors["archivo"][0]
    assert client.post(page, sent(ultimo=written(9))).status_code == 302
    made = Nombramiento.objects.get(usuario=scene.bruno, desde=row.hasta)
    assert made.hasta == clock.today() + timedelta(days=10)
    assert "CEN/SF/7" in client.get(reverse("nombramiento", args=[made.pk])).text
    assert "Por empezar" in client.get(reverse("nombramiento", args=[row.pk])).text
    for other in (scene.bruno, scene.dario):
        assert enter(other).get(page).status_code == 404
    assert Client().get(page)["Location"].startswith("/cuenta/login/")


def test_it_is_prolonged_without_an_end_where_no_day_is_typed(scene: Any, enter: Any) -> None:
    row, client = given(scene), enter(scene.alicia)
    page = reverse("nombramiento_guardar", args=[row.pk, "prolongar"])
    assert client.post(page, sent(ultimo="31/12/9999")).status_code == 422  # no day of those a person types
    assert client.post(page, sent(ultimo="")).status_code == 302
    made = Nombramiento.objects.get(usuario=scene.bruno, desde=row.hasta)
    assert made.hasta == OPEN_END and "Sin término" in client.get(reverse("nombramiento", args=[made.pk])).text


def test_a_document_is_kept_without_prolonging(scene: Any, enter: Any) -> None:
    row, client = given(scene), enter(scene.alicia)
    page = reverse("nombramiento_guardar", args=[row.pk, "documento"])
    assert client.post(page, sent(referencia=" ")).status_code == 422
    assert client.post(page, sent()).status_code == 302
    assert client.post(page, sent()).status_code == 422
    assert Nombramiento.objects.filter(usuario=scene.bruno, rol="consulta").count() == 1


def test_it_is_ended_on_a_day_that_comes(scene: Any, enter: Any) -> None:
    row, client = given(scene), enter(scene.alicia)
    page = reverse("nombramiento_terminar", args=[row.pk])
    sheet = reverse("nombramiento", args=[row.pk])
    for typed, told in (("31/31/2031", "«31/31/2031» no es un día"), ("31/12/9999", "«31/12/9999» no es un día")):
        assert told in client.post(page, {"motivo": "Se va", "ultimo": typed}, follow=True).text
    assert "Terminar antes" in client.get(sheet).text
    assert not FinNombramiento.objects.filter(nombramiento=row).exists()
    client.post(page, {"motivo": "Se va", "ultimo": written(2)})
    ends = FinNombramiento.objects.get(nombramiento=row).termina_el
    assert ends == clock.midnight(clock.today() + timedelta(days=3))
    told = client.get(sheet).text
    assert (
        "Termina antes" in told and "Terminó antes" not in told and long_day(clock.today() + timedelta(days=2)) in told
    )
    with clock.at(ends):
        assert "Terminó antes" in enter(scene.alicia).get(sheet).text


def test_an_invitation_takes_the_first_and_the_last_day(scene: Any, enter: Any) -> None:
    client, page = enter(scene.alicia), reverse("personas")
    said = {"nombre": "Nora Paz", "username": "nora.paz", "rol": "consulta", "sujeto": str(scene.partido.pk)}
    wrong = client.post(page, {**said, "desde": written(4), "ultimo": written(2)})
    assert wrong.status_code == 422 and "antes del primero" in wrong.context["form"].errors["ultimo"][0]
    assert client.post(page, {**said, "desde": written(2), "ultimo": written(4)}).status_code == 302
    made = Invitacion.objects.get(username="nora.paz")
    assert (made.desde, made.hasta) == (clock.today() + timedelta(days=2), clock.today() + timedelta(days=5))


def test_a_role_is_delegated_and_revoked_by_whoever_has_it(scene: Any, enter: Any) -> None:
    given(scene)
    mine = Nombramiento.objects.filter(usuario=scene.alicia, sujeto=scene.partido).latest("pk")
    client, page = enter(scene.alicia), reverse("nombramiento_delegar", args=[mine.pk])
    assert page in client.get(reverse("nombramiento", args=[mine.pk])).text
    asked = client.get(page).text
    assert "nunca se delega" in asked and f'value="{scene.bruno.username}"' in asked
    wrong = client.post(page, sent(a="nadie", ultimo=written(9)))
    assert wrong.status_code == 422 and "no tiene una función vigente" in wrong.context["form"].errors["a"][0]
    assert client.post(page, sent(a=scene.bruno.username, ultimo=written(9))).status_code == 302
    made = Nombramiento.objects.get(delegado_de=mine)
    assert (made.usuario, made.hasta) == (scene.bruno, clock.today() + timedelta(days=10))
    sheet, revoke = reverse("nombramiento", args=[made.pk]), reverse("nombramiento_revocar", args=[made.pk])
    assert "No firma informes" in enter(scene.bruno).get(sheet).text
    assert sheet in client.get(reverse("nombramiento", args=[mine.pk])).text
    for other in (scene.bruno, scene.dario):
        assert enter(other).post(revoke, {"motivo": "No"}).status_code == 404
        assert enter(other).get(page).status_code in (403, 404)
    assert Client().get(page)["Location"].startswith("/cuenta/login/")
    assert Client().post(revoke)["Location"].startswith("/cuenta/login/")
    client.post(revoke, {"motivo": ""})
    assert not FinNombramiento.objects.exists()
    client.post(revoke, {"motivo": "Ya volví"})
    assert FinNombramiento.objects.get().motivo == "Ya volví"
    assert "Revocar la delegación" not in client.get(sheet).text


def test_a_role_that_ends_while_it_is_delegated_is_told_in_the_form(
    scene: Any, enter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in force when the page asks, and not when the act does."""

    def lend_late(appointment: Nombramiento, new: NewLoan, by: Usuario) -> Nombramiento:
        with clock.at(clock.now() + timedelta(days=9)):
            return lend(appointment, new, by)

    monkeypatch.setattr(nombramientos, "lend", lend_late)
    page = reverse("nombramiento_delegar", args=[given(scene).pk])
    told = enter(scene.bruno).post(page, sent(a=scene.alicia.username, ultimo=written(2)))
    assert told.status_code == 422 and "Una función la delega quien la tiene" in told.text
    assert not Nombramiento.objects.exclude(delegado_de=None).exists()
