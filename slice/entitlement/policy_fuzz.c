/* policy_fuzz.c — any bytes as a policy file: read and linked, or refused with a reason; and a verdict from whatever was read. */
#include "slice/entitlement/vector.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct flaw f = { 0 };
	struct policy_set set;
	struct facts facts;
	struct verdict v;
	bool ok;

	arena_init(&a, 64 << 20);
	set = (struct policy_set){ .p = NEW(&a, struct policy), .n = 1 };
	ok = size < POLICY_FILE_MAX && policy_read(&a, S("fuzz"), (str){ (const char *)data, size }, set.p, &f) && policy_link(&a, &set, &f);
	if (ok) {
		facts_init(&facts);
		facts.on = facts.basis[START_DELIVERED] = facts.basis[START_INVOICED] = (day){ 20500 };
		facts.policy = &set.p[0].id;
		facts.n_policy = 1;
		verdict_of(&set, &facts, &workdays_cn, &v);
	} else if (size < POLICY_FILE_MAX && !f.text) {
		BUG("refused without a reason");
	}
	arena_free(&a);
	return 0;
}
