"""Indicios and samples on the auditor's pages: what they show and whom they refuse."""

import html
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from proceedings.world import World, at
from rfcs import new_rfc
from sif.audit import services as audit
from sif.audit.lens import services as lens
from sif.audit.lens.indicio import Indicio, lenses
from sif.audit.lens.services import sample
from sif.audit.lens_tasks import LOOK
from sif.books.services import NewEvidencia, Support, post_poliza, store_file
from sif.commands.main import main
from sif.jobs.models import Trabajo
from sif.jobs.running import run_pieces
from sif.ledger import NewLine, NewPoliza
from sif.registry import services as registry
from sif.registry.models import Cargo, Persona, Territorio
from sif.registry.scope import everything, registering
from sif.values import Money
from sif.web.auditor.medir import indicios as indicios_page
from sif.web.trabajos.following import job_url
from web.audit_scene import LEAFLETS, PAYABLE, Scene, audited, review

__all__ = ["audited", "review"]
Enter = Callable[[Any], Client]
PAGES = ("indicios", "muestreo")


def _other_books(world: World, supplier: int) -> None:
    """A candidacy of the other party posts, as evidence of its own, the very file the first one posted."""
    place = Territorio.objects.create(clave="SON-09", nombre="Distrito 9", tipo="distrito", entidad="SON")
    new = registry.NewCandidatura(
        folio="G9",
        persona=Persona.objects.create(nombre="Candidata de Sonora"),
        cargo=Cargo.objects.get(clave="DIP"),
        sujeto=world.otro,
        territorio=place,
        tope=164_818_900,
        tope_acuerdo="INE/CG505/2017",
    )
    with at("2024-03-22 11:00"):
        books = registry.approve_candidatura(world.etapa, new, number=8909)
        paper = store_file(b"%PDF-1.4 muestra de los volantes")
        own = {"auxiliar_tipo": "proveedor", "auxiliar_id": supplier}
        amount = Money.parse("1234.00")
        lines = (NewLine(LEAFLETS, cargo=amount, **own), NewLine(PAYABLE, abono=amount, **own))
        period = world.etapa.periodos.get(numero=1)
        poliza = NewPoliza(books.pk, period.pk, "normal", "EG", date(2024, 3, 21), "Volantes", lines)
        kept = (NewEvidencia("muestra", "volantes.pdf", paper.sha256),)
        post_poliza(poliza, world.carla, support=Support(evidencias=kept))


def frozen_again(scene: Scene) -> None:
    """Freeze and judge once the other party posted the same file."""
    _other_books(scene.world, scene.supplier.pk)
    with at("2024-06-05 11:00"):
        rules = [rule for rule in audit.rules_of(scene.world.etapa) if rule.id == "EV001"]
        scene.corrida = audit.run(audit.freeze(scene.world.etapa, date(2024, 6, 4)), rules)


@pytest.fixture
def shared(review: Scene) -> Scene:
    """The scene after the other party posted the same file."""
    with everything():
        frozen_again(review)
    return review


def words(page: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.text)))


@pytest.mark.parametrize("name", PAGES)
def test_each_page_works_and_refuses_a_stranger(review: Scene, enter: Enter, name: str) -> None:
    address = reverse(f"auditor:{name}")
    assert enter(review.world.dario).get(address).status_code == 200
    assert enter(review.world.dario).post(address).status_code == 405
    assert "/cuenta/login/" in Client().get(address)["Location"]
    for stranger in (review.world.alicia, review.world.carla, review.world.consejo[0]):
        assert enter(stranger).get(address).status_code == 403


def test_it_shows_what_two_parties_share_and_says_it_is_no_fault(shared: Scene, enter: Enter) -> None:
    page = words(enter(shared.world.dario).get(reverse("auditor:indicios")))
    assert "no es una falta ni un hallazgo" in page
    assert "es evidencia en 2 pólizas de 2 sujetos obligados." in page
    assert "Candidata de Sonora" in page
    assert "Se miró y no hay nada fuera de lo común" in page
    one = words(enter(shared.world.dario).get(reverse("auditor:indicios") + "?lente=benford"))
    assert "Esta lente no ve nada fuera de lo común." in one
    assert (
        "Criterio: 300 operaciones o más; montos desde $10.00; desvío medio de 1.5 puntos por ciento o más; "
        "que el azar daría menos de una vez en 1,000" in one
    )
    assert "de 2 sujetos obligados" not in one


@pytest.mark.parametrize(
    ("name", "asked"), [("indicios", {}), ("muestreo", {"semilla": "sorteo 48213", "tamano": "7"})]
)
def test_the_first_page_of_a_snapshot_waits_for_a_job_and_the_next_are_answered(
    review: Scene, enter: Enter, settings: Any, monkeypatch: pytest.MonkeyPatch, name: str, asked: dict[str, str]
) -> None:
    client, address = enter(review.world.dario), reverse(f"auditor:{name}")
    settings.TRABAJOS_EN_LINEA = False
    first, again = client.get(address, asked), client.get(address, asked)
    with everything():
        trabajo = Trabajo.objects.get(tipo=LOOK)
        assert first["Location"] == again["Location"] == job_url(trabajo)
        assert "Se está preparando lo que verá" in client.get(first["Location"]).text
        settings.TRABAJOS_EN_LINEA = True
        run_pieces(trabajo.pk)
        assert Trabajo.objects.get(tipo=LOOK).estado == "hecho"
    monkeypatch.setattr(lens, "_looking", lambda path: pytest.fail("it was looked at in the request"))
    back = client.get(first["Location"])["Location"]
    assert back == first.request["PATH_INFO"] + (f"?{first.request['QUERY_STRING']}" if asked else "")
    assert client.get(back).status_code == 200
    for page in PAGES:
        assert client.get(reverse(f"auditor:{page}"), {"semilla": "otra", "tamano": "5"}).status_code == 200
    with everything():
        assert Trabajo.objects.filter(tipo=LOOK).count() == 1


def test_every_figure_of_every_lens_has_words(review: Scene, enter: Enter) -> None:
    client = enter(review.world.dario)
    for key, each in lenses().items():
        page = words(client.get(reverse("auditor:indicios") + f"?lente={key}"))
        assert ("Criterio:" in page) is bool(each.limites)
        assert not any(name in page for name in each.limites if "_" in name)


def test_the_digits_of_some_books_are_drawn_beside_those_expected(
    review: Scene, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    digits = (120, 60, 40, 30, 20, 10, 10, 5, 5)
    book = review.world.contabilidades[0].pk
    seen = Indicio("benford", f"contabilidad={book}", (book,), (), 300, 1, 312, 150, "De 300…", (), digits)
    monkeypatch.setattr(indicios_page, "kept", lambda *_folders: [seen])
    page = enter(review.world.dario).get(reverse("auditor:indicios")).text
    picture = page.split("<h2>¿Con qué dígito empiezan los gastos de")[1].split("</figure>")[0]
    assert "300 cargos. Desvío medio: 3.12" in picture
    assert "se señala desde 1.5" in picture
    cells = [re.sub(r"<[^>]+>|[^\d.]", "", cell) for cell in re.findall(r"<td[^>]*data-label[^>]*>(.*?)</td>", picture)]
    assert cells[:4] == ["40", "30.1", "20", "17.61"]
    assert len(cells) == 18
    assert picture.count('class="expected"') == 9 + 1  # the sample has one


def test_suppliers_are_named_books_open_their_hallazgos_and_amounts_are_drawn(
    review: Scene, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    supplier, book = review.supplier, review.world.contabilidades[0].pk
    others = [new_rfc() for _ in range(2)]
    with everything():
        names = [registry.register_proveedor(rfc, f"Imprenta {n}").nombre for n, rfc in enumerate(others)]
    seen = [
        Indicio("precios", rfc, (book,), (), 1, 500_000 * (n + 1), 1, 1, f"{rfc} cobró 82121500 a $1.00.")
        for n, rfc in enumerate([supplier.rfc, *others])
    ]
    monkeypatch.setattr(indicios_page, "kept", lambda *_folders: seen)
    page = enter(review.world.dario).get(reverse("auditor:indicios")).text
    for name in (supplier.nombre, *names):
        assert f'<span class="under">{html.escape(name)}' in page
    assert f'<a href="{reverse("auditor:hallazgos")}?contabilidad={book}">' in page
    picture = page.split("<h2>¿De quién son los montos?")[1].split("</figure>")[0]
    assert re.findall(r"[\d,]+\.\d\d(?=</td>|\s*</td>)", picture) == ["15,000.00", "10,000.00", "5,000.00"]
    monkeypatch.setattr(indicios_page, "kept", lambda *_folders: seen[:2])
    assert "¿De quién son los montos?" not in enter(review.world.dario).get(reverse("auditor:indicios")).text


def test_an_ordinary_campaign_has_nothing_to_look_at(review: Scene, enter: Enter) -> None:
    assert "Ninguna lente ve nada fuera de lo común." in words(
        enter(review.world.dario).get(reverse("auditor:indicios"))
    )


def test_before_any_run_each_page_says_so(review: Scene, enter: Enter) -> None:
    client = enter(review.world.dario)
    with registering():
        other = review.world.etapa.proceso.etapas.create(
            tipo="precampana", inicia_el="2024-01-01", termina_el="2024-02-01"
        )
    session = client.session
    session["etapa"] = other.pk
    session.save()
    for name in PAGES:
        assert "El reglamento todavía no ha corrido" in client.get(reverse(f"auditor:{name}")).text


def test_the_sample_of_the_page_is_the_one_anybody_draws(review: Scene, enter: Enter) -> None:
    asked = {"semilla": "sorteo 48213", "tamano": "7"}
    page = words(enter(review.world.dario).get(reverse("auditor:muestreo"), asked))
    drawn = sample(audit.folder_of(review.corrida.instantanea), "sorteo 48213", 7)
    assert drawn.polizas
    for row in drawn.polizas:
        assert row.referencia in page
    assert f"$ {Money(drawn.intervalo)}" in page or f"${Money(drawn.intervalo)}" in page
    assert f"--instantanea {drawn.digest} --semilla «sorteo 48213» --tamano 7" in page


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"semilla": "x", "tamano": "0"}, "se piden de 1 a 2,000 centavos"),
        ({"semilla": "x", "tamano": "siete"}, "El tamaño es «siete»"),
        ({"semilla": "  ", "tamano": "7"}, "hace falta una semilla escrita"),
    ],
)
def test_a_sample_that_cannot_be(review: Scene, enter: Enter, asked: dict[str, str], says: str) -> None:
    page = enter(review.world.dario).get(reverse("auditor:muestreo"), asked)
    assert says in words(page)
    assert 'role="alert"' in page.text


def test_the_commands_over_the_last_snapshot_of_a_process(
    shared: Scene, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sif.commands.database.setup_django", lambda: None)
    monkeypatch.setattr("sif.commands.database.migrate", lambda: None)  # the tables are there, in a transaction
    proceso = shared.world.etapa.proceso.clave
    assert main(["indicios", proceso, "--lente", "archivos"]) == 0
    assert "es evidencia en 2 pólizas de 2 sujetos obligados." in capsys.readouterr().out
    assert main(["muestra", proceso, "--semilla", "x", "--tamano", "5", "--json"]) == 0
    assert shared.corrida.instantanea.digest in capsys.readouterr().out
    assert main(["muestra", "NADA", "--semilla", "x"]) == 2
    assert "De «NADA», etapa «campana», no hay una instantánea auditada." in capsys.readouterr().err
