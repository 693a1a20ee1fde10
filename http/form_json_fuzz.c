#include "http/form_fuzz.h"
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n < 1 << 16)
		fuzz_read((str){ (const char *)p, n }, form_json);
	return 0;
}
