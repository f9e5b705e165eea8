"""What can go wrong between a bot and the server.

Every error says what happened, what is safe, and what to do; its text is all
three. An outcome of the person's code, or of one file, is no error: it comes
back in the result.
"""

from __future__ import annotations

from typing import Any, Mapping


class MayflyError(Exception):
    """Base of all errors of this package.

    what, safe, todo: one sentence each.
    status: the HTTP status, 0 when nothing answered.
    code: the server's stable code for the failure, "" when it gave none.
    request_id: finds the request in the server's log, "" when unknown.
    retry_after: seconds until another try makes sense, None when unknown.
    tries: how often the call was sent.
    """

    tries: int = 1

    def __init__(
        self,
        what: str,
        safe: str,
        todo: str,
        *,
        status: int = 0,
        code: str = "",
        request_id: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(what, safe, todo)
        self.what = what
        self.safe = safe
        self.todo = todo
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        said = " ".join(part for part in (self.what, self.safe, self.todo) if part)
        if self.request_id:
            said += f" (request {self.request_id})"
        return said


class UnreachableError(MayflyError):
    """Nothing answered: no connection, a connection that broke, or no answer in time.

    sent: whether the call may have reached the server.
    slow: whether it was the time that ran out.
    """

    sent: bool = True
    slow: bool = False


class TokenError(MayflyError):
    """The token is not known, has expired, or was revoked (401)."""


class ForbiddenError(MayflyError):
    """The token may not do this, or the person blocked or never linked the app (403)."""


class NotFoundError(MayflyError):
    """There is no such file or run of this person's (404)."""


class ExpiredError(MayflyError):
    """The file was there and its time is over (410)."""


class RequestError(MayflyError):
    """The server refused the call as it stands: sending it again changes nothing (other 4xx)."""


class BusyError(MayflyError):
    """Too many calls or runs at once (429). retry_after says when to come back."""


class ServerError(MayflyError):
    """The server failed (5xx), or what answered is not Mayfly."""


_SAFE = "Nothing was changed."

# status: class, what, what to do. The server's own words come first.
_BY_STATUS: dict[int, tuple[type[MayflyError], str, str]] = {
    401: (TokenError, "The server does not take the token.", "Make a new one with: mayfly token create"),
    403: (ForbiddenError, "The token may not do this.", "Give it the scope, or ask the person to allow the app."),
    404: (NotFoundError, "There is nothing under this id.", "Check the id and the user_id."),
    410: (ExpiredError, "The file has expired.", "Run the code that made it again."),
    429: (BusyError, "Too many calls at once.", "Wait and try again."),
}


def from_problem(status: int, body: Mapping[str, Any], headers: Mapping[str, str]) -> MayflyError:
    """Makes the error for an answer that is no success, from its problem+json if it has one."""
    if status in _BY_STATUS:
        kind, what, todo = _BY_STATUS[status]
    elif status >= 500:
        kind, what, todo = ServerError, "The server failed.", "Try again; its log has the reason."
    elif 300 <= status < 400:
        where = headers.get("Location", "another address")
        kind, what, todo = RequestError, f"The server sends to {where}.", "Give Client the address it sends to."
    else:
        kind, what, todo = RequestError, "The server refused the call.", "Change the call."
    what = _text(body, "detail") or _text(body, "title") or what
    what += "".join(f" {fault}." for fault in _faults(body))
    safe = "What the call did is not known." if status >= 500 else _SAFE
    return kind(
        what,
        "" if safe in what else safe,
        _text(body, "next") or todo,
        status=status,
        code=_text(body, "code"),
        request_id=_text(body, "request_id") or headers.get("X-Request-Id", ""),
        retry_after=_seconds(headers.get("Retry-After")),
    )


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    return value.strip() if isinstance(value, str) else ""


def _faults(body: Mapping[str, Any]) -> list[str]:
    """What is wrong with the request, one by one: "body.timeout: expected number"."""
    errors = body.get("errors")
    faults = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    return [": ".join(filter(None, (_text(one, "location"), _text(one, "message")))) for one in faults[:5]]


def _seconds(value: str | None) -> float | None:
    """Retry-After in seconds; its other form, a date, is not used by the server."""
    try:
        return max(0.0, float(value)) if value is not None else None
    except ValueError:
        return None
