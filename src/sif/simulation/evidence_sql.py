"""Generate in SQL the support of each operation: suppliers, donors, invoices, payments, files."""

GAVE_ELSEWHERE = (
    "d.calidad = 'simpatizante' AND d.falta IS NULL AND NOT d.generoso AND NOT d.independiente AND d(d.op, 207, 10) = 0"
)
"""Donors who also gave the whole limit in another stage, annulled there: nothing that counts."""

FEDERAL = "libro IN (SELECT contabilidad_id FROM libros WHERE entidad IS NULL)"
"""Books of a federal election: the limits of a gift in a local one are of the law of its state, which was not read."""

DECLARES = "d.falta IS NULL AND NOT d.generoso AND d(d.op, 209, 100) = 0 AND d.aportante_id = d.op"
"""Donors of one contribution or two whose declared income is far above them."""

VOIDED = "d.medio = 'especie' AND d.falta IS NULL AND d(d.op, 119, 4) = 0"
"""Gifts in kind whose contract was voided and loaded again."""

MOVED_ELSEWHERE = "t.falta IS NULL AND d(t.op, 208, 40) = 0"
"""Transfers whose outgoing side is in the ordinary books of the house, which are of another stage."""

TOOK_IN = "CASE WHEN t.falta = 'difiere' THEN t.m + CASE d(t.op, 134, 3) WHEN 0 THEN 77 ELSE -77 END ELSE t.m END"
"""What the books that receive a transfer say of it: of some, more than what left."""

DEPOSITED = "t.falta = 'sin_entrada' AND d(t.libro, 132, 2) = 0 AND d(t.libro, 111, 12) > 0 AND d(t.libro, 121, 40) > 1"
"""Transfers that the books do not take in and their bank does; the books were reconciled by nothing else."""

IN_TWO = "c.contratada AND c.falta IS NULL AND d(c.op, 211, 3) = 0"
"""Purchases of two contracts, each of about a half."""
UNDER = "d(c.op, 212, 3) = 0"
"""Purchases of one contract, a centavo under what it says."""

# One supplier serves many: the pool is picked with a heavy head. Numbers above the pool belong to one operation.
BOUGHT = """
CREATE OR REPLACE TEMP TABLE comprado AS
SELECT o.op, o.libro, o.sujeto_id, o.proceso_id, o.dia, o.reg, o.m, o.falta, o.con_muestra, o.prorratea, o.entidad,
  o.independiente,
       COALESCE(o.factura_de, o.op) AS cfdi_id, o.factura_de, CASE WHEN o.falta = 'folio_falso' THEN o.propia END AS
         folio_de,
       o.falta IS NOT DISTINCT FROM 'contrato_rebasado' OR (o.falta IS NULL AND NOT o.prorratea AND o.factura_de IS NULL
         AND u(o.op, 43) < 0.012) AS contratada,
       CASE WHEN contratada OR falta IN ('efectivo_partido', 'sin_rnp', 'sin_rnp_sumados', 'disperso') THEN 20000000
            + o.op ELSE 1 + CAST(floor({proveedores} * pow(u(o.op, 40), 2.5)) AS BIGINT) END AS proveedor_id,
       CASE WHEN falta IN ('efectivo', 'efectivo_partido', 'efectivo_independiente') THEN 'efectivo'
            WHEN falta IS NULL AND NOT independiente AND m <= 240000 AND u(o.op, 41) < 0.3 THEN 'efectivo'
            WHEN u(o.op, 42) < 0.2 THEN 'cheque' ELSE 'transferencia' END AS medio
FROM (SELECT o.*, l.proceso_id FROM ops o INNER JOIN libros l ON l.contabilidad_id = o.libro) o WHERE o.kind = 'gasto'
"""

# A donor gives again one time in four. The four keys of the same person are the same; the name is written as it comes.
GIVEN = """
CREATE OR REPLACE TEMP TABLE dado AS
WITH base AS (
  SELECT o.op, o.libro, o.sujeto_id, o.dia, o.independiente, o.falta, o.generoso, o.m,
         CASE WHEN falta IN ('no_milita', 'milita') THEN 'militante' WHEN falta = 'sobre_limite' OR generoso THEN
  'simpatizante'
              WHEN u(o.op, 50) < 0.2 THEN 'simpatizante' WHEN u(o.op, 50) < 0.3 OR independiente THEN 'candidatura'
                ELSE 'militante' END AS calidad,
         CASE WHEN falta IN ('efectivo', 'efectivo_independiente') THEN 'efectivo' WHEN falta IN
           ('especie_sin_factura', 'sin_contrato') THEN 'especie'
              WHEN falta IN ('sobre_limite', 'sobre_tope', 'no_milita', 'milita') OR generoso THEN 'transferencia'
  WHEN u(o.op, 51) < 0.2 AND
  m <= 240000
                AND NOT independiente THEN 'efectivo'
              WHEN u(o.op, 51) < 0.4 THEN 'especie' WHEN u(o.op, 51) < 0.5 THEN 'cheque' ELSE 'transferencia' END AS
                medio,
         LAG(op) OVER (PARTITION BY libro ORDER BY k) AS previa, LAG(falta) OVER (PARTITION BY libro ORDER BY k) AS
           falta_previa,
         SUM(CASE WHEN falta = 'sobre_limite' THEN 1 ELSE 0 END) OVER (ORDER BY op) AS cual
  FROM ops o WHERE kind = 'aportacion'),
folios AS (
  SELECT b.*, ROW_NUMBER() OVER (PARTITION BY libro, calidad, medio = 'especie' ORDER BY dia, op) AS folio,
         LAG(falta IS DISTINCT FROM 'sin_folio', 1, FALSE) OVER (PARTITION BY libro, calidad, medio = 'especie'
           ORDER BY dia, op) AS repetible FROM base b)
SELECT f.* EXCLUDE (folio, repetible), '4-2-0' || CASE WHEN independiente THEN '4' WHEN calidad = 'militante' THEN
  '1' WHEN calidad = 'simpatizante' THEN '2' ELSE '3' END
         || CASE WHEN medio = 'especie' THEN '-02-0000' ELSE '-01-0000' END AS cuenta_ingreso,
       CASE WHEN falta IS NULL AND falta_previa IS NULL AND NOT generoso AND previa IS NOT NULL AND u(op, 52) < 0.25
         AND u(previa, 52) >= 0.25
         THEN previa ELSE op END AS aportante_id,
       CASE WHEN falta = 'sin_folio' THEN '' WHEN falta = 'folio_repetido' AND repetible THEN CAST(folio - 1 AS
         VARCHAR) ELSE CAST(folio AS VARCHAR) END AS folio,
       CASE WHEN falta = 'sobre_limite' THEN {slice} * 100 + (cual - 1) // 3 END AS persona, repetible AS hay_previo
FROM folios f
"""

PAYMENTS = """
CREATE OR REPLACE TEMP TABLE pagos AS
WITH hechos AS (
  SELECT e.poliza_id, e.libro, c.op, e.sub, c.proveedor_id, c.medio, e.dia, e.m, c.falta,
         UNNEST(CASE WHEN c.falta = 'efectivo_partido' THEN [1, 2, 3] ELSE [0] END) AS parte
  FROM entradas e INNER JOIN comprado c ON c.op = e.op WHERE e.kind = 'gasto')
SELECT op * 10 + sub * 2 + parte AS pago_id, poliza_id, libro AS contabilidad_id,
       CASE WHEN medio <> 'efectivo' OR falta = 'efectivo_partido' THEN proveedor_id END AS proveedor_id,
       CAST(NULL AS BIGINT) AS contrato_id, CASE WHEN
         medio <> 'efectivo' THEN libro END AS cuenta_bancaria_id,
         medio, dia AS fecha,
       CAST(CASE parte WHEN 0 THEN m WHEN 3 THEN m - 2 * (m // 3) ELSE m // 3 END AS BIGINT) AS monto
FROM hechos ORDER BY contabilidad_id, pago_id
"""

INVOICES = """
CREATE OR REPLACE TEMP TABLE cfdi AS
WITH suyos AS (SELECT c.*, s.rfc AS receptor FROM comprado c INNER JOIN sujetos_plan s ON s.sujeto_id = c.sujeto_id
               WHERE factura_de IS NULL AND (falta IS NULL OR falta <> 'sin_comprobante')),
colas AS (SELECT c.factura_de, CAST(SUM(c.m) AS BIGINT) AS m FROM comprado c WHERE c.factura_de IS NOT NULL AND
  c.falta IS NULL GROUP BY c.factura_de)
SELECT s.op AS cfdi_id, upper(md5(CAST(COALESCE(s.folio_de, s.op) AS VARCHAR) || 'u{semilla}')) AS crudo,
  rfc_proveedor(s.proveedor_id) AS
  emisor, s.receptor, s.dia,
       s.m + COALESCE(k.m, 0) AS total, s.medio, s.falta, s.libro, s.sujeto_id, s.entidad, s.con_muestra
FROM suyos s LEFT JOIN colas k ON k.factura_de = s.op ORDER BY s.libro, s.op
"""

PUBLISHED = {
    "cfdi": """
SELECT cfdi_id, substr(crudo, 1, 8) || '-' || substr(crudo, 9, 4) || '-' || substr(crudo, 13, 4) || '-' ||
  substr(crudo, 17, 4) || '-' || substr(crudo, 21, 12) AS uuid,
       emisor AS emisor_rfc, receptor AS receptor_rfc, dia AS fecha, 'I' AS tipo, total, 'MXN' AS moneda,
       CASE WHEN falta = 'sin_pdf' THEN '99' WHEN medio = 'efectivo' THEN '01' WHEN medio = 'cheque' THEN '02' ELSE
         '03' END AS forma_pago, CASE falta
         WHEN 'cancelado' THEN 'cancelado' WHEN 'folio_falso' THEN 'desconocido' ELSE 'vigente' END AS estatus_sat,
       DATE '2024-06-20' AS estatus_el, falta IS DISTINCT FROM 'sin_xml' AS tiene_xml,
       falta IS DISTINCT FROM 'sin_pdf' AS tiene_pdf,
       CASE WHEN falta IS DISTINCT FROM 'sin_xml' THEN falta IS DISTINCT FROM 'sello_invalido' END AS sello_valido,
       CASE WHEN falta = 'sin_xml' THEN NULL ELSE falta IS DISTINCT FROM 'sin_complemento' END AS tiene_ine FROM
         cfdi""",
    "cfdi_ine": """
SELECT op AS cfdi_id, CAST(2 + i AS INTEGER) AS linea, 'Campaña' AS tipo_proceso, l.entidad, 'Local' AS ambito, libro AS
  id_contabilidad FROM partes INNER JOIN libros l ON l.contabilidad_id = libro WHERE i < 2 AND d(op, 116, 10) = 1
UNION ALL
SELECT cfdi_id, CAST(1 AS INTEGER) AS linea, CASE WHEN falta = 'otro_proceso' THEN 'Precampaña' ELSE 'Campaña' END
  AS tipo_proceso, entidad,
       CASE WHEN entidad IS NULL THEN 'Federal' ELSE 'Local' END AS ambito,
       CASE WHEN falta = 'sin_contabilidad' THEN NULL WHEN falta = 'otro_sujeto' THEN CASE WHEN sujeto_id =
         {sin_coalicion} THEN 1 ELSE {otra} END WHEN d(cfdi_id, 116, 10) = 0 THEN COALESCE(p.directa, libro) ELSE
         libro END AS id_contabilidad
FROM cfdi LEFT JOIN (SELECT op, libro AS directa FROM partes WHERE i = 0) p ON p.op = cfdi_id WHERE falta IS NULL OR
  falta NOT IN ('sin_complemento', 'sin_xml')""",
    "cfdi_conceptos": """
WITH precios AS (
  SELECT cfdi_id, total, CAST(h(cfdi_id, 60) % 40 AS BIGINT) AS articulo,
         (2000 + CAST(h(cfdi_id, 60) % 40 AS BIGINT) * 1500 + d(cfdi_id, 61, 300))
           * CASE WHEN falta = 'precio_alto' THEN 3 ELSE 2 END // 2 AS precio, falta FROM cfdi)
SELECT cfdi_id, CAST(1 AS INTEGER) AS linea, 'articulo_' || CAST(articulo AS VARCHAR) AS articulo, 'H87' AS unidad,
       total * 1000 // precio AS cantidad_milesimas, precio AS valor_unitario, total AS importe FROM precios
WHERE falta IS DISTINCT FROM 'disperso'
UNION ALL SELECT cfdi_id, CAST(n AS INTEGER), 'articulo_99', 'H87', 2000, CASE n WHEN 1 THEN 100000 WHEN 2 THEN 200000
  ELSE 200001 END, CASE n WHEN 1 THEN 200000 WHEN 2 THEN 400000 ELSE 400002 END FROM cfdi, (SELECT UNNEST([1, 2, 3])
  AS n)
WHERE falta = 'disperso'""",
    "cfdi_poliza": """
SELECT c.cfdi_id, e.poliza_id, e.libro AS contabilidad_id, c.sujeto_id, e.m AS monto FROM entradas e INNER JOIN
  comprado c ON c.op = e.op
WHERE e.kind = 'gasto' AND c.falta IS DISTINCT FROM 'sin_comprobante' ORDER BY e.libro, e.poliza_id""",
    "aportantes": """
WITH quienes AS (SELECT d.op, d.aportante_id, d.falta, d.persona, d.cual, COALESCE(90000000 + d.persona, d.op) AS
  quien FROM dado d WHERE d.aportante_id = d.op),
nombres AS (
  SELECT q.*, ['María', 'José', 'Juan', 'Guadalupe', 'Luis', 'Rosa', 'Carlos', 'Ana', 'Jorge', 'Patricia',
           'Miguel', 'Verónica', 'Ángel', 'Leticia', 'Óscar', 'Sofía'][1 + d(quien, 70, 16)] AS nombre,
         ['Hernández', 'García', 'Martínez', 'López', 'González', 'Pérez', 'Rodríguez', 'Sánchez', 'Ramírez',
           'Cruz', 'Flores', 'Gómez', 'Morales', 'Vázquez', 'Jiménez', 'Reyes'][1 + d(quien, 71, 16)] AS paterno,
         ['Torres', 'Díaz', 'Gutiérrez', 'Ruiz', 'Mendoza', 'Aguilar', 'Ortiz', 'Moreno', 'Castillo', 'Romero',
           'Álvarez', 'Méndez', 'Chávez', 'Rivera', 'Juárez', 'Ramos'][1 + d(quien, 72, 16)] AS materno FROM
             quienes q)
SELECT op AS aportante_id,
       CASE WHEN falta = 'sin_nombre' THEN '' WHEN falta = 'moral' THEN 'Servicios ' || paterno || ' S.A. de C.V.'
            WHEN cual % 3 = 1 AND persona IS NOT NULL THEN upper(strip_accents(nombre || ' ' || paterno || ' ' ||
              materno))
            WHEN cual % 3 = 2 AND persona IS NOT NULL THEN paterno || ' ' || materno || ' ' || nombre
            WHEN d(op, 73, 4) = 0 THEN upper(nombre || ' ' || paterno || ' ' || materno) ELSE nombre || ' ' ||
              paterno || ' ' || materno END AS nombre,
       CASE WHEN falta = 'moral' THEN letras(quien)[2:4] ||
         nacido(quien) || 'A' || letras(quien)[1:1] || '1' WHEN falta = 'extranjera' THEN
         'XEXX010101000' WHEN falta = 'no_identificada' THEN NULL
            WHEN cual % 3 = 2 AND persona IS NOT NULL THEN NULL
            ELSE rfc_persona(quien) END AS rfc,
       CASE WHEN falta IN ('moral', 'extranjera', 'no_identificada') THEN NULL WHEN persona IS NOT NULL OR d(op, 74,
         2) = 0
            THEN letras(quien) || nacido(quien) || 'HDFRRN01' END AS curp,
       CASE WHEN falta = 'moral' THEN 'moral' WHEN falta = 'no_identificada' THEN NULL ELSE 'fisica' END AS
         tipo_persona
FROM nombres ORDER BY op""",
    "aportaciones": """
SELECT d.op AS aportacion_id, e.poliza_id, e.libro AS contabilidad_id, d.sujeto_id, d.aportante_id, d.calidad,
  d.medio, e.dia AS fecha,
       CAST(2024 AS INTEGER) AS anio, d.folio, e.m AS monto FROM dado d INNER JOIN entradas e ON e.op = d.op AND
         e.sub = 0 ORDER BY e.libro, d.op""",
    "contratos": f"""
WITH hechos AS (
  SELECT c.op, c.libro, c.sujeto_id, c.proceso_id, c.proveedor_id, c.dia, c.m, c.falta, UNNEST(CASE WHEN c.falta =
    'sin_rnp_sumados' OR ({IN_TWO}) THEN [1, 2] ELSE [0] END) AS parte
  FROM comprado c WHERE c.contratada OR c.falta IN ('sin_rnp', 'sin_rnp_sumados'))
SELECT op * 3 + parte AS contrato_id, libro AS contabilidad_id, sujeto_id, proceso_id, proveedor_id, dia + CAST(CASE
  parte WHEN 2 THEN 1 ELSE 0 END AS INTEGER) AS suscrito_el,
       CAST(NULL AS DATE) AS entrega_el, CASE WHEN falta = 'sin_rnp' THEN m + 20000000 WHEN falta =
         'sin_rnp_sumados' THEN 10000000 WHEN falta = 'contrato_rebasado' THEN m - 1
         WHEN parte = 1 THEN m // 2 WHEN parte = 2 THEN m - m // 2 WHEN falta IS NULL AND
         {UNDER} THEN m + 1 ELSE m END AS monto,
       CAST(NULL AS BIGINT) AS modifica_a FROM hechos c ORDER BY libro, contrato_id""",
    "transferencias": """
SELECT t.op * 2 AS lado_id, 'T' || CAST(t.op AS VARCHAR) AS folio, 'salida' AS lado, t.concentradora AS
  contabilidad_id, t.libro AS contraparte_id, e.poliza_id, 'efectivo' AS forma,
       t.dia AS fecha, t.m AS monto FROM traspasos t INNER JOIN entradas e ON e.op = t.op AND e.sub = 3 WHERE
         t.falta IS DISTINCT FROM 'sin_salida' AND NOT ({de_otra_etapa})
UNION ALL
SELECT t.op * 2 + 1, 'T' || CAST(t.op AS VARCHAR), 'entrada', t.libro, CASE WHEN {de_otra_etapa} THEN 900000000 +
  t.casa ELSE t.concentradora END, e.poliza_id, 'efectivo',
  t.dia, {recibe}
FROM traspasos t INNER JOIN entradas e ON e.op = t.op AND e.sub = 0 WHERE t.falta IS DISTINCT FROM 'sin_entrada'
UNION ALL
SELECT -1 - t.op, 'A' || t.op, 'salida', t.concentradora, 900000000 + t.casa, e.poliza_id, 'efectivo', t.dia, t.m
FROM traspasos t INNER JOIN entradas e ON e.op = t.op AND e.sub = 3 WHERE {de_otra_etapa}
  ORDER BY 4, 1""",
    "lados_ajenos": """
SELECT t.op * 2 AS lado_id, 'T' || CAST(t.op AS VARCHAR) AS folio, 'salida' AS lado, 900000000 + t.casa AS
  contabilidad_id, t.libro AS contraparte_id, t.dia AS fecha, t.m AS monto, TRUE AS viva
FROM traspasos t WHERE {de_otra_etapa} ORDER BY 1""",
    "aportes_ajenos": """
SELECT -d.op AS aportacion_id, 900000000 + d.libro AS contabilidad_id, d.sujeto_id, d.aportante_id, d.calidad, DATE
  '2024-02-01' AS fecha, CAST(2024 AS INTEGER) AS anio, d.folio, {individual} AS monto, 0 AS neto, FALSE AS
  independiente, COALESCE(l.entidad, 'federal') AS donde, 'precampana' AS etapa,
  COALESCE('PEL-' || l.entidad || '-2024', 'PEF-2024') AS proceso
FROM dado d INNER JOIN libros l ON l.contabilidad_id = d.libro WHERE {otra_etapa} ORDER BY 1""",
    "prorrateos": """
SELECT e.op AS prorrateo_id, e.origen AS contabilidad_id, MIN(e.sujeto_id) AS sujeto_id, MIN(n.poliza_id) AS
  poliza_id, 'generico' AS clase, MIN(n.dia) AS fecha,
       MIN(e.m) AS total, CAST(MIN(e.m) - SUM(e.parte) + CASE d(e.op, 115, 10) WHEN 0 THEN 1 ELSE 0 END AS BIGINT) AS
  residuo
FROM partes e INNER JOIN entradas n ON n.op = e.op AND n.sub = 0 GROUP BY e.op, e.origen ORDER BY 2, 1""",
    "prorrateo_beneficiarios": """
SELECT op AS prorrateo_id, libro AS contabilidad_id, columna, tope, parte AS monto FROM partes ORDER BY 1, 2""",
    "evidencias": f"""
WITH clases AS (
  SELECT e.poliza_id, e.libro, e.op, e.reg, e.falta, e.revertida, CASE
    WHEN e.kind = 'gasto' AND e.falta = 'sin_evidencia' THEN CAST([] AS VARCHAR[])
    WHEN e.kind = 'gasto' AND b.contratada THEN ['xml', 'pdf', 'muestra', 'contrato']
    WHEN e.kind = 'gasto' AND e.falta = 'sin_comprobante' THEN ['pdf', 'transferencia']
    WHEN e.kind = 'gasto' AND e.falta = 'sin_pdf' AND e.con_muestra THEN ['xml', 'muestra']
    WHEN e.kind = 'gasto' AND e.falta = 'sin_pdf' THEN ['xml']
    WHEN e.kind = 'gasto' AND e.con_muestra THEN ['xml', 'pdf', 'muestra'] WHEN e.kind = 'gasto' THEN ['xml', 'pdf']
    WHEN e.kind = 'aportacion' AND e.falta = 'sin_contrato' AND e.con_muestra THEN ['recibo_aportacion', 'xml', 'pdf',
      'muestra']
    WHEN e.kind = 'aportacion' AND e.falta = 'sin_contrato' THEN ['recibo_aportacion', 'xml', 'pdf']
    WHEN e.kind = 'aportacion' AND e.falta = 'especie_sin_factura' AND e.op % 2 = 0 AND e.con_muestra THEN
      ['recibo_aportacion', 'xml', 'pdf', 'muestra']
    WHEN e.kind = 'aportacion' AND e.falta = 'especie_sin_factura' AND e.op % 2 = 0 THEN ['recibo_aportacion', 'xml',
      'pdf']
    WHEN e.kind = 'aportacion' AND d.medio = 'especie' AND e.con_muestra THEN ['recibo_aportacion', 'contrato',
      'xml', 'pdf', 'muestra']
    WHEN e.kind = 'aportacion' AND d.medio = 'especie' THEN ['recibo_aportacion', 'contrato', 'xml', 'pdf']
    WHEN e.kind = 'aportacion' THEN ['recibo_aportacion'] WHEN e.kind = 'publico' THEN ['estado_cuenta']
    WHEN e.kind IN ('transferencia', 'salida') THEN ['recibo_transferencia'] WHEN e.kind = 'reclasificacion' THEN
      ['papel_trabajo']
    WHEN e.kind IN ('reparto', 'beneficio') THEN ['cedula_prorrateo', 'recibo_transferencia'] ELSE CAST([] AS
      VARCHAR[]) END AS todas
  FROM entradas e LEFT JOIN dado d ON d.op = e.op LEFT JOIN comprado b ON b.op = e.op),
sueltas AS (SELECT poliza_id, libro, op, reg, falta, revertida, UNNEST(todas) AS clase,
  UNNEST(generate_series(1, len(todas))) AS n FROM clases)
SELECT s.poliza_id * 8 + s.n AS evidencia_id, s.poliza_id, s.libro AS contabilidad_id, s.clase, 'activa' AS estado,
       sha256(CAST(CASE WHEN s.revertida THEN -(s.op * 8 + s.n)
         WHEN s.falta = 'archivo_repetido' AND s.clase = 'muestra' THEN a.poliza_id * 8 + 3
         ELSE s.poliza_id * 8 + s.n END AS VARCHAR) || 'e{{semilla}}') AS sha256,
       s.reg AS cargada_el
FROM sueltas s LEFT JOIN ops o ON o.op = s.op AND o.falta = 'archivo_repetido' LEFT JOIN entradas a ON a.op =
  o.muestra AND a.sub = 0
UNION ALL SELECT e.poliza_id * 8 + 7, e.poliza_id, e.libro, 'contrato', 'sin_efecto', sha256(CAST(e.poliza_id * 8 + 7 AS
  VARCHAR) || 'e{{semilla}}'), e.reg FROM entradas e INNER JOIN dado d ON d.op = e.op WHERE e.kind = 'aportacion' AND
  {VOIDED}
ORDER BY 3, 2, 1""",
}
"""Published table -> the SELECT that writes its rows of a slice."""
