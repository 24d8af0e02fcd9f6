"""No text from outside becomes a command, code, a template or a path of XML: each call that could do it is named."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAFE_YAML = {"sif/law/sources.py", "sif/rulebook/reading.py"}
"""Readers of YAML whose loader is a stricter one than PyYAML's safe loader."""


@cache
def _calls() -> tuple[tuple[str, str, ast.Call], ...]:
    """Every call of the package: its file, its dotted name, its node."""
    found = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found.append((path.relative_to(ROOT / "src").as_posix(), ast.unparse(node.func), node))
    return tuple(found)


def _named(*names: str) -> Iterator[tuple[str, ast.Call]]:
    for path, name, node in _calls():
        if name in names or name.rsplit(".", 1)[-1] in {each[1:] for each in names if each.startswith(".")}:
            yield path, node


def _literal(node: ast.expr) -> bool:
    """Whether a text is written in the code: a constant, or a joined one of names in capitals."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name | ast.Attribute):
        return (node.id if isinstance(node, ast.Name) else node.attr).lstrip("_").isupper()
    if isinstance(node, ast.BinOp):
        return _literal(node.left) and _literal(node.right)
    if isinstance(node, ast.JoinedStr):
        return all(not isinstance(part, ast.FormattedValue) or _literal(part.value) for part in node.values)
    return False


def test_no_command_goes_through_a_shell() -> None:
    assert list(_named("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput")) == []
    for path, node in _named("subprocess.run", "subprocess.Popen", "subprocess.check_output", "subprocess.call"):
        assert all(keyword.arg != "shell" for keyword in node.keywords), path


def test_no_text_is_evaluated_as_code() -> None:
    assert [path for path, _node in _named("eval", "exec", "compile", "__import__")] == []
    assert [path for path, _node in _named("pickle.loads", "pickle.load", "marshal.loads")] == []
    for path, node in _named("yaml.load"):
        assert path in SAFE_YAML, f"{path}:{node.lineno} lee YAML con un cargador que hace objetos"


def test_no_template_is_made_of_text() -> None:
    assert [path for path, _node in _named("Template", "engine.from_string", "Engine")] == []


def test_every_path_of_xml_is_written_in_the_code() -> None:
    for path, node in _named("etree.XPath", ".xpath"):
        assert node.args and _literal(node.args[0]), f"{path}:{node.lineno}"
