/*
 * edit_test.c: drafts, approval, whose entries are whose, synonyms.
 */
#include "directory/edit_test.h"

/* A page of all that somebody keeps is made in the memory of one request. */
static void nobody_keeps_without_end(void)
{
    enum { LONG = 60000, ENOUGH = 200 };
    struct dir_author hoarder = {.staff = ngo.staff, .organisation = S("hoarders")};
    char *text = arena_alloc(a, LONG + 1);
    enum dir_refusal no = DIR_REFUSED_FINE;
    struct arena *request = arena_new((size_t)64 << 20);
    memset(text, 'x', LONG);
    text[LONG] = '\0';
    int n = 0;
    for (; n < ENOUGH && no == DIR_REFUSED_FINE; n++) {
        struct dir_service *s = service("Pitkä");
        s->description = fi(text);
        no = DO(SAVE, &hoarder,
                .saving = {DIR_SERVICE, s, .once = str_fmt(a, "hoarder-once-%d", n),
                           .owner = hoarder.organisation});
    }
    CHECK_INT(no, DIR_REFUSED_TOO_MANY);
    CHECK(n > 50 && n < ENOUGH);
    CHECK_INT(directory_kept(request, db(), hoarder.organisation).n, n - 1);
    CHECK_INT(directory_kept_channels(request, db(), hoarder.organisation).n, 0);
    arena_free(request);
}

/* ---- drafts and approval ---- */

static void from_draft_to_shown(void)
{
    struct dir_service *s = service("Kahvila");
    s->classes.n = 0;
    struct str id = save_new(&ngo, s, "form-1");
    CHECK_INT(id.n, 36);
    struct dir_kept k = kept(id);
    CHECK(k.state == DIR_DRAFT && !k.shown && !k.shown_row && str_eq(k.owner, S(NGO_ID)));
    CHECK_STR(k.by, "Nina NGO");
    CHECK(k.lacks & 1U << DIR_LACK_DRAFT && k.lacks & 1U << DIR_LACK_NO_CLASS);
    CHECK_INT(DO(SEND, &ngo, id), DIR_REFUSED_NOT_WHOLE);
    s->id = id;
    VEC_PUSH(a, &s->classes, (struct dir_concept){.code = S("P5.1")});
    CHECK_INT(DO(SAVE, &ngo, .saving = {DIR_SERVICE, s, .hash = k.hash}), DIR_REFUSED_FINE);
    CHECK_INT(DO(SEND, &ngo, id), DIR_REFUSED_FINE);
    CHECK_INT(DO(SEND, &ngo, id), DIR_REFUSED_FINE); /* sent twice */
    CHECK_INT(directory_waiting(a, db()).n, 1);
    CHECK_INT(directory_waiting_count(db()), 1);
    CHECK(!shown(id));
    int64_t before = generation();
    struct str hash = kept(id).hash;
    CHECK_INT(DO(APPROVE, &ngo, id, hash), DIR_REFUSED_NOT_YOURS);
    CHECK_INT(DO(APPROVE, &editor, id, k.hash), DIR_REFUSED_CHANGED);
    size_t local = directory_shown_services(a, db()).n;
    CHECK_INT(DO(APPROVE, &editor, id, hash), DIR_REFUSED_FINE);
    CHECK_INT(directory_shown_services(a, db()).n, local + 1);
    CHECK_INT(DO(APPROVE, &editor, id, hash), DIR_REFUSED_NO_DRAFT);
    CHECK_INT(generation(), before + 1);
    CHECK_STR(shown_name(id), "Kahvila");
    const struct dir_service *there = shown(id);
    CHECK(there->local && str_eq(there->owner, S(NGO_ID)) && there->organisation);
    CHECK_STR(there->organisation->id, NGO_ID);
    CHECK_INT(directory_waiting(a, db()).n, 0);
    struct dir_changes c = changes(id);
    CHECK(c.n == 1 && c.p[0].began && !c.p[0].ended);
    CHECK_STR(c.p[0].what, "approved");
    CHECK_STR(c.p[0].by, "Eeva Editor");
    CHECK_STR(c.p[0].entry_name, "Kahvila");
}

static void returned_with_a_reason(void)
{
    struct str id = save_new(&ngo, service("Kerho"), "form-returned");
    CHECK_INT(DO(RETURN, &editor, id, S("x")), DIR_REFUSED_NO_DRAFT); /* not sent yet */
    DO(SEND, &ngo, id);
    CHECK_INT(DO(RETURN, &ngo, id, S("x")), DIR_REFUSED_NOT_YOURS);
    CHECK_INT(DO(RETURN, &editor, id, S(" \n")), DIR_REFUSED_NO_REASON);
    CHECK_INT(DO(RETURN, &editor, id, S("Lisää osoite.")), DIR_REFUSED_FINE);
    struct dir_kept k = kept(id);
    CHECK(k.state == DIR_RETURNED && k.lacks & 1U << DIR_LACK_RETURNED);
    CHECK_STR(k.reason, "Lisää osoite.");
    CHECK_INT(DO(APPROVE, &editor, id, k.hash), DIR_REFUSED_NO_DRAFT);
    struct act t = again(&ngo, id, "Kerho keskustassa");
    CHECK_INT(act(&t), DIR_REFUSED_FINE);
    CHECK_INT(kept(id).state, DIR_DRAFT);
    CHECK_STR(kept(id).reason, "");
    CHECK_INT(DO(SEND, &ngo, id), DIR_REFUSED_FINE);
}

static void a_form_sent_twice_makes_one(void)
{
    size_t before = directory_kept(a, db(), S(NGO_ID)).n;
    struct str one = save_new(&ngo, service("Kerran"), "form-twice");
    struct str two = save_new(&ngo, service("Kerran"), "form-twice");
    struct str mended = save_new(&ngo, service("Kerran vain"), "form-twice"); /* back, and again */
    CHECK(str_eq(one, two) && str_eq(one, mended));
    CHECK_INT(directory_kept(a, db(), S(NGO_ID)).n, before + 1);
    CHECK_STR(dir_pick(&((struct dir_service *)kept(one).row)->name, LANG_FI).text, "Kerran vain");
    struct str other = save_new(&parish, service("Kerran"), "form-twice");
    CHECK(!str_eq(one, other)); /* nobody's form can become another's entry */
}

static void what_is_shown_stays_until_approved(void)
{
    struct str id = published(&ngo, "Ennen", "form-stays");
    struct act t = again(&ngo, id, "Jälkeen");
    CHECK_INT(act(&t), DIR_REFUSED_FINE);
    struct dir_kept k = kept(id);
    CHECK(k.shown && k.state == DIR_DRAFT && k.shown_row);
    CHECK_INT(k.fields.n, 1);
    CHECK_STR(k.fields.p[0], "name");
    CHECK_STR(shown_name(id), "Ennen");
    DO(SEND, &ngo, id);
    CHECK_STR(shown_name(id), "Ennen");
    DO(APPROVE, &editor, id, k.hash);
    CHECK_STR(shown_name(id), "Jälkeen");
    CHECK_INT(kept(id).state, DIR_SHOWN);
    CHECK_INT(changes(id).n, 2);
    CHECK_STR(changes(id).p[0].fields.p[0], "name");
}

static void nobody_overwrites_another(void)
{
    struct str id = published(&ngo, "Yhteinen", "form-lock");
    struct act one = again(&ngo, id, "Ensin"), two = again(&ngo, id, "Sitten");
    CHECK_INT(act(&one), DIR_REFUSED_FINE);
    CHECK_INT(act(&two), DIR_REFUSED_CHANGED);
    CHECK_INT(act(&one), DIR_REFUSED_FINE); /* the same form again: nothing to do */
    struct act mending = again(&editor, id, "Toimitettu");
    DO(SEND, &ngo, id);
    CHECK_INT(act(&mending), DIR_REFUSED_FINE);
    CHECK_INT(kept(id).state, DIR_WAITING); /* an editor's mending is still waiting */
    struct act late = again(&ngo, id, "Myöhässä");
    CHECK_INT(DO(APPROVE, &editor, id, kept(id).hash), DIR_REFUSED_FINE);
    CHECK_INT(act(&late), DIR_REFUSED_FINE); /* on what it read, which is shown now */
    CHECK_INT(kept(id).state, DIR_DRAFT);
}

/* ---- whose ---- */

static void others_entries_are_closed(void)
{
    struct str id = published(&ngo, "Oma", "form-own");
    struct act t = again(&parish, id, "Kaapattu");
    CHECK_INT(act(&t), DIR_REFUSED_NOT_YOURS);
    for (enum what w = SEND; w <= CONFIRM; w++)
        CHECK_INT(DO(w, &parish, id, kept(id).hash), DIR_REFUSED_NOT_YOURS);
    for (enum what w = SEND; w <= CONFIRM; w++)
        CHECK_INT(DO(w, &editor, S("nothing"), S("x")), DIR_REFUSED_NO_ENTRY);
    CHECK_INT(DO(UNDO, &ngo, .change = changes(id).p[0].id), DIR_REFUSED_NOT_YOURS);
    CHECK_INT(DO(SAVE, &parish, .saving = {DIR_SERVICE, service("X"), .owner = S(NGO_ID)}),
              DIR_REFUSED_NOT_YOURS);
    struct dir_author nobody = {.staff = ngo.staff, .organisation = S("")};
    CHECK_INT(DO(SAVE, &nobody, .saving = {DIR_SERVICE, service("X")}), DIR_REFUSED_NOT_YOURS);
    CHECK_STR(shown_name(id), "Oma");
    for (size_t i = 0; i < directory_kept(a, db(), S(PARISH_ID)).n; i++)
        CHECK(!str_eq(directory_kept(a, db(), S(PARISH_ID)).p[i].id, id));
}

static void ptv_is_changed_in_ptv(void)
{
    CHECK(import_service(PTV_ID, "Neuvola", ""));
    struct dir_service *s = service("Oma neuvola");
    s->id = S(PTV_ID);
    CHECK_INT(DO(SAVE, &editor, .saving = {DIR_SERVICE, s}), DIR_REFUSED_FROM_PTV);
    CHECK_INT(DO(WITHDRAW, &editor, S(PTV_ID)), DIR_REFUSED_FROM_PTV);
    CHECK_INT(DO(CONFIRM, &editor, S(PTV_ID)), DIR_REFUSED_FROM_PTV);
    CHECK_INT(DO(SAVE, &ngo, .saving = {DIR_SERVICE, s}), DIR_REFUSED_NOT_YOURS);
    CHECK_STR(shown_name(S(PTV_ID)), "Neuvola");
}

/* A partner's row cannot say that it is somebody else's, nor hang itself on somebody's page. */
static void partners_speak_for_themselves(void)
{
    struct dir_service *s = service("Nimissä");
    s->source_id = S("SOTE-0001");
    s->general = S("00000000-0000-0000-0000-0000000000d1");
    VEC_PUSH(a, &s->roles, (struct dir_role){S("Responsible"), S(PARISH_ID), S("Seurakunta")});
    struct str id = save_new(&ngo, s, "form-roles");
    struct dir_kept k = kept(id);
    const struct dir_service *there = k.row;
    CHECK(there->source_id.n == 0 && there->general.n == 0 && there->roles.n == 1);
    CHECK_STR(there->roles.p[0].id, NGO_ID);
    CHECK_STR(there->roles.p[0].name, "Järjestö");
    struct dir_channel *c = ARENA_NEW(a, struct dir_channel);
    c->name = fi("Puhelin");
    VEC_PUSH(a, &c->links, (struct dir_link){S("fi"), S("x"), S("javascript:alert(1)")});
    VEC_PUSH(a, &c->connections, (struct dir_connection){.other = S(PTV_ID)});
    struct act t = {.what = SAVE,
                    .who = &ngo,
                    .saving = {DIR_PHONE_CHANNEL, c, .once = S("form-phone"), .owner = S(NGO_ID)}};
    CHECK_INT(act(&t), DIR_REFUSED_NOT_YOURS);
    c->connections.p[0].other = id;
    CHECK_INT(act(&t), DIR_REFUSED_FINE);
    const struct dir_channel *kept_channel = kept(t.made).row;
    CHECK_STR(kept_channel->organisation_id, NGO_ID);
    CHECK_INT(kept_channel->kind, DIR_PHONE_CHANNEL);
    CHECK_INT(kept_channel->links.n, 0);
    k = kept(id); /* the channel, a draft still, is one of the service's ways for its keeper */
    CHECK_INT(((struct dir_service *)k.row)->ways.n, 1);
    CHECK_INT(DO(SAVE, &ngo, .saving = {DIR_ORGANISATION, ARENA_NEW(a, struct dir_organisation)}),
              DIR_REFUSED_NOT_YOURS);
}

/* ---- taking away ---- */

static void withdrawn_and_restored(void)
{
    struct str id = published(&ngo, "Hetki", "form-withdraw");
    CHECK_INT(DO(WITHDRAW, &ngo, id), DIR_REFUSED_FINE);
    CHECK_INT(DO(WITHDRAW, &ngo, id), DIR_REFUSED_FINE);
    CHECK(!shown(id));
    struct dir_kept k = kept(id);
    CHECK(k.state == DIR_WITHDRAWN && k.lacks & 1U << DIR_LACK_WITHDRAWN);
    CHECK_INT(changes(id).n, 2);
    CHECK(changes(id).p[0].ended && !changes(id).p[1].ended);
    CHECK_INT(DO(RESTORE, &ngo, id), DIR_REFUSED_FINE); /* to be sent again */
    CHECK(!shown(id) && kept(id).state == DIR_DRAFT);
    CHECK_INT(DO(RESTORE, &editor, id), DIR_REFUSED_FINE);
    CHECK_STR(shown_name(id), "Hetki");
    CHECK_INT(changes(id).n, 3);
    struct str draft = save_new(&ngo, service("Turha"), "form-drop");
    CHECK_INT(DO(WITHDRAW, &ngo, draft), DIR_REFUSED_FINE);
    CHECK(!directory_kept_one(a, db(), draft, &k));
    CHECK_INT(changes(draft).n, 0);
}

static void old_ones_are_not_shown(void)
{
    struct instant then = {now.ms - (int64_t)800 * 24 * HOUR_MS};
    struct act t = {
        .what = SAVE,
        .who = &ngo,
        .at = then,
        .saving = {DIR_SERVICE, service("Vanha"), .once = S("form-old"), .owner = S(NGO_ID)}};
    CHECK_INT(act(&t), DIR_REFUSED_FINE);
    CHECK_INT(DO(SEND, &ngo, t.made), DIR_REFUSED_NOT_WHOLE); /* nobody has looked at it */
    struct str id = published(&ngo, "Tuore", "form-fresh");
    struct str before = kept(id).hash;
    CHECK_INT(DO(CONFIRM, &ngo, id, .at = then), DIR_REFUSED_FINE);
    CHECK(!shown(id) && kept(id).lacks & 1U << DIR_LACK_STALE);
    CHECK_INT(DO(CONFIRM, &ngo, id), DIR_REFUSED_FINE);
    CHECK_INT(DO(CONFIRM, &ngo, id), DIR_REFUSED_FINE); /* today already */
    CHECK_STR(shown_name(id), "Tuore");
    CHECK(str_eq(kept(id).hash, before));
    CHECK_INT(changes(id).n, 3);
    CHECK_STR(changes(id).p[0].what, "confirmed");
}

/* ---- synonyms ---- */

static void own_synonyms(void)
{
    struct dir_synonym s = {.lang = LANG_SV, .says = S("tandis\ntandläkar"), .means = S("munvård")};
    int64_t before = generation();
    DO(SYNONYM, .synonym = &s);
    struct dir_synonyms all = directory_synonyms(a, db());
    CHECK(all.n == 1 && all.p[0].lang == LANG_SV);
    CHECK_STR(all.p[0].says, "tandis\ntandläkar");
    CHECK_STR(all.p[0].by, "Eeva Editor");
    CHECK_INT(generation(), before + 1);
    const struct dir *d = dir_load(a, db());
    CHECK(d->synonyms.n == 1 && d->synonyms.p[0].says[LANG_SV].n == 2);
    CHECK_STR(d->synonyms.p[0].says[LANG_SV].p[1], "tandläkar");
    s.id = all.p[0].id;
    s.means = S("tandvård");
    DO(SYNONYM, .synonym = &s);
    CHECK_STR(directory_synonyms(a, db()).p[0].means, "tandvård");
    DO(SYNONYM, .synonym = &(struct dir_synonym){.id = s.id});
    CHECK_INT(directory_synonyms(a, db()).n, 0);
}

static void all(void)
{
    TEST(begins);
    TEST(from_draft_to_shown);
    TEST(returned_with_a_reason);
    TEST(a_form_sent_twice_makes_one);
    TEST(what_is_shown_stays_until_approved);
    TEST(nobody_overwrites_another);
    TEST(others_entries_are_closed);
    TEST(ptv_is_changed_in_ptv);
    TEST(partners_speak_for_themselves);
    TEST(withdrawn_and_restored);
    TEST(old_ones_are_not_shown);
    TEST(own_synonyms);
    TEST(nobody_keeps_without_end);
}

int main(void)
{
    return edit_test_main(all);
}
