#!/bin/sh
# template_test.sh TEMPLATE-COMPILER: templates that must not compile, each with the message that must come, and the shape of
# what a good one becomes. What written values become is web/html_test.c's business. Prints TAP.
set -u
tool=$(realpath "$1")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0 failed=0

result() { # name, ok?
    n=$((n + 1))
    name=$(printf %s "$1" | tr '\n#' ' .')
    if [ "$2" = 1 ]; then echo "ok $n - $name"; else echo "not ok $n - $name"; failed=1; fi
}

run() { # body of a template
    printf '{template x(const struct v *v)}%s{end}\n' "$1" > "$dir/x.html"
    (cd "$dir" && "$tool" --room x --out-c x.c --out-h x.h x.html 2> err)
}

refused() { # message, template
    if run "$2"; then result "refused: $2" 0; echo "# it compiled"; return; fi
    case $(cat "$dir/err") in
    "x.html:"*": "*"$1"*) result "refused: $2" 1 ;;
    *) result "refused: $2" 0; sed 's/^/# /' "$dir/err" ;;
    esac
}

becomes() { # part of the C, template
    if run "$2" && grep -qF "$1" "$dir/x.c"; then result "compiles: $2" 1; return; fi
    result "compiles: $2" 0
    echo "# wanted: $1"
    sed 's/^/# /' "$dir/err" "$dir/x.c"
}

refused 'script or style' '<script>{v->x}</script>'
refused 'script or style' '<style>a{{ color: {v->x} }</style>'
refused 'comment' '<!-- {v->x} -->'
refused 'comment' '<!doctype {v->x}>'
refused "tag's name" '<{v->x}>'
refused "tag's name" '<h{v->x}>'
refused "tag's name" '</{v->x}>'
refused "attribute's name" '<a {v->x}>'
refused "attribute's name" '<a b{v->x}="1">'
refused "attribute's name" '<a {t "x"}>'
refused 'double quotes' '<a href={v->x}>'
refused 'double quotes' "<a href='{v->x}'>"
refused 'double quotes' '<a class=x{v->x}>'
refused 'on... attribute' '<a onclick="{v->x}">'
refused 'on... attribute' '<a ONCLICK="f({v->x})">'
refused 'style' '<a style="color:{v->x}">'
refused 'on... attribute' '<iframe srcdoc="{v->x}">'
refused 'http-equiv' '<meta http-equiv="refresh">'
refused 'may not be code' '<a href="javascript:{v->x}">'
refused 'whole address' '<a href="https://{v->x}/">'
refused 'in an address' '<a href="{t "x"}">'
refused '&lt;' '1 < 2'
refused 'element may not' '<base href="/">'
refused 'after a <' '<title></ti{v->x}</title>'
refused 'this branch' '{if a}<p class="{else}<p>{end}'
refused 'in text ends in a value' '{if a}<p class="{end}'
refused 'ends in a tag' '{for a in v->b}<p {end}'
refused 'this branch' '<a href="{if a}/x{else}{end}">'
refused 'this branch' '{if a}<script{else}<p{end}>'
refused 'white space' '<a class="x"{if a}b{end}c>'
refused 'ends in a tag' '<a href="/"'
refused 'only in text' '<a class="{call y()}">'
refused 'has %2' '{t "%1 %2" v->x}'
refused 'does not use its argument 1' '{t "a" v->x}'
refused 'does not use its argument 2' '{tn n "a" "%1 b" n, m}'
refused 'a text in double quotes' '{tn n "a"}'
refused '{else} without' '{else}'
refused '{else} without' '{if a}{else}{else}{end}'
refused 'has no {end}' '{if a}'
refused 'has no }' '<p>{v->x</p>'
refused 'wants: name in list' '{for x of y}{end}'
refused 'inside another' '{template y()}{end}'
refused 'nothing stands' '{}'

becomes 'HTML_PUT(pg->out, (v->x));' '<p>{v->x}</p>'
becomes 'HTML_PUT(pg->out, (f("}", (struct a){1})));' '{f("}", (struct a){1})}'
becomes 'HTML_PUT_ATTRIBUTE(pg->out, (v->x));' '<p class="a {v->x}">'
becomes 'HTML_PUT_ATTRIBUTE(pg->out, (v->x));' '<textarea>{v->x}</textarea>'
becomes 'HTML_PUT_URL(pg->out, (v->x));' '<a href="{v->x}">'
becomes 'HTML_PUT_COMPONENT(pg->out, (v->x));' '<a href="/a?b={v->x}">'
becomes 'HTML_PUT_COMPONENT(pg->out, (v->y));' '<a href="{v->x}{v->y}">'
becomes 'HTML_PUT_TEL(pg->out, (v->x));' '<a href="tel:{v->x}">'
becomes 'buf_put(pg->out, "checked", 7);' '<input {if v->c}checked{end}>'
becomes 'buf_put(pg->out, " href=\"/\"", 9);' '<a{if v->c} href="/"{end}>'
becomes '"{a}"' '{{a}'
becomes '"<p>\n"' '<p>   
   
   </p>'
becomes '"<pre> \n"' '<pre> 
 x</pre>'
becomes 'UINT64_C(0xaf63df4c8601f1a5' '{t "b"}{# it does not matter }'

# A line that holds only directives leaves no empty line.
run '
<ul>
{for x in v->y}
<li></li>
{end}
</ul>'
[ "$(grep -c 'buf_put' "$dir/x.c")" = 3 ] && grep -qF '"<li></li>\n", 10' "$dir/x.c" && grep -qF '"</ul>", 5' "$dir/x.c"
result 'lines of directives vanish' $((1 - $?))

# An error is reported at the line of the template.
run '

{v->x}
<p {v->x}>'
grep -q '^x.html:4: ' "$dir/err"
result 'errors name the line' $((1 - $?))

echo "1..$n"
exit $failed
