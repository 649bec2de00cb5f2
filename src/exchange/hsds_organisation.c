/* hsds_organisation.c: organisations with their services and places. */
#include "exchange/hsds.h"

#include <stdlib.h>

/* ---- who has what ---- */

static struct hsds_family *family_of(struct hsds_families *all, const struct dir_organisation *o)
{
    size_t low = 0, high = all->n;
    while (o && low < high) {
        size_t mid = (low + high) / 2;
        int order = str_cmp(all->p[mid].organisation->id, o->id);
        if (order == 0)
            return &all->p[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

struct hsds_families hsds_families(const struct hsds *h)
{
    const struct dir *d = h->dir;
    struct hsds_families all = {0};
    for (size_t i = 0; i < d->organisations.n; i++)
        VEC_PUSH(h->a, &all, (struct hsds_family){.organisation = d->organisations.p[i]});
    for (size_t i = 0; i < d->services.n; i++) {
        struct hsds_family *f = family_of(&all, d->services.p[i]->organisation);
        if (f)
            VEC_PUSH(h->a, &f->services, d->services.p[i]);
    }
    for (size_t i = 0; i < d->channels.n; i++) {
        struct hsds_family *f = family_of(&all, d->channels.p[i]->organisation);
        if (f && d->channels.p[i]->kind == DIR_LOCATION)
            VEC_PUSH(h->a, &f->places, d->channels.p[i]);
    }
    return all;
}

/* ---- writing ---- */

static void put_basic(struct hsds *h, const struct dir_organisation *o, struct str id)
{
    const struct dir_organisation *parent = dir_organisation(h->dir, o->parent);
    struct str s = dir_pick(&o->summary, h->lang).text, name = dir_pick(&o->name, h->lang).text;
    struct str d = dir_pick(&o->description, h->lang).text;
    jw_str(&h->w, "id", id);
    jw_str(&h->w, "name", name);
    hsds_text(h, "alternate_name", &o->other_name);
    if (s.n + d.n > 0)
        hsds_prose(h, "description", &o->summary, &o->description);
    else
        jw_str(&h->w, "description", name); /* HSDS requires one */
    hsds_email(h, "email", &o->links);
    hsds_website(h, "website", &o->links);
    if (parent)
        jw_str(&h->w, "parent_organization_id", hsds_id(h->a, "organization", parent->id));
}

void hsds_put_organisation_basic(struct hsds *h, const char *key, const struct dir_organisation *o)
{
    jw_object(&h->w, key);
    put_basic(h, o, hsds_id(h->a, "organization", o->id));
    jw_end_object(&h->w);
}

void hsds_put_organisation(struct hsds *h, const struct hsds_family *f, enum hsds_depth services)
{
    const struct dir_organisation *o = f->organisation;
    struct str id = hsds_id(h->a, "organization", o->id);
    jw_object(&h->w, NULL);
    put_basic(h, o, id);
    jw_array(&h->w, "phones");
    hsds_phones(h, (struct hsds_owner){.id = id}, &o->phones, S(""));
    jw_end_array(&h->w);
    jw_array(&h->w, "locations");
    for (size_t i = 0; i < f->places.n && buf_ok(h->buf); i++)
        hsds_put_location(h, NULL, f->places.p[i], HSDS_FULL);
    jw_end_array(&h->w);
    jw_array(&h->w, "services");
    for (size_t i = 0; i < f->services.n && buf_ok(h->buf); i++) {
        const struct dir_service *s = f->services.p[i];
        if (services == HSDS_FULL) {
            hsds_put_service(h, NULL, s, HSDS_FULL);
            continue;
        }
        jw_object(&h->w, NULL);
        jw_str(&h->w, "id", hsds_id(h->a, "service", s->id));
        jw_str(&h->w, "name", dir_pick(&s->name, h->lang).text);
        jw_str(&h->w, "status",
               s->addition.cover == DIR_COVER_PAUSED ? S("temporarily closed") : S("active"));
        jw_end_object(&h->w);
    }
    jw_end_array(&h->w);
    jw_end_object(&h->w);
}
