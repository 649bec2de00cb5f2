/*
 * info_style.c: what the style guide shows: one value of each component, all of it made up. Texts
 * come from the catalogue, so that each component is seen in the length of each language.
 */
#include "info/info_view.h"

#include <assert.h>

static const char *const colours[] = {"paper", "surface", "sunken", "ink",   "brand", "action",
                                      "tint",  "lamp",    "bad",    "today", "good",  "info"};
static const char *const icons[] = {
    "search", "phone", "chat",  "form",  "mail", "globe",  "pin",    "door",   "clock",    "over",
    "today",  "ok",    "pause", "next",  "back", "print",  "person", "family", "home",     "heart",
    "health", "mind",  "hands", "young", "old",  "shield", "lock",   "info",   "calendar", "euro"};

const struct info_section *info_section_of(const struct info_page *page, const char *id)
{
    for (size_t i = 0; i < page->sections.n; i++)
        if (str_eq(page->sections.p[i].id, str_of(id)))
            return &page->sections.p[i];
    assert(!"the style guide's template names a section that its data has");
    return NULL;
}

static void fill_telling(struct page *pg, struct style_view *v)
{
    enum lang l = pg->lang;
    v->info = (struct ui_notice){.deep = true,
                                 .heading = tr(l, "Good to know"),
                                 .text = tr(l, "An interpreter costs you nothing.")};
    v->done = (struct ui_notice){.tone = UI_DONE, .text = tr(l, "Your message was sent.")};
    v->warn = (struct ui_notice){
        .tone = UI_WARN, .text = tr(l, "We could not confirm this time limit from the law.")};
    v->bad = (struct ui_notice){
        .tone = UI_BAD,
        .text = tr(l, "The message was not sent. Your text is still below: try again.")};
    v->errors.still = true;
    VEC_PUSH(pg->a, &v->errors, (struct ui_error){S("sample-name"), tr(l, "Write your name")});
    VEC_PUSH(pg->a, &v->errors, (struct ui_error){S("sample-how.1"), tr(l, "Choose one")});
    v->steps = (struct ui_steps){.at = 2, .of = 4, .name = tr(l, "What is the matter")};
}

static void fill_forms(struct page *pg, struct style_view *v)
{
    enum lang l = pg->lang;
    v->name = (struct ui_field){.name = S("sample-name"),
                                .label = tr(l, "Name"),
                                .error = tr(l, "Write your name"),
                                .hint = tr(l, "First name and family name")};
    v->mail = (struct ui_field){.name = S("sample-mail"),
                                .label = tr(l, "E-mail"),
                                .optional = true,
                                .type = "email",
                                .size = "mid"};
    v->text = (struct ui_field){.name = S("sample-text"),
                                .label = tr(l, "What is the matter?"),
                                .hint = tr(l, "In your own words, as much as you like."),
                                .rows = 4,
                                .longest = 4000};
    v->how = (struct ui_choice){.name = S("sample-how"),
                                .label = tr(l, "How do you want the answer?"),
                                .error = tr(l, "Choose one")};
    VEC_PUSH(pg->a, &v->how.options,
             (struct ui_option){S("here"), tr(l, "Here, with the code"), {0}, false});
    VEC_PUSH(
        pg->a, &v->how.options,
        (struct ui_option){S("phone"), tr(l, "By phone"), tr(l, "We call on weekdays"), false});
    v->needs = (struct ui_choice){
        .name = S("sample-needs"), .label = tr(l, "What do you need?"), .many = true, .row = true};
    VEC_PUSH(pg->a, &v->needs.options,
             (struct ui_option){S("interpreter"), tr(l, "Interpreter"), {0}, true});
    VEC_PUSH(pg->a, &v->needs.options,
             (struct ui_option){S("lift"), tr(l, "Step-free way in"), {0}, false});
    v->area = (struct ui_choice){.name = S("sample-area"), .label = tr(l, "Area")};
    VEC_PUSH(pg->a, &v->area.options, (struct ui_option){S(""), tr(l, "Choose"), {0}, true});
    VEC_PUSH(pg->a, &v->area.options, (struct ui_option){S("korso"), S("Korso"), {0}, false});
    VEC_PUSH(pg->a, &v->area.options, (struct ui_option){S("kerava"), S("Kerava"), {0}, false});
}

static void fill_finding(struct page *pg, struct style_view *v)
{
    enum lang l = pg->lang;
    v->open =
        (struct ui_open){.open = true, .state = tr(l, "Open now"), .more = tr(l, "closes at 16")};
    v->closed =
        (struct ui_open){.state = tr(l, "Closed now"), .more = tr(l, "opens tomorrow at 8")};
    struct str at[] = {fmt_int(pg->a, l, 2), fmt_int(pg->a, l, 3)};
    v->pager =
        (struct ui_pager){tr_fill(pg->a, tr(l, "Page %1 of %2"), at, 2), S("#hits"), S("#hits")};
    VEC_PUSH(pg->a, &v->facts,
             (struct ui_fact){.term = tr(l, "What it costs"), .text = tr(l, "Free of charge.")});
    VEC_PUSH(
        pg->a, &v->facts,
        (struct ui_fact){.term = tr(l, "Languages"), .text = tr(l, "Finnish, Swedish, English")});
}

static void fill_matter(struct page *pg, struct style_view *v)
{
    enum lang l = pg->lang;
    struct ui_time at = ui_time_at(pg, instant_at(date_of(pg->now), 8 * 60 + 22));
    v->promise = (struct ui_promise){.deep = true,
                                     .words = tr(l, "A nurse assesses your need today by 16."),
                                     .more = tr(l, "The health centre has your matter.")};
    v->late =
        (struct ui_promise){.over = true,
                            .deep = true,
                            .words = tr(l, "We are late: you should have had an answer yesterday."),
                            .more = tr(l, "The head of the unit knows.")};
    VEC_PUSH(pg->a, &v->timeline, (struct ui_moment){.heading = tr(l, "Received"), .at = at});
    VEC_PUSH(pg->a, &v->timeline,
             (struct ui_moment){.state = UI_NOW,
                                .heading = tr(l, "Now: your need is assessed"),
                                .text = tr(l, "By 16 today")});
    VEC_PUSH(pg->a, &v->timeline,
             (struct ui_moment){.state = UI_NEXT, .heading = tr(l, "Then: an answer to you")});
    VEC_PUSH(pg->a, &v->messages,
             (struct ui_message){
                 .own = true, .from = tr(l, "You"), .text = tr(l, "My back hurts."), .at = at});
    VEC_PUSH(pg->a, &v->messages,
             (struct ui_message){.fresh = true,
                                 .from = S("Aino Lehtola"),
                                 .text = tr(l, "Thank you. I call you tomorrow morning."),
                                 .at = at});
}

static void fill_work(struct page *pg, struct style_view *v)
{
    enum lang l = pg->lang;
    struct str need = tr(l, "Assessment of need"), answer = tr(l, "Answer promised");
    VEC_PUSH(pg->a, &v->clocks,
             (struct ui_clock){UI_CLOCK_OVER, tr(l, "Overdue since yesterday"), need});
    VEC_PUSH(pg->a, &v->clocks, (struct ui_clock){UI_CLOCK_TODAY, tr(l, "Today by 16"), need});
    VEC_PUSH(
        pg->a, &v->clocks,
        (struct ui_clock){UI_CLOCK_TIME, fmt_day(pg->a, l, date_add(date_of(pg->now), 9)), answer});
    VEC_PUSH(pg->a, &v->clocks,
             (struct ui_clock){UI_CLOCK_STOPPED, tr(l, "Stopped: waits for the resident"), {0}});
    VEC_PUSH(pg->a, &v->clocks, (struct ui_clock){UI_CLOCK_KEPT, tr(l, "Kept in time"), {0}});
    VEC_PUSH(pg->a, &v->rows, (struct style_row){need, {2, 7, 6, 21}});
    VEC_PUSH(pg->a, &v->rows, (struct style_row){answer, {1, 2, 18, 21}});
}

struct style_view style_view_make(struct page *pg, const struct info_page *page)
{
    struct style_view v = {.page = page};
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++)
        VEC_PUSH(pg->a, &v.colours, str_of(colours[i]));
    for (size_t i = 0; i < sizeof icons / sizeof *icons; i++)
        VEC_PUSH(pg->a, &v.icons, str_of(icons[i]));
    fill_telling(pg, &v);
    fill_forms(pg, &v);
    fill_finding(pg, &v);
    fill_matter(pg, &v);
    fill_work(pg, &v);
    style_charts(pg, &v);
    return v;
}
