/* sqlgen_out.c — the C that a compiled .sql file becomes. */
#include "tools/sqlgen_int.h"
#include <string.h>

static bool is_statement(const struct block *b) { return b->name && !b->part; }

static bool engines_differ(const struct block *b)
{
	if (b->pieces[SQLITE] != b->pieces[PG])
		return true;
	for (int i = 0; i < b->pieces[PG]; i++)
		if (b->piece[SQLITE][i].gate != b->piece[PG][i].gate || strcmp(b->piece[SQLITE][i].t.p, b->piece[PG][i].t.p))
			return true;
	return false;
}

static void write_string(FILE *f, const char *s)
{
	fputc('"', f);
	for (; *s; s++)
		switch (*s) {
		case '"': case '\\': fputc('\\', f); fputc(*s, f); break;
		case '\n': fputs("\\n", f); break;
		case '\t': fputs("\\t", f); break;
		case '\r': fputs("\\r", f); break;
		default: fputc(*s, f);
		}
	fputc('"', f);
}

static void write_pieces(FILE *f, const struct block *b, int engine)
{
	fputs("\t(const struct sql_seg[]){\n", f);
	for (int i = 0; i < b->pieces[engine]; i++) {
		if (!b->piece[engine][i].t.n)
			continue;
		fputs("\t\t{ ", f);
		write_string(f, b->piece[engine][i].t.p);
		fprintf(f, ", %d },\n", b->piece[engine][i].gate);
	}
	fputs("\t\t{ NULL, -1 } },\n", f);
}

static void write_statement(FILE *f, const struct block *b)
{
	fprintf(f, "\nconst struct sql %s = { \"%s\",\n\t(const char *const[]){ ", b->name, b->name);
	for (int i = 0; i < b->params; i++)
		fprintf(f, "\"%s\", ", b->param[i]);
	fputs("NULL },\n", f);
	write_pieces(f, b, SQLITE);
	if (engines_differ(b))
		write_pieces(f, b, PG);
	else
		fputs("\tNULL,\n", f);
	fputs("};\n", f);
}

void sqlgen_write_c(const struct gen *g, const char *header, FILE *f)
{
	fprintf(f, "/* Made from %s.sql by sqlgen. */\n#include \"%s\"\n", g->base, header);
	for (int i = 0; i < g->blocks; i++)
		if (is_statement(g->block[i]))
			write_statement(f, g->block[i]);
	fprintf(f, "\nconst struct sql *const %s_statements[] = {\n", g->base);
	for (int i = 0; i < g->blocks; i++)
		if (is_statement(g->block[i]))
			fprintf(f, "\t&%s,\n", g->block[i]->name);
	fprintf(f, "\tNULL\n};\n\nconst struct migration %s_migrations[] = {\n", g->base);
	for (int i = 0; i < g->blocks; i++) {
		const struct block *b = g->block[i];

		if (!b->version)
			continue;
		fprintf(f, "\t{ %d, ", b->version);
		write_string(f, b->piece[SQLITE][0].t.p);
		fputs(",\n\t\t", f);
		if (engines_differ(b))
			write_string(f, b->piece[PG][0].t.p);
		else
			fputs("NULL", f);
		fputs(" },\n", f);
	}
	fputs("\t{ 0, NULL, NULL }\n};\n", f);
}

void sqlgen_write_h(const struct gen *g, FILE *f)
{
	fprintf(f, "/* Made from %s.sql by sqlgen. */\n#pragma once\n#include \"db/db.h\"\n", g->base);
	for (int i = 0; i < g->blocks; i++)
		if (is_statement(g->block[i]))
			fprintf(f, "extern const struct sql %s;\n", g->block[i]->name);
	fprintf(f, "extern const struct sql *const %s_statements[];\nextern const struct migration %s_migrations[];\n", g->base, g->base);
}
