/* notice_int.h — what the files of the room share. */
#pragma once
#include "db/db.h"
#include "slice/notice/notice.h"

/* A notice and the outbox's item that carries it, in the caller's write. ret_id may be NULL. */
MUST enum err notice_write(struct ctx *c, const struct notice *n, instant due, int64_t *ret_id);
/* Tells the webhooks that asked for it of an order's event (NOTICE_BEGUN: registered). */
MUST enum err hook_tell(struct ctx *c, const struct order *o, int on, const struct order_act *a);
MUST enum err notice_sweep(struct ctx *c);             /* job: removes what is older than the setting */
