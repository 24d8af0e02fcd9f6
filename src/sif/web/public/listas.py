"""Build the tables that several public pages share."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sif.disclosure.catalog import PublicSanction, Statement
from sif.law.articles import UnknownArticle, parse_reference
from sif.values import Money
from sif.web.lazy import law_words
from sif.web.marks import article_html
from sif.web.penalties import forma_words
from sif.web.public.words import vote_words
from sif.web.tables import Column, Row, Spending, Thing


def statement_url(row: Statement) -> str:
    """The permanent address of a statement."""
    return reverse("public:candidatura", args=[row.id_contabilidad])


def statement_columns(*, sortable: bool = False) -> tuple[Column, ...]:
    """Who, against the cap, reported, not reported."""
    return (
        Column("nombre", _("Candidatura"), "cosa", sortable),
        Column("tope", _("Contra el tope"), "tope", sortable),
        Column("reportado", _("Gasto reportado"), "dinero", sortable),
        Column("no_reportado", _("No reportado"), "dinero", sortable),
    )


def statement_row(row: Statement, below: str = "") -> Row:
    """A line of the list; below: what stands under the name."""
    cap = row.tope or Money(0)
    return Row(
        {
            "nombre": Thing(row.nombre, statement_url(row), debajo=below or row.sujeto),
            "tope": Spending(row.egresos, cap, row.no_reportado),
            "reportado": row.egresos,
            "no_reportado": row.no_reportado if row.no_reportado else _("ninguno"),
        }
    )


def sanction_columns() -> tuple[Column, ...]:
    """Conclusion, conduct, amounts and vote."""
    return (
        Column("conclusion", _("Conclusión"), "cosa"),
        Column("conducta", _("Conducta y artículo"), "texto", telefono="wide"),
        Column("involucrado", _("Monto involucrado"), "dinero"),
        Column("sancion", _("Sanción"), "dinero"),
        Column("voto", _("Votación"), "texto"),
    )


def sanction_row(row: PublicSanction, rules: dict[str, str]) -> Row:
    """A line of the list of sanctions; rules: address of each rule that has a page."""
    below = _("%(subject)s, %(form)s") % {"subject": row.sujeto, "form": forma_words(row.forma)}
    return Row(
        {
            "conclusion": Thing(row.conclusion, rules.get(row.regla, ""), debajo=below),
            "conducta": Thing(law_words(row.conducta), debajo=articles_html(row.articulo)),
            "involucrado": row.monto_involucrado,
            "sancion": Thing(row.monto, debajo=_parts(row)),
            "voto": Thing(vote_words(row.votos_a_favor, row.votos_en_contra), debajo=row.resolucion),
        }
    )


def articles_html(references: str) -> SafeString:
    """Several references parted by «;», each a link to its article; what is no reference stays in words."""
    each = [(_article(part.strip()),) for part in references.split(";") if part.strip()]
    return format_html_join("; ", "{}", each)


def _article(text: str) -> SafeString:
    try:
        return article_html(str(parse_reference(text)))
    except UnknownArticle:
        return format_html("{}", text)


def _parts(row: PublicSanction) -> str:
    return "; ".join(f"{siglas} ${amount}" for siglas, amount in row.partes) if len(row.partes) > 1 else ""


def rule_urls(rows: Sequence[PublicSanction], query: dict[str, str]) -> dict[str, str]:
    """The address of the page of each rule that those sanctions name, staying in the same stage."""
    tail = f"?{urlencode(query)}" if query else ""
    return {row.regla: reverse("public:regla", args=[row.regla]) + tail for row in rows if row.regla}
