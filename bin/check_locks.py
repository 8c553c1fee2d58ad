"""Prove offline that the locks answer to their .in files: each requirement pinned, within its range, with hashes."""

import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).resolve().parent.parent


def wanted(name: str) -> list[Requirement]:
    lines = [line.split("#")[0].strip() for line in (HERE / name).read_text().splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def pinned(name: str) -> dict[str, Requirement]:
    lines = (HERE / name).read_text().replace("\\\n", "").splitlines()
    pins = [Requirement(line.split("--hash")[0]) for line in lines if "==" in line and "--hash" in line]
    return {canonicalize_name(pin.name): pin for pin in pins}


def version(pin: Requirement) -> str:
    return next(iter(pin.specifier)).version


def faults() -> list[str]:
    runs_on, tests_with = pinned("requirements.txt"), pinned("requirements-dev.txt")
    found = []
    for source, pins in (("requirements.in", runs_on), ("requirements-dev.in", tests_with)):
        for want in wanted(source):
            pin = pins.get(canonicalize_name(want.name))
            if pin is None or not want.specifier.contains(version(pin)):
                found.append(f"{source}: {want} is not what the lock pins ({pin})")
    found += [
        f"requirements-dev.txt: {name} is not what requirements.txt pins"
        for name, pin in runs_on.items()
        if name not in tests_with or version(tests_with[name]) != version(pin)
    ]
    return found


if __name__ == "__main__":
    sys.exit("\n".join([*faults(), "Run `make lock`."]) if faults() else None)
