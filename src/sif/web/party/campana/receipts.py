"""Share between REPAP and CEP their payee, payment, cap and paper."""

from typing import Any, ClassVar

from django.db.models import Case, Model, QuerySet, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sif.books.records import CapUse
from sif.catalogs.models import PersonaSujeto
from sif.counterparties.seen import people_of
from sif.registry.history import current
from sif.web.fields import text_field
from sif.web.formats import currency_amount
from sif.web.goto import plain
from sif.web.party.desk import BooksForm, PartyRecord

STANDING = Case(When(cancelacion=None, then="monto"), default=0)
TOTAL = _("Suma, sin cancelados")
OFFERED = 1_000
"""Names offered while typing, at most."""


class ReceiptForm(BooksForm):
    """The data common to every kind of receipt to a person.

    relacion: the catalogue in which the form finds the person.
    """

    relacion: ClassVar[str]
    places = {"persona_id": "persona"}
    persona = text_field(_("Persona"), _("Nombre, como está en Personas."), required=True, listed="personas")

    def clean(self) -> dict[str, object]:
        """Find the person in the catalogue of the subject of those books."""
        values = super().clean() or {}
        wanted = plain(str(values.get("persona") or ""))
        if "contabilidad" not in values or not wanted:
            return values
        known = self._known(wanted)
        whole = {wanted, wanted.upper()}
        found = {row.persona_id for row in known if plain(row.persona.nombre) == wanted or row.persona.curp in whole}
        found = found or {row.persona_id for row in known if wanted in plain(row.persona.nombre)}
        if len(found) == 1:
            values["persona_id"] = found.pop()
        elif found:
            self.add_error("persona", gettext("Hay varias personas con esas letras. Escriba el nombre completo."))
        else:
            self.add_error(
                "persona", gettext("No está en el catálogo de personas con esa relación. Déla de alta antes.")
            )
        return values

    def _known(self, typed: str) -> list[PersonaSujeto]:
        """List the people whom the person sees, and the one whose whole CURP was typed: that names her alone."""
        own = {"sujeto": self.books.sujeto_id, "relacion": self.relacion}
        holder = current(PersonaSujeto.objects.filter(persona__curp__iexact=typed, **own)).select_related("persona")
        return list(holder) or list(people_of(self.seat.alcance).filter(**own))

    def made(self, **known: object) -> Any:
        """Make the receipt of the person understood; 0 if none was typed."""
        return super().made(persona_id=int(self.cleaned_data.get("persona_id") or 0), **known)


class NewReceipt(PartyRecord):
    """Issue a receipt, with the names of the catalogue offered while typing."""

    page = "repap"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the names."""
        rows: QuerySet[Model] = people_of(self.seat.alcance).filter(relacion=self.form_class.relacion)  # type: ignore[union-attr]
        names = rows.order_by("persona__nombre").values_list("persona__nombre", flat=True).distinct()
        return {**super().get_context_data(**kwargs), "listas": [("personas", list(names[:OFFERED]))]}


def cap_words(use: CapUse) -> str:
    """Tell what was received beside its cap; a figure not read in the law says so."""
    words = {"used": currency_amount(use.usado), "cap": currency_amount(use.tope), "base": use.base}
    said = gettext("Lleva %(used)s de %(cap)s (%(base)s).") % words
    return said if use.confirmado else f"{said} {gettext('Cifra por confirmar.')}"
