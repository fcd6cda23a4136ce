"""Changing a group on a live link: what is sent, and what takes a new one."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.errors import Problem
from bot.links.options import paths
from bot.links.options.base import OptionGroup, Update

FIXED_REASON = "Stripe takes this only when a link is made."
KEPT_REASON = "Once a link has this, Stripe can change it but not empty it."


def update_params(group_type: type[OptionGroup], before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Stripe's update parameters, differences only. `before` and `after` are the group's parameters, {} without it."""
    params: dict[str, Any] = {}
    for path in _changed(group_type, before, after):
        cleared, old, new = group_type.cleared[path], paths.at(before, path), paths.at(after, path)
        if cleared is Update.BY_KEY:
            paths.put(params, path, _by_key(old or {}, new or {}))
        elif cleared is Update.MERGED:
            paths.put(params, path, "" if new is None else dict.fromkeys(old or {}, "") | new)
        elif cleared is not Update.FIXED and (new is not None or cleared is not Update.KEPT):
            paths.put(params, path, cleared if new is None else new)
    if params and group_type.switch:
        paths.put(params, group_type.switch, bool(after))
    return params


def refused(group_type: type[OptionGroup], before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Problem]:
    """What Stripe changes on no live link; `where` starts at the group's root."""
    if group_type.switch and not after and group_type.cleared.get(group_type.switch) is not Update.FIXED:
        return
    for path in _changed(group_type, before, after):
        if group_type.cleared[path] is Update.FIXED:
            yield Problem(path, FIXED_REASON)
        elif group_type.cleared[path] is Update.KEPT and paths.at(after, path) is None:
            yield Problem(path, KEPT_REASON)


def _changed(group_type: type[OptionGroup], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [path for path in group_type.cleared if paths.at(before, path) != paths.at(after, path)]


def _by_key(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    return {key: new.get(key, "") for key in {**old, **new} if old.get(key) != new.get(key)}
