/* money_int.h — what the files of this room share. */
#pragma once
#include "db/db.h"
#include "slice/money/money.h"
#include "money.sql.h"

enum { FEE_LINES_MAX = 300 };
/* Where an order's money belongs: its station, else the top of the network. */
MUST enum err money_place(struct ctx *c, const struct order *o, int64_t *ret_org, str *ret_path);
/* The checks every move shares: legal, allowed, fresh, complete. */
MUST enum err money_move_check(struct ctx *c, const struct money_table *t, int state, int64_t ver, int64_t by_id, const struct money_act *a, const struct money_move **ret);

MUST enum err price_item_for(struct ctx *c, const struct price_list *l, str code, str model, int64_t distance_m, struct price_item *ret);
/* Decides a live line anew without asking about authority. */
MUST enum err fee_set_basis(struct ctx *c, const struct order *o, const struct fee_line *l, int basis, str reason);
/* A free visit or month, when there is one: allowance and basis of the line. */
MUST enum err fee_take_allowance(struct ctx *c, const struct order *o, bool support, struct fee_line *l);
MUST enum err allowance_usable(struct ctx *c, const struct order *o, struct allowance **ret, size_t *ret_n);     /* also those with an open month */
/* What the line used up. */
MUST enum err fee_give_back(struct ctx *c, const struct order *o, const struct fee_line *l);
struct spare;
MUST enum err fee_of_part(struct ctx *c, const struct order *o, const struct spare *p, int64_t qty, int64_t *ret_id);
/* The customer's account follows the paid live lines that are not in it yet; struck ones are taken back. */
MUST enum err fee_bill(struct ctx *c, const struct order *o);
MUST enum err fee_bill_line(struct ctx *c, const struct order *o, const struct fee_line *l, int sign);
/* The order's fee becomes the sum of its lines. */
MUST enum err fee_follow(struct ctx *c, const struct order *o);
