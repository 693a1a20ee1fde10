/* fmt.h — formatting for arena_fmt and buf_fmt. */
#pragma once
#include "base/base.h"
#include <stdarg.h>
enum { FMT_INT = 20, FMT_ROOM = 512 };
size_t fmt_uint(char d[FMT_INT], uint64_t u);          /* decimal digits, no NUL; how many */
/* Without a NUL. False when it does not fit or holds a conversion only the library knows; then nothing of d counts. */
bool fmt_text(char *d, size_t room, size_t *ret_n, const char *fmt, va_list ap);
