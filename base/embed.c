#include "base/embed.h"

/* A set has some dozen files: a walk is quick enough and needs no count. */
const struct embedded *embedded_find(const struct embedded *set, str name)
{
	for (; set->name; set++)
		if (str_eq(str_c(set->name), name))
			return set;
	return NULL;
}
