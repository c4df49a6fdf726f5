"""The field's knowledge as data files. A county's own file under `QINGQU_HOME/packs/` replaces ours of the same path."""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from qingqu.base.errors import Refusal

BUILT_IN = Path(__file__).resolve().parent.parent / "packs"


class PackError(Refusal):
    """A data file that cannot be used; names the file and the place."""


def county_folder() -> Path:
    """Where this county's own files lie (it need not exist)."""
    return Path(settings.QINGQU_HOME) / "packs"


def find(path: str) -> Path:
    """The file that counts for `path` (such as `datasets/projects.yml`): the county's, else ours."""
    for folder in (county_folder(), BUILT_IN):
        candidate = folder / path
        if candidate.is_file():
            return candidate
    raise PackError(
        f"packs/{path}: 没有这个文件。请检查名称，或把它放到 {county_folder() / path}。", code="pack_missing"
    )


def listing(folder: str, suffix: str = ".yml") -> list[str]:
    """Paths of all files directly in a pack folder, county's and ours together, sorted."""
    found = {
        f"{folder}/{entry.name}"
        for base in (county_folder(), BUILT_IN)
        for entry in (base / folder).glob(f"*{suffix}")
    }
    return sorted(found)


def read(path: str) -> Any:
    """The parsed YAML of a pack file; a syntax error names line and column."""
    file = find(path)
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第 {mark.line + 1} 行第 {mark.column + 1} 列" if mark else "编码"
        raise PackError(f"{file}: {place}写法有误，无法读取；请改正后重试。", code="pack_syntax") from error
