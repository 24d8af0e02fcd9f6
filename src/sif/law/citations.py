"""Every place of the law's data that cites an article: where it is, what it cites, and what it says stands there."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Literal

from sif.law.articles import (
    Reference,
    Supuesto,
    Supuestos,
    UnknownArticle,
    load_laws,
    parse_reference,
    passage,
    read_text,
    says,
)
from sif.law.numerals import says_figure
from sif.law.offenders import LawSpan, OffenderKind, SanctionForm, UmaDay, Vista, load_sanction_law
from sif.law.parameters import ValueSpan, load_parameters
from sif.law.reforms import spans_known
from sif.law.sanctions import Criterion, load_criteria
from sif.law.sources import data_path, read_data
from sif.values import Span

Agreement = Literal["coincide", "difiere", "no_hallada"]
_TYPED = frozenset(
    {"articles.yaml", "criteria.yaml", "sanciones.yaml"}
)  # read below by their own readers, as are the parameters
_LABELS = ("desde", "inciso", "clave", "hito", "acto", "linea", "codigo")


@dataclass(frozen=True, slots=True)
class Citation:
    """A place of the data that cites the law.

    clave: key of what it grounds, the same while the data say the same (`cifra uma 2024-02-01`); donde: file and place;
    articulo: the citation as written; cita: the words quoted, '' when only the article is named; figura: value and unit
    taken from there; estatus: `confirmado`, `por confirmar`, or '' where the data do not say. habla_de: the cases of
    which the words speak, where they are fewer than those of their article.
    """

    clave: str
    donde: str
    articulo: str
    cita: str = ""
    figura: tuple[int, str] | None = None
    estatus: str = ""
    lapso: Span = Span(date.min)  # noqa: RUF009 - immutable
    habla_de: Supuestos | None = None
    jurisdiction: str = field(kw_only=True)

    @property
    def referencia(self) -> Reference | None:
        """The article cited; None where the basis is in words and names no article of a law that we know."""
        return reference_of(self.articulo, self.jurisdiction)

    @property
    def huella(self) -> str:
        """The digest of what it says: another one when the article, the words or the figure change."""
        said = json.dumps([self.clave, self.articulo, self.cita, self.figura], ensure_ascii=False)
        return hashlib.sha256(said.encode("utf-8")).hexdigest()

    def agrees(self, articles: Mapping[str, str]) -> Agreement:
        """Return `coincide` or `difiere` against the articles of a law, `no_hallada` for a missing article or part."""
        cited = self.referencia
        if cited is None or cited.numero not in articles:
            return "no_hallada"
        try:
            part = passage(articles[cited.numero], cited)
        except UnknownArticle:
            return "no_hallada"
        right = (not self.cita or says(part, self.cita)) and (self.figura is None or says_figure(part, *self.figura))
        return "coincide" if right else "difiere"


def speaks_of(citation: Citation, case: Supuesto, jurisdiction: str) -> bool:
    """Return whether what is cited speaks of a case; a basis that names no article speaks of any."""
    cited = citation.referencia
    if cited is None:
        return True
    return (citation.habla_de or load_laws(jurisdiction)[cited.ley].speaks_of(cited)).covers(case)


def is_read(citation: Citation, case: Supuesto, day: date, jurisdiction: str) -> bool:
    """Return whether the text of law that the project read says it, of that case and on that day."""
    cited = citation.referencia
    if citation.estatus != "confirmado" or cited is None or not speaks_of(citation, case, jurisdiction):
        return False
    return any(day in span for span in days_read(citation, jurisdiction))


@cache
def days_read(citation: Citation, jurisdiction: str) -> tuple[Span, ...]:
    """Return the days in which the law said what is cited, as far as the text that the project read tells."""
    cited = citation.referencia
    article = read_text(cited.ley, jurisdiction).get(cited.numero) if cited else None
    if cited is None or article is None:
        return ()
    return spans_known(load_laws(jurisdiction)[cited.ley], article, cited, citation.cita)


def reference_of(text: str, jurisdiction: str) -> Reference | None:
    """Return the article that a text names and nothing else, of a law that is cited; None for any other words."""
    try:
        cited = parse_reference(text)
    except UnknownArticle:
        return None
    return cited if cited.ley in load_laws(jurisdiction) else None


def figure_key(clave: str, span: ValueSpan) -> str:
    """Return the key of the basis of a figure."""
    return f"cifra {clave} {span.desde}"


def criterion_key(criterion: Criterion) -> str:
    """Return the key of the basis of a criterion of sanction."""
    return f"criterio {criterion.clave} {criterion.desde}"


@cache
def law_citations(jurisdiction: str) -> tuple[Citation, ...]:
    """Return every citation of the law's data, figures and criteria first."""
    return (*_figures(jurisdiction), *_criteria(jurisdiction), *_sanctions(jurisdiction), *_others(jurisdiction))


def _figures(jurisdiction: str) -> Iterator[Citation]:
    for clave, parameter in load_parameters(jurisdiction).items():
        for span in parameter.valores:
            yield Citation(
                figure_key(clave, span),
                f"law/parameters, {clave} desde {span.desde}",
                span.articulo or span.base,
                span.cita,
                (span.valor, parameter.unidad),
                span.estatus,
                span.span,
                jurisdiction=jurisdiction,
            )


def _criteria(jurisdiction: str) -> Iterator[Citation]:
    units = {"porcentaje": "puntos base", "umas_por_unidad": "uma"}
    for clave, rows in load_criteria(jurisdiction).items():
        for row in rows:
            yield Citation(
                criterion_key(row),
                f"law/criteria.yaml, {clave} desde {row.desde}",
                row.articulo or row.base,
                row.cita,
                (row.valor, units[row.modo]),
                row.estatus,
                Span(row.desde, row.hasta),
                row.habla_de,
                jurisdiction=jurisdiction,
            )


def form_key(kind: OffenderKind, form: SanctionForm, span: LawSpan) -> str:
    """Return the key of the basis of a form of sanction against a kind of person."""
    return f"sancion {kind.clave} {form.forma} {span.desde}"


def vista_key(vista: Vista, span: LawSpan) -> str:
    """Return the key of the basis of what another authority decides."""
    return f"vista {vista.conducta} {vista.etapa} {vista.articulo} {span.desde}"


def uma_day_key(rule: UmaDay) -> str:
    """The key of the basis of the day whose UMA is taken."""
    return f"dia_uma {rule.regla} {rule.lapso.desde}"


def _sanctions(jurisdiction: str) -> Iterator[Citation]:
    """Yield the citations of each form of sanction and each vista in each span, and of the day of the UMA."""
    law, units = load_sanction_law(jurisdiction), {"multa": "uma", "reduccion": "puntos base"}
    for kind in law.clases.values():
        for form in kind.formas:
            figure = (form.maximo, units[form.forma]) if form.maximo else None
            where = f"law/sanciones.yaml, {kind.clave}, {form.forma}"
            yield from (
                _ruling(form_key(kind, form, span), where, form, span, figure, jurisdiction) for span in form.lapsos
            )
    for vista in law.vistas:
        where = f"law/sanciones.yaml, vista por {vista.conducta} en {vista.etapa}"
        yield from (_ruling(vista_key(vista, span), where, vista, span, None, jurisdiction) for span in vista.lapsos)
    for rule in law.dia_uma:
        days = Span(rule.lapso.desde, rule.lapso.hasta)
        where = f"law/sanciones.yaml, dia_uma desde {rule.lapso.desde}"
        yield Citation(
            uma_day_key(rule),
            where,
            rule.base,
            rule.dice,
            estatus=rule.lapso.estatus,
            lapso=days,
            jurisdiction=jurisdiction,
        )


def _ruling(
    clave: str,
    where: str,
    said: SanctionForm | Vista,
    span: LawSpan,
    figure: tuple[int, str] | None,
    jurisdiction: str,
) -> Citation:
    days = Span(span.desde, span.hasta)
    return Citation(
        clave,
        f"{where} desde {span.desde}",
        said.articulo,
        said.cita,
        figure,
        span.estatus,
        days,
        jurisdiction=jurisdiction,
    )


def _others(jurisdiction: str) -> Iterator[Citation]:
    """Yield the citations of the other files: terms of reviews, stages, apportionment, receipts, forms and acts."""
    law = data_path(jurisdiction, "law")
    files = [path for path in sorted(law.glob("*.yaml")) if path.name not in _TYPED]
    files += sorted((law / "obligaciones").glob("*.yaml"))
    files += [*sorted(data_path(jurisdiction, "forms").glob("*.yaml")), data_path(jurisdiction, "acts.yaml")]
    for path in files:
        yield from _walk(
            read_data(path), f"{path.parent.name}/{path.name}".removeprefix(f"{jurisdiction}/"), jurisdiction
        )


def _walk(node: object, place: str, jurisdiction: str) -> Iterator[Citation]:
    if isinstance(node, Mapping):
        named = next((name for name in ("articulo", "base") if isinstance(node.get(name), str)), "")
        if named:
            yield _cited(node, node[named], place, jurisdiction)
        for key, value in node.items():
            if key not in (named, "cita"):
                yield from _walk(value, f"{place}, {key}", jurisdiction)
    elif isinstance(node, list):
        for number, value in enumerate(node, 1):
            yield from _walk(value, f"{place} {_label(value, number)}", jurisdiction)
    elif isinstance(node, str) and reference_of(node, jurisdiction) is not None:
        yield Citation(f"dato {place}", place, node, jurisdiction=jurisdiction)


def _label(value: object, number: int) -> str:
    said = next((str(value[name]) for name in _LABELS if name in value), "") if isinstance(value, Mapping) else ""
    return f"{number} ({said})" if said else str(number)


def _cited(node: Mapping[str, Any], articulo: str, place: str, jurisdiction: str) -> Citation:
    days = node.get("dias")
    begins, ends = (node.get(name) if type(node.get(name)) is date else None for name in ("desde", "hasta"))
    return Citation(
        f"dato {place}",
        place,
        articulo,
        str(node.get("cita", "")),
        (days, "dias") if type(days) is int and days else None,
        str(node.get("estatus", "")),
        Span(begins or date.min, ends),
        jurisdiction=jurisdiction,
    )
