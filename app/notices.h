/* notices.h — the outbox's handler of messages and webhooks. */
#pragma once
#include "base/base.h"
struct outbox_item;
enum err notice_send(struct ctx *c, const struct outbox_item *it, str *ret_why);
