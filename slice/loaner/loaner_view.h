/* loaner_view.h — models of the pages of loaners and loans. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/loaner/loaner.h"
#include "slice/order/order.h"

struct loaner_list_page {
	struct loaner *items; size_t n;
	struct loan *due; size_t n_due;                /* out, by due day */
	struct req *req;
	struct ui_link *chip; size_t n_chip;
	struct ui_option *place; size_t n_place;
	day today;
};
struct loan_list_page { struct loan *items; size_t n; };
struct loan_page { struct loan n; struct req *req; day today; };
struct loaner_panel {
	struct loan *loan; size_t n_loan;
	struct ui_option *ready; size_t n_ready;
	int64_t own_rank;
	bool may_lend, promised;
	str promised_by, kept_code;                    /* the one kept for this order */
	day due_on, today, keep_until, kept_until;
};
struct keep_in { str code; day until; bool drop; };
struct loaner_in { str code, serial, brand, model, org, note; int kind; int64_t rank; };
struct loan_in { str code, condition, accessories, signer, signature, reason; day due_on; };
struct loan_act_in { int event, method; int64_t ver; str condition, reason, note; day due_on; };
enum { LOAN_BACK, LOAN_EXTEND, LOAN_ERASE };
extern const struct form loaner_form, loaner_keep_form, loan_form, loan_act_form;
enum tone loaner_tone(int state);
struct order_panel;
extern const struct order_panel loaner_order_panel;
