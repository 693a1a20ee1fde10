/* device_view.h — models of the device's pages. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/device/device.h"

enum { DEVICE_PANELS = 8 };
/* What other departments show on a device's page (coverage, orders): the app lists them, NULL-terminated, at most DEVICE_PANELS. */
struct device_panel {
	const char *title;
	enum err (*load)(struct ctx *c, const struct device *d, void **ret_data);
	void (*draw)(struct out *o, const struct ctx *c, const struct req *r, const struct device *d, void *data);
};
extern const struct device_panel *const device_panels[];
struct device_panel_data { const struct device_panel *panel; void *data; };
struct device_page {
	struct device d;
	struct req *req;
	struct device_part *part; size_t n_part;
	struct device_swap_row *swap; size_t n_swap;
	struct device_panel_data panel[DEVICE_PANELS]; size_t n_panel;
};
struct device_list_page { struct device *items; size_t n; struct req *req; str next; };
struct device_form_page { struct device d; struct req *req; bool edit; };
struct device_in {
	str serial, brand, model, config, asset_no, department, user_name, location, division, invoice_no, note, customer;
	int kind, proof;
	day factory_on, invoiced_on, delivered_on, installed_on, accepted_on;
	bool loaner, second_hand;
	int64_t ver;
};
extern const struct form device_in_form;
extern const struct field device_out[];
