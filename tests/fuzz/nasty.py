"""What hostile and hurried people write: values, keys, units, dates, whole files and words of a command line."""

import random
from collections.abc import Callable

NUMBERS = (
    "0", "-1", "1", "-0", "1e308", "-1e308", "1e-308", "1e400", "1e12", "1e9", "1e6", "999999999999999999", "9" * 400, "0.1", "3.7", "255",
    "256", "32768", "65536", "2147483648", "4294967296", "9223372036854775808", ".nan", ".inf", "-.inf", "NaN", "inf", "010", "0x1F",
    "1_000", "12:30", "１２", "٣", "²", "0b1", "+5", "--5", "1e5", "1,000", "五百",
)  # fmt: skip
UNITS = (
    "yuan",
    "元",
    "min",
    "h",
    "分钟",
    "小时",
    "d",
    "天",
    "日",
    "km",
    "公里",
    "%",
    "％",
    "pp",
    "个百分点",
    "",
    "yuans",
    "％％",
    "usd",
    "/ h",
    "/ d",
)
DATES = (
    "0001-01-01", "9999-12-31", "2020-02-30", "2020-13-01", "1900-01-01", "2262-04-12", "2020-1-1", "20200101", "2020-01-01T00:00",
    "1969-12-31", "2019-08-01", "2018-06-01", "今天", "0000-00-00",
)  # fmt: skip
WORDS = (
    "''", "' '", "~", "null", "true", "false", "no", "yes", "on", "{}", "[]", "[[]]", "{a: b}", "[1, 2]", "assumed", "fitted", "nowhere",
    "../../etc/passwd", "/dev/zero", "/dev/null", "/", ".", "..", "lujiang-2018", "lujiang_towns.csv", "tongda", "lujiang_people",
    "'\u202eabc'", "\"\\x1b[31mred\"", "\"\\0\"", "\"a\\nb\"", "'%s%n{value}{0}'", "grade_2", "in_county", "庐江", "'; DROP TABLE'", "\ud7ff",
    "!!python/object:os.system x", "!!binary aGk=", "&a x", "*a", "<<", "'" + "x" * 5000 + "'", "|", ">", "? x", "- x", "@x", "`x`", "%x",
)  # fmt: skip
KEYS = (
    "source", "extends", "value", "from", "until", "'<<'", "''", "no", "1", "null", "__class__", "family_docter", "参保", "'a.b.c'", "'a b'",
    "x" * 200, "'\u200f'", "model_config", "period", "mechanisms", "en", "'{value}'", "[1]", "{a: b}", "? ", "title", "changes", "shocks",
)  # fmt: skip
CELLS = (
    "", " ", "1", "-1", "1e12", "1e9", "1e308", "1e400", "nan", "inf", "-5", "0.5", "x", '"', '""', "\0", "true", "2.5", "99999999999999999999",
    "１２", "township", "in_county", "none", "\u202e", "a;b;c", ";;", "=1+1", "255", "256", "32768", "high", "elsewhere", "\x1b[2J", "0",
)  # fmt: skip
COMMANDS = ("run", "check", "scenarios", "verify", "rum", "", "-", "--", "check ", "checkk", "\udcff", "运行", "help")
OPTIONS = (
    "--days", "--seed", "--scale", "--set", "--out", "--lang", "--json", "--help", "-h", "--runs", "--full", "--version", "--dayz", "-x",
    "--", "-", "--set=", "--days=", "--lang=", "--lang=zh", "--lang=fr", "--seed=1", "--json=1", "---", "-1", "--\udcff", "@file", "--sca",
)  # fmt: skip
ARGUMENTS = (
    "", " ", "0", "-1", "1", "1.5", "1e308", "nan", "inf", "9" * 30, "9" * 5000, "zh", "en", "fr", "a.b.c=1", "=", "==", "period.days=0",
    "period.days", "..", "/", "/dev/zero", "/dev/null", "\0", "a\0b", "\udcff", "x" * 5000, "lujiang_2020", "../lujiang-2020", "\n", "\u202e",
    "no-such.yaml", "~", "~nobody/x", "*", "%s", "{}", "{value}", "/proc/self/mem", "/proc/self/environ", "/root", "٣", "²", "1_000", "sources",
)  # fmt: skip

Bytes = Callable[[random.Random], bytes]


def _laughs(luck: random.Random) -> bytes:
    """Write aliases that would unfold to a billion words."""
    lines = ["a0: &a0 [lol, lol, lol]"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    return ("\n".join(lines) + "\n").encode()


def _deep(luck: random.Random) -> bytes:
    """Nest 10,000 levels."""
    depth = luck.choice((39, 41, 1000, 10_000))
    shapes = (b"[" * depth, b"{a: " * depth, b"- " * depth, b"\n".join(b" " * i + b"a:" for i in range(min(depth, 1200))), b"? " * depth)
    return luck.choice(shapes)


def _many(luck: random.Random) -> bytes:
    """Write very many keys."""
    count = luck.choice((5_000, 19_000, 100_000, 1_000_000))
    return b"name: x\nextends: lujiang-2018\nreferences:\n" + b"".join(b"  k%d: 1\n" % i for i in range(count))


WHOLE: tuple[Bytes, ...] = (
    lambda luck: b"",
    lambda luck: b"\n\n# nothing\n",
    lambda luck: b"---\n---\nname: x\n",
    lambda luck: b"\xef\xbb\xbfname: x\nextends: lujiang-2018\n",
    lambda luck: "name: x\nextends: lujiang-2018\n".encode("utf-16"),
    lambda luck: "name: x\nextends: lujiang-2018\n".encode("utf-32"),
    lambda luck: "name: 庐江\n".encode("gb18030"),
    lambda luck: b"name: x\0y\n",
    lambda luck: b"name: x\x1b[31m\n",
    lambda luck: "name: \u202eab\ntitle: {en: \u2066a, zh: \u2028b}\nextends: lujiang-2018\n".encode(),
    lambda luck: b"name: x\nextends: lujiang-2018\nname: y\n",
    lambda luck: b"name:\tx\n\textends: lujiang-2018\n",
    lambda luck: b"name: x\r\nextends: lujiang-2018\r\ntitle: {en: a, zh: b}\r\n",
    lambda luck: b"name: x\rextends: lujiang-2018\r",
    lambda luck: b" " * luck.choice((900_000, 3_000_000)),
    lambda luck: b"name: x\nextends: lujiang-2018\n#" + b" " * 900_000,
    lambda luck: b"name: " + b"x" * luck.choice((1000, 900_000)) + b"\nextends: lujiang-2018\n",
    lambda luck: b"x" * 900_000 + b": 1\nextends: lujiang-2018\n",
    lambda luck: b"name: x\nextends: lujiang-2018\nmechanisms:\n  " + b"y" * 900 + b": {source: assumed}\n",
    lambda luck: luck.randbytes(luck.randrange(1, 4000)),
    lambda luck: b"just words",
    lambda luck: b"[1, 2",
    lambda luck: b"name: [\n",
    lambda luck: b"!!python/object/apply:os.system ['true']\n",
    lambda luck: b"%YAML 9.9\n---\nname: x\n",
    lambda luck: b"%TAG ! tag:x,2000:\n---\nname: !x y\n",
    lambda luck: b"name: x\nextends: self.yaml\n",
    lambda luck: b"? [a, b]\n: c\n",
    lambda luck: b"name: x\nextends: lujiang-2018\ngroups: {" + b"g: {lead: x}, " * 3000 + b"}\n",
    lambda luck: b"name: x\nextends: lujiang-2018\ngroups:\n  source: assumed\n  g: {lead: lujiang_people, towns: ["
    + b", ".join(b"town%d" % i for i in range(luck.choice((10, 8000))))
    + b"]}\n",
    lambda luck: b"kind: stations\nstations: {" + b", ".join(b"s%d: {servers: 1}" % i for i in range(2000)) + b"}\narrivals: {}\n",
    lambda luck: b"\xff\xfe\x00",
    lambda luck: b"\x00" * 5000,
    _laughs,
    _deep,
    _many,
)  # fmt: skip

GRAPHML = '<?xml version="1.0"?>{doctype}<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="m" for="edge" attr.name="minutes" attr.type="{kind}"/><graph edgedefault="{directed}">{body}</graph></graphml>'
DOCTYPES = (
    "",
    '<!DOCTYPE g [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 90 + '"><!ENTITY c "' + "&b;" * 90 + '"><!ENTITY d "' + "&c;" * 90 + '">]>',
    '<!DOCTYPE g [<!ENTITY d SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE g [<!ENTITY d SYSTEM "/dev/zero">]>',
    '<!DOCTYPE g SYSTEM "http://127.0.0.1:9/x.dtd">',
)


def graphml(luck: random.Random) -> bytes:
    """Write a road network in GraphML, with something wrong in it."""
    inner = luck.choice(("12", "&d;", "-1", "1e400", "nan", "", "x", "true"))
    nodes = "".join(f'<node id="n{i}"/>' for i in range(luck.randrange(4)))
    edge = f'<edge source="n0" target="{luck.choice(("n1", "n0", "", "n9"))}"><data key="{luck.choice("mk")}">{inner}</data></edge>'
    body = luck.choice(
        (nodes + edge, nodes, edge * luck.choice((1, 3, 3000)), "", "<edge/>", '<node id="a"><graph><node id="b"/></graph></node>')
    )
    words = {"doctype": luck.choice(DOCTYPES), "kind": luck.choice(("double", "int", "boolean", "string", "colour"))}
    text = GRAPHML.format(body=body, directed=luck.choice(("undirected", "directed", "x")), **words)
    return text[: luck.choice((len(text),) * 6 + (len(text) // 2,))].encode(luck.choice(("utf-8", "utf-8", "utf-16")))
