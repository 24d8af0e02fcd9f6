"""The plan of a cadena is SAT's stylesheet to the letter, or steps aside for it."""

from random import Random

import pytest
from lxml import etree

from public_data import public
from sif.cfdi.cadena import CFDI_4, cadena_of, plan, transformed
from sif.cfdi.cadena_compiler import Beyond, squeeze
from sif.cfdi.fields import version_of

VALUES = ("A", " A  B ", "", "\tuno\ndos", "a\u00a0b \u2003", "x | y", "| z |", " ", "Ñandú & «más»", "0.005")


def known(folder):
    """Every Comprobante under a folder, with its version."""
    for path in sorted(folder.rglob("*.xml")):
        try:
            root = etree.parse(path, etree.XMLParser(remove_comments=True, resolve_entities=False)).getroot()
        except etree.XMLSyntaxError:
            continue
        version = version_of(root)
        if version:
            yield path.name, root, version


def test_real_invoices_have_the_cadena_of_the_stylesheet():
    planned = 0
    for name, root, version in known(public("cfdi")):
        expected = transformed(root, version)
        assert cadena_of(root, version) == expected, name
        try:
            assert plan(version).cadena_of(root).encode() == expected, name
            planned += 1
        except Beyond:
            continue
    assert planned >= 30  # the rest have complements whose templates do more than list


def grown(random, version):
    """An invoice of everything the plan lists: random elements under each, with random values."""
    templates = plan(version).templates
    tags = [tag for tag, ops in templates.items() if ops]
    names = sorted({name for ops in templates.values() for op in ops or () for name, _kept in op.names})
    paths = [step for ops in templates.values() for op in ops or () for step in op.steps if step[0] == "{"]
    root = etree.Element(f"{{{CFDI_4 if version == '4.0' else 'http://www.sat.gob.mx/cfd/3'}}}Comprobante")
    grow(random, root, (sorted({*tags, *paths}), names), 3)
    return root


def grow(random, element, words, depth):
    tags, names = words
    for name in random.sample(names, min(len(names), 40)):
        element.set(name, random.choice(VALUES))
    if depth:
        near = [tag for tag in tags if tag.startswith(element.tag.partition("}")[0])]
        for tag in [*random.sample(near, min(len(near), 5)), *random.choices(tags, k=2)]:
            grow(random, etree.SubElement(element, tag), words, depth - 1)


@pytest.mark.parametrize("version", ["4.0", "3.3", "3.2"])
def test_invented_invoices_have_the_cadena_of_the_stylesheet(version):
    planned = 0
    for seed in range(40):
        root = grown(Random(seed), version)  # noqa: S311
        try:
            written = plan(version).cadena_of(root).encode()
        except Beyond:
            continue
        assert written == transformed(root, version), seed
        planned += 1
    assert planned >= 3


def test_what_no_plan_can_follow_is_left_to_the_stylesheet():
    root = etree.fromstring(
        f'<c:Comprobante xmlns:c="{CFDI_4}" Version="4.0"><c:Complemento><x xmlns="urn:x">dicho</x></c:Complemento>'
        "</c:Comprobante>"
    )
    with pytest.raises(Beyond):
        plan("4.0").cadena_of(root)
    assert cadena_of(root, "4.0") == transformed(root, "4.0")
    assert b"dicho" in cadena_of(root, "4.0")


def test_only_what_xml_calls_blank_is_squeezed():
    sheet = etree.XPath("normalize-space(string(@a))")
    for value in VALUES:
        assert squeeze(value) == sheet(etree.Element("x", a=value))


def test_most_templates_are_lists():
    for version, most in (("4.0", 0.9), ("3.3", 0.9), ("3.2", 0.9)):
        templates = plan(version).templates
        assert sum(ops is not None for ops in templates.values()) >= most * len(templates)
