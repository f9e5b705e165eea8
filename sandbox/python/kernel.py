"""One kernel: from the fork to its end. It is process 1 of its pid namespace."""

import os
import signal
import socket
import sys

from . import asking, files, figures, looks, sheets, streams, syscalls, walls, warmup
from .channel import Channel, Gone, Interrupts
from .failure import Failure

_SOCKET_FD = 3


def live(order, fds, shell, program):
    """Builds the wall, waits for the host's go, then serves cells for ever."""
    channel = _own(fds)
    try:
        walls.enclose(order)
        channel.send(t="ready")
        go = channel.receive()
        walls.lock(order, program)
    except walls.Broken as stone:
        channel.send(t="broken", stone=str(stone))
        return
    warmup.reseed()
    _lay(channel, go["inputs"])
    _furnish(channel, shell, order)
    channel.send(t="up")
    try:
        _serve(channel, shell, order)
    except Gone:
        pass


def _own(fds):
    """Takes over the three descriptors of the order as 1, 2 and 3."""
    sock, out, err = fds
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.dup2(sock, _SOCKET_FD, inheritable=False)
    os.setsid()
    return Channel(socket.socket(fileno=_SOCKET_FD), Interrupts())


def _lay(channel, names):
    """Writes the run's input files into the working folder."""
    for name in names:
        if folder := os.path.dirname(name):
            os.makedirs(folder, exist_ok=True)
        with open(name, "wb") as held:
            while piece := channel.receive_bytes():
                held.write(piece)


def _furnish(channel, shell, order):
    streams.redirect()
    sys.path.insert(0, "")
    sys.argv = [""]
    os.makedirs(os.environ["MPLCONFIGDIR"], exist_ok=True)
    shell.rehearse()
    shell.attach(channel)
    asking.install(channel)
    files.install(channel, shell)
    figures.install(shell, keep=order["keep_figures"])


def _serve(channel, shell, order):
    interrupts = channel.interrupts
    while True:
        message = channel.receive()
        code = b"".join(iter(channel.receive_bytes, b""))
        _reap()
        failure, seen = None, {}
        try:
            interrupts.install()
            channel.begin(message["run"])
            interrupts.open()
            if look := message.get("look"):
                seen["seen"] = looks.answer(shell, look, code)
            else:
                sheets.forget()
                failure = _run(shell, code)
        except KeyboardInterrupt as stopped:
            failure = failure or Failure.of(stopped)
        finally:
            interrupts.shut()
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        failure = failure or Failure.of(None)
        if not channel.in_owner():
            _leave(failure)
        failure = _finish(failure)
        channel.end(message["run"], failure.facts() | seen | {"names": shell.names()})


def _run(shell, raw):
    try:
        code = raw.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        return Failure.of(SyntaxError(f"the code is not UTF-8: {trouble}"))
    trouble = shell.run(code)
    figures.show_open()
    return Failure.of(trouble)


def _finish(failure):
    """Whatever user code did to the streams, the next frame comes after what
    was printed before."""
    try:
        streams.flush()
        syscalls.flush_c_streams()
    except Exception as trouble:
        return failure if failure.raised else Failure.of(trouble)
    return failure


def _leave(failure):
    """User code forked, and this is the child that came back from it."""
    try:
        sys.stderr.write(failure.text)
        streams.flush()
    finally:
        os._exit(failure.code)


def _reap():
    """Orphans of user code are our children and count in its pids."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
