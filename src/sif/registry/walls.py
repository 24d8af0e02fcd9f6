"""List the tables without row level security, and why, and verify the walls of the role."""

from django.apps import apps
from django.db import connection

from sif.registry.scope import everything

OF_A_PROGRAM: dict[str, str] = {
    "mail_carta": "textos que esperan, con enlaces que abren cuentas: los escribe quien encola; los lee quien reparte",
    "registry_hoja": "huellas y sales de lo registrado: las escribe la base; las lee el corte, y cada quien las suyas",
    "registry_limite": "cuenta intentos de quien aún no entra: la lee y la escribe el pase de quien los cuenta",
}
"""Tables whose wall is none of the scope of a person, each with whose it is."""

_SIGN_IN = "se lee para saber quién entra, antes de que haya alcance"
_CALENDAR = "calendario y registro que la ley hace público; se lee para abrir el alcance"
_CATALOGUE = "catálogo igual para todos, sin datos de nadie"
_SAT = "lista que publica el SAT"
_PAST = "totales de un proceso que pasó, de un archivo que ya era público; no son libros de nadie"
_LAW = "texto de una ley, que es público, y los actos de la autoridad que dicen qué se leyó en él"

READ: dict[str, str] = {
    **dict.fromkeys(
        ("account_emailaddress", "account_emailconfirmation", "auth_group", "auth_group_permissions",
         "auth_permission", "batch_claveapi", "batch_revocacionclave", "django_content_type", "mfa_authenticator",
         "registry_cierreinvitacion", "registry_invitacion", "registry_usuario_groups",
         "registry_usuario_user_permissions", "socialaccount_socialaccount", "socialaccount_socialapp",
         "socialaccount_socialtoken"), _SIGN_IN,
    ),
    **dict.fromkeys(
        ("registry_aliassujeto", "registry_columnasarchivo",
         "registry_cancelacioncontabilidad", "registry_candidatura", "registry_cargo",
         "registry_cierrepropuesto", "registry_cierreresuelto", "registry_contabilidad", "registry_conveniocoalicion",
         "registry_correccionresuelta",
         "registry_emblemasujeto", "registry_etapa", "registry_fechaspropuestas", "registry_fechasresueltas",
         "registry_fincandidatura", "registry_finnombramiento", "registry_integrantecoalicion",
         "registry_nombramiento",
         "registry_nombramiento_contabilidades", "registry_periodo", "registry_proceso", "registry_procesoabierto",
         "registry_restitucioncandidatura", "registry_sujetoobligado", "registry_sustitucioncandidatura",
         "registry_territorio", "registry_topecontabilidad", "registry_ventana"), _CALENDAR,
    ),
    **dict.fromkeys(
        ("audit_versionregla", "books_claseevidencia", "books_cuenta", "books_cuentaevidencia"), _CATALOGUE,
    ),
    "books_estatuscomprobante": "lo que el SAT dice de un CFDI, por su número; de quién es sí tiene muro",
    **dict.fromkeys(("catalogs_acto69b", "catalogs_lista69b", "catalogs_situacion69b"), _SAT),
    **dict.fromkeys(
        ("statutes_articulodeley", "statutes_basepropuesta", "statutes_baseresuelta", "statutes_basesinefecto",
         "statutes_textodeley"), _LAW,
    ),
    **dict.fromkeys(
        ("disclosure_cargahistorica", "disclosure_cargahistoricaretirada", "disclosure_cuentahistorica"), _PAST,
    ),
    "django_session": "se lee antes de saber quién entra; va por la huella del secreto de cada galleta, que no abre "
    "nada, y su contenido va cifrado",
    "registry_nombreusuario": "cómo se llamaba quien actuó, que se muestra con cada acto suyo; lo mismo que la cuenta",
    "registry_proveedor": "RFC y nombre de quien vende, que sus facturas dicen; quién le compra sí tiene muro",
    "registry_registrornp": "padrón de proveedores, el mismo para todos",
    "registry_usuario": "se lee para saber quién entra, antes de que haya alcance: un muro no distingue a quien aún "
    "no entra de quien borra su pase; su RFC dice que dos cuentas son de dos personas (ADR 0185)",
}  # fmt: skip
"""Tables that anybody reads, each with its reason; who writes each, its policy says and `WRITTEN_BY` names."""

_BY_THE_AUTHORITY = """
    books_claseevidencia books_cuenta books_cuentaevidencia catalogs_acto69b catalogs_lista69b
    catalogs_situacion69b disclosure_cargahistorica disclosure_cargahistoricaretirada disclosure_cuentahistorica
    registry_aliassujeto registry_columnasarchivo registry_cargo registry_territorio
    statutes_articulodeley statutes_basepropuesta statutes_baseresuelta statutes_basesinefecto statutes_textodeley
"""
_BY_SOMEBODY = """
    books_comprobante books_conceptocomprobante books_hojaine books_nominacomprobante books_pagodocumento
    books_relacioncomprobante registry_proveedor
"""
_BY_THE_PROGRAM = """
    audit_asunto audit_corrida audit_instantanea books_entrega disclosure_archivopublicado
    disclosure_contabilidadpublicada disclosure_documentopublicado disclosure_procesopublicado
    disclosure_reglapublicada disclosure_sancionpublicada
    filing_acusedeposito filing_cabezaarbol filing_compromiso filing_compromisosinefecto filing_presentacion
    registry_cabeza registry_corte registry_sellocorte registry_sellobitacora
    mail_intento mail_mensaje
    registry_correccionpropuesta registry_propuestacuenta registry_propuestacuentaresuelta registry_pruebarfc
    registry_alcancepersona mail_direccion registry_documentonombramiento registry_relevoresponsable
"""
WRITTEN_BY: dict[str, str] = {
    **dict.fromkeys(READ, "registro"),
    **dict.fromkeys(_BY_THE_AUTHORITY.split(), "autoridad"),
    **dict.fromkeys(_BY_SOMEBODY.split(), "alguien"),
    "mfa_authenticator": "su persona",
    "django_session": "un acto",
    "usersessions_usersession": "un acto",
    **dict.fromkeys(_BY_THE_PROGRAM.split(), "registro"),
}
"""Who writes what anybody reads, what is proposed on accounts, and what a program makes or judges: a service in a scope
that no request has (`registering`), the authority, any person whom a pass names, the person of the row, or an act of
whoever."""


_OF_ITS_ACT = "parte de un acto que su autor firma en la misma transacción"
_FROM_FILE = "la lee el programa de un archivo que alguien entregó, y ese acto sí se firma"
_BY_RULE = "la hace una corrida de reglas, que dice su versión y su instantánea"
_OF_THE_LAW = "el calendario y el padrón, escritos en el alcance del registro por el acto que los abre"
_OF_THE_TREE = "la hace la base o el corte de la noche, y lo publicado la sella"
_SEALED = "lleva la firma electrónica de su autor, que se comprueba con su certificado"
UNSIGNED: dict[str, str] = {
    **dict.fromkeys(
        ("apportionment_parteprorrateo", "banks_ladobanco", "banks_ladolibros", "books_aportacion", "books_contrato",
         "books_ladotransferencia", "books_movimiento", "books_pago", "books_partidaapertura", "books_usocomprobante",
         "books_conceptocomprobante", "books_hojaine", "books_nominacomprobante", "books_pagodocumento",
         "books_relacioncomprobante",
         "audit_observacion_hallazgos", "notices_notificacion", "proceedings_conclusion", "proceedings_determinado",
         "proceedings_documento", "proceedings_oficio_observaciones", "proceedings_partesancion",
         "proceedings_respuesta_polizas", "proceedings_sancion", "proceedings_basedesancion",
         "registry_nombramiento_contabilidades",
         "disclosure_archivopublicado", "disclosure_retiropublicado"), _OF_ITS_ACT,
    ),
    **dict.fromkeys(
        ("banks_lineabancaria", "batch_polizacargada", "books_archivo", "books_comprobante", "catalogs_acto69b",
         "catalogs_renglondetabla", "catalogs_situacion69b", "disclosure_cuentahistorica",
         "statutes_articulodeley"), _FROM_FILE,
    ),
    **dict.fromkeys(
        ("audit_asunto", "audit_cobertura", "audit_corrida", "audit_hallazgo", "audit_instantanea",
         "audit_reglacorrida", "audit_versionregla"), _BY_RULE,
    ),
    **dict.fromkeys(
        ("registry_candidatura", "registry_cargo", "registry_contabilidad", "registry_etapa",
         "registry_integrantecoalicion", "registry_periodo", "registry_proceso", "registry_proveedor",
         "registry_registrornp", "registry_sujetoobligado", "registry_territorio", "registry_ventana"), _OF_THE_LAW,
    ),
    **dict.fromkeys(
        ("filing_cabezaarbol", "registry_cabeza", "registry_corte", "registry_hoja", "registry_nombreusuario",
         "registry_sellocorte"), _OF_THE_TREE,
    ),
    **dict.fromkeys(("filing_preparacion", "filing_presentacion"), _SEALED),
    "filing_acusedeposito": "lo dibuja el programa, del depósito que su autor sí firma",
    "filing_compromisosinefecto": "lo juzga el programa, en el acto que halla que lo firmado no se presenta",
    "registry_cuentabancaria": "la cuenta de unos libros; su aviso y su cierre sí se firman",
    "registry_sellobitacora": "lo hace el programa de un archivo que él mismo midió y selló",
    "mail_intento": "lo escribe el programa que reparte el correo, de lo que dijo el servidor",
}  # fmt: skip
"""Records without the author in their row, each with its reason; every other enters under the pass of who signs it."""

ABOUT: dict[str, str] = {
    "mail_mensaje.persona_id": "a quién se escribe",
    "registry_invitacion.usuario_id": "a quién renueva el enlace",
    "registry_nombramiento.usuario_id": "a quién se nombra",
    "registry_nombreusuario.usuario_id": "de quién es el nombre",
    "registry_propuestacuenta.usuario_id": "de quién es la cuenta",
}
"""Columns of records that name somebody who did not act, each with whom."""


def tables() -> set[str]:
    """Name every table that the application keeps, those of many to many relations among them."""
    return {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}


OF_THE_INSTALLATION = {"django_migrations"}
"""Tables of nobody's data, which no model keeps: what was migrated."""


def kept() -> set[str]:
    """Name every table of the database that this role reads or writes, whoever made it: those of the queue too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND has_table_privilege(oid, 'SELECT, INSERT, UPDATE, DELETE')"
        )
        return {name for (name,) in cursor.fetchall()}


def walled() -> set[str]:
    """Name the tables on which row level security stands with at least one policy."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity"
            " AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)"
        )
        return {name for (name,) in cursor.fetchall()}


def problems() -> list[str]:
    """Say why the walls would not bind this process: its role, its key, a table without a wall. Empty: they stand."""
    return [*_role_problems(), *_table_problems(), *key_problems()]


def _role_problems() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole,"
            " (SELECT count(*) FROM pg_class c WHERE c.relowner IN"
            "  (SELECT o.oid FROM pg_roles o WHERE pg_has_role(r.oid, o.oid, 'MEMBER'))"
            "  AND c.relnamespace = 'public'::regnamespace)"
            " FROM pg_roles r WHERE r.rolname = current_user"
        )
        name, superuser, bypass, creates, owned = cursor.fetchone()
    cure = "Use en DATABASE_URL un rol ordinario, como dice docs/instalacion.md."
    said = (
        (superuser, f"El rol {name} es superusuario y ningún muro lo detiene. {cure}"),
        (bypass, f"El rol {name} tiene BYPASSRLS y ningún muro lo detiene. {cure}"),
        (creates, f"El rol {name} puede crear roles y darse los del dueño. {cure}"),
        (owned, f"El rol {name} es dueño de {owned} tablas, o miembro del dueño, y quita sus muros. {cure}"),
    )
    return [words for found, words in said if found]


def _table_problems() -> list[str]:
    bare = sorted(kept() - walled() - OF_THE_INSTALLATION)
    return [f"La tabla {name} no tiene muro ni razón para no tenerlo. Corra `sif migrar`." for name in bare]


def key_problems() -> list[str]:
    """Say that the database does not take the passes that this process signs: it would show nothing, as if empty."""
    with everything(), connection.cursor() as cursor:
        cursor.execute("SELECT sif_todo()")
        (opened,) = cursor.fetchone()
    if opened:
        return []
    return [
        "La base no reconoce la llave de SIF_LLAVE_ALCANCE: nadie vería nada. Dé la llave con que se migró, o corra "
        "`sif migrar` con esta."
    ]
