"""input(), getpass and sys.stdin: the host answers, or says that nobody can."""

import builtins
import getpass
import io
import sys

from . import streams

_PROMPT_MAX = 10_000


def install(channel):
    asker = _Asker(channel)
    builtins.input = asker.input
    getpass.getpass = asker.getpass
    sys.stdin = sys.__stdin__ = _Stdin(asker)


class _Asker:
    def __init__(self, channel):
        self.channel = channel

    def input(self, prompt=""):
        """Reads one line from the person at the other end."""
        return self.line(str(prompt), secret=False)

    def getpass(self, prompt="Password: ", stream=None):
        """Reads one line from the person at the other end, who does not see it."""
        return self.line(str(prompt), secret=True)

    def line(self, prompt, secret):
        answer, why = self.ask(prompt, secret)
        if answer is None:
            raise EOFError(why)
        return answer

    def ask(self, prompt, secret=False):
        streams.flush()
        return self.channel.ask(prompt[:_PROMPT_MAX], secret)


class _Stdin(io.TextIOBase):
    encoding = "utf-8"

    def __init__(self, asker):
        self.asker = asker
        self.ended = False

    def readable(self):
        return True

    def fileno(self):
        return 0

    def readline(self, size=-1):
        if self.ended:
            return ""
        answer, _ = self.asker.ask("")
        if answer is None:
            self.ended = True
            return ""
        return answer + "\n"

    def read(self, size=-1):
        return "".join(iter(self.readline, ""))

    def __iter__(self):
        return iter(self.readline, "")
