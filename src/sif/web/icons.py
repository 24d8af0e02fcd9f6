"""The icons that pages may show: one list, from which the local sprite is built; a name outside it is refused."""

ICONS: tuple[str, ...] = (
    "arrow-counterclockwise", "arrow-left", "arrow-left-right", "arrow-repeat", "arrow-right", "arrow-up",
    "arrow-down", "bank", "bank2", "bar-chart", "bell", "binoculars", "box-arrow-right", "box-arrow-up-right",
    "building", "calendar-event", "calendar2-plus", "calendar3", "camera", "card-checklist", "caret-down-fill",
    "caret-up-fill", "cash-coin", "cash-stack", "check", "check-circle", "check-circle-fill", "check2-square",
    "chevron-left", "chevron-right", "circle", "circle-half", "clipboard", "clipboard-check", "clock",
    "clock-history", "cloud-check", "columns-gap", "dash-circle", "dash-circle-fill", "database", "diagram-3",
    "dice-5", "download", "easel", "envelope", "envelope-check", "envelope-open", "envelope-paper",
    "exclamation-triangle-fill", "eye", "eye-slash", "file-earmark", "file-earmark-check", "file-earmark-code",
    "file-earmark-diff", "file-earmark-pdf", "file-earmark-plus", "file-earmark-spreadsheet", "file-earmark-text",
    "file-earmark-zip", "files", "filter", "fingerprint", "folder", "gear", "geo-alt", "globe", "graph-up",
    "hammer", "hand-index", "hash", "heart-pulse", "hourglass-bottom", "hourglass-split", "house", "image",
    "images", "inbox", "info-circle", "journal-code", "journal-text", "key", "link-45deg", "list", "list-check",
    "list-columns-reverse", "lock-fill", "megaphone", "moon", "newspaper", "paperclip", "pen", "pencil",
    "pencil-square", "people", "person", "person-badge", "person-check", "person-circle", "person-plus",
    "plus-lg", "printer", "question-circle", "receipt", "reply", "rulers", "search", "send", "shield-check",
    "shield-lock", "shop", "sliders", "slash-circle", "stopwatch", "sun", "table", "tag", "tags", "toggles",
    "translate", "trash", "truck", "unlock", "upc-scan", "upload", "x-circle-fill", "x-lg", "x-octagon-fill",
)  # fmt: skip


class UnknownIcon(ValueError):
    """A piece asked for an icon that is not in the sprite."""


def icon_name(name: str) -> str:
    """The name itself if the sprite has it. Raises UnknownIcon otherwise."""
    if name not in ICONS:
        raise UnknownIcon(f"El icono «{name}» no está en sif/web/icons.py. Agréguelo ahí y ejecute «make setup».")
    return name
