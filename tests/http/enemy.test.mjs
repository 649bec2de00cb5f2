// What an enemy, a double click and a page that has been open too long do: nothing is done twice, nothing typed is lost, nothing
// is shown to whom it is not, and no log holds what a person said.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { asialla, bareCounty, startServer } from '../lib/server.mjs'
import { Visitor } from '../lib/client.mjs'
import { act, findMatter, handOver, makeContact, openByCode, openMatter, staff as signedIn } from '../lib/people.mjs'
import { assertStrict } from '../lib/strict.mjs'

let server
const visitors = []
const secrets = [] // what must not stand in the journal
before(async () => { server = await startServer({ data: bareCounty(), args: ['--contacts', '0', '--proxy', '127.0.0.1'] }) })
after(async () => {
    for (const v of visitors)
        v.close()
    const log = await server.stop()
    for (const s of secrets)
        assert.ok(!log.includes(s), `the journal holds "${s}"`)
    const r = asialla(['verify', '--data', server.data])
    assert.equal(r.status, 0, r.out + r.err)
})

const visitor = (options) => visitors[visitors.push(new Visitor(server, options)) - 1]
async function staff(login) {
    return visitors[visitors.push(await signedIn(server, login)) - 1]
}
const says = (page, text) => assert.ok(page.text.includes(text), `${page.path} (${page.status}) does not say "${text}"`)
const saysNot = (page, text) => assert.ok(!page.text.includes(text), `${page.path} says "${text}"`)
const times = (page, text) => page.text.split(text).length - 1

let serial = 0
async function newMatter(worker, answers = {}, form = 'other') {
    const text = `secret number ${++serial} of the enemy`
    const resident = visitor()
    const code = await makeContact(resident, { form, answers: { 'q.what': text, ...answers } })
    secrets.push(text, code, code.replaceAll('-', ''))
    return { resident, code, text, ref: await findMatter(worker, resident, code) }
}
async function taken(worker, answers, form) {
    const m = await newMatter(worker, answers, form)
    await openMatter(worker, m.ref)
    await act(worker, 'taken')
    m.token = worker.page.token
    m.do = (kind, fields = {}) => worker.post(`/en/staff/matter/${m.ref}`, { _token: m.token, act: kind, ...fields }, { follow: false })
    return m
}

test('a form that is sent twice is done once: notes, tries, messages, handing over', async () => {
    const worker = await staff('worker')
    const m = await taken(worker)
    for (const [kind, text] of [['noted', 'the same note'], ['missed', 'nobody there'], ['answered', 'the same answer']]) {
        for (let i = 0; i < 2; i++)
            assert.equal((await m.do(kind, { text })).status, 303, kind)
        await openMatter(worker, m.ref)
        const history = /<ol class="timeline[^]*?<\/ol>/.exec(worker.page.text)[0]
        assert.equal(history.split(text).length - 1, 1, kind)
    }
    assert.equal((await m.do('answered', { text: 'another answer' })).status, 303)
    assert.equal((await m.do('answered', { text: 'the same answer' })).status, 303)
    await openByCode(m.resident, m.code)
    assert.equal(times(m.resident.page, 'the same answer'), 2, 'what is said again later is said again')
    const token = m.resident.page.token
    for (let i = 0; i < 2; i++)
        await m.resident.post('/en/status/matter/message', { _token: token, text: 'my only message' })
    assert.equal(times(m.resident.page, 'my only message'), 1)
    const n = await taken(worker)
    await openMatter(worker, n.ref)
    const to = /<optgroup label="Teams of the same[^>]*>[^]*?<option value="([^"]+)"/.exec(worker.page.text)[1]
    for (let i = 0; i < 2; i++) {
        const r = await n.do('hand-offered', { to, text: 'why' })
        assert.equal(r.status, 303)
        assert.match(r.headers.location, /\?done=hand-offered$/)
    }
    await openMatter(worker, n.ref)
    assert.equal(times(worker.page, 'Handed over, not taken yet'), 1)
})

test('what was written is not lost when the matter has gone to others, or the hour is over', async () => {
    const worker = await staff('worker')
    const m = await taken(worker)
    await openMatter(worker, m.ref)
    await handOver(worker, m.ref, await Promise.all(['other', 'nurse', 'head'].map((login) => staff(login))))
    const late = await m.do('answered', { text: 'a long answer <b>' })
    assert.equal(late.status, 404)
    says(late, 'a long answer &lt;b&gt;')
    saysNot(late, m.text)
    assertStrict(late, 'a stale page')
    await openByCode(m.resident, m.code)
    const token = m.resident.page.token
    m.resident.jar.clear()
    const gone = await m.resident.post('/en/status/matter/message', { _token: token, text: 'written for over an hour' })
    assert.ok(gone.status >= 400)
    says(gone, 'written for over an hour')
    says(gone, 'readonly')
    const forged = await m.resident.post('/en/status/matter/message', { text: 'Pay here' }, { headers: { 'Sec-Fetch-Site': 'cross-site' } })
    saysNot(forged, 'Pay here')
})

test('two codes in two tabs: what is sent from the first never reaches the second', async () => {
    const worker = await staff('worker')
    const [a, b] = [await newMatter(worker), await newMatter(worker)]
    const tabs = visitor()
    await openByCode(tabs, a.code)
    const first = tabs.page.token
    await tabs.post('/en/status', { code: b.code })
    const sent = await tabs.post('/en/status/matter/message', { _token: first, text: 'about the first' })
    assert.ok(sent.status >= 400, String(sent.status))
    says(sent, 'about the first')
    await openByCode(b.resident, b.code)
    saysNot(b.resident.page, 'about the first')
})

test('no text that shows nothing closes a matter or answers', async () => {
    const worker = await staff('worker')
    const m = await taken(worker)
    for (const text of ['\u00a0', '\u200b\u200d', '\u3000\ufeff', '\u2800', '\u202e\u202c', '\u00ad'])
        for (const kind of ['closed', 'answered'])
            assert.equal((await m.do(kind, { outcome: 'advice', text })).status, 422, `${kind} ${JSON.stringify(text)}`)
    assert.equal((await m.do('closed', { outcome: 'advice', text: '\u0645' })).status, 303, 'Arabic shows')
})

test('forged fields: a reason of another register, a phone that is none, names that turn the line round', async () => {
    const worker = await staff('worker')
    const m = await taken(worker, { 'd.name': 'Anna\u202enaM\u0007 \u2066X' })
    assert.ok(!/[\u202a-\u202e\u2066-\u2069\u0007]/.test(worker.page.text))
    for (const phone of ['\u00e5'.repeat(30), 'x', '1'.repeat(500), '<b>'])
        assert.equal((await m.do('details', { phone })).status, 422, phone)
    assert.equal((await m.do('details', { name: '\u00e5'.repeat(201) })).status, 422)
    assert.equal((await m.do('details', { name: '\u00e5'.repeat(200), phone: '+358 (0)40 123' })).status, 303)
    for (const reason of ['dental', 'nonsense', ''])
        assert.equal((await m.do('assessed', { urgency: 'now', reason, profession: 'nurse' })).status, 422, reason)
})

test('nobody and a resident reach no page of professionals; a professional without a team reaches no matter', async () => {
    const worker = await staff('worker')
    const m = await taken(worker)
    const nobody = visitor()
    await openByCode(m.resident, m.code)
    const admin = await staff('admin')
    for (const path of ['', `matter/${m.ref}`, 'new', 'new/other', 'overview', 'stream?team=1'])
        for (const v of [nobody, m.resident]) {
            const r = await v.get(`/en/staff/${path}`, { follow: false })
            assert.equal(r.status, 303, path)
            assert.match(r.headers.location, /\/sign-in/)
            saysNot(r, m.text)
        }
    for (const v of [nobody, m.resident, admin]) {
        const r = await v.post(`/en/staff/matter/${m.ref}`, { _token: v.page.token ?? '', act: 'noted', text: 'I was here' }, { follow: false })
        assert.ok(r.status >= 400, String(r.status))
        saysNot(r, m.text)
    }
    assert.equal((await worker.get('/en/staff/overview', { follow: false })).status, 403)
    await openMatter(worker, m.ref)
    saysNot(worker.page, 'I was here')
})

test('one code does not write without end', async () => {
    const worker = await staff('worker')
    const m = await newMatter(worker)
    await openByCode(m.resident, m.code)
    const token = m.resident.page.token
    let refused = 0
    for (let i = 0; i < 15; i++)
        refused += (await m.resident.post('/en/status/matter/message', { _token: token, text: `again and again ${i}` }, { follow: false })).status !== 303
    assert.ok(refused >= 4 && refused < 15, String(refused))
    says(m.resident.page, 'again and again 14')
})

test('a letter that came earlier: the clocks count from then, the log of looks tells when it was noted', async () => {
    const worker = await staff('worker')
    const noted = async (on, at = '10:00') => {
        await worker.get('/en/staff/new/other')
        const form = worker.page.form(/\/staff\/new\/other$/)
        const values = { channel: 'letter', on, at, 'd.reach': 'none', take: null }
        for (const c of form.controls)
            if (/^q\./.test(c.name) && c.tag === 'textarea')
                values[c.name] = 'a letter'
            else if (/^q\./.test(c.name) && c.type === 'radio')
                values[c.name] ??= c.value
        return worker.submit(/\/staff\/new\/other$/, values)
    }
    const day = (n) => new Date(Date.now() + n * 86400_000).toISOString().slice(0, 10)
    for (const [on, at] of [[day(2)], [day(-400)], ['0001-01-01'], ['9999-12-31'], ['', ''], [day(-1), '25:00']])
        assert.equal((await noted(on, at)).status, 422, `${on} ${at}`)
    assert.equal((await noted(day(-20))).status, 200)
    const code = /<span class="code"[^>]*>([^<]+)/.exec(worker.page.text)[1]
    secrets.push(code)
    const resident = visitor()
    await openByCode(resident, code)
    const log = /<ul class="log">([^]*?)<\/ul>/.exec(resident.page.text)[1]
    assert.ok(!log.includes(day(-20)) && Math.abs(Date.parse(/datetime="([^"]+)/.exec(log)[1]) - Date.now()) < 600_000, log)
})

test('the receipt on paper says where the code is written; not what another made of the address', async () => {
    const page = async (headers) => {
        const v = visitor({ headers })
        secrets.push(await makeContact(v))
        return v.page
    }
    const plain = await page({})
    says(plain, `${new URL(server.url).host}/en/status</strong>`)
    const evil = await page({ 'X-Forwarded-Host': 'evil.test/<b>?' })
    saysNot(evil, 'evil.test')
})
