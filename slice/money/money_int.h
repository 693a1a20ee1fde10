/* money_int.h — what the files of this room share. */
#pragma once
#include "db/db.h"
#include "slice/money/money.h"
#include "money.sql.h"

enum { FEE_LINES_MAX = 300 };
/* Rows in sight: org range or own; a nobody or a customer sees none. */
MUST enum err money_scope(struct ctx *c, struct in_sight *ret);
day money_today(struct ctx *c);
/* Where an order's money belongs: its station, else the top of the network. */
MUST enum err money_place(struct ctx *c, const struct order *o, int64_t *ret_org, str *ret_path);
/* NOT_FOUND becomes *ret_found false and diag is calm. */
MUST enum err money_if_found(struct ctx *c, enum err e, bool *ret_found);
/* The checks every move shares: legal, allowed, fresh, complete. */
MUST enum err money_move_check(struct ctx *c, const struct money_table *t, int state, int64_t ver, int64_t by_id, const struct money_act *a, const struct money_move **ret);
money money_setting(struct ctx *c, const char *name);

/* owner 0: the house's own */
struct cash_line { enum cash_kind kind; int64_t owner; str sub, org_path; int64_t amount; };
struct cash_doc { const char *kind; int64_t order_id; str ref; char currency[4]; };
/* The only way money moves. Lines of zero are left out; lines that do not sum to zero are a BUG. CONFLICT: cash would become negative. */
MUST enum err cash_post(struct ctx *c, const struct cash_doc *d, const struct cash_line *l, size_t n);
/* 0 when there is no such account yet. */
MUST enum err cash_balance(struct ctx *c, enum cash_kind kind, int64_t owner, money *ret);
MUST enum err price_item_for(struct ctx *c, const struct price_list *l, str code, str model, int64_t distance_m, struct price_item *ret);
/* Decides a live line anew without asking about authority. */
MUST enum err fee_set_basis(struct ctx *c, const struct order *o, const struct fee_line *l, int basis, str reason);
/* The customer's account follows the paid live lines that are not in it yet; struck ones are taken back. */
MUST enum err fee_bill(struct ctx *c, const struct order *o);
MUST enum err fee_bill_line(struct ctx *c, const struct order *o, const struct fee_line *l, int sign);
/* The order's fee becomes the sum of its lines. */
MUST enum err fee_follow(struct ctx *c, const struct order *o);
