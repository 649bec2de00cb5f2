// Signing in: cookies, limits, what is said to whom, where it leads, and what a county without the sample mark refuses.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { PASSWORD, asialla, bareCounty, sampleCounty, startServer } from '../lib/server.mjs'
import { Visitor } from '../lib/client.mjs'
import { assertStrict } from '../lib/strict.mjs'

let data
before(() => { data = bareCounty() })

// Limits are counted in memory: a server of its own for each test that tries passwords.
async function withServer(args, fn) {
    const server = await startServer({ data, args })
    try {
        await fn(server)
    } finally {
        await server.stop()
    }
}

test('the right password signs in, with a cookie that scripts and other sites do not get', () => withServer([], async (server) => {
    const v = new Visitor(server)
    await v.get('/en/sign-in')
    const r = await v.submit(/sign-in$/, { user: 'worker', password: PASSWORD }, { follow: false })
    assert.equal(r.status, 303)
    assert.equal(r.headers.location, '/en/staff/')
    assert.equal(r.cookies.length, 1)
    assert.match(r.cookies[0], /^\w[\w-]*=[\w-]{40,}; Path=\/; Max-Age=36000; HttpOnly; SameSite=Lax$/)
    assertStrict(r, 'signing in')
    assert.equal((await v.get('/en/sign-in', { follow: false })).status, 303)
    v.close()
}))

test('--secure: cookies for https only, and strict transport', () => withServer(['--secure'], async (server) => {
    const v = new Visitor(server)
    await v.get('/en/sign-in')
    const r = await v.submit(/sign-in$/, { user: 'worker', password: PASSWORD }, { follow: false })
    assert.match(r.cookies[0], /; Secure$/)
    assert.match(r.headers['strict-transport-security'], /max-age=\d{7,}/)
    v.close()
}))

test('a wrong password, an unknown user and one without a password are told the same', () => withServer([], async (server) => {
    const answers = []
    const times = { worker: [], 'nobody-of-that-name': [] }
    const v = new Visitor(server)
    for (let i = 0; i < 6; i++)
        for (const user of Object.keys(times)) { // in turn: the machine may have other work
            await v.get('/en/sign-in')
            const began = performance.now()
            const r = await v.submit(/sign-in$/, { user, password: 'wrong password ' + i })
            times[user].push(performance.now() - began)
            assert.equal(r.status, 403)
            assert.equal(r.cookies.length, 0)
            assertStrict(r, 'a wrong password')
            answers.push(r.text.replaceAll(user, 'USER').replace(/name="_token" value="[^"]*"/g, ''))
        }
    v.close()
    assert.equal(new Set(answers).size, 1, 'the answers differ')
    const [known, unknown] = Object.values(times).map((t) => Math.min(...t))
    assert.ok(unknown > known / 3 && unknown < known * 3, `known ${known.toFixed(1)} ms, unknown ${unknown.toFixed(1)} ms`)
}))

test('the user name comes back escaped, the password never', () => withServer([], async (server) => {
    const v = new Visitor(server)
    await v.get('/en/sign-in')
    const r = await v.submit(/sign-in$/, { user: '"><script>alert(1)</script>', password: 'secret-of-mine-123' })
    assertStrict(r, 'markup as a user name')
    assert.doesNotMatch(r.text, /<script>alert|secret-of-mine/)
    v.close()
}))

test('guessing is limited by user name and by address, and the right password does not help then', () => withServer([], async (server) => {
    const v = new Visitor(server)
    await v.get('/en/sign-in')
    const first = v.page
    const tries = async (user, n) => {
        const seen = []
        for (let i = 0; i < n; i++) {
            v.page = first
            seen.push((await v.submit(/sign-in$/, { user, password: `guess number ${i}` })).status)
        }
        return seen
    }
    const seen = await tries('worker', 6)
    assert.deepEqual(seen, Array(6).fill(403), seen.join())
    // A try is given back every ten seconds: where that was the right one, it is tried anew.
    for (let i = 0, right; right !== 429; i++) {
        assert.ok(i < 4, 'the right password signs in')
        v.jar.clear()
        for (let more = 0; (await tries('worker', 1))[0] !== 429; more++)
            assert.ok(more < 20, 'who guesses is not limited')
        v.page = first
        right = (await v.submit(/sign-in$/, { user: 'worker', password: PASSWORD }, { follow: false })).status
    }
    assert.equal(v.jar.size, 0)
    const others = await tries('head', 3).then((a) => [...a])
    assert.ok(others.every((s) => s === 403), 'another user is not locked out: ' + others)
    const spread = []
    for (let i = 0; i < 60 && !spread.includes(429); i++)
        spread.push(...(await tries('name' + i, 1)))
    assert.ok(spread.includes(429), 'one address may try only so many: ' + spread)
    v.close()
}))

test('afterwards it leads only to our own staff pages', () => withServer([], async (server) => {
    for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example/', '/en/staff/\\..\\..//evil.example', 'javascript:alert(1)',
        '/en/staff/%0d%0aSet-Cookie: a=b', '/fi/staff/', '/en/../..//evil.example', '/en/staff/\r\nX: y', 'x'.repeat(4000)]) {
        const v = new Visitor(server, { headers: {} })
        await v.get('/en/sign-in?next=' + encodeURIComponent(next))
        if (v.page.status === 400) {
            v.close()
            continue
        }
        assertStrict(v.page, next)
        const kept = v.page.form(/sign-in$/).fields.find(([n]) => n === 'next')[1]
        assert.match(kept, /^\/en\/staff\//, next)
        assert.doesNotMatch(kept, /[\\\r\n]/)
        v.close()
    }
    const v = new Visitor(server)
    await v.get('/en/sign-in')
    const r = await v.submit(/sign-in$/, { user: 'worker', password: PASSWORD, next: 'https://evil.example/' }, { follow: false })
    assert.equal(r.headers.location, '/en/staff/')
    v.close()
}))

test('without --demo nobody made up can be used, and no page says sample', () => withServer([], async (server) => {
    const v = new Visitor(server)
    await v.get('/en/sign-in')
    assert.doesNotMatch(v.page.text, /persona|sample county/i)
    const r = await v.post('/en/sign-in/persona', { _token: v.page.token, persona: 'worker' })
    assert.equal(r.status, 404)
    assert.equal(v.jar.size, 0)
    v.close()
}))

test('with --demo every page says sample; who has a password is nobody to try, and who is not there neither', async () => {
    const sample = sampleCounty()
    const add = asialla(['user', 'add', '--data', sample, '--login', 'worker', '--name', 'Own Person', '--role', 'worker'],
        { input: PASSWORD + '\n' })
    assert.equal(add.status, 0, add.err)
    const server = await startServer({ data: sample, args: ['--demo'] })
    try {
        for (const persona of ['worker', 'nobody', '']) {
            const v = new Visitor(server)
            await v.get('/en/sign-in')
            assert.match(v.page.text, /sample/i)
            const r = await v.post('/en/sign-in/persona', { _token: v.page.token, persona })
            assert.equal(r.status, 400, persona)
            assert.match(r.text, /sample/i)
            assert.equal(v.jar.size, 0)
            v.close()
        }
    } finally {
        await server.stop()
    }
})

test('--demo is refused where the county is not a sample', () => {
    const r = asialla(['serve', '--data', data, '--demo', '--listen', '127.0.0.1:0'])
    assert.equal(r.status, 1)
    assert.match(r.err, /not a sample county/)
})

test("signing out ends the session on the server; an old or another's token does not do", () => withServer([], async (server) => {
    const v = new Visitor(server)
    await v.signIn('worker', PASSWORD)
    const cookie = v.cookie
    const other = new Visitor(server)
    await other.signIn('head', PASSWORD)
    await other.get('/en/staff/')
    const foreign = other.page.token
    if (foreign) {
        const r = await v.post('/en/staff/sign-out', { _token: foreign })
        assert.equal(r.status, 403, "another session's token")
    }
    await v.get('/en/staff/')
    if (v.page.token) {
        const out = await v.post('/en/staff/sign-out', { _token: v.page.token }, { follow: false })
        assert.equal(out.status, 303)
        assert.match(out.cookies[0], /Max-Age=0/)
        const late = new Visitor(server, { headers: { Cookie: cookie } })
        const r = await late.get('/en/staff/', { follow: false })
        assert.match(r.headers.location ?? '', /sign-in/)
        late.close()
    }
    v.close()
    other.close()
}))
