/* fees_world_test.h — for the tests of this room: a small network, an order in the engineer's hands, a price list in force. */
#pragma once
#include "slice/money/money_int.h"

struct slice;
struct world;
extern const struct slice *const house_slices[];
struct money_net { int64_t hq, region, station, engineer, head, finance, manager, admin; str no; };
extern struct money_net till;
enum who { AS_ENGINEER, AS_HEAD, AS_FINANCE, AS_MANAGER, AS_ADMIN, AS_SYSTEM, AS_CUSTOMER };

void money_start(struct world *w);                     /* order registered, dispatched, assigned and accepted; price list STD/1 in force */
void money_as(struct world *w, enum who who);
struct order money_order(struct world *w);
struct fee_state money_state(struct world *w);
int64_t money_at(struct world *w, enum cash_kind kind, int64_t owner, const char cur[4]);   /* balance of an account */
bool money_sound(struct world *w);                     /* money_verify finds nothing */
enum err money_line(struct world *w, const char *code, int basis, const char *reason);
enum err money_quote(struct world *w, struct quote *ret);
enum err money_decide(struct world *w, int ev);        /* newest quote */
enum err money_pay(struct world *w, int kind, int method, int64_t minor, const char *receipt_no, struct receipt *ret);
enum err money_receipt(struct world *w, str no, int ev, const char *receipt_no, const char *reason);
enum err money_move(struct world *w, int ev);          /* of the order, as c->who */
struct money_act money_act(int ev, int64_t ver);
