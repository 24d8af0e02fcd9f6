"""Record kárdex entries at cost and exits at average cost, never below zero, reversible only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sif.books.models import MovimientoInventario, Poliza
from sif.books.services.registros import lock_books
from sif.books.warehouse import Stock, stock_of
from sif.catalogs.models import Articulo, Evento
from sif.catalogs.services.campaign_refusals import refuse
from sif.registry import clock
from sif.registry.history import current_of
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import acting
from sif.values import Money, Problem, Refused

ORIGINS = ("compra", "aportacion", "transferencia")
_MAX = 10**15


@dataclass(frozen=True, slots=True)
class NewEntrada:
    """Goods that come in: thousandths of the unit and the cost of all of them. `documento`: '' for the next note."""

    fecha: date
    cantidad_milesimas: int
    costo: Money
    origen: str
    documento: str = ""
    recibe: str = ""
    poliza_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewSalida:
    """Goods that go out, to an event of the same books or to a place (`destino`); their cost is derived."""

    fecha: date
    cantidad_milesimas: int
    documento: str = ""
    evento_id: int | None = None
    destino: str = ""
    recibe: str = ""
    poliza_id: int | None = None


def record_entry(articulo: Articulo, new: NewEntrada, by: Usuario) -> MovimientoInventario:
    """Record an entry. Raises Refused sin_permiso, cantidad, importe, opcion, fecha, poliza, nota."""
    with acting():
        lock_books(articulo.contabilidad, by)
        problems = [*_common(articulo, new), *_texts(new, ("documento", 40), ("recibe", 160))]
        if new.origen not in ORIGINS:
            problems.append(
                Problem("opcion", "origen", f"«{new.origen}» no es un origen.", f"Use uno de: {', '.join(ORIGINS)}.")
            )
        if new.costo.centavos < 0:
            problems.append(Problem("importe", "costo", f"El costo es {new.costo}.", "Escriba cero o más."))
        note = new.documento.strip() or _next_note(articulo.contabilidad, "entrada")
        refuse([*problems, *_note_free(articulo, "entrada", note)])
        return _write(
            articulo,
            by,
            tipo="entrada",
            fecha=new.fecha,
            cantidad_milesimas=new.cantidad_milesimas,
            costo=new.costo.centavos,
            documento=note,
            origen=new.origen,
            recibe=new.recibe.strip(),
            poliza_id=new.poliza_id,
        )


def record_exit(articulo: Articulo, new: NewSalida, by: Usuario) -> MovimientoInventario:
    """Record an exit at the average cost of what there is. Raises Refused existencia, destino…"""
    with acting():
        lock_books(articulo.contabilidad, by)
        problems = [*_common(articulo, new), *_destination(articulo, new)]
        problems += _texts(new, ("documento", 40), ("destino", 160), ("recibe", 160))
        note = new.documento.strip() or _next_note(articulo.contabilidad, "salida")
        held = stock_of(articulo)
        problems += [*_enough(articulo, held, new), *_note_free(articulo, "salida", note)]
        refuse(problems)
        return _write(
            articulo,
            by,
            tipo="salida",
            fecha=new.fecha,
            cantidad_milesimas=new.cantidad_milesimas,
            costo=cost_of_exit(held, new.cantidad_milesimas).centavos,
            documento=note,
            evento_id=new.evento_id,
            destino=new.destino.strip(),
            recibe=new.recibe.strip(),
            poliza_id=new.poliza_id,
        )


def cost_of_exit(held: Stock, cantidad_milesimas: int) -> Money:
    """Return the part of the value held that goes with a quantity, half up; the last exit takes what is left."""
    if cantidad_milesimas == held.cantidad_milesimas:
        return held.valor
    whole = held.cantidad_milesimas
    return Money((2 * held.valor.centavos * cantidad_milesimas + whole) // (2 * whole))


def reverse_movement(movement: MovimientoInventario, motivo: str, by: Usuario) -> MovimientoInventario:
    """Undo a movement with its opposite, at its own cost; both stay. Raises Refused falta, revertido, costo."""
    with acting():
        lock_books(movement.contabilidad, by)
        note = f"{movement.documento}-R"[:40]
        problems = []
        if not motivo.strip():
            problems.append(Problem("falta", "motivo", "Está vacío.", "Escriba por qué se revierte."))
        same = MovimientoInventario.objects.filter(articulo=movement.articulo_id, tipo=movement.tipo)
        if movement.cantidad_milesimas < 0 or same.filter(documento=note).exists():
            problems.append(
                Problem("revertido", "registro", f"{movement.documento} ya se revirtió.", "No hace falta más.")
            )
        elif movement.tipo == "entrada":
            problems += _can_leave(movement)
        refuse(problems)
        return _write(
            movement.articulo,
            by,
            tipo=movement.tipo,
            fecha=movement.fecha,
            cantidad_milesimas=-movement.cantidad_milesimas,
            costo=-movement.costo,
            documento=note,
            origen=movement.origen,
            evento_id=movement.evento_id,
            destino=motivo.strip()[:160],
            recibe="",
            poliza_id=movement.poliza_id,
        )


def transfer_stock(
    origen: Articulo, destino: Articulo, new: NewSalida, by: Usuario
) -> tuple[MovimientoInventario, MovimientoInventario]:
    """Move goods to the same article of other books of the subject, at their cost: the exit and the entry, or none."""
    if destino.contabilidad.sujeto_id != origen.contabilidad.sujeto_id or destino.pk == origen.pk:
        raise Refused(
            Problem(
                "destino", "destino", "El artículo que recibe no es de otra contabilidad del sujeto.", "Elija otro."
            )
        )
    with acting():
        lock_contabilidades([origen.contabilidad_id, destino.contabilidad_id])
        out = record_exit(origen, replace(new, destino=f"Contabilidad {destino.contabilidad_id}", evento_id=None), by)
        entered = NewEntrada(
            new.fecha, new.cantidad_milesimas, Money(out.costo), "transferencia", out.documento, new.recibe
        )
        return out, record_entry(destino, entered, by)


def _write(articulo: Articulo, by: Usuario, **values: object) -> MovimientoInventario:
    return MovimientoInventario.objects.create(
        contabilidad_id=articulo.contabilidad_id,
        articulo=articulo,
        registrado_el=clock.now(),
        registrado_por=by,
        **values,
    )


def _next_note(contabilidad: Contabilidad, tipo: str) -> str:
    """NE-4121-0007: the next note of entry (NE) or exit (NS) of some books."""
    prefix = f"{'NE' if tipo == 'entrada' else 'NS'}-{contabilidad.pk}-"
    used = MovimientoInventario.objects.filter(contabilidad=contabilidad, tipo=tipo, documento__startswith=prefix)
    tails = [note.removeprefix(prefix) for note in used.values_list("documento", flat=True)]
    return f"{prefix}{max((int(tail) for tail in tails if tail.isdecimal()), default=0) + 1:04d}"


def _common(articulo: Articulo, new: NewEntrada | NewSalida) -> Iterator[Problem]:
    if not 0 < new.cantidad_milesimas <= _MAX:
        yield Problem("cantidad", "cantidad", "La cantidad no es mayor a cero.", "Escríbala, hasta con tres decimales.")
    if new.fecha > clock.today():
        yield Problem("fecha", "fecha", f"El {new.fecha:%d/%m/%Y} todavía no llega.", "Se registra lo que ya ocurrió.")
    if new.poliza_id is not None:
        own = Poliza.objects.filter(pk=new.poliza_id, contabilidad=articulo.contabilidad_id)
        if not own.exists():
            yield Problem("poliza", "poliza", "La póliza no es de esta contabilidad.", "Elíjala de la lista.")


def _texts(new: object, *rooms: tuple[str, int]) -> list[Problem]:
    found = []
    for name, letters in rooms:
        text = getattr(new, name).strip()
        if len(text) > letters or any(ord(char) < 32 for char in text):
            found.append(Problem("largo", name, f"No es un texto de hasta {letters} letras.", "Corríjalo."))
    return found


def _destination(articulo: Articulo, new: NewSalida) -> Iterator[Problem]:
    if new.evento_id is None and not new.destino.strip():
        yield Problem("destino", "destino", "No dice a dónde va.", "Elija un evento o escriba el municipio.")
    if new.evento_id is not None:
        event = Evento.objects.filter(pk=new.evento_id, contabilidad=articulo.contabilidad_id).first()
        if event is None:
            yield Problem("evento", "evento", "El evento no es de esta contabilidad.", "Elíjalo de la lista.")
        elif current_of(event).estatus == "cancelado":
            yield Problem("evento", "evento", f"El evento {event.numero} está cancelado.", "Elija otro destino.")


def _enough(articulo: Articulo, held: Stock, new: NewSalida) -> Iterator[Problem]:
    wanted, unit = new.cantidad_milesimas, articulo.unidad
    if wanted > held.cantidad_milesimas:
        yield Problem(
            "existencia",
            "cantidad",
            f"Salen {thousandths(wanted)} {unit} y hay {thousandths(held.cantidad_milesimas)}.",
            "Registre antes la entrada que falta, o corrija la cantidad.",
        )
    elif wanted > (least := _least_since(articulo, new.fecha)):
        yield Problem(
            "existencia",
            "fecha",
            f"Contando desde el {new.fecha:%d/%m/%Y} llegó a haber solo {thousandths(max(0, least))} {unit}.",
            "Corrija la fecha o la cantidad.",
        )


def _least_since(articulo: Articulo, fecha: date) -> int:
    """Return the least that there was at the end of any day from one on."""
    rows = MovimientoInventario.objects.filter(articulo=articulo).order_by("fecha", "pk")
    by_day: dict[date, int] = {}
    running = 0
    for day, tipo, quantity in rows.values_list("fecha", "tipo", "cantidad_milesimas"):
        running += quantity if tipo == "entrada" else -quantity
        by_day[day] = running
    before = [left for day, left in by_day.items() if day <= fecha]
    return min([left for day, left in by_day.items() if day > fecha] + [before[-1] if before else 0])


def _can_leave(movement: MovimientoInventario) -> Iterator[Problem]:
    """An entry is undone only while its goods and its cost are still there."""
    held = stock_of(movement.articulo)
    left = held.cantidad_milesimas - movement.cantidad_milesimas
    value = held.valor.centavos - movement.costo
    if (
        left < 0
        or value < 0
        or (left == 0 and value != 0)
        or _least_since(movement.articulo, movement.fecha) < movement.cantidad_milesimas
    ):
        yield Problem(
            "existencia",
            "registro",
            f"De lo que entró con {movement.documento} ya salió una parte.",
            "Revierta antes sus salidas.",
        )


def _note_free(articulo: Articulo, tipo: str, note: str) -> Iterator[Problem]:
    same = MovimientoInventario.objects.filter(articulo=articulo, tipo=tipo, documento=note)
    if same.exists():
        yield Problem(
            "nota", "documento", f"La nota {note} ya tiene este artículo.", "Use otra nota o deje el folio vacío."
        )


def thousandths(quantity: int) -> str:
    """1500 as 1.5; 2000 as 2."""
    whole, part = divmod(abs(quantity), 1000)
    text = f"{whole:,}.{part:03d}".rstrip("0").rstrip(".")
    return f"-{text}" if quantity < 0 else text


__all__: Sequence[str] = (
    "NewEntrada",
    "NewSalida",
    "cost_of_exit",
    "record_entry",
    "record_exit",
    "reverse_movement",
    "thousandths",
    "transfer_stock",
)
