# Everything runs in .venv, which a bare checkout makes by itself from requirements.lock; Python 3.11+ is all it needs.
PYTHON ?= python3
INPUT ?= predict/sample.txt
GOLD ?= ../shared/gold
REPORTS ?= ../shared/reports
SAMPLE_QUEUE := artifacts/review/sample-queue.jsonl
QUEUE ?= $(SAMPLE_QUEUE)

BIN := .venv/bin
LOCKED := .venv/.locked
READY := .venv/.ready
MODEL := artifacts/current/manifest.json
LABEL_STUDIO := .cache/label-studio
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help predict train evaluate baselines review test test-all lint check bench fuzz interop wheel lock clean

help: ## 列出全部目标 / list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

predict: $(READY) $(MODEL) ## 标注示例报告，INPUT=可换 / annotate the sample report, or INPUT=yours
	@$(BIN)/zhengfa annotate $(INPUT)

train: $(READY) ## 训练模型，存入 artifacts/ / train a model into artifacts/
	@$(BIN)/zhengfa train

evaluate: $(READY) $(MODEL) ## 用金标准评测，GOLD= REPORTS= 可换 / score against gold labels, GOLD= REPORTS=
	@test -d '$(GOLD)' || { echo '$(GOLD): no gold labels here; give yours: make evaluate GOLD=DIR REPORTS=DIR' >&2; exit 2; }
	@$(BIN)/zhengfa evaluate --gold '$(GOLD)' --reports '$(REPORTS)'

baselines: $(READY) ## 与简单方法比较 / compare with simple methods
	@$(BIN)/zhengfa baselines

review: $(READY) $(filter $(SAMPLE_QUEUE),$(QUEUE)) ## 打开审核网页，QUEUE=可换 / open the page to review themes on, QUEUE=yours
	@$(BIN)/zhengfa review '$(QUEUE)'

test: $(READY) ## 快速测试 / the quick tests
	@$(BIN)/python -m pytest -m 'not slow'

test-all: $(READY) ## 全部测试，不许跳过 / every test, none skipped
	@$(BIN)/python -m pytest --no-skips

lint: $(READY) ## 格式、规范、类型、导入方向 / format, rules, types, direction of imports
	@$(BIN)/ruff format --check --quiet --output-format concise .
	@$(BIN)/ruff check --quiet --output-format concise .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

check: lint test ## 提交前的全部检查 / all that must hold before a commit

bench: $(READY) $(MODEL) ## 测速度与内存 / measure speed and memory
	@$(BIN)/python -m tests.bench

fuzz: $(READY) $(MODEL) ## 模糊测试，RUNS= TARGET= 可换 / hostile input at random, RUNS= inputs for TARGET=
	@$(BIN)/python -m tests.fuzz $(if $(RUNS),--runs $(RUNS)) $(if $(TARGET),--target $(TARGET))

interop: $(READY) $(LABEL_STUDIO)/.ready ## 与真实的 Label Studio 往返 / there and back through a real Label Studio
	@$(BIN)/python -m pytest tests/interop.py

wheel: $(READY) $(MODEL) ## 打包到 dist/，含默认模型 / build the wheel with its default model into dist/
	@$(BIN)/python -m hatchling build -t wheel -d dist

lock: ## 重写 requirements.lock，UPGRADE=1 升级 / write requirements.lock anew, UPGRADE=1 for newer releases
	@test -x .cache/lock/bin/uv || { $(PYTHON) -m venv .cache/lock && .cache/lock/bin/pip install --quiet uv; }
	@.cache/lock/bin/uv pip compile pyproject.toml --all-extras --group dev --quiet --output-file requirements.lock \
		--universal --python-version 3.11 --fork-strategy fewest --generate-hashes --custom-compile-command 'make lock' \
		--no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)

clean: ## 删除可重建的文件，保留 artifacts/ / delete what can be made again, but for artifacts/
	@rm -rf .venv .cache dist .*_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +

$(MODEL): | $(READY)
	@$(BIN)/zhengfa train

$(LABEL_STUDIO)/.ready:
	@$(PYTHON) -m venv --clear $(LABEL_STUDIO)
	@$(LABEL_STUDIO)/bin/pip install --quiet 'label-studio==1.23.2'
	@touch $@

$(SAMPLE_QUEUE): | $(READY) $(MODEL)
	@mkdir -p $(@D)
	@$(BIN)/zhengfa annotate predict/sample.txt --out $(@D)/sample.jsonl
	@$(BIN)/zhengfa labels queue $(@D)/sample.jsonl --out $@

# A fresh environment for a new lock, so that nothing of the old one is left to lean on.
$(LOCKED): requirements.lock
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11+ is needed: make PYTHON=python3.12")'
	@echo '.venv: 安装依赖 / installing what the project needs'
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@touch $@

$(READY): $(LOCKED) pyproject.toml
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@
