/* supply_view.h — models of the pages of purchases, proposals and counts. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/supply/supply.h"

struct purchase_list_page { struct purchase *items; size_t n; struct req *req; struct ui_link *chip; size_t n_chip; str next; };
struct purchase_page { struct purchase p; struct req *req; bool may_receive, may_close; };
struct purchase_new_page { struct req *req; struct ui_option *warehouse; size_t n_warehouse; struct spare *part; size_t n_part; struct purchase_wish *wish; size_t n_wish; str to; };
struct purchase_in { str supplier, warehouse, note; day expected_on; struct purchase_wish *wish; size_t n_wish; };
struct purchase_act_in { int event; int64_t ver; str reason; struct purchase_piece *piece; size_t n_piece; };
enum { PURCHASE_EV_RECEIVE, PURCHASE_EV_CLOSE };
struct proposal_page { struct proposal *items; size_t n; struct req *req; struct ui_option *warehouse; size_t n_warehouse; str chosen; };
/* month: names of the months ahead. */
struct forecast_page { struct forecast_row *items; size_t n; struct req *req; struct ui_link *chip; size_t n_chip; struct ui_option *model; size_t n_model; str chosen; str month[FORECAST_AHEAD]; bool by_model; };
struct forecast_in { bool by_model; str model; };
extern const struct form demand_form;
struct take_list_page { struct stocktake *items; size_t n; struct req *req; struct ui_option *warehouse; size_t n_warehouse; str next; };
struct take_page { struct stocktake t; struct req *req; bool may_approve; };
struct take_act_in { int event; int64_t ver, mark; str reason, scan; struct take_count *line; size_t n_line; };
enum { TAKE_EV_COUNT, TAKE_EV_SUBMIT, TAKE_EV_APPROVE, TAKE_EV_CANCEL };
extern const struct form purchase_form, purchase_wish_form, purchase_act_form, purchase_piece_form, take_start_form, take_act_form, take_count_form;
