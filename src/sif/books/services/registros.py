"""Issue, amend and cancel contracts, notices, receipts for political activities and CEP."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sif.books.models import (
    AvisoContratacion,
    CancelacionCep,
    CancelacionRepap,
    Cep,
    Contrato,
    FirmaCep,
    Poliza,
    ReciboRepap,
)
from sif.catalogs.models import PersonaSujeto
from sif.catalogs.services.campaign_refusals import refuse
from sif.registry import clock
from sif.registry.history import current
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Contabilidad, Persona, Proveedor, Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may
from sif.values import Money, Problem, Refused

PAID_BY = ("efectivo", "cheque", "transferencia")
NO_MONEY = Money(0)


@dataclass(frozen=True, slots=True)
class NewContrato:
    """A contract as captured; `monto` with VAT, `entrega_el`: the day goods are delivered or services begin."""

    proveedor_id: int
    objeto: str
    suscrito_el: date
    monto: Money
    entrega_el: date | None = None


@dataclass(frozen=True, slots=True)
class NewAviso:
    """The content of a notice besides its contract [LGPP 62.2]; blank fields are taken from the contract."""

    condiciones: str
    precio_unitario: Money | None = None
    penalizacion: str = ""
    objeto: str = ""
    monto: Money | None = None
    entrega_el: date | None = None


@dataclass(frozen=True, slots=True)
class NewRepap:
    """A REPAP receipt as captured. `medio`: efectivo, cheque or transferencia; `folio`: '' for the next."""

    persona_id: int
    actividad: str
    desde: date
    hasta: date
    monto: Money
    medio: str
    pagado_el: date
    folio: str = ""
    poliza_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewCep:
    """A CEP as captured. `representacion`: general or casilla; free ones have no amount, means nor day."""

    persona_id: int
    representacion: str
    oneroso: bool
    monto: Money = NO_MONEY
    medio: str = ""
    pagado_el: date | None = None
    seccion: str = ""
    folio: str = ""
    poliza_id: int | None = None


def must_record(by: Usuario, contabilidad: Contabilidad) -> None:
    """Raise Refused sin_permiso or cancelada unless the person captures in those books."""
    if not may(by, "capturar", contabilidad=contabilidad):
        raise Refused(
            Problem(
                "sin_permiso",
                "registro",
                f"{by.nombre} no registra en la contabilidad {contabilidad.pk}.",
                "Si debe hacerlo, pídalo a su responsable de finanzas.",
            )
        )
    if contabilidad.estatus != Contabilidad.Estatus.ACTIVA:
        raise Refused(
            Problem(
                "cancelada",
                "registro",
                f"La contabilidad {contabilidad.pk} está cancelada.",
                "Conserva sus datos y ya no registra.",
            )
        )


def lock_books(contabilidad: Contabilidad, by: Usuario) -> Contabilidad:
    """Lock the books where a person records and return them as they stand: whoever records or cancels waits.

    Raises as `must_record`, asked under the lock.
    """
    [books] = lock_contabilidades([contabilidad.pk])
    must_record(by, books)
    return books


def sign_contrato(contabilidad: Contabilidad, new: NewContrato, by: Usuario) -> Contrato:
    """Register a contract signed. Raises Refused sin_permiso, falta, largo, proveedor, fecha, importe."""
    with acting():
        lock_books(contabilidad, by)
        refuse([*_contract(new)])
        return Contrato.objects.create(
            contabilidad=contabilidad,
            proveedor_id=new.proveedor_id,
            objeto=new.objeto.strip(),
            suscrito_el=new.suscrito_el,
            entrega_el=new.entrega_el,
            monto=new.monto.centavos,
            registrado_el=clock.now(),
        )


def _contract(new: NewContrato) -> Iterator[Problem]:
    yield from _text("objeto", new.objeto, 300)
    yield from _positive("monto", new.monto)
    yield from _not_future("suscrito_el", new.suscrito_el)
    if not Proveedor.objects.filter(pk=new.proveedor_id).exists():
        yield Problem("proveedor", "proveedor", "Ese proveedor no está dado de alta.", "Elíjalo de la lista.")
    if new.entrega_el is not None and new.entrega_el < new.suscrito_el:
        yield Problem("fecha", "entrega_el", "La entrega es anterior a la firma.", "Corrija una de las dos.")


def give_notice(contrato: Contrato, new: NewAviso, by: Usuario) -> AvisoContratacion:
    """Give notice of a contract; late is not refused: its hour says so [LGPP 61.1.f.III]. Raises avisado and others.

    Its hour is that at which it arrives, not that at which another act on the books lets it through.
    """
    arrived = clock.now()
    with acting():
        lock_books(contrato.contabilidad, by)
        problems = [*_notice(new)]
        if AvisoContratacion.objects.filter(contrato=contrato).exists():
            problems.append(
                Problem("avisado", "registro", "De este contrato ya se avisó.", "Presente un modificatorio.")
            )
        refuse(problems)
        return _give(contrato, "nuevo", None, _content(contrato, new), by, arrived)


def amend_notice(aviso: AvisoContratacion, new: NewAviso, by: Usuario) -> AvisoContratacion:
    """Amend the notice in force with another. Raises Refused superado, cancelado and the like."""
    arrived = clock.now()
    with acting():
        lock_books(aviso.contabilidad, by)
        refuse([*_notice(new), *_in_force(aviso)])
        return _give(aviso.contrato, "modificatorio", aviso, _content(aviso.contrato, new), by, arrived)


def cancel_notice(aviso: AvisoContratacion, motivo: str, by: Usuario) -> AvisoContratacion:
    """Say that the contract has no effect, with another notice. Raises Refused falta, superado, cancelado."""
    arrived = clock.now()
    with acting():
        lock_books(aviso.contabilidad, by)
        refuse([*_text("motivo", motivo, 200), *_in_force(aviso)])
        return _give(aviso.contrato, "cancelacion", aviso, {**aviso.contenido, "motivo": motivo.strip()}, by, arrived)


def _give(
    contrato: Contrato,
    tipo: str,
    amended: AvisoContratacion | None,
    content: Mapping[str, object],
    by: Usuario,
    arrived: datetime,
) -> AvisoContratacion:
    books = contrato.contabilidad_id
    number = AvisoContratacion.objects.filter(contabilidad=books).count() + 1
    return AvisoContratacion.objects.create(
        contabilidad_id=books,
        contrato=contrato,
        folio=f"AC-{books}-{number:04d}",
        tipo=tipo,
        modifica_a=amended,
        contenido=content,
        presentado_el=arrived,
        presentado_por=by,
    )


def _content(contrato: Contrato, new: NewAviso) -> dict[str, object]:
    delivery = new.entrega_el or contrato.entrega_el
    return {
        "proveedor_rfc": contrato.proveedor.rfc,
        "proveedor": contrato.proveedor.nombre,
        "objeto": new.objeto.strip() or contrato.objeto,
        "suscrito_el": contrato.suscrito_el.isoformat(),
        "entrega_el": delivery.isoformat() if delivery else None,
        "monto": new.monto.centavos if new.monto is not None else contrato.monto,
        "precio_unitario": new.precio_unitario.centavos if new.precio_unitario is not None else None,
        "condiciones": new.condiciones.strip(),
        "penalizacion": new.penalizacion.strip(),
    }


def _notice(new: NewAviso) -> Iterator[Problem]:
    yield from _text("condiciones", new.condiciones, 1000)
    for name, letters in (("penalizacion", 1000), ("objeto", 300)):
        if getattr(new, name).strip():
            yield from _text(name, getattr(new, name), letters)
    for name in ("precio_unitario", "monto"):
        amount = getattr(new, name)
        if amount is not None:
            yield from _positive(name, amount)


def _in_force(aviso: AvisoContratacion) -> Iterator[Problem]:
    if aviso.modificaciones.exists():
        yield Problem("superado", "registro", f"{aviso.folio} ya lo modificó otro aviso.", "Modifique el último.")
    elif aviso.tipo == "cancelacion":
        yield Problem("cancelado", "registro", f"{aviso.folio} canceló el contrato y así queda.", "No hace falta más.")


def issue_repap(contabilidad: Contabilidad, new: NewRepap, by: Usuario) -> ReciboRepap:
    """Issue a REPAP receipt with its folio. Raises Refused persona, fecha, importe, medio, folio, poliza."""
    with acting():
        lock_books(contabilidad, by)
        problems = [
            *_text("actividad", new.actividad, 200),
            *_positive("monto", new.monto),
            *_paid(new.medio, new.pagado_el),
        ]
        problems += [*_person(contabilidad, new.persona_id, "repap"), *_own_poliza(contabilidad, new.poliza_id)]
        if new.hasta < new.desde:
            problems.append(Problem("fecha", "hasta", "Termina antes de empezar.", "Corrija una de las dos fechas."))
        folio = new.folio.strip() or _next_folio(ReciboRepap, contabilidad, "REPAP")
        refuse([*problems, *_folio_free(ReciboRepap, contabilidad, folio)])
        return ReciboRepap.objects.create(
            contabilidad=contabilidad,
            persona_id=new.persona_id,
            folio=folio,
            actividad=new.actividad.strip(),
            desde=new.desde,
            hasta=new.hasta,
            monto=new.monto.centavos,
            medio=new.medio,
            pagado_el=new.pagado_el,
            poliza_id=new.poliza_id,
            expedido_el=clock.now(),
            expedido_por=by,
        )


def issue_cep(contabilidad: Contabilidad, new: NewCep, by: Usuario) -> Cep:
    """Issue a CEP, to be signed with e.firma. Raises Refused as `issue_repap`, or gratuito, opcion."""
    with acting():
        lock_books(contabilidad, by)
        problems = [*_cep(new), *_person(contabilidad, new.persona_id, "representante")]
        folio = new.folio.strip() or _next_folio(Cep, contabilidad, "CEP")
        problems += [*_folio_free(Cep, contabilidad, folio), *_own_poliza(contabilidad, new.poliza_id)]
        refuse(problems)
        return Cep.objects.create(
            contabilidad=contabilidad,
            persona_id=new.persona_id,
            folio=folio,
            representacion=new.representacion,
            seccion=new.seccion.strip(),
            oneroso=new.oneroso,
            monto=new.monto.centavos,
            medio=new.medio,
            pagado_el=new.pagado_el,
            poliza_id=new.poliza_id,
            expedido_el=clock.now(),
            expedido_por=by,
        )


def cancel_repap(recibo: ReciboRepap, motivo: str, by: Usuario) -> ReciboRepap:
    """Cancel a receipt; its folio stays used. Raises Refused falta, cancelado."""
    with acting():
        standing = _cancelling(recibo, motivo, by)
        CancelacionRepap.objects.create(recibo=standing, **_act(standing, by), motivo=motivo.strip())
        return standing


def cancel_cep(cep: Cep, motivo: str, by: Usuario) -> Cep:
    """Cancel a CEP; its folio stays used. Raises Refused falta, cancelado."""
    with acting():
        standing = _cancelling(cep, motivo, by)
        CancelacionCep.objects.create(cep=standing, **_act(standing, by), motivo=motivo.strip())
        return standing


def keep_signature(cep: Cep, sello: str, certificado: bytes, serie: str, by: Usuario) -> Cep:
    """Keep a signature already judged (`filing.ceps`). Raises Refused firmado, cancelado."""
    with acting():
        lock_books(cep.contabilidad, by)
        standing = Cep.objects.get(pk=cep.pk)
        if standing.firmado_el is not None or standing.cancelado_el is not None:
            state = "firmado" if standing.firmado_el else "cancelado"
            raise Refused(Problem(state, "registro", f"El {cep.folio} ya está {state}.", "No hace falta más."))
        FirmaCep.objects.create(
            cep=standing, **_act(standing, by), sello=sello, certificado=certificado, certificado_serie=serie
        )
        return standing


def _cancelling[R: (ReciboRepap, Cep)](row: R, motivo: str, by: Usuario) -> R:
    """Return the row as it stands under the lock of its books, where it may still be cancelled. Raises Refused."""
    lock_books(row.contabilidad, by)
    standing = type(row).objects.get(pk=row.pk)
    problems = [*_text("motivo", motivo, 200)]
    if standing.cancelado_el is not None:
        problems.append(Problem("cancelado", "registro", f"{row.folio} ya está cancelado.", "No hace falta más."))
    refuse(problems)
    return standing


def _act(row: ReciboRepap | Cep, by: Usuario) -> dict[str, object]:
    return {"contabilidad_id": row.contabilidad_id, "hecho_el": clock.now(), "hecho_por": by}


def _next_folio(model: type[ReciboRepap] | type[Cep], contabilidad: Contabilidad, series: str) -> str:
    """REPAP-4121-0007: the next of some books."""
    prefix = f"{series}-{contabilidad.pk}-"
    used = model.objects.filter(contabilidad=contabilidad, folio__startswith=prefix).values_list("folio", flat=True)
    numbers = [int(tail) for folio in used if (tail := folio.removeprefix(prefix)).isdecimal()]
    return f"{prefix}{max(numbers, default=0) + 1:04d}"


def _folio_free(model: type[ReciboRepap] | type[Cep], contabilidad: Contabilidad, folio: str) -> Iterator[Problem]:
    if len(folio) > 30:
        yield Problem("largo", "folio", f"Tiene {len(folio)} caracteres y caben 30.", "Abrévielo.")
    elif model.objects.filter(contabilidad=contabilidad, folio=folio).exists():
        yield Problem("folio", "folio", f"El folio {folio} ya se usó.", "Use el siguiente, o deje el folio vacío.")


def _person(contabilidad: Contabilidad, number: int, relacion: str) -> Iterator[Problem]:
    whose = Persona.objects.filter(pk=number).values("identidad")
    known = PersonaSujeto.objects.filter(sujeto=contabilidad.sujeto_id, persona__identidad__in=whose, relacion=relacion)
    if not current(known).exists():
        kind = "REPAP" if relacion == "repap" else "representantes"
        yield Problem("persona", "persona", f"Esa persona no está entre sus {kind}.", "Déla de alta en Personas.")


def _cep(new: NewCep) -> Iterator[Problem]:
    if new.representacion not in ("general", "casilla"):
        yield Problem("opcion", "representacion", f"«{new.representacion}» no es una opción.", "Use general o casilla.")
    if len(new.seccion.strip()) > 12:
        yield Problem("largo", "seccion", "Caben 12 caracteres.", "Escriba solo la sección.")
    if new.representacion == "casilla" and not new.seccion.strip():
        yield Problem("falta", "seccion", "Está vacía.", "Escriba la sección de la casilla.")
    if new.oneroso:
        yield from _positive("monto", new.monto)
        yield from _paid(new.medio, new.pagado_el)
    elif new.monto or new.medio or new.pagado_el:
        yield Problem("gratuito", "monto", "Un CEP gratuito no lleva pago.", "Márquelo oneroso o deje el monto vacío.")


def _paid(medio: str, day: date | None) -> Iterator[Problem]:
    if medio not in PAID_BY:
        yield Problem("medio", "medio", f"El medio «{medio}» no existe.", f"Use uno de: {', '.join(PAID_BY)}.")
    if day is None:
        yield Problem("falta", "pagado_el", "No dice qué día se pagó.", "Escriba la fecha.")
    else:
        yield from _not_future("pagado_el", day)


def _own_poliza(contabilidad: Contabilidad, number: int | None) -> Iterator[Problem]:
    if number is not None and not Poliza.objects.filter(pk=number, contabilidad=contabilidad).exists():
        yield Problem("poliza", "poliza", "La póliza no es de esta contabilidad.", "Elíjala de la lista.")


def _text(name: str, text: str, letters: int) -> Iterator[Problem]:
    clean = text.strip()
    if not clean:
        yield Problem("falta", name, "Está vacío.", "Escríbalo.")
    elif len(clean) > letters:
        yield Problem("largo", name, f"Tiene {len(clean)} caracteres y caben {letters}.", "Abrévielo.")
    elif any((ord(char) < 32 and char not in "\r\n\t") or "\ud800" <= char <= "\udfff" for char in clean):
        yield Problem("caracteres", name, "Tiene caracteres que no son texto.", "Escríbalo otra vez.")


def _positive(name: str, amount: Money) -> Iterator[Problem]:
    if amount.centavos <= 0:
        yield Problem("importe", name, f"El importe es {amount}.", "Escriba un importe mayor a cero.")


def _not_future(name: str, day: date) -> Iterator[Problem]:
    if day > clock.today():
        yield Problem("fecha", name, f"El {day:%d/%m/%Y} todavía no llega.", "Se registra lo que ya ocurrió.")
