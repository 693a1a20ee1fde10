/* invoices.h — the outbox's handler of invoices. */
#pragma once
#include "base/base.h"
struct outbox_item;
enum err invoice_send(struct ctx *c, const struct outbox_item *it, str *ret_why);
