/* seal.c — secrets that must be read again (unlock codes of devices, passwords of other services, second factors) lie sealed in the database; the key lies beside it. */
#include "slice/account/account.h"
#include <sodium.h>

static const unsigned char *seal_key;

void secret_key_use(const unsigned char *key) { seal_key = key; }

bool secret_seal(struct arena *a, str plain, str *ret)
{
	size_t n = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.n;
	unsigned char *box = arena_alloc(a, n);

	if (!seal_key)
		return false;
	randombytes_buf(box, crypto_secretbox_NONCEBYTES);
	if (crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, (const unsigned char *)plain.p, plain.n, box, seal_key))
		BUG("secretbox");
	*ret = str_base64(a, box, n);
	return true;
}

bool secret_open(struct arena *a, str sealed, str *ret)
{
	unsigned char *box = arena_alloc(a, sealed.n + 1), *plain = arena_alloc(a, sealed.n + 1);
	size_t n, over = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;

	if (!seal_key || !sealed.n || sodium_base642bin(box, sealed.n, sealed.p, sealed.n, NULL, &n, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) || n < over
	    || crypto_secretbox_open_easy(plain, box + crypto_secretbox_NONCEBYTES, n - crypto_secretbox_NONCEBYTES, box, seal_key))
		return false;
	plain[n - over] = 0;
	*ret = (str){ (const char *)plain, n - over };
	return true;
}
