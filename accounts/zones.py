"""Time zones, as a list to choose from and as names to trust."""

from __future__ import annotations

import zoneinfo
from functools import cache

# Regions whose zones are named after a place. What else there is are old names of the same zones.
REGIONS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def known_zones() -> frozenset[str]:
    """Looked up once: it opens every file of the time zone database."""
    return frozenset(zoneinfo.available_timezones())


@cache
def zones_by_region() -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of a `<select>`: region → (name, place), such as ("America/Argentina/Ushuaia", "Argentina, Ushuaia")."""
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in sorted(known_zones()):
        region, _slash, place = name.partition("/")
        if region in groups:
            groups[region].append((name, place.replace("/", ", ").replace("_", " ")))
    return list(groups.items())
