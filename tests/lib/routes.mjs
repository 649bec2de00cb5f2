// routes.mjs: the program's routes, read from the route tables in its source, so that a page added tomorrow is tested
// tomorrow without anybody remembering to.
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { root } from './server.mjs'

export function sources(dir = path.join(root, 'src')) {
    return readdirSync(dir, { withFileTypes: true }).flatMap((e) => {
        const full = path.join(dir, e.name)
        return e.isDirectory() ? sources(full) : e.name.endsWith('.c') && !e.name.endsWith('_test.c') ? [full] : []
    })
}

const ROUTE = /\{\s*((?:HTTP_\w+(?:\s*\|\s*)?)+),\s*"([^"]+)",\s*ACCESS_(\w+),\s*([^,{}]+),\s*(\w+)\s*\}/g

// [{ methods: ['GET'], path: '/:lang/service/:ref', access: 'PUBLIC', flags: ['CACHE'], file }]
export function routes() {
    return sources().flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(ROUTE)].map((m) => ({
            methods: [...m[1].matchAll(/HTTP_(\w+)/g)].map((x) => x[1]),
            path: m[2],
            access: m[3],
            flags: [...m[4].matchAll(/ROUTE_(\w+)/g)].map((x) => x[1]),
            file: path.relative(root, file),
        })))
}

// An address of that pattern: parameters that nothing is called.
export function example(route, lang = 'en') {
    return route.path.replace(/^\/:lang/, `/${lang}`).replace(/:\w+/g, 'nothing-here')
}
