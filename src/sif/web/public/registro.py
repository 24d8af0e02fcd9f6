"""«El registro»: the roots of each daily cut, their files, and how anybody checks with them that nothing changed."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from sif.disclosure import cuts
from sif.disclosure.cuts import PublicCut, PublicRoot
from sif.registry.clock import legal_zone
from sif.web.columns import Column, panel
from sif.web.columns import Link as To
from sif.web.files import download
from sif.web.goto import plain
from sif.web.public.stage import public_page, stages_of
from sif.web.tables import Empty, Link, Table, Thing, page_of

PAGE = 31
TREES, TREES_PAGE = 15, "raices"
JSON, STAMP = "application/json; charset=utf-8", "application/timestamp-reply"


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Return the roots of the last cut, and every cut."""
    return _page(request, cuts.last_cut())


@require_safe
def page(request: HttpRequest, numero: int) -> HttpResponse:
    """Return the roots of one cut. Raises Http404."""
    return _page(request, _found(numero))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Return every cut as JSON, the last first: number, hour, records, digest and addresses of its files."""
    every = [
        {
            "numero": row.numero,
            "hecho_el": row.hecho_el.astimezone(legal_zone()).isoformat(timespec="seconds"),
            "registros": row.registros,
            "sha256": row.sha256,
            "raices": request.build_absolute_uri(reverse("public:raices", args=[row.numero])),
            "sello_de_tiempo": request.build_absolute_uri(reverse("public:sello_tiempo", args=[row.numero]))
            if row.con_sello
            else None,
        }
        for row in (PublicCut(**each) for each in cuts.cuts())
    ]
    return JsonResponse({"cortes": every}, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def roots_file(request: HttpRequest, numero: int) -> HttpResponse:
    """raices.json of a cut as it was sealed. Raises Http404."""
    return download((cuts.file_of(_found(numero).numero) or "").encode(), JSON, f"raices-{numero}.json")


@require_safe
def stamp_file(request: HttpRequest, numero: int) -> HttpResponse:
    """Return the time stamp of a cut. Raises Http404 where it has none."""
    stamp = cuts.stamp_of(_found(numero).numero)
    if stamp is None:
        raise Http404(f"El corte {numero} no tiene sello de tiempo.")
    return download(stamp, STAMP, f"raices-{numero}.json.tsr")


def _found(numero: int) -> PublicCut:
    found = cuts.cut(numero)
    if found is None:
        raise Http404(f"No hay corte {numero} del registro.")
    return found


def _page(request: HttpRequest, cut: PublicCut | None) -> HttpResponse:
    form = TreesFilter(request.GET)
    context = {
        "cut": cut,
        "trees": _trees(request, cut, form) if cut else None,
        "every": _every(request),
        "first": cuts.first_made(),
        "filtro": form,
    }
    return public_page(request, "registro", "datos", stages_of(request), context)


class TreesFilter(forms.Form):
    """The filter of the roots of a cut by words of their kind of record."""

    q = forms.CharField(required=False, max_length=60, label=gettext_lazy("Clase de registro"))

    def found(self, rows: list[PublicRoot]) -> list[PublicRoot]:
        """Return the roots that answer."""
        asked = plain(self.cleaned_data.get("q", "")) if self.is_valid() else ""
        return [row for row in rows if asked in plain(f"{kind_words(row)} {row.arbol}")]


def kind_words(row: PublicRoot) -> str:
    """Return the kind of record of a tree, in the language of the page."""
    return _(row.registro).capitalize() if row.registro else row.arbol


def _trees(request: HttpRequest, cut: PublicCut, form: TreesFilter) -> Table:
    columns = (
        Column("registro", _("Registro"), "cosa", show=lambda row: Thing(kind_words(row), clave_debajo=row.arbol)),
        Column("tamano", _("Cuántos"), "numero", phone="wide"),
        Column("raiz", _("Raíz"), "clave", phone="wide"),
    )
    shown, page = page_of(form.found(cuts.roots(cut.numero)), request.GET, TREES, TREES_PAGE)
    nothing = Empty(_("Ninguna clase de registro responde a este filtro."), _("Quite alguna palabra."))
    title = _("Raíces del corte %(number)s") % {"number": cut.numero}
    return panel(title, shown, columns, pagina=page, vacia=nothing)


def _every(request: HttpRequest) -> Table:
    words = _("Corte %(number)s")
    columns = (
        Column(
            "corte",
            _("Corte"),
            "cosa",
            show=lambda row: words % {"number": row.numero},
            link=To("public:corte", ("numero",)),
        ),
        Column("hora", _("Hora"), "momento", "hecho_el"),
        Column("registros", _("Registros"), "numero"),
        Column("sello", _("Sello de tiempo"), show=lambda row: _("Sí") if row.con_sello else _("No")),
        Column("archivo", _("Archivo"), "accion", show=_roots_link),
    )
    rows, pager = page_of(cuts.cuts(), request.GET, PAGE)
    nothing = Empty(_("Todavía no se ha hecho ningún corte."), _("Se hace uno cada día, pasada la medianoche."), ())
    return panel(_("Cortes del registro"), [PublicCut(**row) for row in rows], columns, pagina=pager, vacia=nothing)


def _roots_link(row: PublicCut) -> Link:
    words = _("raíces del corte %(number)s") % {"number": row.numero}
    return Link(words, reverse("public:raices", args=[row.numero]), "download")
