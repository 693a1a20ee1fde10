/* care_view.h — models of the call-back pages. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/care/care.h"
struct callback_page { struct callback *items; size_t n; struct req *req; str next; };
struct callback_in { bool reached; int64_t ver, satisfaction; str note; };
extern const struct form callback_form;
str callback_wave_title(const struct ctx *c, str wave);
