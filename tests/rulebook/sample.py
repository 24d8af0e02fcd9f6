"""A whole small rule, good for taking apart."""

SAMPLE = """\
id: EX001
title: Registro extemporáneo de operaciones
severity: sustantiva
applies_to: [ordinario, campana]
since: 2014-12-19
reach: contabilidad
basis:
  - article: RF 38.1
    says: "Registrar en tiempo real, hasta tres días después de su realización."
    status: por confirmar
parameters:
  plazo: {unit: días naturales, values: [[2014-12-19, 2020-01-01, 3], [2020-01-01, null, 5]], basis: RF 38.1}
key: [poliza_id]
day: fecha_operacion
universe: SELECT COUNT(*) FROM polizas
query: |
  SELECT p.contabilidad_id, p.poliza_id, p.referencia, p.fecha_operacion, n.neto AS monto,
         DATE_DIFF('day', p.fecha_operacion, p.fecha_registro) AS dias, t.valor AS plazo,
         CASE WHEN p.revierte_a IS NOT NULL OR n.neto = 0 THEN 'revertida'
              WHEN DATE_DIFF('day', p.fecha_operacion, p.fecha_registro) > t.valor THEN 'extemporanea'
              ELSE 'en_tiempo' END AS resultado
  FROM polizas p
  LEFT JOIN polizas_netas n ON n.poliza_id = p.poliza_id
  LEFT JOIN p_plazo t ON p.fecha_operacion >= t.desde AND p.fecha_operacion < t.hasta
outcomes:
  extemporanea:
    state: hallazgo
    says: "La póliza {referencia}, de {monto}, se registró {dias} días después del {fecha_operacion}."
    asks: "Exponga lo que a su derecho convenga."
    sanction: registro_extemporaneo
  en_tiempo: {state: cumple}
  revertida: {state: no_aplica, says: "La operación se anuló y no subsiste."}
doubts:
  - {since: 2026-11-24, text: "Si cuentan los días inhábiles."}
cases:
  - name: el filo de cada lapso, y lo revertido sale neto
    given:
      polizas: |
        poliza_id | contabilidad_id | fecha_operacion | fecha_registro | total  | revierte_a
        1         | 7               | 2019-12-31      | 2020-01-03     | 50000  |
        2         | 7               | 2019-12-31      | 2020-01-04     | 60000  |
        3         | 7               | 2020-01-01      | 2020-01-06     | 70000  |
        4         | 8               | 2020-01-01      | 2020-01-07     | 90000  |
        5         | 8               | 2020-01-09      | 2020-01-09     | -40000 | 4
        6         | 8               |                 | 2020-01-09     | 100    |
        7         | 8               | 2014-12-18      | 2020-01-09     | 100    |
    expect: |
      poliza_id | resultado         | monto
      1         | en_tiempo         | 50000
      2         | extemporanea      | 60000
      3         | en_tiempo         | 70000
      4         | extemporanea      | 50000
      5         | revertida         | -40000
      6         | sin_fecha         | 100
      7         | fuera_de_vigencia | 100
"""
