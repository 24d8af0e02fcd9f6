"""Name in SQL what resembles a fault and is none: reversals, coalitions, transfers, two stages, limits just kept.

A rule that finds one of these accuses an innocent. They are told apart from the answer key, by rule and kind.
"""

from sif.simulation import evidence_sql
from sif.simulation.seen import OUT_OF_AGENDA

WITHOUT: dict[str, str] = {}
"""Rules that plant faults and have nothing that resembles them, with why."""

SAMPLED = 20
"""Of the look-alikes that abound, one in this many is written down."""

OF_BOOKS = f"""
SELECT 'BA002' AS regla, 'cuenta_bancaria_id=' || contabilidad_id AS clave, contabilidad_id, 'avisada_a_tiempo' AS
  especie FROM libros WHERE d(contabilidad_id, 86, 120) <> 0
UNION ALL SELECT 'CA002', 'casa_id=' || contabilidad_id, contabilidad_id, 'con_importe' FROM libros WHERE clase =
  'candidatura' AND d(contabilidad_id, 90, 150) <> 0
UNION ALL SELECT 'AG001', 'evento_id=' || evento_id, contabilidad_id, 'menor_antelacion' FROM actos WHERE
  d(evento_id, 87, 150) > 1 AND d(evento_id, 81, 3) = 0
UNION ALL SELECT 'AG002', 'evento_id=' || evento_id, contabilidad_id, CASE WHEN d(evento_id, 88, 250) > 0 THEN
  'con_lugar' WHEN visita = 'vista' THEN 'visto_sin_lugar' ELSE 'cancelado_sin_lugar' END FROM actos WHERE
  (d(evento_id, 88, 250) = 0 AND (d(evento_id, 95, 60) < 2 OR visita = 'vista')) OR d(evento_id, 88, 250) = 1
UNION ALL SELECT v.regla, 'contabilidad_id=' || contabilidad_id || ';cuenta=' || v.cuenta ||
  ';auxiliar_tipo=persona;auxiliar_id=' || (90000000 + contabilidad_id) || ';poliza_id=' || (-contabilidad_id),
  contabilidad_id, 'un_ano_justo' FROM libros, (VALUES
  ('SA001', '1-1-04-01-0000', 93), ('SA002', '2-1-02-01-0000', 94)) v(regla, cuenta, s) WHERE clase =
  'concentradora' AND d(contabilidad_id, v.s, 4) = 1
UNION ALL SELECT 'AG003', 'cambio_id=' || evento_id, contabilidad_id, 'en_la_ultima_hora' FROM actos WHERE
  d(evento_id, 95, 60) = 1
UNION ALL SELECT v.regla, 'visita_id=' || evento_id, contabilidad_id, v.especie FROM actos INNER JOIN
  (VALUES ('vista', 'AG005', 'en_la_agenda'), ('vista', 'AG006', 'sin_gasto_visto'), ('suelta', 'AG006',
  'sin_gasto_visto'), ('onerosa', 'AG005', 'en_la_agenda'), ('onerosa', 'AG006', 'onerosa_y_en_libros')) v(visita,
  regla,
  especie) ON v.visita = actos.visita
UNION ALL SELECT v.regla, 'visita_id=' || evento_id, contabilidad_id, 'otra_acta_del_dia' FROM {OUT_OF_AGENDA} a,
  (VALUES ('AG005', 'suelta'), ('AG005', 'suelta_con_gasto'), ('AG006', 'suelta_con_gasto')) v(regla, visita)
  WHERE a.visita = v.visita AND lugar > 1
UNION ALL SELECT 'BA001', 'cuenta_cnbv_id=' || contabilidad_id, contabilidad_id, CASE d(contabilidad_id, 97, 90) WHEN 1
  THEN 'cuenta_reportada' ELSE 'en_otra_etapa' END FROM libros WHERE d(contabilidad_id, 97, 90) IN (1, 2)
UNION ALL SELECT 'BA003', 'cuenta_bancaria_id=' || (2000000 + contabilidad_id), contabilidad_id, 'concentradora'
  FROM libros WHERE clase = 'concentradora'
UNION ALL SELECT 'BA004', 'linea_id=' || (contabilidad_id * 4 + v.n), contabilidad_id, v.especie FROM libros, (VALUES
  (1, 'conciliada'), (2, 'explicada')) v(n, especie) WHERE clase = 'concentradora'
UNION ALL SELECT 'BA004', 'linea_id=' || (contabilidad_id * 4 + 3), contabilidad_id, 'pago_de_un_recibo' FROM libros
  WHERE clase = 'concentradora' AND d(contabilidad_id, 103, 3) = 0
UNION ALL SELECT 'BA006', 'estado_id=' || contabilidad_id, contabilidad_id, 'en_ceros' FROM libros WHERE clase =
  'concentradora' AND d(contabilidad_id, 100, 4) <> 0
UNION ALL SELECT 'AG006', 'visita_id=' || -evento_id, contabilidad_id, 'segunda_visita' FROM actos WHERE visita =
  'gratuita'
UNION ALL SELECT 'CA001', 'casa_vista_id=' || contabilidad_id, contabilidad_id, 'hasta_el_ultimo_dia' FROM libros
  WHERE clase = 'candidatura' AND d(contabilidad_id, 101, 90) = 1
UNION ALL SELECT v.regla, v.llave || '=' || (contabilidad_id * 8 + v.n), contabilidad_id, v.especie FROM libros,
  (VALUES ('CE001', 'cep_id', 2, 'gratuito_y_firmado'), ('CE002', 'cep_id', 1, 'gratuito'), ('CE002', 'cep_id', 4,
  'cancelado'), ('CE003', 'cep_id', 5, 'en_el_limite'), ('CE003', 'cep_id', 4, 'cancelado'),
  ('CE003', 'cep_id', 0, 'otro_dia'), ('CE003', 'cep_id', 6, 'la_misma_persona_hasta_el_limite'), ('CE004',
  'representante_id', 2, 'con_recibo'), ('CE004', 'representante_id', 3, 'misma_persona')) v(regla, llave, n, especie)
  WHERE clase = 'concentradora' AND d(contabilidad_id, 102, 3) = 0
UNION ALL SELECT 'CE003', 'cep_id=' || (contabilidad_id * 8 + v.n), contabilidad_id, v.especie FROM libros, (VALUES
  (1, 'independiente_local'), (2, 'independiente_con_cheque')) v(n, especie)
  WHERE clase = 'candidatura' AND independiente AND (v.n = 2 OR entidad IS NOT NULL)
UNION ALL SELECT 'CE002', 'cep_id=' || (contabilidad_id * 8 + 2), contabilidad_id, 'por_registrarse' FROM libros WHERE
  clase = 'candidatura' AND independiente
UNION ALL SELECT v.regla, 'recibo_id=' || (contabilidad_id * 4 + v.n), contabilidad_id, v.especie FROM libros, (VALUES
  ('RP001', 1, 'en_el_limite'), ('RP001', 2, 'cancelado'), ('RP002', 2, 'cancelado'), ('RP002', 0,
  'por_registrarse')) v(regla, n, especie)
  WHERE clase = 'concentradora' AND d(contabilidad_id, 103, 3) = 0
UNION ALL SELECT v.regla, v.llave || '=' || CASE v.llave WHEN 'articulo_id' THEN contabilidad_id ELSE contabilidad_id *
  2 + 1 END, contabilidad_id, v.especie FROM libros, (VALUES ('IV001', 'inventario_id', 2, 'vacia_la_existencia'),
  ('IV001', 'inventario_id', 3, 'vacia_la_existencia'), ('IV002', 'articulo_id', 2, 'agotado'), ('IV002',
  'articulo_id', 3, 'agotado'), ('IV003', 'inventario_id', 3, 'con_destino'), ('IV003', 'inventario_id', 1,
  'destino_en_palabras')) v(regla, llave, cual, especie) WHERE
  clase = 'candidatura' AND d(contabilidad_id, 104, 20) = 0 AND d(contabilidad_id, 105, 4) = v.cual
UNION ALL SELECT 'BA007', 'estado_id=' || (4000000 + contabilidad_id), contabilidad_id, CASE WHEN d(contabilidad_id,
  111,
  12) = 0 THEN 'conciliado' WHEN d(contabilidad_id, 121, 40) = 0 THEN 'sin_conciliar' ELSE 'treinta_dias_justos' END
  FROM libros WHERE d(contabilidad_id, 111, 12) = 0 OR d(contabilidad_id, 121, 40) < 2
UNION ALL SELECT 'TE002', 'anuncio_id=' || contabilidad_id, contabilidad_id, 'igual_a_lo_reportado' FROM libros WHERE
  clase
  = 'candidatura' AND d(contabilidad_id, 120, 40) = 1
UNION ALL SELECT 'SN001', 'contabilidad_id=' || contabilidad_id, contabilidad_id, CASE WHEN otro_cargo THEN
  'la_misma_en_otro_cargo' ELSE 'la_otra_se_cancelo' END FROM libros WHERE clase = 'candidatura' AND persona <>
  contabilidad_id AND NOT repetida AND NOT en_dos_cargos
UNION ALL SELECT 'TE001', 'testigo_id=' || contabilidad_id, contabilidad_id, 'reportado' FROM libros WHERE clase =
  'candidatura' AND d(contabilidad_id, 106, 40) = 1
"""

OF_SLICE = f"""
WITH vivas AS (SELECT * FROM entradas WHERE sub = 0),
usos AS (SELECT e.*, c.cfdi_id, o.reparte_factura, o.cola, o.sin_reposicion, o.revertida AS vuelta FROM entradas e
  INNER JOIN comprado c ON c.op = e.op INNER JOIN ops o ON o.op = e.op WHERE e.kind = 'gasto'),
facturas AS (
  SELECT u.*, 'cfdi_id=' || cfdi_id || ';poliza_id=' || poliza_id AS clave, CASE WHEN sub = 2 THEN
    'registrada_otra_vez' WHEN vuelta THEN 'reversada' WHEN cola OR reparte_factura THEN 'repartida_en_dos' END AS
    especie FROM usos u),
reversiones AS (SELECT * FROM entradas WHERE sub = 1),
dadas AS (SELECT d.*, v.m AS monto FROM dado d INNER JOIN vivas v ON v.op = d.op),
gastos AS (SELECT contabilidad_id, CAST(SUM(cargo - abono) AS BIGINT) AS gasto FROM renglones WHERE cuenta[1:3] =
  '5-5' GROUP BY contabilidad_id)
SELECT v.regla, 'poliza_id=' || poliza_id AS clave, libro AS contabilidad_id, 'reversion' AS especie FROM reversiones,
  (VALUES ('EV001'), ('EV004'), ('LI001'), ('CF002'), ('CF006')) v(regla) WHERE v.regla <> 'EV004' OR con_muestra
UNION ALL SELECT 'CF001', 'poliza_id=' || poliza_id || ';cfdi_id=0', libro, 'reversion' FROM reversiones
UNION ALL SELECT 'RE001', 'poliza_id=' || poliza_id, libro, CASE WHEN sub = 2 THEN 'registrada_otra_vez' WHEN kind =
  'reclasificacion' THEN 'reclasificacion_tardia' ELSE 'el_ultimo_dia' END FROM entradas WHERE sub = 2 OR (sub = 0 AND
  kind = 'reclasificacion' AND reg > dia + 3) OR (sub = 0 AND kind = 'gasto' AND falta IS NULL AND reg = dia + 3)
UNION ALL SELECT 'RE003', 'poliza_id=' || poliza_id, libro, 'el_mismo_dia' FROM vivas WHERE falta IS NULL AND reg = dia
  AND d(op, 200, {SAMPLED}) = 0
UNION ALL SELECT 'RE004', 'poliza_id=' || e.poliza_id, e.libro, CASE WHEN e.reg > DATE '2024-05-20' THEN 'reversion'
  ELSE 'antes_de_cancelarse' END FROM entradas e INNER JOIN libros l ON l.contabilidad_id = e.libro WHERE l.sin_efecto
  AND (e.reg <= DATE '2024-05-20' OR e.sub = 1)
UNION ALL SELECT v.regla, v.llave || poliza_id || v.resto, libro, 'prorrateo' FROM entradas, (VALUES ('EV001',
  'poliza_id=', ''), ('CF001', 'poliza_id=', ';cfdi_id=0')) v(regla, llave, resto) WHERE kind = 'beneficio'
UNION ALL SELECT 'EV001', 'poliza_id=' || poliza_id, libro, 'transferencia' FROM entradas WHERE kind = 'salida' AND
  d(op, 200, {SAMPLED}) = 0
UNION ALL SELECT 'EV003', 'evidencia_id=' || (poliza_id * 8 + 3), libro, 'registrada_otra_vez' FROM entradas WHERE
  sub = 2 AND con_muestra
UNION ALL SELECT 'FO001', 'poliza_id=' || poliza_id, libro, 'otra_serie' FROM entradas WHERE tipo = 'correccion' AND
  orden = 1 AND cuantas > 1
UNION ALL SELECT DISTINCT 'LI002', 'contabilidad_id=' || libro || ';cuenta=2-1-01-01-0000', libro, 'acreedora_en_ceros'
  FROM vivas WHERE kind = 'gasto' AND falta IS NULL
UNION ALL SELECT v.regla, clave, libro, especie FROM facturas, (VALUES ('CF003', ['reversada', 'registrada_otra_vez']),
  ('CF007', ['repartida_en_dos']), ('CF009', ['reversada']), ('CF010', ['repartida_en_dos', 'registrada_otra_vez']),
  ('CF011', ['reversada', 'registrada_otra_vez', 'repartida_en_dos']), ('CF012', ['reversada', 'registrada_otra_vez']))
  v(regla, especies) WHERE list_contains(v.especies, especie)
UNION ALL SELECT 'CF006', 'poliza_id=' || poliza_id, libro, especie FROM facturas WHERE especie = 'repartida_en_dos'
UNION ALL SELECT 'VA001', 'cfdi_id=' || cfdi_id || ';linea=1;poliza_id=' || poliza_id, libro, especie FROM facturas
  WHERE especie IN ('registrada_otra_vez', 'repartida_en_dos')
UNION ALL SELECT v.regla, clave, libro, v.especie FROM facturas INNER JOIN (VALUES ('CF004', 'precio_alto', 109,
  'no_hallada_y_luego_si'), ('CF005', 'sin_rnp', 108, 'desvirtuado'), ('CF008', 'sin_pdf', 110, 'pagada_en_dos'))
  v(regla, falta, s, especie) ON v.falta = facturas.falta WHERE d(op, v.s, 2) = 1
UNION ALL SELECT 'CF009', clave, libro, 'sello_sin_verificar' FROM facturas WHERE falta = 'sin_xml'
UNION ALL SELECT 'PR002', clave, libro, 'contrato_por_todo' FROM facturas WHERE falta = 'sin_rnp'
UNION ALL SELECT 'PR001', 'contrato_id=' || contrato_id, contabilidad_id, 'con_registro' FROM contratos k INNER JOIN ops
  o ON o.op = k.contrato_id // 3 WHERE o.falta IS NULL
UNION ALL SELECT 'CO001', 'contrato_id=' || contrato_id, contabilidad_id, 'avisado_a_tiempo' FROM contratos WHERE
  d(contrato_id, 89, 50) <> 0
UNION ALL SELECT 'PA001', 'pago_id=' || pago_id, contabilidad_id, CASE g.medio WHEN 'efectivo' THEN
  'en_efectivo_bajo_el_limite' ELSE 'por_banco' END FROM pagos g INNER JOIN vivas v ON v.poliza_id = g.poliza_id WHERE
  (v.falta = 'efectivo_partido' AND pago_id % 10 = 1) OR (g.medio <> 'efectivo' AND g.monto > {{efectivo}} AND
  d(v.op, 200, {SAMPLED}) = 0)
UNION ALL SELECT 'PA002', 'pago_id=' || g.pago_id, g.contabilidad_id, 'independiente_local' FROM pagos g INNER JOIN
  vivas v ON v.poliza_id = g.poliza_id INNER JOIN libros l ON l.contabilidad_id = v.libro WHERE v.kind = 'gasto' AND
  v.falta = 'efectivo_independiente' AND l.entidad IS NOT NULL
UNION ALL SELECT 'PA002', 'pago_id=' || pago_id, contabilidad_id, 'en_efectivo_de_partido' FROM pagos g INNER JOIN vivas
  v ON v.poliza_id = g.poliza_id WHERE g.medio = 'efectivo' AND v.falta IS NULL AND d(v.op, 200, {SAMPLED}) = 0
UNION ALL SELECT v.regla, 'aportacion_id=' || op, libro, v.especie FROM dadas INNER JOIN (VALUES ('AP001',
  'especie_sin_factura', 'en_especie'), ('AP002', 'efectivo', 'en_efectivo'), ('AP005', 'sin_nombre',
  'con_clave_y_sin_nombre'), ('AP012', 'especie_sin_factura',
  'todo_lo_declarado')) v(regla, falta, especie) ON v.falta = dadas.falta
UNION ALL SELECT 'AP002', 'aportacion_id=' || op, libro, 'con_contrato' FROM dadas WHERE falta = 'especie_sin_factura'
  AND op % 2 = 1
UNION ALL SELECT 'AP001', 'aportacion_id=' || op, libro, 'en_efectivo_bajo_el_limite' FROM dadas WHERE medio =
  'efectivo' AND falta IS NULL
UNION ALL SELECT 'AP010', 'aportacion_id=' || op, libro, CASE d(op, 131, 2) WHEN 0 THEN 'servicio_publico' ELSE
  'dejo_de_estar_impedida' END FROM dadas WHERE falta = 'sin_nombre'
UNION ALL SELECT 'AP012', 'aportacion_id=' || op, libro, 'declara_mas' FROM dadas d WHERE {{declara}}
UNION ALL SELECT 'AP011', 'aportacion_id=' || op, libro, CASE falta WHEN 'sin_nombre' THEN 'deposito_un_dia_antes' ELSE
  'en_especie' END FROM dadas WHERE falta = 'sin_nombre' OR (falta = 'folio_repetido' AND medio = 'especie')
UNION ALL SELECT 'AP003', 'aportacion_id=' || op, libro, 'bajo_el_limite' FROM (SELECT op, libro, SUM(monto) OVER
  (PARTITION BY persona ORDER BY dia, op) AS acumulado FROM dadas WHERE persona IS NOT NULL AND {{federal}}) WHERE
  acumulado <= {{individual}}
UNION ALL SELECT 'AP003', 'aportacion_id=' || op, libro, 'en_lo_local' FROM dadas WHERE (persona IS NOT NULL OR falta =
  'no_milita') AND NOT ({{federal}})
UNION ALL SELECT 'AP003', 'aportacion_id=' || op, libro, 'anulada_en_otra_etapa' FROM dadas d WHERE {{otra_etapa}}
UNION ALL SELECT 'AP006', 'aportacion_id=' || op, libro, 'en_efectivo_a_partido' FROM dadas WHERE medio = 'efectivo' AND
  falta IS NULL AND d(op, 200, {SAMPLED}) = 0
UNION ALL SELECT 'AP013', 'aportante_id=' || op, libro, 'otro_nombre_en_otro_sujeto' FROM (SELECT op, libro, COUNT(*)
  OVER (PARTITION BY persona) AS todos, COUNT(*) OVER (PARTITION BY persona, sujeto_id) AS suyos FROM dadas WHERE
  persona IS NOT NULL) WHERE todos > 1 AND suyos = 1
UNION ALL SELECT DISTINCT 'AP013', 'aportante_id=' || aportante_id, libro, 'da_dos_veces' FROM dadas WHERE aportante_id
  <> op
UNION ALL SELECT 'FO002', 'aportacion_id=' || op, libro, 'otra_serie' FROM dadas WHERE folio = '1' AND falta IS NULL
UNION ALL SELECT 'TR001', 'lado_id=' || (op * 2 + v.lado), CASE v.lado WHEN 0 THEN concentradora ELSE libro END,
  'con_su_espejo' FROM traspasos t, (VALUES (0), (1)) v(lado) WHERE falta IS NULL AND NOT ({{de_otra_etapa}}) AND
  d(op, 200, {SAMPLED}) = 0
UNION ALL SELECT 'TR001', 'lado_id=' || (op * 2 + 1), libro, 'espejo_en_otra_etapa' FROM traspasos t WHERE
  {{de_otra_etapa}}
UNION ALL SELECT 'TR001', 'lado_id=' || (-1 - op), concentradora, 'salida_a_otra_etapa' FROM traspasos t WHERE
  {{de_otra_etapa}}
UNION ALL SELECT 'BA004', 'linea_id=' || (-1 - op), libro, 'deposito_de_una_transferencia' FROM traspasos t WHERE
  {{depositada}}
UNION ALL SELECT 'TO001', 'contabilidad_id=' || contabilidad_id, contabilidad_id, CASE WHEN gasto + determinado = tope
  THEN
  'justo_el_tope' ELSE 'bajo_el_tope' END FROM decididas WHERE gasto * 2 > tope AND gasto + determinado <= tope
UNION ALL SELECT 'TO002', 'contabilidad_id=' || contabilidad_id, contabilidad_id, CASE cual WHEN 1 THEN
  'un_centavo_bajo_la_nulidad' WHEN 2 THEN 'margen_del_cinco_por_ciento' ELSE 'justo_el_tope' END FROM decididas WHERE
  cual
  IN (1, 2, 3) AND (cual = 2 OR (gasto + determinado - tope) * 10000 < tope * {{nulidad}})
UNION ALL SELECT v.regla, 'aportacion_id=' || op, libro, v.especie FROM dadas, (VALUES ('AP003',
  'militante_del_padron'),
  ('AP014', 'afiliada_ese_dia')) v(regla, especie) WHERE falta = 'milita'
UNION ALL SELECT 'AP015', 'aportacion_id=' || op, libro, 'candidatura_registrada' FROM dadas WHERE calidad =
  'candidatura' AND falta IS NULL AND op NOT IN (SELECT op FROM no_contienden) AND d(op, 200, {SAMPLED}) = 0
UNION ALL SELECT 'TE003', 'pauta_id=' || libro, libro, 'con_produccion' FROM vivas WHERE kind = 'gasto' AND falta IS
  NULL
  AND NOT revertida AND d(libro, 107, 40) = 1 AND libro IN (SELECT contabilidad_id FROM libros WHERE clase =
  'candidatura')
  GROUP BY libro
UNION ALL SELECT 'RE002', 'poliza_id=' || poliza_id, libro, 'el_ultimo_dia' FROM vivas WHERE dia = DATE '2024-03-31' AND
  lugar = 0
UNION ALL SELECT 'CF013', 'cfdi_id=' || v.cfdi_id || ';poliza_id=' || v.poliza_id, v.libro, 'el_que_consta' FROM usos
  v WHERE
  sub = 0 AND v.op IN (SELECT folio_de FROM comprado)
UNION ALL SELECT 'PA003', 'pago_id=' || pago_id, contabilidad_id, CASE WHEN e.sub = 2 THEN 'registrada_otra_vez' WHEN
  {evidence_sql.IN_TWO} THEN 'entre_dos_contratos' WHEN {evidence_sql.UNDER} THEN
  'uno_menos' ELSE 'hasta_lo_contratado' END FROM pagos g INNER JOIN entradas e ON
  e.poliza_id = g.poliza_id INNER JOIN comprado c ON c.op = e.op WHERE g.proveedor_id IS NOT NULL AND c.contratada AND
  c.falta IS NULL AND (e.sub = 2 OR NOT e.revertida)
UNION ALL SELECT 'PA003', 'pago_id=' || (op * 10), libro, 'cuenta_que_no_pide_contrato' FROM usos WHERE falta =
  'sin_rnp_sumados' AND sub = 0 AND m > 20000000
UNION ALL SELECT 'VA002', 'cfdi_id=' || cfdi_id || ';linea=2;poliza_id=' || poliza_id, libro, 'justo_el_doble' FROM
  usos WHERE
  falta = 'disperso'
UNION ALL SELECT 'EV002', 'poliza_id=' || v.poliza_id || ';clase=contrato', v.libro, 'anulado_y_cargado_otra_vez' FROM
  vivas v
  INNER JOIN dado d ON d.op = v.op WHERE {evidence_sql.VOIDED}
UNION ALL SELECT 'AP007', 'aportacion_id=' || op, libro, CASE WHEN {{federal}} THEN 'justo_el_limite' ELSE
  'de_eleccion_local' END FROM dadas WHERE falta = 'sobre_tope' AND (libro % 3 = 1 OR NOT ({{federal}}))
UNION ALL SELECT 'PO002', 'prorrateo_id=' || op || ';contabilidad_id=' || libro, libro, 'de_la_misma_casa' FROM partes
  WHERE
  i = 0
UNION ALL SELECT 'PO003', 'prorrateo_id=' || op, origen, 'residuo_de_ley' FROM partes WHERE i = 0 AND d(op, 115, 10) > 0
UNION ALL SELECT 'PO004', 'prorrateo_id=' || op || ';contabilidad_id=' || libro, libro, 'nombra_a_varias' FROM
  partes WHERE i = 0 AND d(op, 116, 10) = 1
UNION ALL SELECT 'BA005', 'movimiento_id=' || r.movimiento_id, r.contabilidad_id, CASE WHEN o.revertida AND e.sub < 2
  THEN
  'revertida' ELSE 'en_la_espera' END FROM renglones r INNER JOIN entradas e ON e.poliza_id = r.poliza_id INNER JOIN
  ops o ON
  o.op = e.op WHERE r.auxiliar_tipo = 'cuenta_bancaria' AND d(r.contabilidad_id, 111, 12) = 0 AND (r.fecha_operacion =
  DATE
  '2024-05-26' OR (r.fecha_operacion = DATE '2024-05-25' AND o.revertida AND e.sub < 2))
UNION ALL SELECT 'PO001', 'prorrateo_id=' || op || ';contabilidad_id=' || libro, libro, 'bien_repartido' FROM partes
  WHERE op NOT IN (SELECT op FROM partes WHERE torcida)
UNION ALL SELECT DISTINCT 'IN001', 'contabilidad_id=' || libro || ';periodo_id=' || (libro * 4 + lugar), libro,
  'el_ultimo_dia' FROM entradas WHERE lugar < 3 AND d(libro * 4 + lugar, 91, 150) > 1 AND d(libro, 200, {SAMPLED}) = 0
UNION ALL SELECT 'AG004', 'evento_id=' || a.evento_id, a.contabilidad_id, CASE WHEN d(a.evento_id, 95, 60) < 2 THEN
  'cancelado' ELSE 'con_gasto' END FROM actos a INNER JOIN libros l ON l.contabilidad_id = a.contabilidad_id INNER JOIN
  gastos g ON g.contabilidad_id = a.contabilidad_id WHERE l.slice = {{slice}} AND d(a.evento_id, 82, 3) = 0 AND
  g.gasto > 0
"""

# A gift of a coalition counts to each member: it is innocent of whoever is under its limit.
LIMITS = f"""
SELECT v.regla, 'aportacion_id=' || aportacion_id || ';partido_id=' || partido AS clave, contabilidad_id, CASE WHEN
  ley_local THEN 'local_de_un_nacional' WHEN limite = acumulado THEN 'en_el_limite' WHEN limite - acumulado = 1 THEN
  'uno_menos' WHEN veces > 1 THEN 'de_coalicion' ELSE 'bajo_el_limite' END AS especie FROM (
  SELECT 'AP004' AS regla, *, COUNT(*) OVER (PARTITION BY aportacion_id) AS veces FROM (SELECT aportacion_id, partido,
    contabilidad_id, acumulado, limite, FALSE AS ley_local FROM bolsas WHERE NOT independiente)
  UNION ALL SELECT 'AP008', aportacion_id, partido, contabilidad_id, acumulado, limite, ley_local, COUNT(*) OVER
    (PARTITION BY aportacion_id) FROM militantes) v
WHERE (ley_local AND d(aportacion_id, 200, {SAMPLED}) = 0) OR acumulado <= limite AND (veces > 1 OR limite -
  acumulado <= 1 OR d(aportacion_id, 200, {SAMPLED}) = 0)
UNION ALL SELECT 'AP008', 'aportacion_id=' || aportacion_id || ';partido_id=' || partido, contabilidad_id,
  'milita_en_otro_de_la_coalicion' FROM partes WHERE de_otro AND d(aportacion_id, 200, {SAMPLED}) = 0
"""

OF_FUNDS = """SELECT 'RM001' AS regla, llave AS clave, contabilidad_id, CASE sujeto_id WHEN 3 THEN
  'gastado_en_la_coalicion' ELSE
  'gastado' END AS especie FROM fondos WHERE monto <= gasto
UNION ALL SELECT 'DE003', llave, contabilidad_id, 'justo_la_mitad' FROM fondos WHERE sujeto_id = 7"""
