/* org_int.h — what the files of the room share. */
#pragma once
#include "slice/org/org.h"

enum { LAT_MAX = 90000000, LON_MAX = 180000000, LEVEL_MAX = 4 };
str path_after(struct arena *a, str path);             /* first text behind all that start with path */
str text_after(struct arena *a, str text);             /* the same for any text */
/* "31.2304" → 31230400; empty → NIL. False: not a coordinate within ±max micro-degrees. */
bool micro_parse(str s, int64_t max, int64_t *ret);
str micro_show(struct arena *a, int64_t v);
/* A branch hangs elsewhere now: the places above it lose its files, unless another branch holds them too, and those above its new place get them. */
MUST enum err org_files_follow(struct ctx *c, int64_t id, int64_t old_parent);
/* Fills all of o but id, ver, kind, calendar and active from texts; errors name the column. */
MUST enum err org_read_row(struct ctx *c, const struct org_row *r, struct org *o);
/* Back to the texts, a line each. */
str org_brands_text(struct ctx *c, const struct org *o);
str org_areas_text(struct ctx *c, const struct org *o);
