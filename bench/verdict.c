/* verdict.c — what a verdict costs: one device at a time, and the mere reading of the rows that a bulk run judges. Stands on the devices of `baoxiu demo`. */
#include "bench/bench.h"
#include "bench/copies.h"
#include "app/house.h"
#include "base/time.h"
#include "slice/entitlement/entitlement.h"
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { READS = 20000, SLICE_OF_IDS = 2000, THREADS_MAX = 64 };

/* ---- devices with their history ---- */

static const struct change of_device[] = {
	{ "id", "id + @device" }, { "serial", "serial || '-' || $6" }, { "serial_key", "serial_key || '-' || $6" }, { "external_ref", "external_ref || '-' || $6" },
	{ "replaced_by", "replaced_by + @device" }, { 0 }
};
static const struct change of_record[] = {
	{ "id", "id + @repair_record" }, { "device_id", "device_id + @device" }, { "order_id", "order_id + $k * 100000" }, { 0 }
};
static const struct change of_wait[] = { { "id", "id + @repair_wait" }, { "record_id", "record_id + @repair_record" }, { 0 } };
static const struct change of_promise[] = { { "id", "id + @device_promise" }, { "device_id", "device_id + @device" }, { 0 } };
static const struct copy device_copies[] = {
	{ "device", "id <= >device", of_device }, { "repair_record", "id <= >repair_record", of_record }, { "repair_wait", "id <= >repair_wait", of_wait },
	{ "device_promise", "id <= >device_promise", of_promise },
};
static const struct copies devices = { .table = { "device_promise", "device", "repair_record", "repair_wait" }, .copy = device_copies, .n = LEN(device_copies) };

static int64_t fill(const char *url, int64_t n)
{
	struct raw *r = raw_open(url, true);
	struct range range[COPY_TABLES] = { 0 };
	int64_t made;

	for (int i = 0; devices.table[i]; i++)
		range[i].high = raw_int(r, "SELECT max(id) FROM %s", devices.table[i]);
	made = raw_int(r, "SELECT count(*) FROM device");
	copies_make(r, &devices, range, 1, (n + made - 1) / made);
	made = raw_int(r, "SELECT max(id) FROM device");
	raw_close(r);
	return made;
}

/* ---- one at a time ---- */

static int up(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void judge(struct house *h, int64_t last, uint32_t *ret_p50, uint32_t *ret_p99)
{
	static uint32_t ns[READS];
	struct ctx *c = &h->c;

	for (int i = 0; i < READS; i++) {
		struct arena_mark m = arena_mark(c->a);
		struct entitlement *e = NEW(c->a, struct entitlement);
		struct ask a = ask_today(c);
		int64_t began = clock_mono_us();

		a.cause = 0;
		if (db_read_begin(c->db) || entitlement_for(c, 1 + (int64_t)(((uint64_t)i * 2654435761u) % (uint64_t)last), &a, e)) {
			house_complain(h, "verdict");
			exit(1);
		}
		db_read_end(c->db);
		ns[i] = (uint32_t)(clock_mono_us() - began);
		arena_reset(c->a, m);
	}
	qsort(ns, READS, sizeof *ns, up);
	*ret_p50 = ns[READS / 2];
	*ret_p99 = ns[READS * 99 / 100];
}

/* ---- merely reading ---- */

static const char *const rows[] = {
	"SELECT d.id, d.serial, d.kind, d.proof, d.division, d.factory_on, d.invoiced_on, d.delivered_on, d.installed_on, d.accepted_on, d.second_hand, d.recall_open, c.kind "
		"FROM device d LEFT JOIN customer c ON c.id = d.customer_id WHERE d.id > ?1 AND d.id <= ?2 AND d.replaced_by IS NULL ORDER BY d.id",
	"SELECT id, device_id, order_id, in_on, out_on, fixed, exchanged, replaced FROM repair_record WHERE device_id > ?1 AND device_id <= ?2 ORDER BY device_id, in_on, id",
	"SELECT w.record_id, w.from_on, w.to_on FROM repair_record r JOIN repair_wait w ON w.record_id = r.id WHERE r.device_id > ?1 AND r.device_id <= ?2 "
		"ORDER BY r.device_id, r.in_on, r.id, w.from_on",
	"SELECT new_id FROM device_swap WHERE new_id > ?1 AND new_id <= ?2 ORDER BY new_id",
	"SELECT device_id, policy, contract, clock, length, visits, visits_used, claims_used FROM device_promise WHERE device_id > ?1 AND device_id <= ?2 ORDER BY device_id, id",
};
struct slicer { pthread_t thread; const char *url; int64_t last; _Atomic int64_t *next; uint64_t seen; };

static void *read_slices(void *arg)
{
	struct slicer *w = arg;
	struct raw *r = raw_open(w->url, false);
	struct raw_stmt *s[LEN(rows)];
	int64_t low;

	for (size_t i = 0; i < LEN(rows); i++)
		s[i] = raw_prepare(r, rows[i]);
	while ((low = atomic_fetch_add(w->next, SLICE_OF_IDS)) < w->last) {
		raw_exec(r, "BEGIN");
		for (size_t i = 0; i < LEN(rows); i++)
			for (raw_query(s[i], (struct cell[]){ CELL(low), CELL(low + SLICE_OF_IDS) }, 2); raw_next(s[i]);)
				for (int k = 0, n = raw_columns(s[i]); k < n; k++) {
					struct cell c = raw_cell(s[i], k);

					w->seen += c.n + (uint64_t)c.i;
				}
		raw_exec(r, "COMMIT");
	}
	raw_close(r);
	return NULL;
}

static int64_t read_all(const char *url, int64_t last)
{
	struct slicer w[THREADS_MAX] = { 0 };
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	_Atomic int64_t next = 0;
	int64_t began = clock_mono_us();

	for (long i = 0; i < cores && i < THREADS_MAX; i++) {
		w[i] = (struct slicer){ .url = url, .last = last, .next = &next };
		if (pthread_create(&w[i].thread, NULL, read_slices, &w[i]))
			exit(1);
	}
	for (long i = 0; i < cores && i < THREADS_MAX; i++)
		pthread_join(w[i].thread, NULL);
	return clock_mono_us() - began;
}

int bench_verdict(int argc, char **argv)
{
	int64_t n = argc == 4 ? atoll(argv[3]) : 0, last, us;
	uint32_t p50, p99;
	struct house h;

	if (n < 1)
		return 2;
	last = fill(argv[1], n);
	if (!house_open(&h, argv[1], argv[2]))
		return 1;
	judge(&h, last, &p50, &p99);
	house_close(&h);
	us = read_all(argv[1], last);
	printf("{\"devices\": %lld, \"p50_us\": %u, \"p99_us\": %u, \"read_us\": %lld}\n", (long long)last, p50, p99, (long long)us);
	return 0;
}
