/* Whatever bytes come: every row is read to the end or refused, and its cells can be touched. */
#include "base/sheet.h"
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char path[64];
	const char *why;
	struct sheet *s;
	size_t sum = 0;
	int fd = memfd_create("sheet", MFD_CLOEXEC);

	if (fd < 0 || write(fd, p, n) != (ssize_t)n)
		return 0;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	s = sheet_open(path, &why);
	while (s && sheet_next(s))
		for (size_t i = 0; i < s->n; i++)
			for (size_t k = 0; k < s->cell[i].n; k++)
				sum += (unsigned char)s->cell[i].p[k];
	if (s)
		sheet_close(s);
	close(fd);
	return sum == SIZE_MAX;
}
