"""Build the tables that several public pages share."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sif.disclosure.catalog import PublicSanction, Statement
from sif.law.articles import UnknownArticle, parse_reference
from sif.values import Money
from sif.web.columns import Column, Link
from sif.web.lazy import law_words
from sif.web.marks import article_html
from sif.web.penalties import forma_words
from sif.web.public.words import vote_words
from sif.web.tables import Spending, Thing


def statement_columns(*, sort: bool = False, below: Callable[[Statement], str] | None = None) -> tuple[Column, ...]:
    """Return the columns of a list of statements: name, spending against the cap, reported and not reported.

    below: the text under the name, in place of the subject.
    """
    return (
        Column("nombre", _("Candidatura"), "cosa", sort=sort, link=Link("public:candidatura", ("id_contabilidad",))),
        Column("sujeto", show=below, under="nombre"),
        Column("tope", _("Contra el tope"), "tope", sort=sort, show=_spending),
        Column("reportado", _("Gasto reportado"), "dinero", "egresos", sort=sort),
        Column("no_reportado", _("No reportado"), "dinero", sort=sort, show=_unreported),
    )


def _unreported(row: Statement) -> Money | str:
    return unresolved_words() if row.no_reportado is None else row.no_reportado or _("ninguno")


def unresolved_words() -> str:
    """Return what is said in the place of an amount that the council has not resolved."""
    return _("aún no resuelto por el Consejo")


def _spending(row: Statement) -> Spending:
    return Spending(row.egresos, row.tope or Money(0), row.no_reportado or Money(0))


def sanction_columns(rules: Mapping[str, str]) -> tuple[Column, ...]:
    """Conclusion, conduct, amounts and vote. rules: address of each rule that has a page."""

    def conclusion(row: PublicSanction) -> Thing:
        below = _("%(subject)s, %(form)s") % {"subject": row.sujeto, "form": forma_words(row.forma)}
        return Thing(row.conclusion, rules.get(row.regla, ""), debajo=below)

    def conduct(row: PublicSanction) -> Thing:
        return Thing(law_words(row.conducta), debajo=articles_html(row.articulo))

    def vote(row: PublicSanction) -> Thing:
        return Thing(vote_words(row.votos_a_favor, row.votos_en_contra), debajo=row.resolucion)

    return (
        Column("conclusion", _("Conclusión"), "cosa", show=conclusion),
        Column("conducta", _("Conducta y artículo"), show=conduct, phone="wide"),
        Column("involucrado", _("Monto involucrado"), "dinero", "monto_involucrado"),
        Column("sancion", _("Sanción"), "dinero", show=lambda row: Thing(row.monto, debajo=_parts(row))),
        Column("voto", _("Votación"), show=vote),
    )


def articles_html(references: str, told: bool = False) -> SafeString:
    """Several references parted by «;», each a link to its article; what is no reference stays in words.

    told: what stands beside says that they wait to be confirmed.
    """
    each = [(_article(part.strip(), told),) for part in references.split(";") if part.strip()]
    return format_html_join("; ", "{}", each)


def _article(text: str, told: bool) -> SafeString:
    try:
        return article_html(str(parse_reference(text)), told)
    except UnknownArticle:
        return format_html("{}", text)


def _parts(row: PublicSanction) -> str:
    return "; ".join(f"{siglas} ${amount}" for siglas, amount in row.partes) if len(row.partes) > 1 else ""


def rule_urls(rows: Sequence[PublicSanction], query: dict[str, str]) -> dict[str, str]:
    """Return the address of the page of each rule that those sanctions name, staying in the same stage."""
    tail = f"?{urlencode(query)}" if query else ""
    return {row.regla: reverse("public:regla", args=[row.regla]) + tail for row in rows if row.regla}
