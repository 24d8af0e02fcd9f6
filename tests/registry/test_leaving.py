"""A candidacy ends by its accord and another takes its place where the law lets it, each with books of its own."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from kept import keeps
from sif.law.leaving import load_causes
from sif.registry import clock
from sif.registry.elections import candidacies
from sif.registry.leaving import (
    NewEnd,
    NewReturn,
    NewSubstitute,
    contest_of,
    end_candidacy,
    restore_candidacy,
    substitute,
    why_not_restored,
    why_not_substituted,
)
from sif.registry.models import (
    Candidatura,
    Cargo,
    Contabilidad,
    Etapa,
    FinCandidatura,
    Nombramiento,
    Persona,
    RestitucionCandidatura,
    SujetoObligado,
    SustitucionCandidatura,
    Territorio,
    Usuario,
)
from sif.registry.scope import everything, registering
from sif.registry.selectors import with_state
from sif.registry.services import (
    NewCandidatura,
    appoint,
    approve_candidatura,
    create_etapa,
    create_proceso,
    create_usuario,
    open_periods,
    register_sujeto,
    set_tope,
)
from sif.values import Refused

MOMENT = datetime(2024, 5, 20, 18, tzinfo=clock.legal_zone())
END = NewEnd("renuncia", date(2024, 4, 20), "INE/CG400/2024", date(2024, 4, 18))
BACK = NewReturn("INE/CG410/2024", "Se registró la de otra persona")
SUCCESSOR = NewSubstitute("Eva Ríos", "INE/CG401/2024")


@dataclass
class Scene:
    """A federal campaign that ends on 29 May, with its voting on 2 June, and who administers."""

    etapa: Etapa
    party: SujetoObligado
    independent: SujetoObligado
    cargo: Cargo
    territorio: Territorio
    ana: Usuario

    def approved(self, nombre: str, sujeto: SujetoObligado | None = None, folio: str = "") -> Candidatura:
        """A candidacy with its books and cap."""
        person = Persona.objects.create(nombre=nombre)
        new = NewCandidatura(
            folio or nombre, person, sujeto or self.party, self.cargo, self.territorio, 90_000, "INE/CG10/2024"
        )
        found = approve_candidatura(self.etapa, new).candidatura
        assert found is not None
        return found

    def behind(self, head: Candidatura) -> Candidatura:
        """The suplente of a formula, who has no books."""
        who = Persona.objects.create(nombre="Iris Mar")
        own = {"sujeto": head.sujeto, "cargo": head.cargo, "territorio": head.territorio}
        with registering():
            return Candidatura.objects.create(etapa=head.etapa, persona=who, folio=f"{head.folio}-2", **own)


def make(ambito: str = "federal") -> Scene:
    """Make it, for an election of an ámbito."""
    place = "" if ambito == "federal" else "DUR"
    proceso = create_proceso(
        clave=f"P-{ambito}", nombre="Proceso", ambito=ambito, anio=2024, jornada_el=date(2024, 6, 2), entidad=place
    )
    etapa = create_etapa(proceso, "campana", date(2024, 4, 1), date(2024, 5, 29))
    open_periods(etapa)
    ana = create_usuario("ana", "Ana", None)
    appoint(ana, Nombramiento.Rol.ADMINISTRADOR)
    return Scene(
        etapa,
        register_sujeto("partido", "1", "PA", "Partido Ámbar"),
        register_sujeto("independiente", "2", "CI", "Eva Sola"),
        Cargo.objects.create(clave="dip", nombre="Diputación", ambito=ambito, columna="D"),
        Territorio.objects.create(clave="DUR-1", nombre="Distrito 1", entidad="DUR"),
        ana,
    )


def _made() -> Scene:
    with everything(), clock.at(MOMENT):
        return make()


@pytest.fixture
@keeps(_made)
def scene(world_of: Any) -> Any:
    with everything(), clock.at(MOMENT):
        yield world_of(_made)


def problems(act: Any, *args: Any) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        act(*args)
    return {each.donde: each.codigo for each in refused.value.problems}


def test_a_resignation_ends_a_candidacy_and_its_books_stay(scene: Scene) -> None:
    left = scene.approved("Ana Luna")
    fin = end_candidacy(left, replace(END, acuerdo=" INE/CG400/2024 "), scene.ana)
    assert (fin.causa, fin.desde, fin.presentada_el, fin.acuerdo, fin.hecho_el, fin.hecho_por) == (
        "renuncia",
        date(2024, 4, 20),
        date(2024, 4, 18),
        "INE/CG400/2024",
        MOMENT,
        scene.ana,
    )
    books = Contabilidad.objects.get(candidatura=left)
    assert (books.dejo_el, books.estatus, books.cancelada_el) == (date(2024, 4, 20), "activa", None)
    assert candidacies().get(pk=left.pk).estado == "renuncia"
    assert problems(end_candidacy, left, END, scene.ana) == {"": "terminada"}
    for change in (lambda: FinCandidatura.objects.update(causa="libre"), lambda: fin.delete()):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (replace(END, causa="cansancio"), {"causa": "causa"}),
        (replace(END, desde=date(2024, 5, 21)), {"desde": "futuro"}),
        (replace(END, presentada_el=None), {"presentada_el": "presentada"}),
        (replace(END, presentada_el=date(2024, 4, 21)), {"presentada_el": "presentada"}),
        (replace(END, acuerdo=" "), {"acuerdo": "acuerdo"}),
        (replace(END, acuerdo="x" * 61, causa="?"), {"acuerdo": "acuerdo", "causa": "causa"}),
    ],
)
def test_what_is_wrong_in_an_end_is_told_at_its_field(scene: Scene, new: NewEnd, told: dict[str, str]) -> None:
    left = scene.approved("Ana Luna")
    assert problems(end_candidacy, left, new, scene.ana) == told
    assert not FinCandidatura.objects.exists()


def test_nothing_ends_after_the_voting(scene: Scene) -> None:
    left = scene.approved("Ana Luna")
    with clock.at(MOMENT.replace(month=6, day=9)):
        assert problems(end_candidacy, left, replace(END, desde=date(2024, 6, 3)), scene.ana) == {"desde": "despues"}
        end_candidacy(left, replace(END, desde=date(2024, 6, 2)), scene.ana)


def test_only_who_administers_ends_and_substitutes(scene: Scene) -> None:
    left = scene.approved("Ana Luna")
    eva = create_usuario("eva", "Eva", None)
    appoint(eva, Nombramiento.Rol.REVISOR)
    with pytest.raises(PermissionError):
        end_candidacy(left, END, eva)
    fin = end_candidacy(left, END, scene.ana)
    with pytest.raises(PermissionError):
        substitute(fin, SUCCESSOR, eva)


def test_who_comes_in_has_its_own_books_with_the_cap_of_the_contest(scene: Scene) -> None:
    left = scene.approved("Ana Luna")
    set_tope(left.contabilidad, 80_000, "INE/CG20/2024", scene.ana)
    books = substitute(end_candidacy(left, END, scene.ana), SUCCESSOR, scene.ana)
    entered = books.candidatura
    assert entered is not None and entered.folio == "SF1"
    assert (entered.etapa, entered.sujeto, entered.cargo, entered.territorio) == (
        left.etapa,
        left.sujeto,
        left.cargo,
        left.territorio,
    )
    assert (books.pk != left.contabilidad.pk, books.tope, books.topes.get().acuerdo) == (True, 80_000, "INE/CG20/2024")
    assert entered.sustituye.acuerdo == "INE/CG401/2024"
    again = substitute(end_candidacy(entered, END, scene.ana), replace(SUCCESSOR, nombre="Iris Mar"), scene.ana)
    names = ["Ana Luna", "Eva Ríos", "Iris Mar"]
    for each in (left, entered, again.candidatura):
        assert [one.persona.nombre for one in contest_of(each)] == names


def test_what_is_wrong_in_a_substitute_is_told_at_its_field(scene: Scene) -> None:
    other = scene.approved("Luz Sol", folio="F-9")
    fin = end_candidacy(scene.approved("Ana Luna"), END, scene.ana)
    wrong = NewSubstitute("X", "", "F-9", "corta", "corto")
    assert problems(substitute, fin, wrong, scene.ana) == {
        "nombre": "nombre",
        "curp": "curp",
        "rfc": "rfc",
        "acuerdo": "acuerdo",
        "folio": "folio",
    }
    twice = replace(SUCCESSOR, nombre=other.persona.nombre.upper())
    assert problems(substitute, fin, twice, scene.ana) == {"nombre": "repetida"}
    substitute(fin, SUCCESSOR, scene.ana)
    assert problems(substitute, fin, replace(SUCCESSOR, nombre="Iris Mar"), scene.ana) == {"": "sustituida"}
    assert SustitucionCandidatura.objects.count() == 1


@pytest.mark.parametrize(
    ("causa", "presented", "code"),
    [
        ("cancelacion", None, "causa"),
        ("renuncia", date(2024, 5, 3), "plazo"),  # the thirtieth day before 2 June
        ("renuncia", date(2024, 5, 2), None),
        *((each, None, None) for each in ("fallecimiento", "inhabilitacion", "incapacidad", "libre")),
    ],
)
def test_the_federal_law_says_who_is_substituted(
    scene: Scene, causa: str, presented: date | None, code: str | None
) -> None:
    new = NewEnd(causa, date(2024, 5, 10), "INE/CG400/2024", presented)
    fin = end_candidacy(scene.approved("Ana Luna"), new, scene.ana)
    found = why_not_substituted(fin)
    assert (found.codigo if found else None) == code
    if code:
        assert problems(substitute, fin, SUCCESSOR, scene.ana) == {"": code}
    else:
        substitute(fin, SUCCESSOR, scene.ana)


def test_a_local_election_follows_its_accord(db: None) -> None:
    with everything(), clock.at(MOMENT):
        scene = make("local")
        fin = end_candidacy(scene.approved("Ana Luna"), NewEnd("cancelacion", END.desde, "IEPC/CG4/2024"), scene.ana)
        assert why_not_substituted(fin) is None
        substitute(fin, SUCCESSOR, scene.ana)


def test_an_independent_is_not_substituted_and_the_formula_falls_with_it(scene: Scene) -> None:
    head = scene.approved("Eva Sola", scene.independent, "CI-1")
    other = scene.approved("Luz Sol", scene.independent, "CI-12")
    suplente = scene.behind(head)
    fin = end_candidacy(head, END, scene.ana)
    assert set(FinCandidatura.objects.values_list("candidatura", flat=True)) == {head.pk, suplente.pk}
    assert other.pk not in (head.pk, suplente.pk)
    assert problems(substitute, fin, SUCCESSOR, scene.ana) == {"": "sujeto"}


def test_without_its_suplente_a_formula_goes_on(scene: Scene) -> None:
    head = scene.approved("Ana Luna", folio="F-1")
    suplente = scene.behind(head)
    fin = end_candidacy(suplente, END, scene.ana)
    assert problems(substitute, fin, SUCCESSOR, scene.ana) == {"": "sin_libros"}
    assert FinCandidatura.objects.count() == 1


def test_the_database_admits_no_substitute_of_another_contest(scene: Scene) -> None:
    fin = end_candidacy(scene.approved("Ana Luna"), END, scene.ana)
    rival = scene.approved("Eva Sola", scene.independent)
    ended = scene.approved("Luz Sol")
    end_candidacy(ended, END, scene.ana)
    more = {"acuerdo": "A", "hecho_el": MOMENT, "hecho_por": scene.ana}
    for entra in (rival, ended, fin.candidatura):
        with pytest.raises(IntegrityError, match="no sustituye a esa"), transaction.atomic(), registering(scene.ana.pk):
            SustitucionCandidatura.objects.create(sale=fin, entra=entra, **more)
    good = scene.approved("Iris Mar")
    with registering(scene.ana.pk):
        SustitucionCandidatura.objects.create(sale=fin, entra=good, **more)


def test_each_cause_cites_the_words_of_its_article() -> None:
    causes = load_causes("mx")
    assert {clave for clave, each in causes.items() if not each.may_be_substituted} == {"cancelacion"}
    assert {clave for clave, each in causes.items() if each.limit} == {"renuncia"}
    assert all(each.said.cita and each.said.articulo.startswith("LGIPE 241") for each in causes.values())


# Restored -----------------------------------------------------------------------------------------------------------


def test_a_candidacy_that_ended_by_mistake_contends_again_and_may_end_anew(scene: Scene) -> None:
    left = scene.approved("Ana Luna")
    fin = end_candidacy(left, END, scene.ana)
    act = restore_candidacy(fin, replace(BACK, motivo=f" {BACK.motivo} "), scene.ana)
    assert (act.fin, act.acuerdo, act.motivo, act.hecho_el, act.hecho_por) == (
        fin,
        BACK.acuerdo,
        BACK.motivo,
        MOMENT,
        scene.ana,
    )
    assert Contabilidad.objects.get(candidatura=left).dejo_el is None
    assert with_state(Contabilidad.objects.filter(candidatura=left)).get().dejo_el is None
    assert candidacies().get(pk=left.pk).estado == ""
    assert problems(restore_candidacy, fin, BACK, scene.ana) == {"": "restituida"}
    assert problems(substitute, fin, SUCCESSOR, scene.ana) == {"": "restituida"}
    later = end_candidacy(left, replace(END, causa="libre", desde=date(2024, 5, 10)), scene.ana)
    assert with_state(Contabilidad.objects.filter(candidatura=left)).get().dejo_el == date(2024, 5, 10)
    assert (candidacies().get(pk=left.pk).estado, FinCandidatura.objects.count()) == ("libre", 2)
    restore_candidacy(later, BACK, scene.ana)
    assert Contabilidad.objects.get(candidatura=left).dejo_el is None
    for change in (lambda: RestitucionCandidatura.objects.update(motivo="Otro"), lambda: act.delete()):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()


def test_what_is_wrong_in_a_return_is_told_at_its_field(scene: Scene) -> None:
    left = scene.approved("Ana Luna")
    fin = end_candidacy(left, END, scene.ana)
    assert problems(restore_candidacy, fin, NewReturn(" ", "no"), scene.ana) == {
        "acuerdo": "acuerdo",
        "motivo": "motivo",
    }
    new = NewCandidatura("F-2", left.persona, left.sujeto, left.cargo, left.territorio, 90_000, "INE/CG10/2024")
    approve_candidatura(left.etapa, new)
    assert problems(restore_candidacy, fin, BACK, scene.ana) == {"": "repetida"}
    eva = create_usuario("eva", "Eva", None)
    appoint(eva, Nombramiento.Rol.REVISOR)
    with pytest.raises(PermissionError):
        restore_candidacy(fin, BACK, eva)
    assert not RestitucionCandidatura.objects.exists()


def test_nobody_returns_to_a_place_that_another_holds(scene: Scene) -> None:
    left = scene.approved("Ana Luna")
    fin = end_candidacy(left, END, scene.ana)
    entered = substitute(fin, SUCCESSOR, scene.ana).candidatura
    assert entered is not None
    assert problems(restore_candidacy, fin, BACK, scene.ana) == {"": "sustituida"}
    end_candidacy(entered, END, scene.ana)
    assert why_not_restored(fin) is None
    restore_candidacy(fin, BACK, scene.ana)
    again = end_candidacy(left, replace(END, desde=date(2024, 5, 2)), scene.ana)
    last = substitute(again, replace(SUCCESSOR, nombre="Iris Mar"), scene.ana).candidatura
    assert last is not None
    for each in (left, entered, last):
        assert [one.persona.nombre for one in contest_of(each)] == ["Ana Luna", "Eva Ríos", "Iris Mar"]


def test_the_formula_that_fell_with_its_head_returns_with_her(scene: Scene) -> None:
    head = scene.approved("Eva Sola", scene.independent, "CI-1")
    other = scene.approved("Luz Sol", scene.independent, "CI-12")
    scene.behind(head)
    end_candidacy(other, END, scene.ana)
    restore_candidacy(end_candidacy(head, END, scene.ana), BACK, scene.ana)
    assert {each.folio: each.estado for each in candidacies()} == {"CI-1": "", "CI-1-2": "", "CI-12": "renuncia"}


def test_the_database_keeps_one_standing_end_and_nobody_in_a_place_that_is_taken(scene: Scene) -> None:
    left = scene.approved("Ana Luna")
    fin = end_candidacy(left, END, scene.ana)
    more: dict[str, Any] = {"acuerdo": "A", "hecho_el": MOMENT, "hecho_por": scene.ana}
    with pytest.raises(IntegrityError, match="ya terminó"), transaction.atomic(), registering(scene.ana.pk):
        FinCandidatura.objects.create(candidatura=left, causa="libre", desde=END.desde, **more)
    rival = scene.approved("Iris Mar")
    with registering(scene.ana.pk):
        SustitucionCandidatura.objects.create(sale=fin, entra=rival, **more)
    back = {"fin": fin, "motivo": "Se registró mal", **more}
    with pytest.raises(IntegrityError, match="tiene el lugar"), transaction.atomic(), registering(scene.ana.pk):
        RestitucionCandidatura.objects.create(**back)
    end_candidacy(rival, END, scene.ana)
    with registering(scene.ana.pk):
        RestitucionCandidatura.objects.create(**back)
    free = scene.approved("Luz Sol")
    other = end_candidacy(scene.approved("Nora Paz"), END, scene.ana)
    restore_candidacy(other, BACK, scene.ana)
    with pytest.raises(IntegrityError, match="no sustituye a esa"), transaction.atomic(), registering(scene.ana.pk):
        SustitucionCandidatura.objects.create(sale=other, entra=free, **more)


def _substituted(scene: Scene) -> tuple[FinCandidatura, Candidatura]:
    """Who ended, and who took the place."""
    fin = end_candidacy(scene.approved("Ana Luna"), END, scene.ana)
    entered = substitute(fin, SUCCESSOR, scene.ana).candidatura
    assert entered is not None
    return fin, entered


def test_of_one_place_one_contends_however_many_held_it(scene: Scene) -> None:
    fin, entered = _substituted(scene)
    other = end_candidacy(entered, END, scene.ana)
    last = substitute(other, replace(SUCCESSOR, nombre="Iris Mar"), scene.ana).candidatura
    assert last is not None
    more: dict[str, Any] = {"acuerdo": "A", "hecho_el": MOMENT, "hecho_por": scene.ana}
    for each in (fin, other):
        assert problems(restore_candidacy, each, BACK, scene.ana) == {"": "sustituida"}
        with pytest.raises(IntegrityError, match="tiene el lugar"), transaction.atomic(), registering(scene.ana.pk):
            RestitucionCandidatura.objects.create(fin=each, motivo="Por error", **more)
    end_candidacy(last, END, scene.ana)
    restore_candidacy(fin, BACK, scene.ana)
    assert problems(restore_candidacy, other, BACK, scene.ana) == {"": "sustituida"}


def test_who_returns_keeps_the_place_from_who_would_take_that_of_the_substitute(scene: Scene) -> None:
    fin, entered = _substituted(scene)
    other = end_candidacy(entered, END, scene.ana)
    restore_candidacy(fin, BACK, scene.ana)
    assert problems(restore_candidacy, other, BACK, scene.ana) == {"": "sustituida"}
    assert problems(substitute, other, replace(SUCCESSOR, nombre="Iris Mar"), scene.ana) == {"": "ocupado"}
    rival = scene.approved("Iris Mar")
    more: dict[str, Any] = {"acuerdo": "A", "hecho_el": MOMENT, "hecho_por": scene.ana}
    with pytest.raises(IntegrityError, match="hay quien contienda"), transaction.atomic(), registering(scene.ana.pk):
        SustitucionCandidatura.objects.create(sale=other, entra=rival, **more)


def test_a_suplente_does_not_return_without_who_heads_the_formula(scene: Scene) -> None:
    head = scene.approved("Eva Sola", scene.independent, "CI-1")
    suplente = scene.behind(head)
    own = end_candidacy(suplente, END, scene.ana)
    end_candidacy(head, END, scene.ana)
    assert problems(restore_candidacy, own, BACK, scene.ana) == {"": "formula"}
    restore_candidacy(head.fines.get(), BACK, scene.ana)
    assert [each.estado for each in candidacies().order_by("pk")] == ["", "renuncia"]
    restore_candidacy(own, BACK, scene.ana)
    assert [each.estado for each in candidacies().order_by("pk")] == ["", ""]
