"""Word what is known of the RFC of an account."""

from django.utils.translation import gettext_lazy

from sif.registry.proofs import RfcState

STATES = {
    RfcState.PROVEN: gettext_lazy("RFC probado"),
    RfcState.UNPROVEN: gettext_lazy("RFC sin probar"),
    RfcState.CLAIMED: gettext_lazy("RFC sin probar"),
    RfcState.TAKEN: gettext_lazy("Su RFC lo probó otra cuenta"),
    RfcState.NONE: gettext_lazy("Sin RFC"),
}
