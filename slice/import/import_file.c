/* import_file.c — a file somebody brought: kept while it is tried and corrected, taken in once, then only its result stays. */
#include "base/i18n.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/attachment/attachment.h"
#include "slice/audit/audit.h"
#include "slice/import/import_file.h"

const char *const import_states[] = { "brought", "tried", "done", "dropped", NULL };
const char *const import_state_titles[] = { N_("Brought, not tried yet"), N_("Tried, not taken in"), N_("Taken in"), N_("Given up") };
enum { NOTES_MAX = 1 << 18, SHORT_WRITE = 100 };

#define F(m) FIELD(struct import_file, m)
static const struct field file_fields[] = {
	F(id), F(ver), F(file_id), F(added), F(known), F(refused), F(progress), F(kind), F(name), F(sha256), F(map), F(map_name), F(why), F(notes),
	FIELD_ENUM(struct import_file, state, import_states), F(created_at), F(state_at), { 0 }
};

bool import_may(const struct ctx *c, const struct import_kind *k) { return may(c, k->need ? k->need : PERM_IMPORT); }

enum err import_file_get(struct ctx *c, int64_t id, struct import_file *ret, const struct import_kind **ret_kind)
{
	TRY(db_row(c, &q_import_files, BIND(P(id, id), P(user_id, c->who->id), P(limit, 1)), file_fields, ret));
	*ret_kind = import_kind_of(ret->kind);
	return *ret_kind && import_may(c, *ret_kind) ? ERR_OK : fail(c, ERR_NOT_FOUND, NULL);
}

enum err import_file_seen(struct ctx *c, int64_t id)
{
	const struct import_kind *k;
	struct import_file f;

	return import_file_get(c, id, &f, &k);
}

enum err import_file_list(struct ctx *c, size_t max, struct import_file **ret, size_t *ret_n)
{
	return db_rows(c, &q_import_files, BIND(P(user_id, c->who->id), P(limit, (int64_t)max)), file_fields, sizeof **ret, max, ret, ret_n);
}

str import_file_path(struct ctx *c, const struct import_file *f) { return arena_str(c->a, attachment_path(c->a, f->sha256)); }

/* ---- which map ---- */

/* A kept map whose headings all stand in the file fits it; the one with most of them is proposed. */
static size_t fits(const struct import_map *m, const struct import_look *l)
{
	json_t *root = json_loadb(m->body.p, m->body.n, 0, NULL), *to;
	size_t n = 0, all = json_object_size(root);
	const char *head;

	json_object_foreach(root, head, to) {
		for (size_t i = 0; i < l->n; i++)
			if (str_eq(str_trim(l->head[i]), str_c(head))) {
				n++;
				break;
			}
	}
	json_decref(root);
	return n == all ? n : 0;
}

static enum err propose_map(struct ctx *c, const struct import_kind *k, struct import_file *f)
{
	str path = import_file_path(c, f);
	struct import_look look;
	struct import_map *m;
	size_t n, best = 0;

	if (!k->col || import_look(c, k, path.p, (json){ { 0 } }, &look)) {
		c->diag = (struct diag){ 0 };
		return ERR_OK;
	}
	TRY(import_map_list(c, k, &m, &n));
	for (size_t i = 0; i < n; i++) {
		size_t fit = fits(&m[i], &look);

		if (fit > best)
			best = fit, f->map = m[i].body, f->map_name = m[i].name;
	}
	return ERR_OK;
}

/* ---- trying and taking in ---- */

static void keep_note(void *arg, const struct import_note *n, const struct import_done *d)
{
	struct buf *b = arg;

	(void)d;
	buf_fmt(b, "%lld\t", (long long)n->line);
	for (size_t i = 0; i < n->reason.n; i++)
		buf_c(b, n->reason.p[i] == '\t' || n->reason.p[i] == '\n' ? ' ' : n->reason.p[i]);
	buf_c(b, '\t');
	for (size_t i = 0; i < n->record.n; i++)
		buf_c(b, n->record.p[i] == '\t' || n->record.p[i] == '\n' || n->record.p[i] == '\r' ? ' ' : n->record.p[i]);
	buf_c(b, '\n');
}

struct telling { struct ctx *c; struct buf *notes; struct import_file *f; int64_t n; };
static void tell_note(void *arg, const struct import_note *n, const struct import_done *d) { keep_note(((struct telling *)arg)->notes, n, d); }

static enum err put_progress(struct ctx *c, void *arg)
{
	const struct telling *t = arg;

	return db_exec(c, &q_import_progress, BIND(P(id, t->f->id), P(progress, t->n)), 1);
}

static void tell_progress(void *arg, const struct import_done *d)
{
	struct telling *t = arg;
	struct ctx c = *t->c;

	t->n = d->added + d->known + d->refused;
	if (db_write(db_of(c.db), &c, put_progress, t))        /* only told: the work goes on without */
		t->n = NIL;
}

/* Reasons beyond the room are left out, their number is not. */
static str whole_lines(struct arena *a, const struct buf *b)
{
	size_t n = b->n;

	while (b->overflow && n && b->p[n - 1] != '\n')
		n--;
	return n ? arena_str(a, (str){ b->p, n }) : S("");
}

struct storing { struct import_file *f; int state; };

static enum err store(struct ctx *c, void *arg)
{
	const struct storing *s = arg;
	struct import_file *f = s->f;
	bool over = s->state > IMPORT_TRIED;

	if (over && f->file_id != NIL)
		TRY(attachment_remove(c, f->file_id, str_c(import_states[s->state])));
	TRY(db_exec(c, &q_import_set, BIND(P(id, f->id), P(ver, f->ver), P(state, import_states[s->state]), P(map, f->map), P(map_name, str_or_none(f->map_name)), P(added, f->added),
		P(known, f->known), P(refused, f->refused), P(why, str_or_none(f->why)), P(notes, f->notes), P(file_id, over ? NIL : f->file_id), P(now, c->now)), 1));
	return audit_add(c, "import", f->id, import_states[s->state], BIND(P(kind, f->kind), P(name, f->name), P(added, f->added), P(refused, f->refused)));
}

enum err import_file_run(struct ctx *c, const struct import_kind *k, struct import_file *f, bool dry)
{
	struct import_done done = { 0 };
	struct buf notes;
	struct telling t = { c, &notes, f, 0 };
	str path = import_file_path(c, f);
	enum err e;

	if (f->state == IMPORT_BROUGHT && str_eq(f->map, S("{}")))
		TRY(propose_map(c, k, f));
	buf_init(&notes, NOTES_MAX);
	e = import_run(c, db_of(c->db), &(struct import_job){ .kind = k, .path = path.p, .map = { f->map }, .dry = dry, .chunk = SHORT_WRITE, .note = tell_note, .tell = tell_progress, .arg = &t }, &done);
	f->notes = whole_lines(c->a, &notes);
	buf_free(&notes);
	f->added = done.added, f->known = done.known, f->refused = done.refused;
	f->why = e ? diag_text(c) : (str){ 0 };
	if (e && c->diag.n)
		f->why = trf_(c, c->diag.f[0].text, c->diag.f[0].arg, DIAG_ARGS);
	c->diag = (struct diag){ 0 };
	return db_write(db_of(c->db), c, store, &(struct storing){ f, dry || e ? IMPORT_TRIED : IMPORT_DONE });
}

enum err import_file_drop(struct ctx *c, struct import_file *f) { return db_write(db_of(c->db), c, store, &(struct storing){ f, IMPORT_DROPPED }); }

struct adding { const struct import_kind *k; const struct upload *u; int64_t id; };

static enum err add(struct ctx *c, void *arg)
{
	struct adding *a = arg;
	struct attachment_file file = { .name = a->u->name, .type = S("text/plain"), .path = a->u->path, .sha256 = a->u->sha256, .size = a->u->size };
	int64_t kept;

	TRY(db_insert(c, &q_import_insert, BIND(P(kind, a->k->name), P(name, a->u->name), P(sha256, a->u->sha256), P(map, "{}"), P(user_id, c->who->id), P(now, c->now)), &a->id));
	TRY(attachment_add(c, "import", a->id, &file, false, &kept));
	return db_exec(c, &q_import_keep, BIND(P(id, a->id), P(file_id, kept)), 1);
}

enum err import_file_add(struct ctx *c, const struct import_kind *k, const struct upload *u, int64_t *ret_id)
{
	struct adding a = { .k = k, .u = u };

	TRY(db_write(db_of(c->db), c, add, &a));
	*ret_id = a.id;
	return ERR_OK;
}
