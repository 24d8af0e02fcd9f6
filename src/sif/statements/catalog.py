"""Declare every book and statement, in the order of its index."""

from sif.statements import budget, controls, financial, ledgers
from sif.statements.catalog_campaign import CAMPAIGN_REPORTS
from sif.statements.report import Column, Report

GROUPS = {
    "libros": "Libros de contabilidad",
    "estados": "Estados financieros",
    "control": "Control de pólizas y folios",
    "campana": "Campaña",
}
"""Groups of the index with their words."""
_BOOK = ("etapa", "contabilidad", "periodo", "fechas", "cuenta", "tipo", "subtipo")

_BALANZA = Report(
    "balanza",
    "Balanza de comprobación",
    "libros",
    "Saldo inicial, cargos, abonos y saldo final de cada cuenta; las sumas son iguales.",
    (
        Column("cuenta", "Cuenta", "clave"),
        Column("nombre", "Nombre"),
        Column("inicial_deudor", "Inicial deudor", "dinero", suma=True),
        Column("inicial_acreedor", "Inicial acreedor", "dinero", suma=True),
        Column("cargos", "Cargos", "dinero", suma=True),
        Column("abonos", "Abonos", "dinero", suma=True),
        Column("final_deudor", "Final deudor", "dinero", suma=True),
        Column("final_acreedor", "Final acreedor", "dinero", suma=True),
    ),
    (*_BOOK, "auxiliar", "nivel"),
    ledgers.balanza,
)

_DIARIO = Report(
    "diario",
    "Libro diario",
    "libros",
    "Todas las líneas de todas las pólizas, por fecha de operación.",
    (
        Column("fecha_operacion", "Operación", "dia"),
        Column("fecha_registro", "Registro", "dia", solo_archivo=True),
        Column("poliza", "Póliza", "clave"),
        Column("contabilidad", "Contabilidad", "clave", solo_archivo=True),
        Column("tipo", "Tipo", solo_archivo=True),
        Column("subtipo", "Subtipo", solo_archivo=True),
        Column("periodo", "Periodo", "numero", solo_archivo=True),
        Column("cuenta", "Cuenta", "clave"),
        Column("nombre", "Nombre", bajo="cuenta"),
        Column("concepto", "Concepto", bajo="poliza"),
        Column("cargo", "Cargo", "dinero", suma=True),
        Column("abono", "Abono", "dinero", suma=True),
    ),
    (*_BOOK, "auxiliar", "texto"),
    ledgers.diario,
)

_MAYOR = Report(
    "mayor",
    "Libro mayor",
    "libros",
    "Las líneas de cada cuenta con su saldo después de cada una.",
    (
        Column("cuenta", "Cuenta", "clave"),
        Column("nombre", "Nombre", bajo="cuenta"),
        Column("poliza", "Póliza", "clave"),
        Column("fecha_operacion", "Operación", "dia"),
        Column("fecha_registro", "Registro", "dia", solo_archivo=True),
        Column("concepto", "Concepto", bajo="poliza"),
        Column("cargo", "Cargo", "dinero", suma=True),
        Column("abono", "Abono", "dinero", suma=True),
        Column("saldo", "Saldo", "dinero"),
        Column("auxiliar", "Auxiliar"),
        Column("uuid", "CFDI", "clave", solo_archivo=True),
    ),
    ("etapa", "contabilidad", "periodo", "fechas", "cuenta", "auxiliar"),
    ledgers.mayor,
    ("El saldo parte de todo lo anterior a los días pedidos y va con el signo de la naturaleza de la cuenta.",),
)

_AUXILIARES = Report(
    "auxiliares",
    "Auxiliares",
    "libros",
    "Lo cargado y abonado a cada proveedor, aportante, persona, cuenta bancaria, evento o casa, por cuenta.",
    (
        Column("clave", "Auxiliar", "clave"),
        Column("nombre", "Nombre", bajo="clave"),
        Column("tipo", "Catálogo"),
        Column("cuenta", "Cuenta", "clave"),
        Column("nombre_cuenta", "Nombre de la cuenta", bajo="cuenta"),
        Column("inicial", "Saldo inicial", "dinero"),
        Column("cargos", "Cargos", "dinero", suma=True),
        Column("abonos", "Abonos", "dinero", suma=True),
        Column("final", "Saldo final", "dinero"),
    ),
    (*_BOOK, "auxiliar", "texto"),
    ledgers.auxiliares,
)

_SITUACION = Report(
    "situacion",
    "Estado de situación financiera",
    "estados",
    "Lo que se tiene, lo que se debe y lo que queda el último día pedido.",
    (
        Column("linea", "Línea", "clave"),
        Column("concepto", "Concepto"),
        Column("anterior", "Al inicio", "dinero"),
        Column("importe", "Al final", "dinero"),
    ),
    ("etapa", "contabilidad", "periodo", "fechas"),
    financial.situacion_financiera,
    ("El formato está por confirmar contra el Manual General de Contabilidad.",),
)

_ACTIVIDADES = Report(
    "actividades",
    "Estado de actividades",
    "estados",
    "Ingresos y gastos por rubro, y su diferencia.",
    (
        Column("linea", "Línea", "clave"),
        Column("concepto", "Concepto"),
        Column("importe", "En los días pedidos", "dinero"),
        Column("acumulado", "Acumulado", "dinero"),
    ),
    ("etapa", "contabilidad", "periodo", "fechas"),
    financial.actividades,
    (
        "El formato está por confirmar contra el Manual General de Contabilidad.",
        "Lo que mueven las pólizas que abren los libros o cierran sus resultados no es ingreso ni gasto.",
        "Con varias contabilidades, lo transferido entre ellas aparece como recibido y como entregado.",
    ),
)

_FLUJO = Report(
    "flujo",
    "Estado de flujo de efectivo",
    "estados",
    "De dónde vino y a dónde fue el dinero de caja y bancos.",
    (
        Column("linea", "Línea", "clave"),
        Column("concepto", "Concepto"),
        Column("importe", "Importe", "dinero"),
    ),
    ("etapa", "contabilidad", "periodo", "fechas"),
    financial.flujo,
    (
        "Método directo: lo que dicen las demás líneas de las pólizas que tocan caja o bancos.",
        "El formato está por confirmar contra el Manual General de Contabilidad.",
    ),
)

_CUENTA = Report(
    "cuenta",
    "Estado de cuenta de la candidatura",
    "estados",
    "Ingresos y gastos por rubro, lo que queda del tope, y los saldos de caja, bancos y adeudos.",
    (
        Column("contabilidad", "Contabilidad", "clave"),
        Column("seccion", "Sección"),
        Column("concepto", "Concepto"),
        Column("importe", "Importe", "dinero"),
    ),
    ("etapa", "contabilidad", "periodo", "fechas"),
    financial.estado_de_cuenta,
)

_POLIZAS = Report(
    "polizas",
    "Relación de pólizas",
    "control",
    "Cada póliza con sus fechas, su importe y sus evidencias.",
    (
        Column("poliza", "Póliza", "clave"),
        Column("contabilidad", "Contabilidad", "clave", solo_archivo=True),
        Column("periodo", "Periodo", "numero", solo_archivo=True),
        Column("tipo", "Tipo", solo_archivo=True),
        Column("subtipo", "Subtipo", solo_archivo=True),
        Column("clase", "Clase"),
        Column("fecha_operacion", "Operación", "dia"),
        Column("fecha_registro", "Registro", "dia"),
        Column("dias", "Días", "numero"),
        Column("concepto", "Concepto", bajo="poliza"),
        Column("registro", "Registró", solo_archivo=True),
        Column("evidencias", "Evidencias", "numero"),
        Column("total", "Importe", "dinero", suma=True),
        Column("estado", "Estado"),
    ),
    (*_BOOK, "texto"),
    controls.polizas,
)

_EVIDENCIAS = Report(
    "evidencias",
    "Relación de evidencias",
    "control",
    "Cada archivo adjunto, también los que quedaron sin efecto.",
    (
        Column("poliza", "Póliza", "clave"),
        Column("contabilidad", "Contabilidad", "clave", solo_archivo=True),
        Column("clase", "Clase"),
        Column("archivo", "Archivo"),
        Column("bytes", "Bytes", "numero"),
        Column("tipo", "Formato", bajo="archivo"),
        Column("alta", "Alta", "momento"),
        Column("usuario", "Cargó"),
        Column("estado", "Estado"),
        Column("motivo", "Motivo", bajo="estado"),
        Column("sha256", "SHA-256", "clave", solo_archivo=True),
    ),
    (*_BOOK, "texto"),
    controls.evidencias,
)

_TARDE = Report(
    "extemporaneos",
    "Registros extemporáneos",
    "control",
    "Pólizas registradas después del plazo, por lo que subsiste de ellas.",
    (
        Column("poliza", "Póliza", "clave"),
        Column("contabilidad", "Contabilidad", "clave", solo_archivo=True),
        Column("fecha_operacion", "Operación", "dia"),
        Column("fecha_registro", "Registro", "dia"),
        Column("dias", "Días", "numero"),
        Column("plazo", "Plazo", "numero"),
        Column("concepto", "Concepto", bajo="poliza"),
        Column("importe", "Importe que subsiste", "dinero", suma=True),
    ),
    (*_BOOK, "texto"),
    controls.extemporaneos,
    (
        "Días entre la operación y el registro; el plazo es el del artículo 38.1 del Reglamento de Fiscalización.",
        "Lo revertido no subsiste; transferencias y reclasificaciones no son operaciones nuevas.",
    ),
)

_PRESUPUESTO = Report(
    "presupuesto",
    "Ejercicio del presupuesto",
    "estados",
    "Lo que se aprobó gastar en cada cuenta o proyecto, lo modificado, lo devengado en los libros y lo que queda.",
    (
        Column("cuenta", "Cuenta", "clave"),
        Column("nombre", "Nombre"),
        Column("contabilidad", "Contabilidad", "clave", bajo="cuenta"),
        Column("proyecto", "Proyecto del PAT", bajo="nombre"),
        Column("aprobado", "Aprobado", "dinero", suma=True),
        Column("aprobado_el", "Se aprobó", "dia", bajo="aprobado"),
        Column("registrado_el", "Se registró", "dia", solo_archivo=True),
        Column("modificado", "Modificado", "dinero", suma=True),
        Column("modificado_el", "Se modificó", "dia", bajo="modificado"),
        Column("devengado", "Devengado", "dinero", suma=True),
        Column("acumulado", "Acumulado", "dinero", suma=True),
        Column("por_ejercer", "Por ejercer", "dinero", suma=True),
        Column("ejercido", "% ejercido", "porcentaje"),
    ),
    ("etapa", "contabilidad", "fechas"),
    budget.presupuesto,
    (
        "Devengado: cargos menos abonos de las cuentas de gasto en los días pedidos. Transferencias, sanciones, "
        "depreciación y bajas no son gasto.",
        "Acumulado: desde el primer día de los libros hasta el último pedido, que es de lo que se resta para saber qué "
        "queda. Lo aprobado o modificado después de ese día no está.",
        "Una cuenta gastada que ninguna partida presupuesta aparece con cero aprobado.",
    ),
)

REPORTS: dict[str, Report] = {
    report.clave: report
    for report in (
        _BALANZA,
        _DIARIO,
        _MAYOR,
        _AUXILIARES,
        _SITUACION,
        _ACTIVIDADES,
        _FLUJO,
        _CUENTA,
        _PRESUPUESTO,
        _POLIZAS,
        _EVIDENCIAS,
        _TARDE,
        *CAMPAIGN_REPORTS,
    )
}
"""By key, in the order of the index."""
