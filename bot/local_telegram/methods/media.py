"""Files of calls: uploads, files sent before, and the media objects that name them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from telegram.constants import FileSizeLimit, MediaGroupLimit

from bot.local_telegram.files import StoredFile, picture_size
from bot.local_telegram.parameters import Fields, Parameters
from bot.local_telegram.people import Json
from bot.local_telegram.refusals import BadRequest, Refusal
from bot.local_telegram.state import State
from bot.local_telegram.texts import caption, caption_of

MOST_SIDES = 10_000
"""Width and height of a photo together, in pixels (https://core.telegram.org/bots/api#sendphoto)."""
MOST_RATIO = 20
"""How many times longer than short a photo may be."""


@dataclass(frozen=True)
class Kind:
    """A kind of file: the folder it lies in, TDLib's name, and how an upload is described."""

    name: str
    folder: str
    called: str
    keep: Callable[[State, StoredFile], Json]

    def content(self, described: Json) -> Json:
        """The field of a message that holds such a file."""
        return {self.name: [described] if self.name == "photo" else described}


def _keep_document(world: State, file: StoredFile) -> Json:
    named = StoredFile.named(file.name, file.content)
    return world.files.keep(named, "documents", file_name=named.name, mime_type=named.mime)


def _keep_photo(world: State, file: StoredFile) -> Json:
    size = len(file.content)
    most = int(FileSizeLimit.PHOTOSIZE_UPLOAD)
    if size > most:
        raise BadRequest(
            f"file of size {size} bytes is too big for a photo; the maximum size is {most} bytes"
        )
    try:
        width, height = picture_size(file.content)
    except ValueError as error:
        raise BadRequest("IMAGE_PROCESS_FAILED") from error
    if width + height > MOST_SIDES or max(width, height) > MOST_RATIO * min(width, height):
        raise BadRequest("PHOTO_INVALID_DIMENSIONS")
    # Telegram makes a JPEG of every photo and forgets its name.
    photo = StoredFile("photo.jpg", "image/jpeg", file.content)
    return world.files.keep(photo, "photos", width=width, height=height)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("document", "documents", "Document", _keep_document),
        Kind("photo", "photos", "Photo", _keep_photo),
    )
}
"""The kinds of file that the bot can send here."""
CALLED = {"documents": "Document", "photos": "Photo", "voice": "VoiceNote", "stickers": "Sticker"}
"""TDLib's names of what lies in each folder."""


def file_of(world: State, parameters: Parameters, *, kind: Kind, value: str) -> Json:
    """The description of the file that a parameter or media object names.

    ``value`` is a ``file_id`` or ``attach://NAME``; empty means the upload under the kind's own
    name.  Raises BadRequest for what cannot be sent.
    """
    upload = parameters.files.get(value.removeprefix("attach://") if value else kind.name)
    if value.startswith("attach://") or not value:
        if upload is None:
            raise BadRequest(f"there is no {kind.name} in the request")
        return _uploaded(world, kind, upload)
    if value.startswith(("http://", "https://")):
        raise BadRequest("not modelled: files by HTTP URL")
    if value not in world.files:
        raise BadRequest("wrong remote file identifier specified: Wrong string length")
    folder = world.files.folder(value)
    if folder != kind.folder:
        raise BadRequest(f"can't use file of type {CALLED[folder]} as {kind.called}")
    return world.files.describe(value)


def _uploaded(world: State, kind: Kind, upload: StoredFile) -> Json:
    if not upload.content:
        raise BadRequest("file must be non-empty")
    if len(upload.content) > FileSizeLimit.FILESIZE_UPLOAD:
        raise Refusal(413)
    return kind.keep(world, upload)


def media_content(world: State, parameters: Parameters, name: str) -> Json:
    """The content of sendDocument and sendPhoto: the file and its caption."""
    kind = KINDS[name]
    under = caption(parameters)
    described = file_of(world, parameters, kind=kind, value=parameters.text(name))
    return {**kind.content(described), **under}


def input_media(world: State, parameters: Parameters) -> Json:
    """The content that ``media`` of editMessageMedia describes."""
    parameters.required("media")
    return _media(world, parameters, parameters.json("media", "input media"))


def input_album(world: State, parameters: Parameters) -> list[Json]:
    """The contents that ``media`` of sendMediaGroup describes, all of one kind."""
    parameters.required("media")
    values = parameters.json("media", "media")
    if not isinstance(values, list):
        raise BadRequest("expected an Array of InputMedia")
    if len(values) > MediaGroupLimit.MAX_MEDIA_LENGTH:
        raise BadRequest("too many messages to send as an album")
    if len(values) < MediaGroupLimit.MIN_MEDIA_LENGTH:
        raise BadRequest("there are not enough messages to send as an album")
    kinds = {value.get("type") for value in values if isinstance(value, dict)}
    contents = [_media(world, parameters, value) for value in values]
    if len(kinds) > 1:
        raise BadRequest("can't use the media of the specified type in the album")
    return contents


def _media(world: State, parameters: Parameters, value: object) -> Json:
    what = "can't parse InputMedia"
    if not isinstance(value, dict):
        raise BadRequest(f"{what}: expected an Object")
    fields = Fields(value, what)
    kind = KINDS.get(fields.required_text("type"))
    if kind is None:
        raise fields.refusal(f'type "{fields.text("type")}" is unsupported')
    source = fields.text("media")
    if not source or (
        source.startswith("attach://") and source.removeprefix("attach://") not in parameters.files
    ):
        raise fields.refusal("media not found")
    under = caption_of(
        fields.text("caption"), fields.text("parse_mode"), value.get("caption_entities")
    )
    described = file_of(world, parameters, kind=kind, value=source)
    return {**kind.content(described), **under}


def get_file(world: State, parameters: Parameters) -> Json:
    """Answer getFile: where a file can be fetched."""
    file_id = parameters.text("file_id")
    if not file_id:
        raise BadRequest("file_id not specified")
    if file_id not in world.files:
        raise BadRequest("invalid file_id")
    described = world.files.describe(file_id)
    if described["file_size"] > FileSizeLimit.FILESIZE_DOWNLOAD:
        raise BadRequest("file is too big")
    shared = ("file_id", "file_unique_id", "file_size")
    return {**{name: described[name] for name in shared}, "file_path": world.files.path(file_id)}
