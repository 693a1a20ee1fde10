/* order_secret.c — follow tokens; unlock secrets of devices: sealed with a key outside the database, shown on request with a log line, destroyed at hand-over [O3]. */
#include <sodium.h>
#include "base/i18n.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/order/order_int.h"

str order_token(struct ctx *c)
{
	unsigned char raw[16];

	randombytes_buf(raw, sizeof raw);
	return str_base64(c->a, raw, sizeof raw);
}

enum err order_seal(struct ctx *c, str plain, str *ret_sealed)
{
	*ret_sealed = (str){ 0 };
	if (plain.n && !secret_seal(c->a, plain, ret_sealed))
		return fail_field(c, "unlock", N_("Secrets cannot be kept: this service has no key for them."));
	return ERR_OK;
}

enum err order_unlock(struct ctx *c, const struct order *o, str *ret)
{
	struct text { str text; } sealed;
	static const struct field f[] = { FIELD(struct text, text), { 0 } };
	str plain;

	if (!may(c, PERM_ORDER_SECRET))
		return fail(c, ERR_FORBIDDEN, NULL);
	TRY(db_row(c, &q_order_unlock, BIND(P(id, o->id)), f, &sealed));
	if (!secret_open(c->a, sealed.text, &plain))
		return fail(c, ERR_DB, N_("The secret was sealed with another key."));
	TRY(audit_read(c, "order", o->id, "unlock"));
	*ret = plain;
	return ERR_OK;
}
