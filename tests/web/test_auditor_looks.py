"""Papers and whole keys seen by the authority: said what for, recorded, refused to strangers, and told in its time."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from proceedings.world import at
from runs import find
from sif.audit import review as bench
from sif.audit.models import Hallazgo
from sif.audit.review_models import MiradaAuditoria
from sif.audit.review_selectors import trail_of
from sif.registry.masks import masked
from sif.registry.models import Suceso
from sif.registry.scope import everything
from web.audit_scene import Scene, audited, review

__all__ = ["audited", "review"]
WHY = {"finalidad": "revision", "motivo": "Factura de volantes de marzo"}
MIRADAS = "Factura de volantes de marzo"


@pytest.fixture
def found(review: Scene) -> Hallazgo:
    return review.pending("CF001")[0]


@pytest.fixture
def paper(review: Scene) -> str:
    with everything():
        poliza = review.world.contabilidades[0].polizas.order_by("-eslabon")[0]
        return str(poliza.evidencias.get().archivo_id)


def looks() -> list[tuple[str, str, str, bool]]:
    with everything():
        rows = MiradaAuditoria.objects.order_by("pk").values_list("persona__username", "archivo", "motivo", "propia")
        return list(rows)


def say(client: Client, found: Hallazgo, **typed: str) -> Any:
    return client.post(reverse("auditor:papeles", args=[found.pk]), {**WHY, **typed})


def test_the_papers_of_a_hallazgo_of_another_are_seen_for_a_reason(
    review: Scene, found: Hallazgo, paper: str, enter: Any
) -> None:
    dario, name = enter(review.world.dario), review.world.dario.username
    page, address = reverse("auditor:hallazgo", args=[found.pk]), reverse("auditor:archivo", args=[found.pk, paper])
    assert dario.get(address).status_code == 403 and address not in dario.get(page).text
    refused = say(dario, found, motivo="para ver")
    assert refused.status_code == 422 and "no dice para qué" in refused.text and looks() == []
    assert say(dario, found)["Location"].endswith("#prueba")
    assert address in dario.get(page).text
    assert [dario.get(address).status_code for _ in range(2)] == [200, 200]
    words = "Revisar un hallazgo: Factura de volantes de marzo"
    assert looks() == [(name, "", words, False), (name, paper, words, False)]
    with everything():
        assert Suceso.objects.filter(verbo="mirar", persona=review.world.dario).count() == 2
    with at("2024-06-12 09:00"):  # a reason does not serve for ever
        assert dario.get(address).status_code == 403


def test_who_has_the_hallazgo_opens_its_papers_and_leaves_a_look(
    review: Scene, found: Hallazgo, paper: str, enter: Any
) -> None:
    with everything():
        bench.assign([found], review.world.dario, review.world.elena)
    address = reverse("auditor:archivo", args=[found.pk, paper])
    assert enter(review.world.dario).get(address).status_code == 200
    assert looks() == [(review.world.dario.username, paper, "Revisar un hallazgo: CF001", True)]


@pytest.mark.parametrize("given", ["by hand", "of its rule"])
def test_what_one_gave_oneself_is_of_another_unless_the_authority_says_so(
    review: Scene, found: Hallazgo, paper: str, enter: Any, settings: Any, given: str
) -> None:
    dario, address = review.world.dario, reverse("auditor:archivo", args=[found.pk, paper])
    with everything():
        if given == "by hand":
            bench.assign([found], dario, dario)
        else:
            bench.distribute(review.world.etapa, found.regla, None, dario, dario)
    client = enter(dario)
    assert client.get(address).status_code == 403 and looks() == []
    settings.AUDITORIA_AJENA = "rehusa"
    assert "no se lo asignó otra persona" in say(client, found).text and looks() == []
    settings.ASIGNA_OTRA_PERSONA = False
    assert client.get(address).status_code == 200
    assert looks() == [(dario.username, paper, "Revisar un hallazgo: CF001", True)]


def test_an_institution_may_refuse_those_of_another(
    review: Scene, found: Hallazgo, paper: str, enter: Any, settings: Any
) -> None:
    settings.AUDITORIA_AJENA = "rehusa"
    refused = say(enter(review.world.dario), found)
    assert refused.status_code == 422 and "no se lo asignó otra persona" in refused.text and looks() == []


def test_a_reason_said_while_it_was_theirs_opens_nothing_where_those_of_another_are_refused(
    review: Scene, found: Hallazgo, paper: str, enter: Any, settings: Any
) -> None:
    settings.AUDITORIA_AJENA = "rehusa"
    dario, address = enter(review.world.dario), reverse("auditor:archivo", args=[found.pk, paper])
    with everything():
        bench.assign([found], review.world.dario, review.world.elena)
    say(dario, found)
    with everything():
        bench.assign([found], review.world.elena, review.world.elena)
    assert dario.get(address).status_code == 403
    assert address not in dario.get(reverse("auditor:hallazgo", args=[found.pk])).text
    assert [each[1] for each in looks()] == [""]


@pytest.mark.parametrize("who", ["alicia", "nadie"])
def test_a_stranger_sees_no_paper_and_leaves_no_look(
    review: Scene, found: Hallazgo, paper: str, enter: Any, who: str
) -> None:
    client = Client() if who == "nadie" else enter(review.world.alicia)
    wanted = 302 if who == "nadie" else 403
    answers = [say(client, found), client.get(reverse("auditor:archivo", args=[found.pk, paper]))]
    assert [each.status_code for each in answers] == [wanted, wanted] and looks() == []


def test_keys_that_a_row_names_are_covered_until_a_reason_is_said(review: Scene, found: Hallazgo, enter: Any) -> None:
    rfc = "SEVN790202AB3"
    twin = {f.attname: getattr(found, f.attname) for f in Hallazgo._meta.concrete_fields if not f.primary_key}
    row = find(**{**twin, "clave": "otro", "fila": {"rfc": rfc}})
    dario, page = enter(review.world.dario), reverse("auditor:hallazgo", args=[row.pk])
    covered = dario.get(page).text
    assert rfc not in covered and masked("rfc", rfc) in covered
    say(dario, row)
    assert rfc in dario.get(page).text
    with everything():
        assert MiradaAuditoria.objects.get(hallazgo=row).campos == "rfc"


def test_accounts_in_sentences_are_covered_as_beside_them_and_written_back_whole(
    review: Scene, found: Hallazgo, enter: Any
) -> None:
    clabe = "012180001182080318"
    twin = {f.attname: getattr(found, f.attname) for f in Hallazgo._meta.concrete_fields if not f.primary_key}
    said = f"La cuenta {clabe} se abrió el 2024-03-01 y no consta aviso; el plazo es de 5 días."
    ba002 = {"regla": "BA002", "resultado": "sin_aviso", "clave": "cuenta_bancaria_id=9", "mensaje": said}
    row = find(**{**twin, **ba002, "fila": {"clabe": clabe}})
    dario, page = enter(review.world.dario), reverse("auditor:hallazgo", args=[row.pk])
    shown = dario.get(page).text
    assert clabe not in shown and shown.count(masked("clabe", clabe)) >= 3  # the sentence, the text and its box
    assert clabe not in dario.get(reverse("auditor:hallazgos"), {"formato": "csv", "q": "BA002"}).text
    typed = said.replace(clabe, masked("clabe", clabe)).replace("no consta aviso", "nadie avisó")
    dario.post(reverse("auditor:anotar", args=[row.pk]), {"acto": "redactar", "texto": typed})
    with everything():
        assert trail_of(row).redacciones[-1].texto == said.replace("no consta aviso", "nadie avisó")
    say(dario, row)
    assert f"La cuenta {clabe} se abrió" in dario.get(page).text


def test_the_responsable_is_told_once_the_oficio_was_notified_and_of_later_looks_with_the_resolucion(
    review: Scene, found: Hallazgo, enter: Any
) -> None:
    dario, alicia, told = enter(review.world.dario), enter(review.world.alicia), reverse("party:miradas")
    review.adopted("EV001")
    say(dario, found)
    assert MIRADAS not in alicia.get(told).text
    review.notified()
    with at("2024-06-13 10:00"):
        page = alicia.get(told).text
        assert MIRADAS in page and review.world.dario.nombre in page
        assert MIRADAS in alicia.get(told, {"formato": "csv"}).text
        say(dario, found, motivo="Segunda vuelta del mismo asunto")
        assert "Segunda vuelta" not in alicia.get(told).text
