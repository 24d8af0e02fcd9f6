"""Name the lists of the party desk that share a page: words and URL name of each."""

from django.utils.translation import gettext_lazy as _

GIFTS = (
    (_("Aportaciones"), "party:aportaciones"),
    (_("Aportantes"), "party:aportantes"),
    (_("Folios"), "party:folios"),
)
GOODS = ((_("Inventario"), "party:inventario"), (_("Activo fijo"), "party:activos"))
HOUSES_AND_NOTICES = ((_("Avisos de contratación"), "party:avisos"), (_("Casas de campaña"), "party:casas"))
RECEIPTS = ((_("Recibos REPAP"), "party:repap"), (_("CEP de representantes"), "party:ceps"))
