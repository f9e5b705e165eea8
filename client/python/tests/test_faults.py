"""What the client does when the network or the server fails."""

from __future__ import annotations

import asyncio
import random
import time
import unittest

import mayfly_client
from faulty import Faulty
from mayfly_client import Client, _transport


def somebody() -> int:
    return random.randrange(10**17, 10**18)


class Again(unittest.IsolatedAsyncioTestCase):
    async def test_a_run_whose_answer_was_lost_is_not_run_twice(self) -> None:
        user = somebody()
        async with Faulty("lose", "refuse", "503").listening() as between, Client(between.url) as db:
            result = await db.execute_code("open('once.txt', 'w').write('1')", user)
            self.assertTrue(result["success"])
            self.assertEqual(len(await db.list_user_files(user)), 1)
            keys = {key for method, _, key in between.calls if method == "POST"}
            self.assertEqual((len(between.calls), len(keys)), (5, 1), between.calls)

    async def test_an_upload_whose_answer_was_lost_is_kept_once(self) -> None:
        user = somebody()
        async with Faulty("lose").listening() as between, Client(between.url) as db:
            up = await db.upload_file(user, b"1", "a.txt")
            self.assertEqual([one["file_id"] for one in await db.list_user_files(user)], [up["file_id"]])

    async def test_a_deletion_whose_answer_was_lost_has_happened(self) -> None:
        user = somebody()
        async with Faulty("", "lose").listening() as between, Client(between.url) as db:
            up = await db.upload_file(user, b"1", "a.txt")
            self.assertTrue(await db.delete_user_file(up["file_id"], user))
            self.assertEqual(await db.list_user_files(user), [])

    async def test_retry_after_is_waited_for(self) -> None:
        async with Faulty("429 1").listening() as between, Client(between.url) as db:
            start = time.monotonic()
            await db.list_user_files(somebody())
            self.assertGreaterEqual(time.monotonic() - start, 1)
            self.assertEqual(len(between.calls), 2)

    async def test_a_long_retry_after_is_the_callers_to_wait_for(self) -> None:
        async with Faulty("429 3600").listening() as between, Client(between.url) as db:
            with self.assertRaises(mayfly_client.BusyError) as caught:
                await asyncio.wait_for(db.list_user_files(somebody()), 60)
            self.assertEqual((caught.exception.retry_after, len(between.calls)), (3600, 1))

    async def test_tries_end(self) -> None:
        async with Faulty(*["503"] * 9).listening() as between, Client(between.url, retries=2) as db:
            with self.assertRaises(mayfly_client.ServerError) as caught:
                await db.list_user_files(somebody())
            self.assertEqual((caught.exception.tries, len(between.calls)), (3, 3))

    async def test_what_is_no_passing_fault_is_not_tried_again(self) -> None:
        for status, kind in ((400, mayfly_client.RequestError), (401, mayfly_client.TokenError),
                             (403, mayfly_client.ForbiddenError), (500, mayfly_client.ServerError)):
            async with Faulty(str(status)).listening() as between, Client(between.url) as db:
                with self.assertRaises(kind):
                    await db.execute_code("print(1)", somebody())
                self.assertEqual(len(between.calls), 1, status)

    async def test_a_slow_run_is_asked_for_again_with_its_key(self) -> None:
        user = somebody()
        async with Faulty(*["504"] * 5).listening() as between, Client(between.url, retries=1) as db:
            result = await db.execute_code("print(1)", user)
            self.assertEqual((result["success"], len(between.calls)), (True, 6))

    def test_waits_double_and_are_spread(self) -> None:
        for faults, most in ((1, 0.5), (2, 1), (3, 2), (9, 8)):
            waits = {_transport._wait(faults, None) for _ in range(50)}
            self.assertTrue(len(waits) > 40 and 0 <= min(waits) and most / 2 < max(waits) <= most, (faults, waits))


class NoTrap(unittest.IsolatedAsyncioTestCase):
    async def test_the_token_does_not_follow_a_redirect(self) -> None:
        async with Faulty().listening() as elsewhere, Faulty(elsewhere.url + "/x").listening() as between:
            async with Client(between.url) as db:
                with self.assertRaises(mayfly_client.MayflyError) as caught:
                    await db.list_user_files(somebody())
            self.assertIn(elsewhere.url, str(caught.exception))
            self.assertEqual(elsewhere.calls, [])

    async def test_what_answers_and_is_not_mayfly(self) -> None:
        async with Faulty("200").listening() as between, Client(between.url) as db:
            with self.assertRaises(mayfly_client.ServerError) as caught:
                await db.list_user_files(somebody())
            self.assertIn("address", str(caught.exception))

    async def test_a_file_that_cannot_be_fetched_does_not_lose_the_result(self) -> None:
        async with Faulty("", *["500"]).listening() as between, Client(between.url) as db:
            result = await db.execute_code("open('b.bin', 'wb').write(bytes(9_000_000))", somebody())
            (file,) = result["generated_files"]
            self.assertEqual((result["success"], file["data"]), (True, b""))
            self.assertTrue(file["error"])


class Attachments(unittest.IsolatedAsyncioTestCase):
    async def test_only_discords_hosts_are_asked_sec_32(self) -> None:
        async with Faulty().listening() as inside, Client() as db:
            for url in (
                inside.url + "/attachments/1/2/a.txt", "http://cdn.discordapp.com/attachments/1/2/a.txt",
                "https://cdn.discordapp.com:8443/a.txt", "https://cdn.discordapp.com.example.org/a.txt",
                "https://cdn.discordapp.com@127.0.0.1/a.txt", "https://me@cdn.discordapp.com/a.txt",
                "https://127.0.0.1/a.txt", "file:///etc/passwd", "nonsense", "",
            ):
                refused = await db.upload_discord_attachment(_Attachment(url), somebody())
                self.assertEqual((refused["success"], refused["code"]), (False, "attachment_refused"), url)
            self.assertEqual(inside.calls, [])

    async def test_no_redirect_is_followed_sec_32(self) -> None:
        async with Faulty().listening() as inside, Faulty(inside.url + "/secret").listening() as cdn:
            async with Client(attachment_origins=[cdn.url]) as db:
                refused = await db.upload_discord_attachment(_Attachment(cdn.url + "/a.txt"), somebody())
            self.assertFalse(refused["success"])
            self.assertEqual(inside.calls, [])

    async def test_a_name_that_leads_inside_is_not_asked_sec_32(self) -> None:
        resolver = mayfly_client._attachments._PublicResolver()
        with self.assertRaises(OSError):
            await resolver.resolve("localhost", 443)

    async def test_the_bytes_are_bounded_whatever_the_message_says_sec_32(self) -> None:
        # The real server's own page stands for a file: it is longer than 100 bytes.
        async with Faulty().listening() as cdn, Client(attachment_origins=[cdn.url], max_attachment=100) as db:
            liar = await db.upload_discord_attachment(_Attachment(cdn.url + "/", size=1), somebody())
            self.assertEqual((liar["success"], liar["code"]), (False, "file_too_large"))
            honest = await db.upload_discord_attachment(_Attachment(cdn.url + "/", size=101), somebody())
            self.assertEqual((honest["success"], len(cdn.calls)), (False, 1))


class _Attachment:
    def __init__(self, url: str, size: int = 3) -> None:
        self.url, self.filename, self.size = url, "a.txt", size


if __name__ == "__main__":
    unittest.main(verbosity=2)
