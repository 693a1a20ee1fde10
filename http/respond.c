/* respond.c — a handler's reply, or its failure, as status, headers and body. */
#include "http/http_int.h"
#include "base/i18n.h"
#include <sodium.h>


void answer_head(struct exchange *x, str name, str value)
{
	if (x->ans.n == ANSWER_HEADS)
		BUG("too many headers in an answer");
	x->ans.head[x->ans.n++] = (struct head){ name, value };
}

static void type(struct exchange *x, str value) { answer_head(x, S("Content-Type"), value); }

void respond_plain(struct exchange *x, int status, str text)
{
	x->ans.n = 0;
	x->ans.status = status;
	x->ans.stream = x->ans.live = false;
	buf_clear(&x->ans.o.b);
	buf_str(&x->ans.o.b, text);
	buf_c(&x->ans.o.b, '\n');
	type(x, S("text/plain; charset=utf-8"));
	answer_head(x, S("Cache-Control"), S("no-store"));
	answer_head(x, S("X-Content-Type-Options"), S("nosniff"));
}

/* ---- cookies ---- */

static void cookie(struct exchange *x, const char *name, str value, const char *attributes)
{
	answer_head(x, S("Set-Cookie"), arena_fmt(&x->a, "%s=%.*s; Path=/; SameSite=Lax%s%s", name, STR_ARG(value), attributes, x->https ? "; Secure" : ""));
}

static str flash_tag(struct exchange *x, str text)
{
	unsigned char tag[crypto_auth_BYTES];
	char hex[sizeof tag * 2 + 1];

	crypto_auth(tag, (const unsigned char *)text.p, text.n, x->sh->key);
	return arena_str(&x->a, str_c(sodium_bin2hex(hex, sizeof hex, tag, sizeof tag)));
}

str flash_sign(struct exchange *x, str text)
{
	struct buf b;
	str value;

	buf_init(&b, 3500);
	url_encode(&b, text);
	value = b.overflow ? S("") : arena_join(&x->a, (const str[]){ flash_tag(x, text), { b.p, b.n } }, 2, S("."));
	buf_free(&b);
	return value;
}

str flash_open(struct exchange *x, str value)
{
	str tag, text;

	if (!str_cut(&value, '.', &tag) || !url_decode(&x->a, value, false, &text) || !text.n)
		return (str){ 0 };
	return bytes_eq(tag, flash_tag(x, text)) ? text : (str){ 0 };
}

static void cookies(struct exchange *x)
{
	str was = cookie_get(head_get(x, S("Cookie")), S("bx_flash"));

	if (x->rep.set_session.n == 1 && x->rep.set_session.p[0] == '-')
		cookie(x, "bx_session", S(""), "; HttpOnly; Max-Age=0");
	else if (x->rep.set_session.n)
		cookie(x, "bx_session", x->rep.set_session, "; HttpOnly; Max-Age=2592000");
	else if (x->bad_session)
		cookie(x, "bx_session", S(""), "; HttpOnly; Max-Age=0");
	if (x->rep.flash.n && x->r.as == AS_HTML && x->rep.location.n)
		cookie(x, "bx_flash", flash_sign(x, x->rep.flash), "; HttpOnly; Max-Age=60");
	else if (was.n && x->r.as == AS_HTML && !x->r.htmx)
		cookie(x, "bx_flash", S(""), "; HttpOnly; Max-Age=0");
}

/* ---- common headers ---- */

/* For a browser on this machine packing costs more than it saves. */
bool takes_gzip(const struct exchange *x) { return !loopback(x->r.remote) && accept_q(head_get(x, S("Accept-Encoding")), S("gzip")) > 0; }

static bool may_compress(const struct exchange *x)
{
	return x->ans.o.b.n > 1400 && !x->ans.stream && !x->ans.file.p && !x->ans.fixed.p && !x->rep.file_type.p && x->r.as != AS_XLSX && takes_gzip(x);
}

/* Where the request's id stands in a body that may be kept. */
static void find_stamps(struct exchange *x)
{
	struct answer *a = &x->ans;
	const char *at = a->o.b.p, *end;

	a->n_stamp = 0;
	if (!a->o.b.n)
		return;
	end = at + a->o.b.n;
	while (x->keep && (at = memmem(at, (size_t)(end - at), x->c.trace.p, STAMP))) {
		x->keep = a->n_stamp < STAMPS_MAX;
		if (x->keep)
			a->stamp[a->n_stamp++].at = (size_t)(at - a->o.b.p);
		at += STAMP;
	}
}

void respond_common(struct exchange *x)
{
	cookies(x);
	if (x->retry_ms > 0)
		answer_head(x, S("Retry-After"), arena_fmt(&x->a, "%lld", (long long)((x->retry_ms + 999) / 1000)));
	answer_head(x, S("Vary"), S("Accept, Accept-Language, Accept-Encoding, Cookie, HX-Request"));
	answer_head(x, S("X-Content-Type-Options"), S("nosniff"));
	answer_head(x, S("Referrer-Policy"), S("same-origin"));
	answer_head(x, S("Permissions-Policy"), S("camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"));
	answer_head(x, S("Cross-Origin-Opener-Policy"), S("same-origin"));
	answer_head(x, S("Content-Security-Policy"), x->rep.file_type.p ? S("sandbox; default-src 'none'; frame-ancestors 'none'")
		: S("default-src 'self'; img-src 'self' data: blob:; object-src 'none'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"));
	if (x->https)
		answer_head(x, S("Strict-Transport-Security"), S("max-age=31536000"));
	answer_head(x, S("X-Request-Id"), x->c.trace);
	find_stamps(x);
	x->ans.packed = may_compress(x) && gzip_out(&x->ans.o.b, x->ans.stamp, x->ans.n_stamp);
	if (x->ans.packed)
		answer_head(x, S("Content-Encoding"), S("gzip"));
}

/* ---- views ---- */

void attachment(struct exchange *x, str name, bool inline_file)
{
	struct buf b;

	buf_init(&b, 2000);
	buf_str(&b, inline_file ? S("inline; filename*=UTF-8''") : S("attachment; filename*=UTF-8''"));
	url_encode(&b, name);
	answer_head(x, S("Content-Disposition"), arena_str(&x->a, (str){ b.p, b.n }));
	buf_free(&b);
}

static void as_html(struct exchange *x, const struct view *v, void *model)
{
	const struct http_app *app = x->sh->app;
	str flash = cookie_get(head_get(x, S("Cookie")), S("bx_flash"));

	type(x, S("text/html; charset=utf-8"));
	if (!x->rep.title.p && v->title)
		x->rep.title = tr(&x->c, v->title);
	if (!x->rep.flash.p && flash.n)
		x->rep.flash = flash_open(x, flash);
	if (x->r.htmx || !app->frame || (x->r.route->flags & R_BARE))
		v->page(&x->ans.o, &x->c, model);
	else
		app->frame(&x->ans.o, &x->c, &x->r, &x->rep, x->csrf, v->page, model);
}

static enum err view(struct exchange *x)
{
	const struct view *v = x->rep.view;

	if (v->fields && x->rep.model)
		view_redact(&x->c, v->fields, x->rep.model);
	if (x->r.as == AS_HTML && v->page)
		as_html(x, v, x->rep.model);
	else if (!v->fields)
		return ERR_NOT_FOUND;
	else if (x->r.as != AS_HTML && x->r.as != AS_JSON)
		return respond_table(x, v, x->rep.model);
	else {
		type(x, S("application/json; charset=utf-8"));
		json_obj(&x->ans.o, &x->c, v->fields, x->rep.model);
	}
	return ERR_OK;
}

/* ---- addresses ---- */

/* The API lives under its prefix: places named by handlers move there. */
static str place(struct exchange *x, str location)
{
	if (x->r.as == AS_HTML || !str_starts(location, S("/")) || str_starts(location, S("/api/")))
		return location;
	return arena_join(&x->a, (const str[]){ S("/api/v1"), location }, 2, S(""));
}

/* The same address with another `after`. */
static void link_next(struct exchange *x)
{
	str query = x->r.query, piece;
	struct buf b;

	buf_init(&b, 8000);
	buf_c(&b, '<');
	buf_str(&b, x->r.path);
	buf_str(&b, S("?after="));
	url_encode(&b, x->rep.next);
	while (str_cut(&query, '&', &piece)) {
		if (!piece.n || str_starts(piece, S("after=")) || memchr(piece.p, '>', piece.n))
			continue;
		buf_c(&b, '&');
		buf_str(&b, piece);
	}
	buf_str(&b, S(">; rel=\"next\""));
	if (!b.overflow)
		answer_head(x, S("Link"), arena_str(&x->a, (str){ b.p, b.n }));
	buf_free(&b);
}

static void redirect(struct exchange *x, str location)
{
	if (x->r.htmx) {
		x->ans.status = 204;
		answer_head(x, S("HX-Redirect"), location);
		return;
	}
	x->ans.status = 303;
	answer_head(x, S("Location"), location);
}

/* ---- replies ---- */

static void download(struct exchange *x)
{
	struct reply *rep = &x->rep;

	type(x, rep->file_type.n ? rep->file_type : S("application/octet-stream"));
	if (rep->file_name.n)
		attachment(x, rep->file_name, rep->inline_file);
	x->ans.stream = rep->stream != NULL;
	if (rep->file_path.p)
		x->ans.file = rep->file_path;
	else if (!rep->stream)
		buf_str(&x->ans.o.b, rep->bytes);
}

static enum err reply(struct exchange *x)
{
	struct reply *rep = &x->rep;
	bool page = x->r.as == AS_HTML;

	answer_head(x, S("Cache-Control"), page ? S("private, no-cache") : S("no-store"));
	x->ans.status = rep->created && !page ? 201 : x->r.failed ? 422 : 200;
	if (x->replayed)
		x->ans.status = page ? 303 : x->replay_status;
	if (rep->ver > 0)
		answer_head(x, S("ETag"), arena_fmt(&x->a, "\"%lld\"", (long long)rep->ver));
	if (rep->next.n)
		link_next(x);
	if (x->r.route->flags & R_LIVE) {
		x->ans.live = true;
		return ERR_OK;
	}
	if (page && rep->location.n) {
		redirect(x, rep->location);
		return ERR_OK;
	}
	if (rep->location.n)
		answer_head(x, S("Location"), place(x, rep->location));
	if (x->replayed) {
		answer_head(x, S("Idempotency-Replayed"), S("true"));
		type(x, S("application/json; charset=utf-8"));
		buf_str(&x->ans.o.b, x->replay_body);
		return ERR_OK;
	}
	if (rep->file_path.p || rep->bytes.p || rep->stream) {
		download(x);
		return ERR_OK;
	}
	if (rep->view)
		return view(x);
	x->ans.status = rep->created && !page ? 201 : 204;
	return ERR_OK;
}

/* ---- failures ---- */

struct error_model { struct exchange *x; int status; };

static void error_inside(struct out *o, const struct ctx *c, const void *model)
{
	const struct error_model *m = model;

	m->x->sh->app->error_page(o, c, &m->x->r, m->status);
}

static void error_html(struct exchange *x, enum err e)
{
	const struct http_app *app = x->sh->app;
	struct error_model m = { x, err_info[e].status };

	type(x, S("text/html; charset=utf-8"));
	if (!app->error_page) {
		out_text(&x->ans.o, &x->c, v_str(error_text(&x->c, e)));
		return;
	}
	x->rep = (struct reply){ .title = tr(&x->c, err_info[e].text) };
	if (x->r.htmx || !app->frame)
		error_inside(&x->ans.o, &x->c, &m);
	else
		app->frame(&x->ans.o, &x->c, &x->r, &x->rep, x->csrf, error_inside, &m);
}

static bool to_login(struct exchange *x, enum err e)
{
	struct buf b;

	if (e != ERR_UNAUTHORIZED || x->r.as != AS_HTML || x->bearer.n || !x->sh->app->login_path)
		return false;
	buf_init(&b, 8000);
	buf_str(&b, str_c(x->sh->app->login_path));
	if (x->method == M_GET && x->r.path.n > 1 && !x->r.htmx) {
		buf_str(&b, S("?next="));
		url_encode(&b, x->r.path);
	}
	redirect(x, arena_str(&x->a, (str){ b.p, b.n }));
	buf_free(&b);
	return true;
}

void respond_error(struct exchange *x, enum err e)
{
	struct buf b;

	x->ans.n = 0;
	x->ans.stream = x->ans.live = false;
	buf_clear(&x->ans.o.b);
	if (x->r.failed && x->rep.view && !view(x)) {
		x->ans.status = err_info[e].status;
		answer_head(x, S("Cache-Control"), S("no-store"));
		return;
	}
	x->ans.n = 0;
	x->rep = (struct reply){ 0 };
	x->ans.status = err_info[e].status;
	answer_head(x, S("Cache-Control"), S("no-store"));
	if (to_login(x, e))
		return;
	if (e == ERR_UNAUTHORIZED)
		answer_head(x, S("WWW-Authenticate"), S("Bearer realm=\"baoxiu\""));
	if (e == ERR_METHOD) {
		buf_init(&b, 100);
		allow_text(&b, x->allow);
		answer_head(x, S("Allow"), arena_str(&x->a, (str){ b.n ? b.p : "", b.n }));
		buf_free(&b);
	}
	if (x->r.as == AS_HTML) {
		error_html(x, e);
		return;
	}
	type(x, S("application/problem+json; charset=utf-8"));
	problem_json(&x->ans.o, x, e);
}

void respond_reply(struct exchange *x, enum err e)
{
	if (!e && x->replayed)
		x->rep = (struct reply){ .location = x->replay_location };
	if (!e)
		e = reply(x);
	if (e)
		respond_error(x, e);
}
