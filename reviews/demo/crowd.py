"""More of everything, put together from phrases, for whoever wants to see the site with a hundred thousand reviews."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from accounts.validators import skeleton
from reviews.demo.words import SERIES, Opinion, Page, Person, Said, Words, load

FIRST_DAY = datetime(2022, 3, 20, tzinfo=UTC)
DAYS = 1150  # over which people join
DIGITS = "2346789"  # those that nobody takes for a letter
STARS = (1, 1, 2, 3, 5, 9, 15, 24, 24, 16)  # how often each is given, from half a star to five
ROOM_FOR_MORE = 0.8  # of what people have seen and could review, so much is reviewed at most
LONGEST_THREAD = 4  # answers below each other

Tell = Callable[[str, int, int], None]


class Crowd:
    def __init__(self, words: Words, lasts: dict[str, int], random: Random, tell: Tell) -> None:
        self.words = words
        self.lasts = lasts  # slug → number of the last episode
        self.random = random
        self.tell = tell
        self.phrases = load("phrases")
        self.pages = {(page.slug, page.number): page for page in words.pages}
        self.taken = {skeleton(person.username) for person in words.people}
        self.free: list[tuple[Person, Page]] = []
        rated = {(opinion.by, page) for page in words.pages for opinion in page.opinions}
        for person in words.people:
            self.free += [(person, page) for page in self.reviewable(person) if (person, page) not in rated]

    def gather(self, members: int, reviews: int, comments: int) -> None:
        """Grow to at least these numbers; and to as many members as so many reviews need, one each of a subject."""
        reviews -= sum(len(page.opinions) for page in self.words.pages)
        comments -= sum(1 for _said in self.words.all_comments())
        while len(self.words.people) < members or len(self.free) * ROOM_FOR_MORE < reviews:
            person = self.newcomer()
            self.words.people.append(person)
            self.free += [(person, page) for page in self.reviewable(person)]
        for person, page in self.random.sample(self.free, max(0, reviews)):
            page.opinions.append(self.opinion(person, page))
        self.say(max(0, comments))

    def reviewable(self, person: Person) -> list[Page]:
        pages = []
        for slug in SERIES:
            numbers: list[int | None] = list(range(1, person.furthest(slug) + 1))
            if numbers and numbers[-1] == self.lasts[slug]:
                numbers.append(None)
            pages += [self.pages[slug, number] for number in numbers if (slug, number) in self.pages]
        return pages

    def newcomer(self) -> Person:
        random, phrases = self.random, self.phrases
        korean = random.random() < 0.12
        name = random.choice(phrases["korean_names" if korean else "names"])
        return Person(
            username=self.username(),
            display_name=name
            if korean or random.random() < 0.5
            else f"{name} {random.choice('ABCDEFGHJKLMNPRSTVW')}.",
            bio=random.choice(phrases["korean_bios" if korean else "bios"]),
            joined=FIRST_DAY + timedelta(days=DAYS * random.random() ** 1.6, seconds=random.randrange(86_400)),
            zone="Asia/Seoul" if korean else random.choice(phrases["zones"]),
            voice="korean" if korean else "plain",
            pace=random.choice((0, 1, 1, 2, 7)),
            watched={
                slug: random.choices((last, random.randrange(last)), (4, 1))[0]
                for slug, last in self.lasts.items()
                if random.random() < (0.95 if slug == SERIES[0] else 0.5)
            },
        )

    def username(self) -> str:
        """One that nobody has, nor anything that looks like it."""
        while True:
            words = (self.random.choice(self.phrases["adjectives"]), self.random.choice(self.phrases["nouns"]))
            digits = "".join(self.random.choices(DIGITS, k=3))
            username = "_".join((*words, digits))
            if skeleton(username) not in self.taken:
                self.taken.add(skeleton(username))
                return username

    def opinion(self, person: Person, page: Page) -> Opinion:
        random = self.random
        stars = random.choices(range(1, 11), STARS)[0]
        shape = random.random()
        if shape < 0.25:
            return Opinion(person, stars)
        tone = person.voice if person.voice == "korean" else "glad" if stars > 7 else "mixed" if stars > 4 else "cool"
        phrases = self.phrases["reviews"][tone]
        start, middle, end = (random.choice(pieces) for pieces in phrases["headlines"])
        headline = f"{start} {middle}{end}"
        if shape < 0.35:
            return Opinion(person, stars, headline)
        columns = phrases["sentences"]
        kept = sorted(random.sample(range(len(columns)), random.randint(1, len(columns))))
        sentences = [random.choice(columns[column]) for column in kept]
        if len(sentences) > 2 and random.random() < 0.4:
            sentences[1] += "\n\n"
        says = " ".join(sentences).replace("\n\n ", "\n\n")
        return Opinion(person, stars, headline, says, 0 if random.random() < 0.3 else None)

    def say(self, count: int) -> None:
        """So many comments more: in threads, under reviews, and at the moments that people have pinned already."""
        peaks = {page: [said.at for said in page.comments if said.at is not None] for page in self.words.pages}
        threads: dict[Page, list[tuple[Said | None, list[Said], int, int]]] = {
            page: [(said, said.replies, page.scope_of(said, self.lasts), 1) for said in page.comments]
            + [
                (None, opinion.replies, page.scope_of(opinion, self.lasts), 0)
                for opinion in page.opinions[:40]
                if opinion.headline or opinion.says
            ]
            for page in self.words.pages
        }
        weights = [3 if page.slug == SERIES[0] else 1 for page in self.words.pages]
        pages = self.random.choices(self.words.pages, weights, k=count)
        for page in pages:
            answered = self.random.choice(threads[page]) if self.random.random() < 0.45 else None
            place = page.comments if answered is None else answered[1]
            scope = (page.number or 0) if answered is None else answered[2]
            depth = 0 if answered is None else answered[3]
            said = self.comment(self.somebody(page.slug, scope), peaks[page] if answered is None else None)
            place.append(said)
            if depth < LONGEST_THREAD:
                threads[page].append((said, said.replies, scope, depth + 1))

    def somebody(self, slug: str, seen_through: int) -> Person:
        while True:
            person = self.random.choice(self.words.people)
            if person.furthest(slug) >= seen_through and person.role != "newcomer":
                return person

    def comment(self, person: Person, peaks: list[int] | None) -> Said:
        """`peaks`: what is worth pinning on this page; None for an answer."""
        random = self.random
        phrases: dict[str, Any] = self.phrases["comments"]
        pinned = bool(peaks) and random.random() < 0.6
        if person.voice == "korean":
            says = random.choice(phrases["korean"]) + random.choice(phrases["korean_closings"])
        elif peaks is None:
            says = random.choice(phrases["replies"]) + random.choice(phrases["reply_closings"])
        elif pinned:
            says = random.choice(phrases["moments"]) + random.choice(phrases["moment_closings"])
        else:
            says = f"{random.choice(phrases['openings'])} {random.choice(phrases['points'])}"
            says += random.choice(phrases["closings"])
        if not pinned or not peaks:
            return Said(person, says)
        return Said(person, says, "moment", max(0, int(random.gauss(random.choice(peaks), 14))))
