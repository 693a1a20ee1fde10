/* kit.h — a page that shows every part of the kit, for the browser tests. */
#pragma once
#include "http/ui.h"

struct kit { const struct req *r; money fee; struct ui_link link[3]; str step[4]; };
extern const struct form kit_form;
extern const struct ui_more kit_kind, kit_way;
