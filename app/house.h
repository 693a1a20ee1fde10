/* house.h — all rooms together: the list of departments, what the doors are plugged into, the database with its schema. */
#pragma once
#include "db/db.h"
#include "http/http.h"

extern const struct slice *const house_slices[];       /* NULL-terminated, dependency order */
extern const struct http_app house_app;

/* What a command works with. Open for the whole run; ctx has all permissions and the present time. */
struct house { struct arena a, keep; struct db *db; struct conn *conn; struct ctx c; };
/* url NULL: baoxiu.db in the data directory (data NULL: $BAOXIU_DATA, else ~/.local/share/baoxiu), which is made if need be. Applies missing
 * schema steps. False: told on stderr as `baoxiu: WHAT: WHY`. */
MUST bool house_open(struct house *h, const char *url, const char *data);
void house_close(struct house *h);
/* A fresh ctx on the same connection: between two units of work of a long command. */
void house_renew(struct house *h);
/* The data directory, made if need be; the caller frees. NULL: told on stderr. */
char *house_data_dir(const char *data);
/* What went wrong, on stderr. */
void house_complain(const struct house *h, const char *what);
