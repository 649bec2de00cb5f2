// postgres.mjs: PostgreSQL for tests, out of Debian's package, without an administrator: clusters in short temporary folders,
// on a socket there and nowhere else, run by an unprivileged user, durable as in earnest (fsync, checksums).
//
// One cluster serves a whole run: tests/runner.mjs starts it and hands on its address in ASIALLA_PG; a test file run by hand
// starts its own on first use. A Cluster more is for tests that kill one. However this process ends, its clusters end and
// their folders go: each has a keeper, a shell that waits on a pipe from here and cleans up when the pipe closes.
//
//     const url = createDatabase()               an empty one, owned by a role that may nothing else
//     psql(url, 'SELECT 1')                      '1'
//     const primary = new Cluster().start()
//     const standby = new Cluster({ standbyOf: primary, synchronous: true }).start()
//     addressOf([primary, standby], database)    postgresql://asialla@/database?host=/tmp/a,/tmp/b
//     primary.kill(); standby.promote()
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const ADMIN = 'postgres'
const OWNER = 'asialla' // what the program signs in as
const SETTINGS = {
    listen_addresses: '',
    max_connections: 300,
    dynamic_shared_memory_type: 'mmap', // else kill -9 leaves segments in /dev/shm
    log_line_prefix: '%m [%p] %d ',
    log_timezone: 'UTC',
    timezone: 'UTC',
}

// ---- the programs, and who runs them ----

function newestBin() {
    const packaged = '/usr/lib/postgresql'
    const versions = existsSync(packaged) ? readdirSync(packaged).map(Number).filter(Boolean).sort((a, b) => b - a) : []
    const own = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' }).stdout?.trim()
    return [...versions.map((v) => path.join(packaged, String(v), 'bin')), own].find((dir) => dir && existsSync(path.join(dir, 'initdb')))
}

function program(name) {
    const dir = newestBin()
    if (!dir)
        throw new Error('no PostgreSQL server here: apt-get install postgresql-15')
    return path.join(dir, name)
}

const idOf = (flag, user) => Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout)
// PostgreSQL refuses to run as root.
const serverUser = os.userInfo().uid !== 0 ? null : ['postgres', 'nobody'].find((user) => idOf('-u', user) > 0)

function run(words, { asServer = false, cwd, input = '', log } = {}) {
    const [command, ...args] = asServer && serverUser ? ['runuser', '-u', serverUser, '--', ...words] : words
    // pg_ctl's server keeps what it inherits: a pipe would never end
    const stdio = log ? ['ignore', 'ignore', 'ignore'] : 'pipe'
    const r = spawnSync(command, args, { cwd, input: log ? undefined : input, stdio, encoding: 'utf8', timeout: 240_000, maxBuffer: 1 << 28, env: { ...process.env, LC_ALL: 'C' } })
    if (r.status !== 0)
        throw new Error(`${words.join(' ').slice(0, 300)}: ${r.error ?? r.signal ?? r.status}\n${r.stderr || r.stdout || (log && tail(log))}`)
    return r.stdout ?? ''
}

const tail = (file) => (existsSync(file) ? readFileSync(file, 'utf8').slice(-3000) : '')

function wait(what, ready, ms = 120_000) {
    const until = Date.now() + ms
    while (!ready()) {
        if (Date.now() > until)
            throw new Error(`not in ${ms / 1000} s: ${what}`)
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    }
}

// ---- clusters ----

// Stops what runs in the folder, politely first (it frees its shared memory), and takes the folder away.
const KEEPER = `cat >/dev/null
cd /
data=$1/data
inside() {
    for p in /proc/[0-9]*; do
        [ "$(readlink "$p/cwd" 2>/dev/null)" != "$data" ] || kill -s "$1" "\${p#/proc/}" 2>/dev/null && :
    done
}
busy() { for p in /proc/[0-9]*; do [ "$(readlink "$p/cwd" 2>/dev/null)" = "$data" ] && return 0; done; return 1; }
pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$data" ]; then kill -s QUIT "$pid"; fi
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do busy || break; sleep 0.1; done
if busy; then inside KILL; fi
segment=$(sed -n 7p "$data/postmaster.pid" 2>/dev/null) # left by kill -9
[ -z "$segment" ] || ipcrm -m "\${segment##* }" 2>/dev/null
rm -rf "$1"`

export class Cluster {
    // synchronous: the primary answers a commit when this standby has it on disk too.
    constructor({ standbyOf = null, synchronous = false, settings = {} } = {}) {
        const short = path.join(os.tmpdir(), 'asialla-pg-')
        this.folder = mkdtempSync(short.length < 80 ? short : '/tmp/asialla-pg-') // a socket's path has 107 bytes at most
        this.data = path.join(this.folder, 'data')
        this.logFile = path.join(this.folder, 'log')
        this.name = path.basename(this.folder).replace(/\W/g, '_').toLowerCase()
        Object.assign(this, { standbyOf, synchronous, settings })
        this.own(this.folder)
        this.keeper = spawn('sh', ['-c', KEEPER, 'keeper', this.folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
        this.gone = new Promise((resolve) => this.keeper.on('close', resolve))
        this.keeper.unref()
        this.keeper.stdin.unref()
        this.keeper.stdin.on('error', () => {})
    }

    own(file) {
        if (serverUser)
            chownSync(file, idOf('-u', serverUser), idOf('-g', serverUser))
    }

    address(database = 'postgres', user = ADMIN) {
        return addressOf([this], database, user)
    }

    psql(sql, database) {
        return psql(this.address(database), sql)
    }

    tool(name, ...args) {
        return run([program(name), ...args], { asServer: true, cwd: this.folder })
    }

    make() {
        if (this.standbyOf)
            this.tool('pg_basebackup', '-D', this.data, '-d', `host=${this.standbyOf.folder} user=${ADMIN} application_name=${this.name}`, '-R', '-X', 'stream', '-c', 'fast', '-N')
        else
            this.tool('initdb', '-D', this.data, '-U', ADMIN, '--auth-local=trust', '--auth-host=reject', '-E', 'UTF8', '--locale=C.UTF-8', '-k', '-N')
        const settings = { ...SETTINGS, ...this.settings, cluster_name: this.name, unix_socket_directories: this.folder }
        const conf = path.join(this.data, 'postgresql.conf')
        writeFileSync(conf, Object.entries(settings).map(([k, v]) => `${k} = '${v}'\n`).join(''))
        this.own(conf)
    }

    // Made on the first start. A standby is returned when it streams, a synchronous one when commits wait for it.
    start() {
        const first = !existsSync(this.data)
        if (first)
            this.make()
        run([program('pg_ctl'), '-D', this.data, '-l', this.logFile, '-w', '-t', '180', 'start'], { asServer: true, cwd: this.folder, log: this.logFile })
        if (first && !this.standbyOf)
            this.psql(`CREATE ROLE ${OWNER} LOGIN`)
        if (this.standbyOf)
            this.joined()
        return this
    }

    joined() {
        const primary = this.standbyOf
        const state = () => primary.psql(`SELECT sync_state FROM pg_stat_replication WHERE application_name = '${this.name}' AND state = 'streaming'`).trim()
        wait(`${this.name} follows`, () => state() !== '')
        if (!this.synchronous)
            return
        primary.psql(`ALTER SYSTEM SET synchronous_standby_names = '${this.name}'`)
        primary.psql('SELECT pg_reload_conf()')
        wait(`${this.name} is synchronous`, () => state() === 'sync')
    }

    // 'fast' ends what is connected, 'immediate' leaves the rest to recovery.
    stop(mode = 'fast') {
        this.tool('pg_ctl', '-D', this.data, '-m', mode, '-w', 'stop')
    }

    // As if the power went: every process of it at once, by kill -9.
    kill() {
        const noted = readFileSync(path.join(this.data, 'postmaster.pid'), 'utf8').split('\n')
        const end = (pid) => { try { process.kill(pid, 'SIGKILL') } catch { /* it has ended */ } }
        end(Number(noted[0])) // first: from here on nothing of it begins
        wait(`${this.name} is dead`, () => {
            const left = this.processes()
            left.forEach(end)
            return left.length === 0
        })
        // a zombie may keep the number that stands there
        for (const file of [path.join(this.data, 'postmaster.pid'), path.join(this.folder, '.s.PGSQL.5432.lock')])
            rmSync(file, { force: true })
        spawnSync('ipcrm', ['-m', noted[6].trim().split(/\s+/).at(-1)]) // a machine without power has no shared memory either
    }

    processes() {
        return readdirSync('/proc').map(Number).filter((pid) => pid && this.runs(pid))
    }

    runs(pid) {
        try { return readlinkSync(`/proc/${pid}/cwd`) === this.data } catch { return false }
    }

    // Asks a standby to take over; does not wait until it writes: see writable().
    promote() {
        this.tool('pg_ctl', '-D', this.data, '-W', 'promote')
        this.standbyOf = null
    }

    writable() {
        try { return this.psql('SELECT pg_is_in_recovery()').trim() === 'f' } catch { return false }
    }

    // What was a primary comes back as a standby of the one that took over: a fresh copy of it.
    follow(primary, { synchronous = false } = {}) {
        rmSync(this.data, { recursive: true, force: true })
        Object.assign(this, { standbyOf: primary, synchronous })
        return this.start()
    }

    get log() {
        return tail(this.logFile)
    }

    // Waits until all of it is gone; who forgets loses nothing: the keeper does so when this process ends.
    remove() {
        this.keeper.ref()
        this.keeper.stdin.end()
        return this.gone
    }
}

// ---- databases ----

// One address of several clusters: libpq tries them in turn.
export function addressOf(clusters, database, user = OWNER) {
    return `postgresql://${user}@/${database}?host=${clusters.map((c) => c.folder).join(',')}`
}

const parts = (url) => /^postgresql:\/\/([^@/]*)@([^/]*)\/([^?]*)(.*)$/.exec(url) ?? [url]
function readdress(url, database, user) {
    const [all, , host, , rest] = parts(url)
    if (rest === undefined)
        throw new Error(`an address is wanted like postgresql://user@/database?host=/folder, not ${all}`)
    return `postgresql://${user}@${host}/${database}${rest}`
}

export function psql(url, sql) {
    return run([program('psql'), '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', url], { input: sql })
}

// All that is in a database, as text.
export function dump(url) {
    return run([program('pg_dump'), '--inserts', '-d', url])
}

// The run's server, as its administrator: the runner's, or one of our own.
let ours
export function serverAddress() {
    if (!process.env.ASIALLA_PG) {
        ours ??= new Cluster().start()
        process.env.ASIALLA_PG = ours.address()
    }
    return process.env.ASIALLA_PG
}

const admin = () => readdress(serverAddress(), 'postgres', parts(serverAddress())[1])
const made = new Set()

// A database: empty, or a copy of another that nobody is connected to. WAL_LOG because the other way, FILE_COPY, makes two
// checkpoints of the whole server: 0.2 s against 2 s for a county's 15 MB. With a name it stays as long as the server does.
export function createDatabase({ template = 'template1', name } = {}) {
    const database = name ?? `t_${randomBytes(8).toString('hex')}`
    if (name)
        psql(admin(), `DROP DATABASE IF EXISTS ${name}`)
    psql(admin(), `CREATE DATABASE ${database} OWNER ${OWNER} TEMPLATE ${template} STRATEGY wal_log`)
    if (!name)
        made.add(database)
    return readdress(serverAddress(), database, OWNER)
}

export function dropDatabase(url) {
    const database = parts(url)[3]
    psql(admin(), `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)
    made.delete(database)
}

// Dropping waits for a checkpoint, and nobody here has to wait for that. A server of our own goes as a whole.
process.on('exit', () => {
    if (ours || made.size === 0)
        return
    const sql = [...made].flatMap((name) => ['-c', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`])
    spawn(program('psql'), ['-Xq', '-d', admin(), ...sql], { detached: true, stdio: 'ignore' }).unref()
})
