#include "slice/attachment/attachment_int.h"
#include "base/i18n.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "attachment.sql.h"

enum { LIST_MAX = 200, NAME_CP = 120 };

const struct field attachment_fields[] = {
	FIELD(struct attachment, id), FIELD(struct attachment, subject_kind), FIELD(struct attachment, subject_id), FIELD(struct attachment, name),
	FIELD(struct attachment, type), FIELD(struct attachment, sha256), FIELD(struct attachment, size), FIELD(struct attachment, open),
	FIELD(struct attachment, by_id), FIELD(struct attachment, by_name), FIELD(struct attachment, at), FIELD(struct attachment, url),
	FIELD(struct attachment, thumb_url), { 0 }
};
static const struct attachment_gate *gates;
static size_t n_gates;

void attachment_gates(const struct attachment_gate *table, size_t n)
{
	gates = table;
	n_gates = n;
}

/* ---- kinds of files ---- */

/* Pictures may be shown; everything else is only handed over. SVG and HTML can run script and stay out. */
static const struct { const char *type; bool picture; } types[] = {
	{ "image/jpeg", true }, { "image/png", true }, { "image/webp", true }, { "image/heic", false }, { "application/pdf", false },
	{ "text/plain", false }, { "text/csv", false }, { "application/zip", false }, { "video/mp4", false },
};

static int type_index(str type)
{
	for (size_t i = 0; i < LEN(types); i++)
		if (str_eq(str_c(types[i].type), type))
			return (int)i;
	return -1;
}

bool attachment_type_ok(str type) { return type_index(type) >= 0; }

/* ---- reading ---- */

/* Name for the address: letters, digits, dot and dash; others become '-'. */
static str plain_name(struct arena *a, str name)
{
	char *d = arena_alloc(a, name.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++) {
		char ch = name.p[i];
		bool keep = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '.' || ch == '_';

		if (keep || (n && d[n - 1] != '-'))
			d[n++] = keep ? ch : '-';
	}
	return n ? (str){ d, n } : S("file");
}

static void with_urls(struct ctx *c, struct attachment *f)
{
	int i = type_index(f->type);

	f->url = arena_fmt(c->a, "/files/%lld/%.*s", (long long)f->id, STR_ARG(plain_name(c->a, f->name)));
	f->thumb_url = i >= 0 && types[i].picture ? arena_fmt(c->a, "%.*s?thumb=1", STR_ARG(f->url)) : (str){ 0 };
}

enum err attachment_list(struct ctx *c, const char *subject_kind, int64_t subject_id, struct attachment **ret, size_t *ret_n)
{
	struct attachment *f;
	size_t n;

	TRY(db_rows(c, &q_attachment_of, BIND(P(subject_kind, subject_kind), P(subject_id, subject_id)), attachment_fields, sizeof *f, LIST_MAX, &f, &n));
	for (size_t i = 0; i < n; i++)
		with_urls(c, &f[i]);
	*ret = f;
	*ret_n = n;
	return ERR_OK;
}

static const struct attachment_gate *gate_of(str kind)
{
	for (size_t i = 0; i < n_gates; i++)
		if (str_eq(str_c(gates[i].subject_kind), kind))
			return &gates[i];
	return NULL;
}

static enum err row_get(struct ctx *c, int64_t id, struct attachment *out)
{
	struct attachment f = { 0 };

	TRY(db_row(c, &q_attachment_get, BIND(P(id, id)), attachment_fields, &f));
	with_urls(c, &f);
	*out = f;
	return ERR_OK;
}

enum err attachment_get(struct ctx *c, int64_t id, struct attachment *out)
{
	const struct attachment_gate *g;
	struct attachment f;

	TRY(row_get(c, id, &f));
	g = gate_of(f.subject_kind);
	if (!g || (c->who->sight <= SIGHT_CUSTOMER && !f.open))
		return ERR_NOT_FOUND;
	TRY(g->may_see(c, f.subject_id));
	*out = f;
	return ERR_OK;
}

/* ---- changing ---- */

static str shown_name(struct ctx *c, str name)
{
	size_t at = 0, n = 0;
	str s = str_trim(name);

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '/' || s.p[i] == '\\')
			at = i + 1;
	s.p += at, s.n -= at;
	for (size_t i = 0; i < s.n && n < NAME_CP; n++) {
		utf8_next(s, &i);
		at = i;
	}
	if (n == NAME_CP)
		s.n = at;
	return s.n ? arena_str(c->a, s) : S("file");
}

enum err attachment_add(struct ctx *c, const char *subject_kind, int64_t subject_id, const struct attachment_file *f, bool open, int64_t *ret_id)
{
	int64_t most = setting_int(c, "attachment.max_mb"), id;
	str name = shown_name(c, f->name), by = c->who->name.p ? c->who->name : S("");

	assert(db_writing(c->db));
	if (!attachment_type_ok(f->type))
		return fail(c, ERR_MEDIA_TYPE, N_("{1}: only JPEG, PNG, WebP, HEIC, PDF, text, ZIP and MP4 files are kept."), name);
	if (f->size > most << 20)
		return fail(c, ERR_TOO_LARGE, N_("{1} is larger than {2} MB."), name, most);
	TRY(store_put(c, f->path, f->sha256, f->size));
	TRY(db_insert(c, &q_attachment_add, BIND(P(subject_kind, subject_kind), P(subject_id, subject_id), P(name, name), P(type, f->type),
		P(sha256, f->sha256), P(size, f->size), P(open, open), P(by_id, c->who->id), P(by_name, by), P(at, c->now)), &id));
	TRY(audit_add(c, subject_kind, subject_id, "attached", BIND(P(file, id), P(name, name), P(sha256, f->sha256))));
	*ret_id = id;
	return ERR_OK;
}

enum err attachment_remove(struct ctx *c, int64_t id, str why)
{
	const struct attachment_gate *g;
	struct attachment f;

	assert(db_writing(c->db));
	TRY(row_get(c, id, &f));
	g = gate_of(f.subject_kind);
	if (!g)
		return ERR_NOT_FOUND;
	TRY(g->may_add(c, f.subject_id));
	TRY(db_exec(c, &q_attachment_remove, BIND(P(at, c->now), P(id, id)), 1));
	return audit_add(c, arena_cstr(c->a, f.subject_kind), f.subject_id, "detached", BIND(P(file, id), P(name, f.name), P(sha256, f.sha256), P(why, why)));
}

enum err attachment_move(struct ctx *c, const char *subject_kind, int64_t from_id, int64_t to_id)
{
	assert(db_writing(c->db));
	return db_exec(c, &q_attachment_move, BIND(P(to_id, to_id), P(subject_kind, subject_kind), P(from_id, from_id)), -1);
}

/* ---- sweeping ---- */

static enum err sweep_one(struct ctx *c, void *arg)
{
	const str *sha256 = arg;
	int64_t n;

	TRY(db_int(c, &q_attachment_named, BIND(P(sha256, *sha256)), &n));
	if (!n)
		store_remove(c, *sha256);
	return ERR_OK;
}

/* Inside a write, so that on SQLite nobody adds the same file between the question and its removal. */
static enum err sweep_file(struct ctx *c, str sha256)
{
	int64_t n;

	TRY(db_int(c, &q_attachment_named, BIND(P(sha256, sha256)), &n));
	return n ? ERR_OK : db_write(db_of(c->db), c, sweep_one, &sha256);
}

enum err attachment_sweep(struct ctx *c) { return store_each_old(c, sweep_file); }
