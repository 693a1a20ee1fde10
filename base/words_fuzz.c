/* Any valid text: results are valid UTF-8, folding and indexing are stable under repetition. Also the parsers of money, days and instants. */
#include "base/money.h"
#include "base/time.h"
#include "base/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static str (*const fns[])(struct arena *, str) = { fold, index_words, pinyin, initials, sort_key, phone_key };
	str s = { (const char *)p, n }, once;
	struct arena a;
	money m;
	day d;
	instant t;

	if (n > 4096 || !utf8_valid(s))
		return 0;
	arena_init(&a, 1 << 26);
	for (size_t i = 0; i < LEN(fns); i++)
		if (!utf8_valid(fns[i](&a, s)))
			BUG("result %zu is not valid text", i);
	once = fold(&a, s);
	if (!str_eq(fold(&a, once), once))
		BUG("folding twice differs");
	if (money_parse(s, "CNY", &m) && (!money_parse(money_plain(&a, m), "CNY", &m) || m.minor == NIL))
		BUG("money does not read back");
	if (day_parse(s, &d) && !day_parse(day_iso(&a, d), &d))
		BUG("a day does not read back");
	if (instant_parse(s, tz_get(S("Europe/Berlin")), &t) && t.ms > 0 && !instant_parse(instant_iso(&a, NULL, t), NULL, &t) && t.ms < 253370764800000)
		BUG("an instant does not read back");
	arena_free(&a);
	return 0;
}
