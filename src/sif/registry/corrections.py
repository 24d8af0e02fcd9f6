"""Correct a registered subject or candidacy: one administrator proposes with a document, and another approves.

The row says what is in force, so that whatever reads it does; `subject_at` and `books_at` say what it said on a day.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

from sif.registry import clock, trail
from sif.registry.approvals import accord_problems, approval_problems
from sif.registry.candidaturas import plain
from sif.registry.demarcations import register_territorio, territory_key
from sif.registry.elected import entity_problem
from sif.registry.eyes import not_another
from sif.registry.history import add_version, current_of
from sif.registry.leaving_models import contends, standing_ends
from sif.registry.locks import lock_etapa, lock_sujeto
from sif.registry.models import (
    Candidatura,
    Cargo,
    Contabilidad,
    CorreccionPropuesta,
    CorreccionResuelta,
    SujetoObligado,
    Usuario,
)
from sif.registry.motives import motive_problems
from sif.registry.nominating import key_problems, name_problems, offices, written_place
from sif.registry.scope import acting, registering
from sif.registry.selectors import may_still
from sif.registry.services import person_of
from sif.registry.sujetos import hold_numbers, must_administer, rfc_of_party_problems, subject_problems
from sif.registry.tables import CORRECTED
from sif.values import Conflict, Problem, Refused

Sentido = CorreccionResuelta.Sentido
PERSONAL = ("curp", "rfc")
DAYS = frozenset({"aprobada_el"})  # columns that a correction keeps as text
_UNLIKE = ("No es la que se propuso.", "Cópiela del documento; si la propuesta está mal, rechácela.")


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """The correctable fields of a subject; its kind is not among them, since another kind is another subject."""

    nombre: str
    siglas: str
    rfc: str
    numero: str


@dataclass(frozen=True, slots=True)
class CandidacyFacts:
    """The correctable fields of a candidacy: name and keys of the person, office, place, folio and approval.

    cargo: the name of the office in the data of the jurisdiction. lugar: '' where the office is of the whole entity.
    aprobada_el: the day from which the candidacy contends, as 2024-05-10; '' where that day is unknown.
    """

    nombre: str
    curp: str
    rfc: str
    sexo: str
    cargo: str
    entidad: str
    lugar: str
    folio: str
    aprobada_el: str = ""
    acuerdo_aprobacion: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """The reason of a correction, and the accord or document that proves the correct value."""

    motivo: str
    documento: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that a correction changes, as it stood and as it is to stand."""

    campo: str
    antes: str
    despues: str


def facts_of_subject(sujeto: SujetoObligado) -> SubjectFacts:
    """Return what a subject says today."""
    return SubjectFacts(sujeto.nombre, sujeto.siglas, sujeto.rfc, sujeto.numero)


def facts_of_candidacy(candidatura: Candidatura) -> CandidacyFacts:
    """Return what a candidacy says today."""
    person, place = candidatura.persona, candidatura.territorio
    known = offices(candidatura.cargo.ambito)
    office = next((name for name, row in known.items() if row["clave"] == candidatura.cargo.clave), "")
    lugar = "" if place.clave == place.entidad else place.nombre
    cargo = office or candidatura.cargo.nombre
    keys = (person.curp or "", person.rfc, person.sexo)
    approved = candidatura.aprobada_el.isoformat() if candidatura.aprobada_el else ""
    approval = (approved, candidatura.acuerdo_aprobacion or "")
    return CandidacyFacts(person.nombre, *keys, cargo, place.entidad, lugar, candidatura.folio, *approval)


def changes_of(before: Mapping[str, str], after: Mapping[str, str]) -> list[Changed]:
    """List the fields that change, in order."""
    return [Changed(name, before[name], value) for name, value in after.items() if before[name] != value]


def waiting() -> QuerySet[CorreccionPropuesta]:
    """Return the corrections that nobody resolved, the oldest first; who administers reads them."""
    rows = CorreccionPropuesta.objects.filter(resuelta=None)
    return rows.select_related("propuesta_por", "sujeto", "candidatura__persona").order_by("pk")


def history(thing: SujetoObligado | Candidatura) -> QuerySet[CorreccionPropuesta]:
    """Return the corrections of a subject or candidacy, waiting or resolved, the last first."""
    rows = CorreccionPropuesta.objects.filter(**_of(thing))
    return rows.select_related("propuesta_por", "resuelta__hecho_por").order_by("-pk")


def _of(thing: SujetoObligado | Candidatura) -> dict[str, object]:
    return {"sujeto" if isinstance(thing, SujetoObligado) else "candidatura": thing}


# What is asked ------------------------------------------------------------------------------------------------------


def check_subject(sujeto: SujetoObligado, facts: SubjectFacts, ground: Ground, by: Usuario) -> list[Changed]:
    """Return what a correction would change. Raises Refused with each problem at its field, PermissionError."""
    must_administer(by)
    seen, asked = asdict(facts_of_subject(sujeto)), _trimmed(facts, upper=("rfc",))
    return _checked(sujeto, seen, asked, ground, [*_subject_problems(sujeto, asked)])


def check_candidacy(candidatura: Candidatura, facts: CandidacyFacts, ground: Ground, by: Usuario) -> list[Changed]:
    """Return what a correction would change. Raises as `check_subject`."""
    must_administer(by)
    seen, asked = asdict(facts_of_candidacy(candidatura)), _asked_of(candidatura, facts)
    return _checked(candidatura, seen, asked, ground, [*_candidacy_problems(candidatura, seen, asked)])


def propose_subject(sujeto: SujetoObligado, facts: SubjectFacts, ground: Ground, by: Usuario) -> CorreccionPropuesta:
    """Propose to correct a subject. Raises as `check_subject`, and PermissionError for who has no RFC."""
    with acting():
        lock_sujeto(sujeto.pk)
        check_subject(sujeto, facts, ground, by)
        return _propose(sujeto, asdict(facts_of_subject(sujeto)), _trimmed(facts, upper=("rfc",)), ground, by)


def propose_candidacy(
    candidatura: Candidatura, facts: CandidacyFacts, ground: Ground, by: Usuario
) -> CorreccionPropuesta:
    """Propose to correct a candidacy. Raises as `propose_subject`."""
    with acting():
        lock_etapa(candidatura.etapa_id)
        check_candidacy(candidatura, facts, ground, by)
        seen = asdict(facts_of_candidacy(candidatura))
        return _propose(candidatura, seen, _asked_of(candidatura, facts), ground, by)


def _trimmed(facts: SubjectFacts | CandidacyFacts, upper: tuple[str, ...]) -> dict[str, str]:
    texts = {name: value.strip() for name, value in asdict(facts).items()}
    return {name: value.upper() if name in upper else value for name, value in texts.items()}


def _asked_of(candidatura: Candidatura, facts: CandidacyFacts) -> dict[str, str]:
    """Return what is asked of a candidacy; an office of the whole entity has no place, and one left alone stays."""
    asked = _trimmed(facts, upper=("curp", "rfc"))
    if asked["lugar"] != facts_of_candidacy(candidatura).lugar:
        asked["lugar"] = written_place(asked["lugar"])
    office = offices(candidatura.etapa.proceso.ambito).get(asked["cargo"])
    return asked if office is None or office["lugar"] else {**asked, "lugar": ""}


def _checked(
    thing: SujetoObligado | Candidatura,
    seen: dict[str, str],
    asked: dict[str, str],
    ground: Ground,
    found: list[Problem],
) -> list[Changed]:
    changed = changes_of(seen, asked)
    if not changed:
        found.append(Problem("igual", "", "No cambia nada.", "Corrija al menos un dato."))
    found += motive_problems(ground.motivo, "Diga qué se capturó mal y cómo consta.")
    if not 1 <= len(ground.documento.strip()) <= 120:
        told = "Falta el acuerdo o documento que lo prueba, o pasa de 120 letras."
        found.append(Problem("documento", "documento", told, "Cítelo por su número o fecha."))
    if waiting().filter(**_of(thing)).exists():
        cure = "Apruébela o recházela otra persona, o retírela quien la propuso."
        found.append(Problem("espera", "", "Ya espera una corrección.", cure))
    if found:
        raise Refused(*found)
    return changed


def _propose(
    thing: SujetoObligado | Candidatura, seen: dict[str, str], asked: dict[str, str], ground: Ground, by: Usuario
) -> CorreccionPropuesta:
    if not by.rfc:
        raise PermissionError(not_another(None, by, ""))
    said = {"motivo": ground.motivo.strip(), "documento": ground.documento.strip()}
    with registering(by.pk):
        made = CorreccionPropuesta.objects.create(
            **_of(thing), visto=seen, pedido=asked, **said, propuesta_el=clock.now(), propuesta_por=by
        )
    trail.act("proponer_correccion", by, made)
    return made


def _subject_problems(sujeto: SujetoObligado, asked: Mapping[str, str]) -> Iterator[Problem]:
    seen = asdict(facts_of_subject(sujeto))
    found = subject_problems(asked["siglas"], asked["nombre"], asked["numero"], asked["rfc"], but=sujeto.pk)
    found += rfc_of_party_problems(sujeto.tipo, asked["rfc"])
    yield from (each for each in found if asked[each.donde] != seen[each.donde])
    if not asked["numero"]:
        yield Problem("numero", "numero", "Falta el número.", "Deje el que tiene o escriba el suyo.")
    elif asked["numero"] != sujeto.numero and sujeto.contabilidades.exists():
        told = f"El {sujeto.numero} abre las claves de sus conclusiones y ya tiene contabilidades."
        yield Problem("numero_usado", "numero", told, "Se queda como está: no es parte de su nombre.")
    if sujeto.rfc and not asked["rfc"]:
        yield Problem("rfc", "rfc", "Se quedaría sin RFC.", "Escriba el que le corresponde.")


def _candidacy_problems(
    candidatura: Candidatura, seen: Mapping[str, str], asked: Mapping[str, str]
) -> Iterator[Problem]:
    typed = [*name_problems(asked["nombre"]), *key_problems(asked["curp"], asked["rfc"])]
    yield from (each for each in typed if asked[each.donde] != seen[each.donde])
    yield from _person_problems(candidatura, seen, asked)
    yield from _place_problems(candidatura, seen, asked)
    yield from _folio_problems(candidatura, asked["folio"])
    yield from _approval_problems(candidatura, seen, asked)


def _person_problems(candidatura: Candidatura, seen: Mapping[str, str], asked: Mapping[str, str]) -> Iterator[Problem]:
    """Refuse another person in the place of who contends, which is a substitution and not a correction."""
    cure = "Si cambia quien contiende, no es una corrección: registre el fin de la candidatura y sustitúyala."
    if not set(plain(seen["nombre"]).split()) & set(plain(asked["nombre"]).split()):
        told = f"«{asked['nombre']}» no tiene ninguna palabra de «{seen['nombre']}»: es otra persona."
        yield Problem("otra_persona", "nombre", told, cure)
    if seen["curp"] and not asked["curp"]:
        yield Problem("curp", "curp", "Se quedaría sin CURP.", "Escriba la que le corresponde.")
    other = person_of(asked["curp"])
    if other is None or other.identidad == candidatura.persona.identidad:
        return
    contends = Candidatura.objects.filter(persona__identidad=other.identidad).exists()
    if contends and plain(other.nombre) != plain(asked["nombre"]):  # what else was said of a CURP blocks nobody
        yield Problem("otra_persona", "curp", f"Esa CURP es de {other.nombre}.", cure)


def _place_problems(candidatura: Candidatura, seen: Mapping[str, str], asked: Mapping[str, str]) -> Iterator[Problem]:
    proceso = candidatura.etapa.proceso
    office = offices(proceso.ambito).get(asked["cargo"])
    if office is None:
        told = f"«{asked['cargo']}» no se contiende en un proceso {proceso.ambito}."
        yield Problem("cargo", "cargo", told, "Elija uno de la lista.")
        return
    wrong = entity_problem(asked["entidad"], office["clave"], office["nombre"])
    if wrong and any(asked[each] != seen[each] for each in ("cargo", "entidad")):  # an old one blocks no other
        yield wrong
    if office["lugar"] and not asked["lugar"]:
        yield Problem("lugar", "lugar", "Ese cargo se contiende en un lugar.", "Escriba cuál.")
    if len(asked["lugar"]) > 120:
        yield Problem("lugar", "lugar", "El lugar tiene más de 120 letras.", "Abrévielo.")
    if proceso.entidad and asked["entidad"] != proceso.entidad:
        yield Problem("entidad", "entidad", "El proceso es de otra entidad.", "Elija la del proceso.")
    key = territory_key(asked["entidad"], asked["lugar"], office["lugar"])
    same = Candidatura.objects.filter(
        contends(),
        etapa=candidatura.etapa_id,
        cargo__clave=office["clave"],
        territorio__clave=key,
        persona__nombre__iexact=asked["nombre"],
    )
    if same.exclude(pk=candidatura.pk).exists():
        yield Problem("repetida", "nombre", "Esa persona ya contiende ahí en esta etapa.", "Véala en la lista.")


def _folio_problems(candidatura: Candidatura, folio: str) -> Iterator[Problem]:
    if not 1 <= len(folio) <= 40:
        yield Problem("folio", "folio", "El folio no tiene de 1 a 40 letras.", "Cópielo del registro.")
        return
    if folio == candidatura.folio:
        return
    rows = Candidatura.objects.filter(etapa=candidatura.etapa_id)
    if rows.filter(folio=folio).exists():
        yield Problem("repetida", "folio", "Ese folio ya está en la etapa.", "Escriba el suyo.")
    if rows.filter(folio__startswith=f"{candidatura.folio}-").exists():
        told = "Otras candidaturas de su fórmula llevan ese folio con su lugar."
        yield Problem("formula", "folio", told, "Se queda como está: con él se sabe quiénes forman la fórmula.")


def _approval_problems(
    candidatura: Candidatura, seen: Mapping[str, str], asked: Mapping[str, str]
) -> Iterator[Problem]:
    day, accord = asked["aprobada_el"], asked["acuerdo_aprobacion"]
    if (day, accord) == (seen["aprobada_el"], seen["acuerdo_aprobacion"]):
        return
    if not day:
        yield Problem("aprobacion", "aprobada_el", "Se quedaría sin día.", "Escriba desde cuándo contiende.")
        return
    yield from accord_problems(accord)
    yield from approval_problems(candidatura.etapa, date.fromisoformat(day))
    left = standing_ends().filter(candidatura=candidatura).values_list("desde", flat=True).first()
    if left is not None and day > left.isoformat():
        told = f"Dejó de contender el {left:%d/%m/%Y}."
        yield Problem("aprobacion", "aprobada_el", told, "Escriba ese día o uno anterior.")


# What is decided ----------------------------------------------------------------------------------------------------


def keys_to_read(propuesta: CorreccionPropuesta) -> list[str]:
    """Return the keys that a correction changes: who approves copies them from the document, unseen."""
    return [
        each.campo for each in changes_of(propuesta.visto, propuesta.pedido) if each.campo in PERSONAL and each.despues
    ]


def approve(
    propuesta: CorreccionPropuesta, by: Usuario, read: Mapping[str, str] = MappingProxyType({})
) -> CorreccionResuelta:
    """Correct what another administrator proposed. Raises Refused, Conflict where it changed since, PermissionError.

    read: each of `keys_to_read` as the document says it.
    """
    must_administer(by)
    if seen := not_another(propuesta.propuesta_por, by, "lo propuso"):
        raise PermissionError(f"{seen} Lo aprueba otra persona que administre.")
    if not propuesta.propuesta_por.is_active or not may_still(propuesta.propuesta_por, "administrar"):
        told = "Quien lo propuso ya no administra."
        raise Conflict(Problem("propuso", "", told, "Rechácela, y propóngalo quien administre hoy."))
    with acting():
        thing, facts = _held(propuesta)
        _refuse_unread(propuesta, read)
        before = _columns(thing)
        after = {**before, **facts(by)}
        act = _resolve(propuesta, Sentido.APROBADA, by, antes=before, despues=after)
        trail.act("aprobar_correccion", by, act)
    return act


def _refuse_unread(propuesta: CorreccionPropuesta, read: Mapping[str, str]) -> None:
    asked = propuesta.pedido
    wrong = [name for name in keys_to_read(propuesta) if read.get(name, "").strip().upper() != asked[name]]
    if wrong:
        raise Refused(*(Problem("cotejo", name, *_UNLIKE) for name in wrong))


def _held(propuesta: CorreccionPropuesta) -> Any:
    """Lock what is corrected and ask of it again what was asked; return it with the columns to be written."""
    asked: dict[str, str] = propuesta.pedido
    thing: SujetoObligado | Candidatura
    if propuesta.sujeto_id is not None:
        hold_numbers()
        thing = lock_sujeto(propuesta.sujeto_id)
        seen, problems = asdict(facts_of_subject(thing)), [*_subject_problems(thing, asked)]
    else:
        assert propuesta.candidatura is not None
        lock_etapa(propuesta.candidatura.etapa_id)
        rows = Candidatura.objects.select_related("persona", "cargo", "territorio", "etapa__proceso")
        thing = rows.get(pk=propuesta.candidatura.pk)
        seen = asdict(facts_of_candidacy(thing))
        asked = {**seen, **asked}  # what was proposed before a fact could be corrected leaves it alone
        problems = [*_candidacy_problems(thing, seen, asked)]
    _refuse_resolved(propuesta)
    if any(seen[name] != value for name, value in propuesta.visto.items()):
        told = "Cambió después de que se propuso."
        raise Conflict(Problem("cambio", "", told, "Rechácela; se propone de nuevo sobre lo que dice hoy."))
    if problems:
        raise Refused(*problems)
    if isinstance(thing, SujetoObligado):
        return thing, lambda _by: dict(asked)
    return thing, lambda by: _written(thing, asked, propuesta.motivo, by)


def _written(candidatura: Candidatura, asked: Mapping[str, str], motivo: str, by: Usuario) -> dict[str, object]:
    """Return the columns of a candidacy as corrected, with the version of who contends that it cites from now on."""
    office = offices(candidatura.etapa.proceso.ambito)[asked["cargo"]]
    cargo, _made = Cargo.objects.get_or_create(
        clave=office["clave"],
        defaults={"nombre": office["nombre"], "ambito": office["ambito"], "columna": office["columna"]},
    )
    place = candidatura.territorio
    if place.clave != territory_key(asked["entidad"], asked["lugar"], office["lugar"]) or cargo != candidatura.cargo:
        place = register_territorio(asked["entidad"], asked["lugar"], office["lugar"])
    person = person_of(asked["curp"]) or current_of(candidatura.persona)
    facts = {name: asked[name] for name in ("nombre", "rfc", "sexo")} | {"curp": asked["curp"] or None}
    person = add_version(person, facts, motivo, by)
    approval = {name: asked[name] or None for name in ("aprobada_el", "acuerdo_aprobacion")}
    return {
        "persona_id": person.pk,
        "cargo_id": cargo.pk,
        "territorio_id": place.pk,
        "folio": asked["folio"],
        **approval,
    }


def _columns(thing: SujetoObligado | Candidatura) -> dict[str, object]:
    """Return the columns of a row that a correction may change."""
    _column, names = CORRECTED[thing._meta.db_table]
    values = {name: getattr(thing, name) for name in names}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def refuse(propuesta: CorreccionPropuesta, motivo: str, by: Usuario) -> CorreccionResuelta:
    """Refuse what another administrator proposed, with the reason. Raises Refused, PermissionError."""
    must_administer(by)
    if propuesta.propuesta_por_id == by.pk:
        raise PermissionError("Usted lo propuso: retírelo.")
    if problems := [*motive_problems(motivo, "Diga qué no consta.")]:
        raise Refused(*problems)
    with acting():
        act = _resolve(propuesta, Sentido.RECHAZADA, by, motivo=motivo.strip())
        trail.act("rechazar_correccion", by, act)
    return act


def withdraw(propuesta: CorreccionPropuesta, by: Usuario) -> CorreccionResuelta:
    """Take back one's own proposal. Raises Refused, PermissionError."""
    if propuesta.propuesta_por_id != by.pk:
        raise PermissionError("Lo propuso otra persona: usted puede aprobarlo o rechazarlo.")
    with acting():
        act = _resolve(propuesta, Sentido.RETIRADA, by)
        trail.act("retirar_correccion", by, act)
    return act


def _refuse_resolved(propuesta: CorreccionPropuesta) -> None:
    act = CorreccionResuelta.objects.filter(propuesta=propuesta).first()
    if act is not None:
        told = f"Esa corrección quedó {act.get_sentido_display().lower()}."
        raise Conflict(Problem("resuelta", "", told, "No se hizo nada nuevo."))


def _resolve(propuesta: CorreccionPropuesta, sentido: str, by: Usuario, **said: object) -> CorreccionResuelta:
    _refuse_resolved(propuesta)
    thing = {"sujeto_id": propuesta.sujeto_id, "candidatura_id": propuesta.candidatura_id}
    try:
        with transaction.atomic(), registering(by.pk):
            return CorreccionResuelta.objects.create(
                propuesta=propuesta, **thing, sentido=sentido, hecho_el=clock.now(), hecho_por=by, **said
            )
    except IntegrityError:
        _refuse_resolved(propuesta)
        raise


# What it said on a day ----------------------------------------------------------------------------------------------


def subject_at(sujeto: SujetoObligado, moment: datetime) -> SujetoObligado:
    """Return a subject as it stood at an instant, for what was issued then to go on saying it."""
    return _as_it_stood(sujeto, moment)


def candidacy_at(candidatura: Candidatura, moment: datetime) -> Candidatura:
    """Return a candidacy as it stood at an instant."""
    return _as_it_stood(candidatura, moment)


def books_at(books: Contabilidad, moment: datetime) -> Contabilidad:
    """Return some books with their subject and candidacy as they stood at an instant."""
    then = copy.copy(books)
    then.sujeto = subject_at(books.sujeto, moment)
    if books.candidatura is not None:
        then.candidatura = candidacy_at(books.candidatura, moment)
    return then


def _as_it_stood[M: Model](row: M, moment: datetime) -> M:
    column, _names = CORRECTED[row._meta.db_table]
    later = CorreccionResuelta.objects.filter(
        **{column: row.pk}, sentido=Sentido.APROBADA, hecho_el__gt=moment
    ).order_by("pk")
    facts = later.values_list("antes", flat=True).first()
    if facts is None:
        return row
    then = copy.copy(row)
    for name, value in facts.items():
        setattr(then, name, date.fromisoformat(value) if value and name in DAYS else value)
    return then
