"""Mail the acuse of a report or a deposit to its author: folio, hour and digests, with the address of the whole."""

from django.urls import reverse
from django.utils.translation import gettext as _

from sif.filing.campaign_sheets import deposit_huella
from sif.filing.models import Deposito, Presentacion
from sif.mail.letters import Letter, address_of, moment_words
from sif.mail.models import Mensaje
from sif.mail.outbox import is_configured, queue
from sif.mail.recipients import recipient_of
from sif.notices.sheet import code_of
from sif.registry.models import Usuario
from sif.signing.chain import sha256_hex

TYPE, DEPOSIT = "Presentacion", "Deposito"


def mail_acuse(made: Presentacion, by: Usuario) -> None:
    """Queue the acuse of a presentation, in its act, where who presents gave an address."""
    to = recipient_of(by) if is_configured() else None
    if to is not None and to.correo:
        queue(Mensaje.Clase.ACUSE, to, lambda: _letter(made), about=(TYPE, made.pk), by=by)


def mail_deposit(made: Deposito, by: Usuario) -> None:
    """Queue the acuse of a deposit, in its act, where who deposits gave an address."""
    to = recipient_of(by) if is_configured() else None
    if to is not None and to.correo:
        queue(Mensaje.Clase.ACUSE, to, lambda: _deposit_letter(made), about=(DEPOSIT, made.pk), by=by)


def _deposit_letter(made: Deposito) -> Letter:
    return Letter(
        _("Acuse del depósito %(folio)s") % {"folio": made.folio},
        (
            _("Se recibió el documento que usted depositó."),
            _("El acuse entero, con su sello, está en el sistema: ahí se descarga y se comprueba sin él."),
        ),
        (
            (_("Folio"), made.folio),
            (_("Depositado"), moment_words(made.depositado_el)),
            (_("Huella del documento"), made.sha256),
            (_("Código de verificación"), code_of(deposit_huella(made))),
        ),
        (_("Abrir el acuse"), address_of(reverse("party:deposito_acuse", args=[made.pk]))),
    )


def _letter(made: Presentacion) -> Letter:
    informe = made.informe
    place = (informe.contabilidad_id, informe.tipo, informe.periodo.numero, informe.version)
    return Letter(
        _("Acuse del informe %(folio)s") % {"folio": informe.folio},
        (
            _("Se recibió el informe que usted presentó."),
            _("El acuse entero, con sus sellos, está en el sistema: ahí se descarga y se comprueba sin él."),
            _(
                "Para comprobarlo sin conexión, descargue su JSON después del corte diario: "
                "el de antes no lleva la prueba del registro."
            ),
        ),
        (
            (_("Folio"), informe.folio),
            (_("Recibido"), moment_words(made.recibida_el)),
            (_("Huella del informe"), informe.contenido_sha256),
            (_("Huella de lo firmado"), sha256_hex(made.cadena.encode())),
        ),
        (_("Abrir el acuse"), address_of(reverse("party:acuse", args=place))),
    )
