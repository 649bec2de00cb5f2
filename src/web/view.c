/* view.c: see view.h. */
#include "web/view.h"

struct page_langs page_langs(struct page *pg)
{
    struct page_langs langs = {0};
    struct str path = pg->path.n ? pg->path : S("/");
    for (int l = 0; l < LANG_COUNT; l++) {
        const char *code = lang_code((enum lang)l);
        struct page_lang one = {(enum lang)l, code, lang_name((enum lang)l),
                                str_fmt(pg->a, "/%s" STR_FMT, code, STR_ARG(path))};
        VEC_PUSH(pg->a, &langs, one);
    }
    return langs;
}
