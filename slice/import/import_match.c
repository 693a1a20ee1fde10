/* import_match.c — which heading means which column, and the maps people keep. */
#include "base/i18n.h"
#include "base/sheet.h"
#include "base/words.h"
#include "db/db.h"
#include "slice/audit/audit.h"
#include "slice/import/import_int.h"

const struct import_kind *import_kind_of(str name)
{
	for (const struct import_kind *const *k = import_kinds; *k; k++)
		if (str_eq(name, str_c((*k)->name)))
			return *k;
	return NULL;
}

/* ---- headings ---- */

static bool opens(str s, size_t i) { return s.p[i] == '(' || s.p[i] == '[' || str_starts((str){ s.p + i, s.n - i }, S("（")) || str_starts((str){ s.p + i, s.n - i }, S("【")); }

str import_heading(struct arena *a, str head)
{
	str folded = fold(a, str_trim(head));
	char *p = arena_alloc(a, folded.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < folded.n && !(i && opens(folded, i)); i++) {
		char ch = folded.p[i];

		if (ch == ' ' || ch == '-' || ch == '/' || ch == '\n')
			ch = '_';
		if (ch != '*' && ch != '.' && ch != ':' && ch != '"' && (ch != '_' || (n && p[n - 1] != '_')))
			p[n++] = ch;
	}
	while (n && p[n - 1] == '_')
		n--;
	return (str){ p, n };
}

static bool word_in(struct arena *a, const char *list, str word)
{
	str all = str_c(list ? list : ""), one;

	while (str_cut(&all, ' ', &one))
		if (str_eq(import_heading(a, one), word))
			return true;
	return false;
}

/* What the map says of a heading; absent: nothing. */
static str mapped(json_t *map, str head)
{
	json_t *to = map ? json_object_getn(map, head.p, head.n) : NULL;

	return json_is_string(to) ? str_c(json_string_value(to)) : (str){ 0 };
}

void import_match(struct arena *a, const struct import_kind *k, const str *head, size_t n, json map, int *at)
{
	json_t *root = map.s.n ? json_loadb(map.s.p, map.s.n, 0, NULL) : NULL;

	for (size_t i = 0; i < k->n; i++) {
		at[i] = -1;
		for (size_t h = 0; h < n && at[i] < 0; h++)
			if (str_eq(mapped(root, str_trim(head[h])), str_c(k->col[i].name)))
				at[i] = (int)h;
	}
	for (size_t i = 0; i < k->n; i++)
		for (size_t h = 0; h < n && at[i] < 0; h++) {
			str name = import_heading(a, head[h]);

			if (name.n && !mapped(root, str_trim(head[h])).p && (str_eq(name, str_c(k->col[i].name)) || word_in(a, k->col[i].also, name)))
				at[i] = (int)h;
		}
	json_decref(root);
}

static size_t known_heads(struct arena *a, const struct import_kind *k, const str *head, size_t n, json map)
{
	int *at = NEW_N(a, int, k->n + 1);
	size_t known = 0;

	import_match(a, k, head, n, map, at);
	for (size_t i = 0; i < k->n; i++)
		known += at[i] >= 0;
	return known;
}

static size_t filled(const struct import_raw *row)
{
	size_t n = 0;

	for (size_t i = 0; i < row->n; i++)
		n += row->cell[i].n > 0;
	return n;
}

static size_t first_full(const struct import_raw *row, size_t n)
{
	size_t at = 0, most = 0;

	for (size_t i = 0; i < n; i++)
		most = filled(&row[i]) > most ? filled(&row[i]) : most;
	while (at + 1 < n && filled(&row[at]) * 2 <= most)
		at++;
	return most ? at : 0;
}

size_t import_head_row(struct arena *a, const struct import_kind *k, const struct import_raw *row, size_t n, json map)
{
	size_t best = 0, most = 0;

	for (size_t i = 0; i < n; i++) {
		size_t known = known_heads(a, k, row[i].cell, row[i].n, map);

		if (known > most)
			best = i, most = known;
	}
	return most ? best : first_full(row, n);
}

json import_json(struct arena *a, json_t *root)
{
	size_t n = json_dumpb(root, NULL, 0, JSON_COMPACT);
	char *p = arena_alloc(a, n + 1);

	json_dumpb(root, p, n, JSON_COMPACT);
	json_decref(root);
	return (json){ { p, n } };
}

struct import_raw import_raw_copy(struct arena *a, const struct sheet *s)
{
	struct import_raw r = { .cell = NULL, .n = s->n, .line = s->line };
	str *cell = NEW_N(a, str, s->n + 1);

	for (size_t i = 0; i < s->n; i++)
		cell[i] = arena_str(a, str_trim(s->cell[i]));
	r.cell = cell;
	return r;
}

static void samples(struct ctx *c, const struct import_raw *row, size_t n, struct import_look *l)
{
	l->row = NEW_N(c->a, struct import_sample, n + 1);
	for (size_t i = 0; i < n; i++) {
		str *cell = NEW_N(c->a, str, l->n + 1);

		for (size_t h = 0; h < l->n && h < row[i].n; h++)
			cell[h] = row[i].cell[h];
		l->row[l->n_row++].cell = cell;
	}
}

enum err import_look(struct ctx *c, const struct import_kind *k, const char *path, json map, struct import_look *ret)
{
	struct import_raw row[IMPORT_AHEAD];
	const char *why;
	struct sheet *s = sheet_open(path, &why);
	size_t n = 0, head;

	if (!s)
		return fail_field(c, "file", why);
	while (n < IMPORT_AHEAD && sheet_next(s))
		row[n++] = import_raw_copy(c->a, s);
	why = s->error;
	sheet_close(s);
	if (why || !n)
		return fail_field(c, "file", why ? why : N_("The table is empty."));
	head = import_head_row(c->a, k, row, n, map);
	*ret = (struct import_look){ .head = (str *)(uintptr_t)row[head].cell, .n = row[head].n, .line = row[head].line, .at = NEW_N(c->a, int, k->n + 1) };
	import_match(c->a, k, ret->head, ret->n, map, ret->at);
	for (size_t i = 0; i < k->n && !ret->missing.p; i++)
		if (k->col[i].required && ret->at[i] < 0)
			ret->missing = str_c(k->col[i].name);
	samples(c, row + head + 1, n - head - 1, ret);
	return ERR_OK;
}

/* ---- kept maps ---- */

#define M(m) FIELD(struct import_map, m)
static const struct field map_fields[] = { M(id), M(kind), M(name), M(body), M(at), { 0 } };

enum err import_map_put(struct ctx *c, const struct import_kind *k, str name, str body)
{
	int64_t id;

	assert(db_writing(c->db));
	if (!str_trim(name).n)
		return fail_field(c, "name", N_("Under which name shall it be kept?"));
	TRY(db_insert(c, &q_import_map_put, BIND(P(kind, k->name), P(name, str_trim(name)), P(body, body), P(user_id, c->who->id), P(now, c->now)), &id));
	return audit_add(c, "import_map", id, "saved", BIND(P(kind, k->name), P(name, name)));
}

enum err import_map_get(struct ctx *c, const struct import_kind *k, str name, json *ret)
{
	struct import_map m;

	TRY(db_row(c, &q_import_map_one, BIND(P(kind, k->name), P(name, str_trim(name))), map_fields, &m));
	ret->s = m.body;
	return ERR_OK;
}

enum err import_map_list(struct ctx *c, const struct import_kind *k, struct import_map **ret, size_t *ret_n)
{
	return db_rows(c, &q_import_map_list, BIND(P(kind, k->name)), map_fields, sizeof **ret, 200, ret, ret_n);
}

enum err import_map_drop(struct ctx *c, int64_t id)
{
	assert(db_writing(c->db));
	TRY(db_exec(c, &q_import_map_drop, BIND(P(id, id)), 1));
	return audit_add(c, "import_map", id, "dropped", NULL);
}
