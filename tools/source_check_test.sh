#!/bin/sh
# source_check_test.sh SOURCE-CHECK: each rule finds what breaks it and nothing else. Prints TAP.
set -u
tool=$(realpath "$1")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
n=0 failed=0
cd "$dir" || exit 1

fresh() {
    rm -rf src tools
    mkdir -p src/base src/web/pages src/matter tools
    printf 'base:\nweb: base\nmatter: base web\nmain: base web matter\n' > tools/rooms.txt
    printf '#include "base/b.h"\n' | tee src/web/uses.h > src/matter/uses.h
    printf '#include "web/w.h"\n' >> src/matter/uses.h
    printf '#include "base/b.h"\n#include "web/w.h"\n#include "matter/m.h"\n' > src/uses.h
}

result() { # name; by the exit code before it
    if [ $? -eq 0 ]; then ok=ok; else ok='not ok'; failed=1; fi
    n=$((n + 1))
    echo "$ok $n - $1"
}

found() { # message, file, content
    fresh
    printf '%b\n' "$3" > "$2"
    "$tool" . > out 2> err
    [ $? -eq 1 ] && grep -q "^$2:[0-9]*: .*$1" err
    result "found: $1 in $2"
}

allowed() { # name, file, content
    fresh
    printf '%b\n' "$3" > "$2"
    "$tool" . > out 2> err
    result "allowed: $1"
}

lines() { i=0; while [ $i -lt "$1" ]; do printf '    x();\\n'; i=$((i + 1)); done; }

found 'base may not include web/html.h' src/base/a.c '#include "web/html.h"'
found 'web may not include matter/matter.h' src/web/pages/a.html '{include "matter/matter.h"}'
found 'for its own room' src/matter/a.c '#include "web/web_store.h"'
found 'a .c file' src/matter/a.c '#include "web/html.c"'
found 'only src/store may include sqlite3.h' src/web/a.c '#include <sqlite3.h>'
found 'only src/http may include microhttpd.h' src/web/a_test.c '#include <microhttpd.h>'
found 'strcpy() is banned' src/base/a.c 'void f(void)\n{\n    strcpy (a, b);\n}'
found 'system() is banned' tools/a.c 'x = system(y);'
found 'malloc() only in' src/web/a.c 'x = malloc(3);'
found '101 columns' src/web/a.h "/* $(printf '%095d' 0) */"
found 'no typedef' src/web/a.h 'typedef  struct a b;'
found 'f() has 81 lines' src/web/a.c "static int f(int a,\n    int b)\n{\n$(lines 80)}"
allowed 'inclusion downwards' src/matter/a.c '#include "web/html.h"\n#include "matter/b.h"\n#include <stdio.h>'
allowed 'any room in tests' src/base/a_test.c '#include "web/html.h"'
allowed 'names in comments and texts' src/web/a.c '/* strcpy(a) */ // malloc(\nchar *x = "system(\\"atoi(";'
allowed 'longer names and members' src/web/a.c 'my_strcpy(a); gets_x(b); x->free(c); y.system(d);'
allowed 'malloc in base' src/base/a.c 'x = malloc(3);'
allowed '100 columns of two bytes each' src/web/a.h "/* $(printf '%094d' 0 | sed 's/0/ä/g') */"
allowed 'functions of 80 lines' src/web/a.c "static int f(int a)\n{\n$(lines 79)}"
grep -q 'f() has 80 lines' out
result 'long functions are warned of'
fresh
printf 'web: base\nbase: web\n' > tools/rooms.txt
"$tool" . 2> err
[ $? -eq 1 ] && grep -q 'rooms.txt:1: base must stand on a line above' err
result 'cycles are refused'
fresh
rm src/matter/uses.h
printf '#include "base/b.h"\n' > src/matter/a.h
"$tool" . > out 2> err
[ $? -eq 1 ] && [ "$(cat err)" = 'tools/rooms.txt: matter may include web, and does not' ]
result 'a room that may be included is'
echo "1..$n"
exit $failed
