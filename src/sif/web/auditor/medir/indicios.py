"""Show the indicios of the last snapshot, and draw samples; a job looks at a snapshot before its first page."""

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sif.audit.lens.indicio import Indicio, Lente, lenses
from sif.audit.lens.sampling import Muestra, SampleRefused
from sif.audit.lens.services import kept, kept_sample
from sif.audit.lens_tasks import ask_to_look
from sif.audit.models import Instantanea
from sif.audit.selectors import last_run
from sif.audit.services import folder_of, results_folder
from sif.books.models import Poliza
from sif.books.selectors import reference_of
from sif.registry.models import Contabilidad, Proveedor, SujetoObligado
from sif.values import Money
from sif.web.auditor.frames import auditor_frame
from sif.web.auditor.medir.amount_pictures import amounts_pictures
from sif.web.auditor.medir.digit_pictures import digits_picture
from sif.web.authority_seat import books_words, person, stage_at_hand
from sif.web.columns import Column, panel
from sif.web.lazy import law_words
from sif.web.seats import seated_at
from sif.web.tables import Empty, Table, Thing, page_of
from sif.web.trabajos.following import to_job

SHOWN, NAMED, MOST_DRAWN = 50, 3, 2_000
RFC = re.compile(r"\b[A-ZÑ&]{3,4}[0-9]{6}[A-Z0-9]{3}\b")
DRAWN = 4  # pictures of a lens


@require_safe
@seated_at("auditor")
def indicios(request: HttpRequest) -> HttpResponse:
    """Return every lens with the first of what it sees; `?lente=` shows all of one, by pages."""
    etapa = stage_at_hand(request)
    corrida, frame = last_run(etapa), auditor_frame(etapa, "indicios")
    if corrida is None:
        return render(request, "auditor/sin_corrida.html", {"frame": frame})
    folder, results = folder_of(corrida.instantanea), results_folder()
    found = _looked_at(request, corrida.instantanea, lambda: kept(folder, results))
    if isinstance(found, HttpResponse):
        return found
    names = _Names(found)
    known = lenses()
    asked = known.get(request.GET.get("lente", ""))
    shown = [asked] if asked else list(known.values())
    seen = {lens.clave: [each for each in found if each.lente == lens.clave] for lens in shown}
    panels = [_panel(lens, seen[lens.clave], names, request.GET if asked else None) for lens in shown]
    return render(
        request,
        "auditor/indicios.html",
        {
            "frame": frame,
            "asked": asked,
            "cuantos": len(found),
            "lentes": [panel for panel in panels if panel["cuantos"] or asked],
            "sin_nada": [panel["lente"] for panel in panels if not panel["cuantos"] and not asked],
        },
    )


def _looked_at[Seen](
    request: HttpRequest, instantanea: Instantanea, read: Callable[[], Seen | None]
) -> Seen | HttpResponse:
    """Return the result of `read` on a snapshot, or a redirect to the job that computes the result and comes back."""
    found = read()
    if found is not None:
        return found
    trabajo = ask_to_look(instantanea, request.get_full_path(), person(request))
    found = read()  # where jobs run in line it has ended
    return to_job(request, trabajo, person(request)) if found is None else found


class _Names:
    """The words of the accountings, subjects and pólizas that some indicios name, read at once."""

    def __init__(self, found: Sequence[Indicio]) -> None:
        books = {number for each in found for number in each.contabilidades[:NAMED]}
        subjects = {number for each in found for number in each.sujetos}
        rows = Contabilidad.objects.select_related("sujeto", "candidatura__persona").in_bulk(books)
        self.books = {number: (books_words(row), row.sujeto.siglas) for number, row in rows.items()}
        self.suppliers = dict(
            Proveedor.objects.filter(rfc__in={rfc for each in found for rfc in RFC.findall(each.dice)}).values_list(
                "rfc", "nombre"
            )
        )
        self.subjects = dict(SujetoObligado.objects.filter(pk__in=subjects).values_list("pk", "siglas"))

    def of(self, each: Indicio) -> str:
        """Return the first accountings, and how many more there are."""
        return ", ".join(words for words, _url in self._books_of(each))

    def linked(self, each: Indicio) -> SafeString:
        """Return the same; each accounting opens its hallazgos."""
        parts = [
            format_html('<a href="{}">{}</a>', url, words) if url else words for words, url in self._books_of(each)
        ]
        return format_html_join(", ", "{}", ((part,) for part in parts))

    def _books_of(self, each: Indicio) -> list[tuple[str, str]]:
        known = [number for number in each.contabilidades[:NAMED] if number in self.books]
        queue, more = reverse("auditor:hallazgos"), len(each.contabilidades) - len(known)
        named = [(self.books[number][0], f"{queue}?contabilidad={number}") for number in known]
        return [*named, (ngettext("y %(n)s más", "y %(n)s más", more) % {"n": more}, "")] if more else named

    def who(self, each: Indicio) -> str:
        """Return the names of the suppliers whose RFC its words say; '' where they say none that is known."""
        return ", ".join(dict.fromkeys(self.suppliers[rfc] for rfc in RFC.findall(each.dice) if rfc in self.suppliers))

    def whose(self, each: Indicio) -> str:
        """Return the subjects of an indicio, by their initials."""
        known = [self.subjects[number] for number in each.sujetos if number in self.subjects]
        return ", ".join(known or [self.books[number][1] for number in each.contabilidades[:1] if number in self.books])


def _panel(lens: Lente, found: Sequence[Indicio], names: _Names, query: QueryDict | None) -> dict[str, object]:
    """Draw what a lens sees: a page of it for an address that asks of that lens alone, or else the first rows."""
    columns = (
        Column("dice", _("Indicio"), "cosa", show=lambda each: Thing(each.dice, debajo=names.who(each))),
        Column("sujetos", _("Sujetos"), show=names.whose, phone="half"),
        Column("contabilidades", _("Contabilidades"), show=names.linked, phone="wide"),
        Column("casos", _("Operaciones"), "numero", phone="half"),
        Column("monto", _("Monto"), "dinero", phone="half"),
        Column(
            "polizas",
            _("Primeras pólizas"),
            show=lambda each: "; ".join(references.get(number, str(number)) for number in each.polizas[:NAMED]),
            phone="wide",
        ),
    )
    rows, pager = (found[:SHOWN], None) if query is None else page_of(found, query, SHOWN)
    references = _references(each.polizas[:NAMED] for each in rows)
    empty = Empty(_("Esta lente no ve nada fuera de lo común."), "")
    return {
        "lente": lens,
        "tabla": panel(law_words(lens.titulo), rows, columns, vacia=empty, pagina=pager),
        "cuantos": len(found),
        "faltan": 0 if pager else len(found) - len(rows),
        "graficas": [
            *amounts_pictures(rows, lambda each: names.who(each) or names.of(each)),
            *[digits_picture(each, names.of(each)) for each in rows if each.digitos][:DRAWN],
        ],
        "limites": "; ".join(_limit_words(name, value) for name, value in lens.limites.items()),
    }


def _limit_words(name: str, value: int) -> str:
    """Return a criterion of a lens in words: basis points as times or per cent, centavos as pesos."""
    share = {"n": f"{Decimal(value) / 100:.1f}".removesuffix(".0")}
    words = {
        "operaciones": _("%(n)s operaciones o más") % {"n": value},
        "conceptos": _("artículos con %(n)s conceptos o más") % {"n": value},
        "sujetos": _("%(n)s sujetos o más") % {"n": value},
        "dias": _("los últimos %(n)s días") % {"n": value},
        "monto": _("montos desde $%(money)s") % {"money": Money(value)},
        "redondo": _("múltiplos de $%(money)s") % {"money": Money(value)},
        "veces_pb": _("%(n)s veces lo común o más") % {"n": f"{Decimal(value) / 10_000:.1f}".removesuffix(".0")},
        "desvio_pb": _("desvío medio de %(n)s puntos por ciento o más") % share,
        "cerca_pb": _("hasta %(n)s por ciento por debajo del límite") % share,
        "azar": _("que el azar daría menos de una vez en %(n)s") % {"n": f"{value:,}"},
    }
    return words[name]


def _references(many: Iterable[Sequence[int]]) -> dict[int, str]:
    wanted = {number for each in many for number in each}
    rows = Poliza.objects.filter(pk__in=wanted).select_related("periodo", "contabilidad")
    return {row.pk: reference_of(row) for row in rows}


@require_safe
@seated_at("auditor")
def muestreo(request: HttpRequest) -> HttpResponse:
    """A sample of the pólizas of expense of the last snapshot: the seed and size are asked and stay in the address."""
    etapa = stage_at_hand(request)
    corrida, frame = last_run(etapa), auditor_frame(etapa, "muestreo")
    if corrida is None:
        return render(request, "auditor/sin_corrida.html", {"frame": frame})
    seed, size = request.GET.get("semilla", ""), request.GET.get("tamano", "60")
    context: dict[str, object] = {"frame": frame, "semilla": seed, "tamano": size, "digest": corrida.instantanea.digest}
    if "semilla" in request.GET:
        drawn = _looked_at(request, corrida.instantanea, lambda: _drawn(corrida.instantanea, seed, size))
        if isinstance(drawn, HttpResponse):
            return drawn
        context |= drawn
    return render(request, "auditor/muestreo.html", context)


def _drawn(instantanea: Instantanea, seed: str, size: str) -> dict[str, object] | None:
    """Return the sample, or why there is none; None until the snapshot was looked at."""
    if not (size.isascii() and size.isdecimal() and 1 <= int(size) <= MOST_DRAWN):
        words = _("El tamaño es «%(size)s»; se piden de 1 a %(most)s centavos. Escriba un número entero.")
        return {"error": words % {"size": size[:20], "most": f"{MOST_DRAWN:,}"}}
    try:
        drawn = kept_sample(folder_of(instantanea), results_folder(), seed, int(size))
    except SampleRefused as refused:
        return {"error": str(refused)}
    if drawn is None:
        return None
    return {"muestra": drawn, "total": Money(drawn.total), "intervalo": Money(drawn.intervalo), "tabla": _table(drawn)}


def _table(drawn: Muestra) -> Table:
    columns = (
        Column("poliza", _("Póliza"), "cosa", show=lambda row: Thing(row.referencia, "", str(row.poliza_id))),
        Column(
            "contabilidad",
            _("Contabilidad"),
            show=lambda row: books_words(books[row.contabilidad_id]) if row.contabilidad_id in books else "",
            phone="half",
        ),
        Column("veces", _("Centavos elegidos"), "numero", total=True, phone="half"),
        Column("monto", _("Gasto"), "dinero", total=True, phone="half"),
    )
    books = Contabilidad.objects.select_related("candidatura__persona").in_bulk(
        {row.contabilidad_id for row in drawn.polizas}
    )
    return panel(_("Pólizas elegidas"), drawn.polizas, columns, palabra_total=_("Suma de lo elegido"))
