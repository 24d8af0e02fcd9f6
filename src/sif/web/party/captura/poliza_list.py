"""List pólizas with their filters, their sum and their files."""

from collections.abc import Mapping

from django.db.models import Case, CharField, Model, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sif.books import selectors
from sif.registry import clock
from sif.web.columns import Column, Link, Values
from sif.web.party.desk import PartyListing, name_columns, poliza_columns
from sif.web.party.poliza_filters import FILTERS
from sif.web.tables import Empty
from sif.web.tables import Link as Button

STATES = {"corregida": ("corregida", _("Corregida")), "registrada": ("registrada", _("Registrada"))}
_STATE = Case(
    When(reversion__isnull=False, then=Value("corregida")), default=Value("registrada"), output_field=CharField()
)


def _registered(row: Values) -> object:
    return clock.legal_day(row["registrada_el"])


*_READ, _REFERENCE = poliza_columns("", "referencia")


class Polizas(PartyListing):
    """The pólizas of the person's books, the last registered first."""

    page = file_name = "polizas"
    title, intro = _("Pólizas"), _("Registradas: no cambian; se corrigen con otra.")
    filters = FILTERS
    order, keyset = "-registro", True
    columns = (
        *_READ,
        _REFERENCE,
        Column(
            "poliza",
            _("Póliza"),
            "cosa",
            "contabilidad_id",
            sort=True,
            show=_REFERENCE.written,
            link=Link("party:poliza", ("contabilidad", "eslabon")),
            where="screen",
        ),
        Column("contabilidad", _("Contabilidad"), "clave", source="contabilidad_id"),
        Column("periodo", source="periodo__numero", where="file"),
        Column("tipo", where="file"),
        Column("subtipo", where="file"),
        Column("numero", where="file"),
        Column("clase", where="file"),
        Column("fecha_operacion", where="file"),
        Column("operacion", _("Operación"), "dia", "fecha_operacion", sort=True, where="screen"),
        Column("registro", _("Registro"), "dia", "registrada_el", sort=True, show=_registered, where="screen"),
        Column("registrada_el", where="file"),
        *name_columns("registrada_por", "registrada_por", "registrada_el"),
        Column("concepto", under="poliza"),
        Column("monto", _("Monto"), "dinero", "total", sort=True, total=True, where="screen"),
        Column("total", kind="dinero", where="file"),
        Column("estado", _("Estado"), "estado", _STATE, states=STATES, where="screen"),
        Column("asiento", source="eslabon", where="file"),
        Column("huella", written=lambda row: bytes(row["huella"]).hex(), source="huella", where="file"),
    )
    empty = Empty(_("Todavía no hay pólizas."), _("Suelte sus CFDI y el sistema propone la póliza."))
    unmatched = _("Ninguna póliza responde a este filtro.")
    create = Button(_("Póliza nueva"), "party:captura")

    def query(self) -> QuerySet[Model]:
        """Select the pólizas of the person's books."""
        return selectors.polizas(self.seat.libros)

    def extra(self) -> Mapping[str, object]:
        """Lead to the drafts and the templates."""
        links = [Button(_("Plantillas"), reverse("party:plantillas"), "files")]
        if drafts := selectors.borradores(self.seat.libros).count():
            words = ngettext("%(n)d borrador", "%(n)d borradores", drafts) % {"n": drafts}
            links.append(Button(words, reverse("party:borradores"), "pencil"))
        return {"nuevos": [*self.first_steps, *links]}
