"""Runs the Python blocks of a quick reference, in order, against a real server.

    seed.py docs/quick-reference.md [seed.md ...]

It reads MAYFLY_API_URL and MAYFLY_API_TOKEN, and STAND_IN_* for Discord. What it
does to a block before running it is what rewrite.py may do, and it prints that.
A block that is data is compared with a real result, key by key. A block that is
code for the jail, and no call, is run there.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import io
import logging
import re
import sys
from typing import Any

import discord

import mayfly_client
import stand_in
from blocks import Block, blocks_of
from compare import compare, returns_of
from rewrite import Rewriter

USER = 123
SUPPLIED = "supplied are the functions, io, discord, db, db_handler, bot, message, and an event loop"


class Seed:
    """One document on its way: the names that its blocks share, and what they made."""

    def __init__(self, db: mayfly_client.Client, bot: discord.Client, message: discord.Message, *, complete: bool) -> None:
        self.rewriter = Rewriter()
        self.complete = complete  # whether the document says every key
        self.swept = Swept()
        self.names: dict[str, Any] = {
            **{name: getattr(mayfly_client, name) for name in mayfly_client.__all__},
            "io": io, "discord": discord, "db": db, "db_handler": db, "bot": bot, "message": message,
            **self.rewriter.names(),
        }
        self.with_files: dict[str, Any] = {}

    async def run(self, block: Block) -> list[str]:
        """Runs one block and returns what there is to say of it. Raises when it does not hold."""
        self.names["__builtins__"] = __builtins__
        if block.kind == "data":
            return await self.check_data(block)
        if block.kind == "code":
            return await self.run_in_jail(block)
        said = await self.execute(block)
        return said + await self.check(block)

    async def execute(self, block: Block) -> list[str]:
        tree, said = self.rewriter.rewrite(ast.parse(block.source))
        compiled = compile(tree, f"{block.title!r}", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        pending = eval(compiled, self.names)
        if inspect.iscoroutine(pending):
            await pending
        return said + self.rewriter.done()

    async def check_data(self, block: Block) -> list[str]:
        code = "open('report.txt', 'w').write('x' * 1234); print('Analysis complete!')"
        real = await mayfly_client.execute_code(code, USER)
        example = ast.literal_eval(ast.parse(block.source).body[0].value)  # type: ignore[attr-defined]
        keys = compare(example, dict(real), complete=self.complete)
        same = [one["file_id"] for one in real["generated_files"]] == real["generated_file_ids"]
        assert same, "generated_file_ids are the ids of generated_files"
        for file_id in real["generated_file_ids"]:
            assert re.fullmatch(r"123_\d{10}_[a-z2-7]{26,}", file_id), file_id
        return [f"data: {keys} keys as in a real result"]

    async def run_in_jail(self, block: Block) -> list[str]:
        said = await self.execute(block)
        result = await mayfly_client.execute_code(self.rewriter.with_df(self.names["code"]), USER)
        self.rewriter.seen(result)
        self.with_files = dict(result)
        named = [one["filename"] for one in result["generated_files"]]
        wanted = re.findall(r"to_\w+\('([^']+)'\)", block.source)
        assert sorted(named) == sorted(wanted), f"{named} is not {wanted}"
        return said + self.rewriter.done() + [f"no call: its code made {', '.join(named)}"]

    async def check(self, block: Block) -> list[str]:
        said = []
        for name, promised in returns_of(block.source):
            keys = compare(promised, self.names[name], complete=False)
            said.append(f"{name} is what the comment says ({keys} keys)")
        if "list_user_files" in block.source:
            listed = {one["file_id"] for one in self.names["files"]}
            assert self.rewriter.made <= listed, f"{self.rewriter.made - listed} is not listed"
            said.append(f"{len(listed)} files, all that were made among them")
        if "deleted = " in block.source:
            assert isinstance(self.names["deleted"], int)
        if "on_ready" in block.source:
            said += await self.ready()
        if "channel.send" in block.source and not self.names["result"]["generated_files"]:
            self.names["result"] = self.with_files
            await self.execute(block)
            said.append(f"result had no files there: once more with {len(self.with_files['generated_files'])}")
        return said

    async def ready(self) -> list[str]:
        """Discord says ready twice, as after a lost connection: one loop runs."""
        bot, task = self.names["bot"], self.names["cleanup_task"]
        await bot.on_ready()
        await bot.on_ready()
        await asyncio.wait_for(self.swept.once.wait(), 60)
        assert task.is_running() and task.hours == 1
        task.cancel()
        return ["on_ready came twice, the loop swept once and waits an hour"]


class Swept(logging.Handler):
    """Sees in the log that the loop swept."""

    def __init__(self) -> None:
        super().__init__()
        self.once = asyncio.Event()
        logging.getLogger("mayfly_client").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().startswith("deleted"):
            self.once.set()


async def run_document(path: str) -> int:
    """Runs one document and returns how many blocks failed."""
    failed = 0
    bot = discord.Client(intents=discord.Intents.none())
    async with stand_in.logged_in(bot) as message, mayfly_client.Client(attachment_origins=[stand_in.URL]) as db:
        seed = Seed(db, bot, message, complete=path.endswith("quick-reference.md"))
        print(f"{path}: {SUPPLIED}")
        with open(path, encoding="utf-8") as document:
            blocks = blocks_of(document.read())
        for block in blocks:
            try:
                said, verdict = await seed.run(block), "pass"
            except Exception as error:
                said, verdict = [f"{type(error).__name__}: {error}"], "FAIL"
                failed += 1
            print(f"{path}:{block.line} {block.title}: {verdict}")
            for line in said:
                print(f"    {line}")
        assert blocks, f"{path} has no Python block"
        print(f"{path}: {len(blocks)} blocks, {failed} failed", flush=True)
    return failed


async def main(paths: list[str]) -> int:
    logging.getLogger("mayfly_client").setLevel(logging.INFO)
    failed = [await run_document(path) for path in paths]
    return 1 if any(failed) or not paths else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
