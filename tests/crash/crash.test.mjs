// kill -9 at random moments under load. What was answered is on disk: after each restart every answered contact opens by its
// code, every answered message is there, the queue knows them, and `verify` finds nothing. What was not answered can be sent
// again, and is then there once. 5 times in ./check, 50 in ./check --long.
import test from 'node:test'
import assert from 'node:assert/strict'
import http from 'node:http'
import { asialla, bareCounty, long, releaseBin, startServer } from '../lib/server.mjs'
import { request, sleep } from '../lib/client.mjs'
import { FORM, codeOf, contactTemplate } from '../lib/people.mjs'

const KILLS = long ? 50 : 5
const CLIENTS = 16
const ARGS = ['--contacts', '0', '--proxy', '127.0.0.1']

let serial = 0
const address = () => `198.${18 + ((++serial >> 16) & 1)}.${(serial >> 8) & 255}.${serial & 255}`

class Load {
    constructor(server, template) {
        this.url = server.url
        this.template = template
        this.agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS })
        this.answered = new Map() // once -> code
        this.open = new Set() // sent, not answered
        this.messages = [] // { code, text }
        this.cut = [] // messages sent, not answered
        this.stopped = false
    }

    async send(path, body, headers = {}) {
        return request(this.url + path, { method: 'POST', body, agent: this.agent, headers: { ...FORM, 'X-Forwarded-For': address(), ...headers } })
    }

    async contact() {
        const once = `crash-${process.pid}-${String(++serial).padStart(14, '0')}`
        this.open.add(once)
        const r = await this.send(this.template.path, this.template.body(once, { 'q.what': `the contact ${once}` }))
        assert.equal(r.status, 200)
        this.answered.set(once, codeOf(r))
        this.open.delete(once)
        return once
    }

    async message(once) {
        const code = this.answered.get(once)
        const opened = await this.send('/en/status', new URLSearchParams({ code }).toString())
        assert.equal(opened.status, 303)
        const cookie = /^[^;]+/.exec(opened.cookies[0])[0]
        const page = await request(this.url + '/en/status/matter', { agent: this.agent, headers: { Cookie: cookie } })
        const token = /name="_token" value="([^"]+)"/.exec(page.text)[1]
        const text = `a message about ${once}`
        this.cut.push({ code, text })
        const r = await this.send('/en/status/matter/message', new URLSearchParams({ _token: token, text }).toString(), { Cookie: cookie })
        assert.equal(r.status, 303)
        this.cut.pop()
        this.messages.push({ code, text })
    }

    async client(n) {
        while (!this.stopped) {
            const once = await this.contact()
            if (n % 4 === 0)
                await this.message(once)
        }
    }

    // Until the server dies under it.
    run() {
        const lost = (e) => { if (!/ECONN|socket hang up|EPIPE|aborted/.test(`${e.code} ${e.message}`)) throw e }
        return Promise.all(Array.from({ length: CLIENTS }, (_, n) => this.client(n).catch(lost))).finally(() => this.agent.destroy())
    }
}

async function inParallel(items, fn) {
    const waiting = [...items]
    await Promise.all(Array.from({ length: CLIENTS }, async () => {
        for (let x = waiting.pop(); x; x = waiting.pop())
            await fn(x)
    }))
}

async function everythingIsThere(server, load) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS })
    const post = (path, body) => request(server.url + path, { method: 'POST', body, agent, headers: { ...FORM, 'X-Forwarded-For': address() } })
    const open = async (code) => {
        const r = await post('/en/status', new URLSearchParams({ code }).toString())
        assert.equal(r.status, 303, `the answered contact ${code} is not there`)
        return /^[^;]+/.exec(r.cookies[0])[0]
    }
    await inParallel(load.answered.values(), open)
    await inParallel(load.messages, async ({ code, text }) => {
        const page = await request(server.url + '/en/status/matter', { agent, headers: { Cookie: await open(code) } })
        assert.ok(page.text.includes(text), `an answered message of ${code} is not there`)
    })
    for (const once of load.open) {
        const body = load.template.body(once, { 'q.what': `the contact ${once}` })
        const first = await post(load.template.path, body)
        const second = await post(load.template.path, body)
        assert.deepEqual([first.status, second.status], [200, 200])
        assert.equal(codeOf(first), codeOf(second))
    }
    agent.destroy()
}

const count = (data, what) => Number(new RegExp(`(\\d+) ${what}`).exec(asialla(['verify', '--data', data], { using: releaseBin }).out)[1])

test(`${KILLS} times kill -9 under ${CLIENTS} clients: every answered write is there`, async (t) => {
    const data = bareCounty()
    let sent = 0
    let answered = 0
    let unanswered = 0
    for (let i = 0; i < KILLS; i++) {
        const server = await startServer({ data, args: ARGS, using: releaseBin })
        const load = new Load(server, await contactTemplate(server))
        const running = load.run()
        await sleep(80 + Math.random() * 500)
        await server.kill()
        load.stopped = true
        await running
        answered += load.answered.size + load.messages.length
        unanswered += load.open.size
        sent += load.answered.size + load.open.size
        const r = asialla(['verify', '--data', data], { using: releaseBin })
        assert.equal(r.status, 0, `after kill ${i + 1}: ${r.out}${r.err}`)
        const again = await startServer({ data, args: ARGS, using: releaseBin })
        await everythingIsThere(again, load)
        await again.stop()
        assert.equal(count(data, 'matters'), sent, 'a contact is there twice, or one that nobody sent')
    }
    assert.ok(answered > KILLS * 20, `only ${answered} answered writes`)
    t.diagnostic(`${KILLS} kills: ${answered} answered writes found again, ${unanswered} cut off and sent again`)
    const r = asialla(['verify', '--data', data], { using: releaseBin })
    assert.equal(r.status, 0, r.out + r.err)
})

test('killed in the middle of starting, again and again, it starts the next time', async () => {
    const data = bareCounty()
    for (let i = 0; i < (long ? 30 : 6); i++) {
        const server = startServer({ data, args: ARGS, using: releaseBin }).catch(() => null)
        await sleep(i * 4)
        const s = await server
        await s?.kill()
    }
    const server = await startServer({ data, args: ARGS, using: releaseBin })
    await server.stop()
    assert.equal(asialla(['verify', '--data', data], { using: releaseBin }).status, 0)
})
