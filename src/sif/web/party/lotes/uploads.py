"""Carga por lotes: templates to download, files to load, and the lots loaded so far."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from sif.batch.kinds import Clase, load_kinds
from sif.batch.selectors import lotes
from sif.batch.services import keep_lote
from sif.batch.templates import CONTENTS, csv_template, xlsx_template
from sif.values import Problem, Refused
from sif.web.columns import Column, Link, Values
from sif.web.files import XLSX
from sif.web.lazy import law_words
from sif.web.marks import folio_html
from sif.web.party.desk import PartyListing, name_columns
from sif.web.party.lotes.column_words import COLUMNS, typed_html
from sif.web.party.lotes.lot import offered_books, state_words, to_lote
from sif.web.party.mesa import Mesa, party_page
from sif.web.tables import Empty
from sif.web.typed import typed_number


def _help(kind: Clase) -> list[tuple[str, str, bool, str, SafeString]]:
    """Return the columns of a template: name in the file, label, whether required, content and help."""
    return [
        (
            each.nombre,
            str(COLUMNS[each.nombre]),
            each.obligatoria,
            ": ".join(filter(None, (law_words(CONTENTS[each.tipo]), ", ".join(each.opciones)))),
            typed_html(law_words(each.ayuda)),
        )
        for each in kind.columnas
    ]


BY = name_columns("recibido_por", "recibido_por", "recibido_el")


def _what(row: Values) -> str:
    kind = load_kinds(settings.JURISDICTION).get(row["tipo"])
    return f"{law_words(kind.titulo) if kind else row['tipo']}, {BY[-1].file_value(row)}"


class Lots(PartyListing):
    """The lots of the person's books; a post loads a file and goes to its preview."""

    template, page, file_name, title = "party/lotes.html", "lotes", "lotes", gettext_lazy("Lotes cargados")
    http_method_names = ["get", "head", "options", "post"]
    columns = (
        Column("lote", source="pk", where="file"),
        Column("archivo", gettext_lazy("Archivo"), "cosa", "nombre", link=Link("party:lote", ("contabilidad", "lote"))),
        Column("sha256", kind="clave", show=lambda row: folio_html(row["sha256"]), source="sha256", under="archivo"),
        Column("tipo", show=_what, source="tipo", under="archivo"),
        *BY,
        Column("contabilidad", gettext_lazy("Contabilidad"), "clave", "contabilidad_id"),
        Column("recibido_el", gettext_lazy("Cargado"), "momento"),
        Column("renglones", gettext_lazy("Renglones"), "numero", "n"),
        Column("con_error", gettext_lazy("Con error"), "numero", "mal"),
        Column("estado", gettext_lazy("Estado"), "estado", "estado", show=lambda row: state_words(row["estado"])),
    )
    empty = Empty(gettext_lazy("Todavía no hay lotes."), gettext_lazy("Baje una plantilla, llénela y cárguela."))
    problems: Sequence[Problem] = ()

    def query(self) -> QuerySet[Model]:
        """Select them with how many rows each has, and how many are wrong."""
        return lotes(self.seat.libros).annotate(n=Count("filas"), mal=Count("filas", filter=~Q(filas__problemas=[])))

    def extra(self) -> Mapping[str, object]:
        """Offer the books to load in and the templates to fill."""
        kinds = load_kinds(settings.JURISDICTION).values()
        return {
            "libros": offered_books(self.seat),
            "problemas": self.problems,
            "elegida": self.request.POST.get("contabilidad", ""),
            "elegido": self.request.POST.get("tipo", ""),
            "tipos": [(kind.clave, law_words(kind.titulo)) for kind in kinds],
            "plantillas": [
                {
                    "tipo": kind,
                    "titulo": law_words(kind.titulo),
                    "ayuda": typed_html(law_words(kind.ayuda)),
                    "columnas": _help(kind),
                }
                for kind in kinds
            ],
        }

    def post(self, request: HttpRequest, seat: Mesa) -> HttpResponseBase:
        """Load a file, or show what is wrong with it. Raises PermissionDenied."""
        self.seat = seat
        number, file = typed_number(request.POST.get("contabilidad", "")), request.FILES.get("archivo")
        problems = []
        if not number:
            problems.append(Problem("contabilidad", _("contabilidad"), _("Falta en qué contabilidad."), _("Elíjala.")))
        if file is None:
            problems.append(
                Problem("archivo", _("archivo"), _("No eligió ningún archivo."), _("Elija su plantilla llena."))
            )
        if problems or file is None:
            return self.refused(problems)
        try:
            sent = (file.name or "", file.chunks())
            got = keep_lote(seat.books(number), request.POST.get("tipo", ""), sent, seat.usuario)
        except Refused as refused:
            return self.refused(refused.problems)
        except PermissionError as refused:
            raise PermissionDenied(str(refused)) from refused
        return to_lote(request, seat, got)

    def refused(self, problems: Sequence[Problem]) -> HttpResponse:
        """Show the page with what is wrong."""
        self.problems = problems
        return render(self.request, self.template, self.context(), status=422)


@require_safe
@party_page
def template(request: HttpRequest, mesa: Mesa, clave: str, formato: str) -> HttpResponse:
    """Return the template of a kind as a workbook or a CSV."""
    kind = load_kinds(settings.JURISDICTION).get(clave)
    if kind is None or formato not in ("xlsx", "csv"):
        raise Http404(_("No hay esa plantilla."))
    data = xlsx_template(kind) if formato == "xlsx" else csv_template(kind)
    response = HttpResponse(data, content_type=XLSX if formato == "xlsx" else "text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="plantilla-{clave}.{formato}"'
    return response
