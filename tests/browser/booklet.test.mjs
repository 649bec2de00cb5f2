// Booklets: the page on the screen and the sheet on paper hold the same facts that day; the sheet folds; nothing is cut off; who
// confirms, and what is marked. The PDF is Chromium's, read by poppler's pdftotext.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { asialla, PASSWORD, sampleCounty, startServer, tempDir } from '../lib/server.mjs'
import { openBrowser, validate, Window } from '../lib/browser.mjs'
import { unescapeHtml } from '../lib/client.mjs'
import { staff } from '../lib/people.mjs'

const VIEWS = ['own', 'close', 'young', 'worker']
const NGO = 'b8fdf78f-b596-502b-971b-96939d3693e1' // Mielen Mutka ry in data/county/organizations.json
// Folded along the middle line, cut in it and pushed into a cross, the lower row from the left is back, cover, 2, 3 and the upper
// one, upside down, 7, 6, 5, 4: see src/booklet/README.md.
const SQUARE = { 8: [0, 1], 1: [1, 1], 2: [2, 1], 3: [3, 1], 7: [0, 0], 6: [1, 0], 5: [2, 0], 4: [3, 0] }

let server
let session
let data
before(async () => {
    data = sampleCounty()
    for (const [login, ...more] of [['ed', '--role', 'editor'], ['ngo', '--role', 'partner', '--organisation', NGO], ['worker-b', '--role', 'worker']])
        asialla(['user', 'add', '--data', data, '--login', login, '--name', login, ...more], { input: PASSWORD + '\n' })
    server = await startServer({ data, args: ['--demo'] })
    session = await openBrowser('booklet')
})
after(async () => {
    await session?.browser.close()
    await server.stop()
})

const words = (s) => s.replace(/\s+/g, ' ').trim()

// Where each word stands on each page of the PDF, in points.
function readPdf(file) {
    const xml = execFileSync('pdftotext', ['-bbox', file, '-'], { encoding: 'utf8', maxBuffer: 1 << 26 })
    return [...xml.matchAll(/<page width="([\d.]+)" height="([\d.]+)">([^]*?)<\/page>/g)].map(([, w, h, body]) => ({
        width: Number(w), height: Number(h),
        words: [...body.matchAll(/<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)</g)].map(([, x0, y0, x1, y1, text]) => ({
            x: (Number(x0) + Number(x1)) / 2, y: (Number(y0) + Number(y1)) / 2, text: unescapeHtml(text) })),
    }))
}

const squareOf = (page, w) => [Math.floor(w.x / (page.width / 4)), Math.floor(w.y / (page.height / 2))]

for (const lang of ['fi', 'sv', 'en'])
    test(`the pocket booklets hold what the web pages say, ${lang}`, async (t) => {
        const w = await Window.open(session, { server, lang })
        let sheets = 0
        for (const view of lang === 'fi' ? VIEWS : ['own', 'worker']) {
            const address = `/${lang}/booklet/substance/${view}`
            await w.goto(address, `booklet-${view}`)
            const facts = await w.page.evaluate(() => [...document.querySelectorAll('main .ways > li')].map((li) =>
                [...li.querySelectorAll('h3, p')].map((e) => e.innerText)))
            assert.ok(facts.length >= 10, `${view}: ${facts.length} entries`)
            await w.goto(address + '/pocket', `pocket-${view}`)
            const panels = await w.page.evaluate(() => [...document.querySelectorAll('.pocket')].map((sheet) => [...sheet.children].map((p) =>
                ({ page: Number(/panel--(\d)/.exec(p.className)[1]), text: p.innerText }))))
            const all = words(panels.flat().map((p) => p.text).join(' '))
            for (const fact of facts.flat())
                assert.ok(all.includes(words(fact)), `${view}: "${fact}" is not on paper`)
            await w.page.emulateMedia({ media: 'print' })
            const cut = await w.page.evaluate(() => [...document.querySelectorAll('.panel')].filter((p) => p.scrollHeight > p.clientHeight + 1 || p.scrollWidth > p.clientWidth + 1).length)
            assert.equal(cut, 0, `${view}: pages that are too full`)
            const file = path.join(tempDir('pdf'), `${view}-${lang}.pdf`)
            await w.page.pdf({ path: file, preferCSSPageSize: true })
            await w.page.emulateMedia({ media: 'screen' })
            const pdf = readPdf(file)
            assert.equal(pdf.length, panels.length, `${view}: sheets`)
            sheets += pdf.length
            pdf.forEach((page, s) => {
                assert.ok(Math.abs(page.width - 841.9) < 2 && Math.abs(page.height - 595.3) < 2, 'A4, landscape')
                for (const panel of panels[s]) {
                    const here = page.words.filter((x) => squareOf(page, x).join() === SQUARE[panel.page].join())
                    const seen = here.map((x) => x.text)
                    for (const word of words(panel.text).split(' ').filter((x) => /^[\p{L}\d]{4,}$/u.test(x)))
                        assert.ok(seen.some((x) => x.includes(word)), `${view}, sheet ${s + 1}: "${word}" is not on page ${panel.page}`)
                    const line = words(panel.text.split('\n').find((x) => /^\p{L}{3,} .*\p{L}{3,}/u.test(x)) ?? '').split(' ')
                    const at = line.map((word) => here.find((x) => x.text === word)).filter(Boolean)
                    if (at.length > 1 && Math.abs(at[0].y - at[1].y) < 2)
                        assert.equal(at[1].x > at[0].x, panel.page < 4 || panel.page === 8, `page ${panel.page} the right way up`)
                }
            })
        }
        t.diagnostic(`${sheets} sheets`)
        assert.deepEqual(w.findings, [])
        await w.close()
    })

test('at 360 px, without scripts', async () => {
    const w = await Window.open(session, { server, lang: 'sv', js: false, width: 360 })
    for (const [name, address] of [['booklets', '/sv/booklets'], ['booklet', '/sv/booklet/substance'], ['booklet-close', '/sv/booklet/substance/close'], ['pocket-close', '/sv/booklet/substance/close/pocket']])
        await w.goto(address, name)
    assert.deepEqual(w.findings, [])
    await w.close()
})

const entryOf = (page, id) => new RegExp(`<li class="card" id="substance\\.${id}">[^]*?</li>`).exec(page.text)?.[0] ?? ''
const formOf = (id) => (f) => /staff\/booklets$/.test(f.action) && f.html.includes(`name="entry" value="${id}"`)

test('a partner confirms its own entry, and nothing else', async () => {
    const ngo = await staff(server, 'ngo', { lang: 'en' })
    await ngo.get('/en/staff/booklets')
    assert.equal(ngo.page.status, 200)
    assert.match(entryOf(ngo.page, 'relatives'), /These facts are right/)
    assert.equal(entryOf(ngo.page, 'county-line'), '', 'the county\'s own entries are not a partner\'s')
    const form = ngo.page.form(formOf('relatives'))
    await ngo.submit(formOf('relatives'), { right: '1' })
    assert.match(entryOf(ngo.page, 'relatives'), /Confirmed/)
    const forged = new URLSearchParams(form.fields.map(([n, v]) => [n, n === 'entry' ? 'county-line' : v]))
    forged.set('right', '1')
    const answer = await ngo.post('/en/staff/booklets', forged)
    assert.equal(answer.status, 404)
    ngo.close()
})

test('what has changed is told, marked for everybody, and seen by the editor first', async () => {
    const ed = await staff(server, 'ed', { lang: 'en' })
    await ed.get('/en/staff/booklets')
    await ed.submit(formOf('line'), { right: '0', note: '' })
    assert.equal(ed.page.status, 400)
    assert.match(ed.page.text, /Write what has changed/)
    await ed.submit(formOf('line'), { right: '0', note: 'The number is another one.' })
    assert.match(entryOf(ed.page, 'line'), /The number is another one\./)
    const resident = await ed.get('/en/booklet/substance/own')
    assert.match(resident.text, /Something has changed \(told/)
    assert.doesNotMatch(resident.text, /The number is another one/)
    await ed.get('/en/staff/booklets')
    const fields = ed.page.form(formOf('line')).fields.map(([n, v]) => [n, n === 'facts' ? '0'.repeat(32) : v])
    const old = await ed.post('/en/staff/booklets', new URLSearchParams([...fields, ['right', '1']]))
    assert.equal(old.status, 400)
    assert.match(old.text, /have changed since you opened the page/)
    ed.close()
})

test('others have no business there', async () => {
    const worker = await staff(server, 'worker-b', { lang: 'fi' })
    assert.equal((await worker.get('/fi/staff/booklets')).status, 403)
    worker.close()
})

test('what is not there', async () => {
    const w = await Window.open(session, { server, lang: 'fi' })
    for (const address of ['/fi/booklet/nothing', '/fi/booklet/substance/nobody', '/fi/booklet/substance/nobody/pocket']) {
        await w.page.goto(server.url + address)
        assert.equal(w.status, 404, address)
    }
    await w.goto('/fi/booklet/substance/own?text=xx', 'booklet-own')
    assert.equal(w.status, 200)
    await w.close()
})

test('every page of these is valid HTML', async () => {
    const { errors } = await validate(session)
    assert.deepEqual(errors, [])
})
