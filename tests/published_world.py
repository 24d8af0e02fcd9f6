"""A published stage built straight in the published tables, with figures a test can check by hand."""

import hashlib
from datetime import UTC, date, datetime

from django.db import transaction

from rfcs import new_rfc
from sif.books.services import store_file
from sif.disclosure.models import (
    ContabilidadPublicada,
    DocumentoPublicado,
    ProcesoPublicado,
    Publicacion,
    PublicacionPropuesta,
    ReglaPublicada,
    SancionPublicada,
)
from sif.disclosure.open_files import record_open_files, said_by_act, write_open_files
from sif.registry import services as registry
from sif.registry.scope import everything, registering

MOMENT = datetime(2026, 7, 16, 12, 0, tzinfo=UTC)
CAP = 4_615_200_00
HEADS = {
    "OPERATIVOS DE LA CAMPAÑA": 1_393_223_06,
    "PROPAGANDA UTILITARIA": 1_214_336_48,
    "PROPAGANDA EN VÍA PÚBLICA": 721_590_75,
    "PROPAGANDA": 583_154_24,
    "PROPAGANDA EXHIBIDA EN PÁGINAS DE INTERNET": 386_025_85,
    "PRODUCCIÓN DE LOS MENSAJES PARA RADIO Y T.V.": 77_640_14,
    "PROPAGANDA EN DIARIOS, REVISTAS Y OTROS MEDIOS IMPRESOS": 20_169_52,
    "FINANCIEROS": 5_978_72,
}
ORIGINS = {
    "Financiamiento Público": 3_180_000_00,
    "Aportaciones de Simpatizantes": 740_500_00,
    "Aportaciones de Candidato": 400_000_00,
    "Aportaciones de militantes": 160_000_00,
}
MEMBERS = [
    {
        "siglas": "UB",
        "nombre": "Unión Brújula",
        "participacion_pb": 6_250,
        "desde": "2026-03-15",
        "acuerdo": "IEPC/CG9/2026",
    },
    {
        "siglas": "PA",
        "nombre": "Partido Alameda",
        "participacion_pb": 3_750,
        "desde": "2026-03-15",
        "acuerdo": "IEPC/CG9/2026",
    },
]
PDF = b"%PDF-1.7 invented"


def publish_world(
    clave: str = "ANAHUAC-2026-campana", nombre: str = "Anáhuac, elección local 2025-2026, campaña"
) -> ProcesoPublicado:
    """A stage with seven books, three sanctions, two rules and two documents, written as who publishes writes."""
    with registering():
        return _publish(clave, nombre)


def _publish(clave: str, nombre: str) -> ProcesoPublicado:
    proceso = ProcesoPublicado.objects.create(
        clave=clave,
        nombre=nombre,
        ambito="local",
        entidad="MEX",
        inicia_el=date(2026, 4, 5),
        termina_el=date(2026, 6, 3),
        jornada_el=date(2026, 6, 7),
        datos_al=MOMENT,
    )
    for line in (
        (41207, "Mariela Ochoa Rentería", "PJ", "Partido Jacaranda", "Valle Hondo", 4_402_118_76, 214_600_00),
        (41208, "Rubén Castañón Lira", "CVS", "Coalición Valle y Sierra", "Valle Hondo", 4_310_045_12, 0),
        (41209, "Adela Frutos Medina", "UB", "Unión Brújula", "Valle Hondo", 2_889_300_27, 466_832_53),
        (41210, "Octavio Rangel Soto", "PA", "Partido Alameda", "Valle Hondo", 1_214_488_00, 0),
        (41211, "Iker Saldívar Mora", "CI", "Independiente", "San Jacinto", 0, 0),
        (41212, "Noemí Pech Canul", "PA", "Partido Alameda", "San Jacinto", 574_003_28, 0),
    ):
        publish_books(proceso, *line)
    publish_books(proceso, 41201, "Partido Jacaranda", "PJ", "Partido Jacaranda", "", 1_208_334_10, 0)
    for line in (
        ("6_C38_FD", "PJ", "Partido Jacaranda", 466_832_53, 4299, 466_742_43, "multa"),
        ("7_C2_FD", "CVS", "Coalición Valle y Sierra", 100_000_00, 921, 99_992_97, "multa"),
        ("6_C4_FD", "PJ", "Partido Jacaranda", 53_824_00, 24, 2_605_68, "reduccion"),
    ):
        _sanction(proceso, *line)
    _rules(proceso)
    for key, title in (("INE-DC-2026-PJ", "Dictamen del Partido Jacaranda"), ("RES/2026/PJ", "Resolución INE/CG/2026")):
        DocumentoPublicado.objects.create(
            proceso=proceso,
            clave=key,
            titulo=title,
            siglas="PJ",
            pdf_sha256=hashlib.sha256(PDF).hexdigest(),
            publicado_el=MOMENT,
        )
    return proceso


def publish_files(proceso: ProcesoPublicado) -> Publicacion:
    """Write the open files of a stage as the act of two people that publishes it does."""
    with everything(), transaction.atomic():
        year = registry.create_proceso(
            clave=f"ANAHUAC-{Publicacion.objects.count()}",
            nombre="Anáhuac",
            ambito="local",
            entidad="MEX",
            anio=2026,
            jornada_el=date(2026, 6, 7),
        )
        etapa = registry.create_etapa(year, "campana", date(2026, 4, 5), date(2026, 6, 3))
        one, other = (
            registry.create_usuario(f"{name}.{etapa.pk}", name, None, rfc=new_rfc()) for name in ("Propone", "Publica")
        )
        huella = store_file(b'{"formato": "sif-publicacion/7"}').sha256
        asked = PublicacionPropuesta.objects.create(etapa=etapa, huella=huella, propuesta_el=MOMENT, propuesta_por=one)
        files = write_open_files(asked, proceso)
        made = Publicacion.objects.create(
            propuesta=asked, publicada_el=MOMENT, publicada_por=other, archivos=said_by_act(files)
        )
        record_open_files(made, files)
        return made


def publish_books(
    proceso: ProcesoPublicado, number: int, name: str, siglas: str, subject: str, place: str, spent: int, b: int | None
) -> ContabilidadPublicada:
    """Books of a candidacy, or of a party when there is no place."""
    heads = dict(HEADS) if spent == sum(HEADS.values()) else {"PROPAGANDA": spent} if spent else {}
    origins = dict(ORIGINS) if heads == HEADS else {"Financiamiento Público": spent} if spent else {}
    row = ContabilidadPublicada(
        proceso=proceso,
        id_contabilidad=number,
        clase="candidatura" if place else "concentradora",
        nombre=name,
        cargo="Presidencia municipal" if place else "",
        territorio=place,
        entidad="MEX",
        sujeto=subject,
        siglas=siglas,
        tipo_asociacion="C",
        estatus="activa",
        aprobada_el=datetime(2026, 4, 4, 15, 0, tzinfo=UTC),
        tope=CAP if place else None,
        ingresos=sum(origins.values()),
        egresos=spent,
        no_reportado=b,
        rubros=heads,
        ingresos_por_origen=origins,
        informes_debidos=2,
        informes_presentados=2 if spent else 1,
        informes_tarde=0,
        datos_al=MOMENT,
        contiende_desde=date(2026, 3, 30) if place == "Valle Hondo" else None,
        acuerdo_aprobacion="IEPC/CG12/2026" if place == "Valle Hondo" else "",
        integrantes=list(MEMBERS) if siglas == "CVS" else [],
    )
    with registering():
        row.save()
    return row


def _sanction(
    proceso: ProcesoPublicado, key: str, siglas: str, subject: str, involved: int, umas: int, amount: int, form: str
) -> None:
    parts = [{"siglas": "UB", "monto": amount - 1}, {"siglas": "PA", "monto": 1}] if siglas == "CVS" else []
    SancionPublicada.objects.create(
        proceso=proceso,
        conclusion=key,
        resolucion="INE/CG/2026",
        sujeto=subject,
        siglas=siglas,
        conducta="Registró operaciones fuera del plazo de tres días.",
        articulo="RF 38.1; LGPP 63.1.c",
        regla="RE001",
        monto_involucrado=involved,
        umas=umas,
        forma=form,
        monto=amount,
        partes=parts,
        votada_el=MOMENT,
        votos_a_favor=9,
        votos_en_contra=2,
    )


def _rules(proceso: ProcesoPublicado) -> None:
    basis = [
        {"articulo": "RF 38.1", "dice": "hasta tres días después.", "estatus": "por confirmar"},
        {"articulo": "LGPP 63.1.c", "dice": "Estar debidamente registrados", "estatus": "leído"},
    ]
    for key, title in (("RE001", "Registro extemporáneo de operaciones"), ("TO001", "Tope de gastos")):
        ReglaPublicada.objects.create(
            proceso=proceso,
            regla=key,
            titulo=title,
            texto="La póliza … se registró tarde.",
            fundamento=basis,
            sancionadas=3 if key == "RE001" else 1,
        )
