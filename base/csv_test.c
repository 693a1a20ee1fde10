#include "base/csv.h"
#include "tests/unit.h"

/* Records joined by '|', cells by '^'; an error as "!line". */
static void read_all(const char *in, size_t n, char sep, struct buf *out)
{
	FILE *f = n ? fmemopen((void *)(uintptr_t)in, n, "r") : fopen("/dev/null", "re");
	struct csv r;

	CHECK(f);
	csv_init(&r, f, sep);
	for (bool first = true; csv_next(&r); first = false) {
		if (!first)
			buf_c(out, '|');
		for (size_t i = 0; i < r.n; i++) {
			if (i)
				buf_c(out, '^');
			buf_str(out, r.cell[i]);
		}
	}
	if (r.error)
		buf_fmt(out, "!%lld", (long long)r.line);
	CHECK(!csv_next(&r));
	csv_free(&r);
	fclose(f);
}

static void reading(void **state)
{
	static const struct { const char *in, *want; } rows[] = {
		{ "a,b\n1,2\n", "a^b|1^2" },                    { "a,b\r\n1,2", "a^b|1^2" },                  { "a,b\r1,2\r", "a^b|1^2" },
		{ "", "" },                                     { "\n\r\n\n", "" },                           { "a\n\nb\n", "a|b" },
		{ "a,b\n\"\",\"\"\n", "a^b|^" },                { "a\n\"\"\n", "a|" },                        { "\xEF\xBB\xBF名,号\n王,1\n", "名^号|王^1" },
		{ "a,b\n\"x, y\",2\n", "a^b|x, y^2" },          { "a,b\n\"say \"\"hi\"\"\",2\n", "a^b|say \"hi\"^2" },
		{ "a,b\n\"one\ntwo\",2\n", "a^b|one\ntwo^2" },  { "a,b\r\n\"one\r\ntwo\",2\r\n", "a^b|one\r\ntwo^2" },
		{ "a;b\n1,5;2\n", "a^b|1,5^2" },                { "a\tb\n1\t2,3\n", "a^b|1^2,3" },            { "\"a;b;c\",d\n1,2\n", "a;b;c^d|1^2" },
		{ "15\" screen,b\n1,2\n", "15\" screen^b|1^2" }, { "a,b,c\n1\n1,2,3,4\n", "a^b^c|1|1^2^3^4" }, { "a,b,\n,,\n", "a^b^|^^" },
		{ "a,b\n1,\"{\"\"t\"\": \"\"P\"\", \"\"c\"\": [1,2]}\"\n", "a^b|1^{\"t\": \"P\", \"c\": [1,2]}" },
		{ "a,b\n1,\"open\n\n", "a^b!2" },               { "a,b\n1,\"x\"y\n", "a^b!2" },               { "a\n\"l1\nl2\"\n\xFF\n", "a|l1\nl2!4" },
		{ "a\nb\x01\n", "a!2" },                        { "\xEF\xBBq\n", "!1" },                      { "a,b\n\"1\",\"2\"", "a^b|1^2" },
	};
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	for (size_t i = 0; i < LEN(rows); i++) {
		buf_clear(&out);
		read_all(rows[i].in, strlen(rows[i].in), 0, &out);
		CHECK_ROW(i, str_eq((str){ out.p, out.n }, str_c(rows[i].want)));
	}
	buf_clear(&out);
	read_all("a,b|1", 5, '|', &out);
	CHECK(str_eq((str){ out.p, out.n }, S("a,b^1")));
	buf_clear(&out);
	read_all("a\n\0b\n", 5, 0, &out);
	CHECK(str_eq((str){ out.p, out.n }, S("a!2")));
	buf_free(&out);
}

static void limits(void **state)
{
	static char big[CSV_RECORD_MAX + 100];
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 22);
	memset(big, 'x', sizeof big);
	read_all(big, sizeof big, ',', &out);
	CHECK(str_eq((str){ out.p, out.n }, S("!1")));
	buf_clear(&out);
	memset(big, ',', CSV_CELLS_MAX);
	read_all(big, CSV_CELLS_MAX, ',', &out);
	CHECK(str_eq((str){ out.p, out.n }, S("!1")));
	buf_clear(&out);
	read_all(big, CSV_CELLS_MAX - 1, ',', &out);
	CHECK(out.n == CSV_CELLS_MAX - 1);
	buf_clear(&out);
	memset(big, 'x', sizeof big);
	big[0] = '"';
	read_all(big, sizeof big, ',', &out);
	CHECK(str_eq((str){ out.p, out.n }, S("!1")));
	buf_free(&out);
}

static void writing(void **state)
{
	static const struct { const char *cell, *out; } rows[] = {
		{ "plain", "plain" },     { "a,b", "\"a,b\"" },       { "say \"hi\"", "\"say \"\"hi\"\"\"" }, { "1\n2", "\"1\n2\"" },  { "", "" },
		{ "=1+1", "'=1+1" },      { "@SUM(A1)", "'@SUM(A1)" }, { "-5", "-5" },                        { "-5.25", "-5.25" },    { "+8613900000000", "+8613900000000" },
		{ "+cmd", "'+cmd" },      { "-2+3", "'-2+3" },        { "-", "'-" },                          { "+1.2.3", "'+1.2.3" }, { "＝1", "'＝1" },
		{ "\t=1", "\"'\t=1\"" },  { "=\"x\"", "\"'=\"\"x\"\"\"" }, { "维修", "维修" },
	};
	struct buf b, back;

	(void)state;
	buf_init(&b, 1 << 12);
	buf_init(&back, 1 << 12);
	for (size_t i = 0; i < LEN(rows); i++) {
		buf_clear(&b);
		csv_put(&b, str_c(rows[i].cell), true);
		CHECK_ROW(i, str_eq((str){ b.p, b.n }, str_c(rows[i].out)));
		csv_put(&b, S("z"), false);
		buf_clear(&back);
		read_all(b.p, b.n, ',', &back);
		CHECK_ROW(i, str_ends((str){ back.p, back.n }, S("^z")));
	}
	buf_free(&b);
	buf_free(&back);
}

UNIT_GROUP(csv, T(reading), T(limits), T(writing))
