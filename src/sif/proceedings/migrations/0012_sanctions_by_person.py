"""Add to a sanction its kind of person and fraction, and refuse fines of zero; those of before stay."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q

OF_BEFORE = "vacío: lo impuesto antes de que se guardara"
PAID = ["multa", "un_tanto_igual", "reduccion"]


def _word(longest: int) -> models.CharField:
    return models.CharField(max_length=longest, null=True, help_text=OF_BEFORE)


class Migration(migrations.Migration):
    dependencies = [("proceedings", "0011_cited_by_their_act")]
    operations = [
        migrations.AlterField("sancion", "forma", models.CharField(max_length=16)),
        migrations.AddField("sancion", "persona", _word(16)),
        migrations.AddField("sancion", "articulo", _word(40)),
        migrations.AddField("sancion", "maximo", models.BigIntegerField(null=True, help_text="lo más que admite esa forma; vacío: no tiene máximo en pesos")),
        migrations.AddField("sancion", "sobrante", models.BigIntegerField(null=True, help_text="lo que pasa del máximo y no puede sancionarse")),
        migrations.AddField("sancion", "uma_del", models.DateField(null=True, help_text="día cuya UMA se multiplica")),
        migrations.AddField("sancion", "ministracion", models.BigIntegerField(null=True, help_text="la mensual de la que se reduce, si se conoce")),
        migrations.AddField("sancion", "porcentaje_mensual_pb", models.PositiveIntegerField(null=True, help_text="parte de cada ministración que se reduce")),
        migrations.AddField("sancion", "meses", models.PositiveIntegerField(null=True, help_text="meses en que se reduce; el último, lo que falte")),
        migrations.AddField("sancion", "anteriores", models.JSONField(null=True, help_text="resoluciones firmes por las que reincide")),
        migrations.AddField("sancion", "vistas", models.JSONField(null=True, help_text="lo que la ley deja a quien decide")),
        migrations.RemoveConstraint("sancion", "sancion_forma"),
        migrations.AddConstraint("sancion", models.CheckConstraint(condition=Q(forma__in=[*PAID, "amonestacion", "vista"]), name="sancion_forma")),
        # A row of before may be a fine of zero, with no person nor article: only what enters from now on is held.
        AddConstraintNotValid("sancion", models.CheckConstraint(
            condition=Q(persona__isnull=False, articulo__isnull=False, uma_del__isnull=False),
            name="sancion_con_su_base")),
        AddConstraintNotValid("sancion", models.CheckConstraint(
            condition=Q(forma__in=PAID, monto__gt=0) | (~Q(forma__in=PAID) & Q(monto=0)),
            name="sancion_ninguna_multa_de_cero")),
        migrations.AddConstraint("sancion", models.CheckConstraint(
            condition=Q(maximo__isnull=True) | Q(monto__lte=F("maximo")), name="sancion_hasta_su_maximo")),
        migrations.AddConstraint("sancion", models.CheckConstraint(
            condition=~Q(forma__in=["reduccion", "un_tanto_igual"]) | Q(persona="partido"),
            name="sancion_propia_de_un_partido")),
        migrations.AddConstraint("sancion", models.CheckConstraint(
            condition=Q(meses__isnull=True)
            | Q(forma="reduccion", meses__gt=0, porcentaje_mensual_pb__gt=0, ministracion__gt=0),
            name="sancion_por_meses_si_se_reduce")),
        AddConstraintNotValid("partesancion", models.CheckConstraint(
            condition=Q(monto__gt=0), name="parte_sancion_de_algo")),
    ]
