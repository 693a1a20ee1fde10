#include "slice/attachment/attachment_int.h"
#include "slice/attachment/attachment_view.h"
#include "slice/account/perm.h"
#include "attachment.sql.h"

static const struct db_schema schema = { "attachment", attachment_migrations, attachment_statements };

static enum err download(struct ctx *c, struct req *r, struct reply *out)
{
	struct attachment f;
	int64_t id;

	if (!str_int(r->arg[0], &id))
		return ERR_NOT_FOUND;
	TRY(attachment_get(c, id, &f));
	return attachment_answer(c, r, &f, out);
}

struct remove_form { str why, back; };
FORM_STATIC(remove_file, struct remove_form, INPUT(struct remove_form, why, IN_TEXT, N_("Reason"), .required = true),
	INPUT(struct remove_form, back, IN_TEXT, N_("Back to")));

static bool local_path(str s) { return s.n && s.p[0] == '/' && (s.n == 1 || (s.p[1] != '/' && s.p[1] != '\\')); }

static enum err remove_one(struct ctx *c, struct req *r, struct reply *out)
{
	const struct remove_form *f = r->form;
	int64_t id;

	if (!str_int(r->arg[0], &id))
		return ERR_NOT_FOUND;
	TRY(attachment_remove(c, id, f->why));
	out->location = local_path(f->back) ? f->back : S("/");
	return ERR_OK;
}

static const struct route routes[] = {
	{ "GET", "/files/{id}/{name}", 0, 0, NULL, download, NULL, .summary = "Download an attachment" },
	{ "POST", "/files/{id}/remove", PERM_ATTACHMENT, 0, &remove_file, remove_one, NULL, .summary = "Remove an attachment" },
};
static const struct setting settings[] = {
	{ "attachment.max_megapixels", IN_INT, "50", N_("Million pixels an attached picture may have") },
	{ "attachment.max_mb", IN_INT, "25", N_("Megabytes an attached file may have") },
};
static const struct job jobs[] = {
	{ "attachment.sweep", 24 * 3600 * 1000, attachment_sweep, N_("Removes stored files that no record names any more") },
};
const struct slice slice_attachment = { .name = "attachment", .schema = &schema, SLICE_ROUTES(routes), .settings = settings, .n_settings = LEN(settings),
	.jobs = jobs, .n_jobs = LEN(jobs) };
