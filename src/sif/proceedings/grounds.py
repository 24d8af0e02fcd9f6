"""Resolve the legal basis of each sanction, whether its text was read for that case, and who confirmed the rest."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings

from sif.audit.models import Hallazgo, VersionRegla
from sif.audit.versions import thaw
from sif.law.articles import Supuesto
from sif.law.citations import (
    Citation,
    criterion_key,
    figure_key,
    form_key,
    is_read,
    uma_day_key,
    vista_key,
)
from sif.law.offenders import uma_day_rule, vistas_of
from sif.law.parameters import load_parameters
from sif.law.sources import cited
from sif.proceedings.models import BaseDeSancion, Dictamen, Resolucion
from sif.proceedings.sanctioning import Reckoning
from sif.proceedings.wording import count, old_uma
from sif.rulebook import load_rules
from sif.rulebook.citations import bases_of_case, basis_key, every_citation, own_figure_key, rule_citations
from sif.rulebook.rule import Rule
from sif.statutes.confirming import NewBase, said_by
from sif.statutes.models import BaseResuelta
from sif.statutes.selectors import agreed, confirming, in_force, versions
from sif.values import Problem

READ, UNREAD, HERE = "confirmado", "por confirmar", "confirmada aquí"


@dataclass(frozen=True, slots=True)
class Ground:
    """A basis of a sanction: what it cites and says, whether it was read of the case, and who confirmed it here."""

    clave: str
    huella: str
    articulo: str
    dice: str
    estatus: str
    acto: BaseResuelta | None = None

    @property
    def is_pending(self) -> bool:
        """Return whether the basis is neither read nor confirmed."""
        return self.estatus != READ and self.acto is None


def case_of(dictamen: Dictamen) -> Supuesto:
    """The case that a dictamen judges: the kind of its subject, its stage, and whether it is federal or local."""
    return Supuesto(dictamen.sujeto.tipo, dictamen.etapa.tipo, dictamen.etapa.proceso.ambito)


def grounds_of(row: Reckoning) -> list[Ground]:
    """Return the grounds of a sanction: bases and figures of its rules, its criterion, the UMA and the limit."""
    dictamen = row.conclusion.dictamen
    case, day = case_of(dictamen), dictamen.etapa.termina_el
    case = replace(case, sujeto=row.terms.clase.clave) if row.terms.ajena else case
    known = {each.clave: each for each in every_citation(settings.JURISDICTION)}
    keys = list(dict.fromkeys(_keys(row, case, day)))
    cited = {**{each.clave: each for each in _of_rules(row, case, known)}, **{k: known[k] for k in keys if k in known}}
    uma, old = figure_key("uma", load_parameters(settings.JURISDICTION)["uma"].on(row.uma_del)), old_uma(row.uma_del)
    return [
        Ground(
            each.clave,
            each.huella,
            each.articulo[:200],
            f"{said_by(each)}; {old}" if old and each.clave == uma else said_by(each),
            READ if is_read(each, case, day, settings.JURISDICTION) else UNREAD,
        )
        for each in cited.values()
    ]


def _keys(row: Reckoning, case: Supuesto, day: date) -> Iterator[str]:
    """Yield the figures of the law that a sanction used, and its criterion."""
    law = load_parameters(settings.JURISDICTION)
    if row.calculada.forma != "vista":
        yield criterion_key(row.criterion)
    if row.calculada.forma not in ("un_tanto_igual", "vista"):
        yield figure_key("uma", law["uma"].on(row.uma_del))
        yield uma_day_key(uma_day_rule(day, settings.JURISDICTION))
    yield from _forms(row, day)
    left_out: dict[tuple[str, str], set[str]] = {}  # an observación has thousands of facts of one rule and result
    for rule, fact in _judged(row):
        when, found = fact.dia or day, (rule.digest, fact.resultado)
        if found not in left_out:
            left_out[found] = _left_out(rule, fact.resultado, case)
        for parameter in rule.parameters:
            source = parameter.source.rpartition("/")[2]
            if source in law:
                yield from (figure_key(source, span) for span in law[source].valores if when in span.span)
            elif parameter.basis not in left_out[found] and (value := parameter.on(when)) is not None:
                yield own_figure_key(rule.id, parameter.name, value.desde)


def _forms(row: Reckoning, day: date) -> Iterator[str]:
    """Yield the forms of the letter that decided what is imposed, and what the law leaves to another authority."""
    kind, imposed = row.terms.clase, row.calculada.forma
    for form in kind.formas:
        span = form.on(day)
        used = form.forma == imposed or (form.forma == "multa" and imposed in ("amonestacion", "reduccion"))
        if used and span is not None:
            yield form_key(kind, form, span)
    told = {each["articulo"] for each in row.vistas}
    for vista in vistas_of(row.criterion.clave, row.conclusion.dictamen.etapa.tipo, day, settings.JURISDICTION):
        if vista.articulo in told:
            yield from (vista_key(vista, span) for span in vista.lapsos if day in span)


def _left_out(rule: Rule, outcome: str, case: Supuesto) -> set[str]:
    """Return the articles of a rule that do not ground an outcome of a case."""
    bases = bases_of_case(rule, case, settings.JURISDICTION, outcome)
    return {basis.article for basis in rule.basis} - {basis.article for basis in bases}


def _of_rules(row: Reckoning, case: Supuesto, known: dict[str, Citation]) -> Iterator[Citation]:
    """Yield the bases of what the rules found, those that speak of the case, as they stand today."""
    for rule, outcome in {
        (rule.digest, fact.resultado): (rule, fact.resultado) for rule, fact in _judged(row)
    }.values():
        bases = {basis_key(rule.id, b) for b in bases_of_case(rule, case, settings.JURISDICTION, outcome)}
        for each in rule_citations(rule, settings.JURISDICTION):
            if each.clave in bases:
                today = known.get(each.clave)
                yield today if today is not None and today.huella == each.huella else each


def _judged(row: Reckoning) -> Iterator[tuple[Rule, Hallazgo]]:
    """Yield each fact with the rule that found it: the version that ran, or that of today where it was not kept."""
    facts = list(row.conclusion.observacion.hallazgos.all())
    kept = {
        version.digest: thaw(version.compilada).rule
        for version in VersionRegla.objects.filter(digest__in={fact.regla_digest for fact in facts})
    }
    today = {rule.id: rule for rule in load_rules(settings.JURISDICTION)}
    for fact in facts:
        rule = kept.get(fact.regla_digest) or today.get(fact.regla)
        if rule is not None:
            yield rule, fact


def kept_grounds(resolucion: Resolucion) -> dict[int, list[Ground]]:
    """Return the bases that a resolución was drawn on, by conclusion, with the act that confirms each here today."""
    standing, case = in_force(), case_of(resolucion.dictamen)
    found: dict[int, list[Ground]] = {}
    rows = BaseDeSancion.objects.filter(sancion__resolucion=resolucion).select_related("sancion").order_by("pk")
    for row in rows:
        act = None if row.estatus == READ else confirming(row.clave, row.huella, case, standing)
        ground = Ground(row.clave, row.huella, row.articulo, row.dice, row.estatus, act)
        found.setdefault(row.sancion.conclusion_id, []).append(ground)
    return found


def to_propose(resolucion: Resolucion, motivo: str) -> list[NewBase]:
    """Build the proposals that would confirm the pending bases of a resolución, for its case alone.

    Each proposal quotes a loaded text that agrees with the citation, and otherwise gives `motivo`.
    """
    case, loaded = case_of(resolucion.dictamen), versions()
    known = {(each.clave, each.huella): each for each in every_citation(settings.JURISDICTION)}
    found = []
    for ground in pending(each for rows in kept_grounds(resolucion).values() for each in rows):
        cited = known.get((ground.clave, ground.huella))
        leido, words = (agreed(cited, loaded) if cited else None) or (None, "")
        found.append(
            NewBase(
                ground.clave, ground.huella, leido, words, "" if leido else motivo, case.sujeto, case.etapa, case.ambito
            )
        )
    return found


def pending(grounds: Iterable[Ground]) -> list[Ground]:
    """Return the bases that nobody read nor confirmed, each once."""
    return list({each.clave: each for each in grounds if each.is_pending}.values())


def cited_today(articulo: str, bases: Iterable[Ground]) -> str:
    """Cite the articles of a conclusion with `por confirmar` only beside what still waits here."""
    return standing(articulo, bases, confirmed=READ)


def standing(articulo: str, bases: Iterable[Ground], confirmed: str = HERE) -> str:
    """Return the articles of a conclusion, each with how it stands of the case: waiting, confirmed here or read.

    confirmed: what is said of one that the authority confirmed.
    """
    found = list(bases)
    waits, here = {each.articulo for each in pending(found)}, {each.articulo for each in found if each.acto}
    articles = [part.removesuffix(f", {UNREAD}").removesuffix(f", {HERE}") for part in articulo.split("; ")]
    return "; ".join(cited(each, UNREAD if each in waits else confirmed if each in here else READ) for each in articles)


def check_grounds(resolucion: Resolucion) -> list[Problem]:
    """Say which bases of a resolución wait for who confirms them, and where that is done; nothing when none does."""
    found = pending(each for rows in kept_grounds(resolucion).values() for each in rows)
    if not found:
        return []
    articles = "; ".join(dict.fromkeys(each.articulo for each in found))
    return [
        Problem(
            "BASE_SIN_CONFIRMAR",
            f"resolución {resolucion.numero}",
            f"Descansa en {count(len(found), 'base', 'bases')} de ley por confirmar para este caso: {articles}.",
            "Se confirman en «Leyes y bases» de la Mesa del Consejo: una persona las propone y otra las confirma.",
        )
    ]
