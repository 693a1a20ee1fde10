/* audit_sign.c — documents the house signs: a key pair made of the key that signs anchors, so that who only knows the public half can check. */
#include "slice/audit/audit_int.h"
#include <sodium.h>

static bool pair(unsigned char *public_key, unsigned char *secret)
{
	unsigned char seed[crypto_sign_SEEDBYTES];

	if (!anchor_derive("document", seed, sizeof seed))
		return false;
	crypto_sign_seed_keypair(public_key, secret, seed);
	sodium_memzero(seed, sizeof seed);
	return true;
}

static bool bytes_of(str text, unsigned char *ret, size_t n)
{
	size_t got;

	return !sodium_base642bin(ret, n, text.p, text.n, NULL, &got, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) && got == n;
}

str audit_sign(struct arena *a, str text)
{
	unsigned char public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES], sign[crypto_sign_BYTES];

	if (!pair(public_key, secret))
		return (str){ 0 };
	crypto_sign_detached(sign, NULL, (const unsigned char *)text.p, text.n, secret);
	sodium_memzero(secret, sizeof secret);
	return str_base64(a, sign, sizeof sign);
}

str audit_public_key(struct arena *a)
{
	unsigned char public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];

	if (!pair(public_key, secret))
		return (str){ 0 };
	sodium_memzero(secret, sizeof secret);
	return str_base64(a, public_key, sizeof public_key);
}

bool audit_signed(str text, str sign, str public_key)
{
	unsigned char key[crypto_sign_PUBLICKEYBYTES], bytes[crypto_sign_BYTES];

	return bytes_of(public_key, key, sizeof key) && bytes_of(sign, bytes, sizeof bytes) &&
		!crypto_sign_verify_detached(bytes, (const unsigned char *)text.p, text.n, key);
}
