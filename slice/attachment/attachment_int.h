/* attachment_int.h — what the files of the room share: the store of bytes. */
#pragma once
#include "slice/attachment/attachment.h"

str thumb_path(struct arena *a, str sha256);              /* where the small picture of a file lies, if it was made */
bool store_folders(const char *path);                   /* makes the folders above path */
/* Moves the file at from to its place, synced; a file that lies there already stays and from is removed. May be repeated. */
MUST enum err store_put(struct ctx *c, str from, str sha256, int64_t size);
/* Calls fn for every stored file that came more than a day before now. */
MUST enum err store_each_old(struct ctx *c, enum err (*fn)(struct ctx *c, str sha256));
bool store_remove(struct ctx *c, str sha256);
