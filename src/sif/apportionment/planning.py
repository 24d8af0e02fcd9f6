"""Plan the pólizas of a prorrateo: once for the preview, and again under the locks of the books."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.conf import settings

from sif.apportionment import mixtures
from sif.apportionment.asked import ExpenseLine, NewExpense, NewProrrateo, Plan, PlannedPart, Slot
from sif.apportionment.models import Prorrateo
from sif.books.models import Poliza
from sif.books.selectors import lines_of, reference_of, spent_against_cap
from sif.law.apportionment import Combination, NotApportioned, combination_on
from sif.law.chart import evidence_for, load_chart
from sif.ledger.prorrateo import Beneficiary, CannotShare, Sharing, share
from sif.registry import clock
from sif.registry.models import Contabilidad, Usuario
from sif.registry.selectors import may, windows_open, with_state
from sif.values import Money, Problem

CEDULA = "cedula_prorrateo"
Share = tuple[Contabilidad, tuple[Sharing, ...], int]


def plan(new: NewProrrateo, by: Usuario) -> Plan:
    """Plan a prorrateo, with every problem that prevents it, and write nothing."""
    books = {row.pk: row for row in _rows([new.origen_id, *new.beneficiarios])}
    if new.origen_id not in books:
        raise Contabilidad.DoesNotExist(f"No hay una contabilidad con el número {new.origen_id}.")
    origin = books[new.origen_id]
    chosen = [books[number] for number in dict.fromkeys(new.beneficiarios) if number in books]
    begun, problems = _expense(new, origin)
    day = begun.fecha or clock.today()
    problems += [
        *mixtures.classification(new.clase, new.criterio, new.detalle),
        *mixtures.origin(origin),
        *_absent(new, books),
        *mixtures.beneficiaries(origin, chosen, day),
    ]
    begun = replace(begun, hechos=Prorrateo.objects.filter(contabilidad=origin).count())
    if new.esperados is not None and new.esperados != begun.hechos:
        problems.append(_sent_twice(origin))
    combination = _combination(chosen, day, problems)
    shared = _share(begun.lineas, chosen, combination, problems)
    slots = _slots([origin, *chosen], begun.fecha) if begun.fecha else {}
    problems += _may_record(by, [origin, *chosen], begun.fecha, slots)
    return replace(begun, partes=shared, combinacion=combination, problemas=tuple(problems), huecos=slots)


def _rows(numbers: Sequence[int]) -> Sequence[Contabilidad]:
    return list(
        with_state(Contabilidad.objects.filter(pk__in=numbers)).select_related(
            "etapa__proceso", "sujeto", "candidatura__persona", "candidatura__cargo", "candidatura__territorio"
        )
    )


def _absent(new: NewProrrateo, books: dict[int, Contabilidad]) -> Iterator[Problem]:
    for number in new.beneficiarios:
        if number not in books:
            yield Problem(
                "beneficiario",
                f"beneficiario {number}",
                "No hay una contabilidad con ese número.",
                "Quítela de la lista.",
            )


def _sent_twice(origin: Contabilidad) -> Problem:
    return Problem(
        "enviado_dos_veces",
        "prorrateo",
        f"Desde que vio esta vista previa se registró otro prorrateo en la contabilidad {origin.pk}.",
        "Vea la lista de prorrateos: si no es el suyo, pida otra vez la vista previa.",
    )


def _expense(new: NewProrrateo, origin: Contabilidad) -> tuple[Plan, list[Problem]]:
    if new.nuevo is not None:
        return _written(new.nuevo, origin)
    found = (
        Poliza.objects.select_related("periodo", "contabilidad")
        .filter(pk=new.gasto_id or 0, contabilidad=origin)
        .first()
    )
    if found is None:
        missing = Problem("gasto", "gasto", "Falta qué gasto se prorratea.", "Elija una póliza de la concentradora.")
        return Plan(origin, None, ""), [missing]
    return _posted(found, origin)


def _written(expense: NewExpense, origin: Contabilidad) -> tuple[Plan, list[Problem]]:
    problems = []
    line = ExpenseLine(expense.cuenta, "proveedor", expense.proveedor_id, expense.monto)
    if expense.monto.centavos <= 0:
        problems.append(Problem("importe", "importe", f"El importe es {expense.monto}.", "Escriba uno mayor a cero."))
    if not expense.concepto.strip():
        problems.append(Problem("concepto", "concepto", "Falta el concepto del gasto.", "Diga qué se compró."))
    if expense.contra == "bancos" and not origin.cuentas_bancarias.exists():
        problems.append(
            Problem("banco", "pago", "La concentradora no tiene cuenta bancaria.", "Dé de alta su cuenta bancaria.")
        )
    problems += _can_be_shared([line], expense.fecha)
    return Plan(origin, expense.fecha, expense.concepto.strip(), (line,)), problems


def _posted(expense: Poliza, origin: Contabilidad) -> tuple[Plan, list[Problem]]:
    problems: list[Problem] = []
    cited = reference_of(expense)
    if expense.revierte_a_id is not None or hasattr(expense, "reversion"):
        problems.append(Problem("revertida", "gasto", f"{cited} está revertida.", "Elija la póliza que subsiste."))
    if expense.clase != Poliza.Clase.ORDINARIA:
        problems.append(
            Problem("clase", "gasto", f"{cited} es de clase {expense.get_clase_display().lower()}.", "Elija un gasto.")
        )
    live = Prorrateo.objects.filter(gasto=expense, poliza__reversion__isnull=True).first()
    if live is not None:
        problems.append(
            Problem(
                "ya_prorrateado",
                "gasto",
                f"{cited} ya se prorrateó con el folio {live.folio}.",
                "Revierta ese prorrateo si hay que repartirlo de otra forma.",
            )
        )
    lines = expense_lines(expense)
    if not lines:
        problems.append(Problem("sin_gasto", "gasto", f"{cited} no registra gastos.", "Elija una póliza de gasto."))
    problems += [*_can_be_shared(lines, expense.fecha_operacion), *mixtures.invoice_names_one(expense)]
    return Plan(origin, expense.fecha_operacion, expense.concepto, lines), problems


def expense_lines(expense: Poliza) -> tuple[ExpenseLine, ...]:
    """Return the net spending of a póliza by account and auxiliary, in the order of its lines."""
    chart = load_chart(settings.JURISDICTION)
    sums: dict[tuple[str, str, int | None], int] = {}
    for line in lines_of(expense):
        if (account := chart.get(line.cuenta)) is not None and account.es_gasto:
            key = (line.cuenta, line.auxiliar_tipo, line.auxiliar_id)
            sums[key] = sums.get(key, 0) + line.cargo.centavos - line.abono.centavos
    return tuple(ExpenseLine(*key, Money(amount)) for key, amount in sums.items() if amount > 0)


def _can_be_shared(lines: Sequence[ExpenseLine], day: date) -> Iterator[Problem]:
    """Only the accounts whose evidence may be a cédula de prorrateo."""
    chart = load_chart(settings.JURISDICTION)
    for line in lines:
        account = chart.get(line.cuenta)
        if account is None or CEDULA not in evidence_for(frozenset({line.cuenta}), day, settings.JURISDICTION):
            name = account.nombre if account else line.cuenta
            yield Problem(
                "cuenta",
                "gasto",
                f"La cuenta «{name}» ({line.cuenta}) no admite cédula de prorrateo.",
                "Prorratee propaganda u operativos comunes; lo demás se registra en quien lo ejerce.",
            )


def _combination(chosen: Sequence[Contabilidad], day: date, problems: list[Problem]) -> Combination | None:
    columns = {each.candidatura.cargo.columna for each in chosen if each.candidatura}
    try:
        return combination_on(columns, day, settings.JURISDICTION) if columns else None
    except NotApportioned as none:
        problems.append(Problem("combinacion", "beneficiarios", f"{none} [LGPP 83.2]", "Corrija la lista."))
        return None


def _share(
    lines: Sequence[ExpenseLine],
    chosen: Sequence[Contabilidad],
    combination: Combination | None,
    problems: list[Problem],
) -> tuple[PlannedPart, ...]:
    sound = [each for each in chosen if each.candidatura and each.tope]
    if combination is None or not lines or len(sound) < len(chosen):
        return ()
    weights = [Beneficiary(b.pk, b.candidatura.cargo.columna, Money(b.tope or 0)) for b in sound if b.candidatura]
    try:
        sharings = [share(line.monto, weights, combination.columnas) for line in lines]
    except CannotShare as cannot:
        problems.append(Problem("reparto", "beneficiarios", str(cannot), "Corrija el gasto o la lista."))
        return ()
    spent = spent_against_cap(sound)
    parts = tuple(
        PlannedPart(
            each,
            first.columna,
            first.columna_pb,
            first.tope_columna,
            tuple(sharing.partes[place].monto for sharing in sharings),
            spent[each.pk].egresos,
        )
        for place, each in enumerate(sound)
        for first in [sharings[0].partes[place]]
    )
    problems += [
        Problem(
            "parte_cero",
            f"beneficiario {mixtures.name_of(part.contabilidad)}",
            "Le tocarían cero centavos de un gasto tan pequeño.",
            "Reparta un importe mayor o entre menos campañas.",
        )
        for part in parts
        if not part.monto
    ]
    return parts


def _slots(books: Sequence[Contabilidad], day: date) -> dict[tuple[int, int], Slot]:
    """Return the open place to record a day now, by stage and subject: its period and the kind of póliza."""
    slots: dict[tuple[int, int], Slot] = {}
    for each in {(each.etapa_id, each.sujeto_id): each for each in books}.values():
        period = each.etapa.periodos.filter(desde__lte=day, hasta__gte=day).first()
        kinds = [window.tipo for window in windows_open(each) if period and window.periodo_id == period.pk]
        if period is not None and kinds:
            slots[each.etapa_id, each.sujeto_id] = Slot(period.pk, "normal" if "normal" in kinds else kinds[0])
    return slots


def _may_record(
    by: Usuario, books: Sequence[Contabilidad], day: date | None, slots: Mapping[tuple[int, int], Slot]
) -> Iterator[Problem]:
    """Check that the person may record in every one of some books, in a period that is open."""
    for each in books:
        place = f"contabilidad {mixtures.name_of(each)}"
        if not may(by, "capturar", contabilidad=each):
            yield Problem(
                "ajena",
                place,
                f"{by.nombre} no registra en esa contabilidad.",
                "Pídalo a su responsable de finanzas: el prorrateo se registra en todas o en ninguna.",
            )
        elif day is not None and (each.etapa_id, each.sujeto_id) not in slots:
            yield Problem(
                "ventana",
                place,
                f"El {day:%d/%m/%Y} no cae en un periodo abierto de esa contabilidad.",
                "Se registra en el periodo del gasto mientras esté abierto; después, en la ventana de corrección.",
            )
