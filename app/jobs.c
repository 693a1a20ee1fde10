#include "app/jobs.h"
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "lease.sql.h"
#include <pthread.h>
#include <sodium.h>

enum { LEASE_MS = 30000, RENEW_MS = 10000, JOBS_MAX = 64 };
struct due { const struct job *job; int64_t at; };
/* One thread's jobs. Those outside claim what they do row by row, so every process may run them. */
struct lane { struct jobs *of; bool leased, held; struct due due[JOBS_MAX]; size_t n; int64_t renew_at; pthread_t thread; };
struct jobs {
	struct db *db;
	struct lane inside, outside;
	char holder[33];
	bool ending;
	pthread_mutex_t lock;
	pthread_cond_t wake;
};

struct take { const char *name; str holder; int64_t ms; };

static enum err take(struct ctx *c, void *arg)
{
	const struct take *t = arg;

	return db_exec(c, &q_lease_take, BIND(P(name, t->name), P(holder, t->holder), P(until_at, c->now.ms + t->ms), P(now, c->now.ms)), 1);
}

enum err lease_take(struct ctx *c, const char *name, str holder, int64_t ms)
{
	struct take t = { name, holder, ms };

	return db_write(db_of(c->db), c, take, &t);
}

static enum err drop(struct ctx *c, void *arg)
{
	const struct take *t = arg;

	return db_exec(c, &q_lease_drop, BIND(P(name, t->name), P(holder, t->holder)), -1);
}

static struct ctx fresh(struct arena *a, struct conn *cn)
{
	arena_clear(a);
	return (struct ctx){ .a = a, .db = cn, .who = &actor_system, .now = clock_now(), .trace = S("job") };
}

static void run_due(struct lane *l, struct arena *a, struct conn *cn)
{
	for (size_t i = 0; i < l->n; i++) {
		struct ctx c = fresh(a, cn);
		enum err e;

		if (c.now.ms < l->due[i].at)
			continue;
		e = l->due[i].job->run(&c);
		if (e) {
			str why = diag_text(&c);

			fprintf(stderr, "baoxiu: job %s: %.*s\n", l->due[i].job->name, STR_ARG(why));
		}
		l->due[i].at = clock_now().ms + l->due[i].job->every_ms;
	}
}

static bool ending(struct jobs *j, int64_t ms)
{
	struct timespec until;
	bool end;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += ms * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&j->lock);
	if (!j->ending)
		pthread_cond_timedwait(&j->wake, &j->lock, &until);
	end = j->ending;
	pthread_mutex_unlock(&j->lock);
	return end;
}

static void renew(struct lane *l, struct ctx *c)
{
	if (!l->leased || c->now.ms < l->renew_at)
		return;
	l->held = !lease_take(c, "jobs", str_c(l->of->holder), LEASE_MS);
	l->renew_at = c->now.ms + RENEW_MS;
}

static void give_back(struct lane *l, struct ctx *c)
{
	struct take t = { "jobs", str_c(l->of->holder), 0 };

	if (l->leased && l->held && db_write(l->of->db, c, drop, &t))
		fprintf(stderr, "baoxiu: jobs: the lease stays until it runs out\n");
}

static void *scheduler(void *arg)
{
	struct lane *l = arg;
	struct arena a;
	struct conn *cn;
	struct ctx c;

	arena_init(&a, 64 << 20);
	if (db_conn_open(l->of->db, &cn))
		BUG("the scheduler gets no database connection");
	while (!ending(l->of, 250)) {
		c = fresh(&a, cn);
		renew(l, &c);
		if (l->held)
			run_due(l, &a, cn);
	}
	c = fresh(&a, cn);
	give_back(l, &c);
	db_conn_close(cn);
	arena_free(&a);
	return NULL;
}

static void lane_add(struct lane *l, const struct job *job, size_t n)
{
	for (size_t i = 0; i < n && l->n < JOBS_MAX; i++)
		l->due[l->n++] = (struct due){ &job[i], 0 };
}

static void lane_start(struct lane *l)
{
	if (l->n && pthread_create(&l->thread, NULL, scheduler, l))
		BUG("no thread");
}

struct jobs *jobs_start(struct db *db, const struct slice *const *slices)
{
	struct jobs *j = calloc(1, sizeof *j);
	unsigned char noise[16];

	if (!j || sodium_init() < 0 || pthread_mutex_init(&j->lock, NULL) || pthread_cond_init(&j->wake, NULL))
		BUG("out of memory");
	randombytes_buf(noise, sizeof noise);
	sodium_bin2hex(j->holder, sizeof j->holder, noise, sizeof noise);
	j->db = db;
	j->inside.of = j->outside.of = j;
	j->inside.leased = j->outside.held = true;
	for (; *slices; slices++) {
		lane_add(&j->inside, (*slices)->jobs, (*slices)->n_jobs);
		lane_add(&j->outside, (*slices)->outside, (*slices)->n_outside);
	}
	lane_start(&j->inside);
	lane_start(&j->outside);
	return j;
}

void jobs_stop(struct jobs *j)
{
	pthread_mutex_lock(&j->lock);
	j->ending = true;
	pthread_cond_broadcast(&j->wake);
	pthread_mutex_unlock(&j->lock);
	if (j->inside.n)
		pthread_join(j->inside.thread, NULL);
	if (j->outside.n)
		pthread_join(j->outside.thread, NULL);
	pthread_cond_destroy(&j->wake);
	pthread_mutex_destroy(&j->lock);
	free(j);
}
