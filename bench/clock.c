/* clock.c — deadlines recomputed after a calendar edit, against the bare update of the same rows; and the arithmetic itself. */
#include "bench/bench.h"
#include "bench/raw.h"
#include "app/house.h"
#include "slice/calendar/calendar.h"
#include "slice/sla/sla.h"
#include <time.h>

#define DAY_OFF "{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon-fri\":[\"09:00-12:00\",\"13:00-18:00\"]},\"national\":\"CN\",\"days\":{\"2026-11-24\":[]}}"
enum { HOUR = 3600000, SUMS = 1000000, PER_COMMIT = 1000 };

static int64_t ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void fill(const char *url, long n)
{
	struct raw *r = raw_open(url, true);
	char sql[1000];

	snprintf(sql, sizeof sql, "INSERT INTO sla_clock(subject_id, kind, tier, level_id, calendar_id, calendar_rev, org_path, target, started_at, counted_from) "
		"WITH RECURSIVE i(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM i WHERE x < %ld) "
		"SELECT x, 'fix', 'customer', (SELECT min(id) FROM service_level), (SELECT id FROM calendar WHERE code = 'bench'), 0, '1.', '8h', "
		"1795392000000 + x %% 5000 * 17000, 1795392000000 + x %% 5000 * 17000 FROM i", n);
	raw_exec(r, sql);
	raw_close(r);
}

static int64_t bare(const char *url, long n)
{
	struct raw *r = raw_open(url, false);
	struct raw_stmt *s = raw_prepare(r, "UPDATE sla_clock SET due_at = due_at + 1 WHERE id = ?1");
	int64_t t = ns();

	for (long id = 1; id <= n; id++) {
		if (id % PER_COMMIT == 1)
			raw_exec(r, "BEGIN");
		raw_run(s, &CELL(id), 1);
		if (id % PER_COMMIT == 0 || id == n)
			raw_exec(r, "COMMIT");
	}
	t = ns() - t;
	raw_close(r);
	return t;
}

static enum err seed(struct ctx *c, void *arg)
{
	struct calendar k = { .code = S("bench"), .name = S("bench"), .name_en = S("bench") };

	TRY(calendar_seed(c));
	TRY(sla_seed(c));
	return calendar_add(c, &k, S("{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon-fri\":[\"09:00-12:00\",\"13:00-18:00\"]},\"national\":\"CN\"}"), arg);
}

static enum err edit(struct ctx *c, void *arg)
{
	struct calendar k;

	TRY(calendar_by_id(c, *(int64_t *)arg, &k));
	return calendar_revise(c, k.id, k.ver, &(struct calendar_version){ .since = day_of(2026, 11, 1), .definition = S(DAY_OFF) });
}

static void sums(struct ctx *c, int64_t id, int64_t *ret_add, int64_t *ret_between)
{
	struct cal *cal;
	instant t = { 1795392000000LL };
	volatile int64_t sum = 0;
	int64_t began;

	if (calendar_load(c, id, &cal))
		exit(1);
	began = ns();
	for (int64_t i = 0; i < SUMS; i++)
		sum += cal_add(cal, (instant){ t.ms + i * 1000 }, 8 * HOUR + i).ms;
	*ret_add = (ns() - began) / SUMS;
	began = ns();
	for (int64_t i = 0; i < SUMS; i++)
		sum += cal_between(cal, t, (instant){ t.ms + i * 10000 });
	*ret_between = (ns() - began) / SUMS;
}

int bench_clock(int argc, char **argv)
{
	long n = argc == 4 ? atol(argv[3]) : 0;
	int64_t id, took, floor, add, between;
	struct house h;

	if (n < 1)
		return 2;
	if (!house_open(&h, argv[1], argv[2]) || db_write(h.db, &h.c, seed, &id))
		return 1;
	fill(argv[1], n);
	if (sla_recompute(&h.c) || db_write(h.db, &h.c, edit, &id))
		return 1;
	took = ns();
	if (sla_recompute(&h.c))
		return 1;
	took = ns() - took;
	sums(&h.c, id, &add, &between);
	house_close(&h);
	floor = bare(argv[1], n);
	printf("{\"deadlines\": %ld, \"recompute_us\": %.2f, \"bare_update_us\": %.2f, \"add_ns\": %lld, \"between_ns\": %lld}\n", n, (double)took / 1e3 / (double)n,
		(double)floor / 1e3 / (double)n, (long long)add, (long long)between);
	return 0;
}
