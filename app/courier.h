/* courier.h — the one place that speaks to other machines: HTTP and SMTP. Never inside a write. */
#pragma once
#include "base/base.h"

struct courier_post { const char *url, *method /* NULL: POST */; str body; const char *const *head; size_t n_head; long seconds; };
struct courier_mail { const char *url, *user, *password, *from, *to; str text /* RFC 5322 */; bool tls; long seconds; };
struct courier_answer { long status /* of HTTP or SMTP, 0: none */; bool ok; str body, why; };     /* in a; body cut at 64 KB; why: one line, when not ok */
void courier_post(struct ctx *c, const struct courier_post *p, struct courier_answer *ret);       /* ok: 2xx; redirections are not followed */
void courier_mail(struct ctx *c, const struct courier_mail *m, struct courier_answer *ret);
