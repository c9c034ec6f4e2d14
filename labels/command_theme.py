"""The command that changes themes: it shows the plan, and with --apply carries it out."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from labels.scheme import DEFAULT_THEMES

if TYPE_CHECKING:
    from labels.theme_plan import ThemePlan

_DONE: Final = "已完成；请重新训练：zhengfa train / done; train again: zhengfa train"
_EXPORTS: Final = (
    "仍在其他程序中的答案，以后导入时按新主题记；拆分之前最好先导入 / "
    "what other programs still hold is taken in the new words when imported; before a split, import it first"
)
_NOT_DONE: Final = "未作改动；加 --apply 执行 / nothing was changed; --apply carries it out"


def add_commands(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the action to `zhengfa labels`; each change sets `run`, from its arguments to an exit status."""
    text = "主题改名、合并、拆分 / rename, merge or split a theme"
    theme = actions.add_parser("theme", help=text, description=text)
    changes = theme.add_subparsers(title="命令 / commands", metavar="CHANGE", required=True)
    rename = changes.add_parser("rename", help="改名 / another id for a theme")
    rename.add_argument("old", metavar="OLD", help="原 id / its id")
    rename.add_argument("new", metavar="NEW", help="新 id / its new id")
    rename.set_defaults(run=_rename)
    merge = changes.add_parser("merge", help="合并 / one theme for several")
    merge.add_argument("old", nargs="+", metavar="THEME", help="要合并的主题 / the themes to merge")
    merge.add_argument("--into", required=True, metavar="THEME", help="并入哪个主题 / the one that stays")
    merge.set_defaults(run=_merge)
    split = changes.add_parser("split", help="拆分 / several themes for one")
    split.add_argument("old", metavar="OLD", help="要拆分的主题 / the theme to split")
    split.add_argument(
        "parts", type=Path, metavar="PARTS.toml", help="新主题的文件 / a file with the new [[theme]] tables"
    )
    split.set_defaults(run=_split)
    resume = changes.add_parser("resume", help="完成中断的改动 / finish a change that was interrupted")
    resume.set_defaults(run=_resume)
    for parser in (rename, merge, split, resume):
        parser.add_argument("--themes", type=Path, default=DEFAULT_THEMES, help="主题文件 / the file of themes")
    for parser in (rename, merge, split):
        folders = "另外的标注文件夹 / further folders of labels"
        parser.add_argument("--also", type=Path, nargs="+", default=[], metavar="DIR", help=folders)
        parser.add_argument("--apply", action="store_true", help="照计划改 / carry the plan out")


def _rename(arguments: argparse.Namespace) -> int:
    from labels.theme_plan import plan_rename

    return _show(arguments, lambda: plan_rename(arguments.themes, arguments.old, arguments.new, arguments.also))


def _merge(arguments: argparse.Namespace) -> int:
    from labels.theme_plan import plan_merge

    return _show(arguments, lambda: plan_merge(arguments.themes, arguments.old, arguments.into, arguments.also))


def _split(arguments: argparse.Namespace) -> int:
    from labels.theme_plan import plan_split

    return _show(arguments, lambda: plan_split(arguments.themes, arguments.old, arguments.parts, arguments.also))


def _resume(arguments: argparse.Namespace) -> int:
    from labels.journal import finish

    done = finish(arguments.themes.parent)
    print("已完成中断的改动 / the change is finished" if done else "没有未完成的改动 / there is nothing to finish")
    return 0


def _show(arguments: argparse.Namespace, plan_of: Callable[[], ThemePlan]) -> int:
    from labels.journal import check_finished
    from labels.theme_plan import apply

    check_finished(arguments.themes.parent)
    plan = plan_of()
    if arguments.apply:
        apply(plan)
    print("\n".join(_lines(plan, done=arguments.apply)))
    return 0


def _lines(plan: ThemePlan, *, done: bool) -> Iterator[str]:
    change, themes = plan.change, next(iter(plan.contents))
    yield f"{change.action}: {', '.join(change.old)} → {', '.join(change.new)}"
    yield f"{themes}: 主题表 / the themes"
    for folder in plan.folders:
        yield f"{folder.folder}: {folder.files} 个文件 / files, {folder.lines} 段 / lines"
        if folder.undecided:
            yield f"    {folder.undecided} 段须重新判定 / lines on which somebody must say which new theme they have"
    yield f"{themes.parent}: theme_changes.jsonl 记一条，旧决定据此对应 / one row more, by which decisions are read"
    if plan.lost_terms:
        yield f"不再使用的主题词 / terms that no new theme has: {'、'.join(plan.lost_terms)}"
    for path in plan.mentions:
        yield f"{path}: 提到旧 id，请手工修改 / names an old id; edit it by hand"
    yield from (_DONE,) if done else (_EXPORTS, _NOT_DONE)
