"""Generate in SQL the pólizas and lines of a slice, numbered as the books do."""

ENDS = "DATE '2024-06-01'"  # last day of the normal periods; what comes later is of the correction

CONTRACTED = "'5-5-06-01-0000'"  # an account that asks for the contract of what it records

ENTRIES = f"""
CREATE OR REPLACE TEMP TABLE entradas AS
WITH crudas AS (
  SELECT o.libro, o.op, 0 AS sub, o.kind, o.dia, o.reg, CASE o.kind WHEN 'transferencia' THEN t.m WHEN 'publico'
    THEN q.m ELSE o.m END AS m, o.falta IS NOT DISTINCT FROM 'fuera_de_periodo' AS fuera
  FROM ops o LEFT JOIN traspasos t ON t.op = o.op LEFT JOIN publicos q ON q.op = o.op
  UNION ALL
  SELECT libro, op, 1, 'reversion', LEAST(CASE WHEN sin_reposicion THEN reg ELSE dia END + 1, DATE '2024-05-29'),
         CASE WHEN sin_reposicion THEN reg ELSE dia END + 1, -m, FALSE FROM ops WHERE revertida
  UNION ALL SELECT libro, op, 2, 'gasto', dia, dia + 2, m, FALSE FROM ops WHERE revertida AND NOT sin_reposicion
  UNION ALL SELECT concentradora, op, 3, 'salida', dia, reg, m, FALSE FROM traspasos
  UNION ALL
  SELECT e.origen, e.op, 4, 'reparto', MIN(o.dia), MIN(o.reg), CAST(SUM(e.parte) AS BIGINT), FALSE
  FROM partes e INNER JOIN ops o ON o.op = e.op GROUP BY e.origen, e.op
  UNION ALL SELECT e.libro, e.op, 5 + e.i, 'beneficio', o.dia, o.reg, e.parte, FALSE FROM partes e INNER JOIN ops o ON
    o.op = e.op WHERE NOT e.ajena),
numeradas AS (
  SELECT c.*, {{base}} + ROW_NUMBER() OVER (ORDER BY libro, reg, op, sub) AS poliza_id,
         CASE WHEN reg > {ENDS} THEN 'correccion' ELSE 'normal' END AS tipo,
         CASE WHEN reg > {ENDS} THEN 3 WHEN fuera OR dia < DATE '2024-04-01' THEN 0 WHEN dia < DATE '2024-05-01' THEN
  1 ELSE
           2 END AS lugar,
         CASE WHEN kind IN ('publico', 'aportacion', 'transferencia') THEN 'IG'
              WHEN kind IN ('reclasificacion', 'reparto', 'beneficio') THEN 'DR' ELSE 'EG' END AS subtipo
  FROM crudas c)
SELECT n.*, n.libro * 4 + n.lugar AS periodo_id,
       CAST(ROW_NUMBER() OVER (PARTITION BY n.libro, n.lugar, n.tipo, n.subtipo ORDER BY n.poliza_id) AS INTEGER) AS
         orden,
       CAST(COUNT(*) OVER (PARTITION BY n.libro, n.lugar, n.tipo, n.subtipo) AS INTEGER) AS cuantas,
       CASE WHEN n.kind IN ('transferencia', 'salida') THEN 'transferencia' WHEN n.kind = 'reclasificacion' THEN
         'reclasificacion'
            WHEN n.kind IN ('reparto', 'beneficio') THEN 'prorrateo' ELSE 'ordinaria' END AS clase,
       o.falta, o.con_muestra, o.revertida, o.independiente, o.sujeto_id AS sujeto_origen
FROM numeradas n INNER JOIN ops o ON o.op = n.op;
CREATE OR REPLACE TEMP TABLE polizas AS
SELECT e.poliza_id, e.libro AS contabilidad_id, e.periodo_id, e.tipo, e.subtipo,
       CASE WHEN h(e.libro * 40 + e.lugar, 30) % 100 = 0 AND e.orden = e.cuantas AND e.cuantas >= 3 THEN e.orden + 1
            WHEN h(e.libro * 40 + e.lugar, 30) % 100 = 1 AND e.orden = e.cuantas AND e.cuantas >= 3 THEN e.orden - 1
            ELSE e.orden END AS numero,
       'P' || CASE e.tipo WHEN 'normal' THEN 'N' ELSE 'C' END || CAST(LEAST(e.lugar + 1, 3) AS VARCHAR) || '/' ||
         e.subtipo || '-' || CAST(e.orden AS VARCHAR)
         || CASE extract(month FROM e.dia) WHEN 3 THEN '/MAR' WHEN 4 THEN '/ABR' ELSE '/MAY' END || '-2024; ID ' ||
           CAST(e.libro AS VARCHAR) AS referencia,
       e.clase, e.dia AS fecha_operacion, e.reg AS fecha_registro, CASE WHEN e.sub = 1 THEN r.poliza_id END AS
         revierte_a,
       CASE WHEN e.kind IN ('gasto', 'reversion') THEN 2 * e.m ELSE e.m END + CASE WHEN e.falta = 'total_distinto'
         AND e.sub = 0 THEN 12345 ELSE 0 END AS total
FROM entradas e LEFT JOIN (SELECT op, poliza_id FROM entradas WHERE sub = 0 AND revertida) r ON r.op = e.op AND
  e.sub = 1
ORDER BY e.libro, e.dia, e.poliza_id;
"""

LINES = f"""
CREATE OR REPLACE TEMP TABLE renglones AS
WITH g AS (
  SELECT e.*, CASE WHEN o.contratada THEN {CONTRACTED} ELSE cuenta_gasto(e.op, e.con_muestra, 20) END AS g1,
         CASE WHEN o.contratada THEN {CONTRACTED} ELSE cuenta_gasto(e.op, e.con_muestra, 21) END AS g2,
         CASE WHEN u(e.op, 22) < 0.9 AND NOT o.prorratea THEN e.m * 3 // 10 ELSE 0 END AS m2, o.proveedor_id
  FROM entradas e INNER JOIN comprado o ON o.op = e.op
  WHERE e.kind IN ('gasto', 'reversion') AND NOT (e.falta IS NOT DISTINCT FROM 'sin_movimientos')),
q AS (SELECT e.*, o.cuenta_ingreso, o.aportante_id, o.medio, cuenta_gasto(e.op, e.con_muestra, 20) AS g1
      FROM entradas e INNER JOIN dado o ON o.op = e.op WHERE e.kind = 'aportacion'),
s AS (SELECT e.*, cuenta_gasto(e.op, e.con_muestra, 20) AS g1
      FROM entradas e
      WHERE e.kind IN ('publico', 'transferencia', 'salida', 'reclasificacion', 'reparto', 'beneficio')),
todos AS (
  SELECT poliza_id, 1 AS n, libro, dia, g1 AS cuenta, m - m2 + CASE WHEN falta = 'descuadrada' AND sub = 0 THEN
    54321 ELSE 0 END AS cargo,
         0 AS abono, 'proveedor' AS aux, proveedor_id AS cual FROM g
  UNION ALL SELECT poliza_id, 2, libro, dia, g2, m2, 0, 'proveedor', proveedor_id FROM g WHERE m2 <> 0
  UNION ALL SELECT poliza_id, 3, libro, dia, '2-1-01-01-0000', 0, m, 'proveedor', proveedor_id FROM g
  UNION ALL SELECT poliza_id, 4, libro, dia, '2-1-01-01-0000', m, 0, 'proveedor', proveedor_id FROM g
  UNION ALL SELECT poliza_id, 5, libro, dia, '1-1-02-00-0000', 0, m, 'cuenta_bancaria', libro FROM g
  UNION ALL SELECT poliza_id, 1, libro, dia, CASE WHEN medio = 'especie' THEN g1 ELSE '1-1-02-00-0000' END, m, 0,
    CASE WHEN medio = 'especie' THEN NULL ELSE 'cuenta_bancaria' END, CASE WHEN medio = 'especie' THEN NULL ELSE libro
      END FROM q
  UNION ALL SELECT poliza_id, 2, libro, dia, cuenta_ingreso, 0, m, 'aportante', aportante_id FROM q
  UNION ALL
  SELECT poliza_id, 1, libro, dia, CASE kind WHEN 'salida' THEN '5-4-01-03-0000' WHEN 'reclasificacion' THEN g1
           WHEN 'reparto' THEN '5-4-02-02-0000' WHEN 'beneficio' THEN g1 ELSE '1-1-02-00-0000' END, m, 0, NULL, NULL
             FROM s
  UNION ALL
  SELECT poliza_id, 2, libro, dia, CASE kind WHEN 'publico' THEN '4-1-02-01-0000' WHEN 'transferencia' THEN
    '4-5-01-03-0000'
           WHEN 'salida' THEN '1-1-02-00-0000' WHEN 'reparto' THEN g1 WHEN 'beneficio' THEN '4-5-02-03-0000'
           WHEN 'reclasificacion' THEN CASE WHEN falta = 'contrario' THEN '5-5-08-02-0000' ELSE g1 END END, 0, m,
             NULL, NULL FROM s)
SELECT poliza_id * 8 + n AS movimiento_id, poliza_id, libro AS contabilidad_id, cuenta, dia AS fecha_operacion,
       CAST(cargo AS BIGINT) AS cargo, CAST(abono AS BIGINT) AS abono, aux AS auxiliar_tipo, CAST(cual AS BIGINT) AS
         auxiliar_id
FROM todos ORDER BY libro, dia, poliza_id, n
"""
