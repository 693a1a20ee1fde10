/* account_int.h — what the files of the room share. */
#pragma once
#include "slice/account/account.h"

/* BLAKE2b-256 of a secret text, base64: what is stored of tokens. */
str secret_hash(struct arena *a, const char *what, str secret);
str secret_random(struct arena *a);                    /* 32 bytes, base64url */
/* fold()ed login. */
str login_key(struct ctx *c, str login);
bool password_matches(struct ctx *c, str hash, str password, enum err *ret_e);     /* hash absent: as slow, never true */
bool password_outdated(struct arena *a, str hash);
/* Text for LIKE: %text%, its own wildcards escaped. */
str like_any(struct arena *a, str text);
/* Tries at a secret, counted by a hash of what it opens: TOO_MANY while locked; a failure is noted in a write that stands. user_id NIL: nobody's. */
MUST enum err attempt_allowed(struct ctx *c, str hash);
MUST enum err attempt_failed(struct ctx *c, str hash, int64_t user_id, str remote, const char *what);
MUST enum err attempt_clear(struct ctx *c, str hash);
struct setting;
const struct setting *setting_find(const char *name); /* NULL: no department has it */
const struct slice *const *setting_slices(void);
bool series_pattern_ok(struct ctx *c, str pattern);
str path_end(struct arena *a, str path);               /* first text behind all that start with path */
