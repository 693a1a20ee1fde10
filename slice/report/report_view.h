/* report_view.h — model of the figures page. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/order/order_view.h"
#include "slice/report/report.h"
struct age_band { str label, href; int64_t n; };
struct trend_day { str label, day, opened_href, closed_href; int64_t opened, closed; };
struct figures_page {
	struct req *req;
	struct report_day today;
	struct report_satisfaction content;
	struct age_band band[REPORT_BANDS]; size_t n_band;
	int64_t content_percent, answer_percent, most;
	int64_t forecast, escalated;
	struct trend_day *trend; size_t n_trend;
	html chart;
	struct report_place *places; size_t n_places;
	str opened_href, closed_href, month_href;
};
struct forecast_page { struct req *req; struct forecast *items; size_t n; int64_t all; };
extern const struct field report_place_fields[];
extern const struct field forecast_fields[];
