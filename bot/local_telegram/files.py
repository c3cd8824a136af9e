"""The files of the local Telegram, kept in memory."""

from __future__ import annotations

import base64
import hashlib
import io
import mimetypes
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from PIL import Image

from bot.local_telegram.people import Json


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
        self._described: dict[str, Json] = {}
        self._folders: dict[str, str] = {}
        self._paths: dict[str, str] = {}

    def __contains__(self, file_id: object) -> bool:
        return file_id in self._files

    def keep(self, file: StoredFile, folder: str, **details: Any) -> Json:
        """Store a file and return its description, such as the Bot API's ``Document``.

        ``folder`` is the kind under which it was sent; ``details`` are the fields of that kind.
        The ``file_unique_id`` follows from the contents: the same bytes sent twice have two
        ids and one unique id, as on the real server.
        """
        number = len(self._files) + 1
        digest = hashlib.sha256(file.content).hexdigest()
        file_id = f"LOCAL-{folder}-{number}-{digest[:12]}"
        self._files[file_id] = file
        self._folders[file_id] = folder
        self._paths[f"{folder}/file_{number}{PurePath(file.name).suffix}"] = file_id
        self._described[file_id] = {
            "file_id": file_id,
            "file_unique_id": digest[:16],
            "file_size": len(file.content),
            **details,
        }
        return dict(self._described[file_id])

    def get(self, file_id: str) -> StoredFile:
        """The file of an id.  Raises KeyError when there is none."""
        return self._files[file_id]

    def describe(self, file_id: str) -> Json:
        """The description of a file as it was kept.  Raises KeyError when there is none."""
        return dict(self._described[file_id])

    def folder(self, file_id: str) -> str:
        """The kind under which a file was sent, such as ``documents``."""
        return self._folders[file_id]

    def path(self, file_id: str) -> str:
        """The ``file_path`` under which the file server offers it."""
        return next(path for path, known in self._paths.items() if known == file_id)

    def snapshot(self) -> Json:
        """All files as JSON."""
        return {
            "files": {
                file_id: {
                    "name": file.name,
                    "mime": file.mime,
                    "content": base64.b64encode(file.content).decode(),
                }
                for file_id, file in self._files.items()
            },
            "described": self._described,
            "folders": self._folders,
            "paths": self._paths,
        }

    def restore(self, kept: Json) -> None:
        """Take over the files of a snapshot."""
        for file_id, file in kept["files"].items():
            content = base64.b64decode(file["content"])
            self._files[file_id] = StoredFile(file["name"], file["mime"], content)
        self._described |= kept["described"]
        self._folders |= kept["folders"]
        self._paths |= kept["paths"]

    def at(self, path: str) -> StoredFile:
        """The file behind a ``file_path``.  Raises KeyError when there is none."""
        return self._files[self._paths[path]]


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels.  Raises ValueError when the bytes are no picture."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.size
    except OSError as error:
        raise ValueError("these bytes are no picture") from error
