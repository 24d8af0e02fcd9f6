"""Generate in SQL the operations of a slice: kind, days, amount and planted fault."""

MACROS = """
CREATE OR REPLACE MACRO h(x, s) AS hash(CAST(x AS BIGINT) * 1000 + s + {semilla} * 7919000000);
CREATE OR REPLACE MACRO u(x, s) AS CAST(h(x, s) >> 12 AS DOUBLE) / 4503599627370496.0;
CREATE OR REPLACE MACRO d(x, s, n) AS CAST(h(x, s) % n AS BIGINT);
CREATE OR REPLACE MACRO z(x, s) AS sqrt(-2 * ln(1 - u(x, s))) * cos(6.283185307179586 * u(x, s + 1));
CREATE OR REPLACE MACRO letras(x) AS chr(CAST(65 + x // 17576 % 26 AS INTEGER)) || chr(CAST(65 + x // 676 % 26 AS
  INTEGER))
  || chr(CAST(65 + x // 26 % 26 AS INTEGER)) || chr(CAST(65 + x % 26 AS INTEGER));
CREATE OR REPLACE MACRO nacido(x) AS '8' || CAST(x // 456976 % 10 AS VARCHAR) || '0' || CAST(1 + x // 4569760 % 9 AS
  VARCHAR)
  || '1' || CAST(x // 41127840 % 10 AS VARCHAR);
CREATE OR REPLACE MACRO rfc_persona(x) AS letras(x) || nacido(x) || 'A01';
CREATE OR REPLACE MACRO rfc_proveedor(x) AS CASE WHEN x > 20000000 THEN letras(x) || nacido(x) || 'B02'
  ELSE substr(letras(x), 2) || '0' || CAST(x // 17576 % 10 AS VARCHAR) || '0101AB1' END;
CREATE OR REPLACE MACRO cuenta_gasto(op, con_muestra, s) AS CASE
  WHEN con_muestra THEN '5-5-01-0' || CAST(1 + d(op, s, 8) AS VARCHAR) || '-0000'
  ELSE ['5-5-03-02-0000', '5-5-03-03-0000', '5-5-03-04-0000', '5-5-03-06-0000', '5-5-03-09-0000'][1 + d(op, s, 5)] END;
"""

# 63 % of the operations arrive in the last seven days in which campaign books take them, as in 2016 (INE); the rest
# grow towards the end. An operation is up to three days older than its record, and none is after the campaign.
OPS = """
CREATE OR REPLACE TEMP TABLE nacidas AS
WITH series AS (
  SELECT l.contabilidad_id AS libro, l.casa, l.concentradora, l.sujeto_id, l.entidad, l.independiente, l.clase AS
    clase_libro,
         l.gasto AS gasto_libro, l.tope AS tope_libro, l.candidatas, l.generoso, l.first_op, UNNEST(generate_series(1,
  l.ops)) AS k
  FROM libros l WHERE l.slice = {slice}),
clases AS (
  SELECT s.*, s.first_op + s.k AS op,
         CASE WHEN k = 1 AND (clase_libro = 'concentradora' OR independiente) THEN 'publico'
              WHEN k = 1 THEN 'transferencia' WHEN k = 2 AND independiente THEN 'aportacion'
              WHEN generoso AND k BETWEEN 3 AND 12 THEN 'aportacion'
              WHEN concentradora > 0 AND u(first_op + k, 1) < 0.03 THEN 'transferencia'
              WHEN u(first_op + k, 1) < 0.13 THEN 'aportacion'
              WHEN u(first_op + k, 1) < 0.16 THEN 'reclasificacion' ELSE 'gasto' END AS kind
  FROM series s),
dias AS (
  SELECT c.*, CASE WHEN u(op, 2) < 0.63 THEN DATE '2024-05-26' + CAST(floor(7 * sqrt(u(op, 3))) AS INTEGER)
                   ELSE DATE '2024-03-01' + CAST(floor(86 * sqrt(u(op, 3))) AS INTEGER) END AS reg0
  FROM clases c)
SELECT d.*, GREATEST(DATE '2024-03-01', LEAST(DATE '2024-05-29', reg0 - CAST(d(op, 4, 4) AS INTEGER))) AS dia,
       CASE WHEN kind = 'gasto' THEN CAST(1000000 * exp(1.1 * z(op, 5)) AS BIGINT) + 1 ELSE 0 END AS peso,
       d(op, 7, 2) = 0 AS con_muestra
FROM dias d
"""

CANDIDATES = """
CREATE OR REPLACE TEMP TABLE montadas AS
WITH montos AS (
  SELECT n.*, CASE WHEN kind = 'gasto' THEN GREATEST(10000, CAST(CAST(gasto_libro AS HUGEINT) * peso
                     // SUM(peso) OVER (PARTITION BY libro) AS BIGINT))
                   WHEN kind = 'aportacion' AND generoso THEN {individual} * 88 // 100
                   WHEN kind = 'aportacion' THEN 20000 + CAST(300000 * u(op, 8) * u(op, 8) AS BIGINT)
                   WHEN kind = 'reclasificacion' THEN 50000 + d(op, 8, 900000) ELSE 0 END AS m
  FROM nacidas n),
faltas AS (
  SELECT m.*, u(op, 9) AS f FROM montos m)
SELECT f.*, CASE
  WHEN independiente AND ((libro % 3 = 2 AND kind = 'aportacion' AND k = 2) OR (kind = 'gasto' AND k BETWEEN 3 AND 5 AND
    (libro % 3 = 2 OR entidad IS NULL)))
  THEN
    'efectivo_independiente'
  WHEN kind = 'gasto' AND k > 2 THEN CASE
    WHEN f < 0.0120 THEN 'tarde' WHEN f < 0.0140 THEN 'sin_xml' WHEN f < 0.0150 THEN 'sin_comprobante'
    WHEN f < 0.0155 THEN 'cfdi_repetido' WHEN f < 0.0158 THEN 'cfdi_ajeno' WHEN f < 0.0168 THEN 'sin_complemento'
    WHEN f < 0.0173 THEN 'otro_proceso' WHEN f < 0.0178 THEN 'otro_sujeto' WHEN f < 0.0183 THEN 'sin_contabilidad'
    WHEN f < 0.0210 THEN 'sin_evidencia' WHEN f < 0.0220 AND con_muestra THEN 'archivo_repetido'
    WHEN f BETWEEN 0.0220 AND 0.0245 AND independiente THEN 'efectivo_independiente'
    WHEN f BETWEEN 0.0220 AND 0.0245 AND m > {efectivo} + 20000 THEN 'efectivo'
    WHEN f BETWEEN 0.0245 AND 0.0270 AND NOT independiente AND m BETWEEN {efectivo} + 100000 AND {efectivo} * 27 //
      10 THEN 'efectivo_partido'
    WHEN f BETWEEN 0.0270 AND 0.0275 THEN 'descuadrada' WHEN f BETWEEN 0.0275 AND 0.0277 THEN 'total_distinto'
    WHEN f BETWEEN 0.0277 AND 0.0279 THEN 'sin_movimientos' WHEN f BETWEEN 0.0279 AND 0.0287 THEN 'sin_rnp'
    WHEN f BETWEEN 0.0287 AND 0.0292 THEN 'sin_rnp_sumados' WHEN f BETWEEN 0.0292 AND 0.0300 THEN 'cancelado'
    WHEN f BETWEEN 0.0300 AND 0.0305 THEN 'sello_invalido' WHEN f BETWEEN 0.0305 AND 0.0312 THEN 'precio_alto'
    WHEN f BETWEEN 0.0312 AND 0.0320 THEN 'sin_pdf' WHEN f BETWEEN 0.0320 AND 0.0326 THEN 'anticipada'
    WHEN f BETWEEN 0.0326 AND 0.0332 THEN 'fuera_de_periodo' WHEN f BETWEEN 0.0332 AND 0.0338 THEN 'folio_falso'
    WHEN f BETWEEN 0.0338 AND 0.0344 THEN 'contrato_rebasado' WHEN f BETWEEN 0.0344 AND 0.0350 THEN 'disperso' END
  WHEN kind = 'aportacion' AND k > 2 AND NOT generoso THEN CASE
    WHEN f < 0.003 THEN 'sin_folio' WHEN f < 0.005 THEN 'folio_repetido' WHEN f < 0.007 THEN 'sin_nombre'
    WHEN independiente AND f < 0.05 THEN 'efectivo_independiente' WHEN f < 0.010 THEN 'efectivo'
    WHEN f < 0.013 THEN 'especie_sin_factura' WHEN f < 0.015 THEN 'moral' WHEN f < 0.0165 THEN 'extranjera'
    WHEN f < 0.018 THEN 'no_identificada' WHEN f < 0.024 THEN 'sin_contrato' WHEN f < 0.029 THEN 'especie_sin_factura'
  WHEN f < 0.033 AND NOT independiente THEN 'no_milita' WHEN f < 0.037 AND NOT
      independiente THEN 'milita'
  WHEN f > 0.995 AND NOT independiente THEN 'sobre_limite' END
  WHEN kind = 'transferencia' AND k > 1 THEN CASE
    WHEN f < 0.008 THEN 'sin_entrada' WHEN f < 0.014 THEN 'sin_salida' WHEN f < 0.020 THEN 'difiere' END
  WHEN kind = 'reclasificacion' AND u(libro, 10) < 0.03 THEN 'contrario' END AS falta
FROM faltas f
"""

# Who may lend an invoice or a file to a fault: a sound expense that nothing else touches.
CHOSEN = """
CREATE OR REPLACE TEMP TABLE ops AS
WITH marcadas AS (
  SELECT m.*, kind = 'gasto' AND falta IS NULL AND k > 2 AS sana,
         kind = 'gasto' AND falta IS NULL AND k > 2 AND u(op, 11) < 0.02 AS revertida,
         kind = 'gasto' AND falta IS NULL AND k > 2 AND u(op, 11) BETWEEN 0.02 AND 0.04 AS reparte_factura,
         kind = 'gasto' AND falta IS NULL AND k > 2 AND u(op, 11) BETWEEN 0.04 AND 0.10 AND clase_libro =
           'concentradora'
           AND candidatas >= 8 AND entidad IS NOT NULL AS prorratea
  FROM montadas m),
vecinas AS (
  SELECT m.*, sana AND NOT revertida AND NOT reparte_factura AND NOT prorratea AND COALESCE(LAG(CASE
           WHEN reparte_factura THEN dia END) OVER (PARTITION BY libro ORDER BY k) <= GREATEST(reg0, dia), FALSE)
           AS cola,
         LAG(op) OVER (PARTITION BY libro ORDER BY k) AS cabeza
  FROM marcadas m),
fechadas AS (
  SELECT v.* REPLACE (CASE WHEN falta = 'fuera_de_periodo' THEN DATE '2024-04-01' ELSE dia END AS dia),
         CASE WHEN falta = 'fuera_de_periodo' THEN DATE '2024-04-01'
              WHEN falta = 'tarde' AND u(op, 12) < 0.3 THEN DATE '2024-06-12' + CAST(d(op, 13, 5) AS INTEGER)
                   WHEN falta = 'tarde' THEN dia + CAST(4 + d(op, 13, 20) AS INTEGER)
                   WHEN falta = 'anticipada' THEN dia - 2
                   WHEN revertida AND u(op, 12) < 0.2 THEN dia + CAST(4 + d(op, 13, 9) AS INTEGER)
                   WHEN revertida THEN dia
                   WHEN kind = 'reclasificacion' AND u(op, 12) < 0.4 THEN DATE '2024-06-12' + CAST(d(op, 13, 5) AS
                     INTEGER)
                   ELSE GREATEST(reg0, dia) END AS reg,
         revertida AND u(op, 12) < 0.2 AS sin_reposicion,
         sana AND NOT revertida AND NOT reparte_factura AND NOT prorratea AND NOT cola AS presta
  FROM vecinas v),
prestan AS (
  SELECT reg + 1 AS desde, arg_max({{'op': op, 'sujeto': sujeto_id}}, op) AS ultima,
         arg_min({{'op': op, 'sujeto': sujeto_id}}, op) AS primera FROM fechadas WHERE presta GROUP BY reg),
prestadas AS (
  SELECT f.*, LAG(CASE WHEN presta THEN op END IGNORE NULLS) OVER (PARTITION BY libro ORDER BY reg, op) AS propia,
         LAG(CASE WHEN presta AND con_muestra THEN op END IGNORE NULLS) OVER (PARTITION BY libro ORDER BY reg, op)
           AS muestra,
         CASE WHEN p.ultima.sujeto <> f.sujeto_id THEN p.ultima.op WHEN p.primera.sujeto <> f.sujeto_id THEN
           p.primera.op END AS ajena
  FROM fechadas f LEFT JOIN prestan p ON p.desde = f.reg AND f.falta = 'cfdi_ajeno')
SELECT w.* EXCLUDE (ultima, cabe) REPLACE (CASE WHEN ultima THEN 'sobre_tope' ELSE falta END AS falta, CASE WHEN ultima
  THEN cabe + CASE WHEN libro % 3 = 1 AND entidad IS NULL THEN 0 ELSE 1 END ELSE m END AS m)
FROM (
SELECT x.* EXCLUDE (cabe, lugar), cabe, cabe > 20000 AND lugar = 1 AND independiente AND kind = 'aportacion' AND
  (libro % 3 < 2 OR entidad IS NOT NULL)
  AS ultima FROM (
SELECT y.*, CAST(tope_libro * {independientes} // 10000 - SUM(CASE WHEN kind = 'aportacion' THEN m ELSE 0 END) OVER
  (PARTITION BY libro) + m AS BIGINT) AS cabe, ROW_NUMBER() OVER (PARTITION BY libro, kind ORDER BY dia DESC, op DESC)
  AS
  lugar FROM (
SELECT r.* REPLACE (CASE WHEN kind = 'aportacion' AND falta IN ('efectivo', 'especie_sin_factura') THEN {efectivo} +
  1 + d(op, 16, 500000)
                         WHEN kind = 'aportacion' AND falta IN ('no_milita', 'milita') THEN {individual} + 1
                         WHEN kind = 'aportacion' AND falta = 'sobre_limite' THEN {individual} * 42 // 100 ELSE m
                           END AS m)
FROM (
SELECT q.*, CASE WHEN falta = 'cfdi_repetido' THEN propia WHEN falta = 'cfdi_ajeno' THEN ajena WHEN cola THEN cabeza
         END AS factura_de
FROM (
SELECT p.* REPLACE (CASE WHEN falta IN ('cfdi_repetido', 'folio_falso') AND propia IS NULL THEN NULL
         WHEN falta = 'archivo_repetido' AND muestra IS NULL THEN NULL
         WHEN falta = 'cfdi_ajeno' AND (ajena IS NULL OR sujeto_id IN ({coaliciones})) THEN NULL
         WHEN falta = 'contrario' AND ROW_NUMBER() OVER (PARTITION BY libro, falta ORDER BY k) > 1 THEN NULL
         WHEN falta = 'folio_repetido' AND ROW_NUMBER() OVER (PARTITION BY libro, falta ORDER BY k) > 1 THEN NULL
         WHEN falta = 'sobre_limite' AND (SUM(CASE WHEN falta = 'sobre_limite' THEN 1 ELSE 0 END) OVER (ORDER BY op)
           > 6)
           THEN NULL
         ELSE falta END AS falta)
FROM prestadas p) q) r) y) x) w
"""

ASIDE = """
CREATE OR REPLACE TEMP TABLE partes AS
WITH origenes AS (SELECT op, libro, casa, sujeto_id, m, candidatas FROM ops WHERE prorratea),
elegidas AS (
  SELECT o.op, o.libro AS origen, o.sujeto_id, o.m, i = 2 AND d(o.op, 118, 10) = 0 AS ajena, CASE WHEN ajena THEN
         x.contabilidad_id ELSE l.contabilidad_id END AS libro, l.columna, CASE WHEN ajena THEN x.tope ELSE l.tope END
  AS
         tope, i
  FROM (SELECT *, UNNEST(generate_series(0, 2 + d(op, 14, 5))) AS i FROM origenes) o
  CROSS JOIN (SELECT MIN(contabilidad_id) AS contabilidad_id, arg_min(tope, contabilidad_id) AS tope FROM libros WHERE
    independiente) x
  INNER JOIN libros l ON l.casa = o.casa AND l.clase = 'candidatura' AND l.place = (d(o.op, 15, o.candidatas) + o.i)
    % o.candidatas),
repartidas AS (
  SELECT e.*, CAST(CAST(m AS HUGEINT) * tope // SUM(tope) OVER (PARTITION BY op) AS BIGINT) AS justa FROM elegidas e),
dudosas AS (
  SELECT r.*, i < 2 AND u(op, 17) < 0.1 AND MIN(justa) OVER (PARTITION BY op) > 1000 AS torcida FROM repartidas r)
SELECT t.* EXCLUDE (justa), justa + CASE WHEN NOT torcida THEN 0 WHEN i = 0 THEN 1000 ELSE -1000 END AS parte
FROM dudosas t;
CREATE OR REPLACE TEMP TABLE traspasos AS
WITH faltan AS (SELECT libro, SUM(CASE WHEN kind = 'gasto' THEN m ELSE 0 END) AS paga,
                       SUM(CASE WHEN kind = 'transferencia' THEN 1 ELSE 0 END) AS veces FROM ops GROUP BY libro)
SELECT o.op, o.libro, o.concentradora, o.casa, o.dia, o.reg, o.falta,
       CAST(CASE WHEN o.k = 1 THEN f.paga - f.paga // (2 * f.veces) * (f.veces - 1) + 100000 ELSE f.paga // (2 *
         f.veces) + 100 END
         AS BIGINT) AS m
FROM ops o INNER JOIN faltan f ON f.libro = o.libro WHERE o.kind = 'transferencia';
CREATE OR REPLACE TEMP TABLE publicos AS
SELECT o.op, CAST(COALESCE(SUM(t.m), 0) + MIN(g.paga) + 5000000 AS BIGINT) AS m
FROM ops o INNER JOIN (SELECT libro, SUM(CASE WHEN kind = 'gasto' THEN m ELSE 0 END) AS paga FROM ops GROUP BY
  libro) g ON g.libro = o.libro
LEFT JOIN traspasos t ON t.concentradora = o.libro WHERE o.kind = 'publico' GROUP BY o.op;
"""
