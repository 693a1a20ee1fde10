/* perm.h — who may do what: permission bits and roles. Words for every department; includes nothing above base. [N5]
 * A route, a field or a move names the bits it needs; a person has the union of the bits of their roles. */
#pragma once
#include "base/base.h"
#include "base/i18n.h"

/* bit · code (settings, API, documentation) · title. At most 64; new ones go to the end of their group, bits are not stored. */
#define PERM_LIST(X) \
	X(ORDER_READ,        "order.read",        N_("See work orders")) \
	X(ORDER_REGISTER,    "order.register",    N_("Register requests")) \
	X(ORDER_TALK,        "order.talk",        N_("Write on orders")) \
	X(ORDER_TRIAGE,      "order.triage",      N_("Triage and solve remotely")) \
	X(ORDER_DISPATCH,    "order.dispatch",    N_("Dispatch to stations")) \
	X(ORDER_ASSIGN,      "order.assign",      N_("Assign engineers")) \
	X(ORDER_WORK,        "order.work",        N_("Work on orders")) \
	X(ORDER_TEST,        "order.test",        N_("Test repaired devices")) \
	X(ORDER_SETTLE,      "order.settle",      N_("Settle orders")) \
	X(ORDER_CLOSE,       "order.close",       N_("Close orders")) \
	X(ORDER_REOPEN,      "order.reopen",      N_("Reopen orders")) \
	X(ORDER_CANCEL,      "order.cancel",      N_("Cancel or reject orders")) \
	X(ORDER_SECRET,      "order.secret",      N_("Show unlock secrets of devices")) \
	X(CUSTOMER_READ,     "customer.read",     N_("See customers")) \
	X(CUSTOMER_EDIT,     "customer.edit",     N_("Edit customers")) \
	X(CUSTOMER_PII,      "customer.pii",      N_("See phones and addresses unmasked")) \
	X(CUSTOMER_ERASE,    "customer.erase",    N_("Merge and erase customers")) \
	X(DEVICE_READ,       "device.read",       N_("See devices")) \
	X(DEVICE_EDIT,       "device.edit",       N_("Edit devices")) \
	X(PRODUCT_EDIT,      "product.edit",      N_("Edit products and codes")) \
	X(VERDICT_OVERRIDE,  "verdict.override",  N_("Override warranty verdicts")) \
	X(PARTS_READ,        "parts.read",        N_("See parts and stock")) \
	X(PARTS_REQUEST,     "parts.request",     N_("Request parts")) \
	X(PARTS_APPROVE,     "parts.approve",     N_("Approve requisitions")) \
	X(PARTS_ISSUE,       "parts.issue",       N_("Issue parts")) \
	X(PARTS_RECEIVE,     "parts.receive",     N_("Receive parts")) \
	X(PARTS_WRITEOFF,    "parts.writeoff",    N_("Write off parts")) \
	X(PARTS_STOCKTAKE,   "parts.stocktake",   N_("Count stock")) \
	X(PARTS_PRICE,       "parts.price",       N_("See and set part costs")) \
	X(LOANER,            "loaner",            N_("Lend and take back loaners")) \
	X(MONEY_READ,        "money.read",        N_("See fees and receipts")) \
	X(MONEY_COLLECT,     "money.collect",     N_("Collect fees")) \
	X(MONEY_COUNTERSIGN, "money.countersign", N_("Countersign receipts")) \
	X(MONEY_HANDIN,      "money.handin",      N_("Hand in cash")) \
	X(MONEY_FINANCE,     "money.finance",     N_("Prices, settlement and receivables")) \
	X(MONEY_DISCOUNT,    "money.discount",    N_("Grant discounts and compensation")) \
	X(CALLBACK,          "callback",          N_("Call customers back")) \
	X(COMPLAINT,         "complaint",         N_("Handle complaints")) \
	X(QUALITY,           "quality",           N_("Recalls and batch faults")) \
	X(KNOWLEDGE_EDIT,    "knowledge.edit",    N_("Edit the knowledge base")) \
	X(REPORT,            "report",            N_("See reports")) \
	X(EXPORT,            "export",            N_("Export data")) \
	X(IMPORT,            "import",            N_("Import data")) \
	X(ORG_EDIT,          "org.edit",          N_("Edit the service network")) \
	X(STAFF_EDIT,        "staff.edit",        N_("Edit rosters and certificates")) \
	X(USER_EDIT,         "user.edit",         N_("Edit users and roles")) \
	X(SETTINGS,          "settings",          N_("Change settings")) \
	X(POLICY,            "policy",            N_("Edit warranty policies and service levels")) \
	X(CALENDAR,          "calendar",          N_("Edit calendars")) \
	X(AUDIT_READ,        "audit.read",        N_("Read the audit trail")) \
	X(ATTACHMENT,        "attachment",        N_("Add and see attachments")) \
	X(STAFF,             "staff",             N_("Use the staff pages")) \
	X(PORTAL,            "portal",            N_("Use the customer portal"))
enum perm_bit {
#define X(n, code, title) PERM_BIT_##n,
	PERM_LIST(X)
#undef X
	PERM_N
};
enum perm {
#define X(n, code, title) PERM_##n = 1ULL << PERM_BIT_##n,
	PERM_LIST(X)
#undef X
	PERM_ALL = (1ULL << PERM_N) - 1
};

/* Everybody who works here. */
#define PERM_EVERY_STAFF (PERM_STAFF | PERM_ORDER_READ | PERM_ORDER_TALK | PERM_DEVICE_READ | PERM_ATTACHMENT)
/* role · code · title · which rows it sees · bits */
#define ROLE_LIST(X) \
	X(ADMIN, "admin", N_("Administrator"), SIGHT_ALL, PERM_ALL & ~(uint64_t)PERM_PORTAL) \
	X(AGENT, "agent", N_("Service agent"), SIGHT_ALL, PERM_EVERY_STAFF | PERM_ORDER_REGISTER | PERM_ORDER_TRIAGE | PERM_ORDER_DISPATCH \
		| PERM_ORDER_CLOSE | PERM_ORDER_REOPEN | PERM_ORDER_CANCEL | PERM_CUSTOMER_READ | PERM_CUSTOMER_EDIT | PERM_CUSTOMER_PII \
		| PERM_DEVICE_EDIT | PERM_PARTS_READ | PERM_MONEY_READ | PERM_CALLBACK | PERM_COMPLAINT) \
	X(DISPATCHER, "dispatcher", N_("Dispatcher"), SIGHT_ORG, PERM_EVERY_STAFF | PERM_ORDER_REGISTER | PERM_ORDER_TRIAGE | PERM_ORDER_DISPATCH \
		| PERM_ORDER_ASSIGN | PERM_ORDER_REOPEN | PERM_ORDER_CANCEL | PERM_CUSTOMER_READ | PERM_CUSTOMER_PII | PERM_PARTS_READ \
		| PERM_STAFF_EDIT | PERM_REPORT) \
	X(ENGINEER, "engineer", N_("Engineer"), SIGHT_OWN, PERM_EVERY_STAFF | PERM_ORDER_WORK | PERM_ORDER_TEST | PERM_ORDER_SECRET \
		| PERM_CUSTOMER_PII | PERM_DEVICE_EDIT | PERM_PARTS_READ | PERM_PARTS_REQUEST | PERM_MONEY_READ \
		| PERM_MONEY_COLLECT | PERM_MONEY_HANDIN | PERM_LOANER) \
	X(STOREKEEPER, "storekeeper", N_("Storekeeper"), SIGHT_ORG, PERM_EVERY_STAFF | PERM_PARTS_READ | PERM_PARTS_REQUEST | PERM_PARTS_ISSUE \
		| PERM_PARTS_RECEIVE | PERM_PARTS_WRITEOFF | PERM_PARTS_STOCKTAKE | PERM_PARTS_PRICE | PERM_LOANER | PERM_REPORT) \
	X(STATION_HEAD, "station_head", N_("Station head"), SIGHT_ORG, PERM_EVERY_STAFF | PERM_ORDER_REGISTER | PERM_ORDER_TRIAGE \
		| PERM_ORDER_ASSIGN | PERM_ORDER_WORK | PERM_ORDER_TEST | PERM_ORDER_SETTLE | PERM_ORDER_CLOSE | PERM_ORDER_REOPEN \
		| PERM_ORDER_CANCEL | PERM_ORDER_SECRET | PERM_CUSTOMER_READ | PERM_CUSTOMER_EDIT | PERM_CUSTOMER_PII | PERM_DEVICE_EDIT \
		| PERM_VERDICT_OVERRIDE | PERM_PARTS_READ | PERM_PARTS_REQUEST | PERM_PARTS_APPROVE | PERM_LOANER | PERM_MONEY_READ \
		| PERM_MONEY_COLLECT | PERM_MONEY_COUNTERSIGN | PERM_MONEY_HANDIN | PERM_MONEY_DISCOUNT | PERM_CALLBACK | PERM_COMPLAINT \
		| PERM_STAFF_EDIT | PERM_REPORT | PERM_EXPORT) \
	X(REGIONAL_MANAGER, "regional_manager", N_("Regional manager"), SIGHT_ORG, PERM_EVERY_STAFF | PERM_ORDER_REGISTER | PERM_ORDER_TRIAGE \
		| PERM_ORDER_DISPATCH | PERM_ORDER_ASSIGN | PERM_ORDER_SETTLE | PERM_ORDER_CLOSE | PERM_ORDER_REOPEN | PERM_ORDER_CANCEL \
		| PERM_CUSTOMER_READ | PERM_CUSTOMER_EDIT | PERM_CUSTOMER_PII | PERM_DEVICE_EDIT | PERM_VERDICT_OVERRIDE | PERM_PARTS_READ \
		| PERM_PARTS_APPROVE | PERM_PARTS_WRITEOFF | PERM_PARTS_PRICE | PERM_LOANER | PERM_MONEY_READ | PERM_MONEY_DISCOUNT \
		| PERM_CALLBACK | PERM_COMPLAINT | PERM_STAFF_EDIT | PERM_REPORT | PERM_EXPORT) \
	X(QUALITY, "quality", N_("Quality"), SIGHT_ALL, PERM_EVERY_STAFF | PERM_ORDER_TEST | PERM_ORDER_REOPEN | PERM_CUSTOMER_READ \
		| PERM_PRODUCT_EDIT | PERM_VERDICT_OVERRIDE | PERM_PARTS_READ | PERM_PARTS_WRITEOFF | PERM_CALLBACK | PERM_COMPLAINT \
		| PERM_QUALITY | PERM_KNOWLEDGE_EDIT | PERM_POLICY | PERM_REPORT | PERM_EXPORT) \
	X(FINANCE, "finance", N_("Finance"), SIGHT_ALL, PERM_EVERY_STAFF | PERM_ORDER_SETTLE | PERM_CUSTOMER_READ | PERM_PARTS_READ \
		| PERM_PARTS_PRICE | PERM_PARTS_WRITEOFF | PERM_MONEY_READ | PERM_MONEY_HANDIN | PERM_MONEY_FINANCE | PERM_MONEY_DISCOUNT \
		| PERM_REPORT | PERM_EXPORT) \
	X(CUSTOMER, "customer", N_("Customer"), SIGHT_CUSTOMER, PERM_PORTAL)
enum role {
#define X(n, code, title, sight, perms) ROLE_##n,
	ROLE_LIST(X)
#undef X
	ROLE_N
};
struct perm_info { const char *code, *title; };
struct role_info { const char *code, *title; enum sight sight; uint64_t perms; };
extern const struct perm_info perm_info[PERM_N];
extern const struct role_info role_info[ROLE_N];
extern const char *const role_names[ROLE_N + 1];       /* codes, NULL-terminated */
