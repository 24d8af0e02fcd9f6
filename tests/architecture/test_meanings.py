"""A forbidden name is seen whatever it is called, and what only looks like it is let be."""

import pytest

from architecture.meanings import calls_in, is_of, modules, read, references_in

FORMS = {
    "import": "import pickle\npickle.loads(x)",
    "import as": "import pickle as p\np.loads(x)",
    "import of a submodule": "import os.path\nos.system(x)",
    "from": "from pickle import loads\nloads(x)",
    "from as": "from pickle import loads as read\nread(x)",
    "star": "from pickle import *\nloads(x)",
    "getattr": "import pickle\ngetattr(pickle, 'loads')(x)",
    "getattr of what is not written": "import pickle\ngetattr(pickle, word)(x)",
    "__import__": "__import__('pickle').loads(x)",
    "import_module": "from importlib import import_module as bring\nbring('pickle').loads(x)",
    "importlib": "import importlib\nimportlib.import_module('pickle').loads(x)",
    "alias of a module": "import pickle\nother = pickle\nother.loads(x)",
    "alias of a function": "import pickle\nread = pickle.loads\nagain = read\nagain(x)",
    "walrus": "import pickle\n(read := pickle.loads)(x)",
    "typed alias": "import pickle\nread: object = pickle.loads\nread(x)",
    "pair": "import pickle\na, b = pickle.loads, 1\na(x)",
    "default": "import pickle\ndef f(x, read=pickle.loads):\n    return read(x)",
    "named default": "import pickle\ndef f(x, *, read=pickle.loads):\n    return read(x)",
    "loop": "import pickle\nfor read in (pickle.loads, print):\n    read(x)",
    "comprehension": "import pickle\n[read(x) for read in [pickle.loads]]",
    "either": "import pickle\n(pickle.loads if x else print)(x)",
    "or": "import pickle\n(None or pickle.loads)(x)",
    "vars": "import pickle\nvars(pickle)['loads'](x)",
    "__dict__": "import pickle\npickle.__dict__['loads'](x)",
    "sys.modules": "import sys\nsys.modules['pickle'].loads(x)",
    "partial": "import pickle\nfrom functools import partial\npartial(pickle.loads)(x)",
    "text of a name": "from pkgutil import resolve_name\nresolve_name('pickle:loads')(x)",
    "within a function": "def f(x):\n    from pickle import loads as read\n    return read(x)",
    "builtin": "eval(x)",
    "builtin of its module": "import builtins\nbuiltins.eval(x)",
    "builtin by getattr": "getattr(__builtins__, 'eval')(x)",
    "alias of a builtin": "run = eval\nrun(x)",
}
FORBIDDEN = ("pickle.loads", "os.system", "eval")


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_seen_as_a_call(form: str) -> None:
    assert any(is_of(name, FORBIDDEN) for name, _node in calls_in(read(FORMS[form])))


@pytest.mark.parametrize(
    "text",
    [
        "import pickle\nTABLE = {'read': pickle.loads}",
        "import pickle\nclass A:\n    read = staticmethod(pickle.loads)",
        "from pickle import loads as kept",
        "import pickle\nmap(pickle.loads, rows)",
        "import pickle\nself.read = pickle.loads",
    ],
)
def test_what_is_given_to_other_hands_is_seen_where_it_is_read(text: str) -> None:
    assert any(is_of(name, FORBIDDEN) for name, _node in references_in(read(text)))


@pytest.mark.parametrize(
    "text",
    [
        "import json\njson.loads(x)",
        "from json import loads\nloads(x)",
        "model.eval(x)",
        "self.loads(x)",
        "import re\nre.compile(x)",
        "def loads(x):\n    return x\nloads(x)",
        "'pickle.loads'",
    ],
)
def test_what_only_looks_like_it_is_let_be(text: str) -> None:
    found = (*calls_in(read(text)), *references_in(read(text)))
    assert not [name for name, _node in found if is_of(name, (*FORBIDDEN, "compile"))]


def test_a_relative_import_is_of_its_package() -> None:
    names = {name for name, _node in references_in(read("from . import scope\nfrom ..a import b", "sif.registry"))}
    assert {"sif.registry.scope", "sif.a.b"} <= names


def test_every_module_of_the_package_is_read() -> None:
    assert len(modules()) > 400
