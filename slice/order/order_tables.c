/* order_tables.c — the closed lists of an order: codes as stored and spoken by the API, titles as people read them. */
#include "base/i18n.h"
#include "slice/order/order.h"

#define NAMES(...) { __VA_ARGS__, NULL }
const char *const order_states[] = {
#define X(id, name, title, open, tone) name,
	ORDER_STATES(X)
#undef X
	NULL
};
const char *const order_state_titles[] = {
#define X(id, name, title, open, tone) title,
	ORDER_STATES(X)
#undef X
	NULL
};
const char *const order_state_tones[] = {
#define X(id, name, title, open, tone) tone,
	ORDER_STATES(X)
#undef X
	NULL
};
const char *const order_events[] = {
#define X(id, name, verb) name,
	ORDER_EVENTS(X)
#undef X
	NULL
};
const char *const order_event_verbs[] = {
#define X(id, name, verb) verb,
	ORDER_EVENTS(X)
#undef X
	NULL
};
const char *const order_kinds[] = NAMES("repair", "installation", "delivery", "exchange", "inspection", "support", "consultation", "complaint", "recall");
const char *const order_kind_titles[] = NAMES(N_("Repair work"), N_("Installation"), N_("Delivery with installation"), N_("Return or exchange"), N_("Inspection"),
	N_("Software support"), N_("Consultation"), N_("Complaint"), N_("Recall work"));
const char *const order_modes[] = NAMES("remote", "onsite", "carry_in", "mail_in", "depot");
const char *const order_mode_titles[] = NAMES(N_("Remote"), N_("On site"), N_("Carry-in"), N_("Mail-in"), N_("Depot"));
const char *const order_channels[] = NAMES("phone", "web", "counter", "email", "client", "import", "api");
const char *const order_impacts[] = NAMES("one", "group", "all");
const char *const order_impact_titles[] = NAMES(N_("One person"), N_("A group"), N_("Everybody"));
const char *const order_urgencies[] = NAMES("later", "soon", "now");
const char *const order_urgency_titles[] = NAMES(N_("Can wait"), N_("Soon"), N_("Now"));
const char *const order_priorities[] = NAMES("low", "normal", "high", "urgent");
const char *const order_frequencies[] = NAMES("always", "intermittent", "once", "unknown");
const char *const order_data_choices[] = NAMES("keep", "backed_up", "may_erase", "retain_drive");
const char *const order_channel_titles[] = NAMES(N_("Phone"), N_("Web"), N_("Counter"), N_("E-mail"), N_("Internal client"), N_("Import"), N_("Program"));
const char *const order_priority_titles[] = NAMES(N_("Low"), N_("Normal"), N_("High"), N_("Urgent"));
const char *const order_frequency_titles[] = NAMES(N_("Always"), N_("Now and then"), N_("Once"), N_("Unknown"));
const char *const order_data_choice_titles[] = NAMES(N_("Keep my data"), N_("I have a backup"), N_("May be erased"), N_("I keep the drive"));
const char *const order_waits[] = NAMES("customer", "quote", "parts", "higher_tier", "vendor");
const char *const order_wait_titles[] = NAMES(N_("Waiting for the customer"), N_("Waiting for the quote to be approved"), N_("Waiting for parts"),
	N_("Waiting for the higher tier"), N_("Waiting for the maker"));
const char *const order_verdicts[] = NAMES("in_place", "part", "refurbish", "exchange", "refund", "paid", "no_fault", "software", "rejected");
const char *const order_verdict_titles[] = NAMES(N_("Repair in place"), N_("Part replacement"), N_("Refurbishment"), N_("Whole-unit exchange"), N_("Take back and refund"),
	N_("Paid service"), N_("No fault found"), N_("Software only"), N_("Not covered"));
const char *const order_cause_titles[] = NAMES(N_("Product quality"), N_("Drop"), N_("Liquid"), N_("Opened by the user"), N_("Unauthorised repair"), N_("Misuse"), N_("Voltage"),
	N_("Force majeure"), N_("Wear"), N_("Consumable"), N_("Virus"), N_("Pirated software"), N_("Altered proof"), N_("Serial mismatch"), N_("Not known"));
const char *const order_causes[] = NAMES("quality", "drop", "liquid", "opened", "unauthorised-repair", "misuse", "voltage", "force-majeure", "wear", "consumable",
	"virus", "pirated", "proof-altered", "serial-mismatch", "unknown");

const char *const order_finding_phrases[] = NAMES(N_("Fault reproduced."), N_("Fault could not be reproduced."), N_("No power from the adapter."), N_("Screen damaged by force."),
	N_("Traces of liquid inside."), N_("Drive reports read errors."), N_("Memory test reports errors."), N_("Fan blocked by dust, overheats."), N_("Battery no longer holds its charge."),
	N_("System files damaged, hardware in order."));
const char *const order_result_phrases[] = NAMES(N_("Part replaced, tested for 30 minutes without fault."), N_("System reinstalled, drivers up to date."), N_("Cleaned, thermal paste renewed."),
	N_("Connector reseated, works again."), N_("Customer's data kept."), N_("Use explained to the customer."));
