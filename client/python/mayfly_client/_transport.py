"""One call over HTTP: time-outs, retries, and answers turned into errors."""

from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping

import aiohttp
from yarl import URL

from ._errors import MayflyError, ServerError, UnreachableError, from_problem
from ._sessions import Sent, Sessions

# The waits between tries double from the first up to the last of these and are
# drawn at random below it, so that many bots do not come back together.
FIRST_WAIT = 0.5
LONGEST_WAIT = 8.0
# A server that asks for more than this gets no second try: the caller decides.
LONGEST_RETRY_AFTER = 30.0

# Statuses that say "not now" and nothing about the call.
_PASSING = frozenset({408, 425, 429, 502, 503, 504})


@dataclass(frozen=True)
class Call:
    """One call. A repeatable one may be sent again when nobody knows whether it arrived:
    it reads, it ends in the same state, or it carries an Idempotency-Key."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    form: Callable[[], aiohttp.FormData] | None = None  # made anew for every try
    key: str = ""
    repeatable: bool = False
    seconds: float = 60.0  # for the whole of one try
    # Seconds for which a try that got no answer in time is followed by another
    # without counting: the run goes on, and its key gets its result. No single
    # connection has to stay open and silent for long.
    patience: float = 0.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> dict[str, Any]:
        try:
            value = json.loads(self.content)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise ServerError(
                "What answered is not Mayfly's API.", "Nothing is known about the call.",
                "Check the address that Client was given.", status=self.status,
            )
        return value


class Transport:
    """Sends calls to one server with one token."""

    def __init__(self, url: URL, token: str, *, retries: int, agent: str) -> None:
        self._url = url
        self._token = token
        self._retries = retries
        self._agent = agent
        self._sessions = Sessions()

    async def close(self) -> None:
        await self._sessions.close()

    async def send(self, call: Call) -> Answer:
        """Sends a call, again where that is safe, and returns its success or raises its error."""
        until = time.monotonic() + call.patience
        tries, faults, sent = 0, 0, Sent()
        while True:
            tries += 1
            try:
                return await self._once(call, sent)
            except MayflyError as error:
                error.tries = max(tries, sent.times)
                if not _again(call, error):
                    raise
                if not (_slow(error) and time.monotonic() < until):
                    faults += 1
                if faults > self._retries:
                    raise
                await asyncio.sleep(_wait(max(1, faults), error.retry_after))

    async def _once(self, call: Call, sent: Sent) -> Answer:
        session = await self._sessions.here()
        headers = {"Authorization": f"Bearer {self._token}", "User-Agent": self._agent, "Accept": "application/json"}
        if call.key:
            headers["Idempotency-Key"] = call.key
        before = sent.times
        try:
            async with session.request(
                call.method,
                self._url.joinpath(*call.path.split("/")),
                params=call.params,
                json=call.body,
                data=call.form() if call.form else None,
                headers=headers,
                allow_redirects=False,
                trace_request_ctx=sent,
                timeout=aiohttp.ClientTimeout(total=call.seconds, sock_connect=10),
            ) as response:
                answer = Answer(response.status, response.headers, await response.read())
        except asyncio.TimeoutError:
            went = sent.times > before
            said = f"No answer within {call.seconds:g} s." if went else f"No connection to {self._url.host} in time."
            raise self._unreachable(call, said, sent=went, slow=went) from None
        except (aiohttp.ClientError, OSError) as error:
            went = sent.times > before
            said = "The connection broke" if went else f"No connection to {self._url.host}"
            raise self._unreachable(call, f"{said}: {error or type(error).__name__}.", sent=went) from error
        if 200 <= answer.status < 300:
            return answer
        raise from_problem(answer.status, _problem(answer), answer.headers)

    def _unreachable(self, call: Call, what: str, *, sent: bool, slow: bool = False) -> UnreachableError:
        safe = "Nothing was sent."
        if sent and call.key:
            safe = f"The server may have got the call. With idempotency_key={call.key!r} it is not done twice."
        elif sent and not call.repeatable:
            safe = "The server may have got the call."
        elif sent:
            safe = "Sending it again does no harm."
        error = UnreachableError(what, safe, "Check that the server runs and that its address is right, then try again.")
        error.sent, error.slow = sent, slow
        return error


def _again(call: Call, error: MayflyError) -> bool:
    if error.retry_after is not None and error.retry_after > LONGEST_RETRY_AFTER:
        return False
    if isinstance(error, UnreachableError):
        return call.repeatable or bool(call.key) or not error.sent
    # 429 comes before anything is done.
    return error.status == 429 or (error.status in _PASSING and (call.repeatable or bool(call.key)))


def _slow(error: MayflyError) -> bool:
    """No answer in time, from the server or from a proxy before it."""
    return error.status == 504 or (isinstance(error, UnreachableError) and error.slow)


def _wait(faults: int, asked: float | None) -> float:
    spread = random.uniform(0, min(LONGEST_WAIT, FIRST_WAIT * 2 ** (faults - 1)))
    return spread if asked is None else asked + spread


def _problem(answer: Answer) -> Mapping[str, Any]:
    try:
        return answer.json()
    except ServerError:
        return {}
