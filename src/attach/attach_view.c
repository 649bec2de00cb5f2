/*
 * attach_view.c: attachments on pages: the field that takes them, what was sent, why one is not
 * taken.
 */
#include "attach/attach_data.h"

struct attach_field attach_field_make(struct rq *rq, struct str error)
{
    enum lang l = rq_lang(rq);
    struct str args[] = {str_fmt(rq->a, "%d", attach_per_form())};
    return (struct attach_field){
        .name = S("file"),
        .label = tr(l, "Add a picture or document"),
        .hint =
            tr_fill(rq->a,
                    tr(l, "At most %1 files: pictures (JPEG, PNG) or PDF, 10 MB each. We remove "
                          "from pictures where and when they were taken; a PDF stays as it "
                          "is."),
                    args, 1),
        .error = error};
}

static struct str about(struct rq *rq, const struct attachment *f)
{
    static const char *const kinds[ATTACH_KINDS] = {"JPEG", "PNG", "PDF"};
    enum lang l = rq_lang(rq);
    int64_t kb = (f->size + 1023) / 1024;
    int64_t tenths = kb * 10 / 1024;
    struct str n = kb < 1024 ? fmt_int(rq->a, l, kb)
                             : str_fmt(rq->a, "%lld%c%lld", (long long)(tenths / 10),
                                       l == LANG_EN ? '.' : ',', (long long)(tenths % 10));
    struct str words = kb < 1024 ? tr(l, "%1 kB") : tr(l, "%1 MB");
    return str_fmt(rq->a, "%s, " STR_FMT, kinds[f->kind], STR_ARG(tr_fill(rq->a, words, &n, 1)));
}

struct attach_lines attach_lines_make(struct rq *rq, const struct attachments *list,
                                      struct str base, const struct str from[2])
{
    struct attach_lines lines = {0};
    for (size_t i = 0; i < list->n; i++) {
        const struct attachment *f = &list->p[i];
        struct attach_line line = {
            .href = str_fmt(rq->a, STR_FMT "/%lld", STR_ARG(base), (long long)f->id),
            .name = f->name,
            .about = about(rq, f),
            .from = from[f->staff != 0],
            .at = ui_time_at(&rq->page, f->at)};
        if (f->kind != ATTACH_PDF)
            line.show = str_fmt(rq->a, STR_FMT "?show=1", STR_ARG(line.href));
        VEC_PUSH(rq->a, &lines, line);
    }
    return lines;
}

/* Said of that file, for there may be several. */
static struct str refused(struct rq *rq, struct str name, enum attach_refusal no)
{
    struct str args[] = {attach_name(rq->a, name, S("")),
                         tr(rq_lang(rq), attach_refusal_words(no))};
    if (str_ends(args[0], S(".")))
        args[0].n--;
    return tr_fill(rq->a, tr(rq_lang(rq), "%1: %2"), args, 2);
}

bool attach_take(struct rq *rq, const char *field, struct str once, struct attach_files *out,
                 struct str *error)
{
    struct http_files files = rq_files(rq, field);
    *out = (struct attach_files){0};
    if (files.n > (size_t)attach_per_form()) {
        *error = tr(rq_lang(rq), attach_refusal_words(ATTACH_REFUSED_TOO_MANY));
        return false;
    }
    for (size_t i = 0; i < files.n; i++) {
        const struct http_file *f = &files.p[i];
        struct attach_file file = {.once = str_fmt(rq->a, STR_FMT " %zu", STR_ARG(once), i)};
        enum attach_refusal no = attach_prepare(rq->a, f->filename, f->bytes, &file);
        if (no != ATTACH_REFUSED_FINE) {
            *error = refused(rq, f->filename, no);
            return false;
        }
        VEC_PUSH(rq->a, out, file);
    }
    return true;
}
