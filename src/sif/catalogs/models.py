"""Define the tables of houses, events, articles, assets, credits, people and folios."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sif.registry.versions import Act, Cancellable, Version


class CasaCampana(Cancellable):
    """A campaign house; rented it has a cost, lent it has a valuation, both in centavos. Never changed."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="casas")
    nombre = models.CharField(max_length=120)
    titulo = models.CharField(
        max_length=14,
        choices=[("propiedad", "Propiedad"), ("comodato", "Comodato"), ("arrendamiento", "Arrendamiento")],
    )
    propietario = models.CharField(max_length=160)
    entidad = models.CharField(max_length=3)
    municipio = models.CharField(max_length=80)
    domicilio = models.CharField(max_length=250)
    desde = models.DateField()
    hasta = models.DateField()
    costo = models.BigIntegerField(default=0)
    valuacion = models.BigIntegerField(default=0)
    registrada_el = models.DateTimeField()
    registrada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "casa de campaña"
        constraints = [
            models.UniqueConstraint(fields=["id", "contabilidad"], name="casa_con_su_contabilidad"),
            models.CheckConstraint(condition=Q(hasta__gte=F("desde")), name="casa_dias_en_orden"),
            models.CheckConstraint(condition=Q(costo__gte=0, valuacion__gte=0), name="casa_montos"),
        ]


class CancelacionCasa(Act):
    """The act that leaves a campaign house without effect, with its reason. Never changed."""

    casa = models.OneToOneField(CasaCampana, models.PROTECT, related_name="cancelacion")
    motivo = models.CharField(max_length=200)

    class Meta:
        verbose_name = "cancelación de casa de campaña"


class Evento(Version):
    """A version of an event of the agenda; each change, its cancellation and its being held is another."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="eventos")
    numero = models.PositiveIntegerField()
    nombre = models.CharField(max_length=160)
    tipo = models.CharField(max_length=8, choices=[("publico", "Público"), ("privado", "Privado")])
    oneroso = models.BooleanField()
    fecha = models.DateField()
    hora_inicio = models.TimeField()
    hora_fin = models.TimeField()
    entidad = models.CharField(max_length=3)
    municipio = models.CharField(max_length=80)
    lugar = models.CharField(max_length=250)
    responsable = models.CharField(max_length=160)
    estatus = models.CharField(
        max_length=12,
        choices=[("por_realizar", "Por realizar"), ("realizado", "Realizado"), ("cancelado", "Cancelado")],
        default="por_realizar",
    )

    class Meta:
        verbose_name = "evento"
        constraints = [
            models.UniqueConstraint(
                fields=["contabilidad", "numero"], name="evento_numero_unico", condition=Q(reemplaza_a=None)
            ),
            models.CheckConstraint(condition=Q(hora_fin__gt=F("hora_inicio")), name="evento_horas_en_orden"),
        ]
        indexes = [models.Index(fields=["contabilidad", "fecha"], name="evento_por_fecha")]


class Articulo(models.Model):
    """An article kept in a warehouse; its stock is derived from the movements of its kárdex."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="articulos")
    clave = models.CharField(max_length=30)
    nombre = models.CharField(max_length=160)
    unidad = models.CharField(max_length=30)
    clase = models.CharField(
        max_length=12,
        choices=[
            ("electoral", "Propaganda electoral"),
            ("utilitaria", "Propaganda utilitaria"),
            ("editorial", "Tareas editoriales"),
        ],
    )
    registrado_el = models.DateTimeField()
    registrado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "artículo de inventario"
        constraints = [models.UniqueConstraint(fields=["contabilidad", "clave"], name="articulo_clave_unica")]


class ActivoFijo(models.Model):
    """A fixed asset; cost in centavos, never changed. Its depreciation is derived from its life in months (0: none)."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="activos")
    numero = models.CharField(max_length=30)
    descripcion = models.CharField(max_length=200)
    cuenta = models.CharField(max_length=14)
    adquirido_el = models.DateField()
    costo = models.BigIntegerField()
    vida_meses = models.PositiveSmallIntegerField(default=0)
    ubicacion = models.CharField(max_length=200)
    resguardante = models.CharField(max_length=160)
    registrado_el = models.DateTimeField()
    registrado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "activo fijo"
        constraints = [
            models.UniqueConstraint(fields=["id", "contabilidad"], name="activo_con_su_contabilidad"),
            models.UniqueConstraint(fields=["contabilidad", "numero"], name="activo_numero_unico"),
            models.CheckConstraint(condition=Q(costo__gt=0), name="activo_costo"),
        ]

    @property
    def baja_el(self) -> date | None:
        """Return the day from which it is written off; None while it is in use."""
        act = getattr(self, "baja", None)
        return act.desde if act else None

    @property
    def motivo(self) -> str:
        """Return why it was written off; '' while it is in use."""
        act = getattr(self, "baja", None)
        return act.motivo if act else ""


class BajaActivo(Act):
    """The act that writes off a fixed asset from a day on, with its reason. Never changed."""

    activo = models.OneToOneField(ActivoFijo, models.PROTECT, related_name="baja")
    desde = models.DateField()
    motivo = models.CharField(max_length=200)

    class Meta:
        verbose_name = "baja de activo fijo"


class Credito(models.Model):
    """A credit that some books owe; amount in centavos, yearly rate in basis points."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="creditos")
    numero = models.CharField(max_length=40)
    acreedor = models.CharField(max_length=160)
    contratado_el = models.DateField()
    vence_el = models.DateField()
    monto = models.BigIntegerField()
    tasa_pb = models.PositiveIntegerField(default=0)
    registrado_el = models.DateTimeField()
    registrado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "crédito"
        constraints = [
            models.UniqueConstraint(fields=["contabilidad", "numero"], name="credito_numero_unico"),
            models.CheckConstraint(condition=Q(monto__gt=0), name="credito_monto"),
        ]


class Proyecto(models.Model):
    """A project of a subject's yearly programme of work (PAT)."""

    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="proyectos")
    clave = models.CharField(max_length=30)
    nombre = models.CharField(max_length=200)
    rubro = models.CharField(
        max_length=24,
        choices=[
            ("actividades_especificas", "Actividades específicas"),
            ("liderazgo_mujeres", "Liderazgo de las mujeres"),
            ("liderazgo_jovenes", "Liderazgos juveniles"),
        ],
    )
    anio = models.PositiveSmallIntegerField()
    registrado_el = models.DateTimeField()
    registrado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "proyecto del PAT"
        constraints = [models.UniqueConstraint(fields=["sujeto", "anio", "clave"], name="proyecto_unico")]


class ResolucionPorPagar(models.Model):
    """A resolution of the authority that leaves a subject owing money; amount in centavos."""

    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="resoluciones_por_pagar")
    clave = models.CharField(max_length=40)
    concepto = models.CharField(max_length=200)
    aprobada_el = models.DateField()
    monto = models.BigIntegerField()
    registrada_el = models.DateTimeField()
    registrada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "resolución por pagar"
        constraints = [
            models.UniqueConstraint(fields=["sujeto", "clave"], name="resolucion_por_pagar_unica"),
            models.CheckConstraint(condition=Q(monto__gt=0), name="resolucion_por_pagar_monto"),
        ]


class PersonaSujeto(Version):
    """A version of a person as a subject deals with them: employee, fees, REPAP, representative, keeper of cash."""

    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="personas")
    persona = models.ForeignKey("registry.Persona", models.PROTECT, related_name="sujetos")
    relacion = models.CharField(
        max_length=14,
        choices=[
            ("empleo", "Empleo"),
            ("honorarios", "Honorarios"),
            ("repap", "REPAP"),
            ("representante", "Representante"),
            ("caja", "Responsable de caja"),
        ],
    )
    clave_elector = models.CharField(max_length=18, blank=True)
    domicilio = models.CharField(max_length=250, blank=True)
    desde = models.DateField()
    hasta = models.DateField(default="9999-12-31")

    class Meta:
        verbose_name = "persona del sujeto"
        constraints = [
            models.UniqueConstraint(
                fields=["sujeto", "persona", "relacion", "desde"],
                name="persona_sujeto_unica",
                condition=Q(reemplaza_a=None),
            )
        ]


class FichaProveedor(Version):
    """A version of what a subject keeps of a supplier besides its RFC and name."""

    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="fichas_proveedor")
    proveedor = models.ForeignKey("registry.Proveedor", models.PROTECT, related_name="fichas")
    curp = models.CharField(max_length=18, blank=True)
    representante = models.CharField(max_length=160, blank=True)
    domicilio = models.CharField(max_length=250, blank=True)
    clabe = models.CharField(max_length=18, blank=True)

    class Meta:
        verbose_name = "ficha de proveedor"
        constraints = [
            models.UniqueConstraint(
                fields=["sujeto", "proveedor"], name="ficha_proveedor_unica", condition=Q(reemplaza_a=None)
            )
        ]


class SerieRecibos(models.Model):
    """A series of controlled folios of receipts; which are used is derived from the contributions that cite them."""

    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="series_recibos")
    clave = models.CharField(max_length=16, help_text="RMEF, RMES, RSEF, RSES…")
    desde = models.PositiveIntegerField()
    hasta = models.PositiveIntegerField()
    autorizada_el = models.DateTimeField()
    autorizada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "serie de recibos"
        constraints = [
            models.UniqueConstraint(fields=["sujeto", "clave", "desde"], name="serie_recibos_unica"),
            models.CheckConstraint(condition=Q(hasta__gte=F("desde")), name="serie_folios_en_orden"),
        ]


class FolioCancelado(models.Model):
    """A folio of a series that was cancelled and is kept. Never changed."""

    serie = models.ForeignKey(SerieRecibos, models.PROTECT, related_name="cancelados")
    numero = models.PositiveIntegerField()
    motivo = models.CharField(max_length=200)
    cancelado_el = models.DateTimeField()
    cancelado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "folio cancelado"
        constraints = [models.UniqueConstraint(fields=["serie", "numero"], name="folio_cancelado_unico")]


class Lista69b(models.Model):
    """A publication of SAT's list of article 69-B of the tax code, as the authority loaded it. Never changed."""

    publicada_el = models.DateField(unique=True)
    sha256 = models.CharField(max_length=64)
    renglones = models.PositiveIntegerField()
    contribuyentes = models.PositiveIntegerField(null=True)
    repetidos = models.PositiveIntegerField(null=True, help_text="renglones de quien tiene más de uno, sin el primero")
    descartados = models.JSONField(null=True, help_text="renglones que no entraron: número y motivo")
    cargada_el = models.DateTimeField()
    cargada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    class Meta:
        verbose_name = "lista del artículo 69-B"

    def as_dict(self) -> dict[str, object]:
        """The shape that `sif listas cargar 69b --json` prints; one kept before rows were told had no repeats told."""
        return {
            "renglones": self.renglones,
            "contribuyentes": self.renglones if self.contribuyentes is None else self.contribuyentes,
            "repetidos": self.repetidos or 0,
            "descartados": self.descartados or [],
        }


class Situacion69b(models.Model):
    """The situation of a taxpayer in a publication of the list, by its latest row, with the day of each act."""

    class Situacion(models.TextChoices):
        """Situations of the list."""

        PRESUNTO = "presunto", "Presunto"
        DESVIRTUADO = "desvirtuado", "Desvirtuado"
        DEFINITIVO = "definitivo", "Definitivo"
        FAVORABLE = "favorable", "Sentencia favorable"

    lista = models.ForeignKey(Lista69b, models.PROTECT, related_name="situaciones")
    rfc = models.CharField(max_length=13, db_index=True)
    nombre = models.CharField(max_length=250)
    situacion = models.CharField(max_length=12, choices=Situacion.choices)
    presunto_el = models.DateField(null=True)
    desvirtuado_el = models.DateField(null=True)
    definitivo_el = models.DateField(null=True)
    favorable_el = models.DateField(null=True)
    renglon = models.PositiveIntegerField(null=True, help_text="el que la da, por su número en el archivo")

    class Meta:
        verbose_name = "situación en la lista 69-B"
        constraints = [models.UniqueConstraint(fields=["lista", "rfc"], name="situacion_69b_unica")]


class Acto69b(models.Model):
    """An act that a row of a publication tells of a taxpayer, and its day; a taxpayer with several rows has all."""

    lista = models.ForeignKey(Lista69b, models.PROTECT, related_name="actos")
    rfc = models.CharField(max_length=13)
    situacion = models.CharField(max_length=12, choices=Situacion69b.Situacion.choices)
    fecha = models.DateField()
    renglon = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = "acto en la lista 69-B"
        indexes = [models.Index(fields=["lista", "rfc"], name="acto_69b_de_quien")]


class CargaDeTabla(models.Model):
    """A list that the authority loaded for the rules, whole, as it stood on a day. Never changed: a later one rules.

    etapa None: one list for every process; secreta: only the authority's own review reads it.
    """

    tabla = models.CharField(max_length=40)
    etapa = models.ForeignKey("registry.Etapa", models.PROTECT, null=True, related_name="tablas_cargadas")
    al = models.DateField()
    archivo = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    renglones = models.PositiveIntegerField()
    secreta = models.BooleanField()
    cargada_el = models.DateTimeField()
    cargada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "carga de una lista de la autoridad"
        indexes = [models.Index(fields=["tabla", "etapa", "al"], name="carga_de_tabla_vigente")]


class RenglonDeTabla(models.Model):
    """A row of a list: the cells that rules read, by name of column, amounts in centavos and days as ISO."""

    carga = models.ForeignKey(CargaDeTabla, models.PROTECT, related_name="filas")
    numero = models.BigIntegerField()
    secreta = models.BooleanField()
    valores = models.JSONField()

    class Meta:
        verbose_name = "renglón de una lista de la autoridad"
        constraints = [models.UniqueConstraint(fields=["carga", "numero"], name="renglon_de_tabla_unico")]
