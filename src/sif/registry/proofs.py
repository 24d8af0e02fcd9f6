"""Keep the proofs that an account is of the person of its RFC, and ask whether there is one (ADR 0231)."""

from collections.abc import Iterable
from enum import StrEnum

from sif.registry import clock, trail
from sif.registry.eyes import account_of, proven
from sif.registry.invitation_models import Invitacion
from sif.registry.models import Nombramiento, NombreUsuario, PruebaRfc, SujetoObligado, Usuario
from sif.registry.scope import acting, registering


class RfcState(StrEnum):
    """The state of the RFC of an account: proven, written without proof, claimed, taken by its owner, or none."""

    PROVEN = "probado"
    UNPROVEN = "sin_probar"
    CLAIMED = "dicho"
    TAKEN = "de_otra_cuenta"
    NONE = "sin_rfc"


def record_proof(user: Usuario, rfc: str, signed: tuple[str, str], certificado: bytes, serie: str) -> PruebaRfc:
    """Keep a proof whose seal and certificate were judged, signed = (cadena, sello); the RFC goes to that account.

    Another account that had it is left without one, and the trail says which.
    """
    with acting():
        before = account_of(rfc)
        with registering(user.pk):
            made: PruebaRfc = PruebaRfc.objects.create(
                usuario=user,
                rfc=rfc,
                cadena=signed[0],
                sello=signed[1],
                certificado=certificado,
                serie=serie,
                hecha_el=clock.now(),
            )
        trail.write(trail.Clase.CUENTA, "probar_rfc", user, tipo="Usuario", objeto=user.pk)
        if before is not None and before.pk != user.pk:
            trail.write(trail.Clase.CUENTA, "llevarse_rfc", user, tipo="Usuario", objeto=before.pk)
    user.refresh_from_db(fields=["rfc"])
    return made


def is_proven(user: Usuario) -> bool:
    """Return whether the account has a proof of its RFC later than the last link that opened the account."""
    return bool(proven([user.pk]))


def known_for(user: Usuario, sujeto: SujetoObligado | None) -> bool:
    """Return whether an account may be given a function there: proven, of that subject already, or of no other."""
    held = Nombramiento.objects.filter(usuario=user)
    return not held.exists() or held.filter(sujeto=sujeto).exists() or is_proven(user)


def claims_of(people: Iterable[Usuario]) -> dict[int, str]:
    """Return the RFC that each account says it is of: its own, the one it had, or that of the link that opened it."""
    people = list(people)
    links = Invitacion.objects.filter(cierre__usada_por__in=people, usuario=None)
    had = NombreUsuario.objects.filter(usuario__in=people).exclude(rfc="").order_by("pk")
    return {
        **{each.pk: "" for each in people},
        **dict(links.values_list("cierre__usada_por", "rfc")),
        **dict(had.values_list("usuario", "rfc")),
        **{each.pk: each.rfc for each in people if each.rfc},
    }


def claim_of(user: Usuario) -> str:
    """Return the RFC that an account says it is of; '' for none."""
    return claims_of([user])[user.pk]


def states_of(people: Iterable[Usuario]) -> dict[int, RfcState]:
    """Say what is known of the RFC of each account."""
    people = list(people)
    claims = claims_of(people)
    owners = dict(Usuario.objects.filter(rfc__in={each for each in claims.values() if each}).values_list("rfc", "pk"))
    sure = proven(owners.values())
    return {each.pk: _state(each, owners.get(claims[each.pk]), claims[each.pk], sure) for each in people}


def _state(user: Usuario, owner: int | None, claim: str, sure: set[int]) -> RfcState:
    if user.rfc:
        return RfcState.PROVEN if user.pk in sure else RfcState.UNPROVEN
    if not claim:
        return RfcState.NONE
    return RfcState.TAKEN if owner in sure else RfcState.CLAIMED


def state_of(user: Usuario) -> RfcState:
    """Say it of one account."""
    return states_of([user])[user.pk]
