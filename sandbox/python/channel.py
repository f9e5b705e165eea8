"""Frames over the one socket to the host. PROTOCOL.md is the contract."""

import json
import os
import select
import signal
import struct
import threading

FRAME_MAX = 1 << 20
INWARD_MAX = 8 << 20  # a list of 5,000 files is about 1.5 MB
_HEAD = struct.Struct(">IB")
_JSON, _BYTES = ord("j"), ord("b")
_NOBODY = "input() found nobody to answer. Put the value into the code instead."
_NOT_HERE = "input() found nobody to answer: only the run that is going on can ask, and no process that it has started."


class Gone(BaseException):
    """The host closed its end: there is nobody to serve."""


class Interrupts:
    """SIGINT stops user code. Steps of our own are shielded: they end first."""

    def __init__(self):
        self.depth = 1
        self.pending = False
        self.main = threading.main_thread()

    def install(self):
        signal.signal(signal.SIGINT, self._arrived)

    def _arrived(self, _number, _frame):
        if self.depth:
            self.pending = True
        else:
            raise KeyboardInterrupt

    def __enter__(self):
        if threading.current_thread() is self.main:
            self.depth += 1

    def __exit__(self, *_):
        if threading.current_thread() is self.main:
            self.depth -= 1
            self._deliver()

    def open(self):
        """From here on SIGINT reaches user code, one that came early too."""
        self.depth = 0
        self._deliver()

    def shut(self):
        self.depth = 1
        self.pending = False

    def _deliver(self):
        if self.pending and not self.depth:
            self.pending = False
            raise KeyboardInterrupt


class Channel:
    """One request at a time: whoever holds the lock owns both directions."""

    def __init__(self, sock, interrupts):
        self.sock = sock
        self.interrupts = interrupts
        self.owner = os.getpid()
        self.lock = threading.RLock()
        self.asked = 0
        self.running = False

    def in_owner(self):
        """False in a process that user code forked: it must not speak here."""
        return os.getpid() == self.owner

    def may_speak(self):
        """While a cell runs the host listens; a thread that a cell left behind
        must wait for the next one. True stays true while one holds the lock."""
        return self.running and self.in_owner()

    def begin(self, run):
        with self.lock:
            self.send(t="began", run=run)
            self.running = True

    def end(self, run, facts):
        with self.lock:
            self.running = False
            self.send(t="done", run=run, **facts)

    def send(self, **message):
        self._send(_JSON, json.dumps(message).encode())

    def send_bytes(self, data):
        view = memoryview(data)
        for start in range(0, len(view), FRAME_MAX):
            self._send(_BYTES, view[start : start + FRAME_MAX])

    def receive(self):
        """One JSON message."""
        kind, said = self._current()
        if kind != _JSON:
            raise Gone("expected a message")
        return said

    def receive_bytes(self):
        """One piece of bytes; empty at the end of a stream. A message instead
        means that the host could not go on."""
        kind, said = self._current()
        if kind == _BYTES:
            return said
        raise OSError(said.get("error", "the host stopped sending"))

    def ask(self, prompt, secret):
        """Returns the answer to one question and None, or None and why there is
        no answer."""
        with self.lock:
            if not self.may_speak():
                return None, _NOT_HERE
            self.asked += 1
            self.send(t="ask", ask=self.asked, prompt=prompt, secret=secret)
            while True:
                self.wait()
                with self.interrupts:
                    kind, said = self._receive()
                if kind == _JSON and said.get("ask") == self.asked:
                    return said.get("text"), said.get("why") or _NOBODY

    def wait(self):
        """Until the host says something. Unlike receive, SIGINT ends the wait."""
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        poll.poll()

    def _send(self, kind, payload):
        with self.interrupts:
            self.sock.sendall(_HEAD.pack(len(payload), kind))
            self.sock.sendall(payload)

    def _current(self):
        """The next frame that is no answer to a question interrupted before."""
        while True:
            kind, said = self._receive()
            if kind == _BYTES or "ask" not in said:
                return kind, said

    def _receive(self):
        length, kind = _HEAD.unpack(self._exactly(_HEAD.size))
        if length > INWARD_MAX:
            raise Gone("frame too large")
        payload = self._exactly(length)
        return kind, json.loads(payload) if kind == _JSON else payload

    def _exactly(self, count):
        parts = bytearray()
        while len(parts) < count:
            piece = self.sock.recv(min(count - len(parts), 1 << 16))
            if not piece:
                raise Gone("end of channel")
            parts += piece
        return bytes(parts)
