/* builtin.c — what every installation answers: assets, the language switch, health, metrics, the description of the API. */
#include "http/server_int.h"
#include "base/i18n.h"

/* A page that answered a form cannot be asked for: the nearest above it can. */
static str page_to_show(const struct exchange *x)
{
	str path = x->r.path, arg[3];
	const struct route *row;
	unsigned allow;

	if (x->opened != ERR_METHOD)
		return path;
	while (path.n > 1 && router_match(x->sh->router, M_GET, DOOR_PAGE, path, &row, arg, &allow)) {
		const char *slash = memrchr(path.p, '/', path.n);

		path.n = slash > path.p ? (size_t)(slash - path.p) : 1;
	}
	return path;
}

/* ?lang=en on any page: remembers it and shows the page without the parameter. */
static bool language_switch(struct exchange *x)
{
	str query = x->r.query, piece, lang = { 0 };
	struct buf b;

	if (x->method != M_GET || x->r.as != AS_HTML)
		return false;
	buf_init(&b, 8000);
	buf_str(&b, page_to_show(x));
	while (str_cut(&query, '&', &piece)) {
		if (str_starts(piece, S("lang="))) {
			lang = (str){ piece.p + 5, piece.n - 5 };
			continue;
		}
		buf_c(&b, memchr(b.p, '?', b.n) ? '&' : '?');
		buf_str(&b, piece);
	}
	if (lang.n && name_index(i18n_langs, lang) >= 0 && !str_starts(x->r.path, S("//")) && !b.overflow) {
		x->ans.status = 303;
		answer_head(x, S("Location"), arena_str(&x->a, (str){ b.p, b.n }));
		answer_head(x, S("Set-Cookie"), arena_fmt(&x->a, "bx_lang=%.*s; Path=/; SameSite=Lax; Max-Age=31536000%s", STR_ARG(lang), x->https ? "; Secure" : ""));
		answer_head(x, S("Cache-Control"), S("no-store"));
		respond_common(x);
	}
	buf_free(&b);
	return x->ans.status != 0;
}

bool exchange_builtin(struct exchange *x) { return asset_answer(x) || language_switch(x); }

static void health(struct exchange *x)
{
	buf_str(&x->ans.o.b, S("ok\n"));
	answer_head(x, S("Content-Type"), S("text/plain; charset=utf-8"));
}

static bool near(str remote)
{
	return !remote.n || str_starts(remote, S("127.")) || str_starts(remote, S("10.")) || str_starts(remote, S("192.168.")) || str_eq(remote, S("::1"));
}

static void metrics(struct exchange *x)
{
	struct http *h = x->sh->server;

	if (!near(x->r.remote)) {
		respond_plain(x, 403, S("Only from the local network."));
		return;
	}
	answer_head(x, S("Content-Type"), S("application/openmetrics-text; version=1.0.0; charset=utf-8"));
	if (h)
		metrics_write(h->sh.metrics, &x->ans.o, h->sh.db, h->conns.n, h->visits, (int64_t)h->n_ears);
}

static void openapi(struct exchange *x)
{
	answer_head(x, S("Content-Type"), S("application/json; charset=utf-8"));
	http_openapi(&x->ans.o, &x->c, x->sh->app);
}

static const struct { const char *path; void (*answer)(struct exchange *x); } page[] = {
	{ "/healthz", health }, { "/metrics", metrics }, { "/api/v1/openapi.json", openapi },
};

bool builtin_page(struct exchange *x)
{
	for (size_t i = 0; i < LEN(page); i++) {
		if (!str_eq(x->r.path, str_c(page[i].path)))
			continue;
		if (x->method != M_GET) {
			x->opened = ERR_METHOD;
			x->allow = 1u << M_GET;
			return false;
		}
		x->ans.status = 200;
		answer_head(x, S("Cache-Control"), S("no-store"));
		page[i].answer(x);
		return true;
	}
	return false;
}
