// What no compiler sees: every room's statements and routes are in the program's list (src/server/parts.c), or the tests of
// plans and of routes would pass by not looking.
import test from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../lib/server.mjs'
import { routes, sources } from '../lib/routes.mjs'

const parts = readFileSync(path.join(root, 'src', 'server', 'parts.c'), 'utf8')
const defined = (type) =>
    sources().flatMap((f) => [...readFileSync(f, 'utf8').matchAll(new RegExp(`^const struct ${type} (\\w+) =`, 'gm'))].map((m) => m[1]))

for (const type of ['stmt_table', 'route_table'])
    test(`every ${type} is listed`, () => {
        const all = defined(type)
        assert.ok(all.length > 1)
        const missing = all.filter((name) => !new RegExp(`&${name}\\b`).test(parts))
        assert.deepEqual(missing, [], 'not in src/server/parts.c')
    })

test('every statement is in a table', () => {
    for (const file of sources()) {
        const text = readFileSync(file, 'utf8')
        const loose = [...text.matchAll(/static const struct stmt (\w+) = /g)].map((m) => m[1])
        const tables = [...text.matchAll(/const struct stmt_table[^;]+;/g)].join(' ')
        for (const name of loose)
            assert.ok(tables.includes(name) || /store\//.test(file), `${path.relative(root, file)}: ${name} is in no table`)
    }
})

test('no route is there twice', () => {
    const seen = routes().flatMap((r) => r.methods.map((m) => `${m} ${r.path}`))
    assert.deepEqual(seen.filter((s, i) => seen.indexOf(s) !== i), [])
})
