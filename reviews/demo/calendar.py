"""When who watched and wrote what: never before it aired, before they joined, or before they had seen so far."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from reviews.demo.words import SERIES, Page, Person

# The community's last day. Fixed, so that it is the same community whenever it is made.
LAST_DAY = datetime(2025, 6, 15, tzinfo=UTC)

Airings = dict[str, list[datetime]]  # slug → when each episode aired


class Calendar:
    def __init__(self, airings: Airings, random: Random) -> None:
        self.airings = airings
        self.random = random

    def plan(self, person: Person) -> None:
        """Let the person watch what they have watched, one series after the other."""
        earliest = person.joined
        for slug in SERIES:
            seen: list[datetime] = []
            for aired in self.airings[slug][: person.furthest(slug)]:
                if not seen:
                    begins = aired + timedelta(days=person.waits.get(slug, 0))
                    at = self.evening(max(earliest, begins), person)
                elif person.pace:
                    at = self.evening(max(seen[-1] + timedelta(days=person.pace, hours=-12), aired), person)
                else:
                    at = max(seen[-1] + timedelta(minutes=70), aired + timedelta(hours=2))
                seen.append(at)
            person.seen_at[slug] = seen
            if seen:
                earliest = seen[-1]

    def earliest(self, person: Person, slug: str, seen_through: int) -> datetime:
        """From when on the person can say something about this much."""
        return person.seen_at[slug][seen_through - 1] if seen_through else person.joined

    def has_something_to_say(self, person: Person, page: Page, scope: int, asks: bool) -> datetime:
        """From when on: whoever has seen it speaks of it then; those who only ask, once there is something to see."""
        aired = self.airings[page.slug][(page.number or 1) - 1]
        seen = person.furthest(page.slug)
        needed = scope if asks else max(scope, min(page.number or seen, seen))
        return max(self.earliest(person, page.slug, needed), aired)

    def after(self, person: Person, earliest: datetime, mean_days: float) -> datetime:
        """Soon after, as a rule; an evening of theirs."""
        delay = timedelta(days=self.random.expovariate(1 / mean_days))
        if delay < timedelta(hours=8):
            return self.before_the_end(earliest, earliest + timedelta(minutes=2) + delay / 8)
        return self.before_the_end(earliest, self.evening(earliest + delay, person))

    def reply(self, person: Person, earliest: datetime) -> datetime:
        """Most answers come within the day."""
        return self.before_the_end(earliest, earliest + timedelta(minutes=3 + self.random.expovariate(1 / 300)))

    def evening(self, earliest: datetime, person: Person) -> datetime:
        """A time at which people sit down, on that day where they live or soon after."""
        local = earliest.astimezone(ZoneInfo(person.zone))
        hour = self.random.choices((8, 13, 16, 19, 20, 21, 22, 23), (2, 2, 3, 6, 9, 10, 8, 4))[0]
        minute, second = self.random.randrange(60), self.random.randrange(60)
        at = local.replace(hour=hour, minute=minute, second=second, microsecond=0).astimezone(UTC)
        if at <= earliest:
            at = earliest + timedelta(seconds=self.random.randrange(600, 9000))
        return at

    def before_the_end(self, earliest: datetime, at: datetime) -> datetime:
        if at < LAST_DAY:
            return at
        left = max(LAST_DAY - earliest, timedelta(minutes=30))
        return earliest + left * self.random.uniform(0.05, 0.95)
