/* exchange_view.h — models of the exchange's page and panel; exchange_web.c fills them, exchange.html draws them. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/exchange/exchange.h"

/* The record stands first so that its fields serve both. */
struct exchange_page {
	struct unit_exchange e;
	struct order o;
	struct req *req;
	bool may_record, may_fate, open;               /* open: between diagnosis and hand-over */
};
struct exchange_in { str serial, brand, model, config, invoice_no, note, fate_note; bool not_lower; int condition, fate; day invoiced_on, delivered_on; int64_t ver; };
struct fate_in { int64_t ver; int fate; str note; };
extern const struct form exchange_form, exchange_fate_form;
struct order_panel;
extern const struct order_panel exchange_order_panel;
