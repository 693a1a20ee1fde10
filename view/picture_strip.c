/* picture_strip.c — takes metadata out of pictures by copying only the parts that are drawn. */
#include "view/picture.h"

enum { SOI = 0xD8, EOI = 0xD9, SOS = 0xDA, APP0 = 0xE0, APP1 = 0xE1, APP2 = 0xE2, APP14 = 0xEE, COM = 0xFE, RST0 = 0xD0, RST7 = 0xD7, ORIENTATION = 0x0112, JFIF_BYTES = 14 };

enum picture_kind picture_kind(str type)
{
	return str_eq(type, S("image/jpeg")) ? PICTURE_JPEG : str_eq(type, S("image/png")) ? PICTURE_PNG : str_eq(type, S("image/webp")) ? PICTURE_WEBP : PICTURE_NONE;
}

static unsigned at8(str s, size_t i) { return (unsigned char)s.p[i]; }
static unsigned be16(str s, size_t i) { return at8(s, i) << 8 | at8(s, i + 1); }
static uint32_t be32(str s, size_t i) { return (uint32_t)be16(s, i) << 16 | be16(s, i + 2); }
static unsigned le16(str s, size_t i) { return at8(s, i) | at8(s, i + 1) << 8; }
static uint32_t le24(str s, size_t i) { return le16(s, i) | at8(s, i + 2) << 16; }
static uint32_t le32(str s, size_t i) { return le16(s, i) | (uint32_t)le16(s, i + 2) << 16; }
static str rest(str s, size_t from) { return (str){ s.p + from, s.n - from }; }

static enum picture_fault sized(struct picture *p, int64_t w, int64_t h, int64_t max_pixels)
{
	p->width = w;
	p->height = h;
	if (w < 1 || h < 1)
		return PICTURE_BROKEN;
	return w > max_pixels / h ? PICTURE_HUGE : PICTURE_FINE;
}

/* ---- JPEG ---- */

/* The one thing of EXIF that is kept: without it the picture lies on its side. */
static int exif_orientation(str s)
{
	bool little;
	uint32_t dir;
	unsigned n;

	if (s.n < 14 || !str_starts(s, (str){ "Exif\0\0", 6 }))
		return 1;
	s = rest(s, 6);
	little = at8(s, 0) == 'I';
	dir = little ? le32(s, 4) : be32(s, 4);
	if (dir > s.n || s.n - dir < 2)
		return 1;
	n = little ? le16(s, dir) : be16(s, dir);
	for (size_t i = 0, at = dir + 2; i < n && at + 12 <= s.n; i++, at += 12) {
		unsigned tag = little ? le16(s, at) : be16(s, at), value = little ? le16(s, at + 8) : be16(s, at + 8);

		if (tag == ORIENTATION)
			return value >= 1 && value <= 8 ? (int)value : 1;
	}
	return 1;
}

static void put_orientation(struct buf *out, int orientation)
{
	static const char head[] = "\xFF\xE1\0\x22" "Exif\0\0" "MM\0\x2A\0\0\0\x08" "\0\x01" "\x01\x12\0\x03\0\0\0\x01\0";

	buf_put(out, head, sizeof head - 1);
	buf_c(out, (char)orientation);
	buf_put(out, "\0\0" "\0\0\0\0", 6);
}

static bool drawn(unsigned marker, str body)
{
	if (marker == APP2)
		return str_starts(body, (str){ "ICC_PROFILE\0", 12 });
	if (marker == APP14)
		return str_starts(body, S("Adobe"));
	return (marker < APP0 || marker > 0xEF) && marker != COM;
}

static bool is_frame(unsigned m) { return m >= 0xC0 && m <= 0xCF && m != 0xC4 && m != 0xC8 && m != 0xCC; }

/* A segment with its length at s[0]; *at moves behind it. */
static enum picture_fault jpeg_segment(unsigned marker, str s, int64_t max_pixels, struct buf *out, struct picture *p)
{
	str body = rest((str){ s.p, be16(s, 0) }, 2);
	enum picture_fault f = PICTURE_FINE;
	const char mark[2] = { '\xFF', (char)marker };

	if (is_frame(marker))
		f = body.n < 6 ? PICTURE_BROKEN : sized(p, be16(body, 3), be16(body, 1), max_pixels);
	if (marker == APP1 && p->orientation == 1 && (p->orientation = exif_orientation(body)) != 1)
		put_orientation(out, p->orientation);
	if (marker == APP0 && body.n >= JFIF_BYTES && str_starts(body, (str){ "JFIF\0", 5 })) {
		buf_put(out, "\xFF\xE0\0\x10", 4);
		buf_put(out, body.p, JFIF_BYTES - 2);          /* its own little picture stays behind */
		buf_put(out, "\0\0", 2);
	} else if (drawn(marker, body)) {
		buf_put(out, mark, 2);
		buf_put(out, s.p, body.n + 2);
	}
	return f;
}

/* Entropy-coded data: up to the next marker that is neither stuffing nor a restart. */
static size_t scan_end(str s, size_t at)
{
	while (at + 1 < s.n && !(at8(s, at) == 0xFF && at8(s, at + 1) && at8(s, at + 1) != 0xFF && (at8(s, at + 1) < RST0 || at8(s, at + 1) > RST7)))
		at++;
	return at;
}

static enum picture_fault jpeg_strip(str s, int64_t max_pixels, struct buf *out, struct picture *p)
{
	if (s.n < 4 || be16(s, 0) != 0xFFD8)
		return PICTURE_BROKEN;
	buf_put(out, s.p, 2);
	for (size_t at = 2; at + 4 <= s.n || (at + 2 <= s.n && be16(s, at) == 0xFFD9);) {
		unsigned marker = at8(s, at + 1);
		enum picture_fault f;
		size_t end;

		if (at8(s, at) != 0xFF)
			return PICTURE_BROKEN;
		if (marker == 0xFF) {
			at++;
			continue;
		}
		if (marker == EOI) {
			buf_put(out, s.p + at, 2);
			return p->width ? PICTURE_FINE : PICTURE_BROKEN;
		}
		if (be16(s, at + 2) < 2 || be16(s, at + 2) > s.n - at - 2)
			return PICTURE_BROKEN;
		end = at + 2 + be16(s, at + 2);
		f = jpeg_segment(marker, rest(s, at + 2), max_pixels, out, p);
		if (f)
			return f;
		at = marker == SOS ? scan_end(s, end) : end;
		buf_put(out, s.p + end, at - end);
	}
	return PICTURE_BROKEN;
}

/* ---- PNG ---- */

static enum picture_fault png_strip(str s, int64_t max_pixels, struct buf *out, struct picture *p)
{
	static const char kept[] = "IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs ";
	enum picture_fault f = PICTURE_BROKEN;
	char name[6] = "xxxx ";

	if (!str_starts(s, S("\x89PNG\r\n\x1a\n")))
		return PICTURE_BROKEN;
	buf_put(out, s.p, 8);
	for (size_t at = 8; at < s.n && s.n - at >= 12;) {
		size_t n = be32(s, at);

		if (n > s.n - at - 12)
			return PICTURE_BROKEN;
		memcpy(name, s.p + at + 4, 4);
		if (at == 8 && (n < 13 || memcmp(name, "IHDR", 4)))
			return PICTURE_BROKEN;
		if (at == 8 && (f = sized(p, be32(s, at + 8), be32(s, at + 12), max_pixels)))
			return f;
		if (strstr(kept, name))
			buf_put(out, s.p + at, n + 12);
		if (!memcmp(name, "IEND", 4))
			return f;
		at += n + 12;
	}
	return PICTURE_BROKEN;
}

/* ---- WebP ---- */

static enum picture_fault webp_size(str name, str body, int64_t max_pixels, struct picture *p)
{
	if (str_eq(name, S("VP8X")))
		return body.n < 10 ? PICTURE_BROKEN : sized(p, (int64_t)le24(body, 4) + 1, (int64_t)le24(body, 7) + 1, max_pixels);
	if (str_eq(name, S("VP8 ")))
		return body.n < 10 ? PICTURE_BROKEN : sized(p, le16(body, 6) & 0x3FFF, le16(body, 8) & 0x3FFF, max_pixels);
	if (str_eq(name, S("VP8L")))
		return body.n < 5 ? PICTURE_BROKEN : sized(p, (le32(body, 1) & 0x3FFF) + 1, (le32(body, 1) >> 14 & 0x3FFF) + 1, max_pixels);
	return PICTURE_FINE;
}

static void put_le32(char *d, size_t n)
{
	for (int i = 0; i < 4; i++)
		d[i] = (char)(n >> (8 * i));
}

static enum picture_fault webp_strip(str s, int64_t max_pixels, struct buf *out, struct picture *p)
{
	static const char kept[] = "VP8  VP8L VP8X ALPH ANIM ANMF ICCP ";
	char name[6] = "xxxx ";
	size_t start = out->n;
	bool image = false;

	if (s.n < 20 || !str_starts(s, S("RIFF")) || memcmp(s.p + 8, "WEBP", 4) || le32(s, 4) > s.n - 8)
		return PICTURE_BROKEN;
	s.n = le32(s, 4) + 8;
	buf_put(out, s.p, 12);
	for (size_t at = 12; at < s.n && s.n - at >= 8;) {
		size_t n = le32(s, at + 4), whole = 8 + n + (n & 1);
		enum picture_fault f;

		if (n > s.n - at - 8)
			return PICTURE_BROKEN;
		whole = whole > s.n - at ? s.n - at : whole;
		memcpy(name, s.p + at, 4);
		f = webp_size((str){ name, 4 }, (str){ s.p + at + 8, n }, max_pixels, p);
		if (f)
			return f;
		image |= !memcmp(name, "VP8 ", 4) || !memcmp(name, "VP8L", 4) || !memcmp(name, "ANMF", 4);
		if (strstr(kept, name)) {
			size_t mine = out->n;

			buf_put(out, s.p + at, whole);
			if (!memcmp(name, "VP8X", 4) && !out->overflow)
				out->p[mine + 8] = (char)(out->p[mine + 8] & ~0x0C);       /* says no more that EXIF and XMP follow */
		}
		at += whole;
	}
	if (!out->overflow)
		put_le32(out->p + start + 4, out->n - start - 8);
	return p->width && image ? PICTURE_FINE : PICTURE_BROKEN;
}

enum picture_fault picture_strip(enum picture_kind kind, str bytes, int64_t max_pixels, struct buf *out, struct picture *ret)
{
	enum picture_fault f;

	*ret = (struct picture){ .orientation = 1 };
	f = kind == PICTURE_JPEG ? jpeg_strip(bytes, max_pixels, out, ret) : kind == PICTURE_PNG ? png_strip(bytes, max_pixels, out, ret) : webp_strip(bytes, max_pixels, out, ret);
	return f ? f : out->overflow ? PICTURE_HUGE : PICTURE_FINE;
}
