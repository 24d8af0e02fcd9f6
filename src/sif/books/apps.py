"""Registers the room `books` with Django."""

from django.apps import AppConfig


class BooksConfig(AppConfig):
    """The room books."""

    name = "sif.books"
    verbose_name = "Libros"
