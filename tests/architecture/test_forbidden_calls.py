"""No text from outside becomes a command, code, a template or a path of XML: each call that could do it is named."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from architecture.meanings import UNSAID, calls, is_of, modules, readers, references

ROOT = Path(__file__).resolve().parents[2]
SAFE_YAML = {"sif/law/sources.py", "sif/rulebook/reading.py"}
"""Readers of YAML whose loader is a stricter one than PyYAML's safe loader."""


def _methods(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """The calls of a method of those names, of whatever object, however it is taken from it."""
    for path, module in modules().items():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and _taken(node.func) in names:
                yield path, node


def _taken(function: ast.expr) -> str:
    """The name by which a method is taken from its object: `x.name` or `getattr(x, "name")`."""
    if isinstance(function, ast.Attribute):
        return function.attr
    if isinstance(function, ast.Call) and ast.unparse(function.func) == "getattr" and len(function.args) > 1:
        return ast.unparse(function.args[1]).strip("'")
    return ""


def _called(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """The calls of those names, none of which is given another name nor to other hands, where it would not be seen."""
    found = [(path, node) for path, name, node in calls() if is_of(name, names)]
    there = {id(node.func) for _path, node in found}
    for path, name, node in references():
        if is_of(name, names) and not isinstance(node, ast.Import | ast.ImportFrom):
            assert id(node) in there, f"{path}: {name} se toma sin llamarlo"
    yield from found


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


EXECUTES = (
    "os.execl",
    "os.execlp",
    "os.execv",
    "os.execvp",
    "os.execve",
    "os.execvpe",
    "os.spawnl",
    "os.spawnv",
    "os.spawnvp",
    "os.posix_spawn",
    "pty.spawn",
)
SHELLS = (
    "os.system",
    "os.popen",
    "posix.system",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
    "asyncio.create_subprocess_shell",
    "asyncio.subprocess.create_subprocess_shell",
)
PROGRAMS = (
    "subprocess.run",
    "subprocess.Popen",
    "subprocess.check_output",
    "subprocess.check_call",
    "subprocess.call",
    "asyncio.create_subprocess_exec",
)


def test_no_command_goes_through_a_shell() -> None:
    assert readers(*SHELLS) == set()
    assert readers(*EXECUTES) == {"sif/sandbox/probe.py"}  # it shows that the sandbox refuses it
    for path, node in _called(*PROGRAMS):
        assert all(keyword.arg not in ("shell", None) for keyword in node.keywords), path


CODE = (
    "eval",
    "exec",
    "compile",
    "code.interact",
    "code.InteractiveInterpreter",
    "runpy.run_path",
    "runpy.run_module",
    "types.CodeType",
    "types.FunctionType",
)
OBJECTS = ("pickle.load", "pickle.loads", "pickle.Unpickler", "_pickle.loads", "_pickle.load", "_pickle.Unpickler",
           "marshal.load", "marshal.loads", "shelve.open", "dill.loads", "cloudpickle.loads", "joblib.load",
           "pandas.read_pickle", "yaml.unsafe_load", "yaml.full_load", "yaml.UnsafeLoader",
           "yaml.FullLoader")  # fmt: skip
IMPORTERS = {
    "sif/audit/results.py": "an engine, by a name of a table of the code",
    "sif/commands/main.py": "a command, by a name of a table of the code",
    "sif/sandbox/server.py": "the opener that the parent asks for, by a name of a table of the code",
}
"""Who imports a module whose name is not written there, and where the name comes from."""


def test_no_text_is_evaluated_as_code_nor_makes_objects() -> None:
    assert readers(*CODE, *OBJECTS) == set()
    assert {path for path, name, _node in references() if name == UNSAID} == set(IMPORTERS)
    for path, node in _called("yaml.load"):
        assert path in SAFE_YAML, f"{path}:{node.lineno} lee YAML con un cargador que hace objetos"


def test_no_template_is_made_of_text() -> None:
    assert (
        readers(
            "django.template.Template",
            "django.template.base.Template",
            "django.template.Engine",
            "django.template.engine.Engine",
            "jinja2.Template",
            "string.Template",
        )
        == set()
    )
    assert [path for path, _ in _methods("from_string")] == [
        "sif/books/services/evidencias.py"
    ]  # of the kind of a file


OUT = {
    "sif/commands/servir.py": "asks the server of this machine whether it answers yet",
    "sif/registry/outside.py": "the one door to the network, which follows no redirection",
}
"""Who opens an address, and how."""


def test_only_one_door_opens_an_address() -> None:
    ways = (
        "urllib.request.urlopen",
        "urllib.request.build_opener",
        "urllib.request.urlretrieve",
        "requests.get",
        "requests.post",
        "requests.request",
        "requests.Session",
        "httpx.get",
        "httpx.post",
        "httpx.Client",
        "http.client.HTTPConnection",
        "http.client.HTTPSConnection",
        "urllib3.PoolManager",
    )
    assert readers(*ways) == set(OUT)


CSV = {
    "sif/banks/write.py": "statements of invented banks, as those of real ones are",
    "sif/demo/lotes.py": "files of an invented party",
    "sif/values/cells.py": "the one writer of CSV, which quotes what a spreadsheet would run",
}
WORKBOOKS = "sif/jobs/workbooks.py"
"""The one module that makes workbooks."""


def test_one_writer_of_csv_quotes_what_would_be_run_and_no_workbook_takes_a_text_for_a_formula() -> None:
    assert readers("csv.writer", "csv.DictWriter", "_csv.writer") == set(CSV)
    assert readers("openpyxl.Workbook", "openpyxl.workbook.Workbook", "xlwt.Workbook") == {"sif/sandbox/workbook.py"}
    made = {path for path, _node in _called("xlsxwriter.Workbook", "xlsxwriter.workbook.Workbook")}
    assert made == {WORKBOOKS}
    assert '"strings_to_formulas": False' in (ROOT / "src" / WORKBOOKS).read_text(encoding="utf-8")


def test_every_path_of_xml_is_written_in_the_code() -> None:
    for path, node in (*_called("lxml.etree.XPath", "lxml.etree.ETXPath"), *_methods("xpath")):
        assert node.args and _literal(node.args[0]), f"{path}:{node.lineno}"


FORMATS = {
    "sif/audit/lens/ties.py": "sentences of the lenses, data of the jurisdiction",
    "sif/audit/naming.py": "names of things, a table of the code",
    "sif/cfdi/ine.py": "sentences of a table of the code",
    "sif/proceedings/dictamen_sheet.py": "sentences of the acts, data of the jurisdiction",
    "sif/proceedings/resolucion_sheet.py": "sentences of the acts, data of the jurisdiction",
    "sif/proceedings/numbering.py": "the form of a number, data of the jurisdiction",
    "sif/signing/problems.py": "sentences of a table of the code",
    "sif/web/party/auxiliaries.py": "names of a table of the code",
}
"""Who formats a text that is not written at the call, and where it comes from."""


def test_no_format_is_made_of_what_people_type() -> None:
    made = {
        path
        for path, node in _methods("format", "format_map")
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


OLD = (
    "cryptography.hazmat.primitives.hashes.SHA1",
    "cryptography.hazmat.primitives.hashes.MD5",
    "hashlib.sha1",
    "hashlib.md5",
    "_hashlib.openssl_md5",
    "_hashlib.openssl_sha1",
    "cryptography.hazmat.decrepit.ciphers.algorithms.TripleDES",
    "cryptography.hazmat.primitives.ciphers.algorithms.TripleDES",
)


def test_old_digests_and_ciphers_have_their_reason_and_no_mode_is_weak() -> None:
    assert readers(*OLD) == set(OLD_DIGESTS)
    weak = ("ECB", "ARC4", "Blowfish", "RC2", "IDEA", "SEED", "CAST5")
    ciphers = "cryptography.hazmat."
    assert [path for path, name, _ in references() if name.startswith(ciphers) and name.endswith(weak)] == []
    digests = {path for path, node in _called("hashlib.new") if not (node.args and _literal(node.args[0]))}
    assert digests == set()


def test_chance_that_must_not_be_guessed_comes_from_the_system() -> None:
    """`random` draws invented elections, and how often spent limits are swept; nothing else."""
    drawn = {path for path, name, _node in references() if name.partition(".")[0] in ("random", "_random")}
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
