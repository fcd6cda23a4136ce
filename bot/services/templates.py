"""Templates: what new links of the workspace can start from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from secrets import token_hex

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Conflict, Invalid, NotFound, Problem
from bot.links.draft import LinkDraft
from bot.links.rules import MAX_NAME
from bot.links.text import clean_line
from bot.services.actors import Actor, require_editor
from storage import templates
from storage.database import Database
from storage.models import Template as Row
from storage.search import fold

MOST = 500
"""How many a workspace can have: all of them are looked at to find one by a part of its name."""

_NEAR = 5


class TemplateExists(Conflict):
    """There is another template of this name."""

    def __init__(self, template: "Template") -> None:
        self.template = template
        super().__init__(f"There is a template “{template.name}” already.")


@dataclass(frozen=True, slots=True)
class Template:
    """A template. `draft` has no channel: a link shows where it is started. `saved_at` is in seconds."""

    id: str
    name: str
    draft: LinkDraft
    saved_by: str
    saved_at: float

    def start(self) -> LinkDraft:
        """What a new link begins with; it is called like the template."""
        return self.draft.anew(self.name)


class TemplateService:
    """The templates of one workspace."""

    def __init__(self, db: Database, team_id: str, clock: Callable[[], float]) -> None:
        self._db = db
        self._team_id = team_id
        self._clock = clock

    async def all(self, actor: Actor) -> Sequence[Template]:
        """Every template, by name."""
        async with self._db.read() as session:
            return [_template(row) for row in await templates.every(session, self._team_id, MOST)]

    async def get(self, actor: Actor, template_id: str) -> Template:
        """One template. Raises NotFound."""
        async with self._db.read() as session:
            return _template(await self._row(session, template_id))

    async def find(self, actor: Actor, words: str) -> tuple[Sequence[Template], bool]:
        """Those a person may mean: the one of exactly this name; else those that hold every word; else, and then it
        isn't sure, those whose names are nearly this."""
        wanted = fold(words)
        known = {fold(template.name): template for template in await self.all(actor)}
        if wanted in known:
            return [known[wanted]], True
        asked = wanted.split()
        held = [template for name, template in known.items() if asked and all(word in name for word in asked)]
        return (held, True) if held else ([known[name] for name in get_close_matches(wanted, known, n=_NEAR)], False)

    async def save(self, actor: Actor, name: str, draft: LinkDraft, *, overwrite: bool = False) -> Template:
        """Keeps the draft under this name. Raises TemplateExists unless `overwrite`, and Invalid for a name or a draft
        that can't be kept."""
        require_editor(actor)
        if draft.with_name("").is_empty:
            raise Invalid([Problem("name", "There is nothing to save yet: add an item or an option first.")])
        kept = draft.with_notify_channel(None).model_dump(mode="json")
        return await self._write(actor, None, name, overwrite, kept)

    async def rename(self, actor: Actor, template_id: str, name: str) -> Template:
        """Gives the template another name. Raises NotFound, TemplateExists, Invalid."""
        require_editor(actor)
        return await self._write(actor, template_id, name, False, None)

    async def delete(self, actor: Actor, template_id: str) -> None:
        """Forgets the template; a second time changes nothing."""
        require_editor(actor)
        async with self._db.begin() as session:
            await templates.remove(session, self._team_id, template_id)

    async def _write(
        self, actor: Actor, template_id: str | None, name: str, overwrite: bool, data: dict[str, object] | None
    ) -> Template:
        name = clean_line(name)
        if not fold(name) or len(name) > MAX_NAME:
            raise Invalid([Problem("name", f"Write a name of 1 to {MAX_NAME} characters.")])
        try:
            async with self._db.begin() as session:
                other = await templates.named(session, self._team_id, fold(name))
                if other is not None and other.id != template_id and not overwrite:
                    raise TemplateExists(_template(other))
                row = await self._row(session, template_id) if template_id else other or await self._new(session)
                row.name, row.folded, row.saved_by, row.saved_at = name, fold(name), actor.user_id, self._clock()
                row.data = row.data if data is None else data
                await templates.save(session, row)
                return _template(row)
        except IntegrityError:
            raise Conflict("Somebody else saved a template of this name just now. Try again.") from None

    async def _new(self, session: AsyncSession) -> Row:
        if len(await templates.every(session, self._team_id, MOST)) >= MOST:
            raise Invalid([Problem("name", f"A workspace has at most {MOST} templates: delete one first.")])
        return Row(id=token_hex(8), team_id=self._team_id, name="", folded="", data={}, saved_by="", saved_at=0.0)

    async def _row(self, session: AsyncSession, template_id: str) -> Row:
        row = await templates.get(session, self._team_id, template_id)
        if row is None:
            raise NotFound("That template isn't there any more. Type /paylink templates to see them.")
        return row


def _template(row: Row) -> Template:
    return Template(row.id, row.name, LinkDraft.model_validate(row.data), row.saved_by, row.saved_at)
