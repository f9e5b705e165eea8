"""One HTTP session for each event loop."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import SimpleNamespace
from typing import AsyncGenerator

import aiohttp


@dataclass
class Sent:
    """How often a call went out. aiohttp by itself sends some calls again on a new
    connection, so this may be more than the tries."""

    times: int = 0


async def _count(_: aiohttp.ClientSession, about: SimpleNamespace, __: aiohttp.TraceRequestHeadersSentParams) -> None:
    sent = about.trace_request_ctx
    if isinstance(sent, Sent):
        sent.times += 1


class Sessions:
    """Gives the running loop its session, and closes it when that loop ends.

    An aiohttp session belongs to the loop that made it. A client made at import
    time has no loop yet, and a program may use several loops, one after another
    or in several threads; each gets a session of its own at its first call.
    """

    def __init__(self) -> None:
        self._held: dict[asyncio.AbstractEventLoop, tuple[aiohttp.ClientSession, AsyncGenerator[None, None]]] = {}

    async def here(self) -> aiohttp.ClientSession:
        """The session of the running loop."""
        loop = asyncio.get_running_loop()
        for old in [one for one in self._held if one.is_closed()]:
            self._held.pop(old)
        held = self._held.get(loop)
        if held is not None and not held[0].closed:
            return held[0]
        # No cookies and no redirects: the token is all that speaks for us.
        session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trace_configs=[_counting()])
        closer = _close_with_loop(session)
        self._held[loop] = (session, closer)
        await closer.__anext__()
        return session

    async def close(self) -> None:
        """Closes the running loop's session. Other loops close theirs when they end."""
        held = self._held.pop(asyncio.get_running_loop(), None)
        if held is not None:
            await held[1].aclose()


def _counting() -> aiohttp.TraceConfig:
    tracing = aiohttp.TraceConfig()
    tracing.on_request_headers_sent.append(_count)
    return tracing


async def _close_with_loop(session: aiohttp.ClientSession) -> AsyncGenerator[None, None]:
    # asyncio.run ends every asynchronous generator of its loop before the loop
    # closes, so a bot that never calls close() leaves no open session behind.
    try:
        yield
    finally:
        await session.close()
