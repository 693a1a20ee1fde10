/* picture.h — pictures as they come in: what they tell of place, time and person is taken out, and a small picture is made. Pure, over bytes.
 *
 * JPEG, PNG and WebP are understood; of WebP no small picture is made. Never reads beyond the bytes; dimensions are looked at before anything is decoded. */
#pragma once
#include "base/base.h"

enum picture_kind { PICTURE_NONE, PICTURE_JPEG, PICTURE_PNG, PICTURE_WEBP };
enum picture_fault { PICTURE_FINE, PICTURE_BROKEN, PICTURE_HUGE };
enum picture_kind picture_kind(str type);              /* of a media type */
struct picture { int64_t width, height; int orientation; /* 1 … 8 as in EXIF */ };
/* Writes the picture to out without metadata: only what is drawn, colour profile and orientation stay. HUGE: more than max_pixels. */
enum picture_fault picture_strip(enum picture_kind kind, str bytes, int64_t max_pixels, struct buf *out, struct picture *ret);
/* Decodes it and writes a JPEG that fits side × side, upright. BROKEN: it cannot be decoded to its end. */
enum picture_fault picture_thumb(enum picture_kind kind, str bytes, const struct picture *p, int side, struct buf *out);
