# SIF: `make demo` shows it, `make test` proves it. Everything else hangs from these.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
PY := $(VENV)/bin/python
export SIF_DATOS ?= $(CURDIR)/datos
# what one process compiles the others read: where it says no, each of the tests compiled all of them again
unexport PYTHONDONTWRITEBYTECODE
WORKERS ?= 3

.PHONY: help setup instalar demo test spark caos apagon barridos danos cobertura simulacro ensayo actualizacion estreno check check-fast bench sitio clean

help: ## what can be asked of make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 11

setup: $(VENV)/.listo ## make .venv with the locked dependencies, the sif command and the page assets

$(VENV)/.listo: requirements/dev.txt pyproject.toml package-lock.json scripts/bootstrap.sh $(wildcard src/sif/web/locale/*/LC_MESSAGES/*.po)
	bash scripts/bootstrap.sh $(VENV)
	$(PY) -m sif.web.assets
	touch $@

instalar: ## make .venv with what an institution runs and nothing of tests, and the page assets
	bash scripts/bootstrap.sh $(VENV) requirements/base.txt
	$(PY) -m sif.web.assets

demo: setup ## an invented election, from invoices to voted resolutions, served on localhost:8000
	$(VENV)/bin/sif demo

test: setup ## every test, with the browser where Chromium is installed
	$(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

$(VENV)/.spark: requirements/spark.txt $(VENV)/.listo
	bash scripts/bootstrap.sh $(VENV) requirements/spark.txt
	touch $@

spark: $(VENV)/.spark ## every case of every rule on Spark as well (Java 17 or later), beside the invented election
	SIF_SPARK_COMPLETO=1 $(PY) -m pytest tests/audit/test_spark.py

caos: setup ## kills, full disks and wrong clocks for SIF_PRUEBA_MINUTOS (30), a new seed each round
	$(PY) scripts/caos.py

apagon: setup ## the database stopped SIF_PRUEBA_MINUTOS (7) in a deadline hour: the log, the constancia, the extension, the filing
	$(PY) scripts/apagon.py

barridos: setup ## what the tests share out among days, asked whole: every address, person, language, mutant of a policy and pair of rules
	SIF_PRUEBA_ENTERA=1 $(PY) -m pytest -n $(WORKERS) --dist loadfile tests/web/test_fuzz.py tests/web/test_personas.py \
		tests/web/test_spoken.py tests/registry/test_policies.py tests/registry/test_events.py \
		tests/proceedings/test_pairs_planted.py

danos: setup ## a hundred damages of guards and locks, one at a time, and how many a test notices
	$(PY) scripts/danos.py

cobertura: setup ## the tests with coverage by branch, and a table by room with the files that lack the most
	$(PY) scripts/cobertura.py --procesos $(WORKERS)

simulacro: setup ## a backup, an increment, a restore beside it and a tampered copy, with seconds and MB of each step
	$(PY) scripts/simulacro.py

ensayo: setup ## an installation in production mode behind Caddy with TLS, its door driven in Chromium
	$(PY) scripts/ensayo.py

actualizacion: setup ## the last release upgraded while it serves: four people post and nothing of theirs fails or is lost
	$(PY) scripts/actualizacion.py

estreno: setup ## from an empty database to the next election by pages, with the public file of 479 candidacies; the tests walk it with four invented
	SIF_PRUEBA_ENTERA=1 $(PY) -m pytest tests/journeys/test_estreno.py

check-fast: setup ## form, types, floors and the nearest tests of what changed, in about a minute: the pre-commit hook
	$(PY) scripts/check_fast.py

check: setup ## everything that must hold before a commit; runs all of it, then fails if any failed
	$(PY) scripts/check.py

$(VENV)-bench/.listo: requirements/bench.txt scripts/bootstrap.sh
	bash scripts/bootstrap.sh $(VENV)-bench requirements/bench.txt
	touch $@

bench: setup $(VENV)-bench/.listo $(VENV)/.spark ## the measurements of benchmarks/, written to docs/rendimiento.md
	$(PY) benchmarks/run.py

$(VENV)-sitio/.listo: requirements/docs.txt scripts/bootstrap.sh
	bash scripts/bootstrap.sh $(VENV)-sitio requirements/docs.txt
	touch $@

sitio: setup $(VENV)-sitio/.listo ## the site of docs/ with its reference and the pictures of the journeys, in sitio/web
	$(PY) scripts/sitio.py $(VENV)-sitio/bin/mkdocs

clean: ## remove the environment and built assets (never the data)
	rm -rf $(VENV) node_modules src/sif/web/static/vendor
