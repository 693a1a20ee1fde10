/* words.h — Chinese and search: folding, bigrams, pinyin. Used at write time and for query words, never per row of a query. Thread-safe.
 * Texts must be valid UTF-8; results live in a, and are "" where nothing is left. */
#pragma once
#include "base/base.h"
str fold(struct arena *a, str s);                      /* NFKC + case fold, blanks squeezed: what searches compare */
/* Text to index: every CJK run as overlapping bigrams plus its last single character, Latin words folded, blank-separated. */
str index_words(struct arena *a, str s);
str pinyin(struct arena *a, str name);                 /* 单雄信 → "shan xiong xin", 吕 → "lv": syllables and Latin words, folded, without tones */
str unspaced(struct arena *a, str s);                  /* without blanks: "shan xiong xin" → "shanxiongxin", as people type it */
str initials(struct arena *a, str spelled);            /* of what pinyin() gave: "shan xiong xin" → "sxx" */
str sort_key(struct arena *a, str name);               /* hex text that sorts as pinyin; at most SORT_KEY_MAX digits */
enum { SORT_KEY_MAX = 128 };
/* What phones are compared by: digits of the first number, country code +86 / 0086 removed, area code with its 0; no extension. "" without digits. */
str phone_key(struct arena *a, str phone);
