"""Each page that takes a file is given bombs and formulas through its own form: it answers, and the next one is opened.

The table names each page with the fields that take its files: a module that takes one without its row fails. The files
of a page are shared out among eight days.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import resolve, reverse

from books.test_openings import year_of
from election import Election, election
from filing.test_ceps import _person
from sandbox import hostile
from sandbox.test_bombs import BOMBS, make
from seeds import SEED, WHOLE, is_of_today
from sif.books.services import save_borrador
from sif.books.services.registros import NewCep, issue_cep
from sif.registry import limits
from sif.registry.models import Contabilidad, Nombramiento
from sif.registry.scope import everything
from sif.registry.services import register_sujeto
from sif.web.party.draft_content import blank
from small_world import World
from web.audit_scene import Scene, audited, review
from web.personas import ALLOWED, declared
from web.sweep import Sweep
from web.test_fuzz import authority_cast, party_cast
from web.walk import Page, entered, every_page, plain_value

__all__ = ["audited", "election", "review"]

WEB = Path(__file__).parents[2] / "src/sif/web"
UPLOADS: dict[str, str] = {
    "administration:candidaturas_cargar": "archivo",
    "administration:emblema_nuevo": "archivo",
    "administration:historico_nuevo": "archivo",
    "administration:integrantes": "documento",
    "administration:relevo": "archivo",
    "administration:topes": "archivo",
    "administration:topes_formula": "archivo",
    "auditor:estatus_sat": "archivo",
    "auditor:lista": "archivo",
    "auditor:lista_69b": "archivo",
    "auditor:matriz": "archivo",
    "council:leyes_textos": "archivo",
    "mi_rfc": "certificado",
    "mi_rfc_cadena": "certificado",
    "nombramiento_delegar": "archivo",
    "nombramiento_guardar": "archivo",
    "party:adjuntar": "archivo",
    "party:apertura": "archivo",
    "party:aportacion_en": "soporte credencial",
    "party:banco_recibir": "archivo",
    "party:borrador": "archivo",
    "party:cadena": "certificado",
    "party:cep_firmar": "certificado",
    "party:cfdi": "archivos",
    "party:empezar": "archivo",
    "party:firmar_cadenas": "certificado",
    "party:firmas_enviadas": "certificado",
    "party:lotes": "archivo",
    "party:lotes_sat": "archivo",
    "party:obligacion": "archivo",
    "party:presentar": "certificado",
    "personas_archivo": "archivo",
    "public:sellado": "archivo",
}
"""The fields of each page that take a file."""
TAKES = re.compile(r"request\.FILES|\bfile_field\(|\.FileField\(|\bcertificate_of\(request")
NO_PAGES = {"sif.web.edge", "sif.web.fields", "sif.web.signing", "sif.web.accounts.again"}  # of what pages call
IN_PIECES = {"party:subidas", "party:subida"}  # it takes bytes that `party:adjuntar` opens: tests/books/test_uploads.py
LEADS = (
    *("party:bancos", "party:banco", "party:polizas", "party:poliza", "party:ceps", "party:cep", "party:informes"),
    *("party:informe", "party:obligaciones", "party:borradores", "mis_nombramientos", "nombramiento"),
    *("administration:sujetos", "auditor:listas"),
)
"""Pages that show the form or the address of another."""
FORMULAS = ("=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", '\t=HYPERLINK("http://a.mx")')
FILES: dict[str, Callable[[], bytes]] = {
    "a table of formulas": lambda: "\n".join(",".join([each] * 12) for each in FORMULAS).encode(),
    "a book of formulas": hostile.formulas,
    "a book of merges": lambda: hostile.many_merges(20_000),
    **{name: lambda name=name: make(name) for name in BOMBS},  # type: ignore[misc]
}
"""What is sent by its name: what a spreadsheet would run, and the bombs of every opener."""


def ending_of(data: bytes) -> str:
    """The ending that a file of those bytes has, so that it goes past the door of names."""
    known = {b"PK": "xlsx", b"%PDF": "pdf", b"\x89PNG": "png", b"<": "xml", b"OFX": "ofx"}
    return next((end for begins, end in known.items() if data.startswith(begins)), "csv")


def test_every_module_that_takes_a_file_has_a_page_in_the_table() -> None:
    wanted = {
        ".".join(path.relative_to(WEB.parents[1]).with_suffix("").parts)
        for path in WEB.rglob("*.py")
        if TAKES.search(path.read_text(encoding="utf-8"))
    }
    known = every_page()
    views = [resolve(known[name].address(_plain(known[name]))).func for name in UPLOADS]
    modules = {inspect.unwrap(getattr(each, "view_class", each)).__module__ for each in views}
    assert wanted - NO_PAGES - modules == set() and modules <= wanted | {"sif.web.party.captura.borrador"}
    assert known.keys() >= IN_PIECES


def _plain(page: Page, own: Mapping[str, int] | None = None) -> dict[str, str]:
    return {part: plain_value(part, converter, own) for part, converter in page.parts.items()}


class Sender(Sweep):
    """Sends files to pages, and keeps what each answered."""

    def send(self, half: Iterable[str], own: Mapping[str, int]) -> list[str]:
        """Read the pages that lead to others, send each its files of today, and return what was sent."""
        self.pages, sent = every_page(), []
        pages = [*(each for each in LEADS if self.may.get(each)), *half]
        for name in pages:
            if "GET" in self.pages[name].methods:
                self._ask((name, self._who(name)), "GET", self._where(name, own))
        for name in half:
            self.asked[name] = []
            for what in (each for each in FILES if is_of_today(f"{name} {each}", 8)):
                self._ask((name, self._who(name)), "POST", self._where(name, own), self._with(name, FILES[what]()))
                sent.append(f"{name}: {what}")
        return sent

    def _judge(self, told: tuple[str, str], asked: tuple[str, str], answer: Any, content: bytes, said: str) -> None:
        """Say too where who sends a file was asked again who they are, and the page never read it."""
        super()._judge(told, asked, answer, content, said)
        if answer.get("Location", "").startswith(reverse("confirmar")):
            self.failures.setdefault(f"{told[0]} again", f"{said}, which asks who sends it")

    def _with(self, name: str, data: bytes) -> dict[str, Any]:
        form = self.forms.get(name)
        sound = self._sound(form) if form else {}
        return sound | {
            field: SimpleUploadedFile(f"archivo.{ending_of(data)}", data) for field in UPLOADS[name].split()
        }


def places_of(world: World) -> dict[str, tuple[str, str]]:
    """Make what some pages of a party are of, which nobody links to: who opens each, and its address."""
    draft = save_borrador(world.books, {**blank(), "concepto": "Lonas"}, world.clerk)
    person = _person(world, "representante", "Luz Peña")
    cep = issue_cep(world.books, NewCep(person.pk, "general", oneroso=False), world.clerk)
    with everything():
        campaign = Contabilidad.objects.filter(sujeto=world.party).exclude(candidatura=None)[0]
        of_all = Nombramiento.objects.filter(usuario=world.clerk)
        paper = of_all.values_list("pk", flat=True)[0]
    report = [campaign.pk, "IC", 1]
    entered(world.clerk).post(reverse("party:generar", args=report))
    return {
        "nombramiento_guardar": ("Hugo", reverse("nombramiento_guardar", args=[paper, "documento"])),
        "party:apertura": ("Alicia", reverse("party:apertura", args=[year_of(world, 2026).pk])),
        "party:borrador": ("Alicia", reverse("party:borrador", args=[world.books.pk, draft.pk])),
        "party:cadena": ("Alicia", reverse("party:cadena", args=[*report, 1])),
        "party:cep_firmar": ("Alicia", reverse("party:cep_firmar", args=[world.books.pk, cep.pk])),
        "party:presentar": ("Alicia", reverse("party:presentar", args=[*report, 1])),
    }


@pytest.mark.parametrize("half", ["de los partidos y de todos", "de la autoridad"])
def test_a_page_answers_every_bomb_and_formula_that_its_form_brings(
    half: str, db: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "take", lambda *_what: 0)
    audit = half == "de la autoridad"
    if audit:
        scene: Scene = request.getfixturevalue("review")
        own, _others, people = authority_cast(scene)
        with everything():
            union = register_sujeto("coalicion", "47", "UNIÓN", "Coalición Unión")
        own = {**own, "pk": scene.world.partido}
        places = {"administration:integrantes": ("Hugo", reverse("administration:integrantes", args=[union.pk]))}
    else:
        world: Election = request.getfixturevalue("election")
        own, _others, people = party_cast(world)
        places = places_of(world.world)
    heads, table = declared()
    may = {
        name: [who for who, answer in zip(heads, answers, strict=True) if answer == ALLOWED and who in people]
        for name, answers in table.items()
    }
    pages = [name for name in UPLOADS if name.startswith(("auditor:", "council:", "administration:")) is audit]
    sender = Sender(int(SEED), {name: entered(person) for name, person in people.items()}, may, strangers=["Gloria"])
    sender.found |= places
    sent = sender.send(pages, {part: row.pk for part, row in own.items()})
    assert not sender.failures, "\n\n".join(sender.failures.values())
    assert sent and not [name for name in pages if {403, 404, 405} & set(sender.asked[name])]
    assert not WHOLE or len(sent) == len(pages) * len(FILES)
