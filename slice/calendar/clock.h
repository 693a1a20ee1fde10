/* clock.h — one clock: a target on a calendar, less its pauses. Pure; the deadline is a function of these and nothing else [C1, C2]. */
#pragma once
#include "slice/calendar/calendar.h"

/* ---- targets: 90m 8h 1h30m business time · 3wd end of the 3rd working day after the start's day · 2cd same clock time two calendar days later ---- */
enum target_unit { TARGET_TIME, TARGET_WORKDAYS, TARGET_DAYS };
struct target { enum target_unit unit; int64_t n; };   /* n: ms, or days */
/* Hours, minutes and seconds in this order, each at most once; wd and cd alone. At most ten years; 0wd is refused. */
bool target_parse(str s, struct target *ret);
str  target_print(struct arena *a, struct target t);   /* "1h30m", "3wd"; reads back as the same */
bool duration_parse(str s, int64_t *ret_ms);           /* TARGET_TIME only */
str  duration_print(struct arena *a, int64_t ms);      /* "0m", "-1h30m" */

/* ---- the clock ---- */
struct span { instant from, to; };                     /* [from, to); to NO_INSTANT: still open */
struct clock {
	struct cal *cal;
	instant start;
	struct target target;
	const struct span *pause; size_t n;            /* ascending by from (span_sort); may overlap: counted once */
};
void span_sort(struct span *s, size_t n);

enum clock_state { CLOCK_DUE, CLOCK_PAUSED /* a pause is open at the deadline: there is none */, CLOCK_NEVER /* the calendar has no such time before 2100 */ };
struct clock_due { enum clock_state state; instant due /* NO_INSTANT unless CLOCK_DUE */; int unpublished /* year whose holidays are not known, 0 = none */; };
/* due == add(base, Σ business(pauses begun before it)), base being the deadline without pauses. */
struct clock_due clock_due(const struct clock *k);
/* The instant at which percent of the target is used up, postponed like the deadline; percent 100 is the deadline. */
struct clock_due clock_point(const struct clock *k, int percent);

struct clock_used {
	int64_t gross;                                 /* business ms from start to at */
	int64_t net;                                   /* gross less what pauses cover */
	int64_t left;                                  /* business ms from at to the deadline if no further pause came; negative once it has passed */
	bool paused;                                   /* a pause covers at */
};
struct clock_used clock_used(const struct clock *k, instant at);

/* ---- how a deadline came about ---- */
enum step_kind {
	STEP_START, STEP_WORK, STEP_BREAK, STEP_CLOSED, STEP_HOLIDAY,
	STEP_PAUSE,
	STEP_LONG,                                     /* a long stretch of ordinary days in one line */
	STEP_WORKDAYS, STEP_DAYS,                      /* how a wd or cd target counts */
	STEP_DUE, STEP_OPEN, STEP_NEVER, STEP_UNPUBLISHED
};
struct step {
	enum step_kind kind;
	instant from, to;                              /* to NO_INSTANT: a moment, or a pause still open */
	int64_t ms;                                    /* business time used (WORK, LONG) or covered (PAUSE) */
	int64_t left;                                  /* of the target after it (WORK, LONG) */
	int64_t n;                                     /* days (LONG, WORKDAYS, DAYS) or the year (UNPUBLISHED) */
	size_t pause;                                  /* PAUSE: index into k->pause of the first it stands for */
	enum cal_rule rule;                            /* WORK: of its day: a make-up workday says so */
};
enum { STEPS_MIN = 8 };
/* From start to deadline in order, at most max (>= STEPS_MIN) steps; the last ones are always the outcome. Returns how many. */
size_t clock_explain(const struct clock *k, struct step *ret, size_t max);
/* One step as a sentence in the reader's language, times in the calendar's zone. why: what a PAUSE was for, may be {NULL,0}. */
str step_text(const struct ctx *c, const struct tz *zone, const struct step *s, str why);
/* Business time in hours however long: a "day" of it would be ambiguous. ms >= 0. */
str business_text(const struct ctx *c, int64_t ms);
str target_text(const struct ctx *c, str target);      /* "8h" → "8 h", "3wd" → "3 working days"; what is no target stays as it is */
