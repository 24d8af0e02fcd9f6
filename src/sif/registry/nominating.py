"""Approve one candidacy, or open books that are of none, as a person who administers types them."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from sif.law.processes import lacking_offices
from sif.registry import trail
from sif.registry.approvals import accord_problems, approval_problems
from sif.registry.candidacy_words import Office, candidacy_words
from sif.registry.candidaturas import bare_place, entity_names, plain
from sif.registry.closed import refuse_closed_stage
from sif.registry.demarcations import Demarcations, register_territorio
from sif.registry.elected import elsewhere, elsewhere_problem, entity_problem, kind_opened, office_problem, unheard_of
from sif.registry.leaving_models import contends
from sif.registry.locks import lock_etapa
from sif.registry.models import Candidatura, Cargo, Contabilidad, Etapa, SujetoObligado, Territorio, Usuario
from sif.registry.scope import acting
from sif.registry.services import NewCandidatura, approve_candidatura, nominated_persona, open_contabilidad
from sif.registry.sujetos import must_administer
from sif.values import Curp, InvalidKey, Money, Problem, Refused, Rfc

WITHOUT_CANDIDACY = (Contabilidad.Clase.CONCENTRADORA, Contabilidad.Clase.ORDINARIA)


@dataclass(frozen=True, slots=True)
class NewCandidacy:
    """A candidacy as typed: who, by which subject, for which office and where; its cap with the accord that sets it.

    tope: None where no accord has set it yet; a cap of zero is refused.
    aprobada_el: the day from which it contends, by the accord that approved it; None where nobody knows it.
    """

    sujeto: SujetoObligado
    nombre: str
    cargo: str
    entidad: str
    lugar: str = ""
    folio: str = ""
    curp: str = ""
    rfc: str = ""
    sexo: str = ""
    tope: Money | None = None
    acuerdo: str = ""
    aprobada_el: date | None = None
    acuerdo_aprobacion: str = ""


def offices(ambito: str, entidad: str = "") -> dict[str, Office]:
    """Return the offices contested in an ámbito, or in an entity of it, by name, as the jurisdiction's data say."""
    words = candidacy_words(settings.JURISDICTION)
    lacking = lacking_offices(entidad, settings.JURISDICTION) if entidad else {}
    return {
        name: row for name, row in words["cargos"].items() if row["ambito"] == ambito and row["clave"] not in lacking
    }


def written_place(lugar: str) -> str:
    """Return a place as a person types it, read as the files of candidacies and caps are."""
    return bare_place(lugar, candidacy_words(settings.JURISDICTION))


def register_candidacy(etapa: Etapa, new: NewCandidacy, by: Usuario) -> Contabilidad:
    """Approve a candidacy, which opens its books. Raises Refused with each problem at its place, PermissionError."""
    must_administer(by)
    with acting():
        lock_etapa(etapa.pk)
        must_administer(by)
        refuse_closed_stage(etapa)
        problems = _problems(etapa, new)
        if problems:
            raise Refused(*problems)
        office = offices(etapa.proceso.ambito)[new.cargo]
        lugar = written_place(new.lugar) if office["lugar"] else ""
        cargo, _made = Cargo.objects.get_or_create(
            clave=office["clave"],
            defaults={"nombre": office["nombre"], "ambito": office["ambito"], "columna": office["columna"]},
        )
        keys = {"rfc": new.rfc.strip().upper(), "sexo": new.sexo}
        person = nominated_persona(new.nombre.strip(), new.curp.strip().upper(), by, **keys)
        cap = new.tope.centavos if new.tope is not None else None
        place = new.entidad, lugar, office["lugar"]
        approved = NewCandidatura(
            folio=new.folio.strip() or running_folio(etapa),
            persona=person,
            sujeto=new.sujeto,
            cargo=cargo,
            territorio=register_territorio(*place, Demarcations(etapa.proceso_id).key(*place)),
            tope=cap,
            tope_acuerdo=new.acuerdo.strip() if cap is not None else "",
            aprobada_el=new.aprobada_el,
            acuerdo_aprobacion=new.acuerdo_aprobacion.strip(),
        )
        books = approve_candidatura(etapa, approved, by=by)
        trail.act("aprobar_candidatura", by, books)
    return books


def running_folio(etapa: Etapa) -> str:
    """Return the folio of a candidacy that was given none: the next number of its process. Wants the stage locked."""
    rows = Candidatura.objects.filter(etapa__proceso=etapa.proceso_id, folio__regex=r"^SF[0-9]{1,9}$")
    taken = rows.order_by().values_list("folio", flat=True)
    return f"SF{max((int(folio.removeprefix('SF')) for folio in taken), default=0) + 1}"


def _problems(etapa: Etapa, new: NewCandidacy) -> list[Problem]:
    office = offices(etapa.proceso.ambito).get(new.cargo)
    found = name_problems(new.nombre)
    if office is None:
        told = f"«{new.cargo}» no se contiende en un proceso {etapa.proceso.ambito}."
        return [*found, Problem("cargo", "cargo", told, "Elija uno de la lista.")]
    said = office["clave"], office["nombre"]
    if wrong := office_problem(kind_opened(etapa.proceso_id), *said) or entity_problem(new.entidad, *said):
        found.append(wrong)
    if office["lugar"] and not written_place(new.lugar):
        found.append(Problem("lugar", "lugar", "Ese cargo se contiende en un lugar.", "Escriba cuál."))
    if len(new.lugar.strip()) > 120:
        found.append(Problem("lugar", "lugar", "El lugar tiene más de 120 letras.", "Abrévielo."))
    if etapa.proceso.entidad and new.entidad != etapa.proceso.entidad:
        found.append(Problem("entidad", "entidad", "El proceso es de otra entidad.", "Elija la del proceso."))
    return [
        *found,
        *key_problems(new.curp, new.rfc),
        *_cap_problems(new),
        *approval_problems(etapa, new.aprobada_el),
        *_accord_problems(new),
        *(_twice(etapa, new, office) if not found else ()),
    ]


def name_problems(nombre: str) -> list[Problem]:
    """Name what keeps a name from being that of who contends."""
    if 3 <= len(nombre.strip()) <= 120:
        return []
    return [Problem("nombre", "nombre", "El nombre no tiene de 3 a 120 letras.", "Escríbalo completo.")]


def key_problems(curp: str, rfc: str) -> list[Problem]:
    """Name what is wrong in the keys typed of a person, each at its field."""
    found = []
    for field, kind, text in (("curp", Curp, curp), ("rfc", Rfc, rfc)):
        try:
            if text.strip():
                kind(text.strip().upper())
        except InvalidKey as refused:
            found.append(Problem(field, field, str(refused), ""))
    return found


def _accord_problems(new: NewCandidacy) -> list[Problem]:
    """Ask the accord of the day on which a candidacy was approved, and the day of that accord."""
    accord = new.acuerdo_aprobacion.strip()
    if new.aprobada_el is not None:
        return accord_problems(accord)
    if accord:
        return [Problem("aprobacion", "aprobada_el", "Ese acuerdo tiene un día.", "Escriba desde cuándo contiende.")]
    return []


def _cap_problems(new: NewCandidacy) -> list[Problem]:
    if new.tope is None:
        return []
    if new.tope.centavos <= 0:
        cure = "Cópielo del acuerdo; si ningún acuerdo lo fija todavía, deje vacío el tope y cárguelo después."
        return [Problem("tope", "tope", f"El tope {new.tope} no es positivo.", cure)]
    if not 1 <= len(new.acuerdo.strip()) <= 60:
        return [Problem("acuerdo", "acuerdo", "Un tope lo fija un acuerdo.", "Escríbalo, en 60 letras o menos.")]
    return []


def _twice(etapa: Etapa, new: NewCandidacy, office: Office) -> list[Problem]:
    """Name what is contested already: there in another process, with that folio, or by that person there."""
    if len(new.folio.strip()) > 40:
        return [Problem("folio", "folio", "El folio tiene más de 40 letras.", "Cópielo del registro.")]
    rows = Candidatura.objects.filter(etapa=etapa)
    lugar = written_place(new.lugar) if office["lugar"] else ""
    place = new.entidad, lugar, office["lugar"]
    demarcations = Demarcations(etapa.proceso_id)
    if unsaid := demarcations.problem(*place):
        return [unsaid]
    keys = demarcations.keys(*place)
    seat = office["clave"], keys[0]
    if wrong := elsewhere_problem(seat, elsewhere(etapa, seat)):
        return [wrong]
    seated = rows.filter(cargo__clave=office["clave"], territorio__clave__in=keys)
    same = seated.filter(persona__nombre__iexact=new.nombre.strip())
    if new.folio.strip() and rows.filter(folio=new.folio.strip()).exists():
        return [Problem("repetida", "folio", "Ese folio ya está en la etapa.", "Escriba el suyo.")]
    if same.exists():
        return [Problem("repetida", "nombre", "Esa persona ya contiende ahí en esta etapa.", "Véala en la lista.")]
    there = seated.filter(contends(), sujeto=new.sujeto)
    if office.get("una") and etapa.tipo == Etapa.Tipo.CAMPANA and (first := there.order_by("pk").first()) is not None:
        told = f"{new.sujeto.siglas} ya postula ahí a {first.persona.nombre}, con el folio {first.folio}."
        cure = "Si deja de contender, registre en su ficha su fin y quién la sustituye."
        return [Problem("ocupada", "cargo", told, cure)]
    return []


def candidacy_warnings(etapa: Etapa, new: NewCandidacy) -> list[Problem]:
    """Return what is odd in a candidacy about to be typed, which enters all the same: its office, and its place.

    The office is told as in a file; the place, where it is known in other entities and not in the one typed.
    """
    office = offices(etapa.proceso.ambito).get(new.cargo)
    if office is None:
        return []
    told = unheard_of(etapa, [(office["clave"], office["nombre"], "cargo", "Si no se elige en él, corríjala.")])
    place = written_place(new.lugar) if office["lugar"] == "municipio" else ""
    if not plain(place):
        return told
    rows = Territorio.objects.filter(tipo="municipio")
    known = {entity for entity, name in rows.values_list("entidad", "nombre") if plain(name) == plain(place)}
    if known and new.entidad not in known:
        names = entity_names(settings.JURISDICTION)
        where = " y ".join(sorted(names.get(each, each) for each in known))
        words = f"«{place}» consta como municipio de {where}, y no de {names.get(new.entidad, new.entidad)}."
        told.append(Problem("lugar", "lugar", words, "Si no es de esta entidad, corríjala."))
    return told


def open_books(etapa: Etapa, sujeto: SujetoObligado, clase: str, by: Usuario) -> Contabilidad:
    """Open the concentradora or the ordinary books of a subject in a stage, once. Raises Refused, PermissionError."""
    must_administer(by)
    if clase not in WITHOUT_CANDIDACY:
        raise Refused(Problem("clase", "clase", "Esos libros son de una candidatura.", "Registre la candidatura."))
    if (clase == Contabilidad.Clase.ORDINARIA) != (etapa.tipo == Etapa.Tipo.ORDINARIO):
        cure = "Elija ordinaria en un ejercicio y concentradora en una elección."
        raise Refused(Problem("clase", "clase", "Esos libros no son de esta etapa.", cure))
    with acting():
        lock_etapa(etapa.pk)
        must_administer(by)
        refuse_closed_stage(etapa)
        if Contabilidad.objects.filter(etapa=etapa, sujeto=sujeto, clase=clase).exists():
            told = f"{sujeto.siglas} ya tiene esos libros en la etapa."
            raise Refused(Problem("repetida", "sujeto", told, "Elija otro sujeto."))
        books = open_contabilidad(etapa, sujeto, clase)
        trail.act("abrir_contabilidad", by, books)
    return books
