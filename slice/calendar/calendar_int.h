/* calendar_int.h — what the files of this room share. */
#pragma once
#include "slice/calendar/calendar.h"

extern const struct calendar_watch *calendar_watcher;
