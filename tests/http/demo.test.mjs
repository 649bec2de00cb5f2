// The sample county: what it holds, that it is the same for the same seed, and that its people can be tried.
import test from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { asialla, bareCounty, long, onPostgres, onSqlite, releaseBin, sampleCounty, sampleFolder, startServer, storeOf, tempDir, writeTemp } from '../lib/server.mjs'
import { psql } from '../lib/postgres.mjs'
import { Visitor } from '../lib/client.mjs'
import { openByCode } from '../lib/people.mjs'
import { assertStrict } from '../lib/strict.mjs'

const CARRIED = 3 // handed over across registers, whatever the scale
const months = (n, ...args) => asialla(['demo', '--months', n, ...args], { using: releaseBin })
const demo = (...args) => months('4', ...args)
const facts = (out) => Object.fromEntries([...out.matchAll(/([\d,]+) (services|places|teams|staff|residents|matters|open)\b/g)].map((m) => [m[2], Number(m[1].replaceAll(',', ''))]))

const made = () => ({ data: sampleCounty(), out: sampleFolder().said })

onSqlite('it holds what it should, and verifies', () => {
    const { data, out } = made()
    const f = facts(out)
    assert.ok(f.services >= 60 && f.places === 25 && f.teams === 12 && f.staff === 64 && f.residents === 3000 && f.open === 400 + CARRIED && f.matters >= 2000, JSON.stringify(f))
    const v = asialla(['verify', '--data', data], { using: releaseBin })
    assert.equal(v.status, 0, v.out)
    assert.match(v.out, new RegExp(`^${f.matters} matters`))
})

// All 39 months in ./check --long, and thinned out in unit/demo; else the last 5. With a seed that is another than elsewhere,
// and on a Saturday evening.
const SATURDAY = { using: releaseBin, env: { ASIALLA_NOW: '2026-11-21T19:00:00Z' } }
onSqlite(`${long ? 39 : 5} months of it are as they should be, and so are their figures`, () => {
    const data = tempDir()
    const r = asialla(['demo', ...(long ? [] : ['--months', '5']), '--seed', '7', '--data', data], SATURDAY)
    assert.equal(r.status, 0, r.err)
    const f = facts(r.out)
    assert.ok(f.matters > (long ? 15000 : 2500) && f.open > 500 && f.open < 1000, JSON.stringify(f))
    for (const what of [[], ['--figures']]) {
        const v = asialla(['verify', ...what, '--data', data], SATURDAY)
        assert.equal(v.status, 0, v.out)
    }
    for (const wrong of ['0', '3', '40', 'x'])
        assert.notEqual(months(wrong, '--data', tempDir()).status, 0, wrong)
})

onPostgres('a commit that is run again says and leaves the same', () => {
    const data = tempDir(), url = storeOf(data)
    assert.equal(asialla(['import', 'teams', writeTemp('t.json', '{}'), '--data', data]).status, 1) // makes the tables
    psql(url, `CREATE SEQUENCE runs; CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('runs') < 4 THEN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END IF; RETURN NEW; END $$;
        CREATE CONSTRAINT TRIGGER again AFTER INSERT ON staff DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION again()`)
    const r = demo('--data', data, ...(long ? [] : ['--thin', '20'])) // what is left out are more of the same
    assert.equal(r.status, 0, r.err)
    assert.equal(facts(r.out).staff, Number(psql(url, 'SELECT count(*) FROM staff')))
    assert.equal(facts(r.out).teams, Number(psql(url, 'SELECT count(*) FROM team')))
    const people = [...r.out.matchAll(/^  ([a-z]+\.[a-z.]+) /gm)].map((m) => m[1])
    assert.ok(people.length >= 5 && new Set(people).size === people.length, people.join())
    const v = asialla(['verify', '--data', data], { using: releaseBin })
    assert.equal(v.status, 0, v.out)
})

// All that happened, all who live there, and all times.
const ROWS = `SELECT id, matter, at, kind, staff, body FROM matter_event ORDER BY id; SELECT id, born, language, name FROM person ORDER BY id;
    SELECT id, matter, start_at, state, calendar, register FROM appointment ORDER BY id`
const WEDNESDAY = ['2026-11-25T09:00:00Z', '2026-11-25T21:00:00Z']

onSqlite('the same seed gives the same county, later that day too, another seed another; --scale multiplies', () => {
    const make = (args, env) => {
        const data = tempDir(), r = asialla(['demo', '--months', '4', '--data', data, ...args], { using: releaseBin, env })
        assert.equal(r.status, 0, r.err)
        const said = r.out.replace(/ [\d.]+ s$/m, '').replace(/^.*[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}.*$/gm, '')
        return said + execFileSync('sqlite3', [path.join(data, 'asialla.db'), ROWS], { encoding: 'utf8', maxBuffer: 1 << 28 })
    }
    const [one, later] = WEDNESDAY.map((now) => make(['--seed', '7'], { ASIALLA_NOW: now }))
    assert.ok(one.length > 1_000_000 && one === later)
    const other = make(['--seed', '8', '--scale', '2', ...(long ? [] : ['--thin', '20'])], { ASIALLA_NOW: WEDNESDAY[0] }), people = (rows) => rows.match(/^\d+\|\d+\|(?:fi|sv|en)\|.*$/gm).slice(0, 100).join()
    assert.ok(people(one).length > 1000 && people(one) !== people(other))
    const twice = facts(other)
    assert.deepEqual([twice.residents, twice.open, twice.staff], [6000, 800 + CARRIED, 64])
    for (const scale of ['0', '1001', 'x', '-1'])
        assert.notEqual(demo('--data', tempDir(), '--scale', scale).status, 0, scale)
    for (const thin of ['0', '101', 'x', '-1'])
        assert.notEqual(demo('--data', tempDir(), '--thin', thin).status, 0, thin)
})

test('a county that is there already is not overwritten', () => {
    const data = bareCounty()
    const before = asialla(['verify', '--data', data]).out
    assert.notEqual(demo('--data', data).status, 0)
    assert.equal(asialla(['verify', '--data', data]).out, before)
})

onSqlite('whoever it names can be tried: personas sign in, codes open', async () => {
    const { data, out } = made()
    const logins = [...out.matchAll(/^ {2}([a-zåäö-]+\.[a-zåäö.-]+) {2,}/gm)].map((m) => m[1])
    const keepers = logins.slice(-4)
    const codes = [...out.matchAll(/^ {2}([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5})/gm)].map((m) => m[1])
    assert.ok(logins.length >= 5 && codes.length >= 3, out)
    const server = await startServer({ data, args: ['--demo', '--proxy', '127.0.0.1'] })
    for (const login of logins) {
        const v = new Visitor(server)
        await v.persona(login)
        if (keepers.includes(login)) {
            assert.match(v.page.path, /^\/en\/staff\/(directory|partner|figures)$/, login)
            assertStrict(v.page, 'the first page of ' + login)
            v.close()
            continue
        }
        assert.equal(v.page.path, '/en/staff/', login)
        assertStrict(v.page, 'the queue of ' + login)
        const first = v.page.links.find((l) => /\/staff\/matter\//.test(l))
        assert.ok(first, `the queue of ${login} is empty`)
        assert.equal((await v.get(first)).status, 200)
        assertStrict(v.page, 'a matter of ' + login)
        v.close()
    }
    for (const code of codes) {
        const v = new Visitor(server)
        await openByCode(v, code)
        assert.equal(v.page.path, '/en/status/matter', code)
        assertStrict(v.page, 'the status page of a sample')
        v.close()
    }
    await server.stop()
})

onSqlite('at any hour: both sides of a visit by video, an arrival, a visit to record', async () => {
    const server = await startServer({ data: sampleCounty(), args: ['--demo', '--proxy', '127.0.0.1'] })
    for (const lang of ['fi', 'sv', 'en']) {
        const v = new Visitor(server, { lang })
        await v.get(`/${lang}/sign-in`)
        assert.ok(v.page.links.includes(`/${lang}/try`))
        await v.get(`/${lang}/try`)
        assertStrict(v.page, `${lang}: try`)
        const ways = v.page.forms.filter((f) => /persona$/.test(f.action)).map((f) => f.fields.find(([name]) => name === 'next')[1])
        const [kiosk] = v.page.links.filter((l) => /\/kiosk\//.test(l)), [ticket] = /\b[A-Z]\d{3}\b/.exec(v.page.text)
        assert.deepEqual(ways.map((w) => w.split('/')[3].split('?')[0]), ['visit', 'arrivals', 'record'])
        for (const next of ways) {
            await v.get(`/${lang}/try`)
            const form = v.page.form((f) => f.fields.some(([name, value]) => name === 'next' && value === next))
            await v.post(form.action, [...form.fields, ...form.buttons])
            assert.equal(v.page.status, 200, next)
            assert.equal(v.page.path, next)
        }
        await v.get(`/${lang}/try`)
        await v.submit(/\/try\/visit$/)
        assert.match(v.page.path, new RegExp(`^/${lang}/video/`))
        assert.ok(v.page.form(/\/video\//), 'the link is ready to be used')
        await v.get(kiosk)
        await v.submit(/\/kiosk\//, { ticket }, { button: ['go', '1'] })
        assert.equal(v.page.status, 200)
        await v.get(`/${lang}/try`)
        assert.ok(!v.page.text.includes(ticket), 'who has arrived is not told again')
        v.close()
    }
    await server.stop()
    const bare = await startServer({ data: bareCounty() })
    const v = new Visitor(bare)
    assert.equal((await v.get('/en/try')).status, 404)
    v.close()
    await bare.stop()
})

onSqlite('every service, place, theme and life event that a page names can be read, in three languages', async () => {
    const server = await startServer({ data: sampleCounty(), args: ['--demo'] })
    const v = new Visitor(server)
    for (const lang of ['fi', 'sv', 'en']) {
        const seen = new Set([`/${lang}/`])
        for (const url of seen) {
            const page = await v.get(url)
            assert.equal(page.status, 200, url)
            assertStrict(page, url)
            for (const link of page.links.map((l) => l.split('#')[0]).filter((l) => new RegExp(`^/${lang}/(themes|theme|life|service|place|about|privacy|accessibility|style)\\b`).test(l)))
                seen.add(link)
        }
        assert.ok([...seen].filter((u) => u.includes('/service/')).length >= 60, `${seen.size} pages in ${lang}`)
    }
    v.close()
    await server.stop()
})
