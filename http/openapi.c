/* openapi.c — OpenAPI 3.1 from the same tables that serve: routes, forms, views. */
#include "http/http_int.h"
#include "base/i18n.h"

struct doc { struct out *o; const struct ctx *c; const struct slice *const *slices; };

static void lit(struct out *o, const char *s) { out_lit(o, s, strlen(s)); }
static void text(struct out *o, const char *s) { json_str(o, str_c(s)); }

/* Comma between members: none behind an opening brace or bracket. */
static void next(struct out *o)
{
	char last = o->b.n ? o->b.p[o->b.n - 1] : '{';

	if (last != '{' && last != '[' && last != ':')
		lit(o, ",");
}

static void key(struct out *o, const char *name)
{
	next(o);
	text(o, name);
	lit(o, ":");
}

static void pair(struct out *o, const char *name, const char *value)
{
	key(o, name);
	text(o, value);
}

static void number(struct out *o, const char *name, int64_t value)
{
	key(o, name);
	buf_int(&o->b, value);
}

static void names(struct out *o, const char *const *list, bool null)
{
	key(o, "enum");
	lit(o, "[");
	for (size_t i = 0; list[i]; i++) {
		next(o);
		text(o, list[i]);
	}
	lit(o, null ? ",null]" : "]");
}

/* ---- what comes out: views ---- */

static void fields(struct out *o, const struct field *f, int depth);

static void field_schema(struct out *o, const struct field *f, int depth)
{
	switch (f->kind) {
	case K_INT: lit(o, "{\"type\":[\"integer\",\"null\"]}"); return;
	case K_BOOL: lit(o, "{\"type\":\"boolean\"}"); return;
	case K_INSTANT: lit(o, "{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"); return;
	case K_DAY: lit(o, "{\"type\":[\"string\",\"null\"],\"format\":\"date\"}"); return;
	case K_MONEY: lit(o, "{\"oneOf\":[{\"$ref\":\"#/components/schemas/Money\"},{\"type\":\"null\"}]}"); return;
	case K_STR: case K_HTML: lit(o, "{\"type\":[\"string\",\"null\"]}"); return;
	case K_JSON: case K_NONE: lit(o, "{}"); return;
	case K_ENUM:
		lit(o, "{");
		names(o, f->names, true);
		lit(o, "}");
		return;
	case K_OBJ:
		lit(o, "{\"oneOf\":[");
		fields(o, f->sub, depth + 1);
		lit(o, ",{\"type\":\"null\"}]}");
		return;
	case K_LIST:
		lit(o, "{\"type\":\"array\",\"items\":");
		if (f->sub)
			fields(o, f->sub, depth + 1);
		else
			lit(o, f->size == sizeof(str) ? "{\"type\":\"string\"}" : "{\"type\":\"integer\"}");
		lit(o, "}");
		return;
	}
}

/* Every member is always there; what is absent or not for the reader is null, false or an empty list. */
static void fields(struct out *o, const struct field *f, int depth)
{
	if (depth >= 8 || !f) {
		lit(o, "{\"type\":\"object\"}");
		return;
	}
	lit(o, "{\"type\":\"object\",\"properties\":{");
	for (const struct field *m = f; m->name; m++) {
		key(o, m->name);
		field_schema(o, m, depth);
	}
	lit(o, "},\"required\":[");
	for (const struct field *m = f; m->name; m++) {
		next(o);
		text(o, m->name);
	}
	lit(o, "]}");
}

/* ---- what goes in: forms ---- */

static void form_schema(struct doc *d, const struct form *f);

static const struct { const char *type, *format; } input_type[] = {
	[IN_TEXT] = { "string", NULL }, [IN_LINES] = { "string", NULL }, [IN_INT] = { "integer", NULL }, [IN_BOOL] = { "boolean", NULL },
	[IN_DAY] = { "string", "date" }, [IN_INSTANT] = { "string", "date-time" }, [IN_ENUM] = { "string", NULL }, [IN_PHONE] = { "string", NULL },
	[IN_EMAIL] = { "string", "email" }, [IN_SERIAL] = { "string", NULL }, [IN_SECRET] = { "string", "password" }, [IN_TOKEN] = { "string", NULL },
};

static void bounds(struct out *o, const struct input *in)
{
	switch (in->kind) {
	case IN_INT:
		if (in->min != NIL)
			number(o, "minimum", in->min);
		if (in->max && in->max < INT64_MAX)
			number(o, "maximum", in->max);
		return;
	case IN_LIST: case IN_FILES:
		if (in->required || in->min > 0)
			number(o, "minItems", in->min > 0 ? in->min : 1);
		number(o, "maxItems", input_most(in));
		return;
	case IN_TEXT: case IN_LINES: case IN_SECRET: case IN_TOKEN: case IN_SERIAL: case IN_EMAIL: case IN_PHONE:
		if (in->required || in->min > 0)
			number(o, "minLength", in->min > 0 ? in->min : 1);
		number(o, "maxLength", input_most(in));
		return;
	default: return;
	}
}

static void input_schema(struct doc *d, const struct input *in);

/* An element of a list: an object; where it has but one member, that member may stand for it. */
static void element_schema(struct doc *d, const struct form *sub)
{
	bool plain = sub->n == 1 && sub->in[0].kind != IN_LIST;

	lit(d->o, plain ? "{\"anyOf\":[" : "");
	form_schema(d, sub);
	if (plain) {
		lit(d->o, ",");
		input_schema(d, &sub->in[0]);
		lit(d->o, "]}");
	}
}

static void input_schema(struct doc *d, const struct input *in)
{
	struct out *o = d->o;

	lit(o, "{");
	if (in->kind == IN_MONEY) {
		lit(o, "\"oneOf\":[{\"$ref\":\"#/components/schemas/Money\"},{\"type\":\"string\"}]");
	} else if (in->kind == IN_LIST || in->kind == IN_FILES) {
		lit(o, "\"type\":\"array\",\"items\":");
		if (in->kind == IN_LIST)
			element_schema(d, in->sub);
		else
			lit(o, "{\"type\":\"string\",\"contentMediaType\":\"application/octet-stream\"}");
	} else if (in->kind != IN_JSON) {
		pair(o, "type", input_type[in->kind].type);
		if (input_type[in->kind].format)
			pair(o, "format", input_type[in->kind].format);
		if (in->kind == IN_ENUM)
			names(o, in->names, false);
	}
	bounds(o, in);
	if (in->label)
		pair(o, "title", in->label);
	if (in->hint)
		pair(o, "description", in->hint);
	lit(o, "}");
}

/* Files come only in forms of parts; JSON leaves them out. */
static void members_schema(struct doc *d, const struct form *f, bool files)
{
	struct out *o = d->o;
	bool any = false;

	lit(o, "{\"type\":\"object\",\"additionalProperties\":false,\"patternProperties\":{\"^_\":{}},\"properties\":{");
	for (size_t i = 0; i < f->n; i++) {
		if (f->in[i].kind == IN_FILES && !files)
			continue;
		key(o, f->in[i].name);
		input_schema(d, &f->in[i]);
		any |= f->in[i].required;
	}
	lit(o, "}");
	if (any) {
		key(o, "required");
		lit(o, "[");
		for (size_t i = 0; i < f->n; i++) {
			if (!f->in[i].required)
				continue;
			next(o);
			text(o, f->in[i].name);
		}
		lit(o, "]");
	}
	lit(o, "}");
}

static void form_schema(struct doc *d, const struct form *f) { members_schema(d, f, true); }

static bool has_input(const struct form *f, const char *name)
{
	for (size_t i = 0; f && i < f->n; i++)
		if (!strcmp(f->in[i].name, name))
			return true;
	return false;
}

/* Whether a form takes files, and whether it cannot do without. */
static bool has_files(const struct form *f, bool required)
{
	for (size_t i = 0; f && i < f->n; i++)
		if (f->in[i].kind == IN_FILES && (f->in[i].required || !required))
			return true;
	return false;
}

/* ---- operations ---- */

static bool get(const struct route *r) { return !strcmp(r->method, "GET"); }

static void path_parameters(struct doc *d, const char *path)
{
	str rest = str_c(path), seg;

	while (str_cut(&rest, '/', &seg)) {
		if (seg.n < 3 || seg.p[0] != '{')
			continue;
		next(d->o);
		lit(d->o, "{\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"},\"name\":");
		json_str(d->o, (str){ seg.p + 1, seg.n - 2 });
		lit(d->o, "}");
	}
}

static void parameters(struct doc *d, const struct route *r)
{
	struct out *o = d->o;

	key(o, "parameters");
	lit(o, "[");
	path_parameters(d, r->path);
	for (size_t i = 0; get(r) && r->form && i < r->form->n; i++) {
		next(o);
		lit(o, "{\"in\":\"query\",\"name\":");
		text(o, r->form->in[i].name);
		key(o, "schema");
		input_schema(d, &r->form->in[i]);
		if (r->form->in[i].required)
			lit(o, ",\"required\":true");
		lit(o, "}");
	}
	if (!strcmp(r->method, "POST") && !(r->flags & R_READ)) {
		next(o);
		lit(o, "{\"$ref\":\"#/components/parameters/IdempotencyKey\"}");
	}
	if (!get(r) && has_input(r->form, "ver")) {
		next(o);
		lit(o, "{\"$ref\":\"#/components/parameters/IfMatch\"}");
	}
	lit(o, "]");
}

static void body(struct doc *d, const struct route *r)
{
	if (get(r) || !r->form)
		return;
	key(d->o, "requestBody");
	lit(d->o, "{\"required\":true,\"content\":{");
	if (!has_files(r->form, true)) {
		lit(d->o, "\"application/json\":{\"schema\":");
		members_schema(d, r->form, false);
		lit(d->o, "}");
	}
	if (has_files(r->form, false)) {
		key(d->o, "multipart/form-data");
		lit(d->o, "{\"schema\":");
		members_schema(d, r->form, true);
		lit(d->o, "}");
	}
	lit(d->o, "}}");
}

static void good(struct doc *d, const struct route *r)
{
	struct out *o = d->o;

	if (r->flags & R_LIVE) {
		lit(o, "\"200\":{\"description\":\"News as they happen.\",\"content\":{\"text/event-stream\":{\"schema\":{\"type\":\"string\"}}}}");
		return;
	}
	if (!r->view) {
		lit(o, get(r) ? "\"200\":{\"description\":\"Bytes.\",\"content\":{\"*/*\":{}}}" : "\"204\":{\"description\":\"Done.\"}");
		return;
	}
	lit(o, !strcmp(r->method, "POST") && !(r->flags & R_READ) ? "\"2XX\":{\"description\":\"Done.\"" : "\"200\":{\"description\":\"Done.\"");
	if (get(r) && has_input(r->form, "after"))
		lit(o, ",\"headers\":{\"Link\":{\"description\":\"Next page: rel=next.\",\"schema\":{\"type\":\"string\"}}}");
	lit(o, ",\"content\":{\"application/json\":{\"schema\":{\"$ref\":");
	json_str(o, arena_fmt(d->c->a, "#/components/schemas/%s", r->view->name));
	lit(o, "}}");
	if (get(r))
		lit(o, ",\"text/csv\":{\"schema\":{\"type\":\"string\"}},\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\":{}");
	lit(o, "}}");
}

/* "post", "/orders/{no}/events" → "post_orders_no_events": a name that any language can give to a function. */
static str operation_id(struct arena *a, const char *method, const char *path)
{
	str id = arena_fmt(a, "%s%s", method, path);
	char *p = (char *)(uintptr_t)id.p;
	size_t n = 0;

	for (size_t i = 0; i < id.n; i++)
		if (p[i] != '{' && p[i] != '}')
			p[n++] = p[i];
	for (size_t i = 0; i < n; i++)
		if (p[i] == '/' || p[i] == '-')
			p[i] = '_';
	return (str){ p, n };
}

static void operation(struct doc *d, const struct slice *s, const struct route *r)
{
	struct out *o = d->o;
	char method[8];

	snprintf(method, sizeof method, "%s", r->method);
	for (char *p = method; *p; p++)
		*p |= 0x20;
	key(o, method);
	lit(o, "{");
	pair(o, "summary", r->summary);
	key(o, "operationId");
	json_str(o, operation_id(d->c->a, method, r->path));
	key(o, "tags");
	lit(o, "[");
	text(o, s->name);
	lit(o, "]");
	parameters(d, r);
	body(d, r);
	key(o, "responses");
	lit(o, "{");
	good(d, r);
	lit(o, ",\"default\":{\"$ref\":\"#/components/responses/Problem\"}}");
	if (r->flags & R_PUBLIC)
		lit(o, ",\"security\":[]");
	lit(o, "}");
}

/* Calls fn for every row of the API; `from` leaves out what stands before it. */
struct cursor { size_t slice, row; };

static const struct route *row_at(const struct doc *d, struct cursor *at)
{
	for (; d->slices[at->slice]; at->slice++, at->row = 0) {
		const struct slice *s = d->slices[at->slice];

		for (; at->row < s->n_routes; at->row++)
			if (!(s->routes[at->row].flags & R_PAGE))
				return &s->routes[at->row];
	}
	return NULL;
}

static bool path_before(const struct doc *d, const struct route *r)
{
	struct cursor at = { 0 };

	for (const struct route *o; (o = row_at(d, &at)) && o != r; at.row++)
		if (!strcmp(o->path, r->path))
			return true;
	return false;
}

static bool view_before(const struct doc *d, const struct route *r)
{
	struct cursor at = { 0 };

	for (const struct route *o; (o = row_at(d, &at)) && o != r; at.row++)
		if (o->view && !strcmp(o->view->name, r->view->name))
			return true;
	return false;
}

static void paths(struct doc *d)
{
	struct cursor at = { 0 };

	key(d->o, "paths");
	lit(d->o, "{");
	for (const struct route *r; (r = row_at(d, &at)); at.row++) {
		struct cursor same = at;

		if (path_before(d, r))
			continue;
		key(d->o, r->path);
		lit(d->o, "{");
		for (const struct route *m; (m = row_at(d, &same)); same.row++)
			if (!strcmp(m->path, r->path))
				operation(d, d->slices[same.slice], m);
		lit(d->o, "}");
	}
	lit(d->o, "}");
}

static void schemas(struct doc *d)
{
	struct cursor at = { 0 };

	for (const struct route *r; (r = row_at(d, &at)); at.row++) {
		if (!r->view || view_before(d, r))
			continue;
		key(d->o, r->view->name);
		fields(d->o, r->view->fields, 0);
	}
}

static const char head[] =
	"{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"baoxiu\",\"version\":\"1\",\"license\":{\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"},\"description\":"
	"\"Every page's data and every page's action. Lists are paged by keyset: follow Link rel=next. Instants are RFC 3339, money is in minor units.\"},"
	"\"servers\":[{\"url\":\"/api/v1\"}],\"security\":[{\"bearer\":[]},{\"session\":[]}]";
static const char fixed[] =
	"\"Money\":{\"type\":\"object\",\"required\":[\"amount\",\"currency\"],\"properties\":{\"amount\":{\"type\":\"integer\"},\"currency\":{\"type\":\"string\",\"pattern\":\"^[A-Z]{3}$\"}}},"
	"\"Problem\":{\"type\":\"object\",\"required\":[\"status\",\"code\",\"detail\",\"fields\"],\"properties\":{\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
	"\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},\"instance\":{\"type\":\"string\"},\"fields\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
	"\"properties\":{\"name\":{\"type\":\"string\"},\"label\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"}}}},\"code\":{\"enum\":[";
static const char tail[] =
	"},\"responses\":{\"Problem\":{\"description\":\"What is wrong (RFC 9457).\",\"content\":{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}}},"
	"\"parameters\":{\"IdempotencyKey\":{\"in\":\"header\",\"name\":\"Idempotency-Key\",\"description\":\"The same key again gives the first answer again.\",\"schema\":{\"type\":\"string\",\"maxLength\":128}},"
	"\"IfMatch\":{\"in\":\"header\",\"name\":\"If-Match\",\"description\":\"ETag that was read; stands for ver.\",\"schema\":{\"type\":\"string\"}}},"
	"\"securitySchemes\":{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"},\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"bx_session\"}}}}";

void http_openapi(struct out *o, const struct ctx *c, const struct http_app *app)
{
	struct doc d = { o, c, app->slices };

	lit(o, head);
	paths(&d);
	lit(o, ",\"components\":{\"schemas\":{");
	lit(o, fixed);
	for (int e = 1; e < ERR_N; e++) {
		next(o);
		text(o, err_info[e].code);
	}
	lit(o, "]}}}");
	schemas(&d);
	lit(o, tail);
}
