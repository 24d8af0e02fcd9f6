"""Record credits, projects of the yearly programme and resolutions to pay."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from sif.catalogs.models import Credito, Proyecto, ResolucionPorPagar
from sif.catalogs.services.campaign_refusals import (
    already,
    check_choice,
    check_words,
    choices_of,
    must_capture,
    refuse,
)
from sif.registry import clock
from sif.registry.locks import lock_contabilidades, lock_sujeto
from sif.registry.models import Contabilidad, SujetoObligado, Usuario
from sif.registry.scope import acting
from sif.values import Money, Problem

_CREDIT = {"numero": 40, "acreedor": 160}
_PROJECT = {"clave": 30, "nombre": 200}
_RESOLUTION = {"clave": 40, "concepto": 200}


@dataclass(frozen=True, slots=True)
class NewCredito:
    """A credit as captured; `tasa_pb`: yearly rate in basis points."""

    numero: str
    acreedor: str
    contratado_el: date
    vence_el: date
    monto: Money
    tasa_pb: int = 0


@dataclass(frozen=True, slots=True)
class NewProyecto:
    """A project as captured. `rubro`: actividades_especificas, liderazgo_mujeres or liderazgo_jovenes."""

    clave: str
    nombre: str
    rubro: str
    anio: int


@dataclass(frozen=True, slots=True)
class NewResolucion:
    """A resolution to be paid, as captured."""

    clave: str
    concepto: str
    aprobada_el: date
    monto: Money


def register_credito(contabilidad: Contabilidad, new: NewCredito, by: Usuario) -> Credito:
    """Register a credit that some books owe. Raises Refused fecha, importe, repetido and the like."""
    with acting():
        [contabilidad] = lock_contabilidades([contabilidad.pk])
        must_capture(by, contabilidad=contabilidad)
        problems = [*check_words(asdict(new), _CREDIT), *_amount(new.monto)]
        if new.vence_el < new.contratado_el:
            problems.append(
                Problem("fecha", "vence_el", "Vence antes de contratarse.", "Corrija una de las dos fechas.")
            )
        if new.tasa_pb < 0:
            problems.append(Problem("tasa", "tasa_pb", f"La tasa es {new.tasa_pb}.", "Escriba cero o más puntos base."))
        if Credito.objects.filter(contabilidad=contabilidad, numero=new.numero.strip()).exists():
            problems.append(already("numero", new.numero.strip(), "un crédito de esta contabilidad"))
        refuse(problems)
        return Credito.objects.create(
            contabilidad=contabilidad,
            registrado_el=clock.now(),
            registrado_por=by,
            **{**asdict(new), **_texts(new, _CREDIT), "monto": new.monto.centavos},
        )


def register_proyecto(sujeto: SujetoObligado, new: NewProyecto, by: Usuario) -> Proyecto:
    """Register a project of the PAT of a subject. Raises Refused opcion, anio, repetido and the like."""
    with acting():
        sujeto = lock_sujeto(sujeto.pk)
        must_capture(by, sujeto=sujeto)
        problems = [
            *check_words(asdict(new), _PROJECT),
            *check_choice("rubro", new.rubro, choices_of(Proyecto, "rubro")),
        ]
        if not 2015 <= new.anio <= clock.today().year + 1:
            problems.append(Problem("anio", "anio", f"{new.anio} no es un ejercicio.", "Escriba el año del programa."))
        if Proyecto.objects.filter(sujeto=sujeto, anio=new.anio, clave=new.clave.strip()).exists():
            problems.append(already("clave", new.clave.strip(), f"un proyecto de {new.anio}"))
        refuse(problems)
        return Proyecto.objects.create(
            sujeto=sujeto, registrado_el=clock.now(), registrado_por=by, **{**asdict(new), **_texts(new, _PROJECT)}
        )


def register_resolucion_por_pagar(sujeto: SujetoObligado, new: NewResolucion, by: Usuario) -> ResolucionPorPagar:
    """Register a resolution that leaves the subject owing. Raises Refused fecha, importe, repetido."""
    with acting():
        sujeto = lock_sujeto(sujeto.pk)
        must_capture(by, sujeto=sujeto)
        problems = [*check_words(asdict(new), _RESOLUTION), *_amount(new.monto)]
        if new.aprobada_el > clock.today():
            problems.append(
                Problem("fecha", "aprobada_el", "Ese día todavía no llega.", "Escriba el día en que se aprobó.")
            )
        if ResolucionPorPagar.objects.filter(sujeto=sujeto, clave=new.clave.strip()).exists():
            problems.append(already("clave", new.clave.strip(), "una resolución de este sujeto"))
        refuse(problems)
        return ResolucionPorPagar.objects.create(
            sujeto=sujeto,
            registrada_el=clock.now(),
            registrada_por=by,
            **{**asdict(new), **_texts(new, _RESOLUTION), "monto": new.monto.centavos},
        )


def _texts(new: object, room: dict[str, int]) -> dict[str, str]:
    return {name: getattr(new, name).strip() for name in room}


def _amount(monto: Money) -> Iterator[Problem]:
    if monto.centavos <= 0:
        yield Problem("importe", "monto", f"El monto es {monto}.", "Escriba un importe mayor a cero.")
