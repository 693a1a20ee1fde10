#!/usr/bin/env python3
"""holidays.py OUT.c FILE.json... — the shipped national sets as one C table. A day may be listed by the next year's file only."""
import datetime
import json
import sys


def days_since_1970(text):
    return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days


def read(files):
    countries = {}
    for name in files:
        with open(name, encoding="utf-8") as f:
            data = json.load(f)
        if set(data) != {"country", "year", "off", "work"}:
            sys.exit(f"{name}: keys must be country, year, off, work")
        years, days = countries.setdefault(data["country"], (set(), {}))
        years.add(data["year"])
        for key in "off", "work":
            for text in data[key]:
                d = days_since_1970(text)
                if days.get(d, key) != key:
                    sys.exit(f"{name}: {text} is both off and work")
                days[d] = key
    return countries


def main(out, files):
    lines = ['#include "slice/calendar/calendar.h"', ""]
    sets = []
    for code, (years, days) in sorted(read(files).items()):
        rows = ", ".join(f"{{ {d}, {'true' if days[d] == 'work' else 'false'} }}" for d in sorted(days))
        lines.append(f"static const struct national_day day_{code}[] = {{ {rows} }};")
        lines.append(f"static const int16_t year_{code}[] = {{ {', '.join(map(str, sorted(years)))} }};")
        sets.append(f'\t{{ "{code}", day_{code}, LEN(day_{code}), year_{code}, LEN(year_{code}) }},')
    lines += ["static const struct national sets[] = {", *sets, "};", "",
              "const struct national *national_shipped(str code)", "{",
              "\tfor (size_t i = 0; i < LEN(sets); i++)", "\t\tif (str_eq(code, str_c(sets[i].code)))", "\t\t\treturn &sets[i];",
              "\treturn NULL;", "}", ""]
    with open(out, "w", encoding="utf-8") as f:
        f.write("\n".join(lines))


main(sys.argv[1], sys.argv[2:])
