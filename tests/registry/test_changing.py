"""A candidacy passes to a coalition or leaves one: its books stay, it opens others, and the cap is one."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from registry.test_leaving import MOMENT, Scene, make
from sif.registry import clock
from sif.registry.changing import NewAlliance, change_alliance, coalitions_of, effects_of
from sif.registry.coalitions import NewAgreement, register_agreement
from sif.registry.leaving import (
    NewEnd,
    contest_of,
    end_candidacy,
    end_of,
    why_not_restored,
    why_not_substituted,
)
from sif.registry.models import Candidatura, Contabilidad, Nombramiento, Persona, Suceso, SujetoObligado
from sif.registry.scope import everything
from sif.registry.services import NewCandidatura, appoint, approve_candidatura, create_usuario, register_sujeto
from sif.values import Refused

pytestmark = pytest.mark.django_db
DAY = date(2024, 4, 20)


class Moving:
    """A candidacy of a party that makes up a coalition, which others do not share."""

    def __init__(self) -> None:
        self.scene: Scene = make()
        self.ana = self.scene.ana
        self.other = register_sujeto("partido", "7", "PB", "Partido Bermellón")
        self.alien = register_sujeto("partido", "8", "PC", "Partido Cobalto")
        self.union = register_sujeto("coalicion", "9", "AB", "Ámbar y Bermellón")
        parts = ((self.scene.party.pk, 6000), (self.other.pk, 4000))
        agreed = NewAgreement("INE/CG5/2024", date(2024, 4, 2), date(2024, 4, 2), parts)
        register_agreement(self.union, agreed, self.ana)
        known = self.scene.approved("Iris Sol")  # with the office and the place of the one that changes
        who = Persona.objects.create(nombre="Ana Luna")
        place = {"cargo": known.cargo, "territorio": known.territorio, "tope": 90_000, "tope_acuerdo": "INE/CG10/2024"}
        new = NewCandidatura("AL", who, self.scene.party, **place, aprobada_el=date(2024, 4, 1))
        found = approve_candidatura(self.scene.etapa, new).candidatura
        assert found is not None
        self.mine = found
        self.into = NewAlliance(self.union, DAY, "INE/CG300/2024")


@pytest.fixture
def moving() -> Any:
    with everything(), clock.at(MOMENT):
        yield Moving()


def refused(candidatura: Candidatura, new: NewAlliance, by: Any) -> set[tuple[str, str]]:
    """What is refused and where, of the effects and of the act alike; nothing of it enters."""
    before = Contabilidad.objects.count()
    told = []
    for ask in (lambda: effects_of(candidatura, new), lambda: change_alliance(candidatura, new, by)):
        with pytest.raises(Refused) as caught:
            ask()
        told.append({(each.codigo, each.donde) for each in caught.value.problems})
    assert told[0] == told[1] and Contabilidad.objects.count() == before
    return told[0]


def test_its_books_stay_and_it_opens_others_under_the_same_cap(moving: Moving) -> None:
    suplente = moving.scene.behind(moving.mine)
    assert coalitions_of(moving.mine) == [moving.union]
    seen = effects_of(moving.mine, moving.into)
    assert [each.numero for each in seen.de_antes] == [1] and [each.numero for each in seen.de_ahora] == [1, 2]
    assert (seen.libros, seen.abre_concentradora, seen.suplentes) == (moving.mine.contabilidad.pk, True, 1)
    assert end_of(moving.mine) is None  # to look changes nothing
    books = change_alliance(moving.mine, moving.into, moving.ana)
    old = Contabilidad.objects.get(pk=moving.mine.contabilidad.pk)
    assert (old.sujeto, old.dejo_el, old.estatus) == (moving.scene.party, DAY, "activa")
    assert (books.sujeto, books.empezo_el, books.tope) == (moving.union, DAY, 90_000)
    now = books.candidatura
    assert now is not None and now.persona == moving.mine.persona
    assert [each.pk for each in contest_of(now)] == [moving.mine.pk, now.pk]
    after = Candidatura.objects.get(folio=f"{now.folio}-2")
    assert (after.sujeto, after.persona) == (moving.union, suplente.persona)
    assert end_of(suplente) is not None
    pools = Contabilidad.objects.filter(sujeto=moving.union, clase="concentradora")
    assert pools.count() == 1
    assert Suceso.objects.filter(verbo="cambiar_coalicion").exists()
    fin = end_of(moving.mine)
    assert fin is not None and (fin.causa, fin.acuerdo) == ("cambio_coalicion", "INE/CG300/2024")
    for why in (why_not_substituted(fin), why_not_restored(fin)):
        assert why is not None
    assert refused(moving.mine, moving.into, moving.ana) == {("terminada", "")}  # a second press


def test_it_leaves_the_coalition_for_the_party_that_registered_it_and_for_no_other(moving: Moving) -> None:
    books = change_alliance(moving.mine, moving.into, moving.ana)
    now = Candidatura.objects.get(pk=books.candidatura_id)
    assert {each.pk for each in coalitions_of(now)} == {moving.scene.party.pk, moving.other.pk}
    back = NewAlliance(moving.scene.party, date(2024, 5, 1), "INE/CG350/2024")
    foreign = {("otro_partido", "sujeto")}  # LGPP 87.6
    assert refused(now, replace(back, sujeto=moving.alien), moving.ana) == {("sujeto", "sujeto")}
    assert refused(now, replace(back, sujeto=moving.other), moving.ana) == foreign
    left = change_alliance(now, back, moving.ana)
    assert left.sujeto == moving.scene.party and left.tope == 90_000
    assert left.candidatura is not None and len(contest_of(left.candidatura)) == 3
    with clock.at(MOMENT.replace(month=5, day=28)):
        again = replace(moving.into, desde=date(2024, 5, 20))
        joined = change_alliance(left.candidatura, again, moving.ana).candidatura
        assert joined is not None
        assert refused(joined, replace(back, sujeto=moving.other, desde=date(2024, 5, 25)), moving.ana) == foreign


def test_it_does_not_pass_from_one_coalition_to_another(moving: Moving) -> None:
    books = change_alliance(moving.mine, moving.into, moving.ana)
    now = Candidatura.objects.get(pk=books.candidatura_id)
    second = register_sujeto("coalicion", "10", "BC", "Bermellón y Cobalto")
    parts = ((moving.other.pk, 5000), (moving.alien.pk, 5000))
    register_agreement(second, NewAgreement("INE/CG6/2024", date(2024, 4, 2), date(2024, 4, 2), parts), moving.ana)
    new = NewAlliance(second, date(2024, 5, 1), "INE/CG350/2024")
    assert refused(now, new, moving.ana) == {("sujeto", "sujeto")}


def test_what_is_not_a_change_of_coalition_is_refused(moving: Moving) -> None:
    into, ana, mine = moving.into, moving.ana, moving.mine
    for new, code in (
        (replace(into, sujeto=moving.scene.party), ("sujeto", "sujeto")),
        (replace(into, sujeto=moving.other), ("sujeto", "sujeto")),
        (replace(into, sujeto=moving.scene.independent), ("sujeto", "sujeto")),
        (replace(into, desde=date(2024, 4, 2), sujeto=moving.alien), ("sujeto", "sujeto")),
        (replace(into, desde=date(2024, 5, 21)), ("futuro", "desde")),
        (replace(into, acuerdo=" "), ("acuerdo", "acuerdo")),
        (replace(into, acuerdo="x" * 61), ("acuerdo", "acuerdo")),
    ):
        assert refused(mine, new, ana) == {code}
    suplente = moving.scene.behind(mine)
    assert refused(suplente, into, ana) == {("sin_libros", "")}
    assert refused(moving.scene.approved("Eva Sola", moving.scene.independent), into, ana) == {("sujeto", "")}
    end_candidacy(mine, NewEnd("libre", date(2024, 4, 10), "A/1"), ana)
    assert refused(mine, into, ana) == {("terminada", "")}


def test_the_day_is_after_the_one_of_its_approval_and_before_the_voting(moving: Moving) -> None:
    books = change_alliance(moving.mine, moving.into, moving.ana)
    now = Candidatura.objects.get(pk=books.candidatura_id)
    back = NewAlliance(moving.scene.party, DAY, "INE/CG350/2024")
    assert refused(now, back, moving.ana) == {("antes", "desde")}
    with clock.at(MOMENT.replace(month=7)):
        assert refused(now, replace(back, desde=date(2024, 6, 3)), moving.ana) == {("despues", "desde")}


def test_who_does_not_administer_changes_none(moving: Moving) -> None:
    eva = create_usuario("eva", "Eva", None)
    appoint(eva, Nombramiento.Rol.SECRETARIA)
    with pytest.raises(PermissionError):
        change_alliance(moving.mine, moving.into, eva)
    assert SujetoObligado.objects.get(pk=moving.union.pk).candidaturas.count() == 0
