"""Open the books of a year with what the year before left, once, and adjust that opening by another póliza."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Model

from sif.books.accounts import accounts_of
from sif.books.carried import Carried, balances_left
from sif.books.models import Apertura, Borrador, Movimiento, PartidaApertura, Poliza
from sif.books.references import CATALOGUES, OWNERS
from sif.books.selectors import inbox
from sif.books.services.kardex import NewEntrada, record_entry
from sif.books.services.polizas import post_poliza
from sif.books.warehouse import stock_of
from sif.catalogs.models import ActivoFijo, Articulo, Credito
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Contabilidad, Etapa, Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may, windows_open
from sif.values import Money, Problem, Refused, refusal

MOST_LINES = 30_000
"""Lines that one opening may have."""
KEYS = {
    "cuenta_bancaria": ("clabe",),
    "inventario": ("clave",),
    "activo_fijo": ("numero",),
    "credito": ("numero",),
    "contrato": ("proveedor_id", "objeto", "suscrito_el"),
    "evento": ("numero",),
    "casa": ("nombre",),
}
"""What tells that a record of the books of one year is that of another."""
COPIED = frozenset({"inventario", "activo_fijo", "credito"})
"""Records that go to the books of the next year with what is theirs; the others are registered there first."""
_NAMES = {
    "cuenta_bancaria": "la cuenta bancaria",
    "contrato": "el contrato",
    "evento": "el evento",
    "casa": "la casa",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """An opening; `nueva` False where these books had already been opened so, and then nothing changed."""

    apertura: Apertura
    nueva: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """An opening before it is done: the balances carried, the result of the year, and what keeps it from being done."""

    partidas: Sequence[Carried]
    resultado: int
    problemas: Sequence[Problem]

    @property
    def cargos(self) -> Money:
        """Return the sum of the debits."""
        return Money(sum(each.neto for each in self.partidas if each.neto > 0))


def may_open(de: Contabilidad, nueva: Contabilidad, by: Usuario) -> None:
    """Raise PermissionError unless the person records in the books of both years."""
    for books in (de, nueva):
        if not may(by, "capturar", contabilidad=books):
            raise PermissionError(f"{by.nombre} no registra en la contabilidad {books.pk}.")


def standing_of(de: Contabilidad, nueva: Contabilidad, by: Usuario, also: Sequence[Problem] = ()) -> Standing:
    """Return what opening some books with what others left would do. `also`: what other rooms say is open.

    Raises PermissionError.
    """
    may_open(de, nueva, by)
    problems = [*_pair(de, nueva), *_still_open(de), *also, *_opened_before(de, nueva), *_may_post(nueva)]
    carried, result = balances_left(de)
    if not carried:
        problems.append(
            Problem(
                "sin_saldos",
                f"contabilidad {de.pk}",
                "No quedó ningún saldo: todo está en ceros.",
                "No hace falta abrir: la nueva empieza en ceros.",
            )
        )
    problems += _unknown(nueva, carried)
    return Standing(carried, result, problems)


def open_books(de: Contabilidad, nueva: Contabilidad, by: Usuario, *, also: Sequence[Problem] = ()) -> Opened:
    """Open the books of a year with what those of the year before left. Once: asked again, it changes nothing.

    Receivables and payables bring the day since which each is owed; goods, assets and credits, their records. Raises
    Refused, PermissionError.
    """
    may_open(de, nueva, by)
    with acting():
        held = {each.pk: each for each in lock_contabilidades([de.pk, nueva.pk])}
        de, nueva = held[de.pk], held[nueva.pk]
        if done := Apertura.objects.filter(contabilidad=nueva, de=de, ajusta=None).first():
            return Opened(done, False)
        found = standing_of(de, nueva, by, also)
        if found.problemas:
            raise Refused(*found.problemas)
        words = f"Apertura del ejercicio {nueva.etapa.proceso.anio}: saldos que dejó la contabilidad {de.pk}"
        day = nueva.etapa.inicia_el
        opening = _post(nueva, by, day, words, _named(found.partidas, nueva, by), _of_books(de, found.resultado))
        _carry_goods(de, nueva, opening.poliza, by)
        return Opened(opening, True)


def open_with(nueva: Contabilidad, carried: Sequence[Carried], by: Usuario, *, archivo: str, nombre: str) -> Opened:
    """Open the books of a year with balances of a file of another program, kept by its digest. Once.

    The same file asked again changes nothing. Raises Refused, PermissionError.
    """
    must_open(nueva, by)
    with acting():
        [nueva] = lock_contabilidades([nueva.pk])
        if done := Apertura.objects.filter(contabilidad=nueva, archivo=archivo, ajusta=None).first():
            return Opened(done, False)
        if problems := opening_problems(nueva):
            raise Refused(*problems)
        words = f"Apertura del ejercicio {nueva.etapa.proceso.anio}: saldos traídos de otro programa"
        return Opened(_post(nueva, by, nueva.etapa.inicia_el, words, carried, of_file(archivo, nombre)), True)


def adjust_with(
    nueva: Contabilidad, carried: Sequence[Carried], motivo: str, by: Usuario, *, archivo: str, nombre: str
) -> Apertura:
    """Adjust an opening that came in a file to what another file says. Raises Refused, PermissionError."""
    must_open(nueva, by)
    with acting():
        [nueva] = lock_contabilidades([nueva.pk])
        first = Apertura.objects.filter(contabilidad=nueva, ajusta=None, origen=Apertura.Origen.ARCHIVO).first()
        if first is None:
            raise refusal(
                "sin_apertura", f"contabilidad {nueva.pk}", "No se abrió con un archivo.", "Ábrala primero con él."
            )
        if problems := [*_lowered(carried, opened_with(nueva))]:
            raise Refused(*problems)
        return adjust(first, carried, motivo, by, of=of_file(archivo, nombre))


def _lowered(wanted: Sequence[Carried], there: Sequence[Carried]) -> Iterator[Problem]:
    """Yield each document owed that a file would lower, take away or date another day: paid or not, it ages as it was.

    What an audit saw as overdue would vanish, or grow younger, by a file that nobody else reads.
    """
    nets: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for place, rows in enumerate((there, wanted)):
        for each in rows:
            if each.fecha is not None:
                nets[each.key][place] += each.neto
    for (code, _kind, _number, day, cited), (before, after) in sorted(nets.items(), key=lambda each: str(each[0])):
        if before and (after * before <= 0 or abs(after) < abs(before)):
            seen = f"La apertura trajo {Money(abs(before))} de la cuenta {code}; el archivo dice {Money(abs(after))}."
            cure = "Déjelo como entró; lo que se pagó o se corrige va en una póliza con su evidencia."
            yield Problem("documento_menor", f"documento {cited or 'sin referencia'} del {day:%d/%m/%Y}", seen, cure)


def must_open(nueva: Contabilidad, by: Usuario) -> None:
    """Raise PermissionError unless the person records in the books that are opened."""
    if not may(by, "capturar", contabilidad=nueva):
        raise PermissionError(f"{by.nombre} no registra en la contabilidad {nueva.pk}.")


def opening_problems(nueva: Contabilidad) -> list[Problem]:
    """Return why some books may not be opened with a file now."""
    problems = list(_may_post(nueva))
    if nueva.etapa.tipo != Etapa.Tipo.ORDINARIO:
        problems.append(
            Problem(
                "no_ordinaria",
                f"contabilidad {nueva.pk}",
                "Solo se abre con saldos un ejercicio ordinario.",
                "Elija la contabilidad de un ejercicio.",
            )
        )
    return [*problems, *_opened_before(None, nueva), *_kept_here(nueva)]


def _kept_here(nueva: Contabilidad) -> Iterator[Problem]:
    """Refuse a file where the year before was kept in this system: its own balances, and no other, begin this one."""
    process = nueva.etapa.proceso
    before = Contabilidad.objects.filter(
        sujeto=nueva.sujeto_id,
        clase=nueva.clase,
        etapa__tipo=Etapa.Tipo.ORDINARIO,
        etapa__proceso__anio=process.anio - 1,
        etapa__proceso__ambito=process.ambito,
        etapa__proceso__entidad=process.entidad,
    )
    for number in Poliza.objects.filter(contabilidad__in=before).values_list("contabilidad", flat=True)[:1]:
        yield Problem(
            "anterior_aqui",
            f"contabilidad {nueva.pk}",
            f"El ejercicio anterior se llevó aquí, en la contabilidad {number}.",
            "Ábrala con los saldos que dejó; lo que difiera se registra con una póliza y su evidencia.",
        )


def of_file(archivo: str, nombre: str) -> dict[str, object]:
    """Return what the act of an opening says of the file that it came in."""
    return {"origen": Apertura.Origen.ARCHIVO, "archivo_id": archivo, "nombre": nombre[-255:]}


def adjust_books(nueva: Contabilidad, motivo: str, by: Usuario) -> Apertura:
    """Adjust an opening to what the books of the year before say now, by a póliza of the difference. Raises Refused."""
    first = Apertura.objects.filter(contabilidad=nueva, ajusta=None).select_related("de").first()
    if first is None or first.de is None:
        raise refusal(
            "sin_apertura", f"contabilidad {nueva.pk}", "No se abrió con otra de este sistema.", "Ábrala primero."
        )
    may_open(first.de, nueva, by)
    with acting():
        held = {each.pk: each for each in lock_contabilidades([first.de.pk, nueva.pk])}
        de, nueva = held[first.de.pk], held[nueva.pk]
        carried, result = balances_left(de)
        if problems := list(_unknown(nueva, carried)):
            raise Refused(*problems)
        return adjust(first, _named(carried, nueva, by), motivo, by, of=_of_books(de, result))


def adjust(first: Apertura, wanted: Sequence[Carried], motivo: str, by: Usuario, *, of: dict[str, object]) -> Apertura:
    """Post what an opening lacks or has too much of, in an act that holds the books. Raises Refused."""
    if not motivo.strip():
        raise refusal("falta", "motivo", "No dice por qué se ajusta.", "Escriba el motivo.")
    nueva = first.contabilidad
    missing = _difference(wanted, opened_with(nueva))
    if not missing:
        raise refusal("igual", "apertura", "La apertura ya dice esos saldos.", "No hace falta ajustar nada.")
    words = f"Ajuste de la apertura del ejercicio {nueva.etapa.proceso.anio}. {motivo.strip()}"
    opened = windows_open(nueva)
    day = nueva.etapa.inicia_el
    if opened and opened[0].periodo.desde > day:
        day = opened[0].periodo.desde
    return _post(nueva, by, day, words[:500], missing, {**of, "ajusta": first, "motivo": motivo.strip()[:300]})


def opened_with(books: Contabilidad) -> list[Carried]:
    """Return what the openings of some books brought, its adjustments among them, each in its own row."""
    aged = {
        (each.apertura.poliza_id, each.linea): each
        for each in PartidaApertura.objects.filter(contabilidad=books).select_related("apertura")
    }
    lines = Movimiento.objects.filter(contabilidad=books, poliza__apertura__isnull=False).order_by("poliza", "linea")
    found = []
    for line in lines:
        kept = aged.get((line.poliza_id, line.linea))
        own = (line.cuenta_id, line.auxiliar_tipo, line.auxiliar_id, line.cargo - line.abono)
        found.append(Carried(*own, *((kept.fecha, kept.referencia) if kept else ())))
    return found


def _difference(wanted: Sequence[Carried], there: Sequence[Carried]) -> list[Carried]:
    sums: dict[Any, int] = defaultdict(int)
    for sign, rows in ((1, wanted), (-1, there)):
        for each in rows:
            sums[each.key] += sign * each.neto
    return [
        Carried(code, kind, number, net, day, cited)
        for (code, kind, number, day, cited), net in sorted(sums.items(), key=lambda each: str(each[0]))
        if net
    ]


def _of_books(de: Contabilidad, result: int) -> dict[str, object]:
    last = Poliza.objects.filter(contabilidad=de).order_by("-eslabon").first()
    return {
        "origen": Apertura.Origen.CIERRE,
        "de": de,
        "eslabon": last.eslabon if last else 0,
        "huella": bytes(last.huella) if last else None,
        "resultado": result,
    }


def _post(
    books: Contabilidad, by: Usuario, day: date, words: str, carried: Sequence[Carried], of: dict[str, object]
) -> Apertura:
    """Post the póliza of an opening with its act and the age of what it brings."""
    if len(carried) > MOST_LINES:
        raise refusal(
            "muchas", "apertura", f"Son {len(carried):,} saldos y caben {MOST_LINES:,}.", "Junte los más antiguos."
        )
    period = books.etapa.periodos.get(desde__lte=day, hasta__gte=day)
    window = next((each.tipo for each in windows_open(books) if each.periodo_id == period.pk), "normal")
    lines = tuple(
        NewLine(
            each.cuenta,
            Money(max(each.neto, 0)),
            Money(max(-each.neto, 0)),
            (each.concepto or each.referencia)[:300],
            each.auxiliar_tipo,
            each.auxiliar_id,
        )
        for each in carried
    )
    new = NewPoliza(books.pk, period.pk, window, "DR", day, words, lines, clase=Poliza.Clase.APERTURA)
    poliza = post_poliza(new, by)
    opening = Apertura.objects.create(contabilidad=books, poliza=poliza, hecha_el=clock.now(), hecha_por=by, **of)
    PartidaApertura.objects.bulk_create(
        PartidaApertura(
            apertura=opening, contabilidad=books, linea=place, fecha=each.fecha, referencia=each.referencia[:80]
        )
        for place, each in enumerate(carried, 1)
        if each.fecha
    )
    return opening


def _pair(de: Contabilidad, nueva: Contabilidad) -> Iterator[Problem]:
    """Tell why books are not those of the next year of others."""
    place = f"contabilidad {nueva.pk}"
    own = (de.sujeto_id, de.clase, de.etapa.proceso.ambito, de.etapa.proceso.entidad)
    if own != (nueva.sujeto_id, nueva.clase, nueva.etapa.proceso.ambito, nueva.etapa.proceso.entidad):
        yield Problem(
            "otra_clase",
            place,
            f"No es del mismo sujeto, clase y ámbito que la {de.pk}.",
            "Elija la contabilidad del mismo sujeto y de la misma clase.",
        )
    if {de.etapa.tipo, nueva.etapa.tipo} != {Etapa.Tipo.ORDINARIO}:
        yield Problem(
            "no_ordinaria", place, "Solo pasan sus saldos los ejercicios ordinarios.", "Elija las de dos ejercicios."
        )
    if nueva.etapa.inicia_el <= de.etapa.termina_el:
        yield Problem(
            "orden",
            place,
            f"Empieza el {nueva.etapa.inicia_el:%d/%m/%Y} y la {de.pk} termina el {de.etapa.termina_el:%d/%m/%Y}.",
            "Elija la del ejercicio siguiente.",
        )
    if clock.today() <= de.etapa.termina_el:
        yield Problem(
            "no_termina",
            f"contabilidad {de.pk}",
            f"Su ejercicio termina el {de.etapa.termina_el:%d/%m/%Y}.",
            "Ábrala desde el día siguiente.",
        )


def _still_open(de: Contabilidad) -> Iterator[Problem]:
    """Tell what was left to record in the books of the year that ended."""
    place = f"contabilidad {de.pk}"
    if drafts := Borrador.objects.filter(contabilidad=de).count():
        yield Problem(
            "borradores",
            place,
            f"Tiene {drafts} borradores sin registrar.",
            "Regístrelos o deséchelos en «Borradores».",
        )
    if waiting := inbox([de.pk]).count():
        yield Problem(
            "bandeja", place, f"Tiene {waiting} CFDI sin registrar.", "Regístrelos o apártelos en la bandeja de CFDI."
        )


def _opened_before(de: Contabilidad | None, nueva: Contabilidad) -> Iterator[Problem]:
    cure = "Lo que falte se registra con un ajuste de la apertura."
    opening = Apertura.objects.filter(contabilidad=nueva, ajusta=None).first()
    if opening is not None and (de is None or opening.de_id != de.pk):
        said = f"Ya se abrió el {opening.hecha_el:%d/%m/%Y}: {opening.get_origen_display().lower()}."
        yield Problem("ya_abierta", f"contabilidad {nueva.pk}", said, cure)
    other = Apertura.objects.filter(de=de, ajusta=None).exclude(contabilidad=nueva).first() if de else None
    if de is not None and other is not None:
        said = f"Sus saldos ya pasaron a la contabilidad {other.contabilidad_id}."
        yield Problem("ya_paso", f"contabilidad {de.pk}", said, cure)


def _may_post(nueva: Contabilidad) -> Iterator[Problem]:
    day = nueva.etapa.inicia_el
    if not any(each.periodo.desde <= day <= each.periodo.hasta for each in windows_open(nueva)):
        yield Problem(
            "ventana",
            f"contabilidad {nueva.pk}",
            f"El registro del {day:%d/%m/%Y} no está abierto.",
            "Se abre en el primer periodo del ejercicio, o con el oficio en su ventana de corrección.",
        )


def _unknown(nueva: Contabilidad, carried: Sequence[Carried]) -> Iterator[Problem]:
    """Tell each record that the next year needs and nobody registered there."""
    accounts = accounts_of(nueva)
    for code in sorted({each.cuenta for each in carried} - {code for code, own in accounts.items() if own.capturable}):
        yield Problem("cuenta", code, "El catálogo del nuevo ejercicio no la tiene.", "Pida que su proceso la agregue.")
    for kind, number in sorted({(each.auxiliar_tipo, each.auxiliar_id or 0) for each in carried}):
        if kind in KEYS and kind not in COPIED:
            row = CATALOGUES[kind]._default_manager.get(pk=number)
            if _same(row, kind, nueva) is None:
                named = ", ".join(str(getattr(row, name)) for name in KEYS[kind] if not name.endswith("_id"))
                yield Problem(
                    "sin_alta",
                    f"contabilidad {nueva.pk}",
                    f"No tiene {_NAMES[kind]} {named}, que lleva saldo.",
                    "Dé de alta la misma en el nuevo ejercicio.",
                )


def _same(row: Model, kind: str, books: Contabilidad) -> Model | None:
    own = {name: getattr(row, name) for name in KEYS[kind]}
    return CATALOGUES[kind]._default_manager.filter(contabilidad=books, **own).order_by("-pk").first()


def _named(carried: Sequence[Carried], books: Contabilidad, by: Usuario) -> list[Carried]:
    """Return the same with the auxiliaries of the next year, whose records of goods and debts are made where needed."""
    known: dict[tuple[str, int], int] = {}
    found = []
    for each in carried:
        number = each.auxiliar_id
        if number is not None and OWNERS.get(each.auxiliar_tipo) == "contabilidad_id":
            named = (each.auxiliar_tipo, number)
            if named not in known:
                row = CATALOGUES[each.auxiliar_tipo]._default_manager.get(pk=number)
                known[named] = _record_in(row, each.auxiliar_tipo, books, by).pk
            each = replace(each, auxiliar_id=known[named])
        found.append(each)
    return found


def _record_in(row: Model, kind: str, books: Contabilidad, by: Usuario) -> Model:
    same = _same(row, kind, books)
    if same is not None:
        return same
    cells = {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields if not each.primary_key}
    cells |= {"contabilidad_id": books.pk, "registrado_el": clock.now(), "registrado_por_id": by.pk}
    return type(row)._default_manager.create(**cells)


def _carry_goods(de: Contabilidad, nueva: Contabilidad, poliza: Poliza, by: Usuario) -> None:
    """Have in the next year the articles with stock, with their quantity, and the assets in use and credits."""
    for article in Articulo.objects.filter(contabilidad=de).order_by("pk"):
        held = stock_of(article)
        if held.cantidad_milesimas > 0:
            kept = _record_in(article, "inventario", nueva, by)
            assert isinstance(kept, Articulo)
            day = poliza.fecha_operacion
            entry = NewEntrada(day, held.cantidad_milesimas, held.valor, "transferencia", poliza_id=poliza.pk)
            record_entry(kept, entry, by)
    for asset in ActivoFijo.objects.filter(contabilidad=de, baja=None).order_by("pk"):
        _record_in(asset, "activo_fijo", nueva, by)
    for credit in Credito.objects.filter(contabilidad=de).order_by("pk"):
        _record_in(credit, "credito", nueva, by)
