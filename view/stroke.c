/* stroke.c — a drawn line as PNG: what a pen leaves on the glass. */
#include "view/view.h"
#include <cairo.h>

static cairo_status_t take(void *b, const unsigned char *bytes, unsigned n)
{
	buf_put(b, bytes, n);
	return CAIRO_STATUS_SUCCESS;
}

str png_stroke(struct arena *a, const int (*at)[6], size_t n)
{
	cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 300, 100);
	cairo_t *cr = cairo_create(s);
	struct buf b;
	str png;

	buf_init(&b, 1 << 20);
	cairo_set_line_width(cr, 3);
	cairo_move_to(cr, 20, 60);
	for (size_t i = 0; i < n; i++)
		cairo_curve_to(cr, at[i][0], at[i][1], at[i][2], at[i][3], at[i][4], at[i][5]);
	cairo_stroke(cr);
	cairo_surface_write_to_png_stream(s, take, &b);
	cairo_destroy(cr);
	cairo_surface_destroy(s);
	png = arena_str(a, (str){ b.p, b.n });
	buf_free(&b);
	return png;
}
