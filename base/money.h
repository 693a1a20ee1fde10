/* money.h — integer minor units with currency; rounding is half away from zero, written here and nowhere else [F6]. */
#pragma once
#include "base/base.h"
#define CNY(minor_) ((money){ .minor = (minor_), .cur = "CNY" })
#define NO_MONEY ((money){ .minor = NIL })
#define MONEY_MAX 10000000000000                       /* largest amount taken in, in minor units: sums of a million of them still fit */
int  money_digits(const char cur[4]);                  /* decimals of the currency: CNY 2, JPY 0 */
const char *money_symbol(const char cur[4]);           /* "¥"; the code itself when there is no known one */
/* Forgiving: "1,234.5", "¥ 12", "12元", full-width digits. Refuses more decimals than the currency has, and amounts past MONEY_MAX. */
bool money_parse(str s, const char cur[4], money *ret);
str  money_plain(struct arena *a, money m);            /* "1234.50"; "" for no money */
money money_add(money a, money b);                     /* same currency, no overflow: BUG otherwise */
money money_part(money m, int64_t num, int64_t den);   /* m × num ÷ den, half away from zero */
money money_zero(const char cur[4]);
money money_minus(money m);
bool money_is(money m, const char cur[4]);             /* of that currency */
#define S_CUR(m) str_c((m).cur)
