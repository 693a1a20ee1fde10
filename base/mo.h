/* mo.h — reads a gettext .mo catalogue that lies in memory. Locale-free and thread-safe: nothing is written after mo_open. */
#pragma once
#include "base/base.h"
struct mo { const unsigned char *p; uint32_t keys, texts, hash, n_hash; };
/* Checks every offset once, so that lookups need not. False for anything that is not a sound little-endian catalogue with a hash table. */
bool mo_open(struct mo *m, const void *bytes, size_t n);
/* The translation, a NUL behind it; {NULL,0} when there is none. *ret_key (may be NULL): the catalogue's own copy of the key, else NULL. Both live
 * as long as the bytes. */
str mo_find(const struct mo *m, const char *key, const char **ret_key);
