"""The modal of a group of options."""

from bot.errors import Invalid
from bot.links.draft import LinkDraft
from bot.links.options import GROUPS
from bot.links.options.base import OptionGroup
from bot.links.options.fields import build
from bot.slack.listeners import door
from bot.slack.listeners.drafts import change, redraw, show
from bot.slack.listeners.visit import Visit
from bot.slack.ui import forms


async def redraw_option(visit: Visit) -> None:
    """An answer that brings other questions with it."""
    memo = forms.FormMemo.model_validate_json(visit.memo)
    group_type = GROUPS[memo.group]
    opened = await visit.face.services.links.draft(visit.actor, memo.draft)
    group = opened.draft.options.get(memo.group)
    answers = forms.current(group_type, group) | forms.parse(group_type, visit.state)
    await redraw(visit, forms.form_view(memo.draft, group_type, answers, adding=group is None))


async def submit_option(visit: Visit) -> door.Reply:
    """Puts the group on the draft, or says at which field it can't be."""
    memo = forms.FormMemo.model_validate_json(visit.memo)
    group_type = GROUPS[memo.group]
    answers = forms.parse(group_type, visit.state)
    try:
        group = build(group_type, answers)
        _check(group, await _draft(visit, memo.draft))
    except Invalid as invalid:
        return door.errors(forms.errors(invalid.problems, answers))
    changed = await change(visit, memo.draft, lambda draft: draft.with_option(group))
    return door.Reply(then=lambda: show(visit, changed, visit.view["previous_view_id"]))


async def _draft(visit: Visit, draft_id: str) -> LinkDraft:
    return (await visit.face.services.links.draft(visit.actor, draft_id)).draft


def _check(group: OptionGroup, draft: LinkDraft) -> None:
    """Raises Invalid for what stands against the group in this draft."""
    if problems := list(group.problems(draft)):
        raise Invalid(problems)
