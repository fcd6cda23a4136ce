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
    known = forms.current(opened, group_type)
    answers = known | forms.parse(group_type, visit.state, known)
    await redraw(visit, forms.form_view(opened, group_type, answers, locale=visit.actor.locale))


async def submit_option(visit: Visit) -> door.Reply:
    """Puts the group on the draft, or says at which field it can't be."""
    memo = forms.FormMemo.model_validate_json(visit.memo)
    group_type = GROUPS[memo.group]
    opened = await visit.face.services.links.draft(visit.actor, memo.draft)
    known = forms.current(opened, group_type)
    answers = forms.parse(group_type, visit.state, known)
    try:
        group = build(group_type, known | answers, opened.draft.options.get(memo.group))
        _check(group, opened.draft)
    except Invalid as invalid:
        return door.errors(forms.errors(invalid.problems, answers))
    changed = await change(visit, memo.draft, lambda draft: draft.with_option(group))
    return door.Reply(then=lambda: show(visit, changed, visit.view["previous_view_id"]))


def _check(group: OptionGroup, draft: LinkDraft) -> None:
    """Raises Invalid for what stands against the group in this draft."""
    if problems := list(group.problems(draft.with_option(group))):
        raise Invalid(problems)
