// load.mjs: many residents at once, who remember what they were told, and the questions asked afterwards: is everything there
// that was answered, is nothing there twice, is nothing there that was refused.
//
// A contact has one of four ends: answered (200 and a code), refused (503: "Nothing was saved"), unsure (503: "We do not know
// whether this was saved"), cut (the connection ended). Whoever is not answered waits a moment and sends the same again, or,
// every other one, gives up; so that what was refused for good can be looked for.
import http from 'node:http'
import assert from 'node:assert/strict'
import { request, sleep } from './client.mjs'
import { FORM, codeOf } from './people.mjs'
import { engine } from './server.mjs'

const CUT = /ECONN|EPIPE|socket hang up|aborted/
const UNSURE = 'We do not know whether this was saved.'
const NOT_SAVED = 'Nothing was saved.'

let serial = 0
// An address of its own for each request, believed where the server was given --proxy: the limits are not what is tried here.
export const address = () => `198.${18 + ((++serial >> 16) & 1)}.${(serial >> 8) & 255}.${serial & 255}`

// What servers under load are started with.
export const NO_LIMITS = ['--contacts', '0', '--proxy', '127.0.0.1']

export const newOnce = (name = 'load') => `${name}-${process.pid}-${String(++serial).padStart(16, '0')}`

// One contact (people.mjs: contactTemplate()), as if from a place of its own.
export const sendContact = (server, template, once = newOnce(), more = {}) =>
    request(server.url + template.path, { method: 'POST', headers: { ...FORM, 'X-Forwarded-For': address() }, body: template.body(once, more) })

// The same, until it is told as saved: a database that is busy may refuse some time. Whatever was sent more than once is there
// once.
export async function sendSurely(server, template, once = newOnce(), more = {}) {
    for (let i = 0; ; i++) {
        const r = await sendContact(server, template, once, more)
        if (r.status !== 503 || i === 30)
            return r
        await sleep(200)
    }
}

async function inParallel(items, fn, clients = 16) {
    const waiting = [...items]
    await Promise.all(Array.from({ length: clients }, async () => {
        for (let x = waiting.pop(); x !== undefined; x = waiting.pop())
            await fn(x)
    }))
}

export class Load {
    // again: after a refusal, and after a cut, the client goes on (with another server, where there are several). Else a cut
    // ends it, and a refusal is a failure on SQLite, which has nobody to wait for. rest: ms from an answer to the next contact.
    constructor(servers, template, { clients = 16, again = false, rest = 0, name = 'crash' } = {}) {
        Object.assign(this, { urls: [servers].flat().map((s) => s.url), template, clients, again, rest, name })
        this.agent = new http.Agent({ keepAlive: true, maxSockets: clients })
        this.answered = new Map() // once -> code
        this.refused = new Set() // given up after "Nothing was saved"
        this.open = new Set() // sent, and cut off or unsure
        this.messages = [] // { code, text }
        this.times = [] // { at, ms, end } of each sending
        this.stopped = false
        this.begun = 0
    }

    url(n) {
        return this.urls[n % this.urls.length]
    }

    send(url, path, body, headers = {}) {
        return request(url + path, { method: 'POST', body, agent: this.agent, headers: { ...FORM, 'X-Forwarded-For': address(), ...headers } })
    }

    body(once) {
        return this.template.body(once, { 'q.what': `the contact ${once}` })
    }

    // One sending: 'answered', 'refused', 'unsure' or 'cut'.
    async sending(url, once) {
        const at = Date.now()
        const told = (end) => { this.times.push({ at, ms: Date.now() - at, end }); return end }
        let r
        try {
            r = await this.send(url, this.template.path, this.body(once))
        } catch (e) {
            if (!CUT.test(`${e.code} ${e.message}`))
                throw e
            return told('cut')
        }
        if (r.status === 200) {
            this.answered.set(once, codeOf(r))
            return told('answered')
        }
        assert.equal(r.status, 503)
        assert.match(r.headers['retry-after'] ?? '', /^\d+$/, 'a 503 without Retry-After')
        assert.ok(r.text.includes(UNSURE) || r.text.includes(NOT_SAVED), 'a 503 that does not say what became of the contact')
        return told(r.text.includes(UNSURE) ? 'unsure' : 'refused')
    }

    // Until it is answered, given up, or the load is stopped. True: answered.
    async contact(n) {
        const once = newOnce(this.name)
        const givesUp = ++this.begun % 2 === 0
        let doubtful = false
        for (;; n++) {
            this.open.add(once)
            const end = await this.sending(this.url(n), once)
            if (end === 'answered') {
                this.open.delete(once)
                return once
            }
            if (!this.again && end === 'cut')
                return null
            assert.ok(this.again || engine === 'postgresql', end)
            if (this.again && givesUp || this.stopped) {
                if (end === 'refused' && !doubtful) {
                    this.open.delete(once)
                    this.refused.add(once)
                }
                await sleep(100)
                return null
            }
            doubtful ||= end !== 'refused' // an earlier try may be there although a later one was refused
            await sleep(100 + Math.random() * 100)
        }
    }

    async message(url, once) {
        const code = this.answered.get(once)
        const opened = await this.send(url, '/en/status', new URLSearchParams({ code }).toString())
        if (opened.status === 503 && engine === 'postgresql')
            return
        assert.equal(opened.status, 303)
        const cookie = /^[^;]+/.exec(opened.cookies[0])[0]
        const page = await request(url + '/en/status/matter', { agent: this.agent, headers: { Cookie: cookie } })
        const token = /name="_token" value="([^"]+)"/.exec(page.text)[1]
        const text = `a message about ${once}`
        const r = await this.send(url, '/en/status/matter/message', new URLSearchParams({ _token: token, text }).toString(), { Cookie: cookie })
        if (r.status === 503 && engine === 'postgresql')
            return
        assert.equal(r.status, 303)
        this.messages.push({ code, text })
    }

    async client(n) {
        while (!this.stopped) {
            const once = await this.contact(n)
            if (!once && !this.again)
                return
            if (once && !this.again && n % 4 === 0)
                await this.message(this.url(n), once)
            if (once && this.rest)
                await sleep(this.rest)
        }
    }

    // Until it is stopped, or the server dies under it.
    run() {
        const lost = (e) => { if (this.again || !CUT.test(`${e.code} ${e.message}`)) { this.stopped = true; throw e } }
        return Promise.all(Array.from({ length: this.clients }, (_, n) => this.client(n).catch(lost))).finally(() => this.agent.destroy())
    }

    // ---- afterwards ----

    // Every answered contact opens by its code (`most` of them, where somebody has looked into the store), every answered message
    // is there. What was not answered can be sent again, and is then there once.
    async everythingIsThere(server, { resend = true, most = Infinity } = {}) {
        const agent = new http.Agent({ keepAlive: true, maxSockets: this.clients })
        const send = (path, body) => request(server.url + path, { method: 'POST', body, agent, headers: { ...FORM, 'X-Forwarded-For': address() } })
        // Right after trouble a connection that nobody has used since can be gone: who is told that nothing was saved sends again.
        const post = async (path, body, left = 30) => {
            const r = await send(path, body)
            return r.status !== 503 || !left ? r : sleep(200).then(() => post(path, body, left - 1))
        }
        const open = async (code) => {
            const r = await post('/en/status', new URLSearchParams({ code }).toString())
            assert.equal(r.status, 303, `the answered contact ${code} is not there`)
            return /^[^;]+/.exec(r.cookies[0])[0]
        }
        const codes = [...this.answered.values()]
        const step = Math.max(1, codes.length / most)
        await inParallel(codes.filter((_, i) => i % step < 1), open)
        await inParallel(this.messages, async ({ code, text }) => {
            const page = await request(server.url + '/en/status/matter', { agent, headers: { Cookie: await open(code) } })
            assert.ok(page.text.includes(text), `an answered message of ${code} is not there`)
        })
        for (const once of resend ? this.open : []) {
            const first = await post(this.template.path, this.body(once))
            const second = await post(this.template.path, this.body(once))
            assert.deepEqual([first.status, second.status], [200, 200])
            assert.equal(codeOf(first), codeOf(second))
        }
        agent.destroy()
    }

    // The longest time from a sending that was not answered to the next moment at which one was; ms.
    get outage() {
        const sorted = [...this.times].sort((a, b) => a.at + a.ms - b.at - b.ms)
        let longest = 0
        let since = null
        for (const t of sorted) {
            if (t.end === 'answered') {
                longest = Math.max(longest, since === null ? 0 : t.at + t.ms - since)
                since = null
            } else {
                since ??= t.at + t.ms
            }
        }
        return longest
    }

    // The longest pause between two answers, ms: what waits and succeeds is seen here.
    get pause() {
        const ends = this.times.filter((t) => t.end === 'answered').map((t) => t.at + t.ms).sort((a, b) => a - b)
        return Math.max(0, ...ends.slice(1).map((t, i) => t - ends[i]))
    }

    get slowest() {
        return Math.max(0, ...this.times.map((t) => t.ms))
    }

    count(end) {
        return this.times.filter((t) => t.end === end).length
    }
}
