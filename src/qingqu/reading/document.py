"""A contract's file, or the pictures of its pages, as a `Document`; parsed in a limited process that writes nothing."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from qingqu.domain.papers.codec import pack, unpack
from qingqu.domain.papers.pages import Document, Note
from qingqu.reading.children import Pool, default_pool
from qingqu.reading.errors import Unreadable
from qingqu.reading.office import as_docx, converter
from qingqu.reading.paper_kind import paper_kind

WALL_PAPER, WALL_PAGE = 30.0, 30.0  # seconds: for a file with text; for each page that is recognised
PAGES_OF_FILE = 20  # for how many pages' recognition a single file gets time


def read_document(paths: Sequence[Path] | Path, *, pool: Pool | None = None) -> Document:
    """One docx, pdf, ofd or text file, or one or several pictures of pages in their order.

    Raises Unreadable (Chinese sentence, code) for what cannot be read; what could be read only in part comes with
    notes. `pool`: the processes to use, else those that all callers of this process share. Safe to call from threads.
    """
    files = [paths] if isinstance(paths, Path) else list(paths)
    try:
        kinds = {_kind(path) for path in files}
    except Unreadable as refusal:
        if refusal.code != "is_doc" or len(files) != 1 or (command := converter()) is None:
            raise
        with as_docx(files[0], command) as docx:
            document = read_document(docx, pool=pool)
        said = Note("converted", "旧格式的文档（.doc）已转换为 docx 后读取，版式可能略有变化。")
        return replace(document, notes=(said, *document.notes))
    if not files:
        raise Unreadable("没有选文件；请选一份合同文件，或按页的顺序选照片。", code="no_file")
    if len(files) > 1 and kinds != {"picture"}:
        raise Unreadable(
            "一次交了几个文件，其中有的不是照片；几张照片可以合成一份合同，别的文件请一份一份地交。",
            code="mixed_files",
        )
    pool = pool or default_pool()
    names = [str(path.resolve()) for path in files]
    if kinds != {"picture"}:
        answer = pool.ask("paper", {"kind": kinds.pop(), "paths": names}, WALL_PAPER)
        if "document" in answer:
            return unpack(answer["document"])
        kinds = {answer["again"]}
    wall = WALL_PAPER + WALL_PAGE * (len(files) if kinds == {"picture"} else PAGES_OF_FILE)
    answer = pool.ask("scan", {"kind": kinds.pop(), "paths": names}, wall)
    return unpack(answer["document"])


def _kind(path: Path) -> str:
    try:
        return paper_kind(path)
    except FileNotFoundError as error:
        raise Unreadable(f"找不到文件“{path.name}”；请检查路径。", code="not_found") from error
    except OSError as error:
        raise Unreadable(
            f"文件“{path.name}”打不开（{error.strerror}）；请检查权限。", code="not_readable"
        ) from error


def parse(kind: str, paths: Sequence[Path], *, recognising: bool) -> dict[str, object]:
    """The work inside the limited process: {"document": …}, or {"again": kind} where recognition must look."""
    from qingqu.reading import inside

    document = inside.read(kind, paths, recognising=recognising)
    return {"document": pack(document)} if isinstance(document, Document) else {"again": document}
