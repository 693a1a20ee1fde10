/* order_int.h — what the files of this room share. */
#pragma once
#include "db/db.h"
#include "slice/order/order.h"
#include "order.sql.h"

#define DUE_NEVER 9007199254740991LL                   /* stored for "no deadline" so that the due order needs no NULLs */
extern const struct field order_fields_db[], order_row_fields_db[];
MUST enum err order_load(struct ctx *c, const struct bind *b, struct order *ret);
/* Puts the order (already changed in memory) back; CONFLICT when ver is stale. */
MUST enum err order_store(struct ctx *c, struct order *o);
/* Clocks: started at intake, moved along with each move; o->due_at and o->paused follow the customer's next deadline. */
MUST enum err order_clocks_begin(struct ctx *c, struct order *o);
MUST enum err order_clocks_move(struct ctx *c, struct order *o, enum order_state from, const struct order_move *m, const struct order_act *a);
/* Priority, customer, product or place changed outside a move. */
MUST enum err order_clocks_facts(struct ctx *c, struct order *o);
/* Customer and device of an order are seen where it lies [N5]. */
MUST enum err order_held(struct ctx *c, int64_t customer_id, int64_t device_id, str path);
MUST enum err order_promise(struct ctx *c, struct order *o);
MUST enum err order_index(struct ctx *c, const struct order *o);       /* what the search finds it by */
/* The same of any texts. Its station is a word as well: who searches at one station does not walk through the network's orders. */
MUST enum err order_index_texts(struct ctx *c, int64_t id, int64_t station_id, const str *text, size_t n);
str order_token(struct ctx *c);                        /* of a follow link: 128 random bits */
MUST enum err order_seal(struct ctx *c, str plain, str *ret_sealed);   /* absent stays absent */

enum err order_guard_station(struct ctx *c, const struct order *o, const struct order_act *a);
enum err order_guard_engineer(struct ctx *c, const struct order *o, const struct order_act *a);
enum err order_guard_visit(struct ctx *c, const struct order *o, const struct order_act *a);
enum err order_guard_signature(struct ctx *c, const struct order *o, const struct order_act *a);
enum err order_guard_callback(struct ctx *c, const struct order *o, const struct order_act *a);
enum err order_guard_refusal(struct ctx *c, const struct order *o, const struct order_act *a);
enum err order_guard_unit_back(struct ctx *c, const struct order *o, const struct order_act *a);
enum err order_to_station(struct ctx *c, struct order *o, const struct order_act *a);
enum err order_leave_station(struct ctx *c, struct order *o, const struct order_act *a);
enum err order_unit_received(struct ctx *c, struct order *o, const struct order_act *a);
enum err order_to_engineer(struct ctx *c, struct order *o, const struct order_act *a);
enum err order_leave_engineer(struct ctx *c, struct order *o, const struct order_act *a);
enum err order_wait_begins(struct ctx *c, struct order *o, const struct order_act *a);
enum err order_wait_ends(struct ctx *c, struct order *o, const struct order_act *a);
enum err order_escalates(struct ctx *c, struct order *o, const struct order_act *a);
enum err order_test_failed(struct ctx *c, struct order *o, const struct order_act *a);
enum err order_handed_over(struct ctx *c, struct order *o, const struct order_act *a);
enum err order_reopened(struct ctx *c, struct order *o, const struct order_act *a);
