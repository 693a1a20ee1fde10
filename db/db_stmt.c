/* db_stmt.c — running named statements: cache of prepared ones, parameters by name, rows into structs. The same for both engines. */
#include "db/db_int.h"
#include "base/i18n.h"
#include "base/time.h"
#include <stdarg.h>

/* ---- errors ---- */

void conn_error(struct conn *cn, enum err e, const char *fmt, ...)
{
	va_list ap;

	cn->err = e;
	va_start(ap, fmt);
	vsnprintf(cn->why, sizeof cn->why, fmt, ap);
	va_end(ap);
}

bool db_fault(struct db *db, struct conn *cn, const char *where)
{
	if (atomic_load_explicit(&db->fault, memory_order_relaxed) <= 0 || atomic_fetch_sub(&db->fault, 1) != 1)
		return false;
	atomic_store(&db->hit, true);
	conn_error(cn, ERR_DB, "injected at %s", where);
	return true;
}

void db_fault_at(struct db *db, int n)
{
	atomic_store(&db->hit, false);
	atomic_store(&db->fault, n);
}

bool db_fault_hit(struct db *db) { return atomic_load(&db->hit); }

static const char *err_words(enum err e)
{
	switch (e) {
	case ERR_CONFLICT: return N_("There is already such an entry.");
	case ERR_INVALID: return N_("An entry does not fit the records it belongs to.");
	default: return NULL;
	}
}

enum err conn_report(struct conn *cn, struct ctx *c, const char *what)
{
	struct val arg[] = { { 0 }, v_cstr(what), { 0 } };

	/* The request may have failed because its arena is full, and outside a write nobody here could unwind. */
	if (c->a->cap - c->a->used > 2 * WHY_MAX)
		arg[2] = v_str(arena_str(c->a, str_c(cn->why)));
	cn->poisoned = cn->writing;
	fail_at(c, cn->err, err_words(cn->err), arg, LEN(arg) - 1, __FILE__, __LINE__);
	return cn->err ? cn->err : ERR_DB;
}

bool control(struct conn *cn, enum control what)
{
	static const char *const name[CTL_N] = { "begin", "commit", "rollback", "savepoint", "release", "rollback to" };
	bool undo = what == CTL_ROLLBACK || what == CTL_ROLLBACK_TO;

	if (!undo && db_fault(cn->db, cn, name[what]))
		return false;
	return cn->eng->control(cn, what);
}

/* ---- prepared statements ---- */

char *sql_text(const struct sql *q, enum db_engine e, uint64_t gates)
{
	const struct sql_seg *seg = e == DB_POSTGRES && q->pg ? q->pg : q->seg;
	struct buf b;

	buf_init(&b, 1 << 20);
	for (; seg->text; seg++)
		if (seg->gate < 0 || gates >> seg->gate & 1)
			buf_str(&b, str_c(seg->text));
	buf_c(&b, 0);
	if (b.overflow)
		BUG("%s is too long", q->name);
	return b.p;
}

void stmt_free(struct stmt *st)
{
	free(st->column);
	free(st);
}

static bool stmt_prepare(struct conn *cn, const struct sql *q, uint64_t gates, struct stmt **ret)
{
	char *text;
	bool ok;

	if (db_fault(cn->db, cn, "prepare"))
		return false;
	text = sql_text(q, cn->eng->id, gates);
	ok = cn->eng->prepare(cn, q, text, ret);
	free(text);
	if (!ok)
		return false;
	(*ret)->sql = q;
	(*ret)->gates = gates;
	return true;
}

/* A bucket is kept in the order of use; past its length the statement unused for longest goes. */
static void bucket_trim(struct conn *cn, struct stmt **at)
{
	struct stmt **last = NULL;
	int n = 0;

	for (; *at; at = &(*at)->next) {
		n++;
		if (!(*at)->busy)
			last = at;
	}
	if (n > BUCKET_MAX && last) {
		struct stmt *st = *last;

		*last = st->next;
		cn->eng->finalize(cn, st);
	}
}

static bool stmt_get(struct conn *cn, const struct sql *q, uint64_t gates, struct stmt **ret)
{
	struct stmt **head = &cn->bucket[((uintptr_t)q / sizeof *q ^ gates ^ gates >> 8) % BUCKETS], *st;

	for (struct stmt **p = head; (st = *p); p = &st->next)
		if (st->sql == q && st->gates == gates && !st->busy) {
			*p = st->next;
			break;
		}
	if (!st && !stmt_prepare(cn, q, gates, &st))
		return false;
	bucket_trim(cn, head);
	st->next = *head;
	*head = st;
	*ret = st;
	return true;
}

void conn_forget(struct conn *cn)
{
	conn_release(cn, NULL);
	for (int i = 0; i < BUCKETS; i++)
		while (cn->bucket[i]) {
			struct stmt *st = cn->bucket[i];

			cn->bucket[i] = st->next;
			cn->eng->finalize(cn, st);
		}
}

void conn_release(struct conn *cn, const struct stmt *down_to)
{
	while (cn->running && cn->running != down_to) {
		struct stmt *st = cn->running;

		cn->running = st->below;
		cn->eng->reset(cn, st);
		st->busy = false;
	}
}

/* ---- parameters ---- */

static const struct bind *bind_find(const struct bind *b, size_t n, size_t hint, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		const struct bind *at = &b[(hint + i) % n];

		if (at->name == name || !strcmp(at->name, name))
			return at;
	}
	return NULL;
}

/* arg[i] becomes the value of parameter i, NULL if it was not given; *ret_given the bits of those not absent. */
static void bind_all(const struct sql *q, const struct bind *b, const struct val *arg[PARAMS_MAX], uint64_t *ret_given)
{
	size_t n = 0, found = 0;

	while (b && b[n].name)
		n++;
	*ret_given = 0;
	for (size_t i = 0; q->params[i]; i++) {
		const struct bind *at = bind_find(b, n, i, q->params[i]);

		arg[i] = at ? &at->v : NULL;
		found += at != NULL;
		if (at && at->v.kind != K_NONE)
			*ret_given |= (uint64_t)1 << i;
	}
	for (size_t i = 0; i < n && found != n; i++)
		if (name_index(q->params, str_c(b[i].name)) < 0)
			BUG("%s has no parameter :%s", q->name, b[i].name);
}

static uint64_t gate_bits(const struct sql *q)
{
	uint64_t all = 0;

	for (const struct sql_seg *s = q->seg; s->text; s++)
		if (s->gate >= 0)
			all |= (uint64_t)1 << s->gate;
	for (const struct sql_seg *s = q->pg; s && s->text; s++)
		if (s->gate >= 0)
			all |= (uint64_t)1 << s->gate;
	return all;
}

static void check_given(const struct stmt *st, const struct val *const *arg)
{
	for (int i = 0; st->sql->params[i]; i++)
		if (st->used >> i & 1 && !arg[i])
			BUG("%s was not given :%s", st->sql->name, st->sql->params[i]);
}

static enum err run_as(struct ctx *c, const struct sql *q, const struct bind *b, bool stream, struct stmt **ret)
{
	const struct val *arg[PARAMS_MAX] = { NULL };
	struct conn *cn = c->db;
	struct stmt *st;
	uint64_t given;

	if (cn->poisoned) {
		fail(c, ERR_DB, NULL, q->name, "the transaction has failed already");
		return ERR_DB;
	}
	bind_all(q, b, arg, &given);
	if (!stmt_get(cn, q, given & gate_bits(q), &st))
		return conn_report(cn, c, q->name);
	check_given(st, arg);
	if (st->changes && !cn->writing)
		BUG("%s changes rows outside a write", q->name);
	if (!cn->writing)
		cn->deadline = cn->db->read_us ? clock_mono_us() + cn->db->read_us : 0;
	st->busy = true;
	st->stream = stream;
	st->below = cn->running;
	cn->running = st;
	cn->statements++;
	atomic_fetch_add_explicit(&cn->db->statements, 1, memory_order_relaxed);
	if (db_fault(cn->db, cn, "bind") || !cn->eng->start(cn, st, arg)) {
		conn_release(cn, st->below);
		return conn_report(cn, c, q->name);
	}
	*ret = st;
	return ERR_OK;
}

static enum err run(struct ctx *c, const struct sql *q, const struct bind *b, struct stmt **ret) { return run_as(c, q, b, false, ret); }

/* *ret_row: a row is there. On failure the statement has ended. */
static enum err next(struct ctx *c, struct stmt *st, bool *ret_row)
{
	struct conn *cn = c->db;
	enum step s = db_fault(cn->db, cn, "step") ? STEP_FAILED : cn->eng->step(cn, st);

	*ret_row = s == STEP_ROW;
	if (s != STEP_FAILED)
		return ERR_OK;
	conn_release(cn, st->below);
	return conn_report(cn, c, st->sql->name);
}

/* Ends the statement. One that changes is run to its end first: only then its constraints are all checked. */
static enum err end(struct ctx *c, struct stmt *st, bool row)
{
	while (row && st->changes)
		TRY(next(c, st, &row));
	conn_release(c->db, st->below);
	return ERR_OK;
}

/* ---- rows into structs ---- */

static int field_index(const struct field *f, const char *name)
{
	for (int i = 0; f[i].name; i++)
		if (!strcmp(f[i].name, name))
			return i;
	return -1;
}

static void map_columns(struct conn *cn, struct stmt *st, const struct field *f)
{
	st->currency = -1;
	free(st->column);
	st->column = calloc((size_t)st->cols + 1, sizeof(int));
	if (!st->column)
		BUG("out of memory");
	for (int i = 0; i < st->cols; i++) {
		const char *name = cn->eng->column_name(st, i);
		bool currency = !strcmp(name, "currency");
		int at = field_index(f, name);

		if (currency)
			st->currency = i;
		if (at < 0 && !currency)
			BUG("%s: column %s has no field", st->sql->name, name);
		if (at >= 0 && (f[at].kind == K_OBJ || f[at].kind == K_LIST || f[at].kind == K_HTML))
			BUG("%s: column %s cannot fill a field of this kind", st->sql->name, name);
		st->column[i] = at;
	}
	st->fields = f;
}

static bool fits(const struct field *f, int64_t i)
{
	switch (f->size) {
	case 4: return i >= INT32_MIN && i <= INT32_MAX;
	case 2: return i >= INT16_MIN && i <= INT16_MAX;
	case 1: return i >= 0 && i <= UINT8_MAX;
	default: return true;
	}
}

static void currency_of(const struct engine *eng, struct stmt *st, char cur[4])
{
	str s = st->currency >= 0 ? eng->text(st, st->currency) : (str){ 0 };

	memcpy(cur, "CNY", 4);
	if (s.n == 3)
		memcpy(cur, s.p, 3);
}

/* a NULL: texts stay where the engine keeps them. */
static bool read_column(const struct engine *eng, struct stmt *st, int i, struct arena *a, void *out)
{
	const struct field *f = &st->fields[st->column[i]];
	struct val v = { .kind = f->kind };

	if (f->kind == K_STR || f->kind == K_JSON || f->kind == K_ENUM) {
		v.s = eng->text(st, i);
		if (!v.s.p)
			v.kind = K_NONE;
		else if (f->kind == K_ENUM && name_index(f->names, v.s) < 0)
			return false;
		if (a && f->kind != K_ENUM)
			v.s = arena_str(a, v.s);
	} else {
		if (!eng->integer(st, i, &v.i))
			return false;
		if (v.i == NIL)
			v.kind = K_NONE;
		else if (f->kind == K_INT && !fits(f, v.i))
			return false;
		if (f->kind == K_MONEY)
			currency_of(eng, st, v.cur);
	}
	field_set(f, out, v);
	return true;
}

static enum err read_row(struct ctx *c, struct stmt *st, const struct field *f, struct arena *a, void *out)
{
	struct conn *cn = c->db;

	if (st->fields != f)
		map_columns(cn, st, f);
	for (int i = 0; i < st->cols; i++)
		if (st->column[i] >= 0 && !read_column(cn->eng, st, i, a, out)) {
			conn_error(cn, ERR_DB, "column %s holds a value of another kind", cn->eng->column_name(st, i));
			conn_release(cn, st->below);
			return conn_report(cn, c, st->sql->name);
		}
	return ERR_OK;
}

enum err db_row(struct ctx *c, const struct sql *q, const struct bind *b, const struct field *f, void *out)
{
	struct stmt *st;
	bool row;

	TRY(run(c, q, b, &st));
	TRY(next(c, st, &row));
	if (row)
		TRY(read_row(c, st, f, c->a, out));
	TRY(end(c, st, row));
	return row ? ERR_OK : ERR_NOT_FOUND;
}

static bool has_limit(const struct sql *q)
{
	for (const struct sql_seg *s = q->seg; s->text; s++)
		if (strcasestr(s->text, "LIMIT "))
			return true;
	return false;
}

static enum err too_many(struct ctx *c, struct stmt *st, size_t max)
{
	conn_release(c->db, st->below);
	return fail(c, ERR_TOO_LARGE, NULL, st->sql->name, max);
}

enum err db_rows(struct ctx *c, const struct sql *q, const struct bind *b, const struct field *f, size_t row_size, size_t max, void *ret_array, size_t *ret_n)
{
	size_t n = 0, room = 0;
	char *rows = NULL;
	struct stmt *st;
	bool row;

	TRY(run(c, q, b, &st));
	for (;;) {
		TRY(next(c, st, &row));
		if (!row)
			break;
		if (n == max && !has_limit(q))
			return too_many(c, st, max);
		if (n == max)
			break;
		if (n == room) {
			char *old = rows;

			room = room ? room * 2 : 16;
			room = room > max ? max : room;
			rows = arena_alloc(c->a, room * row_size);
			memcpy(rows, old ? old : rows, n * row_size);
		}
		TRY(read_row(c, st, f, c->a, rows + n * row_size));
		n++;
	}
	TRY(end(c, st, row));
	memcpy(ret_array, &rows, sizeof rows);
	*ret_n = n;
	return ERR_OK;
}

enum err db_each(struct ctx *c, const struct sql *q, const struct bind *b, const struct field *f, size_t row_size, enum err (*fn)(struct ctx *c, void *row, void *arg), void *arg)
{
	void *out = arena_alloc(c->a, row_size);
	struct stmt *st;
	enum err e;
	bool row;

	TRY(run_as(c, q, b, true, &st));
	for (;;) {
		TRY(next(c, st, &row));
		if (!row)
			break;
		TRY(read_row(c, st, f, NULL, out));
		e = fn(c, out, arg);
		if (e) {
			conn_release(c->db, st->below);
			return e;
		}
	}
	return end(c, st, false);
}

enum err db_exec(struct ctx *c, const struct sql *q, const struct bind *b, int want)
{
	struct conn *cn = c->db;
	struct stmt *st;
	int64_t n;
	bool row;

	TRY(run(c, q, b, &st));
	do
		TRY(next(c, st, &row));
	while (row);
	n = cn->eng->changed(cn, st);
	conn_release(cn, st->below);
	if (want < 0 || n == want)
		return ERR_OK;
	if (!n)
		return ERR_CONFLICT;
	conn_error(cn, ERR_CONFLICT, "%lld rows changed", (long long)n);
	return conn_report(cn, c, q->name);
}

static enum err one_integer(struct ctx *c, const struct sql *q, const struct bind *b, int64_t *ret)
{
	struct conn *cn = c->db;
	struct stmt *st;
	int64_t i = NIL;
	bool row, ok;

	TRY(run(c, q, b, &st));
	TRY(next(c, st, &row));
	ok = !row || cn->eng->integer(st, 0, &i);
	TRY(end(c, st, row));
	if (!ok) {
		conn_error(cn, ERR_DB, "the first column is not a whole number");
		return conn_report(cn, c, q->name);
	}
	if (!row)
		return ERR_NOT_FOUND;
	*ret = i;
	return ERR_OK;
}

enum err db_insert(struct ctx *c, const struct sql *q, const struct bind *b, int64_t *ret_id) { return one_integer(c, q, b, ret_id); }
enum err db_int(struct ctx *c, const struct sql *q, const struct bind *b, int64_t *ret) { return one_integer(c, q, b, ret); }

/* ---- all combinations ---- */

static enum err prepare_one(struct conn *cn, struct ctx *c, const struct sql *q)
{
	uint64_t all = gate_bits(q), gates = 0;

	do {
		struct stmt *st;

		if (!stmt_prepare(cn, q, gates, &st))
			return conn_report(cn, c, q->name);
		cn->eng->finalize(cn, st);
		gates = (gates - all) & all;
	} while (gates);
	return ERR_OK;
}

enum err db_prepare_all(struct conn *cn, struct ctx *c, const struct db_schema *const *list)
{
	for (; *list; list++)
		for (const struct sql *const *q = (*list)->statements; q && *q; q++)
			TRY(prepare_one(cn, c, *q));
	return ERR_OK;
}
