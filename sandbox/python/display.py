"""Displays on their way to the host: new, changed, and taken back."""

import base64
import hashlib
import json

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher

from . import mathml, stills, streams, widgets

# One display, as PROTOCOL.md bounds it.
_DISPLAY_MAX = 16 << 20  # bytes of all its forms together
_FORMS_MAX = 64
_KIND_MAX = 50
_ID_MAX = 100  # characters of a name; a longer one is known by its hash

# What is said of a picture beside its bytes: alt, width, height.
PICTURE = "application/vnd.mayfly.picture+json"
# The formulas of Markdown, from each as it stands there to its MathML.
MATH = "application/vnd.mayfly.math+json"


def publish(channel, bundle, metadata=None, name=None, update=False, value=False):
    """Sends one display. It waits until the host has shown it, so that what
    is printed next comes after. value: it is what the last expression gave."""
    if channel is None:
        return
    bundle = _completed(bundle, metadata or {})
    forms = _fit({str(kind)[:_KIND_MAX]: _text(value) for kind, value in list(bundle.items())[:_FORMS_MAX]})
    head = {"id": _name(name), "update": True} if update else {"id": _name(name)} if name is not None else {}
    head |= {"value": True} if value else {}
    streams.flush()
    with channel.lock, channel.interrupts:
        if not channel.may_speak():
            return
        channel.send(t="display", forms=[{"kind": kind, "size": len(text)} for kind, text in forms.items()], **head)
        for text in forms.values():
            channel.send_bytes(text)
        channel.receive()


def clear(channel, wait):
    """Takes back all that this cell has said, now or when it says more. It waits
    until the host has, or what is printed next would go, too."""
    if channel is None:
        return
    streams.flush()
    with channel.lock, channel.interrupts:
        if channel.may_speak():
            channel.send(t="clear", wait=bool(wait))
            channel.receive()


class Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, *, transient=None, update=False, **_):
        publish(self.shell.channel, data, metadata, (transient or {}).get("display_id"), update)

    def clear_output(self, wait=False):
        if not widgets.asks():
            clear(self.shell.channel, wait)


class LastExpression(DisplayHook):
    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        publish(self.shell.channel, format_dict, md_dict, value=True)

    def finish_displayhook(self):
        pass


def _completed(bundle, metadata):
    """Adds the forms that are made here: formulas as MathML, and what IPython
    keeps apart of a picture, such as Image(width=…)."""
    if "text/latex" in bundle and "application/mathml+xml" not in bundle:
        if made := mathml.of(str(bundle["text/latex"])):
            bundle = bundle | {"application/mathml+xml": made}
    if "$" in (text := bundle.get("text/markdown", "")) and (made := mathml.inside(text)):
        bundle = bundle | {MATH: made}
    bundle = stills.add(bundle, PICTURE)
    for kind, facts in metadata.items():
        if str(kind).startswith("image/") and isinstance(facts, dict) and PICTURE not in bundle:
            known = {key: facts[key] for key in ("width", "height", "alt") if isinstance(facts.get(key), (int, str))}
            if known:
                bundle = bundle | {PICTURE: known}
    return bundle


def _name(name):
    name = str(name).encode("utf-8", "backslashreplace").decode()
    return name if len(name) <= _ID_MAX and name.isascii() and name else hashlib.sha256(name.encode()).hexdigest()


def _fit(forms):
    """Leaves out the largest forms of a display that is too large to show."""
    while (size := sum(len(text) for text in forms.values())) > _DISPLAY_MAX:
        kind = max(forms, key=lambda kind: len(forms[kind]))
        print(f"({kind} of {size / 1e6:.0f} MB is too large to show)")
        del forms[kind]
    return forms


def _text(value):
    if isinstance(value, bytes):
        return base64.b64encode(value)
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace")
    return json.dumps(value, default=str).encode()
