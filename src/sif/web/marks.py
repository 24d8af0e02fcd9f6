"""Draw the small marks of a sentence or cell: icon, state, key, article."""

from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sif.web.icons import icon_name
from sif.web.markup_cache import by_language
from sif.web.states import state_look


@by_language
def icon_html(name: str) -> SafeString:
    """Return an icon of the sprite, silent: the word beside it speaks. Raises UnknownIcon."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("vendor/icons.svg"),
        icon_name(name),
    )


@by_language
def state_html(key: str, words: str = "", *, chip: bool = False) -> SafeString:
    """A state by its key: colour, icon and word; words replace the table's («2 de 3 días»). Raises UnknownState."""
    look = state_look(key)
    kind = "state chip" if chip else "state"
    return format_html(
        '<span class="{} tone-{}">{}<span>{}</span></span>',
        kind,
        look.tono,
        icon_html(look.icono),
        words or look.palabra,
    )


def key_html(text: str) -> SafeString:
    """Return an official key in the fixed-width letter."""
    return format_html('<span class="key">{}</span>', text)


def folio_html(text: str) -> SafeString:
    """A long key of which a list shows the beginning: it stands whole for who points at it, copies or prints it."""
    return format_html('<span class="key folio" title="{}">{}</span>', text, text)


def written_html(text: str) -> SafeString:
    """Render a literal of a file or program, such as the name of a column or the beginning of a key, untranslated."""
    return format_html('<span class="key" translate="no">{}</span>', text)


UNREAD = ", por confirmar"
"""What a document writes beside an article that nobody read nor confirmed of its case."""


@by_language
def article_html(reference: str) -> SafeString:
    """A reference such as «RF 38.1», in serif italic: a link to its dated text. Several, parted by «;», are several."""
    if ";" in reference:
        return format_html_join(
            "; ", "{}", ((article_html(part.strip()),) for part in reference.split(";") if part.strip())
        )
    if reference.endswith(UNREAD):
        article = article_html(reference[: -len(UNREAD)])
        return format_html('{} <span class="note soft">{}</span>', article, _("por confirmar"))
    try:
        url = reverse("articulo", kwargs={"referencia": reference.replace(" ", "-")})
    except NoReverseMatch:
        return format_html('<cite class="article-ref">{}</cite>', reference)
    return format_html('<a class="article-ref" href="{}">{}</a>', url, reference)
