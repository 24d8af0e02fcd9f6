"""Compile SAT's stylesheets of the cadena original into lists of attributes in order.

Those stylesheets only ever list attributes, so what each template says is read once from them and followed in Python,
many times faster than the transformation. Where one says anything else, or an invoice reaches it, nobody guesses: the
stylesheet itself is run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lxml import etree

XSL = "{http://www.w3.org/1999/XSL/Transform}"
LIST, EACH, APPLY, WHERE = range(4)
_LISTS = {"Requerido": True, "Opcional": False}
_ATTRIBUTE = re.compile(r"(?:\./)?@(\w+)")
_STEP = re.compile(r"([A-Za-z_][\w.-]*):([A-Za-z_][\w.-]*)")
_BLANK = re.compile("[ \t\r\n]+")  # what normalize-space() takes for blank; a hard space is not
Steps = tuple[str, ...]  # tags of children; "*" any, and "//" before one says at any depth


class Beyond(Exception):
    """A stylesheet says, or an invoice holds, what no plan can follow."""


class Op(NamedTuple):
    """One instruction: list attributes, or go along `steps` and there follow `ops` (EACH) or the plan (APPLY).

    `names`: each attribute with whether it leaves its place when absent. WHERE follows `ops` here, if there are such.
    """

    kind: int
    names: tuple[tuple[str, bool], ...] = ()
    steps: Steps = ()
    ops: tuple["Op", ...] = ()


@dataclass(slots=True)
class Plan:
    """The instructions of the templates of a stylesheet by tag; None for a template that is more than a list."""

    templates: dict[str, tuple[Op, ...] | None] = field(default_factory=dict)

    def cadena_of(self, root: etree._Element) -> str:
        """Return the cadena original of a Comprobante. Raises Beyond."""
        if root.tag not in self.templates:
            raise Beyond(str(root.tag))
        out: list[str] = []
        self._apply(root, out)
        written = "|".join(out)
        if _has_blanks(written):
            written = "|".join(map(squeeze, out))
        return f"||{written}||"

    def _apply(self, element: etree._Element, out: list[str]) -> None:
        ops = self.templates.get(element.tag)
        if ops is not None:
            self._follow(ops, element, out)
        elif element.tag in self.templates or len(element) or (element.text and element.text.strip()):
            raise Beyond(str(element.tag))  # without a template, what XSLT does by itself

    def _follow(self, ops: tuple[Op, ...], element: etree._Element, out: list[str]) -> None:
        get, tags = element.get, None
        for kind, names, steps, inner in ops:
            if kind == LIST:
                for name, kept in names:
                    value = get(name)
                    if value is not None:
                        out.append(value)
                    elif kept:
                        out.append("")
                continue
            if tags is None:  # most paths lead nowhere: the children are looked at once
                tags = {child.tag for child in element}
            if steps and steps[0] not in tags and steps[0] not in ("*", "//"):
                continue
            if kind == WHERE:
                if next(along(element, steps), None) is not None:
                    self._follow(inner, element, out)
                continue
            for each in along(element, steps):
                if kind == APPLY:
                    self._apply(each, out)
                else:
                    self._follow(inner, each, out)


def _has_blanks(written: str) -> bool:
    """Return whether some value of a cadena may not be as normalize-space() leaves it."""
    marks = ("  ", "\t", "\r", "\n", "| ", " |")
    return any(mark in written for mark in marks) or written.endswith(" ")


def squeeze(value: str) -> str:
    """normalize-space() of XPath."""
    return _BLANK.sub(" ", value).strip(" ")


def along(element: etree._Element, steps: Steps) -> Iterator[etree._Element]:
    """Yield the elements at the end of some steps, in the order of the document."""
    if not steps:
        return iter((element,))
    if steps[0] == "//":
        return element.iterdescendants(steps[1])
    if len(steps) == 1:
        return element.iterchildren(steps[0])
    return (each for child in element.iterchildren(steps[0]) for each in along(child, steps[1:]))


def read_plan(path: Path) -> Plan:
    """Return the plan of a stylesheet and of those it includes."""
    plan, seen = Plan(), set[Path]()
    _gather(path.resolve(), plan, seen)
    return plan


def _gather(path: Path, plan: Plan, seen: set[Path]) -> None:
    if path in seen:
        return
    seen.add(path)
    root = etree.parse(path, etree.XMLParser(no_network=True, resolve_entities=False, remove_comments=True)).getroot()
    for node in root.iterchildren(f"{XSL}include", f"{XSL}import"):
        _gather((path.parent / node.get("href", "")).resolve(), plan, seen)
    for node in root.iterchildren(f"{XSL}template"):
        match = node.get("match")
        if match is None or match == "/":
            continue
        for each in match.split("|"):
            tag = _tag(node, each.strip().rpartition("/")[2])
            twice = tag in plan.templates  # which of two wins is a matter of XSLT's
            plan.templates[tag] = None if twice or "/" in each or node.get("mode") else _template(node)


def _template(node: etree._Element) -> tuple[Op, ...] | None:
    try:
        return _ops(node)
    except Beyond:
        return None


def _ops(node: etree._Element) -> tuple[Op, ...]:
    if any((words or "").strip() for words in (node.text, *(child.tail for child in node))):
        raise Beyond("text")
    found: list[Op] = []
    for child in node:
        op = _op(child)
        if op.kind == LIST and found and found[-1].kind == LIST:
            found[-1] = Op(LIST, (*found[-1].names, *op.names))
        else:
            found.append(op)
    return tuple(found)


def _op(node: etree._Element) -> Op:
    kind = node.tag.removeprefix(XSL)
    if kind == "call-template":
        (given,) = node
        found = _ATTRIBUTE.fullmatch(given.get("select", ""))
        if found is None or given.get("name") != "valor" or node.get("name") not in _LISTS:
            raise Beyond(given.get("select", ""))
        return Op(LIST, ((found[1], _LISTS[node.get("name", "")]),))
    if kind == "apply-templates":
        return Op(APPLY, steps=_steps(node, node.get("select", "")))
    if kind == "if":
        return Op(WHERE, steps=_steps(node, node.get("test", "")), ops=_ops(node))
    if kind != "for-each":
        raise Beyond(kind)
    steps, ops = _steps(node, node.get("select", "")), _ops(node)
    return Op(APPLY, steps=steps) if ops == (Op(APPLY),) else Op(EACH, steps=steps, ops=ops)


def _steps(node: etree._Element, path: str) -> Steps:
    if path == ".":
        return ()
    if path.startswith(".//"):
        return ("//", _tag(node, path[3:]))
    return tuple("*" if step == "*" else _tag(node, step) for step in path.removeprefix("./").split("/"))


def _tag(node: etree._Element, name: str) -> str:
    found = _STEP.fullmatch(name)
    if found is None or found[1] not in node.nsmap:
        raise Beyond(name)
    return f"{{{node.nsmap[found[1]]}}}{found[2]}"
