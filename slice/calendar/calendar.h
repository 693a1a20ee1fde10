/* calendar.h — business time: which instants count, and arithmetic on them [C1, C2].
 *
 * A calendar is a zone, a weekly pattern of windows, a national set (holidays and make-up workdays) and overrides of single days or ranges.
 * days beat national beats week. Windows are local wall time; business time is the real time that passes inside them, so a night shift is an
 * hour shorter in spring and longer in autumn. A window's edge that daylight saving skips moves forward by the gap; one that happens twice is
 * the earlier. Windows of different days that overlap count once.
 *
 * The first part is pure: no I/O, no database. A struct cal lives in the arena it was compiled in and belongs to one thread.
 * The second keeps calendars: tables calendar, calendar_version, national_year, national_day. */
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

/* ---- the book of calendars ---- */
/* rev counts what may move deadlines: a new or changed version, a national year published or corrected. */
struct calendar { int64_t id, ver, rev; str code, name, name_en, zone; bool active; };
extern const struct field calendar_fields[];
/* since: the day it takes effect; the first version rules ever before too (1970-01-01). */
struct calendar_version { day since; str definition, note, saved_by; instant saved_at; };
extern const struct field calendar_version_fields[];
str calendar_title(const struct ctx *c, const struct calendar *k);

MUST enum err calendar_list(struct ctx *c, struct calendar **ret, size_t *ret_n);          /* by code, at most 500 */
MUST enum err calendar_by_code(struct ctx *c, str code, struct calendar *ret);             /* NOT_FOUND */
MUST enum err calendar_by_id(struct ctx *c, int64_t id, struct calendar *ret);             /* NOT_FOUND */
MUST enum err calendar_versions(struct ctx *c, int64_t id, struct calendar_version **ret, size_t *ret_n);   /* by since */
/* Compiled from its versions and the stored national sets. Kept for this thread: good until 64 other calendars were loaded on it. NOT_FOUND. */
MUST enum err calendar_load(struct ctx *c, int64_t id, struct cal **ret);
MUST enum err calendar_load_rev(struct ctx *c, int64_t id, struct cal **ret, int64_t *ret_rev);
/* The definition that rules a day. NOT_FOUND. */
MUST enum err calendar_ruling(struct ctx *c, int64_t id, day on, struct cal_def *ret);
/* The calendar of setting calendar.default. */
MUST enum err calendar_default(struct ctx *c, struct calendar *ret);
/* INVALID names the field (code taken, definition…); all below need a write. */
MUST enum err calendar_add(struct ctx *c, const struct calendar *k, str definition, int64_t *ret_id);
MUST enum err calendar_save(struct ctx *c, const struct calendar *k);                      /* names, active; CONFLICT when stale */
/* Adds the version that takes effect on v->since, or replaces it. The zone stays; overrides before since are refused. CONFLICT when ver is stale. */
MUST enum err calendar_revise(struct ctx *c, int64_t id, int64_t ver, const struct calendar_version *v);
/* Takes back the version of that day; the first one stays (CONFLICT). */
MUST enum err calendar_withdraw(struct ctx *c, int64_t id, int64_t ver, day since);
/* As calendar_load, with v put in its place but not saved: what a change would do. Reads only; errors as calendar_revise. */
MUST enum err calendar_draft(struct ctx *c, int64_t id, const struct calendar_version *v, struct cal **ret);
/* Days in [from, to] whose hours differ, at most max. */
struct calendar_change { day on; str before, after; };
extern const struct field calendar_change_fields[];
void calendar_diff(struct ctx *c, const struct cal *before, const struct cal *after, day from, day to, size_t max, struct calendar_change **ret, size_t *ret_n);
str calendar_hours_text(struct ctx *c, struct cal_hours h);                                /* "09:00–12:00 13:30–18:00", empty when closed */

/* ---- national sets, stored ---- */
/* One year as JSON: {"country":"CN","year":2027,"off":[dates],"work":[dates]}, or the list form {"year","days":[{"date","isOffDay"}]} (China).
 * Replaces what that publication said before. INVALID names what is wrong. In a write. */
struct national_import { str country; int64_t year, off, work; };
MUST enum err national_import(struct ctx *c, str text, struct national_import *ret);
struct national_year_row { str country; int64_t year, off, work; instant saved_at; };
extern const struct field national_year_fields[];
MUST enum err national_years(struct ctx *c, struct national_year_row **ret, size_t *ret_n);    /* newest first, at most 200 */
/* Stored set in c->a; NULL when no year of that country is stored. A national_source. */
const struct national *national_stored(struct ctx *c, str code);
/* Shipped calendars and national years that are not there yet. In a write; harmless to repeat. */
MUST enum err calendar_seed(struct ctx *c);

/* Who wants to say what a change would do (set by the app): shown before a version is saved, and how far it came afterwards. NULL = nobody. */
struct calendar_progress { int64_t rev, looked, moved, clocks; instant begun_at, done_at; };   /* of bringing revision rev to its deadlines; rev 0: nothing yet */
struct calendar_watch {
	enum err (*preview)(struct ctx *c, int64_t calendar_id, struct cal *after, int64_t *ret_clocks, int64_t *ret_moved);
	enum err (*progress)(struct ctx *c, int64_t calendar_id, struct calendar_progress *ret);
};
void calendar_use(const struct calendar_watch *w);
