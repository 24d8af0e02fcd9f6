"""Tell one natural person from another: an account has one RFC at most, and an RFC is of one account (ADR 0185)."""

from collections.abc import Iterable

from django.db import IntegrityError, connection, transaction
from stdnum.mx import rfc as stdnum_rfc

from sif.registry import trail
from sif.registry.models import CierreInvitacion, Usuario
from sif.registry.scope import registering
from sif.values import InvalidKey, Rfc
from sif.values.keys import GENERIC_RFC


class RfcRefused(ValueError):
    """An RFC that cannot be noted on an account, with what to do."""


def person_rfc(text: str) -> str:
    """Return the RFC of a natural person as it is kept: capitals, no spaces nor dashes. Raises InvalidKey.

    Its check digit is not asked: SAT has given RFC whose last character is another than the computed one.
    """
    rfc = Rfc("".join(text.split()).replace("-", ""))
    if rfc.is_company or rfc.text in GENERIC_RFC:
        raise InvalidKey(
            f"El RFC «{rfc}» no es de una persona física: tiene {len(rfc.text)} caracteres o es genérico.",
            "Escriba el de la persona, de 13, como está en su constancia de situación fiscal.",
            "rfc",
        )
    if not stdnum_rfc.is_valid(rfc.text):
        raise InvalidKey(
            f"El RFC «{rfc}» trae un día que no existe.", "Cópielo de la constancia de situación fiscal.", "rfc"
        )
    return rfc.text


def account_of(rfc: str) -> Usuario | None:
    """Return the account of the person of an RFC, or None."""
    return Usuario.objects.filter(rfc=rfc).first() if rfc else None


def not_another(first: Usuario | None, second: Usuario, did: str) -> str:
    """Say why it is not known that a second person is another than the first, who `did` something; '' where it is.

    Two accounts are two people when each has its RFC: it is of one account, and one that lost it gets no other. Whoever
    was given the link of an account can have opened it: it is no other person's than theirs until its e.firma proves
    its RFC.
    """
    if first is not None and first.pk == second.pk:
        return f"{second.nombre} {did}."
    bare = next((each for each in (second, first) if each is not None and not each.rfc), None)
    if bare is None:
        return _opened_by_either(first, second) if first is not None else ""
    return (
        f"La cuenta {bare.username} no tiene RFC y no consta que {bare.nombre} sea otra persona. Lo prueba con su "
        "e.firma en «RFC de mi cuenta», o quien opera la instalación lo anota con "
        f"«sif administrador --anotar-rfc {bare.username} RFC»."
    )


def _opened_by_either(first: Usuario, second: Usuario) -> str:
    ends = CierreInvitacion.objects.exclude(usada_por=None)
    for own, given in ((second, first), (first, second)):
        if ends.filter(usada_por=own, invitacion__invitada_por=given).exists() and not proven([own.pk]):
            return (
                f"El enlace de la cuenta {own.username} se entregó a {given.nombre}, y no consta que la abriera otra "
                f"persona. Lo prueba {own.nombre} con su e.firma en «RFC de mi cuenta»."
            )
    return ""


def proven(people: Iterable[int]) -> set[int]:
    """Return those of these accounts whose RFC was proven since anybody last opened them with a link."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT u FROM unnest(%s::bigint[]) u WHERE sif_rfc_probado(u)", [list(people)])
        return {number for (number,) in cursor.fetchall()}


def note_rfc(user: Usuario, text: str) -> Usuario:
    """Note the RFC of an account that has none, once, for who holds the machine. Raises RfcRefused, InvalidKey."""
    rfc = person_rfc(text)
    try:
        with transaction.atomic(), registering():
            done = Usuario.objects.filter(pk=user.pk, rfc="").update(rfc=rfc)
    except IntegrityError as taken:
        if account_of(rfc) is None:
            raise RfcRefused(
                f"La cuenta {user.username} tuvo otro RFC, que su titular probó en otra cuenta. Deshabilítela y haga "
                "una invitación a quien la usaba."
            ) from taken
        raise RfcRefused(
            f"El RFC {rfc} es de la cuenta {getattr(account_of(rfc), 'username', '')}: una persona tiene una. Dé a "
            "esa cuenta las funciones que falten y deshabilite la otra."
        ) from taken
    if not done:
        raise RfcRefused(f"La cuenta {user.username} ya tiene RFC, y no cambia. Si no es el suyo, deshabilítela.")
    trail.write(trail.Clase.CUENTA, "anotar_rfc", None, via="maquina", tipo="Usuario", objeto=user.pk)
    user.refresh_from_db()
    return user
