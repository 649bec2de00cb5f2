// Two professionals and a resident at once, in each language: what happens on one screen appears on the others without a reload;
// who has a matter open is seen; who was overtaken loses nothing; what leaves the register is shown before. And without scripts.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root, sampleCounty, startServer } from '../lib/server.mjs'
import { Visitor } from '../lib/client.mjs'
import { makeContact, openByCode } from '../lib/people.mjs'
import { Window, openBrowser, validate } from '../lib/browser.mjs'

const TEAM = JSON.parse(readFileSync(path.join(root, 'data', 'county', 'teams.json'), 'utf8')).teams.find((t) => t.ref === 'guidance')
const PATIENCE = 120_000

let server
let session
before(async () => {
    server = await startServer({ data: sampleCounty(), args: ['--demo', '--contacts', '0'] })
    session = await openBrowser('live')
})
after(async () => {
    await session?.browser.close()
    await server.stop()
})

// The nth of the team, at the queue. Returns the window; w.name is who it is.
async function worker(nth, options) {
    const w = await Window.open(session, { server, ...options, tag: `live${nth}` })
    await w.goto(`/${w.lang}/sign-in`)
    const button = w.page.locator('button[name=persona]').filter({ hasText: TEAM.name[w.lang] }).nth(nth)
    await Promise.all([w.page.waitForEvent('load'), button.click()])
    w.name = (await w.page.locator('header form a[href$="/staff/me"]').first().textContent()).trim()
    return w
}

// Waits for something to be on the screen that was not asked for; how long it took.
async function appears(w, what, where = 'main') {
    const began = Date.now()
    await w.page.waitForFunction(([selector, text]) => document.querySelector(selector)?.innerText.includes(text), [where, what], { timeout: PATIENCE, polling: 20 })
    return Date.now() - began
}

async function openFold(w, part) {
    const details = w.page.locator(`#act-${part}`)
    if (!(await details.evaluate((d) => d.open)))
        await details.locator('summary').first().click()
    return details
}

async function number(code, visitor) {
    await openByCode(visitor, code)
    return /Number of the matter, when you call: ([\w-]+)/.exec(visitor.page.text)[1]
}

for (const { lang, width } of [{ lang: 'fi', width: 360 }, { lang: 'sv', width: 1280 }, { lang: 'en', width: 1280 }])
    test(`three people at once, ${lang}, ${width} px`, async (t) => {
        const resident = new Visitor(server)
        const [a, b] = [await worker(0, { lang, width }), await worker(1, { lang, width })]
        try {
            await a.page.locator('#f-who').selectOption('none')
            await Promise.all([a.page.waitForEvent('load'), a.page.locator('form.filters button').click()])
            await a.page.evaluate(() => { window.stays = true })
            const code = await makeContact(resident, { answers: { 'q.what': `Live ${lang}` } })
            const shown = await number(code, resident)
            await b.page.locator('#f-ref').fill(shown)
            await Promise.all([b.page.waitForEvent('load'), b.page.locator('form.filters button').click()])
            const matter = new URL(b.page.url()).pathname
            await Promise.all([b.page.waitForEvent('load'), b.page.locator('#act-take button').click()])

            // The second is told at once, the first live; the queue shows it.
            await a.goto(matter)
            assert.ok((await a.text('#here')).includes(b.name), `the second is not told: ${await a.text('#here')}`)
            const took = [await appears(b, a.name, '#here')]
            const write = await openFold(b, 'write')
            await write.locator('textarea').fill('A long answer')
            took.push(await appears(a, b.name, '#here'))

            // What the resident writes is on both screens, and the one who writes goes on writing.
            await b.page.evaluate(() => { window.stays = true })
            await resident.submit(/message$/, { text: `More from the resident, ${lang}` })
            took.push(await appears(b, `More from the resident, ${lang}`, '#live-told'), await appears(a, `More from the resident, ${lang}`, '#live-told'))
            assert.equal(await write.locator('textarea').inputValue(), 'A long answer', 'what is being typed stays')
            assert.ok(await b.page.evaluate(() => window.stays), 'without a reload')
            t.diagnostic(`on the other screen after ${took.join(', ')} ms`)

            // Sent over it: shown, nothing lost, then sent.
            await b.leads('matter-overtaken', () => write.locator('form > button').last().click())
            assert.equal(b.status, 409)
            assert.equal(await b.page.locator('#write-text').inputValue(), 'A long answer')
            await b.leads('matter-sent-after', () => b.page.locator('#act-write form > button').last().click())
            assert.equal(b.status, 200)
            await appears(a, 'A long answer', '#live-told')

            // Out of the register: chosen, shown, agreed, sent.
            const hand = await openFold(b, 'hand')
            await hand.locator('select').selectOption({ value: await hand.locator('optgroup').nth(1).locator('option').first().getAttribute('value') })
            await hand.locator('textarea').fill('why')
            await b.leads('hand', () => hand.locator('form > button').last().click())
            await b.page.locator('#text').fill('A summary in own words.')
            await b.leads('hand-shown', () => b.page.locator('button[value=show]').click())
            assert.equal(await b.text('#told-words'), 'A summary in own words.')
            await b.leads('hand-not-agreed', () => b.page.locator('button[value=send]').click())
            assert.equal(b.status, 422)
            await b.page.locator('#agreed').check()
            await b.page.locator('input[name=how]').first().check()
            await b.leads('hand-sent', () => b.page.locator('button[value=send]').click())
            assert.equal(b.status, 200)

            await b.goto(`/${lang}/staff/`, 'queue-handed')
            await b.goto(`/${lang}/staff/consults`, 'consults')
            assert.deepEqual([...a.findings, ...b.findings], [])
        } finally {
            resident.close()
            await a.close()
            await b.close()
        }
    })

test('a new matter is in the queue without a reload', async (t) => {
    const w = await worker(0, { lang: 'en', width: 1280 })
    await w.goto('/en/staff/?who=none')
    await w.page.evaluate(() => { window.stays = true })
    const resident = new Visitor(server)
    const before = await w.page.locator('#queue .queue__what').count()
    const state = await w.text('#queue-state')
    const began = Date.now()
    await makeContact(resident, { answers: { 'q.what': 'New in the queue' } })
    await w.page.waitForFunction((was) => document.querySelector('#queue-state').innerText !== was, state, { timeout: PATIENCE, polling: 20 })
    t.diagnostic(`the contact's pages and the screen: ${Date.now() - began} ms; ${before} lines before`)
    assert.ok(await w.page.evaluate(() => window.stays))
    assert.deepEqual(w.findings, [])
    resident.close()
    await w.close()
})

test('without scripts: presence is told when the page is opened, and nothing typed is lost', async () => {
    const resident = new Visitor(server)
    const code = await makeContact(resident, { answers: { 'q.what': 'Without scripts' } })
    const shown = await number(code, resident)
    const [a, b] = [await worker(0, { lang: 'fi', width: 360, js: false }), await worker(1, { lang: 'fi', width: 360, js: false })]
    for (const w of [a, b]) {
        await w.page.locator('#f-ref').fill(shown)
        await Promise.all([w.page.waitForEvent('load'), w.page.locator('form.filters button').click()])
    }
    assert.ok((await b.text('#here')).includes(a.name))
    await Promise.all([a.page.waitForEvent('load'), a.page.locator('#act-take button').click()])
    const write = await openFold(a, 'write')
    await write.locator('textarea').fill('Typed without scripts')
    await resident.submit(/message$/, { text: 'I am better already.' })
    await a.leads('plain-overtaken', () => write.locator('form > button').last().click())
    assert.equal(a.status, 409)
    assert.equal(await a.page.locator('#write-text').inputValue(), 'Typed without scripts')
    assert.ok((await a.text()).includes('I am better already.'))
    assert.deepEqual([...a.findings, ...b.findings], [])
    resident.close()
    await a.close()
    await b.close()
})

test('every page that was kept is valid HTML', async () => {
    const { errors } = await validate(session)
    assert.deepEqual(errors, [])
})
