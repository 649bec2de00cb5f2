// runner.mjs: runs every test program, three or four at a time, beside them one that has a browser and one that mostly waits,
// and adds up what they say. ./check calls it when everything is built.
//
//     node tests/runner.mjs [--long] [--pictures] [WORD...]
//
// Programs: the unit tests that Meson knows (build-check), every *.test.mjs under tests/, and the fuzz targets. Those that look
// at the running program do so on both engines: "http/work" and "http/work@postgresql". PostgreSQL is started once, for as long
// as this runs (lib/postgres.mjs); where it cannot be, that is a failed test, and what wanted it is not run.
//
// Each one's whole output goes to build-check/log/NAME.log; what failed is printed at once. The last line is "N passed, N
// failed".
import { spawn, execFileSync } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { cpus } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Cluster, createDatabase } from './lib/postgres.mjs'
import { judge } from './lib/tap.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const built = path.join(root, 'build-check')
const fuzzed = path.join(root, 'build-fuzz')
const long = process.argv.includes('--long')
const words = process.argv.slice(2).filter((w) => !w.startsWith('--'))
const started = Date.now()
const SIDE_BY_SIDE = Math.max(3, Math.min(4, Math.floor(cpus().length / 2))) // most of them wait for a disk more than they work
// A browser works all the time: one of these at a time beside those, and a second when the long ones are over.
// Those that wait most of their time, for a time-out of the program: one of them at a time runs beside the others.
const WAITS = ['failover/failover', 'crash/trouble', 'crash/pg_trouble', 'crash/damage']
const seconds = (short, longer) => (long ? longer : short)

const env = {
    ...process.env,
    ASIALLA_CHECK: built,
    ASIALLA_BIN: path.join(built, 'asialla'),
    ASIALLA_RELEASE: path.join(root, 'build', 'asialla'),
    ASIALLA_LONG: long ? '1' : '',
    ASIALLA_PICTURES: process.argv.includes('--pictures') ? '1' : '',
    ASIALLA_RUN: 'all',
    ASAN_OPTIONS: 'detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1',
    UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
    ASIALLA_FUZZ_FORM: path.join(root, 'src', 'form', 'testdata', 'small.json'),
    MALLOC_PERTURB_: '165',
    NO_COLOR: '1',
}
for (const name of ['ASIALLA_DATA', 'ASIALLA_STORE', 'ASIALLA_ENGINE', 'ASIALLA_PG', 'ASIALLA_PORT', 'NODE_OPTIONS', 'NODE_TEST_CONTEXT'])
    delete env[name]

// ---- what there is to run ----

const rooms = readdirSync(path.join(root, 'src'), { withFileTypes: true }).filter((d) => d.isDirectory()).map((d) => path.join(root, 'src', d.name))

// A unit test that asks for ASIALLA_PG gets the address of a database that it may fill and empty; one that makes a database
// of its own gets that of the server, as its administrator.
const sources = new Map([path.join(root, 'tests'), ...rooms].flatMap((dir) =>
    readdirSync(dir).filter((f) => f.endsWith('_test.c')).map((f) => [f.replace('.c', ''), readFileSync(path.join(dir, f), 'utf8')])))
const makesDatabase = (name) => /CREATE DATABASE|"store\/pg_test.h"/.test(sources.get(name) ?? '')
const wantsDatabase = (name) => !makesDatabase(name) && /"ASIALLA_PG"|"directory\/edit_test.h"/.test(sources.get(name) ?? '')

function unitTests() {
    const all = JSON.parse(execFileSync('meson', ['introspect', '--tests', built], { encoding: 'utf8' }))
    return all.map((t) => ({
        name: 'unit/' + t.name.replaceAll(' ', '-'),
        cmd: t.cmd,
        cwd: t.workdir ?? built,
        env: t.env,
        seconds: Math.max(300, t.timeout * 3),
        exitCodeOnly: t.protocol === 'exitcode',
        database: wantsDatabase(path.basename(t.cmd[0])),
        postgres: makesDatabase(path.basename(t.cmd[0])),
    }))
}

// Limits in seconds, short and long, by folder; the slow ones first, so that nothing long begins last.
const FOLDERS = [
    ['browser', 900, 1500],
    ['fault', 600, 3600],
    ['crash', 600, 2400],
    ['failover', 900, 2400],
    ['several', 600, 900],
    ['http', 600, 600],
    ['lib', 300, 300],
    ['source', 120, 120],
    ['ical', 120, 120],
]
const FIRST = ['browser/scripted', 'browser/plain', 'browser/editor', 'browser/times', 'http/copy', 'unit/demo', 'http/demo', 'http/report', 'unit/store', 'unit/slot']
const ENGINES = ['sqlite', 'postgresql']
// Scripts that are about one engine, or about none. A single test says onSqlite or onPostgres (lib/server.mjs).
const ONLY = {
    ...(long ? {} : { 'browser/scripted': ['sqlite'], 'browser/plain': ['sqlite'] }), // the same pages: what the store does is asked in http
    'browser/booklet': ['sqlite'], // pages and paper: the store is asked one question
    ...(long ? {} : { 'browser/chat': ['sqlite'] }), // pages: what the store does is asked in http/chat, http/chat_desk and crash/chat
    'browser/live': ['sqlite'], // what the store does is asked in http/work
    'browser/times': ['sqlite'], // pages: what the store does is asked in http/booking and http/reception
    'browser/remote': ['sqlite'], // cameras: what is said between servers is asked in http/remote
    'browser/editor': ['sqlite'], // pages: what the store does is asked in http/editor
    'http/copy': ['postgresql'], // between the two
    'http/exchange': ['sqlite'], // all of it is in memory
    'http/find': ['sqlite'], // from memory
    'http/hostile': ['sqlite'], // refused before anything is asked of a store
    'http/slots': ['sqlite'], // likewise
    'crash/disk': ['sqlite'], // a full disk under the file, copies of the file
    'crash/damage': ['sqlite'],
    'crash/trouble': ['sqlite'],
    'crash/pg_trouble': ['postgresql'],
    'failover/failover': ['postgresql'], // clusters of its own, which it kills
    'lib/postgres': ['postgresql'],
    'several/several': ['postgresql'],
    'ical/readers': [''], // no server
    'lib/tap': [''],
    'lib/test': [''],
    'source/packaging': [''],
    'source/tables': [''],
}

function scripts() {
    const found = FOLDERS.flatMap(([folder, short, longer]) => {
        const dir = path.join(root, 'tests', folder)
        const files = existsSync(dir) ? readdirSync(dir).filter((f) => f.endsWith('.test.mjs')).sort() : []
        return files.map((f) => ({ name: folder + '/' + f.replace('.test.mjs', ''), file: path.join(dir, f), seconds: seconds(short, longer) }))
    })
    return found.flatMap((s) => (ONLY[s.name] ?? ENGINES).map((engine) => ({
        name: s.name + (engine === 'sqlite' || ONLY[s.name] ? '' : '@' + engine),
        cmd: [process.execPath, '--test-reporter=tap', s.file],
        cwd: root,
        env: { ASIALLA_ENGINE: engine || 'sqlite', ASIALLA_SECONDS: String(s.seconds) },
        seconds: s.seconds,
        postgres: engine === 'postgresql',
    })))
}

// libFuzzer: from the corpus in tests/fuzz/NAME, where there is one; what it finds new stays in build-check.
function fuzzTargets() {
    if (!existsSync(fuzzed))
        return []
    return rooms.flatMap((room) =>
        readdirSync(room).filter((f) => f.endsWith('_fuzz.c')).map((f) => {
            const target = f.replace('.c', '')
            const found = path.join(built, 'fuzz', target)
            const corpus = path.join(root, 'tests', 'fuzz', target)
            mkdirSync(found, { recursive: true })
            return {
                name: 'fuzz/' + target,
                cmd: [path.join(fuzzed, 'src', path.basename(room), target), `-max_total_time=${seconds(4, 300)}`, '-timeout=10',
                    '-rss_limit_mb=2048', '-max_len=65536', '-print_final_stats=1', `-artifact_prefix=${found}/`,
                    found, ...(existsSync(corpus) ? [corpus] : [])],
                cwd: built,
                seconds: seconds(90, 420),
                exitCodeOnly: true,
            }
        }))
}

// ---- running ----

// Each test leads a process group of its own; whoever stops this run stops them.
const groups = new Set()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
        for (const pid of groups)
            try { process.kill(-pid, 'SIGKILL') } catch { /* it has ended */ }
        process.exit(1)
    })

function run(job) {
    return new Promise((resolve) => {
        const began = Date.now()
        const logFile = path.join(built, 'log', job.name.replaceAll('/', '-') + '.log')
        const log = createWriteStream(logFile)
        let text = ''
        let timedOut = false
        const child = spawn(job.cmd[0], job.cmd.slice(1), {
            cwd: job.cwd, env: { ...env, ...job.env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true,
        })
        groups.add(child.pid)
        const put = (data) => { log.write(data) }
        child.stdout.on('data', (d) => { text += d; put(d) })
        child.stderr.on('data', (d) => { job.exitCodeOnly && (text += d); put(d) })
        const endGroup = () => { try { process.kill(-child.pid, 'SIGKILL') } catch { /* nobody is left */ } }
        const timer = setTimeout(() => { timedOut = true; endGroup() }, job.seconds * 1000)
        const end = (status, signal, error) => {
            clearTimeout(timer)
            endGroup() // what it started and forgot
            groups.delete(child.pid)
            if (error)
                text += `\n${error}\n`
            log.end()
            const verdict = judge({ text, status, signal, timedOut, exitCodeOnly: job.exitCodeOnly, name: job.name })
            resolve({ job, ...verdict, took: (Date.now() - began) / 1000, logFile })
        }
        child.on('error', (e) => end(127, null, e))
        child.on('close', (status, signal) => end(status, signal))
    })
}

function tell(r) {
    const counts = `${r.passed} passed${r.failed ? `, ${r.failed} FAILED` : ''}${r.skipped.length ? `, ${r.skipped.length} left out` : ''}`
    console.log(`${r.failed ? 'FAIL' : ' ok '}  ${r.job.name.padEnd(30)} ${counts.padEnd(34)} ${r.took.toFixed(1)} s`)
    for (const s of r.skipped)
        console.log(`        left out: ${s.name}: ${s.why}`)
    for (const fault of r.faults)
        console.log(fault.split('\n').map((l) => '        ' + l).join('\n'))
    if (r.failed && r.logFile)
        console.log(`        (all of it: ${path.relative(root, r.logFile)})`)
}

async function runAll(jobs) {
    const results = []
    const worker = async (...queues) => { // from the first that is not empty
        const next = () => queues.find((q) => q.length)?.shift()
        for (let job = next(); job; job = next()) {
            const r = await run(job)
            tell(r)
            results.push(r)
        }
    }
    const waits = (job) => WAITS.includes(job.name), works = (job) => job.name.startsWith('browser/')
    const waiting = jobs.filter(waits), working = jobs.filter(works), others = jobs.filter((job) => !waits(job) && !works(job))
    const lengthy = others.filter((job) => FIRST.includes(job.name)), short = others.filter((job) => !FIRST.includes(job.name))
    await Promise.all([worker(waiting, short), worker(working, short), worker(lengthy, working, short),
        ...Array.from({ length: SIDE_BY_SIDE - 1 }, () => worker(lengthy, short, working))])
    return results
}

// The server that some of these jobs need: { ready: the jobs that can be run, failed: what to say where it does not start }.
function withPostgres(jobs) {
    const needs = (job) => job.postgres || job.database
    if (!jobs.some(needs))
        return { ready: jobs, failed: [] }
    try {
        const cluster = new Cluster().start()
        process.env.ASIALLA_PG = cluster.address()
        for (const job of jobs.filter(needs))
            job.env = { ...job.env, ASIALLA_PG: job.database ? createDatabase() : cluster.address() }
        return { ready: jobs, failed: [], cluster }
    } catch (e) {
        const ready = jobs.filter((job) => !needs(job))
        const why = `no PostgreSQL server, so ${jobs.length - ready.length} test programs were not run:\n${e.message.trimEnd()}`
        return { ready, failed: [{ job: { name: 'postgresql' }, passed: 0, failed: 1, skipped: [], faults: [why], took: 0 }] }
    }
}

for (const folder of ['log', 'shots', 'pages', 'tmp']) {
    rmSync(path.join(built, folder), { recursive: true, force: true })
    mkdirSync(path.join(built, folder), { recursive: true })
}
const rank = ({ name }) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length)
const all = [...scripts(), ...unitTests(), ...fuzzTargets()].sort((a, b) => rank(a) - rank(b))
const jobs = words.length ? all.filter((j) => words.some((w) => j.name.includes(w))) : all
const { ready, failed: without, cluster } = withPostgres(jobs)
console.log(`Running ${ready.length} test programs, ${SIDE_BY_SIDE} at a time`)
without.forEach(tell)
const results = [...without, ...await runAll(ready)]
const sum = (of) => results.reduce((n, r) => n + of(r), 0)
const failed = sum((r) => r.failed) + (jobs.length === 0 ? 1 : 0)
const skipped = sum((r) => r.skipped.length)
const bad = results.filter((r) => r.failed)
if (bad.length)
    console.log(`\nFailed: ${bad.map((r) => r.job.name).join(', ')}`)
if (skipped)
    console.log(`${skipped} left out (see above)`)
await cluster?.remove()
const longest = [...results].sort((x, y) => y.took - x.took).slice(0, 5).map((r) => `${r.job.name} ${r.took.toFixed(0)} s`)
console.log(`${((Date.now() - started) / 60_000).toFixed(1)} minutes; longest: ${longest.join(', ')}`)
console.log(`${sum((r) => r.passed)} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
