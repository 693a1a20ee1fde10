#include "tests/unit.h"
#include "app/house.h"
#include "app/jobs.h"
#include "base/time.h"
#include "slice/account/account.h"
#include <stdatomic.h>
#include <unistd.h>

static void one_holder_at_a_time(void **state)
{
	static const struct { const char *holder; int64_t at, ms; enum err e; } row[] = {
		{ "a", 1000, 500, ERR_OK }, { "b", 1200, 500, ERR_CONFLICT }, { "a", 1400, 500, ERR_OK }, { "b", 1600, 500, ERR_CONFLICT },
		{ "b", 1900, 500, ERR_CONFLICT }, { "b", 1901, 500, ERR_OK }, { "a", 1902, 500, ERR_CONFLICT },
	};
	struct house h;

	(void)state;
	CHECK(house_open(&h, ":memory:", NULL));
	for (size_t i = 0; i < LEN(row); i++) {
		house_renew(&h);
		h.c.now = (instant){ row[i].at };
		CHECK_ROW(i, lease_take(&h.c, "x", str_c(row[i].holder), row[i].ms) == row[i].e);
	}
	house_close(&h);
}

static _Atomic int runs;

static enum err count(struct ctx *c)
{
	CHECK(c->who == &actor_system && c->now.ms > 0);
	runs++;
	return ERR_OK;
}

static void jobs_run_in_one_process(void **state)
{
	static const struct job job[] = { { "count", 3600 * 1000, count, "Counts." } };
	static const struct slice s = { .name = "s", .jobs = job, .n_jobs = 1 };
	static const struct slice *const list[] = { &s, NULL };
	char dir[] = "/tmp/http-jobs-XXXXXX", path[64];
	struct jobs *one, *two;
	struct house h;

	(void)state;
	runs = 0;
	CHECK(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/x.db", dir);
	CHECK(house_open(&h, path, NULL));
	one = jobs_start(h.db, list);
	for (int i = 0; i < 400 && !runs; i++)
		usleep(10000);
	two = jobs_start(h.db, list);
	usleep(400000);
	CHECK(runs == 1);
	jobs_stop(two);
	jobs_stop(one);
	/* The lease was given back: the next process starts at once. */
	two = jobs_start(h.db, list);
	for (int i = 0; i < 400 && runs < 2; i++)
		usleep(10000);
	CHECK(runs == 2);
	jobs_stop(two);
	house_close(&h);
	for (const char *const *end = (const char *const[]){ "", "-wal", "-shm", NULL }; *end; end++) {
		snprintf(path, sizeof path, "%s/x.db%s", dir, *end);
		unlink(path);
	}
	CHECK(!rmdir(dir));
}

UNIT_GROUP(jobs, T(one_holder_at_a_time), T(jobs_run_in_one_process))
