/* Pictures: what is taken out, what stays, what is refused; small ones upright. Pictures are made here, by the same libraries. */
#include "tests/unit.h"
#include "view/picture.h"
#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>
#include <png.h>

enum { MAX = 50 * 1000000 };

static str of(struct arena *a, const struct buf *b) { return arena_str(a, (str){ b->p, b->n }); }

/* Left half red, right half blue. */
static void paint(unsigned char *row, int w, int parts)
{
	for (int x = 0; x < w; x++) {
		row[x * parts] = x < w / 2 ? 250 : 5;
		row[x * parts + 1] = 5;
		row[x * parts + 2] = x < w / 2 ? 5 : 250;
		if (parts == 4)
			row[x * parts + 3] = 255;
	}
}

static str jpeg(struct arena *a, int w, int h, bool progressive, int orientation)
{
	static const char gps[] = "Exif\0\0MM\0\x2A\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0\x00\0\0\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0GPS-AT-HOME";
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr err;
	unsigned char *file = NULL, *row = arena_alloc(a, (size_t)w * 3);
	char exif[sizeof gps];
	unsigned long n = 0;
	str s;

	c.err = jpeg_std_error(&err);
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, &file, &n);
	c.image_width = (unsigned)w, c.image_height = (unsigned)h, c.input_components = 3, c.in_color_space = JCS_RGB;
	jpeg_set_defaults(&c);
	if (progressive)
		jpeg_simple_progression(&c);
	jpeg_start_compress(&c, TRUE);
	memcpy(exif, gps, sizeof gps);
	exif[25] = (char)orientation;
	jpeg_write_marker(&c, JPEG_APP0 + 1, (unsigned char *)exif, sizeof gps - 1);
	jpeg_write_marker(&c, JPEG_APP0 + 1, (const unsigned char *)"http://ns.adobe.com/xap/1.0/\0<secret/>", 38);
	jpeg_write_marker(&c, JPEG_COM, (const unsigned char *)"SECRET comment", 14);
	jpeg_write_marker(&c, JPEG_APP0 + 13, (const unsigned char *)"Photoshop SECRET", 16);
	paint(row, w, 3);
	while (c.next_scanline < c.image_height)
		jpeg_write_scanlines(&c, &row, 1);
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	s = arena_str(a, (str){ (char *)file, n });
	free(file);
	return s;
}

static void png_write(png_structp png, png_bytep d, size_t n) { buf_put(png_get_io_ptr(png), (char *)d, n); }

static str png(struct arena *a, int w, int h, bool interlaced, bool alpha)
{
	png_structp p = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png_create_info_struct(p);
	int parts = alpha ? 4 : 3;
	unsigned char *row = arena_alloc(a, (size_t)w * 4);
	char name[] = "Author", secret[] = "SECRET";
	png_text text = { 0 };
	struct buf b;
	str s;

	text.compression = PNG_TEXT_COMPRESSION_NONE;
	text.key = name;
	text.text = secret;
	text.text_length = sizeof secret - 1;
	buf_init(&b, 16 << 20);
	png_set_write_fn(p, &b, png_write, NULL);
	png_set_IHDR(p, info, (unsigned)w, (unsigned)h, 8, alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, 0, 0);
	png_set_text(p, info, &text, 1);
	png_write_info(p, info);
	paint(row, w, parts);
	for (int pass = png_set_interlace_handling(p); pass > 0; pass--)
		for (int y = 0; y < h; y++)
			png_write_row(p, row);
	png_write_end(p, NULL);
	png_destroy_write_struct(&p, &info);
	s = of(a, &b);
	buf_free(&b);
	return s;
}

static enum picture_fault strip(struct arena *a, enum picture_kind kind, str in, int64_t max, str *out, struct picture *p)
{
	enum picture_fault f;
	struct buf b;

	buf_init(&b, 32 << 20);
	f = picture_strip(kind, in, max, &b, p);
	*out = of(a, &b);
	buf_free(&b);
	return f;
}

static enum picture_fault thumb(struct arena *a, enum picture_kind kind, str in, int orientation, str *out)
{
	struct picture p = { .orientation = orientation };
	enum picture_fault f;
	struct buf b;

	buf_init(&b, 1 << 20);
	f = picture_thumb(kind, in, &p, 64, &b);
	*out = of(a, &b);
	buf_free(&b);
	return f;
}

/* The colour in the middle of each edge: 'r' or 'b', as left, right, top, bottom. */
static void look(str file, int *w, int *h, char edge[4])
{
	struct jpeg_decompress_struct d;
	struct jpeg_error_mgr err;
	unsigned char rows[64][64 * 3], *row;
	const int at[4][2] = { { 0, 1 }, { 2, 1 }, { 1, 0 }, { 1, 2 } };

	d.err = jpeg_std_error(&err);
	jpeg_create_decompress(&d);
	jpeg_mem_src(&d, (const unsigned char *)file.p, file.n);
	jpeg_read_header(&d, TRUE);
	jpeg_start_decompress(&d);
	*w = (int)d.output_width, *h = (int)d.output_height;
	CHECK(*w <= 64 && *h <= 64);
	while (d.output_scanline < d.output_height) {
		row = rows[d.output_scanline];
		jpeg_read_scanlines(&d, &row, 1);
	}
	for (int i = 0; i < 4; i++) {
		int x = at[i][0] * (*w - 1) / 2, y = at[i][1] * (*h - 1) / 2;

		edge[i] = rows[y][x * 3] > rows[y][x * 3 + 2] ? 'r' : 'b';
	}
	jpeg_finish_decompress(&d);
	jpeg_destroy_decompress(&d);
}

static void metadata(void **state)
{
	static const char *const secrets[] = { "GPS-AT-HOME", "secret", "SECRET", "Photoshop", "ns.adobe" };
	struct arena a;
	struct picture p;
	str in[5], out, again;

	(void)state;
	arena_init(&a, 64 << 20);
	in[0] = jpeg(&a, 200, 100, false, 6);
	in[1] = jpeg(&a, 200, 100, true, 1);
	in[2] = png(&a, 200, 100, false, false);
	in[3] = png(&a, 200, 100, true, true);
	in[4] = (str){ NULL, 0 };
	for (size_t i = 0; i < 4; i++) {
		enum picture_kind kind = i < 2 ? PICTURE_JPEG : PICTURE_PNG;

		CHECK_ROW(i, !strip(&a, kind, in[i], MAX, &out, &p) && p.width == 200 && p.height == 100 && p.orientation == (i ? 1 : 6));
		for (size_t k = 0; k < LEN(secrets); k++)
			CHECK_ROW(i, !str_find(out, str_c(secrets[k]), NULL));
		CHECK_ROW(i, out.n < in[i].n && !strip(&a, kind, out, MAX, &again, &p) && str_eq(out, again) && p.orientation == (i ? 1 : 6));
		CHECK_ROW(i, !thumb(&a, kind, out, p.orientation, &again));
		/* What follows the picture goes as well. */
		CHECK_ROW(i, !strip(&a, kind, arena_join(&a, (const str[]){ in[i], S("MORE SECRET") }, 2, S("")), MAX, &again, &p) && str_eq(again, out));
		CHECK_ROW(i, strip(&a, kind, in[i], 200 * 100 - 1, &again, &p) == PICTURE_HUGE && !strip(&a, kind, in[i], 200 * 100, &again, &p));
	}
	arena_free(&a);
}

static void webp(void **state)
{
	static const char file[] = "RIFF\x46\0\0\0WEBPVP8X\x0a\0\0\0\x0c\0\0\0\xc7\0\0\x63\0\0" "EXIF\x0b\0\0\0GPS-AT-HOME\0" "VP8L\x06\0\0\0\x2f\xc7\xc0\x18\0\0" "XMP \x06\0\0\0SECRET";
	struct arena a;
	struct picture p;
	str out;

	(void)state;
	arena_init(&a, 1 << 20);
	CHECK(!strip(&a, PICTURE_WEBP, (str){ file, sizeof file - 1 }, MAX, &out, &p) && p.width == 200 && p.height == 100);
	CHECK(!str_find(out, S("GPS"), NULL) && !str_find(out, S("SECRET"), NULL) && str_find(out, S("VP8L"), NULL) && !(out.p[20] & 0x0c) && (size_t)(unsigned char)out.p[4] == out.n - 8);
	CHECK(strip(&a, PICTURE_WEBP, (str){ file, 30 }, MAX, &out, &p) && strip(&a, PICTURE_WEBP, (str){ file, sizeof file - 1 }, 19999, &out, &p) == PICTURE_HUGE);
	arena_free(&a);
}

static void upright(void **state)
{
	static const struct { int orientation, w, h; const char *edge; } rows[] = {
		{ 1, 64, 32, "rb" }, { 2, 64, 32, "br" }, { 3, 64, 32, "br" }, { 4, 64, 32, "rb" }, { 5, 32, 64, "..rb" }, { 6, 32, 64, "..rb" }, { 7, 32, 64, "..br" }, { 8, 32, 64, "..br" },
	};
	struct arena a;
	str in[3], out;
	char edge[4];
	int w, h;

	(void)state;
	arena_init(&a, 64 << 20);
	in[0] = jpeg(&a, 2000, 1000, false, 1);
	in[1] = jpeg(&a, 2000, 1000, true, 1);
	in[2] = png(&a, 2000, 1000, true, true);
	for (size_t k = 0; k < LEN(in); k++)
		for (size_t i = 0; i < LEN(rows); i++) {
			CHECK_ROW(i, !thumb(&a, k < 2 ? PICTURE_JPEG : PICTURE_PNG, in[k], rows[i].orientation, &out));
			look(out, &w, &h, edge);
			CHECK_ROW(i, w == rows[i].w && h == rows[i].h);
			for (size_t e = 0; e < strlen(rows[i].edge); e++)
				CHECK_ROW(i, rows[i].edge[e] == '.' || rows[i].edge[e] == edge[e]);
		}
	CHECK(!thumb(&a, PICTURE_PNG, png(&a, 3, 1, false, false), 1, &out));
	look(out, &w, &h, edge);
	CHECK(w == 3 && h == 1);
	CHECK(!thumb(&a, PICTURE_PNG, png(&a, 1, 3000, false, false), 6, &out));
	look(out, &w, &h, edge);
	CHECK(w == 64 && h == 1);
	arena_free(&a);
}

/* Cut anywhere, or with any byte spoilt, it is refused or made, and nothing is read beyond the end. */
static void broken(void **state)
{
	static const struct { enum picture_kind kind; const char *text; } rubbish[] = {
		{ PICTURE_JPEG, "" }, { PICTURE_JPEG, "\xFF\xD8" }, { PICTURE_JPEG, "\xFF\xD8\xFF\xD9" }, { PICTURE_JPEG, "hello, I am text" }, { PICTURE_PNG, "\x89PNG\r\n\x1a\n" }, { PICTURE_PNG, "GIF89a" }, { PICTURE_WEBP, "RIFF" },
	};
	struct arena a;
	struct picture p;
	str in[4], out, small;

	(void)state;
	arena_init(&a, 256 << 20);
	for (size_t i = 0; i < LEN(rubbish); i++)
		CHECK_ROW(i, strip(&a, rubbish[i].kind, str_c(rubbish[i].text), MAX, &out, &p) == PICTURE_BROKEN);
	in[0] = jpeg(&a, 60, 40, false, 1);
	in[1] = jpeg(&a, 60, 40, true, 1);
	in[2] = png(&a, 60, 40, false, false);
	in[3] = png(&a, 60, 40, true, true);
	for (size_t k = 0; k < LEN(in); k++) {
		enum picture_kind kind = k < 2 ? PICTURE_JPEG : PICTURE_PNG;

		for (size_t n = 0; n + 1 < in[k].n; n += 3) {
			struct arena_mark m = arena_mark(&a);
			char *exact = arena_alloc(&a, in[k].n);

			memcpy(exact, in[k].p, n);
			CHECK_ROW(n, strip(&a, kind, (str){ exact, n }, MAX, &out, &p) == PICTURE_BROKEN);
			CHECK_ROW(n, thumb(&a, kind, (str){ exact, n }, 1, &small) == PICTURE_BROKEN || n + 14 > in[k].n);
			memcpy(exact, in[k].p, in[k].n);
			exact[n] = (char)(exact[n] ^ 0x55);
			if (!strip(&a, kind, (str){ exact, in[k].n }, 60 * 40 * 64, &out, &p))
				(void)thumb(&a, kind, out, p.orientation, &small);
			arena_reset(&a, m);
		}
	}
	arena_free(&a);
}

UNIT_GROUP(picture, T(metadata), T(webp), T(upright), T(broken))
