/* shipped.c — the policies the program comes with, and Chinese working days. */
#include "slice/entitlement/vector.h"
#include "base/embed.h"
#include "slice/calendar/calendar.h"

/* Days that are holidays by their date, whatever the yearly notice moves around them (全国年节及纪念日放假办法, Art. 2; 2 May since 2025). */
static bool fixed_holiday(day d)
{
	static const struct { int month, first, last, since; } fixed[] = { { 1, 1, 1, 0 }, { 5, 1, 1, 0 }, { 5, 2, 2, 2025 }, { 10, 1, 3, 0 } };
	int y, month, dom;

	day_split(d, &y, &month, &dom);
	for (size_t i = 0; i < LEN(fixed); i++) {
		if (month == fixed[i].month && dom >= fixed[i].first && dom <= fixed[i].last && y >= fixed[i].since)
			return true;
	}
	return false;
}

bool workday_cn(const struct national *nat, day d)
{
	int y, month, dom;

	day_split(d, &y, &month, &dom);
	return national_workday(nat, d) && (national_published(nat, y) || !fixed_holiday(d));
}

static bool cn_works(const void *of, day d)
{
	(void)of;
	return workday_cn(national_shipped(S("CN")), d);
}

static bool cn_published(const void *of, int year)
{
	(void)of;
	return national_published(national_shipped(S("CN")), year);
}

const struct workdays workdays_cn = { cn_works, cn_published, NULL };

bool policy_shipped(struct arena *a, struct policy_set *ret, struct flaw *f)
{
	struct policy_set set = { .p = NEW_N(a, struct policy, POLICIES_MAX) };

	for (const struct embedded *e = embedded_data; e->name; e++) {
		if (!str_starts(str_c(e->name), S("policies/")) || !str_ends(str_c(e->name), S(".json")) || set.n == POLICIES_MAX)
			continue;
		if (!policy_read(a, str_c(e->name), embedded_str(e), &set.p[set.n++], f))
			return false;
	}
	if (!policy_link(a, &set, f))
		return false;
	*ret = set;
	return true;
}
