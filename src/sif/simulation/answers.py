"""Compute the answer key from how each fault was planted, not from the rules.

A rule of which it says nothing must find nothing: whatever it finds in a simulated process is false.
"""

ANSWERS = """
CREATE OR REPLACE TEMP TABLE clave AS
WITH p AS (SELECT e.*, q.total, q.clase AS clase_poliza FROM entradas e INNER JOIN polizas q ON q.poliza_id =
  e.poliza_id),
vivas AS (SELECT * FROM p WHERE sub = 0),
usos AS (SELECT v.*, c.cfdi_id FROM vivas v INNER JOIN comprado c ON c.op = v.op),
dadas AS (SELECT d.*, v.poliza_id, v.m AS monto FROM dado d INNER JOIN vivas v ON v.op = d.op),
traslados AS (SELECT t.*, e.poliza_id FROM traspasos t INNER JOIN entradas e ON e.op = t.op AND e.sub = 0),
partidos AS (
  SELECT pago_id, contabilidad_id, monto, CAST(SUM(monto) OVER (PARTITION BY poliza_id ORDER BY pago_id) AS BIGINT)
    AS acumulado,
         MIN(f.falta) OVER (PARTITION BY poliza_id) AS falta, f.entidad IS NOT NULL AS es_local
  FROM pagos g INNER JOIN (SELECT e.poliza_id, e.falta, l.entidad FROM entradas e INNER JOIN libros l ON
    l.contabilidad_id = e.libro WHERE e.falta IN ('efectivo', 'efectivo_partido', 'efectivo_independiente') AND e.kind =
    'gasto') f USING (poliza_id)),
grandes AS (
  SELECT op, libro, monto, CAST(SUM(monto) OVER (PARTITION BY persona ORDER BY dia, op) AS BIGINT) AS acumulado FROM
    dadas WHERE persona IS NOT NULL AND {federal})
SELECT 'RE001' AS regla, 'poliza_id=' || poliza_id AS clave, libro AS contabilidad_id, total AS monto, falta AS
  especie FROM vivas WHERE falta = 'tarde'
UNION ALL SELECT 'CF001', 'poliza_id=' || poliza_id || ';cfdi_id=' || CASE falta WHEN 'sin_xml' THEN cfdi_id ELSE 0
  END, libro, m, falta FROM usos WHERE falta IN ('sin_xml', 'sin_comprobante')
UNION ALL SELECT 'CF011', 'cfdi_id=' || cfdi_id || ';poliza_id=' || poliza_id, libro, m, falta FROM usos WHERE falta
  IN ('cfdi_repetido', 'cfdi_ajeno')
UNION ALL SELECT 'CF012', 'cfdi_id=' || cfdi_id || ';poliza_id=' || poliza_id, libro, m, falta FROM usos WHERE falta
  IN ('cfdi_ajeno', 'sin_complemento', 'otro_proceso', 'otro_sujeto', 'sin_contabilidad')
UNION ALL SELECT 'EV001', 'poliza_id=' || poliza_id, libro, m, falta FROM vivas WHERE falta = 'sin_evidencia'
UNION ALL SELECT 'EV003', 'evidencia_id=' || (poliza_id * 8 + 3), libro, total, falta FROM vivas WHERE falta =
  'archivo_repetido'
UNION ALL SELECT 'FO001', 'poliza_id=' || poliza_id, libro, 0, CASE h(libro * 40 + lugar, 30) % 100 WHEN 0 THEN
  'salto' ELSE 'repetido' END FROM p
          WHERE h(libro * 40 + lugar, 30) % 100 < 2 AND orden = cuantas AND cuantas >= 3
UNION ALL SELECT 'PA001', 'pago_id=' || pago_id, contabilidad_id, LEAST(monto, acumulado - {efectivo}), falta FROM
  partidos WHERE (falta <> 'efectivo_independiente' OR es_local) AND acumulado > {efectivo}
UNION ALL SELECT 'PA002', 'pago_id=' || pago_id, contabilidad_id, monto, falta FROM partidos WHERE falta =
  'efectivo_independiente' AND NOT es_local
UNION ALL SELECT 'LI001', 'poliza_id=' || poliza_id, libro, CASE falta WHEN 'descuadrada' THEN 54321 WHEN
  'total_distinto' THEN 12345 ELSE total END, falta
          FROM vivas WHERE falta IN ('descuadrada', 'total_distinto', 'sin_movimientos')
UNION ALL SELECT 'LI002', 'contabilidad_id=' || libro || ';cuenta=5-5-08-02-0000', libro, m, falta FROM vivas WHERE
  falta = 'contrario'
UNION ALL SELECT 'PR001', 'contrato_id=' || (op * 3 + CASE falta WHEN 'sin_rnp' THEN 0 ELSE 2 END), libro, CASE
  falta WHEN 'sin_rnp' THEN m + 20000000 ELSE 10000000 END, falta
          FROM vivas WHERE falta IN ('sin_rnp', 'sin_rnp_sumados')
UNION ALL SELECT 'PR002', 'cfdi_id=' || cfdi_id || ';poliza_id=' || poliza_id, libro, m - 20000000, falta FROM usos
  WHERE falta = 'sin_rnp_sumados' AND m > 20000000
UNION ALL SELECT 'FO002', 'aportacion_id=' || op, libro, 0, falta FROM dadas WHERE falta IN ('sin_folio',
  'sin_nombre') OR (falta = 'folio_repetido' AND hay_previo)
UNION ALL SELECT 'AP001', 'aportacion_id=' || op, libro, monto - {efectivo}, falta FROM dadas WHERE falta = 'efectivo'
UNION ALL SELECT 'AP002', 'aportacion_id=' || op, libro, monto, falta FROM dadas WHERE falta = 'especie_sin_factura' AND
  op % 2 = 0
UNION ALL SELECT 'AP003', 'aportacion_id=' || op, libro, LEAST(monto, acumulado - {individual}), 'sobre_limite' FROM
  grandes WHERE acumulado > {individual}
UNION ALL SELECT 'AP003', 'aportacion_id=' || op, libro, 1, falta FROM dadas WHERE falta = 'no_milita'
  AND {federal}
UNION ALL SELECT 'AP014', 'aportacion_id=' || op, libro, monto, 'fuera_de_padron' FROM dadas WHERE op IN (SELECT op FROM
  no_militan)
UNION ALL SELECT 'AP015', 'aportacion_id=' || op, libro, monto, 'no_registrada' FROM dadas WHERE op IN (SELECT op FROM
  no_contienden)
UNION ALL SELECT 'AP005', 'aportacion_id=' || op, libro, monto, falta FROM dadas WHERE falta IN ('moral',
  'extranjera') OR (falta = 'no_identificada' AND (NOT independiente OR {federal}))
UNION ALL SELECT 'AP006', 'aportacion_id=' || op, libro, monto, falta FROM dadas WHERE falta =
  'efectivo_independiente'
UNION ALL SELECT 'TR001', 'lado_id=' || CASE falta WHEN 'sin_entrada' THEN op * 2 ELSE op * 2 + 1 END, libro, CASE
  falta WHEN 'difiere' THEN 77 ELSE m END, CASE WHEN {depositada} THEN 'depositada' WHEN m < {recibe} THEN
  'entra_de_mas' WHEN falta = 'sin_salida' AND op % 2 = 0 THEN 'cargada' ELSE falta END FROM traslados t
  WHERE falta IS NOT NULL
UNION ALL
SELECT 'TO001', 'contabilidad_id=' || contabilidad_id, contabilidad_id, gasto + determinado - tope, 'rebase' FROM
  decididas
WHERE gasto + determinado > tope
UNION ALL SELECT 'TO002', 'contabilidad_id=' || contabilidad_id, contabilidad_id, gasto + determinado - tope,
  'determinante'
  FROM decididas WHERE cual IN (0, 1, 3) AND (gasto + determinado - tope) * 10000 >= tope * {nulidad}
UNION ALL SELECT 'RE002', 'poliza_id=' || poliza_id, libro, total, falta FROM vivas WHERE falta = 'fuera_de_periodo'
UNION ALL SELECT 'CF013', 'cfdi_id=' || cfdi_id || ';poliza_id=' || poliza_id, libro, m, falta FROM usos WHERE falta =
  'folio_falso'
UNION ALL SELECT 'PA003', 'pago_id=' || (op * 10), libro, 1, falta FROM usos WHERE falta = 'contrato_rebasado'
UNION ALL SELECT 'VA002', 'cfdi_id=' || cfdi_id || ';linea=3;poliza_id=' || poliza_id, libro, 200002, falta FROM usos
  WHERE
  falta = 'disperso'
UNION ALL SELECT 'EV002', 'poliza_id=' || poliza_id || ';clase=contrato', libro, monto, falta FROM dadas WHERE falta =
  'sin_contrato' OR (falta = 'especie_sin_factura' AND op % 2 = 0)
UNION ALL SELECT 'AP007', 'aportacion_id=' || op, libro, LEAST(monto, acumulado - limite), 'sobre_tope' FROM (
  SELECT d.op, d.libro, d.monto, l.tope * {independientes} // 10000 AS limite, CAST(SUM(d.monto) OVER (PARTITION BY
  d.libro
    ORDER BY d.dia, d.op) AS BIGINT) AS acumulado FROM dadas d INNER JOIN libros l ON l.contabilidad_id = d.libro WHERE
    l.independiente AND l.entidad IS NULL) WHERE acumulado > limite
UNION ALL SELECT 'PO002', 'prorrateo_id=' || op || ';contabilidad_id=' || libro, libro, parte, 'ajena' FROM partes
  WHERE ajena
UNION ALL SELECT 'PO003', 'prorrateo_id=' || op, origen, 1, 'no_suma' FROM partes WHERE i = 0 AND d(op, 115, 10) = 0
UNION ALL SELECT 'PO004', 'prorrateo_id=' || op || ';contabilidad_id=' || libro, libro, m - parte, 'directo' FROM
  partes WHERE i = 0 AND d(op, 116, 10) = 0
UNION ALL
SELECT 'BA005', 'movimiento_id=' || r.movimiento_id, r.contabilidad_id, ABS(r.cargo - r.abono), 'en_transito'
FROM renglones r INNER JOIN entradas e ON e.poliza_id = r.poliza_id INNER JOIN ops o ON o.op = e.op WHERE
  r.auxiliar_tipo =
  'cuenta_bancaria' AND d(r.contabilidad_id, 111, 12) = 0 AND r.fecha_operacion = DATE '2024-05-25' AND NOT
  (o.revertida AND
  e.sub < 2)
UNION ALL SELECT 'CF002', 'poliza_id=' || poliza_id, libro, m, falta FROM vivas WHERE falta = 'sin_pdf'
UNION ALL SELECT 'CF003', 'cfdi_id=' || cfdi_id || ';poliza_id=' || poliza_id, libro, m, falta FROM usos WHERE falta =
  'cancelado'
UNION ALL SELECT 'CF006', 'poliza_id=' || poliza_id, libro, 54321, falta FROM vivas WHERE falta = 'descuadrada'
UNION ALL SELECT 'CF007', 'cfdi_id=' || cfdi_id || ';poliza_id=' || poliza_id, libro, m, falta FROM usos WHERE falta =
  'cfdi_ajeno' AND NOT (libro IN (SELECT contabilidad_id FROM libros WHERE independiente) AND cfdi_id IN (
  SELECT f.cfdi_id FROM cfdi f INNER JOIN libros l ON l.contabilidad_id = f.libro WHERE l.independiente))
UNION ALL SELECT 'CF009', 'cfdi_id=' || cfdi_id || ';poliza_id=' || poliza_id, libro, m, falta FROM usos WHERE falta =
  'sello_invalido'
UNION ALL SELECT 'CF010', 'cfdi_id=' || cfdi_id || ';poliza_id=' || poliza_id, libro, m, falta FROM usos WHERE falta =
  'anticipada'
UNION ALL SELECT 'CF004', 'cfdi_id=' || cfdi_id || ';poliza_id=' || poliza_id, libro, m, falta FROM usos WHERE falta =
  'precio_alto' AND d(op, 109, 2) = 0
UNION ALL SELECT 'CF008', 'cfdi_id=' || cfdi_id || ';poliza_id=' || poliza_id, libro, 1, falta FROM usos WHERE falta =
  'sin_pdf' AND d(op, 110, 2) = 0
UNION ALL SELECT 'AP010', 'aportacion_id=' || op, libro, monto, falta FROM dadas WHERE falta = 'sin_folio'
  AND (NOT independiente OR {federal})
UNION ALL SELECT 'AP011', 'aportacion_id=' || op, libro, monto, falta FROM dadas WHERE falta = 'folio_repetido' AND
  medio <> 'especie'
UNION ALL SELECT 'AP012', 'aportacion_id=' || op, libro, monto, falta FROM dadas WHERE falta = 'efectivo'
UNION ALL SELECT 'CF005', 'cfdi_id=' || cfdi_id || ';poliza_id=' || poliza_id, libro, m, falta FROM usos WHERE falta =
  'sin_rnp' AND d(op, 108, 2) = 0
UNION ALL SELECT 'RE003', 'poliza_id=' || poliza_id, libro, total, falta FROM vivas WHERE falta = 'anticipada'
UNION ALL SELECT 'EV004', 'poliza_id=' || poliza_id, libro, m, falta FROM vivas WHERE falta = 'sin_comprobante' AND
  con_muestra
UNION ALL
SELECT 'VA001', 'cfdi_id=' || u.cfdi_id || ';linea=1;poliza_id=' || u.poliza_id, u.libro, (k.valor_unitario - (2150 +
  CAST(substr(k.articulo, 10) AS BIGINT) * 1500)) * k.cantidad_milesimas // 1000, u.falta
FROM usos u INNER JOIN cfdi_conceptos k ON k.cfdi_id = u.cfdi_id WHERE u.falta = 'precio_alto'
UNION ALL SELECT 'RE004', 'poliza_id=' || p.poliza_id, p.libro, p.total, 'sin_efecto' FROM p INNER JOIN libros l ON
  l.contabilidad_id = p.libro WHERE l.sin_efecto AND p.reg > DATE '2024-05-20' AND p.sub <> 1
UNION ALL SELECT 'PO001', 'prorrateo_id=' || op || ';contabilidad_id=' || libro, libro, 1000, 'torcida' FROM partes
  WHERE torcida
UNION ALL SELECT 'CO001', 'contrato_id=' || contrato_id, contabilidad_id, monto, 'aviso_tardio' FROM contratos WHERE
  d(contrato_id, 89, 50) = 0
UNION ALL
SELECT 'AG004', 'evento_id=' || a.evento_id, a.contabilidad_id, CASE a.visita WHEN 'valuada' THEN 1 ELSE 0 END,
  'sin_gasto' FROM actos a INNER JOIN libros l ON
  l.contabilidad_id = a.contabilidad_id LEFT JOIN (SELECT contabilidad_id, SUM(cargo - abono) AS gasto FROM renglones
  WHERE cuenta[1:3] = '5-5' GROUP BY contabilidad_id) g ON g.contabilidad_id = a.contabilidad_id
WHERE l.slice = {slice} AND d(a.evento_id, 82, 3) = 0 AND d(a.evento_id, 95, 60) > 1 AND COALESCE(g.gasto, 0) <= 0
UNION ALL
SELECT 'IN001', 'contabilidad_id=' || libro || ';periodo_id=' || (libro * 4 + lugar), libro, CASE d(libro * 4 + lugar,
  91, 150) WHEN 0 THEN gasto ELSE 0 END, CASE d(libro * 4 + lugar, 91, 150) WHEN 0 THEN 'omitido' ELSE 'tardio' END
FROM (SELECT e.libro, e.lugar, GREATEST(0, CAST(SUM(CASE WHEN r.cuenta[1:3] = '5-5' THEN r.cargo - r.abono ELSE 0
  END) AS BIGINT)) AS gasto FROM renglones r INNER JOIN entradas e ON e.poliza_id = r.poliza_id WHERE e.lugar < 3
  GROUP BY e.libro, e.lugar) i
WHERE d(libro * 4 + lugar, 91, 150) < 2
UNION ALL
SELECT 'AP013', 'aportante_id=' || op, libro, monto, 'sobre_limite' FROM (
  SELECT op, libro, monto, COUNT(*) OVER (PARTITION BY persona, sujeto_id) AS veces FROM dadas WHERE persona IS NOT
  NULL)
WHERE veces > 1
"""

# What the plan hides in the books themselves, before any operation.
OF_BOOKS = """
SELECT 'BA002' AS regla, 'cuenta_bancaria_id=' || contabilidad_id AS clave, contabilidad_id, 0 AS monto,
  'aviso_tardio' AS especie FROM libros WHERE d(contabilidad_id, 86, 120) = 0
UNION ALL SELECT 'CA002', 'casa_id=' || contabilidad_id, contabilidad_id, 0, 'sin_importe' FROM libros WHERE clase =
  'candidatura' AND d(contabilidad_id, 90, 150) = 0
UNION ALL SELECT 'AG001', 'evento_id=' || evento_id, contabilidad_id, 0, 'tardio' FROM actos WHERE d(evento_id, 87,
  150) < 2
UNION ALL SELECT v.regla, 'contabilidad_id=' || contabilidad_id || ';cuenta=' || v.cuenta ||
  ';auxiliar_tipo=persona;auxiliar_id=' || (90000000 + contabilidad_id) || ';poliza_id=' || (-contabilidad_id),
  contabilidad_id, 400000, 'de_antes' FROM libros, (VALUES ('SA001', '1-1-04-01-0000', 93), ('SA002',
  '2-1-02-01-0000', 94)) v(regla, cuenta, s) WHERE clase = 'concentradora' AND d(contabilidad_id, v.s, 4) = 0
UNION ALL SELECT 'AG002', 'evento_id=' || evento_id, contabilidad_id, 0, 'sin_lugar' FROM actos WHERE d(evento_id, 88,
  250) = 0 AND d(evento_id, 95, 60) > 1 AND COALESCE(visita, 'suelta') IN ('suelta',
  'suelta_con_gasto')
"""

# The yearly limit of a party depends on every slice: it is summed over the contributions once all are written,
# those of a coalition by the shares of its members.
POCKETS = """
WITH repartidas AS (
  SELECT a.*, l.entidad, l.independiente, COALESCE(m.partido, a.sujeto_id) AS partido,
         CASE WHEN m.partido IS NULL THEN a.monto ELSE a.monto * m.parte // 10000 END AS parte,
         m.partido > MIN(m.partido) OVER (PARTITION BY a.aportacion_id) AS segundo
  FROM read_parquet('{folder}/aportaciones.parquet') a INNER JOIN libros l ON l.contabilidad_id = a.contabilidad_id
  LEFT JOIN miembros m ON m.coalicion = a.sujeto_id),
dichas AS (
  SELECT r.*, r.segundo AND r.calidad = 'militante' AND r.aportacion_id NOT IN (SELECT op FROM sin_llave) AS de_otro
  FROM repartidas r),
partes AS (
  SELECT x.* REPLACE (CASE WHEN x.de_otro OR x.aportacion_id IN (SELECT op FROM no_militan UNION ALL SELECT op FROM
         no_contienden) THEN 'simpatizante' ELSE x.calidad END AS calidad) FROM dichas x),
bolsas AS (
  SELECT p.aportacion_id, p.partido, p.contabilidad_id, p.parte, p.calidad, CASE p.calidad WHEN 'candidatura' THEN
    {candidatos} ELSE {simpatizantes} END
         AS limite, CAST(SUM(p.parte) OVER (PARTITION BY p.partido, p.calidad ORDER BY p.fecha, p.aportacion_id) + CASE
         p.calidad WHEN 'candidatura' THEN COALESCE(a.monto, 0) ELSE 0 END AS BIGINT) AS
         acumulado, p.independiente FROM partes p LEFT JOIN dieron_antes a ON a.partido = p.partido WHERE p.calidad <>
           'militante' AND p.entidad IS NULL),
militantes AS (
  SELECT aportacion_id, partido, contabilidad_id, parte, 250000000 * {militantes} // 10000 AS limite, CAST(SUM(parte)
  OVER
    (PARTITION
         BY partido, entidad ORDER BY fecha, aportacion_id) AS BIGINT) AS acumulado, entidad IS NOT NULL AND s.tipo <>
         'partido_local' AS ley_local
  FROM partes p INNER JOIN sujetos_plan s ON s.sujeto_id = p.partido WHERE calidad = 'militante')"""
"""The contributions that count to each limit of a party, with what they add up to."""

BEFORE = """
SELECT partido, limite - total + lugar - 2 AS monto FROM (
  SELECT partido, MIN(limite) AS limite, MAX(acumulado) AS total, ROW_NUMBER() OVER (ORDER BY partido) AS lugar
  FROM bolsas WHERE calidad = 'candidatura' AND NOT independiente GROUP BY partido HAVING MAX(acumulado) < MIN(limite))
WHERE lugar <= 3
"""
"""Of three parties, what their candidates gave before this stage: the last gift here ends one centavo under the limit
of all of them, at it, and one over."""

LIMITS = """
SELECT 'AP004' AS regla, 'aportacion_id=' || aportacion_id || ';partido_id=' || partido AS clave, contabilidad_id,
  LEAST(parte,
  acumulado - limite) AS monto, 'limite_del_sujeto' AS especie
FROM bolsas WHERE NOT independiente AND acumulado > limite
UNION ALL
SELECT 'AP008', 'aportacion_id=' || aportacion_id || ';partido_id=' || partido, contabilidad_id, LEAST(parte,
  acumulado -
  limite), 'limite_de_militantes'
FROM militantes WHERE acumulado > limite AND NOT ley_local
"""
