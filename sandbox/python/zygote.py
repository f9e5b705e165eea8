"""The warm parent: it loads the stack once and forks one kernel per order.

It never sees user code. Its only input is the host's control socket.
"""

import array
import gc
import json
import os
import resource
import select
import socket
import sys
import time
import traceback

from . import kernel, syscalls, warmup
from .shell import make_shell

CONTROL_FD = 3
_ORDER_MAX = 1 << 16


def main():
    started = time.monotonic()
    os.environ.pop("PWD", None)  # the launcher's, not that of a kernel
    control = socket.socket(fileno=CONTROL_FD)
    _say(control, t="born")
    with open("/opt/guest/filter", "rb") as held:
        program = held.read()
    missing = warmup.preload()
    warmup.exercise()
    shell = make_shell()
    warmup.settle()
    warmup.collapse()
    warmup.check_threads()
    _say(
        control,
        t="warm",
        seconds=time.monotonic() - started,
        rss=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10,
        missing=missing,
        packages=warmup.packages(),
    )
    _Nursery(control, shell, program).serve()


class _Nursery:
    """Children by the descriptor that tells their end."""

    def __init__(self, control, shell, program):
        self.control = control
        self.shell = shell
        self.program = program
        self.children = {}
        self.own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY)
        self.poll = select.poll()
        self.poll.register(control, select.POLLIN)

    def serve(self):
        while True:
            for fd, _ in self.poll.poll():
                if fd == self.control.fileno():
                    if not self._obey():
                        return
                else:
                    self._bury(fd)

    def _obey(self):
        fds = array.array("i")
        data, ancillary, _, _ = self.control.recvmsg(_ORDER_MAX, socket.CMSG_SPACE(3 * fds.itemsize))
        if not data:
            return False
        for level, kind, payload in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                fds.frombytes(payload[: len(payload) - len(payload) % fds.itemsize])
        order = json.loads(data)
        try:
            self._spawn(order, list(fds))
        except OSError as trouble:
            _say(self.control, t="refused", id=order["id"], error=str(trouble))
        finally:
            for fd in fds:
                os.close(fd)
        return True

    def _spawn(self, order, fds):
        syscalls.unshare(syscalls.CLONE_NEWPID)  # for the next child, not for us
        try:
            pid = os.fork()
            if pid == 0:
                _child(order, fds, self.shell, self.program)
        finally:
            syscalls.setns(self.own_pids, syscalls.CLONE_NEWPID)
        watch = os.pidfd_open(pid)
        self.children[watch] = (pid, order["id"])
        self.poll.register(watch, select.POLLIN)

    def _bury(self, watch):
        pid, name = self.children.pop(watch)
        self.poll.unregister(watch)
        os.close(watch)
        _, status = os.waitpid(pid, 0)
        _say(self.control, t="ended", id=name, status=status)


def _child(order, fds, shell, program):
    code = 70
    try:
        gc.enable()
        kernel.live(order, fds, shell, program)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _say(control, **message):
    control.send(json.dumps(message).encode())
