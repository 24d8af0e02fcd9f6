"""No input is a failure of the service: seeded nonsense over every address, by every desk."""

import resource
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import pytest

from election import Election, election
from seeds import SEED, WHOLE
from sif.audit import tasks
from sif.audit.services import rules_of
from sif.registry import limits
from sif.registry.scope import everything
from web.audit_scene import RULES, Scene, audited, review
from web.cast import of_the_authority, of_the_party
from web.libros_books import fill
from web.personas import ALLOWED, declared
from web.sweep import NONSENSE, Sweep
from web.test_personal_keys import CURP, ELECTOR, RFC, SELLER, keep_people
from web.walk import OURS, UNDECLARED, entered, every_page, pages

__all__ = ["audited", "election", "review"]

FORM = "application/x-www-form-urlencoded"
KEYS = (RFC, CURP, ELECTOR, SELLER)
"""Of the people that are kept, the keys that no other row has."""
AUTHORITY_DESKS = ("auditor:", "council:", "administration:")


def _swept(audit: bool, own: dict[str, Any], others: Sequence[Any], people: dict[str, Any], readers: Any = ()) -> None:
    """Ask every page of one half of the system as its people, and expect no failure and none left out.

    Nor is any answer kept by the browser of who entered or taken for another thing, nor does a reading write an act, an
    address hold a personal key, or a page show one whole (`web.answers`).
    `own` holds by the part of an address what stands there when no link shows it; `others`, what is of other people.
    Readers, names of `people`, see the pages of a party and are asked whether what they send is written.
    """
    heads, table = declared()
    acts = set(people) - set(readers)
    may = {
        name: [who for place, who in enumerate(heads) if answers[place] == ALLOWED and who in acts]
        for name, answers in table.items()
    }
    todo = {name: page for name, page in every_page().items() if name.startswith(AUTHORITY_DESKS) is audit}
    began, clients = _cpu(), {name: entered(person) for name, person in people.items()}
    strangers = [name for name, person in people.items() if person is None]
    others = [str(row.pk) for row in others]
    sweep = Sweep(int(SEED), clients, may, others, sorted(readers), strangers, secrets=KEYS)
    sweep.go(todo, {part: row.pk for part, row in own.items()})
    answers = Counter(status for statuses in sweep.asked.values() for status in statuses)
    spoilt = sweep.spoils(todo)
    sent = {name for name in spoilt if "POST" in todo[name].methods}
    print(
        f"SIF_PRUEBA_SEMILLA={SEED}: {len(todo)} direcciones, {len(sent & set(sweep.forms))} formas leídas de"
        f" {len(sent)}, {dict(sorted(answers.items()))}, {_cpu() - began:.0f} s de procesador"
    )
    told = "\n\n".join(sweep.failures.values())
    assert not sweep.failures, f"SIF_PRUEBA_SEMILLA={SEED}, {len(sweep.failures)} fallas:\n{told}"
    read = {name for name, page in todo.items() if "GET" in page.methods}
    assert set(sweep.asked) == read | set(spoilt), "addresses that the sweep left out"
    assert not {name for name in sent if len(sweep.asked[name]) < 3}, "addresses whose form was not asked"
    assert answers[200] > len(todo) / 3, answers
    assert sweep.wrote or (audit and not WHOLE)  # few acts of the authority take a sound form as it stands


def _cpu() -> float:
    return sum(sum(resource.getrusage(whose)[:2]) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


@pytest.mark.parametrize("half", ["de los partidos y de todos", "de la autoridad"])
def test_every_address_holds_under_any_input(
    half: str, db: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every address of the URLconf by who may open it; what is sent to each is of the seed of the day."""
    monkeypatch.setattr(limits, "take", lambda *_what: 0)
    if half == "de la autoridad":
        _sweep_the_authority(request.getfixturevalue("review"), monkeypatch)
    else:
        _sweep_the_party(request.getfixturevalue("election"))


def party_cast(election: Election) -> tuple[dict[str, Any], Sequence[Any], dict[str, Any]]:
    """Fill the books of a party: what stands in its addresses, what is of others, and who opens them."""
    fill(election)
    world = election.world
    with everything():
        keep_people(world.party.pk, world.clerk)
    own = {"number": world.books, "etapa": world.etapa, "sujeto": world.party}
    people = {"Gloria": None, "Alicia": world.clerk, **of_the_authority(["Hugo"], "f")}
    return own, (world.foreign, world.rival, world.stranger), people


def _sweep_the_party(election: Election) -> None:
    """Every address but those of the authority's desks."""
    own, others, people = party_cast(election)
    readers = of_the_party(election.world.party, election.world.books, ("Kenia", "Lucio"))
    _swept(False, own, others, {**people, **readers}, readers)


def _sweep_the_authority(review: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every address of audit, council and administration, with a resolución put to the vote."""
    few = [rule for rule in rules_of(review.world.etapa) if rule.id in RULES]  # the whole book is run elsewhere
    monkeypatch.setattr(tasks, "rules_of", lambda _etapa: few)
    _swept(True, *authority_cast(review))


def authority_cast(review: Scene) -> tuple[dict[str, Any], Sequence[Any], dict[str, Any]]:
    """Put a resolución to the vote: what stands in the authority's addresses, what is of others, and who opens them."""
    review.adopted("EV001")
    review.adopted("CF001")
    review.notified()
    review.discussed()
    world = review.world
    with everything():
        keep_people(world.partido.pk, world.alicia)
    own = {"number": world.contabilidades[0], "etapa": world.etapa, "sujeto": world.partido}
    people = {"Dario": world.dario, "Elena": world.elena, "Gabriela": review.gabriela, "Felix": world.consejo[0]}
    people |= {"Irma": review.sofia, **of_the_authority(["Hugo"], "f")}
    return own, (world.otro, world.contabilidades[-1]), people


@pytest.mark.parametrize("spoilt", ["\0", "\ud800", "1" * 5000])
def test_what_is_no_text_is_answered_400_in_a_query_and_in_a_form(scene: Any, enter: Any, spoilt: str) -> None:
    client = enter(scene.alicia)
    body = spoilt.encode("utf-8", "surrogatepass")
    if spoilt != "\ud800":  # half a character in an address or a form is read as «�»
        assert client.get("/partido/cfdi/", {"q": body}).status_code == 400
        assert client.post("/partido/proveedores/nuevo/", f"nombre={quote(spoilt)}", FORM).status_code == 400
    text = '{"a": "\\u0000"}' if spoilt == "\0" else '{"a": "\\ud800"}'
    if spoilt in ("\0", "\ud800"):
        found = client.post("/api/v1/contabilidades/1/polizas", text, content_type="application/json")
        assert found.status_code == 400
    assert client.get("/documentos/%00.pdf").status_code == 400
    assert client.get(f"/partido/polizas/{'9' * 19}/1/").status_code == 404


def test_every_page_of_a_desk_says_what_methods_it_takes() -> None:
    """A view that says nothing answers a DELETE as if somebody read it, and a PUT past what asks again who acts."""
    assert not [name for name, page in every_page().items() if OURS.match(name) and page.methods is UNDECLARED]


def test_the_walk_knows_every_desk() -> None:
    routes = {page.route.split("/")[0] for page in pages()}
    assert {"partido", "auditoria", "consejo", "mesa", "api", "cuenta"} <= routes
    assert "\0" in NONSENSE


@pytest.mark.parametrize(
    "address",
    [
        "/partido/libros/balanza/?contabilidad=x%27%22",
        "/partido/libros/diario/?ventana=%C2%B2",
        "/partido/libros/sat/?contabilidad=x",
        "/partido/polizas/?cuenta=%27&pagina=99999999",
        "/consejo/etapas/?etapa=../../etc/passwd",
        "/partido/cfdi/?contabilidad=%D9%A1",
    ],
)
def test_a_query_that_means_nothing_is_no_failure(scene: Any, enter: Any, address: str) -> None:
    assert enter(scene.alicia).get(address).status_code < 500


def test_an_empty_form_is_told_and_is_no_failure(scene: Any, enter: Any) -> None:
    client = enter(scene.alicia)
    for page in pages():
        if page.route.startswith("partido/") and page.route.endswith(("nuevo/", "nueva/")) and not page.parts:
            assert client.post(page.address({}), "", FORM).status_code < 500, page.route
