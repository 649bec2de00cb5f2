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
            assert.ok(page.includes(`${waiting.value.toLocaleString('en')} people wait now.`), `${asked} ${waiting.value}`)
        if (waiting && asked === '') // a large limit is told, whatever small ones are beside it
            assert.ok(!waiting.hidden, JSON.stringify(waiting))
        for (const m of json.figures.filter((f) => f.what === 'realised' && !f.hidden && f.value > 0))
            assert.ok(page.includes(` ${m.value.toLocaleString('en')} `), `${asked} ${m.date} ${m.value}`)
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
