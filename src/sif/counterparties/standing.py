"""Compute how near each supplier and donor is to a limit of law over all the books of the subject."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    F,
    Func,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, Greatest

from sif.books.board import limits_bind
from sif.books.models import Aportacion, Contrato, Movimiento, Poliza
from sif.catalogs.selectors.people import with_rnp
from sif.counterparties.seen import donors_of
from sif.counterparties.subject_scope import whole_subject
from sif.law.parameters import load_parameters, uma_on, value_on
from sif.registry.history import current
from sif.registry.models import Aportante, Proceso, Proveedor, SujetoObligado
from sif.registry.selectors import Reach
from sif.values import Money, Problem

NEAR = 75
"""Percent of the threshold from which a supplier without RNP is near it."""


@dataclass(frozen=True, slots=True)
class DonorStanding:
    """The contributions of a person to a subject in a year and on a day, with their limits.

    limite: the yearly limit of a sympathiser [LGPP 56.2.d].
    """

    anio: int
    simpatizante: Money
    total: Money
    limite: Money
    efectivo_del_dia: Money
    especie_del_dia: Money
    limite_efectivo: Money
    limite_especie: Money

    @property
    def queda(self) -> Money:
        """Return the amount that the person may still give this year as a sympathiser."""
        return self.limite - self.simpatizante


def rnp_threshold(day: date) -> Money:
    """Return the sum from which a supplier must be registered, in the UMA of a day."""
    return uma_on(day, settings.JURISDICTION) * value_on("rnp_umbral_uma", day, settings.JURISDICTION)


def suppliers_standing(
    suppliers: QuerySet[Proveedor], sujeto: SujetoObligado | None, proceso: Proceso | None, day: date
) -> QuerySet[Proveedor]:
    """Add to suppliers what was bought from each in a process beside the sum from which it must be in the RNP [RF 356].

    `contratado` and `gastado`; `acumulado`, the larger of both, since either alone makes the duty; `umbral`, that sum
    on a day; `queda`, what may still be bought, negative once beyond; and `nivel`: cubierto by the RNP, or else
    rebasado, cerca or lejos. They sum every book of the subject: read them inside whole_subjects.
    """
    books = {"contabilidad__sujeto": sujeto, "contabilidad__etapa__proceso": proceso}
    contracts = Contrato.objects.filter(proveedor=OuterRef("pk"), **books).order_by().values("proveedor")
    lines = Movimiento.objects.filter(
        auxiliar_tipo="proveedor", auxiliar_id=OuterRef("pk"), cuenta__es_gasto=True, **books
    ).values("auxiliar_id")
    limit, amount = rnp_threshold(day).centavos, BigIntegerField()
    agreed = Contrato.objects.filter(**books).order_by().values("proveedor").annotate(suma=Sum("monto"))
    spent = Movimiento.objects.filter(auxiliar_tipo="proveedor", cuenta__es_gasto=True, **books)
    spent_of = spent.order_by().values("auxiliar_id").annotate(suma=Sum("cargo") - Sum("abono"))
    return with_rnp(suppliers, day).annotate(
        contratado=Coalesce(Subquery(contracts.annotate(suma=Sum("monto")).values("suma")), 0, output_field=amount),
        gastado=Coalesce(
            Subquery(lines.annotate(suma=Sum("cargo") - Sum("abono")).values("suma")), 0, output_field=amount
        ),
        acumulado=Greatest("contratado", "gastado"),
        acumulado_de_todos=Greatest(
            sum_of_all(agreed.values_list("proveedor", "suma"), "pk"),
            sum_of_all(spent_of.values_list("auxiliar_id", "suma"), "pk"),
        ),
        umbral=Value(limit, amount),
        queda=F("umbral") - F("acumulado"),
        nivel=Case(
            When(rnp_activo=True, then=Value("cubierto")),
            When(acumulado__gte=limit, then=Value("rebasado")),
            When(acumulado__gte=-(-limit * NEAR // 100), then=Value("cerca")),
            default=Value("lejos"),
        ),
    )


class _ByKey(Subquery):
    """Sums by key as one object, which the database reads once and not again for each row."""

    template = "(SELECT jsonb_object_agg(k, v) FROM (%(subquery)s) AS s (k, v))"
    output_field = JSONField()


class _At(Func):
    """Take the sum of a key from an object of sums."""

    template = "(%(expressions)s)::bigint"
    arg_joiner = " ->> "
    output_field = BigIntegerField()


def sum_of_all(sums: QuerySet[Any, Any], key: str) -> Coalesce:
    """Return the sum of a row among those of every key, in pairs: to order a long list by it.

    A sum asked of each row costs less where fifty rows are shown, and more where ten thousand are ordered.
    """
    return Coalesce(_At(_ByKey(sums), Cast(key, TextField())), 0)


def same_person(donor: Aportante) -> list[int]:
    """List the identities of a subject's donors that are one person for certain: their current versions share a key."""
    keys = Q(identidad=donor.identidad)
    for name in ("rfc", "curp", "clave_elector"):
        if getattr(donor, name):
            keys |= Q(**{name: getattr(donor, name)})
    rows = current(Aportante.objects.filter(keys, sujeto=donor.sujeto_id))
    return list(rows.order_by("identidad").values_list("identidad", flat=True))


_STANDS = {"poliza__reversion__isnull": True, "poliza__revierte_a__isnull": True}
_REVERSALS = Poliza.objects.filter(revierte_a__isnull=False)  # few: both exclusions are of one short list each


def donor_standing(donor: Aportante, day: date) -> DonorStanding:
    """Sum the contributions of a person to a subject in the year of a day, and on that day, with the limits of law."""
    person = same_person(donor)
    with whole_subject(donor.sujeto):
        given = Aportacion.objects.filter(aportante__identidad__in=person, fecha__year=day.year, **_STANDS)
        sums = given.aggregate(
            total=Sum("monto"),
            simpatizante=Sum("monto", filter=Q(calidad="simpatizante")),
            efectivo=Sum("monto", filter=Q(medio="efectivo", fecha=day)),
            especie=Sum("monto", filter=Q(medio="especie", fecha=day)),
        )
    uma, law = uma_on(day, settings.JURISDICTION), settings.JURISDICTION
    return DonorStanding(
        day.year,
        Money(sums["simpatizante"] or 0),
        Money(sums["total"] or 0),
        Money(value_on("limite_simpatizante_individual", day, law)),
        Money(sums["efectivo"] or 0),
        Money(sums["especie"] or 0),
        uma * value_on("limite_efectivo_uma", day, law),
        uma * value_on("limite_especie_bancarizada_uma", day, law),
    )


def donors_with_gifts(reach: Reach, day: date) -> QuerySet[Aportante]:
    """Select the donors that a person sees with `simpatizante` and `total`, what each gave in the year of a day.

    `simpatizante_de_todos` and `total_de_todos` are the same, to order many by.

    They sum every book of the subject: read them inside whole_subjects.
    """
    given = Aportacion.objects.filter(aportante__identidad=OuterRef("identidad"), fecha__year=day.year, **_STANDS)
    sums = given.order_by().values("aportante__identidad").annotate(suma=Sum("monto")).values("suma")
    standing = Aportacion.objects.filter(fecha__year=day.year).exclude(poliza__in=_REVERSALS.values("pk"))
    every = standing.exclude(poliza__in=_REVERSALS.values("revierte_a")).order_by().values("aportante__identidad")
    pairs = ("aportante__identidad", "suma")
    limit = value_on("limite_simpatizante_individual", day, settings.JURISDICTION)
    return donors_of(reach).annotate(
        simpatizante=Coalesce(Subquery(sums.filter(calidad="simpatizante")), 0),
        total=Coalesce(Subquery(sums), 0),
        simpatizante_de_todos=sum_of_all(
            every.filter(calidad="simpatizante").annotate(suma=Sum("monto")).values_list(*pairs), "identidad"
        ),
        total_de_todos=sum_of_all(every.annotate(suma=Sum("monto")).values_list(*pairs), "identidad"),
        limite=Value(limit, BigIntegerField()),
        anio=Value(day.year),
        clave=Concat(Value("A"), "identidad", output_field=CharField()),
    )


def warnings_before(donor: Aportante, calidad: str, medio: str, fecha: date, monto: Money) -> list[Problem]:
    """The limits that a contribution not yet recorded would break, each with its article; empty when it breaks none."""
    stands = donor_standing(donor, fecha)
    found = []
    year = stands.simpatizante + monto
    if calidad == "simpatizante" and donor.sujeto.tipo != "independiente" and year > stands.limite:
        found.append(
            Problem(
                "limite_individual",
                "monto",
                f"Con esta, {donor.nombre} suma {year} en {fecha.year}; su límite individual anual es {stands.limite} "
                f"(LGPP 56.2.d{'' if limits_bind(donor.sujeto) else ', por confirmar para un partido local'}).",
                f"Puede recibir hasta {max(stands.queda, Money(0))}.",
            )
        )
    cash, limit = stands.efectivo_del_dia + monto, "limite_efectivo_uma"
    if medio == "efectivo" and cash > stands.limite_efectivo:
        found.append(
            Problem(
                "efectivo",
                "medio",
                f"En efectivo suma {cash} ese día; por más de {stands.limite_efectivo} ({_in_uma(limit, fecha)}) debe "
                f"ser cheque o transferencia ({_basis(limit, fecha)}).",
                "Pida a la persona un cheque de su cuenta o una transferencia.",
            )
        )
    kind, limit = stands.especie_del_dia + monto, "limite_especie_bancarizada_uma"
    if medio == "especie" and kind > stands.limite_especie:
        found.append(
            Problem(
                "especie",
                "monto",
                f"En especie suma {kind} ese día; por más de {stands.limite_especie} ({_in_uma(limit, fecha)}) la "
                f"persona debió pagar por el banco ({_basis(limit, fecha)}).",
                "Adjunte la factura y el cheque o la transferencia con que pagó.",
            )
        )
    return found


def _in_uma(clave: str, day: date) -> str:
    return f"{value_on(clave, day, settings.JURISDICTION)} UMA"


def _basis(clave: str, day: date) -> str:
    span = load_parameters(settings.JURISDICTION)[clave].on(day)
    return span.base if span.estatus == "confirmado" else f"{span.base}, {span.estatus}"
