#include "tests/unit.h"

static void text(void **state)
{
	static const struct { const char *s; bool ok; } rows[] = {
		{ "plain", true }, { "维修", true }, { "\xC0\x80", false }, { "\xED\xA0\x80", false }, { "a\x01", false },
		{ "\xE2\x80\xAE", false }, { "tab\tnl\n", true }, { "\xF0\x9F\x98\x80", true }, { "\xE7\xBB", false },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		CHECK_ROW(i, utf8_valid(str_c(rows[i].s)) == rows[i].ok);
}

UNIT_GROUP(base, T(text))
