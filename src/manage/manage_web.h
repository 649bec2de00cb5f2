/* manage_web.h: what the handlers of this room share. */
#ifndef ASIALLA_MANAGE_WEB_H
#define ASIALLA_MANAGE_WEB_H

#include "app/app.h"
#include "manage/manage_look.h"

/* Who asks, of which team: its number, empty for the first that concerns them. false: none such. */
bool manage_who_of(struct rq *rq, struct str team, struct manage_who *out);
/* A look by the page's query, with the navigation. false: the answer has been made. */
bool manage_open(struct rq *rq, const char *page, struct manage_look *k);
void manage_nav_put(struct manage_look *k);
void manage_option(struct manage_look *k, struct ui_choice *c, struct str value, struct str label,
                   bool chosen);
struct ui_choice manage_team_choice(struct manage_look *k, const char *name, int64_t chosen);
struct ui_choice manage_rule_choice(struct manage_look *k, struct str chosen);
/* Of whom and as at when the page tells. */
struct str manage_told(struct manage_look *k);
void manage_begin(struct rq *rq, struct str title);
/* The page, or what ?csv= asks of it. */
void manage_show(struct rq *rq, struct manage_look *k);

rq_fn manage_compare_get, manage_list_get, manage_targets_get, manage_targets_post,
    manage_snapshots_get, manage_snapshots_post, manage_snapshot_get;

#endif
