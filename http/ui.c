/* ui.c — what the kit's templates are told: values as controls want them, errors of the form that failed, addresses. */
#include "base/money.h"
#include "base/time.h"
#include "http/ui_int.h"
#include "ui.html.h"

const char *const ui_tone[] = { [TONE_IDLE] = "idle", [TONE_OK] = "ok", [TONE_WARN] = "warn", [TONE_BAD] = "bad", [TONE_INFO] = "info", [TONE_ACCENT] = "accent" };

enum tone ui_tone_of(const char *stage)
{
	static const struct { const char *name; enum tone tone; } stages[] = {
		{ "new", TONE_INFO }, { "run", TONE_ACCENT }, { "wait", TONE_WARN }, { "done", TONE_OK }, { "end", TONE_IDLE },
	};

	for (size_t i = 0; i < LEN(stages); i++)
		if (!strcmp(stages[i].name, stage))
			return stages[i].tone;
	BUG("no stage %s", stage);
}

const struct ui_line ui_line[] = {
	[IN_TEXT]    = { .type = "text", .class_name = "text" },
	[IN_INT]     = { .type = "text", .class_name = "int", .mode = "numeric", .fill = "off" },
	[IN_DAY]     = { .type = "date", .class_name = "day" },
	[IN_INSTANT] = { .type = "datetime-local", .class_name = "instant" },
	[IN_MONEY]   = { .type = "text", .class_name = "money", .mode = "decimal", .fill = "off" },
	[IN_ENUM]    = { .type = "text", .class_name = "enum" },
	[IN_PHONE]   = { .type = "tel", .class_name = "phone", .mode = "tel", .fill = "off" },
	[IN_EMAIL]   = { .type = "email", .class_name = "email", .mode = "email", .fill = "off" },
	[IN_SERIAL]  = { .type = "text", .class_name = "serial", .fill = "off", .scan = true },
	[IN_SECRET]  = { .type = "password", .class_name = "secret", .fill = "off" },
	[IN_TOKEN]   = { .type = "text", .class_name = "token", .fill = "off" },
	[IN_JSON]    = { .type = "text", .class_name = "json" },
};

/* ---- addresses ---- */

str ui_icon_url(const struct ctx *c, const char *name)
{
	str url = asset_url("icons.svg");

	return arena_fmt(c->a, "%.*s#%s", STR_ARG(url), name);
}

static void put_encoded(struct buf *b, str s)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		bool plain = (ch >= '0' && ch <= '9') || ((ch | 32) >= 'a' && (ch | 32) <= 'z') || strchr("-._~", ch);

		if (plain && ch) {
			buf_c(b, (char)ch);
			continue;
		}
		buf_c(b, '%');
		buf_c(b, hex[ch >> 4]);
		buf_c(b, hex[ch & 15]);
	}
}

static int hex_digit(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	ch = (char)(ch | 32);
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

static str decoded(struct arena *a, str s)
{
	char *d = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		bool escape = s.p[i] == '%' && i + 2 < s.n && hex_digit(s.p[i + 1]) >= 0 && hex_digit(s.p[i + 2]) >= 0;

		if (escape) {
			d[n++] = (char)(hex_digit(s.p[i + 1]) << 4 | hex_digit(s.p[i + 2]));
			i += 2;
		} else {
			d[n++] = s.p[i] == '+' ? ' ' : s.p[i];
		}
	}
	return (str){ d, n };
}

str ui_query(const struct ctx *c, const struct req *r, const char *name)
{
	str rest = r->query, pair, key;

	while (str_cut(&rest, '&', &pair)) {
		key = pair;
		str_cut(&pair, '=', &key);
		if (str_eq(key, str_c(name)))
			return decoded(c->a, pair);
	}
	return (str){ 0 };
}

/* This page's address with name=value, without the parameter `without`. */
static str here(const struct ctx *c, const struct req *r, const char *name, str value, const char *without)
{
	str rest = r->query, pair, key, all;
	struct buf b;
	char mark = '?';

	buf_init(&b, 16384);
	buf_str(&b, r->path);
	while (str_cut(&rest, '&', &pair)) {
		str tail = pair;

		if (!str_cut(&tail, '=', &key) || str_eq(key, str_c(name)) || (without && str_eq(key, str_c(without))))
			continue;
		buf_c(&b, mark);
		buf_str(&b, pair);
		mark = '&';
	}
	if (value.p) {
		buf_c(&b, mark);
		buf_str(&b, str_c(name));
		buf_c(&b, '=');
		put_encoded(&b, value);
	}
	all = b.overflow ? r->path : arena_str(c->a, (str){ b.p, b.n });
	buf_free(&b);
	return all;
}

str ui_here(const struct ctx *c, const struct req *r, const char *name, str value) { return here(c, r, name, value, "after"); }
str ui_next(const struct ctx *c, const struct req *r, str cursor) { return here(c, r, "after", cursor, NULL); }

str ui_export(const struct ctx *c, const struct req *r, const char *format) { return here(c, r, "format", str_c(format), NULL); }

bool ui_filter(const struct ctx *c, str *rest, struct pair *ret)
{
	static const char *const others[] = { "q", "after", "before", "format", "lang", NULL };
	str value, name;

	while (str_cut(rest, '&', &value)) {
		if (!str_cut(&value, '=', &name) || !value.n || name_index(others, name) >= 0)
			continue;
		*ret = (struct pair){ decoded(c->a, name), decoded(c->a, value) };
		return true;
	}
	return false;
}

/* ---- clocks and phones ---- */

enum { SOON_MS = 3600 * 1000 };

void ui_due(struct out *o, const struct ctx *c, instant due, str paused, instant done)
{
	struct ui_clock k = { .at = due };
	int64_t left;

	if (due.ms == NIL)
		return;
	left = due.ms - c->now.ms;
	k.exact = show(c, v_instant(due));
	if (done.ms != NIL) {
		bool met = done.ms <= due.ms;

		k.tone = met ? TONE_OK : TONE_BAD;
		k.icon = met ? "check" : "alert";
		k.words = met ? _("In time") : trf(c, N_("Late by {1}"), show_span(c, done.ms - due.ms));
	} else if (paused.p) {
		k.icon = "pause";
		k.words = paused.n ? trf(c, N_("Paused: {1}"), paused) : _("Paused");
	} else {
		k.tone = left < 0 ? TONE_BAD : left < SOON_MS ? TONE_WARN : TONE_OK;
		k.icon = left < 0 ? "alert" : "clock";
		k.words = left < 0 ? trf(c, N_("Overdue {1}"), show_span(c, -left)) : trf(c, N_("{1} left"), show_span(c, left));
		k.ticks = true;
	}
	ui_due_clock(o, c, &k);
}

bool ui_is_masked(str text)
{
	size_t at;

	return str_find(text, S("*"), &at) || !text.n;
}

str ui_dial(const struct ctx *c, str phone)
{
	char *d = arena_alloc(c->a, phone.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < phone.n; i++)
		if ((phone.p[i] >= '0' && phone.p[i] <= '9') || (phone.p[i] == '+' && !n))
			d[n++] = phone.p[i];
	return (str){ d, n };
}

/* ---- forms ---- */

static const struct input *input_of(const struct form *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->in[i].name, name))
			return &f->in[i];
	BUG("form %s has no input %s", f->name, name);
}

bool ui_failed(const struct req *r, const struct form *f)
{
	const struct form *of = r->failed && r->route ? r->route->form : NULL;

	for (size_t i = 0; of && of != f && i < of->n; i++)
		if (of->in[i].sub == f)
			return true;
	return of && of == f;
}

str ui_id(const struct ctx *c, const struct form *f, const char *prefix, const char *name)
{
	return arena_fmt(c->a, "%s-%s%s", f->name, prefix ? prefix : "", name);
}

void ui_hidden(struct out *o, const struct ctx *c, const struct req *r)
{
	/* Where it stands on the page tells one form's key from the other's; the request's id tells pages apart. */
	ui_hidden_fields(o, c, r->csrf, arena_fmt(c->a, "%.*s-%zu", STR_ARG(c->trace), o->b.n));
}

static str field_error(const struct ctx *c, const char *path)
{
	for (size_t i = 0; i < c->diag.n; i++)
		if (!strcmp(c->diag.f[i].field, path))
			return trf_(c, c->diag.f[i].text, c->diag.f[i].arg, LEN(c->diag.f[i].arg));
	return (str){ 0 };
}

/* "2026-11-22T14:30" in the reader's zone, as <input type=datetime-local> wants it. */
static str local_minute(const struct ctx *c, instant t)
{
	struct civil v = tz_civil(c->who ? c->who->zone : NULL, t);

	return arena_fmt(c->a, "%04d-%02d-%02dT%02d:%02d", v.y, v.mo, v.d, v.h, v.mi);
}

static str as_typed(const struct ctx *c, const struct input *in, struct val v)
{
	if (v.kind == K_NONE)
		return S("");
	if (in->kind == IN_ENUM && v.kind == K_INT) {
		for (int64_t i = 0; in->names && in->names[i]; i++)
			if (i == v.i)
				return str_c(in->names[i]);
		return S("");
	}
	switch (v.kind) {
	case K_INT: case K_BOOL: case K_ENUM:
		return arena_fmt(c->a, "%lld", (long long)v.i);
	case K_DAY:
		return day_iso(c->a, (day){ v.i });
	case K_INSTANT:
		return local_minute(c, (instant){ v.i });
	case K_MONEY: {
		money m = { .minor = v.i };

		memcpy(m.cur, v.cur, sizeof m.cur);
		return money_plain(c->a, m);
	}
	default:
		return v.s;
	}
}

/* The names of an enum, or the choices the page gave, with an empty one first where absence is allowed or nothing is chosen yet. */
static void choices(const struct ctx *c, struct ui_control *k)
{
	const struct ui_more *m = k->more;
	size_t n = m->n, at = 0;
	struct ui_option *option;

	if (!m->options && k->in->kind != IN_ENUM)
		return;
	for (; !m->options && k->in->names && k->in->names[n]; n++)
		;
	option = NEW_N(c->a, struct ui_option, n + 1);
	if (!k->required || !k->value.n)
		option[at++] = (struct ui_option){ S(""), k->required ? _("Please choose") : S("—") };
	for (size_t i = 0; i < n; i++)
		option[at++] = m->options ? m->options[i]
			: (struct ui_option){ str_c(k->in->names[i]), m->titles ? tr(c, m->titles[i]) : str_c(k->in->names[i]) };
	k->option = option;
	k->n = at;
}

static int64_t longest(const struct input *in)
{
	switch (in->kind) {
	case IN_LINES:
		return in->max ? in->max : 4000;
	case IN_TEXT: case IN_SERIAL: case IN_EMAIL: case IN_SECRET: case IN_TOKEN:
		return in->max ? in->max : 200;
	default:
		return 0;
	}
}

static str describe(const struct ctx *c, const struct ui_control *k)
{
	if (k->hint.n && k->error.p)
		return arena_fmt(c->a, "%.*s-hint %.*s-error", STR_ARG(k->id), STR_ARG(k->id));
	if (k->hint.n || k->error.p)
		return arena_fmt(c->a, "%.*s-%s", STR_ARG(k->id), k->error.p ? "error" : "hint");
	return (str){ 0 };
}

void ui_field_with(struct out *o, const struct ctx *c, const struct req *r, const struct form *f, const char *name, struct val value, const struct ui_more *more)
{
	static const struct ui_more usual;
	struct ui_control k = { .in = input_of(f, name), .more = more ? more : &usual };
	bool failed = ui_failed(r, f);

	k.name = arena_fmt(c->a, "%s%s", k.more->prefix ? k.more->prefix : "", name);
	k.id = ui_id(c, f, k.more->prefix, name);
	k.label = tr(c, k.in->label);
	/* The browser's own picker shows how a day is written. */
	k.hint = k.in->hint && k.in->kind != IN_DAY ? tr(c, k.in->hint) : (str){ 0 };
	k.max = longest(k.in);
	k.required = k.more->required || (k.in->required && !k.more->prefix);
	if (failed) {
		k.error = field_error(c, k.name.p);
		k.value = k.in->kind == IN_SECRET ? S("") : req_typed(r, k.name.p);
	} else {
		k.value = as_typed(c, k.in, value);
	}
	k.on = failed ? k.value.n && !str_eq(k.value, S("0")) : value.kind != K_NONE && value.i;
	k.describe = describe(c, &k);
	choices(c, &k);
	ui_control_field(o, c, &k);
}

void ui_field(struct out *o, const struct ctx *c, const struct req *r, const struct form *f, const char *name, struct val value)
{
	ui_field_with(o, c, r, f, name, value, NULL);
}

/* Label of the input at a dotted path such as accessories.0.name; NULL when the form has none. */
static const char *label_at(const struct form *f, str path)
{
	str piece;
	const struct input *in = NULL;
	int64_t index;

	while (f && str_cut(&path, '.', &piece)) {
		if (str_int(piece, &index))
			continue;
		in = NULL;
		for (size_t i = 0; !in && i < f->n; i++)
			if (str_eq(str_c(f->in[i].name), piece))
				in = &f->in[i];
		f = in ? in->sub : NULL;
	}
	return in && !path.n ? in->label : NULL;
}

/* The form a path ends in: its name begins the control's id. */
static const struct form *form_at(const struct form *f, str path)
{
	str piece;

	str_cut(&path, '.', &piece);
	for (size_t i = 0; path.n && i < f->n; i++)
		if (str_eq(str_c(f->in[i].name), piece) && f->in[i].sub)
			return f->in[i].sub;
	return f;
}

void ui_errors(struct out *o, const struct ctx *c, const struct req *r, const struct form *f)
{
	const struct diag *d = &c->diag;
	struct ui_option list[DIAG_FIELDS];
	const char *text = d->text ? d->text : err_info[d->code].text;

	if (!ui_failed(r, f))
		return;
	for (size_t i = 0; i < d->n; i++) {
		const char *label = label_at(f, str_c(d->f[i].field));
		str why = trf_(c, d->f[i].text, d->f[i].arg, LEN(d->f[i].arg));

		list[i].label = label ? trf(c, N_("{1}: {2}"), tr(c, label), why) : why;
		list[i].value = label ? ui_id(c, form_at(f, str_c(d->f[i].field)), NULL, d->f[i].field) : (str){ 0 };
	}
	ui_error_list(o, c, trf_(c, text, d->arg, LEN(d->arg)), list, d->n);
}
