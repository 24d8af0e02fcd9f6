"""Record the suppliers, donors and people that a subject deals with."""

import re
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from sif.catalogs.models import FichaProveedor, PersonaSujeto
from sif.catalogs.services.refusal import Check, refuse_stranger
from sif.registry import clock
from sif.registry.history import StaleVersion, add_version, current, current_of
from sif.registry.locks import lock_sujeto
from sif.registry.models import Aportante, Candidatura, Persona, SujetoObligado, Usuario
from sif.registry.scope import acting, everything, registering
from sif.registry.selectors import captures_whole, contabilidades_of
from sif.registry.services import person_anywhere, register_aportante, register_persona, register_proveedor
from sif.registry.versions import Version
from sif.values import Clabe, Curp, InvalidKey, Problem, Refused, Rfc
from sif.values.keys import GENERIC_RFC

_ELECTOR = re.compile(r"^[A-Z]{6}\d{8}[HM]\d{3}$")
FOREVER = date(9999, 12, 31)
COMPLETED = "Se completó su RFC al darla de alta."


@dataclass(frozen=True, slots=True)
class NewProveedor:
    """A supplier as a subject captures it; only its RFC and name are obligatory."""

    sujeto_id: int
    rfc: str
    nombre: str
    curp: str = ""
    representante: str = ""
    domicilio: str = ""
    clabe: str = ""


@dataclass(frozen=True, slots=True)
class NewAportante:
    """A donor as a subject captures it; one of RFC, CURP and key of elector says who it is [LGPP 55.1]."""

    sujeto_id: int
    nombre: str
    rfc: str = ""
    curp: str = ""
    clave_elector: str = ""


@dataclass(frozen=True, slots=True)
class NewPersona:
    """A person a subject deals with; `relacion` as PersonaSujeto, from a day until another."""

    sujeto_id: int
    nombre: str
    relacion: str
    desde: date
    hasta: date = FOREVER
    curp: str = ""
    rfc: str = ""
    clave_elector: str = ""
    domicilio: str = ""


def save_proveedor(
    new: NewProveedor, by: Usuario, *, ficha: FichaProveedor | None = None, motivo: str = ""
) -> FichaProveedor:
    """Keep a supplier and what this subject knows of it, or correct that by a version. Raises Refused.

    ficha: the version that was read and is replaced, for the reason given. Suppliers are one for everybody: one already
    known by that RFC keeps its name.
    """
    with acting():
        sujeto = lock_sujeto(new.sujeto_id)
        refuse_stranger(by, sujeto=sujeto)
        check = Check()
        rfc, nombre, own = _checked_supplier(check, new, sujeto, ficha)
        if ficha is None:
            check.done()
            return FichaProveedor.objects.create(
                sujeto=sujeto,
                proveedor=register_proveedor(rfc, nombre),
                registrada_el=clock.now(),
                registrada_por=by,
                **own,
            )
        return _corrected(check, ficha, own, motivo, by)


def _corrected[M: Version](check: Check, seen: M, facts: Mapping[str, object], motivo: str, by: Usuario) -> M:
    """Replace the version that was read, for a reason. Raises Refused with all that is wrong."""
    return _replace(seen, facts, _reason(check, motivo), by)


def _reason(check: Check, motivo: str) -> str:
    """Return the reason of a correction. Raises Refused with all that is wrong with the correction."""
    reason = check.text("motivo", motivo, 300, what="el motivo del cambio")
    check.done()
    return reason


def _replace[M: Version](seen: M, facts: Mapping[str, object], reason: str, by: Usuario) -> M:
    """Replace the version that was read. Raises Refused where another replaced it first."""
    try:
        with registering() if isinstance(seen, Persona | PersonaSujeto) else nullcontext():
            return add_version(seen, facts, reason, by)
    except StaleVersion as stale:
        raise Refused(_replaced(stale.current)) from stale


def _checked_supplier(
    check: Check, new: NewProveedor, sujeto: SujetoObligado, ficha: FichaProveedor | None
) -> tuple[str, str, dict[str, str]]:
    """Validate a supplier; its RFC, its name and what the subject keeps of it."""
    rfc = check.key("rfc", new.rfc, Rfc, needed=True)
    if rfc in GENERIC_RFC:
        check.say("rfc", "rfc", f"{rfc} es el RFC genérico: no dice quién vende.", "Pida al proveedor el suyo.")
    nombre = check.text("nombre", new.nombre, 200, what="el nombre o la razón social")
    own = {
        "curp": check.key("curp", new.curp, Curp),
        "representante": check.text("representante", new.representante, 160),
        "domicilio": check.text("domicilio", new.domicilio, 250),
        "clabe": _clabe(check, new.clabe),
    }
    if own["curp"] and len(rfc) == 12:
        check.say("curp", "curp", "Una persona moral (RFC de 12) no tiene CURP.", "Déjela vacía.")
    if ficha is not None and rfc and ficha.proveedor.rfc != rfc:
        check.say("rfc", "rfc", f"Esta ficha es de {ficha.proveedor.rfc}.", "Para otro RFC, dé de alta otro proveedor.")
    if ficha is None and FichaProveedor.objects.filter(sujeto=sujeto, proveedor__rfc=rfc).exists():
        check.say("repetido", "rfc", f"El proveedor {rfc} ya está en su catálogo.", "Búsquelo y edite su ficha.")
    return rfc, nombre, own


def _clabe(check: Check, text: str, field: str = "clabe") -> str:
    if not text.strip():
        return ""
    try:
        return str(Clabe(text))
    except InvalidKey as refused:
        check.say("clabe", field, refused.seen, refused.cure)
        return ""


def _elector(check: Check, text: str) -> str:
    clean = text.strip().upper()
    if clean and not _ELECTOR.match(clean):
        check.say(
            "clave_elector",
            "clave_elector",
            f"«{clean}» no es una clave de elector: seis letras, ocho cifras, H o M y tres cifras.",
            "Cópiela de la credencial para votar.",
        )
    return clean


def save_aportante(
    new: NewAportante, by: Usuario, *, aportante: Aportante | None = None, motivo: str = ""
) -> Aportante:
    """Keep a donor, or correct one by a version that says why. Raises Refused.

    aportante: the version that was read and is replaced; what was recorded with it keeps citing it. The subject is
    locked, so that two people neither keep one key twice nor replace one version twice.
    """
    with acting():
        sujeto = lock_sujeto(new.sujeto_id)
        refuse_stranger(by, sujeto=sujeto)
        facts = _checked_donor(new, sujeto, aportante)
        if aportante is None:
            return register_aportante(sujeto, by=by, **facts)
        check = Check()
        _refuse_other_hand(check, aportante, sujeto, by)
        return _corrected(check, aportante, facts, motivo, by)


def _checked_donor(new: NewAportante, sujeto: SujetoObligado, aportante: Aportante | None) -> dict[str, str]:
    """Validate what a donor's record says. Raises Refused, among others for a legal person [LGPP 54.1.f]."""
    check = Check()
    nombre = check.text("nombre", new.nombre, 160, what="el nombre de quien aporta")
    rfc = check.key("rfc", new.rfc, Rfc)
    curp = check.key("curp", new.curp, Curp)
    elector = _elector(check, new.clave_elector)
    if len(rfc) == 12:
        check.say(
            "persona_moral",
            "rfc",
            f"{rfc} es de una persona moral, que no puede aportar (LGPP 54.1.f).",
            "Devuelva el recurso; aportan solo personas físicas.",
        )
    if rfc in GENERIC_RFC:
        check.say("rfc", "rfc", f"{rfc} no identifica a nadie (LGPP 55.1).", "Pida a la persona su RFC.")
    if not check.problems and not (rfc or curp or elector):
        check.say(
            "sin_identificar",
            "rfc",
            "Nada dice quién es la persona: no se reciben aportaciones de personas no identificadas (LGPP 55.1).",
            "Escriba su RFC, su CURP o su clave de elector.",
        )
    _refuse_repeated(check, sujeto, aportante, {"rfc": rfc, "curp": curp, "clave_elector": elector})
    check.done()
    return {"nombre": nombre, "rfc": rfc, "curp": curp, "clave_elector": elector}


def _refuse_other_hand(check: Check, aportante: Aportante, sujeto: SujetoObligado, by: Usuario) -> None:
    """Refuse a person of some books alone who neither recorded this donor nor received from it in those books."""
    if captures_whole(by, sujeto):
        return
    versions = Aportante.objects.filter(identidad=aportante.identidad)
    received = Q(aportaciones__contabilidad__in=contabilidades_of(by).order_by())
    if not versions.filter(Q(registrada_por=by) | received).exists():
        check.say(
            "de_otra_contabilidad",
            "",
            f"{aportante.nombre} aportó a otras contabilidades del sujeto, y usted captura solo en las suyas.",
            "Pida el cambio a su responsable de finanzas.",
        )


def _replaced(last: Version) -> Problem:
    who = last.registrada_por
    name = who.nombre if who else "Otra persona"
    return Problem(
        "reemplazada",
        "",
        f"{name} guardó la versión {last.version} mientras usted editaba la anterior.",
        "Vuelva a abrir el registro, lea cómo quedó y repita su cambio si aún hace falta.",
    )


def _refuse_repeated(check: Check, sujeto: SujetoObligado, own: Aportante | None, keys: dict[str, str]) -> None:
    """The same key twice in the catalogue would split the sum of what one person gave."""
    others = current(Aportante.objects.filter(sujeto=sujeto)).exclude(identidad=own.identidad if own else 0)
    for name, value in keys.items():
        other = others.filter(**{name: value}).first() if value else None
        if other is not None:
            check.say(
                "repetido",
                name,
                f"{value} ya está en su catálogo: {other.nombre} (A{other.identidad}).",
                "Use ese aportante, para que sus aportaciones se sumen.",
            )


def save_persona(
    new: NewPersona, by: Usuario, *, ficha: PersonaSujeto | None = None, motivo: str = ""
) -> PersonaSujeto:
    """Keep a person the subject deals with, or correct what is kept by a version. Raises Refused.

    ficha: the version that was read and is replaced, for the reason given. The person of a CURP is one for everybody
    and keeps its name.
    """
    with acting():
        sujeto = lock_sujeto(new.sujeto_id)
        refuse_stranger(by, sujeto=sujeto)
        check = Check()
        nombre, curp, rfc, own = _checked_person(check, new, sujeto, ficha)
        if ficha is None:
            check.done()
            persona = _person_of(nombre, curp, rfc, by)
            with registering():  # it opens the person to the subject
                return PersonaSujeto.objects.create(
                    sujeto=sujeto, persona=persona, registrada_el=clock.now(), registrada_por=by, **own
                )
        reason = _reason(check, motivo)
        persona = _completed(current_of(ficha.persona), ficha, (nombre, curp, rfc), reason, by)
        for other in current(_bound(persona).filter(sujeto=sujeto)).exclude(identidad=ficha.identidad):
            _replace(other, {"persona_id": persona.pk}, reason, by)
        return _replace(ficha, {**own, "persona_id": persona.pk}, reason, by)


def _checked_person(
    check: Check, new: NewPersona, sujeto: SujetoObligado, ficha: PersonaSujeto | None
) -> tuple[str, str, str, dict[str, object]]:
    """Validate a person; their name, CURP, RFC and what the subject keeps of them."""
    nombre = check.text("nombre", new.nombre, 120, what="el nombre de la persona")
    curp, rfc = check.key("curp", new.curp, Curp), check.key("rfc", new.rfc, Rfc)
    if len(rfc) == 12:
        check.say("rfc", "rfc", f"{rfc} es de una persona moral.", "Regístrela como proveedor.")
    own = {
        "clave_elector": _elector(check, new.clave_elector),
        "domicilio": check.text("domicilio", new.domicilio, 250),
        "relacion": new.relacion,
        "desde": new.desde,
        "hasta": new.hasta,
    }
    known = dict(PersonaSujeto._meta.get_field("relacion").flatchoices)
    if new.relacion not in known:
        check.say("relacion", "relacion", f"La relación «{new.relacion}» no existe.", f"Use: {', '.join(known)}.")
    check.days("hasta", new.desde, new.hasta)
    if ficha is not None and ficha.persona.curp and curp and curp != ficha.persona.curp:
        check.say("curp", "curp", f"La CURP de esta persona es {ficha.persona.curp}.", "Para otra, dé de alta otra.")
    same = current(PersonaSujeto.objects.filter(sujeto=sujeto, relacion=new.relacion, desde=new.desde))
    whose = person_anywhere(curp)
    if ficha is not None and whose is not None and whose.identidad != ficha.persona.identidad:
        check.say("curp", "curp", f"{curp} es la CURP de otra persona registrada.", "Dé de alta a esa persona.")
    own_rows = Q(persona__identidad__in=[row.identidad for row in (whose, ficha and ficha.persona) if row])
    if same.filter(own_rows).exclude(identidad=ficha.identidad if ficha else 0).exists():
        check.say("repetida", "curp", "Esa persona ya tiene esa relación desde ese día.", "Búsquela en la lista.")
    return nombre, curp, rfc, own


def _person_of(nombre: str, curp: str, rfc: str, by: Usuario) -> Persona:
    """Return the person of that CURP, with the RFC that was not known; without one, a new person."""
    known = register_persona(nombre, curp, rfc=rfc, by=by)
    return known if known.rfc or not rfc else _replace(known, {"rfc": rfc}, COMPLETED, by)


def _bound(persona: Persona) -> QuerySet[PersonaSujeto]:
    """Return the records of a person, whichever version each cites."""
    return PersonaSujeto.objects.filter(persona__identidad=persona.identidad)


def _completed(known: Persona, ficha: PersonaSujeto, said: tuple[str, str, str], reason: str, by: Usuario) -> Persona:
    """Correct by a version what a person's record did not say, and the name where nobody but this record cites them.

    said: name, CURP and RFC.
    """
    nombre, curp, rfc = said
    with everything():
        others = _bound(known).exclude(identidad=ficha.identidad)
        alone = not others.exists() and not Candidatura.objects.filter(persona__identidad=known.identidad).exists()
    changes = {
        "nombre": nombre if alone else known.nombre,
        "rfc": known.rfc or rfc,
        "curp": known.curp or curp or None,
    }
    return _replace(known, changes, reason, by)
