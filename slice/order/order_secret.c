/* order_secret.c — follow tokens; unlock secrets of devices: sealed with a key outside the database, shown on request with a log line, destroyed at hand-over [O3]. */
#include <sodium.h>
#include "base/i18n.h"
#include "slice/account/perm.h"
#include "slice/audit/audit.h"
#include "slice/order/order_int.h"

static const unsigned char *secret_key;

void order_secret_key(const unsigned char *key) { secret_key = key; }

str order_token(struct ctx *c)
{
	unsigned char raw[16];

	randombytes_buf(raw, sizeof raw);
	return str_base64(c->a, raw, sizeof raw);
}

enum err order_seal(struct ctx *c, str plain, str *ret_sealed)
{
	unsigned char nonce[crypto_secretbox_NONCEBYTES], *box;
	size_t n = sizeof nonce + crypto_secretbox_MACBYTES + plain.n;

	if (!plain.n) {
		*ret_sealed = (str){ 0 };
		return ERR_OK;
	}
	if (!secret_key)
		return fail_field(c, "unlock", N_("Secrets cannot be kept: this service has no key for them."));
	randombytes_buf(nonce, sizeof nonce);
	box = arena_alloc(c->a, n);
	memcpy(box, nonce, sizeof nonce);
	if (crypto_secretbox_easy(box + sizeof nonce, (const unsigned char *)plain.p, plain.n, nonce, secret_key))
		BUG("secretbox");
	*ret_sealed = str_base64(c->a, box, n);
	return ERR_OK;
}

enum err order_unlock(struct ctx *c, const struct order *o, str *ret)
{
	struct text { str text; } sealed;
	static const struct field f[] = { FIELD(struct text, text), { 0 } };
	unsigned char *box, *plain;
	size_t n;

	if (!may(c, PERM_ORDER_SECRET))
		return fail(c, ERR_FORBIDDEN, NULL);
	TRY(db_row(c, &q_order_unlock, BIND(P(id, o->id)), f, &sealed));
	box = arena_alloc(c->a, sealed.text.n);
	plain = arena_alloc(c->a, sealed.text.n);
	if (!secret_key || sodium_base642bin(box, sealed.text.n, sealed.text.p, sealed.text.n, NULL, &n, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING)
	    || n < crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES
	    || crypto_secretbox_open_easy(plain, box + crypto_secretbox_NONCEBYTES, n - crypto_secretbox_NONCEBYTES, box, secret_key))
		return fail(c, ERR_DB, N_("The secret was sealed with another key."));
	TRY(audit_read(c, "order", o->id, "unlock"));
	*ret = (str){ (const char *)plain, n - crypto_secretbox_NONCEBYTES - crypto_secretbox_MACBYTES };
	return ERR_OK;
}
