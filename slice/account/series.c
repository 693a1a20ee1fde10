/* series.c — numbers people see: a pattern from the settings, a counter for each period. */
#include "slice/account/account_int.h"
#include "base/time.h"
#include "account.sql.h"

enum { DIGITS_MAX = 12 };
/* "BX{date}{4}" → before "BX261122", digits 4, period "261122". */
struct pattern { str before, after, period; int64_t digits; };

/* One {word}: what it puts into the number. False when it is none of ours. */
static bool word_read(struct ctx *c, str word, struct pattern *p, str *ret)
{
	struct civil now = tz_civil(tz_get(setting_str(c, "zone")), c->now);

	*ret = S("");
	if (str_eq(word, S("date")))
		*ret = p->period = arena_fmt(c->a, "%02d%02d%02d", now.y % 100, now.mo, now.d);
	else if (str_eq(word, S("year")))
		*ret = p->period = arena_fmt(c->a, "%04d", now.y);
	else
		return !p->digits && str_int(word, &p->digits) && p->digits > 0 && p->digits <= DIGITS_MAX;
	return true;
}

static bool pattern_read(struct ctx *c, str rest, struct pattern *ret)
{
	struct pattern p = { .before = S(""), .after = S(""), .period = S("") };

	while (rest.n) {
		str *side = p.digits ? &p.after : &p.before, word, add = { rest.p, 1 };

		if (rest.p[0] != '{') {
			rest.p++, rest.n--;
		} else {
			if (!memchr(rest.p, '}', rest.n))
				return false;
			rest.p++, rest.n--;
			if (!str_cut(&rest, '}', &word) || !word_read(c, word, &p, &add))
				return false;
		}
		*side = arena_join(c->a, (const str[]){ *side, add }, 2, S(""));
	}
	*ret = p;
	return p.digits > 0;
}

bool series_pattern_ok(struct ctx *c, str pattern)
{
	struct pattern p;

	return pattern_read(c, pattern, &p);
}

enum err series_next(struct ctx *c, const char *name, str *ret)
{
	struct pattern p;
	int64_t n;

	assert(db_writing(c->db));
	if (!pattern_read(c, setting_str(c, arena_fmt(c->a, "series.%s", name).p), &p))
		BUG("setting series.%s has no counter", name);
	TRY(db_int(c, &q_series_next, BIND(P(name, name), P(period, p.period)), &n));
	*ret = arena_fmt(c->a, "%.*s%0*lld%.*s", STR_ARG(p.before), (int)p.digits, (long long)n, STR_ARG(p.after));
	return ERR_OK;
}
