/* wiring.c — news that travels upwards: which department hears of another's doings, and whose panels stand on whose pages. */
#include "slice/contract/contract_view.h"
#include "slice/customer/customer_view.h"
#include "slice/desk/desk.h"
#include "slice/device/device_view.h"
#include "slice/exchange/exchange_view.h"
#include "slice/money/money_view.h"
#include "slice/order/order_view.h"
#include "slice/loaner/loaner_view.h"
#include "slice/parts/parts_view.h"
#include "slice/parts/requisition.h"
#include "slice/portal/portal_view.h"
#include "slice/care/care.h"
#include "slice/attachment/attachment.h"
#include "slice/import/import_view.h"
#include "slice/sla/sla.h"
#include "app/coverage.h"
#include "app/promise.h"
#include "app/invoices.h"
#include "app/notices.h"
#include "slice/notice/notice_view.h"
#include "slice/account/account.h"
#include "slice/org/org.h"
#include "app/wiring.h"
#include "slice/entitlement/entitlement_view.h"

static const struct portal_panel quote_told_panel = { N_("Quote and fee"), quote_told_shown, quote_told_load, quote_told_draw };
/* What is free is told before anybody is asked to pay. */
const struct order_hook *const order_hooks[] = { &parts_order_hook, &loaner_order_hook, &exchange_order_hook, &coverage_order_hook, &money_order_hook, &care_order_hook, &notice_order_hook, NULL };
const struct part_hook *const part_hooks[] = { &money_part_hook, &coverage_part_hook, NULL };
const struct order_panel *const order_panels[] = { &coverage_order_panel, &exchange_order_panel, &ruling_order_panel, &money_order_panel, &parts_order_panel, &loaner_order_panel, &order_clock_panel, &notice_order_panel, NULL };
const struct day_panel *const day_panels[] = { &parts_day_panel, &money_day_panel, NULL };
const struct portal_panel *const portal_panels[] = { &promise_portal_panel, &quote_told_panel, &coverage_portal_panel, &ruling_portal_panel, NULL };
const struct customer_panel *const customer_panels[] = { &desk_customer_orders, &desk_customer_devices, &contract_customer_panel, &money_customer_panel, &notice_customer_panel, &desk_customer_data, NULL };
const struct device_panel *const device_panels[] = { &entitlement_device_panel, &entitlement_timeline_panel, &contract_device_panel, &desk_device_orders, NULL };

static const struct customer_merged orders_follow = { "order", order_customer_merged };
static const struct customer_merged devices_follow = { "device", device_customer_merged };
static const struct org_moved orders_move = { "order", order_org_moved };
const struct org_moved *const org_moved[] = { &orders_move, NULL };
static const struct customer_merged levels_follow = { "sla", level_customer_merged };
const struct contract_news *const contract_news[] = { &order_contract_news, NULL };
static const struct customer_merged contracts_follow = { "contract", contract_customer_merged };
const struct customer_merged *const customer_merged[] = { &orders_follow, &devices_follow, &levels_follow, &contracts_follow, NULL };

static enum err notices_erased(struct ctx *c, int64_t customer_id, str why)
{
	(void)why;
	return notice_forget(c, customer_id);
}
static const struct customer_erased orders_forget = { "order", order_customer_erased };
static const struct customer_erased notices_forget = { "notice", notices_erased };
const struct customer_erased *const customer_erased[] = { &orders_forget, &notices_forget, NULL };

/* Who sees an order sees its files; customers only those meant for them, which the pages that list them say. */
static enum err order_files_seen(struct ctx *c, int64_t order_id)
{
	struct order o;

	return order_by_id(c, order_id, &o);
}

void wiring_use(void)
{
	static const struct attachment_gate gates[] = { { "order", order_files_seen, order_files_seen }, { "import", import_file_seen, import_file_seen } };

	static const struct sla_hook *const clock_news[] = { &order_sla_hook, NULL };

	static const struct outbox_handler outside[] = { { "invoice", invoice_send }, { "notice", notice_send } };

	static const struct setting_check checks[] = {
		{ "factor.roles", factor_roles_ok }, { "notice.base", notice_url_ok }, { "notice.mail_url", notice_url_ok }, { "notice.sms_url", notice_url_ok }, { "notice.mail_from", notice_from_ok },
		{ "notice.quiet_from", notice_quiet_ok }, { "notice.quiet_until", notice_quiet_ok }, { "notice.sms_template", notice_template_ok }, { NULL, NULL },
	};

	setting_checks(checks);

	outbox_use(outside, LEN(outside));
	sla_use(clock_news);
	attachment_gates(gates, LEN(gates));
}
