/* money_web.h — handlers of the room, listed as routes in money_web.c. */
#pragma once
#include "slice/money/money_view.h"

handler fees_again, fees_show, fees_add, fees_strike, fees_rebase, fees_quote, fees_answer_quote, fees_take, fees_waive, fees_on_account, fees_paper, link_show, link_answer, link_paper;
handler till_show, finance_show, finance_confirm, receipts_show, receipt_show, receipts_move, receipt_print, quotes_show, quote_show, handins_show, handins_submit, handins_move, handin_print,
	invoices_ask, invoices_show, invoices_issue, waivers_show, waivers_move, waiver_print;
handler receivables_show, periods_show, periods_close, periods_reopen, allowances_show, allowances_add;
handler prices_show, prices_draft, price_show, price_put_item, price_drop_item, price_move;
extern const struct view quote_told_view;
/* What the lists share. */
struct list_in { str order, state, age; int64_t after, limit; day on; };
extern const struct form money_list_form;
MUST enum err money_filter_of(struct ctx *c, const struct req *r, const struct money_table *t, struct money_filter *ret);
str money_next(struct ctx *c, size_t n, size_t limit, int64_t last);
day money_asked_day(struct ctx *c, const struct req *r);
MUST enum err money_handins_in(struct ctx *c, int state, size_t limit, struct handin **ret, size_t *ret_n);
void receipt_chips(struct ctx *c, const struct money_filter *f, struct receipt_page *p);
