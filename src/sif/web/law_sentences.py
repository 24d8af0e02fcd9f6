"""Gather the Spanish sentences of the law's data that pages show; each has its English in a catalogue."""

from collections.abc import Iterator

from sif.audit.lens.indicio import lenses
from sif.batch.kinds import load_kinds
from sif.batch.templates import CONTENTS
from sif.law.annexes import left_out_of, load_annexes
from sif.law.caps import ROUNDED
from sif.law.chart import load_evidence_classes
from sif.law.duties import Duty, load_duties
from sif.law.forms import load_form
from sif.law.offenders import load_sanction_law
from sif.law.parameters import load_parameters
from sif.law.receipts import load_receipt_formats
from sif.law.sanctions import load_criteria
from sif.law.sources import data_path, read_data
from sif.rulebook.lawyer import (
    BOUND,
    EVERYBODY,
    SCOPES,
    STAGES,
    column_words,
    load_changes,
    only_in_sentences,
    table_words,
)
from sif.rulebook.reading import load_rules
from sif.rulebook.rule import ENGINE_OUTCOMES
from sif.web.outcomes import outcome_words

type Sentences = Iterator[tuple[str, str]]


def conducts(jurisdiction: str) -> Sentences:
    """Yield the conduct and the severity of each criterion of sanction."""
    for key, spans in load_criteria(jurisdiction).items():
        for span in spans:
            yield key, span.conducta
            yield key, span.gravedad


def evidence_classes(jurisdiction: str) -> Sentences:
    """Return the names of the classes of evidence."""
    return ((key, each.nombre) for key, each in load_evidence_classes(jurisdiction).items())


def receipts(jurisdiction: str) -> Sentences:
    """Return the names of the formats of receipt."""
    return ((key, each.nombre) for key, each in load_receipt_formats(jurisdiction).items())


def lots(jurisdiction: str) -> Sentences:
    """Yield what each kind of lot is called, how its template is filled, and what each of its columns means."""
    for key, kind in load_kinds(jurisdiction).items():
        yield from ((key, words) for words in (kind.titulo, kind.ayuda, *(each.ayuda for each in kind.columnas)))
    yield from CONTENTS.items()


def lists(jurisdiction: str) -> Sentences:
    """Yield what each list that the authority loads is called."""
    yield from ((name, each["titulo"]) for name, each in read_data(data_path(jurisdiction, "tablas.yaml")).items())


def annexes(jurisdiction: str) -> Sentences:
    """Yield the titles of the annexes of reports, and what is not attached to them, and why."""
    titled = {each.clave: each.titulo for found in load_annexes(jurisdiction).values() for each in found}
    yield from titled.items()
    for tipo in load_annexes(jurisdiction):
        for each in left_out_of(tipo, jurisdiction):
            yield from ((f"aparte {tipo}", words) for words in (each.que, each.razon))


def report_lines(jurisdiction: str) -> Sentences:
    """Yield the name of each form that is a report, and the titles of its sections and lines."""
    for file in sorted(data_path(jurisdiction, "forms").glob("*.yaml")):
        form = load_form(file.stem, jurisdiction)
        if form.informe is not None:
            sections, lines = (each.titulo for each in form.informe.secciones), (each.titulo for each in form.lineas)
            words = (form.nombre, *sections, *lines)
            yield from ((file.stem, each) for each in words)


def duties(jurisdiction: str) -> Sentences:
    """Yield the words of each duty: its name, its parts, and the notes that pages show under the duty."""
    for key, duty in load_duties(jurisdiction).items():
        yield from ((key, words) for words in _of_duty(duty))


def _of_duty(duty: Duty) -> Iterator[str]:
    yield duty.que
    yield from (part.que for part in duty.parts)
    if duty.caracter is not None:
        yield duty.caracter.que
    holders = (duty.suspension.basis if duty.suspension else None, duty.basis, *(each.basis for each in duty.omisiones))
    yield from (basis.nota for basis in (*(limit.basis for limit in duty.limits), *holders) if basis is not None)


def caps(_jurisdiction: str) -> Sentences:
    """Return how the caps that a formula of LGIPE gives are rounded."""
    yield "topes", ROUNDED


def uma_days(jurisdiction: str) -> Sentences:
    """Return which day gives the UMA of a fine."""
    return ((row.regla, row.dice) for row in load_sanction_law(jurisdiction).dia_uma)


def looks(_jurisdiction: str) -> Sentences:
    """Return the titles of the lenses and what each looks at; they are of no country."""
    for key, lens in lenses().items():
        yield key, lens.titulo
        yield key, lens.mira


def titles(jurisdiction: str) -> Sentences:
    """Return the titles of the rules."""
    return ((rule.id, rule.title) for rule in load_rules(jurisdiction))


def outcomes(jurisdiction: str) -> Sentences:
    """Yield the message and the request of each outcome of the rules and of the engine; {name} stands for a datum."""
    for rule in load_rules(jurisdiction):
        for outcome in (*rule.outcomes, *ENGINE_OUTCOMES):
            yield rule.id, outcome.says
            yield rule.id, outcome.asks
        yield from ((rule.id, outcome_words(key)) for basis in rule.basis for key in basis.outcomes)


def doubts(jurisdiction: str) -> Sentences:
    """Return the open questions of interpretation of the rules."""
    return ((rule.id, doubt.text) for rule in load_rules(jurisdiction) for doubt in rule.doubts)


def changes(jurisdiction: str) -> Sentences:
    """Return what changed of the rules."""
    return ((str(each.el), each.que) for each in load_changes(jurisdiction))


def bound(jurisdiction: str) -> Sentences:
    """Yield the words for whom a law speaks of, in which stage and scope."""
    for words in (BOUND, STAGES, SCOPES):
        yield from words.items()
    yield "todos", EVERYBODY


def limits(jurisdiction: str) -> Sentences:
    """Return the names of the yearly limits of contributions."""
    return (
        (key, each.nombre) for key, each in load_parameters(jurisdiction).items() if each.nombre.startswith("Límite")
    )


def cases(jurisdiction: str) -> Sentences:
    """Yield the words of the tables, the columns and the data of the worked example of a rule, alike everywhere."""
    for words in (table_words(), column_words(), only_in_sentences()):
        yield from words.items()


KINDS = (
    limits,
    conducts,
    evidence_classes,
    annexes,
    report_lines,
    receipts,
    lots,
    lists,
    duties,
    looks,
    titles,
    outcomes,
    doubts,
    changes,
    bound,
    cases,
    caps,
    uma_days,
)


def sentences(jurisdiction: str) -> Sentences:
    """(place, sentence) of every one of them, each place with its kind."""
    for kind in KINDS:
        yield from ((f"{kind.__name__}, {place}", words) for place, words in kind(jurisdiction) if words)
