"""Write the tables that do not depend on operations: subjects, caps, law."""

from collections.abc import Iterator
from datetime import date, timedelta

from sif.law.chart import load_account_evidence, load_chart
from sif.law.days import is_business_day
from sif.law.parameters import load_parameters
from sif.simulation.plan import CUT, ELECTION_DAY, FIRST_DAY, LAST_DAY, MEXICO, STATES, Plan, days
from sif.values import Span
from sif.values.span import OPEN_END

Row = tuple[object, ...]
STAGE_ENDS = LAST_DAY


def fixed_tables(plan: Plan) -> Iterator[tuple[str, list[str], list[Row]]]:
    """(published table, columns, rows) of what the plan alone decides; money in centavos, days legal days."""
    yield (
        "procesos",
        ["proceso_id", "clave", "ambito", "entidad", "etapa", "anio", "inicia_el", "termina_el", "jornada_el"],
        list(_processes()),
    )
    yield (
        "sujetos",
        ["sujeto_id", "tipo", "siglas", "nombre", "rfc"],
        [(s.sujeto_id, s.tipo, s.siglas, s.nombre, s.rfc) for s in plan.subjects],
    )
    yield (
        "integrantes",
        ["coalicion_id", "sujeto_id", "participacion_pb", "desde", "hasta"],
        [
            (coalition, party, share, FIRST_DAY - timedelta(days=60), OPEN_END)
            for coalition, party, share in plan.members
        ],
    )
    yield from accounts()
    yield "calendario", ["fecha", "habil", "ordinal", "ordinal_habil"], list(_calendar())
    yield parameters()


def parameters() -> tuple[str, list[str], list[Row]]:
    """Return the figures of law as the published table has them."""
    rows: list[Row] = [
        (clave, v.desde, v.hasta or OPEN_END, v.valor, parameter.unidad, v.base)
        for clave, parameter in sorted(load_parameters(MEXICO).items())
        for v in parameter.valores
    ]
    return "parametros", ["clave", "desde", "hasta", "valor", "unidad", "base"], rows


def accounts() -> Iterator[tuple[str, list[str], list[Row]]]:
    """(published table, columns, rows) of the chart of accounts and of what each account asks for."""
    yield (
        "cuentas",
        ["cuenta", "nombre", "naturaleza", "rubro", "es_gasto", "es_ingreso", "es_por_cobrar", "es_por_pagar"],
        [
            (a.codigo, a.nombre, a.naturaleza, a.rubro, a.es_gasto, a.es_ingreso, a.es_por_cobrar, a.es_por_pagar)
            for a in load_chart(MEXICO).values()
        ],
    )
    yield (
        "cuenta_evidencias",
        ["cuenta", "clase", "obligatoria", "desde", "hasta"],
        [(e.cuenta, e.clase, e.obligatoria, e.desde, e.hasta or OPEN_END) for e in load_account_evidence(MEXICO)],
    )


def _processes() -> Iterator[Row]:
    for number in range(1, len(STATES) + 2):
        state = None if number == 1 else STATES[number - 2]
        key, scope = (f"PEL-{state}-2024", "local") if state else ("PEF-2024", "federal")
        yield number, key, scope, state, "campana", 2024, FIRST_DAY, STAGE_ENDS, ELECTION_DAY


def _calendar() -> Iterator[Row]:
    process, working = Span(FIRST_DAY, ELECTION_DAY + timedelta(days=120)), 0
    for ordinal, day in enumerate(days(FIRST_DAY - timedelta(days=400), CUT + timedelta(days=120)), 1):
        habil = is_business_day(day, process, jurisdiction=MEXICO)
        working += habil
        yield day, habil, ordinal, working


def limits(on: date) -> dict[str, int]:
    """Return the limits of that day against which faults are planted, in centavos, from the tables of law."""
    known = load_parameters(MEXICO)

    def value(clave: str) -> int:
        return next(v.valor for v in known[clave].valores if v.desde <= on and (v.hasta is None or on < v.hasta))

    return {
        "efectivo": value("limite_efectivo_uma") * value("uma"),
        "individual": value("limite_simpatizante_individual"),
        "simpatizantes": value("limite_simpatizantes_total"),
        "candidatos": value("limite_candidatos_total"),
        "cep": value("tope_cep_efectivo_uma") * value("uma"),
        "repap": value("tope_repap_persona_anual_uma") * value("uma"),
        "cancelar": value("plazo_cancelar_evento_horas"),
        "militantes": value("limite_militantes_pb"),
        "independientes": value("limite_independientes_pb"),
        "nulidad": value("rebase_nulidad_pb"),
        "margen": value("margen_nulidad_pb"),
        "candidatas": value("financiamiento_candidatas_pb"),
        "especificas": value("actividades_especificas_pb"),
        "liderazgo": value("liderazgo_mujeres_pb"),
        "especie": value("limite_especie_bancarizada_uma") * value("uma"),
        "pago": value("pago_bancario_uma") * value("uma"),
        "registro": value("rnp_umbral_uma") * value("uma"),
        "aviso_cuenta": value("plazo_aviso_cuenta_dias"),
    }


BOOKS = """
CREATE TABLE libros AS
WITH base AS (
  SELECT l.*, s.generous AS generoso, SUM(CASE WHEN l.clase = 'candidatura' THEN 1 ELSE 0 END) OVER (PARTITION BY
         l.casa)::BIGINT AS candidatas, l.clase = 'candidatura' AND d(l.contabilidad_id, 92, 120) = 0 AS sin_efecto,
         CASE WHEN l.clase = 'candidatura' AND NOT l.independiente THEN d(l.contabilidad_id, 112, 60) ELSE 2 END AS
  sorteo
  FROM plan_libros l INNER JOIN sujetos_plan s ON s.sujeto_id = l.sujeto_id),
vecinas AS (
  SELECT b.*, LAG(contabilidad_id) OVER mismo AS previa, LAG(sorteo) OVER mismo AS sorteo_previa, LAG(sin_efecto) OVER
  mismo
         AS previa_sin_efecto, LAG(contabilidad_id) OVER proceso AS vecina, LAG(sorteo) OVER proceso AS sorteo_vecina,
         LAG(cargo) OVER proceso AS cargo_vecina, LAG(sin_efecto) OVER proceso AS vecina_sin_efecto
  FROM base b WINDOW mismo AS (PARTITION BY proceso_id, sujeto_id, cargo ORDER BY contabilidad_id),
    proceso AS (PARTITION BY proceso_id ORDER BY contabilidad_id)),
gente AS (
  SELECT v.*, sorteo = 0 AND previa IS NOT NULL AND sorteo_previa > 1 AS doble, sorteo = 1 AND cargo_vecina <> cargo AND
         sorteo_vecina > 1 AS otro_cargo FROM vecinas v)
SELECT g.* EXCLUDE (sorteo, previa, sorteo_previa, previa_sin_efecto, vecina, sorteo_vecina, cargo_vecina,
  vecina_sin_efecto, doble),
  CASE WHEN
       doble THEN previa WHEN otro_cargo THEN vecina WHEN clase = 'candidatura' THEN contabilidad_id END AS persona,
  doble AND
       NOT sin_efecto AND NOT previa_sin_efecto AS repetida,
  otro_cargo AND entidad IS NULL AND NOT sin_efecto AND NOT vecina_sin_efecto AS en_dos_cargos
FROM gente g ORDER BY contabilidad_id
"""
ACTS = """
CREATE TABLE actos AS SELECT *, CASE WHEN d(evento_id, 95, 60) < 2 THEN NULL WHEN d(evento_id, 88, 250) = 0 AND
  d(evento_id, 96, 3) = 0 THEN 'vista' ELSE CASE WHEN d(evento_id, 82, 3) = 0 THEN ['suelta', 'vista', 'valuada',
  'suelta_con_gasto', 'onerosa']
  ELSE ['suelta', 'vista', 'gratuita', 'suelta_con_gasto'] END[1 + d(evento_id, 96, 80)] END AS visita
FROM (SELECT contabilidad_id * 16 + i AS evento_id, contabilidad_id, i FROM (
  SELECT contabilidad_id, UNNEST(generate_series(1, 2 + d(contabilidad_id, 83, 12))) AS i FROM libros WHERE clase =
  'candidatura'))
"""
BOOK_TABLES = {
    "contabilidades": """
SELECT contabilidad_id, proceso_id, sujeto_id, clase, independiente, cargo, columna, CASE WHEN entidad IS NULL THEN
  'federal' ELSE 'local' END AS ambito,
       entidad, COALESCE(entidad, 'NAC') AS zona, persona AS persona_id, CASE WHEN
           sin_efecto THEN 'cancelada' ELSE 'activa' END AS estatus,
       DATE '2024-02-26' AS habilitada_el, CASE WHEN sin_efecto THEN DATE '2024-05-20' END AS
         cancelada_el FROM libros ORDER BY contabilidad_id""",
    "topes": """
SELECT contabilidad_id, tope, 'CG-SIM/' || CAST(contest AS VARCHAR) AS acuerdo FROM libros WHERE tope > 0 ORDER BY
            contabilidad_id""",
    "periodos": """
SELECT contabilidad_id * 4 + p.lugar AS periodo_id, contabilidad_id, p.tipo, p.numero, p.desde, p.hasta, p.cierra_el
FROM libros CROSS JOIN (VALUES (0, 'normal', 1, DATE '2024-03-01', DATE '2024-04-01', DATE '2024-04-03'),
  (1, 'normal', 2, DATE '2024-04-01', DATE '2024-05-01', DATE '2024-05-03'), (2, 'normal', 3, DATE '2024-05-01',
    DATE '2024-05-30', DATE '2024-06-01'),
  (3, 'correccion', 3, DATE '2024-03-01', DATE '2024-05-30', DATE '2024-06-21')) p(lugar, tipo, numero, desde,
    hasta, cierra_el)
ORDER BY contabilidad_id, p.lugar""",
    "cuentas_bancarias": """
SELECT l.contabilidad_id AS cuenta_bancaria_id, l.contabilidad_id, lpad(CAST(2180 + l.contabilidad_id % 7 AS
  VARCHAR), 6, '0') || lpad(CAST(l.contabilidad_id AS VARCHAR), 12, '0') AS clabe,
       s.rfc AS titular_rfc, DATE '2024-02-27' AS apertura_el, DATE '2024-02-29' + CASE WHEN
         d(l.contabilidad_id, 86, 120) = 0 THEN 15 ELSE 0 END AS avisada_el, CAST(NULL AS DATE)
         AS cancelada_el
FROM libros l INNER JOIN sujetos_plan s ON s.sujeto_id = l.sujeto_id ORDER BY l.contabilidad_id""",
    "eventos": """
SELECT evento_id, contabilidad_id, DATE '2024-03-12' + CAST(d(contabilidad_id * 16 + i,
  80, 75) AS INTEGER) AS fecha,
       DATE '2024-03-12' + CAST(d(contabilidad_id * 16 + i, 80, 75) - CASE d(contabilidad_id * 16 + i, 87, 150)
         WHEN 0 THEN 6 WHEN 1 THEN -1 ELSE 7 + d(contabilidad_id * 16 + i, 81, 3) END AS INTEGER) AS registrado_el,
       d(evento_id, 82, 3) = 0 AS oneroso, CASE WHEN d(evento_id, 95, 60) < 2 THEN 'cancelado' ELSE 'realizado' END AS
         estatus,
       d(contabilidad_id * 16 + i, 88, 250) <> 0 AS ubicable
FROM actos ORDER BY contabilidad_id, i""",
    "capas_iniciales": """
SELECT contabilidad_id, cuenta, 'persona' AS auxiliar_tipo, 90000000 + contabilidad_id AS auxiliar_id, -contabilidad_id
  AS poliza_id, 'PN1/DR-1' AS referencia, DATE '2023-05-28' + CASE WHEN cual = 1 THEN 1 ELSE 0 END AS fecha,
       1000000 AS original, CASE WHEN cual = 2 THEN 0 ELSE 400000 END AS remanente, 0 AS pagado, FALSE AS apertura
FROM (SELECT contabilidad_id, cuenta, d(contabilidad_id, s, 4) AS cual FROM libros, (VALUES ('1-1-04-01-0000', 93),
  ('2-1-02-01-0000', 94)) v(cuenta, s) WHERE clase = 'concentradora') WHERE cual < 3
ORDER BY contabilidad_id, cuenta""",
    "casas": """
SELECT contabilidad_id AS casa_id, contabilidad_id, DATE '2024-03-01' AS desde, DATE '2024-05-30' AS hasta, CASE
  WHEN d(contabilidad_id, 84, 2) = 0 THEN 'renta' ELSE 'comodato' END AS titulo,
       CASE WHEN d(contabilidad_id, 84, 2) = 0 AND NOT sin_importe THEN 1500000 END AS costo,
       CASE WHEN d(contabilidad_id, 84, 2) = 1 AND NOT sin_importe THEN 1500000 END AS valuacion,
       'Calle ' || CAST(contabilidad_id AS VARCHAR) || ' número 1' AS domicilio
FROM (SELECT *, d(contabilidad_id, 90, 150) = 0 AS sin_importe FROM libros WHERE clase = 'candidatura')
ORDER BY contabilidad_id""",
    "matriz_precios": """
SELECT z.n * 100 + a.i AS renglon_id, z.zona, 'articulo_' || CAST(a.i AS VARCHAR) AS articulo, 'H87' AS unidad,
  CAST(NULL AS BIGINT) AS cfdi_id, CAST(NULL AS INTEGER) AS linea,
       2150 + a.i * 1500 AS valor_unitario, DATE '2024-01-01' AS desde, DATE '9999-12-31' AS hasta
FROM (SELECT zona, ROW_NUMBER() OVER (ORDER BY zona) AS n FROM (SELECT DISTINCT COALESCE(entidad, 'NAC') AS zona
  FROM libros)) z, (SELECT UNNEST(generate_series(0, 39)) AS i) a ORDER BY 1""",
    "proveedores": """
SELECT i AS proveedor_id, rfc_proveedor(i) AS rfc, 'Proveedora Simulada ' || CAST(i AS VARCHAR) AS nombre, 'moral'
  AS tipo_persona
FROM (SELECT UNNEST(generate_series(1, {proveedores})) AS i)""",
    "rnp": """
SELECT i AS proveedor_id, 'RNP' || lpad(CAST(i AS VARCHAR), 9, '0') AS folio, DATE '2023-01-01' AS desde, DATE
  '9999-12-31' AS hasta
FROM (SELECT UNNEST(generate_series(1, {proveedores})) AS i)""",
}
"""Published table -> the SELECT over the books of the plan that writes it."""

SLICE_TABLES = {
    "proveedores": """SELECT DISTINCT proveedor_id, rfc_proveedor(proveedor_id) AS rfc, 'Comercio Simulado ' ||
            CAST(proveedor_id AS VARCHAR) AS nombre, 'fisica' AS tipo_persona
                      FROM comprado WHERE proveedor_id > 20000000 ORDER BY 1""",
    "rnp": """SELECT DISTINCT proveedor_id, 'RNP' || CAST(proveedor_id AS VARCHAR) AS folio, DATE '2023-01-01' AS
            desde, DATE '9999-12-31' AS hasta
              FROM comprado WHERE proveedor_id > 20000000 AND (falta IN ('efectivo_partido',
              'disperso') OR contratada) ORDER BY 1""",
    "avisos": """SELECT contrato_id AS aviso_id, contrato_id, suscrito_el + CAST(1 + d(contrato_id, 85, 3) + CASE WHEN
            d(contrato_id, 89, 50) = 0 THEN 3 ELSE 0 END AS INTEGER) AS presentado_el, contabilidad_id, 'nuevo' AS tipo
                 FROM contratos ORDER BY contabilidad_id, contrato_id""",
    "informes": """
WITH sumas AS (
  SELECT e.libro, e.lugar, CAST(SUM(CASE WHEN r.cuenta[1:1] = '4' THEN r.abono - r.cargo ELSE 0 END) AS BIGINT) AS
    ingresos,
         CAST(SUM(CASE WHEN r.cuenta[1:3] = '5-5' THEN r.cargo - r.abono ELSE 0 END) AS BIGINT) AS egresos
  FROM renglones r INNER JOIN entradas e ON e.poliza_id = r.poliza_id WHERE e.lugar < 3 GROUP BY e.libro, e.lugar)
SELECT s.libro * 4 + s.lugar AS informe_id, s.libro AS contabilidad_id, s.libro * 4 + s.lugar AS periodo_id, 'IC' AS
  tipo, v.vence AS vence_el, CASE d(s.libro * 4 + s.lugar, 91, 150) WHEN 0 THEN NULL WHEN 1 THEN v.vence + 3 ELSE
  v.vence END AS presentado_el, d(s.libro * 4 + s.lugar, 91, 150) <> 0 AS firmado, s.ingresos, s.egresos
FROM sumas s INNER JOIN (VALUES (0, DATE '2024-04-03'), (1, DATE '2024-05-03'), (2, DATE '2024-06-01'))
  v(lugar, vence) ON v.lugar = s.lugar ORDER BY 1""",
}
"""Published table -> the SELECT that adds its rows of a slice, beside those of `support`."""
