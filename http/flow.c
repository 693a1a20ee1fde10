/* flow.c — one request's way on a worker: who asks, may they, what did they send, run, answer. */
#include "http/http_int.h"
#include "base/i18n.h"
#include "base/time.h"
#include <setjmp.h>
#include <sodium.h>

/* ---- a request that eats its memory ends as an error, not the process ---- */

static _Thread_local jmp_buf *jump;

static void leave(void)
{
	if (!jump)
		BUG("arena cap passed outside of a request");
	longjmp(*jump, 1);
}

static enum err guarded(struct exchange *x, enum err (*fn)(struct exchange *x))
{
	void (*const before)(void) = arena_full;
	jmp_buf *const outer = jump;
	jmp_buf here;
	enum err e;

	jump = &here;
	arena_full = leave;
	if (setjmp(here)) {
		x->a.cap += 1 << 20;
		e = fail(&x->c, ERR_TOO_LARGE, NULL);
	} else {
		e = fn(x);
	}
	jump = outer;
	arena_full = before;
	return e;
}

/* ---- who ---- */

static const char *language(const struct exchange *x, const struct actor *who)
{
	str accept = head_get(x, S("Accept-Language"));
	int en = accept_q(accept, S("en")), zh = accept_q(accept, S("zh"));

	if (x->lang)
		return x->lang;
	if (who->lang)
		return who->lang;
	if (en < 0)
		en = accept_q(accept, S("en-US")) > accept_q(accept, S("en-GB")) ? accept_q(accept, S("en-US")) : accept_q(accept, S("en-GB"));
	if (zh < 0)
		zh = accept_q(accept, S("zh-CN"));
	return en > zh ? "en" : "zh";
}

static enum err who_asks(struct exchange *x)
{
	const struct actor *who = x->c.who;
	struct actor *mine = NEW(&x->a, struct actor);
	enum err e = ERR_OK;

	if (x->sh->app->identify)
		e = x->sh->app->identify(&x->c, x->bearer.n ? (str){ 0 } : x->session, x->bearer, &who, &x->csrf);
	if (e == ERR_UNAUTHORIZED && !x->bearer.n) {
		x->bad_session = true;
		x->c.diag = (struct diag){ 0 };
		who = x->c.who;
		e = ERR_OK;
	}
	x->r.csrf = x->csrf;
	x->r.session = x->bad_session ? (str){ 0 } : x->session;
	*mine = *who;
	mine->lang = language(x, who);
	if (!mine->zone)
		mine->zone = tz_get(S("Asia/Shanghai"));
	x->c.who = mine;
	return e;
}

/* ---- may they ---- */

static bool changes(const struct exchange *x) { return x->method != M_GET && !(x->r.route->flags & R_READ); }

/* Browsers send the session along with whatever another site makes them send: the request must show that it came from a page of ours. */
static enum err same_site(struct exchange *x)
{
	str site = head_get(x, S("Sec-Fetch-Site")), origin = head_get(x, S("Origin")), token = head_get(x, S("X-CSRF-Token"));
	bool foreign = site.n ? !str_eq(site, S("same-origin")) && !str_eq(site, S("none")) : origin.n && !str_ieq(origin, x->r.base);

	if (x->method == M_GET || x->bearer.n || (x->r.route->flags & R_NO_CSRF))
		return ERR_OK;
	if (foreign)
		return fail(&x->c, ERR_FORBIDDEN, N_("This request comes from another site."));
	if (!x->csrf.n)
		return ERR_OK;
	if (!token.n)
		token = pair_get(x->pair, x->n_pair, S("_csrf"));
	if (!bytes_eq(token, x->csrf))
		return fail(&x->c, ERR_FORBIDDEN, N_("This form is out of date. Reload the page and send it again."));
	return ERR_OK;
}

static enum err permitted(struct exchange *x)
{
	const struct route *row = x->r.route;

	if (row->flags & R_PUBLIC)
		return ERR_OK;
	if (x->c.who->id == NIL)
		return fail(&x->c, ERR_UNAUTHORIZED, NULL);
	return may(&x->c, row->need) ? ERR_OK : fail(&x->c, ERR_FORBIDDEN, NULL);
}

static enum err bucket(struct exchange *x, const char *what, str key, int burst, int64_t every_ms)
{
	str k = arena_fmt(&x->a, "%s %s %.*s", what, x->r.route->path, STR_ARG(key));

	if (limits_take(x->sh->limits, k, burst, every_ms, x->c.now.ms, &x->retry_ms))
		return ERR_OK;
	return fail(&x->c, ERR_TOO_MANY, NULL);
}

static enum err not_too_often(struct exchange *x)
{
	str login = pair_get(x->pair, x->n_pair, S("login"));

	if (!x->sh->limits || !(x->r.route->flags & R_LIMIT))
		return ERR_OK;
	TRY(bucket(x, "remote", x->r.remote, 20, 3000));
	return login.n ? bucket(x, "login", login, 8, 30000) : ERR_OK;
}

/* ---- what did they send ---- */

static bool media(str type, str want)
{
	return type.n >= want.n && str_ieq((str){ type.p, want.n }, want) && (type.n == want.n || strchr("; \t", type.p[want.n]));
}

static enum err read_pairs(struct exchange *x)
{
	str type = head_get(x, S("Content-Type"));

	if (x->method == M_GET)
		return pairs_parse(&x->c, x->r.query, &x->pair, &x->n_pair);
	if (x->mp) {
		if (multipart_end(x->mp, &x->parts))
			return fail(&x->c, ERR_MALFORMED, N_("The form data ended early."));
		x->pair = x->parts->pair;
		x->n_pair = x->parts->n_pair;
		for (size_t i = 0; i < x->parts->n_up; i++)
			sniff(&x->a, &x->parts->up[i]);
		return ERR_OK;
	}
	x->r.raw = (str){ x->body.n ? x->body.p : "", x->body.n };
	if (media(type, S("application/x-www-form-urlencoded")))
		return pairs_parse(&x->c, x->r.raw, &x->pair, &x->n_pair);
	if (x->r.route->form && x->body.n && !media(type, S("application/json")))
		return fail(&x->c, ERR_MEDIA_TYPE, N_("Send application/json, application/x-www-form-urlencoded or multipart/form-data."));
	return ERR_OK;
}

/* What a failed form shows again: everything but secrets and our own fields. */
static void remember_typed(struct exchange *x)
{
	struct pair *typed = NEW_N(&x->a, struct pair, x->n_pair + 1);
	size_t n = 0;

	for (size_t i = 0; i < x->n_pair; i++) {
		const struct input *in = form_input(x->r.route->form, x->pair[i].name);

		if (in && in->kind != IN_SECRET)
			typed[n++] = x->pair[i];
	}
	x->r.typed = typed;
	x->r.n_typed = n;
}

static enum err add_ver(struct exchange *x, int64_t ver)
{
	struct pair *p;

	if (ver == NIL || pair_get(x->pair, x->n_pair, S("ver")).p || !form_input(x->r.route->form, S("ver")))
		return ERR_OK;
	p = NEW_N(&x->a, struct pair, x->n_pair + 1);
	if (x->n_pair)
		memcpy(p, x->pair, sizeof *p * x->n_pair);
	p[x->n_pair++] = (struct pair){ S("ver"), x->r.if_match };
	x->pair = p;
	return ERR_OK;
}

static enum err fill_form(struct exchange *x)
{
	const struct form *form = x->r.route->form;
	struct fill f = { .c = &x->c, .lenient = x->method == M_GET && x->r.as == AS_HTML };
	int64_t ver = NIL;
	void *out;

	if (!form)
		return ERR_OK;
	if (!str_int(x->r.if_match, &ver))
		ver = NIL;
	out = arena_alloc(&x->a, form->size);
	x->r.form = out;
	remember_typed(x);
	if (x->r.raw.n && media(head_get(x, S("Content-Type")), S("application/json")))
		return form_json_ver(&x->c, form, x->r.raw, ver, out);
	TRY(add_ver(x, ver));
	for (size_t i = 0; i < x->n_pair; i++)
		if (x->method == M_GET && str_eq(x->pair[i].name, S("format")))
			x->pair[i].name = S("_format");
	f.pair = x->pair;
	f.n_pair = x->n_pair;
	if (x->parts) {
		f.up = x->parts->up;
		f.up_field = x->parts->field;
		f.n_up = x->parts->n_up;
	}
	return form_pairs(&f, form, out);
}

static void hash_pair(crypto_hash_sha256_state *h, str s)
{
	crypto_hash_sha256_update(h, (const unsigned char *)(s.p ? s.p : ""), s.n);
	crypto_hash_sha256_update(h, (const unsigned char *)"", 1);
}

static enum err idempotency(struct exchange *x)
{
	crypto_hash_sha256_state h;
	unsigned char sum[crypto_hash_sha256_BYTES];
	char hex[sizeof sum * 2 + 1];

	if (!x->r.idem_key.n)
		x->r.idem_key = pair_get(x->pair, x->n_pair, S("_key"));
	if (!x->r.idem_key.n || x->method != M_POST || !x->sh->app->idem_find) {
		x->r.idem_key = (str){ 0 };
		return ERR_OK;
	}
	if (x->r.idem_key.n > 128 || !is_token(x->r.idem_key))
		return fail(&x->c, ERR_MALFORMED, N_("The idempotency key has at most 128 letters, digits and signs."));
	crypto_hash_sha256_init(&h);
	hash_pair(&h, x->r.path);
	hash_pair(&h, x->n_pair ? S("") : x->r.raw);
	/* Our own fields (_csrf …) are not what is asked for: a form sent again after a new sign-in is the same request. */
	for (size_t i = 0; i < x->n_pair; i++) {
		if (str_starts(x->pair[i].name, S("_")))
			continue;
		hash_pair(&h, x->pair[i].name);
		hash_pair(&h, x->pair[i].value);
	}
	for (size_t i = 0; x->parts && i < x->parts->n_up; i++)
		hash_pair(&h, x->parts->up[i].sha256);
	crypto_hash_sha256_final(&h, sum);
	x->sha256 = arena_str(&x->a, str_c(sodium_bin2hex(hex, sizeof hex, sum, sizeof sum)));
	return ERR_OK;
}

/* Work: only for who may send them and does not send too often. */
static enum err receive_files(struct exchange *x)
{
	for (size_t i = 0; x->sh->app->received && x->parts && i < x->parts->n_up; i++)
		TRY(x->sh->app->received(&x->c, x->parts->field[i], &x->parts->up[i]));
	return ERR_OK;
}

static enum err admit(struct exchange *x)
{
	TRY(who_asks(x));
	if (x->opened)
		return fail(&x->c, x->opened, NULL);
	TRY(permitted(x));
	TRY(read_pairs(x));
	TRY(same_site(x));
	TRY(not_too_often(x));
	TRY(receive_files(x));
	TRY(idempotency(x));
	return fill_form(x);
}

/* ---- run ---- */

static _Thread_local struct exchange *current;

void live_touch(struct ctx *c, const char *topic)
{
	struct exchange *x = current;

	if (!x || &x->c != c) {
		live_later(topic);
		return;
	}
	for (size_t i = 0; i < x->n_touch; i++)
		if (!strcmp(x->touch[i], topic))
			return;
	if (x->n_touch < TOUCH_MAX)
		snprintf(x->touch[x->n_touch++], sizeof x->touch[0], "%s", topic);
}

static enum err run(struct exchange *x)
{
	struct exchange *outer = current;
	enum err e;

	x->rep = (struct reply){ 0 };
	x->n_touch = 0;
	current = x;
	e = x->r.route->run(&x->c, &x->r, &x->rep);
	current = outer;
	return e;
}

static enum err admit_and_read(struct exchange *x)
{
	enum err e = admit(x);

	return e || changes(x) ? e : run(x);
}

static enum err render(struct exchange *x)
{
	respond_reply(x, x->c.diag.code);
	return ERR_OK;
}

static void answer(struct exchange *x, enum err e)
{
	if (x->c.diag.code != e)
		x->c.diag = (struct diag){ .code = e };
	if (guarded(x, render) || x->ans.o.b.overflow)
		respond_plain(x, 500, S("The answer grew too large."));
	respond_common(x);
}

/* The form once more, with what was typed and why it failed. */
static enum err show_again(struct exchange *x)
{
	struct diag why = x->c.diag;
	enum err e;

	x->r.failed = true;
	x->c.diag = (struct diag){ 0 };
	x->rep = (struct reply){ 0 };
	e = x->r.route->again(&x->c, &x->r, &x->rep);
	x->c.diag = why;
	return e;
}

static bool has_again(const struct exchange *x, enum err e)
{
	return x->r.route && x->r.route->again && x->r.as == AS_HTML && x->method != M_GET && e != ERR_DB && e != ERR_BUSY && e != ERR_FULL
		&& (x->c.who->id != NIL || (x->r.route->flags & R_PUBLIC));
}

static void conclude(struct exchange *x, enum err e)
{
	if (e && has_again(x, e) && guarded(x, show_again))
		x->r.failed = false;
	answer(x, e);
}

static bool builtin_or_kept(struct exchange *x, const struct conn *read)
{
	if (!x->opened || !builtin_page(x))
		return read && pages_recall(x, read);
	respond_common(x);
	return true;
}

enum step exchange_begin(struct exchange *x, struct conn *read)
{
	bool writes;
	enum err e;

	x->c.db = read;
	e = read ? db_read_begin(read) : ERR_OK;
	if (!e && builtin_or_kept(x, read)) {
		if (read)
			db_read_end(read);
		return STEP_DONE;
	}
	if (!e)
		e = guarded(x, admit_and_read);
	writes = !e && changes(x);
	if (!writes)
		conclude(x, e);
	if (x->keep)
		pages_keep(x, conn_epoch(read));
	if (read)
		db_read_end(read);
	if (!writes)
		return STEP_DONE;
	if (!(x->r.route->flags & R_SLOW))
		return STEP_WRITE;
	conclude(x, guarded(x, run));
	return STEP_DONE;
}

static enum err run_once(struct exchange *x)
{
	const struct http_app *app = x->sh->app;
	str body;

	if (!x->r.idem_key.n)
		return run(x);
	TRY(app->idem_find(&x->c, x->r.idem_key, x->sha256, &x->replayed, &x->replay_status, &x->replay_body, &x->replay_location));
	if (x->replayed)
		return ERR_OK;
	TRY(run(x));
	if (x->r.as == AS_HTML || x->rep.file_type.p || x->rep.stream)
		return app->idem_store(&x->c, x->r.idem_key, x->sha256, 303, S(""), x->rep.location);
	respond_reply(x, ERR_OK);
	x->rendered = true;
	body = (str){ x->ans.o.b.n ? x->ans.o.b.p : "", x->ans.o.b.n };
	return app->idem_store(&x->c, x->r.idem_key, x->sha256, x->ans.status, body, x->rep.location);
}

enum err exchange_write(struct ctx *c, void *arg)
{
	struct exchange *x = arg;

	(void)c;
	x->rendered = x->replayed = false;
	x->ans.n = 0;
	x->ans.status = 0;
	buf_clear(&x->ans.o.b);
	return run_once(x);
}

void exchange_finish(struct exchange *x, struct conn *read, enum err e)
{
	x->c.db = read;
	if (e) {
		x->a.cap += 1 << 20;
		x->rendered = x->replayed = false;
		x->n_touch = 0;
		x->ans.n = 0;
		buf_clear(&x->ans.o.b);
	}
	if (x->rendered) {
		respond_common(x);
		return;
	}
	if (read && db_read_begin(read) && !e)
		e = ERR_DB;
	conclude(x, e);
	if (read)
		db_read_end(read);
}

void touch_flush(struct exchange *x, void (*publish)(void *arg, str topic), void *arg)
{
	for (size_t i = 0; i < x->n_touch; i++)
		publish(arg, str_c(x->touch[i]));
	x->n_touch = 0;
}

static enum err next_piece(struct exchange *x)
{
	enum err e = ERR_OK;

	if (!x->rep.stream(&x->c, &x->ans.o, x->rep.stream_arg, &e))
		x->rep.stream = NULL;
	return e;
}

bool exchange_stream(struct exchange *x, struct conn *read)
{
	enum err e;

	x->c.db = read;
	buf_clear(&x->ans.o.b);
	e = read ? db_read_begin(read) : ERR_OK;
	if (!e)
		e = guarded(x, next_piece);
	if (read)
		db_read_end(read);
	/* An error in the middle: the chunked body ends without its last chunk, so the client sees that it is cut. */
	if (e || x->ans.o.b.overflow)
		x->ans.close = true;
	return !e && x->rep.stream != NULL;
}

str req_typed(const struct req *r, const char *name) { return pair_get(r->typed, r->n_typed, str_c(name)); }
