"""`files.getUploadURLExternal` and `files.completeUploadExternal`: the two ends of `files_upload_v2`."""

from bot.sandbox.slack.api.args import Args
from bot.sandbox.slack.api.method import Method, postable
from bot.sandbox.slack.blocks.check import check_blocks
from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.files import File
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.workspace import Team

MAX_FILE_BYTES = 16 * 1024 * 1024
"""Of the sandbox; Slack takes 1 GB."""


def _announce(engine: Engine, team: Team, args: Args) -> Json:
    length = args.number("length", None, 1, MAX_FILE_BYTES)
    alt_text = args.optional("alt_txt") or ""
    if len(alt_text) > 1000:
        raise SlackError("alt_txt_too_large", "alt_txt has at most 1000 characters")
    file, url = engine.files.announce(team.id, args.text("filename"), length, alt_text)
    return {"upload_url": url, "file_id": file.id}


def _complete(engine: Engine, team: Team, args: Args) -> Json:
    files = [_titled(engine, team, one) for one in _list(args)]
    payloads = [file.payload(engine.base, team.bot_user_id) for file in files]
    channels = args.words("channels") or args.words("channel_id")
    targets = [postable(engine, team, channel) for channel in channels]
    blocks = check_blocks(args.json("blocks")) if args.json("blocks") else None
    for channel in targets:
        author = engine.messages.from_app(team, engine.app.id)
        engine.messages.add(
            channel,
            author,
            args.optional("initial_comment") or "",
            blocks=blocks,
            thread_ts=args.optional("thread_ts"),
            files=payloads,
        )
    return {"files": payloads}


def _list(args: Args) -> list[Json]:
    files = args.json("files")
    if not isinstance(files, list) or not files or not all(isinstance(one, dict) for one in files):
        raise SlackError("invalid_arguments", messages=["missing required field: files"])
    return files


def _titled(engine: Engine, team: Team, given: Json) -> File:
    file = engine.files.find(str(given.get("id")), team.id)
    file.title = str(given.get("title") or file.name)
    return file


METHODS = {
    "files.getUploadURLExternal": Method(_announce, ("files:write",)),
    "files.completeUploadExternal": Method(_complete, ("files:write",)),
}
