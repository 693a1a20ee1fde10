/* promise.h — what was promised by when, on the page of the customer who follows an order. */
#pragma once
struct portal_panel;
extern const struct portal_panel promise_portal_panel;
