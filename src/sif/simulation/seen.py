"""Plant in SQL what stands beside the vouchers: banks, agenda, receipts, kárdex, and what the authority saw.

Each table that a rule reads has its faults, and beside them look-alikes that are sound: at the limit, a day before,
cancelled, or somebody's own. Numbers and people are of one set of books alone, so that nobody else adds to them.
"""

EVENT_DAY = "DATE '2024-03-12' + CAST(d(contabilidad_id * 16 + i, 80, 75) AS INTEGER)"
OUT_OF_AGENDA = f"""(SELECT *, ROW_NUMBER() OVER (PARTITION BY contabilidad_id, {EVENT_DAY} ORDER BY CASE visita WHEN
  'suelta_con_gasto' THEN 0 ELSE 1 END, evento_id) AS lugar
  FROM actos WHERE visita IN ('suelta', 'suelta_con_gasto'))"""
"""What was seen and is in no agenda, with its place among the records of its day and books: the first is observed."""
CANCELLED = "d(evento_id, 95, 60) < 2"
"""Events that were cancelled: half of them told too late."""
SUBJECT_SEATS = "(SELECT * FROM libros WHERE clase = 'concentradora')"
RECONCILED = "d(contabilidad_id, 111, 12) = 0"
"""Books whose bank account was reconciled in May."""
CANDIDACIES = "(SELECT * FROM libros WHERE clase = 'candidatura')"
INDEPENDENTS = "(SELECT * FROM libros WHERE clase = 'candidatura' AND independiente)"

BOOK_TABLES = {
    "cambios_evento": f"""
SELECT evento_id AS cambio_id, evento_id, contabilidad_id, 'cancelado' AS acto, DATE '2024-05-28' AS hecho_el,
       {{cancelar}} + CASE d(evento_id, 95, 60) WHEN 0 THEN 1 ELSE 0 END AS horas_despues
FROM actos WHERE {CANCELLED} ORDER BY evento_id""",
    "visitas": f"""
SELECT evento_id AS visita_id, contabilidad_id, {EVENT_DAY} AS fecha, CASE WHEN visita NOT IN ('suelta',
  'suelta_con_gasto') THEN evento_id END AS evento_id, visita NOT IN ('suelta', 'vista') AS con_gasto, 'ACTA-' ||
  evento_id
  AS acta, CASE visita WHEN 'gratuita' THEN 123400 WHEN 'suelta_con_gasto' THEN 50000 WHEN 'valuada' THEN 1 WHEN
  'onerosa' THEN 0 END AS valuacion
FROM actos WHERE visita IS NOT NULL
UNION ALL SELECT -evento_id, contabilidad_id, {EVENT_DAY}, evento_id, TRUE, 'ACTA-' || evento_id || '-BIS', 123399
FROM actos WHERE visita = 'gratuita' ORDER BY visita_id""",
    "cuentas_cnbv": """
SELECT contabilidad_id AS cuenta_cnbv_id, contabilidad_id, CASE WHEN d(contabilidad_id, 97, 90) IN (0, 2) THEN
  lpad(CAST(900000000000 + contabilidad_id AS VARCHAR), 18, '9') ELSE lpad(CAST(2180 + contabilidad_id % 7 AS
    VARCHAR),
  6, '0') || lpad(CAST(contabilidad_id AS VARCHAR), 12, '0') END AS clabe, DATE '2024-02-27' AS apertura_el
FROM libros WHERE d(contabilidad_id, 97, 90) < 3 ORDER BY contabilidad_id""",
    "cuentas_ajenas": """
SELECT 5000000 + contabilidad_id AS cuenta_bancaria_id, 5000000 + contabilidad_id AS contabilidad_id, sujeto_id,
  lpad(CAST(900000000000 + contabilidad_id AS VARCHAR), 18, '9') AS clabe
FROM libros WHERE d(contabilidad_id, 97, 90) = 2 ORDER BY contabilidad_id""",
    "cuentas_bancarias": """
SELECT CASE clase WHEN 'candidatura' THEN 1000000 ELSE 2000000 END + contabilidad_id AS cuenta_bancaria_id,
       contabilidad_id, lpad(CAST(CASE clase WHEN 'candidatura' THEN 1000000 ELSE 2000000 END + contabilidad_id AS
       VARCHAR), 18, '0') AS clabe, s.rfc AS titular_rfc, DATE '2024-02-28' AS apertura_el, DATE '2024-03-01' AS
       avisada_el, CAST(NULL AS DATE) AS cancelada_el
FROM libros l INNER JOIN sujetos_plan s ON s.sujeto_id = l.sujeto_id
WHERE clase = 'concentradora' OR d(contabilidad_id, 98, 150) = 0 ORDER BY 1""",
    "conciliaciones": f"""
SELECT contabilidad_id AS conciliacion_id, 2000000 + contabilidad_id AS cuenta_bancaria_id, contabilidad_id,
       DATE '2024-04-01' AS desde, DATE '2024-05-01' AS hasta, 0 AS saldo_libros, 0 AS saldo_banco,
       DATE '2024-05-05' AS cerrada_el FROM {SUBJECT_SEATS}
UNION ALL SELECT 3000000 + contabilidad_id, contabilidad_id, contabilidad_id, DATE '2024-05-01', DATE '2024-06-01', 0,
  0, DATE
  '2024-06-05' FROM libros WHERE {RECONCILED} ORDER BY 1""",
    "lineas_bancarias": f"""
SELECT contabilidad_id * 4 + n AS linea_id, 2000000 + contabilidad_id AS cuenta_bancaria_id, contabilidad_id,
       DATE '2024-04-30' AS fecha, CASE d(contabilidad_id, 99, 3) WHEN 1 THEN -50000 ELSE 50000 END AS monto,
         'SPEI' AS
       descripcion, n = 1 OR (n = 0 AND d(contabilidad_id, 99, 3) = 2) AS conciliada, n = 2 AS explicada
FROM {SUBJECT_SEATS}, (SELECT UNNEST([0, 1, 2]) AS n)
UNION ALL SELECT contabilidad_id * 4 + 3, 2000000 + contabilidad_id, contabilidad_id, DATE '2024-04-30', -700, 'CHEQUE',
  FALSE, FALSE FROM {SUBJECT_SEATS} WHERE d(contabilidad_id, 103, 3) = 0 ORDER BY linea_id""",
    "estados_cuenta": f"""
SELECT contabilidad_id AS estado_id, 2000000 + contabilidad_id AS cuenta_bancaria_id, contabilidad_id,
       DATE '2024-04-01' AS desde, DATE '2024-04-30' AS hasta, 0 AS saldo_inicial, CASE d(contabilidad_id, 100, 4)
         WHEN 0
       THEN -1 ELSE 0 END AS saldo_final FROM {SUBJECT_SEATS} UNION ALL SELECT 4000000 + contabilidad_id,
  contabilidad_id, contabilidad_id, DATE '2024-05-01', CASE WHEN {RECONCILED} OR
  d(contabilidad_id, 121, 40) = 0 THEN DATE '2024-05-25' ELSE DATE '2024-05-26' END, 0, 0 FROM libros WHERE
  {RECONCILED} OR
  d(contabilidad_id, 121, 40) < 2 ORDER BY 1""",
    "casas_vistas": f"""
SELECT contabilidad_id AS casa_vista_id, contabilidad_id, CASE d(contabilidad_id, 101, 90) WHEN 2 THEN DATE
  '2024-05-30'
       ELSE DATE '2024-05-29' END AS fecha, CASE WHEN d(contabilidad_id, 101, 90) = 3 THEN 10000000 + contabilidad_id
       WHEN d(contabilidad_id, 101, 90) > 0 THEN contabilidad_id END AS casa_id,
       'ACTA-C' || contabilidad_id AS acta FROM {CANDIDACIES} WHERE d(contabilidad_id, 101, 90) < 4 ORDER BY 1""",
    "ceps": f"""
SELECT contabilidad_id * 8 + n AS cep_id, contabilidad_id, sujeto_id,
       50000000 + contabilidad_id * 8 + CASE n WHEN 0 THEN 7 WHEN 6 THEN 7 ELSE n END AS persona_id,
       'CEP-' || contabilidad_id || '-' || n AS folio, 'general' AS representacion, n NOT IN (1, 2) AS oneroso,
       CASE WHEN n IN (1, 2) THEN 0 WHEN n = 3 THEN {{cep}} + 1 WHEN n = 7 THEN 1 ELSE {{cep}} END AS monto,
       CASE WHEN n NOT IN (1, 2) THEN 'efectivo' END AS medio,
       CASE WHEN n = 0 THEN DATE '2024-06-01' WHEN n = 5 THEN DATE '2024-06-21' WHEN n > 2 THEN DATE '2024-06-02' END AS
         pagado_el,
       DATE '2024-06-02' AS expedido_el, n <> 1 AS firmado, CAST(NULL AS BIGINT) AS poliza_id, n = 4 AS cancelado
FROM {SUBJECT_SEATS}, (SELECT UNNEST([0, 1, 2, 3, 4, 5, 6, 7]) AS n) WHERE d(contabilidad_id, 102, 3) = 0
UNION ALL SELECT contabilidad_id * 8 + n, contabilidad_id, sujeto_id, 50000000 + contabilidad_id * 8 + n,
       'CEP-' || contabilidad_id || '-' || n, 'casilla', TRUE, 100, CASE n WHEN 1 THEN 'efectivo' ELSE 'cheque' END,
       CASE n WHEN 1 THEN DATE '2024-06-02' ELSE DATE '2024-06-22' END, DATE '2024-06-02', TRUE,
       CAST(NULL AS BIGINT), FALSE
FROM {INDEPENDENTS}, (SELECT UNNEST([1, 2]) AS n) ORDER BY cep_id""",
    "representantes": f"""
SELECT contabilidad_id * 8 + n AS representante_id, proceso_id, sujeto_id, contabilidad_id, CASE WHEN n = 3 THEN
       50000000 + contabilidad_id * 8 + n END AS persona_id, CASE n WHEN 1 THEN 'SIN-FOLIO' WHEN 2 THEN 'CEP-' ||
       contabilidad_id || '-2' END AS folio_cep, 'CASILLA ' || contabilidad_id AS casilla, DATE '2024-06-02' AS fecha
FROM {SUBJECT_SEATS}, (SELECT UNNEST([1, 2, 3]) AS n) WHERE d(contabilidad_id, 102, 3) = 0 ORDER BY 1""",
    "repap": f"""
SELECT contabilidad_id * 4 + n AS recibo_id, contabilidad_id, sujeto_id, CASE n WHEN 0 THEN 70000000 ELSE 60000000 END +
         contabilidad_id AS persona_id,
       'R-' || contabilidad_id || '-' || n AS folio, DATE '2024-04-01' AS desde, DATE '2024-04-02' AS hasta, 2024
         AS anio,
       DATE '2024-12-31' AS fin_de_anio, CASE n WHEN 1 THEN {{repap}} ELSE 700 END AS monto, 'cheque' AS medio,
       CASE n WHEN 0 THEN DATE '2024-06-22' WHEN 3 THEN DATE '2024-06-21' ELSE DATE '2024-04-01' + CAST(n AS INTEGER)
         END AS pagado_el, CAST(NULL AS BIGINT) AS poliza_id, n = 2 AS cancelado
FROM {SUBJECT_SEATS}, (SELECT UNNEST([0, 1, 2, 3]) AS n) WHERE d(contabilidad_id, 103, 3) = 0 ORDER BY recibo_id""",
    "inventario": f"""
SELECT contabilidad_id * 2 + n AS inventario_id, contabilidad_id, contabilidad_id AS articulo_id, 'playera' AS
  articulo,
       CASE n WHEN 0 THEN 'entrada' ELSE 'salida' END AS tipo, DATE '2024-04-10' AS fecha, cuantas * 1000 AS
       cantidad_milesimas, cuantas * 100 AS costo, 100000 AS costo_millar, 'NOTA-' || n AS documento, n = 0 OR cual
         <> 2
       AS con_destino, CASE WHEN n = 1 AND cual = 3 AND d(contabilidad_id * 16 + 1, 82, 3) <> 0 THEN
         contabilidad_id * 16 + 1 END AS evento_id, CAST(NULL AS BIGINT) AS poliza_id
FROM (SELECT *, CASE WHEN n = 0 OR cual > 1 THEN 100 WHEN cual = 0 THEN 110 ELSE 60 END AS cuantas
      FROM (SELECT *, d(contabilidad_id, 105, 4) AS cual FROM {CANDIDACIES}), (SELECT UNNEST([0, 1]) AS n))
WHERE d(contabilidad_id, 104, 20) = 0 ORDER BY inventario_id""",
    "testigos": f"""
SELECT contabilidad_id AS testigo_id, contabilidad_id, 'espectacular' AS medio, CASE d(contabilidad_id, 106, 40)
  WHEN 2
       THEN 'sin_comparable' ELSE 'articulo_3' END AS articulo, COALESCE(entidad, 'NAC') AS zona, DATE '2024-04-15' AS
       fecha, 5000 AS unidades_milesimas, CASE d(contabilidad_id, 106, 40) WHEN 1 THEN 'reportado' ELSE
         'no_localizado'
       END AS cruce FROM {CANDIDACIES} WHERE d(contabilidad_id, 106, 40) < 3 ORDER BY 1""",
    "fuentes": "SELECT 'militantes' AS fuente, DATE '2024-06-20' AS al, 0 AS renglones",
    "financiamiento": """
SELECT proceso_id AS financiamiento_id, 1 AS sujeto_id, 2024 AS anio, 'ordinario' AS concepto, 250000000 AS monto,
  CASE WHEN
       entidad IS NULL THEN 'federal' ELSE 'local' END AS ambito, entidad
FROM (SELECT DISTINCT proceso_id, entidad FROM libros WHERE NOT independiente)
UNION ALL SELECT 1000000 + proceso_id * 1000 + sujeto_id, sujeto_id, 2024, 'ordinario', 0, CASE WHEN entidad IS NULL
       THEN 'federal' ELSE 'local' END, entidad
FROM (SELECT DISTINCT proceso_id, entidad, sujeto_id FROM libros WHERE NOT independiente AND sujeto_id <> 1)
ORDER BY 1""",
    "anuncios_plataforma": f"""
SELECT contabilidad_id AS anuncio_id, contabilidad_id, 'biblioteca' AS plataforma, DATE '2024-04-15' AS fecha, CASE
  d(contabilidad_id, 120, 40) WHEN 0 THEN 1 ELSE 0 END AS gasto_minimo, 5000 AS gasto_maximo FROM {CANDIDACIES}
WHERE d(contabilidad_id, 120, 40) < 2 ORDER BY 1""",
    "candidatas": f"""
SELECT contabilidad_id, d(contabilidad_id, 114, 4) = 0 AS mujer FROM {CANDIDACIES} ORDER BY 1""",
    "computos": f"""
SELECT contabilidad_id, 50000 + {{margen}} * 10 - CASE d(contabilidad_id, 113, 40) WHEN 2 THEN 0 ELSE 1 END AS
  votos_primero, 50000 AS votos_segundo, 100000 AS votos_total FROM {CANDIDACIES} WHERE d(contabilidad_id, 113, 40) < 4
ORDER BY 1""",
    "pautas": f"""
SELECT contabilidad_id AS pauta_id, contabilidad_id, 'RV0' || contabilidad_id AS version, DATE '2024-04-15' AS
  primera_el
FROM {CANDIDACIES} WHERE d(contabilidad_id, 107, 40) = 0 ORDER BY 1""",
}
"""Published table -> the SELECT over the books and their events that writes these rows of it."""

DECIDED = """
INSERT INTO no_militan SELECT op FROM dado WHERE calidad = 'militante' AND falta IN ('no_milita', 'moral');
INSERT INTO sin_llave SELECT op FROM dado WHERE falta IN ('extranjera', 'no_identificada');
INSERT INTO no_contienden SELECT op FROM dado WHERE calidad = 'candidatura' AND (falta = 'moral' OR (NOT independiente
  AND d(aportante_id, 130, 40) = 0 AND aportante_id NOT IN (SELECT aportante_id FROM dado WHERE calidad = 'militante'
  OR falta IS NOT NULL)));
CREATE OR REPLACE TEMP TABLE decididas AS
WITH metas AS (
  SELECT l.contabilidad_id, l.tope, d(l.contabilidad_id, 113, 40) AS cual, COALESCE(g.gasto, 0) AS gasto FROM libros l
  LEFT
    JOIN (SELECT contabilidad_id, CAST(SUM(cargo - abono) AS BIGINT) AS gasto FROM renglones WHERE cuenta[1:3] = '5-5'
  GROUP
    BY contabilidad_id) g ON g.contabilidad_id = l.contabilidad_id
  WHERE l.slice = {slice} AND l.clase = 'candidatura')
SELECT contabilidad_id, tope, cual, gasto, CASE WHEN cual > 3 THEN 0 ELSE GREATEST(0, tope + CASE cual WHEN 3 THEN 0
  ELSE
  (tope * {nulidad} + 9999) // 10000 - CASE cual WHEN 1 THEN 1 ELSE 0 END END - gasto) END AS determinado FROM metas;
INSERT INTO gastado
SELECT l.contabilidad_id, COALESCE(g.gasto, 0), CASE WHEN l.clase = 'candidatura' AND d(l.contabilidad_id, 114, 4) = 0
  THEN
  COALESCE(t.m, 0) ELSE 0 END
FROM libros l LEFT JOIN (SELECT contabilidad_id, CAST(SUM(cargo - abono) AS BIGINT) AS gasto FROM renglones WHERE
  cuenta[1:3]
  = '5-5' GROUP BY contabilidad_id) g ON g.contabilidad_id = l.contabilidad_id
LEFT JOIN (SELECT t.libro, CAST(SUM({recibe}) AS BIGINT) AS m FROM traspasos t
  WHERE t.falta IS DISTINCT FROM 'sin_entrada' AND NOT ({de_otra_etapa}) GROUP BY t.libro) t ON t.libro =
  l.contabilidad_id
WHERE l.slice = {slice}
"""
"""What was decided on each candidacy, up to its cap or to nullity, and what each set of books spent and handed to
  women."""

FUNDS = """
WITH suyo AS (SELECT l.sujeto_id, MIN(l.contabilidad_id) AS primera, SUM(g.gasto) AS gasto, SUM(g.entregado) AS
  entregado
  FROM libros l INNER JOIN gastado g ON g.contabilidad_id = l.contabilidad_id GROUP BY l.sujeto_id),
todo AS (SELECT s.sujeto_id, s.primera, s.gasto + COALESCE(SUM(c.gasto * m.parte // 10000), 0) AS gasto, s.entregado +
  COALESCE(SUM(c.entregado * m.parte // 10000), 0) AS entregado FROM suyo s LEFT JOIN miembros m ON m.partido =
  s.sujeto_id
  LEFT JOIN suyo c ON c.sujeto_id = m.coalicion GROUP BY s.sujeto_id, s.primera, s.gasto, s.entregado),
fondos AS (SELECT sujeto_id, primera AS contabilidad_id, 'financiamiento_id=' || (1000 + sujeto_id) AS llave, gasto,
  entregado,
  CASE sujeto_id WHEN 5 THEN gasto + 1 WHEN 6 THEN 2 * entregado + 2 WHEN 7 THEN 2 * entregado ELSE gasto END AS monto
  FROM todo WHERE sujeto_id IN (3, 5, 6, 7))
"""
"""Public money for campaigns of some parties: a centavo beyond what they spent or half of what they gave to women."""

GRANTED = """SELECT 1000 + sujeto_id AS financiamiento_id, sujeto_id, 2024 AS anio, 'campana' AS concepto, monto,
  'federal' AS
  ambito, NULL AS entidad FROM fondos ORDER BY 1"""
OF_FUNDS = """SELECT 'RM001' AS regla, llave AS clave, contabilidad_id, monto - gasto AS monto, 'remanente' AS especie
  FROM fondos
  WHERE monto > gasto
UNION ALL SELECT 'DE003', llave, contabilidad_id, monto * {candidatas} // 10000 - entregado, 'falta' FROM fondos WHERE
  monto * {candidatas} // 10000 > entregado"""

_BEFORE = """
WITH personas AS (
  SELECT partido, 910000000 + partido * 100 + n AS quien, letras(partido * 100 + n) || '900101C01' AS rfc, monto // 40 +
    CASE n WHEN 1 THEN monto % 40 ELSE 0 END AS monto FROM dieron_antes, generate_series(1, 40) AS serie(n))
"""
GAVE_BEFORE = {
    "aportantes": _BEFORE
    + "SELECT quien AS aportante_id, 'Precandidata ' || quien AS nombre, rfc, 'fisica' AS tipo_persona FROM personas",
    "postulados": _BEFORE
    + """SELECT quien AS contabilidad_id, partido AS sujeto_id, rfc, 'precampana' AS etapa, 'PEF-2024' AS proceso,
  DATE '2024-01-01' AS desde, DATE '9999-12-31' AS hasta FROM personas""",
    "aportes_ajenos": _BEFORE
    + """SELECT quien AS aportacion_id, quien AS contabilidad_id, partido AS sujeto_id, quien AS aportante_id,
  'candidatura' AS calidad, DATE '2024-01-20' AS fecha, 2024 AS anio, 'P-' || quien AS folio, monto, monto AS neto,
  FALSE AS independiente, 'federal' AS donde, 'precampana' AS etapa, 'PEF-2024' AS proceso FROM personas""",
}
"""What forty people of each of those parties gave to their own precampaigns."""

SLICE_TABLES = {
    "postulados": """
SELECT d.libro AS contabilidad_id, MIN(d.sujeto_id) AS sujeto_id, rfc_persona(d.aportante_id) AS rfc,
  CAST(NULL AS VARCHAR) AS curp, 'campana' AS etapa, MIN(COALESCE('PEL-' || l.entidad || '-2024', 'PEF-2024')) AS
  proceso, DATE '2024-01-01' AS desde, DATE '9999-12-31' AS hasta
FROM dado d INNER JOIN libros l ON l.contabilidad_id = d.libro WHERE d.calidad = 'candidatura' AND d.op NOT IN (
  SELECT op FROM no_contienden) AND (d.falta IS NULL OR d.falta NOT IN ('extranjera', 'no_identificada'))
GROUP BY d.libro, d.aportante_id ORDER BY 1, 3""",
    "militantes": """SELECT d.aportante_id AS militante_id, MIN(COALESCE(m.partido, d.sujeto_id)) AS sujeto_id,
            rfc_persona(d.aportante_id) AS rfc, MIN(CASE d.falta WHEN 'milita' THEN dia ELSE DATE '2020-01-01' END) AS
  desde,
            MIN(CASE d.falta WHEN 'no_milita' THEN dia ELSE DATE '9999-12-31' END) AS hasta
                    FROM dado d LEFT JOIN (SELECT coalicion, MIN(partido) AS partido FROM miembros GROUP BY coalicion)
  m ON
            m.coalicion = d.sujeto_id WHERE calidad = 'militante' AND (d.falta IS NULL OR d.falta NOT IN ('moral',
  'extranjera',
            'no_identificada')) GROUP BY d.aportante_id ORDER BY 1""",
    "determinados": """SELECT contabilidad_id AS determinado_id, contabilidad_id, 'testigo' AS origen, contabilidad_id
  AS
            origen_id, DATE '2024-06-20' AS fecha, determinado AS monto, TRUE AS firme
                    FROM decididas WHERE determinado > 0 ORDER BY 1""",
    "pautas": """SELECT libro AS pauta_id, libro AS contabilidad_id, 'RV1' || libro AS version, DATE '2024-04-15' AS
            primera_el, MIN(poliza_id) AS poliza_id FROM entradas WHERE kind = 'gasto' AND sub = 0 AND falta IS NULL
  AND NOT
            revertida AND d(libro, 107, 40) = 1 AND libro IN (SELECT contabilidad_id FROM libros WHERE clase =
  'candidatura')
                    GROUP BY libro ORDER BY 1""",
    "lineas_bancarias": """SELECT -1 - t.op AS linea_id, t.libro AS cuenta_bancaria_id, t.libro AS contabilidad_id,
      t.dia AS fecha, t.m AS monto, 'SPEI' AS descripcion, FALSE AS conciliada, FALSE AS explicada
      FROM traspasos t WHERE {depositada}
UNION ALL
SELECT 100000000 + op, 2000000 + concentradora, concentradora, DATE '2024-04-30', -m, 'SPEI', FALSE, FALSE
FROM traspasos WHERE falta = 'sin_salida' AND op % 2 = 0 ORDER BY 1""",
    "conciliaciones": """SELECT -1 - MIN(t.op) AS conciliacion_id, t.libro AS cuenta_bancaria_id, t.libro AS
      contabilidad_id, date_trunc('month', t.dia) AS desde, date_trunc('month', t.dia) + INTERVAL 1 MONTH AS hasta,
      0 AS saldo_libros, 0 AS saldo_banco, DATE '2024-06-05' AS cerrada_el
      FROM traspasos t WHERE {depositada} GROUP BY t.libro, date_trunc('month', t.dia) ORDER BY 1""",
    "conciliados": f"""SELECT movimiento_id, contabilidad_id AS cuenta_bancaria_id, contabilidad_id FROM renglones WHERE
            auxiliar_tipo = 'cuenta_bancaria' AND (({RECONCILED} AND fecha_operacion >= DATE '2024-05-01' AND
            fecha_operacion NOT IN (DATE '2024-05-25', DATE '2024-05-26')) OR contabilidad_id IN (SELECT t.libro FROM
            traspasos t WHERE {{depositada}})) ORDER BY 1""",
    "padron69b": """SELECT DISTINCT rfc_proveedor(proveedor_id) AS rfc, CASE d(op, 108, 2) WHEN 0 THEN 'definitivo'
      ELSE
            'desvirtuado' END AS situacion, DATE '2024-01-01' AS desde, DATE '9999-12-31' AS hasta
                    FROM comprado WHERE falta = 'sin_rnp' ORDER BY 1""",
    "impedidos": """SELECT op AS impedido_id, rfc_persona(op) AS rfc, CASE WHEN falta = 'sin_nombre' AND
            d(op, 131, 2) = 0 THEN 'servicio público' ELSE 'ministerio de culto' END AS motivo,
            DATE '2024-01-01' AS desde, CASE WHEN falta = 'sin_nombre' AND d(op, 131, 2) = 1
            THEN dia ELSE DATE '9999-12-31' END AS hasta
                    FROM dado WHERE falta IN ('sin_folio', 'sin_nombre') ORDER BY op""",
    "depositos_cnbv": """SELECT d.op AS deposito_id, rfc_persona(d.op) AS rfc, 'AAA000101AA1' AS origen_rfc,
      'moral' AS
            origen_tipo, e.dia - CASE falta WHEN 'folio_repetido' THEN 30 ELSE 31 END AS fecha, e.m AS monto
                    FROM (SELECT op, falta FROM dado WHERE falta IN ('folio_repetido', 'sin_nombre')) d
                    INNER JOIN (SELECT op, dia, m FROM entradas WHERE sub = 0) e ON e.op = d.op ORDER BY d.op""",
    "ingresos_declarados": """SELECT rfc_persona(d.op) AS rfc, 2024 AS anio, CASE WHEN d.falta IS NULL THEN {individual}
            WHEN d.falta = 'efectivo' THEN e.m - 1 ELSE e.m END AS monto
                    FROM (SELECT * FROM dado d WHERE falta IN ('efectivo', 'especie_sin_factura') OR ({declara})) d
                    INNER JOIN (SELECT op, m FROM entradas WHERE sub = 0) e ON e.op = d.op ORDER BY d.op""",
    "cfdi_estatus": """SELECT cfdi_id * 2 + n AS estatus_id, cfdi_id, DATE '2024-06-20' + CAST(n AS INTEGER) AS al,
      CASE WHEN n =
            d(cfdi_id, 109, 2) THEN 'vigente' ELSE 'no_encontrado' END AS estatus
                    FROM cfdi, (SELECT UNNEST([0, 1]) AS n) WHERE falta = 'precio_alto' ORDER BY 1""",
    "cfdi_pagos": """SELECT -cfdi_id AS cfdi_id, CAST(n AS INTEGER) AS linea, substr(crudo, 1, 8) || '-' ||
      substr(crudo, 9, 4) ||
            '-' || substr(crudo, 13, 4) || '-' || substr(crudo, 17, 4) || '-' || substr(crudo, 21, 12) AS
              documento_uuid,
            cfdi_id AS documento_id, CAST(n AS INTEGER) AS parcialidad, dia AS pagado_el, '03' AS forma, total AS
            saldo_anterior, CASE WHEN n = 1 THEN total // 2 WHEN d(cfdi_id, 110, 2) = 0 THEN total - total // 2 - 1
              ELSE
            total - total // 2 END AS pagado, 0 AS saldo_insoluto
                    FROM cfdi, (SELECT UNNEST([1, 2]) AS n) WHERE falta = 'sin_pdf' ORDER BY cfdi_id, linea""",
}

OF_BOOKS = f"""
SELECT 'AG003' AS regla, 'cambio_id=' || evento_id AS clave, contabilidad_id, 0 AS monto, 'tardia' AS especie FROM
  actos
  WHERE d(evento_id, 95, 60) = 0
UNION ALL SELECT 'AG005', 'visita_id=' || evento_id, contabilidad_id, 0, 'no_registrado' FROM {OUT_OF_AGENDA} WHERE
  lugar = 1
UNION ALL SELECT 'AG006', 'visita_id=' || evento_id, contabilidad_id, v.monto, v.especie FROM actos INNER JOIN (VALUES
  ('gratuita', 123400, 'dicho_gratuito'), ('valuada', 1, 'no_reportado')) v(visita, monto, especie) ON v.visita =
  actos.visita
UNION ALL SELECT 'AG006', 'visita_id=' || evento_id, contabilidad_id, 50000, 'sin_agenda' FROM {OUT_OF_AGENDA} WHERE
  visita = 'suelta_con_gasto' AND lugar = 1
UNION ALL SELECT 'BA001', 'cuenta_cnbv_id=' || contabilidad_id, contabilidad_id, 0, 'no_reportada' FROM libros WHERE
  d(contabilidad_id, 97, 90) = 0
UNION ALL SELECT 'BA003', 'cuenta_bancaria_id=' || (1000000 + contabilidad_id), contabilidad_id, 0, 'de_mas' FROM
  {CANDIDACIES} WHERE d(contabilidad_id, 98, 150) = 0
UNION ALL SELECT 'BA004', 'linea_id=' || (contabilidad_id * 4), contabilidad_id, 50000, 'suelta' FROM {SUBJECT_SEATS}
  WHERE d(contabilidad_id, 99, 3) < 2
UNION ALL SELECT 'BA006', 'estado_id=' || contabilidad_id, contabilidad_id, 1, 'en_contra' FROM {SUBJECT_SEATS} WHERE
  d(contabilidad_id, 100, 4) = 0
UNION ALL SELECT 'CA001', 'casa_vista_id=' || contabilidad_id, contabilidad_id, 0, CASE d(contabilidad_id, 101, 90)
  WHEN 0
  THEN 'no_registrada' WHEN 3 THEN 'retirada' ELSE 'fuera_de_uso' END FROM {CANDIDACIES}
  WHERE d(contabilidad_id, 101, 90) IN (0, 2, 3)
UNION ALL SELECT v.regla, v.llave || '=' || (contabilidad_id * 8 + v.n), contabilidad_id, v.monto, 'sin_comprobante'
  FROM {SUBJECT_SEATS}, (VALUES ('CE001', 'cep_id', 1, 0), ('CE002', 'cep_id', 3, {{cep}} + 1), ('CE002', 'cep_id', 5,
  {{cep}}), ('CE002', 'cep_id', 0, {{cep}}), ('CE002', 'cep_id', 6, {{cep}}), ('CE002', 'cep_id', 7, 1), ('CE003',
  'cep_id', 3, 1), ('CE003', 'cep_id', 7, 1), ('CE004', 'representante_id', 1, {{cep}} + 1)) v(regla, llave, n, monto)
  WHERE d(contabilidad_id, 102, 3) = 0
UNION ALL SELECT 'CE002', 'cep_id=' || (contabilidad_id * 8 + 1), contabilidad_id, 100, 'sin_comprobante'
  FROM {INDEPENDENTS}
UNION ALL SELECT 'CE003', 'cep_id=' || (contabilidad_id * 8 + 1), contabilidad_id, 100, 'de_independiente'
  FROM {INDEPENDENTS} WHERE entidad IS NULL
UNION ALL SELECT v.regla, 'recibo_id=' || (contabilidad_id * 4 + v.n), contabilidad_id, v.monto, 'repap'
  FROM {SUBJECT_SEATS}, (VALUES ('RP001', 3, 700), ('RP002', 1, {{repap}}), ('RP002', 3, 700)) v(regla, n, monto)
  WHERE d(contabilidad_id, 103, 3) = 0
UNION ALL SELECT v.regla, v.llave || '=' || CASE v.cual WHEN 1 THEN contabilidad_id ELSE contabilidad_id * 2 + 1 END,
  contabilidad_id, v.monto, 'kardex' FROM {CANDIDACIES}, (VALUES ('IV001', 'inventario_id', 0, 1000), ('IV002',
  'articulo_id', 1, 4000), ('IV003', 'inventario_id', 2, 10000)) v(regla, llave, cual, monto)
  WHERE d(contabilidad_id, 104, 20) = 0 AND d(contabilidad_id, 105, 4) = v.cual
UNION ALL SELECT 'TE001', 'testigo_id=' || contabilidad_id, contabilidad_id, CASE d(contabilidad_id, 106, 40) WHEN
  0 THEN
  33250 ELSE 0 END, 'no_localizado' FROM {CANDIDACIES} WHERE d(contabilidad_id, 106, 40) IN (0, 2)
UNION ALL SELECT 'TE002', 'anuncio_id=' || contabilidad_id, contabilidad_id, 1, 'de_mas' FROM {CANDIDACIES} WHERE
  d(contabilidad_id, 120, 40) = 0
UNION ALL SELECT 'SN001', 'contabilidad_id=' || contabilidad_id, contabilidad_id, 0, CASE WHEN repetida THEN 'repetida'
  ELSE 'en_otro_cargo' END FROM libros WHERE repetida OR en_dos_cargos
UNION ALL SELECT 'TE003', 'pauta_id=' || contabilidad_id, contabilidad_id, 0, 'sin_produccion' FROM {CANDIDACIES}
  WHERE
  d(contabilidad_id, 107, 40) = 0
"""
