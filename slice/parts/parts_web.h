/* parts_web.h — the handlers of this room; parts_web.c has the table of routes. */
#pragma once
#include "slice/parts/parts_view.h"

handler requisitions_list, requisition_show, requisition_events_show, requisition_new_page, requisition_ask, requisition_move, requisition_print;
handler kits_show, kit_post;
handler old_parts_list, old_parts_show, old_parts_move, old_parts_print, old_parts_labels;
handler order_parts_show, order_parts_use, order_parts_undo, order_parts_again, carry_show;
handler parts_show_list, part_show, part_form_show, part_add_post, part_save_post, part_level_post, part_other_post, part_label;
handler stock_show, stock_moves_show, stock_adjust_page, stock_adjust_post, stock_scan, warehouses_show, serial_show;
extern const struct view kit_list_view, requisition_list_view, requisition_new_view, old_list_view, old_part_view, old_done_view, order_parts_view, carry_view;
extern const struct view part_list_view, part_view, part_form_view, stock_view, moves_view, warehouse_list_view, adjust_view;
/* Warehouses in sight as a choice. */
MUST enum err warehouse_options(struct ctx *c, struct ui_option **ret, size_t *ret_n);
extern const struct field stock_row_out[], req_row_out[], old_part_out[];
