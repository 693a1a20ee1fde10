/* db_pg.c — the PostgreSQL engine: connections and statements. The pool of writers is in db_pg_write.c. */
#include "db/db_pg.h"
#include <endian.h>

/* Types by their fixed numbers in the system catalogue. */
enum { T_BYTEA = 17, T_INT8 = 20, T_INT2 = 21, T_INT4 = 23, T_TEXT = 25, T_JSON = 114, T_BPCHAR = 1042, T_VARCHAR = 1043 };

struct pg_stmt {
	struct stmt common;
	char name[24];
	char *text;                                    /* NULL unless it is planned anew for each set of values */
	int params;                                    /* numbered up to the highest used */
	Oid type[PARAMS_MAX];
	PGresult *res;
	int row;
	PGresult **spilled;                            /* rows taken off the wire for a statement within the loop; the last ends them */
	int spilled_n, spilled_at;
};

static struct pg_stmt *pg(struct stmt *st) { return (struct pg_stmt *)st; }

/* ---- errors ---- */

static const struct { const char *state; enum err err; bool again; } states[] = {
	{ "23505", ERR_CONFLICT, false }, { "23503", ERR_INVALID, false }, { "23514", ERR_INVALID, false }, { "23502", ERR_INVALID, false },
	{ "40001", ERR_BUSY, true }, { "40P01", ERR_BUSY, true }, { "55P03", ERR_BUSY, false }, { "57014", ERR_BUSY, false },
	{ "53300", ERR_BUSY, false }, { "53100", ERR_FULL, false },
};

/* Takes the error out of res (NULL: out of the connection) and frees res; always false. */
static bool failed(struct conn *cn, PGresult *res)
{
	const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
	const char *text = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	struct pg_conn *p = pg_of(cn);
	enum err e = ERR_DB;

	for (size_t i = 0; state && i < LEN(states); i++)
		if (!strcmp(states[i].state, state)) {
			e = states[i].err;
			p->again |= states[i].again;
		}
	conn_error(cn, e, "%s %s", state ? state : "", text ? text : PQerrorMessage(p->h));
	PQclear(res);
	return false;
}

static bool ok(const PGresult *res)
{
	ExecStatusType s = PQresultStatus(res);

	return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK || s == PGRES_EMPTY_QUERY;
}

/* ---- rows on the wire ---- */

static bool is_row(const PGresult *res) { return PQresultStatus(res) == PGRES_SINGLE_TUPLE; }

static void drain(struct conn *cn)
{
	struct pg_conn *p = pg_of(cn);
	PGresult *res;

	while ((res = PQgetResult(p->h)))
		PQclear(res);
	p->streaming = NULL;
}

static void spill(struct conn *cn)
{
	struct pg_stmt *st = pg_of(cn)->streaming;
	int room = 0;
	bool more = true;

	while (more) {
		if (st->spilled_n == room) {
			room = room ? room * 2 : 64;
			st->spilled = realloc(st->spilled, (size_t)room * sizeof(PGresult *));
			if (!st->spilled)
				BUG("out of memory");
		}
		st->spilled[st->spilled_n] = PQgetResult(pg_of(cn)->h);
		more = is_row(st->spilled[st->spilled_n++]);
	}
	drain(cn);
}

/* The connection, free for a command. */
static PGconn *idle(struct conn *cn)
{
	if (pg_of(cn)->streaming)
		spill(cn);
	return pg_of(cn)->h;
}

static void stream_end(struct conn *cn, struct pg_stmt *st)
{
	if (pg_of(cn)->streaming == st)
		drain(cn);
	while (st->spilled_at < st->spilled_n)
		PQclear(st->spilled[st->spilled_at++]);
	free(st->spilled);
	st->spilled = NULL;
	st->spilled_n = st->spilled_at = 0;
}

static enum step stream_step(struct conn *cn, struct pg_stmt *st)
{
	bool good;

	PQclear(st->res);
	st->row = 0;
	st->res = st->spilled_at < st->spilled_n ? st->spilled[st->spilled_at++] : PQgetResult(pg_of(cn)->h);
	if (is_row(st->res))
		return STEP_ROW;
	good = ok(st->res);
	if (!good)
		failed(cn, st->res);
	else
		PQclear(st->res);
	st->res = NULL;
	stream_end(cn, st);
	return good ? STEP_DONE : STEP_FAILED;
}

static bool exec(struct conn *cn, const char *text)
{
	PGresult *res = PQexec(idle(cn), text);

	if (!ok(res))
		return failed(cn, res);
	PQclear(res);
	return true;
}

/* ---- preparing ---- */

static size_t skip_quoted(const char *p)
{
	const char *e = p[0] == '\'' || p[0] == '"' ? strchr(p + 1, p[0]) : NULL;

	return e ? (size_t)(e - p) + 1 : 0;
}

/* Which of $1 … occur; the server cannot guess the type of one that does not, so that one is declared. */
static void find_params(struct pg_stmt *st, const char *text)
{
	for (const char *p = text; *p; ) {
		size_t n = skip_quoted(p);
		long i = !n && p[0] == '$' ? strtol(p + 1, NULL, 10) : 0;

		if (i > 0 && i <= PARAMS_MAX) {
			st->common.used |= (uint64_t)1 << (i - 1);
			st->params = i > st->params ? (int)i : st->params;
		}
		p += n ? n : 1;
	}
	for (int i = 0; i < st->params; i++)
		st->type[i] = st->common.used >> i & 1 ? 0 : T_TEXT;
}

static bool send_prepare(struct conn *cn, struct pg_stmt *st, const char *text)
{
	PGresult *res = PQprepare(idle(cn), st->name, text, st->params, st->type);

	if (!ok(res))
		return failed(cn, res);
	PQclear(res);
	return true;
}

/* Takes over the server's guesses; *ret_narrow: it guessed a type too narrow for our whole numbers. */
static bool describe(struct conn *cn, struct pg_stmt *st, bool *ret_narrow)
{
	PGresult *res = PQdescribePrepared(idle(cn), st->name);

	if (!ok(res))
		return failed(cn, res);
	*ret_narrow = false;
	for (int i = 0; i < PQnparams(res) && i < st->params; i++) {
		st->type[i] = PQparamtype(res, i);
		if (st->type[i] == T_INT2 || st->type[i] == T_INT4) {
			st->type[i] = T_INT8;
			*ret_narrow = true;
		}
	}
	st->common.cols = PQnfields(res);
	PQclear(res);
	return true;
}

static bool deallocate(struct conn *cn, const struct pg_stmt *st)
{
	char text[48];

	snprintf(text, sizeof text, "DEALLOCATE %s", st->name);
	return exec(cn, text);
}

static bool changes_rows(const char *text)
{
	static const char *const readers[] = { "SELECT", "WITH", "VALUES" };

	for (size_t i = 0; i < LEN(readers); i++)
		if (!strncasecmp(text, readers[i], strlen(readers[i])))
			return false;
	return true;
}

static bool pg_prepare(struct conn *cn, const struct sql *q, const char *text, struct stmt **ret)
{
	struct pg_stmt *st = calloc(1, sizeof *st);
	bool narrow = false;

	(void)q;
	if (!st)
		BUG("out of memory");
	snprintf(st->name, sizeof st->name, "s%lu", ++pg_of(cn)->names);
	find_params(st, text);
	st->common.changes = changes_rows(text);
	if (strstr(text, "/*replan*/") && !(st->text = strdup(text)))
		BUG("out of memory");
	if (send_prepare(cn, st, text) && describe(cn, st, &narrow) && (!narrow || (deallocate(cn, st) && send_prepare(cn, st, text)))) {
		*ret = &st->common;
		return true;
	}
	free(st->text);
	free(st);
	return false;
}

static void pg_finalize(struct conn *cn, struct stmt *st)
{
	PGconn *h = pg_of(cn)->h;

	PQclear(pg(st)->res);
	if (PQstatus(h) == CONNECTION_OK && PQtransactionStatus(h) != PQTRANS_INERROR)
		(void)deallocate(cn, pg(st));
	free(pg(st)->text);
	stmt_free(st);
}

/* ---- running ---- */

struct args { const char *value[PARAMS_MAX]; int len[PARAMS_MAX], binary[PARAMS_MAX]; uint64_t wire[PARAMS_MAX]; size_t at[PARAMS_MAX]; };

/* What is not prepared is planned for its values. */
static PGresult *run_whole(PGconn *h, const struct pg_stmt *st, const struct args *g)
{
	return st->text ? PQexecParams(h, st->text, st->params, st->type, g->value, g->len, g->binary, 0)
		: PQexecPrepared(h, st->name, st->params, g->value, g->len, g->binary, 0);
}

static bool run_stream(PGconn *h, const struct pg_stmt *st, const struct args *g)
{
	int sent = st->text ? PQsendQueryParams(h, st->text, st->params, st->type, g->value, g->len, g->binary, 0)
		: PQsendQueryPrepared(h, st->name, st->params, g->value, g->len, g->binary, 0);

	return sent && PQsetSingleRowMode(h);
}

static bool is_text(Oid type) { return type == T_TEXT || type == T_VARCHAR || type == T_BPCHAR || type == T_JSON || type == T_BYTEA; }

/* Texts and 64-bit numbers go as they are; what the server wants in another type goes as decimal or quoted text through scratch. */
static void set_arg(struct args *g, int i, Oid type, const struct val *v, struct buf *scratch)
{
	bool number = v->kind == K_INT || v->kind == K_BOOL || v->kind == K_INSTANT || v->kind == K_DAY || v->kind == K_MONEY;

	if (v->kind == K_OBJ || v->kind == K_LIST)
		BUG("value of kind %d is no parameter", (int)v->kind);
	g->at[i] = SIZE_MAX;
	if (number && type == T_INT8) {
		g->wire[i] = htobe64((uint64_t)v->i);
		g->value[i] = (const char *)&g->wire[i];
		g->len[i] = 8;
		g->binary[i] = 1;
	} else if (!number && is_text(type)) {
		g->value[i] = v->s.p ? v->s.p : "";
		g->len[i] = (int)v->s.n;
		g->binary[i] = 1;
	} else {
		g->at[i] = scratch->n;
		g->binary[i] = 0;
		if (number)
			buf_int(scratch, v->i);
		else
			buf_str(scratch, v->s);
		buf_c(scratch, 0);
	}
}

static bool pg_start(struct conn *cn, struct stmt *common, const struct val *const *arg)
{
	struct pg_conn *p = pg_of(cn);
	struct pg_stmt *st = pg(common);
	struct args g;

	buf_clear(&p->scratch);
	for (int i = 0; i < st->params; i++) {
		g.value[i] = NULL;
		g.len[i] = g.binary[i] = 0;
		g.at[i] = SIZE_MAX;
		if (common->used >> i & 1 && arg[i]->kind != K_NONE)
			set_arg(&g, i, st->type[i], arg[i], &p->scratch);
	}
	if (p->scratch.overflow) {
		conn_error(cn, ERR_TOO_LARGE, "the parameters are too large");
		return false;
	}
	for (int i = 0; i < st->params; i++)
		if (g.at[i] != SIZE_MAX)
			g.value[i] = p->scratch.p + g.at[i];
	if (common->stream) {
		if (run_stream(idle(cn), st, &g)) {
			p->streaming = st;
			return true;
		}
		return failed(cn, NULL);
	}
	st->res = run_whole(idle(cn), st, &g);
	st->row = -1;
	if (ok(st->res))
		return true;
	failed(cn, st->res);
	st->res = NULL;
	return false;
}

static enum step pg_step(struct conn *cn, struct stmt *st)
{
	if (st->stream)
		return stream_step(cn, pg(st));
	return ++pg(st)->row < PQntuples(pg(st)->res) ? STEP_ROW : STEP_DONE;
}

static void pg_reset(struct conn *cn, struct stmt *st)
{
	stream_end(cn, pg(st));
	PQclear(pg(st)->res);
	pg(st)->res = NULL;
}

static const char *pg_column_name(struct stmt *st, int i) { return PQfname(pg(st)->res, i); }

static bool pg_integer(struct stmt *common, int i, int64_t *ret)
{
	const struct pg_stmt *st = pg(common);
	str s;

	*ret = NIL;
	if (PQgetisnull(st->res, st->row, i))
		return true;
	s = (str){ PQgetvalue(st->res, st->row, i), (size_t)PQgetlength(st->res, st->row, i) };
	if (s.n == 1 && (s.p[0] == 't' || s.p[0] == 'f')) {
		*ret = s.p[0] == 't';
		return true;
	}
	return str_int(s, ret);
}

static unsigned hex(char c) { return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10); }

/* "\x4142" to "AB", into memory of the statement's own copy. */
static str bytes(char *p, size_t n)
{
	size_t len = n >= 2 ? (n - 2) / 2 : 0;

	for (size_t i = 0; i < len; i++)
		p[i] = (char)(hex(p[2 + 2 * i]) << 4 | hex(p[3 + 2 * i]));
	p[len] = 0;
	return (str){ p, len };
}

static str pg_text(struct stmt *common, int i)
{
	const struct pg_stmt *st = pg(common);
	char *p;
	size_t n;

	if (PQgetisnull(st->res, st->row, i))
		return (str){ 0 };
	p = PQgetvalue(st->res, st->row, i);
	n = (size_t)PQgetlength(st->res, st->row, i);
	return PQftype(st->res, i) == T_BYTEA ? bytes(p, n) : (str){ p, n };
}

static int64_t pg_changed(struct conn *cn, struct stmt *st)
{
	(void)cn;
	return strtoll(PQcmdTuples(pg(st)->res), NULL, 10);
}

static bool pg_control(struct conn *cn, enum control what)
{
	static const char *const text[CTL_N] = { "BEGIN ISOLATION LEVEL SERIALIZABLE", "COMMIT", "ROLLBACK", "SAVEPOINT s", "RELEASE s", "ROLLBACK TO s" };

	return exec(cn, text[what]);
}

/* A snapshot with nothing under way is named by the number the next transaction gets: it moves with every commit of every node.
 * With something under way the state is left unnamed. */
static uint64_t pg_epoch(struct db *db, struct conn *cn)
{
	static const char text[] = "SELECT pg_snapshot_xmax(s) FROM pg_current_snapshot() s WHERE pg_snapshot_xmax(s) = pg_snapshot_xmin(s)";
	uint64_t n = 0;
	PGresult *res;

	(void)db;
	if (!cn)
		return 0;
	res = PQexec(idle(cn), text);
	if (ok(res) && PQntuples(res) == 1)
		n = strtoull(PQgetvalue(res, 0, 0), NULL, 10);
	PQclear(res);
	return n;
}

/* ---- connections ---- */

static void quiet(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res;
}

static bool set_up(struct conn *cn)
{
	struct pg_conn *p = pg_of(cn);
	const char *url = ((struct pg_db *)cn->db)->url;
	const char *const key[] = { "connect_timeout", "fallback_application_name", "dbname", "client_encoding", NULL };
	const char *const value[] = { "10", "baoxiu", url, "UTF8", NULL };
	char text[200];

	p->h = PQconnectdbParams(key, value, 1);
	if (PQstatus(p->h) != CONNECTION_OK)
		return failed(cn, NULL);
	PQsetNoticeReceiver(p->h, quiet, NULL);
	snprintf(text, sizeof text, "SET statement_timeout = '%ds'; SET idle_in_transaction_session_timeout = '60s'; SET default_transaction_read_only = %s",
		p->writer ? WRITE_LIMIT_S : (int)(cn->db->read_us / 1000000), p->writer ? "off" : "on");
	return exec(cn, text);
}

bool pg_ready(struct conn *cn)
{
	struct pg_conn *p = pg_of(cn);

	if (PQconsumeInput(p->h) && PQstatus(p->h) == CONNECTION_OK)
		return true;
	conn_forget(cn);
	PQfinish(p->h);
	return set_up(cn);
}

enum err pg_conn_new(struct db *db, bool writer, struct conn **ret, char why[WHY_MAX])
{
	struct pg_conn *p = calloc(1, sizeof *p);
	enum err e;

	if (!p)
		BUG("out of memory");
	p->common.db = db;
	p->common.eng = db->eng;
	p->writer = writer;
	buf_init(&p->scratch, 64 << 20);
	if (set_up(&p->common)) {
		*ret = &p->common;
		return ERR_OK;
	}
	e = p->common.err;
	if (why)
		memcpy(why, p->common.why, WHY_MAX);
	pg_conn_free(&p->common);
	return e;
}

static enum err pg_conn_open(struct db *db, struct conn **ret) { return pg_conn_new(db, false, ret, NULL); }

void pg_conn_free(struct conn *cn)
{
	struct pg_conn *p = pg_of(cn);
	PGconn *h = p->h;

	conn_release(cn, NULL);
	PQfinish(h);
	p->h = NULL;
	conn_forget(cn);
	buf_free(&p->scratch);
	free(p);
}

const struct engine pg_engine = {
	.id = DB_POSTGRES, .prepare = pg_prepare, .finalize = pg_finalize, .start = pg_start, .step = pg_step, .reset = pg_reset,
	.column_name = pg_column_name, .integer = pg_integer, .text = pg_text, .changed = pg_changed, .control = pg_control,
	.script = exec, .ready = pg_ready, .epoch = pg_epoch, .conn_open = pg_conn_open, .conn_close = pg_conn_free, .close = pg_close_db,
};
