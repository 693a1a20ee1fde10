/* The table of moves is sound. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/order/order_test_bed.h"

static bool state_open(int s)
{
	static const bool open[] = {
#define X(id, name, title, is_open, tone) is_open,
		ORDER_STATES(X)
#undef X
	};

	return open[s];
}

static void every_state_is_reached(void **state)
{
	unsigned reach = 1u << ORDER_REGISTERED | 1u << ORDER_STATION_ASSIGNED;

	(void)state;
	for (int round = 0; round < ORDER_STATE_N; round++)
		for (size_t i = 0; i < order_moves_n; i++)
			if ((order_moves[i].from & reach) && order_moves[i].to != ORDER_STATE_N)
				reach |= 1u << order_moves[i].to;
	CHECK(reach == (1u << ORDER_STATE_N) - 1);
}

static void every_open_state_has_a_way_on(void **state)
{
	(void)state;
	for (int s = 0; s < ORDER_STATE_N; s++)
		for (int mode = 0; mode < MODE_N; mode++) {
			bool on = false;

			for (size_t i = 0; i < order_moves_n; i++)
				on = on || ((order_moves[i].from & 1u << s) && (!order_moves[i].modes || (order_moves[i].modes & 1u << mode)));
			CHECK_ROW(s, on || !state_open(s));
		}
}

/* One primary action a screen: for each state and mode, staff have at most one, and an open state has one. */
static void one_primary_each(void **state)
{
	(void)state;
	for (int s = 0; s < ORDER_STATE_N; s++)
		for (int mode = 0; mode < MODE_N; mode++) {
			int n = 0;

			for (size_t i = 0; i < order_moves_n; i++) {
				const struct order_move *m = &order_moves[i];

				n += m->primary && (m->from & 1u << s) && (!m->modes || (m->modes & 1u << mode)) && (m->who & (WHO_STAFF | WHO_ENGINEER));
			}
			CHECK_ROW(s * 10 + mode, n <= 1);
			CHECK_ROW(s * 10 + mode, n == 1 || !state_open(s) || (mode != MODE_ONSITE && mode != MODE_CARRY_IN) || s == ORDER_RECEIVED
				|| s == ORDER_APPOINTED || s == ORDER_UNDER_WAY || s == ORDER_ARRIVED);
		}
}

static void rows_do_not_fight(void **state)
{
	(void)state;
	for (size_t i = 0; i < order_moves_n; i++) {
		const struct order_move *a = &order_moves[i];

		CHECK_ROW(i, a->from && (a->need || (a->who & WHO_CUSTOMER)));
		for (size_t k = i + 1; k < order_moves_n; k++) {
			const struct order_move *b = &order_moves[k];
			bool modes = !a->modes || !b->modes || (a->modes & b->modes);

			CHECK_ROW(i, !(a->ev == b->ev && (a->from & b->from) && modes && (a->who & b->who)));
		}
	}
}

/* What came along goes along, or the note says why not. */
static void handed_back(void **state)
{
	struct order_item item[] = { { S("电源适配器"), 1 } };
	struct order o = { .mode = MODE_MAIL_IN, .accessories = item, .n_accessories = 1 };
	struct order_act a = act(ORDER_EV_HAND_OVER);
	struct world w = { 0 };

	(void)state;
	arena_init(&w.a, 1 << 16);
	w.c = (struct ctx){ .a = &w.a, .who = &w.who };
	CHECK(order_guard_signature(&w.c, &o, &a) == ERR_OK);
	a.ticked = true;
	CHECK(order_guard_signature(&w.c, &o, &a) == ERR_INVALID && world_field(&w, "note"));
	a.returned = &item[0].name, a.n_returned = 1;
	CHECK(order_guard_signature(&w.c, &o, &a) == ERR_OK);
	a.n_returned = 0, a.note = S("客户同意留下");
	CHECK(order_guard_signature(&w.c, &o, &a) == ERR_OK);
	arena_free(&w.a);
}

UNIT_GROUP(order_moves, T(every_state_is_reached), T(every_open_state_has_a_way_on), T(one_primary_each), T(rows_do_not_fight), T(handed_back))
