"""The hourly loop. The only module that imports discord.py."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Callable

import discord
from discord.ext import tasks

from ._client import Client
from ._errors import ForbiddenError, MayflyError

_log = logging.getLogger("mayfly_client")


class CleanupLoop(tasks.Loop[Any]):
    """A loop that may be started twice."""

    def start(self, *args: Any, **kwargs: Any) -> asyncio.Task[None]:
        running = self.get_task()
        if running is not None and not running.done():
            return running
        return super().start(*args, **kwargs)


def cleanup_loop(bot: discord.Client, client: Callable[[], Client], hours: float) -> CleanupLoop:
    told = False

    async def cleanup() -> None:
        nonlocal told
        if bot.is_closed():
            loop.stop()
            return
        try:
            deleted = await client().cleanup_expired_files()
            _log.info("deleted %d expired files", deleted)
        except ForbiddenError as error:
            if not told:  # it will be the same next hour
                _log.warning("cleanup: %s The server sweeps by itself; the loop needs a token with the scope admin.", error)
            told = True
        except MayflyError as error:
            _log.warning("cleanup, next try in %g h: %s", hours, error)

    loop = CleanupLoop(
        cleanup, seconds=0, minutes=0, hours=hours, time=discord.utils.MISSING, count=None, reconnect=True,
        name="mayfly cleanup",
    )
    return loop
