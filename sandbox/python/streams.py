"""stdout and stderr: pipes at descriptor level, in order with each other."""

import contextlib
import fcntl
import io
import os
import sys
import termios
import threading
import time

_TURN_MAX = 0.05  # seconds to wait for the host to have read the other pipe


def redirect():
    """Line-buffered text over the two pipes; any str can be printed."""
    sys.stdout = _Ordered(io.FileIO(1, "w", closefd=False), other=2)
    sys.stderr = _Ordered(io.FileIO(2, "w", closefd=False), other=1)
    sys.stdout.twin, sys.stderr.twin = sys.stderr, sys.stdout
    sys.__stdout__, sys.__stderr__ = sys.stdout, sys.stderr


def flush():
    for stream in (sys.__stdout__, sys.__stderr__, sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, ValueError):
            pass  # user code put something else there, or closed it


@contextlib.contextmanager
def muted():
    """This thread prints nothing; others go on."""
    _Ordered.muted = threading.get_ident()
    try:
        yield
    finally:
        _Ordered.muted = None


class _Ordered(io.TextIOWrapper):
    """Text that waits until the host has taken what lies in the other pipe, be
    it this program's, a library's or a child's: two pipes have no order of their
    own."""

    spoke_last = None
    muted = None  # a thread

    def __init__(self, raw, other):
        buffer = io.BufferedWriter(raw)
        super().__init__(buffer, encoding="utf-8", errors="backslashreplace", line_buffering=True)
        self.other = _Pipe(other)
        self.twin = None

    def write(self, text):
        if _Ordered.muted is not None and _Ordered.muted == threading.get_ident():
            return len(text)
        if _Ordered.spoke_last is not self:
            if _Ordered.spoke_last is not None:
                with contextlib.suppress(OSError, ValueError):  # user code has closed it
                    self.twin.flush()
            _Ordered.spoke_last = self
            self.other.await_empty()
        elif "\n" in text:  # goes out now
            self.other.await_empty()
        return super().write(text)


class _Pipe:
    """The pipe to the host that a descriptor has from the start."""

    def __init__(self, fd):
        self.fd = fd
        self.identity = self._identity()

    def _identity(self):
        held = os.fstat(self.fd)
        return held.st_dev, held.st_ino

    def await_empty(self):
        try:
            if (held := self._holds()) and self._identity() == self.identity:
                self._await_less(held)
        except OSError:
            pass  # user code has closed it, or put something else there

    def _holds(self):
        waiting = bytearray(4)
        fcntl.ioctl(self.fd, termios.FIONREAD, waiting)
        return int.from_bytes(waiting, sys.byteorder)

    def _await_less(self, held):
        """The host takes all there is at once: when it is less, what lay there is
        gone, and the rest has come since."""
        until = time.monotonic() + _TURN_MAX
        while time.monotonic() < until:
            time.sleep(0.0001)
            before, held = held, self._holds()
            if not held or held < before:
                return
