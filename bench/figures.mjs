// figures.mjs: every page of figures of a large county, as a manager, as a unit's head and as anybody, one after another and
// again: p50, p99 and the slowest in ms, over HTTP. Beside it what SQL over the rows of matters takes for what the page is made of
// (bench/figures.c, `scan`), measured in the same run; the ratio says how many times longer that is. The budget is 100 ms.
//
//     node bench/figures.mjs URL LOADS [SCANS-FILE [PID...]]
//
// The first load of each page is among the loads, and so in the slowest. Pages for anybody are kept by the server as they are: so that
// they are made each time, each load here has another number behind it. Of the PIDs (the server; PostgreSQL's
// processes as "PARENT/DATABASE") the processor time of a load is told beside: on a machine that does other things too that is what
// a page costs.
// Prints a line for each page ("who page p50 p99 slowest cpu ratio bytes"), then the worst; ends with 1 where a p50 is over the budget.
import http from 'node:http'
import { readdirSync, readFileSync } from 'node:fs'

const BUDGET = 100
const [url, loads, scansFile, ...pids] = [process.argv[2], Number(process.argv[3] ?? 50), ...process.argv.slice(4)]
if (!url || !(loads > 0)) {
    console.error('usage: figures.mjs URL LOADS [SCANS-FILE [PID...]]')
    process.exit(2)
}
const scans = new Map(scansFile ? readFileSync(scansFile, 'utf8').trim().split('\n').map((l) => l.split('\t')).map(([ms, name]) => [name, Number(ms)]) : [])
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })

class Person {
    jar = new Map()

    ask(method, target, fields) {
        const body = fields ? new URLSearchParams(fields).toString() : undefined
        const headers = { Cookie: [...this.jar].map(([k, v]) => `${k}=${v}`).join('; ') }
        if (body)
            Object.assign(headers, { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) })
        return new Promise((resolve, reject) => {
            const from = process.hrtime.bigint()
            const req = http.request(url + target, { method, headers, agent }, (res) => {
                const parts = []
                res.on('data', (d) => parts.push(d))
                res.on('end', () => {
                    const ms = Number(process.hrtime.bigint() - from) / 1e6
                    for (const c of res.headers['set-cookie'] ?? [])
                        this.jar.set(...c.split(';')[0].split(/=(.*)/s).slice(0, 2))
                    resolve({ ms, status: res.statusCode, location: res.headers.location, text: Buffer.concat(parts).toString('utf8') })
                })
            })
            req.on('error', reject)
            req.end(body)
        })
    }

    async signIn(role) {
        const page = await this.ask('GET', '/en/sign-in')
        const token = /name="_token" value="([^"]*)"/.exec(page.text)[1]
        const persona = [...page.text.matchAll(/name="persona" value="([^"]*)"[^]*?<\/button>/g)].find((m) => role.test(m[0]))
        if (!persona)
            throw new Error(`nobody to sign in as ${role}`)
        await this.ask('POST', '/en/sign-in/persona', { _token: token, persona: persona[1] })
        const a = await this.ask('GET', '/en/staff/figures')
        if (a.status !== 200)
            throw new Error(`${role}: ${a.status} of /en/staff/figures`)
        return this
    }
}

const QUEUES = 'queues of all units now', MONTHS = 'waits of a rule by month', UNIT = 'waits of a rule in a unit by month'
const CUTS = 'kept in time by language and district', MATTERS = 'matters by unit, channel and month'
const RULE = 'phc-treatment', OF = 'nurse-south'

// [page, the scan beside it]
const OPEN = [
    ['/en/waits', MONTHS], [`/fi/waits/${RULE}`, MONTHS], [`/sv/waits/${RULE}/${OF}`, UNIT],
    [`/en/waits.csv?rule=${RULE}`, MONTHS], [`/en/waits.json?rule=${RULE}&unit=${OF}`, UNIT], ['/waits/MONTH.csv', MATTERS],
    ['/en/waits/to', ''], ['/en/waits/half-years', MONTHS], ['/en/figures', ''], ['/en/figures/waiting-over', ''],
]
const list = (team) => [
    ...['over', 'waiting'].map((what) => [`/en/staff/figures/list?team=${team}&what=${what}`, QUEUES]),
    [`/en/staff/figures/list?team=${team}&rule=${RULE}&what=soon30`, QUEUES],
]
const staff = (team) => [
    [`/en/staff/figures?team=${team}`, QUEUES],
    [`/en/staff/figures/wait?team=${team}&rule=${RULE}`, team === '0' ? MONTHS : UNIT],
    [`/en/staff/figures/wait?team=${team}&rule=${RULE}&base=2024`, team === '0' ? MONTHS : UNIT],
    [`/en/staff/figures/open?team=${team}&rule=${RULE}`, CUTS],
    [`/en/staff/figures/flow?team=${team}`, MATTERS], [`/en/staff/figures/digital?team=${team}`, MATTERS],
    [`/en/staff/figures/equity?team=${team}&rule=${RULE}`, CUTS],
    [`/en/staff/figures/compare?team=${team}`, MATTERS], [`/en/staff/figures/compare?team=${team}&rule=${RULE}`, MONTHS],
    ...list(team),
    ['/en/staff/figures/targets', ''], ['/en/staff/figures/snapshots', ''], ['/en/staff/figures/purge', QUEUES],
    ['/en/staff/figures/purge/new', QUEUES],
]

async function pagesOf(who, pages) {
    const found = [...pages]
    const first = async (page, pattern) => {
        const links = [...(await who.ask('GET', page)).text.matchAll(pattern)].map((m) => m[1].replaceAll('&amp;', '&'))
        return [...new Set(links)]
    }
    if (pages === OPEN) {
        const half = (await who.ask('GET', '/en/waits/half-years')).location
        const links = await first(half ?? '/en/waits/half-years', /href="(\/en\/waits\/half-years\/[^"]+)"/g)
        found.push(...links.slice(0, 2).map((l) => [l, MONTHS]))
        const month = (await first('/en/waits', /href="(\/waits\/\d{4}-\d\d\.csv)"/g))[0]
        return found.map(([p, s]) => (p === '/waits/MONTH.csv' ? [month, s] : [p, s])).filter(([p]) => p)
    }
    for (const [page, pattern, n] of [['/en/staff/figures/snapshots', /href="(\/en\/staff\/figures\/snapshots\/\d+)"/g, 1],
        ['/en/staff/figures/purge', /href="(\/en\/staff\/figures\/purge\/\d+)"/g, 2]])
        found.push(...(await first(page, pattern)).slice(0, n).map((l) => [l, '']))
    return found
}

// Is this process one of those that are counted: "N", or of "N/NAME" a child of N that serves the database of that name?
function counted(pid) {
    if (pids.includes(pid))
        return true
    const parent = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1]
    return pids.some((p) => p.startsWith(`${parent}/`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(` ${p.split('/')[1]} `))
}

// Milliseconds of processor that they have had.
function cpu() {
    let ns = 0
    for (const pid of pids.length ? readdirSync('/proc').filter((d) => /^\d+$/.test(d)) : []) {
        try {
            for (const task of counted(pid) ? readdirSync(`/proc/${pid}/task`) : [])
                ns += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0])
        } catch { /* it ended */ }
    }
    return ns / 1e6
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]

let asked = Date.now()

async function measure(name, who, [page, scan]) {
    const ms = []
    let bytes = 0
    const before = cpu()
    for (let i = 0; i < loads; i++) {
        const a = await who.ask('GET', name === 'public' ? `${page}${page.includes('?') ? '&' : '?'}n=${++asked}` : page)
        if (a.status !== 200 && a.status !== 303 && a.status !== 302)
            throw new Error(`${name} ${page}: ${a.status}\n${a.text.slice(0, 300)}`)
        ms.push(a.ms)
        bytes = a.text.length
    }
    const worked = pids.length ? ((cpu() - before) / loads).toFixed(1) : ''
    ms.sort((x, y) => x - y)
    const [p50, p99] = [at(ms, 0.5), at(ms, 0.99)]
    const ratio = scans.has(scan) ? `${Math.round(scans.get(scan) / p50)}` : ''
    console.log(`${name.padEnd(8)} ${page.padEnd(64)} ${p50.toFixed(1).padStart(7)} ${p99.toFixed(1).padStart(7)} ${ms.at(-1).toFixed(1).padStart(7)} ` +
        `${worked.padStart(7)} ${ratio.padStart(7)} ${String(bytes).padStart(8)}${p50 > BUDGET ? ' !' : ''}`)
    return { name, page, p50, p99 }
}

const people = [
    ['public', new Person(), OPEN],
    ['manager', await new Person().signIn(/Manager: figures/), [...staff('0'), ...staff('1').slice(0, 10)]],
    ['head', await new Person().signIn(/head of unit/i), null],
]
const only = new RegExp(process.env.PAGES ?? '')
const all = []
console.log(`${'who'.padEnd(8)} ${'page'.padEnd(64)} ${['p50', 'p99', 'slowest', 'cpu', 'ratio'].map((w) => w.padStart(7)).join(' ')}    bytes`)
for (const [name, who, pages] of people) {
    const own = pages ?? staff(/[?&;]team=([1-9]\d*)/.exec((await who.ask('GET', '/en/staff/figures')).text)[1])
    for (const page of await pagesOf(who, own))
        if (only.test(`${name} ${page[0]}`))
            all.push(await measure(name, who, page))
}
agent.destroy()
const worst = all.reduce((x, y) => (y.p50 > x.p50 ? y : x))
const late = all.filter((p) => p.p50 > BUDGET)
console.log(`${all.length} pages, ${loads} loads each; slowest p50: ${worst.p50.toFixed(1)} ms, ${worst.name} ${worst.page}; ` +
    `over ${BUDGET} ms at p50: ${late.length}, at p99: ${all.filter((p) => p.p99 > BUDGET).length}`)
process.exitCode = late.length ? 1 : 0
