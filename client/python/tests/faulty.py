"""A proxy in front of the real server that fails as networks do."""

from __future__ import annotations

import contextlib
import os
from typing import AsyncIterator

import aiohttp
from aiohttp import web

class Faulty:
    """Hands calls on to the real server. Each fault is for one call, in order.

    A fault is one of: "refuse" (the connection ends before the call is handed on),
    "lose" (it ends after the server has done the call), a status such as "503", or a
    status with a Retry-After, "429 0.2". "" lets one call pass.
    """

    def __init__(self, *faults: str) -> None:
        self.faults = list(faults)
        self.calls: list[tuple[str, str, str]] = []  # method, path, Idempotency-Key
        self.url = ""

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[Faulty]:
        app = web.Application(client_max_size=1 << 26)
        app.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.calls.append((request.method, request.path, request.headers.get("Idempotency-Key", "")))
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "refuse":
            return _cut(request)
        if fault[:1].isdigit():
            status, _, wait = fault.partition(" ")
            return web.Response(status=int(status), headers={"Retry-After": wait} if wait else {})
        if fault.startswith("http"):
            raise web.HTTPPermanentRedirect(fault)
        answer = await self._hand_on(request)
        return _cut(request) if fault == "lose" else answer

    async def _hand_on(self, request: web.Request) -> web.Response:
        real = os.environ["MAYFLY_API_URL"]
        kept = {name: value for name, value in request.headers.items() if name.lower() not in _HOPS}
        async with aiohttp.ClientSession(auto_decompress=False) as session:
            url = real + request.path_qs
            async with session.request(request.method, url, headers=kept, data=await request.read()) as answer:
                headers = {name: value for name, value in answer.headers.items() if name.lower() not in _HOPS}
                return web.Response(status=answer.status, body=await answer.read(), headers=headers)

_HOPS = {"host", "connection", "content-length", "transfer-encoding"}

def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
