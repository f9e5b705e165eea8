"""discord.py, turned to the stand-in for Discord that the Go tests started."""

from __future__ import annotations

import contextlib
import os
from typing import AsyncIterator

import discord

URL = os.environ.get("STAND_IN_URL", "")


@contextlib.asynccontextmanager
async def logged_in(bot: discord.Client) -> AsyncIterator[discord.Message]:
    """Signs a bot in at the stand-in and gives the message that waits there for it."""
    discord.http.Route.BASE = f"{URL}/api/v10"
    async with bot:
        await bot.login(os.environ["STAND_IN_TOKEN"])
        channel = await bot.fetch_channel(int(os.environ["STAND_IN_CHANNEL"]))
        yield await channel.fetch_message(int(os.environ["STAND_IN_MESSAGE"]))
