"""Confirm a basis of the law here: one person proposes it on the words of a text, and another confirms it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Q, QuerySet

from sif.law.articles import says
from sif.law.citations import Citation
from sif.law.numerals import in_unit
from sif.registry import clock, trail
from sif.registry.eyes import not_another
from sif.registry.locks import hold
from sif.registry.models import Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may_still
from sif.rulebook.citations import every_citation
from sif.statutes.models import ArticuloDeLey, BasePropuesta, BaseResuelta, BaseSinEfecto
from sif.statutes.selectors import versions
from sif.values import Conflict, Problem, Refused

ACT = "fundamentar"
BASES = "statutes.bases"
"""The word that is held while bases are written, and shared while an act of the council rests on them."""
Sentido = BaseResuelta.Sentido


@dataclass(frozen=True, slots=True)
class NewBase:
    """A basis to confirm: its key and digest as the program cites it, and the cases for which ('' is every one).

    leido: the loaded article whose palabras say it; None where this installation has no text of that law, and then
    motivo says what the person had before them.
    """

    clave: str
    huella: str
    leido: ArticuloDeLey | None = None
    palabras: str = ""
    motivo: str = ""
    sujeto: str = ""
    etapa: str = ""
    ambito: str = ""


def waiting() -> QuerySet[BasePropuesta]:
    """Return the proposals that nobody resolved, the oldest first."""
    rows = BasePropuesta.objects.filter(resuelta=None)
    return rows.select_related("propuesta_por", "leido__texto").order_by("pk")


def propose(bases: Sequence[NewBase], by: Usuario) -> list[BasePropuesta]:
    """Propose to confirm some bases, all or none. Raises Refused: without the act or an RFC, a basis that the program
    does not cite so, words that the article does not say, or no words where a text of that law is loaded.

    One that already waits or stands for the same cases is not written twice.
    """
    with acting():
        hold(BASES)
        _require(by)
        if problems := [problem for base in bases for problem in _problems(base)]:
            raise Refused(*problems)
        there = _there()
        return [_write(base, by) for base in bases if _same(base) not in there]


def _same(base: NewBase | BasePropuesta) -> tuple[str, ...]:
    return (base.clave, base.huella, base.sujeto, base.etapa, base.ambito)


def _there() -> set[tuple[str, ...]]:
    """Return the keys of the proposed bases that wait for another person or are confirmed."""
    stands = Q(resuelta=None) | Q(resuelta__sentido=Sentido.CONFIRMADA, resuelta__sin_efecto=None)
    return {_same(row) for row in BasePropuesta.objects.filter(stands)}


def _write(base: NewBase, by: Usuario) -> BasePropuesta:
    cited = _cited(base)
    assert cited is not None
    made = BasePropuesta.objects.create(
        clave=base.clave,
        huella=base.huella,
        articulo=cited.articulo[:200],
        dice=said_by(cited),
        sujeto=base.sujeto,
        etapa=base.etapa,
        ambito=base.ambito,
        leido=base.leido,
        palabras=base.palabras.strip(),
        motivo=base.motivo.strip()[:500],
        propuesta_el=clock.now(),
        propuesta_por=by,
    )
    trail.act("proponer_base", by, made)
    return made


def said_by(cited: Citation) -> str:
    """Return the content that a citation attributes to the law: the quoted words, or the figure with its unit."""
    if cited.cita or cited.figura is None:
        return cited.cita
    return in_unit(*cited.figura)


def _cited(base: NewBase) -> Citation | None:
    return next(
        (
            each
            for each in every_citation(settings.JURISDICTION)
            if (each.clave, each.huella) == (base.clave, base.huella)
        ),
        None,
    )


def _problems(base: NewBase) -> list[Problem]:
    cited = _cited(base)
    if cited is None:
        return [
            Problem(
                "BASE_DESCONOCIDA",
                base.clave,
                "El programa ya no cita esa base, o ya dice otra cosa.",
                "Vuelva a la lista y propóngala como está hoy.",
            )
        ]
    if base.leido is not None:
        return _words(base, cited)
    law = cited.referencia.ley if cited.referencia else ""
    if law in {version.texto.ley for version in versions()}:
        return [
            Problem(
                "BASE_SIN_PALABRAS",
                cited.articulo,
                f"Aquí está cargado un texto de {law}.",
                "Elija el artículo y copie las palabras que lo dicen.",
            )
        ]
    if not base.motivo.strip():
        return [
            Problem(
                "BASE_SIN_MOTIVO",
                cited.articulo,
                "No hay texto cargado de esa ley y falta decir qué se leyó.",
                "Cargue la ley, o escriba el documento, su fecha y dónde se publicó.",
            )
        ]
    return []


def _words(base: NewBase, cited: Citation) -> list[Problem]:
    assert base.leido is not None
    where = f"{base.leido.texto.ley} {base.leido.numero}"
    if not base.palabras.strip():
        return [
            Problem(
                "BASE_SIN_PALABRAS",
                cited.articulo,
                f"No dice qué palabras de {where} la confirman.",
                "Cópielas del artículo cargado.",
            )
        ]
    if not says(base.leido.contenido, base.palabras):
        return [
            Problem(
                "BASE_OTRAS_PALABRAS",
                cited.articulo,
                f"{where} no dice esas palabras.",
                "Cópielas como están en el artículo cargado, sin cambiar ninguna.",
            )
        ]
    return []


def confirm(propuestas: Sequence[BasePropuesta], by: Usuario) -> list[BaseResuelta]:
    """Confirm what another person proposed, all or none. Raises Refused; Conflict where one was resolved already."""
    with acting():
        hold(BASES)
        _require(by)
        for each in propuestas:
            if seen := not_another(each.propuesta_por, by, "la propuso"):
                raise Refused(Problem("BASE_DE_DOS_PERSONAS", each.articulo, seen, "La confirma otra persona."))
            if _cited(NewBase(each.clave, each.huella)) is None:
                raise Conflict(
                    Problem(
                        "BASE_DESCONOCIDA",
                        each.articulo,
                        "El programa ya dice otra cosa de esa base.",
                        "Rechácela y propóngase como está hoy.",
                    )
                )
        done = [_resolve(each, Sentido.CONFIRMADA, by) for each in propuestas]
        for row in done:
            trail.act("confirmar_base", by, row)
        return done


def refuse(propuesta: BasePropuesta, by: Usuario) -> BaseResuelta:
    """Refuse what another person proposed. Raises Refused, Conflict."""
    with acting():
        hold(BASES)
        _require(by)
        if propuesta.propuesta_por_id == by.pk:
            raise Refused(Problem("BASE_PROPIA", propuesta.articulo, "Usted la propuso.", "Retírela."))
        made = _resolve(propuesta, Sentido.RECHAZADA, by)
        trail.act("rechazar_base", by, made)
        return made


def withdraw(propuesta: BasePropuesta, by: Usuario) -> BaseResuelta:
    """Take back one's own proposal. Raises Refused, Conflict."""
    with acting():
        hold(BASES)
        if propuesta.propuesta_por_id != by.pk:
            raise Refused(
                Problem(
                    "BASE_AJENA",
                    propuesta.articulo,
                    "La propuso otra persona.",
                    "Usted puede confirmarla o rechazarla.",
                )
            )
        made = _resolve(propuesta, Sentido.RETIRADA, by)
        trail.act("retirar_base", by, made)
        return made


def undo(resuelta: BaseResuelta, motivo: str, by: Usuario) -> BaseSinEfecto:
    """Leave a confirmation without effect, with its reason: what rests on it is not voted any more.

    What was voted stays as it was. Raises Refused, Conflict.
    """
    where = resuelta.propuesta.articulo
    with acting():
        hold(BASES)
        _require(by)
        if not motivo.strip():
            raise Refused(
                Problem(
                    "BASE_SIN_MOTIVO",
                    where,
                    "Falta decir por qué deja de estar confirmada.",
                    "Escriba qué texto o qué sentencia dice otra cosa.",
                )
            )
        if resuelta.sentido != Sentido.CONFIRMADA or BaseSinEfecto.objects.filter(resuelta=resuelta).exists():
            raise Conflict(Problem("BASE_NO_CONFIRMADA", where, "No está confirmada.", "No hace falta nada más."))
        made = BaseSinEfecto.objects.create(
            resuelta=resuelta, motivo=motivo.strip()[:500], hecho_el=clock.now(), hecho_por=by
        )
        trail.act("dejar_base_sin_efecto", by, made)
        return made


def _resolve(propuesta: BasePropuesta, sentido: Sentido, by: Usuario) -> BaseResuelta:
    try:
        with acting():
            made = BaseResuelta.objects.create(propuesta=propuesta, sentido=sentido, hecho_el=clock.now(), hecho_por=by)
    except IntegrityError as twice:
        if BaseResuelta.objects.filter(propuesta=propuesta).exists():
            raise Conflict(
                Problem(
                    "BASE_YA_RESUELTA",
                    propuesta.articulo,
                    "Esa propuesta ya se resolvió.",
                    "No se escribió nada nuevo.",
                )
            ) from twice
        raise
    return made


def _require(by: Usuario) -> None:
    if not may_still(by, ACT):
        raise Refused(
            Problem(
                "SIN_ATRIBUCION",
                "base",
                f"{by.nombre} no tiene nombramiento para confirmar bases de ley.",
                "Lo hacen el área de resoluciones y la Secretaría Ejecutiva.",
            )
        )
    if not by.rfc:
        raise Refused(Problem("SIN_RFC", "base", not_another(None, by, ""), "Anótelo y vuelva a intentarlo."))
