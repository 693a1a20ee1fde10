/* Every record that was read is written and read again: the cells must be the same, but for a guarding apostrophe. */
#include "base/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void check_again(const struct csv *r)
{
	struct buf b;
	struct csv again;
	FILE *f;

	buf_init(&b, 1 << 23);
	/* As exports begin; a mark inside the first cell is text then. */
	buf_str(&b, S("\xEF\xBB\xBF"));
	for (size_t i = 0; i < r->n; i++)
		csv_put(&b, r->cell[i], i == 0);
	if (b.overflow) {
		buf_free(&b);
		return;
	}
	f = fmemopen(b.p, b.n, "r");
	csv_init(&again, f, ',');
	if (csv_next(&again)) {
		if (again.n != r->n)
			BUG("%zu cells became %zu", r->n, again.n);
		for (size_t i = 0; i < r->n; i++)
			if (!str_ends(again.cell[i], r->cell[i]) || again.cell[i].n > r->cell[i].n + 1)
				BUG("cell %zu changed", i);
	}
	csv_free(&again);
	fclose(f);
	buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	FILE *f = n ? fmemopen((void *)(uintptr_t)p, n, "r") : NULL;
	struct csv r;

	if (!f)
		return 0;
	csv_init(&r, f, 0);
	while (csv_next(&r))
		check_again(&r);
	csv_free(&r);
	fclose(f);
	return 0;
}
