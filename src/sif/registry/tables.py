"""Place every table of an installation as record, working state or derived.

A new table must be placed here or a test fails, and one placed as a record must be one in the database too.
"""

from enum import StrEnum


class Kind(StrEnum):
    """Kinds of table by content: records of acts of law, working state, or data derived again from records."""

    RECORD = "registro"
    WORKING = "trabajo"
    DERIVED = "derivada"


_RECORD = """
    registry_calendariopropuesto registry_calendariocerrado registry_procesoabierto registry_aliassujeto
    registry_columnasarchivo
    registry_proceso registry_etapa registry_sujetoobligado registry_territorio registry_cargo
    registry_conveniocoalicion registry_emblemasujeto registry_integrantecoalicion registry_persona
    registry_candidatura registry_periodo registry_proveedor
    registry_contabilidad registry_cancelacioncontabilidad registry_topecontabilidad registry_fincandidatura
    registry_sustitucioncandidatura registry_restitucioncandidatura registry_correccionpropuesta
    registry_correccionresuelta registry_fechaspropuestas registry_fechasresueltas registry_cierrepropuesto
    registry_cierreresuelto registry_ventana registry_registrornp registry_cuentabancaria registry_avisocuenta
    registry_cancelacioncuenta registry_aportante
    registry_nombramiento registry_nombramiento_contabilidades registry_finnombramiento registry_invitacion
    registry_cierreinvitacion registry_propuestacuenta registry_propuestacuentaresuelta registry_mirada registry_suceso
    registry_pruebarfc registry_documentonombramiento registry_relevoresponsable
    registry_hoja registry_corte registry_cabeza registry_sellocorte registry_sellobitacora
    registry_nombreusuario
    catalogs_casacampana catalogs_cancelacioncasa catalogs_activofijo catalogs_bajaactivo catalogs_articulo
    catalogs_credito catalogs_proyecto
    catalogs_resolucionporpagar catalogs_personasujeto catalogs_fichaproveedor catalogs_evento
    catalogs_serierecibos catalogs_foliocancelado catalogs_lista69b catalogs_situacion69b
    catalogs_acto69b catalogs_cargadetabla catalogs_renglondetabla
    statutes_textodeley statutes_articulodeley statutes_basepropuesta statutes_baseresuelta statutes_basesinefecto
    notices_notificacion notices_lecturanotificacion mail_direccion mail_mensaje mail_intento
    books_comprobante books_hojaine books_conceptocomprobante books_pagodocumento books_relacioncomprobante
    books_nominacomprobante books_archivo books_entrega books_estatuscomprobante
    books_movimientoinventario books_avisocontratacion
    books_poliza books_movimiento books_usocomprobante books_pago books_aportacion books_ladotransferencia
    books_evidencia books_evidenciasinefecto books_contrato books_reciborepap books_cep
    books_apertura books_partidaapertura books_partidapresupuesto
    books_cancelacionrepap books_firmacep books_cancelacioncep
    filing_informe filing_preparacion filing_compromiso filing_compromisosinefecto filing_presentacion
    filing_cabezaarbol filing_deposito filing_acusedeposito
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
_ENTERING = "con qué se entra; cada acto guarda su persona y su hora"
_OF_DJANGO = "lo trae Django y el programa no lo pregunta: los derechos son los nombramientos"
_TYPED = "lo que se escribe antes de registrar; lo registrado guarda lo suyo"
WORKING: dict[str, str] = {
    **dict.fromkeys(
        ("jobs_trabajo", "jobs_trabajopieza", "procrastinate_events", "procrastinate_jobs",
         "procrastinate_periodic_defers", "procrastinate_workers"),
        "la cola de lo que está por hacerse; lo que un trabajo registró tiene su hoja",
    ),
    **dict.fromkeys(
        ("account_emailaddress", "account_emailconfirmation", "django_session", "mfa_authenticator", "registry_limite",
         "socialaccount_socialaccount", "socialaccount_socialapp", "socialaccount_socialtoken",
         "usersessions_usersession"), _ENTERING,
    ),
    **dict.fromkeys(
        ("auth_group", "auth_group_permissions", "auth_permission", "django_content_type", "registry_usuario_groups",
         "registry_usuario_user_permissions"), _OF_DJANGO,
    ),
    **dict.fromkeys(
        ("banks_mapacolumnas", "batch_equivalenciacuenta", "batch_filalote", "batch_lote", "books_borrador",
         "books_carga", "books_plantilla"), _TYPED,
    ),
    **dict.fromkeys(
        ("audit_asignacion", "audit_reparto", "audit_vista"), "quién revisa qué; lo que se decide son actos con hoja"
    ),
    "mail_carta": "el texto de un mensaje mientras espera; el mensaje y lo que fue de él tienen hoja",
    "sif_cache": "lo que los procesos recuerdan entre sí por un rato; ningún acto lo lee como prueba de nada",
    "books_recepcion": "la bandeja; la factura, lo que dice y la póliza que la usa tienen hoja",
    "registry_usuario": "credenciales; el nombre, el usuario y el RFC se comparan con registry_nombreusuario",
}  # fmt: skip
"""Tables of working state, each with why changing a row of it changes nothing of what a record says."""

_OF_THE_LAW = "`sif verificar` la compara con los datos de la ley de su versión"
_OF_THE_RELATION = "`sif verificar` la compara con las candidaturas y las relaciones de cada sujeto"
_PUBLISHED = "`sif verificar` la compara con lo que publicó el acto de su etapa"
DERIVED: dict[str, str] = {
    **dict.fromkeys(("books_claseevidencia", "books_cuenta", "books_cuentaevidencia"), _OF_THE_LAW),
    "registry_alcancepersona": _OF_THE_RELATION,
    **dict.fromkeys(
        (
            "disclosure_contabilidadpublicada",
            "disclosure_documentopublicado",
            "disclosure_procesopublicado",
            "disclosure_reglapublicada",
            "disclosure_sancionpublicada",
        ),
        _PUBLISHED,
    ),
}
"""Tables that records or the law give again, each with what is asked of it."""

TABLES: dict[str, Kind] = {
    **dict.fromkeys(_RECORD.split(), Kind.RECORD),
    **dict.fromkeys(WORKING, Kind.WORKING),
    **dict.fromkeys(DERIVED, Kind.DERIVED),
}

IN_ACTS = frozenset(
    {
        "audit_asignacion",
        "audit_reparto",
        "audit_vista",
        "banks_mapacolumnas",
        "batch_equivalenciacuenta",
        "batch_filalote",
        "batch_lote",
        "books_borrador",
        "books_carga",
        "books_plantilla",
        "books_recepcion",
        "jobs_trabajo",
        "jobs_trabajopieza",
    }
)
"""Working state that becomes acts of others: a draft, a lot, an invoice received. It changes in an act alone."""

SOME_ROWS: dict[str, tuple[str, str]] = {"books_cuenta": ("codigo", "r.proceso_id IS NOT NULL")}
"""Tables of which some rows have leaves, with their key and which: an account that a process added is of no law."""

IN_THEIR_POLIZA = frozenset(
    {
        "books_movimiento",
        "books_usocomprobante",
        "books_pago",
        "books_aportacion",
        "books_ladotransferencia",
    }
)
"""Records without leaves of their own: the digest of their póliza covers them, and its row has a leaf."""

CANDIDACY = ("persona_id", "cargo_id", "territorio_id", "folio", "aprobada_el", "acuerdo_aprobacion")
CORRECTED: dict[str, tuple[str, tuple[str, ...]]] = {
    "registry_sujetoobligado": ("sujeto_id", ("numero", "siglas", "nombre", "rfc")),
    "registry_candidatura": ("candidatura_id", CANDIDACY),
}
"""Records that an approved correction changes: its column in `registry_correccionresuelta`, and theirs that may change.

Their leaf is that of the row as it was registered; the first correction of each keeps what that was.
"""

FILLED: dict[str, str] = {"audit_hallazgo": "asunto_id"}
"""A column of a record that a migration filled in rows which had their leaf, which bears them out without it.

What it must say follows from the rest of the row; `audit.verifying` asks it of every row.
"""

OF_THE_LOG = frozenset({"registry_hoja", "registry_corte", "registry_cabeza"})
"""Records without leaves: they are the log itself."""

OF_ITS_ACT: dict[str, tuple[str, str, str]] = {
    "books_conceptocomprobante": ("comprobante_id", "books_comprobante", "id"),
    "books_hojaine": ("comprobante_id", "books_comprobante", "id"),
    "books_nominacomprobante": ("comprobante_id", "books_comprobante", "id"),
    "books_pagodocumento": ("comprobante_id", "books_comprobante", "id"),
    "books_relacioncomprobante": ("comprobante_id", "books_comprobante", "id"),
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
    "books_partidaapertura": ("apertura_id", "books_apertura", "id"),
    "catalogs_renglondetabla": ("carga_id", "catalogs_cargadetabla", "id"),
    "catalogs_situacion69b": ("lista_id", "catalogs_lista69b", "id"),
    "catalogs_acto69b": ("lista_id", "catalogs_lista69b", "id"),
    "statutes_articulodeley": ("texto_id", "statutes_textodeley", "id"),
}
"""Records that enter in the transaction of the act they hang from, with their column, that table and its column.

The triggers that `protection.of_its_act` makes hold it, a test compares them with this, and `sif verificar` asks it of
the log: no cut has a leaf of the act without those of what hangs from it.
"""

_MOMENTS = {
    "abierto_el": "proceedings_dictamen registry_procesoabierto",
    "adoptada_el": "audit_observacion",
    "anotado_el": "books_estatuscomprobante",
    "autorizada_el": "catalogs_serierecibos",
    "cancelado_el": "catalogs_foliocancelado",
    "cargada_el": "books_evidencia catalogs_cargadetabla catalogs_lista69b disclosure_cargahistorica",
    "cargado_el": "banks_estadodecuenta statutes_textodeley",
    "cerrada_el": "banks_conciliacionmensual proceedings_conclusioncerrada registry_cierreinvitacion",
    "cerrado_el": "proceedings_dictamencerrado",
    "creada_el": "batch_claveapi",
    "depositada_el": "notices_notificacion",
    "depositado_el": "filing_deposito",
    "dibujado_el": "filing_acusedeposito",
    "dicho_el": "registry_aliassujeto registry_columnasarchivo",
    "elaborada_el": "proceedings_resolucion",
    "emitido_el": "proceedings_voto",
    "encolado_el": "mail_mensaje",
    "entregada_el": "books_entrega",
    "escrita_el": "banks_explicacionpendiente",
    "expedido_el": "books_cep books_reciborepap",
    "fijado_el": "registry_topecontabilidad",
    "fin_el": "audit_corrida",
    "generado_el": "filing_informe",
    "guardada_el": "audit_versionregla",
    "guardado_el": "books_archivo registry_documentonombramiento registry_sellobitacora",
    "habilitada_el": "registry_contabilidad",
    "hecha_el": """
        audit_instantanea batch_peticionapi books_apertura books_evidenciasinefecto mail_direccion registry_invitacion
        registry_pruebarfc
    """,
    "hecho_el": """
        apportionment_prorrateo audit_comentario audit_descarte audit_observacionsinefecto audit_pedidorespondido
        audit_propuestaresuelta banks_enlace banks_enlacedeshecho books_cancelacioncep books_cancelacionrepap
        books_firmacep catalogs_bajaactivo catalogs_cancelacioncasa disclosure_cargahistoricaretirada mail_intento
        disclosure_publicacionretirada proceedings_analisisconclusion proceedings_determinadorevocado
        proceedings_documento registry_avisocuenta registry_calendariocerrado registry_cancelacioncontabilidad
        registry_cancelacioncuenta registry_cierreresuelto
        registry_correccionresuelta registry_fechasresueltas registry_fincandidatura
        registry_finnombramiento registry_relevoresponsable
        registry_propuestacuentaresuelta registry_restitucioncandidatura registry_sustitucioncandidatura
        statutes_baseresuelta statutes_basesinefecto filing_compromisosinefecto
    """,
    "informado_el": "apportionment_avisoporcentajes",
    "leida_el": "notices_lecturanotificacion",
    "mirada_el": "audit_miradaauditoria registry_mirada",
    "notificado_el": "proceedings_oficio",
    "ocurrido_el": "registry_suceso",
    "pedido_el": "audit_pedido",
    "preparada_el": "filing_preparacion",
    "presentada_el": "proceedings_respuesta",
    "presentado_el": "books_avisocontratacion",
    "propuesta_el": """
        audit_propuesta disclosure_publicacionpropuesta registry_correccionpropuesta registry_propuestacuenta
        statutes_basepropuesta
    """,
    "propuesto_el": """
        disclosure_retiropropuesto proceedings_oficiopropuesto registry_calendariopropuesto registry_fechaspropuestas
        registry_cierrepropuesto
    """,
    "publicada_el": "disclosure_publicacion filing_cabezaarbol",
    "recibida_el": "filing_presentacion",
    "recibido_el": "filing_compromiso",
    "registrada_el": """
        books_partidapresupuesto books_poliza catalogs_casacampana catalogs_evento catalogs_fichaproveedor
        catalogs_personasujeto catalogs_resolucionporpagar registry_aportante registry_persona
    """,
    "registrado_el": """
        books_contrato books_movimientoinventario catalogs_activofijo catalogs_articulo catalogs_credito
        catalogs_proyecto registry_conveniocoalicion registry_emblemasujeto
    """,
    "retirada_el": "disclosure_retiropublicado",
    "retirado_el": "proceedings_oficioretirado",
    "revocada_el": "batch_revocacionclave",
    "sometida_el": "proceedings_resolucionsometida",
    "votada_el": "proceedings_resolucionvotada",
}
MOMENTS: dict[str, str] = {table: column for column, tables in _MOMENTS.items() for table in tables.split()}
"""Records with the column where the clock writes the moment of their act, which no cut of before may lack."""

OF_ANOTHER_MOMENT: dict[str, str] = {
    "audit_redaccion": "lleva la hora de la propuesta de la que viene, que pudo esperar días",
    "books_comprobante": "lleva la fecha del CFDI, que se expidió antes de recibirse",
    "registry_nombreusuario": "la primera versión lleva la de la cuenta; de las demás pregunta NAMES_BEFORE",
    "registry_ventana": "lleva cuándo abre y cuándo cierra, que dice el calendario",
}
"""Records whose hours are not when they were written, each with whose they are."""

RESERVED_TREE = "revision"
"""The one tree of what a review in course writes: what is published does not say how many rows each table has."""

_RESERVED = ("audit_", "proceedings_", "disclosure_", "registry_mirada", "registry_suceso")


def tree_of(table: str) -> str:
    """Return the name in raices.json of the tree where the leaves of a table are."""
    return RESERVED_TREE if table.startswith(_RESERVED) else "".join(c if c.isalnum() else "-" for c in table)
