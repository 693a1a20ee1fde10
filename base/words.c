/* words.c — text work that needs ICU. ICU's own documents promise thread safety for the normalizer only, so what it opens is used under a lock. */
#include "base/words.h"
#include <pthread.h>
#include <unicode/ucol.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

static struct { pthread_once_t once; pthread_mutex_t lock; const UNormalizer2 *casefold, *nfd; UTransliterator *latin; UCollator *zh; } icu = {
	.once = PTHREAD_ONCE_INIT, .lock = PTHREAD_MUTEX_INITIALIZER,
};

static void open_icu(void)
{
	/* The variant that knows how characters are read in surnames: 单 shan, not dan. */
	static const UChar id[] = u"Han-Latin/Names";
	UErrorCode e = U_ZERO_ERROR;

	icu.casefold = unorm2_getNFKCCasefoldInstance(&e);
	icu.nfd = unorm2_getNFDInstance(&e);
	icu.latin = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &e);
	icu.zh = ucol_open("zh", &e);
	if (U_FAILURE(e))
		BUG("ICU lacks its data: %s", u_errorName(e));
}

/* ---- UTF-16, ICU's currency ---- */

struct wide { UChar *p; int32_t n; };

static struct wide to_wide(struct arena *a, str s)
{
	UErrorCode e = U_ZERO_ERROR;
	struct wide w = { NEW_N(a, UChar, s.n + 1), 0 };

	u_strFromUTF8WithSub(w.p, (int32_t)s.n + 1, &w.n, s.p, (int32_t)s.n, 0xFFFD, NULL, &e);
	if (U_FAILURE(e))
		BUG("UTF-8 to UTF-16: %s", u_errorName(e));
	return w;
}

static str to_str(struct arena *a, struct wide w)
{
	UErrorCode e = U_ZERO_ERROR;
	int32_t n = 0, room = w.n * 3 + 1;
	char *p = arena_alloc(a, (size_t)room);

	u_strToUTF8WithSub(p, room, &n, w.p, w.n, 0xFFFD, NULL, &e);
	if (U_FAILURE(e))
		BUG("UTF-16 to UTF-8: %s", u_errorName(e));
	return (str){ p, (size_t)n };
}

static struct wide normal(struct arena *a, const UNormalizer2 *form, struct wide w)
{
	struct wide ret = { NULL, 0 };
	int32_t room = w.n * 2 + 32;

	for (;;) {
		UErrorCode e = U_ZERO_ERROR;

		ret.p = NEW_N(a, UChar, room);
		ret.n = unorm2_normalize(form, w.p, w.n, ret.p, room, &e);
		if (U_SUCCESS(e))
			return ret;
		if (e != U_BUFFER_OVERFLOW_ERROR)
			BUG("normalizing: %s", u_errorName(e));
		room = ret.n + 1;
	}
}

/* ---- folding and words ---- */

str fold(struct arena *a, str s)
{
	struct wide w;
	int32_t n = 0;

	if (!s.n)
		return S("");
	pthread_once(&icu.once, open_icu);
	w = normal(a, icu.casefold, to_wide(a, s));
	for (int32_t i = 0; i < w.n; i++) {
		if (!u_isUWhiteSpace(w.p[i]))
			w.p[n++] = w.p[i];
		else if (n && w.p[n - 1] != ' ')
			w.p[n++] = ' ';
	}
	w.n = n && w.p[n - 1] == ' ' ? n - 1 : n;
	return to_str(a, w);
}

enum class { OTHER, LATIN, CJK };

static enum class class_of(uint32_t c)
{
	UErrorCode e = U_ZERO_ERROR;

	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ? LATIN : OTHER;
	if (!u_isalnum((UChar32)c) && u_charType((UChar32)c) != U_NON_SPACING_MARK)
		return OTHER;
	switch (uscript_getScript((UChar32)c, &e)) {
	case USCRIPT_HAN: case USCRIPT_HIRAGANA: case USCRIPT_KATAKANA: case USCRIPT_HANGUL: case USCRIPT_BOPOMOFO: return CJK;
	default: return LATIN;
	}
}

/* The run of one class that begins at *i; *ret_class tells which. */
static str next_run(str s, size_t *i, enum class *ret_class)
{
	size_t from = *i, next = *i;

	*ret_class = class_of(utf8_next(s, &next));
	do
		*i = next;
	while (next < s.n && class_of(utf8_next(s, &next)) == *ret_class);
	return (str){ s.p + from, *i - from };
}

static void put_word(struct buf *b, str w)
{
	if (b->n)
		buf_c(b, ' ');
	buf_str(b, w);
}

static void put_bigrams(struct buf *b, str run)
{
	size_t first = 0, second = 0, third;

	(void)utf8_next(run, &second);
	while (second < run.n) {
		third = second;
		(void)utf8_next(run, &third);
		put_word(b, (str){ run.p + first, third - first });
		first = second;
		second = third;
	}
	put_word(b, (str){ run.p + first, run.n - first });
}

static str take(struct arena *a, struct buf *b)
{
	str s = b->n ? arena_str(a, (str){ b->p, b->n }) : S("");

	buf_free(b);
	return s;
}

/* A character of 3 bytes makes at most a bigram and a blank of 7; the last one 4 more. */
static size_t index_cap(str s) { return s.n * 4 + 16; }

str index_words(struct arena *a, str s)
{
	struct buf b;
	enum class class;

	s = fold(a, s);
	buf_init(&b, index_cap(s));
	for (size_t i = 0; i < s.n;) {
		str run = next_run(s, &i, &class);

		if (class == CJK)
			put_bigrams(&b, run);
		else if (class == LATIN)
			put_word(&b, run);
	}
	return take(a, &b);
}

/* ---- pinyin ---- */

/* A syllable takes up to six letters and a blank in place of one character. */
static struct wide latin(struct arena *a, struct wide w)
{
	UErrorCode e = U_ZERO_ERROR;
	int32_t room = w.n * 8 + 32, limit = w.n;
	struct wide ret = { NEW_N(a, UChar, room), w.n };

	u_memcpy(ret.p, w.p, w.n);
	pthread_mutex_lock(&icu.lock);
	utrans_transUChars(icu.latin, ret.p, &ret.n, room, 0, &limit, &e);
	pthread_mutex_unlock(&icu.lock);
	return U_SUCCESS(e) ? ret : w;
}

static bool is_tone(UChar c) { return c == 0x0300 || c == 0x0301 || c == 0x0304 || c == 0x030C; }

/* Marks go; ü with a tone becomes v, as everybody types it. */
static struct wide without_marks(struct wide w)
{
	int32_t n = 0;

	for (int32_t i = 0; i < w.n; i++) {
		if (w.p[i] == 'u' && i + 2 < w.n && w.p[i + 1] == 0x0308 && is_tone(w.p[i + 2]))
			w.p[n++] = 'v';
		else if (u_charType(w.p[i]) != U_NON_SPACING_MARK)
			w.p[n++] = w.p[i];
	}
	w.n = n;
	return w;
}

str pinyin(struct arena *a, str name)
{
	struct buf b;
	enum class class;
	str s;

	if (!name.n)
		return S("");
	pthread_once(&icu.once, open_icu);
	s = fold(a, to_str(a, without_marks(normal(a, icu.nfd, latin(a, to_wide(a, fold(a, name)))))));
	buf_init(&b, s.n + 1);
	for (size_t i = 0; i < s.n;) {
		str run = next_run(s, &i, &class);

		if (class != OTHER)
			put_word(&b, run);
	}
	return take(a, &b);
}

str unspaced(struct arena *a, str s)
{
	char *d = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ')
			d[n++] = s.p[i];
	return (str){ d, n };
}

str initials(struct arena *a, str spelled)
{
	struct buf b;
	str w;

	buf_init(&b, spelled.n + 1);
	while (str_cut(&spelled, ' ', &w)) {
		size_t first = 0;

		if (!w.n)
			continue;
		(void)utf8_next(w, &first);
		buf_put(&b, w.p, first);
	}
	return take(a, &b);
}

str sort_key(struct arena *a, str name)
{
	static const char hex[] = "0123456789abcdef";
	uint8_t key[SORT_KEY_MAX / 2];
	struct wide w;
	int32_t n;
	char *d;

	pthread_once(&icu.once, open_icu);
	w = to_wide(a, fold(a, name));
	pthread_mutex_lock(&icu.lock);
	n = ucol_getSortKey(icu.zh, w.p, w.n, key, (int32_t)sizeof key);
	pthread_mutex_unlock(&icu.lock);
	/* The closing NUL says nothing; a longer key is cut, its first levels decide. */
	n = n > (int32_t)sizeof key ? (int32_t)sizeof key : n - 1;
	d = arena_alloc(a, (size_t)n * 2 + 1);
	for (int32_t i = 0; i < n; i++) {
		d[2 * i] = hex[key[i] >> 4];
		d[2 * i + 1] = hex[key[i] & 15];
	}
	return (str){ d, (size_t)n * 2 };
}

/* ---- phones ---- */

/* What may stand between the digits of one number. */
static bool joins(uint32_t c) { return c == ' ' || c == '-' || c == '(' || c == ')' || c == '.' || c == '+' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212; }

static bool is_mobile(str d) { return d.n == 11 && d.p[0] == '1' && d.p[1] >= '3'; }

/* From abroad an area code is dialled without its 0; mobile and 400/800 numbers never have one. */
static bool lacks_zero(str d) { return d.n >= 10 && d.p[0] != '0' && !is_mobile(d) && !str_starts(d, S("400")) && !str_starts(d, S("800")); }

str phone_key(struct arena *a, str phone)
{
	str s = fold(a, phone), d;
	char *p = arena_alloc(a, s.n + 2);
	size_t n = 0, cut = 0;

	/* One byte in front is kept free for a 0. */
	for (size_t i = 0; i < s.n;) {
		uint32_t c = utf8_next(s, &i);

		if (c >= '0' && c <= '9')
			p[++n] = (char)c;
		else if (n && !joins(c))
			break;
	}
	d = (str){ p + 1, n };
	if (str_starts(d, S("0086")))
		cut = 4;
	else if (str_starts(d, S("86")) && (n > 11 || str_starts(s, S("+"))))
		cut = 2;
	d = (str){ d.p + cut, n - cut };
	if (cut && lacks_zero(d)) {
		p[cut] = '0';
		d = (str){ p + cut, d.n + 1 };
	}
	return d.n ? d : S("");
}
