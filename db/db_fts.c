/* db_fts.c — what people type, as a full-text query. The index holds, of each Chinese run, its overlapping pairs and its last character
 * (index_words); so a typed run becomes a phrase of pairs, and a lone character or a Latin word a prefix. A prefix costs what all its documents cost; so a
 * Latin word with others behind it, which is typed to its end, may be asked for whole. */
#include "db/db.h"
#include "base/words.h"

enum { WORDS_MAX = 16, CJK_FROM = 0x2E80 };

struct query { struct buf b; enum db_engine engine; int words; bool in_phrase; };

static void begin_word(struct query *q)
{
	if (q->words++)
		buf_str(&q->b, q->engine == DB_SQLITE ? S(" AND ") : S(" & "));
}

static void end_phrase(struct query *q)
{
	if (q->in_phrase)
		buf_str(&q->b, q->engine == DB_SQLITE ? S("\"") : S(")"));
	q->in_phrase = false;
}

static void put_word(struct query *q, str w, bool whole)
{
	begin_word(q);
	if (q->engine == DB_SQLITE)
		buf_fmt(&q->b, "\"%.*s\"%s", STR_ARG(w), whole ? "" : "*");
	else
		buf_fmt(&q->b, "'%.*s'%s", STR_ARG(w), whole ? "" : ":*");
}

static void put_pair(struct query *q, str w)
{
	bool lite = q->engine == DB_SQLITE;

	if (!q->in_phrase) {
		begin_word(q);
		buf_str(&q->b, lite ? S("\"") : S("("));
	} else {
		buf_str(&q->b, lite ? S(" ") : S(" <-> "));
	}
	q->in_phrase = true;
	if (!lite)
		buf_c(&q->b, '\'');
	buf_str(&q->b, w);
	if (!lite)
		buf_c(&q->b, '\'');
}

static bool searchable(str w)
{
	for (size_t i = 0; i < w.n; i++)
		if ((unsigned char)w.p[i] < 0x80 && !((w.p[i] >= 'a' && w.p[i] <= 'z') || (w.p[i] >= '0' && w.p[i] <= '9')))
			return false;
	return w.n > 0 && w.n <= 200;
}

static bool is_cjk(str w)
{
	size_t i = 0;

	return w.n && utf8_next(w, &i) >= CJK_FROM;
}

str fts_query(struct arena *a, str typed, bool whole, enum db_engine engine)
{
	struct query q = { .engine = engine };
	str words = index_words(a, fold(a, typed)), w, ret = { 0 };

	buf_init(&q.b, 16384);
	while (q.words < WORDS_MAX && str_cut(&words, ' ', &w)) {
		size_t chars = utf8_len(w);
		bool cjk = is_cjk(w);

		if (!searchable(w))
			continue;
		if (cjk && chars == 2) {
			put_pair(&q, w);
			continue;
		}
		/* The single character that ends a run adds nothing to the run's phrase. */
		if (!(q.in_phrase && cjk && chars == 1))
			end_phrase(&q), put_word(&q, w, whole && !cjk && words.n);
		end_phrase(&q);
	}
	end_phrase(&q);
	if (q.words && !q.b.overflow)
		ret = arena_str(a, (str){ q.b.p, q.b.n });
	buf_free(&q.b);
	return ret;
}

str fts_and(struct arena *a, str query, str word, enum db_engine engine)
{
	return engine == DB_SQLITE ? arena_fmt(a, "(%.*s) AND \"%.*s\"", STR_ARG(query), STR_ARG(word)) : arena_fmt(a, "(%.*s) & '%.*s'", STR_ARG(query), STR_ARG(word));
}
