"""stdout and stderr: pipes at descriptor level, in order with each other."""

import fcntl
import io
import sys
import termios
import time

_SWITCH_MAX = 0.05  # seconds to wait for the host to have read the other pipe


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


class _Ordered(io.TextIOWrapper):
    """Text that waits, when the other stream spoke last, until the host has
    taken that: two pipes have no order of their own."""

    spoke_last = None

    def __init__(self, raw, other):
        buffer = io.BufferedWriter(raw)
        super().__init__(buffer, encoding="utf-8", errors="backslashreplace", line_buffering=True)
        self.other = other
        self.twin = None

    def write(self, text):
        if _Ordered.spoke_last is not self:
            if _Ordered.spoke_last is self.twin and self.twin is not None:
                self.twin.flush()
                _drained(self.other)
            _Ordered.spoke_last = self
        return super().write(text)


def _drained(fd):
    until = time.monotonic() + _SWITCH_MAX
    waiting = bytearray(4)
    while time.monotonic() < until:
        fcntl.ioctl(fd, termios.FIONREAD, waiting)
        if not any(waiting):
            return
        time.sleep(0.0001)
