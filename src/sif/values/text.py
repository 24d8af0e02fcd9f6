"""Text as files bring it."""


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8, with or without its mark, or else Latin-1, which any bytes are."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
