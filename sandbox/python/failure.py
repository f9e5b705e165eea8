"""What went wrong in user code, told with the user's own lines first."""

import linecache
import sys
import traceback

_TEXT_MAX = 64 << 10  # a message of megabytes helps nobody
_LINE_MAX = 1000
_FRAMES_MAX = 20
_TIMED = "<timed exec>"  # what IPython calls a cell below %%time
_OURS = ("/opt/guest/", "<frozen importlib")


class Failure:
    """How one cell ended. Without an exception: well."""

    def __init__(self):
        self.raised = False
        self.code = 0
        self.text = ""
        self.headline = ""
        self.line = 0

    @classmethod
    def of(cls, trouble):
        self = cls()
        if trouble is None:
            return self
        if isinstance(trouble, SystemExit):
            self._exit(trouble.code)
            return self
        self.raised = True
        self.code = 1
        try:
            told = traceback.TracebackException(type(trouble), trouble, trouble.__traceback__, compact=True)
            self.text = _cut("".join(_tell(told)) + _advice(trouble))
            self.headline = _headline(told)
            self.line = _line(told)
        except Exception:  # an exception class may be hostile
            self.headline = self.text = type(trouble).__name__
        return self

    def facts(self):
        return {
            "raised": self.raised,
            "code": self.code,
            "failure": self.text,
            "exception": self.headline,
            "line": self.line,
        }

    def _exit(self, code):
        """sys.exit(): nothing or 0 is well, a number is the code, else 1."""
        if code is None or code == 0:
            return
        self.raised = True
        self.code = code & 0xFF if isinstance(code, int) else 1
        self.code = self.code or 1
        self.headline = f"SystemExit: {code}"[:_LINE_MAX]
        if not isinstance(code, int):
            self.text = _cut(f"{code}\n")


def _mine(frame):
    return frame.filename.startswith(("<cell", "<timed ", "/w/"))


def _tell(told, seen=()):
    if told in seen:
        return
    if told.__cause__ is not None:
        yield from _tell(told.__cause__, (*seen, told))
        yield "\nThe above exception was the direct cause of the following exception:\n\n"
    elif told.__context__ is not None and not told.__suppress_context__:
        yield from _tell(told.__context__, (*seen, told))
        yield "\nDuring handling of the above exception, another exception occurred:\n\n"
    if getattr(told, "exceptions", None):  # a group: Python's own words
        told.stack[:] = [frame for frame in told.stack if _mine(frame)]
        yield from told.format(chain=False)
        return
    if frames := list(_frames(told.stack)):
        yield "Traceback (most recent call last):\n"
        yield from frames
    yield from told.format_exception_only()


def _frames(stack):
    """The user's frames whole; of what lies below them in libraries only the
    last step, where it raised."""
    first = next((i for i, frame in enumerate(stack) if _mine(frame)), 0)
    shown = [frame for frame in stack[first:] if not frame.filename.startswith(_OURS) and "/IPython/core/" not in frame.filename]
    mine = [i for i, frame in enumerate(shown) if _mine(frame)]
    keep = set(mine[: _FRAMES_MAX // 2] + mine[-_FRAMES_MAX // 2 :]) | {len(shown) - 1}
    hidden = 0
    for i, frame in enumerate(shown):
        if i not in keep:
            hidden += 1
            continue
        if hidden:
            yield f"  … {hidden} more {'step' if hidden == 1 else 'steps'}\n"
            hidden = 0
        yield from traceback.StackSummary.from_list([frame]).format()


def _headline(told):
    lines = [line for line in told.format_exception_only() if line.strip()]
    last = lines[-1].strip() if lines else "an exception"
    return " ".join(last[: 4 * _LINE_MAX].split())[:_LINE_MAX]  # of megabytes of words a list would be many times that


def _line(told):
    if told.exc_type is not None and issubclass(told.exc_type, SyntaxError) and told.lineno:
        return int(told.lineno)
    cells = [frame.lineno + (frame.filename == _TIMED) for frame in told.stack if frame.filename.startswith(("<cell", _TIMED))]
    return cells[-1] if cells else 0


def _advice(trouble):
    if not isinstance(trouble, ModuleNotFoundError) or not trouble.name:
        return ""
    from importlib import metadata

    names = sorted({(found.metadata["Name"] or "").lower() for found in metadata.distributions()} - {"", "pip", "setuptools"})
    package = trouble.name.partition(".")[0]
    return f"\n{package} is not installed here, and there is no network to fetch it. Installed: {', '.join(names)}.\n"


def _cut(text):
    if len(text) <= _TEXT_MAX:
        return text
    half = _TEXT_MAX // 2
    return f"{text[:half]}\n… {len(text) - _TEXT_MAX} characters left out …\n{text[-half:]}"


def remember(name, source):
    """Lets tracebacks show the lines of a cell, those below %%time too."""
    if source.lstrip().startswith("%%time"):
        body = source.lstrip().partition("\n")[2]
        linecache.cache[_TIMED] = (len(body), None, body.splitlines(True), _TIMED)
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)


def plainer(trouble):
    """Of code that ends too soon IPython says "incomplete input", where Python
    says which bracket was never closed."""
    if isinstance(trouble, SyntaxError) and trouble.msg == "incomplete input":
        try:
            compile("".join(linecache.getlines(trouble.filename)), trouble.filename, "exec")
        except SyntaxError as better:
            return better
    return trouble


def current():
    return sys.exc_info()[1]
