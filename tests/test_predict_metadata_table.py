from pathlib import Path

import pytest

from labels.errors import UserError
from predict.metadata_table import load_metadata, unknown_reports


@pytest.fixture
def table(tmp_path: Path):
    """Writes bytes or text to a table and loads it."""

    def load(content: str | bytes, name: str = "t.csv") -> dict[str, dict[str, str]]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_metadata(path)

    return load


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_reads_what_spreadsheets_save(table, encoding: str, delimiter: str) -> None:
    """Commas, tabs and semicolons; UTF-8 with and without mark, GB18030, UTF-16; empty cells say nothing."""
    rows = [
        ["path", "place", "year", "省份"],
        ["2018/苏州.txt", "苏州", "2018", "江苏"],
        [".\\b.txt", "", "", "山西"],
        ["", "", "", ""],
    ]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    expected = {"2018/苏州.txt": {"place": "苏州", "year": "2018", "省份": "江苏"}, "b.txt": {"省份": "山西"}}
    assert table(text.encode(encoding)) == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name,year\na,2018", 'row 1: no column "report" (or "path"); columns: name, year'),
        ("", "it is empty"),
        ("report,year\na.txt,18", 'row 2, column year: "18" came; a year such as 2024 is wanted'),
        ("report,date\na.txt,2018-1-1", 'row 2, column date: "2018-1-1" came; 2025, 2025-02 or 2025-02-21 is wanted'),
        ("report,period\na.txt,2018\nb.txt,h1", 'row 2, column period: "2018" is unknown; known: year, H1'),
        ("report,organ\n\na.txt,检察", 'row 3, column organ: "检察" is unknown; did you mean 检察院?'),
        ("report,year\na.txt,2018\na.txt,2019", "row 3: report a.txt has a row already, 2; keep one of them"),
        ("report,year\n,2018", "row 2: column report is empty"),
        ("report,year\na.txt,2018,x", "row 2: it has 3 cells, the first row only 2"),
        ("report,a,a\nx,1,2", 'row 1, column 3: "a" is empty or stands twice'),
        ("report,from\nx,1", 'row 1, column 2: "from" is used by the program'),
    ],
)
def test_errors_name_file_row_and_column(table, content: str, message: str) -> None:
    """What is wrong is said with file, row, column, what came and what is wanted."""
    with pytest.raises(UserError) as error:
        table(content)
    assert message in str(error.value)
    assert "t.csv" in str(error.value)


def test_a_missing_table_is_an_error_of_one_line(tmp_path: Path) -> None:
    """A table that is not there names its path."""
    with pytest.raises(UserError, match=r"no\.csv: cannot read it"):
        load_metadata(tmp_path / "no.csv")


def test_rows_of_unknown_reports_are_a_warning() -> None:
    """Rows that speak of no report that was read are named, with the nearest report."""
    table = {"a.txt": {}, "suzhuo.txt": {}, "x": {}}
    warning = unknown_reports(table, ["a.txt", "suzhou.txt"], Path("t.csv"))
    assert warning == "t.csv: 2 rows name no report that was read: suzhuo.txt, x; did you mean suzhou.txt?"
    assert unknown_reports({"a.txt": {}}, ["a.txt"], Path("t.csv")) is None
