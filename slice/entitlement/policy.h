/* policy.h — laws and promises as data: what a policy file says, read whole or refused whole [W1, W3, W4].
 *
 * docs/policies.md explains every key. A policy version is one file; a set is all versions known, checked against each other. Pure, arena only. */
#pragma once
#include "slice/entitlement/doc.h"

/* ---- the closed vocabularies (code, English for people) ---- */
#define POLICY_KIND_LIST(X) \
	X(STATUTE, "statute", N_("Statute")) X(MAKER, "maker", N_("Maker's warranty")) X(PACK, "pack", N_("Commitment pack")) \
	X(CONTRACT, "contract", N_("Service contract")) X(ACCIDENT, "accident", N_("Accident cover")) \
	X(REPAIR, "repair-warranty", N_("Repair warranty")) X(RECALL, "recall", N_("Recall"))
#define START_LIST(X) \
	X(INVOICED, "invoiced", N_("invoice")) X(DELIVERED, "delivered", N_("delivery")) \
	X(INSTALLED, "installed", N_("completed installation")) X(ACCEPTED, "accepted", N_("acceptance")) \
	X(FACTORY, "factory", N_("leaving the factory")) X(REPAIRED, "repaired", N_("return from repair"))
#define PERIOD_LIST(X) \
	X(REFUND, "refund", N_("Refund")) X(EXCHANGE, "exchange", N_("Exchange")) X(WHOLE, "whole", N_("Whole machine")) \
	X(MAIN, "main", N_("Main part")) X(PART, "part", N_("Other parts")) X(BATTERY, "battery", N_("Battery")) \
	X(ACCESSORY, "accessory", N_("Accessories")) X(SOFTWARE, "software", N_("Software support")) \
	X(REPAIR, "repair", N_("After repair"))
#define COST_LIST(X) \
	X(PARTS, "parts", N_("Parts")) X(LABOUR, "labour", N_("Labour")) X(TRAVEL, "travel", N_("Travel")) \
	X(LOANER, "loaner", N_("Loaner")) X(TRANSPORT, "transport", N_("Transport"))
#define CAUSE_LIST(X) \
	X(QUALITY, "quality", N_("a fault of quality")) X(DROP, "drop", N_("a drop or blow")) X(LIQUID, "liquid", N_("liquid")) \
	X(OPENED, "opened", N_("opening by others")) X(UNAUTHORISED, "unauthorised-repair", N_("repair by others")) \
	X(MISUSE, "misuse", N_("use against the manual")) X(VOLTAGE, "voltage", N_("mains voltage")) \
	X(FORCE, "force-majeure", N_("force majeure")) X(WEAR, "wear", N_("wear")) X(CONSUMABLE, "consumable", N_("a used-up consumable")) \
	X(VIRUS, "virus", N_("a virus")) X(PIRATED, "pirated", N_("pirated software")) X(ALTERED, "proof-altered", N_("an altered proof")) \
	X(MISMATCH, "serial-mismatch", N_("a serial number that does not match")) X(UNKNOWN, "unknown", N_("a cause not yet known"))
#define CLASS_LIST(X) X(WHOLE, "whole") X(MAIN, "main") X(PART, "part") X(CONSUMABLE, "consumable") X(BATTERY, "battery") X(ACCESSORY, "accessory") \
	X(SOFTWARE, "software")
/* Code, class it has where it is no main part, English. */
#define PART_LIST(X) \
	X(WHOLE, "whole", WHOLE, N_("whole machine")) X(MAINBOARD, "mainboard", PART, N_("mainboard")) X(CPU, "cpu", PART, N_("processor")) \
	X(MEMORY, "memory", PART, N_("memory")) X(DISPLAY, "display", PART, N_("display")) X(DISK, "hard-disk", PART, N_("hard disk")) \
	X(KEYBOARD, "keyboard", PART, N_("keyboard")) X(ADAPTER, "power-adapter", PART, N_("power adapter")) \
	X(PSU, "power-supply", PART, N_("power supply")) X(GRAPHICS, "graphics-card", PART, N_("graphics card")) \
	X(BATTERY, "battery", BATTERY, N_("battery")) X(FAN, "fan", PART, N_("fan")) X(CASE, "case", PART, N_("case")) \
	X(HINGE, "hinge", PART, N_("hinge")) X(TOUCHPAD, "touchpad", PART, N_("touchpad")) X(CAMERA, "camera", PART, N_("camera")) \
	X(SPEAKER, "speaker", PART, N_("speaker")) X(NETWORK, "network-card", PART, N_("network card")) \
	X(OPTICAL, "optical-drive", PART, N_("optical drive")) X(CABLE, "cable", PART, N_("cable")) \
	X(MONITOR, "monitor", PART, N_("monitor")) X(MOUSE, "mouse", ACCESSORY, N_("mouse")) X(BAG, "bag", ACCESSORY, N_("bag")) \
	X(TONER, "toner", CONSUMABLE, N_("toner or ink")) X(LAMP, "lamp", CONSUMABLE, N_("lamp")) \
	X(SOFTWARE, "software", SOFTWARE, N_("software")) X(OTHER, "other", PART, N_("other part")) \
	X(WORN, "consumable", CONSUMABLE, N_("consumable part"))
#define MACHINE_LIST(X) X(NOTEBOOK, "notebook") X(DESKTOP, "desktop") X(ALL_IN_ONE, "all-in-one") X(WORKSTATION, "workstation") X(TABLET, "tablet") X(SERVER, "server") \
	X(MONITOR, "monitor") X(PRINTER, "printer") X(SCANNER, "scanner") X(PROJECTOR, "projector") X(POS, "pos") X(NETWORK, "network") X(PERIPHERAL, "peripheral") X(OTHER, "other")
#define PAYER_LIST(X) \
	X(SELLER, "seller", N_("seller")) X(MAKER, "maker", N_("maker")) X(STATION, "station", N_("station")) \
	X(INSURER, "insurer", N_("insurer"))
#define EVIDENCE_LIST(X) \
	X(DAMAGE, "photo-damage", N_("photo of the damage")) X(SEAL, "photo-seal", N_("photo of the seal")) \
	X(INSIDE, "photo-inside", N_("photo of the inside")) X(LABEL, "photo-label", N_("photo of the label")) \
	X(PROOF, "photo-proof", N_("photo of the proof of purchase")) X(VOLTAGE, "measure-voltage", N_("measured mains voltage")) \
	X(SCAN, "log-scan", N_("log of the scan")) X(SELF_TEST, "self-test", N_("result of the self-test")) \
	X(STATEMENT, "statement", N_("written statement")) X(SECOND, "second-opinion", N_("second opinion"))
/* In rising value for the customer. */
#define OPTION_LIST(X) \
	X(REPAIR, "repair", N_("Repair")) X(REDUCTION, "reduction", N_("Price reduction")) \
	X(REFUND_LESS, "refund-less-use", N_("Refund less use")) X(EXCHANGE, "exchange", N_("Exchange")) X(REFUND, "refund", N_("Refund"))

#define X(n, ...) POLICY_##n,
enum policy_kind { POLICY_KIND_LIST(X) POLICY_KINDS };
#undef X
#define X(n, ...) START_##n,
enum basis { START_LIST(X) STARTS };
#undef X
#define X(n, ...) PERIOD_##n,
enum period_name { PERIOD_LIST(X) PERIODS };
#undef X
#define X(n, ...) COST_##n,
enum cost { COST_LIST(X) COSTS };
#undef X
#define X(n, ...) CAUSE_##n,
enum cause { CAUSE_LIST(X) CAUSES };
#undef X
#define X(n, ...) CLASS_##n,
enum part_class { CLASS_LIST(X) CLASSES };
#undef X
#define X(n, ...) PART_##n,
enum part { PART_LIST(X) PARTS };
#undef X
#define X(n, ...) MACHINE_##n,
enum machine_kind { MACHINE_LIST(X) MACHINE_KINDS };
#undef X
#define X(n, ...) PAYER_##n,
enum payer { PAYER_LIST(X) PAYERS };
#undef X
#define X(n, ...) EVIDENCE_##n,
enum evidence { EVIDENCE_LIST(X) EVIDENCES };
#undef X
#define X(n, ...) OPTION_##n,
enum option { OPTION_LIST(X) OPTIONS };
#undef X
extern const char *const policy_kind_names[], *const basis_names[], *const period_names[], *const cost_names[], *const cause_names[], *const class_names[],
	*const part_names[], *const machine_names[], *const payer_names[], *const option_names[], *const evidence_names[], *const buyer_names[], *const confidence_names[];
extern const char *const policy_kind_texts[], *const basis_texts[], *const period_texts[], *const cost_texts[], *const cause_texts[], *const part_texts[],
	*const payer_texts[], *const option_texts[], *const evidence_texts[];
extern const unsigned char part_class_of[PARTS];
enum buyer { BUYER_CONSUMER, BUYER_BUSINESS, BUYERS };
/* What accident cover answers for; the rest of causes it leaves to others. */
#define CAUSES_ACCIDENT ((uint64_t)1 << CAUSE_DROP | (uint64_t)1 << CAUSE_LIQUID | (uint64_t)1 << CAUSE_MISUSE | (uint64_t)1 << CAUSE_VOLTAGE)
bool place_valid(str code);                            /* "CN", "CN-ZJ", "DE": ISO 3166 by its form */
enum part part_of(str code);                           /* also by its other usual names ("ssd", "adapter"); PART_OTHER when not known */
enum part part_by_words(str text);                     /* of a catalogue's name or a diagnosis, Chinese or English; PART_OTHER when no word tells */

/* ---- what a file says ---- */
enum { EXCLUDE_REPAIR = 1, EXCLUDE_WAITING = 2 };
enum restart { RESTART_NOT, RESTART_ANEW, RESTART_KEEP };   /* not: the remaining period goes on · anew: full length again · keep: at least `keep` is left */
struct extend { int line; day from; struct span_of by; struct text2 clause; };
struct period {
	int line;                                      /* 0: the policy has no such period */
	int latest;                                    /* the latest basis present starts it, else the first of the list */
	int basis[STARTS]; size_t n_basis;
	int unproven; struct span_of unproven_plus;    /* basis used instead when there is no proof of purchase, -1 none */
	struct span_of length;
	struct span_of floor;                          /* terms of a contract may not go below it */
	int blank;                                     /* length is only what holds while the contract leaves it blank */
	uint64_t excludes;                             /* EXCLUDE_*: days that do not count */
	int roll;                                      /* a last day that is no working day moves to the next one */
	int on_exchange, on_part;                      /* enum restart */
	struct span_of keep;
	struct extend extend;                          /* once, by a repair done since extend.from */
	struct text2 clause;
};

/* All that is given must hold. -1 = not asked. */
struct cond {
	int line;
	int in, after;                                 /* period that runs · that has ended */
	int listed, same_model, declined, unrepairable, recall, buyer;
	int proof;                                     /* 1: invoice or certificate at hand · 0: neither */
	int day_max;                                   /* at most so many days since the start of `in` */
	int failed_repairs;                            /* at least so many on this unit */
	int repair_days_over, repair_days_total_over, waiting_days_over, open_days_over;
	uint64_t causes, classes;                      /* 0 = any */
};
struct cover {
	int line;
	struct cond when;
	uint64_t classes;
	uint64_t causes;                               /* that it answers for; a cause not yet known counts as presumed quality or leaves it open */
	int pct[COSTS];                                /* -1: says nothing */
	int payer;
	int visits, claims;                            /* limits, -1 none */
	int blank;                                     /* the contract must say how many visits */
	struct text2 clause, text;
	int confidence;
};
struct remedy { int line; struct cond when; uint64_t options, also; struct text2 clause, text; int confidence; };
#define EXCLUDED_IF_LIST(X) X(NO_PROOF, "no-proof") X(NOT_ORIGINAL, "not-original-owner") X(UNMARKED, "unmarked") X(BOUGHT_IN, "bought-in")
#define X(n, ...) EXCLUDED_IF_##n,
enum excluded_if { EXCLUDED_IF_LIST(X) EXCLUDED_IFS };
#undef X
struct exclusion {
	int line;
	str code;
	uint64_t causes, when;                         /* CAUSE bits; EXCLUDED_IF bits: any of them */
	struct text2 text, clause;
	uint64_t evidence;                             /* EVIDENCE bits: what has to be on file to uphold it */
	int proof;                                     /* who has to prove it: 0 the operator, 1 the customer */
	int lifted;                                    /* accident cover answers for it */
};
struct presumption { int line; struct span_of length; int in; struct text2 clause; };   /* a fault of unknown cause is one of quality for so long, or while `in` runs */
struct scope { int line; int buyer; uint64_t kinds, parts; int original_owner; };
struct promise { int line; str code, value; struct text2 text; int confidence; };
struct policy_paper { int line; str code; struct text2 text; };
struct policy {
	int line;
	str file;
	str id;
	int version;
	str extends, overlays;
	struct text2 title, source;
	int kind, confidence;                          /* confidence: 0 confirmed, 1 unverified */
	str *place; size_t n_place;                    /* "CN", "CN-ZJ", "DE"; none: wherever the contract says */
	day from, to;                                  /* first and last day of effect; to NO_DAY = still */
	struct scope scope;
	uint64_t main[MACHINE_KINDS];                   /* bits of parts that are main parts of such a device */
	struct period period[PERIODS];
	struct presumption presumption;
	struct cover *cover; size_t n_cover;
	struct remedy *remedy; size_t n_remedy;
	struct exclusion *exclusion; size_t n_exclusion;
	struct promise *promise; size_t n_promise;
	struct policy_paper *paper; size_t n_paper;
	struct text2 *note; size_t n_note;             /* what is unverified and why, for the administrator */
	uint64_t given;                                /* sections the file itself has */
};

/* One file as it stands; what it inherits is not there yet. */
bool policy_gives(const struct policy *p, const char *key);   /* the file itself has that key */
MUST bool policy_read(struct arena *a, str file, str text, struct policy *ret, struct flaw *f);

/* Resolves extends and overlays, checks versions against each other and every policy for soundness. p is sorted by id and version. */
struct policy_set { struct policy *p; size_t n; };
MUST bool policy_link(struct arena *a, struct policy_set *set, struct flaw *f);
/* The version of id in force on that day; failing that NULL. */
const struct policy *policy_at(const struct policy_set *set, str id, day on);
const struct policy *policy_version(const struct policy_set *set, str id, int version);
enum { POLICY_FILE_MAX = 256 * 1024, POLICIES_MAX = 512 };
