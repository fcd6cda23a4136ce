"""What the documents promise is what the code does."""

import re
from pathlib import Path
from typing import Any

from bot.config import Settings
from bot.links.options import GROUPS
from bot.links.options.base import OptionGroup
from bot.links.options.fields import build, leaves
from bot.payments.events import HANDLED
from bot.slack.ids import Word

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()


def test_the_webhook_s_events_are_those_we_handle() -> None:
    nouns = "|".join(sorted({re.escape(kind.rpartition(".")[0]) for kind in HANDLED}))
    listed = re.findall(rf"`((?:{nouns})\.[a-z_]+)`", README)
    assert sorted(listed) == sorted(HANDLED)


def test_the_table_of_settings_is_complete() -> None:
    rows = [line.split("|")[1] for line in README.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)} == {
        name.upper() for name in Settings.model_fields
    }


def test_every_word_of_the_command_is_mentioned() -> None:
    assert [word for word in Word if not re.search(rf"`(/paylink )?{word}( NAME)?`", README)] == []


def test_the_table_of_options_is_complete() -> None:
    """A parameter may stand in several groups' declarations (`currency` goes with a fee)."""
    rows = {cells[1].strip(): cells[3] for line in README.splitlines() if len(cells := line.split("|")) == 5}
    assert [group.title for group in GROUPS.values() if group.title not in rows] == []
    for group in GROUPS.values():
        parameters = set(re.findall(r"`([a-z_]+)`", rows[group.title]))
        assert parameters == group.model_fields.keys() - {"currency"}, group.title


def test_every_make_target_that_is_mentioned_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    mentioned = set(re.findall(r"\bmake ([a-z]+)\b", README + CONTRIBUTING))
    assert mentioned <= targets


def test_the_recipe_for_an_option_group_works_as_written() -> None:
    code = re.search(r"```python\n(.*?)```", CONTRIBUTING, re.DOTALL)
    assert code is not None
    module: dict[str, Any] = {"__name__": "recipe"}
    exec(code[1], module)
    group_type: type[OptionGroup] = module["GiftMessage"]
    [leaf] = leaves(group_type)
    assert leaf.path == "gift_message.text"
    group = build(group_type, {"gift_message.text": "Happy birthday!"})
    assert group.to_stripe() == {"gift_message": {"text": "Happy birthday!"}}
    assert group_type.from_stripe(group.to_stripe()) == group
    assert group.summary() == "Prints: Happy birthday!"
