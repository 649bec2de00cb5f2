// Chat, the resident's side and what holds between both: order, each message once, a killed server, two who take at once,
// closed and full channels, who it is, being called, the end.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { bareCounty, startServer } from '../lib/server.mjs'
import { Visitor, listen, sleep } from '../lib/client.mjs'
import { NO_LIMITS as ARGS } from '../lib/load.mjs'
import { codeOf, openByCode, makeContact, staff } from '../lib/people.mjs'
import { channels, importChannels, lines, once, read, refs, say, startChat, take } from '../lib/chat.mjs'

let data, server
const visitors = []
const visitor = (options) => {
    const v = new Visitor(server, options)
    visitors.push(v)
    return v
}
const professional = async (login) => {
    const v = await staff(server, login)
    visitors.push(v)
    return v
}

// The settings are taken in while nobody serves the folder.
async function settle(settings) {
    await server.stop()
    const r = importChannels(data, settings)
    server = await startServer({ data, args: ARGS })
    return r
}

before(async () => {
    data = bareCounty()
    const r = importChannels(data)
    assert.equal(r.status, 0, r.err)
    server = await startServer({ data, args: ARGS })
})

after(async () => {
    visitors.forEach((v) => v.close())
    await server?.stop()
})

test('somebody starts without telling who they are, reads their place, and is answered', async () => {
    const v = visitor()
    await v.get('/en/chat')
    assert.match(v.page.text, /Channel health/)
    assert.match(v.page.text, /Open now/)
    await startChat(v, { text: 'I have <b>had</b> a cough & fever.' })
    assert.equal(v.page.path, '/en/chat/talk')
    assert.match(v.page.text, /You are next in line\./)
    assert.match(v.page.text, /Too few have been answered today/)
    let now = await read(v)
    assert.deepEqual(now.lines.map((l) => [l.seq, l.own, l.text]), [[1, true, 'I have &lt;b&gt;had&lt;/b&gt; a cough &amp; fever.']])

    const nurse = await professional('nurse')
    await nurse.get('/en/staff/chat')
    const [ref] = refs(nurse.page)
    assert.ok(ref, 'the desk shows who waits')
    await take(nurse, nurse.page.token, ref)
    now = await read(v, 1)
    assert.match(now.text, /Noora Nurse answers you\./)
    await nurse.get(`/en/staff/chat/${ref}`)
    await nurse.post(`/en/staff/chat/${ref}`, { _token: nurse.page.token, act: 'say', once: once(), text: 'How high is the fever?' })
    now = await read(v, now.seq)
    assert.deepEqual(now.lines.map((l) => [l.own, l.text]), [[false, 'How high is the fever?']])

    await v.get('/en/chat/talk')
    await v.submit(/\/talk\/end$/)
    assert.match(v.page.text, /The conversation has ended\./)
    await v.submit(/\/talk\/judge$/, { good: '5' })
    assert.match(v.page.text, /Thank you for telling us\./)
    await v.submit(/\/talk\/forget$/)
    assert.equal(v.page.path, '/en/chat')
    assert.equal(v.jar.size, 0)
})

test('a form sent twice is one conversation, a message sent five times at once is one message', async () => {
    const v = visitor()
    await v.get('/en/chat/to/advice')
    const f = v.page.form(/\/chat\/to\//)
    const fields = { once: Object.fromEntries(f.fields).once, text: 'Once, please.' }
    await v.post('/en/chat/to/advice', fields)
    const first = visitor()
    await first.post('/en/chat/to/advice', fields)
    assert.equal((await read(first)).lines.length, 1)
    const thief = visitor()
    await thief.post('/en/chat/to/advice', { once: fields.once, text: 'What did they write?' })
    assert.doesNotMatch((await read(thief)).text, /Once, please/, 'the value alone opens nobody else\'s conversation')
    await thief.get('/en/chat/talk')
    await thief.submit(/\/talk\/end$/)
    const token = v.page.token
    const same = once()
    const others = Array.from({ length: 5 }, () => { const o = visitor(); o.jar = new Map(v.jar); return o })
    const answers = await Promise.all(others.map((o) => say(o, token, same, 'The same', 1)))
    assert.deepEqual(answers.map((a) => a.status), [200, 200, 200, 200, 200])
    assert.equal((await read(v)).lines.filter((l) => l.text === 'The same').length, 1)
    await v.get('/en/chat/talk')
    await v.submit(/\/talk\/end$/)
})

test('messages of both, written at the same time, stand in one order for both, without a gap', async () => {
    const v = visitor()
    await startChat(v)
    const token = v.page.token
    const nurse = await professional('nurse')
    await nurse.get('/en/staff/chat')
    const [ref] = refs(nurse.page)
    await take(nurse, nurse.page.token, ref)
    await nurse.get(`/en/staff/chat/${ref}`)
    const theirs = nurse.page.token
    const own = visitor()
    own.jar = new Map(v.jar)
    const mine = async () => { for (let i = 0; i < 12; i++) assert.equal((await say(own, token, once(), `r${i}`)).status, 200) }
    const answer = async () => {
        for (let i = 0; i < 12; i++)
            await nurse.post(`/en/staff/chat/${ref}`, { _token: theirs, act: 'say', once: once(), text: `n${i}` }, { follow: false })
    }
    await Promise.all([mine(), answer()])
    const seen = (await read(v)).lines
    assert.deepEqual(seen.map((l) => l.seq), seen.map((l, i) => i + 1))
    const of = (letter) => seen.map((l) => l.text).filter((t) => new RegExp(`^${letter}\\d+$`).test(t))
    assert.deepEqual(of('r'), Array.from({ length: 12 }, (_, i) => `r${i}`))
    assert.deepEqual(of('n'), Array.from({ length: 12 }, (_, i) => `n${i}`))
    await v.get('/en/chat/talk')
    await v.submit(/\/talk\/end$/)
})

test('two who take one conversation at the same moment: exactly one has it', async () => {
    const crowd = await Promise.all(['racer0', 'racer1', 'racer2'].map(professional))
    for (let i = 0; i < 3; i++) {
        const v = visitor()
        await startChat(v, { channel: 'advice' })
        await Promise.all(crowd.map((w) => w.get('/en/staff/chat')))
        const [ref] = refs(crowd[0].page).filter((r) => refs(crowd[1].page).includes(r) && refs(crowd[2].page).includes(r))
        await Promise.all(crowd.map((w) => take(w, w.page.token, ref)))
        assert.equal((await read(v)).lines.filter((l) => /answers you/.test(l.text)).length, 1)
        await v.get('/en/chat/talk')
        await v.submit(/\/talk\/end$/)
    }
})

test('a server that is killed loses no message that it answered, and the numbers go on', async () => {
    const v = visitor()
    await startChat(v, { channel: 'advice' })
    const token = v.page.token
    const answered = []
    for (let round = 0; round < 3; round++) {
        let killed = null
        for (let i = 0; ; i++) {
            const text = `round ${round} message ${i}`
            const said = say(v, token, `${text} padded to be long`, text).catch(() => null)
            if (i >= 3 + round)
                killed ??= sleep(2 * round).then(() => server.kill())
            const a = await said
            if (a?.status !== 200)
                break
            answered.push(text)
        }
        await killed
        server = await startServer({ data, args: ARGS })
        v.base = server.url
    }
    const seen = (await read(v)).lines
    assert.deepEqual(seen.map((l) => l.seq), seen.map((_, i) => i + 1))
    for (const text of answered)
        assert.equal(seen.filter((l) => l.text === text).length, 1, `${text} is there once`)
    const again = seen.length
    for (const text of answered.slice(-3))
        assert.equal((await say(v, token, `${text} padded to be long`, text)).status, 200)
    assert.equal((await read(v)).lines.length, again, 'what is sent again is there already')
    assert.ok(answered.length >= 3 + 4 + 5)
})

test('the stream tells within a second, and a page that was away asks for what it missed', async () => {
    const v = visitor()
    await startChat(v, { channel: 'advice' })
    const token = v.page.token
    const stream = await listen(`${server.url}/en/chat/talk/live`, { Cookie: v.cookie })
    assert.equal(stream.headers['content-type'], 'text/event-stream')
    const other = visitor()
    other.jar = new Map(v.jar)
    const took = []
    for (let i = 0; i < 10 && !(Math.min(...took) < 1000); i++) { // at best of ten: a busy machine takes its time, a poll always does
        stream.text = ''
        await say(other, token, once(), 'Heard?')
        const committed = Date.now()
        await stream.until(/event: change/)
        took.push(Date.now() - committed)
    }
    assert.ok(Math.min(...took) < 1000, `told after ${took.join(' and ')} ms`)
    stream.close()
    assert.equal((await read(v, 1)).lines[0].text, 'Heard?')
})

test('without a script the messages stand in a frame that refreshes, and only our pages may hold it', async () => {
    const v = visitor()
    await startChat(v, { channel: 'advice' })
    assert.match(v.page.text, /<iframe[^>]*src="\/en\/chat\/talk\/log#end"/)
    assert.match(v.page.headers['content-security-policy'], /frame-src 'self'/)
    assert.match(v.page.headers['content-security-policy'], /frame-ancestors 'none'/)
    await v.get('/en/chat/talk/log')
    assert.equal(v.page.headers.refresh, '10')
    assert.match(v.page.headers['content-security-policy'], /frame-ancestors 'self'/)
    assert.equal(lines(v.page.text).length, 1)
    await v.get('/en/chat/talk/log?still=1')
    assert.equal(v.page.headers.refresh, undefined)
    await v.get('/en/chat/talk')
    await v.submit(/\/talk\/say$/, { text: '' })
    assert.equal(v.page.status, 422)
    assert.match(v.page.text, /Write a message\./)
    await v.submit(/\/talk\/say$/, { text: 'x'.repeat(2001) })
    assert.equal(v.page.status, 422)
    assert.match(v.page.text, /x{2001}/) // what was typed comes back
    await v.submit(/\/talk\/say$/, { text: 'Short' })
    assert.equal(lines((await v.get('/en/chat/talk/log')).text).length, 2)
})

test('a cookie opens its own conversation and no other; without one, the channels', async () => {
    const v = visitor()
    await v.get('/en/chat/talk', { follow: false })
    assert.equal(v.page.headers.location, '/en/chat')
    assert.equal((await v.get('/en/chat/talk/after?seq=0', { follow: false })).status, 303)
    const a = await v.post('/en/chat/talk/say', { text: 'x', once: once() }, { follow: false })
    assert.equal(a.status, 401)
    await startChat(v, { channel: 'advice' })
    const no = await v.post('/en/chat/talk/say', { text: 'forged', once: once(), _token: 'x' }, { follow: false })
    assert.equal(no.status, 403)
})

test('words of crisis show where to call, above', async () => {
    const v = visitor()
    await startChat(v, { channel: 'advice', text: 'I want to kill myself' })
    assert.match(v.page.text, /id="crisis-h"/)
})

test('who it is: told inside, a receipt code joins the earlier matter, another register is refused', async () => {
    const v = visitor()
    const code = await makeContact(visitor(), { form: 'other' })
    await startChat(v, { channel: 'advice' })
    await v.submit(/\/talk\/who$/, { name: 'Maija Meikäläinen', born: '31.2.1980' })
    assert.equal(v.page.status, 422)
    assert.match(v.page.text, /value="Maija Meikäläinen"/)
    await v.submit(/\/talk\/who$/, { name: 'Maija Meikäläinen', born: '24.11.1980', phone: '040 123 4567', code: '7K2M-Q4RD-9XWA3' })
    assert.match(v.page.text, /No matter has this code/)
    await v.submit(/\/talk\/who$/, { name: 'Maija Meikäläinen', born: '24.11.1980', phone: '040 123 4567', code })
    assert.equal(v.page.status, 200)
    const told = (await read(v)).lines.map((l) => l.text).join('\n')
    assert.match(told, /joined to a matter of yours/)
    assert.match(told, /Maija Meikäläinen, 24 November 1980, 040 123 4567/)
    const other = visitor()
    await startChat(other, { channel: 'health' })
    await other.submit(/\/talk\/who$/, { code })
    assert.equal(other.page.status, 422)
    assert.match(other.page.text, /another client register/)
})

test('who would rather be called gets a matter with a promise and a receipt code', async () => {
    const v = visitor()
    await startChat(v, { channel: 'health', text: 'Please call me about my knee.' })
    await v.submit((f) => /\/talk\/call$/.test(f.action), { call: 'abc' }, { button: ['way', 'call'] })
    assert.equal(v.page.status, 422)
    await v.submit((f) => /\/talk\/call$/.test(f.action), { call: '040 765 4321' }, { button: ['way', 'call'] })
    assert.match(v.page.text, /We call you\./)
    const code = codeOf(v.page)
    const status = visitor()
    await openByCode(status, code)
    assert.match(status.page.text, /Please call me about my knee\./)
    await v.get('/en/chat/talk')
    assert.equal(codeOf(v.page), code)
})

test('mistakes in the settings are named, and nothing is changed; a closed channel says when it opens and the other ways', async () => {
    const bad = channels({ atOnce: 0 })
    const r = await settle(bad)
    assert.equal(r.status, 1)
    assert.match(r.err, /channels\[0\]\.atOnce: wants a number from 1 to 20\. Nothing was changed/)
    const day = ['Su', 'Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa'][(new Date().getDay() + 3) % 7]
    const hour = (new Date().getUTCHours() + 12) % 24 // far from now, on a public holiday, too
    const open = `${String(hour).padStart(2, '0')}:00-${String(hour).padStart(2, '0')}:30`
    assert.equal((await settle(channels({ hours: `${day} ${open}; PH ${open}` }))).status, 0)
    const v = visitor()
    await v.get('/en/chat/to/health')
    assert.match(v.page.text, /Closed now/)
    assert.match(v.page.text, /opens /)
    assert.match(v.page.text, /href="\/en\/contact\/health"/)
    assert.match(v.page.text, /09 000 0001/)
    await v.post('/en/chat/to/health', { text: 'Nobody is lost', once: once() })
    assert.equal(v.page.status, 409)
    assert.match(v.page.text, /Nobody is lost/)
    assert.equal((await settle(channels({ queueMost: 50 }))).status, 0)
    const last = visitor()
    await startChat(last, { channel: 'health' })
    assert.match(last.page.text, /number 2 in the line/) // one of the tests before waits yet
    assert.equal((await settle(channels({ queueMost: 2 }))).status, 0)
    const one = visitor()
    await one.post('/en/chat/to/health', { text: 'Me too', once: once() })
    assert.equal(one.page.status, 409)
    assert.match(one.page.text, /So many are waiting/)
})
