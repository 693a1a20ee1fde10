/* contract_view.h — models and forms of the contracts' pages. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/contract/contract.h"
#include "slice/customer/customer_view.h"
#include "slice/device/device_view.h"

struct contract_list_page { struct contract *items; size_t n; const struct req *req; str next, level; day today; bool may_edit; };
struct contract_page {
	struct contract k;                             /* first: its field table serves both */
	const struct req *req;
	struct ui_option *level, *calendar; size_t n_level, n_calendar;
	struct device *own; size_t n_own;              /* machines of the customer that are not listed yet */
	day today;
	bool may_edit, fresh;
};
struct contract_in { int64_t ver; str customer, title, level, calendar, note; day from_on, until_on; bool whole, active; };
struct contract_cover_in { int64_t ver; int kind; str what; };
struct contract_list_in { str q, level; int64_t after, limit; };
extern const struct form contract_form, contract_cover_form;
/* Running, to come, over. */
enum tone contract_tone(const struct contract *k, day today);
str contract_state(const struct ctx *c, const struct contract *k, day today);
str contract_level_title(const struct ctx *c, const struct contract *k);
struct contract_rows { struct contract *items; size_t n; day today; bool may_edit; };
extern const struct customer_panel contract_customer_panel;
extern const struct device_panel contract_device_panel;
