"""Show the reports owed by period, their figures and versions."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sif.filing.figures import lines_of
from sif.filing.later import Key, Later, LineDifference, correction_of, differences, later_operations
from sif.filing.models import Informe
from sif.filing.selectors import Obligation, informes_of, obligations
from sif.filing.services import InformeRefused, informe_pdf, prepare_informe
from sif.registry.models import Contabilidad, Periodo, Ventana
from sif.values import Money, Problem
from sif.web.clocks import Clock
from sif.web.frame import Crumb
from sif.web.party.demonstration import demonstration_pair
from sif.web.party.mesa import Mesa, books_crumb, books_name, books_office, party_page
from sif.web.party.terms import due_text
from sif.web.tables import Column, Empty, Row, Table, Thing


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Every report owed by the person's books: those that wait, by their term; then those presented."""
    owed = [each for etapa in mesa.etapas for each in obligations(mesa.books_of(etapa))]
    asked = request.GET.get("periodo", "")
    numbers = sorted({each.periodo.numero for each in owed})
    shown = [each for each in owed if asked in ("", str(each.periodo.numero))]
    url = reverse("party:informes")
    tabs = [(_("Todos"), url, len(owed), asked not in map(str, numbers))]
    for number in numbers:
        waiting = sum(each.periodo.numero == number for each in owed)
        tabs.append((_("Periodo %(n)d") % {"n": number}, f"{url}?periodo={number}", waiting, asked == str(number)))
    table = _table(mesa, shown, later_operations(mesa.libros.values()))
    context = {"frame": mesa.frame("informes"), "vistas": tabs, "tabla": table}
    return render(request, "party/informes.html", {**context, "reloj": mesa.reloj})


def _when(owed: Obligation, later: Later | None) -> str:
    """The term; of a presented report whose books went on, that they ask for a new version."""
    if later is None:
        return str(due_text(owed.vence_el))
    words = ngettext(
        "%(n)d operación después de presentar: pide una nueva versión",
        "%(n)d operaciones después de presentar: piden una nueva versión", later.polizas,
    )  # fmt: skip
    return words % {"n": later.polizas}


def _table(mesa: Mesa, owed: list[Obligation], later: dict[Key, Later]) -> Table:
    columns = (
        Column("contabilidad", _("Contabilidad"), "cosa"),
        Column("periodo", _("Periodo"), "numero"),
        Column("vence", _("Vence")),
        Column("ingresos", _("Ingresos"), "dinero"),
        Column("egresos", _("Egresos"), "dinero"),
        Column("estado", _("Estado"), "estado"),
    )
    rows = [
        Row(
            {
                "contabilidad": Thing(
                    books_name(mesa.libros[each.contabilidad_id]),
                    reverse("party:informe", args=[each.contabilidad_id, each.periodo.numero]),
                    debajo=books_office(mesa.libros[each.contabilidad_id]), clave=str(each.contabilidad_id),
                ),
                "periodo": each.periodo.numero,
                "vence": _when(each, later.get((each.contabilidad_id, each.periodo_id))), "estado": each.estado,
                "ingresos": Money(each.ingresos) if each.ingresos is not None else _("sin presentar"),
                "egresos": Money(each.egresos) if each.egresos is not None else _("sin presentar"),
            }
        )
        for each in sorted(owed, key=_urgency)
    ]  # fmt: skip
    nothing = Empty(_("No se debe ningún informe."), _("Solo las contabilidades de una candidatura rinden informe."))
    return Table(_("Informes"), columns, rows, vacia=nothing)


def _urgency(owed: Obligation) -> tuple[bool, float, int]:
    done = owed.recibida_el is not None
    instant = owed.vence_el.timestamp()
    return done, -instant if done else instant, owed.contabilidad_id


def find(mesa: Mesa, number: int, periodo: int) -> tuple[Contabilidad, Periodo]:
    """Some books and a period of their stage. Raises Http404, PermissionDenied."""
    books = mesa.books(number)
    period = books.etapa.periodos.filter(numero=periodo).first()
    if period is None:
        raise Http404(_("Esta etapa no tiene el periodo %(n)d.") % {"n": periodo})
    return books, period


@require_safe
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int, periodo: int) -> HttpResponse:
    """The report of some books for a period: its figures now, its versions, and what to do next."""
    books, period = find(mesa, number, periodo)
    return show(request, mesa, books, period)


def show(
    request: HttpRequest, mesa: Mesa, books: Contabilidad, period: Periodo,
    problems: tuple[Problem, ...] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page of a report, with what was refused if anything was."""
    owed = next((each for each in obligations(books) if each.periodo.pk == period.pk), None)
    versions = list(informes_of(books, period))
    ready = versions[0] if versions and not hasattr(versions[0], "presentacion") else None
    later = later_operations([books]).get((books.pk, period.pk))
    context = {
        "frame": mesa.frame(
            "informes", books_crumb(books), Crumb(_("Informe, periodo %(n)d") % {"n": period.numero}),
            etapa=books.etapa,
        ),
        "books": books, "periodo": period, "nombre": books_name(books), "debido": owed, "versiones": versions,
        "lista": ready, "problemas": problems, "tabla": _figures(books, period, ready),
        "reloj": _clock(mesa, owed) or (_correction_clock(mesa, owed, books) if later else None),
        "posteriores": later, "diferencias": _differences(later, versions),
        "corregible": _correctable(owed, books),
        "puede_preparar": mesa.can("presentar", books) or mesa.can("preparar", books),
        "puede_presentar": mesa.can("presentar", books), "puede_firmar_aqui": demonstration_pair(mesa.usuario),
        "sello": request.POST.get("sello", ""), "termino": mesa.ahora.date() > period.hasta,
    }  # fmt: skip
    return render(request, "party/informe.html", context, status=status)


def _clock(mesa: Mesa, owed: Obligation | None) -> Clock | None:
    if owed is None or owed.recibida_el is not None:
        return None
    title = _("Informe, periodo %(n)d") % {"n": owed.periodo.numero}
    return Clock(title, owed.vence_el, mesa.ahora, None, "LGPP 79.1.b.III", _("Tres días después del fin del periodo."))


def _correctable(owed: Obligation | None, books: Contabilidad) -> Ventana | None:
    """The window open now in which a corrected version of the report may be presented, if none was."""
    if owed is None or owed.etapa_captura == Ventana.Tipo.CORRECCION:
        return None
    return correction_of(books, owed.periodo_id)


def _correction_clock(mesa: Mesa, owed: Obligation | None, books: Contabilidad) -> Clock | None:
    window = _correctable(owed, books)
    if window is None or owed is None:
        return None
    title = _("Nueva versión del informe, periodo %(n)d") % {"n": owed.periodo.numero}
    why = _("Hay operaciones registradas después de presentar.")
    return Clock(title, window.cierra_el, mesa.ahora, window.abre_el, window.base, why)


def _differences(later: Later | None, versions: list[Informe]) -> Table | None:
    """What the report presented says beside what the books say, line by line, where they differ."""
    if later is None:
        return None
    informe = next(version for version in versions if version.pk == later.informe_id)
    return differences_table(differences(informe))


def differences_table(found: list[LineDifference]) -> Table:
    """Lines of a report beside those of the books."""
    columns = (
        Column("titulo", _("Concepto")),
        Column("informe", _("Informe presentado"), "dinero"),
        Column("libros", _("Libros ahora"), "dinero"),
        Column("diferencia", _("Diferencia"), "dinero"),
    )
    rows = [
        Row(
            {"titulo": f"{each.linea} {each.titulo}",
             **{name: Money(getattr(each, name)) for name in ("informe", "libros", "diferencia")}}
        )
        for each in found
    ]  # fmt: skip
    nothing = Empty(_("Las cifras son las mismas."), _("Lo registrado después se compensa."))
    return Table(_("Lo que difiere del informe presentado"), columns, rows, vacia=nothing)


def _figures(books: Contabilidad, period: Periodo, ready: Informe | None) -> Table:
    """The lines of the form: frozen if a version waits to be presented, as the books say now otherwise."""
    columns = (
        Column("linea", _("Línea"), "clave"),
        Column("titulo", _("Concepto")),
        Column("anterior", _("Periodos anteriores"), "dinero"),
        Column("periodo", _("Este periodo"), "dinero"),
        Column("acumulado", _("Acumulado"), "dinero"),
    )
    if ready is not None:
        lines = [(row["linea"], row["titulo"], row) for row in ready.contenido["lineas"]]
    else:
        now, _moved = lines_of(books, period)
        lines = [
            (row.linea, row.titulo, {"anterior": row.anterior, "periodo": row.periodo, "acumulado": row.acumulado})
            for row in now
        ]
    rows = [
        Row(
            {
                "linea": line, "titulo": title,
                **{name: Money(amounts[name]) for name in ("anterior", "periodo", "acumulado")},
            },
            resaltada=line in ("I", "II", "II.A", "III"),
        )
        for line, title, amounts in lines
    ]  # fmt: skip
    return Table(_("Cifras del informe de campaña"), columns, rows, libro=True)


@require_POST
@party_page
def prepare(request: HttpRequest, mesa: Mesa, number: int, periodo: int) -> HttpResponse:
    """Freeze a version from the books as they stand."""
    books, period = find(mesa, number, periodo)
    try:
        informe = prepare_informe(books, period, mesa.usuario, sin_movimientos="sin_movimientos" in request.POST)
    except InformeRefused as refused:
        return show(request, mesa, books, period, tuple(refused.problems), 422)
    messages.success(request, _("Informe %(folio)s generado. Revíselo y fírmelo.") % {"folio": informe.folio})
    return HttpResponseRedirect(reverse("party:informe", args=[number, periodo]))


@require_safe
@party_page
def paper(request: HttpRequest, mesa: Mesa, number: int, periodo: int, version: int) -> HttpResponse:
    """A version on paper; it says PROYECTO until it is presented."""
    informe = version_of(mesa, number, periodo, version)
    response = HttpResponse(informe_pdf(informe), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{informe.folio}.pdf"'
    return response


def version_of(mesa: Mesa, number: int, periodo: int, version: int) -> Informe:
    """A version of a report. Raises Http404, PermissionDenied."""
    books, period = find(mesa, number, periodo)
    found = informes_of(books, period).filter(version=version).first()
    if found is None:
        raise Http404(_("Este informe no tiene la versión %(n)d.") % {"n": version})
    return found
