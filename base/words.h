/* words.h — Chinese and search: folding, bigrams, pinyin. Used at write time and for query words. Needs ICU. */
#pragma once
#include "base/base.h"
str fold(struct arena *a, str s);                      /* NFKC + case fold, blanks squeezed: what searches compare */
/* Text to index: every CJK run as overlapping bigrams plus its last single character, Latin words folded, blank-separated. */
str index_words(struct arena *a, str s);
str pinyin(struct arena *a, str name);                 /* 单雄信 → "shan xiongxin"-like blank-separated syllables, folded */
str initials(struct arena *a, str name);               /* 单雄信 → "sxx" */
str sort_key(struct arena *a, str name);               /* hex text that sorts as pinyin */
/* Digits only, +86 / 0086 and full-width forms removed: what phones are compared by. Empty when there are no digits. */
str phone_key(struct arena *a, str phone);
