/* staff.c — certificates with expiry and the roster. [N6] */
#include "slice/org/org_int.h"
#include "base/i18n.h"
#include "base/words.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "org.sql.h"

enum { CERTS_MAX = 200, ROSTER_MAX = 5000 };

const char *const shift_names[] = { "off", "day", "early", "late", "night", "duty", "leave", NULL };
const char *const shift_titles[] = { N_("Off"), N_("Day shift"), N_("Early shift"), N_("Late shift"), N_("Night shift"), N_("On call"), N_("On leave") };
const struct field cert_fields[] = {
	FIELD(struct cert, id), FIELD(struct cert, user_id), FIELD(struct cert, skill), FIELD(struct cert, number), FIELD(struct cert, level),
	FIELD(struct cert, from), FIELD(struct cert, until), { 0 }
};
static const struct field shift_fields[] = {
	FIELD(struct shift_row, user_id), FIELD(struct shift_row, on), FIELD_ENUM(struct shift_row, shift, shift_names),
	FIELD(struct shift_row, org_id), FIELD(struct shift_row, name), { 0 }
};

static enum err cert_check(struct ctx *c, const struct cert *ct)
{
	struct user u;

	if (!str_trim(ct->skill).n)
		return fail_field(c, "skill", N_("Name the skill."));
	if (ct->level < 1 || ct->level > LEVEL_MAX)
		return fail_field(c, "level", N_("A level lies between 1 and {1}."), (int)LEVEL_MAX);
	if (ct->from.d != NIL && ct->until.d != NIL && ct->from.d > ct->until.d)
		return fail_field(c, "until", N_("It would end before it begins."));
	return user_get(c, ct->user_id, &u);
}

enum err cert_put(struct ctx *c, const struct cert *ct, int64_t *ret_id)
{
	int64_t id = ct->id;
	str skill = fold(c->a, str_trim(ct->skill));

	assert(db_writing(c->db));
	TRY(cert_check(c, ct));
	if (id == NIL) {
		TRY(db_insert(c, &q_cert_add, BIND(P(user_id, ct->user_id), P(skill, skill), P(number, ct->number), P(level, ct->level),
			P(from_on, ct->from), P(until_on, ct->until)), &id));
	} else {
		enum err e = db_exec(c, &q_cert_save, BIND(P(skill, skill), P(number, ct->number), P(level, ct->level), P(from_on, ct->from),
			P(until_on, ct->until), P(id, id), P(user_id, ct->user_id)), 1);

		if (e)
			return e == ERR_CONFLICT ? ERR_NOT_FOUND : e;
	}
	TRY(audit_add(c, "user", ct->user_id, "certified", BIND(P(skill, skill), P(level, ct->level), P(until, ct->until))));
	*ret_id = id;
	return ERR_OK;
}

enum err cert_remove(struct ctx *c, int64_t user_id, int64_t id)
{
	enum err e;

	assert(db_writing(c->db));
	e = db_exec(c, &q_cert_remove, BIND(P(id, id), P(user_id, user_id)), 1);
	if (e)
		return e == ERR_CONFLICT ? ERR_NOT_FOUND : e;
	return audit_add(c, "user", user_id, "certificate_removed", BIND(P(certificate, id)));
}

enum err cert_list(struct ctx *c, int64_t user_id, struct cert **ret, size_t *ret_n)
{
	return db_rows(c, &q_cert_list, BIND(P(user_id, user_id)), cert_fields, sizeof(struct cert), CERTS_MAX, ret, ret_n);
}

enum err cert_valid(struct ctx *c, int64_t user_id, str skill, int64_t level, day on, bool *ret)
{
	int64_t n;

	TRY(db_int(c, &q_cert_valid, BIND(P(user_id, user_id), P(skill, fold(c->a, str_trim(skill))), P(level, level), P(today, on)), &n));
	*ret = n > 0;
	return ERR_OK;
}

enum err roster_set(struct ctx *c, int64_t user_id, int64_t org_id, day on, enum shift s)
{
	assert(db_writing(c->db));
	return db_exec(c, &q_roster_set, BIND(P(user_id, user_id), P(on_day, on), P(org_id, org_id), P(shift, shift_names[s])), 1);
}

enum err roster_list(struct ctx *c, str org_path, day from, day until, struct shift_row **ret, size_t *ret_n)
{
	str end = org_path.n ? path_after(c->a, org_path) : S(":");

	return db_rows(c, &q_roster_list, BIND(P(first, from), P(last, until), P(path, org_path.p ? org_path : S("")), P(path_end, end)), shift_fields,
		sizeof(struct shift_row), ROSTER_MAX, ret, ret_n);
}

enum err roster_on(struct ctx *c, int64_t user_id, day on, enum shift *ret, bool *ret_set)
{
	struct shift_row r = { .shift = SHIFT_OFF };
	enum err e = db_row(c, &q_roster_on, BIND(P(user_id, user_id), P(on_day, on)), shift_fields, &r);

	if (e && e != ERR_NOT_FOUND)
		return e;
	*ret = (enum shift)r.shift;
	*ret_set = !e;
	return ERR_OK;
}
