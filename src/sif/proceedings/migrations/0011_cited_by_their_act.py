"""What is notified and what is kept as a document is of an act of the same transaction, as the database asks at its end.

A document or a notification enters before the act that cites it; so it is asked when the transaction ends.
"""

from django.db import migrations

from sif.registry.protection import cited

DOCUMENT = """
    EXISTS (SELECT FROM public.proceedings_oficio a WHERE a.documento_id = NEW.id)
    OR EXISTS (SELECT FROM public.proceedings_dictamencerrado a WHERE a.documento_id = NEW.id)
    OR EXISTS (SELECT FROM public.proceedings_resolucion a WHERE a.proyecto_id = NEW.id)
    OR EXISTS (SELECT FROM public.proceedings_resolucionvotada a WHERE a.documento_id = NEW.id)
"""
NOTICE = """
    EXISTS (SELECT FROM public.proceedings_oficio a JOIN public.proceedings_documento d ON d.id = a.documento_id
        WHERE a.notificacion_id = NEW.id AND a.sujeto_id = NEW.sujeto_id AND a.numero = NEW.acto
          AND d.pdf_sha256 = NEW.documento_sha256)
    OR EXISTS (SELECT FROM public.proceedings_resolucionvotada a
        JOIN public.proceedings_documento d ON d.id = a.documento_id
        JOIN public.proceedings_resolucion r ON r.id = a.resolucion_id
        JOIN public.proceedings_dictamen x ON x.id = r.dictamen_id
        WHERE a.estado = 'aprobada' AND x.sujeto_id = NEW.sujeto_id AND r.numero = NEW.acto
          AND d.pdf_sha256 = NEW.documento_sha256 AND public.sif_of_this_transaction(a.xmin))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("proceedings", "0010_bases_of_sanctions"),
        ("notices", "0003_records"),
        ("registry", "0030_rights_by_who_may"),
    ]
    operations = [
        migrations.RunSQL(cited("proceedings_documento", DOCUMENT) + cited("notices_notificacion", NOTICE))
    ]
