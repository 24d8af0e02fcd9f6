"""Tell whether somebody manages accounts, for the pages on which they do."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sif.registry.invitations import roles_to_give
from sif.registry.models import Usuario


def manager(request: HttpRequest) -> Usuario:
    """Return who manages accounts. Raises PermissionDenied for anybody else."""
    if not request.user.is_authenticated or not roles_to_give(request.user):
        raise PermissionDenied(_("Las cuentas las maneja el responsable de finanzas o quien administra el sistema."))
    return request.user
