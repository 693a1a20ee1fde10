/* shipped.c — the policies and working days the program comes with. */
#include "slice/entitlement/vector.h"
#include "base/embed.h"
#include "slice/calendar/calendar.h"

static bool cn_works(const void *of, day d)
{
	(void)of;
	return national_workday(national_shipped(S("CN")), d);
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
