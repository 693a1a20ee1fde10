/* report.h — the manager's figures: each is a count of orders, and each opens the list of the orders behind it [G1]. Owns no tables. */
#pragma once
#include "base/base.h"

struct report_day { int64_t opened, closed, due_today, overdue, open, waiting; };
struct report_satisfaction { int64_t closed, answers, content; };          /* content: 4 or 5 of 5; of orders closed in the last 30 days */
enum { REPORT_BANDS = 6 };                                                 /* age of open orders: 0–3, 4–7, 8–15, 16–30, 31–60, more than 60 days */
enum { REPORT_DAYS = 14 };
struct report_trend { int64_t opened[REPORT_DAYS], closed[REPORT_DAYS]; };  /* by day in the reader's zone; the last is today */
struct report_place { str code, name; int64_t open, overdue, waiting; };   /* a station and its open orders */
enum { REPORT_PLACES = 12 };
/* Promises that fall due before midnight and will be missed if nothing happens: earliest first, at most FORECAST_ROWS; *ret_all counts all. */
struct forecast { str no, customer, station, engineer, target; int kind, state; instant due_at; };
enum { FORECAST_ROWS = 200 };
MUST enum err report_forecast(struct ctx *c, struct forecast **ret, size_t *ret_n, int64_t *ret_all);
/* Open escalations to the reader. */
MUST enum err report_escalated(struct ctx *c, int64_t *ret);
/* Counts what the reader may see, at c->now in the reader's zone. */
MUST enum err report_today(struct ctx *c, struct report_day *ret);
MUST enum err report_content(struct ctx *c, struct report_satisfaction *ret);
MUST enum err report_ages(struct ctx *c, int64_t ret[REPORT_BANDS]);
MUST enum err report_trend(struct ctx *c, struct report_trend *ret);
/* The stations with the most overdue orders, then the most open ones. */
MUST enum err report_places(struct ctx *c, struct report_place **ret, size_t *ret_n);
