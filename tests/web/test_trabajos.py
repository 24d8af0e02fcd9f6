"""The pages of long work: how a job goes, who sees it, how it is stopped and resumed, and the queue of operators."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from flat import flat
from jobs.workers import as_worker
from sif.batch.tasks import REVIEW
from sif.jobs import kinds
from sif.jobs.kinds import Encargo, Kind
from sif.jobs.models import Trabajo
from sif.jobs.running import fail, run_pieces
from sif.jobs.services import ask, cancel
from sif.registry import clock, services
from sif.registry.scope import everything
from sif.web import messages
from sif.web.trabajos import words as words_module
from sif.web.trabajos.words import STATES, WORDS, Words, elapsed_words

PAGE = "/trabajos/"
Enter = Callable[[Any], Client]


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[list[int]]:
    """A kind of four pieces, in the queue; the list has the pieces done, and one that is -1 breaks the next."""
    settings.TRABAJOS_EN_LINEA = False
    done: list[int] = []

    def piece(encargo: Encargo) -> Mapping[str, Any]:
        if done[-1:] == [-1]:
            done.pop()
            raise OSError("disco")
        done.append(encargo.n)
        return {}

    told = Words(
        "Prueba larga",
        "Después verá el resultado.",
        "No se probó",
        lambda _t: "/partido/",
        lambda _t: "/partido/polizas/",
        lambda _t: "Se probó cuatro veces.",
        lambda n: f"{n} vueltas",
    )
    monkeypatch.setitem(kinds._KINDS, "prueba", Kind("prueba", piece, pieces=lambda _trabajo: 4))
    monkeypatch.setitem(words_module.WORDS, "prueba", told)
    yield done


def asked(scene: Any, by: Any, name: str = "una") -> Trabajo:
    with everything():
        return ask("prueba", name, {}, by, contabilidad=scene.libros)


def work(trabajo: Trabajo) -> None:
    """What a worker does of a job."""
    with everything():
        run_pieces(trabajo.pk)


def chips_of(page: str) -> list[str]:
    """The words of the chips of state on a page, or on the part of it that is asked for again."""
    return re.findall(r'<span class="state [^"]*">(?:<svg.*?</svg>)?<span>([^<]+)</span>', page, re.DOTALL)


def hire_worker() -> None:
    """A worker that breathes."""
    with as_worker(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")


@pytest.fixture
def hugo(scene: Any) -> Any:
    """Who administers the installation."""
    with everything():
        person = services.create_usuario("hugo.trabajos", "Hugo Lara", None)
        services.appoint(person, "administrador", desde=clock.today() - timedelta(days=9))
    return person


def test_every_kind_has_its_words() -> None:
    assert set(WORDS) == {kind for kind in kinds._KINDS if kind != "prueba"}


def test_each_state_has_its_word_in_both_languages() -> None:
    assert set(STATES) == set(Trabajo.Estado.values)
    catalogue = messages.catalogue()
    for key, (_look, words) in STATES.items():
        assert catalogue.get(str(words)).string != str(words) != key


def test_a_job_is_followed_to_its_result(scene: Any, enter: Enter, pieces: list[int]) -> None:
    trabajo, client = asked(scene, scene.alicia), enter(scene.alicia)
    page, part = f"{PAGE}{trabajo.pk}/?ir=1", f"{PAGE}{trabajo.pk}/avance/"
    waiting = client.get(page).text
    assert "En cola" in waiting and "Nadie está haciendo trabajos" in waiting and "Después verá" in waiting
    assert 'aria-live="polite"' in waiting and 'href="?ir=1"' in waiting
    hire_worker()
    assert "Nadie está haciendo trabajos" not in client.get(page).text
    Trabajo.objects.filter(pk=trabajo.pk).update(
        estado="en_curso", comenzado_el=clock.now(), total=4, hechas=2, avance=7
    )
    going = client.get(part).text
    assert 'value="2"' in going and "7 vueltas" in going and "avance-dicho" in going
    assert "avance-dicho" not in client.get(f"{part}?dicho=en_curso-2-1").text
    whole = client.get(page).text
    for said in (going, whole):  # the chip is of the part that is asked for again: it never tells other than the bar
        assert chips_of(said) == ["En curso"]
    assert chips_of(waiting) == ["En cola"]
    # a bar without value moves, and nobody works yet
    assert '<progress class="work" max="1" value="0"' in flat(waiting)
    with everything():
        cancel(trabajo, scene.alicia)
    assert chips_of(client.get(part).text) == chips_of(client.get(page).text) == ["Deteniéndose"]
    Trabajo.objects.filter(pk=trabajo.pk).update(por_cancelar=False)
    work(trabajo)
    ended = client.get(part)
    assert (ended.status_code, ended["HX-Redirect"]) == (204, page)
    assert client.get(page)["Location"] == "/partido/"
    assert "Se probó cuatro veces." in client.get("/partido/").text
    assert "Se probó cuatro veces." in client.get(f"{PAGE}{trabajo.pk}/").text


def test_it_is_cancelled_and_resumed_without_repeating_a_piece(scene: Any, enter: Enter, pieces: list[int]) -> None:
    trabajo, client = asked(scene, scene.alicia), enter(scene.alicia)
    cancelled = client.post(f"{PAGE}{trabajo.pk}/cancelar/", follow=True).text
    assert "Se canceló y nada quedó a medias" in cancelled and "Seguir" in cancelled
    assert "ya terminó" in client.post(f"{PAGE}{trabajo.pk}/cancelar/", follow=True).text
    work(trabajo)
    assert pieces == []
    for _press in range(2):
        assert "En cola" in client.post(f"{PAGE}{trabajo.pk}/seguir/", follow=True).text
    pieces.append(-1)
    with pytest.raises(OSError, match="disco"):
        work(trabajo)
    with everything():
        fail(trabajo.pk)
    broken = client.get(f"{PAGE}{trabajo.pk}/").text
    assert "No se probó" in broken and "dé a soporte el número" in broken and "/partido/polizas/" in broken
    client.post(f"{PAGE}{trabajo.pk}/seguir/")
    work(trabajo)
    assert pieces == [1, 2, 3, 4]


def test_strangers_see_and_stop_nothing(scene: Any, enter: Enter, pieces: list[int], hugo: Any) -> None:
    trabajo = asked(scene, scene.alicia)
    one = f"{PAGE}{trabajo.pk}/"
    for address in (PAGE, one, f"{one}avance/"):
        assert Client().get(address)["Location"].startswith("/cuenta/login/")
    for person in (scene.bruno, scene.carla, scene.dario):
        client = enter(person)
        assert client.get(one).status_code == client.get(f"{one}avance/").status_code == 404
        assert client.post(f"{one}cancelar/").status_code == client.post(f"{one}seguir/").status_code == 404
        assert f'href="{one}"' not in client.get(PAGE).text
        assert len(client.get(f"{PAGE}?formato=csv").text.splitlines()) == 1
    trabajo.refresh_from_db()
    assert trabajo.estado == "en_cola"
    for verb in ("cancelar", "seguir"):
        assert enter(scene.alicia).get(f"{one}{verb}/").status_code == 405
    assert enter(scene.alicia).post(one).status_code == 405
    assert enter(hugo).post(f"{one}cancelar/", {"desde": "lista"})["Location"] == PAGE
    trabajo.refresh_from_db()
    assert trabajo.estado == "cancelado"
    assert "/partido/polizas/" not in enter(hugo).get(one).text  # the books are not an operator's to see


def test_operators_filter_the_whole_queue(scene: Any, enter: Enter, pieces: list[int], hugo: Any) -> None:
    mine, rival = asked(scene, scene.alicia), asked(scene, scene.carla, "otra")
    work(rival)
    client = enter(hugo)
    page = client.get(PAGE).text
    assert "Cola de trabajos" in page and page.count("Prueba larga") == 3  # two rows and the filter
    done = client.get(f"{PAGE}?estado=hecho").text
    assert f'href="{PAGE}{rival.pk}/"' in done and f'href="{PAGE}{mine.pk}/"' not in done
    assert scene.alicia.nombre in page and scene.carla.nombre in page
    assert f'href="{PAGE}{mine.pk}/"' in client.get(f"{PAGE}?usuario={scene.alicia.username}").text
    assert "Ningún trabajo responde" in client.get(f"{PAGE}?contabilidad={scene.ajenos.pk}").text
    assert "no es una de las opciones" in client.get(f"{PAGE}?estado=volando").text
    text = client.get(f"{PAGE}?formato=csv&tipo=prueba").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["trabajo"], row["estado"], row["persona"]) for row in rows] == [
        (str(rival.pk), "hecho", str(scene.carla.pk)),
        (str(mine.pk), "en_cola", str(scene.alicia.pk)),
    ]
    own = enter(scene.alicia).get(PAGE).text
    assert "Mis trabajos" in own and f'href="{PAGE}{mine.pk}/"' in own and f'href="{PAGE}{rival.pk}/"' not in own
    assert "No hay trabajos." in enter(scene.bruno).get(PAGE).text


@pytest.mark.parametrize("tipo", sorted(WORDS))
def test_operators_stop_and_read_the_error_of_every_kind_and_who_asked_alone_resumes(
    scene: Any, enter: Enter, hugo: Any, settings: Any, tipo: str
) -> None:
    settings.TRABAJOS_EN_LINEA = False
    with everything():
        trabajo = ask(tipo, "una", {}, scene.alicia)
    one, operator, words = f"{PAGE}{trabajo.pk}/", enter(hugo), WORDS[tipo]
    acts = (f"{one}cancelar/", f"{one}seguir/")
    for person in (scene.bruno, scene.carla, scene.dario):
        stranger = enter(person)
        assert {stranger.get(one).status_code, *(stranger.post(act).status_code for act in acts)} == {404}
    assert str(words.titulo) in operator.get(f"{PAGE}?tipo={tipo}").text
    owner = enter(scene.alicia)
    operator.post(acts[0])
    assert operator.post(acts[1]).status_code == 403
    trabajo.refresh_from_db()
    assert trabajo.estado == "cancelado"
    for page in (operator.get(one).text, operator.get(PAGE).text):
        assert acts[1] not in page
    assert acts[1] in owner.get(PAGE).text
    owner.post(acts[1])
    with everything():
        fail(trabajo.pk)
    for page in (operator.get(one).text, operator.get(PAGE).text):
        assert "falló por una causa que no es del archivo" in page and acts[1] not in page
    assert str(words.fallo) in operator.get(one).text
    owner.post(acts[1])
    trabajo.refresh_from_db()
    assert (trabajo.estado, trabajo.problemas) == ("en_cola", [])
    assert operator.get(f"{one}archivo/").status_code == 404  # what a job made is of who asked


def test_the_same_work_of_another_person_is_not_asked_twice(scene: Any, enter: Enter, settings: Any) -> None:
    from batch.lots import csv_of
    from sif.batch.services import keep_lote
    from sif.batch.tasks import ask_for

    settings.TRABAJOS_EN_LINEA = False
    with everything():
        lote = keep_lote(scene.libros, "polizas", ("p.csv", [csv_of()]), scene.alicia).lote
        first = ask_for(REVIEW, lote, scene.alicia)
    answer = enter(scene.bruno).post(f"/partido/lotes/{scene.libros.pk}/{lote.pk}/", {"accion": "revisar"}, follow=True)
    assert "Otra persona ya pidió esto mismo" in answer.text
    with everything():
        assert [each.pk for each in Trabajo.objects.all()] == [first.pk]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (185, "3 min 5 s"), (7800, "2 h 10 min"), (277200, "3 d 5 h")]
)
def test_a_span_is_told_in_two_units(seconds: int, words: str) -> None:
    assert elapsed_words(timedelta(seconds=seconds)) == words
