"""Draw the small marks of a sentence or cell: icon, state, key, article."""

from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sif.law.articles import is_read, load_laws
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
CONFIRMED = ", confirmada aquí"
"""What a document writes beside an article that nobody read nor confirmed of its case."""


@by_language
def article_html(reference: str, told: bool = False) -> SafeString:
    """Return a reference such as «RF 38.1», in serif italic: a link to its dated text. Several are parted by «;».

    One of a law that the project did not read says «por confirmar»; told: where what stands beside says how it stands.
    What names no law that may be cited, as an accord, has no page and is no link.
    """
    if ";" in reference:
        parts = [part.strip() for part in reference.split(";") if part.strip()]
        return format_html_join("; ", "{}", ((article_html(part, told),) for part in parts))
    if reference.endswith(UNREAD):
        return article_html(reference.removesuffix(UNREAD), told=True) + unread_html()
    if reference.endswith(CONFIRMED):
        drawn = article_html(reference.removesuffix(CONFIRMED), told=True)
        return drawn + format_html(' <span class="note soft">{}</span>', _("confirmada aquí"))
    unread = "" if told or is_read(reference, settings.JURISDICTION) else unread_html()
    try:
        url = reverse("articulo", kwargs={"referencia": reference.replace(" ", "-")})
    except NoReverseMatch:
        url = ""
    if not url or reference.partition(" ")[0] not in load_laws(settings.JURISDICTION):
        return format_html('<cite class="article-ref">{}</cite>{}', reference, unread)
    return format_html('<a class="article-ref" href="{}">{}</a>{}', url, reference, unread)


def unread_html() -> SafeString:
    """Return the mark of a law that nobody read here."""
    return format_html(' <span class="note soft">{}</span>', _("por confirmar"))
