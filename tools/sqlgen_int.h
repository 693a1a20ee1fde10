/* sqlgen_int.h — what the compiler of .sql files holds of one file while it is at work. */
#pragma once
#include "tools/sqlgen.h"
#include <setjmp.h>

enum { SQLITE, PG, ENGINES };
enum { PARAMS = 60, GATES = 6, PIECES = 2 * GATES + 3, ARGS = 3, BLOCKS = 4000, TEXT_MAX = 1 << 20 };

struct text { char *p; size_t n, room; };
struct span { const char *p; size_t n; };
struct piece { struct text t; int gate; };
struct block {
	int version;                                   /* of a migration, 0 for a statement or a part */
	char *name;
	bool part, used;
	struct text raw[ENGINES];
	int line[ENGINES];                             /* where the raw text begins; 0 = no text of its own */
	char *param[PARAMS];
	int params, gates, gate[GATES];
	struct piece piece[ENGINES][PIECES];
	int pieces[ENGINES];
};
struct gen {
	const char *file;
	char *base;                                    /* the file's name without folder and ".sql" */
	int line;                                      /* of the text being read, for errors */
	FILE *errors;
	jmp_buf failed;
	void **owned;                                  /* every allocation, freed at the end */
	size_t owned_n, owned_room;
	struct block **block;
	int blocks;
};

/* Writes what was compiled. */
void sqlgen_write_c(const struct gen *g, const char *header, FILE *f);
void sqlgen_write_h(const struct gen *g, FILE *f);
