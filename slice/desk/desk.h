/* desk.h — the agent's desk and the one search field; it owns no tables. Offers panels of orders and devices for the files of customers and devices. */
#pragma once
struct customer_panel;
struct device_panel;
extern const struct customer_panel desk_customer_orders, desk_customer_devices, desk_customer_data;
extern const struct device_panel desk_device_orders;
