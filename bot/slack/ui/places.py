"""Where in the editor a problem is shown."""

from collections.abc import Sequence

from bot.errors import Problem
from bot.links.draft import LinkDraft


class Places:
    """Problems by the row they are about. Each is in exactly one place: none gets lost."""

    def __init__(self, problems: Sequence[Problem], draft: LinkDraft) -> None:
        self.name: list[str] = []
        self.items: list[str] = []
        self.whole: list[str] = []
        self._rows: dict[str, list[str]] = {item.row: [] for item in draft.line_items}
        self._options: dict[str, list[str]] = {key: [] for key in draft.options}
        for problem in problems:
            self._place(problem.where).append(problem.message)
        self.any = bool(problems)

    def item(self, row: str) -> list[str]:
        """What is wrong with this item."""
        return self._rows[row]

    def option(self, key: str) -> list[str]:
        """What is wrong with this group of options."""
        return self._options[key]

    def _place(self, where: str) -> list[str]:
        root, _, rest = where.partition(".")
        key = rest.split(".")[0]
        if root == "line_items":
            return self._rows.get(key, self.items)
        if root == "options":
            return self._options.get(key, self.whole)
        return self.name if root == "name" else self.whole
