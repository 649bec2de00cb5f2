// What goes out: the event log without persons, from which a script of its own recomputes every sum; visits for the care register; the
// half-yearly tables. On both engines, as what is written comes out of the store.
import test from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { PASSWORD, asialla, bareCounty, engine, onSqlite, releaseBin, root, sampleCounty, startServer, storeEnv, tempDir } from '../lib/server.mjs'
import { Visitor, request, sleep } from '../lib/client.mjs'
import { sql } from '../lib/visits.mjs'

const recount = (...args) => {
    const r = spawnSync('python3', [path.join(root, 'tools', 'asialla-recount.py'), ...args], { encoding: 'utf8', maxBuffer: 1 << 26 })
    return { status: r.status, out: r.stdout, err: r.stderr }
}
const lines = (file) => readFileSync(file, 'utf8').trimEnd().split(/\r?\n/)
const exported = (data, what, name, ...args) => { // a whole county; with sanitizers it is done in unit/report
    const file = path.join(tempDir('out'), name)
    const r = asialla(['export', what, '--data', data, '--to', file, ...args], { using: releaseBin })
    assert.equal(r.status, 0, r.err)
    return file
}

test('the log without persons gives every sum; one changed event does not', () => {
    const data = sampleCounty()
    const events = exported(data, 'events', 'events.csv'), figures = exported(data, 'figures', 'figures.csv')
    const same = recount(events, '--figures', figures)
    assert.equal(same.status, 0, same.out.slice(0, 4000) + same.err)
    assert.match(same.out, /all agree/)
    assert.ok(lines(figures).length > 1000)
    if (engine !== 'sqlite')
        return // the rest is about what is written and who reads it, and the store has no part in it
    const ndjson = exported(data, 'events', 'events.ndjson', '--ndjson')
    assert.equal(recount(ndjson, '--figures', figures).status, 0)
    assert.equal(lines(ndjson).length, lines(events).length - 1)
    const all = lines(events), at = all.findIndex((l) => /"assessed"/.test(l))
    const changed = path.join(tempDir('out'), 'changed.csv')
    writeFileSync(changed, all.map((l, i) => (i === at ? l.replace('"assessed"', '"noted"').replace(/""by"":""assessed""/g, '""by"":""closed""') : l)).join('\r\n') + '\r\n')
    const other = recount(changed, '--figures', figures)
    assert.equal(other.status, 1)
    assert.match(other.out, /differ/)
    const dropped = path.join(tempDir('out'), 'dropped.csv'), closing = all.findIndex((l) => /"closed"/.test(l) && /""stop""/.test(l))
    writeFileSync(dropped, all.filter((_, i) => i !== closing).join('\r\n') + '\r\n')
    assert.equal(recount(dropped, '--figures', figures).status, 1)
})

test('the log names nobody, and two exports number matters differently', () => {
    const data = sampleCounty()
    const names = JSON.parse(readFileSync(path.join(root, 'data', 'county', 'names.json'), 'utf8'))
    const a = exported(data, 'events', 'a.csv'), b = exported(data, 'events', 'b.csv')
    const text = readFileSync(a, 'utf8'), words = new Set(text.match(/\p{L}{4,}/gu))
    const texts = (v) => (typeof v === 'string' ? [v] : v && typeof v === 'object' ? Object.values(v).flatMap(texts) : [])
    const people = texts({ ...names, source: '' }).filter((n) => /^\p{Lu}\p{L}{3,}$/u.test(n))
    assert.ok(people.length > 20)
    assert.deepEqual(people.filter((n) => words.has(n)), [])
    assert.doesNotMatch(text, /@|\+358|\b0[45]0\d/)
    assert.deepEqual([...new Set(lines(a).map((l) => l.split(',').length > 10))], [true])
    const number = (file) => new Set(lines(file).slice(1).map((l) => l.split(',')[1]))
    const first = number(a), second = number(b)
    assert.equal(first.size, second.size)
    assert.ok([...first].filter((n) => second.has(n)).length < first.size / 10)
    assert.match(readFileSync(a + '.README.txt', 'utf8'), /CONFIDENTIAL/)
})

test('an empty log: the columns and nothing else; standard output; nothing is replaced', () => {
    const data = bareCounty()
    const file = exported(data, 'events', 'none.csv')
    assert.equal(lines(file).length, 1)
    assert.match(lines(file)[0], /^"sequence","matter",/)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    const again = asialla(['export', 'events', '--data', data, '--to', file])
    assert.equal(again.status, 1)
    assert.match(again.err, /exists already/)
    const out = asialla(['export', 'events', '--data', data, '--to', '-'])
    assert.equal(out.status, 0)
    assert.match(out.out, /^"sequence"/)
    assert.match(out.err, /CONFIDENTIAL/)
    assert.equal(asialla(['export', 'events', '--data', data]).status, 2)
    assert.equal(asialla(['export', 'nonsense', '--data', data, '--to', 'x']).status, 2)
    assert.equal(asialla(['export', 'events', '--data', data, '--csv', '--ndjson', '--to', 'x']).status, 2)
    const nowhere = path.join(tempDir('out'), 'no', 'such', 'folder.csv')
    assert.match(asialla(['export', 'events', '--data', data, '--to', nowhere]).err, /No such file/)
    assert.match(asialla(['export', 'events', '--data', data, '--to', '/dev/full']).err, /exists already/)
})

onSqlite('a full disk is said, and leaves no file', () => {
    const data = sampleCounty(), folder = tempDir('out'), file = path.join(folder, 'events.csv')
    const r = spawnSync('sh', ['-c', `ulimit -f 64; trap '' XFSZ; exec "$0" "$@"`, process.env.ASIALLA_BIN ?? path.join(root, 'build-check', 'asialla'),
        'export', 'events', '--data', data, '--to', file], { encoding: 'utf8' })
    assert.equal(r.status, 1, r.stderr)
    assert.match(r.stderr, /File too large.*Nothing was written/)
    assert.deepEqual(readdirSync(folder), [])
})

test('visits with their assessments: what goes out and what does not add up', async () => {
    const data = sampleCounty()
    const file = path.join(tempDir('out'), 'visits.csv')
    const r = asialla(['export', 'visits', '--data', data, '--from', '2020-01-01', '--until', '2030-12-31', '--to', file])
    assert.equal(r.status, 0, r.err)
    const [, all, written, not] = /: (\d+) visits, (\d+) written, (\d+) not/.exec(r.out).map(Number)
    assert.equal(all, written + not)
    assert.ok(all > 0)
    assert.equal(lines(file).length, written + 1)
    const failed = lines(file + '.failed.csv').slice(1)
    assert.equal(new Set(failed.map((l) => l.split(',')[0])).size, not)
    for (const l of failed)
        assert.match(l, /"(missing|no-code|not-sound)"$/)
    for (const bad of [['--from', '2026-02-30', '--until', '2026-03-01'], ['--from', '2026-03-02', '--until', '2026-03-01'], []])
        assert.equal(asialla(['export', 'visits', '--data', data, ...bad, '--to', file + '2']).status, 2)
    assert.equal(asialla(['export', 'visits', '--data', data, '--from', '2026-01-01', '--until', '2026-12-31', '--to', '-']).status, 2)
    assert.ok(!existsSync(file + '2'))
})

test('what is broken does not go out, and is named', () => {
    const data = sampleCounty(), out = tempDir('out')
    const put = (name) => {
        const file = path.join(out, name), r = asialla(['export', 'visits', '--data', data, '--from', '2020-01-01', '--until', '2030-12-31', '--to', file])
        assert.equal(r.status, 0, r.err)
        return file
    }
    const refs = (file) => lines(file).slice(1).map((l) => l.split(',')[0].replaceAll('"', ''))
    const good = new Set(refs(put('before.csv'))), matters = new Set()
    const chosen = sql(data, `SELECT a.ref || ',' || a.id || ',' || a.matter || ',' || a.start_at || ',' || (SELECT min(e.id) FROM matter_event e WHERE e.matter = a.matter AND e.kind = 'assessed')
        FROM appointment a JOIN matter m ON m.id = a.matter WHERE a.state = 'fulfilled' AND m.into_matter IS NULL ORDER BY a.id`).trim().split('\n')
        .map((l) => l.split(',')).filter(([ref, , matter, , assessed]) => good.has(ref) && assessed && !matters.has(matter) && matters.add(matter))
    assert.ok(chosen.length > 8)
    const wants = {}, breaking = (field, why, text) => {
        const [ref, id, matter, start, assessed] = chosen[Object.keys(wants).length]
        wants[ref] = [field, why]
        sql(data, text({ id, matter, start, assessed }))
    }
    const other = chosen.at(-1)[4]
    const visit = (id, member, value) => `UPDATE booking_event SET body = replace(body, '"${member}":', '"${member}":${value},"was":') WHERE appointment = ${id} AND kind = 'fulfilled'`
    breaking('end', 'not-sound', ({ id, start }) => `UPDATE appointment SET end_at = ${start} - 60000 WHERE id = ${id}`)
    breaking('born', 'not-sound', ({ matter }) => `UPDATE matter SET born = 40000 WHERE id = ${matter}`)
    breaking('language', 'not-sound', ({ matter }) => `UPDATE matter SET language = '<x>' WHERE id = ${matter}`)
    breaking('contact', 'not-sound', ({ matter, start }) => `UPDATE matter SET received_at = ${start} + 60000 WHERE id = ${matter}`)
    breaking('unit', 'missing', ({ id }) => `UPDATE appointment SET calendar = NULL WHERE id = ${id}`)
    breaking('profession', 'no-code', ({ id }) => visit(id, 'profession', '"=1+1"'))
    breaking('assessed', 'missing', ({ id }) => visit(id, 'assessment', '999999999'))
    breaking('assessed', 'missing', ({ id }) => visit(id, 'assessment', other)) // somebody else's
    const after = put('after.csv'), written = new Set(refs(after)), failed = lines(after + '.failed.csv').slice(1).map((l) => l.replaceAll('"', '').split(','))
    for (const [ref, [field, why]] of Object.entries(wants)) {
        assert.ok(!written.has(ref), `${field} ${why} went out`)
        assert.ok(failed.some((f) => f[0] === ref && f[3] === field && f[4] === why), `${field} ${why}: ${JSON.stringify(failed.filter((f) => f[0] === ref))}`)
    }
    for (const ref of good) // an assessment may be several visits'
        assert.ok(written.has(ref) || failed.some((f) => f[0] === ref), ref)
})

test('what the public was shown in a month follows from the log, but for a number that was changed', async () => {
    const data = sampleCounty(), server = await startServer({ data, args: ['--demo'] })
    const events = exported(data, 'events', 'events.csv') // beside the server
    const list = await new Visitor(server).get('/en/waits.json')
    const months = [...new Set(list.text.match(/\b20\d\d-\d\d(?=-01")/g))].sort(), month = months.at(-1)
    const page = await request(`${server.url}/waits/${month}.csv`)
    assert.equal(page.status, 200)
    // One number is changed: that one differs, all others agree.
    const rows = page.text.split('\r\n'), at = rows.findIndex((l) => /^"received","month",.*,"\d+","\d+"$/.test(l))
    const file = path.join(tempDir('out'), `${month}.csv`)
    writeFileSync(file, rows.map((l, i) => (i === at ? l.replace(/,"(\d+)","(\d+)"$/, (_, n, total) => `,"${Number(n) + 1}","${total}"`) : l)).join('\r\n'))
    const r = recount(events, '--published', file)
    assert.equal(r.status, 1)
    assert.match(r.out, /published cells: \d{3,} compared, \d+ hidden\n/) // and none that is not recomputed
    assert.match(r.out, /\n1 differ\n/)
    assert.match(r.out, /\nreceived\|month\|/)
    await server.stop()
})

test('visits leave beside a running server, and its log has who took them', async () => {
    const data = bareCounty(), server = await startServer({ data }), files = []
    for (let i = 0; i < 3; i++) {
        const file = path.join(tempDir('out'), 'visits.csv')
        const r = asialla(['export', 'visits', '--data', data, '--from', '2026-01-01', '--until', '2026-12-31', '--to', file])
        assert.equal(r.status, 0, r.err)
        assert.equal(lines(file).length, 1)
        files.push(file)
    }
    const notes = path.join(data, 'exports'), left = () => (existsSync(notes) ? readdirSync(notes).filter((f) => f.endsWith('.json')) : [])
    if (engine === 'sqlite')
        writeFileSync(path.join(notes, 'broken.json'), '{"at": 1')
    while (left().length)
        await sleep(50)
    await server.stop()
    if (engine === 'sqlite')
        assert.deepEqual(readdirSync(notes), ['broken.json.broken'])
    const rows = sql(data, "SELECT count(*) FROM report_export WHERE what = 'visits' AND from_day = 20454 AND to_day = 20818").trim()
    assert.equal(rows, '3')
})

test('an export that is killed leaves no file', async () => {
    const data = sampleCounty(), folder = tempDir('out'), words = ['export', 'events', '--data', data, '--to', path.join(folder, 'events.csv')]
    for (const ms of [1, 5, 20, 60]) {
        const child = spawn(process.env.ASIALLA_BIN ?? path.join(root, 'build-check', 'asialla'), words, { env: { ...process.env, ...storeEnv(words) }, stdio: 'ignore' })
        const ended = new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)))
        await sleep(ms)
        child.kill('SIGKILL')
        if (await ended)
            assert.ok(!existsSync(words.at(-1)) || lines(words.at(-1)).length > 10_000, 'half a file') // killed after it had its name
        for (const f of readdirSync(folder))
            rmSync(path.join(folder, f))
    }
})

test('the pages: half-years for everybody, what is missing for who steers', async () => {
    const server = await startServer({ data: bareCounty() })
    const anybody = new Visitor(server)
    for (const lang of ['fi', 'sv', 'en'])
        assert.equal((await anybody.get(`/${lang}/waits/half-years`)).status, 200)
    assert.equal((await anybody.get('/en/waits/half-years/older/2026-01')).status, 404)
    assert.equal((await anybody.get('/en/waits/half-years/nonsense/x/csv')).status, 404)
    const answers = {}
    for (const login of ['head', 'admin', 'worker']) {
        const v = new Visitor(server)
        await v.signIn(login, PASSWORD)
        answers[login] = await v.get('/en/staff/register?month=2026-10')
    }
    assert.equal(answers.head.status, 200)
    assert.equal(answers.admin.status, 200)
    assert.equal(answers.worker.status, 403)
    assert.match(answers.admin.text, /rounded/)
    assert.doesNotMatch(answers.head.text, /rounded/)
    await server.stop()
})
