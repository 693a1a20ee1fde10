/* tar.h — the one file a backup is: a plain tar (ustar, large sizes as GNU and BSD tar write them), so that it can be read without us. */
#pragma once
#include "base/base.h"
#include <stdio.h>
struct tar { FILE *f; int64_t bytes; };                /* bytes: written or read so far */
/* False: the disk is full or the file cannot be read; the stream's error tells. Names of at most 99 bytes. */
MUST bool tar_put_file(struct tar *t, const char *name, int fd, int64_t size, int64_t mtime_s, void (*progress)(void *arg, int64_t bytes), void *arg);
MUST bool tar_put_text(struct tar *t, const char *name, str text, int64_t mtime_s);
MUST bool tar_end(struct tar *t);                      /* the closing blocks; the caller syncs and closes */
struct tar_entry { char name[100]; int64_t size; };
/* 1: an entry, its bytes follow and must be taken; 0: the proper end; -1: cut off, damaged, or not ours. */
MUST int tar_next(struct tar *t, struct tar_entry *ret);
/* Bytes of the entry to out (-1: thrown away). */
MUST bool tar_take(struct tar *t, const struct tar_entry *e, int out, void (*progress)(void *arg, int64_t bytes), void *arg);
