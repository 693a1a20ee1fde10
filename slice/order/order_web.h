/* order_web.h — what the web files of this room share. */
#pragma once
#include "slice/order/order_view.h"

extern handler order_show, order_move_show, order_ahead_show, order_move_post, order_move_again, order_fault_picks, board_show, day_show;
extern const struct form order_fault_form, board_form, order_part_form;
enum { TALK_SHOWN = 100 };                             /* messages on the order's own page */
MUST enum err order_answer(struct ctx *c, struct req *r, str no, struct reply *out);
/* order_talk_web.c */
extern handler order_events_show, order_messages_show, order_say_post;
extern const struct field order_message_fields[];
/* The lines of the order's own page. */
MUST enum err order_history(struct ctx *c, struct order_page *p);
extern const struct view order_move_view, order_ahead_view, order_picks_view;
/* Places the reader may narrow lists to: the level below their own, regions for head office; none at a station. */
MUST enum err order_places(struct ctx *c, struct ui_option **ret, size_t *ret_n);
/* Stations or engineers a move asks for; nothing when it asks for none. */
MUST enum err order_move_options(struct ctx *c, const struct order *o, unsigned fields, struct order_move_form *ret);
