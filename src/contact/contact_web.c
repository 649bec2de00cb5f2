/*
 * contact_web.c: the pages of making a contact. A POST says which page was filled in (`at`) and
 * which is wanted (`to`; none: the next). A page that is left forwards is checked; one that is left
 * backwards or for another language is carried along as it is. The last page sends: all is checked
 * again, the matter and its receipt are made on the pool thread, and the commit only stores.
 *
 * Nothing is done in anybody's name, so no form token is asked for: a page that was open over night
 * can still be sent. What comes from another site is refused by the frame.
 */
#include "contact/contact_words.h"

#include "contact/contact_pages.h"
#include "contact/file.h"
#include "directory/directory.h"
#include "form/form_web.h"
#include "web/web_pages.h"

#include <inttypes.h>

enum { PAGE_YOU = 1000, PAGE_CHECK };

/* ---- which page ---- */

static struct str page_name(struct arena *a, size_t page)
{
    return page == PAGE_YOU ? S("you") : page == PAGE_CHECK ? S("check") : str_fmt(a, "%zu", page);
}

/* FORM_NONE: no such page. */
static size_t page_from(const struct form *f, struct str name)
{
    int64_t n;
    if (str_eq(name, S("you")))
        return PAGE_YOU;
    if (str_eq(name, S("check")))
        return PAGE_CHECK;
    return str_int(name, &n) && n >= 0 && (size_t)n < f->step_n ? (size_t)n : FORM_NONE;
}

/* Subject, the form's steps, about you, check. */
static struct ui_steps steps_at(size_t form_steps, size_t at, struct str name)
{
    return (struct ui_steps){.at = (int)at, .of = (int)form_steps + 3, .name = name};
}

static size_t step_number(const struct form *f, size_t page)
{
    return page == PAGE_YOU ? f->step_n + 2 : page == PAGE_CHECK ? f->step_n + 3 : page + 2;
}

static struct str step_title(enum lang l, const struct form *f, size_t page)
{
    return page == PAGE_YOU     ? tr(l, "About you")
           : page == PAGE_CHECK ? tr(l, "Check and send")
                                : f->items[f->steps[page]].text[l];
}

/* ---- the subject ---- */

static const struct dir_service *service_of(struct rq *rq, struct str ref)
{
    if (!ref.n || ref.n > 64)
        return NULL;
    const struct dir *d = directory_get(rq->a, rq->app->directory);
    const struct dir_service *s = dir_service(d, ref);
    return s ? s : dir_service_by_source(d, ref);
}

static struct str suggested(const struct dir_service *s)
{
    for (size_t i = 0; s && i < s->classes.n; i++) {
        const char *form = contact_form_of_class(s->classes.p[i].code);
        if (form)
            return str_of(form);
    }
    return (struct str){NULL, 0};
}

static struct ui_notice about_service(struct rq *rq, struct str name)
{
    if (!name.n)
        return (struct ui_notice){0};
    struct str words = tr(rq_lang(rq), "You are contacting us about the service %1.");
    return (struct ui_notice){.text = tr_fill(rq->a, words, &name, 1)};
}

static void subject_page(struct rq *rq, const struct dir_service *service, bool missing)
{
    enum lang l = rq_lang(rq);
    struct subject_view v = {0};
    struct str chosen = suggested(service);
    size_t most = 0;
    if (service) {
        v.service_ref = service->id;
        v.about = about_service(rq, dir_pick(&service->name, l).text);
    }
    if (missing) {
        v.error = tr(l, "Choose what it is about.");
        VEC_PUSH(rq->a, &v.errors, (struct ui_error){S("subject.1"), v.error});
    }
    for (size_t i = 0; i < rq->app->forms->n; i++) {
        const struct form *f = &rq->app->forms->p[i];
        struct ui_option o = {.value = f->code,
                              .label = f->title[l],
                              .hint = f->description[l],
                              .chosen = str_eq(f->code, chosen)};
        VEC_PUSH(rq->a, &v.forms, o);
        if (f->step_n > most)
            most = f->step_n;
    }
    v.steps = steps_at(most, 1, tr(l, "Subject"));
    rq->page.active = S("contact");
    rq->page.failed = missing;
    rq->page.main_class = S("wrap page page--narrow");
    rq_status(rq, missing ? 422 : 200);
    rq_page_begin(rq, tr(l, "Contact us"));
    contact_subject(&rq->page, &v);
    rq_page_end(rq);
}

static void subject_get(struct rq *rq)
{
    const struct dir_service *service = service_of(rq, rq_query(rq, "service"));
    const struct form *f = form_by_code(rq->app->forms, rq_query(rq, "subject"));
    if (!f) {
        subject_page(rq, service, rq_query(rq, "go").n > 0);
        return;
    }
    struct buf to = buf_new(rq->a, 1024);
    buf_fmt(&to, "/%s/contact/" STR_FMT, lang_code(rq_lang(rq)), STR_ARG(f->code));
    if (service) {
        buf_lit(&to, "?service=");
        url_encode(&to, service->id);
    }
    rq_redirect(rq, buf_get(&to));
}

/* ---- the pages ---- */

static void frame_of(struct rq *rq, const struct contact_flow *flow, size_t page,
                     const struct form_answers *ans, struct contact_frame *v)
{
    enum lang l = rq_lang(rq);
    *v = (struct contact_frame){
        .form = flow->form->code,
        .at = page_name(rq->a, page),
        .once = flow->once,
        .service_ref = flow->service_ref,
        .about = about_service(rq, flow->service_name),
        .returns = flow->returns && page != PAGE_CHECK,
        .steps = steps_at(flow->form->step_n, step_number(flow->form, page),
                          step_title(l, flow->form, page)),
        .files = page == PAGE_CHECK,
        .send = page == PAGE_CHECK ? tr(l, "Send") : tr(l, "Continue"),
    };
    size_t before = page == PAGE_CHECK
                        ? PAGE_YOU
                        : form_step_before(ans, page == PAGE_YOU ? flow->form->step_n : page);
    if (before != FORM_NONE)
        v->back = page_name(rq->a, before);
    if (page != PAGE_YOU)
        contact_details_carry(rq->a, flow->sent, &v->carried);
}

static void begin_page(struct rq *rq, const struct contact_frame *v, bool failed)
{
    struct str title = str_fmt(rq->a, STR_FMT " - " STR_FMT, STR_ARG(v->steps.name),
                               STR_ARG(tr(rq_lang(rq), "Contact us")));
    rq->page.active = S("contact");
    rq->page.failed = failed;
    rq->page.refuse_index = true;
    rq->page.main_class = S("wrap page page--narrow");
    rq->page.lang_form = S("contact");
    rq->page.lang_to = v->at;
    rq_page_begin(rq, title);
    ui_steps(&rq->page, &v->steps);
}

static void step_page(struct rq *rq, const struct contact_flow *flow, size_t step,
                      const struct form_answers *ans, bool fresh)
{
    struct form_input in = {.sent = flow->sent, .answers = ans, .fresh = fresh};
    struct contact_frame v;
    frame_of(rq, flow, step, ans, &v);
    bool failed = !fresh && ans->errors.n > 0;
    rq_status(rq, failed ? 422 : 200);
    begin_page(rq, &v, failed);
    form_render_error_summary(&rq->page, flow->form, &in);
    contact_frame_begin(&rq->page, &v);
    form_render_hidden(&rq->page, flow->form, step, &in);
    form_render_step(&rq->page, flow->form, step, &in);
    contact_frame_end(&rq->page, &v);
    rq_page_end(rq);
}

void contact_details_errors(struct arena *a, enum lang l, const struct contact_details *d,
                            struct ui_errors *out)
{
    for (enum contact_detail i = 0; i < DETAIL_COUNT; i++) {
        const char *more = i == DETAIL_ROLE || i == DETAIL_REACH || i == DETAIL_WHO ? ".1"
                           : i == DETAIL_BORN                                       ? ".d"
                                                                                    : "";
        struct str target = str_fmt(a, "%s%s", contact_detail_fields[i], more);
        if (d->errors[i])
            VEC_PUSH(a, out, (struct ui_error){target, tr(l, d->errors[i])});
    }
}

static void details_page(struct rq *rq, const struct contact_flow *flow,
                         const struct form_answers *ans, const struct contact_details *d,
                         bool fresh)
{
    struct form_input in = {.sent = flow->sent, .answers = ans, .fresh = true};
    struct contact_frame v;
    struct details_view details;
    struct ui_errors errors = {0};
    bool failed = !fresh && d->error_n > 0;
    struct contact_flow with_all = *flow; /* checking needs only the district that was sent */
    with_all.districts = districts_load(rq->a, rq->db);
    frame_of(rq, flow, PAGE_YOU, ans, &v);
    contact_details_view(&rq->page, &with_all, d, fresh, &details);
    rq_status(rq, failed ? 422 : 200);
    begin_page(rq, &v, failed);
    if (failed)
        contact_details_errors(rq->a, rq_lang(rq), d, &errors);
    ui_errors(&rq->page, &errors);
    contact_frame_begin(&rq->page, &v);
    form_render_hidden(&rq->page, flow->form, FORM_NONE, &in);
    contact_details_page(&rq->page, &details);
    contact_frame_end(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- the contact itself ---- */

/* What goes from the handler to the commit. */
struct sending {
    struct matter_contact contact;
    struct attach_files files;
    struct str code;
    struct team team;
};

/* What the form has no question for: the service in mind, the area. */
static struct str also_told(struct rq *rq, const struct contact_flow *flow,
                            const struct contact_details *d)
{
    struct buf b = buf_new(rq->a, 0);
    if (flow->service_name.n)
        buf_str(&b,
                tr_fill(rq->a, tr(rq_lang(rq), "About the service: %1"), &flow->service_name, 1));
    if (d->district.n) {
        struct str area = named_find(&flow->districts, d->district, rq_lang(rq));
        if (b.n)
            buf_char(&b, '\n');
        buf_str(&b, tr_fill(rq->a, tr(rq_lang(rq), "Lives in: %1"), &area, 1));
    }
    return buf_get(&b);
}

static struct str response_of(struct rq *rq, const struct form_answers *ans)
{
    struct buf b = buf_new(rq->a, 0);
    struct jw w = jw_new(&b);
    form_response_write(&w, NULL, ans, rq_lang(rq), rq->now);
    return buf_get(&b);
}

void contact_details_put(struct rq *rq, const struct form_answers *answers,
                         const struct contact_details *d, struct matter_contact *out)
{
    out->reason = form_reason(answers);
    out->response = response_of(rq, answers);
    out->name = d->other ? d->whose : d->name;
    out->phone = d->phone;
    out->email = d->email;
    out->reach = d->reach;
    out->language = d->language;
    out->other = contact_other_words(rq->a, rq_lang(rq), d);
    out->born = d->born;
    out->district = d->district;
    out->interpreter = d->interpreter;
    out->wish = (struct matter_wish){d->window.day, d->window.from, d->window.to};
}

bool contact_route(struct rq *rq, const struct form *f, const struct contact_details *d,
                   enum matter_channel channel, struct instant arrived, struct team_routed *out)
{
    struct team_asking ask = {.subject = f->subject,
                              .form = f->code,
                              .district = d->district,
                              .born = d->born,
                              .language = d->language,
                              .channel = str_of(matter_channel_code(channel)),
                              .on = date_of(arrived)};
    return team_route(rq->a, rq->db, &ask, out);
}

/* What was sent, whatever stands between the parts of a form with files: a browser that sends it
 * twice writes another boundary. */
static struct str all_sent(struct rq *rq)
{
    struct buf b = buf_new(rq->a, 0);
    for (size_t i = 0; i < rq->http->form.n; i++) {
        const struct field *f = &rq->http->form.p[i];
        buf_fmt(&b, STR_FMT "=" STR_FMT "\n", STR_ARG(f->name), STR_ARG(f->value));
    }
    for (size_t i = 0; i < rq->http->files.n; i++) {
        const struct http_file *f = &rq->http->files.p[i];
        buf_fmt(&b, STR_FMT " %zu %016" PRIx64 "\n", STR_ARG(f->filename), f->bytes.n,
                str_hash(f->bytes));
    }
    return buf_get(&b);
}

static bool make_contact(struct rq *rq, const struct contact_flow *flow,
                         const struct form_answers *ans, const struct contact_details *d,
                         struct sending *s)
{
    struct team_routed routed;
    if (!contact_route(rq, flow->form, d, CHANNEL_WEB, rq->now, &routed))
        return false; /* nobody answers for this: a fault of the county's settings */
    s->team = routed.team;
    s->contact = (struct matter_contact){
        .once = contact_once(rq->a, flow->once, all_sent(rq)),
        .form = flow->form->code,
        .reg = s->team.reg,
        .channel = CHANNEL_WEB,
        .team = s->team.id,
        .at = rq->now,
        .text = also_told(rq, flow, d),
        .routed = routed.why,
        .hours = team_duty(rq->a, &s->team),
    };
    contact_details_put(rq, ans, d, &s->contact);
    s->code = matter_contact_prepare(rq->a, rq->app->law, rq->app->key, &s->contact);
    return true;
}

static void check_page(struct rq *rq, const struct contact_flow *flow,
                       const struct form_answers *ans, const struct contact_details *d,
                       bool too_many, struct str file_error)
{
    struct ui_errors errors = {0};
    struct sending s;
    if (!make_contact(rq, flow, ans, d, &s)) {
        rq_fault(rq, ERR_INTERNAL);
        return;
    }
    enum lang l = rq_lang(rq);
    struct form_input in = {.sent = flow->sent, .answers = ans, .fresh = true};
    struct form_lines lines = form_lines(rq->a, ans, l);
    struct contact_frame v;
    struct check_view check = {.team = s.team.name[l],
                               .phone = s.team.phone,
                               .hours = contact_hours_words(rq->a, l, s.team.hours),
                               .too_many = too_many,
                               .file = attach_field_make(rq, file_error)};
    if (file_error.n)
        VEC_PUSH(rq->a, &errors, (struct ui_error){check.file.name, file_error});
    frame_of(rq, flow, PAGE_CHECK, ans, &v);
    check.promise = contact_promise(rq->a, rq->app->law, l, &s.contact.first, rq->now);
    contact_details_lines(rq->a, flow, d, &check);
    rq_status(rq, too_many ? 429 : errors.n ? 422 : 200);
    begin_page(rq, &v, too_many || errors.n);
    ui_errors(&rq->page, &errors);
    contact_check_begin(&rq->page, &check);
    contact_frame_begin(&rq->page, &v);
    form_render_hidden(&rq->page, flow->form, FORM_NONE, &in);
    form_render_answers(&rq->page, &lines, S("to"));
    contact_check_details(&rq->page, &check);
    contact_frame_end(&rq->page, &v);
    rq_page_end(rq);
}

/* ---- sending ---- */

/* "county.example/en/status": as it is typed, without the scheme. */
static struct str code_address(const struct rq *rq)
{
    struct str site = rq_site(rq), scheme = S("://");
    const char *at = site.n ? memmem(site.p, site.n, scheme.p, scheme.n) : NULL;
    if (!at)
        return site;
    struct str host = str_sub(site, (size_t)(at - site.p) + scheme.n, site.n);
    return str_fmt(rq->a, STR_FMT "/%s/status", STR_ARG(host), lang_code(rq_lang(rq)));
}

static void receipt_page(struct rq *rq, const struct sending *s, const struct matter *m)
{
    enum lang l = rq_lang(rq);
    struct receipt_view v = {
        .promise = contact_promise(rq->a, rq->app->law, l, m, rq->now),
        .code = s->code,
        .address = code_address(rq),
        .team = s->team.name[l],
        .phone = s->team.phone,
        .hours = contact_hours_words(rq->a, l, s->team.hours),
        .received = ui_time_at(&rq->page, m->received),
    };
    if (!v.promise.words.n)
        v.promise.words = tr(l, "See with your receipt code how it went.");
    rq->page.active = S("contact");
    rq->page.refuse_index = true;
    rq->page.path = S("/status"); /* the receipt has no address: other languages lead to the code */
    rq->page.main_class = S("wrap page page--narrow");
    rq_page_begin(rq, tr(l, "We have your message"));
    contact_receipt(&rq->page, &v);
    rq_page_end(rq);
}

static void send_commit(struct rq *rq)
{
    struct sending *s = rq->user;
    bool again;
    int64_t id = matter_contact_store(rq->a, rq->db, &s->contact, &again);
    if (!again && !s->files.n)
        return; /* the receipt made before stands */
    struct matter m;
    if (!matter_load(rq->a, rq->db, rq->app->law, id, &m))
        return;
    if (again)
        receipt_page(rq, s, &m);
    else if (!files_attach(rq, &m, &s->files, 0))
        rq_fault(rq, ERR_INTERNAL);
}

static void send(struct rq *rq, const struct contact_flow *flow, const struct form_answers *ans,
                 const struct contact_details *d)
{
    struct sending *s = ARENA_NEW(rq->a, struct sending);
    struct str error = {NULL, 0};
    bool files_fine = attach_take(rq, "file", flow->once, &s->files, &error);
    if (files_fine && !rq_try(rq, "contact", rq->app->contacts_per_minute)) {
        if (s->files.n)
            error = tr(rq_lang(rq), "Choose the files again.");
        check_page(rq, flow, ans, d, true, error);
        return;
    }
    if (!files_fine) {
        check_page(rq, flow, ans, d, false, error);
        return;
    }
    if (!make_contact(rq, flow, ans, d, s)) {
        rq_fault(rq, ERR_INTERNAL);
        return;
    }
    receipt_page(rq, s, &s->contact.first);
    rq->user = s;
    rq_commit(rq, send_commit);
}

/* Everything again, whatever the pages before had said. */
static void check_and(struct rq *rq, const struct contact_flow *flow, bool sending)
{
    struct date today = date_of(rq->now);
    const struct form_answers *ans =
        contact_answers(rq->a, flow->form, flow->sent, FORM_ALL, today);
    struct contact_details d;
    contact_details_read(rq->a, &flow->known, flow->sent, &d);
    size_t step = form_error_step(ans);
    if (step != FORM_NONE)
        step_page(rq, flow, step, contact_answers(rq->a, flow->form, flow->sent, step, today),
                  false);
    else if (d.error_n)
        details_page(rq, flow, ans, &d, false);
    else if (sending)
        send(rq, flow, ans, &d);
    else
        check_page(rq, flow, ans, &d, false, S(""));
}

/* ---- from page to page ---- */

static bool flow_begin(struct rq *rq, const struct fields *sent, struct contact_flow *flow)
{
    *flow =
        (struct contact_flow){.form = form_by_code(rq->app->forms, rq->params[0]), .sent = sent};
    if (!flow->form)
        return false;
    flow->districts = district_load(rq->a, rq->db, str_trim(fields_get(sent, "d.area")));
    flow->known = (struct contact_known){rq->app->law, &flow->districts, rq->now, rq_lang(rq)};
    flow->returns = fields_has(sent, "returns");
    flow->once = rq_once(rq, str_trim(fields_get(sent, "once")));
    const struct dir_service *service = service_of(rq, str_trim(fields_get(sent, "service")));
    if (service) {
        flow->service_ref = service->id;
        flow->service_name = dir_pick(&service->name, rq_lang(rq)).text;
    }
    return true;
}

static void show(struct rq *rq, const struct contact_flow *flow, size_t page, bool fresh)
{
    struct date today = date_of(rq->now);
    size_t step = page == PAGE_YOU ? FORM_ALL : page;
    const struct form_answers *ans = contact_answers(rq->a, flow->form, flow->sent, step, today);
    struct contact_details d;
    contact_details_read(rq->a, &flow->known, flow->sent, &d);
    if (page == PAGE_YOU)
        details_page(rq, flow, ans, &d, fresh);
    else
        step_page(rq, flow, page, ans, fresh);
}

static void form_get(struct rq *rq)
{
    struct contact_flow flow;
    struct fields *first = ARENA_NEW(rq->a, struct fields);
    struct field service = {S("service"), rq_query(rq, "service")};
    *first = (struct fields){0};
    VEC_PUSH(rq->a, first, service);
    if (!flow_begin(rq, first, &flow)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    show(rq, &flow, 0, true);
}

/* The page after a step of the form that has no errors. */
static void leave_step(struct rq *rq, const struct contact_flow *flow, size_t step)
{
    const struct form_answers *ans =
        contact_answers(rq->a, flow->form, flow->sent, step, date_of(rq->now));
    if (ans->errors.n) {
        step_page(rq, flow, step, ans, false);
        return;
    }
    size_t next = form_step_from(ans, step + 1);
    if (flow->returns)
        check_and(rq, flow, false);
    else
        show(rq, flow, next == FORM_NONE ? PAGE_YOU : next, true);
}

static void form_post(struct rq *rq)
{
    struct contact_flow flow;
    if (!flow_begin(rq, &rq->http->form, &flow)) {
        rq_fault(rq, ERR_NOT_FOUND);
        return;
    }
    size_t at = page_from(flow.form, rq_form(rq, "at"));
    size_t to = page_from(flow.form, rq_form(rq, "to"));
    flow.returns |= at == PAGE_CHECK;
    if (to == PAGE_CHECK)
        check_and(rq, &flow, false);
    else if (to != FORM_NONE)
        show(rq, &flow, to, true);
    else if (at == FORM_NONE)
        show(rq, &flow, 0, true);
    else if (at == PAGE_CHECK || at == PAGE_YOU)
        check_and(rq, &flow, at == PAGE_CHECK);
    else
        leave_step(rq, &flow, at);
}

static const struct route routes[] = {
    {HTTP_GET, "/:lang/contact", ACCESS_PUBLIC, 0, subject_get},
    {HTTP_GET, "/:lang/contact/:form", ACCESS_PUBLIC, 0, form_get},
    {HTTP_POST, "/:lang/contact/:form", ACCESS_PUBLIC, ROUTE_NO_TOKEN | ROUTE_FILES, form_post},
};
const struct route_table contact_routes = {routes, sizeof routes / sizeof *routes};
