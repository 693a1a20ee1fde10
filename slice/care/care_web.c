/* care_web.c — the list of customers to call, and what they said. */
#include "base/time.h"
#include "care.html.h"
#include "care.sql.h"
#include "slice/account/perm.h"
#include "slice/care/care_view.h"

#define B(m) FIELD(struct callback, m)
static const struct field callback_out[] = {
	B(id), B(ver), B(no), B(customer), FIELD_MASK(struct callback, phone, PERM_CUSTOMER_PII), B(model), B(fault), B(result), B(engineer), B(wave), B(due_at), B(tries),
	B(state), B(satisfaction), B(note), { 0 }
};
static const struct field page_out[] = { FIELD_LIST(struct callback_page, items, n, callback_out), { 0 } };
static void draw(struct out *o, const struct ctx *c, const void *m) { callback_list_html(o, c, m); }
static const struct view callback_view = { "callback_list", N_("Call-backs"), draw, page_out, sizeof(struct callback_page) };
FORM(callback_form, struct callback_in,
	INPUT(struct callback_in, reached, IN_BOOL, N_("Customer reached")),
	INPUT(struct callback_in, ver, IN_INT, N_("Version"), .required = true, .min = 1),
	INPUT(struct callback_in, satisfaction, IN_INT, N_("Satisfaction (1–5)"), .min = 1, .max = 5),
	INPUT(struct callback_in, note, IN_LINES, N_("What the customer said"), .max = 2000));
struct list_in { int64_t after, limit; };
FORM_STATIC(list_form, struct list_in,
	INPUT(struct list_in, after, IN_INT, N_("Cursor"), .min = 1),
	INPUT(struct list_in, limit, IN_INT, N_("Rows"), .min = 1, .max = 200));

str callback_wave_title(const struct ctx *c, str wave)
{
	static const struct { const char *name, *title; } titles[] = {
		{ "finish", N_("After the repair") }, { "week", N_("After a week") }, { "month", N_("After a month") }, { "quarter", N_("After three months") },
		{ "half", N_("After half a year") }, { "year", N_("After a year") },
	};

	for (size_t i = 0; i < LEN(titles); i++)
		if (str_eq(wave, str_c(titles[i].name)))
			return tr(c, titles[i].title);
	return wave;
}

static enum err fill(struct ctx *c, struct req *r, int64_t after, size_t limit, struct reply *out)
{
	struct callback_page *p = NEW(c->a, struct callback_page);
	int64_t next;

	p->req = r;
	TRY(callback_list(c, (instant){ c->now.ms + 86400000 }, after, limit, &p->items, &p->n, &next));
	if (next != NIL)
		p->next = out->next = arena_fmt(c->a, "%lld", (long long)next);
	out->view = &callback_view;
	out->model = p;
	return ERR_OK;
}

static enum err list(struct ctx *c, struct req *r, struct reply *out)
{
	const struct list_in *in = r->form;

	return fill(c, r, in->after, in->limit == NIL ? 50 : (size_t)in->limit, out);
}

static enum err again(struct ctx *c, struct req *r, struct reply *out)
{
	return fill(c, r, NIL, 50, out);
}

static enum err record(struct ctx *c, struct req *r, struct reply *out)
{
	const struct callback_in *in = r->form;
	int64_t id;

	if (!str_int(r->arg[0], &id))
		return fail(c, ERR_NOT_FOUND, NULL);
	if (in->reached)
		TRY(callback_done(c, id, in->ver, in->satisfaction, in->note));
	else
		TRY(callback_missed(c, id, in->ver, in->note));
	live_touch(c, "orders");
	out->location = S("/callbacks");
	out->flash = in->reached ? _("The call-back is recorded.") : _("Noted. The customer stays on the list for tomorrow.");
	return fill(c, r, NIL, 50, out);
}

static const struct route routes[] = {
	{ "GET", "/callbacks", PERM_CALLBACK, 0, &list_form, list, &callback_view, .summary = "Customers to call back, soonest first" },
	{ "POST", "/callbacks/{id}", PERM_CALLBACK, 0, &callback_form, record, &callback_view, .again = again, .summary = "Record a call-back, or that nobody answered" },
};
static const struct setting settings[] = { { "care.tries", IN_INT, "3", N_("Calls without answer until a customer counts as unreachable") } };
static const struct db_schema schema = { "care", care_migrations, care_statements };
const struct slice slice_care = { .name = "care", .schema = &schema, SLICE_ROUTES(routes), .settings = settings, .n_settings = LEN(settings) };
