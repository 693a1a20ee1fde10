/* calendar_int.h — what the files of this room share. */
#pragma once
#include "slice/calendar/calendar.h"

extern const struct calendar_watch *calendar_watcher;
/* Definitions and cal in c->a. */
MUST enum err calendar_compile(struct ctx *c, const struct calendar_version *v, size_t n, struct cal **ret);
/* The arena it was compiled in has got another address. */
void cal_moved(struct cal *cal, struct arena *a);
