// Every route of the program, asked by nobody in particular: strict headers, the right refusal, methods.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { bareCounty, engine, startServer } from '../lib/server.mjs'
import { Visitor, request } from '../lib/client.mjs'
import { example, routes } from '../lib/routes.mjs'
import { assertStrict } from '../lib/strict.mjs'
import { PASSWORD } from '../lib/server.mjs'

const all = routes()
let server
before(async () => { server = await startServer({ data: bareCounty() }) })
after(() => server.stop())

const ask = (path, options) => request(server.url + path, options)
const form = (body) => ({ method: 'POST', body, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } })
const pages = all.filter((r) => !r.flags.includes('NO_LANG'))

test('the route tables are found', () => {
    assert.ok(all.length >= 6, `${all.length} routes`)
    assert.ok(all.some((r) => r.path === '/health') && all.some((r) => r.path === '/:lang/sign-in'))
})

test('every page that can be read answers strictly, in three languages', async () => {
    for (const route of pages.filter((r) => r.methods.includes('GET')))
        for (const lang of ['fi', 'sv', 'en']) {
            const path = example(route, lang)
            const r = await ask(path)
            assert.ok([200, 303, 400, 404].includes(r.status), `${path}: ${r.status}`)
            assertStrict(r, path)
            if (r.status !== 303)
                assert.match(r.text, new RegExp(`<html lang="${lang}"`), path)
        }
})

test('what is for staff leads nobody past sign-in, and a form sent there does nothing', async () => {
    for (const route of pages.filter((r) => ['STAFF', 'HEAD', 'ADMIN'].includes(r.access))) {
        const path = example(route)
        if (route.methods.includes('GET')) {
            const r = await ask(path)
            assert.equal(r.status, 303, path)
            assert.equal(r.headers.location, '/en/sign-in?next=' + encodeURIComponent(path).replaceAll('%2F', '%2F'), path)
        }
        if (route.methods.includes('POST')) {
            const r = await ask(path, form('a=b'))
            assert.equal(r.status, 401, path)
            assertStrict(r, path)
        }
    }
})

test('what is for a resident wants the code first', async () => {
    for (const route of pages.filter((r) => r.access === 'RESIDENT')) {
        const path = example(route)
        if (route.methods.includes('GET')) {
            const r = await ask(path)
            assert.deepEqual([r.status, r.headers.location], [303, '/en/status'], path)
        }
        if (route.methods.includes('POST'))
            assert.equal((await ask(path, form('a=b'))).status, 401, path)
    }
})

test("what is for somebody with a tray's code wants the code first", async () => {
    for (const route of pages.filter((r) => r.access === 'TRAY')) {
        const path = example(route)
        if (route.methods.includes('GET')) {
            const r = await ask(path)
            assert.deepEqual([r.status, r.headers.location], [303, '/en/tray'], path)
        }
        if (route.methods.includes('POST'))
            assert.equal((await ask(path, form('a=b'))).status, 401, path)
    }
})

test('what is for heads and administrators is refused to a worker', async () => {
    const worker = new Visitor(server)
    await worker.signIn('worker', PASSWORD)
    for (const route of pages.filter((r) => ['HEAD', 'ADMIN'].includes(r.access))) {
        const method = route.methods.includes('GET') ? 'GET' : 'POST'
        const r = await worker.ask(example(route), { method, ...(method === 'POST' ? { fields: {} } : {}), follow: false })
        assert.equal(r.status, 403, route.path)
        assertStrict(r, route.path)
    }
    worker.close()
})

test('a form without a good token is refused on every public page that takes one', async () => {
    for (const route of pages.filter((r) => r.methods.includes('POST') && r.access === 'PUBLIC' && !r.flags.includes('NO_TOKEN')))
        for (const body of ['', '_token=', '_token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '_token=%00', 'x=' + 'y'.repeat(9000)]) {
            const r = await ask(example(route), form(body))
            assert.ok(r.status === 403 || (body.includes('%00') && r.status === 400), `${route.path}: ${r.status}`)
            assertStrict(r, route.path)
        }
})

test('a form from another site is refused, whatever token it has', async () => {
    const v = new Visitor(server)
    await v.get('/en/sign-in')
    const fields = { _token: v.page.token, user: 'worker', password: PASSWORD }
    for (const headers of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' },
        { Origin: 'null' }, { Origin: server.url + '.evil.example' }, { Origin: server.url.replace('http', 'http://x@') }]) {
        const r = await v.post('/en/sign-in', fields, { headers, follow: false })
        assert.equal(r.status, 403, JSON.stringify(headers))
        assert.equal(r.cookies.length, 0)
    }
    const own = await v.post('/en/sign-in', fields, { headers: { Origin: server.url, 'Sec-Fetch-Site': 'same-origin' }, follow: false })
    assert.equal(own.status, 303)
    v.close()
})

test('methods: HEAD is GET without the body, others are told what is there', async () => {
    for (const route of all) {
        const path = example(route)
        for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'BREW']) {
            if (method === 'BREW')
                continue // node refuses to send it: see hostile.test.mjs
            const r = await ask(path, { method })
            assert.equal(r.status, 405, `${method} ${path}`)
            assertStrict(r, `${method} ${path}`)
        }
        const takes = (o) => o.methods.includes('POST') && new RegExp(`^${o.path.replace(/:\w+/g, '[^/]+')}$`).test(path)
        if (!all.some(takes)) // "/staff/chat/stream" is an address of "/staff/chat/:ref", too
            assert.equal((await ask(path, form('a=b'))).status, 405, `POST ${path}`)
    }
    for (const path of ['/health', '/en/sign-in', '/en/nothing']) {
        const get = await ask(path)
        const head = await ask(path, { method: 'HEAD' })
        assert.equal(head.status, get.status)
        assert.equal(head.bytes.length, 0)
        assert.equal(head.headers['content-type'], get.headers['content-type'])
    }
})

test('what is not there is 404 in the language of the address or of the browser', async () => {
    for (const [path, headers, lang] of [['/fi/ei-ole', {}, 'fi'], ['/sv/finns-inte', {}, 'sv'], ['/en/no', {}, 'en'],
        ['/no', { 'Accept-Language': 'sv-FI,sv;q=0.9' }, 'sv'], ['/no', { 'Accept-Language': 'en' }, 'en'], ['/no', {}, 'fi'],
        ['/static/app-000000.css', {}, 'fi'], ['/static/..%2f..%2fetc%2fpasswd', {}, 'fi']]) {
        const r = await ask(path, { headers })
        assert.ok(r.status === 404 || r.status === 400, `${path}: ${r.status}`)
        assert.match(r.text, new RegExp(`<html lang="${lang}"`), path)
        assertStrict(r, path)
    }
})

test('every file that a page names is there, unchanging and compressed', async () => {
    const page = await ask('/en/sign-in')
    const files = [...page.text.matchAll(/(?:href|src)="(\/static\/[^"#]+)/g)].map((m) => m[1])
    assert.ok(files.some((f) => f.endsWith('.css')) && files.some((f) => f.endsWith('.js')), files.join(' '))
    const css = await ask(files.find((f) => f.endsWith('.css')))
    const fonts = [...css.text.matchAll(/url\("?([^")]+\.woff2)/g)].map((m) => new URL(m[1], server.url + files[0]).pathname)
    for (const file of new Set([...files, ...fonts])) {
        const r = await ask(file)
        assert.equal(r.status, 200, file)
        assert.match(r.headers['cache-control'], /immutable/, file)
        assert.equal(r.headers['x-content-type-options'], 'nosniff', file)
        assert.equal((await ask(file, { headers: { 'If-None-Match': r.headers.etag } })).status, 304, file)
        if (/\.(css|js|svg)$/.test(file))
            assert.equal((await ask(file, { headers: { 'Accept-Encoding': 'br' } })).headers['content-encoding'], 'br', file)
    }
})

test('health and metrics say what they should, and nothing of persons', async () => {
    const health = JSON.parse((await ask('/health')).text)
    assert.equal(health.ready, true)
    assert.match(health.version, /^\d+\.\d+\.\d+$/)
    assert.ok(health.schema >= 3)
    assert.match(health.engine, new RegExp(`^${engine} \\d`))
    const metrics = (await ask('/metrics')).text
    for (const line of metrics.trimEnd().split('\n'))
        assert.match(line, /^(# (HELP|TYPE) asialla_\w+ .+|asialla_\w+(\{\w+="[^"]*"\})? -?\d+)$/)
    assert.match(metrics, /asialla_requests_total [1-9]/)
})
