"""Query the loaded laws: the text that rules on a day, the citations it bears out, the bases that stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby, pairwise

from django.conf import settings

from sif.law.articles import Reference, Supuesto, UnknownArticle, passage
from sif.law.citations import Citation
from sif.rulebook.citations import (
    Comparison,
    bases_standing,
    citations_of,
    compare,
    every_citation,
    rule_citations,
)
from sif.rulebook.rule import Basis, Rule
from sif.statutes.models import ArticuloDeLey, BasePropuesta, BaseResuelta, TextoDeLey
from sif.values import Span

type Confirmations = Mapping[tuple[str, str], Iterable[BaseResuelta]]
"""The confirmations that stand, by key and digest of their basis."""


@dataclass(frozen=True, slots=True)
class Version:
    """A loaded text and the days it rules: until the day told, or until the next version of its law."""

    texto: TextoDeLey
    lapso: Span


def versions() -> list[Version]:
    """Return the texts that rule, by law and day; of two loaded for the same day, the last."""
    rows = TextoDeLey.objects.select_related("cargado_por").order_by("ley", "desde", "pk")
    found: list[Version] = []
    for _ley, of_law in groupby(rows, key=lambda row: row.ley):
        last = list({row.desde: row for row in of_law}.values())
        found += [Version(row, Span(row.desde, _end(row, after.desde))) for row, after in pairwise(last)]
        found.append(Version(last[-1], Span(last[-1].desde, last[-1].hasta)))
    return found


def _end(row: TextoDeLey, after: date) -> date:
    return min(row.hasta or after, after)


@lru_cache(maxsize=16)
def articles_of(texto: int) -> Mapping[str, str]:
    """Return the articles of a loaded text by number; kept by the process, since a record does not change."""
    return dict(ArticuloDeLey.objects.filter(texto=texto).values_list("numero", "contenido"))


@lru_cache(maxsize=64)
def _compared(texto: int, ley: str, lapso: Span, jurisdiction: str) -> Comparison:
    return compare(citations_of(ley, lapso, jurisdiction), articles_of(texto))


def comparison(version: Version) -> Comparison:
    """Compare a version of a law with the citations that hold while that version is in force."""
    return _compared(version.texto.pk, version.texto.ley, version.lapso, settings.JURISDICTION)


def version_of(texto: TextoDeLey) -> Version:
    """Return a text with the days that it rules; those told for it where another was loaded for the same day."""
    found = next((each for each in versions() if each.texto.pk == texto.pk), None)
    return found or Version(texto, Span(texto.desde, texto.hasta))


def whole_comparison() -> Comparison:
    """Compare every citation of an article with the loaded texts; citations of a law without text are not found."""
    loaded = versions()
    parts = [comparison(each) for each in loaded]
    there = {each.texto.ley for each in loaded}
    bare = [c for c in every_citation(settings.JURISDICTION) if c.referencia and c.referencia.ley not in there]
    return Comparison(
        tuple(c for part in parts for c in part.coinciden),
        tuple(c for part in parts for c in part.difieren),
        (*(c for part in parts for c in part.no_halladas), *bare),
    )


def found_in(citation: Citation, loaded: Sequence[Version]) -> tuple[Version, str] | None:
    """The last version that rules while a citation holds and has its article, and the words of that part of it."""
    cited = citation.referencia
    for version in reversed(loaded):
        if cited and version.texto.ley == cited.ley and version.lapso.overlaps(citation.lapso):
            said = words_of(version.texto, cited)
            if said:
                return version, said
    return None


def agreed(citation: Citation, loaded: Sequence[Version]) -> tuple[ArticuloDeLey, str] | None:
    """The loaded article that says what is cited, and its words: those quoted, or the whole part of a bare figure."""
    found = found_in(citation, loaded)
    cited = citation.referencia
    if found is None or cited is None or citation.agrees(articles_of(found[0].texto.pk)) != "coincide":
        return None
    return ArticuloDeLey.objects.get(texto=found[0].texto, numero=cited.numero), citation.cita or found[1]


def words_of(texto: TextoDeLey, cited: Reference) -> str:
    """Return the words of the part of a text that a reference names; '' where it has no such part."""
    article = articles_of(texto.pk).get(cited.numero, "")
    try:
        return " ".join(passage(article, cited).split()) if article else ""
    except UnknownArticle:
        return ""


def in_force() -> dict[tuple[str, str], list[BaseResuelta]]:
    """Return the confirmations that stand, by key and digest of their basis."""
    rows = BaseResuelta.objects.filter(sentido=BaseResuelta.Sentido.CONFIRMADA, sin_efecto=None)
    rows = rows.select_related("propuesta__propuesta_por", "propuesta__leido__texto", "hecho_por").order_by("pk")
    found: dict[tuple[str, str], list[BaseResuelta]] = {}
    for row in rows:
        found.setdefault((row.propuesta.clave, row.propuesta.huella), []).append(row)
    return found


def confirmed_articles(rule: Rule) -> set[str]:
    """Return the articles among the bases of a rule that are confirmed here, for some case at least."""
    standing = in_force()
    return {
        each.articulo for each in rule_citations(rule, settings.JURISDICTION) if (each.clave, each.huella) in standing
    }


def confirming(clave: str, huella: str, case: Supuesto, standing: Confirmations) -> BaseResuelta | None:
    """Return the act that confirms a basis for a case, of those that stand."""
    for row in standing.get((clave, huella), ()):
        said = row.propuesta
        if all(
            not told or told == asked
            for told, asked in ((said.sujeto, case.sujeto), (said.etapa, case.etapa), (said.ambito, case.ambito))
        ):
            return row
    return None


def bases_here(
    rule: Rule,
    case: Supuesto,
    day: date,
    standing: Confirmations | None = None,
    outcome: str = "",
) -> tuple[Basis, ...]:
    """Return the bases of a rule that speak of a case, and whether each was read, is confirmed here for it, or neither.

    standing: the confirmations that stand, for who asks of many rules. outcome: the one that they ground; any, when
    empty.
    """
    acts = in_force() if standing is None else standing
    return bases_standing(
        rule,
        case,
        day,
        settings.JURISDICTION,
        lambda said: confirming(said.clave, said.huella, case, acts) is not None,
        outcome,
    )


GROUNDS = ("regla", "cifra", "criterio", "sancion", "vista", "dia_uma")
"""The kinds of citation on which a sanction may rest: the first word of their key."""


@dataclass(frozen=True, slots=True)
class Base:
    """A basis of the law and how it stands here: what loaded texts bear of it, who confirmed it, and what waits.

    texto: `coincide`, `difiere` or `no_hallada` in the texts of its law, '' when none is loaded.
    """

    cita: Citation
    texto: str
    actos: tuple[BaseResuelta, ...]
    propuesta: BasePropuesta | None

    @property
    def estado(self) -> str:
        """leida: the project read it in a text of law; then confirmada and propuesta here; por_confirmar otherwise."""
        if self.cita.estatus == "confirmado":
            return "leida"
        if self.actos:
            return "confirmada"
        return "propuesta" if self.propuesta else "por_confirmar"


def bases() -> list[Base]:
    """Return every basis on which a sanction may rest, as it stands here."""
    loaded, standing = versions(), in_force()
    wait = {(row.clave, row.huella): row for row in BasePropuesta.objects.filter(resuelta=None).order_by("pk")}
    return [
        Base(
            each,
            _borne(each, loaded),
            tuple(standing.get((each.clave, each.huella), ())),
            wait.get((each.clave, each.huella)),
        )
        for each in every_citation(settings.JURISDICTION)
        if each.clave.startswith(GROUNDS)
    ]


def _borne(citation: Citation, loaded: Sequence[Version]) -> str:
    cited = citation.referencia
    of_law = [
        version
        for version in loaded
        if cited and version.texto.ley == cited.ley and version.lapso.overlaps(citation.lapso)
    ]
    return citation.agrees(articles_of(of_law[-1].texto.pk)) if of_law else ""
