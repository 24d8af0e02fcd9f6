"""Register the emblem of a subject, and say which one it had on a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sif.registry import clock, trail
from sif.registry.emblem_models import ruling_on
from sif.registry.locks import lock_sujeto
from sif.registry.models import EmblemaSujeto, SujetoObligado, Usuario
from sif.registry.scope import acting, registering
from sif.registry.sujetos import must_administer
from sif.values import Problem, Refused


@dataclass(frozen=True, slots=True)
class NewEmblem:
    """An emblem to register: its accord, its first day, its file by name and digest, and its figure by digest."""

    acuerdo: str
    desde: date
    archivo: str
    sha256: str
    figura_sha256: str


def emblem_on(sujeto: SujetoObligado, day: date) -> EmblemaSujeto | None:
    """Return the emblem of a subject on a day, or None."""
    return ruling_on(day, sujeto.emblemas.all()).first()


def figures_on(day: date) -> dict[int, str]:
    """Return the digest of the figure of each subject with an emblem on a day, by number of the subject."""
    return dict(ruling_on(day, EmblemaSujeto.objects.all()).values_list("sujeto", "figura_sha256"))


def register_emblem(sujeto: SujetoObligado, new: NewEmblem, by: Usuario) -> EmblemaSujeto:
    """Register the emblem of a subject from a day on; those of before are kept.

    Raises Refused with each problem at its field, and PermissionError for who does not administer.
    """
    must_administer(by)
    with acting():
        lock_sujeto(sujeto.pk)
        must_administer(by)
        if problems := [*_problems(sujeto, new)]:
            raise Refused(*problems)
        with registering(by.pk):
            made: EmblemaSujeto = EmblemaSujeto.objects.create(
                sujeto=sujeto,
                acuerdo=new.acuerdo.strip(),
                desde=new.desde,
                archivo=new.archivo.strip()[-160:],
                sha256=new.sha256,
                figura_sha256=new.figura_sha256,
                registrado_el=clock.now(),
                registrado_por=by,
            )
        trail.act("registrar_emblema", by, made)
    return made


def _problems(sujeto: SujetoObligado, new: NewEmblem) -> Iterator[Problem]:
    if not 1 <= len(new.acuerdo.strip()) <= 120:
        told = "Falta el acuerdo o documento que lo registra, o pasa de 120 letras."
        yield Problem("acuerdo", "acuerdo", told, "Cítelo por su número o fecha.")
    if not new.archivo.strip():
        yield Problem("nombre", "archivo", "El archivo no tiene nombre.", "Póngale uno y elíjalo otra vez.")
    before = emblem_on(sujeto, new.desde)
    if before is not None and before.sha256 == new.sha256:
        told = f"Es el mismo archivo que ya rige desde el {before.desde:%d/%m/%Y}."
        yield Problem("igual", "archivo", told, "Elija el emblema que lo sustituye.")
