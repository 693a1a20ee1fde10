/* form.c — a form table filled from name/value pairs (urlencoded, multipart, query). */
#include "http/http_int.h"
#include "base/i18n.h"

const char *path_join(struct ctx *c, const char *prefix, const char *name)
{
	return *prefix ? arena_fmt(c->a, "%s.%s", prefix, name).p : name;
}

const struct input *form_input(const struct form *f, str path)
{
	str piece;

	while (f && str_cut(&path, '.', &piece)) {
		const struct input *hit = NULL;

		for (size_t i = 0; i < f->n && !hit; i++)
			hit = str_eq(str_c(f->in[i].name), piece) ? &f->in[i] : NULL;
		if (!hit || !path.n)
			return hit;
		f = hit->kind == IN_LIST && str_cut(&path, '.', &piece) ? hit->sub : NULL;
		if (!path.n)
			return hit;
	}
	return NULL;
}

static void fill_object(struct fill *f, const struct form *form, const char *prefix, void *out);

/* First value of the name; a second one is refused (a hidden "0" before a checkbox is not: the last counts for IN_BOOL). */
static void fill_scalar(struct fill *f, const struct input *in, const char *path, void *out)
{
	str want = str_c(path);
	const struct pair *hit = NULL;

	for (size_t i = 0; i < f->n_pair; i++) {
		if (!str_eq(f->pair[i].name, want))
			continue;
		f->used[i] = true;
		if (hit && in->kind != IN_BOOL) {
			(void)fail_field(f->c, path, N_("Send this only once."));
			return;
		}
		hit = &f->pair[i];
	}
	if (hit)
		input_text(f->c, in, path, hit->value, out);
	else
		input_absent(f->c, in, path, out);
}

static void fill_files(struct fill *f, const struct input *in, const char *path, void *out)
{
	struct upload *list = NEW_N(f->c->a, struct upload, f->n_up + 1);
	size_t n = 0;

	for (size_t i = 0; i < f->n_up; i++)
		if (str_eq(f->up_field[i], str_c(path)))
			list[n++] = f->up[i];
	if (!input_count(f->c, in, path, n))
		return;
	memcpy((char *)out + in->off, &list, sizeof list);
	memcpy((char *)out + in->off_n, &n, sizeof n);
}

/* "PATH.17.rest" → 17; -1 for other names. */
static int64_t index_of(str name, str path)
{
	str digits;
	int64_t i;

	if (name.n <= path.n + 1 || !str_starts(name, path) || name.p[path.n] != '.')
		return -1;
	name.p += path.n + 1;
	name.n -= path.n + 1;
	if (!str_cut(&name, '.', &digits) || digits.n > 3 || !str_int(digits, &i) || i < 0)
		return -1;
	return i;
}

static bool plain_list(const struct form *sub) { return sub->n == 1 && sub->in[0].kind != IN_LIST; }

/* ids=4&ids=7: a list whose element is one value. */
static size_t repeated(const struct fill *f, str path)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n_pair; i++)
		n += str_eq(f->pair[i].name, path) && f->pair[i].value.n;
	return n;
}

static void fill_repeated(struct fill *f, const struct input *in, const char *path, char *list)
{
	size_t k = 0;

	for (size_t i = 0; i < f->n_pair; i++) {
		if (!str_eq(f->pair[i].name, str_c(path)))
			continue;
		f->used[i] = true;
		if (f->pair[i].value.n)
			input_text(f->c, &in->sub->in[0], path, f->pair[i].value, list + k++ * in->sub->size);
	}
}

/* Rows removed in the browser leave gaps in the numbers and spare rows stay blank: both close here, errors keep the number that was sent. */
static void fill_list(struct fill *f, const struct input *in, const char *path, void *out)
{
	bool present[1000] = { false };
	size_t n = 0, many = plain_list(in->sub) ? repeated(f, str_c(path)) : 0, k = 0;
	char *list;

	for (size_t i = 0; i < f->n_pair; i++) {
		int64_t at = index_of(f->pair[i].name, str_c(path));

		if (at < 0)
			continue;
		f->used[i] |= !f->pair[i].value.n;
		n += f->pair[i].value.n && !present[at];
		present[at] |= f->pair[i].value.n > 0;
	}
	if (many)
		n = many;
	if (!input_count(f->c, in, path, n)) {
		for (size_t i = 0; i < f->n_pair; i++)
			f->used[i] |= index_of(f->pair[i].name, str_c(path)) >= 0 || str_eq(f->pair[i].name, str_c(path));
		return;
	}
	list = arena_alloc(f->c->a, in->sub->size * (n + 1));
	if (many)
		fill_repeated(f, in, path, list);
	for (size_t i = 0; i < LEN(present) && !many; i++)
		if (present[i])
			fill_object(f, in->sub, arena_fmt(f->c->a, "%s.%zu", path, i).p, list + k++ * in->sub->size);
	memcpy((char *)out + in->off, &list, sizeof list);
	memcpy((char *)out + in->off_n, &n, sizeof n);
}

static void fill_object(struct fill *f, const struct form *form, const char *prefix, void *out)
{
	for (size_t i = 0; i < form->n; i++) {
		const struct input *in = &form->in[i];
		const char *path = path_join(f->c, prefix, in->name);

		if (in->kind == IN_LIST)
			fill_list(f, in, path, out);
		else if (in->kind == IN_FILES)
			fill_files(f, in, path, out);
		else
			fill_scalar(f, in, path, out);
	}
}

enum err form_pairs(struct fill *f, const struct form *form, void *out)
{
	memset(out, 0, form->size);
	f->used = NEW_N(f->c->a, bool, f->n_pair + 1);
	fill_object(f, form, "", out);
	for (size_t i = 0; i < f->n_pair && !f->lenient; i++)
		if (!f->used[i] && !str_starts(f->pair[i].name, S("_")))
			(void)fail_field(f->c, arena_cstr(f->c->a, f->pair[i].name), N_("This field is not known here."));
	return f->c->diag.code;
}

enum err form_urlencoded(struct ctx *c, const struct form *f, str body, void *out)
{
	struct fill fill = { .c = c };
	struct pair *p;

	TRY(pairs_parse(c, body, &p, &fill.n_pair));
	fill.pair = p;
	return form_pairs(&fill, f, out);
}
