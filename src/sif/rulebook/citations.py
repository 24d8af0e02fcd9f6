"""Every citation of the law that a jurisdiction makes, the bases of its rules among them, and what a text bears."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from sif.law.articles import Supuesto
from sif.law.citations import Citation, is_read, law_citations, speaks_of
from sif.law.numerals import says_figure
from sif.law.offenders import other_offender
from sif.law.sources import cited
from sif.rulebook.reading import load_rules, rule_paths
from sif.rulebook.rule import Basis, Rule
from sif.values import Span

UNREAD = "por confirmar"


def basis_key(rule: str, basis: Basis) -> str:
    """Return the key of a basis of a rule, as its file says it."""
    return f"regla {rule} {basis.article}"


def own_figure_key(rule: str, name: str, desde: date) -> str:
    """Return the key of a figure that a rule holds itself."""
    return f"regla {rule} {name} {desde}"


@cache
def every_citation(jurisdiction: str) -> tuple[Citation, ...]:
    """Return every citation of the rules and of the law's data; read once a process."""
    return (*_rules(jurisdiction), *law_citations(jurisdiction))


def _rules(jurisdiction: str) -> Iterator[Citation]:
    chapter = {path.stem: path.parent.name for path in rule_paths(jurisdiction)}
    for rule in load_rules(jurisdiction):
        place = f"rules/{chapter[rule.id]}/{rule.id}.yaml"
        yield from rule_citations(rule, jurisdiction, place)


def bases_of_case(rule: Rule, case: Supuesto, jurisdiction: str, outcome: str = "") -> tuple[Basis, ...]:
    """Return the bases of a rule that speak of a case; all of them where none does.

    outcome: the one that they ground; any, when empty. What grounds only some outcomes is added to what grounds them
    all and does not take its place: a nullity says nothing of whether the spending was forbidden.
    """
    case = _of_offender(rule, case, jurisdiction, outcome)
    known = {each.clave: each for each in rule_citations(rule, jurisdiction)}
    grounding = [b for b in rule.basis if not outcome or b.grounds(outcome)]
    of_case = {b.article for b in grounding if speaks_of(known[basis_key(rule.id, b)], case, jurisdiction)}
    of_all = {b.article for b in grounding if not b.outcomes} or {b.article for b in grounding}
    kept = of_case if of_case & of_all else of_case | of_all
    return tuple(b for b in grounding if b.article in kept)


def _of_offender(rule: Rule, case: Supuesto, jurisdiction: str, outcome: str) -> Supuesto:
    """Return the case of who commits what a rule finds: another person than the subject, where the law says so."""
    found = (each.sanction for each in rule.outcomes if outcome in ("", each.name))
    others = (other_offender(conduct, case.sujeto, case.etapa, jurisdiction) for conduct in found)
    other = next((each for each in others if each), None)
    return replace(case, sujeto=other.persona) if other else case


def bases_standing(
    rule: Rule,
    case: Supuesto,
    day: date,
    jurisdiction: str,
    confirmed: Callable[[Citation], bool] | None = None,
    outcome: str = "",
) -> tuple[Basis, ...]:
    """Return the bases of a rule that speak of a case, each `leído` only where its text was read of that case and day.

    confirmed: whether an installation confirmed a citation for that case; what it did is `confirmada aquí`.
    outcome: the one that they ground; any, when empty.
    """
    known = {each.clave: each for each in rule_citations(rule, jurisdiction)}
    offender, found = _of_offender(rule, case, jurisdiction, outcome), []
    for basis in bases_of_case(rule, case, jurisdiction, outcome):
        said = known[basis_key(rule.id, basis)]
        here = confirmed is not None and confirmed(said)
        status = "leído" if is_read(said, offender, day, jurisdiction) else "confirmada aquí" if here else UNREAD
        found.append(replace(basis, status=status))
    return tuple(found)


def cited_text(bases: Iterable[Basis]) -> str:
    """Write some bases as a document cites them: with `por confirmar` beside what nobody read nor confirmed."""
    return "; ".join(each.article if each.status != UNREAD else cited(each.article, UNREAD) for each in bases)


def rule_citations(rule: Rule, jurisdiction: str, place: str = "") -> Iterator[Citation]:
    """Yield the citations of a rule: its bases, and the figures written in the rule itself."""
    life = Span(rule.since, rule.until)
    for basis in rule.basis:
        sure = "confirmado" if basis.status == "leído" else basis.status
        key, where = basis_key(rule.id, basis), f"{place}, basis"
        yield Citation(key, where, basis.article, basis.says, None, sure, life, jurisdiction=jurisdiction)
    for parameter in rule.parameters:
        for value in parameter.values if not parameter.source else ():
            figure = (value.valor, parameter.unit.replace("días", "dias"))
            read = next((b.says for b in rule.basis if (b.article, b.status) == (parameter.basis, "leído")), "")
            quoted = read if read and says_figure(read, *figure) else ""
            yield Citation(
                own_figure_key(rule.id, parameter.name, value.desde),
                f"{place}, {parameter.name} desde {value.desde}",
                parameter.basis,
                quoted,
                figure,
                "confirmado" if quoted else "por confirmar",
                Span(value.desde, value.hasta),
                jurisdiction=jurisdiction,
            )


@dataclass(frozen=True, slots=True)
class Comparison:
    """Citations compared with a text of law: the ones that agree, differ, or are not found in the text."""

    coinciden: tuple[Citation, ...]
    difieren: tuple[Citation, ...]
    no_halladas: tuple[Citation, ...]

    @property
    def citas(self) -> int:
        """Return the number of citations compared."""
        return len(self.coinciden) + len(self.difieren) + len(self.no_halladas)


def compare(citations: Iterable[Citation], articles: Mapping[str, str]) -> Comparison:
    """Compare citations of one law with its articles."""
    found: dict[str, list[Citation]] = {"coincide": [], "difiere": [], "no_hallada": []}
    for citation in citations:
        found[citation.agrees(articles)].append(citation)
    return Comparison(*(tuple(rows) for rows in found.values()))


def citations_of(ley: str, lapso: Span, jurisdiction: str) -> list[Citation]:
    """Return the citations of a law that hold on some day of a span."""
    return [
        each
        for each in every_citation(jurisdiction)
        if each.referencia is not None and each.referencia.ley == ley and each.lapso.overlaps(lapso)
    ]
