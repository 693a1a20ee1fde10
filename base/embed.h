/* embed.h — files built into the program by tools/embed.py: assets of web/, shipped tables of data/. */
#pragma once
#include "base/base.h"
struct embedded {
	const char *name;              /* path below the set's folder: "policy/cn-sanbao-pc.json" */
	const char *type;              /* media type with charset */
	const char *hash;              /* first 16 hex digits of SHA-256 */
	const unsigned char *bytes;    /* n bytes, a NUL stands behind them */
	size_t n;
	const unsigned char *gz;       /* the same gzipped; NULL when that would not be smaller */
	size_t gz_n;
};
/* Sorted by name, ended by name NULL. */
extern const struct embedded embedded_data[];
extern const struct embedded embedded_web[];
/* NULL when there is none of that name. */
const struct embedded *embedded_find(const struct embedded *set, str name);
static inline str embedded_str(const struct embedded *e) { return (str){ (const char *)e->bytes, e->n }; }
