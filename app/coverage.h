/* coverage.h — between orders and entitlement: the repairer's record follows the order's moves and parts; the order's and the customer's page tell what is free. */
#pragma once
struct order_hook;
struct order_panel;
struct part_hook;
struct portal_panel;
extern const struct order_hook coverage_order_hook;
extern const struct part_hook coverage_part_hook;
extern const struct order_panel coverage_order_panel, ruling_order_panel;
extern const struct portal_panel coverage_portal_panel, ruling_portal_panel;
