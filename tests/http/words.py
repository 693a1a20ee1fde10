"""Strings that break software which is careless with text. MARK is what their markup is recognised by."""
import json
import os
import pathlib


MARK = "xqz"
MARKUP = [
    f"<script>{MARK}()</script>", f"<{MARK} onclick=alert(1)>", f'"><{MARK}>', f"'><{MARK}>", f'" onfocus={MARK}() autofocus x="', f"' onfocus={MARK}() x='",
    f"</title><{MARK}>", f"</textarea><{MARK}>", f"</option></select><{MARK}>", f"<img src=x onerror={MARK}()>", f"<svg/onload={MARK}()>", f"<!--<{MARK}>-->",
    f"<![CDATA[<{MARK}>]]>", f"&lt;{MARK}&gt; &amp; &#60;{MARK}&#62;", f"javascript:{MARK}()", f"java\tscript:{MARK}()", f"data:text/html,<{MARK}>", f"<a href=javascript:{MARK}()>x</a>",
    f"{{{{{MARK}}}}}", f"${{{MARK}}}", f"<%= {MARK} %>", f"#{{{MARK}}}", f"@if ({MARK})", "{7} {8} {9}", f"`{MARK}`", f"<style>*{{x:{MARK}}}</style>",
]
PLAIN = [
    "'", "''", "\"", "\\", "\\'", "';--", "' OR '1'='1", "1; DROP TABLE work_order;--", "' UNION SELECT null,null--", "%", "_", "%%", "*", "?", ":name", "@fts", "[[gate: x ]]",
    "%s%s%n%x", "%1$s", "%d", "{}", "[]", "null", "NULL", "nil", "undefined", "NaN", "Infinity", "true", "false", "0", "-1", "007", "1e309", "9223372036854775808", "0x41", "1,000.5",
    "2026-02-30", "=1+1", "+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A1", "\"=1", "..", "../../etc/passwd", "/etc/passwd", "C:\\windows", "CON", "a b", "a+b", "a&b=c", "a;b", "a#b", "a/b",
    "é", "é", "ﬁ", "İstanbul", "ß", "中文", "简体繁體", "𠮷野家", "👩‍👩‍👧‍👦", "🇨🇳", "Z͑ͫ̓ͪ̂ͫ̽", "a\u200bb", "\u200b", "\ufeff", "\u00a0", "\u3000", "１２３", "，。、", "\ufffe", "\U0010ffff",
    "line\nline", "line\r\nline", "tab\ttab", " blanks ", "x" * 199, "字" * 199,
]
REFUSED = ["\x00", "nul\x00inside", "\x07", "\x1b[31m", "\x7f", "\u202eabc", "\u2066abc\u2069"]
HUGE = ["y" * 5000, "字" * 5000, "<" * 3000, "😀" * 2500]


def known_lists():
    """What others collected, where $MALICIOUS names its folder."""
    named = os.environ.get("MALICIOUS")
    return pathlib.Path(named) if named and os.path.isdir(named) else None


def collected(here, most):
    words = list(json.loads((here / "blns/blns.json").read_text()))
    for path in [here / "payloadbox/xss-payload-list.txt", *sorted((here / "payloadbox/sqli").rglob("*.txt"))]:
        words += path.read_text(errors="replace").splitlines()
    words = [w for w in dict.fromkeys(words) if w.strip()]
    return words[:: max(1, len(words) // most)]
