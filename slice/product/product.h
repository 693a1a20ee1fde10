/* product.h — brands, models, part classes, symptom and fault codes [P2].
 * Owns product, symptom, fault. Codes are imported with their source; none is invented. */
#pragma once
#include "base/base.h"
struct product { int64_t id, ver; str brand, model, series, config, note, kind; /* one of device_kinds */ bool active; };
struct code { int64_t id; str code, grp, name_zh, name_en, source; };
MUST enum err product_add(struct ctx *c, const struct product *p, int64_t *ret_id);    /* same brand and model: gives the existing id */
MUST enum err product_find(struct ctx *c, str words, int64_t before, size_t max, struct product **ret, size_t *ret_n);
MUST enum err product_brands(struct ctx *c, str start, size_t max, struct product **ret, size_t *ret_n);      /* each brand that starts so, once; only .brand is set */
MUST enum err product_get(struct ctx *c, int64_t id, struct product *ret);             /* NOT_FOUND */
MUST enum err symptom_list(struct ctx *c, str words, size_t max, struct code **ret, size_t *ret_n);
MUST enum err fault_list(struct ctx *c, str words, size_t max, struct code **ret, size_t *ret_n);
MUST enum err symptom_get(struct ctx *c, str code, struct code *ret);                  /* NOT_FOUND */
MUST enum err fault_get(struct ctx *c, str code, struct code *ret);                    /* NOT_FOUND */
MUST enum err code_put(struct ctx *c, bool fault, const struct code *k);               /* insert or update by code */
extern const struct field code_fields[];
str code_title(const struct ctx *c, const struct code *k);                             /* in the reader's language */
