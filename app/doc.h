/* doc.h — documentation printed from the program's own tables, as Markdown in the language of c. */
#pragma once
#include "app/house.h"
#include <stdio.h>
void doc_states(FILE *f, const struct ctx *c);         /* the life of an order: table and Mermaid diagram [O4] */
void doc_permissions(FILE *f, const struct ctx *c);    /* who may do what [N5] */
void doc_settings(FILE *f, const struct ctx *c);
