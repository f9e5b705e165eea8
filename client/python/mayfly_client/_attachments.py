"""Discord attachments: fetched from Discord's own hosts and from nowhere else.

The address of an attachment comes out of a message, so it is input like any
other: somebody who can forge it must not make the bot fetch from its own network.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import AbstractSet, Protocol

import aiohttp
from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from ._errors import RequestError, UnreachableError

DISCORD_CDN = ("https://cdn.discordapp.com", "https://media.discordapp.net")

_SECONDS = 60.0


class Attachment(Protocol):
    """What is read of a discord.Attachment."""

    @property
    def url(self) -> str: ...
    @property
    def filename(self) -> str: ...
    @property
    def size(self) -> int: ...


async def fetch_attachment(attachment: Attachment, origins: AbstractSet[str], most: int) -> bytes:
    """Gives the bytes. Raises RequestError for what is not taken, UnreachableError when nothing answers."""
    url = _allowed(attachment.url, origins)
    if attachment.size > most:
        raise _too_large(attachment.filename, most)
    public_only = str(url.origin()) in DISCORD_CDN
    connector = aiohttp.TCPConnector(resolver=_PublicResolver() if public_only else None)
    limit = aiohttp.ClientTimeout(total=_SECONDS, sock_connect=10)
    try:
        async with aiohttp.ClientSession(connector=connector, auto_decompress=False, timeout=limit) as session:
            async with session.get(url, allow_redirects=False, headers={"Accept-Encoding": "identity"}) as response:
                if response.status != 200:
                    raise _refused(f"Discord answered {response.status} for {attachment.filename}.", "Send the file again.")
                return await _bounded(response, attachment.filename, most)
    except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:
        raise UnreachableError(
            f"Discord did not give {attachment.filename}: {error or type(error).__name__}.",
            "Nothing was uploaded.", "Try again.",
        ) from error


async def _bounded(response: aiohttp.ClientResponse, name: str, most: int) -> bytes:
    got = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        got += chunk
        if len(got) > most:  # what the message said of its size proves nothing
            raise _too_large(name, most)
    return bytes(got)


def _allowed(address: str, origins: AbstractSet[str]) -> URL:
    try:
        url = URL(address)
        origin = str(url.origin())
    except ValueError:
        url, origin = URL(), ""
    if origin not in origins or url.user is not None or url.password is not None:
        raise _refused("The attachment is not on Discord's own hosts.", "Send the file as an attachment.")
    return url


def _refused(what: str, todo: str) -> RequestError:
    return RequestError(what, "Nothing was uploaded.", todo, code="attachment_refused")


def _too_large(name: str, most: int) -> RequestError:
    return RequestError(
        f"{name} is larger than {most / 1e6:g} MB.", "Nothing was uploaded.", "Send a smaller file.", code="file_too_large"
    )


class _PublicResolver(ThreadedResolver):
    """Refuses names that lead into a private network (DNS rebinding)."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        public = [one for one in found if ipaddress.ip_address(one["host"]).is_global]
        if not public:
            raise OSError(f"{host} has no public address")
        return public
