# Two commands matter: `make run` serves the site, `make test` proves it. `make` alone lists the rest.

PYTHON ?= python3

BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
SERIES := episodes/content/soundtrack-1.toml
EVERY_SERIES := episodes/content/soundtrack-2.toml $(SERIES)
# What an operator with a domain would set, for the checks that only then apply.
PRODUCTION := env -u DATABASE_URL DEBUG=no SITE_URL=https://fans.example.org TRUSTED_PROXY_COUNT=1 \
	SECRET_KEY=only-for-checking-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ

.DEFAULT_GOAL := help
.PHONY: help run dev demo admin test pages screenshots check format messages fonts lock venv venv-dev

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: venv ## set up if need be and serve the site on http://localhost:8000 (PORT=8001 make run)
	@$(MANAGE) prepare $(SERIES)
	@exec $(MANAGE) serve

dev: export DEBUG = yes
dev: venv-dev ## the same with autoreload and the debug toolbar
	@$(MANAGE) prepare $(SERIES)
	@exec $(MANAGE) runserver

# Empty means not set, whatever `.env` says: what is invented stays off the real database, cache and mail server.
demo: export VAR_DIR = var/demo
demo: export DATABASE_URL =
demo: export REDIS_URL =
demo: export EMAIL_URL =
demo: venv ## the same site with every series we have and an invented community, on a database of its own
	@$(MANAGE) prepare $(EVERY_SERIES)
	@$(MANAGE) seed_demo
	@exec $(MANAGE) serve

admin: venv ## make the first moderator, editor or admin
	@$(MANAGE) prepare $(SERIES)
	@exec $(MANAGE) make_staff

test: venv-dev ## run the whole suite (PYTEST="-k home" passes options on)
	@$(BIN)/pytest -n auto --cov --cov-report=term:skip-covered $(PYTEST)

pages: node ## look at every page in every way there is, for hours (with Node here, `make test` takes a sample)
	@PAGES=all $(BIN)/pytest -n auto tests/page_checks $(PYTEST)

screenshots: venv-dev ## take the pictures of docs/screenshots
	@DJANGO_SETTINGS_MODULE=soundtrack_site.settings $(BIN)/python -m tests.page_checks screenshots

check: venv-dev ## formatting, lint, types, imports, migrations, locks, settings for production
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	git ls-files -z 'templates/*.html' | xargs -0 $(BIN)/djade --target-version 5.2 --check
	git ls-files -z '*.py' ':!*/migrations/*' | xargs -0 $(BIN)/django-upgrade --target-version 5.2 --check
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(MANAGE) makemigrations --check --dry-run
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	$(BIN)/python bin/check_locks.py

format: venv-dev ## put code and templates into their one form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	git ls-files -z 'templates/*.html' | xargs -0 $(BIN)/djade --target-version 5.2

messages: venv-dev ## gather the words to translate into locale/, and compile what is translated (needs gettext)
	@$(MANAGE) makemessages --locale ko $(MESSAGES)
	@$(MANAGE) compilemessages --locale ko --ignore '.venv*' --verbosity 0
MESSAGES := --no-wrap --no-obsolete --add-location file --ignore 'tests/*' --ignore '*/tests/*' --ignore '.venv*' --ignore node_modules

fonts: venv-dev ## cut the display face anew to the titles and headings that there are
	$(BIN)/python bin/make_fonts.py

lock: venv-dev ## pin requirements.in and requirements-dev.in with hashes
	$(BIN)/uv pip compile $(COMPILE) requirements.in -o requirements.txt
	$(BIN)/uv pip compile $(COMPILE) -c requirements.txt requirements-dev.in -o requirements-dev.txt
COMPILE := --quiet --universal --python-version 3.11.0 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" $(UPGRADE)

NODE := tests/page_checks
.PHONY: node
node: venv-dev
	@command -v npm >/dev/null || { echo "The page checks need Node and npm: see https://nodejs.org"; exit 1; }
	@node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' || { \
	  echo "The page checks need Node 18 or newer; this is $$(node --version)."; exit 1; }
	@test -e $(NODE)/node_modules/.package-lock.json -a $(NODE)/node_modules/.package-lock.json -nt $(NODE)/package-lock.json \
	  || npm ci --prefix $(NODE) --ignore-scripts --no-fund --no-audit

venv venv-dev: python
venv:
	@$(PYTHON) bin/make_venv.py requirements.txt
venv-dev: venv
	@$(PYTHON) bin/make_venv.py requirements-dev.txt

.PHONY: python
python:
	@command -v $(PYTHON) >/dev/null || { echo "Bonus Track needs Python 3.11 or newer; there is no $(PYTHON) here."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Bonus Track needs Python 3.11 or newer; this is $$($(PYTHON) --version 2>&1). Try: PYTHON=python3.12 make"; exit 1; }
