#include "base/money.h"
#include "tests/unit.h"

static void parsing(void **state)
{
	static const struct { const char *text, *cur; int64_t minor; } rows[] = {
		{ "12", "CNY", 1200 },       { "1,234.5", "CNY", 123450 },     { "¥ 12", "CNY", 1200 },      { "12元", "CNY", 1200 },     { "￥１２．５", "CNY", 1250 },
		{ "-3.05", "CNY", -305 },    { "-¥5", "CNY", -500 },           { "¥-5", "CNY", -500 },       { "RMB 8", "CNY", 800 },     { "CNY 8.00", "CNY", 800 },
		{ "1,234,567.89", "CNY", 123456789 }, { " 7　", "CNY", 700 },  { "0.01", "CNY", 1 },         { "0", "CNY", 0 },           { "1200", "JPY", 1200 },
		{ "1.250", "KWD", 1250 },    { "US$ 3", "USD", 300 },          { "100000000000", "CNY", 10000000000000 }, { "−2", "CNY", -200 },
		{ "1.234", "CNY", NIL },     { "12.5", "JPY", NIL },           { "1,23", "CNY", NIL },       { "1234,567", "CNY", NIL },  { "12.", "CNY", NIL },
		{ ".5", "CNY", NIL },        { "", "CNY", NIL },               { "¥", "CNY", NIL },          { "1 2", "CNY", NIL },       { "1e3", "CNY", NIL },
		{ "12元", "USD", NIL },      { "--5", "CNY", NIL },            { "100000000000.01", "CNY", NIL }, { "99999999999999999999", "CNY", NIL }, { ",123", "CNY", NIL },
		{ "1,234,56", "CNY", NIL },  { "12x", "CNY", NIL },            { "1.2.3", "CNY", NIL },      { "1.2,345", "CNY", NIL },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		money m = NO_MONEY;

		CHECK_ROW(i, money_parse(str_c(rows[i].text), rows[i].cur, &m) == (rows[i].minor != NIL));
		CHECK_ROW(i, m.minor == rows[i].minor && (m.minor == NIL || !strcmp(m.cur, rows[i].cur)));
	}
}

static void parts(void **state)
{
	static const struct { int64_t minor, num, den, want; } rows[] = {
		{ 100, 1, 3, 33 },   { 200, 1, 3, 67 },  { 1, 1, 2, 1 },    { -1, 1, 2, -1 },  { 3, 1, 2, 2 },      { -3, 1, 2, -2 },
		{ 1, 1, -2, -1 },    { -1, -1, 2, 1 },   { 49, 1, 100, 0 }, { 50, 1, 100, 1 }, { -50, 1, 100, -1 }, { 999, 13, 100, 130 },
		{ INT64_MAX, 1, 1, INT64_MAX },          { INT64_MAX / 2, 1000000, 1000000, INT64_MAX / 2 },        { 0, 5, 7, 0 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		CHECK_ROW(i, money_part(CNY(rows[i].minor), rows[i].num, rows[i].den).minor == rows[i].want);
	CHECK(money_add(CNY(5), CNY(-7)).minor == -2);
}

static void plain(void **state)
{
	static const struct { money m; const char *text; } rows[] = {
		{ { 123450, "CNY" }, "1234.50" }, { { -5, "CNY" }, "-0.05" }, { { 0, "CNY" }, "0.00" }, { { 1200, "JPY" }, "1200" }, { { 7, "KWD" }, "0.007" },
		{ { NIL, "" }, "" },              { { INT64_MAX, "CNY" }, "92233720368547758.07" },
	};
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 16);
	for (size_t i = 0; i < LEN(rows); i++)
		CHECK_ROW(i, str_eq(money_plain(&a, rows[i].m), str_c(rows[i].text)));
	arena_free(&a);
}

UNIT_GROUP(money, T(parsing), T(parts), T(plain))
