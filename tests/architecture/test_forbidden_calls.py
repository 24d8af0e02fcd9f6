"""No text from outside becomes a command, code, a template or a path of XML: each call that could do it is named."""

import ast
import re
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


FORMATS = {
    "sif/audit/lens/ties.py": "sentences of the lenses, data of the jurisdiction",
    "sif/cfdi/ine.py": "sentences of a table of the code",
    "sif/proceedings/services.py": "the form of a number, data of the jurisdiction",
    "sif/signing/problems.py": "sentences of a table of the code",
    "sif/web/party/auxiliaries.py": "names of a table of the code",
}
"""Who formats a text that is not written at the call, and where it comes from."""


def test_no_format_is_made_of_what_people_type() -> None:
    made = {
        path
        for path, node in _named(".format", ".format_map")
        if isinstance(node.func, ast.Attribute) and not _literal(node.func.value)
        if "SQL(" not in ast.unparse(node.func.value) and not path.startswith("sif/simulation/")  # psycopg's quotes
    }
    assert made == set(FORMATS)


OLD_DIGESTS = {
    "sif/cfdi/seal.py": "seals of CFDI 3.2 and stamps of 2011 to 2017",
    "sif/registry/passwords.py": "the list of published passwords is kept by SHA-1",
    "sif/signing/authorities.py": "authorities of 2004 to 2008",
    "sif/signing/efirma.py": "acts of those years are verified, never signed",
    "sif/signing/minting.py": "the form of SAT's key files, for tests and demonstration",
}
"""Who may name a digest or cipher that is not made any more, and why."""


def test_old_digests_and_ciphers_have_their_reason_and_no_mode_is_weak() -> None:
    old = {"hashes.SHA1", "hashes.MD5", "hashlib.sha1", "hashlib.md5", "TripleDES"}
    assert {path for path, name, _node in _calls() if name in old} == set(OLD_DIGESTS)
    weak = ("ECB", "ARC4", "Blowfish", "RC2", "IDEA", "SEED", "CAST5")
    assert [path for path, name, _node in _calls() if name.rsplit(".", 1)[-1] in weak] == []


def test_chance_that_must_not_be_guessed_comes_from_the_system() -> None:
    """`random` draws invented elections, and how often spent limits are swept; nothing else."""
    drawn = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.ImportFrom) and node.module == "random")
        or (isinstance(node, ast.Import) and any(name.name == "random" for name in node.names))
    }
    assert {path for path in drawn if not path.startswith(("sif/demo/", "sif/simulation/"))} == {
        "sif/registry/limits.py"
    }


def test_scripts_write_no_markup_and_evaluate_no_text() -> None:
    """What a script draws goes in as text; what it puts in place came drawn by the server."""
    forbidden = re.compile(
        r"\.(?:inner|outer)HTML\s*[+]?=[^=]|insertAdjacentHTML|document\.write|\beval\(|new Function|__proto__|"
        r"Object\.assign\(\s*[a-z]\w*\.prototype"
    )
    scripts = sorted((ROOT / "src/sif/web/static/sif").glob("*.js"))
    assert len(scripts) > 5
    for script in scripts:
        assert forbidden.findall(script.read_text(encoding="utf-8")) == [], script.name


def test_pages_ask_for_no_plug_in() -> None:
    for page in (ROOT / "src/sif").rglob("templates/**/*.html"):
        assert not re.search(r"<(?:object|embed|applet|marquee|frame)\b", page.read_text(encoding="utf-8")), page.name
