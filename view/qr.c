/* qr.c — a QR code as inline SVG: one path, crisp at any size. */
#include "view/chart.h"
#include <qrencode.h>

enum { QUIET = 4 };                    /* modules of white around, as the standard asks */

static void rows(struct buf *b, const QRcode *q)
{
	for (int y = 0; y < q->width; y++) {
		for (int x = 0, run; x < q->width; x += run + 1) {
			for (run = 0; x + run < q->width && (q->data[y * q->width + x + run] & 1);)
				run++;
			if (run)
				buf_fmt(b, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, run, run);
		}
	}
}

html qr_svg(const struct ctx *c, str content, str title)
{
	QRcode *q = content.n ? QRcode_encodeString8bit(arena_cstr(c->a, content), 0, QR_ECLEVEL_M) : NULL;
	struct out o;
	str s;

	if (!q)
		return (html){ S("") };
	buf_init(&o.b, 1 << 20);
	buf_fmt(&o.b, "<svg class=\"qr\" viewBox=\"0 0 %d %d\" role=\"img\" shape-rendering=\"crispEdges\"><title>", q->width + 2 * QUIET,
		q->width + 2 * QUIET);
	out_text(&o, c, v_str(title));
	buf_fmt(&o.b, "</title><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"", q->width + 2 * QUIET, q->width + 2 * QUIET);
	rows(&o.b, q);
	QRcode_free(q);
	buf_str(&o.b, S("\"/></svg>"));
	s = arena_str(c->a, (str){ o.b.p, o.b.n });
	buf_free(&o.b);
	return (html){ s };
}
