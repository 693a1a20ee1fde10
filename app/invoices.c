/* invoices.c — carries invoices asked for to the service of setting money.invoice_url and brings back their numbers. What the service answers is JSON:
 * {"number": TEXT, "url": TEXT}, or with another status {"error": TEXT}. A service that does not answer leaves the invoice to a person; it is tried again. */
#include "app/invoices.h"
#include "app/courier.h"
#include "base/i18n.h"
#include "slice/account/account.h"
#include "slice/money/money.h"
#include <jansson.h>

enum { WHY_MAX = 200 };

struct answer { int64_t invoice; str number, url, why; };

static enum err note(struct ctx *c, void *arg)
{
	const struct answer *a = arg;

	return invoice_answered(c, a->invoice, a->number, a->url, a->why);
}

static str text_of(struct ctx *c, const json_t *js, const char *key)
{
	const char *t = json_string_value(json_object_get(js, key));

	return t && strlen(t) <= WHY_MAX ? arena_str(c->a, str_c(t)) : (str){ 0 };
}

enum err invoice_send(struct ctx *c, const struct outbox_item *it, str *ret_why)
{
	json_t *asked = json_loadb(it->payload.s.p, it->payload.s.n, 0, NULL), *said;
	struct answer a = { .invoice = json_integer_value(json_object_get(asked, "invoice")) };
	struct courier_post p = { .url = arena_cstr(c->a, setting_str(c, "money.invoice_url")), .body = it->payload.s, .seconds = (long)setting_int(c, "money.invoice_seconds") };
	struct courier_answer back;

	json_decref(asked);
	courier_post(c, &p, &back);
	said = json_loadb(back.body.p ? back.body.p : "", back.body.n, 0, NULL);
	if (back.ok)
		a.number = text_of(c, said, "number");
	a.url = a.number.n ? text_of(c, said, "url") : (str){ 0 };
	a.why = text_of(c, said, "error");
	if (!a.why.n)
		a.why = back.status ? arena_fmt(c->a, "HTTP %ld", back.status) : _("The invoice service does not answer.");
	json_decref(said);
	TRY(db_write(db_of(c->db), c, note, &a));
	if (a.number.n)
		return ERR_OK;
	*ret_why = a.why;
	return fail(c, ERR_BUSY, N_("The invoice service does not answer."));
}
