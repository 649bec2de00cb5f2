// Messages out: to a real mail server (STARTTLS, a password, its refusals), to an SMS gateway over HTTP, into a folder; a
// server killed between sending and writing it down, two servers at once; what /health says; letters and what failed, as
// heads see them. Rows are put into the store by hand: who puts them is other rooms' business, and is tested there.
import test, { after } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { bareCounty, engine, onPostgres, root, startServer, storeOf, tempDir } from '../lib/server.mjs'
import { request, sleep } from '../lib/client.mjs'
import { staff } from '../lib/people.mjs'
import { sql } from '../lib/visits.mjs'

const ends = []
after(async () => {
    for (const end of ends.reverse())
        await end()
})

let serial = 0
const q = (text) => `'${String(text).replaceAll("'", "''")}'`
// Urgent ones by default: a test runs at any hour.
function row({ way = 'sms', to = '040 123 4567', body = 'Alue: aika varattu.', subject = '', kind = 'booked', ics = '', urgent = 1, state = 'waiting', team = "(SELECT min(m.team) FROM team_member m JOIN staff s ON s.id = m.staff WHERE s.login = 'head')" } = {}) {
    const ref = `ref${String(++serial).padStart(13, '0')}`, now = Date.now() - 1000
    return { ref, sql: `INSERT INTO outbox (ref, key, way, kind, lang, team, made, due, urgent, recipient, subject, body, attachment, attachment_type, state, next_at, ended, reason) VALUES (
        ${q(ref)}, ${q(ref)}, ${q(way)}, ${q(kind)}, 'fi', ${team}, ${now}, ${now}, ${urgent}, ${q(to)}, ${subject ? q(subject) : 'NULL'}, ${q(body)},
        ${ics ? q(ics) : 'NULL'}, ${ics ? "'text/calendar'" : 'NULL'}, ${q(state)}, ${now}, ${state === 'failed' ? now : 'NULL'}, ${state === 'failed' ? "'the gateway answered 400'" : 'NULL'});` }
}
const states = (data) => Object.fromEntries(sql(data, "SELECT ref || '|' || state || '|' || tries || '|' || COALESCE(reason, '') FROM outbox ORDER BY id").trim().split('\n')
    .map((l) => l.split('|')).map(([ref, state, tries, reason]) => [ref, { state, tries: Number(tries), reason }]))
const configure = (data, conf) => writeFileSync(path.join(data, 'outbox.json'), JSON.stringify(conf))
const secret = (data, name, text) => {
    writeFileSync(path.join(data, name), text, { mode: 0o600 })
    chmodSync(path.join(data, name), 0o600)
    return name
}
async function until(what, look, ms = 120_000) {
    for (const end = Date.now() + ms; Date.now() < end; await sleep(50)) {
        const found = await look()
        if (found)
            return found
    }
    assert.fail(`waited in vain for ${what}`)
}
// A county with these rows; SQLite's file takes them while nobody serves it.
function county(rows, conf) {
    const data = bareCounty()
    sql(data, rows.map((r) => r.sql).join('\n'))
    if (conf)
        configure(data, conf)
    return data
}
async function serve(data, args = []) {
    const server = await startServer({ data, args })
    ends.push(() => server.stop().catch(() => {}))
    return server
}

// What a gateway was given; `answer(id, times)` is its status, or a function to be called instead of answering.
async function gateway(answer = () => 200) {
    const got = []
    const s = http.createServer((req, res) => {
        let text = ''
        req.on('data', (d) => { text += d })
        req.on('end', () => {
            const m = { ...JSON.parse(text), once: req.headers['idempotency-key'], key: req.headers.authorization }
            got.push(m)
            const status = answer(m, got.filter((g) => g.id === m.id).length)
            if (typeof status === 'function')
                status()
            else
                res.writeHead(status).end('{}')
        })
    })
    await new Promise((r) => s.listen(0, '127.0.0.1', r))
    ends.push(() => { s.closeAllConnections?.(); s.close() })
    return { got, url: `http://127.0.0.1:${s.address().port}/send` }
}

function freePort() {
    return new Promise((r) => {
        const s = http.createServer().listen(0, '127.0.0.1', () => {
            const { port } = s.address()
            s.close(() => r(port))
        })
    })
}

async function mailServer(args = [], tries = 5) {
    const port = await freePort() // the library's own start looks at the port that it was given: 0 will not do
    const child = spawn('/usr/bin/python3', [path.join(root, 'tests/lib/smtp.py'), ...args], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, SMTP_PORT: String(port) } })
    ends.push(() => child.kill('SIGKILL'))
    const got = []
    let ready
    const first = new Promise((r) => { ready = r })
    child.on('exit', () => ready(null)) // somebody else has the port meanwhile
    createInterface({ input: child.stdout }).on('line', (l) => {
        const m = JSON.parse(l)
        m.port ? ready(m.port) : got.push(m)
    })
    const there = await first
    assert.ok(there || tries > 0, 'the mail server does not start')
    return there ? { got, port: there } : mailServer(args, tries - 1)
}

test('a mail server takes them over STARTTLS, with what a reader makes of them; its refusals are final or not', async () => {
    const folder = tempDir('cert'), cert = path.join(folder, 'cert.pem'), key = path.join(folder, 'key.pem')
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' })
    const mail = await mailServer([cert, key, 'asialla', 'secret word'])
    const ics = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@x\r\nSUMMARY:Äiti ja lapsi\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
    const good = row({ way: 'email', to: 'maija@asialla.example', subject: 'Aikasi on siirretty, ole hyvä: ÅÄÖ €', body: 'Hei\n.\nöinen "viesti"', ics })
    const gone = row({ way: 'email', to: 'no-such@asialla.example', subject: 'x' })
    const later = row({ way: 'email', to: 'later@asialla.example', subject: 'x' })
    const content = row({ way: 'email', to: 'content@asialla.example', subject: 'x' })
    const evil = row({ way: 'email', to: 'a@asialla.example\r\nBcc: b@asialla.example', subject: 'x' })
    const smtp = { to: 'smtp', host: 'localhost', port: mail.port, tls: 'starttls', from: 'ei-vastausta@asialla.example', name: 'Esimerkin hyvinvointialue, ÅÄÖ', caFile: cert }
    const data = county([good, gone, later, content, evil])
    configure(data, { email: { ...smtp, userFile: secret(data, 'mail.user', 'asialla\nsecret word\n') } })
    const server = await serve(data)
    await until('five to be tried', () => Object.values(states(data)).every((s) => s.state !== 'waiting' || s.reason))
    const now = states(data)
    assert.equal(now[good.ref].state, 'sent')
    assert.deepEqual([now[gone.ref].state, now[gone.ref].reason], ['failed', 'the mail server answered 550 to the address'])
    assert.deepEqual([now[later.ref].state, now[later.ref].reason], ['waiting', 'the mail server answered 451 to the address'])
    assert.deepEqual([now[content.ref].state, now[content.ref].reason], ['failed', 'the mail server answered 554 to the message'])
    assert.equal(now[evil.ref].state, 'failed')
    await until('the mail server to tell', () => mail.got.length > 0)
    assert.equal(mail.got.length, 1)
    const [m] = mail.got
    assert.deepEqual([m.tls, m.from, m.to, m.defects], [true, 'ei-vastausta@asialla.example', ['maija@asialla.example'], []])
    assert.equal(m.headers.subject, 'Aikasi on siirretty, ole hyvä: ÅÄÖ €')
    assert.equal(m.headers['message-id'], `<${good.ref}@asialla.example>`)
    assert.equal(m.headers['auto-submitted'], 'auto-generated')
    assert.match(m.headers.from, /ÅÄÖ"? <ei-vastausta@asialla\.example>/)
    assert.deepEqual(m.parts.map((p) => [p.type, p.method]), [['text/plain', null], ['text/calendar', 'REQUEST']])
    assert.equal(m.parts[0].text.replaceAll('\r\n', '\n').trim(), 'Hei\n.\nöinen "viesti"')
    assert.equal(m.parts[1].text.replaceAll('\r\n', '\n'), ics.replaceAll('\r\n', '\n'))
    await server.stop()

    // without a certificate that is believed, nothing is sent
    const other = county([row({ way: 'email', to: 'maija@asialla.example', subject: 'x' })])
    configure(other, { email: { ...smtp, caFile: undefined, userFile: secret(other, 'mail.user', 'asialla\nsecret word\n') } })
    const doubting = await serve(other)
    const [state] = await until('a try', () => Object.values(states(other)).filter((s) => s.reason).map((s) => s) && Object.values(states(other)).some((s) => s.reason) && Object.values(states(other)))
    assert.equal(state.state, 'waiting')
    assert.match(state.reason, /^the mail server could not be reached: .*certificate/i)
    assert.equal(mail.got.length, 1)
    await doubting.stop()
})

test('a gateway is told once, and its answers are final or not', async () => {
    const busy = row(), bad = row({ to: '040 1' + '0000' }), there = row(), plain = row({ body: 'Hei "ä"\n' })
    const gw = await gateway((m, times) => m.id === busy.ref ? (times === 1 ? 503 : 200) : m.id === bad.ref ? 400 : m.id === there.ref ? 409 : 202)
    const data = county([busy, bad, there, plain])
    configure(data, { sms: { to: 'gateway', url: gw.url, keyFile: secret(data, 'sms.key', 'the-key\n') } })
    const server = await serve(data)
    await until('four to be told', () => Object.values(states(data)).every((s) => s.state !== 'waiting' || s.reason))
    const now = states(data)
    assert.deepEqual([busy, bad, there, plain].map((r) => now[r.ref].state), ['waiting', 'failed', 'sent', 'sent'])
    assert.equal(now[bad.ref].reason, 'the gateway answered 400')
    const told = gw.got.find((m) => m.id === plain.ref)
    assert.deepEqual(told, { id: plain.ref, to: '0401234567', text: 'Hei "ä"\n', once: plain.ref, key: 'Bearer the-key' })
    const health = await until('figures', async () => {
        const h = JSON.parse((await request(server.url + '/health')).text).outbox
        return h.failed === 1 && h
    })
    assert.deepEqual([health.state, health.sms, health.email], ['not configured', 'gateway', 'none'])
    assert.match((await request(server.url + '/metrics')).text, /^asialla_outbox_failed 1$/m)
    await server.stop()
})

test('a server killed while a gateway has its message: it comes again under the same key, all others once', async () => {
    const rows = Array.from({ length: 8 }, () => row())
    let started, killed = false
    const gw = await gateway((m) => {
        if (killed || m.id !== rows[3].ref)
            return 200
        killed = true
        return () => started.then((s) => s.kill()) // it sends as soon as it can, before we hear that it has started
    })
    const data = county(rows, { sms: { to: 'gateway', url: gw.url } })
    started = startServer({ data })
    await (await started).ended
    if (storeOf(data)) // another server could have them: they wait until the claim has run out
        sql(data, 'UPDATE outbox SET claimed_until = 0 WHERE claim IS NOT NULL')
    const next = await serve(data)
    await until('all', () => Object.values(states(data)).every((s) => s.state === 'sent'))
    const keys = new Set(gw.got.map((m) => m.once))
    assert.equal(keys.size, rows.length, 'who looks at the key takes each once')
    const again = gw.got.length - rows.length
    assert.ok(again >= 1 && again <= 4, `${again} came again: those of the claim that were told of before the kill`)
    await next.stop()
})

test('a gateway whose answer never ends, or that leads elsewhere: its status counts, and nobody gets a message twice', async () => {
    let asked = 0
    const s = http.createServer((req, res) => {
        asked++
        res.on('error', () => {})
        res.writeHead(asked === 1 ? 200 : 302, asked === 1 ? {} : { Location: '/elsewhere' })
        const more = () => { while (!res.destroyed && res.write('x'.repeat(1 << 16))); }
        res.on('drain', more)
        more()
    })
    await new Promise((r) => s.listen(0, '127.0.0.1', r))
    ends.push(() => { s.closeAllConnections(); s.close() })
    const rows = [row(), row()]
    const data = county(rows, { sms: { to: 'gateway', url: `http://127.0.0.1:${s.address().port}/send` } })
    const server = await serve(data)
    await until('both to be tried', () => Object.values(states(data)).every((m) => m.state !== 'waiting' || m.reason))
    const [first, second] = rows.map((m) => states(data)[m.ref])
    assert.deepEqual([first.state, first.tries], ['sent', 1])
    assert.deepEqual([second.state, second.reason], ['waiting', 'the gateway answered 302'])
    assert.equal(asked, 2)
    await server.stop()
})

test('a gateway that hangs keeps no other way from going, nor the server from stopping', async () => {
    const sms = row(), mails = [1, 2].map((i) => row({ way: 'email', to: `a${i}@asialla.example`, subject: 'x' }))
    const gw = await gateway(() => () => {})
    const data = county([sms, ...mails], { sms: { to: 'gateway', url: gw.url }, email: { to: 'folder', folder: tempDir('mails') } })
    const server = await serve(data)
    await until('the gateway to hang', () => gw.got.length === 1)
    await until('the mails', () => mails.every((m) => states(data)[m.ref].state === 'sent'))
    assert.deepEqual([states(data)[sms.ref].state, gw.got.length], ['waiting', 1])
    const began = Date.now()
    await server.stop()
    assert.ok(Date.now() - began < 50_000, 'it waits a minute for an answer, but not when it is to stop')
    assert.deepEqual(states(data)[sms.ref], { state: 'waiting', tries: 0, reason: '' })
})

onPostgres('two servers at once: each message once, without a second try', async () => {
    const rows = Array.from({ length: 400 }, () => row())
    const gw = await gateway()
    const data = county(rows, { sms: { to: 'gateway', url: gw.url } })
    const second = tempDir('second')
    const one = await serve(data)
    mkdirSync(second, { recursive: true })
    writeFileSync(path.join(second, 'key'), readFileSync(path.join(data, 'key')), { mode: 0o600 })
    configure(second, { sms: { to: 'gateway', url: gw.url } })
    const two = await startServer({ data: second, env: { ASIALLA_STORE: storeOf(data) } })
    ends.push(() => two.stop().catch(() => {}))
    await until('all', () => Object.values(states(data)).every((s) => s.state === 'sent'))
    assert.equal(gw.got.length, rows.length)
    assert.equal(new Set(gw.got.map((m) => m.id)).size, rows.length)
    await two.stop()
    await one.stop()
})

test('what is not configured waits and is told; a file with a mistake keeps the server from starting', async () => {
    const data = county([row()])
    const server = await serve(data)
    await until('figures', async () => JSON.parse((await request(server.url + '/health')).text).outbox?.waiting === 1)
    assert.equal(JSON.parse((await request(server.url + '/health')).text).outbox.state, 'not configured')
    await server.stop()
    configure(data, { sms: { to: 'gateway', url: 'http://sms.example/' } })
    await assert.rejects(startServer({ data }), /outbox\.json: sms: url begins with https/)
    configure(data, { sms: { to: 'gateway', url: 'https://sms.example/', keyFile: 'open.key' } })
    writeFileSync(path.join(data, 'open.key'), 'x')
    chmodSync(path.join(data, 'open.key'), 0o644)
    await assert.rejects(startServer({ data }), /everybody may read it/)
})

test('heads print letters, each once, and see to what failed; every look is logged', async () => {
    const letters = [1, 2].map((i) => row({ way: 'letter', to: `Testi ${i}\nKatu ${i}\n01600 Vantaa`, subject: 'Aika on varattu', body: 'Hei\n\nTerveisin' }))
    const failed = row({ state: 'failed' }), told = row({ state: 'failed' })
    const others = row({ state: 'failed', to: '040 999 8888', team: "(SELECT max(t.id) FROM team t WHERE t.id NOT IN (SELECT m.team FROM team_member m JOIN staff s ON s.id = m.staff WHERE s.login = 'head'))" }), nobodys = row({ way: 'letter', to: 'Muu 1\nKatu 1\n01600 Vantaa', team: 'NULL' })
    const out = tempDir('out')
    const data = county([...letters, failed, told, others, nobodys], { sms: { to: 'folder', folder: out }, letter: { to: 'print' } })
    const server = await serve(data)
    const nurse = await staff(server, 'nurse'), head = await staff(server, 'head')
    ends.push(() => { nurse.close(); head.close() })
    await nurse.get('/en/staff/outbox')
    assert.equal(nurse.page.status, 403)
    await head.get('/en/staff/outbox')
    assert.equal(head.page.status, 200)
    assert.ok(!head.page.text.includes('040 123 4567') && head.page.text.includes('…4567'))
    assert.ok(!head.page.text.includes('Testi 1') && !head.page.text.includes('…8888'), 'another team\'s are not told')
    await head.get(`/en/staff/outbox/message/${others.ref}`)
    assert.equal(head.page.status, 404)
    await head.get('/en/staff/outbox')
    await head.submit(/\/outbox\/print$/)
    assert.equal(head.page.path, '/en/staff/outbox/print')
    assert.ok(head.page.text.includes('Testi 1') && head.page.text.includes('Testi 2') && !head.page.text.includes('Muu 1'))
    await head.submit(/\/outbox\/printed$/, { act: 'done' })
    assert.deepEqual(letters.map((l) => states(data)[l.ref].state), ['sent', 'sent'])
    await head.get(`/en/staff/outbox/message/${failed.ref}`)
    assert.ok(head.page.text.includes('040 123 4567'))
    await head.submit(/\/outbox\/message\//, { act: 'retry' })
    await until('the second try', () => states(data)[failed.ref].state === 'sent')
    assert.equal(readdirSync(out).length, 1)
    await head.get(`/en/staff/outbox/message/${told.ref}`)
    await head.submit(/\/outbox\/message\//, { act: 'seen' })
    assert.ok(!head.page.text.includes(told.ref))
    assert.equal(sql(data, "SELECT what FROM outbox_sight ORDER BY id").trim().split('\n').join(' '), 'print print read retry read seen')
    await server.stop()
})
