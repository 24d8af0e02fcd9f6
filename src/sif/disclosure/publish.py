"""Propose a publication or a withdrawal, and execute what another person proposed."""

import json
from typing import Any

from sif.books.services import read_file, store_file
from sif.disclosure.content import FORMAT, TABLES, gather, published_key, read_process, read_rows
from sif.disclosure.models import (
    ProcesoPublicado,
    Publicacion,
    PublicacionPropuesta,
    PublicacionRetirada,
    RetiroPropuesto,
    RetiroPublicado,
)
from sif.disclosure.open_files import record_open_files, said_by_act, write_open_files
from sif.disclosure.selectors import standing_publication, unvoted, waiting_proposal, waiting_withdrawal
from sif.registry import clock, trail
from sif.registry.eyes import not_another
from sif.registry.locks import lock_etapa
from sif.registry.models import Etapa, Nombramiento, Usuario
from sif.registry.scope import acting, everything, registering
from sif.registry.selectors import ACTS, may_still, roles_of
from sif.values import Problem, Refused


def propose_publicacion(etapa: Etapa, by: Usuario, *, without_vote: bool = False) -> PublicacionPropuesta:
    """Gather what a stage makes public and propose it for another person to publish as it is. Raises Refused.

    The figures are those of now, under the lock that counting a vote takes; a later proposal replaces an earlier one.
    without_vote: who proposes says that books and reports come out before anything was approved; else that is refused.
    The content itself keeps whether anything was.
    """
    with everything(), acting():
        require_publisher(lock_etapa(etapa.pk), by)
        if not without_vote:
            refuse_unvoted(etapa)
        moment = clock.now()
        huella = store_file(gather(etapa, moment)).sha256
        before = waiting_proposal(etapa)
        if before is not None and before.huella == huella:
            raise Refused(
                Problem(
                    "PUBLICACION_YA_PROPUESTA",
                    _where(etapa),
                    f"Ya la propuso {before.propuesta_por.nombre}, con las mismas cifras.",
                    "Publíquela otra persona.",
                )
            )
        return PublicacionPropuesta.objects.create(etapa=etapa, huella=huella, propuesta_el=moment, propuesta_por=by)


def refuse_unvoted(etapa: Etapa) -> None:
    """Raise Refused where no resolución of a stage was approved, with what is open and how it is published so."""
    stands = unvoted(etapa)
    if stands is None or stands.aprobadas:
        return
    told = (
        f"resoluciones aprobadas: 0 de {stands.sujetos}; rechazadas: {stands.rechazadas}; "
        f"dictámenes cerrados: {stands.cerrados} de {stands.dictamenes}"
    )
    raise Refused(
        Problem(
            "PUBLICACION_SIN_VOTO",
            _where(etapa),
            f"El Consejo no ha aprobado ninguna resolución de esta etapa; {told}.",
            "Espere el voto, o marque que se publica sin él: saldrían libros e informes, y nada de lo que resuelva.",
        )
    )


def publish_etapa(propuesta: PublicacionPropuesta, by: Usuario) -> Publicacion:
    """Publish what another person proposed: tables and open files of the stage show that content and nothing else.

    Raises Refused for who proposed it, or when it was published, a later one was proposed or its form is an old one.
    """
    with everything(), acting():
        etapa = lock_etapa(propuesta.etapa_id)
        require_publisher(etapa, by)
        last = waiting_proposal(etapa)
        if last is None or last.pk != propuesta.pk:
            raise Refused(
                Problem(
                    "PUBLICACION_SUPERADA",
                    _where(etapa),
                    "Esa propuesta ya se publicó o hay otra posterior; no se publicó nada nuevo.",
                    "Revise la última propuesta, o proponga las cifras de hoy.",
                )
            )
        if seen := not_another(last.propuesta_por, by, "la propuso"):
            raise Refused(
                Problem(
                    "PUBLICACION_DE_DOS_PERSONAS", _where(etapa), seen, "La publica otra persona con esa atribución."
                )
            )
        content = json.loads(read_file(last.huella))
        if content["formato"] != FORMAT:
            raise Refused(
                Problem(
                    "PUBLICACION_DE_OTRA_FORMA",
                    _where(etapa),
                    "La propuesta se hizo con una versión anterior del programa.",
                    "Proponga las cifras de hoy.",
                )
            )
        files = write_open_files(last, _show(last, content))
        made = Publicacion.objects.create(
            propuesta=last, publicada_el=clock.now(), publicada_por=by, archivos=said_by_act(files)
        )
        record_open_files(made, files)
        trail.act("publicar", by, made)
        return made


def propose_withdrawal(publicacion: Publicacion, motivo: str, fundamento: str, by: Usuario) -> RetiroPropuesto:
    """Propose to withdraw what a stage shows, with the reason and its basis of law, for another person to confirm.

    A later proposal replaces an earlier one. Raises Refused without both, or when another publication stands.
    """
    with everything(), acting():
        etapa = lock_etapa(publicacion.propuesta.etapa_id)
        require_publisher(etapa, by)
        reason, basis = " ".join(motivo.split()), " ".join(fundamento.split())
        if not reason or not basis:
            raise Refused(
                Problem(
                    "RETIRO_SIN_MOTIVO",
                    _where(etapa),
                    "Falta el motivo o su fundamento.",
                    "Escriba por qué se retira y qué lo ordena: el público lo leerá.",
                )
            )
        _require_standing(publicacion, etapa)
        made = RetiroPropuesto.objects.create(
            publicacion=publicacion,
            motivo=reason[:500],
            fundamento=basis[:200],
            propuesto_el=clock.now(),
            propuesto_por=by,
        )
        trail.act("proponer_retiro", by, made)
        return made


def withdraw_publicacion(propuesta: RetiroPropuesto, by: Usuario) -> PublicacionRetirada:
    """Withdraw what a stage shows, as another person proposed: the public reads the notice where the stage was.

    Raises Refused for who proposed it, or when a later proposal or another publication stands.
    """
    with everything(), acting():
        etapa = lock_etapa(propuesta.publicacion.propuesta.etapa_id)
        require_publisher(etapa, by)
        standing = _require_standing(propuesta.publicacion, etapa)
        if waiting_withdrawal(standing) != propuesta:
            raise Refused(
                Problem(
                    "RETIRO_SUPERADO",
                    _where(etapa),
                    "Hay otra propuesta de retiro posterior.",
                    "Revise la última propuesta.",
                )
            )
        if seen := not_another(propuesta.propuesto_por, by, "lo propuso"):
            raise Refused(
                Problem("RETIRO_DE_DOS_PERSONAS", _where(etapa), seen, "Lo confirma otra persona con esa atribución.")
            )
        made = PublicacionRetirada.objects.create(
            publicacion=standing, propuesta=propuesta, motivo=propuesta.motivo, hecho_el=clock.now(), hecho_por=by
        )
        _notice(made, etapa)
        _clear(etapa)
        trail.act("retirar_publicacion", by, made)
        return made


def _require_standing(publicacion: Publicacion, etapa: Etapa) -> Publicacion:
    standing = standing_publication(etapa)
    if standing is None or standing.pk != publicacion.pk:
        raise Refused(
            Problem(
                "PUBLICACION_NO_VIGENTE",
                _where(etapa),
                "Esa publicación ya no está a la vista.",
                "Retire la vigente, si la hay.",
            )
        )
    return standing


def _notice(retirada: PublicacionRetirada, etapa: Etapa) -> None:
    """Write the notice that the public reads in the place of what was withdrawn."""
    publicacion, propuesta = retirada.publicacion, retirada.publicacion.propuesta
    content = json.loads(read_file(propuesta.huella))
    roles = sorted(str(Nombramiento.Rol(rol).label) for rol in roles_of(retirada.hecho_por) if "publicar" in ACTS[rol])
    RetiroPublicado.objects.create(
        publicacion=publicacion.pk,
        proceso=published_key(etapa),
        nombre=content["proceso"]["nombre"],
        huella=propuesta.huella,
        datos_al=propuesta.propuesta_el,
        publicada_el=publicacion.publicada_el,
        retirada_el=retirada.hecho_el,
        motivo=retirada.motivo,
        fundamento=retirada.propuesta.fundamento if retirada.propuesta else "",
        autoridad=", ".join(roles),
        lugares={
            "contabilidades": [row["id_contabilidad"] for row in content["contabilidades"]],
            "documentos": [row["clave"] for row in content["documentos"]],
        },
    )


def _show(propuesta: PublicacionPropuesta, content: dict[str, object]) -> ProcesoPublicado:
    """Fill the published tables of a stage with the content of a proposal, as its file has it."""
    row = read_process(content)
    names = [field.name for field in row._meta.concrete_fields if field.name not in ("id", "clave")]
    row.datos_al = propuesta.propuesta_el
    with registering():  # anybody reads what is published; only this writes it
        proceso, _ = ProcesoPublicado.objects.update_or_create(
            clave=row.clave, defaults={name: getattr(row, name) for name in names}
        )
        for part in TABLES:
            _replace(part, proceso, read_rows(content, part))
    return proceso


def _replace(part: str, proceso: ProcesoPublicado, rows: list[Any]) -> None:
    """Keep those rows of a process and no others; the ones already there keep their number."""
    model, key = TABLES[part]
    table = model._default_manager
    table.filter(proceso=proceso).exclude(**{f"{key}__in": [getattr(row, key) for row in rows]}).delete()
    fields = {field.name for field in model._meta.concrete_fields}
    for row in rows:
        row.proceso = proceso
        if "datos_al" in fields:
            row.datos_al = proceso.datos_al
    unique = ["proceso", key] if model._meta.constraints else [key]  # the constraint is that pair
    table.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=fields - {"id", *unique})


def _clear(etapa: Etapa) -> None:
    key = published_key(etapa)
    with registering():
        for model, _key in TABLES.values():
            model._default_manager.filter(proceso__clave=key).delete()
        ProcesoPublicado.objects.filter(clave=key).delete()


def _where(etapa: Etapa) -> str:
    return f"publicación de {published_key(etapa)}"


def require_publisher(etapa: Etapa, by: Usuario) -> None:
    if not may_still(by, "publicar"):
        raise Refused(
            Problem(
                "SIN_ATRIBUCION",
                _where(etapa),
                f"{by.nombre} no tiene nombramiento para publicar.",
                "Pida el acto a quien lo tiene.",
            )
        )
