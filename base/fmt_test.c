/* The own formatter says what the library says, for whatever it takes on. */
#include "tests/unit.h"
#include "base/fmt.h"
#include <limits.h>

static bool ours(char *d, size_t room, size_t *n, const char *fmt, ...)
{
	va_list ap;
	bool ok;

	va_start(ap, fmt);
	ok = fmt_text(d, room, n, fmt, ap);
	va_end(ap);
	return ok;
}

#define SAME(...) do { \
	char want[256], got[256]; \
	size_t n; \
	int len = snprintf(want, sizeof want, __VA_ARGS__); \
	CHECK(ours(got, sizeof got, &n, __VA_ARGS__)); \
	CHECK(n == (size_t)len && !memcmp(want, got, n)); \
} while (0)

static void as_the_library(void **state)
{
	(void)state;
	SAME("%s", "plain");
	SAME("%d %d %d", 0, INT_MIN, INT_MAX);
	SAME("%u %lu %llu %zu", UINT_MAX, ULONG_MAX, ULLONG_MAX, (size_t)SIZE_MAX);
	SAME("%ld %lld", LONG_MIN, LLONG_MIN);
	SAME("%04d-%02d-%02dT%02d:%02d", 2026, 1, 9, 0, 5);
	SAME("%06lld|%03d|%03d", 12LL, -5, 12345);
	SAME("%08u|%04zu", 77u, (size_t)123456);
	SAME("%.*s|%.*s|%.2s", 3, "abcdef", 0, "abc", "xyz");
	SAME("%c%%%c", 'a', 'z');
	SAME("%s", "");
	SAME("100 %% of %s%s", "中文", "!");
}

static void left_to_the_library(void **state)
{
	char d[8];
	size_t n;

	(void)state;
	CHECK(!ours(d, sizeof d, &n, "%.1f", 1.5));
	CHECK(!ours(d, sizeof d, &n, "%5d", 1));
	CHECK(!ours(d, sizeof d, &n, "%-5s", "a"));
	CHECK(!ours(d, sizeof d, &n, "%x", 1u));
	CHECK(!ours(d, sizeof d, &n, "%0*d", 3, 1));
	CHECK(!ours(d, sizeof d, &n, "%s", "nine char"));      /* no room */
	CHECK(ours(d, sizeof d, &n, "%s", "eight ch") && n == 8);
}

static void whole_texts(void **state)
{
	struct arena a;
	struct buf b;
	char big[2000];

	(void)state;
	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = 0;
	arena_init(&a, 1 << 16);
	CHECK(str_eq(arena_fmt(&a, "%s-%d", "a", 7), S("a-7")));
	CHECK(arena_fmt(&a, "%s", "a").p[1] == 0);
	CHECK(arena_fmt(&a, "%s!", big).n == sizeof big);
	CHECK(str_eq(arena_fmt(&a, "%.2f", 1.005), S("1.00")));
	buf_init(&b, 1 << 16);
	buf_fmt(&b, "%02d:%02d", 7, 5);
	CHECK(b.n == 5 && !memcmp(b.p, "07:05", 5));
	buf_free(&b);
	arena_free(&a);
}

UNIT_GROUP(fmt, T(as_the_library), T(left_to_the_library), T(whole_texts))
