"""Finding things on a person's screen by the words on them, and describing the screen in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.sandbox.slack.blocks.layout import elements_of
from bot.sandbox.slack.blocks.state import SHAPES, options_of
from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.modals import View


@dataclass(frozen=True)
class Spot:
    """An element on the screen, with its block."""

    block: Json
    element: Json

    @property
    def names(self) -> set[str]:
        """Everything a person or a test may call it."""
        texts = [self.block.get("label"), self.element.get("text"), self.element.get("placeholder")]
        words = {text["text"] for text in texts if text}
        label = {self.element["accessibility_label"]} if "accessibility_label" in self.element else set()
        return words | label | {self.block["block_id"], self.element["action_id"]}

    @property
    def block_names(self) -> set[str]:
        """What its block may be called."""
        return {self.block["block_id"], _text(self.block.get("text") or self.block.get("label"))}

    def option(self, text: str) -> Json:
        """The option of this text or value; `SlackError` lists what there is instead."""
        for option in options_of(self.element):
            if text in (option["text"]["text"], option.get("value")):
                return option
        offered = [option["text"]["text"] for option in options_of(self.element)]
        raise SlackError("no_such_option", f"{text!r} is not among {offered}")


def spots(blocks: Iterable[Json]) -> Iterator[Spot]:
    """All elements of these blocks."""
    return (Spot(block, element) for block in blocks for _, element in elements_of(block))


def find(blocks: list[Json], name: str, *, block: str | None = None, inputs: bool = False) -> Spot:
    """The element of this name (its text, label, placeholder, `action_id` or `block_id`).

    `block` narrows it to a block by its `block_id` or text, `inputs` to elements with a value. `SlackError` when
    there is none or more than one, saying what is there.
    """
    all_spots = [spot for spot in spots(blocks) if not inputs or spot.element["type"] in SHAPES]
    found = [s for s in all_spots if name in s.names and (block is None or block in s.block_names)]
    exact = [s for s in found if name == s.element["action_id"]]
    found = exact if len(exact) == 1 else found
    if len(found) == 1:
        return found[0]
    there = [f"{s.block['block_id']}/{s.element['action_id']} {sorted(s.names)}" for s in found or all_spots]
    problem = "there is more than one" if found else "there is no"
    raise SlackError("not_on_screen", f"{problem} {name!r} here:\n  " + "\n  ".join(there or ["(nothing)"]))


def describe(engine: Engine) -> str:
    """All modals, homes and the last messages, for the message of a failed wait."""
    lines: list[str] = []
    for team in engine.teams.values():
        for person in team.people():
            for view in engine.views.stack(person.id):
                lines += [f"modal of {person.name}:", *_view(view)]
            if home := engine.views.home(person.id):
                lines += [f"home of {person.name}:", *_view(home)]
            dm = engine.messages.seen_by(team.dm(person.id), person.id)
            lines += [f"DM with {person.name}: {posted.message['text']!r}" for posted in dm[-3:]]
        for channel in (c for c in team.channels.values() if not c.is_im):
            for posted in engine.messages.all_in(channel)[-3:]:
                to = f" (only {team.users[posted.only_for].name})" if posted.only_for else ""
                lines.append(f"#{channel.name}{to}: {posted.message['text']!r}")
    lines += [f"app error: {error}" for error in engine.app_errors[-5:]]
    lines += [f"API error: {call.method} → {call.error}" for call in engine.calls[-20:] if call.error]
    return "\n".join(lines) or "(nothing)"


def _view(view: View) -> list[str]:
    lines = [f"  {_text(view.sent.get('title'))} [{view.id} {view.sent.get('callback_id', '')}]"]
    for block in view.blocks:
        words = _text(block.get("text") or block.get("label"))
        parts = [f"{spot.element['type']}:{spot.element['action_id']}" for spot in spots([block])]
        lines.append(f"    {block['type']} {block['block_id']}: {words!r} {' '.join(parts)}".rstrip())
    return lines + [f"    error at {block_id}: {text}" for block_id, text in view.errors.items()]


def _text(text: Json | None) -> str:
    return str(text["text"]) if text else ""
