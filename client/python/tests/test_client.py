"""The client against a real server (MAYFLY_API_URL, MAYFLY_API_TOKEN of an app that may act for everyone)."""

from __future__ import annotations

import asyncio
import datetime
import io
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

import mayfly_client
from mayfly_client import Client


def somebody() -> int:
    """A person of this test's own."""
    return random.randrange(10**17, 10**18)


class Runs(unittest.IsolatedAsyncioTestCase):
    async def test_a_result_has_the_keys_of_the_seed_and_bytes(self) -> None:
        user = somebody()
        async with Client() as db:
            code = "open('a.txt', 'w').write('hi'); open('b.bin', 'wb').write(bytes(9_000_000)); print('done')"
            result = await db.execute_code(code, user)
        self.assertTrue(result["success"], result["error"])
        self.assertEqual(result["output"].strip(), "done")
        self.assertEqual((result["error"], result["return_code"], result["ending"]), ("", 0, "ok"))
        data = {one["filename"]: one["data"] for one in result["generated_files"]}
        # The second is more than the server sends along: the client fetches it.
        self.assertEqual(data, {"a.txt": b"hi", "b.bin": bytes(9_000_000)})
        self.assertEqual([one["file_id"] for one in result["generated_files"]], result["generated_file_ids"])
        self.assertTrue(all(one.startswith(f"{user}_") for one in result["generated_file_ids"]))

    async def test_what_the_code_does_wrong_is_a_result(self) -> None:
        async with Client() as db:
            raised = await db.execute_code("print('first')\n1/0", somebody())
            left = await db.execute_code("import sys; sys.exit(3)", somebody())
            slow = await db.execute_code("while True: pass", somebody(), timeout=1)
        self.assertEqual((raised["success"], raised["ending"], raised["return_code"]), (False, "raised", 1))
        self.assertIn("ZeroDivisionError", raised["error"])
        self.assertEqual(raised["output"].strip(), "first")
        self.assertEqual((left["success"], left["return_code"]), (False, 3))
        self.assertEqual((slow["success"], slow["ending"], slow["return_code"]), (False, "timed_out", 124))

    async def test_stdin_is_read_by_input(self) -> None:
        async with Client() as db:
            result = await db.execute_code("print(input() + '!')", somebody(), stdin="hello\n")
        self.assertIn("hello!", result["output"])

    async def test_user_files_are_what_the_code_sees(self) -> None:
        user = somebody()
        async with Client() as db:
            one = await db.upload_file(user, b"x\n1\n2\n", "one.csv")
            await db.upload_file(user, b"x\n", "two.csv")
            code = "import os; print(len(load_file('one.csv')), sorted(os.listdir()), [f['filename'] for f in list_files()])"
            result = await db.execute_code(code, user, user_files=[one["file_id"]])
            self.assertEqual(result["output"].strip(), "2 ['one.csv'] ['one.csv']", result["error"])
            with self.assertRaises(mayfly_client.NotFoundError):
                await db.execute_code("print(1)", somebody(), user_files=[one["file_id"]])

    async def test_a_key_of_ones_own_gives_the_same_run_again(self) -> None:
        user = somebody()
        async with Client() as db:
            first = await db.execute_code("print(1)", user, idempotency_key="mine")
            again = await db.execute_code("print(1)", user, idempotency_key="mine")
            self.assertEqual(first["run_id"], again["run_id"])
            with self.assertRaises(mayfly_client.RequestError) as caught:
                await db.execute_code("print(2)", user, idempotency_key="mine")
        self.assertTrue(caught.exception.code)


class Files(unittest.IsolatedAsyncioTestCase):
    async def test_a_file_goes_in_and_out_and_away(self) -> None:
        user = somebody()
        async with Client() as db:
            up = await db.upload_file(user, b"\x00\xff", 'día "1"; x.bin')
            self.assertTrue(up["success"])
            back = await db.load_file(up["file_id"], user)
            self.assertEqual((back["success"], back["data"], back["size"]), (True, b"\x00\xff", 2))
            self.assertEqual(back["filename"], up["filename"])
            self.assertIn("día", back["filename"])
            self.assertTrue(await db.delete_user_file(up["file_id"], user))
            gone = await db.load_file(up["file_id"], user)
            self.assertEqual((gone["success"], gone["data"], gone["code"]), (False, b"", "gone"))
            self.assertTrue(gone["error"])
            self.assertFalse(await db.delete_user_file(up["file_id"], user))

    async def test_somebody_elses_file_is_not_there(self) -> None:
        owner = somebody()
        async with Client() as db:
            up = await db.upload_file(owner, b"secret", "s.txt")
            for file_id in (up["file_id"], "nonsense", "../status", ""):
                theirs = await db.load_file(file_id, somebody())
                self.assertEqual((theirs["success"], theirs["data"]), (False, b""), file_id)
                self.assertEqual(theirs["code"], "not_found")
                self.assertFalse(await db.delete_user_file(file_id, somebody()))
            self.assertTrue((await db.load_file(up["file_id"], owner))["success"])

    async def test_a_list_has_all_pages_newest_first(self) -> None:
        user = somebody()
        async with Client() as db:
            code = "for i in range(100): open(f'{i}.txt', 'w').close()"
            for _ in range(3):  # more than one page of 200
                result = await db.execute_code(code, user)
                self.assertEqual(len(result["generated_files"]), 100, result["error"])
            files = await db.list_user_files(user)
        self.assertEqual(len({one["file_id"] for one in files}), 300)
        made = [datetime.datetime.fromisoformat(one["created_at"]) for one in files]
        self.assertEqual(made, sorted(made, reverse=True))

    async def test_bytes_come_from_a_path_or_an_open_file(self) -> None:
        user = somebody()
        async with Client() as db:
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "p.txt"
                path.write_bytes(b"path")
                first = await db.upload_file(user, path, "p.txt")
            second = await db.upload_file(user, io.BytesIO(b"open"), "o.txt")
            self.assertEqual((await db.load_file(first["file_id"], user))["data"], b"path")
            self.assertEqual((await db.load_file(second["file_id"], user))["data"], b"open")
            for wrong in ("text", io.StringIO("text"), None):
                with self.assertRaises(TypeError):
                    await db.upload_file(user, wrong, "x.txt")  # type: ignore[arg-type]

    async def test_a_file_that_is_too_large_is_said_to_be(self) -> None:
        async with Client() as db:
            most = (await db.get_interpreter_status())["limits"]["file_max"]
            refused = await db.upload_file(somebody(), bytes(most + 1), "big.bin")
        self.assertEqual((refused["success"], refused["filename"]), (False, "big.bin"))
        self.assertTrue(refused["error"] and refused["code"])


class Service(unittest.IsolatedAsyncioTestCase):
    async def test_status_and_cleanup(self) -> None:
        async with Client() as db:
            status = await db.get_interpreter_status()
            self.assertEqual(status["limits"]["file_lifetime"], 48 * 3600)
            self.assertIn("pandas", [one["name"] for one in status["packages"]])
            self.assertGreaterEqual(await db.cleanup_expired_files(), 0)


class WhichClient(unittest.IsolatedAsyncioTestCase):
    async def test_the_last_client_serves_else_the_environment(self) -> None:
        user = somebody()
        first = Client()
        up = await mayfly_client.upload_file(user, b"1", "a.txt")
        async with Client("http://127.0.0.1:9", "mf_nobody", retries=0) as nowhere:
            with self.assertRaises(mayfly_client.UnreachableError):
                await mayfly_client.load_file(up["file_id"], user)
            self.assertTrue((await mayfly_client.load_file(up["file_id"], user, db_handler=first))["success"])
        self.assertTrue((await mayfly_client.load_file(up["file_id"], user))["success"])  # from the environment
        with self.assertRaises(RuntimeError):
            await nowhere.load_file(up["file_id"], user)
        with self.assertRaises(TypeError) as caught:
            await mayfly_client.load_file(up["file_id"], user, db_handler=object())  # type: ignore[arg-type]
        self.assertIn("Client(url, token)", str(caught.exception))
        await first.close()

    def test_a_client_works_in_loop_after_loop(self) -> None:
        db, user = Client(), somebody()  # made before any loop
        for _ in range(3):
            self.assertEqual(asyncio.run(db.list_user_files(user)), [])

    def test_a_loop_that_ends_leaves_nothing_open(self) -> None:
        program = (
            "import asyncio, mayfly_client\n"
            "db = mayfly_client.Client()\n"
            f"print(asyncio.run(mayfly_client.list_user_files({somebody()})))\n"
        )
        ran = subprocess.run([sys.executable, "-X", "dev", "-W", "error", "-c", program], capture_output=True, text=True)
        self.assertEqual((ran.stdout.strip(), ran.stderr, ran.returncode), ("[]", "", 0))


class Arguments(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_ones_are_named_before_anything_is_sent(self) -> None:
        async with Client("http://127.0.0.1:9", "mf_x", retries=0) as db:
            for wrong in (True, 1.5, None):
                with self.assertRaises(TypeError):
                    await db.list_user_files(wrong)  # type: ignore[arg-type]
            for wrong in (0, -1, 10**20, "", "abc", "１２"):
                with self.assertRaises(ValueError):
                    await db.list_user_files(wrong)
            with self.assertRaises(TypeError):
                await db.execute_code("print(1)", 1, user_files="123_1_abc")
            with self.assertRaises(TypeError):
                await db.execute_code(b"print(1)", 1)  # type: ignore[arg-type]
            for name in ("", " ", "a\nb"):
                with self.assertRaises(ValueError):
                    await db.upload_file(1, b"", name)

    def test_an_address_and_a_token_are_checked(self) -> None:
        for url in ("mayfly.example.org", "ftp://mayfly.example.org", "http://", "https://me@mayfly.example.org"):
            with self.assertRaises(ValueError):
                Client(url, "mf_x")
        for token in ("mf_a b", "mf_\n1", "mf_é"):
            with self.assertRaises(ValueError) as caught:
                Client("http://localhost", token)
            self.assertNotIn("mf_", str(caught.exception))
        self.assertNotIn("mf_x", repr(Client("http://localhost/", "mf_x")))
        self.assertEqual(Client("https://example.org/api/v1/", "mf_x").url, "https://example.org")


class Refusals(unittest.IsolatedAsyncioTestCase):
    async def test_a_token_that_is_none(self) -> None:
        async with Client(token="mf_" + "a" * 40) as db:
            with self.assertRaises(mayfly_client.TokenError) as caught:
                await db.get_interpreter_status()
        error = caught.exception
        self.assertEqual((error.status, error.tries), (401, 1))
        self.assertTrue(error.what and error.todo and error.code and error.request_id, repr(error))

    async def test_a_token_without_the_scope(self) -> None:
        async with Client(token=os.environ["MAYFLY_TEST_NARROW_TOKEN"]) as db:
            with self.assertRaises(mayfly_client.ForbiddenError) as caught:
                await db.cleanup_expired_files()
            self.assertEqual(caught.exception.status, 403)
            self.assertEqual(await db.list_user_files(somebody()), [])

    async def test_a_call_that_is_wrong_says_where(self) -> None:
        async with Client() as db:
            with self.assertRaises(mayfly_client.RequestError) as caught:
                await db.execute_code("print(1)", somebody(), timeout=-1)
            self.assertIn("timeout", str(caught.exception))
            with self.assertRaises(mayfly_client.RequestError):
                await db.execute_code("print(1)\0", somebody())


if __name__ == "__main__":
    unittest.main(verbosity=2)
