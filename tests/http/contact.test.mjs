// A resident's contact over the socket: the receipt, the code, what only this code opens, sending twice, saying no.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { asialla, bareCounty, startServer } from '../lib/server.mjs'
import { Visitor, request } from '../lib/client.mjs'
import { FORM, codeOf, contactTemplate, fillContact, makeContact, openByCode } from '../lib/people.mjs'
import { assertStrict } from '../lib/strict.mjs'

let server
before(async () => { server = await startServer({ data: bareCounty(), args: ['--contacts', '0', '--proxy', '127.0.0.1'] }) })
after(async () => {
    await server.stop()
    const r = asialla(['verify', '--data', server.data])
    assert.equal(r.status, 0, r.out + r.err)
})

const matters = () => Number(/(\d+) matters/.exec(asialla(['verify', '--data', server.data]).out)[1])
const form = (body) => ({ method: 'POST', body, headers: FORM })

test('every form can be sent, in three languages, and gives a code that opens the matter', async () => {
    const v = new Visitor(server)
    await v.get('/en/contact')
    const subjects = [...v.page.text.matchAll(/name="subject" value="([\w-]+)"/g)].map((m) => m[1])
    assert.ok(subjects.length >= 13, subjects.join())
    const codes = new Set()
    for (const [i, subject] of subjects.entries()) {
        const one = new Visitor(server, { lang: ['fi', 'sv', 'en'][i % 3] })
        const code = await makeContact(one, { form: subject })
        assert.match(code, /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}$/)
        assertStrict(one.page, 'the receipt of ' + subject)
        assert.match(one.page.headers['cache-control'], /no-store/)
        codes.add(code)
        one.close()
    }
    assert.equal(codes.size, subjects.length)
    v.close()
})

test('the status page tells what was told, and markup in every field comes out as text', async () => {
    const evil = `<script>alert(1)</script>"'><b onmouseover=x>&amp; äö €`
    const v = new Visitor(server)
    const code = await makeContact(v, { answers: { 'q.what': evil, 'd.name': evil.slice(0, 60), 'q.wish': evil } })
    assertStrict(v.page, 'the receipt')
    await openByCode(v, code)
    assert.equal(v.page.path, '/en/status/matter')
    assertStrict(v.page, 'the status page')
    assert.ok(v.page.text.includes('&lt;script&gt;alert(1)&lt;/script&gt;'), 'the text is there, escaped')
    await v.submit(/message$/, { text: evil + ' again' })
    assertStrict(v.page, 'the status page with a message')
    assert.ok(v.page.text.includes('&lt;script&gt;alert(1)&lt;/script&gt;&quot;'), 'the message is there, escaped')
    v.close()
})

test('the code may be typed as people type; nothing else opens the matter', async () => {
    const v = new Visitor(server)
    const code = await makeContact(v)
    for (const typed of [code.toLowerCase(), code.replaceAll('-', ' '), ` ${code.replaceAll('-', '')} `, code.replaceAll('0', 'O').replaceAll('1', 'l')]) {
        const one = new Visitor(server, { headers: {} })
        await openByCode(one, typed)
        assert.equal(one.page.path, '/en/status/matter', typed)
        one.close()
    }
    v.close()
})

test('two matters: each code opens its own, the session is short and strict, leaving ends it', async () => {
    const a = new Visitor(server)
    const b = new Visitor(server)
    const codeA = await makeContact(a, { answers: { 'q.what': 'first matter, about a knee' } })
    const codeB = await makeContact(b, { answers: { 'q.what': 'second matter, about a tooth' } })
    await a.get('/en/status')
    const opened = await a.submit(/\/status$/, { code: codeA }, { follow: false })
    assert.match(opened.cookies[0], /^\w[\w-]*=[\w-]{40,}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax$/)
    await openByCode(b, codeB)
    await a.get('/en/status/matter')
    assert.ok(a.page.text.includes('about a knee') && !a.page.text.includes('about a tooth'))
    assert.ok(b.page.text.includes('about a tooth') && !b.page.text.includes('about a knee'))
    const token = b.page.token
    const r = await a.post('/en/status/matter/message', { _token: token, text: 'with the token of another' })
    assert.equal(r.status, 403)
    const cookie = a.cookie
    await a.get('/en/status/matter')
    await a.submit(/leave$/)
    assert.equal(a.jar.size, 0)
    const late = await request(server.url + '/en/status/matter', { headers: { Cookie: cookie } })
    assert.equal(late.status, 303, 'the old cookie opens nothing')
    a.close()
    b.close()
})

test('a resident reaches no staff page', async () => {
    const v = new Visitor(server)
    await openByCode(v, await makeContact(v))
    for (const path of ['/en/staff/', '/en/staff/queue', '/en/staff/matter/x', '/en/staff/overview', '/en/staff/new']) {
        const r = await v.get(path, { follow: false })
        assert.ok([303, 404].includes(r.status), path)
        if (r.status === 303)
            assert.match(r.headers.location, /\/sign-in/)
    }
    const moved = new Visitor(server, { headers: { Cookie: [...v.jar].map(([, x]) => `staff=${x}; asialla_staff=${x}; s=${x}`).join('; ') } })
    assert.match((await moved.get('/en/staff/', { follow: false })).headers.location ?? '404', /sign-in|404/)
    moved.close()
    v.close()
})

test('the same form sent 50 times at once is one matter with one code', async () => {
    const before = matters()
    const t = await contactTemplate(server)
    const once = 'the-same-form-sent-fifty-times'.slice(0, 26)
    const answers = await Promise.all(Array.from({ length: 50 }, () => request(server.url + t.path, form(t.body(once)))))
    assert.deepEqual([...new Set(answers.map((r) => r.status))], [200])
    assert.equal(new Set(answers.map((r) => codeOf(r))).size, 1)
    assert.equal(matters(), before + 1)
})

test('a contact needs its answers: what is missing is said, and nothing is stored', async () => {
    const before = matters()
    const v = new Visitor(server)
    await v.get('/en/contact/other')
    await v.submit(/contact\/other$/, {})
    assert.equal(v.page.status, 422)
    assert.match(v.page.text, /id="errors"[^>]*role="alert"/)
    const t = await contactTemplate(server)
    for (const [name, value] of [['q.what', ''], ['d.reach', 'nonsense'], ['d.who', ''], ['q.what', 'x'.repeat(100_000)], ['d.born.y', '3000']]) {
        const r = await request(server.url + t.path, form(t.body('once-' + name + '-0123456789', { [name]: value }) + (name === 'd.born.y' ? '&d.born.d=1&d.born.m=1&d.born.y=3000' : '')))
        assert.ok([200, 422].includes(r.status) || r.status === 413, `${name}: ${r.status}`)
        if (name !== 'd.who' && name !== 'd.born.y')
            assert.doesNotMatch(r.text, /class="code"/, name)
    }
    v.close()
    assert.ok(matters() <= before + 2)
})

test('a personal identity code is not taken', async () => {
    const v = new Visitor(server)
    await v.get('/en/contact/other')
    const f = v.page.form(/contact\/other$/)
    await v.submit(/contact\/other$/, { 'q.what': 'My code is 131052-308T, call me.' })
    assert.equal(v.page.status, 422, f.action)
    v.close()
})

test('back and forth, and in another language: nothing that was answered is lost', async () => {
    const v = new Visitor(server)
    await fillContact(v, { answers: { 'q.what': 'answers that must survive' } })
    const check = v.page
    const other = check.text.match(/formaction="(\/fi\/contact\/other)"/)[1]
    v.page = check
    const form = check.form(/contact\/other$/)
    await v.post(other, [...form.fields, ['to', 'check']])
    assert.match(v.page.text, /<html lang="fi"/)
    assert.match(v.page.text, /answers that must survive/)
    await v.submit(/contact\/other$/, {}, { button: ['to', '0'] })
    assert.match(v.page.text, /answers that must survive/)
    v.close()
})

test('cancelling: no longer open, can be opened again by a message', async () => {
    const v = new Visitor(server)
    await openByCode(v, await makeContact(v))
    await v.submit(/cancel$/, { text: 'it went away' })
    assert.equal(v.page.status, 200)
    assert.ok(!v.page.forms.some((f) => /cancel$/.test(f.action)), 'what is cancelled cannot be cancelled')
    await v.get('/en/status/matter')
    const token = v.page.token
    const again = await v.post('/en/status/matter/cancel', { _token: token, text: 'again' })
    assert.equal(again.status, 409)
    await v.get('/en/status/matter')
    await v.submit(/message$/, { text: 'it came back' })
    assert.ok(v.page.forms.some((f) => /cancel$/.test(f.action)), 'open again')
    await v.submit(/message$/, { text: '   ' })
    assert.equal(v.page.status, 422)
    v.close()
})

test('guessing codes is limited by address, and a real code does not help then', async () => {
    const own = await startServer({ data: bareCounty() })
    const v = new Visitor(own)
    const code = await makeContact(v)
    const seen = []
    const guess = async () => {
        await v.get('/en/status')
        const r = await v.submit(/\/status$/, { code: `AAAA-AAAA-AA${'ABCDEFGHJK'[seen.length % 10]}${'ABCDEFGHJK'[seen.length / 10 | 0]}A` })
        seen.push(r.status)
        assertStrict(r, 'a wrong code')
        return r.status
    }
    // A try is given back every few seconds: where that was the real code, it is tried anew.
    for (let i = 0, real; real !== 429; i++) {
        assert.ok(i < 6, 'a real code helps')
        v.jar.clear()
        while (await guess() !== 429)
            assert.ok(seen.length < 90, 'who guesses is not limited')
        await v.get('/en/status')
        real = (await v.submit(/\/status$/, { code }, { follow: false })).status
    }
    assert.ok(seen.slice(0, 5).every((s) => s === 403), seen.join())
    assert.equal(v.jar.size, 0)
    v.close()
    await own.stop()
})

test('contacts from one address are limited, and the answers are kept for another try', async () => {
    const own = await startServer({ data: bareCounty(), args: ['--contacts', '3'] })
    const t = await contactTemplate(own)
    const seen = []
    for (let i = 0; i < 30 && seen.at(-1)?.status !== 429; i++)
        seen.push(await request(own.url + t.path, form(t.body(`limited-contact-number-${i}`))))
    assert.deepEqual(seen.slice(0, 3).map((r) => r.status), [200, 200, 200])
    const last = seen.at(-1)
    assert.equal(last.status, 429)
    assert.match(last.text, /My knee hurts/)
    await own.stop()
})
