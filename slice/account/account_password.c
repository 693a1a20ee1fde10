/* account_password.c — argon2id at 64 MiB; two at a time, for memory. */
#include "slice/account/account_int.h"
#include "base/time.h"
#include "base/words.h"
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <sodium.h>

enum { AT_ONCE = 2, WAIT_S = 10, PASSWORD_MAX = 128 };
static const unsigned long long cost_ops = 2;
static const size_t cost_bytes = 64u << 20;

static sem_t turns;
static char dummy[crypto_pwhash_STRBYTES];             /* what unknown logins are checked against, so that they take as long */
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Folded; found in every leaked list. */
static const char *const common[] = {
	"0123456789", "1q2w3e4r5t", "1qaz2wsx3edc", "a123456789", "aa12345678", "abc123456789", "abcd123456", "admin12345", "administrator",
	"asdfghjkl", "baoxiu1234", "iloveyou12", "letmein123", "p@ssw0rd12", "passw0rd12", "password", "password1", "password12", "password123",
	"qwer123456", "qwerty1234", "qwerty12345", "qwertyuiop", "welcome123", "woaini1314", "woaini5201314", "zxcvbnm123",
};

static void start(void)
{
	if (sodium_init() < 0 || sem_init(&turns, 0, AT_ONCE))
		BUG("no randomness or semaphores");
	if (crypto_pwhash_str(dummy, "nobody", 6, cost_ops, cost_bytes))
		BUG("no memory for a password hash");
}

static enum err turn_take(struct ctx *c)
{
	struct timespec until;

	pthread_once(&once, start);
	until = (struct timespec){ .tv_sec = clock_mono_us() / 1000000 + WAIT_S };
	while (sem_clockwait(&turns, CLOCK_MONOTONIC, &until))
		if (errno != EINTR)
			return fail(c, ERR_BUSY, NULL);
	return ERR_OK;
}

static bool one_character(str s)
{
	for (size_t i = 1; i < s.n; i++)
		if (s.p[i] != s.p[0])
			return false;
	return true;
}

static enum err password_check(struct ctx *c, str password)
{
	int64_t min = setting_int(c, "password.min");
	str low = fold(c->a, password);
	bool weak = one_character(low) || str_starts(S("12345678901234567890"), low) || str_starts(S("98765432109876543210"), low);

	if ((int64_t)utf8_len(password) < min)
		return fail_field(c, "password", N_("A password needs at least {1} characters."), min);
	if (password.n > PASSWORD_MAX)
		return fail_field(c, "password", N_("A password has at most {1} characters."), (int)PASSWORD_MAX);
	for (size_t i = 0; i < LEN(common); i++)
		weak |= str_eq(low, str_c(common[i]));
	return weak ? fail_field(c, "password", N_("This password is among the first that are guessed. Take another.")) : ERR_OK;
}

enum err password_hash(struct ctx *c, str password, str *ret_hash)
{
	char hash[crypto_pwhash_STRBYTES];
	int bad;

	TRY(password_check(c, password));
	TRY(turn_take(c));
	bad = crypto_pwhash_str(hash, password.p, password.n, cost_ops, cost_bytes);
	sem_post(&turns);
	if (bad)
		return fail(c, ERR_BUSY, NULL);
	*ret_hash = arena_str(c->a, str_c(hash));
	return ERR_OK;
}

bool password_matches(struct ctx *c, str hash, str password, enum err *ret_e)
{
	bool same;

	*ret_e = turn_take(c);
	if (*ret_e)
		return false;
	same = crypto_pwhash_str_verify(hash.p ? arena_cstr(c->a, hash) : dummy, password.p ? password.p : "", password.n) == 0;
	sem_post(&turns);
	return same && hash.p;
}

bool password_outdated(struct arena *a, str hash)
{
	return crypto_pwhash_str_needs_rehash(arena_cstr(a, hash), cost_ops, cost_bytes) != 0;
}

str password_random(struct arena *a)
{
	static const char letters[] = "abcdefghijkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679";
	char *d = arena_alloc(a, 21);

	for (int i = 0; i < 20; i++)
		d[i] = letters[randombytes_uniform(sizeof letters - 1)];
	return (str){ d, 20 };
}
