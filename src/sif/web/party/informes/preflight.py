"""Show what the rules find in these books today, its possible cost and its cure."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sif.audit.preflight import MOST_ROWS, Case, Risk, is_large
from sif.audit.preflight_tasks import ask_for_preflight
from sif.books.models import PartidaApertura, Poliza
from sif.law.articles import Supuesto
from sif.registry.models import Contabilidad
from sif.rulebook.citations import cited_text
from sif.rulebook.rule import Basis, Rule
from sif.statutes.selectors import bases_here, in_force
from sif.values import Money
from sif.web.columns import Column, panel, sums
from sif.web.files import file_response
from sif.web.frame import Crumb
from sif.web.law import criterion_words, finding_words
from sif.web.lazy import law_words
from sif.web.outcomes import outcome_words
from sif.web.party.informes.preflight_cache import Foresight, PricedRisk, Seen, foresee, priced
from sif.web.party.mesa import Mesa, books_crumb, books_name, books_office, party_page
from sif.web.penalties import forma_words
from sif.web.tables import Empty, Link, Table, Thing, page_of, query_with
from sif.web.trabajos.following import to_job
from sif.web.typed import typed_number

HEAD = ("regla", "titulo", "resultado", "contabilidad", "dia", "monto", "que_se_vio", "como_se_cura")
PAGE = 50


@require_safe
@party_page
def overview(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Every rule that would find something, by money; ?contabilidad= asks of one set of books, ?formato= gives a file.

    Of small books the page comes at once and asks for its figures with ?revisar; of large ones it shows what their job
    answered last.
    """
    libros = _asked(request.GET, mesa)
    one = libros[0] if _is_one(request.GET) else None
    crumbs = (books_crumb(one),) if one else ()
    context = {
        "frame": mesa.frame("revision", *crumbs),
        "uno": one,
        "nombre": books_name(one) if one else "",
        "consulta": query_with(request.GET, revisar="si").lstrip("?"),
    }
    if not libros:
        return render(request, "party/revision.html", {**context, "vacio": True})
    if not (request.GET.get("formato") or request.GET.get("revisar") or is_large(libros)):
        return render(request, "party/revision.html", context)
    seen = foresee(libros, mesa.usuario, anew="de_nuevo" in request.GET)
    if request.GET.get("formato"):
        return _file(request.GET, seen.prevision) if seen.prevision else _to_overview(request)
    template = "party/revision_resultado.html" if request.headers.get("HX-Request") else "party/revision.html"
    return render(request, template, {**context, **_result(request.GET, seen, libros)})


@require_POST
@party_page
def ask(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Ask for the job that reviews large books; small ones are asked about again at once."""
    libros = _asked(request.GET, mesa)
    if not libros:
        raise Http404(_("No hay libros que revisar."))
    if not is_large(libros):
        return HttpResponseRedirect(reverse("party:revision") + query_with(request.GET, revisar="si", de_nuevo="si"))
    return to_job(request, ask_for_preflight(libros, mesa.usuario, una=_is_one(request.GET)), mesa.usuario)


@require_safe
@party_page
def brief(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return the first five risks, for «Hoy»; ?contabilidad= asks of one set of books, for the page of its report."""
    libros = _asked(request.GET, mesa)
    if not libros:
        return HttpResponse("")
    seen = foresee(libros, mesa.usuario)
    context = _apart(seen) | {"consulta": f"?contabilidad={libros[0].pk}" if _is_one(request.GET) else ""}
    if found := seen.prevision:
        risks = priced(found.revision, libros)
        context |= {
            "tabla": _risks_table(risks[:5], request.GET, _Law(libros)),
            "todas": found.revision.hallazgos,
            "corrida_el": found.corrida_el,
            "reglas": len(found.revision.cumplen),
        }
    return render(request, "party/revision_breve.html", context)


@require_safe
@party_page
def findings(request: HttpRequest, mesa: Mesa, regla: str, resultado: str) -> HttpResponse:
    """Render the findings of one rule for one outcome, each with its cure."""
    libros = _asked(request.GET, mesa)
    if not libros:
        raise Http404(_("No hay libros que revisar."))
    seen = foresee(libros, mesa.usuario)
    if seen.prevision is None:
        return _to_overview(request)
    found = seen.prevision
    risk = next(
        (
            each
            for each in priced(found.revision, libros)
            if (each.riesgo.regla.id, each.riesgo.resultado) == (regla, resultado)
        ),
        None,
    )
    rule = risk.riesgo.regla if risk else next((rule for rule, _n in found.revision.cumplen if rule.id == regla), None)
    if rule is None:
        raise Http404(_("La regla %(rule)s no se pregunta sobre estos libros.") % {"rule": regla})
    context = {
        "frame": mesa.frame("revision", Crumb(_("Revisión previa"), reverse("party:revision")), Crumb(regla)),
        "regla": rule,
        "bases": _Law(libros).bases(rule, resultado),
        "riesgo": risk,
        "corrida_el": found.corrida_el,
        **_apart(seen),
        "uno": libros[0] if _is_one(request.GET) else None,
        "criterio": criterion_words(risk.posible.criterio) if risk and risk.posible else "",
        "tabla": _findings_table(request.GET, risk.riesgo if risk else None, mesa),
    }
    return render(request, "party/revision_regla.html", context)


def _to_overview(request: HttpRequest) -> HttpResponse:
    """To the page that offers the job whose answer was wanted."""
    return HttpResponseRedirect(reverse("party:revision") + query_with(request.GET, formato="", pagina=""))


def _apart(seen: Seen) -> dict[str, object]:
    """Return the context of a page on books that a job reviews."""
    is_old = seen.prevision.es_anterior if seen.prevision else False
    return {
        "aparte": seen.aparte,
        "trabajo": seen.trabajo,
        "es_anterior": is_old,
        "hay": seen.prevision is not None,
        "cabe": MOST_ROWS,
    }


def _is_one(query: QueryDict) -> bool:
    """Return whether one set of books is asked about."""
    return bool(typed_number(query.get("contabilidad", "")))


def _asked(query: QueryDict, mesa: Mesa) -> list[Contabilidad]:
    """Return the books asked about: one by number, or all those of the first subject at the stage at hand."""
    if number := typed_number(query.get("contabilidad", "")):
        return [mesa.books(number)]
    first = mesa.actuales[0].sujeto_id if mesa.actuales else None
    return [books for books in mesa.actuales if books.sujeto_id == first]


def _result(query: QueryDict, seen: Seen, libros: list[Contabilidad]) -> dict[str, object]:
    found, whole = seen.prevision, not _is_one(query)
    if found is None:
        return _apart(seen)
    risks, said = priced(found.revision, libros), _Law(libros)
    sanctions = Money(sum(each.sancion.centavos for each in risks if each.sancion))
    return {
        **_apart(seen),
        "revision": found.revision,
        "corrida_el": found.corrida_el,
        "riesgos": risks,
        "tabla": _risks_table(risks, query, said),
        "esperan": [(rule, cited_text(said.bases(rule)[:1])) for rule in found.revision.esperan],
        "sancion": sanctions,
        "por_libros": _books_table(found, libros) if whole else None,
        "reglas": len(found.revision.cumplen),
        "de_nuevo": query_with(query, revisar="si", de_nuevo="si"),
        "exportar": [Link(kind.upper(), query_with(query, formato=kind, revisar="")) for kind in ("csv", "xlsx")],
    }


class _Law:
    """Reader of the bases of rules for some books, whose subject and stage are one."""

    def __init__(self, libros: Sequence[Contabilidad]) -> None:
        self._etapa, self._tipo, self._standing = libros[0].etapa, libros[0].sujeto.tipo, in_force()

    def bases(self, rule: Rule, outcome: str = "") -> tuple[Basis, ...]:
        """Return the bases of a rule, or of one of its outcomes, that speak of these books, each with its status."""
        case = Supuesto(self._tipo, self._etapa.tipo, self._etapa.proceso.ambito)
        return bases_here(rule, case, self._etapa.termina_el, self._standing, outcome)


def _risks_table(risks: Sequence[PricedRisk], query: QueryDict, said: _Law) -> Table:
    columns = (
        Column("que", _("Qué se vio"), "cosa", show=lambda each: _risk(each, _risk_url(each, query), said)),
        Column("monto", _("Monto en riesgo"), "dinero", "riesgo__monto", total=True, phone="half"),
        Column("sancion", _("Sanción posible"), "dinero", show=_sanction, phone="half"),
        Column("sigue", _("Qué sigue"), "accion", show=lambda each: Link(_cases(each), _risk_url(each, query))),
    )
    fined = {"sancion": Money(sum(each.sancion.centavos for each in risks if each.sancion))} if risks else {}
    words = ngettext("Suma de %(n)d alerta", "Suma de %(n)d alertas", len(risks)) % {"n": len(risks)}
    nothing = Empty(_("Hoy la autoridad no encontraría nada."), _("Las reglas que alcanzan a estos libros se cumplen."))
    totals = {**sums(columns, risks), **fined}
    return panel(_("Revisión previa"), risks, columns, totales=totals, palabra_total=words, vacia=nothing)


def _risk_url(each: PricedRisk, query: QueryDict) -> str:
    address = reverse("party:revision_regla", args=[each.riesgo.regla.id, each.riesgo.resultado])
    asked = query.get("contabilidad", "")
    return f"{address}?contabilidad={asked}" if asked.isdecimal() else address


def _risk(each: PricedRisk, url: str, said: _Law) -> Thing:
    risk, count = each.riesgo, len(each.riesgo.hallazgos)
    below = ngettext("%(what)s: %(n)d caso.", "%(what)s: %(n)d casos.", count) % {
        "n": count,
        "what": outcome_words(risk.resultado),
    }
    return Thing(_(risk.regla.title), url, risk.regla.id, below, cited_text(said.bases(risk.regla, risk.resultado)[:1]))


def _sanction(each: PricedRisk) -> object:
    if each.posible is None:
        return _("sin criterio")
    form = forma_words(each.posible.calculada.forma)
    return Thing(each.sancion, debajo=f"{form}; {criterion_words(each.posible.criterio)}")


def _cases(each: PricedRisk) -> str:
    count = len(each.riesgo.hallazgos)
    return ngettext("Ver %(n)d caso", "Ver %(n)d casos", count) % {"n": count}


def _books_table(found: Foresight, libros: Sequence[Contabilidad]) -> Table:
    named, here = {books.pk: books for books in libros}, reverse("party:revision")
    at_risk = {number: risk for number, risk in found.revision.por_libros.items() if number in named}

    def name(number: int) -> Thing:
        books, url = named[number], f"{here}?contabilidad={number}&revisar=si"
        return Thing(books_name(books), url, str(number), books_office(books))

    columns = (
        Column("contabilidad", _("Contabilidad"), "cosa", show=name),
        Column("alertas", _("Alertas"), "numero", show=lambda number: at_risk[number][0], phone="half"),
        Column("monto", _("Monto en riesgo"), "dinero", show=lambda number: at_risk[number][1], phone="half"),
    )
    rows = sorted(at_risk, key=lambda number: -at_risk[number][1].centavos)
    return panel(_("Por contabilidad"), rows, columns, vacia=Empty(_("Ninguna contabilidad tiene alertas."), ""))


def _findings_table(query: QueryDict, risk: Risk | None, mesa: Mesa) -> Table:
    found, named = (risk.hallazgos, (risk.regla.id, risk.resultado)) if risk else ((), ("", ""))
    columns = (
        Column(
            "que",
            _("Qué se vio"),
            "cosa",
            show=lambda each: Thing(finding_words(*named, each.message), places.get(each.key, "")),
        ),
        Column(
            "contabilidad",
            _("Contabilidad"),
            "clave",
            show=lambda each: Thing(str(each.contabilidad_id or ""), _books_url(each, mesa)),
            phone="half",
        ),
        Column("monto", _("Monto"), "dinero", show=lambda each: Money(each.monto or 0), phone="half"),
        Column(
            "cura",
            _("Cómo se cura"),
            show=lambda each: law_words(each.asks) or _("Revise el dato y corríjalo en los libros."),
        ),
        Column(
            "ir",
            _("Qué sigue"),
            "accion",
            show=lambda each: (
                Link(_("Abrir la póliza"), places[each.key]) if each.key in places else _("En los catálogos")
            ),
        ),
    )
    shown, pager = page_of(found, query, PAGE)
    places = _places(shown)
    nothing = Empty(_("Ya no hay nada que curar aquí."), _("La regla se cumple en estos libros."))
    return panel(_("Casos"), shown, columns, pagina=pager, vacia=nothing)


def _books_url(found: Case, mesa: Mesa) -> str:
    if found.contabilidad_id not in mesa.libros:
        return ""
    return reverse("party:contabilidad", args=[found.contabilidad_id])


def _places(found: Sequence[Case]) -> dict[str, str]:
    """Return the address of the póliza that cures each finding, by key of the finding."""
    wanted = {each.key: each.poliza_id for each in found if each.poliza_id is not None}
    links = Poliza.objects.filter(pk__in=set(wanted.values())).values_list("pk", "contabilidad_id", "eslabon")
    brought = PartidaApertura.objects.filter(pk__in={-number for number in wanted.values() if number < 0})
    opened = brought.values_list("pk", "contabilidad_id", "apertura__poliza__eslabon")
    named = [*links, *((-pk, books, link) for pk, books, link in opened)]
    known = {pk: reverse("party:poliza", args=[books, link]) for pk, books, link in named}
    return {key: known[pk] for key, pk in wanted.items() if pk in known}


def _file(query: QueryDict, found: Foresight) -> HttpResponse:
    rows = (
        (
            risk.regla.id,
            risk.regla.title,
            risk.resultado,
            each.contabilidad_id,
            each.day,
            Money(each.monto or 0),
            each.message,
            each.asks,
        )
        for risk in found.revision.riesgos
        for each in risk.hallazgos
    )
    return file_response(query.get("formato", ""), "revision-previa", HEAD, rows)
