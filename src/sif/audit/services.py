"""Freeze a stage, run the rulebook, and record each decision of a person on a hallazgo."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from itertools import batched
from pathlib import Path

from django.conf import settings
from django.db.models import Max, Q

from sif.audit import freeze as freezer
from sif.audit.copying import GROWING
from sif.audit.engine import Finding, Snapshot, SnapshotRefused, open_tables
from sif.audit.models import (
    Asunto,
    Cobertura,
    Corrida,
    Descarte,
    Hallazgo,
    Instantanea,
    Observacion,
    ReglaCorrida,
    VersionRegla,
)
from sif.audit.results import ROWS_AT_ONCE, Asked, RuleResult, Tell, judge_snapshot, parameters_on
from sif.audit.review_selectors import words_of
from sif.law.articles import Supuesto
from sif.registry import clock
from sif.registry.closed import closed_problem
from sif.registry.locks import lock_sujetos
from sif.registry.models import Etapa, Usuario
from sif.registry.scope import acting, registering
from sif.registry.selectors import may_still
from sif.rulebook.citations import cited_text
from sif.rulebook.reading import load_rules
from sif.rulebook.rule import Rule
from sif.statutes.selectors import Confirmations, bases_here, in_force


class DecisionRefused(ValueError):
    """The decision cannot be taken; the message says what was seen, what is wanted and what to do."""


def freeze(etapa: Etapa, corte: date) -> Instantanea:
    """Freeze a stage at a cut. Freezing the same books at the same cut again gives the same snapshot.

    Of the tables that only grow, what the last snapshot of the stage already holds is not read from the database again.
    Its hour is that at which it began to read: what arrived later may not be in it.
    """
    begun = clock.now()
    _, manifest = freezer.freeze_tables(etapa, corte, _last_snapshot(etapa))
    said = {"etapa": etapa, "corte_el": corte, "hecha_el": begun, "manifiesto": manifest}
    with acting(), registering():
        return Instantanea.objects.get_or_create(digest=manifest["digest"], defaults=said)[0]


def _last_snapshot(etapa: Etapa) -> Snapshot | None:
    """Return the last snapshot of a stage, if its files of growing tables are still what they were."""
    last = Instantanea.objects.filter(etapa=etapa).order_by("-pk").first()
    if last is None:
        return None
    try:
        return open_tables(folder_of(last), frozenset(GROWING), last.digest)
    except SnapshotRefused:
        return None  # it is frozen whole; whoever audits the damaged one is told


def folder_of(instantanea: Instantanea) -> Path:
    """Return the folder of Parquet files of a snapshot."""
    return freezer.snapshots_folder() / instantanea.digest


def rules_of(etapa: Etapa) -> list[Rule]:
    """Return the rules that apply to a kind of stage, in order of id."""
    return sorted(
        (rule for rule in load_rules(settings.JURISDICTION) if etapa.tipo in rule.applies_to), key=lambda rule: rule.id
    )


def results_folder() -> Path:
    """Return the folder of rule results of this installation, made if missing, from which a stopped run resumes."""
    folder: Path = settings.DATOS / "resultados"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def judge(
    instantanea: Instantanea, rules: Sequence[Rule], *, asked: Asked | None = None, tell: Tell | None = None
) -> list[RuleResult]:
    """Judge rules over a snapshot into the files of `results_folder`; those already there are not asked again."""
    return list(judge_snapshot(folder_of(instantanea), rules, results_folder(), asked, tell))


def run(
    instantanea: Instantanea,
    rules: Sequence[Rule] | None = None,
    *,
    asked: Asked | None = None,
    tell: Tell | None = None,
) -> Corrida:
    """Run rules over a snapshot and keep coverage and hallazgos; all of it or nothing.

    What a rule already said of that snapshot is not asked again. Raises SnapshotRefused when a file changed since it
    was frozen, RunFailed naming the rule that did not run whole, EngineMissing.
    """
    wanted = sorted(rules, key=lambda rule: rule.id) if rules is not None else rules_of(instantanea.etapa)
    begun = clock.now()
    results = judge(instantanea, wanted, asked=asked, tell=tell)
    digest = hashlib.sha256("".join(f"{rule.id} {rule.digest}\n" for rule in wanted).encode()).hexdigest()
    with acting():
        with registering():
            corrida = Corrida.objects.create(
                instantanea=instantanea, inicio_el=begun, fin_el=clock.now(), reglas_digest=digest
            )
        for result in results:
            _keep(corrida, result)
    return corrida


def _keep(corrida: Corrida, result: RuleResult) -> None:
    version, rule = result.version, result.version.rule
    said = {"regla": rule.id, "archivo": version.file, "compilada": version.compiled, "guardada_el": clock.now()}
    with registering():
        kept, _ = VersionRegla.objects.get_or_create(digest=version.digest, defaults=said)
    ReglaCorrida.objects.create(
        corrida=corrida,
        version=kept,
        regla=rule.id,
        motor=result.motor,
        segundos=result.seconds,
        juzgadas=result.judged,
        monto_hallazgo=result.states["hallazgo"].monto,
        **{state: tally.rows for state, tally in result.states.items()},
    )
    Cobertura.objects.bulk_create(
        (
            Cobertura(
                corrida=corrida,
                regla=rule.id,
                contabilidad_id=contabilidad,
                juzgadas=sum(tally.rows for tally in states.values()),
                monto_hallazgo=states["hallazgo"].monto,
                **{state: tally.rows for state, tally in states.items()},
            )
            for contabilidad, states in result.coverage()
        ),
        batch_size=ROWS_AT_ONCE,
    )
    found = (finding for finding in result.findings() if finding.contabilidad_id is not None)
    for few in batched(found, ROWS_AT_ONCE):
        rows = [Hallazgo(corrida=corrida, **kept_row(rule, finding)) for finding in few]
        give_matters(corrida, rows)
        Hallazgo.objects.bulk_create(rows)


def give_matters(corrida: Corrida, rows: Sequence[Hallazgo]) -> None:
    """Set the matter of hallazgos that enter in a run: that of their stage, rule and key, made where there is none."""
    etapa = corrida.instantanea.etapa_id
    matters = (
        Asunto(etapa_id=etapa, contabilidad_id=row.contabilidad_id, regla=row.regla, clave=row.clave) for row in rows
    )
    with registering():
        Asunto.objects.bulk_create(matters, ignore_conflicts=True)
    kept = Asunto.objects.filter(
        etapa=etapa, regla__in={row.regla for row in rows}, clave__in=[row.clave for row in rows]
    )
    numbers = {(regla, clave): pk for pk, regla, clave in kept.values_list("pk", "regla", "clave")}
    for row in rows:
        row.asunto_id = numbers[row.regla, row.clave]


def kept_row(rule: Rule, finding: Finding) -> dict[str, object]:
    """Build the stored values of a finding, by field name of Hallazgo."""
    used = parameters_on(rule, finding.day)
    return {
        "regla": rule.id,
        "regla_digest": rule.digest,
        "clave": finding.key,
        "grupo": finding.group,
        "contabilidad_id": finding.contabilidad_id,
        "estado": finding.state,
        "resultado": finding.resultado,
        "dia": finding.day,
        "monto": finding.monto or 0,
        "fila": _plain(finding.row),
        "mensaje": finding.message,
        "parametros": [
            _plain({"clave": p.name, "desde": p.desde, "hasta": p.hasta, "valor": p.valor, "base": p.basis})
            for p in used
        ],
    }


def _plain(row: dict[str, object]) -> dict[str, object]:
    """Return a row as JSON keeps it: dates as ISO text, everything else as it is."""
    plain: dict[str, object] = json.loads(json.dumps(row, default=str))
    return plain


def adopt(hallazgos: Sequence[Hallazgo], by: Usuario, motivo: str = "") -> list[Observacion]:
    """Adopt hallazgos as observaciones: one for each subject, rule and result. Returns those made.

    Raises DecisionRefused when the person may not, or when one was already adopted or dismissed, or is not a hallazgo.
    """
    _check_audits(by, "adoptar")
    rules = {rule.id: rule for rule in load_rules(settings.JURISDICTION)}
    with acting():
        groups: dict[tuple[int, str, str], list[Hallazgo]] = {}
        held = _locked(hallazgos, by, "adoptar")
        _check_open(held)
        check_no_dictamen(held)
        for hallazgo in held:
            subject = hallazgo.contabilidad.sujeto_id
            groups.setdefault((subject, hallazgo.regla, hallazgo.resultado), []).append(hallazgo)
        standing = in_force()
        return [
            _adopt_group(rules[rule], members, by, motivo, standing) for (_, rule, _), members in sorted(groups.items())
        ]


def _check_audits(by: Usuario, act: str) -> None:
    if not may_still(by, "auditar"):
        raise DecisionRefused(f"{by.nombre} no tiene nombramiento de auditoría; {act} es acto de un auditor.")


def _locked(hallazgos: Sequence[Hallazgo], by: Usuario, act: str) -> Sequence[Hallazgo]:
    """Lock the subjects of hallazgos and read these again: of two decisions at once, the second finds it decided.

    Whether the person audits is asked again too: the role may have ended while the lock was awaited.
    """
    rows = Hallazgo.objects.filter(pk__in=[hallazgo.pk for hallazgo in hallazgos])
    lock_sujetos(rows.values_list("contabilidad__sujeto_id", flat=True))
    _check_audits(by, act)
    return list(rows.select_related("contabilidad__sujeto", "corrida__instantanea__etapa").order_by("pk"))


def _check_open(rows: Sequence[Hallazgo]) -> None:
    """Refuse hallazgos of which one was already decided, in its run or in another of its stage, or is none."""
    for few in batched(rows, ROWS_AT_ONCE):
        adopted = set(Observacion.hallazgos.through.objects.filter(hallazgo__in=few).values_list("hallazgo", flat=True))
        dropped = dict(Descarte.objects.filter(hallazgo__in=few).values_list("hallazgo", "motivo"))
        earlier = _decided(few)
        for row in few:
            seen = f"El hallazgo {row.regla} {row.clave}"
            if row.estado != "hallazgo":
                raise DecisionRefused(
                    f"{seen} no se pudo juzgar (sin dato): complete el dato y corra la regla de nuevo."
                )
            if row.pk in adopted:
                raise DecisionRefused(f"{seen} ya fue adoptado en una observación; ábrala desde su página.")
            if row.pk in dropped:
                raise DecisionRefused(f"{seen} fue desechado: {dropped[row.pk]}")
            if row.asunto_id in earlier:
                raise DecisionRefused(
                    f"{seen} ya se decidió en una corrida anterior de esta etapa; su decisión sigue en pie."
                )


def _decided(rows: Sequence[Hallazgo]) -> set[int]:
    """The matters of hallazgos that were decided in any run: the same finding of two runs is one fact, decided once."""
    same = Hallazgo.objects.filter(asunto__in=[row.asunto_id for row in rows])
    decided = same.filter(Q(observaciones__isnull=False) | Q(descarte__isnull=False))
    return set(decided.values_list("asunto", flat=True))


def check_no_dictamen(hallazgos: Sequence[Hallazgo]) -> None:
    """Refuse to observe what can no longer be notified: its stage closed, or the dictamen of its subject was opened.

    Each stage is asked once. Raises DecisionRefused.
    """
    subjects = {hallazgo.contabilidad.sujeto_id for hallazgo in hallazgos}
    etapas = {hallazgo.corrida.instantanea.etapa_id: hallazgo.corrida.instantanea.etapa for hallazgo in hallazgos}
    for problem in filter(None, map(closed_problem, etapas.values())):
        raise DecisionRefused(f"{problem.mensaje} {problem.cura} (LGIPE 199.1.g).")
    opened = {
        (dictamen.etapa_id, dictamen.sujeto_id): dictamen.numero
        for etapa in etapas.values()
        for dictamen in etapa.dictamenes.filter(sujeto__in=subjects)
    }
    for hallazgo in hallazgos:
        sujeto = hallazgo.contabilidad.sujeto
        numero = opened.get((hallazgo.corrida.instantanea.etapa_id, sujeto.pk))
        if numero is not None:
            raise DecisionRefused(
                f"El dictamen {numero} de {sujeto.siglas} ya se abrió y {hallazgo.regla} {hallazgo.clave} no podría "
                "notificarse (LGPP 80.1). Deséchelo con ese motivo, o pida que se investigue en otro procedimiento."
            )


def _adopt_group(rule: Rule, members: list[Hallazgo], by: Usuario, motivo: str, standing: Confirmations) -> Observacion:
    first = members[0]
    etapa, sujeto = first.corrida.instantanea.etapa, first.contabilidad.sujeto
    outcome = rule.outcome(first.resultado)
    case = Supuesto(sujeto.tipo, etapa.tipo, etapa.proceso.ambito)
    words = words_of(members)
    last = Observacion.objects.filter(etapa=etapa, sujeto=sujeto).aggregate(Max("numero"))
    observacion = Observacion.objects.create(
        etapa=etapa,
        sujeto=sujeto,
        numero=(last["numero__max"] or 0) + 1,
        regla=rule.id,
        titulo=rule.title,
        texto="\n".join(words.get(row.pk, row.mensaje) for row in members),
        solicitud=rule.ask(outcome.name, first.fila),
        fundamento=cited_text(bases_here(rule, case, etapa.termina_el, standing, outcome.name)),
        criterio=outcome.sanction,
        monto=sum(hallazgo.monto for hallazgo in members),
        adoptada_el=clock.now(),
        adoptada_por=by,
        motivo=motivo,
        registrada_por=by,
    )
    observacion.hallazgos.set(members)
    return observacion


def dismiss(hallazgo: Hallazgo, motivo: str, by: Usuario) -> Descarte:
    """Dismiss a hallazgo with a reason, signed with a name. Raises DecisionRefused."""
    (made,) = dismiss_each([(hallazgo, motivo)], by)
    return made


def dismiss_each(decided: Sequence[tuple[Hallazgo, str]], by: Usuario) -> list[Descarte]:
    """Dismiss hallazgos, each with its reason, all or none. Raises DecisionRefused."""
    _check_audits(by, "desechar")
    reasons = {hallazgo.pk: motivo.strip() for hallazgo, motivo in decided}
    if not all(reasons.values()):
        raise DecisionRefused("Desechar pide un motivo, que queda con su nombre. Escriba por qué no procede.")
    with acting():
        locked = _locked([hallazgo for hallazgo, _motivo in decided], by, "desechar")
        _check_open(locked)
        return Descarte.objects.bulk_create(
            Descarte(hallazgo=row, motivo=reasons[row.pk], hecho_el=clock.now(), hecho_por=by) for row in locked
        )
