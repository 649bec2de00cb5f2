// Fault injection: while one request is answered, its n-th allocation, SQL step, commit or socket write fails, for n in turn
// until nothing is left to fail. Never a crash, a leak or a half-done write: whoever was told "saved" finds it, whoever was
// not can send the same again, and in the end `verify` finds log, projections and seals in order.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import path from 'node:path'
import { PASSWORD, asialla, bareCounty, checkDir, engine, long, startServer } from '../lib/server.mjs'
import { Visitor, request, sleep } from '../lib/client.mjs'
import { FORM, codeOf, contactTemplate, findMatter, makeContact, openByCode, openMatter, staff } from '../lib/people.mjs'

const KINDS = ['alloc', 'sql', 'commit', 'write']
const MOST = long ? 100_000 : 60 // different n a kind and request; beyond it every k-th

let server
let door
before(async () => {
    server = await startServer({
        data: bareCounty(), args: ['--contacts', '0', '--proxy', '127.0.0.1'], stdin: 'pipe',
        using: path.join(checkDir, 'tests', 'fault_server'),
    })
    let pending
    let text = ''
    server.child.stdout.on('data', (d) => {
        text += d
        for (let at; (at = text.indexOf('\n')) >= 0; text = text.slice(at + 1))
            pending(text.slice(0, at))
    })
    door = (command) => new Promise((resolve) => { pending = resolve; server.child.stdin.write(command + '\n') })
})
after(async () => {
    await server.stop()
    const r = asialla(['verify', '--data', server.data])
    assert.equal(r.status, 0, r.out + r.err)
})

// How a request ended: its status, 0 where the connection was lost.
const outcome = (promise) => promise.then((r) => r, (e) => ({ status: 0, text: '', error: e.message, cookies: [], headers: {} }))

async function alive() {
    assert.equal((await request(server.url + '/health')).status, 200, 'the server is gone:\n' + server.log.slice(-3000))
}

// ask(n) sends the request under test; check(answer, n) says what must be true afterwards. Returns how many faults struck.
async function inTurn(kind, ask, check) {
    let struck = 0
    let stride = 1
    for (let n = 1; n < 1_000_000; n += stride) {
        assert.equal(await door(`arm ${kind} ${n}`), 'armed')
        const answer = await outcome(ask(n))
        const left = Number(/^left (-?\d+)$/.exec(await door(`left ${kind}`))[1])
        assert.ok([0, 200, 303, 403, 404, 409, 422, 429, 500, 503].includes(answer.status), `${kind} ${n}: ${answer.status}`)
        if (kind !== 'write' && !(kind === 'alloc' && n === 1)) // without memory to begin with, it hangs up
            assert.notEqual(answer.status, 0, `${kind} ${n}: no answer (${answer.error})`)
        await check(answer, n)
        await alive()
        if (left > 0)
            return struck
        struck++
        if (struck >= MOST)
            stride = Math.ceil(n / MOST) + 1
        if (!long && struck > MOST * 2)
            return struck
    }
    return struck
}

// A test of one request under every kind of fault; at least one must have struck.
function faults(name, prepare, wants = ['alloc']) {
    test(name, async (t) => {
        const { ask, check = async () => {} } = await prepare()
        const counts = {}
        for (const kind of KINDS)
            counts[kind] = await inTurn(kind, ask, check)
        t.diagnostic(`${name}: struck ${KINDS.map((k) => `${k} ${counts[k]}`).join(', ')}`)
        // what libpq allocates passes no door of ours, and an answer may need no more memory than is kept
        for (const kind of wants.filter((k) => engine === 'sqlite' || k !== 'alloc'))
            assert.ok(counts[kind] > 0, `no ${kind} fault struck: ${JSON.stringify(counts)}`)
    })
}

const get = (url, headers = {}) => request(server.url + url, { headers })

for (const url of ['/health', '/metrics', '/en/', '/fi/search?q=hammas', '/sv/contact', '/en/contact/health', '/en/sign-in', '/en/nothing'])
    faults(`GET ${url}`, async () => ({
        ask: () => get(url),
        check: async (r) => { assert.ok([0, 200, 404, 500, 503].includes(r.status)) },
    }), url.includes('contact') ? ['alloc'] : [])

faults('a contact: told "sent", it is there; not told, the same form can be sent again, once', async () => {
    const t = await contactTemplate(server)
    const send = (once) => request(server.url + t.path, { method: 'POST', headers: FORM, body: t.body(once) })
    let serial = 0
    let last
    return {
        ask: () => send((last = `fault-contact-${String(serial++).padStart(12, '0')}`)),
        check: async (r) => {
            const again = await send(last)
            assert.equal(again.status, 200)
            const code = codeOf(again)
            if (r.status === 200)
                assert.equal(codeOf(r), code, 'one form, one code')
            const v = new Visitor(server)
            await openByCode(v, code)
            assert.equal(v.page.status, 200)
            assert.equal(v.page.path, '/en/status/matter')
            v.close()
        },
    }
}, ['alloc', 'sql', 'commit', 'write'])

faults('opening by code, reading the status page', async () => {
    const v = new Visitor(server)
    const code = await makeContact(v)
    await openByCode(v, code)
    const cookie = v.cookie
    v.close()
    let serial = 0
    return {
        ask: async () => {
            const r = await request(server.url + '/en/status', { method: 'POST', headers: { ...FORM, 'X-Forwarded-For': `198.51.100.${++serial % 250}` }, body: new URLSearchParams({ code }).toString() })
            assert.ok(r.status !== 303 || r.cookies.length === 1)
            return r.status === 303 ? get('/en/status/matter', { Cookie: cookie }) : r
        },
    }
}, ['alloc', 'sql', 'commit'])

faults("a resident's message: all of it or nothing", async () => {
    const v = new Visitor(server)
    const code = await makeContact(v)
    await openByCode(v, code)
    const token = v.page.token
    const headers = { ...FORM, Cookie: v.cookie }
    let serial = 0
    let text
    return {
        ask: () => request(server.url + '/en/status/matter/message', { method: 'POST', headers: { ...headers, 'X-Forwarded-For': `198.51.${100 + (serial >> 8)}.${serial & 255}` }, body: new URLSearchParams({ _token: token, text: (text = `message ${serial++} of faults`) }).toString() }),
        check: async (r) => {
            const page = await get('/en/status/matter', { Cookie: headers.Cookie })
            assert.equal(page.status, 200)
            if (r.status === 303)
                assert.ok(page.text.includes(text), 'answered, but not there')
            else if (r.status !== 0)
                assert.ok(!page.text.includes(text), `answered ${r.status}, but there`)
        },
    }
}, ['alloc', 'sql', 'commit'])

faults('signing in with a password', async () => {
    const v = new Visitor(server)
    await v.get('/en/sign-in')
    const token = v.page.token
    v.close()
    let serial = 0
    const logins = ['admin', 'head', 'worker', 'other', 'nurse', ...Array.from({ length: 20 }, (_, i) => `racer${i}`)]
    return {
        ask: () => request(server.url + '/en/sign-in', {
            method: 'POST', headers: { ...FORM, 'X-Forwarded-For': `198.51.${++serial >> 6}.${serial & 63}` },
            body: new URLSearchParams({ _token: token, user: logins[serial % logins.length], password: PASSWORD }).toString(),
        }),
        check: async (r) => { assert.ok(r.status !== 303 || r.cookies.length === 1) },
    }
}, ['alloc', 'sql', 'commit'])

faults("a matter's page: shown only when its sight is logged; taking it: done or not done", async () => {
    const worker = await staff(server, 'worker')
    const resident = new Visitor(server)
    const code = await makeContact(resident, { answers: { 'q.what': 'a matter for faults' } })
    const ref = await findMatter(worker, resident, code)
    const token = worker.page.token
    const headers = { ...FORM, Cookie: worker.cookie }
    const post = (fields) => request(server.url + `/en/staff/matter/${ref}`, { method: 'POST', headers, body: new URLSearchParams({ _token: token, ...fields }).toString() })
    let turn = 0
    let did
    return {
        ask: () => {
            did = ['taken', 'page', 'released'][turn++ % 3]
            return did === 'page' ? get(`/en/staff/matter/${ref}`, { Cookie: worker.cookie }) : post({ act: did })
        },
        check: async (r) => {
            await openMatter(worker, ref)
            assert.equal(worker.page.status, 200)
            const mine = worker.page.text.includes('value="released"')
            if (r.status === 303 && did !== 'page')
                assert.equal(mine, did === 'taken', `${did} was answered`)
            if (did === 'taken' && !mine)
                await post({ act: 'taken' })
            if (did === 'released' && mine)
                await post({ act: 'released' })
            if (turn % 30 === 0) {
                await openByCode(resident, code)
                assert.ok(resident.page.text.includes('Veikko Worker'))
            }
        },
    }
}, ['alloc', 'sql', 'commit'])

test('a live stream under faults', async () => {
    const worker = await staff(server, 'worker')
    await worker.get('/en/staff/')
    const url = /data-live="([^"]+)"/.exec(worker.page.text)[1]
    for (const kind of ['alloc', 'sql', 'write'])
        for (let n = 1; n <= (long ? 40 : 12); n++) {
            await door(`arm ${kind} ${n}`)
            const stop = new AbortController()
            const opened = fetch(server.url + url, { headers: { Cookie: worker.cookie }, signal: stop.signal }).then((r) => r.status, () => 0)
            await makeContact(new Visitor(server)).catch(() => {})
            const status = await opened
            stop.abort()
            await door(`left ${kind}`)
            assert.ok([0, 200, 500, 503].includes(status), `${kind} ${n}: ${status}`)
            await alive()
        }
    worker.close()
})

// Nobody asks for what the keeper does once a second: a fault strikes what is due by then. Seconds of waiting each, so --long.
if (long)
    test('the chores under faults', async (t) => {
        const resident = new Visitor(server)
        for (const kind of KINDS.slice(0, 3)) {
            let struck = 0
            for (let n = 1; n <= 120; n += 1 + Math.floor(n / 16)) {
                await makeContact(resident)
                await door(`arm ${kind} ${n}`)
                await sleep(1100)
                struck += await door(`left ${kind}`) === 'left 0'
                await alive()
            }
            t.diagnostic(`${kind}: ${struck} struck`)
            assert.ok(struck > 0, `no ${kind} fault struck`)
        }
        resident.close()
    })
