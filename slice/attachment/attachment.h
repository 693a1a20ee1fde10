/* attachment.h — photos, logs and papers that belong to a subject; the bytes lie in files named by their SHA-256. [O3]
 *
 * Owns attachment and the folder DATA/files. A file is on disk (synced) before its row commits; files without a row are removed by a job. */
#pragma once
#include "base/base.h"
#include "db/db.h"

struct attachment {
	int64_t id;
	str subject_kind; int64_t subject_id;
	str name, type, sha256; int64_t size;
	bool open;                                     /* the customer may see it */
	int64_t by_id; str by_name;
	instant at;
	str url, thumb_url;                            /* thumb_url: a small one; absent when there is no picture */
};
extern const struct field attachment_fields[];
/* A received file: type as sniffed, path of the temporary file (consumed), sha256 hex. */
struct attachment_file { str name, type, path, sha256; int64_t size; };

/* Where files lie: static text, at start. */
void attachment_dir(const char *data_dir);
/* Who may see a subject's files: the department answers ERR_OK, ERR_NOT_FOUND or ERR_FORBIDDEN for c->who. */
struct attachment_gate { const char *subject_kind; enum err (*may_see)(struct ctx *c, int64_t subject_id); enum err (*may_add)(struct ctx *c, int64_t subject_id); };
void attachment_gates(const struct attachment_gate *table, size_t n);

/* In the caller's write. ERR_MEDIA_TYPE: not jpeg png webp heic pdf txt log zip mp4; ERR_TOO_LARGE: beyond the setting; ERR_FULL: disk. */
MUST enum err attachment_add(struct ctx *c, const char *subject_kind, int64_t subject_id, const struct attachment_file *f, bool open, int64_t *ret_id);
/* The same for what the program made itself: a signature, a paper. */
MUST enum err attachment_bytes(struct ctx *c, const char *subject_kind, int64_t subject_id, str name, str type, str bytes, bool open, int64_t *ret_id);
MUST enum err attachment_list(struct ctx *c, const char *subject_kind, int64_t subject_id, struct attachment **ret, size_t *ret_n);   /* at most 200 */
/* Asks the gate. */
MUST enum err attachment_get(struct ctx *c, int64_t id, struct attachment *out);
MUST enum err attachment_remove(struct ctx *c, int64_t id, str why);
MUST enum err attachment_move(struct ctx *c, const char *subject_kind, int64_t from_id, int64_t to_id);   /* subjects were merged */
/* The bytes of a small one, in c->a. Asks the gate; TOO_LARGE beyond max. */
MUST enum err attachment_read(struct ctx *c, int64_t id, size_t max, str *ret);
str attachment_signature(struct ctx *c, int64_t id);   /* the picture somebody signed with; absent when nobody did, or when this reader may not see it */
str attachment_path(struct arena *a, str sha256);      /* where the bytes lie */
bool attachment_type_ok(str type);
MUST enum err attachment_sweep(struct ctx *c);         /* job: removes files no row names, a day after they came */
