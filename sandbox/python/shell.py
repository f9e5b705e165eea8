"""IPython's InteractiveShell: magics, await, the last expression, displays."""

import contextlib
import os
import shutil
import sys
import textwrap

from IPython.core import async_helpers
from IPython.core.compilerop import CachingCompiler
from IPython.core.inputtransformer2 import leading_empty_lines
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from . import display, failure, looks, magics, mathml, stills, streams, tabular, widgets

# Names of variables that are told after a cell.
_NAMES_MAX = 200
_NAME_MAX = 80

_Module = type(os)


def make_shell():
    """A shell that has run one cell (the first is slow) and remembers nothing."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.enable_tip = False
    config.InteractiveShell.autoindent = False
    config.Completer.use_jedi = False  # it takes seconds for a DataFrame, and 300 ms to load
    shell = Shell.instance(config=config, display_pub_class=display.Publisher, displayhook_class=display.LastExpression)
    tabular.register(shell)
    magics.register(shell)
    mathml.of("x")  # its import takes 150 ms
    widgets.as_text()
    for cell in ("1 + 1", "raise ValueError", "1 +", "import asyncio; await asyncio.sleep(0)"):
        failure.Failure.of(shell.run(cell))
    looks.names(shell, "prin", 4)
    shell.forget()
    # Leading empty lines stay, so that a failure names the user's own line.
    shell.input_transformer_manager.cleanup_transforms.remove(leading_empty_lines)
    # Its descriptors would be closed in a kernel, which makes its own.
    async_helpers.get_asyncio_loop().close()
    shutil.rmtree(os.environ["IPYTHONDIR"], ignore_errors=True)
    return shell


class _Compiler(CachingCompiler):
    """Cells are named <cell 1>, as tracebacks show them."""

    cells = 0

    def get_code_name(self, raw_code, transformed_code, number):
        return f"<cell {self.cells}>"

    def cache(self, transformed_code, number=0, raw_code=None):
        name = super().cache(transformed_code, number, raw_code)
        failure.remember(name, raw_code if raw_code is not None else transformed_code)
        return name


class Shell(InteractiveShell):
    """InteractiveShell whose output goes to the host and whose failures are told
    by failure.py."""

    compiler_class = _Compiler
    channel = None
    trouble = None

    def attach(self, channel):
        self.channel = channel

    def run(self, code):
        """Runs one cell; returns the exception that ended it, or None."""
        self.trouble = None
        stills.begin()
        self.compile.cells += 1
        result = self.run_cell(_flush_left(code), store_history=True)
        return failure.plainer(result.error_before_exec) or result.error_in_exec or self.trouble

    def rehearse(self):
        """Runs a cell that does nothing, and forgets it. What it writes to is this
        process's own from then on: the first real cell need not copy that."""
        self.run("print(end='')")
        self.forget()

    def forget(self):
        """As if no cell had ever run; `__main__` is the user's own module."""
        self.reset(new_session=False, aggressive=False)
        self.execution_count = 1
        self.compile.cells = 0
        for told in (self.history_manager.input_hist_parsed, self.history_manager.input_hist_raw):
            told[:] = [""]
        self.user_module.__dict__.update(exit=_exit, quit=_exit)
        sys.modules["__main__"] = self.user_module

    def names(self):
        """The variables that a restart would lose. Modules are imported again."""
        try:
            held = [
                name
                for name, value in list(self.user_ns.items())
                if type(name) is str and name[:1] != "_" and name not in self.user_ns_hidden and type(value) is not _Module
            ]
        except Exception:  # user code can put anything in its place
            return []
        return [name for name in held if len(name) <= _NAME_MAX][-_NAMES_MAX:]

    def system(self, command):
        # The original wants a terminal, of which there is none.
        streams.flush()
        if not magics.refuses(command):
            self.system_raw(command)

    def getoutput(self, command, *args, **options):
        return [] if magics.refuses(command) else super().getoutput(command, *args, **options)

    def enable_gui(self, gui=None):
        """Nothing: `%matplotlib inline` comes with every pasted notebook."""

    def enable_matplotlib(self, gui=None):
        # Figures are shown at the end whatever the backend's name is.
        return gui, os.environ["MPLBACKEND"]

    def showtraceback(self, *_, **__):
        self.trouble = self.trouble or failure.current()

    def showsyntaxerror(self, *_, **__):
        self.trouble = self.trouble or failure.current()

    def showindentationerror(self, *_, **__):
        self.trouble = self.trouble or failure.current()

    def _format_exception_for_storage(self, *_, **__):
        # The original looks through every loaded module: 80 ms and 30 MB.
        return {}

    def _tee(self, channel):
        # The original keeps a copy of all that is printed.
        return contextlib.nullcontext()

    def ask_exit(self):
        raise SystemExit


def _flush_left(code):
    """Takes away the indentation that all lines share, as code that was pasted
    from within other code has. Lines keep their numbers, except those of a cell
    magic, which must stand first."""
    code = code.replace("\r\n", "\n").replace("\r", "\n")
    start = code.lstrip()
    if start.startswith("%%"):
        return start
    first = code[: len(code) - len(start)].rpartition("\n")[2]
    return textwrap.dedent(code) if first else code


def _exit(code=None):
    raise SystemExit(code)
