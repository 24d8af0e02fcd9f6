"""Join the PDF of each part of a document into one: its pages, its tags, the keys of its heads and its bookmarks."""

import io
from collections.abc import Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, NumberTree, Pdf, Stream, String


def count_pages(data: bytes) -> int:
    """Count the pages of a PDF."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages)


def join(parts: Sequence[bytes]) -> bytes:
    """Join tagged PDFs that one letter drew, in their order; what the first says of itself, the whole says.

    The same parts give the same bytes.
    """
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(parts[0])) as whole:
        _make_apart(whole, 0, 0)
        for place, data in enumerate(parts[1:], 1):
            with pikepdf.open(io.BytesIO(data)) as part:
                _make_apart(part, place, int(whole.Root.StructTreeRoot.ParentTreeNextKey))
                whole.pages.extend(part.pages)
                _join_tags(whole.Root.StructTreeRoot, whole.copy_foreign(part.Root.StructTreeRoot))
                _join_bookmarks(whole.Root.Outlines, whole.copy_foreign(part.Root.Outlines))
        whole.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _make_apart(part: Pdf, place: int, base: int) -> None:
    """Make the pages of a part count from a base, and the keys of its heads those of its place."""
    prefix = f"{place:04d}."  # the tree of keys stays in order
    for each in part.objects:
        if not isinstance(each, Dictionary | Stream):
            continue
        for key in (Name.StructParents, Name.StructParent):
            if key in each:
                each[key] = int(each[key]) + base
        if each.get(Name.Type) == Name.StructElem:
            _rename(each, prefix)
    tree = part.Root.StructTreeRoot
    numbers = list(NumberTree(tree.ParentTree).items())
    tree.ParentTreeNextKey = base + int(tree.ParentTreeNextKey)
    tree.ParentTree = Dictionary(Nums=Array([of for key, value in numbers for of in (key + base, value)]))
    if Name.IDTree in tree:
        names = sorted((prefix + key, value) for key, value in NameTree(tree.IDTree).items())
        tree.IDTree = Dictionary(Names=Array([of for key, value in names for of in (String(key), value)]))


def _rename(element: Any, prefix: str) -> None:
    """Give an element of the tree of tags its key, and those of the heads that it names, with a prefix."""
    if Name.ID in element:
        element.ID = String(prefix + str(element.ID))
    attributes = element.get(Name.A, Array())
    for each in attributes if isinstance(attributes, Array) else [attributes]:
        if isinstance(each, Dictionary) and Name.Headers in each:
            each.Headers = Array([String(prefix + str(key)) for key in each.Headers])


def _join_tags(tree: Any, part: Any) -> None:
    """Put what a part tags after what is there, in the one element that is the whole document."""
    document = tree.K[0]
    for each in part.K[0].K:
        each.P = document
        document.K.append(each)
    tree.ParentTree.Nums.extend(part.ParentTree.Nums)
    tree.ParentTreeNextKey = part.ParentTreeNextKey
    if Name.IDTree in part:
        if Name.IDTree not in tree:
            tree.IDTree = Dictionary(Names=Array())
        tree.IDTree.Names.extend(part.IDTree.Names)
    if Name.RoleMap in part:
        tree.RoleMap = Dictionary({**dict(tree.get(Name.RoleMap, Dictionary())), **dict(part.RoleMap)})


def _join_bookmarks(outlines: Any, part: Any) -> None:
    """Put the bookmarks of a part after those that are there."""
    first, last = part.First, outlines.Last
    last.Next, first.Prev = first, last
    each = first
    while each is not None:
        each.Parent = outlines
        each = each.get(Name.Next)
    outlines.Last = part.Last
    outlines.Count = int(outlines.Count) + int(part.Count)
