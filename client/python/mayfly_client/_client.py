"""The client: one server, one token."""

from __future__ import annotations

import asyncio
import base64
import io
import os
import uuid
from typing import TYPE_CHECKING, Any, BinaryIO, Iterable, Sequence, Union, cast

import aiohttp
from yarl import URL

from . import _checks as checks
from ._attachments import DISCORD_CDN, Attachment, fetch_attachment
from ._errors import ExpiredError, MayflyError, NotFoundError, RequestError
from ._transport import Answer, Call, Transport
from ._types import ExecutionResult, FileInfo, LoadedFile, UploadedFile

if TYPE_CHECKING:
    from types import TracebackType

Data = Union[bytes, bytearray, memoryview, "os.PathLike[str]", BinaryIO]

_AGENT = "mayfly-client-python/0.1.0"
_PAGE = "200"  # files in one page of a list, the server's most
_QUEUE = 600  # seconds that a run may wait for its turn
_FETCHES = 4  # files of one result that are fetched at once


class Client:
    """A Mayfly server as a bot sees it. Make one and keep it.

    url is the server's address (default: MAYFLY_API_URL), token what `mayfly
    token create` printed (default: MAYFLY_API_TOKEN). It may be made anywhere,
    also before an event loop runs, and used from several loops. The functions of
    this package use the Client that was made last when they are given none.

    retries: how often a call is sent again where that is safe.
    max_attachment: the most bytes taken from a Discord attachment.
    attachment_origins: where attachments may come from. Change it only for a
    stand-in or a mirror of your own: the bot fetches from there.
    """

    _last: Client | None = None

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        retries: int = 3,
        max_attachment: int = 50_000_000,
        attachment_origins: Iterable[str] = DISCORD_CDN,
    ) -> None:
        self.url = checks.address(url or os.environ.get("MAYFLY_API_URL", ""))
        self._transport = Transport(
            URL(self.url) / "api" / "v1",
            checks.token(token or os.environ.get("MAYFLY_API_TOKEN", "")),
            retries=max(0, retries), agent=_AGENT,
        )
        self._max_attachment = max_attachment
        self._origins = frozenset(attachment_origins)
        self._closed = False
        Client._last = self

    def __repr__(self) -> str:
        return f"Client({self.url!r})"  # never the token

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connections. Optional: they also close when the event loop ends."""
        self._closed = True
        if Client._last is self:
            Client._last = None
        await self._transport.close()

    async def execute_code(
        self,
        code: str,
        user_id: int | str,
        user_files: Sequence[str] | None = None,
        timeout: float | None = None,
        stdin: str | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> ExecutionResult:
        """Runs code for a person and waits for the result.

        user_files: ids of files for the code; None lets it see all live files of the
        person. timeout: wall-clock seconds for the code (default 60, at most 300).
        stdin: what input() reads. idempotency_key: the same key gives the same run
        again instead of a second one; every call has one of its own by default.

        What the code does wrong is in the result (success, error, ending). Raises
        MayflyError when there is no result.
        """
        body: dict[str, Any] = {"code": checks.text(code, "code"), "user_id": checks.user(user_id), "include_data": True}
        if user_files is not None:
            body["user_files"] = [checks.file(one) for one in checks.ids(user_files)]
        if timeout is not None:
            body["timeout"] = timeout
        if stdin is not None:
            body["stdin"] = checks.text(stdin, "stdin")
        call = Call(
            "POST", "execute", body=body, key=idempotency_key or str(uuid.uuid4()),
            seconds=90, patience=(timeout or 300) + _QUEUE,
        )
        result = await self._json(call)
        await self._fill(result, body["user_id"])
        return cast(ExecutionResult, result)

    async def load_file(self, file_id: str, user_id: int | str) -> LoadedFile:
        """Gives a live file of a person's with its bytes.

        A file that is not there or has expired comes back with success False.
        """
        user = checks.user(user_id)
        try:
            call = Call("GET", f"files/{checks.file(file_id)}", params={"user_id": user}, repeatable=True)
            info = await self._json(call)
            return cast(LoadedFile, {"success": True, **info, "data": await self._content(file_id, user)})
        except (NotFoundError, ExpiredError) as error:
            return cast(LoadedFile, {**_refusal("", error), "data": b""})

    async def list_user_files(self, user_id: int | str) -> list[FileInfo]:
        """Lists all live files of a person, uploaded and generated, newest first."""
        params = {"user_id": checks.user(user_id), "limit": _PAGE}
        files: list[FileInfo] = []
        while True:
            page = await self._json(Call("GET", "files", params=params, repeatable=True))
            files += page["files"]
            if not page.get("next_cursor"):
                return files
            params = {**params, "cursor": page["next_cursor"]}

    async def upload_file(
        self, user_id: int | str, file_data: Data, filename: str, *, idempotency_key: str | None = None
    ) -> UploadedFile:
        """Takes a file in for a person: bytes, a path, or an open binary file.

        A file that is too large or has no room comes back with success False.
        """
        data, user, name = await checks.data(file_data), checks.user(user_id), checks.filename(filename)

        def form() -> aiohttp.FormData:
            made = aiohttp.FormData(quote_fields=False)  # names go as UTF-8, as browsers send them
            made.add_field("user_id", user)
            made.add_field("file", io.BytesIO(data), filename=name, content_type="application/octet-stream")
            return made

        call = Call("POST", "files", form=form, key=idempotency_key or str(uuid.uuid4()), seconds=300)
        try:
            return cast(UploadedFile, {"success": True, **await self._json(call)})
        except RequestError as error:
            if error.status not in checks.ABOUT_THE_FILE:
                raise
            return _refusal(name, error)

    async def upload_discord_attachment(self, attachment: Attachment, user_id: int | str) -> UploadedFile:
        """Takes a discord.Attachment in for a person.

        The bytes come from Discord's own hosts only, over https, without redirects, and
        at most max_attachment of them. What cannot be taken comes back with success False.
        """
        user = checks.user(user_id)
        try:
            data = await fetch_attachment(attachment, self._origins, self._max_attachment)
        except RequestError as error:
            return _refusal(attachment.filename, error)
        return await self.upload_file(user, data, attachment.filename)

    async def delete_user_file(self, file_id: str, user_id: int | str) -> bool:
        """Deletes a file of a person's. False when there is none under this id."""
        user = checks.user(user_id)
        try:
            call = Call("DELETE", f"files/{checks.file(file_id)}", params={"user_id": user}, repeatable=True)
            await self._send(call)
        except (NotFoundError, ExpiredError) as error:
            return error.tries > 1  # the first try deleted it, and its answer was lost
        return True

    async def cleanup_expired_files(self) -> int:
        """Sweeps now and returns how many expired files went. The token needs the scope admin."""
        return int((await self._json(Call("POST", "cleanup", repeatable=True, seconds=300)))["deleted"])

    async def get_interpreter_status(self) -> dict[str, Any]:
        """Tells version, limits, packages and totals of the server."""
        return await self._json(Call("GET", "status", repeatable=True))

    async def _send(self, call: Call) -> Answer:
        if self._closed:
            raise RuntimeError("This Client is closed. Make a new one, or close it later.")
        return await self._transport.send(call)

    async def _json(self, call: Call) -> dict[str, Any]:
        return (await self._send(call)).json()

    async def _content(self, file_id: str, user: str) -> bytes:
        call = Call("GET", f"files/{checks.file(file_id)}/content", params={"user_id": user}, repeatable=True, seconds=300)
        return (await self._send(call)).content

    async def _fill(self, result: dict[str, Any], user: str) -> None:
        """Gives every generated file its bytes: inline ones are decoded, the rest fetched."""
        turn = asyncio.Semaphore(_FETCHES)

        async def one(file: dict[str, Any]) -> None:
            if isinstance(file.get("data"), str):
                file["data"] = base64.b64decode(file["data"])
                return
            file["data"] = b""
            async with turn:
                try:
                    file["data"] = await self._content(file["file_id"], user)
                except MayflyError as error:
                    # The run is done and its result stands; this file alone is named.
                    file["error"] = str(error)

        await asyncio.gather(*(one(file) for file in result["generated_files"]))


def last_client() -> Client:
    """The Client that was made last and is open, else one from the environment."""
    return Client._last or Client()


def _refusal(name: str, error: MayflyError) -> UploadedFile:
    return {"success": False, "filename": name, "error": f"{error.what} {error.todo}".strip(), "code": error.code}
