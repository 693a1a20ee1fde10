/* picture.c — decodes a picture row by row into a small one; a JPEG is decoded at an eighth or so of its size. */
#include "view/picture.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>
#include <jerror.h>
#include <png.h>

enum { QUALITY = 78, SCANS_MAX = 64, RGB = 3, RGBA = 4, INTERLACED_MAX = 16 << 20, PROGRESSIVE_MAX = 32 << 20 };

/* ---- a small picture, filled by the rows of a big one: each of its points is the mean of those that fall on it ---- */

struct small { int side, w, h, from_w, from_h, row; uint32_t *sum, *hits; unsigned char *rgb; };

static void *got(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p)
		BUG("out of memory");
	return p;
}

static int some(int64_t n) { return (int)(n > 1 ? n : 1); }
static int scaled(int64_t n, int64_t most, int side) { return some(most > side && most > 0 ? n * side / most : n); }

static void small_begin(struct small *m, int64_t w, int64_t h)
{
	int64_t most = w > h ? w : h;

	m->from_w = some(w);
	m->from_h = some(h);
	m->w = scaled(w, most, m->side);
	m->h = scaled(h, most, m->side);
	m->sum = got((size_t)m->w * RGB, sizeof *m->sum);
	m->hits = got((size_t)m->w, sizeof *m->hits);
	m->rgb = got((size_t)m->w * (size_t)m->h, RGB);
}

static void small_flush(struct small *m)
{
	unsigned char *d = m->rgb + (size_t)m->row * (size_t)m->w * RGB;

	for (int x = 0; x < m->w; x++)
		for (int k = 0; k < RGB && m->hits[x]; k++)
			d[x * RGB + k] = (unsigned char)(m->sum[x * RGB + k] / m->hits[x]);
	memset(m->sum, 0, (size_t)m->w * RGB * sizeof *m->sum);
	memset(m->hits, 0, (size_t)m->w * sizeof *m->hits);
}

/* y counts rows of the big one from 0 on. Alpha is laid on white. */
static void small_row(struct small *m, int y, const unsigned char *s, int parts)
{
	int row = (int)((int64_t)y * m->h / m->from_h);

	if (row != m->row)
		small_flush(m);
	m->row = row;
	for (int x = 0; x < m->from_w; x++, s += parts) {
		int at = (int)((int64_t)x * m->w / m->from_w);
		unsigned alpha = parts == RGBA ? s[3] : 255;

		for (int k = 0; k < RGB; k++)
			m->sum[at * RGB + k] += (s[k] * alpha + 255 * (255 - alpha)) / 255;
		m->hits[at]++;
	}
}

static void small_free(struct small *m)
{
	free(m->sum);
	free(m->hits);
	free(m->rgb);
}

/* Upright, as EXIF's eight orientations say. */
static void small_turn(struct small *m, int orientation)
{
	bool swap = orientation >= 5;
	int w = swap ? m->h : m->w, h = swap ? m->w : m->h;
	unsigned char *d;

	if (orientation == 1)
		return;
	d = got((size_t)w * (size_t)h, RGB);
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			int sx = swap ? y : x, sy = swap ? x : y;

			if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
				sx = m->w - 1 - sx;
			if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
				sy = m->h - 1 - sy;
			memcpy(d + ((size_t)y * (size_t)w + (size_t)x) * RGB, m->rgb + ((size_t)sy * (size_t)m->w + (size_t)sx) * RGB, RGB);
		}
	free(m->rgb);
	m->rgb = d;
	m->w = w;
	m->h = h;
}

/* ---- JPEG ---- */

struct jpeg_job { struct jpeg_error_mgr err; struct jpeg_progress_mgr progress; jmp_buf out; struct jpeg_decompress_struct d; struct jpeg_compress_struct c; unsigned char *row, *file; unsigned long n; };

static void jpeg_gives_up(j_common_ptr j)
{
	struct jpeg_job *job = j->client_data;

	longjmp(job->out, 1);
}

/* Data that end early or break off in a scan are an error; what merely surprises is not. */
static void jpeg_warns(j_common_ptr j, int level)
{
	if (level < 0 && (j->err->msg_code == JWRN_JPEG_EOF || j->err->msg_code == JWRN_HIT_MARKER))
		jpeg_gives_up(j);
}

static void jpeg_scans(j_common_ptr j)
{
	if (j->is_decompressor && ((j_decompress_ptr)j)->input_scan_number > SCANS_MAX)
		jpeg_gives_up(j);
}

static void jpeg_opens(struct jpeg_job *j, str bytes, int side)
{
	unsigned n = 1;

	jpeg_create_decompress(&j->d);
	j->d.progress = &j->progress;
	jpeg_mem_src(&j->d, (const unsigned char *)bytes.p, bytes.n);
	jpeg_read_header(&j->d, TRUE);
	while (n < 8 && (j->d.image_width * n / 8 < (unsigned)side && j->d.image_height * n / 8 < (unsigned)side))
		n++;
	if (j->d.progressive_mode && (int64_t)j->d.image_width * j->d.image_height > PROGRESSIVE_MAX)
		jpeg_gives_up((j_common_ptr)&j->d);
	j->d.scale_num = n;
	j->d.scale_denom = 8;
	j->d.dct_method = JDCT_IFAST;
	j->d.do_fancy_upsampling = FALSE;
	j->d.out_color_space = j->d.jpeg_color_space == JCS_CMYK || j->d.jpeg_color_space == JCS_YCCK ? JCS_CMYK : JCS_RGB;
	jpeg_start_decompress(&j->d);
	j->row = got(j->d.output_width, RGBA);
}

/* Four inks as Adobe writes them, inverted, become three colours in place. */
static void inks(unsigned char *s, unsigned w)
{
	for (unsigned x = 0; x < w; x++)
		for (int k = 0; k < RGB; k++)
			s[x * RGB + (unsigned)k] = (unsigned char)(s[x * RGBA + (unsigned)k] * s[x * RGBA + 3] / 255);
}

static bool jpeg_reads(struct jpeg_job *j, str bytes, struct small *m)
{
	if (setjmp(j->out)) {
		jpeg_destroy_decompress(&j->d);
		return false;
	}
	jpeg_opens(j, bytes, m->side);
	small_begin(m, j->d.output_width, j->d.output_height);
	while (j->d.output_scanline < j->d.output_height) {
		int y = (int)j->d.output_scanline;

		jpeg_read_scanlines(&j->d, &j->row, 1);
		if (j->d.out_color_space == JCS_CMYK)
			inks(j->row, j->d.output_width);
		small_row(m, y, j->row, RGB);
	}
	jpeg_finish_decompress(&j->d);
	jpeg_destroy_decompress(&j->d);
	return true;
}

static struct jpeg_job *jpeg_job(void)
{
	struct jpeg_job *j = got(1, sizeof *j);

	j->d.err = j->c.err = jpeg_std_error(&j->err);
	j->err.error_exit = jpeg_gives_up;
	j->err.emit_message = jpeg_warns;
	j->progress.progress_monitor = jpeg_scans;
	j->d.client_data = j->c.client_data = j;
	return j;
}

static void jpeg_job_free(struct jpeg_job *j)
{
	free(j->row);
	free(j->file);
	free(j);
}

static bool jpeg_writes(struct jpeg_job *j, const struct small *m)
{
	if (setjmp(j->out)) {
		jpeg_destroy_compress(&j->c);
		return false;
	}
	jpeg_create_compress(&j->c);
	jpeg_mem_dest(&j->c, &j->file, &j->n);
	j->c.image_width = (unsigned)m->w;
	j->c.image_height = (unsigned)m->h;
	j->c.input_components = RGB;
	j->c.in_color_space = JCS_RGB;
	jpeg_set_defaults(&j->c);
	jpeg_set_quality(&j->c, QUALITY, TRUE);
	jpeg_start_compress(&j->c, TRUE);
	while (j->c.next_scanline < j->c.image_height) {
		JSAMPROW row = m->rgb + (size_t)j->c.next_scanline * (size_t)m->w * RGB;

		jpeg_write_scanlines(&j->c, &row, 1);
	}
	jpeg_finish_compress(&j->c);
	jpeg_destroy_compress(&j->c);
	return true;
}

/* ---- PNG ---- */

struct png_job { png_structp png; png_infop info; str left; unsigned char *pixels; unsigned char **rows; };

static void png_gives(png_structp png, png_bytep d, size_t n)
{
	struct png_job *j = png_get_io_ptr(png);

	if (n > j->left.n)
		png_error(png, "ends early");
	memcpy(d, j->left.p, n);
	j->left = (str){ j->left.p + n, j->left.n - n };
}

static void png_silent(png_structp png, png_const_charp text) { (void)png, (void)text; }
static void png_gives_up(png_structp png, png_const_charp text)
{
	(void)text;
	png_longjmp(png, 1);
}

static void png_opens(struct png_job *j)
{
	png_set_read_fn(j->png, j, png_gives);
	png_read_info(j->png, j->info);
	png_set_expand(j->png);
	png_set_strip_16(j->png);
	png_set_gray_to_rgb(j->png);
	png_set_add_alpha(j->png, 255, PNG_FILLER_AFTER);
}

/* Row by row; an interlaced one as a whole, if it is not too large for that. */
static void png_rows(struct png_job *j, struct small *m)
{
	size_t w = png_get_image_width(j->png, j->info), h = png_get_image_height(j->png, j->info);
	bool whole = png_get_interlace_type(j->png, j->info) != PNG_INTERLACE_NONE;

	if (whole && w * h > INTERLACED_MAX)
		png_error(j->png, "too large to be interlaced");
	png_set_interlace_handling(j->png);
	png_read_update_info(j->png, j->info);
	if (png_get_rowbytes(j->png, j->info) != w * RGBA)
		png_error(j->png, "unexpected row");
	j->pixels = got(whole ? w * h : w, RGBA);
	j->rows = got(h, sizeof *j->rows);
	for (size_t y = 0; y < h; y++)
		j->rows[y] = j->pixels + (whole ? y * w * RGBA : 0);
	small_begin(m, (int64_t)w, (int64_t)h);
	if (whole)
		png_read_image(j->png, j->rows);
	for (size_t y = 0; y < h; y++) {
		if (!whole)
			png_read_row(j->png, j->rows[y], NULL);
		small_row(m, (int)y, j->rows[y], RGBA);
	}
	png_read_end(j->png, NULL);
}

static bool png_reads(struct png_job *j, struct small *m)
{
	j->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, png_gives_up, png_silent);
	j->info = j->png ? png_create_info_struct(j->png) : NULL;
	if (!j->info)
		BUG("out of memory");
	if (setjmp(png_jmpbuf(j->png))) {
		png_destroy_read_struct(&j->png, &j->info, NULL);
		return false;
	}
	png_opens(j);
	png_rows(j, m);
	png_destroy_read_struct(&j->png, &j->info, NULL);
	return true;
}

/* ---- both ---- */

static bool reads(enum picture_kind kind, str bytes, struct jpeg_job *jpeg, struct small *m)
{
	struct png_job *png;
	bool done;

	if (kind == PICTURE_JPEG)
		return jpeg_reads(jpeg, bytes, m);
	png = got(1, sizeof *png);
	png->left = bytes;
	done = png_reads(png, m);
	free(png->pixels);
	free(png->rows);
	free(png);
	return done;
}

enum picture_fault picture_thumb(enum picture_kind kind, str bytes, const struct picture *p, int side, struct buf *out)
{
	struct jpeg_job *j = jpeg_job();
	struct small m = { .side = side };
	bool done = reads(kind, bytes, j, &m);

	if (done) {
		small_flush(&m);
		small_turn(&m, p->orientation);
		done = jpeg_writes(j, &m);
	}
	if (done)
		buf_put(out, (const char *)j->file, j->n);
	small_free(&m);
	jpeg_job_free(j);
	return done ? PICTURE_FINE : PICTURE_BROKEN;
}
