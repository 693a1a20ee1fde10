/* audit_view.h — models and forms of the audit pages. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/audit/audit.h"

extern const struct form audit_form;
struct audit_page { const struct req *req; struct event *items; size_t n; str next; };
/* The data of an event as "name: value" words. In c->a. */
str event_words(const struct ctx *c, const struct event *e);
