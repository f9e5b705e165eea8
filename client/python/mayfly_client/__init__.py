"""Run Python for people on Discord, through a Mayfly server.

    db = Client("https://mayfly.example.org", "mf_…")
    result = await execute_code(code="print(1)", user_id=123, db_handler=db)

What came of the code, and of one file, is in the result. MayflyError is raised when
there is no result: the server is away, the token is refused, the call is wrong.
"""

from ._client import Client
from ._errors import (
    BusyError,
    ExpiredError,
    ForbiddenError,
    MayflyError,
    NotFoundError,
    RequestError,
    ServerError,
    TokenError,
    UnreachableError,
)
from ._functions import (
    cleanup_expired_files,
    create_discord_cleanup_task,
    delete_user_file,
    execute_code,
    get_interpreter_status,
    list_user_files,
    load_file,
    upload_discord_attachment,
    upload_file,
)
from ._types import ExecutionResult, FileInfo, GeneratedFile, LoadedFile, NotKept, UploadedFile

__all__ = [
    "BusyError",
    "Client",
    "ExecutionResult",
    "ExpiredError",
    "FileInfo",
    "ForbiddenError",
    "GeneratedFile",
    "LoadedFile",
    "MayflyError",
    "NotFoundError",
    "NotKept",
    "RequestError",
    "ServerError",
    "TokenError",
    "UnreachableError",
    "UploadedFile",
    "cleanup_expired_files",
    "create_discord_cleanup_task",
    "delete_user_file",
    "execute_code",
    "get_interpreter_status",
    "list_user_files",
    "load_file",
    "upload_discord_attachment",
    "upload_file",
]
__version__ = "0.1.0"
