import time
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.corpus import CorpusReport
from model.clean import clean
from predict.metadata import FIELDS, ORGANS, read_metadata, with_table
from predict.spans import PERIODS

ROLES = ("title", "byline", "heading", "body", "caption", "boilerplate")


def read(title: str = "", byline: str = "", text: str = "", path: str = "a.txt") -> dict:
    """Metadata of a report given by its clean title, byline (both may have several lines) and prose."""
    lines = [("title", line) for line in title.split("\n") if line]
    lines += [("byline", line) for line in byline.split("\n") if line]
    return read_metadata([*lines, *(("body", line) for line in text.split("\n") if line)], path)


def test_nothing_said_is_null() -> None:
    """Fields that a report does not name are null and have no origin: nothing is guessed."""
    meta = read(text="要加强社会治理,提升城市品质。各县区、各部门要认真贯彻。", path="report.txt")
    assert meta == {**dict.fromkeys(FIELDS), "from": {}}


def test_keys_are_those_of_the_output_in_its_order() -> None:
    """The keys are title, source, date, place, year, period, organ, from."""
    assert list(read("苍岭县2020年政法工作总结")) == [*FIELDS, "from"]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("中共龙硐县委政法委员会2013年工作总结暨2014年工作打算", ("龙硐县", 2013, "year", "政法委")),
        ("关于2014年上半年全旗政法综治维稳工作总结及下半年工作安排的报告", (None, 2014, "H1", "政法")),
        ("半年答卷\n——棠浦镇2023年上半年平安综治工作总结及下半年工作打算", ("棠浦镇", 2023, "H1", "综治")),
        ("荆川市江汉公证处二〇一八年度工作总结", ("荆川市", 2018, "year", None)),
        ("黔茨县人民检察院二0一二年工作总结及二0一三年工作安排", ("黔茨县", 2012, "year", "检察院")),
        ("黔江口苗族侗族自治县公安局2021年第三季度工作情况", ("黔江口苗族侗族自治县", 2021, "Q3", "公安")),
        ("——中曜市河沿区构建社会治安防控体系的探索", ("中曜市河沿区", None, None, None)),
        ("奋斗者·2018看毕州\n——毕州市政法系统砥砺奋进这一年", ("毕州市", 2018, "year", "政法")),
        ("五年,一座老工业区的“静音键”\n——龙桥区2012至2017年平安法治建设巡礼", ("龙桥区", None, None, None)),
        ("洮泉市“十三五”平安法治建设回望", ("洮泉市", None, None, None)),
        ("榕浦政法简报\n2025年第21期(总第398期)", (None, None, None, "政法")),
        ("枧坪侗族苗族自治县综合年鉴·2013", ("枧坪侗族苗族自治县", None, None, None)),
        ("灏城市城市运行与民情日报", ("灏城市", None, None, None)),
        ("在全市政法工作会议上的讲话", (None, None, None, "政法")),
        ("全国文明城市建设与社区矫正、辖区治理", (None, None, None, None)),
        ("浦江县法院、检察院、公安局、司法局2022年工作总结", ("浦江县", 2022, "year", "政法")),
        ("平湖市司法局2019年工作总结", ("平湖市", 2019, "year", "司法")),
        ("法治护航看苏州市", ("苏州市", None, None, None)),
        ("县委常委、政法委书记在县委政法工作会议上的讲话", (None, None, None, "政法委")),
        ("读懂丨漓州市法院2020年工作报告", ("漓州市", 2020, "year", "法院")),
        ("提交石臼山市人大审议的2021年检察工作情况", ("石臼山市", 2021, "year", "检察院")),
        ("“十三五”时期朗溪市平安建设回望", ("朗溪市", None, None, None)),
        ("试点合格城市是怎样建成的\n——茂原市综治答卷", ("茂原市", None, None, "综治")),
        ("诸城市公安局2018年工作总结", ("诸城市", 2018, "year", "公安")),
    ],
)
def test_titles(title: str, expected: tuple[str | None, int | None, str | None, str | None]) -> None:
    """Place, year, period and organ as titles of real kinds name them, each marked as from the title."""
    meta = read(title)
    assert (meta["place"], meta["year"], meta["period"], meta["organ"]) == expected
    assert meta["from"] == dict.fromkeys((field for field in FIELDS if meta[field] is not None), "title")


def test_a_title_over_several_lines_is_one_and_its_spaced_characters_are_joined() -> None:
    """Lines of a title are joined by a blank; characters set wide are words again."""
    assert read("县委政法委书记2017年度\n述 职 述 廉 报 告")["title"] == "县委政法委书记2017年度述职述廉报告"
    assert read("潮起处 法徽明\n——屿头县法院扫描")["title"] == "潮起处 法徽明 ——屿头县法院扫描"


@pytest.mark.parametrize(
    ("byline", "source", "date"),
    [
        ("来源:晋中日报时间:2025-02-21", "晋中日报", "2025-02-21"),
        ("发布时间:2013-12-19 来源:县委政法委 作者:办公室", "县委政法委", "2013-12-19"),
        ("供稿单位:市司法局 录入:admin 审核:王丽华 时间:2016/1/15 8:47:02", "市司法局", "2016-01-15"),
        ("来源丨综合办公室 图文丨于晓彤 编辑丨关鑫", "综合办公室", None),
        ("《雪山时报》记者 才让措 2018-07-26 A03版", "雪山时报", "2018-07-26"),
        ("抚川日报 2016-11-24 本报记者 涂金秀", "抚川日报", "2016-11-24"),
        ("来源:《汀洋晚报》 2023-12-31 A4-A5版", "汀洋晚报", "2023-12-31"),
        ("来源:本网 日期:2023-02-03 10:28:44 浏览量:1306", None, "2023-02-03"),
        ("来源:县融媒体中心 记者 翟宝成", "县融媒体中心", None),
        ("市委依法治市办秘书科 二〇二四年一月十五日", None, "2024-01-15"),
        ("二〇二四年五月", None, "2024-05"),
        ("(2022年1月9日)", None, "2022-01-09"),
        ("数据截至2024年12月20日", None, None),
        ("(记述时限:2012年1月1日至12月31日)", None, None),
        ("时间:2023-02-30", None, None),
        ("第22期(9月1日—9月7日)", None, None),
    ],
)
def test_bylines(byline: str, source: str | None, date: str | None) -> None:
    """Source and date as bylines write them; bounds of a span of time and impossible days are no date."""
    meta = read(byline=byline)
    assert (meta["source"], meta["date"]) == (source, date)
    assert set(meta["from"].values()) <= {"byline"}


@pytest.mark.parametrize(
    ("byline", "text", "expected"),
    [
        ("来源:云江日报 时间:2025-02-21", "2024年,云江市各级政法机关深入贯彻。一年来,全市平安。", (2024, "year")),
        ("2019年7月3日", "今年以来,全市政法机关深入贯彻。", (2019, None)),
        ("2018-01-08", "过去一年,全市政法机关忠诚履职。", (2017, "year")),
        ("2018-08-08", "过去一年,全市政法机关忠诚履职。", (None, None)),
        ("", "今年以来,全市政法机关深入贯彻。\n今年下半年,全市政法工作将以党的十九大精神为指引。", (None, "H1")),
        ("2022-09-27", "2012年,全市率先探索。此后十年,一路向前。", (None, None)),
        ("", "从县城往东,2019年脱贫摘帽后,村集体把梯田流转起来。", (None, None)),
    ],
)
def test_year_of_the_text(byline: str, text: str, expected: tuple[int | None, str | None]) -> None:
    """The year is the one a report is about, not the one it was printed in, and only where it says so."""
    meta = read(byline=byline, text=text)
    assert (meta["year"], meta["period"]) == expected


def test_a_report_to_a_congress_tells_of_the_year_before() -> None:
    """A work report of January that bears the new year and speaks of the past one is about the past one."""
    text = "各位代表:现在,我代表县人民政府作工作报告。\n2021年是极不平凡的一年。"
    meta = read("平湾县2022年政府工作报告", "2022年1月6日在平湾县第十八届人民代表大会第一次会议上", text)
    assert (meta["year"], meta["period"], meta["date"]) == (2021, "year", "2022-01-06")


@pytest.mark.parametrize(
    ("byline", "text", "path", "expected"),
    [
        ("中共邺丰市委书记 费明远", "", "a.txt", ("邺丰市", "byline")),
        ("来源:云川省长安网", "", "a.txt", (None, None)),
        ("", "2024年,云江市各级政法机关深入贯彻,全市平安。", "a.txt", ("云江市", "text")),
        ("", "全面推动平安苏州、法治苏州和过硬队伍建设。", "suzhou.txt", ("苏州", "text")),
        ("", "深化平安建设、法治建设,推进平安校园、平安医院。", "a.txt", (None, None)),
        ("", "2015年,全市检察机关认真落实市人大决议,根据市委部署打造市域样板。", "a.txt", (None, None)),
        (
            "",
            "全市平安。\n支撑现代化建设张家港实践。\n获评张家港市3A级。\n居苏州市前列,苏州市第一。",
            "a.txt",
            ("张家港市", "text"),
        ),
        ("", "", "2018/苏州-2018上半年.txt", ("苏州", "path")),
        ("", "", "晋中市/2024.txt", ("晋中市", "path")),
        ("", "", "reports/工作总结.txt", (None, None)),
    ],
)
def test_places(byline: str, text: str, path: str, expected: tuple[str | None, str | None]) -> None:
    """A place comes from who signed, from what the report calls itself, or from its path; as written."""
    meta = read(byline=byline, text=text, path=path)
    assert (meta["place"], meta["from"].get("place")) == expected


def test_path_gives_what_nothing_else_does() -> None:
    """Year, period and date may stand in the path alone; the path is the last to be asked."""
    assert read(path="2018/suzhou-2018h1.txt")["period"] == "H1"
    assert read(path="20250221-jinzhong.txt")["date"] == "2025-02-21"
    assert read("苍岭县2020年政法工作总结", path="2019/x.txt")["year"] == 2020


def test_table_wins_and_passes_columns_through() -> None:
    """A row of the user's table outranks what was read; its other columns stand before `from`."""
    meta = with_table(read("苍岭县2020年政法工作总结"), {"year": "2019", "province": "云川"})
    assert (meta["year"], meta["place"], meta["province"]) == (2019, "苍岭县", "云川")
    assert list(meta) == [*FIELDS, "province", "from"]
    assert meta["from"] == {
        "title": "title",
        "place": "title",
        "year": "table",
        "period": "title",
        "organ": "title",
        "province": "table",
    }
    assert with_table(meta, None) == meta


@given(
    st.lists(
        st.tuples(
            st.sampled_from(ROLES), st.text(max_size=40) | st.from_regex(r"[一二〇年月日2019省市县区全—至 -]{0,40}")
        )
    )
)
def test_any_text_gives_legal_values(lines: list[tuple[str, str]]) -> None:
    """Whatever the paragraphs are, the values are legal and every value has its origin."""
    meta = read_metadata(lines, "x/一.txt")
    assert meta["year"] is None or 1900 <= meta["year"] <= 2099
    assert meta["period"] in (None, *PERIODS)
    assert meta["organ"] in (None, *ORGANS)
    assert set(meta["from"]) == {field for field in FIELDS if meta[field] is not None}


@pytest.mark.parametrize(
    "text", ["市" * 200_000, "二〇" * 100_000, "2024年" * 50_000, "来源:" * 100_000, "在" * 200_000, "平安" * 100_000]
)
@pytest.mark.parametrize("role", ["title", "byline", "body"])
def test_hostile_lengths_stay_quick(text: str, role: str) -> None:
    """Repetition does not blow up in time, wherever it stands."""
    start = time.perf_counter()
    read_metadata([(role, text), ("body", text)], "a.txt")
    assert time.perf_counter() - start < 2


def test_fields_are_found_in_most_reports_of_the_corpus(corpus: list[CorpusReport]) -> None:
    """In the labelled corpus, most reports have a place, an organ and a year."""
    metas = [read_metadata([(line.role, clean(line.text)) for line in report.lines], report.name) for report in corpus]
    assert sum(meta["place"] is not None for meta in metas) > 0.7 * len(metas)
    assert sum(meta["organ"] is not None for meta in metas) > 0.5 * len(metas)
    assert sum(meta["year"] is not None for meta in metas) > 0.5 * len(metas)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "jinzhong-2024",
            {
                "source": "晋中日报",
                "date": "2025-02-21",
                "place": "晋中市",
                "year": 2024,
                "period": "year",
                "organ": "政法",
            },
        ),
        ("suzhou-2018h1", {"date": None, "place": "苏州", "year": 2018, "period": "H1", "organ": "政法"}),
        ("zhangjiagang-2024", {"date": None, "place": "张家港市", "year": 2024, "organ": "政法委"}),
    ],
)
def test_real_reports(shared: Path, name: str, expected: dict) -> None:
    """The three real reports, with their gold roles, give what a reader would write down."""
    text = (shared / "reports" / f"{name}.txt").read_text("utf-8")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    gold = [orjson.loads(row) for row in (shared / "gold" / f"{name}.jsonl").read_bytes().splitlines()]
    meta = read_metadata([(row["role"], clean(lines[row["line"] - 1])) for row in gold], f"{name}.txt")
    assert {field: meta[field] for field in expected} == expected
