#include "app/jobs.h"
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "lease.sql.h"
#include <pthread.h>
#include <sodium.h>

enum { LEASE_MS = 30000, RENEW_MS = 10000, JOBS_MAX = 64 };
struct due { const struct job *job; int64_t at; };
struct jobs {
	struct db *db;
	struct due due[JOBS_MAX];
	size_t n;
	char holder[33];
	bool held, ending;
	int64_t renew_at;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
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

static void run_due(struct jobs *j, struct arena *a, struct conn *cn)
{
	for (size_t i = 0; i < j->n; i++) {
		struct ctx c = fresh(a, cn);
		enum err e;

		if (c.now.ms < j->due[i].at)
			continue;
		e = j->due[i].job->run(&c);
		if (e) {
			str why = diag_text(&c);

			fprintf(stderr, "baoxiu: job %s: %.*s\n", j->due[i].job->name, STR_ARG(why));
		}
		j->due[i].at = clock_now().ms + j->due[i].job->every_ms;
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

static void *scheduler(void *arg)
{
	struct jobs *j = arg;
	struct arena a;
	struct conn *cn;
	struct ctx c;

	arena_init(&a, 64 << 20);
	if (db_conn_open(j->db, &cn))
		BUG("the scheduler gets no database connection");
	while (!ending(j, 250)) {
		c = fresh(&a, cn);
		if (c.now.ms >= j->renew_at) {
			j->held = !lease_take(&c, "jobs", str_c(j->holder), LEASE_MS);
			j->renew_at = c.now.ms + RENEW_MS;
		}
		if (j->held)
			run_due(j, &a, cn);
	}
	if (j->held) {
		struct take t = { "jobs", str_c(j->holder), 0 };

		c = fresh(&a, cn);
		if (db_write(j->db, &c, drop, &t))
			fprintf(stderr, "baoxiu: jobs: the lease stays until it runs out\n");
	}
	db_conn_close(cn);
	arena_free(&a);
	return NULL;
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
	for (; *slices; slices++)
		for (size_t i = 0; i < (*slices)->n_jobs && j->n < JOBS_MAX; i++)
			j->due[j->n++] = (struct due){ &(*slices)->jobs[i], 0 };
	if (pthread_create(&j->thread, NULL, scheduler, j))
		BUG("no thread");
	return j;
}

void jobs_stop(struct jobs *j)
{
	pthread_mutex_lock(&j->lock);
	j->ending = true;
	pthread_cond_signal(&j->wake);
	pthread_mutex_unlock(&j->lock);
	pthread_join(j->thread, NULL);
	pthread_cond_destroy(&j->wake);
	pthread_mutex_destroy(&j->lock);
	free(j);
}
