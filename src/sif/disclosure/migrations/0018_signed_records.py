"""A record in the name of a person enters under the pass of that person, and so does a job."""

from django.db import migrations

from sif.registry.protection import hold, signed_by_pass

AUTHORS = {
    "anotado_por_id": "books_estatuscomprobante",
    "asignada_por_id": "audit_asignacion",
    "autorizada_por_id": "catalogs_serierecibos",
    "cancelado_por_id": "catalogs_foliocancelado",
    "cargada_por_id": "books_evidencia catalogs_cargadetabla catalogs_lista69b",
    "cargado_por_id": "banks_estadodecuenta",
    "cerrada_por_id": "banks_conciliacionmensual proceedings_conclusioncerrada",
    "cerrado_por_id": "proceedings_dictamencerrado",
    "abierto_por_id": "proceedings_dictamen registry_procesoabierto",
    "consejero_id": "proceedings_voto",
    "contada_por_id": "proceedings_resolucionvotada",
    "dicho_por_id": "registry_aliassujeto",
    "elaborada_por_id": "proceedings_resolucion",
    "emitido_por_id": "proceedings_oficio",
    "escrita_por_id": "banks_explicacionpendiente",
    "expedido_por_id": "books_cep books_reciborepap",
    "fijado_por_id": "registry_topecontabilidad",
    "generado_por_id": "filing_informe",
    "hecha_por_id": "audit_redaccion books_evidenciasinefecto",
    "hecho_por_id": """
        apportionment_prorrateo audit_comentario audit_descarte audit_observacionsinefecto audit_pedidorespondido
        audit_propuestaresuelta audit_reparto banks_enlace banks_enlacedeshecho books_cancelacioncep
        books_cancelacionrepap books_firmacep catalogs_bajaactivo catalogs_cancelacioncasa
        disclosure_publicacionretirada proceedings_analisisconclusion proceedings_determinadorevocado
        registry_avisocuenta registry_cancelacioncontabilidad registry_cancelacioncuenta registry_finnombramiento registry_propuestacuentaresuelta
    """,
    "informado_por_id": "apportionment_avisoporcentajes",
    "invitada_por_id": "registry_invitacion",
    "nombrado_por_id": "registry_nombramiento",
    "pedido_por_id": "audit_pedido",
    "persona_id": "audit_miradaauditoria jobs_trabajo registry_mirada registry_suceso",
    "presentada_por_id": "proceedings_respuesta",
    "presentado_por_id": "books_avisocontratacion",
    "propuesta_por_id": "audit_propuesta disclosure_publicacionpropuesta registry_propuestacuenta",
    "propuesto_por_id": "disclosure_retiropropuesto proceedings_oficiopropuesto registry_calendariopropuesto",
    "publicada_por_id": "disclosure_publicacion",
    "registrada_por_id": """
        books_poliza catalogs_casacampana catalogs_evento catalogs_fichaproveedor catalogs_personasujeto
        catalogs_resolucionporpagar registry_aportante registry_persona
    """,
    "registrado_por_id": """
        books_movimientoinventario catalogs_activofijo catalogs_articulo catalogs_credito catalogs_proyecto
    """,
    "retirado_por_id": "proceedings_oficioretirado",
    "revocada_por_id": "batch_revocacionclave",
    "sometida_por_id": "proceedings_resolucionsometida",
    "usada_por_id": "registry_cierreinvitacion",
    "usuario_id": "batch_claveapi batch_peticionapi notices_lecturanotificacion",
    "CASE WHEN reemplaza_a_id IS NULL THEN adoptada_por_id ELSE registrada_por_id END": "audit_observacion",
}  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0017_second_eyes_have_rfc"),
        ("apportionment", "0003_records"),
        ("audit", "0013_looks"),
        ("banks", "0005_links_are_records"),
        ("books", "0018_lines_in_the_leaf"),
        ("catalogs", "0010_events_are_versions"),
        ("filing", "0005_records"),
        ("jobs", "0001_initial"),
        ("notices", "0003_records"),
        ("proceedings", "0009_who_opened_a_dictamen"),
        ("registry", "0027_who_appointed"),
    ]
    operations = [
        migrations.RunSQL(
            "".join(signed_by_pass(table, author) for author, tables in AUTHORS.items() for table in tables.split())
            + hold("jobs_trabajo", "persona_id", "tipo", "clave", "referencia", "contabilidad_id", "pedido_el")
        )
    ]
