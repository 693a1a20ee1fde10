/* clock_int.h — what clock.c and explain.c share: pauses joined to blocks. */
#pragma once
#include "slice/calendar/clock.h"

/* Overlapping and touching pauses as one, cut to what lies at or after the clock's start. */
struct block { instant from, to; size_t pause; };      /* to NO_INSTANT: open; pause: index of the first */
/* The next block at *i, which moves past it; false when there is none. */
bool next_block(const struct clock *k, size_t *i, struct block *ret);
