"""Who and what is in the sandbox's workspaces from the start."""

from dataclasses import dataclass

from bot.sandbox.slack.ids import Ids, digest
from bot.sandbox.slack.workspace import Channel, Team, User


@dataclass(frozen=True)
class Role:
    """One member of the cast."""

    name: str
    real_name: str
    color: str
    title: str = ""
    tz: str = "Europe/London"
    tz_offset: int = 0
    locale: str = "en-GB"
    is_owner: bool = False
    is_restricted: bool = False
    is_stranger: bool = False


@dataclass(frozen=True)
class Room:
    """One channel: who is in it (`*` is everyone of the workspace's own, without guests) and whether the app is."""

    name: str
    topic: str
    members: tuple[str, ...] = ("*",)
    app: bool = True
    is_private: bool = False
    is_ext_shared: bool = False


ACME_PEOPLE = (
    Role("ada", "Ada Lovelace", "7c3aed", "Sales", is_owner=True),
    Role("grace", "Grace Hopper", "0f766e", "Finance", "America/New_York", -18_000, "en-US"),
    Role("linus", "Linus Virtanen", "b45309", "Sales", "Europe/Helsinki", 7_200, "fi-FI"),
    Role("guest", "Gus Tavares", "64748b", "Contractor", is_restricted=True),
    Role("ext", "Exa Nordström", "be185d", "Buyer at Nordwind", is_stranger=True),
)
ACME_ROOMS = (
    Room("general", "Company-wide announcements"),
    Room("sales", "Deals, quotes and payment links", ("*", "guest", "ext"), is_ext_shared=True),
    Room("payments", "Every payment, as it happens"),
    Room("random", "Non-work banter", app=False),
    Room("deals", "Large accounts", ("ada", "grace"), app=False, is_private=True),
)
OTHER_PEOPLE = (
    Role("hedy", "Hedy Lamarr", "2563eb", "Sales", is_owner=True),
    Role("alan", "Alan Turing", "15803d", "Finance"),
)
OTHER_ROOMS = (Room("general", "Company-wide announcements"), Room("sales", "Deals and payment links"))


def found_team(
    ids: Ids, name: str, domain: str, app_name: str, people: tuple[Role, ...], rooms: tuple[Room, ...]
) -> Team:
    """A workspace with the app installed, its people, its channels, and everyone's conversation with the app."""
    team_id = ids.new("T")
    number = int(team_id[1:])
    bot = User(ids.new("U"), team_id, app_name.lower(), app_name, "635bff", is_bot=True)
    token = f"xoxb-{number:012d}-{number:012d}-{digest('bot token', number)[:24]}"
    team = Team(team_id, name, domain, bot.id, ids.new("B"), token, users={bot.id: bot})
    elsewhere = ids.new("T")
    for role in people:
        home = elsewhere if role.is_stranger else team_id
        email = f"{role.name}@{'nordwind' if role.is_stranger else domain}.example"
        user = User(ids.new("U"), home, email=email, **vars(role))
        team.users[user.id] = user
    for room in rooms:
        open_room(ids, team, room)
    for person in team.people():
        dm_id = ids.new("D")
        team.channels[dm_id] = Channel(dm_id, team_id, "", [person.id, bot.id], is_im=True, user=person.id)
    return team


def open_room(ids: Ids, team: Team, room: Room) -> Channel:
    """A channel of the workspace, with its members."""
    own = [user.id for user in team.people() if not user.is_stranger and not user.is_restricted]
    named = [team.user(name).id for name in room.members if name != "*"]
    members = (own if "*" in room.members else []) + named + ([team.bot_user_id] if room.app else [])
    channel = Channel(ids.new("C"), team.id, room.name, members, topic=room.topic)
    channel.is_private = room.is_private
    channel.is_ext_shared = room.is_ext_shared
    team.channels[channel.id] = channel
    return channel
