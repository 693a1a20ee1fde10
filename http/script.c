/* script.c — one request without a socket: the tests' door and the same way as every other. */
#include "http/http_int.h"
#include "base/time.h"
#include <sodium.h>

static const struct shared *nothing_shared(struct shared *sh, struct db *db, const struct http_app *app)
{
	char why[256];

	*sh = (struct shared){ .app = app, .db = db, .dir = "/tmp", .body_max = 1 << 20, .file_max = 16 << 20 };
	sh->router = router_new(app->slices, why, sizeof why);
	if (!sh->router)
		BUG("%s", why);
	return sh;
}

/* "Name: value" a line. */
static void read_heads(struct exchange *x, const char *headers)
{
	str text = str_c(headers), line;

	x->head[x->n_head++] = (struct head){ S("Host"), S("localhost") };
	while (str_cut(&text, '\n', &line) && x->n_head < HEADS_MAX) {
		str name;

		if (!str_cut(&line, ':', &name))
			continue;
		if (str_ieq(name, S("Host")))
			x->n_head--;
		x->head[x->n_head++] = (struct head){ name, str_trim(line) };
	}
}

static void guess_type(struct exchange *x, str body)
{
	bool js = body.n && (body.p[0] == '{' || body.p[0] == '[');

	if (body.n && !head_get(x, S("Content-Type")).p && x->n_head < HEADS_MAX)
		x->head[x->n_head++] = (struct head){ S("Content-Type"), js ? S("application/json") : S("application/x-www-form-urlencoded") };
}

static void work(struct exchange *x, struct conn *read)
{
	enum err e;

	if (exchange_begin(x, read) == STEP_DONE)
		return;
	e = db_write(x->sh->db, &x->c, exchange_write, x);
	exchange_finish(x, read, e);
}

static void hand_out(struct exchange *x, struct conn *read, struct out *o, struct http_answer *ret)
{
	*ret = (struct http_answer){ .status = x->ans.status, .arena = (int64_t)x->a.used };
	for (size_t i = 0; i < x->ans.n; i++) {
		if (str_eq(x->ans.head[i].name, S("Location")))
			ret->location = x->ans.head[i].value;
		if (str_eq(x->ans.head[i].name, S("Content-Type")))
			ret->type = x->ans.head[i].value;
	}
	for (bool more = x->ans.stream; more;) {
		more = exchange_stream(x, read);
		buf_put(&o->b, x->ans.o.b.p, x->ans.o.b.n);
	}
	if (!x->ans.stream && x->ans.fixed.p)
		buf_str(&o->b, x->ans.fixed);
	else if (!x->ans.stream)
		buf_put(&o->b, x->ans.o.b.p, x->ans.o.b.n);
	buf_c(&o->b, '\0');
	o->b.n--;
}

/* What the answer points to outlives the exchange, until the thread's next script. */
static _Thread_local char kept[2][2048];

static str keep(size_t slot, str s)
{
	snprintf(kept[slot], sizeof kept[slot], "%.*s", STR_ARG(s));
	return s.p ? str_c(kept[slot]) : s;
}

enum err http_script(struct db *db, const struct http_app *app, const char *method, const char *path, const char *headers, str body, struct out *o, struct http_answer *ret)
{
	struct shared sh;
	struct exchange x;
	struct conn *read = NULL;
	int64_t before = 0;

	if (sodium_init() < 0)
		BUG("libsodium does not start");
	exchange_init(&x, nothing_shared(&sh, db, app));
	if (db)
		TRY(db_conn_open(db, &read));
	before = db ? db_stats(db).statements : 0;
	x.method_name = str_c(method);
	x.uri = str_c(path);
	read_heads(&x, headers ? headers : "");
	guess_type(&x, body);
	if (exchange_open(&x) && exchange_feed(&x, body.p, body.n) )
		work(&x, read);
	else if (!x.ans.status)
		respond_plain(&x, 413, S("The request is larger than allowed."));
	hand_out(&x, read, o, ret);
	ret->statements = db ? db_stats(db).statements - before : 0;
	ret->location = keep(0, ret->location);
	ret->type = keep(1, ret->type);
	if (x.ans.remove)
		remove(x.ans.file.p);
	if (read)
		db_conn_close(read);
	exchange_free(&x);
	router_free(sh.router);
	return ERR_OK;
}
