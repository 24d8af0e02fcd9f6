"""A small reviewed campaign to test the acts: Alicia answers, Darío, Elena and Bruno audit, Félix and others vote."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rfcs import new_rfc
from runs import find, new_run
from sif.audit.models import Corrida, Hallazgo, Observacion
from sif.audit.services import rules_of
from sif.proceedings import resolving, selectors, services
from sif.proceedings.grounds import to_propose
from sif.proceedings.models import Conclusion, Dictamen, Oficio, Resolucion
from sif.proceedings.proposing import propose_oficio
from sif.registry import clock
from sif.registry import services as registry
from sif.registry.models import (
    Cargo,
    Contabilidad,
    Etapa,
    Persona,
    SujetoObligado,
    Territorio,
    Usuario,
)
from sif.registry.scope import everything
from sif.statutes.confirming import confirm, propose, waiting
from sif.values import Money

ZONE = ZoneInfo("America/Mexico_City")


def at(text: str) -> Any:
    """Live an instant of the legal zone: at('2024-06-15 10:00')."""
    return clock.at(datetime.fromisoformat(text).replace(tzinfo=ZONE))


@dataclass
class World:
    """The campaign that ended on 27 June 2018, whose real calendar is public, unless told otherwise."""

    etapa: Etapa
    partido: SujetoObligado
    otro: SujetoObligado
    contabilidades: list[Contabilidad]
    corrida: Corrida
    alicia: Usuario
    bruno: Usuario
    carla: Usuario
    dario: Usuario
    elena: Usuario
    gloria: Usuario
    sofia: Usuario
    consejo: list[Usuario]
    facts: int = field(default=0)

    def hallazgo(
        self,
        monto: str,
        regla: str = "CF001",
        book: int = 0,
        dia: date | None = None,
        resultado: str = "sin_xml",
        **fila: Any,
    ) -> Hallazgo:
        """A finding of a rule over a póliza of one of the books."""
        self.facts += 1
        amount = Money.parse(monto)
        row = {
            "poliza_id": self.facts,
            "referencia": f"PN1/EG-{self.facts}/MAY-{self.etapa.termina_el.year}; ID {8802 + book}",
            **fila,
        }
        return find(
            corrida=self.corrida,
            regla=regla,
            regla_digest="0" * 64,
            parametros=[],
            clave=f"{regla}-{self.facts}",
            contabilidad=self.contabilidades[book],
            estado="hallazgo",
            resultado=resultado,
            dia=dia or date(self.etapa.termina_el.year, 5, 12),
            monto=amount.centavos,
            fila=row,
            mensaje=f"La póliza {row['referencia']} no tiene su archivo XML, por ${amount}.",
        )

    def observacion(self, hallazgos: Sequence[Hallazgo], criterio: str = "sin_xml", **fields: Any) -> Observacion:
        """What Darío adopted from some findings."""
        sujeto = fields.pop("sujeto", self.partido)
        row = Observacion.objects.create(
            etapa=self.etapa,
            sujeto=sujeto,
            regla=hallazgos[0].regla,
            numero=Observacion.objects.filter(etapa=self.etapa, sujeto=sujeto).count() + 1,
            titulo=fields.pop("titulo", "Gasto sin el archivo XML de su comprobante"),
            texto="\n".join(hallazgo.mensaje for hallazgo in hallazgos),
            solicitud="Presente en el sistema el archivo XML de cada comprobante.",
            fundamento="LGPP 63.1.a; RF 46.1",
            criterio=criterio,
            monto=sum(hallazgo.monto for hallazgo in hallazgos),
            adoptada_el=clock.now(),
            adoptada_por=self.dario,
            **fields,
        )
        row.hallazgos.set(hallazgos)
        return row

    def oficio(self) -> Oficio:
        """Notified the last day of the term."""
        with at("2018-07-10 12:00"):
            propose_oficio(self.etapa, self.partido, self.dario)
            return services.issue_oficio(self.etapa, self.partido, self.elena)

    def dictamen(self, ending: str = "no_atendida", left: str | None = None) -> Dictamen:
        """Opened after the term, every conclusion judged alike and closed, and itself closed."""
        with at("2018-07-20 12:00"):
            dictamen = services.open_dictamen(self.etapa, self.partido, self.elena)
            for row in selectors.conclusiones_of(dictamen):
                self.judge(row, ending, left)
                services.close_conclusion(row, self.elena)
            return services.close_dictamen(dictamen, self.bruno)

    def judge(self, row: Conclusion, ending: str = "no_atendida", left: str | None = None) -> Conclusion:
        """Analysed with the answer in force; all the observed is left unattended unless told."""
        observed = Money(row.observacion.monto if ending == "no_atendida" else 0)
        amount = Money.parse(left) if left is not None else observed
        considered = selectors.considered_answer(row)
        return services.analyse(row, considered, "Se revisó lo que obra en el expediente.", ending, amount, self.elena)

    def resolucion(self) -> Resolucion:
        """Drawn for the session of 6 August."""
        with at("2018-07-25 12:00"):
            dictamen = Dictamen.objects.get(etapa=self.etapa, sujeto=self.partido)
            return resolving.draft_resolucion(dictamen, date(2018, 8, 6), self.gloria)

    def voted(self, in_favour: int, against: int) -> Resolucion:
        """Put to the vote and closed with so many votes."""
        resolucion = Resolucion.objects.get(dictamen__sujeto=self.partido)
        with at("2018-08-06 12:00"):
            submitted(resolucion, self.gloria, self.sofia)
            senses = ["a_favor"] * in_favour + ["en_contra"] * against
            for person, sense in zip(self.consejo, senses, strict=False):
                resolving.vote(resolucion, person, sense)
            return resolving.close_vote(resolucion, self.sofia)


def build_world(
    anio: int = 2018,
    inicio: date = date(2018, 3, 30),
    fin: date = date(2018, 6, 27),
    tipo: str = "partido",
    corte: date | None = None,
    clase: str = "campana",
    **etapa: Any,
) -> World:
    """A party (or another kind of subject) with two candidacies, another party, the authority and a council of five.

    clase: the kind of its stage. corte: the day to which its books were frozen for the run of every rule; after the
    last report was due unless told.
    """
    day = date(anio - 1, 9, 1)
    proceso = registry.create_proceso(
        clave=f"PEF-{anio}",
        nombre=f"Proceso electoral federal {anio - 1}-{anio}",
        ambito="federal",
        entidad="",
        anio=anio,
        jornada_el=fin + timedelta(days=4),
    )
    stage = registry.create_etapa(proceso, clase, inicio, fin, **etapa)
    registry.open_periods(stage)
    partido = registry.register_sujeto(tipo, "6", "PAZ", "Partido de la Arboleda")
    otro = registry.register_sujeto("partido", "7", "PRB", "Partido de la Ribera")
    cargo = Cargo.objects.create(clave="DIP", nombre="Diputación federal MR", ambito="federal", columna="D")
    lugar = Territorio.objects.create(clave="MEX-11", nombre="Distrito 11", tipo="distrito", entidad="MEX")
    books = []
    for place, name in enumerate(("Marisol Arce Núñez", "Teodoro Vela Peña"), 8802):
        new = registry.NewCandidatura(
            folio=f"F{place}",
            persona=Persona.objects.create(nombre=name),
            sujeto=partido,
            cargo=cargo,
            territorio=lugar,
            tope=164_818_900,
            tope_acuerdo="INE/CG505/2017",
        )
        with at(f"{inicio} 00:00"):
            books.append(registry.approve_candidatura(stage, new, number=place))
    people = {}
    for key, name, role, sujeto in (
        ("alicia", "Alicia Fuentes", "responsable_finanzas", partido),
        ("carla", "Carla Ríos", "responsable_finanzas", otro),
        ("dario", "Darío Salas", "auditor", None),
        ("elena", "Elena Márquez", "revisor", None),
        ("bruno", "Bruno Lira", "revisor", None),
        ("gloria", "Gloria Neri", "resoluciones", None),
        ("sofia", "Sofía Lara", "secretaria", None),
    ):
        people[key] = registry.create_usuario(key, name, "", password_hash="!", rfc=new_rfc())
        registry.appoint(people[key], role, sujeto, desde=day)
    council = []
    for name in ("Félix Duarte", "Irene Campos", "Julián Mora", "Karla Soto", "Luis Prado"):
        person = registry.create_usuario(name.split()[0].lower(), name, "", password_hash="!", rfc=new_rfc())
        registry.appoint(person, "consejero", desde=day)
        council.append(person)
    moment = datetime(anio, 6, 5, tzinfo=ZONE)
    cut = corte or max(date(anio, 6, 4), fin + timedelta(days=4))
    run = new_run(stage, moment=moment, corte=cut, rules=rules_of(stage))
    return World(stage, partido, otro, books, run, **people, consejo=council)


def grounded(resolucion: Resolucion, proposes: Usuario, confirms: Usuario) -> None:
    """Confirm between two people the bases that a resolución waits for."""
    propose(to_propose(resolucion, "DOF del 12 de mayo de 2018, página 40."), proposes)
    confirm(list(waiting()), confirms)


def submitted(resolucion: Resolucion, proposes: Usuario, confirms: Usuario) -> Resolucion:
    """Confirm what a resolución rests on and put it to the vote."""
    grounded(resolucion, proposes, confirms)
    return resolving.put_to_vote(resolucion, confirms)


def make_coalition(sujeto: SujetoObligado, shares: dict[str, int]) -> None:
    """Give a subject the members of a coalition: new parties with those shares in basis points."""
    for place, (siglas, share) in enumerate(shares.items(), 1):
        member = registry.register_sujeto("partido", f"2{place}", siglas, f"Partido {siglas}")
        registry.register_member(sujeto, member, share, date(2018, 1, 1))


def campaign_of_2018() -> World:
    """The federal campaign of 2018, made with every book in sight."""
    with everything():
        return build_world()


def campaign_in_review() -> World:
    """The federal campaign of 2018, made while it is reviewed."""
    with everything(), at("2018-07-05 12:00"):
        return build_world()


def campaign_of_2024(tipo: str = "partido") -> World:
    """The federal campaign of 2024, whose criteria of sanction are known, made with every book in sight."""
    with everything():
        return build_world(2024, date(2024, 3, 1), date(2024, 5, 29), tipo, plazos=[3, 11, 5, 15, 7, 10])


def again_in_2024(world: World) -> World:
    """The same people and subjects in the federal campaign of 2024, with books and a run of its own."""
    proceso = registry.create_proceso(
        clave="PEF-2024",
        nombre="Proceso electoral federal 2023-2024",
        ambito="federal",
        entidad="",
        anio=2024,
        jornada_el=date(2024, 6, 2),
    )
    stage = registry.create_etapa(proceso, "campana", date(2024, 3, 1), date(2024, 5, 29), plazos=[3, 11, 5, 15, 7, 10])
    registry.open_periods(stage)
    before = world.contabilidades[0]
    new = registry.NewCandidatura(
        folio="F9901",
        persona=Persona.objects.create(nombre="Marisol Arce Núñez"),
        sujeto=world.partido,
        cargo=before.candidatura.cargo,
        territorio=before.candidatura.territorio,
        tope=164_818_900,
        tope_acuerdo="INE/CG493/2023",
    )
    book = registry.approve_candidatura(stage, new, number=9901)
    moment = datetime(2024, 6, 5, tzinfo=ZONE)
    run = new_run(stage, "1" * 64, moment, date(2024, 6, 4), rules_of(stage))
    return replace(world, etapa=stage, contabilidades=[book], corrida=run)


def open_of_2024(world: World) -> Dictamen:
    """The dictamen of that campaign as it opens, its oficio notified."""
    with at("2024-06-14 12:00"):
        propose_oficio(world.etapa, world.partido, world.dario)
        services.issue_oficio(world.etapa, world.partido, world.elena)
    with at("2024-07-01 12:00"):
        return services.open_dictamen(world.etapa, world.partido, world.elena)


def judged_of_2024(world: World) -> Dictamen:
    """The dictamen of that campaign before it closes: its oficio notified, and every conclusion judged and closed."""
    dictamen = open_of_2024(world)
    with at("2024-07-01 12:00"):
        for row in selectors.conclusiones_of(dictamen):
            services.close_conclusion(world.judge(row), world.elena)
        return dictamen


def closed_of_2024(world: World) -> Dictamen:
    """The dictamen of that campaign as it closed."""
    dictamen = judged_of_2024(world)
    with at("2024-07-01 12:00"):
        return services.close_dictamen(dictamen, world.bruno)


def draft_of_2024(world: World, firmes: Sequence[str] = ()) -> Resolucion:
    """The resolución of that campaign as drafted."""
    dictamen = closed_of_2024(world)
    with at("2024-07-01 12:00"):
        return resolving.draft_resolucion(dictamen, date(2024, 7, 22), world.gloria, firmes)


def codes(refused: Any) -> list[str]:
    """The code of each problem of what was refused."""
    return [problem.codigo for problem in refused.value.problems]
