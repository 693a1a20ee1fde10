#include "slice/account/perm.h"

_Static_assert(PERM_N < 64, "permission bits fit one word");
_Static_assert(ROLE_N < 64, "role bits fit one word");

const struct perm_info perm_info[PERM_N] = {
#define X(n, code, title) [PERM_BIT_##n] = { code, title },
	PERM_LIST(X)
#undef X
};

const struct role_info role_info[ROLE_N] = {
#define X(n, code, title, sight, perms) [ROLE_##n] = { code, title, sight, perms },
	ROLE_LIST(X)
#undef X
};

const char *const role_names[ROLE_N + 1] = {
#define X(n, code, title, sight, perms) [ROLE_##n] = code,
	ROLE_LIST(X)
#undef X
};
