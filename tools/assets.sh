#!/bin/sh
# assets.sh DIR: lays out what the server serves under /static into DIR (made if missing):
#
#   app.css    @font-face rules, the design tokens that app.css names, then src/web/static/app.css, comments stripped
#   app.js     src/web/static/app.js as it is
#   *.svg      src/web/static/*.svg as they are
#   fonts/     four woff2 files (latin and latin-ext, 400 and 700) and their licence
#
# Reads node_modules, so run `npm ci` first (ASIALLA_NODE_MODULES names another folder). Every file is written anew;
# the same input gives the same bytes. A token or font that is named but not found stops the build.
set -eu

[ $# -eq 1 ] || { echo "usage: tools/assets.sh DIR" >&2; exit 2; }
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
modules=${ASIALLA_NODE_MODULES:-$root/node_modules}
web=$root/src/web/static
tokens=$modules/hds-design-tokens/lib/all.css
font=$modules/@fontsource/atkinson-hyperlegible-next
out=$1

fail() { echo "assets: $*" >&2; exit 1; }
for file in "$tokens" "$font/400.css" "$font/700.css"; do
    [ -f "$file" ] || fail "$file is missing: run npm ci"
done

mkdir -p "$out/fonts"

# Rules of the latin subsets only, woff2 only, addressed beside app.css.
font_faces() {
    for weight in 400 700; do
        awk '/^\/\* /  { keep = /-latin(-ext)?-[0-9]+-normal \*\// }
             keep && !/^\/\*/' "$font/$weight.css" |
            sed -e 's|url(./files/|url(fonts/|' -e "s|, *url([^)]*) *format('woff')||"
    done
}

# The declarations of those tokens that our sheet uses, in the tokens' own order.
used_tokens() {
    awk 'function name_at() { return substr($0, RSTART, RLENGTH - 1) }
         FNR == NR {
             if (match($0, /--[a-z0-9-]+:/)) own[name_at()] = 1
             while (match($0, /var\(--[a-z0-9-]+/)) {
                 used[substr($0, RSTART + 4, RLENGTH - 4)] = 1
                 $0 = substr($0, RSTART + RLENGTH) }
             next }
         match($0, /--[a-z0-9-]+:/) && name_at() in used { own[name_at()] = 1; print }
         END { for (name in used) if (!(name in own)) { print "unknown: " name > "/dev/stderr"; bad = 1 }
               exit bad }' "$web/app.css" "$tokens"
}

# Comments and indentation go; line ends stay, so that no string or selector can be harmed.
strip_comments() {
    awk '{ line = $0; text = ""
           while (line != "") {
               if (inside) { end = index(line, "*/"); if (!end) break; line = substr(line, end + 2); inside = 0 }
               start = index(line, "/*")
               if (!start) { text = text line; break }
               text = text substr(line, 1, start - 1); line = substr(line, start + 2); inside = 1 }
           gsub(/^[ \t]+|[ \t]+$/, "", text)
           if (text != "") print text }'
}

used_tokens > "$out/tokens.tmp" || fail "app.css names a token that is nowhere"
{
    font_faces
    echo ':root {'
    cat "$out/tokens.tmp"
    echo '}'
    cat "$web/app.css"
} | strip_comments > "$out/app.css"
rm -f "$out/tokens.tmp"

for weight in 400 700; do
    for subset in latin latin-ext; do
        name=atkinson-hyperlegible-next-$subset-$weight-normal.woff2
        grep -q "url(fonts/$name)" "$out/app.css" || fail "no rule for $name: has $font changed its layout?"
        cp "$font/files/$name" "$out/fonts/"
    done
done
cp "$font/LICENSE" "$out/fonts/LICENSE.txt"
cp "$web"/*.js "$web"/*.svg "$out/"
