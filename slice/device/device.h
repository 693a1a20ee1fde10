/* device.h — the installed base: one row a serial number, with owner, place, proof of purchase and lineage [P3, P4].
 *
 * Owns device, device_part, device_swap. serial_key (folded, blanks and dashes removed) is unique per brand when known; two makers may use the same serial.
 * Who works at a place sees the devices it deals with (org_holds), a portal user their own and their employer's [N5, S14].
 * Dates are days; absent is NIL. Everything handed out lives in c->a. */
#pragma once
#include "base/base.h"

extern const char *const device_kinds[];               /* notebook desktop all-in-one workstation server tablet printer monitor pos network other */
extern const char *const device_kind_titles[], *const device_proof_titles[];   /* N_() */
extern const char *const device_proofs[];              /* none invoice card contract */
enum { DEVICE_NOTEBOOK, DEVICE_DESKTOP, DEVICE_ALL_IN_ONE, DEVICE_WORKSTATION, DEVICE_SERVER, DEVICE_TABLET, DEVICE_PRINTER, DEVICE_MONITOR, DEVICE_POS, DEVICE_NETWORK, DEVICE_OTHER };
enum { PROOF_NONE, PROOF_INVOICE, PROOF_CARD, PROOF_CONTRACT };

struct device {
	int64_t id, ver;
	str serial, brand, model, config, asset_no, department, user_name, location, division, invoice_no, note, external_ref;
	int kind, proof;
	int64_t product_id, customer_id, replaced_by;  /* NIL none */
	str customer_no, customer_name;
	day factory_on, invoiced_on, delivered_on, installed_on, accepted_on;
	bool loaner, second_hand, recall_open;
	instant created_at;
};
MUST enum err device_add(struct ctx *c, const struct device *n, int64_t *ret_id);                          /* INVALID; CONFLICT: the serial exists */
MUST enum err device_save(struct ctx *c, const struct device *d);                                          /* CONFLICT, NOT_FOUND */
MUST enum err device_get(struct ctx *c, int64_t id, struct device *ret);                                   /* NOT_FOUND */
/* All devices with this serial (several makers possible), newest first. */
MUST enum err device_by_serial(struct ctx *c, str serial, struct device **ret, size_t *ret_n);
/* The one device a serial means at intake: ERR_NOT_FOUND when unknown, ERR_CONFLICT when several match and brand does not decide. */
MUST enum err device_find(struct ctx *c, str serial, str brand, struct device *ret);
/* The same whoever asks: intake must not register a serial twice. Show its owner only to who sees the device. */
MUST enum err device_known(struct ctx *c, str serial, str brand, struct device *ret);
/* Theirs, and of an employee those of the organisation that are used by them [S14]; the newest 200. */
MUST enum err device_of_customer(struct ctx *c, int64_t customer_id, struct device **ret, size_t *ret_n);
MUST enum err device_search(struct ctx *c, str words, size_t max, struct device **ret, size_t *ret_n);     /* serial piece, model, asset number */
MUST enum err device_set_owner(struct ctx *c, int64_t id, int64_t customer_id);
/* Whole-unit exchange [R2]: the lineage of old_id leads to new_id, which takes over its owner. A unit that came back to be refurbished may be given out again.
 * CONFLICT: old_id was exchanged already, or new_id was and is not to be refurbished. In a write. */
enum unit_condition { UNIT_NEW, UNIT_REFURBISHED };
enum unit_fate { FATE_OPEN, FATE_MAKER, FATE_REFURBISH, FATE_SCRAP, FATE_KEPT };      /* where a unit goes that was exchanged */
extern const char *const unit_conditions[], *const unit_condition_titles[], *const unit_fates[], *const unit_fate_titles[];   /* codes; N_() */
struct device_swap { int64_t old_id, new_id, order_id; str reason; int condition, fate; str fate_note; };
MUST enum err device_swap(struct ctx *c, const struct device_swap *s);
MUST enum err device_fate_set(struct ctx *c, int64_t old_id, int fate, str note);                          /* of its last exchange; NOT_FOUND: never exchanged */
MUST enum err device_reusable(struct ctx *c, int64_t id, bool *ret);                                       /* exchanged, and came back to be refurbished */
/* A part went out and another in (serials may be empty): genealogy. */
MUST enum err device_part_change(struct ctx *c, int64_t device_id, str part_no, str serial_out, str serial_in, int64_t order_id);
struct device_part { str part_no, serial_out, serial_in; int64_t order_id; instant at; };
MUST enum err device_parts(struct ctx *c, int64_t device_id, struct device_part **ret, size_t *ret_n);     /* newest first, at most 200 */
struct device_swap_row { str reason, old_serial, new_serial, fate_note; int64_t old_id, new_id, order_id; int condition, fate; instant at; };
/* The whole line of exchanges a unit stands in, oldest first, at most 50. */
MUST enum err device_lineage(struct ctx *c, int64_t device_id, struct device_swap_row **ret, size_t *ret_n);
MUST enum err device_by_ref(struct ctx *c, str ref, struct device *ret);                                   /* NOT_FOUND; import's own key */
MUST enum err device_list(struct ctx *c, int64_t before, size_t max, struct device **ret, size_t *ret_n);  /* newest first */
enum err device_customer_merged(struct ctx *c, int64_t keep, int64_t drop);                                /* hook of customer_merge */
str serial_key(struct arena *a, str serial);           /* what serials are compared by */
/* For files of many: *ret_added false when the serial (or reference) is known already; that device stays as it is. No event per unit. */
MUST enum err device_import(struct ctx *c, const struct device *n, bool *ret_added);
