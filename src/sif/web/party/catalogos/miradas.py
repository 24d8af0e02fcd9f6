"""Quién vio los datos: each look at whole personal keys of the subject, for who answers for it."""

from collections.abc import Iterator, Mapping

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sif.proceedings.looks import told_looks
from sif.registry.masks import may_look
from sif.registry.models import Mirada
from sif.registry.names import name_at
from sif.web.columns import Column, Row, Values, panel
from sif.web.filters import choice, day
from sif.web.party.desk import PartyListing
from sif.web.party.mesa import Mesa
from sif.web.tables import Empty

KINDS = {"aportante": _("Aportante"), "persona": _("Gente"), "proveedor": _("Proveedor")}
"""Catalogues whose keys are masked."""
FIELDS = {"curp": "CURP", "rfc": "RFC", "clave_elector": _("Clave de elector"), "clabe": "CLABE"}
"""Personal keys."""


def _subjects(mesa: Mesa) -> list[int]:
    return [each.pk for each in mesa.sujetos if may_look(mesa.usuario, each.pk)]


def _watchers(mesa: Mesa) -> list[tuple[str, str]]:
    rows = Mirada.objects.filter(sujeto__in=_subjects(mesa)).order_by("persona__nombre")
    return [(str(number), name) for number, name in rows.values_list("persona", "persona__nombre").distinct()]


def _whose(row: Values) -> str:
    name = KINDS.get(row["tipo"], row["tipo"])
    if row["objeto"] is None:
        return gettext("%(kind)s: archivo de %(n)d") % {"kind": name, "n": row["renglones"]}
    return f"{name} {row['objeto']}"


def _fields(row: Values) -> str:
    return ", ".join(str(FIELDS[each]) for each in row["campos"].split(",") if each)


TOLD = (
    Column("persona", _("Quién miró"), "cosa"),
    Column("usuario", kind="clave", under="persona"),
    Column("objeto", _("Contabilidad"), "clave"),
    Column("campos", _("Qué vio"), show=lambda row: _fields(row) or _("Papeles de una operación")),
    Column("motivo", _("Para qué")),
    Column("mirada_el", _("Cuándo"), "momento"),
)
"""A look of the authority."""


class Looks(PartyListing):
    """The looks at the keys of the person's subjects, the last first; the file has those of the authority too."""

    page = file_name = "miradas"
    title, template = _("Quién vio los datos"), "party/miradas.html"
    intro = _(
        "CURP, RFC, clave de elector y CLABE de las personas se muestran cubiertos. Quien los ve completos dice para "
        "qué, y queda aquí."
    )
    filters = {
        "tipo": choice(_("De quién"), "tipo", KINDS.items()),
        "persona": choice(_("Quién miró"), "persona", _watchers, _("Todas")),
        "desde": day(_("Desde"), "mirada_el__date__gte"),
        "hasta": day(_("Hasta"), "mirada_el__date__lte"),
    }
    columns = (
        Column("persona_id", where="hidden"),
        Column("nombre", source="persona__nombre", where="hidden"),
        Column("renombrada", source="persona__renombrada_el", where="hidden"),
        Column("persona", _("Quién miró"), "cosa", show=lambda row: row["persona"], written=lambda row: row["persona"]),
        Column("usuario", kind="clave", source="persona__username", under="persona"),
        Column("tipo", _("De quién"), source="tipo", show=_whose),
        Column("objeto", where="file"),
        Column("renglones", where="file"),
        Column("campos", _("Datos vistos"), source="campos", show=_fields),
        Column("motivo", _("Para qué")),
        Column("mirada_el", _("Cuándo"), "momento"),
        Column("sujeto", source="sujeto__siglas", where="file"),
    )
    empty = Empty(
        _("Nadie ha visto datos completos."),
        _("Aquí queda cada vez que alguien pide ver completa una CURP, un RFC, una clave de elector o una CLABE."),
    )

    unmatched = _("Nadie ha visto datos completos.")

    def get(self, request: HttpRequest, seat: Mesa) -> HttpResponseBase:
        """Refuse who does not answer for a subject."""
        if not _subjects(seat):
            raise PermissionDenied(_("Quién vio los datos lo consulta el responsable de finanzas del sujeto."))
        return super().get(request, seat)

    def query(self) -> QuerySet[Model]:
        """Select them."""
        return Mirada.objects.filter(sujeto__in=_subjects(self.seat)).order_by("-pk")

    def enrich(self, rows: list[Row]) -> None:
        """Name each person by the name of its day."""
        for row in rows:
            row["persona"] = name_at(row["persona_id"], row["nombre"], row["renombrada"], row["mirada_el"])

    def told(self) -> list[dict[str, object]]:
        """Return the looks of the authority that were told."""
        return [
            {
                "persona": each.quien,
                "usuario": each.usuario,
                "tipo": "autoridad",
                "objeto": each.contabilidad,
                "renglones": 1,
                "campos": ",".join(each.campos),
                "motivo": each.motivo,
                "mirada_el": each.cuando,
                "sujeto": each.sujeto,
            }
            for each in told_looks(_subjects(self.seat))
        ]

    def every(self) -> Iterator[dict[str, object]]:
        """Add to a file the looks of the authority."""
        yield from super().every()
        yield from self.told()

    def extra(self) -> Mapping[str, object]:
        """Show the looks of the authority."""
        nothing = Empty(
            _("De lo que vio la autoridad no hay nada que decir todavía."),
            _("Se dice cuando se notifica el oficio de errores y omisiones de la etapa, o se aprueba su resolución."),
        )
        return {"autoridad": panel(_("Lo que vio la autoridad"), self.told(), TOLD, vacia=nothing)}
