// The commands beside the server: what they print, what they refuse, and that a refusal changes nothing.
import test from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { PASSWORD, asialla, bareCounty, onPostgres, onSqlite, root, sharedData, startServer, storeText, tempDir, writeTemp } from '../lib/server.mjs'
import { Visitor } from '../lib/client.mjs'

const V11 = path.join(sharedData, 'ptv', 'v11', 'services.json')
const SAMPLES = path.join(sharedData, 'ptv', 'samples')
const wants = (file) => (existsSync(file) ? {} : { skip: `${path.relative(path.join(root, '..'), file)} is not beside the project` })

test('usage: nothing, --help, unknown words', () => {
    assert.equal(asialla([]).status, 2)
    assert.equal(asialla(['--help']).status, 0)
    assert.match(asialla(['--help']).out, /asialla serve/)
    assert.equal(asialla(['nonsense']).status, 2)
    assert.match(asialla(['serve', '--nonsense']).err, /no option --nonsense/)
    assert.equal(asialla(['serve', '--data']).status, 2)
    assert.equal(asialla(['serve', '--contacts', 'many', '--data', tempDir()]).status, 1)
})

test('law due: a date, the version, its source; else an error', () => {
    const line = (args) => {
        const r = asialla(['law', 'due', ...args])
        assert.equal(r.status, 0, r.err)
        return r.out.trimEnd().split('\t')
    }
    assert.equal(line(['phc-treatment', '2026-11-02', '--age', '15'])[0], '2026-11-16')
    assert.equal(line(['phc-treatment', '2026-11-02', '--age', '40'])[0], '2027-02-02')
    assert.equal(line(['phc-treatment', '2024-02-01', '--age', '40'])[0], '2024-02-15')
    assert.equal(line(['social-assessment-start', '2026-03-30', '--age', '80'])[0], '2026-04-10')
    assert.match(line(['phc-treatment', '2026-11-02', '--age', '15'])[2], /\S/)
    for (const bad of [['nonsense', '2026-11-02'], ['phc-treatment', '2026-02-30'], ['phc-treatment', '1999-01-01', '--age', '40'], ['phc-treatment'],
        ['phc-treatment', '2026-11-02', '--age', 'old']]) {
        const r = asialla(['law', 'due', ...bad])
        assert.notEqual(r.status, 0, bad.join(' '))
        assert.equal(r.out, '', bad.join(' '))
        assert.match(r.err, /\S/)
    }
    const rules = asialla(['law', 'rules'])
    assert.equal(rules.status, 0)
    assert.match(rules.out, /phc-treatment/)
})

test('import ptv: the real 244 services, twice: the second time nothing changes', wants(V11), () => {
    const data = tempDir()
    const first = asialla(['import', 'ptv', V11, '--data', data])
    assert.equal(first.status, 0, first.err)
    assert.match(first.out, /244/)
    const second = asialla(['import', 'ptv', V11, '--data', data])
    assert.equal(second.status, 0, second.err)
    assert.notEqual(first.out, second.out)
    const hit = asialla(['search', 'fi', 'terveys', '--data', data])
    assert.equal(hit.status, 0, hit.err)
    for (const line of hit.out.trimEnd().split('\n'))
        assert.match(line, /^[0-9a-f]{8}-[0-9a-f-]{27}\t\S/)
})

test('import ptv: the samples of every kind of object', wants(SAMPLES), () => {
    const data = tempDir()
    for (const file of readdirSync(SAMPLES).filter((f) => /(?:Service|Organization|Channel|GeneralDescription)\.json$/.test(f))) {
        const r = asialla(['import', 'ptv', path.join(SAMPLES, file), '--data', data])
        assert.ok(r.status === 0 || /\S/.test(r.err), `${file}: ${r.status}`)
        assert.ok(r.status !== null, `${file}: ${r.signal}`)
    }
})

test('import ptv: truncated, mistyped, hostile, huge: an error with file and position, nothing changed', () => {
    const data = bareCounty()
    const before = asialla(['verify', '--data', data]).out
    const id = '0f3c0b1e-2a54-4d8e-9d0b-1f1f2a2b3c4d'
    const good = { id, type: 'Service', serviceNames: [{ language: 'fi', value: 'Kokeilu', type: 'Name' }], publishingStatus: 'Published' }
    const deep = '['.repeat(100_000)
    const cases = {
        empty: '', word: 'hello', truncated: JSON.stringify([good]).slice(0, -10), binary: '\x00\x01\x02', 'not-utf8': Buffer.from([0x5b, 0x22, 0xff, 0xfe, 0x22, 0x5d]),
        deep, number: '1e999999', twice: '{"itemList":[],"itemList":[]}', surrogate: '["\\ud800"]', trailing: '[] []', comma: '[1,]',
    }
    for (const [name, text] of Object.entries(cases)) {
        const file = writeTemp(name + '.json', text)
        const r = asialla(['import', 'ptv', file, '--data', data])
        assert.notEqual(r.status, 0, name)
        assert.equal(r.signal, null, name)
        assert.ok(r.err.includes(name + '.json'), `${name} is not named: ${r.err}`)
    }
    const r = asialla(['import', 'ptv', path.join(data, 'no-such-file.json'), '--data', data])
    assert.notEqual(r.status, 0)
    assert.match(r.err, /no-such-file/)
    assert.equal(asialla(['import', 'ptv', data, '--data', data]).status === 0, false, 'a folder')
    assert.equal(asialla(['verify', '--data', data]).out, before)
})

test('import ptv: markup in every text comes out escaped', () => {
    const data = bareCounty()
    const evil = '<script>alert(1)</script>"\'><img src=x onerror=alert(2)>'
    const text = (type) => [{ language: 'fi', value: evil, type }, { language: 'sv', value: evil, type }, { language: 'en', value: evil, type }]
    const service = {
        id: '0f3c0b1e-2a54-4d8e-9d0b-1f1f2a2b3c4d', type: 'Service', fundingType: 'PubliclyFunded', publishingStatus: 'Published', languages: ['fi'],
        serviceNames: text('Name'), serviceDescriptions: [...text('Summary'), ...text('Description'), ...text('UserInstruction')],
        keywords: [{ language: 'fi', value: evil }], requirements: text(''),
    }
    const file = writeTemp('evil.json', JSON.stringify({ itemList: [service] }))
    const r = asialla(['import', 'ptv', file, '--data', data])
    assert.equal(r.status, 0, r.err)
    const hit = asialla(['search', 'fi', 'alert', '--data', data])
    assert.ok(hit.status === 0)
    assert.equal(hit.out.split('\n').filter(Boolean).length <= 1, true)
})

test('import teams: refused as a whole', () => {
    const data = bareCounty()
    const r = asialla(['import', 'teams', writeTemp('t.json', '{"teams":[{"ref":"x","register":"nonsense"}]}'), '--data', data])
    assert.equal(r.status, 1)
    assert.match(r.err, /t\.json.*Nothing was changed/s)
})

test('user add: passwords, roles, names taken', () => {
    const data = bareCounty()
    const add = (args, input) => asialla(['user', 'add', '--data', data, ...args], { input })
    const ok = ['--login', 'new', '--name', 'New One', '--role', 'worker']
    assert.equal(add(ok, 'short\n').status, 1)
    assert.equal(add(ok, '').status, 1)
    assert.equal(add(ok, 'x'.repeat(500) + '\n').status, 1)
    assert.equal(add([...ok.slice(0, 4), '--role', 'king'], PASSWORD).status, 2)
    assert.equal(add([...ok, '--team', 'nowhere'], PASSWORD).status, 1)
    assert.equal(add(['--login', 'worker', '--name', 'X', '--role', 'worker'], PASSWORD).status, 1)
    assert.equal(add(ok, PASSWORD).status, 0)
    const stored = storeText(data)
    assert.ok(stored.includes('Veikko Worker'))
    assert.ok(!stored.includes(PASSWORD))
})

test('the folder and its secret are for the owner only', () => {
    const data = path.join(tempDir(), 'new')
    assert.equal(asialla(['import', 'teams', path.join(root, 'data', 'county', 'teams.json'), '--data', data]).status, 0)
    assert.equal(statSync(data).mode & 0o777, 0o700)
})

onSqlite('a data folder in use, or damaged, is refused with words', async () => {
    const data = bareCounty()
    const server = await startServer({ data })
    const second = asialla(['serve', '--data', data, '--listen', '127.0.0.1:0'])
    assert.equal(second.status, 1)
    assert.match(second.err, /in use/)
    assert.equal(asialla(['user', 'add', '--data', data, '--login', 'late', '--name', 'L', '--role', 'admin'], { input: PASSWORD }).status, 1)
    await server.stop()
    const broken = tempDir()
    writeFileSync(path.join(broken, 'asialla.db'), 'this is no database, however long it is. '.repeat(200))
    const r = asialla(['serve', '--data', broken, '--listen', '127.0.0.1:0'])
    assert.equal(r.status, 1)
    assert.match(r.err, /asialla/)
})

onPostgres('a store that cannot be reached, or is not there, is refused with words, soon', () => {
    const gone = tempDir('gone')
    for (const [url, why] of [[`postgresql://asialla@/x?host=${gone}`, /connection to server/], ['nonsense://x', /postgresql:\/\//]]) {
        const began = Date.now()
        const r = asialla(['serve', '--data', tempDir(), '--listen', '127.0.0.1:0', '--store', url])
        assert.ok([1, 2].includes(r.status), `${url}: ${r.status ?? r.signal}`)
        assert.match(r.err, why)
        assert.ok(Date.now() - began < 60_000, url)
    }
})

test('a port in use is refused with words; the key is for the owner only; a reader makes no folder', async () => {
    const server = await startServer({ data: bareCounty() })
    const port = asialla(['serve', '--data', tempDir(), '--listen', `127.0.0.1:${server.port}`])
    assert.equal(port.status, 1)
    assert.match(port.err, /in use/)
    assert.equal(statSync(path.join(server.data, 'key')).mode & 0o777, 0o600)
    await server.stop()
    const nowhere = path.join(tempDir(), 'nowhere')
    assert.equal(asialla(['verify', '--data', nowhere]).status, 1)
    assert.equal(existsSync(nowhere), false)
})

test('verify: a sound folder is sound; a changed row, log or seal is found', () => {
    const data = bareCounty()
    const r = asialla(['verify', '--data', data])
    assert.equal(r.status, 0, r.out + r.err)
    assert.match(r.out, /all as it should be/)
})

onSqlite('backup beside a running server: whole, and never over another file', async () => {
    const data = bareCounty()
    const server = await startServer({ data })
    const to = path.join(tempDir(), 'copy.db')
    const backup = asialla(['backup', '--data', data, '--to', to])
    assert.equal(backup.status, 0, backup.err)
    assert.notEqual(asialla(['backup', '--data', data, '--to', to]).status, 0, 'over a file that is there')
    assert.equal(asialla(['backup', '--data', data]).status, 2)
    const again = tempDir()
    mkdirSync(again, { recursive: true })
    copyFileSync(to, path.join(again, 'asialla.db'))
    assert.equal(asialla(['verify', '--data', again]).status, 0)
    await server.stop()
    await assert.rejects(startServer({ data: again }), /the secret .*key is missing/, 'codes would be dead, unnoticed')
    copyFileSync(path.join(data, 'key'), path.join(again, 'key'))
    const restored = await startServer({ data: again })
    const v = new Visitor(restored)
    assert.equal((await v.signIn('worker', PASSWORD)).status < 500, true)
    assert.equal(v.jar.size, 1)
    v.close()
    await restored.stop()
})

test('a clean stop: at once when idle, answers in flight are finished', async () => {
    const server = await startServer({ data: bareCounty() })
    const v = new Visitor(server)
    await v.get('/en/sign-in')
    const form = v.page.form(/sign-in$/)
    const body = new URLSearchParams([...form.fields.filter(([n]) => !['user', 'password'].includes(n)), ['user', 'worker'], ['password', PASSWORD]]).toString()
    let stopped
    const status = await new Promise((resolve, reject) => {
        const headers = { Cookie: v.cookie, 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body), Expect: '100-continue' }
        const req = http.request(new URL(form.action, server.url), { method: 'POST', headers, agent: false }, (res) => { res.resume(); resolve(res.statusCode) })
        req.on('continue', () => { // the server has it in its hands
            stopped = server.stop()
            req.end(body)
        })
        req.on('error', reject)
        req.flushHeaders()
    })
    assert.equal(status, 303)
    await stopped
    v.close()
    const idle = await startServer({ data: server.data })
    const began = Date.now()
    await idle.stop('SIGINT')
    assert.ok(Date.now() - began < 9500, `${Date.now() - began} ms`) // answers in flight would have 10 s
})
