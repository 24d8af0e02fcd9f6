"""List the signatures that arrived and are not the presentation of their report."""

from collections.abc import Mapping

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from sif.filing.committing import unfiled_of
from sif.web.auditor.desk import StageListing
from sif.web.columns import Column, Values
from sif.web.tables import Empty, Thing


def _report(row: Mapping[str, object]) -> Thing:
    return Thing(str(row["informe"]), debajo=str(row["nombre"]), clave_debajo=str(row["rfc"]))


def _why(row: Values) -> str:
    return " ".join(str(each["mensaje"]) for each in row["motivo"] or ())


class Signatures(StageListing):
    """The signatures that wait for their acuse or were left without effect, the last first, with why."""

    template, page, file_name, title = "auditor/firmas.html", "firmas", "firmas", _("Firmas sin presentación")
    columns = (
        Column("informe", _("Informe"), "cosa", "informe__folio", show=_report),
        Column("nombre", source="nombre", where="file"),
        Column("rfc", source="rfc", where="file"),
        Column("recibido_el", _("Llegó"), "momento", phone="half"),
        Column("firmado_el", _("Hora según la computadora de quien firmó"), "momento", phone="half"),
        Column("estado", _("Estado"), "estado", "estado"),
        Column("motivo", _("Por qué"), source="sin_efecto__problemas", show=_why, phone="wide"),
    )
    empty = Empty(
        _("Ninguna firma de esta etapa llegó sin presentarse."), _("Lo que llega se presenta al momento o en minutos.")
    )

    def query(self) -> QuerySet[Model]:
        """Select them of the stage at hand."""
        return unfiled_of(self.seat)
