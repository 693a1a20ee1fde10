/* sla_int.h — what the files of this room share. */
#pragma once
#include "db/db.h"
#include "slice/sla/sla.h"
#include "sla.sql.h"

/* Calendars and levels opened during one call: each is read once. */
enum { BOOK_MAX = 32 };
struct sla_book {
	struct { int64_t id, rev; struct cal *cal; } cal[BOOK_MAX];
	struct level *level[BOOK_MAX];
	struct level_rules { int64_t level; struct level_pause *pause; size_t n; } rules[BOOK_MAX];
	size_t n_cals, n_levels, n_rules;
	const int64_t *subject; size_t n_subjects;     /* whose pauses were read */
	struct sla_pause *pause; size_t n_pauses;      /* by subject, then time */
};
MUST enum err sla_book_cal(struct ctx *c, struct sla_book *b, int64_t id, struct cal **ret, int64_t *ret_rev);
/* With targets, pauses, escalations and starts. */
MUST enum err sla_book_level(struct ctx *c, struct sla_book *b, int64_t id, const struct level **ret);

/* The pauses of all these clocks' subjects at once; without it they are read subject by subject. Forgotten when one begins or ends meanwhile. */
MUST enum err sla_book_pauses(struct ctx *c, struct sla_book *b, const struct sla_clock *k, size_t n);
void sla_book_forget(struct sla_book *b);

/* The level that facts choose, NIL when not even a default is bound; and the calendar it brings along instead of the level's, NIL none. */
struct level_choice { int64_t level_id, calendar_id; };
MUST enum err level_choose(struct ctx *c, const struct sla_facts *f, struct level_choice *ret);
/* What a clock is to run by: calendar_id NIL: the level's. */
struct sla_terms { const struct level *level; int64_t calendar_id; };
/* The target of a level for these facts; NULL when it has none. */
const struct level_target *level_target_for(const struct level *l, const struct sla_facts *f, enum sla_kind kind, enum sla_tier tier);
MUST enum err level_by_id(struct ctx *c, int64_t id, struct level *ret);
MUST enum err level_pauses(struct ctx *c, int64_t id, struct level_pause **ret, size_t *ret_n);

/* Of all clocks of one subject, whose pauses b has read. */
MUST enum err sla_told_of(struct ctx *c, const struct sla_book *b, const struct sla_clock *k, size_t n, struct sla_told **ret, size_t *ret_n);

/* The clock of a row with the pauses that stop it. Open pauses are seen as ended at `seen` when that is given. */
struct sla_running { struct clock clock; struct span *span; struct sla_pause *pause; size_t n; bool open; };
struct target sla_target_of(const struct sla_clock *k);        /* less what was used on another calendar */
MUST enum err sla_clock_of(struct ctx *c, struct sla_book *b, const struct sla_clock *k, instant seen, struct sla_running *ret);
/* The same of pauses already read; span (of n) is the caller's and becomes theirs. */
void sla_clock_with(struct cal *cal, const struct sla_clock *k, struct span *span, size_t n, instant seen, struct sla_running *ret);
/* Deadline, pause and next stage anew: from what was read, or reading it. */
void sla_compute(const struct level *l, struct sla_clock *k, const struct sla_running *r);
MUST enum err sla_refresh(struct ctx *c, struct sla_book *b, struct sla_clock *k);
MUST enum err sla_store(struct ctx *c, struct sla_clock *k);
/* The customer's deadline was `before` and is now k's: noted for them, unless nothing changed. */
enum sla_why { WHY_STARTED, WHY_PAUSED, WHY_RESUMED, WHY_REOPENED, WHY_CALENDAR, WHY_FACTS, WHY_LEVEL, WHY_N };
extern const char *const sla_whys[];
MUST enum err sla_note(struct ctx *c, const struct sla_clock *k, instant before, enum sla_why why, instant at);
/* Pauses of a subject were ended by hand or date: its clocks go on. */
MUST enum err sla_pause_ended(struct ctx *c, int64_t subject, instant at);
/* New target and calendar, time already used kept: in memory, or stored and noted. t NULL: the level has none, it keeps its own. */
MUST enum err sla_retime(struct ctx *c, struct sla_book *b, struct sla_clock *k, const struct sla_terms *by, const struct level_target *t, instant at);
MUST enum err sla_retarget(struct ctx *c, struct sla_book *b, struct sla_clock *k, const struct sla_terms *by, const struct level_target *t, enum sla_why why, instant at);
/* Clocks the level starts when k is missed. */
MUST enum err sla_start_after(struct ctx *c, struct sla_book *b, const struct level *l, const struct sla_clock *k);
struct sla_facts sla_facts_of(const struct sla_clock *k);
str sla_waits(const struct ctx *c, const struct sla_pause *p, bool internal);
/* The instant a stage falls due by its clock; NO_INSTANT: never, or not while it stands still. */
instant sla_stage_at(const struct level *l, const struct sla_clock *k, const struct sla_running *r, int64_t stage);
int64_t sla_next_stage(int64_t stage);
/* How far the recomputing of a calendar's clocks came: done_at NO_INSTANT while it goes on. */
struct sla_walk { int64_t calendar_id, rev, last_id, looked, moved; instant begun_at, done_at; };
MUST enum err sla_tell(struct ctx *c, const struct sla_news *n);
