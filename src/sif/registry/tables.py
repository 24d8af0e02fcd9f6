"""Place every table of an installation as record, working state or derived.

A new table must be placed here or a test fails, and one placed as a record must be one in the database too.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What a table keeps: what an act of law says, what is only being worked on, or what records give again."""

    RECORD = "registro"
    WORKING = "trabajo"
    DERIVED = "derivada"


_RECORD = """
    registry_calendariopropuesto registry_calendariocerrado registry_procesoabierto registry_aliassujeto
    registry_proceso registry_etapa registry_sujetoobligado registry_territorio registry_cargo
    registry_integrantecoalicion registry_persona registry_candidatura registry_periodo registry_proveedor
    registry_contabilidad registry_cancelacioncontabilidad registry_topecontabilidad registry_fincandidatura
    registry_sustitucioncandidatura
    registry_ventana registry_registrornp registry_cuentabancaria registry_avisocuenta
    registry_cancelacioncuenta registry_aportante
    registry_nombramiento registry_nombramiento_contabilidades registry_finnombramiento registry_invitacion
    registry_cierreinvitacion registry_propuestacuenta registry_propuestacuentaresuelta registry_mirada registry_suceso
    registry_hoja registry_corte registry_cabeza registry_sellocorte registry_nombreusuario
    catalogs_casacampana catalogs_cancelacioncasa catalogs_activofijo catalogs_bajaactivo catalogs_articulo
    catalogs_credito catalogs_proyecto
    catalogs_resolucionporpagar catalogs_personasujeto catalogs_fichaproveedor catalogs_evento
    catalogs_serierecibos catalogs_foliocancelado catalogs_lista69b catalogs_situacion69b
    catalogs_acto69b catalogs_cargadetabla catalogs_renglondetabla
    statutes_textodeley statutes_articulodeley statutes_basepropuesta statutes_baseresuelta statutes_basesinefecto
    notices_notificacion notices_lecturanotificacion
    books_comprobante books_archivo books_estatuscomprobante books_movimientoinventario books_avisocontratacion
    books_poliza books_movimiento books_usocomprobante books_pago books_aportacion books_ladotransferencia
    books_evidencia books_evidenciasinefecto books_contrato books_reciborepap books_cep
    books_cancelacionrepap books_firmacep books_cancelacioncep
    filing_informe filing_preparacion filing_presentacion filing_cabezaarbol
    banks_estadodecuenta banks_lineabancaria banks_explicacionpendiente banks_conciliacionmensual banks_enlace
    banks_enlacedeshecho banks_ladobanco banks_ladolibros
    apportionment_avisoporcentajes apportionment_prorrateo apportionment_parteprorrateo
    batch_polizacargada batch_peticionapi batch_claveapi batch_revocacionclave
    audit_instantanea audit_corrida audit_versionregla audit_reglacorrida audit_cobertura audit_hallazgo
    audit_descarte audit_observacion audit_observacion_hallazgos audit_asunto audit_propuesta audit_pedido
    audit_propuestaresuelta audit_pedidorespondido audit_comentario audit_redaccion audit_observacionsinefecto
    audit_miradaauditoria
    proceedings_documento proceedings_respuesta proceedings_voto proceedings_sancion proceedings_partesancion
    proceedings_respuesta_polizas proceedings_oficio_observaciones proceedings_oficio proceedings_dictamen
    proceedings_conclusion proceedings_resolucion proceedings_determinado proceedings_oficiopropuesto
    proceedings_oficioretirado proceedings_dictamencerrado proceedings_analisisconclusion
    proceedings_conclusioncerrada proceedings_resolucionsometida proceedings_resolucionvotada
    proceedings_determinadorevocado proceedings_basedesancion
    disclosure_publicacionpropuesta disclosure_publicacion disclosure_publicacionretirada disclosure_retiropropuesto
    disclosure_retiropublicado disclosure_cargahistorica disclosure_cuentahistorica disclosure_cargahistoricaretirada
    disclosure_archivopublicado
"""
_WORKING = """
    jobs_trabajo jobs_trabajopieza
    procrastinate_events procrastinate_jobs procrastinate_periodic_defers procrastinate_workers
    registry_limite registry_usuario registry_usuario_groups registry_usuario_user_permissions
    books_recepcion books_plantilla books_borrador books_carga
    banks_mapacolumnas
    batch_lote batch_filalote batch_equivalenciacuenta
    audit_asignacion audit_reparto audit_vista
    django_session django_content_type
    auth_permission auth_group auth_group_permissions
    account_emailaddress account_emailconfirmation
    mfa_authenticator usersessions_usersession
    socialaccount_socialaccount socialaccount_socialapp socialaccount_socialtoken
"""
_DERIVED = """
    books_hojaine books_conceptocomprobante books_pagodocumento books_relacioncomprobante books_nominacomprobante
    books_cuenta books_claseevidencia books_cuentaevidencia
    disclosure_procesopublicado disclosure_contabilidadpublicada disclosure_sancionpublicada
    disclosure_documentopublicado disclosure_reglapublicada
"""

TABLES: dict[str, Kind] = {
    **dict.fromkeys(_RECORD.split(), Kind.RECORD),
    **dict.fromkeys(_WORKING.split(), Kind.WORKING),
    **dict.fromkeys(_DERIVED.split(), Kind.DERIVED),
}

IN_THEIR_POLIZA = frozenset(
    {
        "books_movimiento", "books_usocomprobante", "books_pago", "books_aportacion",
        "books_ladotransferencia",
    }
)  # fmt: skip
"""Records without leaves of their own: the digest of their póliza covers them, and its row has a leaf."""

OF_THE_LOG = frozenset({"registry_hoja", "registry_corte", "registry_cabeza"})
"""Records without leaves: they are the log itself."""

OF_ITS_ACT: dict[str, tuple[str, str, str]] = {
    "audit_cobertura": ("corrida_id", "audit_corrida", "id"),
    "audit_hallazgo": ("corrida_id", "audit_corrida", "id"),
    "audit_reglacorrida": ("corrida_id", "audit_corrida", "id"),
    "audit_observacion_hallazgos": ("observacion_id", "audit_observacion", "id"),
    "proceedings_oficio_observaciones": ("oficio_id", "proceedings_oficio", "id"),
    "proceedings_respuesta_polizas": ("respuesta_id", "proceedings_respuesta", "id"),
    "proceedings_conclusion": ("dictamen_id", "proceedings_dictamen", "id"),
    "proceedings_determinado": ("conclusion_id", "proceedings_conclusioncerrada", "conclusion_id"),
    "proceedings_sancion": ("resolucion_id", "proceedings_resolucion", "id"),
    "proceedings_partesancion": ("sancion_id", "proceedings_sancion", "id"),
    "proceedings_basedesancion": ("sancion_id", "proceedings_sancion", "id"),
    "registry_nombramiento_contabilidades": ("nombramiento_id", "registry_nombramiento", "id"),
    "disclosure_archivopublicado": ("publicacion", "disclosure_publicacion", "id"),
    "disclosure_retiropublicado": ("publicacion", "disclosure_publicacionretirada", "publicacion_id"),
    "disclosure_cuentahistorica": ("carga_id", "disclosure_cargahistorica", "id"),
    "banks_lineabancaria": ("estado_id", "banks_estadodecuenta", "id"),
    "banks_ladobanco": ("enlace_id", "banks_enlace", "id"),
    "banks_ladolibros": ("enlace_id", "banks_enlace", "id"),
    "apportionment_parteprorrateo": ("prorrateo_id", "apportionment_prorrateo", "id"),
    "catalogs_renglondetabla": ("carga_id", "catalogs_cargadetabla", "id"),
    "catalogs_situacion69b": ("lista_id", "catalogs_lista69b", "id"),
    "catalogs_acto69b": ("lista_id", "catalogs_lista69b", "id"),
    "statutes_articulodeley": ("texto_id", "statutes_textodeley", "id"),
}
"""Records that enter in the transaction of the act they hang from, with their column, that table and its column.

The triggers that `protection.of_its_act` makes hold it, a test compares them with this, and `sif verificar` asks it of
the log: no cut has a leaf of the act without those of what hangs from it.
"""

RESERVED_TREE = "revision"
"""The one tree of what a review in course writes: what is published does not say how many rows each table has."""

_RESERVED = ("audit_", "proceedings_", "disclosure_", "registry_mirada", "registry_suceso")


def tree_of(table: str) -> str:
    """The name in raices.json of the tree where the leaves of a table are."""
    return RESERVED_TREE if table.startswith(_RESERVED) else "".join(c if c.isalnum() else "-" for c in table)
