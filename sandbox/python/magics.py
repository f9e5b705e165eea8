"""Magics and commands that cannot work here say why, and what to do instead."""

import re
import sys
from importlib import metadata

_NO_NETWORK = "there is no network here: upload the file and read it with load_file(\"name\")"
_NO_TERMINAL = "there is no terminal here: print what you want to see, and run again"

# Why a line magic cannot work.
_LINES = {
    "debug": _NO_TERMINAL,
    "pdb": _NO_TERMINAL,
    "edit": "there is no editor here: change the code and run it again",
    "notebook": "a run is no notebook: copy its code into one",
    "recall": "earlier cells are not kept as text: copy the code",
    "pastebin": _NO_NETWORK,
    "connect_info": "a kernel here takes no connections: its only way out is this page",
    "qtconsole": "a kernel here takes no connections: its only way out is this page",
}
_PACKAGERS = ("pip", "pip3", "conda", "mamba", "micromamba", "uv", "poetry", "easy_install")
_FETCHERS = ("curl", "wget", "git", "gdown", "kaggle", "ssh", "scp", "rsync", "nc", "ping", "aws", "gsutil")
_SYSTEM = ("apt", "apt-get", "apk", "yum", "dnf", "brew", "sudo", "npm", "npx")
_BROWSER = "this page runs no script of a cell: show a plotly figure, or IPython.display.HTML with the script inside"


def register(shell):
    """Puts words in the place of what cannot work. Runs in the zygote."""
    for name, why in _LINES.items():
        shell.register_magic_function(_line(f"%{name}", why), "line", name)
    for name in _PACKAGERS:
        shell.register_magic_function(_packager(name), "line", name)
    for name in ("javascript", "js"):
        shell.register_magic_function(_cell(f"%%{name}", _BROWSER), "cell", name)
    shell.register_magic_function(_matplotlib(shell.find_line_magic("matplotlib")), "line", "matplotlib")
    shell.register_magic_function(_load_ext(shell.find_line_magic("load_ext")), "line", "load_ext")


def refuses(command):
    """Whether a shell command cannot work; if so it has said why."""
    words = re.split(r"\s+", command.strip().removeprefix("sudo "), maxsplit=3) + [""] * 3
    name = words[0].rpartition("/")[2]
    if name.startswith("python") and words[1:3] == ["-m", "pip"]:
        name, words = "pip", words[2:]
    if name in _PACKAGERS and (name != "pip" or words[1] not in ("list", "show", "freeze", "--version", "check")):
        _say(f"!{name}", _packages(command))
    elif name in _FETCHERS and not (name == "git" and words[1] not in ("clone", "pull", "fetch", "push")):
        _say(f"!{name}", _NO_NETWORK)
    elif name in _SYSTEM:
        _say(f"!{name}", "nothing can be installed from inside a run: the operator adds packages (Help lists what is there)")
    else:
        return False
    return True


def _say(what, why):
    print(f"{what} cannot work: {why}.", file=sys.stderr)


def _line(what, why):
    return lambda line="": _say(what, why)


def _cell(what, why):
    return lambda line="", cell="": _say(what, why)


def _packager(name):
    def magic(line=""):
        words = line.split()
        if name in ("pip", "pip3") and words[:1] in (["list"], ["freeze"]):
            print("\n".join(f"{found.metadata['Name']}=={found.version}" for found in sorted(metadata.distributions(), key=_by_name)))
        else:
            _say(f"%{name}", _packages(f"{name} {line}"))

    return magic


def _by_name(found):
    return (found.metadata["Name"] or "").lower()


def _packages(command):
    """What to do instead of installing the packages that a command names."""
    words = [re.split(r"[<>=!~\[;]", word)[0] for word in command.split()[1:]]
    names = [word for word in words if word and not word.startswith("-") and word not in ("-m", "pip", "install", "add", "uninstall")]
    missing = []
    for name in names[:20]:
        try:
            metadata.version(name)
        except (metadata.PackageNotFoundError, ValueError):
            missing.append(name)
    if names and not missing:
        return f"there is no network here, and none is needed: {', '.join(names)} {'is' if len(names) == 1 else 'are'} installed already"
    what = ", ".join(missing) or "a package"
    return f"there is no network here to fetch {what} from: use what Help lists as installed, or ask the operator to add it"


def _matplotlib(original):
    def matplotlib(line=""):
        backend = line.strip().lower()
        if backend in ("widget", "notebook", "ipympl", "nbagg", "qt", "qt5", "qt6", "tk", "gtk", "gtk3", "gtk4", "wx", "osx", "macosx"):
            _say(f"%matplotlib {backend}", "there is no window here: figures are shown as pictures when the cell ends")
        else:
            original(line)

    return matplotlib


def _load_ext(original):
    def load_ext(line=""):
        try:
            original(line)
        except ModuleNotFoundError as missing:
            _say(f"%load_ext {line.strip()}", f"{missing.name} is not installed here: use what Help lists, or ask the operator to add it")

    return load_ext
