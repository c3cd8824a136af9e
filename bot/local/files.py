"""The files of the local Telegram, kept in memory."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import PurePath

from bot.local.people import Json


@dataclass(frozen=True)
class StoredFile:
    """The name that the sender gave, the MIME type and the bytes."""

    name: str
    mime: str
    content: bytes

    @classmethod
    def named(cls, name: str, content: bytes) -> StoredFile:
        """A file whose MIME type follows from its name, as clients guess it."""
        return cls(name, mimetypes.guess_type(name)[0] or "application/octet-stream", content)


class FileStore:
    """Files by ``file_id``; an id is never used again."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._folders: dict[str, str] = {}

    def __contains__(self, file_id: object) -> bool:
        return file_id in self._files

    def keep(self, file: StoredFile, folder: str) -> Json:
        """Store a file and give the fields that every kind of file shares.

        The ``file_unique_id`` follows from the contents: the same bytes sent twice have two
        ids and one unique id, as on the real server.
        """
        number = len(self._files) + 1
        digest = hashlib.sha256(file.content).hexdigest()
        file_id = f"LOCAL-{folder}-{number}-{digest[:12]}"
        self._files[file_id] = file
        self._folders[file_id] = folder
        return {
            "file_id": file_id,
            "file_unique_id": digest[:16],
            "file_size": len(file.content),
        }

    def get(self, file_id: str) -> StoredFile:
        """The file of an id.  Raises KeyError when there is none."""
        return self._files[file_id]

    def folder(self, file_id: str) -> str:
        """The kind under which a file was sent, such as ``documents``."""
        return self._folders[file_id]

    def path(self, file_id: str) -> str:
        """The ``file_path`` under which the file server offers it."""
        number = list(self._files).index(file_id) + 1
        suffix = PurePath(self._files[file_id].name).suffix
        return f"{self._folders[file_id]}/file_{number}{suffix}"

    def at(self, path: str) -> StoredFile:
        """The file behind a ``file_path``.  Raises KeyError when there is none."""
        for file_id, file in self._files.items():
            if self.path(file_id) == path:
                return file
        raise KeyError(path)
