"""List the legal bases of this installation: what the loaded texts say of each, and which ones two people confirmed."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sif.law.articles import load_laws
from sif.law.citations import Citation
from sif.proceedings.grounds import kept_grounds, pending
from sif.proceedings.models import Resolucion
from sif.registry.folding import fold
from sif.registry.selectors import may
from sif.statutes import confirming
from sif.statutes.confirming import NewBase
from sif.statutes.loading import load_text
from sif.statutes.models import BasePropuesta, TextoDeLey
from sif.statutes.selectors import Base, agreed, bases, comparison, found_in, version_of, versions
from sif.values import Problem, Refused, Span
from sif.web.authority_seat import person
from sif.web.columns import Column, Link, file_asked, panel
from sif.web.council.bases_words import (
    ABSENT,
    AGREES,
    DIFFERS,
    NO_TEXT,
    UNREAD,
    case_words,
    frame,
    said_words,
    state_of,
    state_words,
    subject_of,
    tell,
    text_words,
)
from sif.web.fields import ServiceForm, day_field, file_field, set_choices, text_field
from sif.web.seats import seated_at
from sif.web.tables import Empty, Table, file_links, page_of


class BaseFilter(forms.Form):
    """The filters of the bases, all optional and kept in the address."""

    ley = forms.ChoiceField(label=gettext_lazy("Ley"), required=False)
    estado = forms.ChoiceField(label=gettext_lazy("Estado"), required=False)
    texto = forms.ChoiceField(label=gettext_lazy("En el texto cargado"), required=False)
    q = forms.CharField(label=gettext_lazy("Palabras"), required=False, max_length=100)
    resolucion = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        offered = {
            "ley": [("", _("Todas")), *((key, key) for key in load_laws(settings.JURISDICTION))],
            "estado": [("", _("Todos")), *state_words().items()],
            "texto": [("", _("Todos")), *text_words().items()],
        }
        for name, choices in offered.items():
            set_choices(self, name, choices)

    def narrowed(self, rows: Sequence[Base]) -> list[Base]:
        """Return the bases that the valid values of the form leave."""
        self.is_valid()
        said = self.cleaned_data
        only = _of_resolucion(said["resolucion"]) if said.get("resolucion") else None
        words = fold(said.get("q") or "").split()
        return [
            row
            for row in rows
            if (not said.get("ley") or (row.cita.referencia and row.cita.referencia.ley == said["ley"]))
            and (not said.get("estado") or row.estado == said["estado"])
            and (not said.get("texto") or (row.texto or NO_TEXT) == said["texto"])
            and (only is None or (row.cita.clave, row.cita.huella) in only)
            and all(word in fold(f"{row.cita.articulo} {subject_of(row.cita)} {row.cita.cita}") for word in words)
        ]


def _of_resolucion(pk: int) -> set[tuple[str, str]]:
    """Return the bases that a resolución waits for."""
    resolucion = Resolucion.objects.select_related("dictamen__sujeto", "dictamen__etapa__proceso").filter(pk=pk).first()
    if resolucion is None:
        return set()
    rows = pending(each for grounds in kept_grounds(resolucion).values() for each in grounds)
    return {(each.clave, each.huella) for each in rows}


def tabs(current: str) -> list[tuple[str, str, int | None, bool]]:
    """Return the pages of laws and bases."""
    named = (
        ("leyes", _("Bases"), None),
        ("leyes_espera", _("Por confirmar entre dos"), confirming.waiting().count()),
        ("leyes_textos", _("Textos cargados"), None),
    )
    return [(words, reverse(f"council:{name}"), count, name == current) for name, words, count in named]


@require_safe
@seated_at("council")
def listing(request: HttpRequest) -> HttpResponse:
    """Return every basis on which a sanction may rest, what the loaded texts bear of it, and how it stands here."""
    form = BaseFilter(request.GET)
    whole = bases()
    rows = form.narrowed(whole)
    if file := file_asked(request, "bases", rows, _columns()):
        return file
    shown, pager = page_of(rows, request.GET)
    open_ = [row for row in rows if _may_go_together(row)]
    context = {
        "frame": frame(),
        "vistas": tabs("leyes"),
        "filtro": form,
        "cuentas": _counts(whole),
        "tabla": panel(
            _("Bases"),
            shown,
            _columns(),
            pagina=pager,
            vacia=Empty(_("Ninguna base responde a este filtro.")),
            exportar=file_links(request.GET),
        ),
        "abiertas": len(open_),
        "propone": may(person(request), confirming.ACT) and bool(open_),
        "consulta": request.GET.urlencode(),
    }
    return render(request, "council/leyes.html", context)


def _counts(rows: Sequence[Base]) -> list[tuple[str, int]]:
    return [(words, sum(row.estado == state for row in rows)) for state, words in state_words().items()]


def _columns() -> tuple[Column, ...]:
    def about(row: Base) -> str:
        return subject_of(row.cita)

    def says(row: Base) -> str:
        return said_words(row.cita)

    def borne(row: Base) -> str:
        return text_words()[row.texto or NO_TEXT]

    return (
        Column("articulo", _("Base"), "cosa", "cita__articulo", link=Link("council:base", ("cita__huella",))),
        Column("sobre", show=about, written=about, under="articulo"),
        Column("dice", _("Lo que el programa cita"), show=says, written=says, phone="wide"),
        Column("desde", written=lambda row: _days(row.cita.lapso)[0], where="file"),
        Column("hasta", written=lambda row: _days(row.cita.lapso)[1], where="file"),
        Column("en_el_texto", _("En el texto cargado"), show=borne, written=borne, phone="half"),
        Column(
            "estado",
            _("Estado"),
            "estado",
            show=state_of,
            written=lambda row: state_words()[row.estado],
            phone="half",
        ),
    )


def _may_go_together(row: Base) -> bool:
    """Return whether a basis may be proposed in a batch: unconfirmed, and equal to the loaded text or without one.

    A basis that differs from its text, or is not found in the text, needs words of its own.
    """
    return row.estado == UNREAD and row.texto in (AGREES, "")


def _days(lapso: Span) -> tuple[date | str, date | str]:
    return ("" if lapso.desde == date.min else lapso.desde), (lapso.hasta or "")


@require_POST
@seated_at("council")
def propose_many(request: HttpRequest) -> HttpResponse:
    """Propose every unconfirmed basis of a filter: on the words of a loaded text that says it, or with one reason."""
    by, here = person(request), f"{reverse('council:leyes')}?{request.GET.urlencode()}"
    loaded, motivo = versions(), request.POST.get("motivo", "")
    wanted = []
    for row in BaseFilter(request.GET).narrowed(bases()):
        if _may_go_together(row):
            leido, words = agreed(row.cita, loaded) or (None, "")
            wanted.append(NewBase(row.cita.clave, row.cita.huella, leido, words, "" if leido else motivo))
    try:
        made = confirming.propose(wanted, by)
    except Refused as refused:
        tell(request, refused.problems)
    else:
        told = ngettext(
            "Quedó propuesta %(n)d base; la confirma otra persona.",
            "Quedaron propuestas %(n)d bases; las confirma otra persona.",
            len(made),
        )
        messages.success(request, told % {"n": len(made)})
    return HttpResponseRedirect(here)


@require_safe
@seated_at("council")
def waiting(request: HttpRequest) -> HttpResponse:
    """Render the bases that one person proposed and another has to confirm."""
    by = person(request)

    def choice(each: BasePropuesta) -> dict[str, str]:
        if each.propuesta_por_id == by.pk:
            return {"por_que_no": _("Es suya")}
        return {"elegible": str(each.pk) if may(by, confirming.ACT) else ""}

    nothing = Empty(_("Nada espera a otra persona."))
    columns, title = _waiting_columns(), _("Por confirmar entre dos")
    table = panel(title, confirming.waiting(), columns, choice, formulario="bases", vacia=nothing)
    context = {
        "frame": frame(),
        "vistas": tabs("leyes_espera"),
        "tabla": table,
        "confirma": may(by, confirming.ACT) and any(row.elegible for row in table.filas),
    }
    return render(request, "council/leyes_espera.html", context)


def _waiting_columns() -> tuple[Column, ...]:
    """Return the columns of the bases that wait, each with what the program cites today."""
    known = {(row.cita.clave, row.cita.huella): row.cita for row in bases()}

    def said(each: BasePropuesta) -> Citation | None:
        return known.get((each.clave, each.huella))

    return (
        Column("base", _("Base"), "cosa", "articulo", link=Link("council:base", ("huella",))),
        Column(
            "sobre",
            show=lambda each: subject_of(cited) if (cited := said(each)) else _("El programa ya no la cita así"),
            under="base",
        ),
        Column(
            "dice",
            _("Lo que el programa cita"),
            show=lambda each: said_words(cited) if (cited := said(each)) else each.dice,
            phone="wide",
        ),
        Column(
            "palabras",
            _("Palabras del texto, o por qué sin él"),
            show=lambda each: each.palabras or each.motivo,
            phone="wide",
        ),
        Column("casos", _("Para qué casos"), show=case_words, phone="half"),
        Column(
            "quien", _("La propuso"), show=lambda each: each.propuesta_por.named_at(each.propuesta_el), phone="half"
        ),
        Column("cuando", _("Cuándo"), "momento", "propuesta_el", phone="half"),
    )


@require_POST
@seated_at("council")
def resolve_many(request: HttpRequest) -> HttpResponse:
    """Confirm or refuse the chosen proposals of another person, all or none."""
    by = person(request)
    numbers = [int(each) for each in request.POST.getlist("elegir") if each.isascii() and each.isdigit()]
    chosen = list(confirming.waiting().filter(pk__in=numbers))
    try:
        if request.POST.get("sentido") == "rechazar":
            done = [confirming.refuse(each, by) for each in chosen]
        else:
            done = confirming.confirm(chosen, by)
    except Refused as refused:
        tell(request, refused.problems)
    else:
        if done:
            told = ngettext("%(n)d base resuelta.", "%(n)d bases resueltas.", len(done))
            messages.success(request, told % {"n": len(done)})
        else:
            messages.warning(request, _("No eligió ninguna; no se escribió nada."))
    return HttpResponseRedirect(reverse("council:leyes_espera"))


class TextForm(ServiceForm):
    """A version of a law: its key, the days it rules, and its file."""

    ley = text_field(gettext_lazy("Ley"), gettext_lazy("Su clave como se cita: RF, LGPP, CFF."), required=True)
    desde = day_field(gettext_lazy("Rige desde el"))
    hasta = day_field(
        gettext_lazy("Dejó de regir el"), gettext_lazy("Vacío: hasta la versión siguiente."), required=False
    )
    archivo = file_field(gettext_lazy("PDF con letras (no una imagen), TXT o Markdown."))


@require_http_methods(["GET", "HEAD", "POST"])
@seated_at("council")
def texts(request: HttpRequest) -> HttpResponse:
    """Return the versions of laws that this installation loaded, what each bears, and a file that comes in."""
    by = person(request)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form, problems = TextForm(*sent), list[Problem]()
    if request.method == "POST" and not may(by, confirming.ACT):
        raise PermissionDenied(_("Las leyes las carga el área de resoluciones, la Secretaría o quien administra."))
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = load_text(
                form.text("ley").upper(),
                said["archivo"].read(),
                said["desde"],
                by,
                hasta=said["hasta"],
                archivo=said["archivo"].name,
            )
        except Refused as refused:
            problems = form.tell(refused.problems, {"clave": "ley"})
        else:
            messages.success(request, _("Quedó cargada: %(n)s artículos.") % {"n": f"{made.articulos:,}"})
            return HttpResponseRedirect(reverse("council:leyes_texto", args=[made.pk]))
    context = {
        "frame": frame(),
        "vistas": tabs("leyes_textos"),
        "form": form,
        "problemas": problems,
        "tabla": _texts(loads=may(by, confirming.ACT)),
        "carga": may(by, confirming.ACT),
    }
    return render(request, "council/leyes_textos.html", context, status=422 if form.is_bound else 200)


def _texts(*, loads: bool) -> Table:
    columns = (
        Column("ley", _("Ley"), "cosa", link=Link("council:leyes_texto")),
        Column("archivo", under="ley"),
        Column("desde", _("Rige desde"), "dia", phone="half"),
        Column("hasta", _("Hasta"), phone="half"),
        Column("articulos", _("Artículos"), "numero", phone="third"),
        Column("coinciden", _("Coinciden"), "numero", phone="third"),
        Column("difieren", _("Difieren"), "numero", phone="third"),
        Column("faltan", _("No halladas"), "numero", phone="third"),
        Column("quien", _("La cargó"), phone="half"),
        Column("cuando", _("Cuándo"), "momento", phone="half"),
    )
    rows = [
        {
            "pk": version.texto.pk,
            "ley": version.texto.ley,
            "archivo": version.texto.archivo,
            "desde": version.texto.desde,
            "hasta": f"{version.lapso.hasta:%d/%m/%Y}" if version.lapso.hasta else _("sigue vigente"),
            "articulos": version.texto.articulos,
            "coinciden": len(said.coinciden),
            "difieren": len(said.difieren),
            "faltan": len(said.no_halladas),
            "quien": _loader(version.texto),
            "cuando": version.texto.cargado_el,
        }
        for version, said in ((each, comparison(each)) for each in versions())
    ]
    nothing = Empty(
        _("Todavía no se ha cargado ninguna ley."),
        _("Cárguela aquí o con «sif leyes cargar»: se compara con todo lo que se cita de ella.")
        if loads
        else _("Las carga el área de resoluciones, la Secretaría o quien administra."),
    )
    return panel(_("Textos cargados"), rows, columns, vacia=nothing)


def _loader(texto: TextoDeLey) -> str:
    by = texto.cargado_por
    return by.named_at(texto.cargado_el) if by else _("Quien opera la máquina")


def _compared_columns() -> tuple[Column, ...]:
    looks = {DIFFERS: "no_cuadra", ABSENT: "sin_dato", AGREES: "verificada"}
    return (
        Column("articulo", _("Cita"), "cosa"),
        Column("sobre", under="articulo", where="screen"),
        Column("donde", where="file"),
        Column("dice", _("Lo que el programa cita"), phone="wide"),
        Column("texto", _("Lo que el texto dice"), phone="wide"),
        Column(
            "resultado",
            _("Resultado"),
            "estado",
            states={kind: (look, text_words()[kind]) for kind, look in looks.items()},
            written=lambda row: text_words()[row["resultado"]],
            phone="half",
        ),
    )


@require_safe
@seated_at("council")
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """Render the comparison of a text with the citations of its law: different first, then not found, then equal."""
    texto = get_object_or_404(TextoDeLey.objects.select_related("cargado_por"), pk=pk)
    said = comparison(version_of(texto))
    kinds = ((DIFFERS, said.difieren), (ABSENT, said.no_halladas), (AGREES, said.coinciden))
    asked = request.GET.get("resultado", "")
    if asked and asked not in text_words():
        raise Http404("No hay ese resultado.")
    rows = [
        {
            "articulo": each.articulo,
            "sobre": subject_of(each),
            "donde": each.donde,
            "dice": said_words(each),
            "texto": _borne(texto, each),
            "resultado": kind,
        }
        for kind, found in kinds
        for each in found
        if asked in ("", kind)
    ]
    columns = _compared_columns()
    if file := file_asked(request, f"cotejo-{texto.ley}", rows, columns):
        return file
    here = reverse("council:leyes_texto", args=[pk])
    views = [(_("Todas"), here, said.citas, not asked)]
    views += [(text_words()[kind], f"{here}?resultado={kind}", len(found), asked == kind) for kind, found in kinds]
    nothing = Empty(_("Ninguna cita."))
    context = {
        "frame": frame(f"{texto.ley}, {texto.archivo}"),
        "texto": texto,
        "vistas": views,
        "tabla": panel(_("Cotejo"), rows, columns, vacia=nothing, exportar=file_links(request.GET)),
    }
    return render(request, "council/leyes_texto.html", context)


def _borne(texto: TextoDeLey, citation: Citation) -> str:
    found = found_in(citation, [version_of(texto)])
    words = found[1] if found else ""
    return words if len(words) <= 600 else f"{words[:600]}…"
