/* copies.c — INSERT … SELECT of a pattern's rows, again and again. */
#include "bench/copies.h"

enum { TEXT_MAX = 8192, COPIES_MAX = 16 };

static int table_at(const struct copies *set, const char *p)
{
	for (int i = 0; set->table[i]; i++)
		if (!strncmp(p, set->table[i], strlen(set->table[i])))
			return i;
	BUG("no table %.12s", p);
}

/* Puts numbers for @table, <table, >table, $k and $6 (the copy's number in six digits). */
static void expand(struct buf *b, const char *sql, const struct copies *set, const struct range *r, int64_t k)
{
	for (const char *p = sql; *p; p++) {
		bool sign = (*p == '@' || *p == '<' || *p == '>') && p[1] >= 'a' && p[1] <= 'z';

		if (sign) {
			int t = table_at(set, p + 1);

			buf_fmt(b, "%lld", (long long)(*p == '@' ? r[t].at : *p == '<' ? r[t].low : r[t].high));
			p += strlen(set->table[t]);
		} else if (*p == '$' && p[1] == 'k') {
			buf_fmt(b, "%lld", (long long)k);
			p++;
		} else if (*p == '$') {
			buf_fmt(b, "'%06lld'", (long long)k);
			p++;
		} else {
			buf_c(b, *p);
		}
	}
}

static const char *changed(const struct change *c, const char *column)
{
	for (; c->column; c++)
		if (!strcmp(c->column, column))
			return c->as;
	return NULL;
}

static void write_copy(struct buf *b, struct raw *r, const struct copy *c)
{
	char sql[200];
	struct raw_stmt *s;
	struct buf values;

	snprintf(sql, sizeof sql, "SELECT * FROM %s LIMIT 1", c->table);
	s = raw_prepare(r, sql);
	raw_query(s, NULL, 0);
	buf_init(&values, 1 << 16);
	buf_fmt(b, "INSERT INTO %s(", c->table);
	for (int i = 0; i < raw_columns(s); i++) {
		const char *as = changed(c->change, raw_name(s, i));

		buf_fmt(b, "%s\"%s\"", i ? ", " : "", raw_name(s, i));
		if (i)
			buf_str(&values, S(", "));
		if (as)
			buf_str(&values, str_c(as));
		else
			buf_fmt(&values, "\"%s\"", raw_name(s, i));
	}
	buf_str(b, S(") SELECT "));
	buf_str(b, (str){ values.p, values.n });
	buf_fmt(b, " FROM %s WHERE ", c->table);
	buf_str(b, str_c(c->where));
	buf_free(&values);
	while (raw_next(s))
		;
}

static void run(struct raw *r, const char *sql, const struct copies *set, const struct range *at, int64_t k)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	expand(&b, sql, set, at, k);
	buf_c(&b, 0);
	raw_exec(r, b.p);
	buf_free(&b);
}

/* PostgreSQL's identity columns do not hear of ids given by hand. */
static void tell_sequences(struct raw *r, const struct copies *set)
{
	char sql[200];

	for (int i = 0; set->table[i]; i++) {
		snprintf(sql, sizeof sql, "SELECT setval(pg_get_serial_sequence('%s', 'id'), (SELECT max(id) FROM %s))", set->table[i], set->table[i]);
		raw_exec(r, sql);
	}
}

void copies_make(struct raw *r, const struct copies *set, struct range *range, int64_t from, int64_t to)
{
	static char text[COPIES_MAX][TEXT_MAX];

	for (int i = 0; set->table[i]; i++)
		range[i].base = raw_int(r, "SELECT max(id) FROM %s", set->table[i]);
	for (size_t i = 0; i < set->n; i++) {
		struct buf b;

		buf_init(&b, TEXT_MAX - 1);
		write_copy(&b, r, &set->copy[i]);
		snprintf(text[i], TEXT_MAX, "%.*s", (int)b.n, b.p);
		buf_free(&b);
	}
	for (int64_t k = from; k < to; k++) {
		for (int i = 0; set->table[i]; i++)
			range[i].at = range[i].base - range[i].low + (k - from) * (range[i].high - range[i].low);
		raw_exec(r, "BEGIN");
		for (size_t i = 0; i < set->n; i++)
			run(r, text[i], set, range, k);
		if (set->lite)
			run(r, raw_is_pg(r) ? set->pg : set->lite, set, range, k);
		raw_exec(r, "COMMIT");
	}
	if (raw_is_pg(r)) {
		tell_sequences(r, set);
		raw_exec(r, "ANALYZE");                /* as its own housekeeping would */
	}
}
