"""Name what several pages of the party desk share: the lists of one page, by words and URL name, and kinds of thing."""

from django.utils.translation import gettext_lazy as _

GIFTS = (
    (_("Aportaciones"), "party:aportaciones"),
    (_("Aportantes"), "party:aportantes"),
    (_("Folios"), "party:folios"),
)
GOODS = ((_("Inventario"), "party:inventario"), (_("Activo fijo"), "party:activos"))
HOUSES_AND_NOTICES = ((_("Avisos de contratación"), "party:avisos"), (_("Casas de campaña"), "party:casas"))
RECEIPTS = ((_("Recibos REPAP"), "party:repap"), (_("CEP de representantes"), "party:ceps"))

ARTICLES = {
    "utilitaria": _("Propaganda utilitaria"),
    "electoral": _("Propaganda electoral"),
    "editorial": _("Tareas editoriales"),
}
"""What an article of the inventory is."""
