/* metrics.c — OpenMetrics for operators. Counters are relaxed atomics: a reading may be a request behind. */
#include "http/http_int.h"
#include <malloc.h>
#include <stdatomic.h>

static const int64_t bound_us[] = { 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 1000000, 5000000 };
enum { STATUS_MAX = 600 };
struct metrics { _Atomic int64_t status[STATUS_MAX], bucket[LEN(bound_us) + 1], sum_us; };

struct metrics *metrics_new(void)
{
	struct metrics *m = calloc(1, sizeof *m);

	if (!m)
		BUG("out of memory");
	return m;
}

void metrics_free(struct metrics *m) { free(m); }

void metrics_count(struct metrics *m, int status, int64_t us)
{
	size_t i = 0;

	while (i < LEN(bound_us) && us > bound_us[i])
		i++;
	atomic_fetch_add_explicit(&m->bucket[i], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&m->sum_us, us, memory_order_relaxed);
	atomic_fetch_add_explicit(&m->status[status > 0 && status < STATUS_MAX ? status : 0], 1, memory_order_relaxed);
}

static void head(struct buf *b, const char *name, const char *kind, const char *help)
{
	buf_fmt(b, "# TYPE baoxiu_%s %s\n# HELP baoxiu_%s %s\n", name, kind, name, help);
}

static void one(struct buf *b, const char *name, const char *kind, const char *help, int64_t value)
{
	head(b, name, kind, help);
	buf_fmt(b, "baoxiu_%s%s %lld\n", name, strcmp(kind, "counter") ? "" : "_total", (long long)value);
}

/* Microseconds as seconds without floating point. */
static void seconds(struct buf *b, int64_t us) { buf_fmt(b, "%lld.%06lld", (long long)(us / 1000000), (long long)(us % 1000000)); }

static void latency(struct metrics *m, struct buf *b)
{
	int64_t n = 0;

	head(b, "request_seconds", "histogram", "Time from the last byte of the request to the answer being ready.");
	for (size_t i = 0; i < LEN(bound_us); i++) {
		n += m->bucket[i];
		buf_str(b, S("baoxiu_request_seconds_bucket{le=\""));
		seconds(b, bound_us[i]);
		buf_fmt(b, "\"} %lld\n", (long long)n);
	}
	n += m->bucket[LEN(bound_us)];
	buf_fmt(b, "baoxiu_request_seconds_bucket{le=\"+Inf\"} %lld\nbaoxiu_request_seconds_count %lld\nbaoxiu_request_seconds_sum ", (long long)n, (long long)n);
	seconds(b, m->sum_us);
	buf_c(b, '\n');
}

static int64_t resident(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	char line[128] = "", *second;

	if (!f)
		return 0;
	second = fgets(line, sizeof line, f) ? strchr(line, ' ') : NULL;
	fclose(f);
	return second ? strtoll(second, NULL, 10) * 4096 : 0;
}

void metrics_write(struct metrics *m, struct out *o, struct db *db, int64_t connections, int64_t under_way, int64_t listeners)
{
	struct db_stats s = db_stats(db);
	struct buf *b = &o->b;

	head(b, "requests", "counter", "Answers by status.");
	for (int i = 0; i < STATUS_MAX; i++)
		if (m->status[i])
			buf_fmt(b, "baoxiu_requests_total{status=\"%d\"} %lld\n", i, (long long)m->status[i]);
	latency(m, b);
	one(b, "connections", "gauge", "Open connections.", connections);
	one(b, "requests_under_way", "gauge", "Requests being read or worked on.", under_way);
	one(b, "live_listeners", "gauge", "Browsers listening for news.", listeners);
	one(b, "db_statements", "counter", "Statements run.", s.statements);
	one(b, "db_commits", "counter", "Write jobs committed.", s.commits);
	one(b, "db_batches", "counter", "Commits that reached the disk.", s.batches);
	one(b, "db_retries", "counter", "Write jobs run again.", s.retries);
	one(b, "resident_bytes", "gauge", "Resident memory.", resident());
	one(b, "heap_bytes", "gauge", "Allocated heap.", (int64_t)mallinfo2().uordblks);
	buf_str(b, S("# EOF\n"));
}
