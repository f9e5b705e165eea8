"""The shapes of results. They are plain dicts; these names are for type checkers."""

from __future__ import annotations

from typing import TypedDict


class _Bytes(TypedDict):
    filename: str
    data: bytes
    type: str
    size: int
    file_id: str
    expires_at: str


class GeneratedFile(_Bytes, total=False):
    """A file that the code made. size is in bytes, data holds all of them.

    error is there, and data empty, only when the bytes could not be fetched: the run
    stands, and load_file may be tried later.
    """

    error: str


class NotKept(TypedDict):
    """A file that the code made and that was not kept. size is in bytes."""

    name: str
    size: int
    reason: str


class ExecutionResult(TypedDict):
    """What came of one run. Times of day are RFC 3339 in UTC.

    execution_time is in seconds, peak_memory in bytes. ending is one of ok, raised,
    interrupted, timed_out, out_of_memory, output_cap, killed, lost, cancelled.
    expires_at is when the output goes; each file has a time of its own.
    """

    success: bool
    output: str
    error: str
    stderr: str
    execution_time: float
    return_code: int
    generated_files: list[GeneratedFile]
    generated_file_ids: list[str]
    files_not_kept: list[NotKept]
    run_id: str
    ending: str
    peak_memory: int
    expires_at: str
    url: str


class FileInfo(TypedDict):
    """A live file of a person's. size is in bytes; source is where it came from:
    web, api, discord, cli or upload. run_id is None for what was uploaded."""

    file_id: str
    filename: str
    size: int
    type: str
    media_type: str
    version: int
    source: str
    sha256: str
    run_id: str | None
    created_at: str
    expires_at: str
    url: str


class _Outcome(TypedDict):
    success: bool
    filename: str


class UploadedFile(_Outcome, total=False):
    """A file that was taken in: the keys of FileInfo. Or why it was not: error (a
    sentence for people) and code (for programs)."""

    file_id: str
    size: int
    type: str
    media_type: str
    version: int
    source: str
    sha256: str
    run_id: str | None
    created_at: str
    expires_at: str
    url: str
    error: str
    code: str


class LoadedFile(UploadedFile):
    """A file with its bytes. Without success data is empty, and error and code say why."""

    data: bytes
