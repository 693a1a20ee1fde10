/* backup.h — what `backup` writes and `restore` reads: a tar of
 *   baoxiu.db or baoxiu.pgdump   the database: a SQLite file, or what pg_dump --format=custom wrote
 *   keys                         the two keys that lie beside it; without them sealed unlock codes stay sealed and anchors unproved
 *   files/ab/cd/SHA256           attachments
 *   manifest.json                last: what it is, and the SHA-256 of the database */
#pragma once
#include "app/house.h"
#include "app/tar.h"

#define BACKUP_SQLITE "baoxiu.db"
#define BACKUP_POSTGRES "baoxiu.pgdump"
#define BACKUP_MANIFEST "manifest.json"
enum { SUM_HEX = 65 };
struct manifest { str program, engine, sha256; instant made_at; int64_t size, files; };
extern const struct field manifest_fields[];

bool is_postgres(const char *url);
/* Reads the whole file; false: it cannot be read. */
MUST bool file_sum(const char *path, char ret[SUM_HEX], int64_t *ret_size);
/* Runs a program of PostgreSQL (PATH, then /usr/lib/postgresql) with its own stdout and stderr. False, and told, when it is missing or fails. */
MUST bool run_postgres_tool(const char *what, const char *const *argv);
/* Progress on a terminal. */
struct meter { bool tty; int64_t told_us; };
void meter_bytes(void *meter, int64_t bytes);
void meter_end(struct meter *m);
