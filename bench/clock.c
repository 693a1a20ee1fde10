/* clock.c — deadlines recomputed after a calendar edit, against the bare update of the same rows; and the arithmetic itself. */
#include "bench/bench.h"
#include "app/house.h"
#include "slice/calendar/calendar.h"
#include "slice/sla/sla.h"
#include <sqlite3.h>
#include <time.h>

#define DAY_OFF "{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon-fri\":[\"09:00-12:00\",\"13:00-18:00\"]},\"national\":\"CN\",\"days\":{\"2026-11-24\":[]}}"
enum { HOUR = 3600000, SUMS = 1000000 };

static int64_t ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void run(sqlite3 *h, const char *sql)
{
	if (sqlite3_exec(h, sql, NULL, NULL, NULL)) {
		fprintf(stderr, "bench: %s\n", sqlite3_errmsg(h));
		exit(1);
	}
}

static sqlite3 *open_file(const char *path)
{
	sqlite3 *h;

	if (sqlite3_open(path, &h))
		exit(1);
	run(h, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
	return h;
}

static void fill(const char *path, long n)
{
	sqlite3 *h = open_file(path);
	char sql[1000];

	snprintf(sql, sizeof sql, "INSERT INTO sla_clock(subject_id, kind, tier, level_id, calendar_id, calendar_rev, org_path, target, started_at, counted_from) "
		"WITH RECURSIVE i(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM i WHERE x < %ld) "
		"SELECT x, 'fix', 'customer', (SELECT min(id) FROM service_level), (SELECT id FROM calendar WHERE code = 'bench'), 0, '1.', '8h', "
		"1795392000000 + x %% 5000 * 17000, 1795392000000 + x %% 5000 * 17000 FROM i", n);
	run(h, sql);
	sqlite3_close(h);
}

static int64_t bare(const char *path, long n)
{
	sqlite3 *h = open_file(path);
	sqlite3_stmt *s;
	int64_t t = ns();

	if (sqlite3_prepare_v2(h, "UPDATE sla_clock SET due_at = due_at + 1 WHERE id = ?1", -1, &s, NULL))
		exit(1);
	for (long id = 1; id <= n; id++) {
		if (id % 1000 == 1)
			run(h, "BEGIN IMMEDIATE");
		sqlite3_bind_int64(s, 1, id);
		sqlite3_step(s);
		sqlite3_reset(s);
		if (id % 1000 == 0 || id == n)
			run(h, "COMMIT");
	}
	sqlite3_finalize(s);
	t = ns() - t;
	sqlite3_close(h);
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

static void sums(struct ctx *c, int64_t id)
{
	struct cal *cal;
	instant t = { 1795392000000LL };
	int64_t begin, add, sum = 0;

	if (calendar_load(c, id, &cal))
		exit(1);
	begin = ns();
	for (int64_t i = 0; i < SUMS; i++)
		sum += cal_add(cal, (instant){ t.ms + i * 1000 }, 8 * HOUR + i).ms;
	add = ns() - begin;
	begin = ns();
	for (int64_t i = 0; i < SUMS; i++)
		sum += cal_between(cal, t, (instant){ t.ms + i * 10000 });
	printf("{\"add_ns\":%lld,\"between_ns\":%lld,\"sum\":%lld}\n", (long long)(add / SUMS), (long long)((ns() - begin) / SUMS), (long long)sum);
}

int bench_clock(int argc, char **argv)
{
	long n = argc == 3 ? atol(argv[1]) : 0;
	int64_t id, took, floor;
	struct house h;

	if (n < 1)
		return 2;
	if (!house_open(&h, argv[2], NULL) || db_write(h.db, &h.c, seed, &id))
		return 1;
	fill(argv[2], n);
	if (sla_recompute(&h.c) || db_write(h.db, &h.c, edit, &id))
		return 1;
	took = ns();
	if (sla_recompute(&h.c))
		return 1;
	took = ns() - took;
	sums(&h.c, id);
	house_close(&h);
	floor = bare(argv[2], n);
	printf("{\"deadlines\":%ld,\"recompute_us\":%.2f,\"bare_update_us\":%.2f}\n", n, (double)took / 1e3 / (double)n, (double)floor / 1e3 / (double)n);
	return 0;
}
