"""Files, albums, contacts and actions that are refused."""

from __future__ import annotations

from tests.bot.local.refusals.rows import OURS, REPORTED, Row, album, file, picture

FILES = (
    Row(
        "no document",
        "sendDocument",
        {"chat_id": "$lea"},
        "Bad Request: there is no document in the request",
    ),
    Row(
        "empty document",
        "sendDocument",
        {"chat_id": "$lea"},
        "Bad Request: file must be non-empty",
        files={"document": file(b"")},
    ),
    Row(
        "document too big",
        "sendDocument",
        {"chat_id": "$lea"},
        "Request Entity Too Large",
        413,
        files={"document": file(bytes(50_000_001))},
    ),
    Row(
        "wrong file id",
        "sendDocument",
        {"chat_id": "$lea", "document": "nonsense"},
        "Bad Request: wrong remote file identifier specified: Wrong string length",
    ),
    Row(
        "photo as document",
        "sendDocument",
        {"chat_id": "$lea", "document": "$photo_id"},
        "Bad Request: can't use file of type Photo as Document",
    ),
    Row(
        "document by address",
        "sendDocument",
        {"chat_id": "$lea", "document": "https://x.de/y.pdf"},
        "Bad Request: not modelled: files by HTTP URL",
        origin=OURS,
    ),
    Row(
        "caption too long",
        "sendDocument",
        {"chat_id": "$lea", "document": "$document_id", "caption": "x" * 1025},
        "Bad Request: message caption is too long",
        origin=REPORTED,
    ),
    Row(
        "caption with a wrong tag",
        "sendPhoto",
        {"chat_id": "$lea", "photo": "$photo_id", "caption": "<b>x", "parse_mode": "HTML"},
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag b",
    ),
    Row(
        "no photo",
        "sendPhoto",
        {"chat_id": "$lea"},
        "Bad Request: there is no photo in the request",
    ),
    Row(
        "photo that is none",
        "sendPhoto",
        {"chat_id": "$lea"},
        "Bad Request: IMAGE_PROCESS_FAILED",
        origin=REPORTED,
        files={"photo": file(b"%PDF-1.7", "photo.png")},
    ),
    Row(
        "photo too long",
        "sendPhoto",
        {"chat_id": "$lea"},
        "Bad Request: PHOTO_INVALID_DIMENSIONS",
        origin=REPORTED,
        files={"photo": file(picture(21, 1), "photo.png")},
    ),
    Row(
        "photo too big",
        "sendPhoto",
        {"chat_id": "$lea"},
        "Bad Request: file of size 10000001 bytes is too big for a photo; the maximum size is "
        "10000000 bytes",
        origin=REPORTED,
        files={"photo": file(bytes(10_000_001), "photo.png")},
    ),
    Row(
        "album of one",
        "sendMediaGroup",
        album("document"),
        "Bad Request: there are not enough messages to send as an album",
        origin=OURS,
    ),
    Row(
        "album of eleven",
        "sendMediaGroup",
        album(*["document"] * 11),
        "Bad Request: too many messages to send as an album",
    ),
    Row(
        "album of two kinds",
        "sendMediaGroup",
        album("document", "photo"),
        "Bad Request: can't use the media of the specified type in the album",
        origin=REPORTED,
    ),
    Row(
        "album of nothing",
        "sendMediaGroup",
        {"chat_id": "$lea"},
        'Bad Request: parameter "media" is required',
    ),
    Row(
        "album that is none",
        "sendMediaGroup",
        {"chat_id": "$lea", "media": "{}"},
        "Bad Request: expected an Array of InputMedia",
    ),
    Row(
        "album without its files",
        "sendMediaGroup",
        {"chat_id": "$lea", "media": [{"type": "document", "media": "attach://a"}] * 2},
        "Bad Request: can't parse InputMedia: media not found",
    ),
    Row("file of no id", "getFile", {}, "Bad Request: file_id not specified"),
    Row("file of a wrong id", "getFile", {"file_id": "nonsense"}, "Bad Request: invalid file_id"),
    Row(
        "file too big to fetch", "getFile", {"file_id": "$big_id"}, "Bad Request: file is too big"
    ),
    Row(
        "contact without number",
        "sendContact",
        {"chat_id": "$lea", "first_name": "Lea"},
        'Bad Request: parameter "phone_number" is required',
    ),
    Row(
        "unknown action",
        "sendChatAction",
        {"chat_id": "$lea", "action": "dancing"},
        "Bad Request: wrong parameter action in request",
    ),
)
