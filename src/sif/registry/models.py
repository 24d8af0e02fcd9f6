"""Define the tables of processes, subjects, candidacies, contabilidades, people and roles."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Concat

from sif.registry.access_models import AlcancePersona as AlcancePersona
from sif.registry.access_models import Limite as Limite
from sif.registry.access_models import Mirada as Mirada
from sif.registry.access_models import Suceso as Suceso
from sif.registry.appointment_models import DocumentoNombramiento as DocumentoNombramiento
from sif.registry.appointment_models import RelevoResponsable as RelevoResponsable
from sif.registry.bank_models import AvisoCuenta as AvisoCuenta
from sif.registry.bank_models import CancelacionCuenta as CancelacionCuenta
from sif.registry.bank_models import CuentaBancaria as CuentaBancaria
from sif.registry.clock import legal_day
from sif.registry.closing_models import CierrePropuesto as CierrePropuesto
from sif.registry.closing_models import CierreResuelto as CierreResuelto
from sif.registry.coalition_models import ConvenioCoalicion as ConvenioCoalicion
from sif.registry.coalition_models import IntegranteCoalicion as IntegranteCoalicion
from sif.registry.correction_models import CorreccionPropuesta as CorreccionPropuesta
from sif.registry.correction_models import CorreccionResuelta as CorreccionResuelta
from sif.registry.emblem_models import EmblemaSujeto as EmblemaSujeto
from sif.registry.folding import Folded
from sif.registry.invitation_models import CierreInvitacion as CierreInvitacion
from sif.registry.invitation_models import Invitacion as Invitacion
from sif.registry.invitation_models import PropuestaCuenta as PropuestaCuenta
from sif.registry.invitation_models import PropuestaCuentaResuelta as PropuestaCuentaResuelta
from sif.registry.leaves import Cabeza as Cabeza
from sif.registry.leaves import Corte as Corte
from sif.registry.leaves import Hoja as Hoja
from sif.registry.leaves import SelloBitacora as SelloBitacora
from sif.registry.leaves import SelloCorte as SelloCorte
from sif.registry.leaving_models import FinCandidatura as FinCandidatura
from sif.registry.leaving_models import RestitucionCandidatura as RestitucionCandidatura
from sif.registry.leaving_models import SustitucionCandidatura as SustitucionCandidatura
from sif.registry.leaving_models import left_on
from sif.registry.moving_models import FechasPropuestas as FechasPropuestas
from sif.registry.moving_models import FechasResueltas as FechasResueltas
from sif.registry.names import NombreUsuario as NombreUsuario
from sif.registry.names import name_at
from sif.registry.process_models import CalendarioCerrado as CalendarioCerrado
from sif.registry.process_models import CalendarioPropuesto as CalendarioPropuesto
from sif.registry.process_models import ProcesoAbierto as ProcesoAbierto
from sif.registry.proof_models import PruebaRfc as PruebaRfc
from sif.registry.scope import registering
from sif.registry.supplier_models import Proveedor as Proveedor
from sif.registry.supplier_models import RegistroRnp as RegistroRnp
from sif.registry.versions import Act, Version


class Ambito(models.TextChoices):
    """Scope of an election."""

    FEDERAL = "federal", "Federal"
    LOCAL = "local", "Local"


class Proceso(models.Model):
    """An electoral process or a fiscal year that is audited as one."""

    clave = models.CharField(max_length=40, unique=True)
    nombre = models.CharField(max_length=160)
    ambito = models.CharField(max_length=8, choices=Ambito.choices)
    entidad = models.CharField(max_length=3, blank=True)
    anio = models.PositiveSmallIntegerField()
    jornada_el = models.DateField(null=True)

    class Meta:
        verbose_name = "proceso"


class Etapa(models.Model):
    """A stage of a process; its review follows the terms of law or of the accord it names."""

    class Tipo(models.TextChoices):
        """Kinds of stage."""

        ORDINARIO = "ordinario", "Ordinario"
        PRECAMPANA = "precampana", "Precampaña"
        APOYO_CIUDADANO = "apoyo_ciudadano", "Apoyo ciudadano"
        CAMPANA = "campana", "Campaña"

    proceso = models.ForeignKey(Proceso, models.PROTECT, related_name="etapas")
    tipo = models.CharField(max_length=16, choices=Tipo.choices)
    inicia_el = models.DateField()
    termina_el = models.DateField()
    acuerdo = models.CharField(max_length=40, blank=True, help_text="acuerdo que cambia los plazos; vacío: los de ley")
    plazos = models.JSONField(null=True, help_text="los seis plazos del acuerdo, en días")

    class Meta:
        verbose_name = "etapa"
        constraints = [
            models.UniqueConstraint(fields=["proceso", "tipo"], name="etapa_unica"),
            models.CheckConstraint(condition=Q(termina_el__gte=F("inicia_el")), name="etapa_dias_en_orden"),
        ]


def place_words(nombre: str, tipo: str) -> str:
    """Return a place as a person reads it: the number of a district is said with its noun."""
    if not nombre[:1].isdigit():
        return nombre
    return f"{'Circunscripción' if tipo == 'circunscripcion' else tipo.capitalize()} {nombre}"


class Territorio(models.Model):
    """A territory where an office is contested: country, state, district, municipality."""

    clave = models.CharField(max_length=24, unique=True)
    nombre = models.CharField(max_length=120)
    tipo = models.CharField(max_length=16)
    entidad = models.CharField(max_length=3)

    class Meta:
        verbose_name = "territorio"

    @property
    def lugar(self) -> str:
        """Return its name as a person reads it: «Distrito 1», «Distrito 11-ECATEPEC», never a bare number."""
        return place_words(self.nombre, self.tipo)


class Cargo(models.Model):
    """An office contested; `columna` is its column in the apportionment of [LGPP 83.2] (P, S, D, L)."""

    clave = models.CharField(max_length=32, unique=True)
    nombre = models.CharField(max_length=80)
    ambito = models.CharField(max_length=8, choices=Ambito.choices)
    columna = models.CharField(max_length=1)

    class Meta:
        verbose_name = "cargo"


class SujetoObligado(models.Model):
    """A subject bound to report. `numero` opens the key of its conclusions, as in 6_C38_FD."""

    class Tipo(models.TextChoices):
        """Kinds of subject."""

        PARTIDO = "partido", "Partido político nacional"
        PARTIDO_LOCAL = "partido_local", "Partido político local"
        COALICION = "coalicion", "Coalición"
        COMUN = "comun", "Candidatura común"
        INDEPENDIENTE = "independiente", "Candidatura independiente"
        ASPIRANTE = "aspirante", "Aspirante a candidatura independiente"
        AGRUPACION = "agrupacion", "Agrupación política"
        OBSERVADORES = "observadores", "Organización de observadores"
        EN_FORMACION = "en_formacion", "Organización que busca ser partido"

    tipo = models.CharField(max_length=16, choices=Tipo.choices)
    numero = models.CharField(max_length=8, unique=True)
    siglas = models.CharField(max_length=16, unique=True)
    nombre = models.CharField(max_length=120)
    rfc = models.CharField(max_length=13, blank=True)

    class Meta:
        verbose_name = "sujeto obligado"


class Persona(Version):
    """A version of a natural person who contends for an office or deals with a subject; a CURP is of one person."""

    nombre = models.CharField(max_length=120)
    curp = models.CharField(max_length=18, null=True)  # noqa: DJ001 - of one person where known
    rfc = models.CharField(max_length=13, blank=True)
    sexo = models.CharField(max_length=10, blank=True)

    class Meta:
        verbose_name = "persona"
        constraints = [
            ExclusionConstraint(
                name="persona_una_por_curp",
                expressions=[("curp", RangeOperators.EQUAL), ("identidad", RangeOperators.NOT_EQUAL)],
            )
        ]


class Candidatura(models.Model):
    """A person nominated by a subject for an office in a territory, at one stage.

    `aprobada_el`: the day from which it contends, as the accord that approved it says. Both are null where nobody knew
    them when it was registered; its books then owe from the day on which they were opened (ADR 0240).
    """

    etapa = models.ForeignKey(Etapa, models.PROTECT, related_name="candidaturas")
    persona = models.ForeignKey(Persona, models.PROTECT, related_name="candidaturas")
    sujeto = models.ForeignKey(SujetoObligado, models.PROTECT, related_name="candidaturas")
    cargo = models.ForeignKey(Cargo, models.PROTECT)
    territorio = models.ForeignKey(Territorio, models.PROTECT)
    folio = models.CharField(max_length=40, help_text="folio del registro de candidaturas")
    aprobada_el = models.DateField(null=True)
    acuerdo_aprobacion = models.CharField(max_length=60, null=True)  # noqa: DJ001 - null leaves the leaf as it was

    class Meta:
        verbose_name = "candidatura"
        constraints = [
            models.UniqueConstraint(fields=["etapa", "folio"], name="candidatura_folio_unico"),
            models.CheckConstraint(
                condition=Q(acuerdo_aprobacion=None) | Q(aprobada_el__isnull=False) & ~Q(acuerdo_aprobacion=""),
                name="candidatura_acuerdo_con_su_dia",
            ),
        ]

    @property
    def en_palabras(self) -> str:
        """Return who contends, for which office and where, as documents name it."""
        return f"{self.persona.nombre}, {self.cargo.nombre}, {self.territorio.lugar}"


class Contabilidad(models.Model):
    """One set of books, with the number of up to six digits that invoices carry. Never changed.

    Its spending cap and its cancellation are rows beside it, which `tope` (in centavos) and `estatus` read. Read them
    after the lock of the row, never joined to the statement that takes the lock: that would see them as they were.
    """

    class Clase(models.TextChoices):
        """Kinds of books."""

        CANDIDATURA = "candidatura", "Candidatura"
        CONCENTRADORA = "concentradora", "Concentradora"
        ORDINARIA = "ordinaria", "Ordinaria"

    class Estatus(models.TextChoices):
        """States of a set of books; only active books record."""

        ACTIVA = "activa", "Activa"
        CANCELADA = "cancelada", "Cancelada"

    id = models.BigIntegerField(primary_key=True)
    etapa = models.ForeignKey(Etapa, models.PROTECT, related_name="contabilidades")
    sujeto = models.ForeignKey(SujetoObligado, models.PROTECT, related_name="contabilidades")
    clase = models.CharField(max_length=16, choices=Clase.choices)
    candidatura = models.OneToOneField(Candidatura, models.PROTECT, null=True, related_name="contabilidad")
    habilitada_el = models.DateTimeField()

    class Meta:
        verbose_name = "contabilidad"
        constraints = [
            models.CheckConstraint(condition=Q(id__gte=1, id__lte=999_999), name="contabilidad_seis_digitos"),
            models.CheckConstraint(
                condition=Q(clase="candidatura", candidatura__isnull=False)
                | (~Q(clase="candidatura") & Q(candidatura__isnull=True)),
                name="contabilidad_candidatura_si_lo_es",
            ),
        ]

    @property
    def titular(self) -> str:
        """Return the name of the person who contends, or the kind of the books.

        The kind also stands in for a person that row level security hides.
        """
        try:
            return self.candidatura.persona.nombre if self.candidatura else str(self.get_clase_display())
        except Persona.DoesNotExist:
            return str(self.get_clase_display())

    @property
    def cancelada_el(self) -> datetime | None:
        """Return when they were cancelled; None while they record."""
        act = getattr(self, "cancelacion", None)
        return act.hecho_el if act else None

    @property
    def empezo_el(self) -> date:
        """Return the first day whose reports they owe: that of the approval of the candidacy, or of their opening."""
        return first_day_of(self.candidatura.aprobada_el if self.candidatura else None, self.habilitada_el)

    @property
    def dejo_el(self) -> date | None:
        """Return the first day on which its candidacy no longer contends; None while it does, or of none."""
        return left_on(vars(self))

    @property
    def estatus(self) -> str:
        """Return whether they may still record, as Estatus."""
        return self.Estatus.CANCELADA if self.cancelada_el else self.Estatus.ACTIVA

    @property
    def tope(self) -> int | None:
        """Return the spending cap of the last accord, in centavos; None where no accord sets one."""
        last = max(self.topes.all(), key=lambda row: row.pk, default=None)
        return last.tope if last else None


def first_day_of(approved: date | None, opened: datetime) -> date:
    """Return the first day whose reports some books owe, by that of the approval of their candidacy and their opening.

    For who reads many books without their objects; `Contabilidad.empezo_el` says it of one.
    """
    return approved or legal_day(opened)


class CancelacionContabilidad(Act):
    """The act that cancels some books: they keep what they recorded and record no more. Never changed."""

    contabilidad = models.OneToOneField(Contabilidad, models.PROTECT, related_name="cancelacion")
    motivo = models.CharField(max_length=200)

    class Meta:
        verbose_name = "cancelación de contabilidad"


class TopeContabilidad(models.Model):
    """The spending cap that an accord sets on some books, in centavos; the last one rules and none is changed.

    `fijado_por` is null where who operates loaded the cap with its candidacy from a file.
    """

    contabilidad = models.ForeignKey(Contabilidad, models.PROTECT, related_name="topes")
    tope = models.BigIntegerField()
    acuerdo = models.CharField(max_length=60, blank=True)
    fijado_el = models.DateTimeField()
    fijado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "tope de gastos"
        constraints = [models.CheckConstraint(condition=Q(tope__gt=0), name="tope_positivo")]


class Periodo(models.Model):
    """A period of a stage, of thirty days at most in a campaign."""

    etapa = models.ForeignKey(Etapa, models.PROTECT, related_name="periodos")
    numero = models.PositiveSmallIntegerField()
    desde = models.DateField()
    hasta = models.DateField(help_text="último día")

    class Meta:
        verbose_name = "periodo"
        constraints = [
            models.UniqueConstraint(fields=["etapa", "numero"], name="periodo_unico"),
            ExclusionConstraint(
                name="periodo_sin_traslape",
                expressions=[
                    ("etapa", RangeOperators.EQUAL),
                    (Func("desde", "hasta", models.Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Ventana(models.Model):
    """A window to record pólizas of a kind in a period: for everyone, or for one subject's correction after its oficio.

    A later accord extends a window with another of the same period and kind; the last to close is in force
    (`windows.py`).
    """

    class Tipo(models.TextChoices):
        """Kinds of window, which are the kinds of póliza."""

        NORMAL = "normal", "Normal"
        CORRECCION = "correccion", "Corrección"
        AJUSTE = "ajuste", "Ajuste"
        JORNADA = "jornada", "Jornada electoral"

    periodo = models.ForeignKey(Periodo, models.PROTECT, related_name="ventanas")
    tipo = models.CharField(max_length=12, choices=Tipo.choices)
    sujeto = models.ForeignKey(SujetoObligado, models.PROTECT, null=True, related_name="ventanas")
    abre_el = models.DateTimeField()
    cierra_el = models.DateTimeField()
    base = models.CharField(max_length=60)

    class Meta:
        verbose_name = "ventana de registro"
        constraints = [
            models.CheckConstraint(condition=Q(cierra_el__gt=F("abre_el")), name="ventana_en_orden"),
            models.UniqueConstraint(
                fields=["periodo", "tipo", "sujeto", "cierra_el"], nulls_distinct=False, name="ventana_unica"
            ),
        ]


class Aportante(Version):
    """A version of a donor as a subject captured it; a contribution cites the one it was recorded with."""

    sujeto = models.ForeignKey(SujetoObligado, models.PROTECT, related_name="aportantes")
    nombre = models.CharField(max_length=160)
    rfc = models.CharField(max_length=13, blank=True)
    curp = models.CharField(max_length=18, blank=True)
    clave_elector = models.CharField(max_length=18, blank=True)

    class Meta:
        verbose_name = "aportante"


class Usuario(AbstractUser):
    """A person who signs in. `rfc` is that of their e.firma, of one account; only its proof on another takes it."""

    nombre = models.CharField(max_length=120)
    rfc = models.CharField(max_length=13, blank=True)
    tema = models.CharField(max_length=6, blank=True, help_text="light, dark o vacío: el del equipo")
    teclas = models.BooleanField(default=True, help_text="atajos de una tecla")
    renombrada_el = models.DateTimeField(null=True, editable=False, help_text="lo escribe la base")
    buscado = models.GeneratedField(
        expression=Folded(Concat("nombre", models.Value(" "), "username", models.Value(" "), "rfc")),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = "usuario"
        indexes = [models.Index(fields=["nombre", "id"], name="usuario_por_nombre")]
        constraints = [
            models.UniqueConstraint(fields=["rfc"], condition=~Q(rfc=""), name="usuario_uno_por_rfc"),
            models.CheckConstraint(
                condition=Q(rfc="") | Q(rfc__regex=r"^[A-ZÑ&]{4}[0-9]{6}[A-Z0-9]{2}[0-9A]$"),
                name="usuario_rfc_de_persona",
            ),
        ]

    def save(self, *args: object, **kwargs: Any) -> None:
        """Save in the scope of the registry: entering writes its instant, or a hash, before anybody is known."""
        with registering():
            super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """Return the name people call them by; the user name where none was given."""
        return self.nombre or self.username

    def named_at(self, moment: datetime) -> str:
        """Return the name of the day of an act, which what shows the act goes on showing."""
        return name_at(self.pk, self.nombre, self.renombrada_el, moment)


class Nombramiento(models.Model):
    """An appointment: what a person may do, for which subject, over which books, since when. Never changed.

    One Responsable at a time for each subject: `appointments.appoint` judges it under the lock of the subject.
    """

    class Rol(models.TextChoices):
        """Profiles of both sides."""

        RESPONSABLE = "responsable_finanzas", "Responsable de Finanzas"
        ADMINISTRADOR_SO = "administrador_so", "Administrador del sujeto"
        CAPTURISTA = "capturista", "Capturista"
        CANDIDATURA = "candidatura", "Candidatura"
        CONSULTA = "consulta", "Consulta"
        AUDITOR_EXTERNO = "auditor_externo", "Auditor externo"
        AUDITOR = "auditor", "Auditor"
        REVISOR = "revisor", "Revisor de auditoría"
        RESOLUCIONES = "resoluciones", "Resoluciones y Normatividad"
        CONSEJERO = "consejero", "Consejero electoral"
        SECRETARIA = "secretaria", "Secretaría Ejecutiva"
        ADMINISTRADOR = "administrador", "Administrador del sistema"

    usuario = models.ForeignKey(Usuario, models.PROTECT, related_name="nombramientos")
    rol = models.CharField(max_length=24, choices=Rol.choices)
    sujeto = models.ForeignKey(SujetoObligado, models.PROTECT, null=True, related_name="nombramientos")
    contabilidades = models.ManyToManyField(Contabilidad, blank=True, related_name="nombramientos")
    desde = models.DateField()
    hasta = models.DateField(default="9999-12-31")
    nombrado_por = models.ForeignKey(
        Usuario,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="quién nombró; vacío: la orden que hace la instalación, o antes de que se guardara",
    )
    delegado_de = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="delegaciones", help_text="la función de quien la delegó"
    )

    class Meta:
        verbose_name = "nombramiento"
        indexes = [models.Index(fields=["rol", "usuario"], name="nombramiento_por_rol")]
        constraints = [
            models.UniqueConstraint(
                fields=["usuario", "rol", "sujeto", "desde"], nulls_distinct=False, name="nombramiento_unico"
            ),
            models.CheckConstraint(condition=models.Q(hasta__gt=models.F("desde")), name="nombramiento_con_plazo"),
        ]


class FinNombramiento(models.Model):
    """The act that ends an appointment at an instant, with its reason. Never changed."""

    nombramiento = models.OneToOneField(Nombramiento, models.PROTECT, related_name="fin")
    termina_el = models.DateTimeField()
    motivo = models.CharField(max_length=200)
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(Usuario, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "fin de nombramiento"
