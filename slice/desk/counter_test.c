/* counter_test.c — the lists of what to look at are sound. */
#include "tests/unit.h"
#include "slice/desk/counter_view.h"

static void every_kind_has_its_list(void **state)
{
	uint32_t parts = 0, things = 0;
	size_t n = 0;

	(void)state;
	for (; device_kinds[n]; n++) {
		CHECK_ROW(n, unit_kinds[n].parts && unit_kinds[n].things);
		parts |= unit_kinds[n].parts;
		things |= unit_kinds[n].things;
	}
	CHECK(n == DEVICE_OTHER + 1);
	CHECK(parts == (1u << UNIT_PART_N) - 1);
	for (n = 0; unit_things[n]; n++)
		CHECK_ROW(n, things & 1u << n);
	CHECK(things == (1u << n) - 1);
}

static void every_part_has_its_answers(void **state)
{
	(void)state;
	for (int p = 0; p < UNIT_PART_N; p++) {
		bool sign = p == UNIT_SWELLING || p == UNIT_LIQUID;

		CHECK_ROW((size_t)p, unit_state_title((enum unit_part)p, UNIT_OK) && unit_state_title((enum unit_part)p, UNIT_DAMAGED));
		CHECK_ROW((size_t)p, !unit_state_title((enum unit_part)p, UNIT_MISSING) == sign);
	}
}

UNIT_GROUP(counter, T(every_kind_has_its_list), T(every_part_has_its_answers))
