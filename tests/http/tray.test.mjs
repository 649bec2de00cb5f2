// Service trays over the socket: made, filled, given three ways, opened without signing in, marked, followed up; who may see
// them; that the code stands nowhere; the report, which tells of nobody.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import path from 'node:path'
import { asialla, bareCounty, root, startServer, storeText } from '../lib/server.mjs'
import { Visitor } from '../lib/client.mjs'
import { act as actOn, codeOf, findMatter, handOver, makeContact, openByCode, openMatter, staff as signedIn } from '../lib/people.mjs'
import { assertStrict } from '../lib/strict.mjs'

let server
const visitors = []
const county = (name) => path.join(root, 'data', 'county', name)
before(async () => {
    const data = bareCounty()
    const r = asialla(['import', 'ptv', '--data', data, ...['organizations', 'channels', 'services-community', 'services-family']
        .map((n) => county(n + '.json'))])
    assert.equal(r.status, 0, r.err)
    server = await startServer({ data, args: ['--contacts', '0', '--proxy', '127.0.0.1'] })
})
after(async () => {
    for (const v of visitors)
        v.close()
    await server.stop()
    const r = asialla(['verify', '--data', server.data])
    assert.equal(r.status, 0, r.out + r.err)
})

const visitor = (options) => visitors[visitors.push(new Visitor(server, options)) - 1]
const staff = async (login) => visitors[visitors.push(await signedIn(server, login)) - 1]
const says = (page, text) => assert.ok(page.text.includes(text), `${page.path} (${page.status}) does not say "${text}"`)
const saysNot = (page, text) => assert.ok(!page.text.includes(text), `${page.path} says "${text}"`)

// A new tray: its number; the page of it is open.
async function newTray(v, { matter = '', theme = '', area = '', group = '' } = {}) {
    await v.get(`/en/staff/trays/new${matter ? `?matter=${matter}` : ''}`)
    assert.equal(v.page.status, 200)
    await v.submit(/trays\/new$/, { theme, area, group })
    return Number(/\/staff\/tray\/(\d+)/.exec(v.page.path)[1])
}
// Does that on the page of the tray.
async function act(v, id, kind, values = {}, options = {}) {
    const offers = (f) => f.action === `/en/staff/tray/${id}` && f.method === 'POST'
    if (!v.page.forms.some(offers))
        await v.get(`/en/staff/tray/${id}`)
    const { _token, once } = Object.fromEntries(v.page.form(offers).fields)
    return v.post(`/en/staff/tray/${id}`, { _token, once, act: kind, ...values }, options)
}
async function addService(v, id, word) {
    await v.get(`/en/staff/tray/${id}?q=${encodeURIComponent(word)}`)
    const [, service] = /name="service" value="([^"]+)"/.exec(v.page.text)
    return act(v, id, 'add', { service })
}
async function give(v, id, way = 'code', lang = 'en') {
    await v.get(`/en/staff/tray/${id}`)
    await act(v, id, way, { lang })
    assert.equal(v.page.status, 200)
    return codeOf(v.page)
}
async function open(code, lang = 'en') {
    const p = visitor({ lang })
    await p.get(`/${lang}/tray`)
    await p.submit(/\/tray$/, { code })
    return p
}
const mark = (p, item, value) => p.submit((f) => /\/mark$/.test(f.action) && f.fields.some(([n, v]) => n === 'item' && v === String(item)), {}, { button: ['mark', value] })

test('a free tray: filled, given by code, opened in three languages, marked and changed, a word back', async () => {
    const w = await staff('worker')
    const id = await newTray(w)
    await addService(w, id, 'food aid')
    assert.equal(w.page.status, 200)
    says(w.page, 'Food aid')
    await act(w, id, 'words', { item: '1', edit: /name="edit" value="(\d+)"/.exec(w.page.text)[1], text: 'Go on a <b>Tuesday</b>.' })
    await act(w, id, 'link', { name: 'Sleep better', url: 'https://example.org/sleep', text: '' })
    assertStrict(w.page, 'the tray')
    const code = await give(w, id)
    assert.match(code, /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}$/)
    assertStrict(w.page, 'the code')
    says(w.page, '<svg class="qr"')
    for (const [lang, word] of [['fi', 'Ruoka-apu'], ['sv', 'Mathjälp'], ['en', 'Food aid']]) {
        const p = await open(code, lang)
        assert.equal(p.page.path, `/${lang}/tray/mine`)
        says(p.page, word)
        says(p.page, 'Go on a &lt;b&gt;Tuesday&lt;/b&gt;.')
        says(p.page, 'href="https://example.org/sleep"')
        assertStrict(p.page, 'the tray of the person')
    }
    const p = await open(code.toLowerCase().replaceAll('-', ' '))
    await mark(p, 1, 'contacted')
    says(p.page, 'I have contacted them')
    await mark(p, 1, 'attended')
    says(p.page, 'I have taken part')
    await mark(p, 2, 'declined')
    await p.submit(/\/word$/, { word: 'Thank you, it helped.' })
    says(p.page, 'Thank you, it helped.')
    await p.submit(/\/word$/, { word: 'x'.repeat(501) })
    assert.equal(p.page.status, 422)
    await p.submit(/\/word$/, { word: 'My code is 131052-308T, call me' })
    assert.equal(p.page.status, 422)
    await w.get('/en/staff/trays?show=news')
    says(w.page, 'Has taken part: Food aid')
    says(w.page, 'Thank you, it helped.')
    await w.get(`/en/staff/tray/${id}`)
    says(w.page, 'Has taken part')
    await w.get('/en/staff/trays?show=news')
    saysNot(w.page, 'Thank you, it helped.')
    await p.submit(/\/tray\/leave$/)
    await p.get('/en/tray/mine', { follow: false })
    assert.deepEqual([p.page.status, p.page.headers.location], [303, '/en/tray'])
})

test('the code is in no store, no log and no address', async () => {
    const w = await staff('worker')
    const id = await newTray(w)
    await act(w, id, 'link', { name: 'A walk', url: '', text: '' })
    const code = await give(w, id, 'paper', 'fi')
    says(w.page, 'lang="fi"')
    const p = await open(code)
    for (const text of [storeText(server.data), server.log])
        for (const form of [code, code.replaceAll('-', ''), code.toLowerCase()])
            assert.ok(!text.includes(form))
    await w.get(`/en/staff/tray/${id}`)
    saysNot(w.page, code)
    assert.ok(![p.page.path, ...p.page.links].some((x) => x.includes(code)))
    assert.equal(p.page.headers['referrer-policy'], 'same-origin')
})

test('wrong codes are counted; a receipt code opens no tray, nor a tray\'s code a matter', async () => {
    const w = await staff('worker')
    const id = await newTray(w)
    await act(w, id, 'link', { name: 'A walk', url: '', text: '' })
    const code = await give(w, id)
    const resident = visitor()
    const receipt = await makeContact(resident, { form: 'other', answers: { 'q.what': 'something for the tray' } })
    assert.equal((await open(receipt)).page.status, 403)
    const other = visitor()
    await openByCode(other, code)
    assert.equal(other.page.status, 403)
    const p = visitor()
    const statuses = []
    for (let i = 0; i < 90 && !statuses.includes(429); i++) {
        await p.get('/en/tray')
        statuses.push((await p.submit(/\/tray$/, { code: 'AAAA-AAAA-AAAAA' })).status)
    }
    assert.deepEqual([...new Set(statuses)], [403, 429])
})

test('by a message in the matter: one commit, one message; opened from the status page; sights logged; others see nothing', async () => {
    const w = await staff('worker')
    const resident = visitor()
    const code = await makeContact(resident, { form: 'other', answers: { 'q.what': 'a matter for a tray' } })
    const ref = await findMatter(w, resident, code)
    const id = await newTray(w, { matter: ref })
    await addService(w, id, 'food aid')
    await act(w, id, 'message', { message: 'Look at these.' })
    assert.equal(w.page.status, 422, 'who has not taken the matter cannot write in it')
    await openMatter(w, ref)
    await actOn(w, 'taken')
    await w.get(`/en/staff/tray/${id}`)
    const { _token, once } = Object.fromEntries(w.page.form((f) => f.fields.some(([n]) => n === 'once')).fields)
    const twice = await Promise.all([1, 2].map(() => visitor({ headers: { Cookie: w.cookie } })
        .post(`/en/staff/tray/${id}`, { _token, once, act: 'message', message: 'Look at these.' }, { follow: false })))
    assert.deepEqual(twice.map((r) => r.status), [303, 303])
    await openByCode(resident, code)
    assert.equal(resident.page.text.split('Look at these.').length - 1, 1, 'sent twice, told once')
    const link = resident.page.links.find((l) => l.includes('/status/tray/'))
    await resident.get(link)
    says(resident.page, 'Food aid')
    await mark(resident, 1, 'contacted')
    says(resident.page, 'I have contacted them')
    const nurse = await staff('nurse')
    await nurse.get(`/en/staff/tray/${id}`)
    assert.equal(nurse.page.status, 404)
    await nurse.get('/en/staff/trays')
    const token = nurse.page.token
    for (const kind of ['add', 'words', 'up', 'remove', 'mark', 'code', 'paper', 'message', 'word', 'details', 'follow', 'visit-done', 'end']) {
        const r = await nurse.post(`/en/staff/tray/${id}`, { _token: token, once: 'x'.repeat(20), act: kind, item: '1' })
        assert.equal(r.status, 404, kind)
    }
    assert.equal((await nurse.get(`/en/staff/trays/new?matter=${ref}`)).status, 404)
    const head = await staff('head')
    await head.get(`/en/staff/tray/${id}`)
    assert.equal(head.page.status, 200)
    await openByCode(resident, code)
    const log = /<ul class="log">([^]*?)<\/ul>/.exec(resident.page.text)[1]
    assert.deepEqual([...new Set([...log.matchAll(/<strong>([^<]+)/g)].map((x) => x[1]))].sort(), ['Helena Head', 'Veikko Worker'])
    const stranger = visitor()
    await makeContact(stranger, { form: 'other', answers: { 'q.what': 'another matter' } }).then((c) => openByCode(stranger, c))
    await stranger.get(`/en/status/tray/${id}`)
    assert.equal(stranger.page.status, 404)
    // Handed over: the tray goes along.
    const other = await handOver(w, ref, [await staff('other')])
    assert.equal((await w.get(`/en/staff/tray/${id}`)).status, 404)
    await other.get('/en/staff/trays')
    says(other.page, `Tray ${id}`)
    assert.equal((await other.get(`/en/staff/tray/${id}`)).status, 200)
})

test('a lifestyle referral: a plan of twelve months, done, missed and moved; the person reads the days; due ones are listed', async () => {
    const w = await staff('worker')
    const id = await newTray(w, { theme: 'activity' })
    await act(w, id, 'link', { name: 'A walking group', url: '', text: '' })
    const code = await give(w, id)
    await w.get(`/en/staff/tray/${id}`)
    assert.equal(w.page.text.match(/id="visit-\d+"/g).length, 4)
    await act(w, id, 'visit-done', { item: '1', text: 'Walks twice a week' })
    assert.equal(w.page.status, 200)
    await act(w, id, 'visit-missed', { item: '2', text: '' })
    const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Helsinki' })
    await act(w, id, 'visit-moved', { item: '3', text: '', day: '2020-01-01' })
    assert.equal(w.page.status, 422)
    await act(w, id, 'visit-moved', { item: '3', text: '', day: today })
    assert.equal(w.page.status, 200)
    await act(w, id, 'visit-done', { item: '1', text: '' })
    assert.equal(w.page.status, 422, 'once recorded it is recorded')
    const p = await open(code)
    says(p.page, 'After 12 months')
    says(p.page, 'Moved to this day')
    saysNot(p.page, 'Walks twice a week')
    await w.get('/en/staff/trays?show=due')
    says(w.page, `/staff/tray/${id}"`)
    await w.get(`/en/staff/tray/${id}`)
    await act(w, id, 'end')
    await p.get('/en/tray/mine')
    assert.equal(p.page.status, 404)
    assert.equal((await open(code)).page.status, 403)
    await w.get(`/en/staff/tray/${id}`)
    await w.post(`/en/staff/tray/${id}`, { _token: w.page.token, once: 'after-it-has-ended', act: 'mark', item: '1', mark: 'attended' })
    assert.equal(w.page.status, 422)
})

test('two at once: nothing is lost; the same form again is one', async () => {
    const w = await staff('worker')
    const id = await newTray(w)
    await w.get('/en/staff/trays/new')
    const made = Object.fromEntries(w.page.form(/trays\/new$/).fields)
    const beside = () => visitor({ headers: { Cookie: w.cookie } })
    const r = await Promise.all([1, 2, 3].map(() => beside().post('/en/staff/trays/new', made, { follow: false })))
    assert.equal(new Set(r.map((x) => x.headers.location)).size, 1)
    await w.get(`/en/staff/tray/${id}`)
    const token = w.page.token
    const post = (fields) => beside().post(`/en/staff/tray/${id}`, { _token: token, ...fields }, { follow: false })
    const added = await Promise.all(Array.from({ length: 8 }, (_, i) => post({ once: `add-number-${i}-of-this-test`, act: 'link', name: `Link ${i}` })))
    assert.deepEqual(added.map((x) => x.status), Array(8).fill(303))
    await Promise.all([1, 2].map(() => post({ once: 'the-very-same-form-again', act: 'link', name: 'Link twice' })))
    await w.get(`/en/staff/tray/${id}`)
    assert.equal(w.page.text.match(/<div class="card" id="item-\d+"/g).length, 9)
    const edit = /name="item" value="1">\s*<input type="hidden" name="edit" value="(\d+)"/.exec(w.page.text)[1]
    const words = await Promise.all(['mine', 'theirs'].map((text) => post({ once: `words-of-this-test-${text}`, act: 'words', item: '1', edit, text })))
    assert.deepEqual(words.map((x) => x.status).sort(), [303, 409])
    const late = words.find((x) => x.status === 409)
    assert.ok(late.text.includes('mine') && late.text.includes('theirs'), 'both are on the page')
    await Promise.all([post({ once: 'removed-by-one-of-two', act: 'remove', item: '2' }), post({ once: 'marked-by-the-other', act: 'words', item: '2', edit: '0', text: 'x' })])
    await w.get(`/en/staff/tray/${id}`)
    assert.equal(w.page.text.match(/<div class="card" id="item-\d+"/g).length, 8)
})

test('nothing that is not seen or turns the order around reaches another\'s page', async () => {
    const w = await staff('worker')
    const id = await newTray(w)
    await act(w, id, 'link', { name: 'Run\u202Egnp\u0007', url: 'https://x.example/\u202Efdp', text: 'Go\u2066 there\r\nat ten' })
    const p = await open(await give(w, id))
    await p.submit(/\/word$/, { word: 'Thank\u202E you' })
    await w.get(`/en/staff/tray/${id}`)
    for (const page of [p.page, w.page]) {
        says(page, 'Rungnp')
        says(page, 'Thank you')
        assert.ok(!/[\u0007\u202a-\u202e\u2066-\u2069]/.test(page.text), page.path)
    }
})

test('what was put in badly is told, and nothing typed is lost', async () => {
    const w = await staff('worker')
    const id = await newTray(w)
    for (const [kind, values, kept] of [['link', { name: '', url: 'https://x.example/' }, 'https://x.example/'], ['link', { name: 'My title', url: 'javascript:alert(1)' }, 'My title'],
        ['link', { name: 'My title', url: 'ftp://x.example/' }, 'My title'], ['add', { service: 'nonsense' }], ['code', {}], ['details', { day: '1999-12-31' }, '1999-12-31'],
        ['link', { name: 'Maija 131052-308T' }, 'Maija']]) {
        await act(w, id, kind, values)
        assert.equal(w.page.status, 422, kind)
        assertStrict(w.page, kind)
        if (kept)
            says(w.page, kept)
    }
    assert.equal((await act(w, id, 'nonsense')).status, 400)
    assert.equal((await w.get('/en/staff/tray/999999')).status, 404)
    assert.equal((await w.get('/en/staff/tray/0')).status, 404)
})

test('the report tells what was suggested, taken up, full and missing, and never of fewer than five', async () => {
    const w = await staff('worker')
    const head = await staff('head')
    for (let i = 0; i < 6; i++) {
        const id = await newTray(w, { area: 'kivisto', group: 'adults' })
        await addService(w, id, 'food aid')
        if (i < 2) {
            await act(w, id, 'link', { name: 'Only some', url: '', text: '' })
        }
        await give(w, id)
        await act(w, id, 'mark', { item: '1', mark: i < 5 ? 'attended' : 'declined' })
        assert.equal(w.page.status, 200)
    }
    for (let i = 0; i < 5; i++) {
        await w.get('/en/staff/trays/missing')
        await w.submit(/missing$/, { theme: 'dental', area: i < 4 ? 'kivisto' : 'aviapolis', group: '' })
    }
    await w.get('/en/staff/trays/missing')
    await w.submit(/missing$/, { theme: '' })
    assert.equal(w.page.status, 422)
    assert.equal((await w.get('/en/staff/trays/report')).status, 403)
    await head.get('/en/staff/trays/report')
    assertStrict(head.page, 'the report')
    const line = (name) => new RegExp(`<th scope="row">${name}</th>([^]*?)</tr>`).exec(head.page.text)?.[1].replace(/<svg[^]*?<\/svg>/, '').replace(/<[^>]+>/g, ' ').trim().split(/\s{2,}/)
    assert.deepEqual(line('Adults of working age'), ['5', '5', 'under 5', 'under 5', 'under 5'])
    assert.deepEqual(line('Teeth and mouth'), ['5'])
    assert.equal(line('Aviapolis'), undefined)
    const numbers = [...head.page.text.matchAll(/class="num"[^>]*>(\d+)</g), ...head.page.text.matchAll(/<b>(\d+)<\/b>/g)].map((m) => Number(m[1]))
    assert.ok(numbers.length > 5 && numbers.every((n) => n >= 5 && n % 5 === 0), numbers.join())
    await head.get('/en/staff/trays/report/csv')
    assert.match(head.page.headers['content-type'], /^text\/csv/)
    assert.ok(head.page.text.includes('"By group","Adults of working age","5","5","under 5","under 5","under 5"\r\n'), head.page.text)
    saysNot(head.page, 'Only some')
})
