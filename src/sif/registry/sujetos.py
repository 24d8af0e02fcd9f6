"""Register who must report, as the person of the authority who registers them says."""

import re
from dataclasses import dataclass
from itertools import count

from sif.registry import trail
from sif.registry.locks import hold
from sif.registry.models import SujetoObligado
from sif.registry.models import Usuario as Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may_still
from sif.registry.services import register_sujeto
from sif.registry.spoken_names import named
from sif.values import InvalidKey, Problem, Refused, Rfc

Tipo = SujetoObligado.Tipo
PARTIES = (Tipo.PARTIDO, Tipo.PARTIDO_LOCAL)
ALLIANCES = (Tipo.COALICION, Tipo.COMUN)
_NUMBER = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class NewSujeto:
    """A subject to register; without a number it takes the next free one."""

    tipo: str
    siglas: str
    nombre: str
    rfc: str = ""
    numero: str = ""


def must_administer(by: Usuario) -> None:
    """Raise PermissionError for who does not administer the system; asked again under a lock, who ceased meanwhile."""
    if not may_still(by, "administrar"):
        raise PermissionError("Los sujetos y sus candidaturas los registra quien administra el sistema.")


def register_subject(new: NewSujeto, by: Usuario) -> SujetoObligado:
    """Register a subject. Raises Refused with each problem at its place, and PermissionError."""
    must_administer(by)
    with acting():
        hold_numbers()
        problems = _subject_problems(new)
        if problems:
            raise Refused(*problems)
        numero = new.numero.strip() or free_number()
        made = register_sujeto(new.tipo, numero, new.siglas.strip(), new.nombre.strip(), new.rfc.strip().upper())
        trail.act("registrar_sujeto", by, made)
    return made


def hold_numbers() -> None:
    """Hold the numbers of subjects until the transaction ends: two registrations never take the same."""
    hold("registry_sujetoobligado")


def free_number() -> str:
    """Return the first number that no subject has."""
    taken = set(SujetoObligado.objects.values_list("numero", flat=True))
    return next(text for text in map(str, count(1)) if text not in taken)


def _subject_problems(new: NewSujeto) -> list[Problem]:
    siglas, nombre, numero, rfc = (each.strip() for each in (new.siglas, new.nombre, new.numero, new.rfc))
    found = []
    if new.tipo not in Tipo.values:
        found.append(Problem("tipo", "tipo", f"El tipo «{new.tipo}» no se conoce.", "Elija uno de la lista."))
    return [*found, *subject_problems(siglas, nombre, numero, rfc), *rfc_of_party_problems(new.tipo, rfc)]


def rfc_of_party_problems(tipo: str, rfc: str) -> list[Problem]:
    """Name what is wrong where the RFC of a party is that of a natural person: a party is a legal person [LGPP 3.1]."""
    found = Rfc.maybe(rfc)
    if tipo not in PARTIES or found is None or found.is_company:
        return []
    told = f"{found} es el RFC de una persona física, y un partido es persona moral."
    return [Problem("rfc_fisica", "rfc", told, "Cópielo de su constancia de situación fiscal: tiene 12 caracteres.")]


def subject_problems(siglas: str, nombre: str, numero: str, rfc: str, but: int | None = None) -> list[Problem]:
    """Name what is wrong in what is said of a subject, each at its field. but: the subject itself, once registered."""
    found = []
    if not 1 <= len(siglas) <= 16:
        found.append(
            Problem(
                "siglas",
                "siglas",
                f"Las siglas tienen {len(siglas)} letras y van de 1 a 16.",
                "Escríbalas como las usa la autoridad.",
            )
        )
    if not 3 <= len(nombre) <= 120:
        found.append(
            Problem("nombre", "nombre", f"El nombre tiene {len(nombre)} letras y va de 3 a 120.", "Escríbalo completo.")
        )
    if numero and not _NUMBER.fullmatch(numero):
        found.append(Problem("numero", "numero", f"«{numero}» no es un número de sujeto.", "Escriba 7 o 7.1."))
    if rfc:
        try:
            Rfc(rfc.upper())
        except InvalidKey as refused:
            found.append(Problem("rfc", "rfc", str(refused), ""))
    found += _taken(siglas, nombre, numero, rfc.upper(), but)
    return found


def _taken(siglas: str, nombre: str, numero: str, rfc: str, but: int | None) -> list[Problem]:
    """Name the subject that already has each of these, which are of one alone."""
    found = []
    for field, value in (("siglas", siglas), ("nombre", nombre), ("numero", numero), ("rfc", rfc)):
        rows = SujetoObligado.objects.exclude(pk=but) if but else SujetoObligado.objects
        other = rows.filter(**{f"{field}__iexact": value}).first() if value else None
        if other is not None:
            found.append(
                Problem(
                    "repetido",
                    field,
                    f"Ya es {named(other.nombre, 'de')} ({other.siglas}).",
                    "Use ese sujeto, o escriba lo que los distingue.",
                )
            )
    return found
