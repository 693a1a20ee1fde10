/* import_web.c — the doors of tables that come in: bring a file, say which heading is which column, look at the trial, take it in. */
#include "base/csv.h"
#include "import.html.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/import/import_file.h"

enum { SHOWN = 50, RECENT = 30, SAMPLES = 3 };

/* ---- what goes out ---- */

#define F(m) FIELD(struct import_file, m)
#define C_(m) FIELD(struct import_column, m)
#define FILE_OUT F(id), F(ver), F(kind), F(name), FIELD_ENUM(struct import_file, state, import_states), F(map_name), F(added), F(known), F(refused), F(progress), F(why), F(created_at), F(state_at)
static const struct field file_out[] = { FILE_OUT, { 0 } };
static const struct field column_out[] = { C_(column), C_(heading), C_(sample), C_(required), { 0 } };
static const struct field refused_out[] = { FIELD(struct import_refused, line), FIELD(struct import_refused, reason), { 0 } };
static const struct field page_out[] = { FILE_OUT, FIELD_LIST(struct import_file_page, columns, n_columns, column_out), FIELD_LIST(struct import_file_page, refused_rows, n_refused_rows, refused_out), { 0 } };
static const struct field list_out[] = { FIELD_LIST(struct import_list_page, items, n, file_out), { 0 } };
static void draw_list(struct out *o, const struct ctx *c, const void *m) { import_list_html(o, c, m); }
static void draw_file(struct out *o, const struct ctx *c, const void *m) { import_file_html(o, c, m); }
static const struct view list_view = { "import_list", N_("Import"), draw_list, list_out, sizeof(struct import_list_page) };
static const struct view file_view = { "import_file", N_("Import"), draw_file, page_out, sizeof(struct import_file_page) };

/* ---- what comes in ---- */

FORM(import_upload_form, struct import_upload_in,
	INPUT(struct import_upload_in, kind, IN_TOKEN, N_("What the table holds"), .required = true, .max = 40),
	{ .name = "file", .label = N_("File"), .off = offsetof(struct import_upload_in, file), .kind = IN_FILES, .required = true, .max = 1, .off_n = offsetof(struct import_upload_in, n_file) });
FORM(import_column_form, struct import_column,
	INPUT(struct import_column, column, IN_TOKEN, N_("Column"), .required = true, .max = 60),
	INPUT(struct import_column, heading, IN_TEXT, N_("Heading in the file"), .max = 200));
static const char *const events[] = { "try", "run", "drop", "use", NULL };
enum { EV_TRY, EV_RUN, EV_DROP, EV_USE };
FORM(import_act_form, struct import_act_in,
	INPUT(struct import_act_in, event, IN_ENUM, N_("Event"), .names = events, .required = true),
	INPUT(struct import_act_in, ver, IN_INT, N_("Version"), .required = true, .min = 1, .max = INT64_MAX),
	{ .name = "columns", .label = N_("Columns"), .off = offsetof(struct import_act_in, columns), .kind = IN_LIST, .max = 64, .sub = &import_column_form,
	  .off_n = offsetof(struct import_act_in, n_columns) },
	INPUT(struct import_act_in, map, IN_TEXT, N_("Kept assignment"), .max = 80),
	INPUT(struct import_act_in, name, IN_TEXT, N_("Keep this assignment as"), .max = 80));

/* ---- list ---- */

/* The heading a Chinese reader writes: the first of the other words that is Chinese. */
static str heading_for(const struct ctx *c, const struct import_col *col)
{
	str all = str_c(col->also ? col->also : ""), one;

	while (!strcmp(c->who->lang ? c->who->lang : "en", "zh") && str_cut(&all, ' ', &one))
		if (one.n && (unsigned char)one.p[0] >= 0xE3)
			return one;
	return str_c(col->name);
}

static void kind_row(struct ctx *c, const struct import_kind *k, struct import_kind_row *ret)
{
	*ret = (struct import_kind_row){ .name = str_c(k->name), .title = tr(c, k->about), .columns = NEW_N(c->a, struct import_column, k->n + 1), .n_columns = k->n };
	for (size_t i = 0; i < k->n; i++)
		ret->columns[i] = (struct import_column){ .column = str_c(k->col[i].name), .title = heading_for(c, &k->col[i]), .heading = str_c(k->col[i].also ? k->col[i].also : ""), .required = k->col[i].required };
}

static enum err show_list(struct ctx *c, struct req *r, struct reply *out)
{
	struct import_list_page *p = NEW(c->a, struct import_list_page);
	size_t n = 0;

	while (import_kinds[n])
		n++;
	p->req = r;
	p->chosen = ui_query(c, r, "kind");
	p->kind = NEW_N(c->a, struct import_kind_row, n + 1);
	p->option = NEW_N(c->a, struct ui_option, n + 1);
	for (size_t i = 0; i < n; i++)
		if (import_may(c, import_kinds[i])) {
			kind_row(c, import_kinds[i], &p->kind[p->n_kind]);
			p->option[p->n_kind] = (struct ui_option){ p->kind[p->n_kind].name, p->kind[p->n_kind].title };
			p->n_kind++;
		}
	TRY(import_file_list(c, RECENT, &p->items, &p->n));
	out->view = &list_view;
	out->model = p;
	return ERR_OK;
}

/* ---- one file ---- */

static void refused_rows(struct ctx *c, struct import_file_page *p)
{
	str all = p->f.notes, line;

	p->refused_rows = NEW_N(c->a, struct import_refused, SHOWN);
	while (p->n_refused_rows < SHOWN && str_cut(&all, '\n', &line)) {
		struct import_refused *w = &p->refused_rows[p->n_refused_rows];
		str no;

		if (!str_cut(&line, '\t', &no) || !str_int(no, &w->line))
			continue;
		str_cut(&line, '\t', &w->reason);
		w->record = line;
		p->n_refused_rows++;
	}
}

static void columns(struct ctx *c, const struct import_kind *k, const struct import_look *l, struct import_file_page *p)
{
	p->columns = NEW_N(c->a, struct import_column, k->n + 1);
	for (size_t i = 0; i < k->n; i++) {
		str sample[SAMPLES];
		size_t n = 0;

		for (size_t s = 0; l->at[i] >= 0 && s < l->n_row && n < SAMPLES; s++)
			if (l->row[s].cell[l->at[i]].n)
				sample[n++] = l->row[s].cell[l->at[i]];
		p->columns[p->n_columns++] = (struct import_column){ str_c(k->col[i].name), heading_for(c, &k->col[i]), l->at[i] >= 0 ? l->head[l->at[i]] : (str){ 0 }, arena_join(c->a, sample, n, S(" · ")), k->col[i].required };
	}
	p->heading = NEW_N(c->a, struct ui_option, l->n + 1);
	for (size_t i = 0; i < l->n; i++)
		if (l->head[i].n)
			p->heading[p->n_heading++] = (struct ui_option){ l->head[i], l->head[i] };
	p->head_line = l->line;
}

static enum err maps(struct ctx *c, const struct import_kind *k, struct import_file_page *p)
{
	struct import_map *m;

	TRY(import_map_list(c, k, &m, &p->n_map));
	p->map = NEW_N(c->a, struct ui_option, p->n_map + 1);
	for (size_t i = 0; i < p->n_map; i++)
		p->map[i] = (struct ui_option){ m[i].name, m[i].name };
	return ERR_OK;
}

static enum err answer(struct ctx *c, struct req *r, int64_t id, struct reply *out)
{
	struct import_file_page *p = NEW(c->a, struct import_file_page);
	const struct import_kind *k;
	struct import_look look;

	TRY(import_file_get(c, id, &p->f, &k));
	p->req = r;
	p->title = tr(c, k->about);
	p->table = k->col != NULL;
	p->may_run = p->f.state == IMPORT_TRIED && !p->f.why.n && p->f.added + p->f.known > 0;
	if (p->f.state == IMPORT_TRIED && p->table) {
		if (import_look(c, k, import_file_path(c, &p->f).p, (json){ p->f.map }, &look))
			c->diag = (struct diag){ 0 };
		else
			columns(c, k, &look, p);
		TRY(maps(c, k, p));
	}
	refused_rows(c, p);
	out->view = &file_view;
	out->model = p;
	out->title = p->f.name;
	out->ver = p->f.ver;
	return ERR_OK;
}

static enum err id_of(struct ctx *c, const struct req *r, int64_t *ret) { return str_int(r->arg[0], ret) ? ERR_OK : fail(c, ERR_NOT_FOUND, NULL); }

static enum err show_file(struct ctx *c, struct req *r, struct reply *out)
{
	int64_t id;

	TRY(id_of(c, r, &id));
	return answer(c, r, id, out);
}

static enum err bring(struct ctx *c, struct req *r, struct reply *out)
{
	const struct import_upload_in *in = r->form;
	const struct import_kind *k = import_kind_of(in->kind);
	struct import_file f;
	int64_t id;

	if (!k || !import_may(c, k))
		return fail_field(c, "kind", N_("There is no such kind of table here."));
	TRY(import_file_add(c, k, &in->file[0], &id));
	if (r->as != AS_HTML) {                        /* the page asks for the trial itself and shows how far it is */
		TRY(import_file_get(c, id, &f, &k));
		TRY(import_file_run(c, k, &f, true));
	}
	out->created = true;
	out->location = arena_fmt(c->a, "/imports/%lld", (long long)id);
	return answer(c, r, id, out);
}

/* Every heading of the file is in it: those that were not chosen are left out. */
static str map_of(struct ctx *c, const struct import_kind *k, const struct import_file *f, const struct import_act_in *in)
{
	json_t *root = json_object();
	struct import_look l;

	if (import_look(c, k, import_file_path(c, f).p, (json){ { 0 } }, &l))
		c->diag = (struct diag){ 0 };
	else
		for (size_t i = 0; i < l.n; i++)
			if (l.head[i].n)
				json_object_setn_new(root, str_trim(l.head[i]).p, str_trim(l.head[i]).n, json_string(""));
	for (size_t i = 0; i < in->n_columns; i++)
		if (in->columns[i].heading.n)
			json_object_setn_new(root, in->columns[i].heading.p, in->columns[i].heading.n, json_stringn(in->columns[i].column.p, in->columns[i].column.n));
	return import_json(c->a, root).s;
}

struct keeping { const struct import_kind *k; str name, body; };
static enum err keep_map(struct ctx *c, void *arg)
{
	const struct keeping *k = arg;

	return import_map_put(c, k->k, k->name, k->body);
}

static enum err choose_map(struct ctx *c, const struct import_kind *k, const struct import_act_in *in, struct import_file *f)
{
	json body;

	if (in->event == EV_USE) {
		TRY(import_map_get(c, k, in->map, &body));
		f->map = body.s, f->map_name = in->map;
		return ERR_OK;
	}
	if (!k->col || !in->n_columns)
		return ERR_OK;
	f->map = map_of(c, k, f, in);
	f->map_name = in->name.n ? in->name : f->map_name;
	return in->name.n ? db_write(db_of(c->db), c, keep_map, &(struct keeping){ k, in->name, f->map }) : ERR_OK;
}

static enum err act(struct ctx *c, struct req *r, struct reply *out)
{
	const struct import_act_in *in = r->form;
	const struct import_kind *k;
	struct import_file f;
	int64_t id;

	TRY(id_of(c, r, &id));
	TRY(import_file_get(c, id, &f, &k));
	if (f.state > IMPORT_TRIED || (f.state == IMPORT_BROUGHT && in->event == EV_RUN))
		return fail(c, ERR_CONFLICT, N_("This file is “{1}”."), tr(c, import_state_titles[f.state]));
	f.ver = in->ver;
	if (in->event == EV_DROP) {
		TRY(import_file_drop(c, &f));
	} else {
		TRY(choose_map(c, k, in, &f));
		TRY(import_file_run(c, k, &f, in->event != EV_RUN));
	}
	out->location = in->event == EV_DROP ? S("/imports") : arena_fmt(c->a, "/imports/%lld", (long long)id);
	return answer(c, r, id, out);
}

/* ---- downloads ---- */

static void hand_out(struct ctx *c, struct buf *b, const char *name, struct reply *out)
{
	out->bytes = arena_str(c->a, (str){ b->p, b->n });
	out->file_type = S("text/csv; charset=utf-8");
	out->file_name = arena_fmt(c->a, "%s.csv", name);
	buf_free(b);
}

static enum err refused_file(struct ctx *c, struct req *r, struct reply *out)
{
	const struct import_kind *k;
	struct import_file f;
	str all, line, no, reason;
	struct buf b;
	int64_t id;

	TRY(id_of(c, r, &id));
	TRY(import_file_get(c, id, &f, &k));
	buf_init(&b, 1 << 20);
	buf_str(&b, S("\xEF\xBB\xBFline,reason"));
	for (size_t i = 0; i < k->n; i++)
		csv_put(&b, str_c(k->col[i].name), false);
	for (all = f.notes; str_cut(&all, '\n', &line);) {
		str_cut(&line, '\t', &no);
		str_cut(&line, '\t', &reason);
		buf_str(&b, S("\r\n")), buf_str(&b, no);
		csv_put(&b, reason, false);
		buf_c(&b, ','), buf_str(&b, line);
	}
	hand_out(c, &b, "refused", out);
	return ERR_OK;
}

static enum err template(struct ctx *c, struct req *r, struct reply *out)
{
	const struct import_kind *k = import_kind_of(r->arg[0]);
	struct buf b;

	if (!k || !k->col || !import_may(c, k))
		return fail(c, ERR_NOT_FOUND, NULL);
	buf_init(&b, 1 << 16);
	buf_str(&b, S("\xEF\xBB\xBF"));
	for (size_t i = 0; i < k->n; i++)
		csv_put(&b, heading_for(c, &k->col[i]), i == 0);
	buf_str(&b, S("\r\n"));
	hand_out(c, &b, k->name, out);
	return ERR_OK;
}

static const struct route routes[] = {
	{ "GET", "/imports", PERM_STAFF, 0, NULL, show_list, &list_view, .summary = "Files the reader brought, and what can be imported" },
	{ "POST", "/imports", PERM_STAFF, R_SLOW, &import_upload_form, bring, &file_view, .again = show_list, .summary = "Bring a table (CSV or XLSX); it is tried, not yet taken in. Large ones take their time: progress counts the records judged" },
	{ "GET", "/imports/templates/{kind}", PERM_STAFF, 0, NULL, template, NULL, .summary = "An empty table with the headings of a kind, as CSV" },
	{ "GET", "/imports/{id}", PERM_STAFF, 0, NULL, show_file, &file_view, .summary = "One file: its headings, the trial or the result" },
	{ "POST", "/imports/{id}/events", PERM_STAFF, R_SLOW, &import_act_form, act, &file_view, .again = show_file, .summary = "Say which heading is which column and try again, take it in, or give it up" },
	{ "GET", "/imports/{id}/refused", PERM_STAFF, 0, NULL, refused_file, NULL, .summary = "What was refused, with reasons, as CSV" },
};
static const struct db_schema schema = { "import", import_migrations, import_statements };
const struct slice slice_import = { .name = "import", .schema = &schema, SLICE_ROUTES(routes) };
