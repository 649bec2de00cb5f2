// browser.mjs: headless Chromium that looks at every page it comes to: axe finds nothing, nothing is wider than the window,
// the console is silent, no file is refused by the policy or missing, and the HTML as sent is kept for the validator. With
// --pictures, a picture of each page stays in build-check/shots (without scripts, of the Finnish ones).
//
// axe and the validator are slow, and a page that comes again is the same page, in another language or on the other engine: both
// judge a page once a run, told by its shape: the elements, where they stand, their names and attributes, with or without words.
// axe does so at each width, and once more in dark colours, where only the contrast is another: where it is wide, or, of a walk
// that is walked at both widths, where it is narrow. All else is looked at each time.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { checkDir, engine, long, root, tempDir } from './server.mjs'

const require = createRequire(import.meta.url)
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const COLOURS = ['color-contrast', 'link-in-text-block']
const PICTURES = Boolean(process.env.ASIALLA_PICTURES) // they are for people, and take a fifth of the processor's time
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage']
const HEIGHT = { 360: 740, 800: 1280, 1280: 900 } // 800: a kiosk's screen, touched

// What tells one page from another: its elements, each with its attributes and the four that it stands in, and which heading
// follows which. Not what words, numbers and addresses it has (but whether it has any), nor how many of a kind.
const WORDED = /^(?:href|src|(?:form)?action|value|content|title|alt|placeholder|lang|hreflang|datetime|summary|d|points|style|data-[\w-]+|label|aria-(?:label|description|valuetext|valuenow))$/
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/
const TAG = /<(\/?)([a-z][\w-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>|[^<]*[^<\s][^<]*/gi
const ATTRIBUTE = /([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g
export function shapeOf(html) {
    const found = new Set()
    const open = [] // [tag, tag and class]
    let heading = ''
    for (const [, end, name, attributes] of html.matchAll(TAG)) {
        const inside = open.slice(-4).map(([, where]) => where).join(' > ')
        const tag = name?.toLowerCase()
        if (!tag) {
            found.add(`${inside} > words`)
        } else if (end) {
            const at = open.findLastIndex(([o]) => o === tag)
            if (at >= 0)
                open.length = at
        } else {
            const said = [...attributes.matchAll(ATTRIBUTE)].map(([, key, a, b, c]) => [key, (a ?? b ?? c ?? '').trim().replace(/\w*\d\w*/g, '0')])
            found.add(`${inside} > ${tag} ${said.map(([key, value]) => `${key}=${WORDED.test(key) && value ? 'x' : value}`).sort().join(' ')}`)
            if (/^h[1-6]$/.test(tag))
                found.add(`${heading}, ${heading = tag}`)
            if (!VOID.test(tag) && !attributes.endsWith('/'))
                open.push([tag, `${tag}.${said.find(([key]) => key === 'class')?.[1] ?? ''}`])
        }
    }
    return [...found].sort().join('\n')
}

// Whether nobody said so before, in this run (of the runner; else of this program): true once, however many ask. --long: always.
function first(what, ...words) {
    if (long)
        return true
    const folder = path.join(checkDir, 'pages', what, process.env.ASIALLA_RUN ?? String(process.pid))
    mkdirSync(folder, { recursive: true })
    try {
        writeFileSync(path.join(folder, createHash('sha256').update(words.join('\n')).digest('hex')), '', { flag: 'wx' })
        return true
    } catch (e) {
        if (e.code !== 'EEXIST')
            throw e
        return false
    }
}

export async function openBrowser(name, { flags = [] } = {}) {
    const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((p) => p && existsSync(p))
    if (!executablePath)
        throw new Error('no Chromium: apt-get install chromium-headless-shell')
    const browser = await chromium.launch({ executablePath, args: [...FLAGS, ...flags], env: { ...process.env, HOME: tempDir('home') } })
    return { browser, name, pages: path.join(checkDir, 'pages', `${name}-${engine}`), kept: 0 }
}

// Somebody's browser window: its own cookies, a language, a width, with or without scripts.
export class Window {
    static async open(session, { server, lang = 'en', js = true, width = 1280, tag = '', colours = width === 1280 ? ['light', 'dark'] : ['light'] }) {
        const w = new Window()
        Object.assign(w, { session, server, lang, js, width, colours, findings: [] })
        w.tag = [lang, js ? 'js' : 'plain', width, tag].filter(Boolean).join('-')
        w.context = await session.browser.newContext({
            viewport: { width, height: HEIGHT[width] }, hasTouch: width === 800, javaScriptEnabled: js, colorScheme: 'light', reducedMotion: 'reduce', locale: lang,
        })
        w.page = await w.context.newPage()
        w.page.setDefaultTimeout(120_000)
        w.listen()
        return w
    }

    listen() {
        const page = this.page
        page.on('console', (m) => {
            const own = m.location().url && m.location().url === page.url() && /^Failed to load resource.* 4\d\d /.test(m.text())
            if (['error', 'warning'].includes(m.type()) && !own)
                this.find(`console: ${m.text()}`)
        })
        page.on('pageerror', (e) => this.find(`script: ${e}`))
        page.on('requestfailed', (r) => {
            if (r.resourceType() !== 'eventsource' && !/ERR_ABORTED/.test(r.failure()?.errorText ?? ''))
                this.find(`not loaded: ${r.url()} ${r.failure()?.errorText}`)
        })
        page.on('response', async (r) => {
            if (r.request().resourceType() === 'document' && (r.headers()['content-type'] ?? '').startsWith('text/html'))
                this.document = { status: r.status(), text: r.text().catch(() => '') }
            else if (r.status() >= 400)
                this.find(`${r.status()} for ${r.url()}`)
        })
    }

    find(what) {
        this.findings.push(`${this.at ?? ''} [${this.tag}] ${new URL(this.page.url(), 'http://x').pathname}: ${what}`)
    }

    get status() {
        return this.document?.status
    }

    async goto(pathname, name) {
        await this.page.goto(this.server.url + pathname, { waitUntil: 'load' })
        if (name)
            await this.look(name)
    }

    // Does something that leads to another page, and looks at that.
    async leads(name, action) {
        await Promise.all([this.page.waitForEvent('load'), action()])
        await this.look(name)
    }

    click(name, selector) {
        return this.leads(name, () => this.page.locator(selector).first().click())
    }

    async look(name) {
        const page = this.page
        this.at = name
        if (this.status === undefined || this.status >= 500)
            this.find(`answered ${this.status}`)
        const { over, lang, made, twice } = await page.evaluate(() => { // before the picture, which hides carets
            const root = document.documentElement
            const ids = [...document.querySelectorAll('[id]')].map((e) => e.id)
            return { over: root.scrollWidth - innerWidth, lang: root.lang, made: root.outerHTML, twice: ids.filter((id, i) => ids.indexOf(id) !== i) }
        })
        if (twice.length)
            this.find(`ids that are there twice: ${twice.join(' ')}`)
        if (over > 0)
            this.find(`${over} px wider than the window`)
        if (lang !== this.lang)
            this.find(`the page says that it is in ${lang}`)
        const picture = path.join(checkDir, 'shots', `${name}-${this.tag}.jpg`)
        if (PICTURES && (this.js || this.lang === 'fi') && first('shot', picture)) // a page looks the same on either engine
            await page.screenshot({ path: picture, type: 'jpeg', quality: 70, fullPage: true, animations: 'disabled' })
        await this.keep(name)
        if (this.js && first('axe', this.width, this.colours.join(), shapeOf(made)))
            await this.judge()
    }

    async judge() {
        await this.page.evaluate(AXE)
        let rules = AXE_TAGS
        for (const colorScheme of this.colours) {
            await this.page.emulateMedia({ colorScheme })
            await this.axe(`axe, in ${colorScheme} colours:`, rules)
            rules = { type: 'rule', values: COLOURS }
        }
        await this.page.emulateMedia({ colorScheme: 'light' })
    }

    async axe(said, rules) {
        const found = await this.page.evaluate((runOnly) => window.axe.run(document, { runOnly, resultTypes: ['violations'], preload: false }).then((r) => r.violations.map((v) => ({
            id: v.id, help: v.help, nodes: v.nodes.slice(0, 4).map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`),
        }))), rules)
        for (const v of found)
            this.find(`${said} ${v.id}: ${v.help}: ${v.nodes.join(' | ')}`)
    }

    async keep(name) {
        const text = await this.document?.text
        if (!text)
            return
        this.session.kept++
        if (!first('valid', shapeOf(text)))
            return
        mkdirSync(this.session.pages, { recursive: true })
        writeFileSync(path.join(this.session.pages, `${name}-${this.tag}.html`), text)
    }

    text(selector = 'main') {
        return this.page.locator(selector).first().innerText()
    }

    async close() {
        await this.context.close()
    }
}

// The validator over every page kept: what it calls an error, as lines "file:line: message".
export function validate({ pages: folder, kept }) {
    if (!existsSync(folder))
        return { files: 0, kept, errors: [] }
    const jar = path.join(root, 'node_modules', 'vnu-jar', 'build', 'dist', 'vnu.jar')
    const files = readdirSync(folder).filter((f) => f.endsWith('.html'))
    return new Promise((resolve, reject) => {
        // one level of compiling: it is over before the better compiler is of use
        execFile('java', ['-Xss2m', '-XX:TieredStopAtLevel=1', '-jar', jar, '--format', 'json', '--stdout', '--exit-zero-always', ...files.map((f) => path.join(folder, f))],
            { maxBuffer: 1 << 28, timeout: 240_000 }, (error, out, err) => {
                if (error)
                    return reject(new Error(`vnu: ${error.message}\n${err}`))
                const { messages } = JSON.parse(out)
                resolve({ files: files.length, kept, errors: messages.filter((m) => m.type === 'error' || m.type === 'non-document-error').map((m) =>
                    `${path.basename(m.url ?? '')}:${m.lastLine}: ${m.message} ${(m.extract ?? '').replace(/\s+/g, ' ').slice(0, 160)}`) })
            })
    })
}
