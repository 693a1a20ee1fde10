/* limit.c — token buckets in a table of fixed size: a stranger can push others out, never grow it. */
#include "http/http_int.h"
#include <pthread.h>
#include <sodium.h>

enum { SLOTS = 8192, WAYS = 4 };
struct bucket { uint64_t key; int64_t full_at; };      /* full_at: when the bucket will be full again, ms */
struct limits { pthread_mutex_t lock; unsigned char seed[crypto_shorthash_KEYBYTES]; struct bucket slot[SLOTS]; };

struct limits *limits_new(void)
{
	struct limits *l = calloc(1, sizeof *l);

	if (!l || pthread_mutex_init(&l->lock, NULL))
		BUG("out of memory");
	randombytes_buf(l->seed, sizeof l->seed);
	return l;
}

void limits_free(struct limits *l)
{
	if (!l)
		return;
	pthread_mutex_destroy(&l->lock);
	free(l);
}

/* The bucket of the key, else the one of its four places that is full soonest. */
static struct bucket *place(struct limits *l, uint64_t key)
{
	struct bucket *set = &l->slot[key % (SLOTS / WAYS) * WAYS], *best = set;

	for (int i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].full_at < best->full_at)
			best = &set[i];
	}
	*best = (struct bucket){ .key = key };
	return best;
}

bool limits_take(struct limits *l, str key, int burst, int64_t every_ms, int64_t now_ms, int64_t *ret_ms)
{
	unsigned char h[crypto_shorthash_BYTES];
	struct bucket *b;
	uint64_t k;
	int64_t late;
	bool ok;

	crypto_shorthash(h, (const unsigned char *)key.p, key.n, l->seed);
	memcpy(&k, h, sizeof k);
	pthread_mutex_lock(&l->lock);
	b = place(l, k);
	if (b->full_at < now_ms)
		b->full_at = now_ms;
	late = b->full_at + every_ms - now_ms - burst * every_ms;
	ok = late <= 0;
	if (ok)
		b->full_at += every_ms;
	pthread_mutex_unlock(&l->lock);
	*ret_ms = ok ? 0 : late;
	return ok;
}
