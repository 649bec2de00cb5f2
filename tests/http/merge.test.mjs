// Duplicates over the socket: what is offered and to whom, two codes that open one page, messages by either, undoing; a caller
// who has a matter already; two who join crosswise.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { asialla, bareCounty, startServer } from '../lib/server.mjs'
import { Visitor, sleep } from '../lib/client.mjs'
import { act, findMatter, makeContact, openByCode, openMatter, queue, staff as signedIn } from '../lib/people.mjs'
import { assertStrict } from '../lib/strict.mjs'

let server
const visitors = []
before(async () => { server = await startServer({ data: bareCounty(), args: ['--contacts', '0', '--proxy', '127.0.0.1'] }) })
after(async () => {
    for (const v of visitors)
        v.close()
    await server.stop()
    const r = asialla(['verify', '--data', server.data])
    assert.equal(r.status, 0, r.out + r.err)
})

const visitor = (options) => visitors[visitors.push(new Visitor(server, options)) - 1]
const staff = async (login) => visitors[visitors.push(await signedIn(server, login)) - 1]

let serial = 0
async function newMatter(worker, answers = {}) {
    const text = `duplicate ${++serial}` // too short to be compared
    const resident = visitor()
    const code = await makeContact(resident, { answers: { 'q.what': text, text, ...answers } })
    return { resident, code, text, ref: await findMatter(worker, resident, code) }
}
const byPhone = (phone) => ({ 'd.reach': 'call', 'd.phone': phone })

// The references that the matter's page offers as perhaps the same. They are found a moment after the contact.
async function offered(worker, ref, wanted) {
    for (let i = 0; ; i++) {
        await openMatter(worker, ref)
        const refs = [...worker.page.text.matchAll(/\/same\?with=([\w-]+)"/g)].map((m) => m[1])
        if (refs.length || i === (wanted ? 600 : 25))
            return refs
        await sleep(100)
    }
}
const says = (page, text) => assert.ok(page.text.includes(text), `${page.path} (${page.status}) does not say "${text}"`)
const saysNot = (page, text) => assert.ok(!page.text.includes(text), `${page.path} says "${text}"`)

const compare = (worker, x, y) => worker.get(`/en/staff/matter/${x}/same?with=${y}`)
const join = async (worker, kept, other) => {
    await compare(worker, kept, other)
    return worker.submit((f) => /\/same$/.test(f.action) && f.fields.some(([n]) => n === '_token'), { keep: kept })
}
const separate = (worker) => worker.submit(/\/separate$/)

test('the same phone is offered with the reason; joined, both codes open one page; separated, each its own', async () => {
    const worker = await staff('worker')
    const one = await newMatter(worker, byPhone('040 700 1001'))
    const two = await newMatter(worker, byPhone('+358 40 7001001'))
    assert.deepEqual(await offered(worker, two.ref, true), [one.ref])
    says(worker.page, 'Same phone number')
    await compare(worker, two.ref, one.ref)
    assert.equal(worker.page.status, 200)
    assertStrict(worker.page, 'two matters side by side')
    says(worker.page, one.text)
    says(worker.page, two.text)
    const checked = /name="keep" value="([\w-]+)" checked/.exec(worker.page.text)?.[1]
    assert.equal(checked, one.ref, 'the older one is proposed to stay')
    await join(worker, one.ref, two.ref)
    says(worker.page, 'The two are joined')
    const line = await queue(worker)
    assert.ok(line.includes(one.ref) && !line.includes(two.ref), 'one line in the queue')
    for (const m of [one, two]) {
        await openByCode(m.resident, m.code)
        says(m.resident.page, one.text)
        says(m.resident.page, two.text)
        says(m.resident.page, 'Your contacts are one matter')
        assertStrict(m.resident.page, 'one page for both')
    }
    await two.resident.submit(/message$/, { text: 'written with the second code' })
    await openMatter(worker, one.ref)
    says(worker.page, 'written with the second code')
    says(worker.page, two.text)
    says(worker.page, 'in the joined matter')
    await openMatter(worker, two.ref)
    says(worker.page, 'This matter was joined to another')
    await compare(worker, one.ref, two.ref)
    await separate(worker)
    says(worker.page, 'The two are separated')
    assert.ok((await queue(worker)).includes(two.ref))
    await openByCode(two.resident, two.code)
    says(two.resident.page, two.text)
    saysNot(two.resident.page, one.text)
    saysNot(two.resident.page, 'written with the second code')
})

test('a call-back in the phone queue goes when the joined matter has solved it', async () => {
    const worker = await staff('worker')
    const call = await newMatter(worker, byPhone('040 700 1002'))
    const chat = await newMatter(worker)
    await openMatter(worker, call.ref)
    says(worker.page, 'Call')
    await join(worker, chat.ref, call.ref)
    await openMatter(worker, chat.ref)
    await act(worker, 'taken')
    await openMatter(worker, chat.ref)
    await act(worker, 'contacted', { text: 'Solved.' })
    assert.equal(worker.page.status, 200)
    assert.ok(!(await queue(worker)).includes(call.ref))
    await openByCode(call.resident, call.code)
    says(call.resident.page, 'We talked')
})

test("another team's matter is never offered, named or compared", async () => {
    const worker = await staff('worker')
    const other = await staff('other')
    const one = await newMatter(worker, byPhone('040 700 1003'))
    const two = await newMatter(worker, byPhone('040 700 1003'))
    assert.deepEqual(await offered(worker, two.ref, true), [one.ref])
    for (const path of [`/en/staff/matter/${one.ref}/same?with=${two.ref}`, `/en/staff/matter/${one.ref}`])
        assert.equal((await other.get(path)).status, 404, path)
    await other.get('/en/staff/')
    for (const what of ['same', 'separate']) {
        const r = await other.post(`/en/staff/matter/${one.ref}/${what}`, { _token: other.page.token, with: two.ref, keep: one.ref })
        assert.equal(r.status, 404, what)
    }
    assert.equal((await compare(worker, one.ref, one.ref)).status, 404)
    assert.equal((await compare(worker, one.ref, 'nonsense')).status, 404)
    await openByCode(one.resident, one.code)
    saysNot(one.resident.page, 'Olga Other')
    says(one.resident.page, 'Veikko Worker') // who compared has seen it
})

test('two who join crosswise at once: one wins, nothing is joined twice', async () => {
    const workers = [await staff('worker'), await staff('worker')]
    const one = await newMatter(workers[0])
    const two = await newMatter(workers[0])
    await Promise.all(workers.map((w) => w.get('/en/staff/')))
    const body = (w, x, y) => w.post(`/en/staff/matter/${x}/same`, { _token: w.page.token, with: y, keep: x }, { follow: false })
    const [a, b] = await Promise.all([body(workers[0], one.ref, two.ref), body(workers[1], two.ref, one.ref)])
    assert.deepEqual([a.status, b.status].sort(), [303, 409])
    const list = await queue(workers[0])
    assert.equal([one, two].filter((m) => list.includes(m.ref)).length, 1)
})

test('what others have is joined only when it is agreed on', async () => {
    const worker = await staff('worker')
    const head = await staff('head')
    const one = await newMatter(worker)
    const two = await newMatter(worker)
    await openMatter(head, two.ref)
    await act(head, 'taken')
    await join(worker, one.ref, two.ref)
    assert.equal(worker.page.status, 422)
    await worker.submit((f) => /\/same$/.test(f.action) && f.fields.some(([n]) => n === '_token'), { keep: one.ref, agreed: 'yes' })
    says(worker.page, 'The two are joined')
})

test('a caller who has a matter: asked before anything is saved, nothing typed is lost, and joined when it is the same', async () => {
    const worker = await staff('worker')
    const one = await newMatter(worker, byPhone('040 700 1004'))
    await offered(worker, one.ref, false) // until it can be found
    const before = (await queue(worker)).length
    await worker.get('/en/staff/new/other')
    const typed = { channel: 'phone', 'd.reach': 'call', 'd.phone': '+358407001004', 'd.lang': 'fi', 'q.what': 'told on the phone, told on the phone' }
    const radios = (f) => Object.fromEntries(f.controls.filter((c) => c.type === 'radio' && c.name.startsWith('q.')).map((c) => [c.name, c.value]))
    const fill = (more) => worker.submit(/\/staff\/new\/other$/, { ...radios(worker.page.form(/\/staff\/new\/other$/)), ...typed, ...more })
    await fill({})
    assert.equal(worker.page.status, 200)
    says(worker.page, 'This person may have a matter already')
    says(worker.page, 'Same phone number')
    says(worker.page, 'told on the phone, told on the phone')
    assertStrict(worker.page, 'a caller who is known')
    assert.ok(/name="join" value="" checked/.test(worker.page.text), 'a new one, unless somebody says otherwise')
    const form = worker.page.form(/\/staff\/new\/other$/)
    assert.ok(form.fields.some(([n, v]) => n === 'known' && v === 'seen'))
    await fill({ join: one.ref })
    says(worker.page, 'It was saved as a part of the matter')
    await openMatter(worker, one.ref)
    says(worker.page, 'told on the phone, told on the phone')
    assert.equal((await queue(worker)).length, before)
})
