"""Lay out the legal bases of a resolución: those pending by conclusion, and the acts that confirmed the others once."""

from collections.abc import Iterator, Mapping, Sequence

from sif.notices.sheet import Block, Section, paragraph, section, table
from sif.proceedings.grounds import Ground, pending
from sif.proceedings.wording import legal_day
from sif.statutes.models import BaseResuelta

TITLE = "Bases confirmadas por esta autoridad"


def bases_of_conclusion(bases: Sequence[Ground]) -> Iterator[Block]:
    """Yield the bases of a sanction that nobody confirmed, and the names of those that the authority confirmed."""
    if waiting := pending(bases):
        yield paragraph(
            f"Fundamento por confirmar. {_named(waiting)}. Nadie ha leído el texto que lo diga de este caso ni lo ha "
            "confirmado; mientras tanto, este proyecto no puede someterse a votación."
        )
    if confirmed := [each for each in bases if each.acto is not None]:
        yield paragraph(f"Bases confirmadas aquí. {_named(confirmed)}; véase «{TITLE}».")


def confirmed_bases(bases: Mapping[int, Sequence[Ground]]) -> Iterator[Section]:
    """Yield the section of the bases that the authority confirmed, grouped by how they were; nothing without any.

    bases: those of each conclusion, by its key.
    """
    acts = {each.acto.pk: each.acto for row in bases.values() for each in row if each.acto is not None}
    groups: dict[str, list[BaseResuelta]] = {}
    for pk in sorted(acts):
        groups.setdefault(_how(acts[pk]), []).append(acts[pk])
    if groups:
        yield section(TITLE, *(block for how, rows in groups.items() for block in (paragraph(how), _table(rows))))


def _named(bases: Sequence[Ground]) -> str:
    return "; ".join(dict.fromkeys(each.articulo for each in bases))


def _how(act: BaseResuelta) -> str:
    """Say who proposed and who confirmed a basis, when, and with what text before them."""
    said = act.propuesta
    one, other = said.propuesta_por.named_at(said.propuesta_el), act.hecho_por.named_at(act.hecho_el)
    if said.leido is not None:
        text = said.leido.texto
        before = f"con el texto de {text.ley} que rige desde el {legal_day(text.desde)}"
    else:
        before = f"sin texto cargado de esa ley: {said.motivo.rstrip('.')}"
    return f"Lo propuso {one} y lo confirmó {other} el {legal_day(act.hecho_el)}, {before}."


def _table(acts: Sequence[BaseResuelta]) -> Block:
    """Render the bases confirmed in one way, with the words of the text where it was held."""
    read = any(act.propuesta.leido is not None for act in acts)
    columns = [("Base", "texto"), ("Qué dice", "texto"), *([("Palabras del texto", "texto")] if read else [])]
    rows = []
    for act in acts:
        said = act.propuesta
        words = f"{said.leido.numero}: «{said.palabras}»" if said.leido is not None else ""
        rows.append([said.articulo, (said.dice or "su vigencia").rstrip("."), *([words] if read else [])])
    return table(columns, rows)
