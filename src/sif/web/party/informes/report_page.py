"""Show a report of some books: its figures, its terms, its versions and what is missing."""

from dataclasses import asdict

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.filing.committing import arrivals_of, is_waiting
from sif.filing.figures import LineDifference, Sums, changes, form_frozen, form_of_books, lines_of, sums_of
from sif.filing.later import Later, differences, later_operations
from sif.filing.models import Compromiso, Informe
from sif.filing.owed import ReportOwed, reports_of
from sif.filing.preparing import correction_of, presented_in
from sif.filing.selectors import Obligation, before_of, informes_of
from sif.filing.signers import ACTS, asked_by, lacking_of
from sif.registry.models import Contabilidad, Ventana
from sif.values import Problem
from sif.web.annexes_table import annexes_table, left_out
from sif.web.clocks import Clock
from sif.web.columns import Column, panel
from sif.web.frame import Crumb
from sif.web.lazy import law_words
from sif.web.party.demo_keys import demonstration_pair
from sif.web.party.informes.completeness import completeness
from sif.web.party.mesa import Mesa, books_crumb, books_name
from sif.web.party.report_states import report_words
from sif.web.party.signer_words import is_theirs, may_sign, signer_words
from sif.web.party.terms import why_words
from sif.web.signing import admit_frame
from sif.web.tables import Empty, Table


def report_at(books: Contabilidad, periodo: int, tipo: str) -> ReportOwed:
    """Return a report that the law asks of some books. Raises Http404 with what to do."""
    found = [each for each in reports_of(books) if each.periodo.numero == periodo and each.tipo == tipo]
    if not found:
        raise Http404(
            _("Esta contabilidad no debe el informe %(tipo)s del periodo %(n)d. Véalos en su página.")
            % {"tipo": tipo, "n": periodo}
        )
    return found[0]


def place_of(informe: Informe) -> tuple[int, str, int]:
    """Return the parts of the address of the report of a version: books, kind and number of its period."""
    return informe.contabilidad_id, informe.tipo, informe.periodo.numero


def acuse_url(informe: Informe) -> str:
    """Return the address of the acuse of a version."""
    return reverse("party:acuse", args=[*place_of(informe), informe.version])


def _signing(mesa: Mesa, books: Contabilidad, last: Informe | None, ready: Informe | None) -> dict[str, object]:
    """Return who may prepare and sign the last version, and where the one that is ready is signed."""
    presents = mesa.can("presentar", books)
    signing: dict[str, object] = {
        "puede_preparar": presents or mesa.can("preparar", books),
        "puede_presentar": may_sign(mesa, last) if last else presents,
        "segunda": asked_by(last) if last else None,
        "puede_firmar_aqui": demonstration_pair(mesa.usuario),
    }
    if ready is None:
        return signing
    parts = [*place_of(ready), ready.version]
    addresses = {name: reverse(f"party:{name}", args=parts) for name in ("cadena", "presentar")}
    return {**signing, **{f"{name}_url": address for name, address in addresses.items()}}


def show(
    request: HttpRequest,
    mesa: Mesa,
    books: Contabilidad,
    report: ReportOwed,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> HttpResponse:
    """Return the page of a report, with what was refused if anything was."""
    period, title = report.periodo, report_words(report)
    asked = period.pk, report.tipo
    owed = next((each for each in mesa.owed_by(books) if (each.periodo.pk, each.tipo) == asked), None)
    versions = list(informes_of(books, period, report.tipo))
    arrived = arrivals_of(versions)
    last = versions[0] if versions else None
    lacks = lacking_of(last, arrived) if last else ""
    is_theirs_now = last is not None and is_theirs(mesa, last, lacks)
    is_done = last is not None and (hasattr(last, "presentacion") or (is_waiting(last, arrived) and not is_theirs_now))
    ready, sums = None if is_done else last, sums_of(books, report)
    later = later_operations([books]).get((books.pk, period.pk, report.tipo))
    window = _correctable(owed, books)
    context = {
        "frame": mesa.frame("informes", books_crumb(books), Crumb(title), etapa=books.etapa),
        "books": books,
        "informe": report,
        "periodo": period,
        "nombre": books_name(books),
        "titulo": title,
        "debido": owed,
        "versiones": versions,
        "llegadas": arrived,
        "lista": ready,
        "problemas": problems,
        "tabla": _figures(books, report, ready, sums),
        "faltantes": _pending(mesa, books, report, owed, window, sums),
        "reloj": _clock(mesa, owed) or (_correction_clock(mesa, owed, window) if later else None),
        "posteriores": later,
        "diferencias": _differences(later, versions),
        "corregible": window,
        "cerrado": _closed(versions, window),
        **_changes(versions),
        "anexos": annexes_table(last) if last else None,
        "aparte": left_out(report.tipo),
        "sello": request.POST.get("sello", ""),
        "termino": mesa.ahora.date() > report.hasta,
        **_signing(mesa, books, last, ready),
    }
    if last is not None and lacks:
        context |= {"falta": signer_words(last, lacks), **_half_signed(mesa, last, lacks, arrived)}
    return admit_frame(request, render(request, "party/informe.html", context, status=status))


def _closed(versions: list[Informe], window: Ventana | None) -> Informe | None:
    """Return the version that was presented and closes the report, unless a correction is open for another."""
    return next((each for each in versions if hasattr(each, "presentacion")), None) if window is None else None


def _pending(
    mesa: Mesa,
    books: Contabilidad,
    report: ReportOwed,
    owed: Obligation | None,
    window: Ventana | None,
    sums: Sums,
) -> Table | None:
    """Return the table of the items that a report lacks while it may be presented or corrected; otherwise None."""
    if owed is None or (owed.recibida_el is not None and window is None):
        return None
    return completeness(mesa, books, report, sums)


def _clock(mesa: Mesa, owed: Obligation | None) -> Clock | None:
    if owed is None or owed.recibida_el is not None:
        return None
    return Clock(report_words(owed), owed.vence_el, mesa.ahora, None, owed.base, why_words(owed))


def _half_signed(mesa: Mesa, last: Informe, lacks: str, arrived: list[Compromiso]) -> dict[str, str]:
    """Return the addresses of what a person may do with a version that waits for another signature."""
    found, place = {}, [*place_of(last), last.version]
    presents = mesa.can("presentar", last.contabilidad)
    if presents and lacks in ACTS:
        found["sola_url"] = reverse("party:presentar_sola", args=place)
    if presents or any(one.recibido_de_id == mesa.usuario.pk for one in arrived):
        found["retirar_url"] = reverse("party:retirar_firma", args=place)
    return found


def _correctable(owed: Obligation | None, books: Contabilidad) -> Ventana | None:
    """Return the window open now in which a corrected version of the report may be presented, if none was."""
    window = correction_of(books, owed.periodo.pk) if owed else None
    if owed is None or window is None or presented_in(books, owed.periodo, window.tipo, owed.tipo):
        return None
    return window


def _correction_clock(mesa: Mesa, owed: Obligation | None, window: Ventana | None) -> Clock | None:
    if window is None or owed is None:
        return None
    title = _("Nueva versión: %(report)s") % {"report": report_words(owed)}
    why = _("Hay operaciones registradas después de presentar.")
    return Clock(title, window.cierra_el, mesa.ahora, window.abre_el, window.base, why)


def _differences(later: Later | None, versions: list[Informe]) -> Table | None:
    """Return the table of the lines in which the report presented and the books differ."""
    if later is None:
        return None
    informe = next(version for version in versions if version.pk == later.informe_id)
    return differences_table(differences(informe))


def _changes(versions: list[Informe]) -> dict[str, object]:
    """Return the version presented before the last and the table of the lines that differ; nothing without one."""
    before = before_of(versions[0]) if versions else None
    if before is None:
        return {}
    found = changes(before.contenido, versions[0].contenido)
    said = _("Versión %(n)d") % {"n": before.version}, _("Versión %(n)d") % {"n": versions[0].version}
    same = Empty(_("Sin diferencias."), _("Las dos versiones dicen las mismas cifras."))
    return {
        "antes": before,
        "cuantos_cambios": len(found),
        "cambios": differences_table(found, _("Lo que cambia de una versión a otra"), *said, nothing=same),
    }


def differences_table(
    found: list[LineDifference], title: str = "", one: str = "", other: str = "", *, nothing: Empty | None = None
) -> Table:
    """Lines of a report beside those of another version of it, or of the books; nothing: what is said without any."""
    columns = (
        Column("titulo", _("Concepto"), show=lambda each: f"{each.linea} {_(each.titulo)}"),
        Column("informe", one or _("Informe presentado"), "dinero"),
        Column("libros", other or _("Libros ahora"), "dinero"),
        Column("diferencia", _("Diferencia"), "dinero"),
    )
    nothing = nothing or Empty(_("Las cifras son las mismas."), _("Lo registrado después se compensa."))
    return panel(title or _("Lo que difiere del informe presentado"), found, columns, vacia=nothing)


def _figures(books: Contabilidad, report: ReportOwed, ready: Informe | None, sums: Sums) -> Table:
    """Return the lines of the form: frozen if a version waits to be presented, as the books say now otherwise."""
    form, kind = form_frozen(ready) if ready is not None else form_of_books(books, report.tipo)
    amounts: tuple[Column, ...] = (
        Column("anterior", _("Periodos anteriores"), "dinero", phone="third"),
        Column("periodo", _("Este periodo"), "dinero", phone="third"),
        Column("acumulado", _("Acumulado"), "dinero", phone="third"),
    )
    if kind.columnas == 1:
        amounts = (Column("periodo", _("Importe"), "dinero", phone="wide"),)
    columns = (
        Column("linea", _("Línea"), "clave"),
        Column("base", _("Fundamento"), "articulo"),
        Column("titulo", _("Concepto"), show=lambda row: law_words(row["titulo"]), phone="wide"),
        *amounts,
    )
    if ready is not None:
        lines = [{"base": "", **row} for row in ready.contenido["lineas"]]
    else:
        lines = [asdict(row) for row in lines_of(books, report, sums)[0]]
    totals = {kind.ingresos, kind.egresos, kind.saldo, kind.tope}
    title = _("Cifras: %(report)s") % {"report": _(form.nombre)}
    return panel(title, lines, columns, look=lambda row: {"resaltada": row["linea"] in totals})


def version_of(mesa: Mesa, number: int, tipo: str, periodo: int, version: int) -> Informe:
    """Return a version of a report. Raises Http404, PermissionDenied."""
    books = mesa.books(number)
    report = report_at(books, periodo, tipo)
    found = informes_of(books, report.periodo, tipo).filter(version=version).first()
    if found is None:
        raise Http404(_("Este informe no tiene la versión %(n)d.") % {"n": version})
    return found
