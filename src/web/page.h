/*
 * page.h: what every template knows about the page that it is part of: language, address, who is
 * looking.
 */
#ifndef ASIALLA_WEB_PAGE_H
#define ASIALLA_WEB_PAGE_H

#include "web/html.h"

struct page {
    struct arena *a;
    struct buf *out;
    enum lang lang;
    struct instant now;
    struct str title; /* without the county's name */
    struct str path;  /* after the language: "/service/abc?x=1", for the language switch */
    /* "https://asialla.example" where the installation says what it is called, and the part of
     * `path` that names the page: who reads for a search engine is told of the page's one address,
     * and of the other languages. Empty: nothing is told. */
    struct str site, canonical;
    struct html data; /* for machines that read the page: html_data() */
    /* Where answers would be lost by following a link, the language switch sends this form: its id,
     * and the value of `to`. */
    struct str lang_form, lang_to;
    struct str csrf;      /* the session's form token, or empty */
    struct str user_name; /* the signed-in professional, or empty */
    struct str county;    /* the county's name in this language */
    bool staff;           /* the professionals' look: dense, own navigation */
    /* What the user is: each has pages of its own in the navigation. */
    bool professional, head, editor, partner, manager;
    struct {
        int64_t consults, alarms;
        int64_t arrived;   /* have come to one's own times, and are not called in */
        int64_t plans;     /* booked times that a change of a plan left without hours */
    } waits;               /* what waits for who is signed in: numbers in the navigation */
    bool demo;             /* every page carries the sample mark */
    struct str main_class; /* of <main>: "wrap page" unless the page says otherwise */
    struct str active;     /* the navigation item that this page is under */
    bool refuse_index;     /* robots: noindex */
    struct html
        safety;  /* the fixed notice of where to call in an emergency; empty on staff pages */
    bool part;   /* a live page asks again for what follows changes: <main> is sent, without the
                    frame around it */
    bool failed; /* a form came back with errors: the title says so first */
};

/* Hashed address of an embedded file: asset_url("app.css") is "/static/app.3f2a91bc.css". */
struct str asset_url(const char *name);

#endif
