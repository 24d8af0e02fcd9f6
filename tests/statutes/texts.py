"""A regulation invented for tests: what the program cites of RF, said so, changed, or left out; in three formats."""

import typst

ARTICLES = {
    "37": "1. Las operaciones se registran en el periodo en que ocurren.",
    "38": "1. Los sujetos obligados deberán realizar sus registros contables en tiempo real, desde que ocurren y hasta "
    "tres días después.",
    "46": "1. Los comprobantes de los gastos se presentan en su representación impresa (PDF) y en XML.",
    "127": "1. Los egresos se sujetan a otras reglas.",
    "143": "1. Los gastos de campaña se controlan.",
    "143 Bis": "1. Los actos de campaña se registran en la agenda de eventos con siete días de antelación.\n"
    "2. Las cancelaciones se avisan a las cuarenta y ocho horas.",
    "356": "1. Se inscribe quien contrate por mil quinientas Unidades de Medida y Actualización o más.",
}


def as_text(articles: dict[str, str] = ARTICLES) -> str:
    """As the DOF gives it, one heading a line, with a title and a chapter."""
    body = "\n".join(f"Artículo {number}.\n{said}" for number, said in articles.items())
    return f"REGLAMENTO DE FISCALIZACIÓN\nTÍTULO I.\nDe los registros\n{body}\nTRANSITORIOS\nArtículo 1. Rige mañana.\n"


def as_markdown(articles: dict[str, str] = ARTICLES) -> str:
    """With one heading each."""
    return "# Reglamento\n\n" + "\n".join(f"### Artículo {number}\n. {said}\n" for number, said in articles.items())


def as_pdf(articles: dict[str, str] = ARTICLES, pages: int = 6) -> bytes:
    """Printed, with a running head, numbered pages and lines that wrap; an article begins each page."""
    foot = "context [#counter(page).display()]"
    heads = f"#set page(height: 8cm, header: [DIARIO OFICIAL DE LA FEDERACIÓN], footer: {foot})\n"
    body = "\n#pagebreak()\n".join(
        f"*Artículo {number}.*\n\n" + "\n\n".join(line.replace(". ", ".#h(0.3em)", 1) for line in said.split("\n"))
        for number, said in articles.items()
    )
    blank = "\n#pagebreak()\n".join("Sin texto." for _ in range(max(0, pages - len(articles))))
    return bytes(typst.compile(f"{heads}#set par(justify: false)\n{body}\n{blank}".encode()))
