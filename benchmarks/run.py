"""Measures what the project promises and writes it down: medians of several runs, in JSON and as a page."""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5


def measure(times: int, work: Callable[[], int]) -> float:
    """Median of units of work a second, over several runs."""
    rates = []
    for _ in range(times):
        began = time.perf_counter()
        units = work()
        rates.append(units / (time.perf_counter() - began))
    return statistics.median(rates)


def cfdi_rates() -> dict[str, float]:
    """Invoices written and read a second, one core, in memory: parse, seal, certificate and complement."""
    from sif.cfdi import read, trust
    from sif.cfdi.document import ComplementoIne, EntidadIne
    from sif.cfdi.write import Contribuyente, Factura, Linea, Sealer, build_cfdi
    from sif.demo.keys import Names
    from sif.signing.minting import mint_authority, mint_csd
    from sif.values import Money

    authority = mint_authority()
    name, rfc = Names(Random(1)).company()  # noqa: S311 - invented names
    seal = Sealer.open(*mint_csd(authority, rfc, "", name, date(2025, 1, 1), date(2030, 1, 1)))
    ine = ComplementoIne("1.1", "Campaña", "", None, (EntidadIne("MEX", "Local", (41201,)),))

    def invoice(number: int) -> bytes:
        factura = Factura(
            uuid=f"AAAAAAAA-0000-4000-8000-{number:012X}",
            serie="A",
            folio=str(number),
            fecha=datetime(2026, 4, 10, 12, tzinfo=UTC),
            emisor=Contribuyente(rfc, name),
            receptor=Contribuyente(rfc, name, "603"),
            lineas=(Linea("Playera", 1000, Money(1_000_00 + number), "53101800"),),
            ine=ine,
        )
        return build_cfdi(factura, seal, seal)

    files = [invoice(number) for number in range(1000)]
    believed = trust((authority.authority,))

    def write() -> int:
        for number in range(300):
            invoice(number)
        return 300

    def take() -> int:
        for data in files:
            if read(data, "x.xml", believed).sello != "valido":
                raise AssertionError("una factura sellada aquí no se verificó")
        return len(files)

    return {"cfdi_escritos_por_s": measure(RUNS, write), "cfdi_leidos_y_verificados_por_s": measure(RUNS, take)}


def rule_rates() -> dict[str, float]:
    """Seconds to read and prove the whole rulebook."""
    from sif.audit.cases import check_rule
    from sif.rulebook.reading import load_rules, rule_paths

    began = time.perf_counter()
    count = len(load_rules("mx"))
    read_s = time.perf_counter() - began
    began = time.perf_counter()
    for path in rule_paths("mx"):
        if check_rule(path):
            raise AssertionError(f"{path.stem} no pasa sus casos")
    return {"reglas": float(count), "leer_reglas_s": read_s, "probar_reglas_s": time.perf_counter() - began}


def demo_seconds(folder: Path) -> dict[str, float]:
    """Seconds of the whole demonstration in a new folder, as a person runs it, without the server."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DATABASE_")}
    environment["SIF_DATOS"] = str(folder / "demo")
    began = time.perf_counter()
    command = [str(Path(sys.executable).parent / "sif"), "demo", "--sin-servidor", "--json"]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE)
    return {"demo_completa_s": time.perf_counter() - began}


def machine() -> str:
    """What machine this is, in a line."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _cpuinfo() if line.startswith("model name")), platform.processor()
    )
    return f"{os.cpu_count()} núcleos, {model}, {platform.system()}, Python {platform.python_version()}"


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


SCRIPTS = (
    "lotes.py",
    "books.py",
    "bancos.py",
    "cfdi.py",
    "auditoria.py",
    "identidad.py",
    "registro.py",
    "obligaciones.py",
    "firma.py",
    "paginas.py",
)
"""Measures that need a process of their own; each prints them as JSON."""

GOALS = {
    "registro_csv_polizas_por_s": "5,000 o más",
    "registro_csv_memoria_mb": "menos de 1,024",
    "lote_directo_polizas_por_s": "5,000 o más",
    "lote_memoria_mb": "menos de 1,024",
    "lote_con_vista_previa_memoria_mb": "menos de 1,024",
    "registrar_4_lineas_20_personas_p95_ms": "menos de 150",
    "pagina_tablero_120_p95_ms": "menos de 300",
    "revision_previa_2000_polizas_s": "menos de 1",
    "cfdi_comprobados_por_s": "2,500 o más",
    "cfdi_comprobados_veces_python_satcfdi": "3 o más",
    "cfdi_bandeja_por_s": "400 o más",
    "verificar_s": "30 o menos",
    "auditar_10m_s": "120 o menos",
    "auditar_10m_memoria_mb": "menos de 6,144",
    "congelar_1m_s": "60 o menos",
    "repetir_hallazgo_1m_peor_s": "2 o menos",
    "revisar_poliza_al_capturar_por_s": "20,000 o más",
    "auditar_veces_postgresql": "8 o más",
    "auditar_veces_duckdb_a_mano": "1 o más",
    "obligaciones_calendario_40_mil_s": "10 o menos, con la que sigue",
    "obligaciones_40_mil_s": "10 o menos",
    "acuses_10_mil_s": "60 o menos",
    "firmar_120_navegador_s": "menos de 2",
    "paginas_de_300_ms_o_mas": "0",
    "pagina_poliza_entre_11_mil_p95_ms": "menos de 150",
}
"""What the project set out to reach, by measure."""

READING = """
- `registro_csv`: un CSV de 100,000 pólizas (400,000 líneas) leído, revisado, numerado, encadenado y registrado en una
  transacción, con el lector más simple que cabe. `lote_directo`: un archivo igual por `sif lotes cargar`, con todo lo
  que se comprueba de cada celda. `lote_con_vista_previa`: por la página de lotes, que además guarda cada renglón con
  sus errores y lo enseña antes de registrarlo.
- `registrar_4_lineas_20_personas`: por HTTP, en el servidor de `sif servir`, con sesión, borrador y página; cada
  persona registra, descansa de 4 a 8 segundos y sigue. `sin_pausa`: las veinte sin descanso, que es la saturación.
- `tablero`: 120 contabilidades con 500,000 líneas. `desde_cero`: derivado entero; `tras_registrar`: con una póliza
  nueva desde la última mirada. `pagina`: la página entera por HTTP, con una póliza nueva antes de cada vez.
- `balanza_500_mil_lineas`: la misma contabilidad en SIF, y en beancount y hledger desde lo que escribe `sif libros
  exportar`; los tres suman lo mismo al centavo o la medición falla.
- `cfdi_comprobados`: en memoria y por segundo de un núcleo: lectura, esquema y catálogos del SAT, sello, timbre y
  complemento. `python_satcfdi`: lo mismo con esa biblioteca, en el mismo proceso y una corrida tras otra; su esquema se
  compila una sola vez. `veces`: la mediana de los cocientes.
- `cfdi_bandeja`: un ZIP de 2,000 facturas recibido en la base con sus siete comprobaciones y sus propuestas.
  `recibidos`: solo recibirlo. `repetidos`: el mismo ZIP otra vez. `aceptados`: registrar todas sus pólizas.
- `auditar_1m`, `3m`, `10m`: todas las reglas sobre un proceso de `sif simular` con 1, 3 y 10 millones de pólizas, en un
  proceso del sistema con dos hilos y 5 GB para el motor; la clave sale exacta en cada regla o la medición falla.
  `procesador`: segundos de los dos núcleos juntos, que dependen menos de lo que otros hagan en la máquina.
- `congelar_1m`: un millón de pólizas de cuatro líneas y dos evidencias, de PostgreSQL a Parquet. `lo_nuevo`: otra vez,
  con 1 % más de pólizas. `repetir_hallazgo`: sobre esa instantánea, tres de RE001 y tres de EV003.
- `revisar_poliza_al_capturar`: cada razón para no registrar una póliza de cuatro líneas, todas dichas, en un núcleo y
  en memoria; la mitad trae tres faltas o más. fecfile-validate (JSON Schema en Python), el validador abierto de
  informes más conocido, dio 2,700 renglones por segundo tal como se distribuye, en dos núcleos como éstos; es una
  cifra citada, que no se mide en esta corrida.
- `auditar_juntos`: las mismas reglas sobre el mismo proceso, de un millón de pólizas: en SIF, con las comprobaciones y
  los archivos de cada regla; en DuckDB con las consultas a mano, una tras otra y sin ellos; en Spark local; y en
  PostgreSQL con tablas sin bitácora ni autovacuum, índices y estadísticas hechos antes, que no se cuentan. Lo que
  hallan es igual, resultado por resultado, o la medición falla. SIF y las consultas a mano, por turnos, tres veces: la
  mediana. `veces`: lo que tarda el otro entre lo que tarda SIF.
- `carga_de_la_maquina`: procesos que esperaban procesador al empezar; si pasa de los núcleos, las cifras son de una
  máquina ocupada.
- `identidad`: registros de aportante inventados de 8,000 personas, con erratas, un apellido de menos y claves que
  faltan. Un par cuenta cuando sus registros son de una persona. `exacta`: RFC, CURP o clave de elector en común.
  `enlaces_probables`: los que dice el parecido, que ninguna regla suma; `con_probables`: ambos.
- `verificar`: mediana de tres, en una máquina sin otra carga (2 núcleos virtuales): 27.7, 28.0 y 28.1 s. En la misma,
  antes de ADR 0245, el mismo millón de pólizas tardaba 55.2 s.
- `obligaciones`: un proceso federal inventado de tres periodos, con 40,000 contabilidades de veinte partidos, una
  cuenta bancaria cada una y 30,000 informes presentados. `calendario`: los términos de cada una, que son los de su
  etapa y se leen una vez. `40_mil_s`: todo lo que deben, con su estado y su prueba, contado por sujeto, obligación y
  estado; si un conteo no sale, la medición falla. `procesador`: de SIF, sin el de la base. `por_escalar`: lo vencido
  de todos, filtrado, contado y ordenado, y una página de cincuenta escrita.
- `acuses_10_mil`: 10,000 acuses distintos de 20 días, cada uno comprobado desde sus bytes con las raíces de su día, uno
  tras otro en un núcleo, como `sif acuse verificar`. `firmar_120`: los informes de una persona en Chromium, con una
  contraseña: hasta ver qué se firma (`cadenas`), hasta que los sellos salen del navegador (`navegador`), y desde que se
  pulsa hasta que el servidor dijo que los 120 están recibidos. Medidos el 1 de diciembre de 2026 en otra máquina, sin
  otra carga: 2 núcleos, AMD EPYC.
- `depositar`: documentos de 1 MB de un sujeto, uno tras otro. `sujeto_tomado`: lo que su candado hace esperar a los
  otros actos de ese sujeto; el acuse se dibuja después (ADR 0333).
"""


APART = """
## Lo que una página deja a un trabajo

Segundos de procesador de SIF, sin los de la base ni los del servidor de archivos: la mediana de tres, medidos a mano el
28 de noviembre de 2026 con 8 a 16 procesos que esperaban procesador (ADR 0242).

| acto | tamaño | antes, en la página | ahora |
|---|---|---:|---|
| cargar una lista de la autoridad | 50,000 renglones | 3.9 | 2.2, en un trabajo |
| | 4,300 renglones, 128 KiB | | 0.1, en la página |
| ver los topes de un archivo | 1 MiB, 22,794 renglones | | 0.5, en la página; se fijan en un trabajo |
| | 1 MiB, 149,787 renglones equivocados | | 1.1, en la página |
| cargar una ley | 8 MB, 7,999 artículos | | 0.6, en la página |
| mirar una instantánea con cada lente | 300,000 pólizas | 5.0 | 5.4, en un trabajo; 0.02 cada página |
| sacar una muestra | de esas pólizas | 0.7 | 0.1, en la página |
| contar lo que se debe | 40,000 contabilidades, sin informes presentados | 2.9 | 0.3, en la página |
| lo que está por escalar | 130,020 obligaciones vencidas, y la página de cincuenta | 3.8 | 0.2, en la página |

## La auditoría en otra máquina

Medido a mano el 2 de diciembre de 2026 en 2 núcleos virtuales AMD EPYC, 24 GiB, Linux, Python 3.13, sin otro trabajo
al lado; la clave sale exacta en cada regla. No se compara con la tabla de arriba, que es de otra máquina. «Antes» es
del mismo día, sin las tablas por pedazos ni la memoria que se conserva entre preguntas (ADR 0343, 0344).

| medida | antes | ahora | meta |
|---|---:|---:|---|
| auditar 10 millones de pólizas, s | 140.2 | 112.8 | 120 o menos |
| segundos de procesador | 254.5 | 201.9 | |
| memoria, MB | 5,361 | 5,329 | menos de 6,144 |
| reglas y renglones | 87; 273,759,263 | 87; 273,759,263 | |
| un millón, en SIF, s | 11.4 | 8.9 | |
| el mismo, en PostgreSQL, s | 82.1 | 68.4 | |
| veces PostgreSQL | 7.2 | 7.7 | 8 o más |
| veces Spark | 37.1 | no se midió | |
"""
DEADLINE = """
## La última hora de un plazo

Lo mide `python benchmarks/plazo.py`: personas que piden la cadena de cada informe, la firman con su e.firma y la
presentan por HTTP en `sif servir` con su PostgreSQL y su trabajador, a una hora sorteada; tres de cada cinco peticiones
buscan, y nadie repite una búsqueda negada. `llegada`: lo que tarda en contestarse la firma enviada. Perdido es lo que a
un cliente se dijo presentado y la base no tiene, o no tiene su acuse. `esperaban`: procesos que esperaban procesador al
empezar. El primer renglón es la meta entera (2,000 personas y 5,000 informes en diez minutos, llegada p99 menor de
500 ms) y el segundo dos minutos al mismo paso, en una máquina libre, el 2 y el 1 de diciembre de 2026. Antes de ADR
0299 445 de las 5,000 firmas se contestaban con la página que pide la contraseña.
Los otros, con otros trabajos en la máquina, el 29 de noviembre de 2026, no dicen qué aguanta una libre. Máquinas: 2
núcleos, AMD EPYC; y 2 núcleos, Intel(R) Xeon(R) Processor; Linux, Python 3.13.5.

| informes y personas | s | esperaban | llegada p50 ms | p99 ms | búsquedas | negadas | acuse | acuse luego | perdidos |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
| 5,000, de 2,000 | 600 | 1.0 | 103 | 266 | 11,953 | 3,047 | 4,201 | 799 | 0 |
| 1,000, de 400 | 120 | 1.0 | 71 | 174 | 2,665 | 335 | 936 | 64 | 0 |
| 50, de 20 | 20 | 9.9 | 1,030 | 3,477 | 47 | 103 | 17 | 33 | 0 |
| 125, de 50 | 15 | 12.7 | 4,167 | 17,768 | 43 | 332 | 9 | 116 | 0 |
"""
HOSTILE = """
## Archivos hostiles

Lo escribe `python benchmarks/hostiles.py`: cada archivo, abierto una vez por un servidor de archivos como el de
`sif servir`. Segundos de reloj y de procesador, y memoria mayor con las bibliotecas que el servidor ya tenía. `negado`
dice el límite que pasó, o lo que su lector halló; los límites son los de cada día, salvo el de reloj, que solo obra en
una máquina ocupada. `página`: segundos que una página espera por el archivo, que nadie abrió antes; a los dos lo deja
a un trabajo (ADR 0236), o dice por qué se negó. python-calamine se mide aparte, con los mismos límites: SIF lee los
libros con openpyxl (ADR 0189).

Lo que el mismo encierro cuesta a los archivos de cada día, en milisegundos de procesador de ambos lados (el mínimo de
siete, máquina ocupada, 27 de noviembre de 2026): un ZIP de 500 CFDI, 187 en vez de 138; 500 CFDI sueltos, 167 en vez de
93; un CSV de 50,000 renglones, 225 en vez de 18; bifurcar el servidor, 3, y 11 el de facturas, que guarda los esquemas.
"""


PAGES = """
## Cada página de cada mesa

Lo escribe `python benchmarks/paginas.py`: milisegundos de cada página, tibia, a la que se llega por enlaces desde la
primera de su mesa, o como la gente la filtra y ordena; y cuántas consultas hace. Una instalación con {deep:,} pólizas
en una contabilidad y {polizas:,} en todas, {gifts:,} aportaciones, {rows:,} renglones de cada catálogo, {found:,}
hallazgos y 121 contabilidades; cada página se pide {veces} veces. Lo público mide sus páginas sin nada publicado.
"""
BUSY = """
Es una parte de los tamaños de la meta, en una máquina ocupada con otros trabajos: las consultas son las que serían, los
milisegundos no dicen lo que tarda una libre. La meta (todas menos de 300 ms, y 150 la de una póliza, con los tamaños
enteros) no se ha medido."""


def every_page() -> str:
    """What `paginas.py` saw of each page, the slowest first, as a section of the page; nothing before it ran."""
    kept = ROOT / "benchmarks" / "paginas.json"
    if not kept.exists():
        return ""
    seen = json.loads(kept.read_text(encoding="utf-8"))
    rows = "\n".join(
        f"| {desk} | {name} | {asked} | {half} | {high} |"
        for desk, name, asked, half, high in sorted(seen["paginas"], key=lambda each: -each[3])
    )
    head = "| mesa | página | consultas | mediana | p95 |\n|---|---|---:|---:|---:|"
    whole = {"deep": 11_000, "polizas": 130_000, "gifts": 100_000, "rows": 10_000, "found": 300_000}
    sizes = {name: size // seen["parte"] for name, size in whole.items()}
    return (
        f"{PAGES.format(**sizes, veces=seen['veces'])}\nMáquina: {seen['maquina']}; procesos que esperaban procesador: "
        f"{seen['carga']} al empezar y {seen['al_terminar']} al terminar. Fecha: {seen['fecha']}."
        f"{BUSY if seen['parte'] > 1 else ''}\n\n{head}\n{rows}\n"
    )


def script_measures(name: str) -> dict[str, float]:
    """What a script of this folder measures."""
    command = [sys.executable, str(ROOT / "benchmarks" / name)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment).stdout
    measures: dict[str, float] = json.loads(said)
    return measures


def hostile_files() -> str:
    """What `hostiles.py` saw of files made to take much, as a section of the page."""
    seen = json.loads((ROOT / "benchmarks" / "hostiles.json").read_text(encoding="utf-8"))
    rows = "\n".join(
        f"| {name} | {size:,} | {_held(held)} | {seconds:.1f} | {spent:.1f} | {peak:.0f} | {ended} |"
        for name, size, held, seconds, spent, peak, ended in seen["archivos"]
    )
    head = (
        "| archivo | bytes | página s | reloj s | procesador s | MiB | desenlace |\n|---|---:|---:|---:|---:|---:|---|"
    )
    return (
        f"{HOSTILE}\nMáquina: {seen['maquina']}; procesos que esperaban procesador: {seen['carga']}. "
        f"Fecha: {seen['fecha']}.\n\n{head}\n{rows}\n"
    )


def _held(seconds: float | None) -> str:
    """Seconds that a page was held; nothing of what no page opens."""
    return "" if seconds is None else f"{seconds:.1f}"


def write(results: dict[str, Any]) -> None:
    """The results, as JSON with stable names and as a page."""
    target = ROOT / "benchmarks" / "resultados.json"
    target.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    rows = "\n".join(
        f"| `{name}` | {value:,.2f} | {GOALS.get(name, '')} |" for name, value in results["medidas"].items()
    )
    page = (
        "# Rendimiento\n\nLo escribe `make bench`. Medianas, o p95 si el nombre lo dice; también dice la unidad.\n\n"
        f"Máquina: {results['maquina']}. Fecha: {results['fecha']}.\n\n"
        f"| medida | valor | meta |\n|---|---:|---|\n{rows}\n{READING}{APART}{DEADLINE}{every_page()}{hostile_files()}"
    )
    (ROOT / "docs" / "rendimiento.md").write_text(page, encoding="utf-8")
    print(page)


def main() -> int:
    """Measure everything (about half an hour), or only the scripts named, keeping the other figures."""
    chosen = sys.argv[1:]
    if set(chosen) - set(SCRIPTS):
        print(f"Mide: {', '.join(SCRIPTS)}; sin nombre, todo.", file=sys.stderr)
        return 2
    if chosen:
        kept = json.loads((ROOT / "benchmarks" / "resultados.json").read_text(encoding="utf-8"))
        measures: dict[str, float] = kept["medidas"]
    else:
        with tempfile.TemporaryDirectory() as folder:
            measures = {**cfdi_rates(), **rule_rates(), **demo_seconds(Path(folder))}
    for name in chosen or SCRIPTS:
        measures |= script_measures(name)
    write({"maquina": machine(), "fecha": date.today().isoformat(), "medidas": measures})  # noqa: DTZ011
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
