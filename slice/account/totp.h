/* totp.h — one-time codes by the clock (RFC 6238: HMAC-SHA-1, 30 s, 6 digits, as authenticator apps have them). Pure. */
#pragma once
#include "base/base.h"
enum { TOTP_KEY = 20, TOTP_STEP_S = 30, TOTP_DIGITS = 6 };
int64_t totp_step(instant t);
/* As many digits, 6 to 8, of an HMAC-SHA-1 key of any length. */
int64_t totp_code(str key, int64_t step, int digits);
/* The step within one of now whose code this is (blanks are ignored), later than `used`; -1: none. */
int64_t totp_match(str key, str typed, instant now, int64_t used);
str base32(struct arena *a, str bytes);                /* RFC 4648, without padding */
