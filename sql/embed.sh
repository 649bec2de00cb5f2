#!/bin/sh
# embed.sh FOLDER OUT: writes the folder's *.sql files as C tables. The output is touched only when it changes.
set -eu
out=$2
new=$out.new
list=''
i=0
{
    printf '#include "store/migrate.h"\n'
    for file in "$1"/[0-9]*.sql; do
        [ -e "$file" ] || continue
        printf 'static const unsigned char file_%d[] = {\n' "$i"
        od -An -v -tx1 "$file" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
        printf '0};\n'
        list="$list    {\"${file##*/}\", file_$i, sizeof file_$i - 1},
"
        i=$((i + 1))
    done
    printf 'static const struct embedded files[] = {\n%s    {0}};\n' "$list"
    printf 'struct migrations store_migrations = {files, sizeof files / sizeof *files - 1};\n'
} >"$new"
if cmp -s "$new" "$out"; then rm "$new"; else mv "$new" "$out"; fi
