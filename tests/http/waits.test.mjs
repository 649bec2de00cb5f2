// The public page of waits: anybody reads it, in three languages; the page, the table file and the answer for programs tell the same.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { sampleCounty, startServer } from '../lib/server.mjs'
import { request } from '../lib/client.mjs'
import { assertNoInline } from '../lib/strict.mjs'

let server
before(async () => {
    server = await startServer({ data: sampleCounty(), args: ['--demo'] })
    // Where the county has no publication yet, the keeper makes them in the first seconds.
    for (let i = 0; i < 120 && (await request(`${server.url}/en/waits.json`)).status !== 200; i++)
        await new Promise((done) => setTimeout(done, 250))
})
after(() => server.stop())

const rows = (text) => text.trim().split('\r\n').map((line) => line.split(',').map((cell) => cell.replace(/^"(.*)"$/, '$1')))
const plain = (html) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll('\u00a0', ' ').replaceAll(/\s+/g, ' ')

test('the page is for anybody, in three languages, and each number leads to its definition', async () => {
    for (const lang of ['fi', 'sv', 'en']) {
        const page = await request(`${server.url}/${lang}/waits`)
        assert.equal(page.status, 200)
        assertNoInline(page.text)
        for (const id of ['waiting', 'realised-waits', 'median-wait', 'realised-in-time', 'offered-in-time'])
            assert.ok(page.text.includes(`href="/${lang}/figures/${id}"`), `${lang} ${id}`)
        assert.equal((await request(`${server.url}/${lang}/waits/dental/dental`)).status, 200)
    }
    const first = plain((await request(`${server.url}/en/waits`)).text)
    assert.match(first, /How long is the wait\? (Print )?[^?]*at the end of [^:]*: (at least )?[\d,]+ waits that the law sets a limit to go on/)
    for (const none of ['waits/nothing', 'waits/dental/nobody', 'waits?rule=nothing', 'waits.csv?unit=%27', 'waits.json?rule=answer'])
        assert.equal((await request(`${server.url}/en/${none}`)).status, 404, none)
})

test('ages where the limit depends on age, and the whole country beside', async () => {
    for (const lang of ['fi', 'sv', 'en']) {
        const whole = (await request(`${server.url}/${lang}/waits/phc-treatment`)).text
        assert.match(plain(whole), /2025.*56 ?%.*59 ?%/)
        for (const other of ['waits/phc-treatment/nurse-south', 'waits/phc-other-care'])
            assert.doesNotMatch(plain((await request(`${server.url}/${lang}/${other}`)).text), /(Alle|Under) 23 (vuotta|år|years)/)
    }
    // What is told of ages follows from the month's file: bands of age added up, or what is left of all.
    const { figures, hiddenBelow } = JSON.parse((await request(`${server.url}/en/waits.json?rule=phc-treatment`)).text)
    const month = figures.find((f) => f.what === 'realised-by-age').date
    const cells = rows((await request(`${server.url}/waits/${month.slice(0, 7)}.csv`)).text).filter((r) => r[2] === '' && r[3] === 'phc-treatment' && r[5] === month)
    const young = (part) => part !== 'unknown' && parseInt(part) < 23
    for (const measure of ['realised', 'kept']) {
        const all = cells.find((r) => r[0] === measure && r[1] === 'month')[6], ages = cells.filter((r) => r[0] === measure && r[1] === 'age')
        const sum = (of) => ages.filter((r) => of(r[4])).reduce((n, r) => n + Number(r[6]), 0) // NaN: one is hidden
        for (const [part, of] of [['under-23', young], ['from-23', (p) => p !== 'unknown' && !young(p)]]) {
            const told = figures.find((f) => f.what === `${measure}-by-age` && f.part === part)
            const known = Number.isNaN(sum(of)) ? Number(all) - sum((p) => !of(p)) : sum(of)
            assert.ok(told.hidden || (told.value === known && (known === 0 || known >= hiddenBelow)), `${measure} ${part} ${JSON.stringify(told)} ${known}`)
        }
    }
})

test('page, table and answer for programs tell the same', async () => {
    for (const asked of ['', '?rule=dental&unit=', '?rule=phc-treatment&unit=nurse-south']) {
        const csv = rows((await request(`${server.url}/en/waits.csv${asked}`)).text)
        const json = JSON.parse((await request(`${server.url}/en/waits.json${asked}`)).text)
        assert.deepEqual(csv[0], ['figure', 'what', 'rule', 'unit', 'date', 'part', 'value'])
        const lines = csv.slice(1)
        assert.equal(lines.length, json.figures.length)
        assert.ok(lines.length > 10)
        lines.forEach((line, i) => {
            const f = json.figures[i]
            assert.deepEqual([f.figure, f.what, json.rule, json.unit, f.date, f.part ?? '', f.hidden ? 'hidden' : String(f.value)], line)
            assert.equal(f.value === null, f.hidden)
        })
        for (const f of json.figures) // a small number is never told
            if (!['t3', 'median-wait'].includes(f.figure))
                assert.ok(f.hidden || f.value === 0 || f.value >= json.hiddenBelow, JSON.stringify(f))
        const page = plain((await request(`${server.url}/en/waits${asked}`)).text)
        const waiting = json.figures.find((f) => f.what === 'waiting' && f.date === json.until)
        if (waiting && !waiting.hidden && waiting.value > 1)
            assert.ok(page.includes(`${waiting.value.toLocaleString('en')} waits go on now.`), `${asked} ${waiting.value}`)
        if (waiting && asked === '') // a large limit is told, whatever small ones are beside it
            assert.ok(!waiting.hidden, JSON.stringify(waiting))
        for (const m of json.figures.filter((f) => f.what === 'realised' && !f.hidden && f.value > 0))
            assert.ok(page.includes(` ${m.value.toLocaleString('en')} `), `${asked} ${m.date} ${m.value}`)
    }
})

test('the wait to a doctor at Tikkurila is one sentence, chosen from lists or written in one\'s own words', async () => {
    const json = JSON.parse((await request(`${server.url}/en/waits/to.json?profession=doctor&place=hs-tikkurila`)).text)
    const [one] = json.waits
    assert.deepEqual([json.waits.length, one.profession, one.place, one.unit, one.rule], [1, 'doctor', 'hs-tikkurila', 'nurse-south', 'phc-treatment'])
    const days = `${one.t3Days} ${one.t3Days === 1 ? 'day' : 'days'}`
    const says = one.t3Days === undefined ? /Doctor, Tikkurila health centre: / // no server keeps it yet
        : one.t3Days === 0 ? /Doctor, Tikkurila health centre: there are free times today\./
        : new RegExp(`Doctor, Tikkurila health centre: the wait is ${days}, counted to the third free time\\.`)
    for (const way of ['/doctor/hs-tikkurila', '?profession=doctor&place=hs-tikkurila&q=', '?q=doctor+tikkurila', '?q=Docter%20Tikurila', '?q=l%C3%A4%C3%A4k%C3%A4ri+tikkurila']) {
        const page = await request(`${server.url}/en/waits/to${way}`)
        assert.equal(page.status, 200, way)
        assertNoInline(page.text)
        assert.match(plain(page.text), says, way)
        assert.match(plain(page.text), /Nurse advice, south, Access to care: /, way)
        assert.ok(page.text.includes('href="/en/figures/visit-wait"') && page.text.includes('href="/en/waits/phc-treatment/nurse-south"'), way)
    }
    for (const lang of ['fi', 'sv'])
        assert.equal((await request(`${server.url}/${lang}/waits/to/dentist/dent-kerava`)).status, 200)
    const several = await request(`${server.url}/en/waits/to?profession=dentist`) // nothing chosen: all of them
    for (const place of ['dent-kerava', 'dent-myyrmaki'])
        assert.ok(several.text.includes(`href="/en/waits/to/dentist/${place}"`), place)
    const nobody = await request(`${server.url}/en/waits/to?profession=dentist&place=hs-tikkurila`)
    assert.match(plain(nobody.text), /Nobody of that profession gives times there/)
    assert.match(plain((await request(`${server.url}/en/waits/to?q=qqxzv`)).text), /Nothing was found with these words/)
    for (const none of ['to/nobody/hs-tikkurila', 'to/doctor/nowhere', 'to.csv?profession=%27', 'to.json?place=x'])
        assert.equal((await request(`${server.url}/en/waits/${none}`)).status, 404, none)
})

test('what is told of whom and where is in one file, and nothing small in it', async () => {
    const csv = rows((await request(`${server.url}/en/waits/to.csv`)).text), { waits } = JSON.parse((await request(`${server.url}/en/waits/to.json`)).text)
    assert.deepEqual(csv[0], ['profession', 'place', 'unit', 'date', 't3-days', 'month', 'visits', 'median-days', 'rule', 'waiting', 'waiting-over'])
    assert.equal(csv.length - 1, waits.length)
    assert.ok(waits.length > 20)
    const cell = (w, name) => (w[name] === null ? 'hidden' : String(w[name] ?? ''))
    csv.slice(1).forEach((line, i) => assert.deepEqual([line[4], line[6], line[7], line[9], line[10]],
        ['t3Days', 'visits', 'medianDays', 'waiting', 'waitingOver'].map((name) => cell(waits[i], name))))
    for (const w of waits) {
        for (const name of ['visits', 'waiting', 'waitingOver'])
            assert.ok(!w[name] || w[name] >= 5, JSON.stringify(w))
        assert.ok(w.medianDays === undefined || w.medianDays === null || w.visits >= 10, JSON.stringify(w)) // a median of ten or more
    }
})

test('a month is a file that stays, and is asked for once', async () => {
    const json = JSON.parse((await request(`${server.url}/en/waits.json`)).text)
    const month = json.figures.filter((f) => f.what === 'realised').at(-1).date.slice(0, 7)
    const file = await request(`${server.url}/waits/${month}.csv`)
    assert.equal(file.status, 200)
    const lines = rows(file.text)
    assert.deepEqual(lines[0], ['measure', 'cut', 'unit', 'rule', 'part', 'date', 'n', 'total'])
    const line = lines.find((l) => l[0] === 'realised' && l[1] === 'month' && l[2] === '' && l[3] === json.rule)
    const same = json.figures.find((f) => f.what === 'realised' && f.date.startsWith(month))
    assert.equal(line[6], same.hidden ? 'hidden' : String(same.value))
    for (const l of lines.slice(1))
        assert.ok(l[6] === 'hidden' || l[0] === 't3-days' || Number(l[6]) === 0 || Number(l[6]) >= 5, l.join())
    const tag = file.headers.etag
    assert.equal((await request(`${server.url}/waits/${month}.csv`, { headers: { 'If-None-Match': tag } })).status, 304)
    for (const none of ['2019-01.csv', '2026-13.csv', 'x.csv', '2026-10', '2026-10.csv.csv'])
        assert.equal((await request(`${server.url}/waits/${none}`)).status, 404, none)
})
