"""`full`, `empty` or `demo` fills the database of VAR_DIR and tells what stands there; `screenshots` takes them."""

import json
import sys

import django

if __name__ == "__main__":
    django.setup()  # models first
    if sys.argv[1] == "screenshots":
        from tests.page_checks.screenshots import take

        take()
    else:
        from tests.page_checks.world import build

        print(json.dumps(build(sys.argv[1])))  # noqa: T201 - the answer to whoever started it
