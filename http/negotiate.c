/* negotiate.c — which rendering a request wants: address prefix, ?format=, suffix, Accept, in this order. */
#include "http/http_int.h"

static const struct { const char *suffix, *format, *type; enum format as; } known[] = {
	{ ".json", "json", "application/json", AS_JSON },
	{ ".csv", "csv", "text/csv", AS_CSV },
	{ ".xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", AS_XLSX },
	{ "", "html", "text/html", AS_HTML },
};

/* Value of ?format= without decoding: our names need none. */
static str format_param(str query)
{
	str piece;

	while (str_cut(&query, '&', &piece))
		if (str_starts(piece, S("format=")))
			return (str){ piece.p + 7, piece.n - 7 };
	return (str){ 0 };
}

static bool by_param(struct exchange *x)
{
	str want = format_param(x->r.query);

	for (size_t i = 0; i < LEN(known); i++) {
		if (str_eq(want, str_c(known[i].format))) {
			x->r.as = known[i].as;
			return true;
		}
	}
	return false;
}

static bool by_suffix(struct exchange *x, str *path)
{
	for (size_t i = 0; i < LEN(known) && x->method == M_GET; i++) {
		str suffix = str_c(known[i].suffix);

		if (suffix.n && path->n > suffix.n + 1 && str_ends(*path, suffix)) {
			path->n -= suffix.n;
			x->r.as = known[i].as;
			return true;
		}
	}
	return false;
}

static void by_accept(struct exchange *x)
{
	str accept = head_get(x, S("Accept"));
	int best = x->door == DOOR_API || x->bearer.n ? -1 : accept_q(accept, S("text/html"));

	if (best < 0 && (x->door == DOOR_API || x->bearer.n))
		x->r.as = AS_JSON;
	for (size_t i = 0; i < LEN(known); i++) {
		int q = accept_q(accept, str_c(known[i].type));

		if (q > best && (known[i].as != AS_HTML || x->door == DOOR_PAGE)) {
			best = q;
			x->r.as = known[i].as;
		}
	}
}

str negotiate(struct exchange *x, str path)
{
	bool api = str_starts(path, S("/api/v1/")) || str_eq(path, S("/api/v1"));

	if (api) {
		path.p += 7;
		path.n -= 7;
		if (!path.n)
			path = S("/");
	}
	x->door = api ? DOOR_API : DOOR_PAGE;
	x->r.as = AS_HTML;
	if (!by_param(x) && !by_suffix(x, &path))
		by_accept(x);
	if (api && x->r.as == AS_HTML)
		x->r.as = AS_JSON;
	if (x->r.as != AS_HTML)
		x->door = DOOR_API;
	return path;
}
