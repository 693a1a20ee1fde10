/* factor_web.c — the second step at signing in, and setting it up on one's own account. */
#include "slice/account/account_int.h"
#include "slice/account/account_view.h"
#include "account.html.h"
#include "base/i18n.h"

FORM(code_form, struct code_in,
	INPUT(struct code_in, code, IN_TEXT, N_("One-time code"), .required = true, .max = 40),
	INPUT(struct code_in, next, IN_TEXT, N_("Next page"), .max = 500));

static const struct field step_fields[] = { FIELD(struct step_page, next), { 0 } };
static const struct field setup_fields[] = { FIELD(struct setup_page, secret), FIELD(struct setup_page, uri), { 0 } };
static const struct field code_fields[] = { FIELD(struct code_text, code), { 0 } };
static const struct field codes_fields[] = { FIELD_LIST(struct codes_page, items, n, code_fields), { 0 } };
static void draw_step(struct out *o, const struct ctx *c, const void *m) { second_step_html(o, c, m); }
static void draw_setup(struct out *o, const struct ctx *c, const void *m) { factor_setup_html(o, c, m); }
static void draw_codes(struct out *o, const struct ctx *c, const void *m) { recovery_codes_html(o, c, m); }
const struct view step_view = { "second_step", N_("Second step"), draw_step, step_fields, sizeof(struct step_page) };
const struct view setup_view = { "factor_setup", N_("Set up the second step"), draw_setup, setup_fields, sizeof(struct setup_page) };
const struct view codes_view = { "recovery_codes", N_("Recovery codes"), draw_codes, codes_fields, sizeof(struct codes_page) };

/* ---- signing in ---- */

enum err step_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct step_page *m = NEW(c->a, struct step_page);
	str typed = req_typed(r, "next");
	int64_t user;

	*m = (struct step_page){ r, safe_next(typed.p ? typed : ui_query(c, r, "next")) };
	out->view = &step_view;
	out->model = m;
	if (r->failed || !session_pending(c, r->session, &user))
		return ERR_OK;
	c->diag = (struct diag){ 0 };
	out->view = NULL;
	out->location = S("/login");
	return ERR_OK;
}

enum err step_send(struct ctx *c, struct req *r, struct reply *out)
{
	const struct code_in *in = r->form;
	str token;

	TRY(account_second_step(c, r->session, in->code, r->remote, r->agent, &token));
	out->set_session = token;
	return login_lands(c, token, in->next, out);
}

/* ---- one's own ---- */

static void put_part(struct buf *b, str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];

		if ((ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z') || ch == '-' || ch == '.' || ch == '_')
			buf_c(b, (char)ch);
		else
			buf_fmt(b, "%%%02X", ch);
	}
}

/* As authenticator apps read it. */
static str uri_of(struct ctx *c, str secret)
{
	str name = setting_str(c, "name"), r;
	struct buf b;

	buf_init(&b, 2000);
	buf_str(&b, S("otpauth://totp/"));
	put_part(&b, name);
	buf_c(&b, ':');
	put_part(&b, c->who->login);
	buf_fmt(&b, "?secret=%.*s&issuer=", STR_ARG(secret));
	put_part(&b, name);
	buf_str(&b, S("&algorithm=SHA1&digits=6&period=30"));
	r = arena_str(c->a, (str){ b.p, b.n });
	buf_free(&b);
	return r;
}

enum err factor_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct setup_page *m = NEW(c->a, struct setup_page);
	struct factor f;

	TRY(factor_get(c, c->who->id, &f));
	if (!f.secret.n) {
		out->location = S("/account#factor");
		return r->as == AS_HTML && !r->failed ? ERR_OK : fail(c, ERR_NOT_FOUND, NULL);
	}
	*m = (struct setup_page){ .req = r, .secret = f.secret, .uri = uri_of(c, f.secret) };
	m->qr = qr_svg(c, m->uri, _("QR code for the authenticator app"));
	out->view = &setup_view;
	out->model = m;
	return ERR_OK;
}

enum err factor_start(struct ctx *c, struct req *r, struct reply *out)
{
	TRY(factor_begin(c));
	out->location = S("/account/factor");
	return r->as == AS_HTML ? ERR_OK : factor_show(c, r, out);
}

static enum err codes(struct ctx *c, const str *code, struct reply *out)
{
	struct codes_page *m = NEW(c->a, struct codes_page);

	m->items = NEW_N(c->a, struct code_text, RECOVERY_CODES);
	for (; m->n < RECOVERY_CODES; m->n++)
		m->items[m->n].code = code[m->n];
	out->view = &codes_view;
	out->model = m;
	return ERR_OK;
}

/* These run outside the usual write, so that the answer with the codes in it is not kept for repeated requests. */
enum err factor_on(struct ctx *c, struct req *r, struct reply *out)
{
	str code[RECOVERY_CODES];

	TRY(factor_confirm(c, ((const struct code_in *)r->form)->code, r->remote, code));
	return codes(c, code, out);
}

enum err factor_codes(struct ctx *c, struct req *r, struct reply *out)
{
	str code[RECOVERY_CODES];

	TRY(factor_renew(c, ((const struct code_in *)r->form)->code, r->remote, code));
	return codes(c, code, out);
}

enum err factor_end(struct ctx *c, struct req *r, struct reply *out)
{
	TRY(factor_off(c, ((const struct code_in *)r->form)->code, r->remote));
	out->location = S("/account#factor");
	out->flash = _("The second step is switched off.");
	return ERR_OK;
}
