/* money_tables.c — the closed lists of money and the moves of quotes, receipts, hand-ins and write-offs. */
#include "base/i18n.h"
#include "slice/account/perm.h"
#include "slice/money/money.h"

#define NAMES(...) { __VA_ARGS__, NULL }
#define X(id, name, title) name,
const char *const fee_kinds[] = { FEE_KINDS(X) NULL };
#undef X
#define X(id, name, title) title,
const char *const fee_kind_titles[] = { FEE_KINDS(X) NULL };
#undef X
#define X(id, name, title, free) name,
const char *const fee_bases[] = { FEE_BASES(X) NULL };
#undef X
#define X(id, name, title, free) title,
const char *const fee_basis_titles[] = { FEE_BASES(X) NULL };
#undef X
#define X(id, name, title, free) free,
const bool fee_basis_free[] = { FEE_BASES(X) };
#undef X
const char *const price_states[] = NAMES("draft", "published", "retired");
const char *const price_state_titles[] = NAMES(N_("Draft"), N_("In force"), N_("Retired"));
const char *const pay_methods[] = NAMES("cash", "wechat", "alipay", "card", "transfer");
const char *const pay_method_titles[] = NAMES(N_("Cash"), N_("WeChat Pay"), N_("Alipay"), N_("Card"), N_("Bank transfer"));
const char *const receipt_kinds[] = NAMES("payment", "deposit", "refund");
const char *const receipt_kind_titles[] = NAMES(N_("Payment"), N_("Deposit"), N_("Refund of money"));
const char *const handin_levels[] = NAMES("engineer", "station");
const char *const handin_level_titles[] = NAMES(N_("Engineer to station"), N_("Station to bank"));
const char *const waiver_kinds[] = NAMES("discount", "compensation", "writeoff");
const char *const waiver_kind_titles[] = NAMES(N_("Discount"), N_("Compensation"), N_("Write-off"));
const char *const quote_hows[] = NAMES("link", "signature", "phone");
const char *const quote_how_titles[] = NAMES(N_("By link"), N_("By signature"), N_("By phone"));
const char *const allowance_kinds[] = NAMES("visit", "support");
const char *const allowance_kind_titles[] = NAMES(N_("Free visits"), N_("Support months"));

static const char *const quote_states[] = NAMES("sent", "approved", "refused", "withdrawn");
static const char *const quote_state_titles[] = NAMES(N_("Waiting for the customer's answer"), N_("Approved"), N_("Refused"), N_("Withdrawn"));
static const char *const quote_events[] = NAMES("approve", "refuse", "withdraw");
static const char *const quote_event_titles[] = NAMES(N_("Approve"), N_("Refuse"), N_("Withdraw"));
static const char *const receipt_states[] = NAMES("taken", "disputed", "countersigned", "confirmed", "void");
static const char *const receipt_state_titles[] = NAMES(N_("To countersign"), N_("Queried"), N_("Countersigned"), N_("Confirmed"), N_("Void"));
static const char *const receipt_events[] = NAMES("countersign", "dispute", "correct", "confirm", "void");
static const char *const receipt_event_titles[] = NAMES(N_("Countersign"), N_("Query"), N_("Correct"), N_("Confirm"), N_("Make void"));
static const char *const handin_states[] = NAMES("submitted", "counted", "confirmed", "withdrawn");
static const char *const handin_state_titles[] = NAMES(N_("To count"), N_("Cash counted"), N_("Confirmed"), N_("Withdrawn"));
static const char *const handin_events[] = NAMES("count", "confirm", "withdraw");
static const char *const handin_event_titles[] = NAMES(N_("Count"), N_("Confirm"), N_("Withdraw"));
static const char *const waiver_states[] = NAMES("requested", "approved", "rejected", "noted");
static const char *const waiver_state_titles[] = NAMES(N_("To decide"), N_("Granted"), N_("Not granted"), N_("Noted by finance"));
static const char *const waiver_events[] = NAMES("approve", "reject", "note");
static const char *const waiver_event_titles[] = NAMES(N_("Grant"), N_("Do not grant"), N_("Take note"));

const char *const invoice_states[] = NAMES("wanted", "sent", "issued", "failed");
const char *const invoice_state_titles[] = NAMES(N_("To be written"), N_("Asked for"), N_("Issued"), N_("Failed, to be written by hand"));

#define BIT(s) (1u << (s))
#define CASHIER ((uint64_t)PERM_MONEY_COLLECT | PERM_MONEY_COUNTERSIGN)
#define CHECKER ((uint64_t)PERM_MONEY_COUNTERSIGN | PERM_MONEY_FINANCE)

/* Who signs on paper or says yes on the phone says it to staff; by the link they say it themselves. */
static const struct money_move quote_moves[] = {
	{ BIT(QUOTE_SENT), QUOTE_EV_APPROVE, QUOTE_APPROVED, MOVER_STAFF | MOVER_CUSTOMER, ASK_SIGNER, CASHIER | PERM_ORDER_TRIAGE, .primary = true },
	{ BIT(QUOTE_SENT), QUOTE_EV_REFUSE, QUOTE_REFUSED, MOVER_STAFF | MOVER_CUSTOMER, ASK_REASON, CASHIER | PERM_ORDER_TRIAGE, .danger = true },
	{ BIT(QUOTE_SENT) | BIT(QUOTE_APPROVED), QUOTE_EV_WITHDRAW, QUOTE_WITHDRAWN, MOVER_STAFF, ASK_REASON, CASHIER, .danger = true },
};
/* Nobody countersigns their own receipt [S11]. */
static const struct money_move receipt_moves[] = {
	{ BIT(RECEIPT_TAKEN), RECEIPT_EV_COUNTERSIGN, RECEIPT_COUNTERSIGNED, MOVER_STAFF | MOVER_OTHER, ASK_RECEIPT_NO, CHECKER, .primary = true },
	{ BIT(RECEIPT_TAKEN) | BIT(RECEIPT_COUNTERSIGNED), RECEIPT_EV_DISPUTE, RECEIPT_DISPUTED, MOVER_STAFF | MOVER_OTHER, ASK_REASON, CHECKER, .danger = true },
	{ BIT(RECEIPT_TAKEN) | BIT(RECEIPT_DISPUTED), RECEIPT_EV_CORRECT, RECEIPT_TAKEN, MOVER_STAFF | MOVER_OWNER, ASK_RECEIPT_NO, CASHIER, .primary = false },
	{ BIT(RECEIPT_COUNTERSIGNED), RECEIPT_EV_CONFIRM, RECEIPT_CONFIRMED, MOVER_STAFF, 0, PERM_MONEY_FINANCE, .primary = true },
	{ BIT(RECEIPT_TAKEN) | BIT(RECEIPT_DISPUTED), RECEIPT_EV_VOID, RECEIPT_VOID, MOVER_STAFF | MOVER_OTHER, ASK_REASON, CHECKER, .danger = true },
};
/* Nobody counts their own cash; what a station brings to the bank is counted by finance. */
static const struct money_move handin_moves[] = {
	{ BIT(HANDIN_SUBMITTED), HANDIN_EV_COUNT, HANDIN_COUNTED, MOVER_STAFF | MOVER_OTHER, ASK_COUNTED, CHECKER, .primary = true },
	{ BIT(HANDIN_COUNTED), HANDIN_EV_CONFIRM, HANDIN_CONFIRMED, MOVER_STAFF, 0, PERM_MONEY_FINANCE, .primary = true },
	{ BIT(HANDIN_SUBMITTED), HANDIN_EV_WITHDRAW, HANDIN_WITHDRAWN, MOVER_STAFF | MOVER_OWNER, ASK_REASON, PERM_MONEY_HANDIN, .danger = true },
};
static const struct money_move waiver_moves[] = {
	{ BIT(WAIVER_REQUESTED), WAIVER_EV_APPROVE, WAIVER_APPROVED, MOVER_STAFF, 0, PERM_MONEY_DISCOUNT, .primary = true },
	{ BIT(WAIVER_REQUESTED), WAIVER_EV_REJECT, WAIVER_REJECTED, MOVER_STAFF, ASK_REASON, PERM_MONEY_DISCOUNT, .danger = true },
	{ BIT(WAIVER_APPROVED), WAIVER_EV_NOTE, WAIVER_NOTED, MOVER_STAFF, 0, PERM_MONEY_FINANCE, .primary = true },
};
const struct money_table quote_table = { quote_states, quote_state_titles, quote_events, quote_event_titles, quote_moves, LEN(quote_moves) };
const struct money_table receipt_table = { receipt_states, receipt_state_titles, receipt_events, receipt_event_titles, receipt_moves, LEN(receipt_moves) };
const struct money_table handin_table = { handin_states, handin_state_titles, handin_events, handin_event_titles, handin_moves, LEN(handin_moves) };
const struct money_table waiver_table = { waiver_states, waiver_state_titles, waiver_events, waiver_event_titles, waiver_moves, LEN(waiver_moves) };
