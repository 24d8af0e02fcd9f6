"""The auditor sees a report that was presented with its annexes, and takes them as they were signed; nobody else."""

import hashlib
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sif.filing.annexes import annexes_in
from sif.filing.models import Informe
from sif.registry.scope import everything, registering


@pytest.fixture
def informe(scene: Any, enter: Any) -> Informe:
    """A report that Alicia generated and presented."""
    scene.post(scene.expense("1,500.25"))
    alicia = enter(scene.alicia)
    place = [scene.libros.pk, "IC", 1]
    alicia.post(reverse("party:generar", args=place))
    alicia.post(reverse("party:firmar_aqui", args=[*place, 1]))
    with everything():
        return Informe.objects.get(contabilidad=scene.libros)


def test_the_auditor_reaches_the_report_from_compliance_and_takes_each_annex_whole(
    scene: Any, enter: Any, informe: Informe
) -> None:
    dario = enter(scene.dario)
    address = reverse("auditor:informe", args=[informe.folio])
    listed = dario.get(reverse("auditor:cumplimiento_sujeto", args=[scene.partido.siglas]), {"tipo": "IC"}).text
    assert address in listed
    page = dario.get(address).text
    with everything():
        found = annexes_in(informe)
        assert found and informe.presentacion.nombre in page
    for each in found:
        at = reverse("auditor:informe_anexo", args=[informe.folio, each.clave])
        assert at in page and each.sha256[:4] in page
        given = dario.get(at)
        data = b"".join(given) if given.streaming else given.content
        assert (len(data), hashlib.sha256(data).hexdigest()) == (each.bytes, each.sha256)
        assert f'filename="{informe.folio}-{each.archivo}"' in given["Content-Disposition"]
    assert dario.get(reverse("auditor:informe_acuse", args=[informe.folio])).content.startswith(b"%PDF-")
    assert dario.get(reverse("auditor:informe_anexo", args=[informe.folio, "otro"])).status_code == 404


def test_around_a_report_is_its_own_stage_whatever_is_at_hand(scene: Any, enter: Any, informe: Informe) -> None:
    own = informe.contabilidad.etapa
    dario = enter(scene.dario)
    with registering():
        other = own.proceso.etapas.create(tipo="ordinario", inicia_el="2024-01-01", termina_el="2024-12-31")
    session = dario.session
    session["etapa"] = other.pk
    session.save()
    assert dario.get(reverse("auditor:cumplimiento")).context["frame"].etapa == other.pk
    assert dario.get(reverse("auditor:informe", args=[informe.folio])).context["frame"].etapa == own.pk


@pytest.mark.parametrize("who", ["alicia", "bruno", "carla"])
def test_it_refuses_a_stranger(scene: Any, enter: Any, informe: Informe, who: str) -> None:
    for name, more in (("informe", []), ("informe_anexo", ["balanza"]), ("informe_acuse", [])):
        address = reverse(f"auditor:{name}", args=[informe.folio, *more])
        assert enter(getattr(scene, who)).get(address).status_code == 403
        assert "/cuenta/login/" in Client().get(address)["Location"]
        assert enter(scene.dario).post(address).status_code == 405


def test_what_was_not_presented_is_nobody_elses(scene: Any, enter: Any) -> None:
    scene.post(scene.expense("1,500.25"))
    enter(scene.alicia).post(reverse("party:generar", args=[scene.libros.pk, "IC", 1]))
    with everything():
        draft = Informe.objects.get(contabilidad=scene.libros)
    for name, more in (("informe", []), ("informe_anexo", ["balanza"]), ("informe_acuse", [])):
        assert enter(scene.dario).get(reverse(f"auditor:{name}", args=[draft.folio, *more])).status_code == 404
