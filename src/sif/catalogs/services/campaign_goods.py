"""Record houses, warehouse articles and fixed assets with their span."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from django.conf import settings

from sif.catalogs.models import ActivoFijo, Articulo, BajaActivo, CancelacionCasa, CasaCampana
from sif.catalogs.services.campaign_refusals import (
    already,
    check_choice,
    check_entidad,
    check_words,
    choices_of,
    must_capture,
    refuse,
)
from sif.law.chart import load_chart
from sif.registry import clock
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import acting
from sif.values import Money, Problem

NO_MONEY = Money(0)
_HOUSE = {"nombre": 120, "propietario": 160, "municipio": 80, "domicilio": 250}
_ARTICLE = {"clave": 30, "nombre": 160, "unidad": 30}
_ASSET = {"numero": 30, "descripcion": 200, "cuenta": 14, "ubicacion": 200, "resguardante": 160}


@dataclass(frozen=True, slots=True)
class NewCasa:
    """A house as captured. `titulo`: propiedad, comodato or arrendamiento; `costo` if rented, `valuacion` if lent."""

    nombre: str
    titulo: str
    propietario: str
    entidad: str
    municipio: str
    domicilio: str
    desde: date
    hasta: date
    costo: Money = NO_MONEY
    valuacion: Money = NO_MONEY


@dataclass(frozen=True, slots=True)
class NewArticulo:
    """An article as captured. `clase`: electoral, utilitaria or editorial."""

    clave: str
    nombre: str
    unidad: str
    clase: str


@dataclass(frozen=True, slots=True)
class NewActivo:
    """An asset as captured. `cuenta`: of the heading Fijo; `vida_meses`: useful life, 0 if it is not depreciated."""

    numero: str
    descripcion: str
    cuenta: str
    adquirido_el: date
    costo: Money
    vida_meses: int
    ubicacion: str
    resguardante: str


def register_casa(contabilidad: Contabilidad, new: NewCasa, by: Usuario) -> CasaCampana:
    """Register a campaign house. Raises Refused with every reason."""
    must_capture(by, contabilidad=contabilidad)
    refuse([*_check_house(new)])
    values = {**_texts(new, _HOUSE), "costo": new.costo.centavos, "valuacion": new.valuacion.centavos}
    with acting():
        return CasaCampana.objects.create(
            contabilidad=contabilidad, registrada_el=clock.now(), registrada_por=by, **{**asdict(new), **values}
        )


def cancel_casa(casa: CasaCampana, motivo: str, by: Usuario) -> CasaCampana:
    """Leave a house without effect; it stays in sight. Raises Refused falta (motivo), cancelada."""
    with acting():
        [books] = lock_contabilidades([casa.contabilidad_id])
        must_capture(by, contabilidad=books)
        standing = CasaCampana.objects.get(pk=casa.pk)
        refuse(
            [
                *check_words({"motivo": motivo}, {"motivo": 200}),
                *_ended(standing.cancelado_el, "La casa ya está cancelada."),
            ]
        )
        CancelacionCasa.objects.create(
            casa=standing, contabilidad=books, motivo=motivo.strip(), hecho_el=clock.now(), hecho_por=by
        )
        return standing


def register_articulo(contabilidad: Contabilidad, new: NewArticulo, by: Usuario) -> Articulo:
    """Register an article; its stock is what the kárdex says. Raises Refused repetido and the like."""
    with acting():
        [contabilidad] = lock_contabilidades([contabilidad.pk])
        must_capture(by, contabilidad=contabilidad)
        problems = [
            *check_words(asdict(new), _ARTICLE),
            *check_choice("clase", new.clase, choices_of(Articulo, "clase")),
        ]
        if Articulo.objects.filter(contabilidad=contabilidad, clave=new.clave.strip()).exists():
            problems.append(already("clave", new.clave.strip(), "un artículo de esta contabilidad"))
        refuse(problems)
        return Articulo.objects.create(
            contabilidad=contabilidad,
            registrado_el=clock.now(),
            registrado_por=by,
            **{**asdict(new), **_texts(new, _ARTICLE)},
        )


def register_activo(contabilidad: Contabilidad, new: NewActivo, by: Usuario) -> ActivoFijo:
    """Register a fixed asset. Raises Refused cuenta, importe, vida, repetido and the like."""
    with acting():
        [contabilidad] = lock_contabilidades([contabilidad.pk])
        must_capture(by, contabilidad=contabilidad)
        problems = [*_check_asset(new)]
        if ActivoFijo.objects.filter(contabilidad=contabilidad, numero=new.numero.strip()).exists():
            problems.append(already("numero", new.numero.strip(), "un activo de esta contabilidad"))
        refuse(problems)
        return ActivoFijo.objects.create(
            contabilidad=contabilidad,
            registrado_el=clock.now(),
            registrado_por=by,
            **{**asdict(new), **_texts(new, _ASSET), "costo": new.costo.centavos},
        )


def retire_activo(activo: ActivoFijo, baja_el: date, motivo: str, by: Usuario) -> ActivoFijo:
    """Write off an asset on a day; it stays in sight and is depreciated no more. Raises Refused."""
    with acting():
        [books] = lock_contabilidades([activo.contabilidad_id])
        must_capture(by, contabilidad=books)
        standing = ActivoFijo.objects.get(pk=activo.pk)
        problems = [
            *check_words({"motivo": motivo}, {"motivo": 200}),
            *_ended(standing.baja_el, "El activo ya se dio de baja."),
        ]
        if not standing.adquirido_el <= baja_el <= clock.today():
            problems.append(
                Problem(
                    "fecha",
                    "baja_el",
                    f"Se adquirió el {standing.adquirido_el:%d/%m/%Y} y hoy es el {clock.today():%d/%m/%Y}.",
                    "La baja es un día entre los dos.",
                )
            )
        refuse(problems)
        BajaActivo.objects.create(
            activo=standing,
            contabilidad=books,
            desde=baja_el,
            motivo=motivo.strip(),
            hecho_el=clock.now(),
            hecho_por=by,
        )
        return standing


def _texts(new: object, room: dict[str, int]) -> dict[str, str]:
    return {name: getattr(new, name).strip() for name in room}


def _ended(when: object, words: str) -> Iterator[Problem]:
    if when is not None:
        yield Problem("cancelada", "registro", words, "No hace falta más.")


def _check_house(new: NewCasa) -> Iterator[Problem]:
    yield from check_words(_texts(new, _HOUSE), _HOUSE)
    yield from check_choice("titulo", new.titulo, choices_of(CasaCampana, "titulo"))
    yield from check_entidad(new.entidad)
    if new.hasta < new.desde:
        yield Problem(
            "fecha", "hasta", f"Termina el {new.hasta:%d/%m/%Y}, antes de empezar.", "Corrija una de las dos."
        )
    for name in ("costo", "valuacion"):
        if getattr(new, name).centavos < 0:
            yield Problem("importe", name, f"El importe es {getattr(new, name)}.", "Escriba cero o más.")
    if new.titulo == "arrendamiento" and not new.costo:
        yield Problem("importe", "costo", "Una casa arrendada tiene costo.", "Escriba la renta de todos sus días.")
    if new.titulo == "comodato" and not new.valuacion:
        yield Problem(
            "importe",
            "valuacion",
            "Una casa prestada se valúa: su uso es una aportación en especie (RF 143 Ter).",
            "Escriba el valor de su uso, con dos cotizaciones.",
        )


def _check_asset(new: NewActivo) -> Iterator[Problem]:
    yield from check_words(_texts(new, _ASSET), _ASSET)
    account = load_chart(settings.JURISDICTION).get(new.cuenta.strip())
    if account is None or account.auxiliar != "activo_fijo" or not account.capturable:
        yield Problem(
            "cuenta",
            "cuenta",
            f"«{new.cuenta}» no es una cuenta de activo fijo de último nivel.",
            "Elíjala de la lista.",
        )
    if new.costo.centavos <= 0:
        yield Problem("importe", "costo", f"El costo es {new.costo}.", "Escriba un importe mayor a cero.")
    if not 0 <= new.vida_meses <= 1200:
        yield Problem("vida", "vida_meses", f"{new.vida_meses} meses no es una vida útil.", "Escriba de 0 a 1,200.")
    if new.adquirido_el > clock.today():
        yield Problem("fecha", "adquirido_el", "Ese día todavía no llega.", "Se registra lo que ya se adquirió.")
