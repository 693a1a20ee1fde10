/* assets.c — embedded files under /assets, for ever when asked for by their hash. */
#include "http/http_int.h"
#include "base/embed.h"
#include <pthread.h>

static struct { char **url; size_t n; } table;

static void build(void)
{
	while (embedded_web[table.n].name)
		table.n++;
	table.url = calloc(table.n + 1, sizeof *table.url);
	for (size_t i = 0; table.url && i < table.n; i++)
		if (asprintf(&table.url[i], "/assets/%s?v=%s", embedded_web[i].name, embedded_web[i].hash) < 0)
			BUG("out of memory");
	if (!table.url)
		BUG("out of memory");
}

str asset_url(const char *name)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const struct embedded *e = embedded_find(embedded_web, str_c(name));

	pthread_once(&once, build);
	if (!e)
		BUG("no asset %s", name);
	return str_c(table.url[e - embedded_web]);
}

/* /assets/NAME, and the few names that browsers expect at the root. */
static const struct embedded *wanted(str path)
{
	static const char *const root[] = { "favicon.ico", "robots.txt", "sw.js", NULL };

	if (str_starts(path, S("/assets/")))
		return embedded_find(embedded_web, (str){ path.p + 8, path.n - 8 });
	if (path.n > 1 && name_index(root, (str){ path.p + 1, path.n - 1 }) >= 0)
		return embedded_find(embedded_web, (str){ path.p + 1, path.n - 1 });
	return NULL;
}

bool asset_answer(struct exchange *x)
{
	const struct embedded *e = x->method == M_GET ? wanted(x->r.path) : NULL;
	str tag;

	if (!e)
		return false;
	tag = arena_fmt(&x->a, "\"%s\"", e->hash);
	x->ans.n = 0;
	x->ans.status = 200;
	answer_head(x, S("Content-Type"), str_c(e->type));
	answer_head(x, S("X-Content-Type-Options"), S("nosniff"));
	answer_head(x, S("ETag"), tag);
	answer_head(x, S("Vary"), S("Accept-Encoding"));
	answer_head(x, S("Cache-Control"), str_find(x->r.query, str_c(e->hash), NULL) ? S("public, max-age=31536000, immutable") : S("no-cache"));
	if (str_eq(head_get(x, S("If-None-Match")), tag)) {
		x->ans.status = 304;
		x->ans.fixed = S("");
		return true;
	}
	x->ans.fixed = embedded_str(e);
	if (e->gz && accept_q(head_get(x, S("Accept-Encoding")), S("gzip")) > 0) {
		answer_head(x, S("Content-Encoding"), S("gzip"));
		x->ans.fixed = (str){ (const char *)e->gz, e->gz_n };
	}
	return true;
}
