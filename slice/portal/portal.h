/* portal.h — the customer's side: report a fault without or with an account, follow it by a random link, answer, confirm or refuse [O3, O6, O7]. Owns no tables. */
#pragma once
#include "slice/order/order.h"
/* The order a follow link means; from then on c->who is its holder, a customer who sees this file only. NOT_FOUND. */
MUST enum err portal_holder(struct ctx *c, str token, struct order *ret);
