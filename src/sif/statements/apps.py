"""Register the room `statements` with Django."""

from django.apps import AppConfig


class StatementsConfig(AppConfig):
    """The room statements."""

    name = "sif.statements"
    verbose_name = "Libros"

    def ready(self) -> None:
        """Give the reports the writer of their annexes."""
        from sif.filing.annexes import written_by
        from sif.statements.annexes import write_annex

        written_by(write_annex)
