# Two commands matter: `make demo` (see it) and `make test` (prove it). Each brings what it needs.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PY := .venv/bin/python
UV := .venv/bin/uv
APT := DEBIAN_FRONTEND=noninteractive apt-get

.PHONY: demo test setup setup-test lint bench lock fast messages clean

setup: .venv/ready

.venv/uv:
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { echo "· python3-venv"; $(APT) update -qq && $(APT) install -y -qq --no-install-recommends python3-venv; }
	@[ -x .venv/bin/python ] || python3 -m venv .venv
	@echo "· uv"; .venv/bin/python -m pip install -q --disable-pip-version-check uv 2>&1 | grep -v '^WARNING: Location' || true
	@test -x $(UV) && touch $@

.venv/ready: .venv/uv requirements/base.txt requirements/build.txt pyproject.toml $(shell find src/qingqu/locale -name '*.po' 2>/dev/null)
	@command -v msgfmt >/dev/null || { echo "· gettext"; $(APT) update -qq && $(APT) install -y -qq --no-install-recommends gettext; }
	@fc-list :lang=zh 2>/dev/null | grep -q . || { echo "· fonts-noto-cjk"; $(APT) update -qq && $(APT) install -y -qq --no-install-recommends fontconfig fonts-noto-cjk; }
	@echo "· packages, with hashes"; $(UV) pip install -q --require-hashes -r requirements/base.txt -r requirements/build.txt --python $(PY)
	@$(UV) pip install -q --no-deps --no-build-isolation --python $(PY) -e .
	@for po in $$(find src/qingqu/locale -name '*.po'); do msgfmt --check-format -o "$${po%.po}.mo" "$$po"; done
	@touch $@

setup-test: .venv/ready-test
.venv/ready-test: .venv/ready requirements/dev.txt
	@command -v chromium >/dev/null || { echo "· chromium"; $(APT) update -qq && $(APT) install -y -qq --no-install-recommends chromium; }
	@[ -d /usr/share/fonts/truetype/hanazono ] || { echo "· fonts-hanazono, for rare characters of names"; $(APT) update -qq && $(APT) install -y -qq --no-install-recommends fonts-hanazono; }
	@/sbin/ldconfig -p | grep -q 'libatomic\.so\.1' || { echo "· libatomic1, which the browser driver needs"; $(APT) update -qq && $(APT) install -y -qq --no-install-recommends libatomic1; }
	@echo "· packages for tests, with hashes"; $(UV) pip install -q --require-hashes -r requirements/dev.txt --python $(PY)
	@touch $@

demo: setup
	@.venv/bin/qingqu demo

lint: setup-test
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@git ls-files -z -- '*.html' | xargs -0 -r .venv/bin/djade --target-version 5.2 --check
	@.venv/bin/mypy --no-error-summary
	@.venv/bin/lint-imports --no-logo

test: lint
	@tests/run

fast: setup-test
	@.venv/bin/pytest -q -m "not journey" -x

bench: setup-test
	@for b in bench/*.py; do echo "== $$b"; $(PY) $$b; done

messages: setup-test
	cd src/qingqu && ../../$(PY) -m django makemessages -l zh_Hans --no-location --no-wrap --settings qingqu.settings

lock: .venv/uv
	$(UV) pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate --python-version 3.11 -q -o requirements/base.txt
	$(UV) pip compile pyproject.toml --group dev --universal --generate-hashes --no-header --no-annotate --python-version 3.11 -q -o requirements/dev.txt
	printf 'hatchling\neditables\n' | $(UV) pip compile - -c requirements/dev.txt --universal --generate-hashes --no-header --no-annotate --python-version 3.11 -q -o requirements/build.txt

clean:
	rm -rf .venv var shots .mypy_cache .ruff_cache .import_linter_cache
