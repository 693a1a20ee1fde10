/* pages.c — the page memory: an answer that is still true is given again.
 *
 * What GET answers depends on the request, on who asks, on what is committed and on the time, of which pages show minutes. So an answer is
 * kept under a keyed hash of whatever of the request any rendering reads, the session's or token's secret among it, and all answers are
 * forgotten at the next commit, whoever made it, and at the next minute. A GET that writes commits, and so is never given again.
 * The request's id stands in an answer as the mark of its forms (ui_hidden): each time it is given the new request's id goes there. */
#include "http/http_int.h"
#include <pthread.h>
#include <sodium.h>

enum { PLACES = 2048, PAGES_BYTES = 4 << 20, PAGE_BYTES = 512 * 1024, MINUTE = 60000 };

struct page { struct head *head; size_t n_head; struct stamp *stamp; size_t n_stamp; str body; bool packed; };
struct place { unsigned char key[PAGE_KEY]; uint64_t turn; struct page *page; };
struct pages {
	pthread_mutex_t lock;
	unsigned char secret[crypto_generichash_KEYBYTES];
	uint64_t epoch;                                /* all that is kept was read while this was committed … */
	int64_t minute;                                /* … and is true in this minute */
	uint64_t turn;                                 /* counts how often all was forgotten: places of earlier turns are free */
	size_t n;
	struct place place[PLACES];                    /* by key: open addressing */
	size_t used;
	_Alignas(16) char bytes[PAGES_BYTES];          /* filled from the beginning; what finds no room is not kept */
};

struct pages *pages_new(void)
{
	struct pages *p = calloc(1, sizeof *p);

	if (!p)
		BUG("out of memory");
	pthread_mutex_init(&p->lock, NULL);
	randombytes_buf(p->secret, sizeof p->secret);
	p->turn = 1;
	return p;
}

void pages_free(struct pages *p)
{
	if (p)
		pthread_mutex_destroy(&p->lock);
	free(p);
}

/* ---- what an answer depends on ---- */

static bool may_keep(const struct exchange *x)
{
	return x->sh->pages && x->method == M_GET && !x->opened && !(x->r.route->flags & (R_LIVE | R_LIMIT | R_SLOW))
		&& (x->r.as == AS_HTML || x->r.as == AS_JSON) && !cookie_get(head_get(x, S("Cookie")), S("bx_flash")).p;
}

static void make_key(struct exchange *x)
{
	const str part[] = { x->uri, x->r.base, x->session, x->bearer, x->r.target, str_c(x->lang), head_get(x, S("Accept-Language")) };
	const unsigned char form[] = { (unsigned char)x->r.as, x->r.htmx, takes_gzip(x) };
	crypto_generichash_state h;

	crypto_generichash_init(&h, x->sh->pages->secret, sizeof x->sh->pages->secret, PAGE_KEY);
	crypto_generichash_update(&h, form, sizeof form);
	for (size_t i = 0; i < LEN(part); i++) {
		crypto_generichash_update(&h, (const unsigned char *)&part[i].n, sizeof part[i].n);
		crypto_generichash_update(&h, (const unsigned char *)(part[i].p ? part[i].p : ""), part[i].n);
	}
	crypto_generichash_final(&h, x->page, PAGE_KEY);
}

static int64_t minute_of(const struct exchange *x) { return x->c.now.ms / MINUTE; }

/* The place of this key, or the free one where it belongs. */
static struct place *place_of(struct pages *p, const unsigned char *key)
{
	size_t i;

	memcpy(&i, key, sizeof i);
	for (i %= PLACES; p->place[i].turn == p->turn && memcmp(p->place[i].key, key, PAGE_KEY); i = (i + 1) % PLACES)
		;
	return &p->place[i];
}

/* ---- giving again ---- */

static void give(struct exchange *x, const struct page *pg)
{
	x->ans.status = 200;
	for (size_t i = 0; i < pg->n_head; i++) {
		bool id = str_eq(pg->head[i].name, S("X-Request-Id"));

		answer_head(x, arena_str(&x->a, pg->head[i].name), id ? x->c.trace : arena_str(&x->a, pg->head[i].value));
	}
	buf_str(&x->ans.o.b, pg->body);
	restamp(&x->ans.o.b, pg->stamp, pg->n_stamp, pg->packed, x->c.trace);
}

bool pages_recall(struct exchange *x, const struct conn *read)
{
	struct pages *p = x->sh->pages;
	const struct place *at;
	uint64_t epoch;
	bool found;

	if (!x->keep) {
		if (!may_keep(x))
			return false;
		make_key(x);
		x->keep = true;
	}
	epoch = read ? conn_epoch(read) : db_epoch(x->sh->db);
	pthread_mutex_lock(&p->lock);
	at = place_of(p, x->page);
	found = at->turn == p->turn && epoch && epoch == p->epoch && minute_of(x) == p->minute;
	if (found)
		give(x, at->page);
	pthread_mutex_unlock(&p->lock);
	return found;
}

/* ---- keeping ---- */

static bool personal(const struct exchange *x)
{
	for (size_t i = 0; i < x->ans.n; i++)
		if (str_eq(x->ans.head[i].name, S("Set-Cookie")))
			return true;
	return false;
}

static bool worth(const struct exchange *x)
{
	int64_t until = x->c.who->until.ms;

	return x->keep && x->ans.status == 200 && !x->ans.stream && !x->ans.file.p && !x->rep.file_type.p && x->ans.o.b.n && x->ans.o.b.n <= PAGE_BYTES
		&& !personal(x) && (until <= 0 || until >= (minute_of(x) + 1) * MINUTE);
}

/* Room in the store; NULL when there is none. */
static void *room(struct pages *p, size_t n)
{
	void *at = p->bytes + p->used;

	n = (n + 15) & ~(size_t)15;
	if (n > PAGES_BYTES - p->used)
		return NULL;
	p->used += n;
	return at;
}

static bool store(struct pages *p, str s, str *ret)
{
	char *at = room(p, s.n);

	if (at && s.n)
		memcpy(at, s.p, s.n);
	*ret = (str){ at, s.n };
	return at;
}

static struct page *page_new(struct pages *p, const struct answer *a)
{
	struct page *pg = room(p, sizeof *pg);
	struct head *head = room(p, a->n * sizeof *head);
	struct stamp *stamp = room(p, a->n_stamp * sizeof *stamp);
	str body;

	if (!pg || !head || !stamp || !store(p, (str){ a->o.b.p, a->o.b.n }, &body))
		return NULL;
	for (size_t i = 0; i < a->n; i++)
		if (!store(p, a->head[i].name, &head[i].name) || !store(p, a->head[i].value, &head[i].value))
			return NULL;
	memcpy(stamp, a->stamp, a->n_stamp * sizeof *stamp);
	*pg = (struct page){ head, a->n, stamp, a->n_stamp, body, a->packed };
	return pg;
}

static void put(struct pages *p, const struct exchange *x)
{
	struct place *at = place_of(p, x->page);
	size_t before = p->used;
	struct page *pg;

	if (at->turn == p->turn || p->n == PLACES / 2)
		return;
	pg = page_new(p, &x->ans);
	if (!pg) {
		p->used = before;
		return;
	}
	*at = (struct place){ .turn = p->turn, .page = pg };
	memcpy(at->key, x->page, PAGE_KEY);
	p->n++;
}

/* What was read later than `epoch` says is kept too, and never asked for: the epoch has moved on by then. */
void pages_keep(const struct exchange *x, uint64_t epoch)
{
	struct pages *p = x->sh->pages;
	int64_t minute = minute_of(x);

	if (!epoch || !worth(x))
		return;
	pthread_mutex_lock(&p->lock);
	if (epoch > p->epoch || minute > p->minute) {
		p->turn++;
		p->n = p->used = 0;
		p->epoch = epoch;
		p->minute = minute;
	}
	if (epoch == p->epoch && minute == p->minute)
		put(p, x);
	pthread_mutex_unlock(&p->lock);
}
