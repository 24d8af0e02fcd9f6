"""The inbox of the demonstration has one of each: what is ready, what a person must look at, and why."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sif.demo.world import PASSWORD

SEED = 5


@pytest.fixture
def running(db: None, settings: Any, tmp_path: Path) -> Any:
    """A campaign in course of two parties, where another subject and another candidacy used an invoice each."""
    from sif.books.services import accept_many, load_catalogs
    from sif.catalogs.services import NewPersona, save_persona
    from sif.demo.builder import Built
    from sif.demo.inbox import Desk
    from sif.demo.world import build_process, build_world, key_pool, nominate, races
    from sif.filing.services import demonstration_authority
    from sif.registry import clock, services
    from sif.registry.models import Nombramiento
    from sif.registry.scope import everything

    settings.DATOS = tmp_path
    with everything():
        load_catalogs("mx")
        world = build_world(SEED, replace(demonstration_authority(), keys=key_pool(2)))
        begins = clock.today() - timedelta(days=30)
        spans = {"campana": (begins, begins + timedelta(days=59))}
        named = "PELE-VHO", "Elección"
        etapa = build_process(world, "extraordinario", named, begins - timedelta(days=20), spans).etapas.get()
        town = races("MUN", ("Valle Hondo", "El Rosal"), 73_180_000)
        books = [nominate(world, etapa, siglas, town[place]) for siglas, place in (("PJ", 0), ("PJ", 1), ("UB", 0))]
        world.people["bruno"] = services.create_usuario("bruno", "Bruno", PASSWORD, password_hash=world.password_hash)
        party, since = world.subjects["PJ"], etapa.inicia_el
        services.appoint(world.people["bruno"], Nombramiento.Rol.CAPTURISTA, party, books[:2], desde=since)
        name, rfc, curp, _sex = world.names.person()
        save_persona(NewPersona(party.pk, name, "honorarios", since, curp=curp, rfc=rfc), world.heads["PJ"])
        for each in books[1:]:
            desk = Desk(world, each, world.heads[each.sujeto.siglas], world.random, clock.today())
            accept_many(desk.drop(desk.seal(desk.invoice(1, 0, 50_000))), desk.by)
        yield world, Built(etapa, etapa), books[0]


def test_it_has_one_of_each_and_nothing_doubtful_is_posted(running: Any) -> None:
    from sif.audit.services import freeze, rules_of, run
    from sif.books.checks import checks_of
    from sif.books.models import Poliza, Recepcion
    from sif.books.selectors import inbox, saldo_de
    from sif.books.services import propose_many
    from sif.demo.inbox import READY, fill_inbox
    from sif.law.chart import account_of
    from sif.registry import clock
    from sif.registry.scope import everything
    from sif.values import Money

    world, built, books = running
    with everything():
        waiting = fill_inbox(world, built, SEED)
        rows = list(inbox([books.pk]))
        checked = checks_of(rows)
        wrong = Counter(c.clave for each in checked.values() for c in each.checks if c.estado in ("aviso", "grave"))
        assert len(rows) == waiting
        assert [row.motivo[:5] for row in Recepcion.objects.filter(descartada_el__isnull=False)] == ["Es de"]
        assert set(wrong) == {"sello", "vigencia", "receptor", "complemento", "folio", "lista69b", "fecha"}
        assert (wrong["folio"], wrong["receptor"], wrong["vigencia"], wrong["lista69b"]) == (2, 2, 1, 1)
        assert sum(each.estado == "bien" for each in checked.values()) >= READY
        proposals = propose_many(rows)
        assert all(proposal.poliza.is_balanced for proposal in proposals)
        assert {row.comprobante.tipo for row in rows} == {"I", "N", "P"}
        posted = Poliza.objects.filter(contabilidad=books)
        assert Counter(posted.values_list("subtipo", flat=True)) == {"DR": 4, "EG": 1}
        owed = 860_000 + 2_015_000 - 150_000
        assert saldo_de(books.pk, account_of("proveedores", "mx"), clock.today()) == Money(owed * 116 // 100)
        corrida = run(freeze(built.en_curso, clock.today()), rules_of(built.en_curso))
        found = corrida.hallazgos.filter(estado="hallazgo", contabilidad=books, regla__regex="^(CF|EV|RE)")
        assert [(row.regla, row.mensaje) for row in found] == []
