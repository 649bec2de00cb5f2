// runner.mjs: runs every test program two at a time and adds up what they say. ./check calls it when everything is built.
//
//     node tests/runner.mjs [--long] [WORD...]
//
// Programs: the unit tests that Meson knows (build-check), every *.test.mjs under tests/, and the fuzz targets. Each one's
// whole output goes to build-check/log/NAME.log; what failed is printed at once. The last line is "N passed, N failed".
import { spawn, execFileSync } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { cpus } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { judge } from './lib/tap.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const built = path.join(root, 'build-check')
const fuzzed = path.join(root, 'build-fuzz')
const long = process.argv.includes('--long')
const words = process.argv.slice(2).filter((w) => !w.startsWith('--'))
const SIDE_BY_SIDE = Math.max(2, Math.min(4, Math.floor(cpus().length / 2)))
const seconds = (short, longer) => (long ? longer : short)

const env = {
    ...process.env,
    ASIALLA_CHECK: built,
    ASIALLA_BIN: path.join(built, 'asialla'),
    ASIALLA_RELEASE: path.join(root, 'build', 'asialla'),
    ASIALLA_LONG: long ? '1' : '',
    ASAN_OPTIONS: 'detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1',
    UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
    ASIALLA_FUZZ_FORM: path.join(root, 'src', 'form', 'testdata', 'small.json'),
    MALLOC_PERTURB_: '165',
    NO_COLOR: '1',
}
for (const name of ['ASIALLA_DATA', 'ASIALLA_PORT', 'NODE_OPTIONS', 'NODE_TEST_CONTEXT'])
    delete env[name]

// ---- what there is to run ----

function unitTests() {
    const all = JSON.parse(execFileSync('meson', ['introspect', '--tests', built], { encoding: 'utf8' }))
    return all.map((t) => ({
        name: 'unit/' + t.name.replaceAll(' ', '-'),
        cmd: t.cmd,
        cwd: t.workdir ?? built,
        env: t.env,
        seconds: Math.max(120, t.timeout * 3),
        exitCodeOnly: t.protocol === 'exitcode',
    }))
}

// Limits in seconds, short and long, by folder; the slow ones first, so that nothing long begins last.
const FOLDERS = [
    ['browser', 900, 1500],
    ['fault', 600, 3600],
    ['crash', 400, 2400],
    ['http', 400, 600],
    ['lib', 60, 60],
    ['source', 60, 60],
]

function scripts() {
    return FOLDERS.flatMap(([folder, short, longer]) => {
        const dir = path.join(root, 'tests', folder)
        if (!existsSync(dir))
            return []
        const files = readdirSync(dir).filter((f) => f.endsWith('.test.mjs')).sort()
        return files.map((f) => ({
            name: folder + '/' + f.replace('.test.mjs', ''),
            cmd: [process.execPath, '--test-reporter=tap', path.join(dir, f)],
            cwd: root,
            seconds: seconds(short, longer),
        }))
    })
}

// libFuzzer: from the corpus in tests/fuzz/NAME, where there is one; what it finds new stays in build-check.
function fuzzTargets() {
    if (!existsSync(fuzzed))
        return []
    const rooms = readdirSync(path.join(root, 'src'), { withFileTypes: true }).filter((d) => d.isDirectory())
    return rooms.flatMap((room) =>
        readdirSync(path.join(root, 'src', room.name)).filter((f) => f.endsWith('_fuzz.c')).map((f) => {
            const target = f.replace('.c', '')
            const found = path.join(built, 'fuzz', target)
            const corpus = path.join(root, 'tests', 'fuzz', target)
            mkdirSync(found, { recursive: true })
            return {
                name: 'fuzz/' + target,
                cmd: [path.join(fuzzed, 'src', room.name, target), `-max_total_time=${seconds(6, 300)}`, '-timeout=10',
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
    console.log(`${r.failed ? 'FAIL' : ' ok '}  ${r.job.name.padEnd(26)} ${counts.padEnd(34)} ${r.took.toFixed(1)} s`)
    for (const s of r.skipped)
        console.log(`        left out: ${s.name}: ${s.why}`)
    for (const fault of r.faults)
        console.log(fault.split('\n').map((l) => '        ' + l).join('\n'))
    if (r.failed)
        console.log(`        (all of it: ${path.relative(root, r.logFile)})`)
}

async function runAll(jobs) {
    const waiting = [...jobs]
    const results = []
    const worker = async () => {
        for (let job = waiting.shift(); job; job = waiting.shift()) {
            const r = await run(job)
            tell(r)
            results.push(r)
        }
    }
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker))
    return results
}

for (const folder of ['log', 'shots', 'pages', 'tmp']) {
    rmSync(path.join(built, folder), { recursive: true, force: true })
    mkdirSync(path.join(built, folder), { recursive: true })
}
const all = [...scripts(), ...unitTests(), ...fuzzTargets()]
const jobs = words.length ? all.filter((j) => words.some((w) => j.name.includes(w))) : all
console.log(`Running ${jobs.length} test programs, ${SIDE_BY_SIDE} at a time`)
const results = await runAll(jobs)
const sum = (of) => results.reduce((n, r) => n + of(r), 0)
const failed = sum((r) => r.failed) + (jobs.length === 0 ? 1 : 0)
const skipped = sum((r) => r.skipped.length)
const bad = results.filter((r) => r.failed)
if (bad.length)
    console.log(`\nFailed: ${bad.map((r) => r.job.name).join(', ')}`)
if (skipped)
    console.log(`${skipped} left out (see above)`)
console.log(`${sum((r) => r.passed)} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
