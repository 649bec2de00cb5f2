// Promises over the socket: who is told when one has broken, and that every screen says the same due time.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { asialla, bareCounty, root, startServer, writeTemp } from '../lib/server.mjs'
import { Visitor, sleep } from '../lib/client.mjs'
import { act, findMatter, makeContact, openByCode, openMatter, queue, staff as signedIn } from '../lib/people.mjs'

let server
const visitors = []
before(async () => {
    const data = bareCounty()
    const county = JSON.parse(readFileSync(path.join(root, 'data', 'county', 'teams.json'), 'utf8'))
    for (const team of county.teams) // an alarm is said in the team's opening hours alone, and tests run at any hour
        team.duty = 'Mo-Su 00:00-24:00; PH 00:00-24:00'
    const r = asialla(['import', 'teams', writeTemp('teams.json', JSON.stringify(county)), '--data', data])
    assert.equal(r.status, 0, r.out + r.err)
    server = await startServer({ data, args: ['--contacts', '0', '--proxy', '127.0.0.1'] })
})
after(async () => {
    for (const v of visitors)
        v.close()
    await server.stop()
    const r = asialla(['verify', '--data', server.data])
    assert.equal(r.status, 0, r.out + r.err)
})

const staff = async (login, options) => visitors[visitors.push(await signedIn(server, login, options)) - 1]
const visitor = (options) => visitors[visitors.push(new Visitor(server, options)) - 1]

// The due times that the page's clocks tell, in small letters.
const clocks = (page) => [...page.text.matchAll(/class="clock clock--(?:over|today|time)"><svg[^]*?<\/svg>\s*<span>([^<]+?) ?(?:<small>|<\/span>)/g)].map((m) => m[1].toLowerCase())
// The first of the matter's line in a list.
const lineClock = (page, ref) => clocks({ text: page.text.split('<tr ').find((row) => row.includes(`/staff/matter/${ref}"`)) ?? '' })[0]

async function until(what, look) {
    for (let i = 0; i < 600; i++) {
        const found = await look()
        if (found)
            return found
        await sleep(100)
    }
    assert.fail(`waited in vain for ${what}`)
}

// A letter that came nine days ago and is entered now: its answer is over.
async function letter(worker) {
    await worker.get('/en/staff/new/other')
    const values = { channel: 'letter', on: new Date(Date.now() - 9 * 86400_000).toISOString().slice(0, 10), at: '10:00', 'd.reach': 'none', take: null }
    for (const c of worker.page.form(/\/staff\/new\/other$/).controls)
        if (/^q\./.test(c.name) && c.tag === 'textarea')
            values[c.name] = 'a letter of the tests'
        else if (/^q\./.test(c.name) && c.type === 'radio')
            values[c.name] ??= c.value
    await worker.submit(/\/staff\/new\/other$/, values)
    assert.equal(worker.page.status, 200)
}

test('every screen says the same due time, in three languages', async () => {
    const worker = await staff('worker')
    const resident = visitor()
    const code = await makeContact(resident, { form: 'other', answers: { 'q.what': 'one due time everywhere' } })
    const receipt = resident.page.text
    const ref = await findMatter(worker, resident, code)
    for (const lang of ['fi', 'sv', 'en']) {
        worker.lang = lang
        resident.lang = lang
        await queue(worker)
        const due = lineClock(worker.page, ref)
        assert.ok(due, 'the queue has no clock')
        await openMatter(worker, ref)
        assert.equal(clocks(worker.page)[0], due, `the card in ${lang}`)
        await openByCode(resident, code)
        assert.ok(resident.page.text.toLowerCase().includes(due), `the resident's page in ${lang} does not say "${due}"`)
        if (lang === 'en')
            assert.ok(receipt.toLowerCase().includes(due), 'nor does the receipt')
    }
    worker.lang = 'en'
})

test('what has broken is raised to the head, once; lists and card agree; an answer ends it', async () => {
    const worker = await staff('worker')
    const head = await staff('head')
    await letter(worker)
    await head.get('/en/staff/alarms')
    const ref = await until('the alarm', async () => {
        await head.get('/en/staff/alarms')
        assert.equal(head.page.status, 200)
        return /id="raised"[^]*?\/staff\/matter\/([0-9a-z]+)"/.exec(head.page.text)?.[1]
    })
    const due = lineClock(head.page, ref)
    assert.match(due, /^overdue by/)
    await queue(worker)
    assert.equal(lineClock(worker.page, ref), due)
    await worker.get('/en/staff/alarms')
    assert.equal(lineClock(worker.page, ref), due)
    assert.ok(!worker.page.text.includes('id="raised"'), 'a worker is no head')
    await openMatter(worker, ref)
    assert.equal(clocks(worker.page)[0], due)
    assert.match(worker.page.text, /Raised to the unit/)
    const other = await staff('other') // of another team
    await other.get('/en/staff/alarms')
    assert.ok(!other.page.text.includes(ref))
    await act(worker, 'taken')
    await openMatter(worker, ref)
    await act(worker, 'answered', { text: 'Here is the answer.' })
    await head.get('/en/staff/alarms')
    assert.ok(!head.page.text.includes(ref), 'an answer stops the clock, and with it the alarm')
})
