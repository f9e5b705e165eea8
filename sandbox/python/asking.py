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
    getpass.getpass = lambda prompt="Password: ", stream=None: asker.input(prompt)
    sys.stdin = sys.__stdin__ = _Stdin(asker)


class _Asker:
    def __init__(self, channel):
        self.channel = channel

    def input(self, prompt=""):
        """Reads one line from the person at the other end."""
        answer = self.ask(str(prompt))
        if answer is None:
            raise EOFError("input() found nobody to answer: give the run its input, or set the value in the code")
        return answer

    def ask(self, prompt):
        streams.flush()
        return self.channel.ask(prompt[:_PROMPT_MAX])


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
        answer = self.asker.ask("")
        if answer is None:
            self.ended = True
            return ""
        return answer + "\n"

    def read(self, size=-1):
        return "".join(iter(self.readline, ""))

    def __iter__(self):
        return iter(self.readline, "")
