"""Invent the data of the sample sheet."""

from datetime import UTC, datetime
from pathlib import Path

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sif.values import Money, Problem
from sif.web.charts import Chart, Point
from sif.web.clocks import Clock
from sif.web.frame import Crumb, Frame
from sif.web.gauges import Bar
from sif.web.palette import read_palette
from sif.web.states import STATES
from sif.web.states_map import StateAmount, tile_map
from sif.web.tables import BeforeAfter, Column, Empty, Failure, Link, Pager, Row, Spending, Table, Thing

_NOW = datetime(2026, 6, 4, 15, 48, tzinfo=UTC)
_DUE = datetime(2026, 6, 7, 6, 0, tzinfo=UTC)  # midnight in the centre: the 6th, 24:00 h
_START = datetime(2026, 6, 3, 6, 0, tzinfo=UTC)
_CAP = Money.parse("1,842,350.00")
_DIGEST = "9f3a2c41b07d55e81176c0aa4e92d3f18b607aa5e14c20d963bf0c885ad7f412"
TOKENS = Path(__file__).parent / "static" / "sif" / "tokens.css"


class SampleForm(forms.Form):
    """A field of each kind, one of them with what people get wrong."""

    rfc = forms.CharField(
        label="RFC del proveedor", help_text="Doce caracteres si es empresa, por ejemplo VAL120316KT4."
    )
    monto = forms.CharField(label="Monto", required=False)
    fecha = forms.CharField(
        label="Fecha de operación", required=False, help_text="Día/mes/año, por ejemplo 18/05/2026."
    )
    tipo = forms.ChoiceField(label="Tipo", choices=[("N", "Normal"), ("A", "Ajuste")])
    concepto = forms.CharField(label="Concepto", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    de_acuerdo = forms.BooleanField(label="Leí lo que se va a registrar", required=False)

    def clean_rfc(self) -> str:
        """Twelve characters, as keys are told."""
        seen = str(self.cleaned_data["rfc"])
        if len(seen) not in (12, 13):
            raise forms.ValidationError(
                f"El RFC «{seen}» tiene {len(seen)} caracteres; el de una persona moral tiene 12. "
                "Cópielo de la constancia de situación fiscal del proveedor."
            )
        return seen


class SampleFilter(forms.Form):
    """The filters of a sample list."""

    estado = forms.ChoiceField(
        label="Estado", choices=[("", "Cualquiera"), ("presentado", "Presentado")], required=False
    )
    monto_desde = forms.CharField(label="Monto desde", required=False)


_ACCOUNTS = (
    ("41211", "Tomás Iturbe Salgado", "Diputación local, distrito 04", "1,868,402.15", "0", "rebase"),
    ("41207", "Mariela Ochoa Rentería", "Presidencia municipal, Valle Hondo", "1,755,800.00", "0", "en_firma"),
    ("41226", "Graciela Tovar Nieto", "Diputación local, distrito 11", "1,510,233.90", "332,722.05", "generado"),
    ("41219", "Noemí Pech Canul", "Presidencia municipal, San Jacinto", "574,003.28", "0", "presentado"),
    ("41230", "Iker Saldívar Mora", "Presidencia municipal, El Rosal", "0", "0", "sin_movimientos"),
    ("41201", "Concentradora estatal", "Recibe, compra y prorratea", "1,208,334.10", "", "sin_generar"),
)
"""Books of the sample: number, name, below it, spent, unreported («»: no cap applies) and state of their report."""


def _account_row(key: str, name: str, below: str, spent: str, unreported: str, state: str) -> Row:
    capped = Spending(Money.parse(spent), _CAP, Money.parse(unreported)) if unreported else None
    cells: dict[str, object] = {
        "id": Thing(key, url=f"#c{key}"),
        "candidatura": Thing(name, debajo=below),
        "gastos": Money.parse(spent),
        "tope": _CAP if capped else "no aplica",
        "gastado": capped or Spending(Money(0), Money(0)),
        "estado": state,
    }
    return Row(cells, resaltada=key == "41207")


def _accounts() -> Table:
    filled = [_account_row(*each) for each in _ACCOUNTS]
    total = Money(sum(row.celdas["gastos"].centavos for row in filled if isinstance(row.celdas["gastos"], Money)))
    columns = (
        Column("id", _("ID"), "clave", telefono="half"),
        Column("candidatura", _("Candidatura"), "cosa", ordenable=True),
        Column("gastos", _("Gastos"), "dinero", ordenable=True),
        Column("tope", _("Tope"), "dinero"),
        Column("gastado", _("Gastado del tope"), "tope", ordenable=True),
        Column("estado", _("Informe"), "estado"),
    )
    return Table(
        _("Contabilidades"),
        columns,
        filled,
        {"gastos": total},
        _("Suma de 6 contabilidades"),
        "-gastado",
        Pager(1, 6, 666, siguiente=2),
        exportar=(Link("CSV", "#csv"),),
    )


def _libro() -> Table:
    columns = (
        Column("cuenta", _("Cuenta"), "clave"),
        Column("nombre", _("Nombre")),
        *(
            Column(f"c{n}", title, "dinero")
            for n, title in enumerate((_("Saldo inicial"), _("Cargos"), _("Abonos"), _("Saldo final")))
        ),
    )
    lines = [
        ("1-1-01-00-0000", "Caja", 0, 15_000_00, 9_200_00, 5_800_00),
        ("2-1-01-01-0000", "Proveedores", 0, 46_400_00, 53_824_00, -7_424_00),
        ("5-5-04-01-0000", "Campaña, espectaculares", 0, 53_824_00, 0, 53_824_00),
    ]
    rows = [
        Row({"cuenta": key, "nombre": name, **{f"c{n}": Money(v) for n, v in enumerate(values)}})
        for key, name, *values in lines
    ]
    return Table(_("Balanza de comprobación"), columns, rows, libro=True)


def _before_after() -> Table:
    lines = [
        ("Partido Jacaranda", 2_011_150_93, 1_923_637_67),
        ("Unión Brújula", 3_184_427_90, 2_910_083_15),
        ("Partido Alameda", 882_100_44, 882_100_44),
    ]
    most = Money(max(before for _name, before, _after in lines))
    columns = (
        Column("sujeto", _("Sujeto"), "cosa"),
        Column("antes", _("Antes"), "dinero"),
        Column("despues", _("Después"), "dinero"),
        Column("diferencia", _("Diferencia"), "dinero"),
        Column("dibujo", _("Antes (línea) y después (lleno)"), "barras"),
    )
    rows = [
        Row(
            {
                "sujeto": Thing(name),
                "antes": Money(a),
                "despues": Money(b),
                "diferencia": Thing(
                    Money(b - a), debajo=_("de menos, por el criterio que propone el proyecto de resolución")
                )
                if a != b
                else _("igual"),
                "dibujo": BeforeAfter(Money(a), Money(b), most),
            }
        )
        for name, a, b in lines
    ]
    whole_before = Money(sum(before for _name, before, _after in lines))
    whole_after = Money(sum(after for _name, _before, after in lines))
    return Table(
        _("Si cambia un criterio"),
        columns,
        rows,
        {"antes": whole_before, "despues": whole_after, "diferencia": whole_after - whole_before},
        _("Total de la elección"),
    )


def sample_clock() -> Clock:
    """Return the running term of the sample desk."""
    return Clock(
        _("Informe, periodo 2"), _DUE, _NOW, _START, "LGPP 79.1.b)", _("Tres días después del fin del periodo;")
    )


def _gauges() -> list[tuple[str, Money, Money]]:
    parts = [
        ("Dentro del tope", 70_00, 0),
        ("Cerca del tope", 95_00, 0),
        ("Con gasto no reportado", 72_00, 12_00),
        ("Rebase por no reportado", 96_00, 4_03),
        ("Rebase reportado", 106_00, 0),
    ]
    return [(words, Money(a), Money(b)) for words, a, b in parts]


def _bare_tables() -> dict[str, object]:
    """Return a table with nothing yet, and one that could not be read."""
    columns = (Column("x", _("Póliza"), "cosa"),)
    return {
        "empty": Table(
            _("Pólizas"),
            columns,
            (),
            vacia=Empty(
                _("Todavía no hay pólizas en el periodo 2."),
                _("Suelte sus CFDI y el sistema las propone, o capture la primera."),
                (Link(_("Soltar CFDI"), "#soltar", "inbox"),),
            ),
        ),
        "failed": Table(
            _("Balanza"),
            columns,
            (),
            falla=Failure(
                _("No se pudo leer la balanza."),
                _("El servidor no respondió en 10 segundos."),
                _NOW,
                "#otra",
                "#constancia",
            ),
        ),
    }


def _links() -> dict[str, object]:
    """Two links of a chain of pólizas."""
    return {
        "chain_previous": {
            "asiento": 416,
            "referencia": "PN1/IG-040/MAY-2026",
            "url": "#416",
            "huella": "a41c77e0" * 8,
        },
        "chain_this": {"asiento": 417, "referencia": "PN1/EG-118/MAY-2026", "url": "", "huella": _DIGEST},
    }


_DIGITS = (2980, 1810, 1240, 980, 760, 690, 560, 530, 450)
_EXPECTED = (3010, 1760, 1250, 970, 790, 670, 580, 510, 460)
_MONTHS = ("mar", "abr", "may", "jun")
_BALANCES = (120_000_00, 480_000_00, 310_000_00, -20_000_00), (None, 40_000_00, 65_000_00, 12_500_00)
CHARTS = (
    Chart(
        "¿Empiezan los importes con los dígitos que se esperan?",
        "columnas",
        "Primer dígito",
        ("Observado", "Esperado"),
        [Point(str(n), pair) for n, pair in enumerate(zip(_DIGITS, _EXPECTED, strict=True), 1)],
        "porcentaje",
        marca=True,
    ),
    Chart(
        "¿Cuánto había en cada cuenta?",
        "lineas",
        "Fin de mes",
        ("Banco Uno ·0421", "Banco Dos ·7718"),
        [Point(f"{word} 2026", tuple(pair), corto=word) for word, *pair in zip(_MONTHS, *_BALANCES, strict=True)],
    ),
    Chart(
        "¿Cómo va cada quien?",
        "apiladas",
        "Persona",
        ("Decididos", "Por confirmar", "Por revisar"),
        [Point("Alicia Robles", (40, 12, 28)), Point("Darío Peña", (9, 3, 61))],
        "numero",
        totales=(49, 15, 89),
    ),
    Chart(
        "¿Cuánto recibieron y gastaron?",
        "pares",
        "Proceso",
        ("Ingresos", "Gasto reportado"),
        [Point("Precampaña", (9_300_000_00, 8_100_450_00)), Point("Campaña", (161_900_000_00, 148_204_117_36))],
    ),
    Chart(
        "¿Cuántas sanciones hubo?",
        "columnas",
        "Mes",
        ("Sanciones",),
        (),
        "numero",
        vacia="El Consejo no ha impuesto sanciones.",
    ),
)
"""A chart of each form, and one with nothing."""


BARS = (
    Bar("Operativos de la campaña", Money(1_393_223_06)),
    Bar("Propaganda utilitaria", Money(1_214_336_48)),
    Bar("Vía pública", Money(721_590_75)),
)


def _sample_problem() -> Problem:
    told, cure = _("El complemento dice proceso ordinario y trae entidades."), _("Pida al proveedor un CFDI nuevo.")
    return Problem("INE182", "cfdi:Complemento/ine:INE", told, cure)


def _sample_map() -> SafeString:
    rows = (("JAL", "Jalisco", 40_00), ("MEX", "México", 160_00), ("YUC", "Yucatán", 90_00))
    states = {key: StateAmount(key, name, amount, "4 candidaturas") for key, name, amount in rows}
    return tile_map(states, _("¿En qué entidades han gastado más las campañas?"))


_COUNTS = {"polizas": 2431, "cfdi": 128, "bancos": 3, "revision": 47, "informes": 6, "buzon": 2}


def sample_context() -> dict[str, object]:
    """Return the context of the sample sheet."""
    form = SampleForm({"rfc": "ABC0101", "monto": "1234.5", "fecha": "18/05/2026", "tipo": "N"})
    form.is_valid()
    return {
        "frame": Frame(
            "party",
            "polizas",
            (Crumb("Partido Jacaranda", "#"), Crumb(_("Guía de diseño"), "#")),
            sample_clock(),
            _COUNTS,
            2,
            _NOW,
            True,
        ),
        "palettes": [
            (_("Color, claro"), read_palette(TOKENS, "light")),
            (_("Color, oscuro"), read_palette(TOKENS, "dark")),
        ],
        "states": sorted(STATES),
        "gauges": _gauges(),
        "hundred": Money(100_00),
        "clock": sample_clock(),
        "action": Link(_("Preparar informes: 3 de 9 presentados"), "#informes"),
        "accounts": _accounts(),
        "libro": _libro(),
        "before_after": _before_after(),
        **_bare_tables(),
        "form": form,
        "filter": SampleFilter(),
        "tabs": [(_("Por revisar"), "#t1", 666, True), (_("Míos"), "#t2", 41, False), (_("Todos"), "#t3", None, False)],
        "problems": [_sample_problem()],
        "bars": BARS,
        **_links(),
        "charts": CHARTS,
        "map": _sample_map(),
        "sample_now": _NOW,
        "sample_due": _DUE,
        "sample_money": Money.parse("-817,273.91"),
    }


def public_context() -> dict[str, object]:
    """Return the public frame's sample."""
    return {
        "public_page": "home",
        "public_subject": "Anáhuac, elección local 2025-2026",
        "published_at": _NOW,
        "spent": Money.parse("4,402,118.76"),
        "unreported": Money.parse("214,600.00"),
        "cap": Money.parse("4,615,200.00"),
        "whole": Money.parse("4,616,718.76"),
        "bars": [
            Bar("Transferencias de la concentradora", Money(3_180_000_00)),
            Bar("Aportaciones de simpatizantes", Money(740_500_00)),
        ],
    }
