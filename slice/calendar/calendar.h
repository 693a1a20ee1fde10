/* calendar.h — business time: which instants count, and arithmetic on them [C1, C2].
 *
 * A calendar is a zone, a weekly pattern of windows, a national set (holidays and make-up workdays) and overrides of single days or ranges.
 * days beat national beats week. Windows are local wall time; business time is the real time that passes inside them, so a night shift is an
 * hour shorter in spring and longer in autumn. A window's edge that daylight saving skips moves forward by the gap; one that happens twice is
 * the earlier. Windows of different days that overlap count once.
 *
 * Everything here is pure: no I/O, no database. A struct cal lives in the arena it was compiled in and belongs to one thread. */
#pragma once
#include "base/base.h"
#include "base/time.h"

/* ---- national sets ---- */
struct national_day { int32_t d; bool work; };         /* days since 1970; work: a make-up workday, else a holiday */
struct national {
	char code[4];                                  /* ISO 3166: "CN" */
	const struct national_day *day; size_t n;      /* ascending; a day may come from the next year's publication */
	const int16_t *year; size_t n_years;           /* published years, ascending */
};
/* The set built into the program; NULL when there is none of that code. */
const struct national *national_shipped(str code);
const struct national_day *national_find(const struct national *nat, day d);   /* NULL: an ordinary day */
bool national_published(const struct national *nat, int year);
/* Monday to Friday but holidays, and make-up workdays: what statutes count. */
bool national_workday(const struct national *nat, day d);

/* ---- definition ---- */
enum { CAL_WINDOWS = 12 /* a day */, CAL_DAY_MIN = 24 * 60 };
struct cal_window { int16_t from, to; };               /* minutes since 00:00 of the day it belongs to; to > from, to <= 48:00 */
struct cal_hours { const struct cal_window *w; size_t n; };   /* ascending, apart */
struct cal_override { day from, to; struct cal_hours hours; };
struct cal_def {
	day since;                                     /* first day this version applies to, NO_DAY = ever */
	const struct tz *zone;
	struct cal_hours week[7];                      /* Monday first */
	const struct national *national;               /* NULL: none */
	const struct cal_override *single, *range;     /* each ascending and apart; a single day beats a range */
	size_t n_single, n_range;
};
/* Where national sets come from while reading a definition; NULL for an unknown code. */
typedef const struct national *national_source(struct ctx *c, str code);

/* Reads {"zone","week","days","national"}; at names it in errors ("calendars.office", may be ""). since: overrides before it are refused.
 * The definition lives in c->a. ERR_INVALID names the field and why: overlapping windows, end before start, unknown zone, unknown key … */
MUST enum err cal_parse(struct ctx *c, str text, const char *at, day since, national_source *nat, struct cal_def *ret);
struct json_t;
MUST enum err cal_parse_json(struct ctx *c, const struct json_t *j, const char *at, day since, national_source *nat, struct cal_def *ret);
const struct national *national_builtin(struct ctx *c, str code);   /* a national_source: national_shipped */

/* ---- compiled: prefix sums over a range of days, widened on demand ---- */
struct cal;
/* versions: ascending by since, the first since ever or used for earlier days too; all in one zone. They and a must outlive the cal. */
struct cal *cal_compile(struct arena *a, const struct cal_def *version, size_t n);
const struct tz *cal_zone(const struct cal *cal);
/* Only 1970 to 2099 is computed: instants outside are taken as its first or last. */

/* Earliest instant at which ms of business time since start are used up: the end of a window, not the start of the next. ms 0: start itself.
 * NO_INSTANT when that never happens before 2100. */
instant cal_add(struct cal *cal, instant start, int64_t ms);
int64_t cal_between(struct cal *cal, instant a, instant b);   /* business ms in [a, b); 0 when b <= a */
bool    cal_open(struct cal *cal, instant t);
/* A working day is a day with at least one window of its own. */
bool    cal_workday(struct cal *cal, day d);
int64_t cal_workdays(struct cal *cal, day from, day to);      /* inclusive; 0 when to < from */
day     cal_add_workdays(struct cal *cal, day from, int64_t n);   /* n-th working day after from, n >= 1; NO_DAY: none before 2100 */
instant cal_day_end(struct cal *cal, day d);           /* end of its last window; NO_INSTANT on a day without */
/* First year in [a, b] whose national holidays are not published, 0 when all are known or no national set is used. */
int     cal_unpublished(const struct cal *cal, instant a, instant b);

/* What rules a day: for year views and explanations. */
enum cal_rule { CAL_WEEK, CAL_HOLIDAY, CAL_MAKEUP, CAL_OVERRIDE };
struct cal_hours cal_hours_on(const struct cal *cal, day d, enum cal_rule *ret_rule);
/* Where open turns to closed or back first after t, at most limit. */
instant cal_change(struct cal *cal, instant t, instant limit);
