// scale.mjs: every page and every act of the program, asked of a small and of a large sample county in turn, by the same
// people in the same way. Printed are the median and the 95th percentile of both, and the ratio of what four of five requests
// take longer than, because other work on the machine only adds; the last line names the worst.
//
//     bench/scale [--check] [--scale N] [--rounds N] [--small PLACE --large PLACE]
//
// A page of the queue shows at most 50 matters. Where the small county has only seven to show, its page is shorter, and not
// because the county is small but because the page is not full: so the ratio is to the time that the small county would take
// for as many lines (what a line costs is measured there too: a full page less the shortest). The plain ratio stands beside.
//
// --check ends with 1 if a ratio is over 1.5. No time itself is asserted: both counties are served by this machine at the same
// time, and each request to one is followed by the same request to the other, so what disturbs the one disturbs the other. This
// script has the first processor and both servers the last, or else which of them wakes up where decides over the short pages.
// A ratio over the limit is measured again, twice, with all the rounds before it counts.
//
// PLACE is where a county made by `asialla demo` is, one of:
//     a data folder                    served by a server started here; contacts are made and closed in it
//     options for `asialla serve`      where it begins with "-": "--store postgresql://... --data DIR"
//     http://...                       a server that runs already: with --demo --contacts 0 --proxy 127.0.0.1
// Without PLACEs both counties are made in a temporary folder (--scale 100 takes some minutes and 1.4 GB).
//
// A round makes two contacts, works on them and closes them, so both counties are after it what they were before. Every
// route in the route tables of the source must have been asked, or be on the list of those that need not be.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { unescapeHtml, Visitor } from '../tests/lib/client.mjs'
import { fillContact } from '../tests/lib/people.mjs'
import { routes } from '../tests/lib/routes.mjs'
import { root } from '../tests/lib/server.mjs'

const LIMIT = 1.5
const QUIET = 0.2
const WARM_UP = 5
const LONG_HISTORY = 120
const OTHERS = 400
const UNMEASURED = {
    'POST /:lang/sign-in': 'takes as long as argon2id is told to',
    'GET /:lang/staff/stream': 'stays open',
    'GET /static/:file': 'no store',
    'GET /health': 'no store',
    'GET /health/ready': 'no store',
    'GET /metrics': 'no store',
}
const bin = process.env.ASIALLA_BIN

// ---- options ----

function usage(what) {
    console.error(`bench/scale: ${what}\nusage: bench/scale [--check] [--scale N] [--rounds N] [--small PLACE --large PLACE]`)
    process.exit(2)
}

function readOptions(argv) {
    const o = { check: false, scale: '100', rounds: '150', small: '', large: '' }
    for (let i = 0; i < argv.length; i++) {
        const name = argv[i].replace(/^--/, '')
        if (!(name in o) || argv[i] === name)
            usage(`there is no option ${argv[i]}`)
        if (name !== 'check' && i + 1 >= argv.length)
            usage(`${argv[i]} wants a value`)
        o[name] = name === 'check' ? true : argv[++i]
    }
    if (!o.small !== !o.large)
        usage('--small and --large go together')
    o.rounds = Number(o.rounds)
    if (!(o.rounds >= 1))
        usage('--rounds wants a number')
    return o
}

// ---- counties ----

const ending = []
process.on('exit', () => ending.reverse().forEach((end) => end()))
for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => process.exit(130))

function makeCounties(scale) {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'asialla-scale-'))
    ending.push(() => rmSync(folder, { recursive: true, force: true }))
    return [1, scale].map((n) => {
        const data = path.join(folder, `county-${n}`)
        const r = spawnSync(bin, ['demo', '--data', data, '--months', '4', '--scale', String(n)], { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })
        if (r.status !== 0)
            throw new Error(`asialla demo --scale ${n}: ${r.stderr}`)
        return data
    })
}

async function serve(place) {
    if (/^https?:/.test(place))
        return place.replace(/\/$/, '')
    const where = place.startsWith('-') ? place.split(/\s+/) : ['--data', place]
    const child = spawn('taskset', ['-c', String(os.cpus().length - 1), bin, 'serve', ...where,
        '--listen', '127.0.0.1:0', '--demo', '--contacts', '0', '--proxy', '127.0.0.1'], { stdio: ['ignore', 'ignore', 'pipe'] })
    ending.push(() => child.kill())
    let log = ''
    child.stderr.on('data', (d) => { log += d })
    for (let i = 0; i < 600; i++) {
        const port = /\(port (\d+)\)/.exec(log)?.[1]
        if (port)
            return `http://127.0.0.1:${port}`
        if (child.exitCode !== null)
            break
        await new Promise((r) => setTimeout(r, 100))
    }
    throw new Error(`the server over ${place} did not start:\n${log}`)
}

// ---- one connection, timed ----

// Node's own client takes as long as a page does; this one only writes and waits for so many bytes.
class Wire {
    constructor(url) {
        this.url = new URL(url)
        this.waiting = null
    }

    connect() {
        return new Promise((resolve, reject) => {
            this.socket = net.connect(Number(this.url.port), this.url.hostname, resolve)
            this.socket.setNoDelay(true)
            this.socket.on('error', reject)
            this.socket.on('data', (d) => this.take(d))
            this.socket.on('close', () => this.waiting?.reject(new Error('the server hung up')))
        })
    }

    take(d) {
        const w = this.waiting
        if (!w)
            return
        w.parts.push(d)
        w.got += d.length
        if (w.whole === undefined) {
            const text = Buffer.concat(w.parts).toString('latin1')
            const end = text.indexOf('\r\n\r\n')
            if (end < 0)
                return
            w.head = text.slice(0, end)
            w.body = end + 4
            w.whole = w.body + Number(/\r\ncontent-length: (\d+)/i.exec(w.head)?.[1] ?? 0)
        }
        if (w.got < w.whole)
            return
        this.waiting = null
        const us = Number(process.hrtime.bigint() - w.from) / 1000
        const text = Buffer.concat(w.parts).subarray(w.body).toString('utf8')
        w.resolve({
            us, text,
            status: Number(w.head.slice(9, 12)),
            location: /\r\nlocation: (.*)/i.exec(w.head)?.[1],
            cookies: [...w.head.matchAll(/\r\nset-cookie: ([^=]+)=([^;\r]*)/gi)],
        })
    }

    ask(text) {
        return new Promise((resolve, reject) => {
            this.waiting = { resolve, reject, parts: [], got: 0, from: process.hrtime.bigint() }
            this.socket.write(text)
        })
    }
}

let addresses = 0

// Somebody at a browser on that wire: an own cookie jar; each request comes from an address of its own, so that no limit on
// tries is met.
class Person {
    constructor(wire) {
        this.wire = wire
        this.jar = new Map()
    }

    async ask(method, target, fields) {
        const n = ++addresses
        const body = fields ? new URLSearchParams(fields).toString() : ''
        let head = `${method} ${target} HTTP/1.1\r\nHost: ${this.wire.url.host}\r\nX-Forwarded-For: 10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}\r\n`
        if (this.jar.size)
            head += `Cookie: ${[...this.jar].map(([k, v]) => `${k}=${v}`).join('; ')}\r\n`
        if (fields)
            head += `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`
        const a = await this.wire.ask(head + '\r\n' + body)
        for (const [, name, value] of a.cookies)
            value ? this.jar.set(name, value) : this.jar.delete(name)
        return a
    }
}

const token = (a) => /name="_token" value="([^"]*)"/.exec(a.text)?.[1]

// ---- a county, and what is remembered of it ----

const QUERIES = readFileSync(path.join(root, 'bench', 'queries.txt'), 'utf8').trim().split('\n').map((l) => l.split(' '))

class County {
    async open(url) {
        this.wire = new Wire(url)
        await this.wire.connect()
        this.public = new Person(this.wire)
        this.resident = new Person(this.wire)
        this.worker = new Person(this.wire)
        this.head = new Person(this.wire)
        this.newcomer = new Person(this.wire)
        this.refs = { list: [], at: 0 }
        this.lines = new Map() // of a page of the queue
        await this.readDirectory()
        await this.readForms(url)
        await this.signIn()
        await this.readQueue()
    }

    async readDirectory() {
        const first = (a, kind) => new RegExp(`href="/en(/${kind}/[^"?]+)"`).exec(a.text)?.[1]
        const front = await this.public.ask('GET', '/en/')
        const themes = await this.public.ask('GET', '/en/themes')
        this.theme = first(themes, 'theme')
        this.life = first(front, 'life') ?? first(themes, 'life')
        this.service = first(await this.public.ask('GET', '/en' + this.theme), 'service')
        this.place = first(await this.public.ask('GET', '/en' + this.service), 'place')
        if (!this.theme || !this.life || !this.service || !this.place)
            throw new Error('no theme, situation of life, service or place in this county')
    }

    // What a resident and a professional fill in, taken once.
    async readForms(url) {
        const v = new Visitor({ url })
        await fillContact(v, { form: 'health', answers: { 'd.area': 'tikkurila', 'd.reach': 'message' } })
        this.contact = v.page.form(/\/contact\/health$/).fields
        v.close()
    }

    async signIn() {
        const page = await this.public.ask('GET', '/en/sign-in')
        const personas = [...page.text.matchAll(/name="persona" value="([^"]*)"[^]*?<\/button>/g)]
        const head = personas.find((m) => /Head of unit/.test(m[0]))[1]
        const worker = personas.find((m) => !/Head of unit/.test(m[0]))[1]
        this.persona = worker
        for (const [who, login] of [[this.head, head], [this.worker, worker]])
            await who.ask('POST', '/en/sign-in/persona', [['_token', token(page)], ['persona', login]])
        const queue = await this.worker.ask('GET', '/en/staff/')
        this.token = token(queue)
        this.colleague = [...queue.text.matchAll(/<option value="(\d+)">/g)].at(-1)?.[1]
        if (queue.status !== 200 || !this.token)
            throw new Error(`${worker} could not sign in`)
    }

    refsOf(a) {
        return [...a.text.matchAll(/class="queue__what" href="[^"]*\/staff\/matter\/([^"?]+)"/g)].map((m) => m[1])
    }

    // The last page of that queue, by trying: its address holds the page's number.
    async lastPage(query) {
        const there = async (n) => this.refsOf(await this.worker.ask('GET', `/en/staff/?${query}&page=${n}`)).length > 0
        let low = 1, high = 2
        while (await there(high)) {
            low = high
            high *= 2
        }
        while (high - low > 1) {
            const mid = (low + high) >> 1
            await there(mid) ? low = mid : high = mid
        }
        return low
    }

    async readQueue() {
        this.last = {}
        for (const query of QUEUES)
            this.last[query] = await this.lastPage(query)
        const pages = this.last[QUEUES[0]]
        for (let n = 1; n <= pages && this.refs.list.length < OTHERS; n += Math.max(1, Math.floor(pages / (OTHERS / 50))))
            this.refs.list.push(...this.refsOf(await this.worker.ask('GET', `/en/staff/?page=${n}`)))
        this.open = Number(/<b>(\d+)<\/b> open matters/.exec((await this.worker.ask('GET', '/en/staff/')).text)?.[1])
        await this.sendContact()
        await this.findMatter()
        await this.act('taken')
        for (let i = 0; i < LONG_HISTORY; i++)
            await this.act('noted', { text: `Note ${i} of a long history.` })
        this.long = this.ref
    }

    // ---- what people do; each returns its last answer ----

    async sendContact() {
        const once = Array.from({ length: 26 }, () => 'abcdefghjkmnpqrstvwxyz0123456789'[Math.floor(Math.random() * 32)]).join('')
        const a = await this.public.ask('POST', '/en/contact/health', this.contact.map(([n, v]) => [n, n === 'once' ? once : v]))
        this.code = /<span class="code"[^>]*>([^<]+)<\/span>/.exec(a.text)?.[1]
        return a
    }

    async openStatus() {
        this.resident.jar.clear()
        return this.resident.ask('POST', '/en/status', [['code', this.code]])
    }

    async seeStatus() {
        const a = await this.resident.ask('GET', '/en/status/matter')
        this.number = /Number of the matter, when you call: ([\w-]+)/.exec(a.text)?.[1]
        this.residentToken = token(a)
        return a
    }

    // Unmeasured: the number of the matter, from the resident's page, to the worker.
    async findMatter() {
        await this.openStatus()
        await this.seeStatus()
        return this.jump()
    }

    async jump() {
        const a = await this.worker.ask('GET', `/en/staff/?ref=${this.number}`)
        this.ref = /\/staff\/matter\/([\w-]+)$/.exec(a.location ?? '')?.[1]
        return a
    }

    act(kind, more = {}) {
        return this.worker.ask('POST', `/en/staff/matter/${this.ref}`, { _token: this.token, act: kind, ...more })
    }

    nextRef() {
        return this.refs.list[this.refs.at++ % this.refs.list.length]
    }
}

const QUEUES = ['', 'clock=over', 'clock=today', 'clock=later', 'who=me', 'who=none', 'lang=fi', 'lang=sv', 'lang=en', 'lang=interpreter']

// ---- the steps of a round ----

// [words, route, status, (county, round) => answer]
const get = (words, route, who, target) => [words, `GET ${route}`, 200, (c, i) => c[who].ask('GET', typeof target === 'function' ? target(c, i) : target)]

function search(lang) {
    const own = QUERIES.filter(([l]) => l === lang)
    return get(`search, ${lang}`, '/:lang/search', 'public', (c, i) => `/${lang}/search?q=${own[i % own.length][1]}`)
}

const queues = QUEUES.flatMap((query) => {
    const name = `queue${query && ', '}${query}`
    const page = (words, n) => get(name + words, '/:lang/staff/', 'worker', (c) => `/en/staff/?${query}${n(c) > 1 ? `&page=${n(c)}` : ''}`)
    return query === '' || query === 'who=none'
        ? [page('', () => 1), page(', page 2', () => 2), page(', last page', (c) => c.last[query])]
        : [page('', () => 1), page(', last page', (c) => c.last[query])]
})

const contactPage = (words, at, to) => [words, 'POST /:lang/contact/:form', 200, (c) =>
    c.public.ask('POST', '/en/contact/health', [...c.contact.map(([n, v]) => [n, n === 'at' ? at : v]), ...(to ? [['to', to]] : [])])]

const act = (words, kind, more) => [words, 'POST /:lang/staff/matter/:ref', 303, (c) => c.act(kind, more)]

const STEPS = [
    ['the address alone', 'GET /', 303, (c) => c.public.ask('GET', '/')],
    ['front, without its slash', 'GET /:lang', 303, (c) => c.public.ask('GET', '/en')],
    get('front', '/:lang/', 'public', '/en/'),
    get('themes', '/:lang/themes', 'public', '/en/themes'),
    get('theme', '/:lang/theme/:code', 'public', (c) => '/en' + c.theme),
    get('situation of life', '/:lang/life/:code', 'public', (c) => '/en' + c.life),
    get('service', '/:lang/service/:ref', 'public', (c) => '/en' + c.service),
    get('place', '/:lang/place/:ref', 'public', (c) => '/en' + c.place),
    search('fi'), search('sv'), search('en'),
    get('accessibility', '/:lang/accessibility', 'public', '/en/accessibility'),
    get('privacy', '/:lang/privacy', 'public', '/en/privacy'),
    get('about', '/:lang/about', 'public', '/en/about'),
    get('style guide', '/:lang/style', 'public', '/en/style'),
    get('style guide, no language', '/style', 'public', '/style'),

    get('contact: subjects', '/:lang/contact', 'public', '/en/contact'),
    get('contact: first step', '/:lang/contact/:form', 'public', '/en/contact/health'),
    contactPage('contact: second step', '0', ''),
    contactPage('contact: about you', 'check', 'you'),
    contactPage('contact: check and send', 'you', ''),
    ['contact: sent, receipt', 'POST /:lang/contact/:form', 200, (c) => c.sendContact()],
    ['status: asks the code', 'GET /:lang/status', 200, (c) => { c.resident.jar.clear(); return c.resident.ask('GET', '/en/status') }],
    ['status: wrong code', 'POST /:lang/status', 403, (c) => c.resident.ask('POST', '/en/status', [['code', '0000-0000-00000']])],
    ['status: code given', 'POST /:lang/status', 303, (c) => c.openStatus()],
    ['status: the matter', 'GET /:lang/status/matter', 200, (c) => c.seeStatus()],
    ['status: message', 'POST /:lang/status/matter/message', 303, (c) =>
        c.resident.ask('POST', '/en/status/matter/message', { _token: c.residentToken, text: 'It is worse today.' })],

    ['queue: jump by reference', 'GET /:lang/staff/', 303, (c) => c.jump()],
    get('matter, new', '/:lang/staff/matter/:ref', 'worker', (c) => `/en/staff/matter/${c.ref}`),
    act('take', 'taken'),
    get('matter, own', '/:lang/staff/matter/:ref', 'worker', (c) => `/en/staff/matter/${c.ref}?done=taken`),
    get('matter, services found', '/:lang/staff/matter/:ref', 'worker', (c) => `/en/staff/matter/${c.ref}?find=knee`),
    ['act refused', 'POST /:lang/staff/matter/:ref', 422, (c) => c.act('closed')],
    act('note', 'noted', { text: 'Called, no answer.' }),
    act('call missed', 'missed', { text: 'No answer.' }),
    act('answer', 'answered', { text: 'We call you tomorrow.' }),
    act('put back', 'released'),
    act('take again', 'taken'),
    act('close', 'closed', { outcome: 'advice', text: 'Rest, and call us if it gets worse.' }),
    ['status: the matter, closed', 'GET /:lang/status/matter', 200, (c) => c.seeStatus()],
    get('matter, long history', '/:lang/staff/matter/:ref', 'worker', (c) => `/en/staff/matter/${c.long}`),
    get('matter, each time another', '/:lang/staff/matter/:ref', 'worker', (c) => `/en/staff/matter/${c.nextRef()}`),
    ...queues,
    get('queue of a colleague', '/:lang/staff/', 'worker', (c) => `/en/staff/?who=${c.colleague}`),
    get('overview', '/:lang/staff/overview', 'head', '/en/staff/overview'),

    get('new matter: subjects', '/:lang/staff/new', 'worker', '/en/staff/new'),
    get('new matter: form', '/:lang/staff/new/:form', 'worker', '/en/staff/new/health'),
    ['new matter: saved', 'POST /:lang/staff/new/:form', 200, async (c) => {
        const own = c.contact.filter(([n]) => n.startsWith('q.') || n.startsWith('d.'))
        const day = new Date(Date.now() - 48 * 3600e3).toISOString().slice(0, 10)
        const a = await c.worker.ask('POST', '/en/staff/new/health', [['_token', c.token], ['once', `${Math.random()}`.padEnd(26, '0').slice(0, 26)],
            ['channel', 'phone'], ['on', day], ['at', '09:00'], ['take', 'yes'], ...own])
        c.ref = /\/staff\/matter\/([\w-]+)"/.exec(a.text)?.[1]
        c.code = /<span class="code"[^>]*>([^<]+)<\/span>/.exec(a.text)?.[1]
        return a
    }],
    [null, '', 303, (c) => c.openStatus()],
    [null, '', 200, (c) => c.seeStatus()],
    ['status: cancel', 'POST /:lang/status/matter/cancel', 303, (c) =>
        c.resident.ask('POST', '/en/status/matter/cancel', { _token: c.residentToken, why: '' })],
    [null, '', 200, (c) => c.seeStatus()],
    ['status: leave', 'POST /:lang/status/leave', 303, (c) => c.resident.ask('POST', '/en/status/leave', { _token: c.residentToken })],

    ['sign-in', 'GET /:lang/sign-in', 200, async (c) => {
        c.newcomer.jar.clear()
        const a = await c.newcomer.ask('GET', '/en/sign-in')
        c.newToken = token(a)
        return a
    }],
    ['sign-in: persona', 'POST /:lang/sign-in/persona', 303, (c) =>
        c.newcomer.ask('POST', '/en/sign-in/persona', { _token: c.newToken, persona: c.persona })],
    [null, '', 200, async (c) => {
        const a = await c.newcomer.ask('GET', '/en/staff/new')
        c.newToken = token(a)
        return a
    }],
    ['sign out', 'POST /:lang/staff/sign-out', 303, (c) => c.newcomer.ask('POST', '/en/staff/sign-out', { _token: c.newToken })],
]

function checkRoutes() {
    const asked = new Set(STEPS.map(([, route]) => route))
    const left = routes().flatMap((r) => r.methods.map((m) => `${m} ${r.path}`)).filter((r) => !asked.has(r) && !(r in UNMEASURED))
    if (left.length)
        throw new Error(`bench/scale asks every page; these are new to it: ${left.join(', ')}`)
}

// ---- measuring ----

async function oneStep(county, [words, , status, run], round) {
    const a = await run(county, round)
    if (a.status !== status)
        throw new Error(`${words}: ${a.status} instead of ${status}\n${unescapeHtml(a.text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')).slice(0, 600)}`)
    if (words?.startsWith('queue'))
        county.lines.set(words, county.refsOf(a).length)
    return a.us
}

async function measure(counties, rounds, times) {
    for (let i = -WARM_UP; i < rounds; i++)
        for (const step of STEPS)
            for (const side of i % 2 ? [0, 1] : [1, 0]) {
                const us = await oneStep(counties[side], step, i + WARM_UP)
                if (i >= 0 && step[0])
                    times.get(step[0])[side].push(us)
            }
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]

function figures(times, counties) {
    const list = [...times].map(([words, sides]) => {
        const [small, large] = sides.map((s) => [...s].sort((x, y) => x - y))
        const [few, many] = counties.map((c) => c.lines.get(words) ?? 0)
        return { words, few, many, small: at(small, 0.5), small95: at(small, 0.95), large: at(large, 0.5), large95: at(large, 0.95),
            base: at(small, QUIET), grown: at(large, QUIET) }
    })
    const pages = list.filter((f) => counties[0].lines.has(f.words)).sort((x, y) => x.few - y.few)
    const [short, full] = [pages[0], pages.at(-1)]
    const line = full.few > short.few ? Math.max(0, full.base - short.base) / (full.few - short.few) : 0
    for (const f of list) {
        f.plain = f.grown / f.base
        f.ratio = f.grown / (f.base + Math.max(0, f.many - f.few) * line)
    }
    return list
}

function print(list, counties) {
    const cell = (us) => (us / 1000).toFixed(2).padStart(8)
    console.log(`${'times in ms'.padEnd(36)} ${'small county'.padStart(16)} ${'large county'.padStart(17)}              plain`)
    console.log(`${`(${counties[0].open} and ${counties[1].open} open in this team)`.padEnd(36)}   median     p95   median     p95    ratio   ratio    lines`)
    for (const f of list)
        console.log(`${f.words.padEnd(36)} ${cell(f.small)}${cell(f.small95)} ${cell(f.large)}${cell(f.large95)} ${f.ratio.toFixed(2).padStart(8)}${f.plain.toFixed(2).padStart(8)}` +
            `${f.many ? `${f.few} / ${f.many}`.padStart(9) : ''}${f.ratio > LIMIT ? ' !' : ''}`)
}

const options = readOptions(process.argv.slice(2))
spawnSync('taskset', ['-a', '-p', '-c', '0', String(process.pid)])
if (!bin && ![options.small, options.large].every((p) => /^https?:/.test(p)))
    usage('ASIALLA_BIN names no program')
checkRoutes()
const counties = [new County(), new County()]
const places = options.small ? [options.small, options.large] : makeCounties(options.scale)
for (const i of [0, 1])
    await counties[i].open(await serve(places[i]))

let list
let left = options.check ? 3 : 1
const times = new Map(STEPS.filter(([w]) => w).map(([w]) => [w, [[], []]]))
do {
    await measure(counties, options.rounds, times)
    list = figures(times, counties)
} while (--left > 0 && list.some((f) => f.ratio > LIMIT))
for (const c of counties)
    { c.ref = c.long; await c.act("closed", { outcome: "other", text: "The end." }) }

print(list, counties)
const worst = list.reduce((x, y) => (y.ratio > x.ratio ? y : x))
console.log(`\nworst: ${worst.words}, ${worst.ratio.toFixed(2)} times (limit ${LIMIT.toFixed(2)})`)
process.exit(options.check && worst.ratio > LIMIT ? 1 : 0)
