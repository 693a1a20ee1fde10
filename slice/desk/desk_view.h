/* desk_view.h — models of the agent's desk and of the one search field. */
#pragma once
#include "slice/customer/customer_view.h"
#include "slice/desk/desk.h"
#include "slice/device/device_view.h"
#include "slice/order/order_view.h"
#include "slice/parts/parts.h"
#include "slice/product/product.h"

struct search_page {
	str q;
	bool hits;                                     /* only the hits below the search field */
	struct order_row *orders; size_t n_orders;
	struct customer_hit *customers; size_t n_customers;
	struct device *devices; size_t n_devices;
	struct spare *parts; size_t n_parts;
};
struct caller_page {
	struct customer_hit *customers; size_t n_customers;
	struct order_row *orders; size_t n_orders;     /* of the first customer */
	struct device *devices; size_t n_devices;
	bool asked;
};
struct lookup_page { struct device *devices; size_t n_devices; struct order_warning *warning; size_t n_warning; str serial; };
struct desk_page {
	struct req *req;
	struct order_row *mine; size_t n_mine;
	struct caller_page caller;
	struct order saved; bool has_saved;
	struct code *symptom; size_t n_symptom;
	struct customer customer; bool has_customer;
	int64_t open, overdue, waiting;
};
/* data_web.c */
handler customer_data, customer_data_erase;
extern const struct form customer_erase_form;
extern const struct view customer_data_view;
