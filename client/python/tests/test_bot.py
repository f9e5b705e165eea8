"""discord.py with the client, against a real server and the stand-in for Discord."""

from __future__ import annotations

import asyncio
import logging
import os
import pathlib
import re
import unittest
from typing import Any

import discord

import mayfly_client
import stand_in
from mayfly_client import Client


def example_bot() -> dict[str, Any]:
    """The bot of the README, as it stands there."""
    readme = (pathlib.Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    (source,) = re.findall(r"^````python\n(.*?)^````$", readme, re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {"__name__": "example_bot"}
    exec(compile(source, "README.md", "exec"), names)
    return names


class ExampleBot(unittest.IsolatedAsyncioTestCase):
    async def test_it_answers_a_mention_with_the_files_and_their_ids(self) -> None:
        names = example_bot()
        bot, db = names["bot"], names["db"]
        db._origins = frozenset([stand_in.URL])  # the stand-in's CDN, not Discord's
        async with stand_in.logged_in(bot) as message:
            await bot.on_message(message)
            user = message.author.id
            sent = [one async for one in message.channel.history(limit=100) if one.author.id == bot.user.id][::-1]
            files = {one["filename"]: one for one in await mayfly_client.list_user_files(user, db_handler=db)}
            self.assertEqual(sent[0].content, "```\n3 rows of points.csv\n```")
            self.assertEqual([one.attachments[0].filename for one in sent[1:3]], ["sums.csv", "sums.json"])
            for one in sent[1:3]:
                name = one.attachments[0].filename
                self.assertEqual(one.content, f"`{name}` (ID: `{files[name]['file_id']}`)")
                kept = await mayfly_client.load_file(files[name]["file_id"], user, db_handler=db)
                self.assertEqual(await one.attachments[0].read(), kept["data"])
            self.assertEqual(sent[3].content, "Files available for 48 hours")
            self.assertEqual(len(sent), 4)
            self.assertEqual(files["points.csv"]["size"], message.attachments[0].size)
        await db.close()

    async def test_it_is_silent_for_bots_and_without_a_mention(self) -> None:
        names = example_bot()
        bot = names["bot"]
        async with stand_in.logged_in(bot) as message:
            before = [one.id async for one in message.channel.history(limit=100)]
            message.mentions = []
            await bot.on_message(message)
            message.mentions, message.author.bot = [bot.user], True
            await bot.on_message(message)
            self.assertEqual([one.id async for one in message.channel.history(limit=100)], before)
        await names["db"].close()


class Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: asyncio.Queue[str] = asyncio.Queue()
        logging.getLogger("mayfly_client").addHandler(self)
        logging.getLogger("mayfly_client").setLevel(logging.INFO)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.put_nowait(record.getMessage())

    async def next(self) -> str:
        return await asyncio.wait_for(self.lines.get(), 60)


class CleanupLoop(unittest.IsolatedAsyncioTestCase):
    def setUp(self) -> None:
        self.log = Log()
        self.addCleanup(logging.getLogger("mayfly_client").removeHandler, self.log)
        self.bot = discord.Client(intents=discord.Intents.none())

    async def test_it_sweeps_again_and_again_and_may_be_started_twice(self) -> None:
        async with Client() as db:
            loop = mayfly_client.create_discord_cleanup_task(self.bot, db, hours=0.1 / 3600)
            first = loop.start()
            self.assertIs(loop.start(), first)
            for _ in range(3):
                self.assertRegex(await self.log.next(), r"^deleted \d+ expired files$")
            loop.cancel()

    async def test_it_outlives_a_server_that_is_away(self) -> None:
        async with Client("http://127.0.0.1:9", "mf_x", retries=0) as db:
            loop = mayfly_client.create_discord_cleanup_task(self.bot, db, hours=0.1 / 3600)
            loop.start()
            for _ in range(2):
                self.assertIn("No connection", await self.log.next())
            self.assertTrue(loop.is_running() and not loop.failed())
            loop.cancel()

    async def test_it_says_that_the_scope_is_missing_and_goes_on(self) -> None:
        async with Client(token=os.environ["MAYFLY_TEST_NARROW_TOKEN"]) as db:
            loop = mayfly_client.create_discord_cleanup_task(self.bot, db, hours=0.01 / 3600)
            loop.start()
            self.assertIn("scope admin", await self.log.next())
            self.assertTrue(loop.is_running())
            loop.cancel()

    async def test_it_ends_with_the_bot(self) -> None:
        async with Client() as db:
            loop = mayfly_client.create_discord_cleanup_task(self.bot, db, hours=0.1 / 3600)
            async with self.bot:
                task = loop.start()
                await self.log.next()
            await asyncio.wait_for(task, 60)

    def test_it_is_hourly_and_made_without_a_loop(self) -> None:
        loop = mayfly_client.create_discord_cleanup_task(self.bot, None)
        self.assertEqual((loop.hours, loop.is_running()), (1, False))


if __name__ == "__main__":
    unittest.main(verbosity=2)
