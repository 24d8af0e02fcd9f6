"""Keep and drop the filters of the queue that a person saves under a name."""

from sif.audit.models import Vista
from sif.audit.review import check_right
from sif.audit.services import DecisionRefused
from sif.registry import clock
from sif.registry.models import Usuario
from sif.registry.scope import acting

NAME = 60  # characters of the name of a view


def save_view(by: Usuario, nombre: str, consulta: str, compartida: bool) -> Vista:
    """Keep a filter under a name; the same name of the same person is replaced. Raises DecisionRefused."""
    check_right(by, "auditar", "guardar vistas")
    name = nombre.strip()
    if not name or len(name) > NAME:
        raise DecisionRefused(f"El nombre de la vista tiene de 1 a {NAME} caracteres. Escriba uno.")
    if len(consulta) > 500:
        raise DecisionRefused("El filtro es demasiado largo para guardarlo. Quite alguna condición.")
    with acting():
        row, _made = Vista.objects.update_or_create(
            usuario=by,
            nombre=name,
            defaults={"consulta": consulta, "compartida": compartida, "guardada_el": clock.now()},
        )
    return row


def drop_view(vista: Vista, by: Usuario) -> None:
    """Forget a view of one's own. Raises DecisionRefused."""
    if vista.usuario_id != by.pk:
        raise DecisionRefused("La vista es de otra persona; guarde la suya con otro nombre.")
    with acting():
        Vista.objects.filter(pk=vista.pk).delete()
