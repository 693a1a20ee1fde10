/* notice_view.h — models and panels of the pages about messages. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/account/perm.h"
#include "slice/customer/customer_view.h"
#include "slice/notice/notice.h"
#include "slice/order/order_view.h"

extern const struct order_panel notice_order_panel;
extern const struct customer_panel notice_customer_panel;
extern const struct form notice_test_form, notice_switch_form, notice_wish_form, hook_form;

struct notice_page { struct req *req; struct notice *items; size_t n; struct ui_link *chip; size_t n_chip; str next; int64_t count[NOTICE_STATE_N]; bool on; };
/* An event, whether it is told, and how its words read in both languages. */
struct notice_text { str name, title, to, zh_subject, zh_body, en_subject, en_body; bool on; };
struct notice_text_page { struct req *req; struct notice_text *items; size_t n; bool on, mail, sms, linked; };
struct hook_page { struct req *req; struct hook *items; size_t n; str events; };
struct notice_panel { struct notice *items; size_t n; bool may_undo; };
struct wish_panel { struct notice_wish wish; };
struct notice_test_in { int channel; };
struct notice_switch_in { bool on; };
struct hook_in { int64_t ver; str url, events, secret; bool active; };
struct wish_in { int lang; bool stop; };
enum tone notice_tone(int state);
