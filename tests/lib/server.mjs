// server.mjs: the program under test: a server on a free port over a data folder of its own, commands run to their end, and
// folders to work in. Every server that a test started is stopped when the test process ends; a server that ends badly, or
// says anything that a sanitizer says, makes stop() throw.
//
// The store is SQLite in the folder or, with ASIALLA_ENGINE=postgresql, a database that belongs to the folder: whoever names
// the folder here (`--data`) gets ASIALLA_STORE with it, so that a test says "a county" and means either engine. What is about
// the file itself is said by onSqlite('...', fn) instead of test('...', fn), what is about a server by onPostgres.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createDatabase, dump, serverAddress } from './postgres.mjs'
import test, { atEnd } from './test.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
export const root = path.resolve(here, '..', '..')
export const checkDir = process.env.ASIALLA_CHECK ?? path.join(root, 'build-check')
export const bin = process.env.ASIALLA_BIN ?? path.join(checkDir, 'asialla')
export const releaseBin = process.env.ASIALLA_RELEASE ?? path.join(root, 'build', 'asialla')
export const long = Boolean(process.env.ASIALLA_LONG)
export const engine = process.env.ASIALLA_ENGINE ?? 'sqlite'
export const sharedData = path.join(root, '..', 'shared', 'data')

if (!['sqlite', 'postgresql'].includes(engine))
    throw new Error(`ASIALLA_ENGINE is sqlite or postgresql, not ${engine}`)
export const onSqlite = engine === 'sqlite' ? test : () => {}
export const onPostgres = engine === 'postgresql' ? test : () => {}

const PATIENCE_MS = 180_000
const SANITIZER = /ERROR: (?:Address|Leak|Undefined)|runtime error:|SUMMARY: \w*Sanitizer|Assertion .* failed/

// The leak check itself fell: seen once, when all threads of the server had ended. It may be that gcc 12's takes a malloc header
// before a thread's own memory for the loader's. Nothing was found and nothing told; the same is looked for at each other stop.
const BLIND = /Tracer caught signal 11[^]*LeakSanitizer has encountered a fatal error/

const folders = []
const running = new Set()

function endAll() {
    for (const server of running)
        server.child.kill('SIGKILL')
}
atEnd(endAll) // else what a failed test left would keep the file alive
process.on('exit', () => {
    endAll()
    for (const folder of folders)
        rmSync(folder, { recursive: true, force: true })
})

export function tempDir(name = 'data') {
    const parent = path.join(checkDir, 'tmp')
    mkdirSync(parent, { recursive: true })
    const folder = mkdtempSync(path.join(parent, name + '-'))
    folders.push(folder)
    return folder
}

// ---- which store ----

const stores = new Map() // a folder's database, on PostgreSQL

// The address of the folder's store; null: it is in the folder, as on SQLite, or where a backup was put there. A folder that
// nobody made a county in gets an empty database when it is first named.
export function storeOf(folder) {
    const key = path.resolve(root, folder)
    if (engine === 'sqlite' || existsSync(path.join(key, 'asialla.db')))
        return null
    if (!stores.has(key))
        stores.set(key, createDatabase())
    return stores.get(key)
}

// Every text in the folder's store.
export function storeText(folder) {
    const url = storeOf(folder)
    return url ? dump(url) : readFileSync(path.join(folder, 'asialla.db'), 'utf8')
}

// What the environment says of the store, for these words of a command line: nothing where they say it themselves.
export function storeEnv(words, env = {}) {
    const at = words.indexOf('--data')
    if (at < 0 || at + 1 >= words.length || words.some((w) => /^--store\b/.test(w)) || 'ASIALLA_STORE' in env)
        return env
    const url = storeOf(words[at + 1])
    return url ? { ...env, ASIALLA_STORE: url } : env
}

// ---- commands and servers ----

// A command run to its end: { status, out, err }.
export function asialla(args, { input = '', cwd = root, using = bin, env = {} } = {}) {
    const r = spawnSync(using, args, {
        input, cwd, encoding: 'utf8', timeout: 300_000, maxBuffer: 1 << 28, env: { ...process.env, ...storeEnv(args, env) },
    })
    if (SANITIZER.test(r.stderr))
        throw new Error(`asialla ${args.join(' ')}:\n${r.stderr.slice(0, 6000)}`)
    return { status: r.status, signal: r.signal, out: r.stdout, err: r.stderr }
}

function must(args, options) {
    const r = asialla(args, options)
    if (r.status !== 0)
        throw new Error(`asialla ${args.join(' ')} ended with ${r.status ?? r.signal}: ${r.err || r.out}`)
    return r
}

class Server {
    constructor(child, data) {
        this.child = child
        this.data = data
        this.log = ''
        this.ended = new Promise((resolve) => child.on('close', (status, signal) => resolve({ status, signal })))
        child.stderr.on('data', (d) => { this.log += d })
    }

    get url() {
        return `http://127.0.0.1:${this.port}`
    }

    async ready() {
        const until = Date.now() + PATIENCE_MS
        let ended = false
        this.ended.then(() => { ended = true })
        for (;;) {
            const m = /\(port (\d+)\)/.exec(this.log)
            if (m) {
                this.port = Number(m[1])
                return this
            }
            if (ended || Date.now() > until) {
                this.child.kill('SIGKILL')
                throw new Error(`the server did not start:\n${this.log}`)
            }
            await new Promise((r) => setTimeout(r, 15))
        }
    }

    // A clean stop: ended by itself, with 0, and no sanitizer complained at any time.
    async stop(signal = 'SIGTERM') {
        running.delete(this)
        this.child.kill(signal)
        const timer = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE_MS)
        const end = await this.ended
        clearTimeout(timer)
        const complaint = this.log.search(SANITIZER)
        if (complaint >= 0) // where it begins: what was logged before may be long
            throw new Error(`the server under test:\n${this.log.slice(Math.max(0, complaint - 300), complaint + 8000)}`)
        if (end.status === 1 && BLIND.test(this.log))
            console.log('# the sanitizer could not look for leaks of one server')
        else if (end.status !== 0)
            throw new Error(`the server ended with ${end.status ?? end.signal}:\n${this.log.slice(-4000)}`)
        return this.log
    }

    async kill() {
        running.delete(this)
        this.child.kill('SIGKILL')
        await this.ended
    }
}

export async function startServer({ data, args = [], using = bin, env = {}, command = 'serve', stdin = 'ignore' } = {}) {
    const folder = data ?? tempDir()
    const words = [command, '--data', folder, '--listen', '127.0.0.1:0', ...args].filter(Boolean)
    const child = spawn(using, words, {
        cwd: root, stdio: [stdin, stdin === 'ignore' ? 'ignore' : 'pipe', 'pipe'],
        env: { ...process.env, ...storeEnv(words, env) },
    })
    const server = new Server(child, folder)
    running.add(server)
    return server.ready()
}

// ---- counties ----

export const PASSWORD = 'correct horse battery staple'
export const RACERS = 20
export const STAFF = [
    { login: 'admin', name: 'Aino Admin', role: 'admin' },
    { login: 'head', name: 'Helena Head', role: 'head', team: 'guidance' },
    { login: 'worker', name: 'Veikko Worker', role: 'worker', team: 'guidance', profession: 'service-adviser' },
    { login: 'other', name: 'Olga Other', role: 'worker', team: 'adult-social', profession: 'social-worker' },
    { login: 'nurse', name: 'Noora Nurse', role: 'worker', team: 'nurse-south', profession: 'nurse' },
    ...Array.from({ length: RACERS }, (_, i) => ({ login: `racer${i}`, name: `Racer Number${i}`, role: 'worker', team: 'guidance' })),
]

// Says which program, and which server of PostgreSQL, something was made with.
const marks = {}
function made(on = engine) {
    marks[on] ??= createHash('sha256').update(readFileSync(bin)).update(on === 'sqlite' ? '' : serverAddress()).digest('hex').slice(0, 12)
    return marks[on]
}

// Makes a folder once for all tests of a run, however many processes ask at the same time.
function once(name, make, on = engine) {
    const folder = path.join(checkDir, 'tmp', `${name}-${made(on)}`)
    const lock = folder + '.lock'
    mkdirSync(path.dirname(folder), { recursive: true })
    const until = Date.now() + 300_000
    while (!existsSync(folder)) {
        try {
            mkdirSync(lock)
        } catch {
            if (Date.now() > until)
                throw new Error(`${lock} stays: who makes ${name}?`)
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
            continue
        }
        try {
            if (!existsSync(folder)) {
                const half = folder + '.new'
                rmSync(half, { recursive: true, force: true })
                make(half)
                renameSync(half, folder)
            }
        } finally {
            rmSync(lock, { recursive: true })
        }
    }
    return folder
}

// A fresh copy of the county of that name; make(folder) makes it the first time.
function county(name, make) {
    const to = tempDir()
    const template = `${name}_${made()}`
    const folder = once(name, (half) => {
        if (engine === 'postgresql')
            stores.set(half, createDatabase({ name: template }))
        make(half)
    })
    cpSync(folder, to, { recursive: true }) // on PostgreSQL: the key
    if (engine === 'postgresql')
        stores.set(to, createDatabase({ template }))
    return to
}

// A county as an installation begins: its teams, a few people with passwords and times to give, no services, no matters. A
// fresh copy.
export function bareCounty() {
    const using = releaseBin // as nobody looks at it being made: http/commands does
    return county('bare', (folder) => {
        const teams = path.join(root, 'data', 'county', 'teams.json')
        must(['import', 'teams', teams, '--data', folder], { using })
        for (const s of STAFF)
            must(['user', 'add', '--data', folder, '--login', s.login, '--name', s.name, '--role', s.role,
                ...(s.team ? ['--team', s.team] : []), ...(s.profession ? ['--profession', s.profession] : [])], { using, input: PASSWORD + '\n' })
        for (const times of [path.join(root, 'data', 'county', 'calendars.json'), path.join(here, 'data', 'calendars.json')])
            must(['import', 'calendars', times, '--data', folder], { using })
    })
}

// The sample county as `asialla demo` made it, once a run, in a folder that is not to be written to; and what it said then.
export function sampleFolder() {
    const said = path.join(checkDir, 'tmp', `sample-${made('sqlite')}.said`)
    const folder = once('sample', (half) =>
        writeFileSync(said, must(['demo', '--months', '4', '--data', half], { using: releaseBin, env: { ASIALLA_STORE: '' } }).out), 'sqlite')
    return { folder, said: readFileSync(said, 'utf8') }
}

// A fresh copy of it. On PostgreSQL it is the folder's, copied there, which is quicker; http/demo makes one there.
export function sampleCounty() {
    const { folder: from } = sampleFolder()
    return county('sample', engine === 'sqlite' ? null : (folder) => {
        must(['copy', from, stores.get(folder)], { using: releaseBin, env: { ASIALLA_STORE: '' } })
        mkdirSync(folder, { recursive: true })
        cpSync(path.join(from, 'key'), path.join(folder, 'key'))
    })
}

export function writeTemp(name, content) {
    const file = path.join(tempDir('file'), name)
    writeFileSync(file, content)
    return file
}

export const isRoot = os.userInfo().uid === 0
