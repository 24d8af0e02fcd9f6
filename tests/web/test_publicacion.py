"""The page of publication: one proposes, another does it, a stranger is refused, and it writes only by POST."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from sif.disclosure.models import ProcesoPublicado, Publicacion, PublicacionPropuesta, RetiroPropuesto
from sif.disclosure.tasks import PUBLISH
from sif.jobs.models import Trabajo
from sif.jobs.running import run_pieces
from sif.registry.scope import everything
from web.audit_scene import Scene, audited, review

__all__ = ["audited", "review"]
Enter = Callable[[Any], Client]
ADDRESS = "auditor:publicacion"


def test_it_works_at_each_desk_of_the_authority(review: Scene, enter: Enter) -> None:
    for who in (review.world.dario, review.world.elena, review.sofia):
        page = enter(who).get(reverse(ADDRESS))
        assert page.status_code == 200
        assert "El público no ve esta etapa." in page.text
    assert "Proponer las cifras de hoy" not in enter(review.world.dario).get(reverse(ADDRESS)).text


def test_it_refuses_a_stranger(review: Scene, enter: Enter) -> None:
    address = reverse(ADDRESS)
    assert "/cuenta/login/" in Client().get(address)["Location"]
    for act in ("proponer", "publicar", "retirar", "confirmar_retiro"):
        assert enter(review.world.alicia).post(address, {"acto": act}).status_code == 403
        assert Client().post(address, {"acto": act}).status_code == 302
    assert enter(review.world.dario).post(address, {"acto": "proponer"}).status_code == 422
    with everything():
        assert not PublicacionPropuesta.objects.exists()


def test_reading_writes_nothing(review: Scene, enter: Enter) -> None:
    elena = enter(review.world.elena)
    assert elena.get(reverse(ADDRESS), {"acto": "proponer"}).status_code == 200
    assert elena.put(reverse(ADDRESS)).status_code == 405
    assert elena.post(reverse(ADDRESS)).status_code == 404
    with everything():
        assert not PublicacionPropuesta.objects.exists()


def test_two_people_publish_and_two_withdraw(review: Scene, enter: Enter) -> None:
    elena, sofia, address = enter(review.world.elena), enter(review.sofia), reverse(ADDRESS)
    unsaid = elena.post(address, {"acto": "proponer"})
    assert unsaid.status_code == 422 and "El Consejo no ha aprobado ninguna resolución" in unsaid.text
    assert "tope e informes debidos, presentados y extemporáneos; sin dictámenes, gasto no reportado" in unsaid.text
    proposing = elena.post(address, {"acto": "proponer", "sin_voto": "on"}, follow=True)
    assert proposing.redirect_chain[0][0].startswith("/trabajos/")
    assert "Las publica otra persona." in proposing.text
    with everything():
        proposed = PublicacionPropuesta.objects.get()
    own = elena.post(address, {"acto": "publicar", "propuesta": proposed.pk}, follow=True).text
    assert "No se publicó nada" in own and "La publica otra persona" in own
    assert "Publicar estas cifras" not in elena.get(address).text
    shown = sofia.get(address).text
    assert "Resoluciones aprobadas: 0 de " in shown  # who publishes reads it too
    told = f"Campaña, {review.world.etapa.proceso.nombre}"
    assert f"Publicación de la etapa: {told}</h1>" in shown
    assert f"Publicar estas cifras: {told}</button>" in " ".join(shown.split())
    assert "Renglones que ve el público" in shown
    assert "Sumas que ve el público" in shown and "139,200.00" in shown  # 92,800.00 + 46,400.00 of spending
    other = sofia.post(address, {"acto": "publicar", "propuesta": proposed.pk + 1}, follow=True).text
    assert "no se publicó nada" in other
    assert (
        "La etapa quedó publicada."
        in sofia.post(address, {"acto": "publicar", "propuesta": proposed.pk}, follow=True).text
    )
    again = sofia.post(address, {"acto": "publicar", "propuesta": proposed.pk}, follow=True).text
    assert "ya no espera; no se publicó nada" in again
    assert "A la vista" in again
    assert "no se retiró nada" in elena.post(address, {"acto": "confirmar_retiro"}, follow=True).text
    why = {"acto": "retirar", "motivo": "Cifra equivocada.", "fundamento": "LGPP 82.1.c"}
    assert sofia.post(address, {**why, "motivo": " "}).status_code == 422
    assert "Lo confirma otra persona." in sofia.post(address, why, follow=True).text
    with everything():
        proposal = RetiroPropuesto.objects.get()
    confirm = {"acto": "confirmar_retiro", "retiro": proposal.pk}
    assert sofia.post(address, confirm).status_code == 422
    assert "no se retiró nada" in elena.post(address, {**confirm, "retiro": proposal.pk + 1}, follow=True).text
    assert ProcesoPublicado.objects.count() == 1
    assert "Confirmar el retiro" not in sofia.get(address).text
    assert "Confirmar el retiro" in elena.get(address).text
    gone = elena.post(address, confirm, follow=True).text
    assert "Cifra equivocada." in gone
    assert "El público no ve esta etapa." in gone
    assert ProcesoPublicado.objects.count() == 0
    with everything():
        assert Publicacion.objects.count() == 1


def test_publishing_pressed_twice_is_one_job(review: Scene, enter: Enter, settings: Any) -> None:
    elena, sofia, address = enter(review.world.elena), enter(review.sofia), reverse(ADDRESS)
    elena.post(address, {"acto": "proponer", "sin_voto": "on"})
    with everything():
        proposed = PublicacionPropuesta.objects.get()
    settings.TRABAJOS_EN_LINEA = False
    asked = {sofia.post(address, {"acto": "publicar", "propuesta": proposed.pk})["Location"] for _press in range(2)}
    assert len(asked) == 1
    with everything():
        (trabajo,) = Trabajo.objects.filter(tipo=PUBLISH)
        for _run in range(2):
            run_pieces(trabajo.pk)
        assert Publicacion.objects.count() == 1
    assert "A la vista" in sofia.get(asked.pop(), follow=True).text
