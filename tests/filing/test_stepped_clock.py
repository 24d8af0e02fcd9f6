"""A clock behind the last cut: the act that finds it cuts first, so `sif verificar` accuses no honest act."""

from datetime import timedelta

import psycopg
import pytest
from django.utils import timezone

from filing.campaign import Campaign
from filing.test_cuts import evidence, log, named, tamper
from lent import lent, owner
from sif.books.models import Evidencia
from sif.books.services import attach_evidencia, store_file
from sif.filing.cuts import cut_of_today, make_cut
from sif.filing.verifying import steps_back
from sif.registry import clock
from sif.registry.models import Corte, NombreUsuario
from sif.registry.protection import CUT_LOCK
from sif.registry.scope import acting, registering

__all__ = ["lent", "log"]
pytestmark = pytest.mark.usefixtures("lent")


@pytest.mark.parametrize("hours", [2, 13])
def test_acts_while_the_clock_is_behind_a_cut_are_whole_and_the_log_says_when(log: Campaign, hours: int) -> None:
    poliza = log.ana.polizas.order_by("pk").first()
    before = make_cut()
    for step, name in ((0, "a"), (1, "b"), (hours + 1, "c")):
        with clock.at(before.hecho_el + timedelta(hours=step - hours)):
            attach_evidencia(poliza, "pdf", f"z{name}.pdf", store_file(b"%PDF-1.7 z" + name.encode()), log.world.clerk)
            cut_of_today()
    assert named() == []
    assert [(number, first - second) for number, first, second in steps_back(owner())] == [(2, timedelta(hours=hours))]


def test_after_a_cut_of_a_clock_ahead_the_day_it_is_has_its_cut(log: Campaign) -> None:
    poliza = log.ana.polizas.order_by("pk").first()
    with clock.at(clock.now() + timedelta(days=3)):
        make_cut()
    cut = cut_of_today()
    assert cut is not None and cut.hecho_el == clock.now() and cut_of_today() is None
    attach_evidencia(poliza, "pdf", "z.pdf", store_file(b"%PDF-1.7 z"), log.world.clerk)
    assert (named(), [one[0] for one in steps_back(owner())]) == ([], [2])


def test_a_clock_less_than_half_an_hour_behind_makes_no_cut(log: Campaign) -> None:
    poliza = log.ana.polizas.order_by("pk").first()
    cut = make_cut()
    with clock.at(cut.hecho_el - timedelta(minutes=29)):
        attach_evidencia(poliza, "pdf", "z.pdf", store_file(b"%PDF-1.7 z"), log.world.clerk)
    assert (Corte.objects.count(), named()) == (1, [])
    with clock.at(cut.hecho_el - timedelta(minutes=31)):
        attach_evidencia(poliza, "pdf", "y.pdf", store_file(b"%PDF-1.7 y"), log.world.clerk)
    assert (Corte.objects.count(), named()) == (2, [])


def test_where_no_cut_can_mark_the_clock_the_act_goes_on_and_the_next_cut_bears_it_out(log: Campaign) -> None:
    poliza = log.ana.polizas.order_by("pk").first()
    cut = make_cut()
    with clock.at(cut.hecho_el - timedelta(hours=5)), psycopg.connect(owner()) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [CUT_LOCK])
        attach_evidencia(poliza, "pdf", "z.pdf", store_file(b"%PDF-1.7 z"), log.world.clerk)
        assert Corte.objects.count() == 1
    assert "books_evidencia" in dict(named())
    with clock.at(cut.hecho_el - timedelta(hours=4, minutes=30)):
        attach_evidencia(poliza, "pdf", "y.pdf", store_file(b"%PDF-1.7 y"), log.world.clerk)
    assert named() == []


def test_a_cut_of_another_day_put_in_to_pass_for_a_clock_is_named(log: Campaign) -> None:
    """Two cuts of one log, since nothing entered between them: the text of the first, sealed, comes once more."""
    first = make_cut()
    with clock.at(clock.now() + timedelta(days=1)):
        second = make_cut()
    tamper(
        "registry_corte",
        "INSERT INTO registry_corte (numero, hecho_el, hasta, raices) OVERRIDING SYSTEM VALUE"
        f" SELECT 3, hecho_el, {second.hasta}, raices FROM registry_corte WHERE id = {first.pk};"
        "INSERT INTO registry_cabeza (corte_id, arbol, tamano, raiz, sello) SELECT"
        " (SELECT id FROM registry_corte WHERE numero = 3), arbol, tamano, raiz, sello FROM registry_cabeza"
        f" WHERE corte_id = {first.pk}",
    )
    assert ("registry_corte", "3") in named()


def test_what_the_owner_adds_once_the_clock_is_right_again_is_named(log: Campaign) -> None:
    """A clock that stepped back excuses what entered before the next cut, and nothing after it."""
    poliza = log.ana.polizas.order_by("pk").first()
    first = make_cut()
    with clock.at(first.hecho_el - timedelta(hours=13)):
        attach_evidencia(poliza, "pdf", "z.pdf", store_file(b"%PDF-1.7 z"), log.world.clerk)
    with clock.at(first.hecho_el + timedelta(days=1)):
        make_cut()
    columns = [field.column for field in Evidencia._meta.concrete_fields if field.column != "id"]
    values = ", ".join("cargada_el - interval '1 hour'" if name == "cargada_el" else name for name in columns)
    tamper(
        "books_evidencia",
        "ALTER TABLE books_evidencia ENABLE TRIGGER books_evidencia_hoja;"
        f"INSERT INTO books_evidencia ({', '.join(columns)}) SELECT {values} FROM books_evidencia"
        f" WHERE id = {evidence()[-1]}",
    )
    assert named() == [("books_evidencia", evidence()[-1])]


def test_a_person_renamed_before_the_hour_of_its_last_name_is_dated_after_it(log: Campaign) -> None:
    clerk = log.world.clerk
    with acting(), registering():
        NombreUsuario.objects.create(
            usuario=clerk,
            username=clerk.username,
            nombre=clerk.nombre,
            rfc=clerk.rfc,
            desde=timezone.now() + timedelta(hours=3),
        )
    clerk.nombre = "Otro Nombre"
    with acting():
        clerk.save()
    last, new = clerk.nombres.order_by("-pk")[1], clerk.nombres.order_by("-pk")[0]
    assert new.desde == last.desde + timedelta(microseconds=1) and named() == []
