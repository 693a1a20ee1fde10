/* attachment_view.h — the doors' side of files. */
#pragma once
#include "http/http.h"
#include "slice/attachment/attachment.h"

/* http_app.received: pictures lose what they tell of place, time and person before anything else sees them; broken and huge ones are refused. */
MUST enum err attachment_received(struct ctx *c, str field, struct upload *u);
/* Fills the reply with the file, or with its small picture where the address asks for it (?thumb=1). Who may see it was asked before. */
MUST enum err attachment_answer(struct ctx *c, const struct req *r, const struct attachment *f, struct reply *out);
