"""The warm parent: it loads the stack once and forks one kernel per order.

It never sees user code. Its only input is the host's control socket, which
nursery.c serves once everything is warm.
"""

from . import nursery  # isort: skip: from here on Python's objects lie side by side

import json
import os
import resource
import sys
import time
import traceback

from . import kernel, warmup
from .shell import make_shell

CONTROL_FD = 3


def main():
    started = time.monotonic()
    os.environ.pop("PWD", None)  # the launcher's, not that of a kernel
    _say(t="born")
    with open("/opt/guest/filter", "rb") as held:
        program = held.read()
    missing = warmup.preload()
    warmup.exercise()
    shell = make_shell()
    packages = warmup.packages()
    own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY)
    warmup.settle()
    huge = nursery.collapse()
    warmup.check_threads()
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    _say(t="warm", seconds=time.monotonic() - started, rss=rss, huge=huge, missing=missing, packages=packages)
    if born := nursery.serve(CONTROL_FD, own_pids):
        _child(*born, shell, program)


def _child(order, fds, shell, program):
    code = 70
    try:
        kernel.live(json.loads(order), fds, shell, program)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _say(**message):
    os.write(CONTROL_FD, json.dumps(message).encode())
