"""Draw the cédula de prorrateo: the shared amount, each campaign's percentage, and the resulting pólizas."""

from collections.abc import Sequence

from sif.apportionment.asked import Plan, PlannedPart
from sif.apportionment.models import Prorrateo
from sif.books.models import Poliza
from sif.books.selectors import reference_of
from sif.law.apportionment import COLUMNS, Combination
from sif.notices.documents import render_pdf
from sif.notices.sheet import Block, fact, paragraph, section, table
from sif.registry.clock import legal_zone
from sif.registry.models import Contabilidad
from sif.registry.spoken_names import named
from sif.values import Money

Posted = Sequence[tuple[PlannedPart, Poliza]]


def cedula_pdf(row: Prorrateo, plan: Plan, posted: Posted) -> bytes:
    """Return the cédula as a tagged PDF."""
    return render_pdf("prorrateo", cedula_sheet(row, plan, posted))


def cedula_sheet(row: Prorrateo, plan: Plan, posted: Posted) -> dict[str, object]:
    """Return the sheet of data that the letter draws; every amount already as text."""
    assert plan.combinacion is not None and plan.fecha is not None
    return {
        "organo": plan.origen.sujeto.nombre,
        "titulo": "Cédula de prorrateo",
        "numero": row.folio,
        "asunto": plan.concepto,
        "lugar_fecha": f"Registrada el {row.hecho_el.astimezone(legal_zone()):%d/%m/%Y, %H:%M} h",
        "proyecto": False,
        "recuadro": [
            {"rotulo": "Gasto", "texto": _pesos(plan.total)},
            {"rotulo": "Repartido", "texto": _pesos(plan.repartido)},
            {"rotulo": "Diferencia por prorrateo", "texto": _pesos(plan.diferencia)},
        ],
        "destinatario": [],
        "secciones": [
            section("El gasto", *_expense(row, plan)),
            section("Por tipo de campaña", *_columns(plan, plan.combinacion)),
            section("Beneficiarios y pólizas", *_parts(row, plan, posted)),
        ],
        "firma": [row.hecho_por.named_at(row.hecho_el), "Registró el prorrateo"],
    }


def _expense(row: Prorrateo, plan: Plan) -> list[Block]:
    return [
        fact("Origen", f"{_place(plan.origen)}, contabilidad {plan.origen.pk}"),
        fact("Póliza del gasto", reference_of(row.gasto)),
        fact("Póliza del prorrateo en el origen", reference_of(row.poliza)),
        fact("Fecha de operación", f"{plan.fecha:%d/%m/%Y}"),
        fact("Clasificación", f"Gasto {row.get_clase_display().lower()}"),
        fact("Criterio de beneficio", row.get_criterio_display()),
        fact("Cómo se sabe", row.detalle),
        table(
            [("Cuenta", "clave"), ("Concepto del gasto", "texto"), ("Importe", "monto"), ("Diferencia", "monto")],
            [
                [line.cuenta, plan.concepto, _pesos(line.monto), _pesos(plan.residue_of(place))]
                for place, line in enumerate(plan.lineas)
            ],
            ["", "Total", _pesos(plan.total), _pesos(plan.diferencia)],
        ),
    ]


def _columns(plan: Plan, combination: Combination) -> list[Block]:
    rows = []
    for column, words in COLUMNS.items():
        if column in combination.columnas:
            amount = Money(sum(part.monto.centavos for part in plan.partes if part.columna == column))
            rows.append([words, _percent(combination.columnas[column]), _pesos(amount)])
    return [
        paragraph("El gasto se distribuye entre los tipos de campaña en los porcentajes de ley.", combination.articulo),
        table(
            [("Tipo de campaña", "texto"), ("Porcentaje", "monto"), ("Importe", "monto")],
            rows,
            ["Repartido", "100 %", _pesos(plan.repartido)],
        ),
        paragraph(
            "Dentro de cada tipo de campaña se reparte en proporción al tope de gastos de cada candidatura. Cada "
            "importe se trunca al centavo y lo que falta para el total queda en «diferencia por prorrateo» del origen.",
            "RF 218.2, por confirmar",
        ),
    ]


def _parts(row: Prorrateo, plan: Plan, posted: Posted) -> list[Block]:
    heads = [
        ("Contab.", "clave"),
        ("Candidatura", "texto"),
        ("Tope de gastos", "monto"),
        ("Parte", "monto"),
        ("Importe", "monto"),
        ("Póliza", "clave"),
    ]
    rows = [
        [
            str(part.contabilidad.pk),
            _place(part.contabilidad),
            _pesos(part.tope),
            _millionths(part.millonesimas),
            _pesos(part.monto),
            reference_of(poliza).split(";")[0],
        ]
        for part, poliza in posted
    ]
    caps = Money(sum(part.tope.centavos for part, _ in posted))
    return [
        table(heads, rows, ["", "Suma", _pesos(caps), "", _pesos(plan.repartido), ""]),
        fact("Diferencia por prorrateo", _pesos(plan.diferencia)),
        fact("Total del gasto", _pesos(plan.total)),
        paragraph(
            f"Los rubros del gasto se conservan en cada contabilidad. Folio común de los registros: {row.folio}."
        ),
    ]


def _place(books: Contabilidad) -> str:
    candidatura = books.candidatura
    if candidatura is None:
        return f"{books.get_clase_display()} {named(books.sujeto.nombre, 'de')}"
    scope = candidatura.cargo.get_ambito_display().lower()
    where = f"{candidatura.territorio.lugar} ({candidatura.territorio.entidad})"
    return f"{candidatura.persona.nombre}, {candidatura.cargo.nombre}, {where}, ámbito {scope}"


def _pesos(amount: Money) -> str:
    return amount.in_pesos()


def _percent(basis_points: int) -> str:
    return (
        f"{basis_points // 100}\u00a0%"
        if basis_points % 100 == 0
        else f"{basis_points // 100}.{basis_points % 100:02d}\u00a0%"
    )


def _millionths(part: int) -> str:
    return f"{part // 10_000}.{part % 10_000:04d}\u00a0%"
