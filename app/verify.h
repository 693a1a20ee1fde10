/* verify.h — does everything that is kept agree with everything else? Used by `verify`, and by `restore` before it lets a copy in. */
#pragma once
#include "app/house.h"
struct verify {
	void (*found)(void *arg, str what);            /* each difference: a sentence in English */
	void (*begins)(void *arg, const char *what);   /* of a part of the work; may be NULL */
	void (*progress)(void *arg, int64_t done, int64_t total);
	void *arg;
	int64_t differences, orders, events, files;    /* results */
	str tip;                                       /* last anchor of the audit trail: number and hash */
};
/* Reads only; on SQLite one snapshot of the whole. The error is one of reading; differences are none. */
MUST enum err house_verify(struct house *h, struct verify *v);
extern const struct slice slice_verify;                /* its statements */
