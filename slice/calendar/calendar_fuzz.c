/* calendar_fuzz.c — any text as a calendar's definition: refused with a field, or arithmetic on it keeps its laws. */
#include "slice/calendar/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(struct cal *cal, instant start, int64_t ms)
{
	instant due = cal_add(cal, start, ms);

	if (due.ms != NIL && cal_between(cal, start, due) != ms)
		BUG("between is not the inverse of add");
	(void)cal_unpublished(cal, start, due.ms == NIL ? start : due);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a;
	struct ctx c = { .a = &a };
	struct cal_def def;
	struct cal *cal;

	arena_init(&a, 64 << 20);
	if (cal_parse(&c, (str){ (const char *)data, n }, "", NO_DAY, national_builtin, &def)) {
		if (c.diag.n != 1 || !c.diag.f[0].field || !c.diag.f[0].text)
			BUG("refused without a field");
	} else {
		cal = cal_compile(&a, &def, 1);
		check(cal, (instant){ day_of(2026, 2, 13).d * 86400000 }, 1);
		check(cal, (instant){ day_of(2026, 3, 1).d * 86400000 + 12345 }, 100 * 3600000LL);
	}
	arena_free(&a);
	return 0;
}
