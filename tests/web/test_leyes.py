"""Laws and bases at the council desk: what was read, what agrees, and the acts of two people, from the pages."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from proceedings.world import at
from sif.proceedings.models import Resolucion
from sif.registry.scope import everything
from sif.rulebook.citations import every_citation
from sif.statutes.confirming import NewBase, propose
from sif.statutes.loading import load_text
from sif.statutes.models import BasePropuesta, BaseResuelta, BaseSinEfecto, TextoDeLey
from sif.statutes.selectors import bases
from sif.web.council.leyes import subject_of
from statutes.texts import as_text
from web.audit_scene import Scene, audited, review

__all__ = ["audited", "review"]
Enter = Callable[[Any], Client]
CITED = next(each for each in every_citation("mx") if each.clave == "regla RE001 RF 38.1")
BASE = reverse("council:base", args=[CITED.huella])
PAGES = [reverse(f"council:{name}") for name in ("leyes", "leyes_espera", "leyes_textos")] + [BASE]


@pytest.fixture
def gabriela(review: Scene, enter: Enter) -> Client:
    return enter(review.gabriela)


@pytest.fixture
def sofia(review: Scene, enter: Enter) -> Client:
    return enter(review.sofia)


def waiting() -> dict[str, str]:
    """What the form of the last proposal says that it is of."""
    with everything():
        return {"cual": str(BasePropuesta.objects.latest("pk").pk)}


def load(scene: Scene) -> TextoDeLey:
    with everything(scene.gabriela.pk):
        return load_text("RF", as_text().encode(), date(2023, 8, 22), scene.gabriela, archivo="RF.txt")


def offered(scene: Scene) -> BasePropuesta:
    with everything(scene.gabriela.pk):
        (made,) = propose([NewBase(CITED.clave, CITED.huella, motivo="DOF del 22 de agosto de 2023.")], scene.gabriela)
    return made


@pytest.mark.parametrize("address", PAGES)
def test_it_works_and_refuses_a_stranger(review: Scene, enter: Enter, address: str) -> None:
    assert "<h1>" in enter(review.world.consejo[0]).get(address).text
    assert "/cuenta/login/" in Client().get(address)["Location"]
    for stranger in (review.world.alicia, review.world.dario):
        assert enter(stranger).get(address).status_code == 403


@pytest.mark.parametrize("name", ["leyes_proponer", "leyes_resolver", "base_resolver"])
def test_acts_are_of_who_may_and_by_post(review: Scene, enter: Enter, name: str) -> None:
    address = reverse(f"council:{name}", args=[CITED.huella] if name == "base_resolver" else [])
    felix = enter(review.world.consejo[0])
    offered(review)
    assert felix.get(address).status_code == 405
    assert enter(review.world.alicia).post(address).status_code == 403
    with everything():
        chosen = str(BasePropuesta.objects.get().pk)
    told = felix.post(
        address, {"elegir": chosen, "cual": chosen, "acto": "confirmar", "motivo": "Porque sí."}, follow=True
    ).text
    assert "no tiene nombramiento para confirmar bases" in told
    with everything():
        assert (BasePropuesta.objects.count(), BaseResuelta.objects.count()) == (1, 0)


def test_the_list_says_of_each_basis_what_is_cited_and_how_it_stands(review: Scene, gabriela: Client) -> None:
    load(review)
    page = gabriela.get(reverse("council:leyes"), {"q": "registro extemporáneo operaciones"}).text
    assert "RE001. Registro extemporáneo de operaciones" in page
    assert "RF 38.1" in page and "Coincide" in page and "Por confirmar" in page
    assert "LGPP 63.1.c" in page and "Leída en la ley" in page and "Sin texto cargado" in page
    only = gabriela.get(reverse("council:leyes"), {"ley": "RF", "texto": "difiere"}).text
    assert "RF 127.1" in only and "RE001. " not in only and "LGPP" not in only.split("<table")[1]
    assert "Ninguna base responde" in gabriela.get(reverse("council:leyes"), {"q": "zzz"}).text
    assert gabriela.get(reverse("council:leyes"), {"ley": "ZZZ", "pagina": "x"}).status_code == 200


def test_the_list_and_the_comparison_go_out_as_files(review: Scene, gabriela: Client) -> None:
    texto = load(review)
    csv = gabriela.get(reverse("council:leyes"), {"ley": "RF", "formato": "csv"}).content.decode("utf-8-sig")
    assert csv.splitlines()[0] == "articulo,sobre,dice,desde,hasta,en_el_texto,estado"
    assert any(line.startswith("RF 38.1,RE001. Registro extemporáneo") for line in csv.splitlines())
    there = reverse("council:leyes_texto", args=[texto.pk])
    rows = gabriela.get(there, {"formato": "csv", "resultado": "difiere"}).content.decode("utf-8-sig").splitlines()
    assert rows[0] == "articulo,donde,dice,texto,resultado"
    assert all(row.endswith("Difiere") for row in rows[1:]) and len(rows) > 3
    assert gabriela.get(there, {"formato": "xlsx"}).content.startswith(b"PK")
    assert gabriela.get(there, {"resultado": "otra"}).status_code == 404


def test_a_text_is_loaded_from_the_page_and_compared(review: Scene, gabriela: Client, sofia: Client) -> None:
    address = reverse("council:leyes_textos")
    sent = {"ley": "rf", "desde": "22/08/2023", "archivo": SimpleUploadedFile("RF.txt", as_text().encode())}
    page = gabriela.post(address, sent, follow=True)
    assert "Quedó cargada: 7 artículos." in page.text
    assert "Los egresos se sujetan a otras reglas." in page.text, "lo que el texto dice, junto a lo que se cita"
    assert "Gabriela Nava" in sofia.get(address).text
    wrong = gabriela.post(address, {"ley": "RF", "desde": "22/08/2023", "archivo": SimpleUploadedFile("a.txt", b"x")})
    assert wrong.status_code == 422 and "ningún artículo" in wrong.text
    assert gabriela.post(address, {}).status_code == 422


def test_a_councillor_loads_nothing(review: Scene, enter: Enter) -> None:
    sent = {"ley": "RF", "desde": "22/08/2023", "archivo": SimpleUploadedFile("RF.txt", as_text().encode())}
    assert enter(review.world.consejo[0]).post(reverse("council:leyes_textos"), sent).status_code == 403
    page = enter(review.world.consejo[0]).get(reverse("council:leyes_textos")).text
    assert "sif leyes cargar" not in page and "Las carga el área de resoluciones" in page
    assert enter(review.world.consejo[0]).post(BASE, {"motivo": "x"}).status_code == 403


def test_one_proposes_on_the_words_of_the_text_and_another_confirms(
    review: Scene, gabriela: Client, sofia: Client
) -> None:
    texto = load(review)
    with everything():
        article = texto.filas.get(numero="38")
    page = gabriela.get(BASE).text
    assert "Los sujetos obligados deberán realizar sus registros" in page
    changed = {"articulo": article.pk, "palabras": "hasta cinco días después"}
    assert "no dice esas palabras" in gabriela.post(BASE, changed).text
    done = gabriela.post(BASE, {"articulo": article.pk, "palabras": CITED.cita, "etapa": "campana"}, follow=True).text
    assert "la confirma otra persona" in done and "Retirar mi propuesta" in done and "Para: Campaña." in done
    resolve, sent = reverse("council:base_resolver", args=[CITED.huella]), {"acto": "confirmar", **waiting()}
    assert "la propuso" in gabriela.post(resolve, sent, follow=True).text
    other = {**sent, "cual": int(sent["cual"]) + 1}
    assert "cambió después de que usted la leyó" in sofia.post(resolve, other, follow=True).text
    assert f'name="cual" value="{sent["cual"]}"' in sofia.get(BASE).text
    after = sofia.post(resolve, sent, follow=True).text
    assert "Quedó escrito con su nombre" in after
    assert "La propuso Gabriela Nava y la confirmó Sofía Lara" in after
    assert "No había nada que resolver" in sofia.post(resolve, sent, follow=True).text
    with everything():
        act = BaseResuelta.objects.get()
    undone = gabriela.post(resolve, {"acto": "dejar_sin_efecto", "cual": act.pk, "motivo": "Se reformó."}, follow=True)
    assert "Nadie todavía." in undone.text
    with everything():
        assert BaseSinEfecto.objects.get().motivo == "Se reformó."


def test_what_was_confirmed_without_text_is_told_when_the_text_says_otherwise(
    review: Scene, gabriela: Client, sofia: Client
) -> None:
    cited = next(each for each in every_citation("mx") if each.clave == "regla EV002 RF 127.1")
    address = reverse("council:base", args=[cited.huella])
    gabriela.post(address, {"motivo": "DOF del 22 de agosto de 2023."})
    sofia.post(reverse("council:base_resolver", args=[cited.huella]), {"acto": "confirmar", **waiting()})
    assert "Se confirmó sin texto" not in sofia.get(address).text
    load(review)
    assert "Se confirmó sin texto, y el que se cargó no dice lo que se cita" in sofia.get(address).text


def test_what_the_text_does_not_say_is_not_proposed_with_others(review: Scene, gabriela: Client) -> None:
    load(review)
    listed = gabriela.get(reverse("council:leyes"), {"ley": "RF", "q": "RE001"}).text
    assert "Proponer 1 base por confirmar de este filtro" in listed
    assert "por confirmar de este filtro" not in gabriela.get(reverse("council:leyes"), {"texto": "difiere"}).text


def test_what_waits_is_confirmed_many_at_once_by_another(review: Scene, gabriela: Client, sofia: Client) -> None:
    address = reverse("council:leyes_espera")
    made = offered(review)
    assert "Es suya" in gabriela.get(address).text
    assert "Confirmar las elegidas" not in gabriela.get(address).text
    page = sofia.get(address).text
    assert "Confirmar las elegidas" in page and "DOF del 22 de agosto de 2023." in page
    resolve = reverse("council:leyes_resolver")
    assert "No eligió ninguna" in sofia.post(resolve, {"elegir": "x"}, follow=True).text
    assert "1 base resuelta." in sofia.post(resolve, {"elegir": str(made.pk)}, follow=True).text
    assert "Nada espera a otra persona." in sofia.get(address).text
    with everything():
        assert BaseResuelta.objects.get().sentido == "confirmada"


def test_what_a_resolucion_waits_for_is_led_to_proposed_whole_and_voted(
    review: Scene, gabriela: Client, sofia: Client
) -> None:
    review.adopted("CF001")
    review.notified()
    matter = review.drawn()
    with at("2024-07-22 12:00"):
        page = gabriela.get(reverse("council:resolucion", args=[matter.pk])).text
        assert f'href="/consejo/leyes/?resolucion={matter.pk}"' in page
        assert "4 bases de ley por confirmar" in page
        assert 'RF 46.1</a> <span class="note soft">por confirmar</span>' in page
        assert "RF 46.1; RF 46.1; LDVUMA 5; TEPJF, jurisprudencia 10/2018." in page
        listed = gabriela.get(reverse("council:leyes"), {"resolucion": matter.pk}).text
        assert "Día cuya UMA se toma para una multa" in listed
        assert "Proponer las 4 bases por confirmar de este filtro" in listed
        many = f"{reverse('council:leyes_proponer')}?resolucion={matter.pk}"
        assert "falta decir qué se leyó" in gabriela.post(many, {"motivo": ""}, follow=True).text
        told = gabriela.post(many, {"motivo": "DOF del 22 de agosto de 2023."}, follow=True).text
        assert "Quedaron propuestas 4 bases" in told
        with everything():
            numbers = [str(row.pk) for row in BasePropuesta.objects.all()]
        sofia.post(reverse("council:leyes_resolver"), {"elegir": numbers})
        submitted = sofia.post(reverse("council:someter", args=[matter.pk]), follow=True).text
        assert "está a discusión y votación" in submitted
        assert "bases de ley por confirmar" not in submitted
        assert "RF 46.1</a>" in submitted and '<span class="note soft">por confirmar</span>' not in submitted
    with everything():
        assert Resolucion.objects.get().estado == "en_discusion"


def test_what_a_sanction_rests_on_is_listed_by_its_name(review: Scene) -> None:
    """A basis that the page did not list could never be proposed, and its resolución never voted."""
    with everything(review.gabriela.pk):
        found = bases()
    named = {each.cita.clave.partition(" ")[0]: set[str]() for each in found}
    for each in found:
        named[each.cita.clave.partition(" ")[0]].add(subject_of(each.cita))
    assert "Partido político: reducción de ministraciones" in named["sancion"]
    assert "Rebase del tope de gastos: vista a quien decide" in named["vista"]
    assert named["dia_uma"] == {"Día cuya UMA se toma para una multa"}
