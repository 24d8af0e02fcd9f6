"""Tell by mail whoever gains or loses a role by the act of another, without saying of which subject."""

from datetime import date

from django.utils.translation import gettext as _

from sif.mail.letters import Letter, Writer, address_of
from sif.mail.models import Mensaje
from sif.mail.outbox import queue
from sif.mail.recipients import recipient_of
from sif.registry.appointments import last_day
from sif.registry.models import Nombramiento, RelevoResponsable, Usuario


def tell_relief(relevo: RelevoResponsable, path: str, by: Usuario) -> None:
    """Queue, in the act of a relief, a letter to who leaves and one to who enters. path: of the page of the relief."""
    about = ("RelevoResponsable", relevo.pk)

    def leaves() -> Letter:
        said = _("Otra persona entra en la función de Responsable de Finanzas que usted tenía.")
        return _letter(_("Relevo de su función"), said, _("Lo que usted firmó queda firmado."), path, relevo.desde)

    def enters() -> Letter:
        said = _("Usted entra en la función de Responsable de Finanzas.")
        return _letter(_("Relevo: usted entra"), said, _("La página dice lo pendiente."), path, relevo.desde)

    _tell(relevo.sale.nombramiento.usuario, leaves, about, by)
    _tell(relevo.entra.usuario, enters, about, by)


def tell_delegation(made: Nombramiento, path: str, by: Usuario) -> None:
    """Queue, in the act of a delegation, a letter to whoever receives it. path: of the page of the appointment."""

    def received() -> Letter:
        said, never = _("Otra persona delegó en usted una función."), _("No firma informes ni da funciones.")
        return _letter(_("Le delegaron una función"), said, never, path, made.desde, last_day(made))

    _tell(made.usuario, received, ("Nombramiento", made.pk), by)


def _letter(subject: str, said: str, more: str, path: str, since: date, until: date | None = None) -> Letter:
    facts = [(_("Desde"), f"{since:%d/%m/%Y}"), *([(_("Último día"), f"{until:%d/%m/%Y}")] if until else [])]
    return Letter(subject, (said, more), facts, (_("Ver la función"), address_of(path)))


def _tell(person: Usuario, write: Writer, about: tuple[str, int], by: Usuario) -> None:
    queue(Mensaje.Clase.FUNCION, recipient_of(person), write, about=about, by=by)
