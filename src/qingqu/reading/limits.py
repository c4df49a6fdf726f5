"""How much a spreadsheet may hold, so that a hostile one costs bounded memory and time. Our own figures: a real
workbook of 50,000 × 20 cells unpacks to about 60 MiB at a ratio of 10 to 20."""

from qingqu.reading.errors import Unreadable

MAX_COLUMNS = 2_000
# A prefecture's yearly payments are about five million lines of csv. Text is read in pieces, so that rows cost time and
# disk but no memory; a workbook ends at its own 1,048,576 rows.
MAX_ROWS = 10_000_000
MAX_CELL = 32_767  # Excel's own limit of a cell's text
MAX_ROW_TEXT = 1_000_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
RATIO_FLOOR = 10 * 1024 * 1024  # a small file may be as compressible as it likes
MAX_ENTRIES = 2_000
MAX_AREA = 50_000_000  # cells of the rectangle around the used ones: the parser allocates all of it


def too_wide() -> Unreadable:
    """More columns than any department's table."""
    return Unreadable(
        f"表格超过 {MAX_COLUMNS} 列；请删去右边用不到的列（选中后“删除”，不是清空），再交上来。",
        code="too_wide",
    )


def too_long() -> Unreadable:
    """More rows than we take from one file."""
    return Unreadable(f"表格超过 {MAX_ROWS:,} 行；请按月或按乡镇拆成几个文件，再交上来。", code="too_long")


def checked(row: int, cells: list[str]) -> list[str]:
    """The row without empty cells at its end, within the limits; else `Unreadable` naming row and column."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    if end > MAX_COLUMNS:
        raise too_wide()
    if row > MAX_ROWS:
        raise too_long()
    del cells[end:]
    if sum(map(len, cells)) > MAX_CELL:
        for index, cell in enumerate(cells):
            if len(cell) > MAX_CELL:
                raise Unreadable(
                    f"第 {row} 行 {letter(index)} 列的文字超过 {MAX_CELL:,} 个字；请缩短后再交上来。",
                    code="cell_too_long",
                )
        if sum(map(len, cells)) > MAX_ROW_TEXT:
            raise Unreadable(f"第 {row} 行的文字太多；请检查这一行，再交上来。", code="row_too_long")
    return cells


def letter(index: int) -> str:
    """The name of a column as Excel shows it: 0 → A, 26 → AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
