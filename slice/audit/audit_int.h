/* audit_int.h — what the files of the room share: how an event is hashed. */
#pragma once
#include "slice/audit/audit.h"
#include <sodium.h>

enum { HASH_BYTES = 32, HASH_TEXT = 44, SALT_BYTES = 9, SALT_TEXT = 13 };
/* Length-prefixed parts, so that no two rows give the same bytes. */
void hash_begin(crypto_generichash_state *h, const char *what);
void hash_str(crypto_generichash_state *h, str s);
void hash_int(crypto_generichash_state *h, int64_t i);
str hash_end(struct arena *a, crypto_generichash_state *h);

#define EVENT_FIELDS \
	FIELD(struct event, id), FIELD(struct event, subject_kind), FIELD(struct event, subject_id), FIELD(struct event, seq), \
	FIELD(struct event, at), FIELD(struct event, device_at), FIELD(struct event, user_id), FIELD(struct event, actor), \
	FIELD(struct event, kind), FIELD(struct event, data), FIELD(struct event, salt), FIELD(struct event, data_hash), \
	FIELD(struct event, hash)

/* Of the data with its salt; kept in the row when the data are erased. */
str event_data_hash(struct arena *a, const struct event *e);
/* Of the whole row and the hash of the event before it in the subject ("" for the first). */
str event_hash(struct arena *a, const struct event *e, str prev);

struct anchor { int64_t id, upto_id, events; instant at; str hash, sign; };
extern const struct field anchor_fields[];
struct anchor_item { int64_t id; str hash; };
extern const struct field anchor_item_fields[];
void anchor_begin(crypto_generichash_state *h, str prev);
/* Absent without a key. */
bool anchor_derive(const char *purpose, unsigned char *ret, size_t n);   /* a key of its own for a purpose; false without a key */
str anchor_sign(struct arena *a, str hash);
