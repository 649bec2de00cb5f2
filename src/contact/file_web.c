/*
 * file_web.c: a matter's attachments: keeping them in a commit, and sending one to the resident who
 * has opened the matter with its code. An id alone opens nothing: it must be that matter's.
 */
#include "contact/file.h"

#include "contact/contact.h"

bool files_attach(struct rq *rq, struct matter *m, const struct attach_files *files, int64_t staff)
{
    for (size_t i = 0; i < files->n; i++) {
        const struct attach_file *f = &files->p[i];
        if (attach_has(rq->db, ATTACH_MATTER, m->id, f))
            continue;
        struct matter_act act = {.kind = MATTER_ATTACHED, .at = rq->now, .staff = staff};
        act.other = attach_store(rq->db, ATTACH_MATTER, m->id, staff, rq->now, f);
        if (!act.other || matter_do(rq->a, rq->db, rq->app->law, m, &act) != REFUSED_FINE)
            return false;
    }
    return true;
}

bool files_fit(struct rq *rq, int64_t matter, size_t more)
{
    struct attachments list = attach_list(rq->a, rq->db, ATTACH_MATTER, matter);
    return list.n + more <= (size_t)attach_per_owner();
}

struct attach_lines files_lines(struct rq *rq, const struct merge_family *family, struct str base,
                                bool staff)
{
    enum lang l = rq_lang(rq);
    const struct str from[2] = {staff ? tr(l, "The resident") : tr(l, "You"),
                                staff ? tr(l, "A professional") : tr(l, "From us")};
    struct attachments all = {0};
    for (size_t i = 0; i < family->n; i++) {
        struct attachments list = attach_list(rq->a, rq->db, ATTACH_MATTER, family->p[i]);
        for (size_t k = 0; k < list.n; k++)
            VEC_PUSH(rq->a, &all, list.p[k]);
    }
    return attach_lines_make(rq, &all, base, from);
}

bool files_find(struct rq *rq, const struct merge_family *family, struct str id,
                struct attachment *out)
{
    int64_t n;
    for (size_t i = 0; str_int(id, &n) && i < family->n; i++)
        if (attach_find(rq->a, rq->db, ATTACH_MATTER, family->p[i], n, out))
            return true;
    return false;
}

static void file_get(struct rq *rq)
{
    struct attachment f;
    int64_t id = matter_standing(rq->db, rq->session.matter);
    struct merge_family family = merge_family(rq->a, rq->db, id);
    if (files_find(rq, &family, rq->params[0], &f))
        attach_reply(rq, &f);
    else
        rq_fault(rq, ERR_NOT_FOUND);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/status/matter/file/:id", ACCESS_RESIDENT, 0, file_get},
};
const struct route_table contact_file_routes = {routes, sizeof routes / sizeof *routes};
