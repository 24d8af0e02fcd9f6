"""What these tests share with those of the books: rows that are really committed."""

from books.conftest import committed

__all__ = ["committed"]
