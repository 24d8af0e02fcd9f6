"""Mail the acuse of a report to who presented it: its folio, its hour and its digests, with the way to the whole."""

from django.urls import reverse
from django.utils.translation import gettext as _

from sif.filing.models import Presentacion
from sif.mail.letters import Letter, address_of, moment_words
from sif.mail.models import Mensaje
from sif.mail.outbox import is_configured, queue
from sif.mail.recipients import recipient_of
from sif.registry.models import Usuario
from sif.signing.chain import sha256_hex

TYPE = "Presentacion"


def mail_acuse(made: Presentacion, by: Usuario) -> None:
    """Queue the acuse of a presentation, in its act, where who presents gave an address."""
    to = recipient_of(by) if is_configured() else None
    if to is not None and to.correo:
        queue(Mensaje.Clase.ACUSE, to, lambda: _letter(made), about=(TYPE, made.pk), by=by)


def _letter(made: Presentacion) -> Letter:
    informe = made.informe
    place = (informe.contabilidad_id, informe.tipo, informe.periodo.numero, informe.version)
    return Letter(
        _("Acuse del informe %(folio)s") % {"folio": informe.folio},
        (
            _("Se recibió el informe que usted presentó."),
            _("El acuse entero, con sus sellos, está en el sistema: ahí se descarga y se comprueba sin él."),
        ),
        (
            (_("Folio"), informe.folio),
            (_("Recibido"), moment_words(made.recibida_el)),
            (_("Huella del informe"), informe.contenido_sha256),
            (_("Huella de lo firmado"), sha256_hex(made.cadena.encode())),
        ),
        (_("Abrir el acuse"), address_of(reverse("party:acuse", args=place))),
    )
