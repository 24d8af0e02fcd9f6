"""Addresses that take what is sent and ask nobody to confirm who acts, by the reason why."""

EXEMPT: dict[str, str] = {
    "each seal it brings was made with the e.firma of who presents, which no session holds": """
        party:firmas_enviadas party:presentar
    """,
    "it enters, leaves or proves who the person is, and asks by itself what it needs": """
        /cuenta/2fa/authenticate/ /cuenta/password/reset/ /cuenta/password/reset/<path:rest>
        /cuenta/confirm-email/ /cuenta/confirm-email/<path:rest> /cuenta/oidc/institucion/login/
        /cuenta/oidc/institucion/login/callback/ /cuenta/signup/ account_login account_logout account_signup
        account_reauthenticate account_email_verification_sent account_reset_password account_confirm_login_code
        account_confirm_email account_reset_password_from_key confirmar invitacion mfa_authenticate mfa_reauthenticate
        mfa_reauthenticate_webauthn mfa_login_webauthn openid_connect_login openid_connect_callback socialaccount_signup
        /cuenta/social/login/cancelled/ /cuenta/social/login/error/ /cuenta/social/signup/
    """,
    "the library of accounts asks by itself before it changes a credential": """
        /cuenta/email/ account_email account_change_password account_set_password mfa_activate_totp mfa_deactivate_totp
        mfa_generate_recovery_codes mfa_add_webauthn mfa_remove_webauthn mfa_edit_webauthn
    """,
    "it ends sessions or links of one's own, which who finds a session open gains nothing by": """
        /cuenta/sessions/ /cuenta/social/connections/ sesion_cerrar sigo socialaccount_connections usersessions_list
    """,
    "it writes no record: it chooses what is seen, keeps a view, or gives a text to be signed elsewhere": """
        auditor:etapas council:etapas auditor:guardar_vista auditor:borrar_vista mi_rfc_cadena party:cadena
        party:firmar_cadenas public:sellado
        party:auxiliares party:por_clave party:libro party:revision_pedir
    """,
    "a program acts with its key, which was made after asking again (`party:lotes_claves`)": """
        api:openapi-json api:openapi-view api:my_books api:accounts api:post_polizas api:polizas api:balance api:lots
        api:lot api:api-root
    """,
    "everyday bookkeeping, which nothing closes: it is reversed by another record, and presenting it asks again": """
        party:corregir party:copiar party:poliza_plantilla party:adjuntar party:evidencia_ver party:subidas party:subida
        party:empezar party:plantilla party:borrador party:cfdi party:cfdi_decidir party:proponer
        party:prorrateo_escribir party:prorratear party:prorrateo_revertir party:traspaso
        party:lotes party:lotes_sat party:lote party:lote_fila party:lote_equivalencias party:entrada party:salida
        party:revertir party:aportacion_nueva party:aportacion_en party:generar party:apertura
        party:generar_varios
    """,
    "everyday work on bank statements, which changes no póliza": """
        party:banco_recibir party:banco_columnas party:banco_cuentas party:banco_aceptar party:banco_deshacer
        party:banco_enlazar party:banco_registrar party:banco_partida party:conciliacion
    """,
    "it enters in a catalogue of the subject; what stood before stays, and signing a receipt asks again": """
        party:evento_nuevo party:evento_cambiar party:evento_cancelar party:evento_realizado
        party:contrato_nuevo party:casa_nueva party:casa party:articulo_nuevo party:activo_nuevo
        party:activo party:repap_nuevo party:repap_recibo party:cep_nuevo party:cep party:credito_nuevo
        party:proyecto_nuevo party:partida_nueva party:partida_traspaso party:resolucion_nueva
        party:proveedor_nuevo party:proveedor
        party:proveedor_editar
        party:aportantes party:aportante_nuevo party:aportante party:aportante_editar party:serie_nueva party:serie
        party:cuenta_nueva party:cuenta party:gente party:persona_nueva party:persona party:persona_editar
    """,
    "it records that the person read a notification: it favours whoever notified, and asks for no will": "party:leer",
    "everyday work of audit, done by the hundred: each decision needs another person, and issuing asks again": """
        auditor:masa auditor:decidir auditor:resolver auditor:anotar auditor:papeles auditor:repartir
        auditor:terminar_reparto auditor:lista_69b auditor:lista auditor:matriz auditor:aplicar_matriz auditor:corridas
        auditor:sin_efecto
    """,
    "a draft of the dictamen: it has no effect until it is closed, which asks again (`auditor:cerrar_dictamen`)": """
        auditor:abrir_dictamen auditor:conclusion
    """,
    "a draft of the resolución: it has no effect until it is submitted, voted and counted, which ask again": """
        council:proyecto
    """,
    "it proposes, or loads a text; who confirms is another person, and is asked again (`council:base_resolver`)": """
        council:leyes_proponer council:leyes_textos council:base
    """,
    "it proposes, or shows before it is kept; approving asks (`propuesta`, `:correccion`, `:fechas`)": """
        administration:proceso_nuevo administration:calendario administration:proceso administration:sujeto_corregir
        administration:candidatura_corregir administration:fechas_mover administration:candidaturas_cargar
        administration:carga_columnas
        administration:topes administration:topes_formula administration:historico_nuevo personas_archivo
    """,
    "it enters subjects and candidacies as the authority resolved elsewhere; ending or correcting asks": """
        administration:carga administration:candidatura_nueva administration:libros_nuevos administration:sujeto_nuevo
        administration:financiamiento administration:emblema_nuevo
    """,
    "it puts in turn again a message that an act queued, which asked then; its text does not change": """
        administration:correo_reintentar
    """,
    "it asks for a job, or stops one of one's own; what the job writes was asked at its page": """
        trabajos:aparte trabajos:cancelar trabajos:seguir
    """,
    "it writes down what SAT says of invoices, each answer beside those of before; nothing is signed nor closed": """
        auditor:estatus_sat auditor:estatus_preguntar
    """,
}
