#include "slice/account/totp.h"
#include <nettle/hmac.h>
#include <sodium.h>

int64_t totp_step(instant t) { return t.ms / 1000 / TOTP_STEP_S; }

int64_t totp_code(str key, int64_t step, int digits)
{
	unsigned char text[8], mac[SHA1_DIGEST_SIZE];
	struct hmac_sha1_ctx h;
	int64_t modulus = 1;
	uint32_t cut;
	size_t at;

	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	hmac_sha1_set_key(&h, key.n, (const unsigned char *)key.p);
	hmac_sha1_update(&h, sizeof text, text);
	hmac_sha1_digest(&h, sizeof mac, mac);
	at = mac[sizeof mac - 1] & 15;
	cut = (uint32_t)(mac[at] & 127) << 24 | (uint32_t)mac[at + 1] << 16 | (uint32_t)mac[at + 2] << 8 | mac[at + 3];
	while (digits-- > 0)
		modulus *= 10;
	return cut % modulus;
}

/* Six digits; -1: something else. */
static int64_t typed_code(str typed)
{
	int64_t code = 0;
	int n = 0;

	for (size_t i = 0; i < typed.n; i++) {
		if (typed.p[i] == ' ')
			continue;
		if (typed.p[i] < '0' || typed.p[i] > '9' || ++n > TOTP_DIGITS)
			return -1;
		code = code * 10 + typed.p[i] - '0';
	}
	return n == TOTP_DIGITS ? code : -1;
}

int64_t totp_match(str key, str typed, instant now, int64_t used)
{
	int64_t code = typed_code(typed), found = -1;

	for (int64_t step = totp_step(now) - 1; code >= 0 && step <= totp_step(now) + 1; step++) {
		int64_t right = totp_code(key, step, TOTP_DIGITS);

		if (!sodium_memcmp(&right, &code, sizeof code) && step > used && found < 0)
			found = step;
	}
	return found;
}

str base32(struct arena *a, str bytes)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	char *d = arena_alloc(a, bytes.n * 8 / 5 + 2);
	uint64_t bits = 0;
	size_t n = 0;
	int have = 0;

	for (size_t i = 0; i < bytes.n; i++) {
		bits = bits << 8 | (unsigned char)bytes.p[i];
		for (have += 8; have >= 5; have -= 5)
			d[n++] = letters[bits >> (have - 5) & 31];
	}
	if (have)
		d[n++] = letters[bits << (5 - have) & 31];
	d[n] = 0;
	return (str){ d, n };
}
