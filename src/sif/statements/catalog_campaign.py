"""Declare the books of other rooms: folios, banks, kárdex, agenda, avisos, prorrateo."""

from sif.statements import campaign, reconciliation
from sif.statements.report import Column, Report

_SHARED = ("etapa", "contabilidad", "fechas")

_FOLIOS = Report(
    "folios",
    "Control de folios",
    "control",
    "Cada folio autorizado: usado, cancelado o pendiente.",
    (
        Column("serie", "Serie", "clave"),
        Column("folio", "Folio", "clave"),
        Column("estado", "Estado"),
        Column("fecha", "Fecha", "dia"),
        Column("persona", "Aportante"),
        Column("contabilidad", "Contabilidad", "clave"),
        Column("motivo", "Motivo", bajo="estado"),
        Column("monto", "Monto", "dinero", suma=True),
    ),
    ("etapa", "contabilidad"),
    campaign.folios,
    ("Las series son de todo el sujeto: se ven todos sus folios, también los usados en otras contabilidades.",),
)

_KARDEX = Report(
    "kardex",
    "Kárdex",
    "campana",
    "Entradas, salidas y existencia de cada artículo, con su costo promedio.",
    (
        Column("contabilidad", "Contabilidad", "clave"),
        Column("articulo", "Artículo", "clave"),
        Column("nombre", "Nombre", bajo="articulo"),
        Column("fecha", "Fecha", "dia"),
        Column("movimiento", "Movimiento"),
        Column("documento", "Nota", "clave"),
        Column("destino", "Destino", bajo="documento"),
        Column("poliza", "Póliza", "clave"),
        Column("entrada", "Entran", "cantidad"),
        Column("salida", "Salen", "cantidad"),
        Column("existencia", "Existencia", "cantidad"),
        Column("costo", "Costo", "dinero", suma=True),
        Column("valor", "Valor en existencia", "dinero"),
    ),
    _SHARED,
    campaign.kardex,
)

_AGENDA = Report(
    "agenda", "Agenda de eventos", "campana", "Los eventos con su estado y los días con que se registraron.",
    (
        Column("contabilidad", "Contabilidad", "clave"), Column("numero", "Evento", "numero"),
        Column("nombre", "Nombre"), Column("tipo", "Tipo"), Column("costo", "Costo", bajo="tipo"),
        Column("fecha", "Fecha", "dia"), Column("horario", "Horario", bajo="fecha"),
        Column("lugar", "Lugar"), Column("municipio", "Municipio", bajo="lugar"),
        Column("responsable", "Responsable", bajo="nombre"), Column("estado", "Estado"),
        Column("registro", "Registro", "momento"), Column("dias", "Días de anticipación", "numero"),
        Column("a_tiempo", "A tiempo"), Column("cambios", "Cambios", "numero"),
    ),
    (*_SHARED, "texto"), campaign.agenda,
)  # fmt: skip

_AVISOS = Report(
    "avisos",
    "Avisos de contratación",
    "campana",
    "Cada contrato con sus avisos y los días que tardaron; también los que no tienen.",
    (
        Column("contabilidad", "Contabilidad", "clave"),
        Column("folio", "Folio", "clave"),
        Column("tipo", "Tipo"),
        Column("estado", "Estado"),
        Column("proveedor", "Proveedor"),
        Column("objeto", "Objeto", bajo="proveedor"),
        Column("suscrito", "Suscrito", "dia"),
        Column("presentado", "Presentado", "momento"),
        Column("dias", "Días", "numero"),
        Column("monto", "Monto del contrato", "dinero"),
    ),
    _SHARED,
    campaign.avisos,
    ("El monto es el del contrato avisado; un aviso modificatorio lo repite, por eso no se suma.",),
)

_CASAS = Report(
    "casas",
    "Casas de campaña",
    "campana",
    "Las casas con su título, sus días y su costo o valuación.",
    (
        Column("contabilidad", "Contabilidad", "clave"),
        Column("nombre", "Nombre"),
        Column("titulo", "Título"),
        Column("propietario", "Propietario", bajo="titulo"),
        Column("domicilio", "Domicilio"),
        Column("municipio", "Municipio", bajo="domicilio"),
        Column("desde", "Desde", "dia"),
        Column("hasta", "Hasta", "dia"),
        Column("estado", "Estado"),
        Column("costo", "Costo", "dinero", suma=True),
        Column("valuacion", "Valuación", "dinero", suma=True),
    ),
    _SHARED,
    campaign.casas,
)

_PRORRATEO = Report(
    "prorrateo",
    "Prorrateo",
    "campana",
    "Lo que tocó a cada campaña de cada gasto prorrateado.",
    (
        Column("folio", "Folio", "clave"),
        Column("fecha", "Fecha", "dia"),
        Column("origen", "Origen", "clave"),
        Column("contabilidad", "Contabilidad", "clave"),
        Column("candidatura", "Candidatura"),
        Column("cargo", "Cargo", bajo="candidatura"),
        Column("porcentaje", "Columna, %", "porcentaje"),
        Column("tope", "Tope", "dinero"),
        Column("poliza", "Póliza", "clave"),
        Column("estado", "Estado"),
        Column("monto", "Importe", "dinero"),
        Column("subsiste", "Subsiste", "dinero", suma=True),
    ),
    _SHARED,
    campaign.prorrateo,
)

_TRANSFERENCIAS = Report(
    "transferencias",
    "Transferencias",
    "campana",
    "Los dos lados de cada transferencia y su diferencia.",
    (
        Column("folio", "Folio", "clave"),
        Column("fecha", "Fecha", "dia"),
        Column("forma", "Forma"),
        Column("origen", "Origen", "clave"),
        Column("poliza_salida", "Póliza de salida", "clave"),
        Column("destino", "Destino", "clave"),
        Column("poliza_entrada", "Póliza de entrada", "clave"),
        Column("estado", "Estado"),
        Column("sale", "Sale", "dinero"),
        Column("entra", "Entra", "dinero"),
        Column("diferencia", "Diferencia", "dinero"),
    ),
    _SHARED,
    campaign.transfers,
)

_CONCILIACION = Report(
    "conciliacion",
    "Conciliación bancaria",
    "control",
    "Del saldo en libros al saldo del banco, con lo que falta en cada lado.",
    (
        Column("contabilidad", "Contabilidad", "clave"),
        Column("cuenta", "Cuenta", "clave"),
        Column("banco", "Banco", bajo="cuenta"),
        Column("mes", "Mes", "clave"),
        Column("partida", "Partida"),
        Column("fecha", "Fecha", "dia"),
        Column("referencia", "Referencia", "clave"),
        Column("concepto", "Concepto", bajo="referencia"),
        Column("dias", "Días", "numero"),
        Column("explicacion", "Explicación", bajo="partida"),
        Column("monto", "Monto", "dinero"),
    ),
    _SHARED,
    reconciliation.conciliaciones,
    ("Del mes del último día pedido; sin días, del último mes con movimientos o estado de cuenta.",),
)

CAMPAIGN_REPORTS = (
    _FOLIOS,
    _CONCILIACION,
    _PRORRATEO,
    _TRANSFERENCIAS,
    _KARDEX,
    _AGENDA,
    _AVISOS,
    _CASAS,
)
