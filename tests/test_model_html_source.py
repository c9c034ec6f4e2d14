"""Pages: their lines, what stands beside the report, hidden text, encodings, hostile markup."""

from __future__ import annotations

import quopri

import pytest

from labels.errors import UserError
from model.blocks import Place
from model.documents import source_of
from model.html_source import extract
from model.html_walk import PageWalk


def lines(page: str | bytes) -> list[str]:
    """The lines of a page."""
    raw = page.encode() if isinstance(page, str) else page
    return extract(raw, "a.html").text.splitlines()


def places(page: str) -> dict[str, Place]:
    """The place of every line by its text."""
    found = extract(page.encode(), "a.html")
    return {found.text[block.start : block.end]: block.place for block in found.blocks}


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>　　平安\n建设</p><p>second\nline</p>", ["平安建设", "second line"]),
        ("&nbsp;&nbsp;一段。<br>&#12288;二段。<br/><br>三段。", ["一段。", "二段。", "三段。"]),
        ("<p>&ldquo;两抢&rdquo;下降&#x31;2%&amp;nbsp;好</p>", ["“两抢”下降12%\xa0好"]),
        ("<div>甲<b>乙</b><p>丙</div>丁<ul><li>戊<li>己</ul>", ["甲乙", "丙", "丁", "戊", "己"]),
        ("<p>文<script>x</script><style>y</style><!-- z --><textarea>w</textarea>字</p>", ["文字"]),
        ("<pre>第一行\n第二行</pre>", ["第一行", "第二行"]),
        ("<ruby>法<rp>(</rp><rt>fa</rt><rp>)</rp></ruby>治", ["法治"]),
        ("<ol><li>成立专班</li><li>（2）建立台账</li></ol><ol type=a start=3><li>督查</li></ol>",
         ["1. 成立专班", "（2）建立台账", "c. 督查"]),
        ("<table><tr><th>指标</th><th>数量</th></tr><tr><td>案件</td><td>12</td></tr></table>",
         ["指标\t数量", "案件\t12"]),
        ("<table><tr><td><p>一段。</p><p>二段。</p></td><td>侧栏</td></tr></table>", ["一段。", "二段。", "侧栏"]),
        ('<p>甲</p><div style="display: none">乙</div><p hidden>丙</p><i style="font-size:0">丁</i>', ["甲"]),
        ('<div style="visibility:hidden"><p>脚本显示的正文占大半</p></div><p hidden>无</p>', ["脚本显示的正文占大半"]),
    ],
)  # fmt: skip
def test_lines(page: str, expected: list[str]):
    """Blocks and <br> break lines; entities are characters; what a reader does not see is not there."""
    assert lines(page) == expected


@pytest.mark.parametrize(
    ("page", "text", "role", "why"),
    [
        ("<nav><p>首页</p></nav>", "首页", "boilerplate", "in nav"),
        ('<div id="mainNav"><p>首页</p></div>', "首页", "boilerplate", "in nav"),
        ('<div role="navigation">首页</div>', "首页", "boilerplate", "in navigation"),
        ("<footer>版权所有</footer>", "版权所有", "boilerplate", "in footer"),
        ("<p><a>一</a></p><p><a>二</a></p><p><a>三</a></p>", "二", "boilerplate", "in a list of links"),
        ("<p><a>一</a></p><p><a>二</a></p>", "二", None, ""),
        ("<h3>一、维护稳定</h3>", "一、维护稳定", "heading", "h3"),
        ("<figure><figcaption>图为走访</figcaption></figure>", "图为走访", "caption", "figcaption"),
        ("<title>青澜市政法总结 - 长安网</title><p>青澜市政法总结</p>", "青澜市政法总结", None, ""),
        ("<title>青澜市政法工作总结_网</title><p>青澜市政法工作总结</p>", "青澜市政法工作总结", "title",
         "the page's title"),
        ('<article><div class="share">正文里的一段</div></article>', "正文里的一段", None, ""),
        ("<table><tr><td>来源：本网</td><td>2024</td></tr></table>", "来源：本网\t2024", None, ""),
    ],
)  # fmt: skip
def test_places(page: str, text: str, role: str | None, why: str):
    """Tags, roles, words of class names, runs of links and the page's own title say what a line is."""
    place = places(page)[text]
    assert (place.role, place.why) == (role, why)


def test_prose_in_a_footer_is_no_navigation():
    """Class names are often wrong: a long sentence stays for the model to decide."""
    prose = "全市政法机关深入贯彻上级部署，扎实推进平安建设，人民群众的获得感幸福感安全感不断增强，社会大局持续稳定。"
    assert places(f"<div class=footer>{prose}</div>")[prose].role is None


CHINESE = "<p>平安建设工作总结，政法机关扎实推进各项工作。</p>"


@pytest.mark.parametrize(
    "raw",
    [
        CHINESE.encode(),
        b"<meta charset=utf-8>" + CHINESE.encode("gbk"),
        b'<meta http-equiv="Content-Type" content="text/html; charset=gb2312">' + CHINESE.encode(),
        b'<?xml version="1.0" encoding="gb2312"?><html>' + CHINESE.encode("gb18030"),
        "\ufeff".encode() + CHINESE.encode(),
        CHINESE.encode("utf-16"),
    ],
    ids=["undeclared", "gbk says utf-8", "utf-8 says gb2312", "xml declaration", "byte order mark", "utf-16"],
)
def test_encodings(raw: bytes):
    """The bytes decide; what a page declares is often wrong."""
    assert lines(raw) == ["平安建设工作总结，政法机关扎实推进各项工作。"]


@pytest.mark.parametrize("tag", ["div", "font", "table", "blockquote", "b"])
def test_deep_nesting_loses_nothing(tag: str):
    """Elements that are never closed, thousands deep, and what stands behind them."""
    assert lines(f"<{tag}>" * 5000 + "深处" + "<p>后面</p>") == ["深处", "后面"]


def test_nesting_beyond_reason_is_refused():
    """A bomb of open elements is refused in one line."""
    with pytest.raises(UserError, match=r"^a\.html: its markup is nested deeper than 50,000"):
        lines("<i>" * 60_000 + "x")


@pytest.mark.parametrize("raw", [b"<html></html>", b"<html><script>x</script>", b"<!--", b"<html>\xff\xfe\x00\x01"])
def test_a_page_without_text_is_refused(raw: bytes):
    """Nothing to read is said, whatever the markup."""
    with pytest.raises(UserError, match=r"^a\.html: "):
        source_of(raw, "a.html")


def test_what_a_page_says_of_itself():
    """Title and date of the head are metadata, where the text has none."""
    page = '<html><head><title>x</title><meta property="og:title" content="政法工作总结">'
    page += (
        '<meta property="article:published_time" content="2024-01-12T08:00:00"></head><body><p>平安建设。</p></body>'
    )
    said = extract(page.encode(), "a.html").said
    assert (said.title, said.date) == ("政法工作总结", "2024-01-12")


def test_stray_ends_close_nothing():
    """Ends of elements that were never opened leave the others open."""
    walk = PageWalk("a")
    walk.start("nav", {})
    walk.end("section")
    walk.data("首页")
    walk.close()
    assert walk.lines[0].around == "nav"


def test_text_of_a_saved_page_with_pictures_in_it():
    """Pictures inside the page do not count against its size."""
    page = b"<img src='data:image/png;base64," + b"A" * 9_000_000 + b"'>" + CHINESE.encode()
    assert len(lines(page)) == 1


def test_mhtml():
    """A page saved with its pictures as one file."""
    raw = b'From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
    raw += b"Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n" + quopri.encodestring(
        CHINESE.encode()
    )
    raw += b"\n--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAAA\n--b--\n"
    source = source_of(raw, "a.mhtml")
    assert (source.format, source.text.strip()) == ("mhtml", "平安建设工作总结，政法机关扎实推进各项工作。")
    with pytest.raises(UserError, match="holds no HTML"):
        source_of(b"MIME-Version: 1.0\nContent-Type: text/plain\n\nx", "a.mht")
