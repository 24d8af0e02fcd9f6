"""Validate which campaigns may share an expense, and refuse each forbidden mixture with its article."""

from collections.abc import Iterator, Sequence
from datetime import date

from sif.books.models import HojaIne, Poliza
from sif.registry.coalition_models import in_force_on
from sif.registry.models import Contabilidad, Etapa, SujetoObligado
from sif.registry.spoken_names import named
from sif.values import Problem

GENERIC_CRITERIA = frozenset({"conjunto", "propuesta", "emblema"})
NAMED_CRITERIA = frozenset({"nombre", "imagen", "voto"})
CRITERIA = {"generico": GENERIC_CRITERIA, "conjunto": NAMED_CRITERIA, "personalizado": NAMED_CRITERIA}
"""By what each class of expense benefits: generic names nobody [LGPP 83.1]; the others name or show [LGPP 83.3]."""


def name_of(books: Contabilidad) -> str:
    """Return the holder of some books, with their number."""
    return f"{books.titular} ({books.pk})"


def classification(clase: str, criterio: str, detalle: str) -> Iterator[Problem]:
    """Yield a problem where class and criterion disagree, or where nothing says how the benefit is known."""
    if clase not in CRITERIA:
        yield Problem(
            "clase", "clasificación", "Falta si el gasto es genérico, conjunto o personalizado.", "Elija una [LGPP 83]."
        )
    elif criterio not in CRITERIA[clase]:
        what = (
            "no identifica a ninguna candidatura [LGPP 83.1]"
            if clase == "generico"
            else "identifica a quienes beneficia [LGPP 83.3]"
        )
        yield Problem(
            "criterio",
            "criterio de beneficio",
            f"Ese criterio no corresponde: un gasto {_word(clase)} {what}.",
            "Elija otro criterio o cambie la clasificación.",
        )
    if not detalle.strip():
        yield Problem(
            "detalle",
            "cómo se sabe",
            "Falta cómo se sabe que benefició a esas campañas [LGPP 83.3].",
            "Diga qué se ve o se dice en la muestra.",
        )
    if len(detalle.strip()) > 300:
        yield Problem("detalle", "cómo se sabe", f"Tiene {len(detalle.strip())} caracteres y caben 300.", "Abrévielo.")


def _word(clase: str) -> str:
    return {"generico": "genérico"}.get(clase, clase)


def origin(books: Contabilidad) -> Iterator[Problem]:
    """Check that the shared expense is a campaign expense of a concentradora."""
    if books.clase != Contabilidad.Clase.CONCENTRADORA:
        yield Problem(
            "origen",
            "contabilidad de origen",
            f"{name_of(books)} no es concentradora: el gasto directo de una candidatura no se prorratea [LGPP 83.2].",
            "Registre el gasto común en la concentradora y prorratéelo desde ahí.",
        )
    if books.etapa.tipo != Etapa.Tipo.CAMPANA:
        yield Problem(
            "etapa",
            "contabilidad de origen",
            "Se prorratean los gastos de campaña [LGPP 83.1] y esta etapa es otra.",
            "Elija una concentradora de campaña.",
        )
    if books.estatus != Contabilidad.Estatus.ACTIVA:
        yield _cancelled(books)


def beneficiaries(books: Contabilidad, many: Sequence[Contabilidad], day: date) -> Iterator[Problem]:
    """Every beneficiary is a live campaign with its cap, of the same subject, held at the time of the expense."""
    if len(many) < 2:
        yield Problem(
            "directo",
            "beneficiarios",
            f"Hay {len(many)}: el gasto que beneficia a una sola candidatura es directo y no se prorratea [LGPP 83.2].",
            "Elija a todas las beneficiadas, o transfiera el gasto en especie a la única que benefició.",
        )
    yield from _coalitions(many, day)
    for each in many:
        yield from _one(books, each, day)


def _one(books: Contabilidad, each: Contabilidad, day: date) -> Iterator[Problem]:
    place = f"beneficiario {name_of(each)}"
    if each.candidatura is None:
        yield Problem(
            "beneficiario",
            place,
            "No es una candidatura: el gasto se reparte entre las campañas beneficiadas [LGPP 83.1].",
            "Quítela de la lista.",
        )
        return
    if each.sujeto_id != books.sujeto_id:
        yield Problem(
            "otro_sujeto",
            place,
            f"Es {named(each.sujeto.nombre, 'de')}: un sujeto reparte el gasto entre sus candidaturas [LGPP 83.1.a].",
            "Quítela de la lista.",
        )
    if each.estatus != Contabilidad.Estatus.ACTIVA:
        yield _cancelled(each)
    if not each.tope:
        yield Problem(
            "sin_tope",
            place,
            "No tiene tope de gastos y dentro de cada campaña se reparte por topes [RF 218.2, por confirmar].",
            "Pida a la autoridad que cargue su tope; mientras, no se puede prorratear.",
        )
    yield from _process(books, each, day)


def _process(books: Contabilidad, each: Contabilidad, day: date) -> Iterator[Problem]:
    """Yield a problem for a beneficiary of another stage [LGPP 83.2.d to g, i to k].

    The campaign of the other ámbito on that day is none.
    """
    if each.etapa_id == books.etapa_id:
        return
    there = each.etapa
    crossed = there.proceso.ambito != books.etapa.proceso.ambito and there.tipo == Etapa.Tipo.CAMPANA
    if not (crossed and there.inicia_el <= day <= there.termina_el):
        yield Problem(
            "otro_proceso",
            f"beneficiario {name_of(each)}",
            f"Contiende en «{there.proceso.nombre}», cuya campaña no corre junto a ésta el {day:%d/%m/%Y} [LGPP 83.2].",
            "Quítela de la lista.",
        )


def _cancelled(books: Contabilidad) -> Problem:
    return Problem(
        "cancelada",
        f"contabilidad {name_of(books)}",
        "Está cancelada: conserva sus datos y ya no registra.",
        "Quítela de la lista.",
    )


def _coalitions(many: Sequence[Contabilidad], day: date) -> Iterator[Problem]:
    """A coalition's candidacy is not mixed with one that its own party runs apart in the same ámbito."""
    subjects = {each.sujeto_id for each in many}
    shares = in_force_on(day).filter(coalicion__in=subjects, sujeto__in=subjects).select_related("coalicion", "sujeto")
    for part in shares:
        common = _scopes(many, part.coalicion) & _scopes(many, part.sujeto)
        if common:
            yield Problem(
                "mezcla_coalicion",
                "beneficiarios",
                f"Mezcla candidaturas {named(part.coalicion.nombre, 'de')} con candidaturas que "
                f"{named(part.sujeto.nombre)}, que la integra, postula aparte en el mismo ámbito "
                f"({', '.join(sorted(common))}) [RF 219, por confirmar].",
                "Prorratee por separado lo de la coalición y lo del partido.",
            )


def _scopes(many: Sequence[Contabilidad], subject: SujetoObligado) -> set[str]:
    return {
        each.candidatura.cargo.ambito for each in many if each.sujeto_id == subject.pk and each.candidatura is not None
    }


def invoice_names_one(expense: Poliza) -> Iterator[Problem]:
    """Yield a problem for an invoice whose complement names one candidacy alone: it is direct spending."""
    used = expense.comprobantes.values_list("comprobante_id", flat=True)
    leaves = HojaIne.objects.filter(comprobante__in=used).values_list("id_contabilidad", flat=True)
    named = {number for number in leaves if number is not None}
    campaigns = Contabilidad.objects.filter(pk__in=named, clase=Contabilidad.Clase.CANDIDATURA)
    one = campaigns.select_related("candidatura__persona").first() if len(named) == 1 else None
    if one is not None:
        yield Problem(
            "directo",
            "CFDI del gasto",
            f"Su complemento INE nombra solo a {name_of(one)}: es gasto directo y no se prorratea [LGPP 83.2].",
            "Transfiéralo en especie a esa candidatura, o use el CFDI que nombra a todas.",
        )
