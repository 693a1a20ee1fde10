/* door.h — a browser without a network for tests of web files: requests go through the doors of some departments, pages stand in a bare frame. */
#pragma once
#include "tests/world.h"
#include "slice/account/account.h"

struct door { struct world *w; struct http_app app; char cookie[256], csrf[64]; struct out o; struct http_answer a; };
/* A person with this role at an org is made and signed in; role -1: a visitor. */
void door_open(struct door *d, struct world *w, const struct slice *const *slices, const char *login, int role, int64_t org_id, str org_path);
/* The same for whom the test makes up: nobody is stored or signed in, and `who` may change between requests. A static door may be opened again. */
void door_as(struct door *d, struct world *w, const struct slice *const *slices, const struct actor *who);
void door_close(struct door *d);
/* body "" = none; sent as a form, {…} as JSON. Accept is JSON for /api/… and HTML else. */
void door_ask(struct door *d, const char *method, const char *path, const char *body);
bool door_says(const struct door *d, const char *text);
