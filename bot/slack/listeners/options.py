"""The modal of a group of options."""

from collections.abc import Mapping

from bot.errors import Invalid
from bot.links.draft import LinkDraft
from bot.links.options import GROUPS
from bot.links.options.base import Answer, OptionGroup
from bot.links.options.fields import build, leaves
from bot.services.drafts import OpenDraft
from bot.slack.listeners import door
from bot.slack.listeners.drafts import change, open_on_top, redraw, show
from bot.slack.listeners.visit import Json, Visit, picked_from
from bot.slack.ui import forms
from bot.slack.ui.option_names import picked_names


def option_form(
    visit: Visit, opened: OpenDraft, group_type: type[OptionGroup], answers: Mapping[str, Answer] | None = None
) -> Json:
    """The group's form for this person; what they have just picked keeps its name."""
    return forms.form_view(
        opened,
        group_type,
        answers,
        locale=visit.actor.locale,
        connect=visit.face.settings.connect,
        names=picked_names(visit.state),
    )


async def open_option(visit: Visit, opened: OpenDraft, group_type: type[OptionGroup]) -> None:
    """Opens the group's form. Meanwhile shipping rates are read anew, should it pick some."""
    await open_on_top(visit, option_form(visit, opened, group_type))
    if any(leaf.ask.kind == "shipping_rate" for leaf in leaves(group_type)):
        visit.face.background.spawn(visit.face.services.shipping.refresh())


async def redraw_option(visit: Visit) -> None:
    """An answer that brings other questions with it."""
    memo = visit.read_memo(forms.FormMemo)
    group_type = picked_from(GROUPS, memo.group)
    opened = await visit.face.services.links.draft(visit.actor, memo.draft)
    known = forms.current(opened, group_type)
    answers = known | forms.parse(group_type, visit.state, known)
    await redraw(visit, option_form(visit, opened, group_type, answers))


async def submit_option(visit: Visit) -> door.Reply:
    """Puts the group on the draft, or says at which field it can't be."""
    memo = visit.read_memo(forms.FormMemo)
    group_type = picked_from(GROUPS, memo.group)
    opened = await visit.face.services.links.draft(visit.actor, memo.draft)
    known = forms.current(opened, group_type)
    answers = forms.parse(group_type, visit.state, known)
    try:
        built = build(group_type, known | answers, opened.draft.options.get(memo.group))
        group = await visit.face.services.facts.informed(built)
        _check(group, opened.draft)
    except Invalid as invalid:
        return door.errors(forms.errors(invalid.problems, answers))
    changed = await change(visit, memo.draft, lambda draft: draft.with_option(group))
    return door.Reply(then=lambda: show(visit, changed, visit.view["previous_view_id"]))


def _check(group: OptionGroup, draft: LinkDraft) -> None:
    """Raises Invalid for what stands against the group in this draft."""
    if problems := list(group.problems(draft.with_option(group))):
        raise Invalid(problems)
