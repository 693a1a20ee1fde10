/* i18n.h — catalogues. The English text is the key; po/<room>.zh.po holds the Chinese, merged and built into the binary. */
#pragma once
#include "base/base.h"
#define _(text) tr(c, text)                            /* in code and templates with a ctx named c; N_() only marks */
str tr(const struct ctx *c, const char *text);         /* static lifetime; the English itself when there is no translation */
str tr_lang(const char *lang, const char *text);
/* {1} {2} in the translated text become the values, formatted for the reader (time in their zone, money, numbers). Lives in c->a. */
#define trf(c, text, ...) trf_((c), (text), (const struct val[]){ MAP(V, __VA_ARGS__) }, LEN(((const struct val[]){ MAP(V, __VA_ARGS__) })))
str trf_(const struct ctx *c, const char *text, const struct val *v, size_t n);
/* one: "{1} order", many: "{1} orders"; only `many` is looked up (Chinese has one form). */
str trn(const struct ctx *c, const char *one, const char *many, int64_t n);
/* How a value reads for this person: 2026-11-22 14:30 · 2026-11-22 · ¥1,234.50 · 1234 · yes · absent is "". */
str show(const struct ctx *c, struct val v);
/* Relative to c->now, in the reader's zone: just now · 5 min ago · in 20 min · today 14:30 · yesterday 09:05 · tomorrow 08:00 · 11-22 14:30 · 2025-11-22 14:30. */
str show_ago(const struct ctx *c, instant t);
str show_span(const struct ctx *c, int64_t ms);        /* "2 h 10 min" / "2 小时 10 分"; the two largest units, "-" in front when negative */
/* NULL-terminated; the first is the fallback for NULL and unknown languages. */
extern const char *const i18n_langs[];
