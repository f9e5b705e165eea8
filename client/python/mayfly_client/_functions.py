"""The functions of the quick reference: one line each, for a Client that may be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Sequence

from ._attachments import Attachment
from ._client import Client, Data, last_client
from ._types import ExecutionResult, FileInfo, LoadedFile, UploadedFile

if TYPE_CHECKING:
    import discord
    from discord.ext import tasks


def _client(db_handler: Client | None) -> Client:
    if db_handler is None:
        return last_client()
    if not isinstance(db_handler, Client):
        raise TypeError(
            f"db_handler is a mayfly_client.Client, not {type(db_handler).__name__}: "
            "db = Client(url, token), then db_handler=db"
        )
    return db_handler


async def execute_code(
    code: str,
    user_id: int | str,
    user_files: Sequence[str] | None = None,
    timeout: float | None = None,
    stdin: str | None = None,
    db_handler: Client | None = None,
) -> ExecutionResult:
    """Runs code for a person and waits for the result; see Client.execute_code."""
    return await _client(db_handler).execute_code(code, user_id, user_files, timeout, stdin)


async def load_file(file_id: str, user_id: int | str, db_handler: Client | None = None) -> LoadedFile:
    """Gives a file with its bytes; see Client.load_file."""
    return await _client(db_handler).load_file(file_id, user_id)


async def list_user_files(user_id: int | str, db_handler: Client | None = None) -> list[FileInfo]:
    """Lists a person's live files; see Client.list_user_files."""
    return await _client(db_handler).list_user_files(user_id)


async def upload_file(
    user_id: int | str, file_data: Data, filename: str, db_handler: Client | None = None
) -> UploadedFile:
    """Takes a file in; see Client.upload_file."""
    return await _client(db_handler).upload_file(user_id, file_data, filename)


async def upload_discord_attachment(
    attachment: Attachment, user_id: int | str, db_handler: Client | None = None
) -> UploadedFile:
    """Takes a Discord attachment in; see Client.upload_discord_attachment."""
    return await _client(db_handler).upload_discord_attachment(attachment, user_id)


async def delete_user_file(file_id: str, user_id: int | str, db_handler: Client | None = None) -> bool:
    """Deletes a file; see Client.delete_user_file."""
    return await _client(db_handler).delete_user_file(file_id, user_id)


async def cleanup_expired_files(db_handler: Client | None = None) -> int:
    """Sweeps now and returns the count; see Client.cleanup_expired_files."""
    return await _client(db_handler).cleanup_expired_files()


async def get_interpreter_status(db_handler: Client | None = None) -> dict[str, Any]:
    """Tells version, limits, packages and totals; see Client.get_interpreter_status."""
    return await _client(db_handler).get_interpreter_status()


def create_discord_cleanup_task(
    bot: discord.Client, db_handler: Client | None = None, *, hours: float = 1.0
) -> tasks.Loop[Any]:
    """Makes a discord.py loop that calls cleanup_expired_files every hour.

    Start it in on_ready or setup_hook. Discord sends on_ready again after a lost
    connection: starting a loop that runs changes nothing. A failure is logged and the
    loop goes on. The server also sweeps by itself.
    """
    try:
        from ._cleanup_loop import cleanup_loop
    except ImportError as error:
        raise ImportError("create_discord_cleanup_task needs discord.py: pip install 'mayfly-client[discord]'") from error
    return cleanup_loop(bot, lambda: _client(db_handler), hours)
