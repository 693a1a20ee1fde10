/* counter_view.h — model of the counter's page: a unit carried in, from the scanned serial to the printed receipt. */
#pragma once
#include "slice/desk/desk_view.h"
#include "slice/org/org.h"

/* code, title, a sign of damage (found or not) rather than a part (in order, damaged, missing) */
#define UNIT_PARTS(X) \
	X(SCREEN,   "screen",   N_("Screen"),               0) \
	X(HINGES,   "hinges",   N_("Hinges"),               0) \
	X(KEYBOARD, "keyboard", N_("Keyboard and touchpad"), 0) \
	X(TOUCH,    "touch",    N_("Touch and stylus"),     0) \
	X(PORTS,    "ports",    N_("Ports and buttons"),    0) \
	X(CASE,     "case",     N_("Case and screws"),      0) \
	X(CAMERA,   "camera",   N_("Camera and speakers"),  0) \
	X(DRIVES,   "drives",   N_("Drives and bays"),      0) \
	X(FANS,     "fans",     N_("Fans and vents"),       0) \
	X(STAND,    "stand",    N_("Stand"),                0) \
	X(TRAY,     "tray",     N_("Paper tray and covers"), 0) \
	X(TONER,    "toner",    N_("Toner or ink"),         0) \
	X(SEAL,     "seal",     N_("Warranty seal"),        0) \
	X(SWELLING, "swelling", N_("Swollen battery"),      1) \
	X(LIQUID,   "liquid",   N_("Traces of liquid"),     1)
enum unit_part {
#define X(id, code, title, sign) UNIT_##id,
	UNIT_PARTS(X)
#undef X
	UNIT_PART_N
};
enum unit_state { UNIT_OK, UNIT_DAMAGED, UNIT_MISSING, UNIT_STATE_N };
extern const char *const unit_parts[], *const unit_part_titles[], *const unit_states[];
/* In order, damaged, missing; for a sign: not found, found. NULL where there is no such answer. */
const char *unit_state_title(enum unit_part p, enum unit_state s);

/* What to look at and what usually comes along, by kind of device. */
struct unit_kind { uint32_t parts, things; };
extern const struct unit_kind unit_kinds[];              /* by device kind */
extern const char *const unit_things[];                  /* titles of usual accessories, NULL-terminated */

struct unit_check { int part, state; str note; };
struct counter_in {
	str serial, brand, model, customer_name, phone, fault, self_test, condition, unlock, note, signature, station;
	int device_kind, frequency, data_choice;
	str *things; size_t n_things;
	struct order_item *accessories; size_t n_accessories;
	struct unit_check *checks; size_t n_checks;
	struct upload *photos; size_t n_photos;
	bool in_spite;
};
extern const struct form counter_form, unit_check_form, counter_query_form, unit_query_form;
extern const struct view counter_view, unit_view;
extern handler counter_show, counter_again, counter_receive, counter_unit;

struct counter_page {
	struct req *req;
	struct order saved; bool has_saved;
	struct org at; bool placed;                    /* the reader works at this station */
	struct ui_option *station; size_t n_station;   /* else the ones to choose from */
	struct order_row *received, *ready; size_t n_received, n_ready;
};
struct unit_lookup { struct req *req; struct lookup_page found; int kind; };
/* What was typed: the box name=value was ticked; row i's member. */
bool counter_ticked(const struct req *r, const char *name, str value);
str counter_typed(const struct ctx *c, const struct req *r, size_t i, const char *member);
int counter_kind(const struct req *r);                   /* typed kind of device, else DEVICE_NOTEBOOK */
