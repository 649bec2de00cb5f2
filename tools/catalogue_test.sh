#!/bin/sh
# catalogue_test.sh CATALOGUE-COMPILER: what it finds in sources, what it refuses in translations, how it updates. Prints TAP.
set -u
tool=$(realpath "$1")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0 failed=0

check() { # name; by the exit code before it
    if [ $? -eq 0 ]; then ok=ok; else ok='not ok'; failed=1; fi
    n=$((n + 1))
    echo "$ok $n - $1"
}

mkdir -p "$dir/src/base" "$dir/src/a/pages" "$dir/po"
cd "$dir" || exit 1
cat > src/base/err.h <<'END'
#define R(X) X(OK, 200, "i", "", "")  \
    X(BAD, 400, "invalid", "Bad message", \
      "Bad hint")
END
cat > src/a/a.c <<'END'
/* tr(l, "In a comment") */
f("tr(l, \"In a string\")", '"', tr(l, "Plain"), tr(v->l[1], "Joined " "text"));
tr_n(l, "%1 cat", "%1 cats", g(n, ")")); tr(l, x ? N_("This") : N_("That"));
other("Not a text"); tr(l, variable); str("Not this");
END
echo 'tr(l, "Of a test")' > src/a/a_test.c
cat > src/a/pages/a.html <<'END'
{template a()}
{# {t "In a template comment"} }<p title="{t "Title of %1" v->x}">{{t "Literal"}
{tn f("x") "one dog" "%1 dogs" n}{if str_eq(tr(pg->lang, "In code"), x)}{end}{t->x}
{end}
END
printf 'msgid ""\nmsgstr "Language: fi\\n"\n' > po/fi.po
"$tool" --root . --update po/fi.po > out
grep -q '10 added, 0 dropped, 10 to translate' out
check 'update adds what the sources use'
grep '^msgid ' po/fi.po | sed 's/^msgid //' > ids
cat > want <<'END'
""
"Plain"
"Joined text"
"%1 cat"
"This"
"That"
"Title of %1"
"one dog"
"In code"
"Bad message"
"Bad hint"
END
diff want ids > diffs || { sed 's/^/# /' diffs; false; }
check 'every kind of text is found, in the order of first use'
grep -q '^#: src/a/pages/a.html$' po/fi.po
check 'the places of use are noted'
"$tool" --root . --out t.c po/fi.po 2> err
[ $? -eq 1 ] && grep -q '^src/a/a.c:2: fi: not translated: "Plain"$' err && [ ! -e t.c ]
check 'a missing translation fails the build and names the place'
"$tool" --root . --out t.c --depfile t.d --warn po/fi.po 2> err && grep -q 'S_INIT\|catalogue_table' t.c && grep -q 'src/a/pages/a.html' t.d
check '--warn builds all the same; the depfile names the sources'

sed -i 's/^msgstr ""$/msgstr "x"/; s/^msgstr\[\(.\)\] ""/msgstr[\1] "%1 x"/' po/fi.po
"$tool" --root . --check po/fi.po 2> err
[ $? -eq 1 ] && grep -q 'a.html:2: fi: has other placeholders: "Title of %1"' err && [ "$(grep -c '^src' err)" = 1 ]
check 'placeholders must be the same'
sed -i '/Title of %1/{n;s/"x"/"%1 x"/}' po/fi.po
"$tool" --root . --check po/fi.po 2> err
check 'a complete catalogue passes'

cp po/fi.po again.po && "$tool" --root . --update po/fi.po > /dev/null && cmp -s po/fi.po again.po
check 'a second update changes nothing'
sed -i 's/^#: src\/base\/err.h$/# translators: keep me\n&/; s/^msgid "Plain"/#, fuzzy\n&/' po/fi.po
sed -i 's/"That"/"Other"/' src/a/a.c
"$tool" --root . --check po/fi.po 2> err
[ $? -eq 1 ] && grep -q '^po/fi.po:[0-9]*: not used: "That"' err && grep -q 'fi: marked fuzzy: "Plain"' err
check 'unused and fuzzy entries are listed'
"$tool" --root . --update po/fi.po | grep -q '1 added, 1 dropped, 2 to translate' && ! grep -q That po/fi.po && grep -q 'keep me' po/fi.po && grep -q '#, fuzzy' po/fi.po
check 'update drops what is not used and keeps comments'

refused() { # message, source
    printf '%s\n' "$2" > src/a/b.c
    "$tool" --root . --check po/fi.po 2> err
    [ $? -eq 1 ] && grep -q "$1" err
    check "refused: $2"
    rm src/a/b.c
}
refused 'b.c:1: the text must be a literal' 'tr(l, x ? "a" : "b")'
refused 'has another plural in src/a/a.c:3' 'tr_n(l, "%1 cat", "%1 kittens", n)'
printf 'msgid "x"\nmsgstr "y\n' >> po/fi.po
"$tool" --root . --check po/fi.po 2> err
[ $? -eq 1 ] && grep -q 'po/fi.po:[0-9]*: the string does not end' err
check 'a broken string in a PO file is refused'
printf 'msgid "x"\nmsgstr "y"\n\nmsgid "x"\nmsgstr "y"\n' > po/fi.po
"$tool" --root . --check po/fi.po 2> err
[ $? -eq 1 ] && grep -q 'po/fi.po:4: the msgid stands in the file twice' err
check 'a msgid twice is refused'
echo "1..$n"
exit $failed
