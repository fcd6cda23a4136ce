"""Files that the app uploads ("Working with files", docs.slack.dev)."""

import mimetypes
from dataclasses import dataclass
from urllib.parse import quote

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.ids import Ids
from bot.sandbox.slack.kinds import Clock, Json


@dataclass
class File:
    """One file: announced, then uploaded (`content`), then shared."""

    id: str
    team_id: str
    name: str
    length: int
    created: int
    alt_text: str
    title: str = ""
    content: bytes | None = None

    @property
    def mimetype(self) -> str:
        """The media type, by the name's ending."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def payload(self, base: str, user_id: str) -> Json:
        """Slack's file object."""
        url = f"{base}/files/{self.id}/{quote(self.name)}"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": self.name.rpartition(".")[2],
            "user": user_id,
            "size": self.length,
            "alt_txt": self.alt_text,
            "url_private": url,
            "url_private_download": url,
            "permalink": url,
        }


class Files:
    """All files of the sandbox. `base` is the sandbox's own URL."""

    def __init__(self, ids: Ids, clock: Clock) -> None:
        self._ids = ids
        self._clock = clock
        self._files: dict[str, File] = {}
        self._uploads: dict[str, File] = {}
        self.base = ""

    def announce(self, team_id: str, name: str, length: int, alt_text: str) -> tuple[File, str]:
        """Make room for a file; returns it and where to upload it."""
        file = File(self._ids.new("F"), team_id, name, length, int(self._clock()), alt_text)
        token = self._ids.token("upload")
        self._files[file.id] = self._uploads[token] = file
        return file, f"{self.base}/upload/v1/{token}"

    def receive(self, token: str, content: bytes) -> File:
        """Take what was uploaded, once, and of the length announced."""
        file = self._uploads.pop(token, None)
        if file is None:
            raise SlackError("invalid_upload_url", "no such upload URL, or it was used")
        if len(content) != file.length:
            raise SlackError("length_mismatch", f"{len(content)} bytes came, {file.length} were announced")
        file.content = content
        return file

    def find(self, file_id: str, team_id: str | None = None) -> File:
        """A file whose content is here; `file_not_found` otherwise."""
        file = self._files.get(file_id)
        if file is None or file.content is None or team_id not in (None, file.team_id):
            raise SlackError("file_not_found", f"no uploaded file {file_id!r}")
        return file
