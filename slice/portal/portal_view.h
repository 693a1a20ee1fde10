/* portal_view.h — models of the public pages and of the customer's own. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/attachment/attachment_view.h"
#include "slice/customer/customer.h"
#include "slice/device/device.h"
#include "slice/order/order_view.h"

struct portal_home { struct req *req; };
struct report_in {
	str name, phone, email, address, serial, brand, model, fault, invoice_no;
	int device_kind, mode, frequency, data_choice;
	day invoiced_on;
	struct upload *photos; size_t n_photos;
};
struct report_page { struct req *req; struct device device; bool has_device; struct customer me; /* of who is signed in */ };
/* What a customer may see of an order; nothing internal is in it. */
struct follow_page {
	str no, state, state_title, next, device, serial, fault, station, station_phone, engineer, result, wait, follow_url, token;
	instant opened_at, due_at, visit_from, refuse_until;
	money fee;
	int64_t ver, step;
	bool may_confirm, may_refuse, may_cancel, ended, more_talk;
	struct order_message *talk; size_t n_talk;
	struct attachment *file; size_t n_file;
	struct order_item *accessories; size_t n_accessories;
	struct req *req;
	const struct order *order;
	struct portal_panel_data { const struct portal_panel *panel; void *data; } panel[4]; size_t n_panel;
};
enum { TALK_SHOWN = 100 };
struct portal_talk_page { struct order_message *items; size_t n; struct req *req; str no, token, next; };
/* What other departments show a customer who follows an order (quotes, coverage): the app lists them, NULL-terminated, at most 4. Data left NULL: nothing to show. */
struct portal_panel {
	const char *title;
	bool (*shown)(const struct ctx *c, const struct order *o);
	enum err (*load)(struct ctx *c, const struct order *o, void **ret_data);
	void (*draw)(struct out *out, const struct ctx *c, const struct req *r, const struct order *o, void *data);
};
extern const struct portal_panel *const portal_panels[];
struct mine_page { struct req *req; struct order_row *order; size_t n_order; struct device *device; size_t n_device; };
extern const char *const portal_mode_titles[];
extern const struct form report_form, portal_say_form, portal_act_form, portal_files_form;
