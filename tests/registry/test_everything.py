"""Who opens every book: each module that calls `everything()` is named here with its reason, and a new one is seen."""

from architecture.meanings import calls, readers

_OPERATOR = "orden de quien opera la instalación, sin persona que entre"
_INVENTS = "hace los datos de la demostración"
ALLOWED = {
    "audit/freeze.py": "la instantánea es de todos los libros de una etapa; la pide la autoridad",
    "audit/authority_lists.py": "las listas de la autoridad, que el servicio deja a quien administra o audita",
    "audit/grants.py": "la lista de financiamiento, que se otorga y se lee en la mesa de la autoridad",
    "books/folios.py": "si un CFDI ya se usó en otros libros: quien recibe sabe que sí o que no, nunca de quién",
    "books/tasks.py": "lo que alguien dejó a medio subir hace una semana se quita de noche, de quien no volvió también",
    "books/services/catalogos.py": "pone al día los catálogos de la ley, sin persona que entre",
    "books/services/cuentas.py": "si una cuenta tiene movimientos en algún libro del proceso: responde que sí o que no",
    "catalogs/services/people.py": "si otro sujeto también tiene a una persona: responde que sí o que no, nunca quién",
    "commands/arguments.py": _OPERATOR,
    "commands/auditar.py": _OPERATOR,
    "commands/backup.py": _OPERATOR,
    "commands/candidaturas.py": _OPERATOR,
    "commands/cfdi_estatus.py": _OPERATOR,
    "commands/cuentas.py": _OPERATOR,
    "commands/hallazgo.py": _OPERATOR,
    "commands/historico.py": _OPERATOR,
    "commands/indicios.py": _OPERATOR,
    "commands/informe.py": _OPERATOR,
    "commands/libros.py": _OPERATOR,
    "commands/leyes.py": _OPERATOR,
    "commands/listas.py": _OPERATOR,
    "commands/libros_apertura.py": _OPERATOR,
    "commands/libros_sat.py": _OPERATOR,
    "commands/libros_traer.py": _OPERATOR,
    "commands/lotes.py": _OPERATOR,
    "commands/obligaciones.py": _OPERATOR,
    "commands/personas.py": _OPERATOR,
    "commands/procesos.py": _OPERATOR,
    "commands/publicacion.py": _OPERATOR,
    "commands/raices.py": _OPERATOR,
    "commands/sujetos.py": _OPERATOR,
    "demo/build.py": _INVENTS,
    "demo/captura.py": _INVENTS,
    "disclosure/codes.py": "de qué documento es un código o la huella de un archivo, que solo él da, y si está en pie",
    "disclosure/publish.py": "lo publicado es de todos los libros de una etapa",
    "disclosure/two_people.py": "lo que espera a una segunda persona es de todos los sujetos, y no lo pide nadie",
    "duties/mailing.py": "los recordatorios del día, de todos los sujetos, que no pide nadie",
    "filing/deposit_acuses.py": "los depósitos que esperan su acuse, de todos, que dibuja el trabajador",
    "filing/presenting.py": "las firmas que llegaron y esperan su acuse, de todos, que completa el trabajador",
    "filing/log.py": "el árbol de acuses es uno para todos los libros; da lugares y huellas",
    "jobs/tasks.py": "quién pidió un trabajo se lee antes de abrir su alcance, y se cierra cuando ya no lo hay",
    "proceedings/bundle.py": "qué fue de los avisos de una notificación, que encoló la autoridad, a quien la ve entera",
    "proceedings/cedulas.py": "quién notificó un acto, que el acto mismo dice a quien ve la notificación",
    "proceedings/closing.py": "lo que queda abierto de una etapa es de todos sus sujetos; lo pide quien administra",
    "proceedings/looks.py": "lo que vio la autoridad se dice al sujeto notificado; él no lee esa tabla",
    "registry/trail.py": "cada quien deja suceso de lo que hace, y solo la autoridad lee los sucesos",
    "registry/walls.py": "pregunta a la base si conoce la llave, y nada más",
}
"""Modules of `sif` that open everything, by their path, each with why nobody's own scope serves."""


REGISTER = {
    "audit/services.py": "instantáneas, corridas y versiones de reglas, que hace el programa y nadie escribe a mano",
    "catalogs/services/people.py": "las versiones de una persona y su relación con un sujeto, que se la abre",
    "commands/instalar.py": "los enlaces de quienes administran, en la orden que instala, de quien tiene la máquina",
    "commands/administrador.py": "los enlaces de las dos primeras personas que administran, de quien tiene la máquina",
    "availability/kept.py": "los sellos de cada día de la bitácora, que el programa hace de sus archivos",
    "batch/claves.py": "las claves con que un programa actúa por su persona",
    "books/services/evidencias.py": "los archivos y quién los entregó; los lee por su huella, que un registro nombra",
    "books/services/estatus.py": "el estatus de un CFDI, uno para cuantos lo reciben",
    "disclosure/open_files.py": "los archivos de una publicación, que hace el programa del contenido que se publicó",
    "disclosure/publish.py": "las tablas que el público lee, que el programa llena del contenido que se publicó",
    "filing/cuts.py": "los cortes con sus cabezas y su sello, que el programa hace del árbol y nadie escribe a mano",
    "filing/deposit_acuses.py": "el acuse de un depósito, que el programa dibuja",
    "filing/log.py": "las cabezas del árbol de acuses, que el programa sella",
    "filing/committing.py": "la firma de un informe que llega, cuyo sello se juzgó, y por qué quedó sin efecto",
    "filing/presenting.py": "la presentación de un informe cuyo sello se juzgó",
    "mail/addresses.py": "la dirección que una persona escribe para sí, de la que el servicio le avisa",
    "mail/bounces.py": "lo que se devuelve, de un mensaje de cualquiera",
    "mail/invitations.py": "la dirección de quien recibe su enlace, que no se muestra a quien lo pide",
    "mail/outbox.py": "los mensajes y las cartas, que encola el acto que los causa",
    "mail/sending.py": "las cartas que esperan y qué fue de cada mensaje",
    "proceedings/closing.py": "el cierre de una etapa y su reapertura, que proponen y hacen dos que administran",
    "registry/appointments.py": "los nombramientos y sus fines",
    "registry/eyes.py": "el RFC de una cuenta que no lo tenía, que anota quien opera la instalación",
    "registry/invitations.py": "las invitaciones, sus cierres y quién puede entrar",
    "registry/procesos.py": "la apertura de un proceso con sus etapas, periodos y ventanas",
    "registry/models.py": "la cuenta de una persona, que Django guarda antes de saber quién entra",
    "registry/proposals.py": "las propuestas sobre cuentas de la autoridad y cómo terminaron",
    "registry/proofs.py": "la prueba del RFC de una cuenta, cuyo sello se juzgó",
    "registry/leaving.py": "fines y sustituciones de candidaturas, por acuerdo",
    "registry/changing.py": "cambios de coalición de una candidatura, por un acuerdo, con los libros que abren",
    "registry/coalitions.py": "convenios de coalición y lo que los modifica, que registra quien administra",
    "registry/emblems.py": "el emblema de un sujeto, que registra quien administra",
    "registry/delegating.py": "el nombramiento que una persona delega del suyo, que el servicio juzga",
    "registry/papers.py": "el documento de un nombramiento, de quien da esa función",
    "registry/relieving.py": "el relevo de un Responsable: el fin de un nombramiento y el que empieza, en un acto",
    "registry/corrections.py": "correcciones de sujetos y candidaturas, que una persona propone y otra aprueba",
    "registry/moving.py": "fechas de una etapa que una persona propone mover y otra mueve, por un acuerdo posterior",
    "registry/services.py": "procesos, etapas, sujetos, libros, topes y ventanas; y la persona de una CURP entera",
    "web/accounts/factors.py": "los segundos factores cuya llave se perdió, que borra quien opera la instalación",
    "web/accounts/federated.py": "la identidad de una institución, que se liga con una invitación",
}
"""Modules of `sif` that write what gives rights and terms, each with what; it shows people and files by a whole key."""


def callers(*names: str) -> set[str]:
    """The modules of `sif` that read any of these names of the scope, whatever they call it."""
    found = readers(*(f"sif.registry.scope.{name}" for name in names))
    return {path.removeprefix("sif/") for path in found} - {"registry/scope.py"}


OF_A_PERSON = {"registry/selectors.py", "web/tasks.py"}
"""Where the scope of the authority's people is worked out from their appointments, or compared with an earlier one."""


def test_each_module_that_opens_everything_is_allowed_by_name_and_reason() -> None:
    found = callers("everything", "EVERYTHING") - OF_A_PERSON
    assert not found - ALLOWED.keys(), (
        "abren todos los libros y no están en ALLOWED: use el alcance de quien pide, o dé la razón"
    )
    assert not ALLOWED.keys() - found, "ya no abren todos los libros: quítelos de ALLOWED"
    assert all(len(reason) > 10 for reason in ALLOWED.values())


def test_each_module_that_gives_rights_is_allowed_by_name_and_reason() -> None:
    found = callers("registering", "REGISTRY")
    assert found == REGISTER.keys(), "registering() es de los servicios que juzgan quién puede qué: dé la razón"
    assert all(len(reason) > 10 for reason in REGISTER.values())


def test_only_doors_set_the_scope_of_a_person() -> None:
    doors = {"web/scope.py", "web/api/door.py", "jobs/tasks.py", "registry/scope.py"}
    assert callers("set_scope") == doors - {"registry/scope.py"}
    assert callers("mint", "lend_scope", "_set", "_within") == {"jobs/running.py", "jobs/worker.py"}


def test_only_the_demonstration_writes_in_the_name_of_whoever_each_record_says() -> None:
    assert callers("WHOEVER_SIGNS") == {"demo/build.py", "demo/captura.py"}


def test_only_who_sends_mail_opens_its_letters() -> None:
    assert callers("MAIL") == {"mail/bounces.py", "mail/sending.py"}


def test_only_commands_of_who_holds_the_machine_write_as_it() -> None:
    assert callers("OPERATOR") == {
        *("commands/administrador.py", "commands/instalar.py"),
        "books/services/catalogos.py",
    }
    loaded = "sif.books.services.catalogos.load_catalogs"
    assert {path for path, name, _node in calls() if name == loaded} == {"sif/commands/migrar.py", "sif/demo/build.py"}
