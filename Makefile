# `make run` and `make test` do everything on a fresh machine with Python >= 3.11; nothing needs an activated environment.
PYTHON ?= python3
BIN = .venv/bin
PORT ?= 8000
PYTEST_FLAGS ?= -n 2

.PHONY: run test check bench format pictures screenshots lighthouse validate translations clean

run: .venv/run.stamp
	@exec env DEBUG=1 PORT=$(PORT) $(BIN)/python manage.py demonstrate

test: .venv/test.stamp
	DEBUG=1 $(BIN)/python -m pytest $(PYTEST_FLAGS)

check: .venv/test.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --lint --quiet templates
	DEBUG=1 $(BIN)/mypy blog/text blog/web blog/appearance blog/tags blog/posts blog/editing blog/review blog/planning blog/screening blog/comments \
	  blog/receipts blog/moderation blog/newsletter blog/imports
	DEBUG=0 SECRET_KEY=check-only-$$(printf '%050d' 0)-not-a-secret ALLOWED_HOSTS=blog.example \
	  SITE_URL=https://blog.example DATABASE_URL=postgresql://none/none EMAIL_URL=smtp://localhost MEDIA_ROOT=media \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING
	DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run

bench: .venv/test.stamp
	DEBUG=1 $(BIN)/python -m bench

# The pictures of the guides, in both languages; look at each before it is committed.
pictures: .venv/test.stamp
	SCREENSHOTS=1 DEBUG=1 $(BIN)/python -m pytest tests/browser/test_guide_pictures.py -q

# What one looks at by hand, on the demonstration edition, served as in production: .inspection/sheets has a sheet of each page.
screenshots: .venv/test.stamp
	$(BIN)/python -m inspection.screenshots $(ONLY)

# The scores of Lighthouse, which npx fetches; needs Node.js and Chromium.
lighthouse: .venv/test.stamp
	$(BIN)/python -m inspection.lighthouse $(ONLY)

# The Nu HTML checker, which npm fetches, on every page that the tests visit; needs Node.js and Java.
PAGES = .inspection/pages
validate: .venv/test.stamp
	rm -rf $(PAGES) && mkdir -p $(PAGES)
	KEEP_PAGES=$(CURDIR)/$(PAGES) DEBUG=1 $(BIN)/python -m pytest $(PYTEST_FLAGS) -q -m "not server" $(ONLY)
	$(BIN)/python -m inspection.validate $(PAGES)

format: .venv/test.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Reads every string of the project into blog/locale and compiles what is translated there. For a new language:
# make translations LANGUAGE=nb. Needs Debian's gettext; the compiled files are committed, so nobody else does.
LANGUAGE = sv
MESSAGES = DEBUG=1 $(BIN)/python manage.py makemessages --locale $(LANGUAGE) --no-location --no-obsolete \
  --ignore .venv --ignore staticfiles --ignore media --ignore tests --ignore bench --ignore inspection
translations: .venv/test.stamp
	$(MESSAGES) --domain django
	$(MESSAGES) --domain djangojs
	DEBUG=1 $(BIN)/python manage.py compilemessages --locale $(LANGUAGE) --ignore .venv

# The stamps come last, so that what was interrupted is done again.
.venv/made.stamp:
	$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/run.stamp: requirements.txt .venv/made.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/test.stamp: tests/requirements.txt .venv/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt
	@touch $@

clean:
	rm -rf .venv staticfiles .pytest_cache .ruff_cache .mypy_cache
