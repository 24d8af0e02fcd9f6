"""Show a conclusion of a dictamen with the facts, the answer and the analysis that its sanction rests on."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sif.audit.models import Hallazgo
from sif.books.models import Poliza
from sif.books.selectors import reference_of
from sif.proceedings.models import Conclusion
from sif.proceedings.selectors import cited_in, last_answers
from sif.registry.masks import covered
from sif.values import Money
from sif.web import law
from sif.web.auditor.hallazgos_words import where_words
from sif.web.authority_seat import books_words, person
from sif.web.columns import Column, panel
from sif.web.council.frames import council_frame
from sif.web.frame import Crumb
from sif.web.seats import seated_at
from sif.web.tables import Pager, Table, Thing, page_of


def facts_table(rows: Sequence[Hallazgo], page: Pager, amount: int) -> Table:
    """Return a page of the facts: what the rule saw, in whose books, on what day, in what póliza and for how much."""
    columns = (
        Column(
            "hecho",
            _("Hecho"),
            "cosa",
            show=lambda each: Thing(
                where_words(each), debajo=covered(each.mensaje), clave_debajo=polizas.get(each.pk, "")
            ),
        ),
        Column(
            "contabilidad",
            _("Contabilidad"),
            show=lambda each: Thing(books_words(each.contabilidad), debajo=str(each.contabilidad_id)),
            phone="half",
        ),
        Column(
            "regla",
            _("Regla"),
            show=lambda each: Thing(law.rule_title(each.regla), reverse("public:regla", args=[each.regla]), each.regla),
            phone="half",
        ),
        Column("dia", _("Día"), "dia", show=lambda each: each.dia or _("sin día"), phone="half"),
        Column("monto", _("Monto"), "dinero", phone="half"),
    )
    polizas = _polizas(rows)
    words = ngettext("Suma de %(n)d hecho", "Suma de %(n)d hechos", page.total) % {"n": page.total}
    return panel(
        _("Hechos"), rows, columns, totales={"monto": Money(amount)} if rows else {}, palabra_total=words, pagina=page
    )


def _polizas(rows: Sequence[Hallazgo]) -> dict[int, str]:
    """Return the reference of the póliza that each judged row names, by the number of the hallazgo."""
    numbers = {each.pk: each.fila.get("poliza_id") for each in rows}
    wanted = [number for number in numbers.values() if number]
    found = {row.pk: reference_of(row) for row in Poliza.objects.filter(pk__in=wanted).select_related("periodo")}
    return {pk: found[number] for pk, number in numbers.items() if number in found}


@require_safe
@seated_at("council")
def conclusion(request: HttpRequest, pk: int) -> HttpResponse:
    """A conclusion: what was observed and where, what the subject answered, how it was judged, and its sanction."""
    row = get_object_or_404(
        Conclusion.objects.select_related(
            "dictamen__etapa__proceso", "dictamen__sujeto", "observacion", "cierre__cerrada_por"
        ).filter(dictamen__cierre__isnull=False),
        pk=pk,
    )
    dictamen, observed = row.dictamen, row.observacion
    drawn = dictamen.resolucion
    facts = observed.hallazgos.select_related("contabilidad__candidatura__persona").order_by("-monto", "pk")
    shown, page = page_of(facts, request.GET)
    answer = last_answers([observed]).get(observed.pk)
    trail = [Crumb(_("Resoluciones"), reverse("council:resoluciones"))]
    trail += [Crumb(drawn.numero, reverse("council:resolucion", args=[drawn.pk]))] if drawn else []
    context = {
        "frame": council_frame(dictamen.etapa, person(request), "resoluciones", *trail, Crumb(row.clave)),
        "conclusion": row,
        "dictamen": dictamen,
        "resolucion": drawn,
        "sancion": drawn.sanciones.filter(conclusion=row).first() if drawn else None,
        "observacion": observed,
        "respuesta": answer,
        "polizas": cited_in(answer),
        "tabla": facts_table(shown, page, observed.monto),
    }
    return render(request, "council/conclusion.html", context)
