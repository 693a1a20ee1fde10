/* money_web.c — the doors of money: settings, and the schema of the room. */
#include "money.sql.h"
#include "slice/account/perm.h"
#include "slice/money/money_web.h"

static const struct setting settings[] = {
	{ "money.parts_become_lines", IN_BOOL, "1", N_("A part used on an order becomes a fee line by itself") },
	{ "series.waiver", IN_TEXT, "HX{date}{4}", N_("Number pattern of discounts, compensations and write-offs") },
	{ "money.quote_required", IN_BOOL, "1", N_("A fee is only taken when the customer approved a quote") },
	{ "money.quote_days", IN_INT, "30", N_("Days for which a quote is valid") },
	{ "money.quote_binding_days", IN_INT, "30", N_("Days for which a quote binds us at least, as the law says") },
	{ "money.diagnosis_waived", IN_BOOL, "1", N_("The diagnosis is free when the customer accepts the quote") },
	{ "money.receipt_no_required", IN_BOOL, "1", N_("A receipt needs an invoice or receipt number before it is countersigned") },
	{ "money.cash_round", IN_INT, "1", N_("Cash fees are rounded down to this many minor units (10 = one jiao)") },
	{ "money.limit.station", IN_TEXT, "200.00", N_("What a station head may grant alone") },
	{ "money.limit.region", IN_TEXT, "2000.00", N_("What a regional manager may grant alone") },
	{ "money.limit.finance", IN_TEXT, "5000.00", N_("What finance may grant alone") },
	{ "money.limit.manager", IN_TEXT, "1000000.00", N_("What the general manager (an administrator) may grant") },
	{ "money.invoice_url", IN_TEXT, "", N_("Address of the electronic invoice service; empty: invoices are written by hand") },
	{ "money.invoice_seconds", IN_INT, "20", N_("Seconds to wait for the electronic invoice service") },
	{ "money.large", IN_TEXT, "500.00", N_("Above this a compensation needs a technical verdict and an agreement with the customer") },
};
str fee_priced_by(const struct ctx *c, str by)
{
	str list = by, code;

	if (str_eq(by, S(PRICED_BY_HAND)))
		return _("priced by hand");
	if (str_eq(by, S(PRICED_BY_NOTHING)))
		return _("no price known");
	return str_cut(&list, '/', &code) ? trf(c, N_("price list {1}, version {2}"), code, list) : by;
}

static const struct route routes[] = {
	{ "GET", "/orders/{no}/fees", PERM_MONEY_READ, R_API, NULL, fees_show, &fee_view, .summary = "Fee lines, quote, receipts and what is due" },
	{ "POST", "/orders/{no}/fees", PERM_MONEY_COLLECT, 0, &fee_form, fees_add, &fee_view, .again = fees_again, .summary = "Add a fee line" },
	{ "POST", "/orders/{no}/fees/{line}/strike", PERM_MONEY_COLLECT, 0, &strike_form, fees_strike, &fee_view, .again = fees_again, .summary = "Strike a fee line" },
	{ "POST", "/orders/{no}/fees/{line}/basis", PERM_MONEY_COLLECT, 0, &strike_form, fees_rebase, &fee_view, .again = fees_again, .summary = "Decide anew whether a line is free" },
	{ "GET", "/orders/{no}/fees/{paper}", PERM_MONEY_READ, 0, NULL, fees_paper, NULL, .summary = "Quote or settlement list as PDF: quote, settlement, settlement-80mm" },
	{ "POST", "/orders/{no}/quotes", PERM_MONEY_COLLECT, 0, &quote_form, fees_quote, &fee_view, .again = fees_again, .summary = "Make a quote of the fee lines" },
	{ "POST", "/orders/{no}/quotes/{quote}/events", PERM_MONEY_READ, 0, &money_act_form, fees_answer_quote, &fee_view, .again = fees_again, .summary = "Approve, refuse or withdraw a quote" },
	{ "POST", "/orders/{no}/receipts", PERM_MONEY_READ, 0, &receipt_form, fees_take, &fee_view, .again = fees_again, .summary = "Take a payment or a deposit, give a refund" },
	{ "POST", "/orders/{no}/waivers", PERM_MONEY_READ, 0, &waiver_form, fees_waive, &fee_view, .again = fees_again, .summary = "Ask for a discount, a compensation or a write-off" },
	{ "POST", "/orders/{no}/account", PERM_MONEY_FINANCE, 0, &account_form, fees_on_account, &fee_view, .again = fees_again, .summary = "Let the customer pay later" },
	{ "GET", "/t/{token}/quote", 0, R_PUBLIC | R_LIMIT, NULL, link_show, &quote_told_view, .summary = "The quote of an order followed by link" },
	{ "POST", "/t/{token}/quote", 0, R_PUBLIC | R_LIMIT, &money_act_form, link_answer, &quote_told_view, .again = link_show, .summary = "The customer approves or refuses the quote" },
	{ "GET", "/t/{token}/quote-paper", 0, R_PUBLIC | R_LIMIT, NULL, link_paper, NULL, .summary = "The quote as PDF, by link" },
	{ "GET", "/till", PERM_MONEY_READ, 0, &money_list_form, till_show, &till_view, .summary = "Receipts to countersign, hand-ins to count, cash books of a day" },
	{ "GET", "/finance", PERM_MONEY_FINANCE, 0, &money_list_form, finance_show, &finance_view, .summary = "Accounts, cash books, receivables with ageing, what is to be confirmed" },
	{ "POST", "/finance/confirm", PERM_MONEY_FINANCE, 0, &confirm_form, finance_confirm, &receipt_list_view, .again = finance_show, .summary = "Confirm all countersigned receipts up to a day" },
	{ "GET", "/receivables", PERM_MONEY_FINANCE, 0, &money_list_form, receivables_show, &receivable_list_view, .summary = "What customers owe, by how late it is" },
	{ "GET", "/periods", PERM_MONEY_FINANCE, R_API, NULL, periods_show, &period_list_view, .summary = "Closed periods, newest first" },
	{ "POST", "/periods", PERM_MONEY_FINANCE, 0, &period_form, periods_close, &period_view, .again = finance_show, .summary = "Close the books up to a day that is over" },
	{ "POST", "/periods/{id}/reopen", PERM_SETTINGS, 0, &reopen_form, periods_reopen, &period_list_view, .again = finance_show, .summary = "Open the last closed period again, with a reason" },
	{ "GET", "/customers/{no}/allowances", PERM_MONEY_READ, 0, NULL, allowances_show, &allowance_list_view, .summary = "Free visits and support months of a customer" },
	{ "POST", "/customers/{no}/allowances", PERM_MONEY_FINANCE, 0, &allowance_form, allowances_add, &allowance_list_view, .again = allowances_show, .summary = "Grant free visits or support months" },
	{ "GET", "/receipts", PERM_MONEY_READ, 0, &money_list_form, receipts_show, &receipt_list_view, .summary = "Receipts in sight, newest first" },
	{ "GET", "/receipts/{no}", PERM_MONEY_READ, R_API, NULL, receipt_show, &receipt_view, .summary = "One receipt" },
	{ "POST", "/receipts/{no}/events", PERM_MONEY_READ, 0, &money_act_form, receipts_move, &receipt_view, .again = till_show, .summary = "Countersign, query, correct, confirm or make void" },
	{ "GET", "/receipts/{no}/{paper}", PERM_MONEY_READ, 0, NULL, receipt_print, NULL, .summary = "The receipt as PDF: paper, paper-80mm" },
	{ "POST", "/receipts/{no}/invoice", PERM_MONEY_READ, 0, &invoice_form, invoices_ask, &invoice_view, .again = till_show, .summary = "Ask for an electronic invoice of a receipt" },
	{ "GET", "/invoices", PERM_MONEY_READ, R_API, &money_list_form, invoices_show, &invoice_list_view, .summary = "Invoices not yet issued" },
	{ "POST", "/invoices/{id}/number", PERM_MONEY_READ, 0, &invoice_number_form, invoices_issue, &invoice_view, .again = finance_show, .summary = "Note the number of an invoice written by hand" },
	{ "GET", "/quotes", PERM_MONEY_READ, R_API, &money_list_form, quotes_show, &quote_list_view, .summary = "Quotes in sight, newest first" },
	{ "GET", "/quotes/{no}", PERM_MONEY_READ, R_API, NULL, quote_show, &quote_view, .summary = "One quote with its lines" },
	{ "GET", "/handins", PERM_MONEY_READ, R_API, &money_list_form, handins_show, &handin_list_view, .summary = "Cash hand-ins in sight, newest first" },
	{ "POST", "/handins", PERM_MONEY_READ, 0, &handin_form, handins_submit, &handin_view, .again = till_show, .summary = "Hand in all cash held" },
	{ "POST", "/handins/{no}/events", PERM_MONEY_READ, 0, &money_act_form, handins_move, &handin_view, .again = till_show, .summary = "Count, confirm or withdraw a hand-in" },
	{ "GET", "/handins/{no}/paper", PERM_MONEY_READ, 0, NULL, handin_print, NULL, .summary = "The hand-in sheet as PDF" },
	{ "GET", "/waivers", PERM_MONEY_READ, R_API, &money_list_form, waivers_show, &waiver_list_view, .summary = "Discounts, compensations and write-offs in sight" },
	{ "POST", "/waivers/{no}/events", PERM_MONEY_READ, 0, &money_act_form, waivers_move, &waiver_view, .again = till_show, .summary = "Grant, do not grant, take note" },
	{ "GET", "/waivers/{no}/paper", PERM_MONEY_READ, 0, NULL, waiver_print, NULL, .summary = "The quality write-off form as PDF" },
	{ "GET", "/prices", PERM_MONEY_READ, 0, NULL, prices_show, &price_list_view, .summary = "Price lists with their versions" },
	{ "POST", "/prices", PERM_MONEY_FINANCE, 0, &price_form, prices_draft, &price_view, .again = prices_show, .summary = "Make a draft of the next version" },
	{ "GET", "/prices/{code}/{version}", PERM_MONEY_READ, 0, NULL, price_show, &price_view, .summary = "One version with its prices" },
	{ "POST", "/prices/{code}/{version}/items", PERM_MONEY_FINANCE, 0, &item_form, price_put_item, &price_view, .again = price_show, .summary = "Set a price in a draft" },
	{ "POST", "/prices/{code}/{version}/items/{item}/drop", PERM_MONEY_FINANCE, 0, NULL, price_drop_item, &price_view, .again = price_show, .summary = "Remove a price from a draft" },
	{ "POST", "/prices/{code}/{version}/events", PERM_MONEY_FINANCE, 0, &money_act_form, price_move, &price_view, .again = price_show, .summary = "Bring a version into force (publish) or retire it" },
};
static const struct db_schema schema = { "money", money_migrations, money_statements };
const struct slice slice_money = { .name = "money", .schema = &schema, SLICE_ROUTES(routes), .settings = settings, .n_settings = LEN(settings) };
