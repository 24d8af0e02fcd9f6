"""Say who signs a report: who presents it and, where the law asks for it, another person with their own e.firma."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import QuerySet

from sif.filing.models import Compromiso, Informe, Presentacion
from sif.filing.refusals import no_permission, no_signer, same_signer
from sif.law.duties import Duty, Part, duties_of
from sif.registry.models import Nombramiento, Usuario
from sif.registry.selectors import in_force, may, responsable_of
from sif.signing.acuse_form import OTHER
from sif.values import Refused

ACTS = {"auditor_externo": "autorizar"}
"""The act by which a person signs as the second one, by the word of the law; a second one of another word is nobody."""
SECOND = frozenset(ACTS)
ROLES = {"auditor_externo": Nombramiento.Rol.AUDITOR_EXTERNO}


def _duty_of(informe: Informe) -> Duty | None:
    books = informe.contabilidad
    duties = duties_of(books.sujeto.tipo, books.etapa.inicia_el, settings.JURISDICTION)
    return next((duty for duty in duties if duty.clave == informe.tipo), None)


def signers_of(informe: Informe) -> tuple[str, ...]:
    """Return who signs a report by the law of its stage: first who presents it, then the other one where there is."""
    duty = _duty_of(informe)
    return duty.firman if duty else ()


def second_of(informe: Informe) -> str:
    """Return the word of the law for who signs a report besides who presents it, or nothing where nobody does."""
    return "".join(signers_of(informe)[1:])


def asked_by(informe: Informe) -> Part | None:
    """Return the words of the law that ask for the second signature of a report."""
    duty, second = _duty_of(informe), second_of(informe)
    return next((part for part in duty.parts if part.clave == second), None) if duty else None


def signs_as(informe: Informe, by: Usuario) -> str | None:
    """Return as what a person signs a report of two signatures; None for one of a single one.

    Who presents signs as the first, whatever else they are. Raises Refused sin_permiso for whoever signs neither.
    """
    signers = signers_of(informe)
    if may(by, "presentar", contabilidad=informe.contabilidad):
        return signers[0] if signers[1:] else None
    for other in signers[1:]:
        if may(by, ACTS.get(other, ""), contabilidad=informe.contabilidad):
            return other
    raise Refused(no_permission(by, informe.folio, "presentar"))


def rfc_of(informe: Informe, capacity: str | None, by: Usuario) -> str:
    """Return the RFC whose e.firma signs a report: of the Responsable registered, or of the second one's own account.

    Raises Refused: sin_responsable; misma_persona, where the second is who signs first.
    """
    sujeto = informe.contabilidad.sujeto
    responsable = responsable_of(sujeto)
    if capacity is not None and capacity == second_of(informe):
        first = of_two(informe).exclude(papel=capacity).filter(rfc=by.rfc).exists()
        if first or (responsable is not None and responsable.rfc == by.rfc):
            raise Refused(same_signer(informe, by))
        return by.rfc
    if responsable is None or not responsable.rfc:
        raise Refused(no_signer(sujeto, sujeto.siglas))
    return responsable.rfc


def of_two(informe: Informe) -> QuerySet[Compromiso]:
    """Return the signatures in force of a version that the law wants signed by two, in the order of arrival."""
    rows = Compromiso.objects.filter(informe=informe.pk, sin_efecto__isnull=True, papel__isnull=False)
    return rows.order_by("recibido_el", "pk")


def pair_of(informe: Informe) -> tuple[Compromiso | None, Compromiso | None]:
    """Return the first signature of who presents a version, and the first as the other of somebody else."""
    rows = list(of_two(informe).select_related("recibido_de"))
    firsts, others = [row for row in rows if row.papel not in SECOND], [row for row in rows if row.papel in SECOND]
    for own in firsts:
        for other in others:
            if other.rfc != own.rfc:
                return own, other
    return next(iter(firsts), None), None


def lacking_of(informe: Informe, arrived: Iterable[Compromiso]) -> str:
    """Return the word of the law for whose signature a version waits, of those that arrived; nothing where for none.

    Nothing too of one that nobody signed, and of one that was presented.
    """
    signed = {
        one.papel for one in arrived if one.informe_id == informe.pk and one.papel and not hasattr(one, "sin_efecto")
    }
    if not signed or hasattr(informe, "presentacion"):
        return ""
    return next((each for each in signers_of(informe) if each not in signed), "")


def lacked_by(made: Presentacion) -> str:
    """Return the word of the law for the signature without which a report was presented; nothing if it has all."""
    return "" if OTHER in made.acuse else second_of(made.informe)


def people_for(informe: Informe, capacity: str) -> list[Usuario]:
    """Return who may give the signature that a report waits for, of those appointed today."""
    sujeto = informe.contabilidad.sujeto
    if capacity not in ROLES:
        responsable = responsable_of(sujeto)
        return [responsable] if responsable else []
    rows = in_force(Nombramiento.objects.filter(sujeto=sujeto, rol=ROLES[capacity])).select_related("usuario")
    return [row.usuario for row in rows.order_by("pk")]
