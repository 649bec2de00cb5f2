// The path with JavaScript, narrow and wide; once by keyboard alone.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { sampleCounty, startServer } from '../lib/server.mjs'
import { Window, openBrowser, validate } from '../lib/browser.mjs'
import { PAGES_LEAST, WALKS, makeOldPlan, next, wholePath } from './path.mjs'

let server
let session
before(async () => {
    server = await startServer({ data: makeOldPlan(sampleCounty()), args: ['--demo', '--contacts', '0'] })
    session = await openBrowser('scripted')
})
after(async () => {
    await session?.browser.close()
    await server.stop()
})

for (const walk of WALKS.scripted)
    test(`with scripts, ${walk.lang}, ${walk.width} px`, () => wholePath(session, { server, ...walk }))

// ---- by keyboard alone ----

async function tabTo(w, selector) {
    for (let i = 0; i < 120; i++) {
        await w.page.keyboard.press('Tab')
        const here = await w.page.evaluate((s) => {
            const el = document.activeElement
            const style = getComputedStyle(el)
            const label = el.id && document.querySelector(`label[for="${CSS.escape(el.id)}"]`)
            const ring = (s2) => (s2.outlineStyle !== 'none' && parseFloat(s2.outlineWidth) > 0) || s2.boxShadow !== 'none'
            return { matches: el.matches(s), shown: ring(style) || (label && (ring(getComputedStyle(label)) || ring(getComputedStyle(label, '::before')))), what: el.outerHTML.slice(0, 120) }
        }, selector)
        assert.ok(here.shown, `focus cannot be seen on ${here.what}`)
        if (here.matches)
            return
    }
    assert.fail(`Tab never comes to ${selector}`)
}

const press = (w, name, key = 'Enter') => w.leads(name, () => w.page.keyboard.press(key))

test('a contact by keyboard alone, focus always seen', async () => {
    const w = await Window.open(session, { server, lang: 'en', width: 1280, tag: 'keys' })
    await w.goto('/en/contact', 'keys-subject')
    await w.page.keyboard.press('Tab')
    assert.ok(await w.page.evaluate(() => document.activeElement.matches('.skip')), 'the first is the skip link')
    await w.page.keyboard.press('Enter')
    assert.equal(await w.page.evaluate(() => document.activeElement.id), 'main', 'it skips')
    await tabTo(w, 'input[name=subject]')
    while (!(await w.page.evaluate(() => document.activeElement.value === 'other')))
        await w.page.keyboard.press('ArrowDown')
    await tabTo(w, 'main form button')
    await press(w, 'keys-step')
    await w.page.keyboard.press('Enter') // the focus is nowhere: nothing happens
    await w.page.waitForTimeout(500)
    for (let page = 0; page < 8; page++) {
        const here = await w.page.locator('main input[name=at]').first().inputValue()
        if (here === 'check')
            break
        if (here === 'you') {
            await tabTo(w, '[name="d.reach"]')
            while (!(await w.page.evaluate(() => document.activeElement.value === 'none')))
                await w.page.keyboard.press('ArrowDown')
        } else if (await w.page.locator('main form textarea[name="q.what"]').count()) {
            await tabTo(w, 'textarea[name="q.what"]')
            await w.page.keyboard.type('Written by keyboard alone.')
            await tabTo(w, 'input[name="q.areas"]')
            await w.page.keyboard.press('Space')
        }
        await tabTo(w, next)
        await press(w, `keys-page-${page}`)
        assert.equal(w.status, 200, await w.text())
    }
    await tabTo(w, next)
    await press(w, 'keys-receipt')
    assert.match(await w.text('.code'), /^[0-9A-Z-]{15}$/)
    await tabTo(w, 'main form button')
    await press(w, 'keys-status')
    assert.ok((await w.text()).length > 100)
    assert.deepEqual(w.findings, [])
    await w.close()
})

test('a manager sets a target by keyboard alone; what is missing has the focus', async () => {
    const w = await Window.open(session, { server, lang: 'en', width: 1280, tag: 'keys' })
    await w.goto('/en/sign-in')
    await w.leads('keys-figures', () => w.page.locator('button[name=persona]').filter({ hasText: 'Manager: ' }).first().click())
    await tabTo(w, 'main a[href*="/figures/targets"]')
    await press(w, 'keys-targets')
    await tabTo(w, '#value')
    await w.page.keyboard.type('a lot')
    await tabTo(w, 'main form button') // over the day, with its button that opens a calendar
    await press(w, 'keys-target-missing')
    assert.equal(await w.page.evaluate(() => document.activeElement.id), 'errors')
    await tabTo(w, 'a[href="#value"]')
    await w.page.keyboard.press('Enter')
    await w.page.keyboard.press('Control+A')
    await w.page.keyboard.type('12')
    await tabTo(w, '#source')
    await w.page.keyboard.type('Board 1/2027')
    await tabTo(w, 'main form button')
    await press(w, 'keys-target')
    assert.equal(w.status, 200)
    assert.match(await w.text('main .notice--done'), /The target is set/)
    assert.deepEqual(w.findings, [])
    await w.close()
})

test('suggestions: a combobox that is told to who cannot see it, and works by keyboard', async () => {
    const w = await Window.open(session, { server, lang: 'fi', width: 360, tag: 'suggest' })
    const asked = []
    let answer = [{ text: 'hammashoito' }, { text: 'Hammashoito aikuisille', href: '/fi/themes' }]
    await w.page.route('**/fi/suggest?*', (route) => {
        asked.push(new URL(route.request().url()).searchParams.get('q'))
        return route.fulfill({ json: { suggestions: answer } })
    })
    await w.goto('/fi/')
    const field = w.page.locator('#q')
    const state = () => field.evaluate((f) => ({
        expanded: f.getAttribute('aria-expanded'), value: f.value,
        active: document.getElementById(f.getAttribute('aria-activedescendant'))?.textContent ?? null,
    }))
    assert.equal(await field.getAttribute('role'), 'combobox')
    await field.evaluate((f) => { // at once, however busy the machine is
        f.focus()
        for (const letter of 'hamm') {
            f.value += letter
            f.dispatchEvent(new InputEvent('input', { bubbles: true }))
        }
    })
    await w.page.locator('.suggest li').first().waitFor()
    assert.deepEqual(asked, ['hamm'], 'asked once, when the writing paused')
    await w.look('suggestions')
    assert.deepEqual(await state(), { expanded: 'true', value: 'hamm', active: null })
    assert.match(await w.text('.search [role=status]'), /2$/)
    await field.press('ArrowDown')
    assert.equal((await state()).active, 'hammashoito')
    await field.press('ArrowUp')
    assert.equal((await state()).active, null)
    await field.press('ArrowUp')
    assert.equal((await state()).active, 'Hammashoito aikuisille')
    await field.press('Escape')
    assert.deepEqual(await state(), { expanded: 'false', value: 'hamm', active: null })
    await field.press('ArrowDown')
    await w.leads('suggested', () => field.press('Enter'))
    assert.equal(new URL(w.page.url()).pathname + new URL(w.page.url()).search, '/fi/search?q=hammashoito')
    await field.fill('hammas')
    await w.page.locator('.suggest li').nth(1).waitFor()
    await w.leads('suggested-service', () => w.page.locator('.suggest li').nth(1).click())
    assert.equal(new URL(w.page.url()).pathname, '/fi/themes')
    answer = []
    await field.pressSequentially('zz')
    await w.page.waitForTimeout(400)
    assert.equal((await state()).expanded, 'false')
    await w.leads('suggested-nothing', () => field.press('Enter'))
    assert.match(w.page.url(), /\/fi\/search\?q=zz$/)
    assert.deepEqual(w.findings, [])
    await w.close()
})

test('the queue follows what comes in, without losing the focus', async () => {
    const staff = await Window.open(session, { server, lang: 'en', tag: 'live' })
    await staff.goto('/en/sign-in')
    await staff.leads('queue-live', () => staff.page.locator('button[name=persona]').filter({ hasText: 'Customer guidance team' }).first().click())
    const open = async () => Number(/(\d+) open/.exec(await staff.text('#queue-state'))[1])
    const before = await open()
    await staff.page.locator('#queue a').first().focus()
    const resident = await Window.open(session, { server, lang: 'en', tag: 'live' })
    await resident.goto('/en/contact')
    const { contact } = await import('./path.mjs')
    await contact(resident, 'A contact that the queue hears of.')
    const until = Date.now() + 60_000
    while ((await open()) === before && Date.now() < until)
        await staff.page.waitForTimeout(100)
    assert.equal(await open(), before + 1)
    assert.ok(await staff.page.evaluate(() => document.activeElement.tagName === 'A'), 'the focus stayed')
    assert.deepEqual([...staff.findings, ...resident.findings], [])
    await staff.close()
    await resident.close()
})

test('every page of these is valid HTML', async (t) => {
    const { files, kept, errors } = await validate(session)
    assert.ok(kept >= WALKS.scripted.length * PAGES_LEAST, `${kept} pages`)
    t.diagnostic(`${kept} pages, ${files} of which no other was like`)
    assert.deepEqual(errors, [])
})
