"""Say in words whose signature a report waits for, and whether a person of the desk gives it."""

from django.utils.translation import gettext as _

from sif.filing.models import Compromiso, Informe, Presentacion
from sif.filing.signers import ACTS, ROLES, lacked_by, lacking_of, people_for, second_of
from sif.web import labels
from sif.web.party.mesa import Mesa


def may_sign(mesa: Mesa, informe: Informe) -> bool:
    """Return whether the person signs the version of a report: who presents it, or the second that the law asks for."""
    books = informe.contabilidad
    return mesa.can("presentar", books) or _is_second(mesa, informe)


def _is_second(mesa: Mesa, informe: Informe) -> bool:
    act = ACTS.get(second_of(informe), "")
    return bool(act) and mesa.can(act, informe.contabilidad)


def is_theirs(mesa: Mesa, informe: Informe, lacks: str) -> bool:
    """Return whether the signature that a version waits for is that of the person."""
    if lacks in ACTS:
        return not mesa.can("presentar", informe.contabilidad) and _is_second(mesa, informe)
    return bool(lacks) and mesa.can("presentar", informe.contabilidad)


def signer_words(informe: Informe, capacity: str) -> str:
    """Return who gives a signature that a report waits for, by name where somebody is appointed."""
    names = ", ".join(each.nombre for each in people_for(informe, capacity))
    if capacity in ACTS:
        if not names:
            return _("auditor externo, que nadie tiene nombrado: pida su nombramiento a quien administra el sistema")
        return _("auditor externo: %(name)s") % {"name": names}
    return _("Responsable de Finanzas: %(name)s") % {"name": names or _("sin nombrar")}


def lacking_words(one: Compromiso) -> str:
    """Return whose signature the report of a commitment waits for, or nothing where it waits for nobody's."""
    capacity = lacking_of(one.informe, one.informe.compromisos.select_related("sin_efecto"))
    return signer_words(one.informe, capacity) if capacity else ""


def lacked_words(made: Presentacion) -> str:
    """Return whose signature a report was presented without, of those that the law asks for; nothing if it has all."""
    lacked = lacked_by(made)
    return str(labels.ROLES[ROLES[lacked]]) if lacked else ""
