// `asialla copy FROM TO` and `asialla backup --store URL`: every way between folders and databases; what is not empty, not
// whole, not ours or not reachable; and that a copy which broke, or was killed, leaves its target as it was. The sample county,
// which takes its time, goes there and back, and is killed on its way; else it is a county that had a few contacts.
import test, { before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { PASSWORD, asialla, bin, isRoot, releaseBin, root, sampleFolder, startServer, tempDir, writeTemp } from '../lib/server.mjs'
import { createDatabase, psql } from '../lib/postgres.mjs'
import { Visitor } from '../lib/client.mjs'
import { NO_LIMITS, sendContact } from '../lib/load.mjs'
import { contactTemplate } from '../lib/people.mjs'

const env = { ASIALLA_STORE: '', ASIALLA_DATA: '' } // nothing but what a command line says
const run = (...args) => asialla(args, { env, using: releaseBin }) // a whole county many times over: the one with sanitizers copies a small one
const fine = (r) => {
    assert.equal(r.status, 0, r.err + r.out)
    return r
}
const ok = (...args) => fine(run(...args))
const watched = (...args) => fine(asialla(args, { env }))
const refused = (pattern, ...args) => {
    const r = run(...args)
    assert.equal(r.status, 1, r.err + r.out)
    assert.match(r.err, pattern)
    assert.match(r.err, /the target is as it was before/)
    return r
}
const place = () => path.join(tempDir('copy'), 'data') // a folder that is not there yet

const CONTACTS = 12, STAFF = 8
let few
before(async () => {
    few = place()
    for (const part of ['teams', 'calendars'])
        ok('import', part, path.join(root, 'data', 'county', `${part}.json`), '--data', few)
    for (let i = 1; i <= STAFF; i++)
        fine(asialla(['user', 'add', '--data', few, '--login', `worker${i}`, '--name', `Somebody Number-${i}`, '--role', 'worker', '--team', 'guidance'],
            { env, using: releaseBin, input: PASSWORD + '\n' }))
    const server = await startServer({ data: few, args: NO_LIMITS, env, using: releaseBin })
    const template = await contactTemplate(server)
    for (let i = 0; i < CONTACTS; i++)
        assert.equal((await sendContact(server, template)).status, 200)
    await server.stop()
})
const source = () => few
let sample
const whole = () => {
    if (!sample) {
        sample = place()
        cpSync(sampleFolder().folder, sample, { recursive: true })
    }
    return sample
}
const changed = (change) => {
    const folder = place()
    cpSync(source(), folder, { recursive: true })
    const file = path.join(folder, 'asialla.db')
    writeFileSync(file, change(readFileSync(file)))
    return folder
}
const databases = new Map()
const urlOf = (folder) => {
    if (!databases.has(folder)) {
        databases.set(folder, createDatabase())
        ok('copy', folder, databases.get(folder))
    }
    return databases.get(folder)
}
const sourceUrl = () => urlOf(source())
const changedUrl = (sql, from = sourceUrl()) => {
    const url = createDatabase({ template: /^[^?]*\/([^?]+)/.exec(from)[1] })
    psql(url, sql)
    return url
}
// A database as migrations leave it: a command that makes the store and then finds nothing to do.
const freshUrl = () => {
    const url = createDatabase()
    assert.equal(run('import', 'teams', writeTemp('t.json', '{}'), '--data', place(), '--store', url).status, 1)
    return url
}

const sums = (r) => r.out.split('\n').filter((l) => / same$/.test(l))
const verified = (...args) => assert.match(ok('verify', ...args).out, /all as it should be/)
const tables = (url) => Number(psql(url, 'SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace'))
const leavesNothing = (pattern, from) => {
    const url = createDatabase()
    refused(pattern, 'copy', from, url)
    assert.equal(tables(url), 0)
    return url
}

test('the sample county there and back: each copy has the same checksums, verifies, and has the secret', () => {
    const [a, b] = [whole(), place()]
    const u = createDatabase()
    const there = ok('copy', a, u)
    databases.set(a, u)
    assert.match(there.out, /secret is not in the database/)
    assert.match(there.out, new RegExp(`serve --data ${a} --store URL`))
    assert.ok(sums(there).length >= 16, there.out)
    assert.match(there.out, /^matter +\d{3,} +[0-9a-f]{32} +same$/m)
    assert.match(there.err, /^copying matter_event: \d{3,} rows$/m)
    const back = ok('copy', u, b, '--data', a)
    assert.deepEqual(sums(back), sums(there))
    assert.match(back.out, /stop them first/)
    verified('--data', b)
    assert.deepEqual(readFileSync(path.join(b, 'key')), readFileSync(path.join(a, 'key')))
    assert.equal(statSync(path.join(b, 'key')).mode & 0o777, 0o600)
    assert.equal(statSync(path.join(b, 'asialla.db')).mode & 0o777, 0o600)
    assert.equal(statSync(b).mode & 0o777, 0o700)
    assert.deepEqual(readdirSync(b).sort(), ['asialla.db', 'key', 'lock'])
    verified('--data', a, '--store', u)
})

test('from database to database, and from folder to folder', () => {
    const [a, c] = [source(), place()]
    const v = createDatabase()
    const there = ok('copy', sourceUrl(), v), beside = ok('copy', a, c)
    assert.ok(sums(there).length >= 16, there.out)
    assert.deepEqual(sums(beside), sums(there))
    assert.deepEqual(readFileSync(path.join(c, 'key')), readFileSync(path.join(a, 'key')))
    verified('--data', c)
    verified('--data', a, '--store', v)
})

test('a small county there and back, with sanitizers', () => {
    const [a, b, u] = [place(), place(), createDatabase()]
    for (const part of ['teams', 'calendars'])
        watched('import', part, path.join(root, 'data', 'county', `${part}.json`), '--data', a)
    const there = watched('copy', a, u), back = watched('copy', u, b, '--data', a)
    assert.deepEqual(sums(back), sums(there))
    for (const words of [['--data', b], ['--data', a, '--store', u]])
        assert.match(watched('verify', ...words).out, /all as it should be/)
})

test('beside a running server; a server goes on where the copy is; ids go on behind those copied', async () => {
    const a = place()
    ok('import', 'teams', path.join(root, 'data', 'county', 'teams.json'), '--data', a)
    const add = (login, ...where) => asialla(['user', 'add', '--login', login, '--name', login, '--role', 'worker', '--team', 'guidance', ...where],
        { env, input: PASSWORD + '\n' })
    assert.equal(add('first', '--data', a).status, 0)
    const server = await startServer({ data: a, env })
    const u = createDatabase()
    assert.match(ok('copy', a, u).out, /A server has .* in use/)
    await server.stop()
    assert.equal(add('second', '--data', a, '--store', u).status, 0)
    assert.equal(psql(u, 'SELECT login FROM staff ORDER BY id').trim(), 'first\nsecond')
    const moved = await startServer({ data: a, args: ['--store', u], env: { ASIALLA_DATA: '' } })
    const v = new Visitor(moved)
    await v.signIn('second', PASSWORD)
    assert.equal(v.jar.size, 1)
    v.close()
    const b = place()
    ok('copy', u, b, '--data', a)
    await moved.stop()
    verified('--data', b)
})

test('the secret: of another store, or none: said, not copied; another one in the target: refused', () => {
    const other = place()
    mkdirSync(other)
    writeFileSync(path.join(other, 'key'), Buffer.alloc(32, 7), { mode: 0o600 })
    for (const [data, words] of [[other, /belongs to another store/], [place(), /key is missing/]]) {
        const b = place()
        assert.match(ok('copy', sourceUrl(), b, '--data', data).out, words)
        assert.equal(existsSync(path.join(b, 'key')), false)
    }
    const r = run('copy', source(), other)
    assert.equal(r.status, 1)
    assert.match(r.err, /another secret/)
    assert.deepEqual(readdirSync(other), ['key'])
    refused(/key is not the secret that this store was begun with/, 'copy', sourceUrl(), other, '--data', place())
    assert.deepEqual(readdirSync(other), ['key'])
    cpSync(path.join(source(), 'key'), path.join(other, 'key'))
    assert.match(ok('copy', sourceUrl(), other, '--data', place()).out, /The secret is in/)
    verified('--data', other)
})

// Each commit adds one row to two tables, of which one is copied first and the other last.
test('one snapshot, while others write', async () => {
    const from = changedUrl(`CREATE PROCEDURE write() LANGUAGE plpgsql AS $$ BEGIN
        FOR i IN 1..1000000 LOOP
            INSERT INTO meta VALUES ('w' || i, ''); INSERT INTO seal VALUES ('w', i, i, 1, 0, ''); COMMIT; PERFORM pg_sleep(0.0005);
        END LOOP; END $$`)
    const written = () => Number(psql(from, "SELECT count(*) FROM meta WHERE name LIKE 'w%'"))
    const writer = spawn('psql', ['-Xq', '-d', from, '-c', 'CALL write()'], { stdio: 'ignore' })
    const ended = new Promise((resolve) => writer.on('close', resolve))
    while (written() < 10)
        await new Promise((r) => setTimeout(r, 20))
    const [folder, back] = [place(), createDatabase()]
    ok('copy', from, folder, '--data', source())
    const after = written()
    writer.kill('SIGKILL')
    psql(from, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CALL write%'")
    await ended
    ok('copy', folder, back)
    const [meta, seals] = psql(back, "SELECT (SELECT count(*) FROM meta WHERE name LIKE 'w%'), (SELECT count(*) FROM seal WHERE log = 'w')").trim().split('|').map(Number)
    assert.equal(meta, seals)
    assert.ok(meta >= 10 && meta < after, `${meta} of ${after}`)
})

test('a target that is not empty is refused and not touched', () => {
    const b = place()
    ok('copy', source(), b)
    const before = readFileSync(path.join(b, 'asialla.db'))
    refused(/store here already/, 'copy', source(), b)
    assert.deepEqual(readFileSync(path.join(b, 'asialla.db')), before)
    const unused = freshUrl()
    for (const same of [b, unused]) {
        const r = run('copy', same, same)
        assert.equal(r.status, 2, r.err)
        assert.match(r.err, /FROM and TO are the same/)
    }
    const full = changedUrl("UPDATE staff SET name = 'kept' WHERE id = 1")
    refused(/not empty: its table \w+ has \d+ rows/, 'copy', source(), full)
    assert.equal(psql(full, 'SELECT name FROM staff WHERE id = 1').trim(), 'kept')
    const foreign = createDatabase()
    psql(foreign, 'CREATE TABLE matter (x text)')
    refused(/table matter that is not ours/, 'copy', source(), foreign)
    assert.equal(tables(foreign), 1)
    const fresh = freshUrl()
    psql(fresh, "INSERT INTO meta VALUES ('key', 'x')")
    refused(/not empty: its table meta has 1 rows/, 'copy', source(), fresh)
})

test('tables beside ours stay where they are, on both sides', () => {
    const u = createDatabase()
    psql(u, `CREATE TABLE watch (at numeric); INSERT INTO watch VALUES (1); CREATE TABLE wide (${Array.from({ length: 90 }, (_, i) => `c${i} int`)});
        CREATE TABLE "\x1b[31m" (x int)`)
    ok('copy', source(), u)
    const back = ok('copy', u, place())
    assert.match(back.out, /no tables of Asialla: watch, wide, \?\[31m\./)
    assert.doesNotMatch(back.out + back.err, /\x1b/)
    assert.equal(psql(u, 'SELECT count(*) FROM watch').trim(), '1')
})

test("another role's table beside ours, with ids of its own, is neither locked nor moved on", () => {
    const u = createDatabase()
    psql(u.replace('asialla@', 'postgres@'), 'CREATE TABLE public.theirs (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY); INSERT INTO public.theirs VALUES (77)')
    ok('copy', source(), u)
    assert.equal(psql(u.replace('asialla@', 'postgres@'), 'SELECT last_value, is_called FROM public.theirs_id_seq').trim(), '1|f')
})

test('a schema of its own, whose name wants quotes', () => {
    const u = createDatabase()
    psql(u, 'CREATE SCHEMA "My Own"; CREATE TABLE public.matter (x int)')
    const own = `${u}${u.includes('?') ? '&' : '?'}options=${encodeURIComponent('-c search_path="My\\ Own"')}`
    ok('copy', source(), own)
    verified('--store', own)
    assert.equal(psql(u, 'SELECT count(*) FROM public.matter').trim(), '0')
    ok('copy', own, place(), '--data', source())
})

test('as fresh migrations leave it is empty; what goes in otherwise than it came out is found', () => {
    const fresh = freshUrl()
    ok('copy', source(), fresh)
    const liar = freshUrl()
    psql(liar, `CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.name := upper(NEW.name); RETURN NEW; END';
        CREATE TRIGGER shout BEFORE INSERT ON staff FOR EACH ROW EXECUTE FUNCTION shout()`)
    const r = refused(/table staff is not the same/, 'copy', source(), liar)
    assert.match(r.out, /^staff .*NOT THE SAME/m)
    assert.equal(sums(r).length, Number(/^(\d+) tables/m.exec(r.out)[1]) - 1)
    assert.equal(psql(liar, 'SELECT count(*) FROM staff').trim(), '0')
})

test('a row that the target cannot hold: its table, number and key; nothing is left', () => {
    const login = psql(sourceUrl(), 'SELECT login FROM staff ORDER BY id OFFSET 4 LIMIT 1').trim()
    const id = psql(sourceUrl(), `SELECT id FROM staff WHERE login = '${login}'`).trim()
    const name = psql(sourceUrl(), `SELECT name FROM staff WHERE login = '${login}'`).trim()
    for (const [byte, words] of [[0, 'NUL character'], [0xff, 'not UTF-8']]) {
        const bad = changed((file) => {
            for (let at = file.indexOf(name); at >= 0; at = file.indexOf(name, at + 1))
                file[at + 1] = byte
            return file
        })
        const url = leavesNothing(new RegExp(`table staff, row 5 \\(id ${id}\\): the column name has a text .*${words}`), bad)
        ok('copy', source(), url)
    }
    // Rows that point nowhere, that break a rule, that are there twice: found by the server, late.
    const cases = [
        ['ALTER TABLE matter_event DROP CONSTRAINT matter_event_matter_fkey; UPDATE matter_event SET matter = 99999999 WHERE id = 9',
            /table matter_event, row 9 \(id 9\): .*/],
        ['ALTER TABLE directory_generation DROP CONSTRAINT directory_generation_nr_check; UPDATE directory_generation SET nr = 2',
            /table directory_generation, row 1 \(nr 2\): .*/],
        ['ALTER TABLE staff DROP CONSTRAINT staff_login_key; UPDATE staff SET login = (SELECT login FROM staff WHERE id = 3) WHERE id = 7',
            /table staff, row 7 \(id 7\): .*/],
    ]
    for (const [sql, words] of cases) {
        const from = changedUrl(sql)
        leavesNothing(words, from)
        const folder = place()
        refused(words, 'copy', from, folder)
        assert.equal(existsSync(folder), false)
    }
})

test('migrations that differ, a table that somebody changed, no store at all', () => {
    const cases = [
        ["UPDATE schema_migration SET checksum = 'x' WHERE number = 2", /0002_directory\.sql was changed/],
        ["INSERT INTO schema_migration VALUES (9999, '9999_later.sql', 'x', 0)", /newer .* 9999_later\.sql/],
        ['DELETE FROM schema_migration WHERE number = (SELECT max(number) FROM schema_migration)', /lacks migration \d{4}_\w+\.sql/],
        ['ALTER TABLE team ADD COLUMN mine text', /table team is not as the migrations make it/],
        ['DROP TABLE seal', /table seal is not as the migrations make it/],
        ['DROP TABLE schema_migration', /no store of Asialla/],
    ]
    for (const [sql, words] of cases) {
        const folder = place()
        refused(words, 'copy', changedUrl(sql), folder)
        assert.equal(existsSync(folder), false)
    }
    const target = freshUrl()
    psql(target, "UPDATE schema_migration SET checksum = 'x' WHERE number = 2")
    refused(/target: .*0002_directory\.sql was changed/, 'copy', source(), target)
})

test('no folder, no host, no words', () => {
    const nowhere = place()
    refused(/there is no store here/, 'copy', nowhere, place())
    assert.equal(existsSync(nowhere), false)
    refused(/source: .*nohost\.invalid|could not translate/, 'copy', 'postgresql://u:secret-word@nohost.invalid/x', place())
    const r = refused(/target: /, 'copy', source(), 'postgresql://u:secret-word@127.0.0.1:1/x')
    assert.doesNotMatch(r.err + r.out, /secret-word/)
    refused(/No such file|could not be|cannot/, 'copy', source(), path.join(place(), 'deep', 'deeper'))
    for (const args of [['copy'], ['copy', source()], ['copy', 'a', 'b', 'c'], ['copy', '', 'b']])
        assert.equal(run(...args).status, 2, args.join(' '))
})

// A copy killed while rows go in: as soon as it says that a table is done, while the next one is on its way. Where to. One that was
// quicker than we heard of it is made again, elsewhere.
async function killed(from, place, tries = 5) {
    const to = place()
    const child = spawn(bin, ['copy', from, to], { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] })
    const ended = new Promise((resolve) => child.on('close', (status, signal) => resolve(signal ?? status)))
    let said = ''
    child.stderr.on('data', (d) => {
        said += d
        if (/^copying matter:/m.test(said))
            child.kill('SIGKILL')
    })
    if (await ended === 'SIGKILL')
        return to
    assert.ok(tries > 0, said)
    return killed(from, place, tries - 1)
}

test('kill -9 in the middle: nothing is there, and the next copy goes through', async () => {
    const u = await killed(whole(), createDatabase)
    ok('copy', source(), u)
    verified('--data', source(), '--store', u)
    const v = await killed(whole(), createDatabase)
    for (let i = 0; i < 1000 && Number(psql(v, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'asialla'")); i++)
        await new Promise((r) => setTimeout(r, 50))
    assert.equal(tables(v), 0)
    const folder = await killed(whole(), place)
    assert.equal(existsSync(path.join(folder, 'asialla.db')), false)
    assert.equal(run('verify', '--data', folder).status, 1)
    ok('copy', source(), folder)
    verified('--data', folder)
    assert.deepEqual(readdirSync(folder).sort(), ['asialla.db', 'key', 'lock'])
})

test('a full disk: said, and the disk is as empty as before', (t) => {
    const disk = tempDir('disk')
    const r = isRoot ? spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk], { encoding: 'utf8' }) : { status: 1, stderr: 'not root' }
    if (r.status !== 0)
        return t.skip(`no small disk: ${r.stderr}`)
    try {
        refused(/asialla\.db: commit: database or disk is full/, 'copy', whole(), path.join(disk, 'data'))
        assert.deepEqual(readdirSync(disk), [])
        refused(/full/, 'backup', '--store', urlOf(whole()), '--to', path.join(disk, 'b.db'))
        assert.deepEqual(readdirSync(disk), [])
    } finally {
        spawnSync('umount', ['-l', disk])
    }
})

test('backup of a database into one file, and back', () => {
    const to = path.join(tempDir('backup'), 'b.db')
    const r = ok('backup', '--store', sourceUrl(), '--to', to)
    assert.match(r.out, /To restore: /)
    assert.equal(statSync(to).mode & 0o777, 0o600)
    const before = readFileSync(to)
    refused(/exists already/, 'backup', '--store', sourceUrl(), '--to', to)
    assert.deepEqual(readFileSync(to), before)
    const folder = place()
    mkdirSync(folder)
    cpSync(to, path.join(folder, 'asialla.db'))
    const back = createDatabase()
    assert.deepEqual(sums(ok('copy', folder, back)), sums(r))
    verified('--data', source(), '--store', back)
})
