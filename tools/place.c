/*
 * place.c: see place.h. One small function a group of places; each returns NULL or what is wrong.
 */
#include "place.h"

#include "tool.h"

static bool one_of(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(name, *list) == 0)
            return true;
    return false;
}

static const char *const url_attributes[] = {"href", "src",    "action",     "formaction",
                                             "cite", "poster", "xlink:href", NULL};
/* Their values are code, lists of addresses or pages of their own. */
static const char *const code_attributes[] = {"style", "srcdoc", "srcset",     "imagesrcset",
                                              "ping",  "data",   "background", NULL};
static const char *const raw_elements[] = {"script", "style", NULL};
static const char *const text_only_elements[] = {"title", "textarea", NULL};
/* Parsed in ways of their own, or obsolete. */
static const char *const refused_elements[] = {"xmp",     "plaintext", "noembed", "noframes",
                                               "listing", "base",      NULL};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

/* Adds a character to a name of at most 23; longer ones are cut: no name that matters is so long.
 */
static void add(char name[static 24], char c)
{
    size_t n = strlen(name);
    if (n < 23) {
        name[n] = lower(c);
        name[n + 1] = 0;
    }
}

static const char *after_less_than(struct place *p, char c)
{
    p->element[0] = p->seen[0] = 0;
    if (letter(c)) {
        p->where = IN_TAG_NAME;
        add(p->element, c);
    } else if (c == '/') {
        p->where = IN_END_TAG;
    } else if (c == '!') {
        p->where = IN_DECLARATION;
    } else {
        return "a < that opens no tag must be written &lt;";
    }
    return NULL;
}

/* > of a start tag. */
static const char *open_element(struct place *p)
{
    p->where = IN_TEXT;
    p->seen[0] = 0;
    if (one_of(p->element, refused_elements))
        return "this element may not be used";
    if (one_of(p->element, raw_elements))
        p->where = IN_RAW;
    else if (one_of(p->element, text_only_elements))
        p->where = IN_TEXT_ONLY;
    else if (strcmp(p->element, "pre") == 0)
        p->in_pre = true;
    return NULL;
}

static const char *close_element(struct place *p)
{
    p->where = IN_TEXT;
    if (strcmp(p->element, "pre") == 0)
        p->in_pre = false;
    return NULL;
}

static enum value value_of(const char *attribute)
{
    if (strncmp(attribute, "on", 2) == 0 || one_of(attribute, code_attributes))
        return VALUE_CODE;
    return one_of(attribute, url_attributes) ? VALUE_URL : VALUE_PLAIN;
}

static const char *in_tag(struct place *p, char c)
{
    if (c == '>')
        return open_element(p);
    if (tool_space(c)) {
        p->where = p->where == IN_ATTRIBUTE_NAME || p->where == AFTER_ATTRIBUTE_NAME
                       ? AFTER_ATTRIBUTE_NAME
                       : IN_TAG;
        return NULL;
    }
    if (c == '=' && (p->where == IN_ATTRIBUTE_NAME || p->where == AFTER_ATTRIBUTE_NAME)) {
        p->where = BEFORE_VALUE;
        if (strcmp(p->attribute, "http-equiv") == 0)
            return "http-equiv may not be used: send a header";
        return NULL;
    }
    if (c == '/') {
        p->where = IN_TAG;
        return NULL;
    }
    if (c == '"' || c == '\'' || c == '<' || c == '=')
        return "this character may not stand in a tag";
    if (p->where == IN_TAG_NAME) {
        add(p->element, c);
        return NULL;
    }
    if (p->where == AFTER_ATTRIBUTE)
        return "white space must stand between attributes";
    if (p->where != IN_ATTRIBUTE_NAME)
        p->attribute[0] = 0;
    p->where = IN_ATTRIBUTE_NAME;
    add(p->attribute, c);
    return NULL;
}

static const char *before_value(struct place *p, char c)
{
    if (tool_space(c))
        return NULL;
    if (c == '>')
        return "the attribute has no value";
    p->value = value_of(p->attribute);
    p->begun = false;
    p->seen[0] = 0;
    p->where = c == '"' ? IN_VALUE : c == '\'' ? IN_SINGLE_QUOTED : IN_UNQUOTED;
    return NULL;
}

static const char *in_value(struct place *p, char c)
{
    if (c == '"') {
        p->where = AFTER_ATTRIBUTE;
        return NULL;
    }
    p->begun = true;
    if (p->value != VALUE_URL)
        return NULL;
    add(p->seen, c);
    if (strcmp(p->seen, "javascript:") == 0 || strcmp(p->seen, "data:") == 0 ||
        strcmp(p->seen, "vbscript:") == 0)
        return "an address may not be code or data";
    return NULL;
}

/* script, style, title, textarea: until their end tag. */
static const char *in_raw(struct place *p, char c)
{
    if (c == '<')
        p->seen[0] = 0;
    if (c != '<' && p->seen[0] != '<')
        return NULL;
    add(p->seen, c);
    size_t n = strlen(p->element);
    if (strncmp(p->seen, "</", 2) == 0 && strlen(p->seen) == n + 2 &&
        strcmp(p->seen + 2, p->element) == 0)
        p->where = IN_END_TAG;
    else if (strlen(p->seen) > n + 2)
        p->seen[0] = 0;
    return NULL;
}

static const char *in_declaration(struct place *p, char c)
{
    if (p->where == IN_DECLARATION) {
        if (c == '>')
            p->where = IN_TEXT;
        add(p->seen, c);
        if (strcmp(p->seen, "--") == 0) {
            p->where = IN_COMMENT;
            p->seen[0] = 0;
        }
        return NULL;
    }
    if (c == '>' && strcmp(p->seen, "--") == 0)
        p->where = IN_TEXT;
    else if (c != '-')
        p->seen[0] = 0;
    else if (strlen(p->seen) < 2)
        add(p->seen, c);
    return NULL;
}

const char *place_feed(struct place *p, char c)
{
    switch (p->where) {
    case IN_TEXT:
        if (c == '<')
            p->where = AFTER_LESS_THAN;
        return NULL;
    case AFTER_LESS_THAN:
        return after_less_than(p, c);
    case IN_END_TAG:
        if (c == '>')
            return close_element(p);
        if (p->seen[0] == 0 && !tool_space(c))
            add(p->element, c);
        return NULL;
    case IN_TAG_NAME:
    case IN_TAG:
    case AFTER_ATTRIBUTE:
    case IN_ATTRIBUTE_NAME:
    case AFTER_ATTRIBUTE_NAME:
        return in_tag(p, c);
    case BEFORE_VALUE:
        return before_value(p, c);
    case IN_VALUE:
        return in_value(p, c);
    case IN_SINGLE_QUOTED:
        if (c == '\'')
            p->where = AFTER_ATTRIBUTE;
        return NULL;
    case IN_UNQUOTED:
        if (tool_space(c) || c == '>')
            p->where = AFTER_ATTRIBUTE;
        return tool_space(c) || c == '>' ? in_tag(p, c) : NULL;
    case IN_RAW:
    case IN_TEXT_ONLY:
        return in_raw(p, c);
    case IN_DECLARATION:
    case IN_COMMENT:
        return in_declaration(p, c);
    }
    return NULL;
}

static const char *in_url(struct place *p, enum writer *how)
{
    static const char *const needs_whole =
        "write a whole address or everything after the host as an expression";
    *how = p->begun ? WRITE_COMPONENT : WRITE_URL;
    if (strcmp(p->seen, "tel:") == 0)
        *how = WRITE_TEL;
    /* An expression may not be the host, nor finish a scheme or "//" that static text began. */
    if (strcmp(p->seen, "https://") == 0 || strcmp(p->seen, "http://") == 0 ||
        strcmp(p->seen, "//") == 0)
        return needs_whole;
    p->begun = true;
    memcpy(p->seen, "?", 2); /* what follows begins neither a scheme nor "//" */
    return NULL;
}

const char *place_expression(struct place *p, enum writer *how)
{
    *how = WRITE_TEXT;
    switch (p->where) {
    case IN_TEXT:
        return NULL;
    case IN_TEXT_ONLY:
        *how = WRITE_ATTRIBUTE;
        return p->seen[0] == '<' ? "no expression may stand after a < here" : NULL;
    case IN_VALUE:
        if (p->value == VALUE_CODE)
            return "no expression may stand in a style or on... attribute, or in a list of "
                   "addresses";
        if (p->value == VALUE_URL)
            return in_url(p, how);
        *how = WRITE_ATTRIBUTE;
        p->begun = true;
        return NULL;
    case IN_SINGLE_QUOTED:
    case IN_UNQUOTED:
    case BEFORE_VALUE:
        return "the value needs double quotes around it to hold an expression";
    case IN_RAW:
        return "no expression may stand in a script or style";
    case IN_COMMENT:
    case IN_DECLARATION:
        return "no expression may stand in a comment or declaration";
    case AFTER_LESS_THAN:
    case IN_TAG_NAME:
    case IN_END_TAG:
        return "no expression may be a tag's name";
    case IN_TAG:
    case AFTER_ATTRIBUTE:
    case IN_ATTRIBUTE_NAME:
    case AFTER_ATTRIBUTE_NAME:
        return "no expression may be an attribute's name";
    }
    return "no expression may stand here";
}

void place_settle(struct place *p)
{
    if (p->where == IN_TAG_NAME || p->where == IN_ATTRIBUTE_NAME || p->where == IN_UNQUOTED)
        p->where = AFTER_ATTRIBUTE;
    if (p->where == AFTER_ATTRIBUTE_NAME)
        p->where = IN_TAG;
}

static bool special(const char *element)
{
    return one_of(element, raw_elements) || one_of(element, text_only_elements) ||
           one_of(element, refused_elements) || strcmp(element, "pre") == 0;
}

bool place_join(struct place *p, const struct place *other)
{
    bool p_tag = p->where == IN_TAG || p->where == AFTER_ATTRIBUTE;
    bool other_tag = other->where == IN_TAG || other->where == AFTER_ATTRIBUTE;
    if (p_tag && other_tag) {
        if (other->where == AFTER_ATTRIBUTE)
            p->where = AFTER_ATTRIBUTE;
        bool same = strcmp(p->element, other->element) == 0;
        return same || (!special(p->element) && !special(other->element));
    }
    if (p->where != other->where)
        return false;
    p->in_pre = p->in_pre || other->in_pre;
    if (p->where == IN_TEXT_ONLY || p->where == IN_RAW)
        return strcmp(p->element, other->element) == 0;
    if (p->where != IN_VALUE)
        return true;
    if (p->value != other->value || (p->value == VALUE_URL && p->begun != other->begun))
        return false;
    p->begun = p->begun || other->begun;
    if (strcmp(p->seen, other->seen) != 0)
        memcpy(p->seen, "?", 2); /* no longer known: neither a scheme nor "//" */
    return true;
}

const char *place_name(const struct place *p)
{
    switch (p->where) {
    case IN_TEXT:
        return "text";
    case IN_TAG:
    case AFTER_ATTRIBUTE:
        return "a tag";
    case IN_VALUE:
        return p->value == VALUE_URL ? (p->begun ? "an address" : "the start of an address")
                                     : "a value";
    case IN_TEXT_ONLY:
    case IN_RAW:
        return p->element;
    case IN_COMMENT:
        return "a comment";
    default:
        return "the middle of a tag";
    }
}
