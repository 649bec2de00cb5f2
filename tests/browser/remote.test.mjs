// A remote visit in two and three browsers with fake cameras that really exchange picture and sound: decoded frames, packets of
// sound and the pictures' own clocks go on at each side. The waiting room, a side that reloads, a third person, text beside it,
// signals that are lost, another device, a browser that refuses the camera, a relay, no scripts.
import test, { after, afterEach, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import os from 'node:os'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Visitor } from '../lib/client.mjs'
import { staff as signedIn } from '../lib/people.mjs'
import { PASSWORD, startServer, writeTemp } from '../lib/server.mjs'
import { Window, openBrowser, validate } from '../lib/browser.mjs'
import { countyOfVisits, makeLink } from '../lib/visits.mjs'

const FLAGS = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream=fps=5', '--disable-features=WebRtcHideLocalIpsWithMdns',
    '--autoplay-policy=no-user-gesture-required']
const VISITS = ['pair', 'three', 'astray', 'deaf', 'relay']
const SECRET = 'a shared secret of the tests'
const TURN_PORT = 19400

let county, server, session, maker
const refs = {}
const windows = [], findings = []
before(async () => {
    county = await countyOfVisits(VISITS.map(() => 5))
    VISITS.forEach((name, i) => { refs[name] = county.refs[i] })
    server = await startServer({ data: county.data, args: ['--contacts', '0'] })
    session = await openBrowser('remote', { flags: FLAGS })
    maker = await signedIn(server, 'worker')
})
afterEach(async () => {
    await Promise.all(windows.splice(0).map((w) => { findings.push(...w.findings); return w.close() }))
})
after(async () => {
    maker?.close()
    await session?.browser.close()
    await server.stop()
})

// Keeps the connections that the page makes, to ask them how much has come; and says how they may go.
const watch = (policy) => {
    window.connections = []
    const Real = window.RTCPeerConnection
    window.RTCPeerConnection = function (conf) {
        const pc = new Real({ ...conf, ...(policy ? { iceTransportPolicy: policy } : {}) })
        window.connections.push(pc)
        return pc
    }
    window.RTCPeerConnection.prototype = Real.prototype
}

async function open({ lang = 'en', width = 1280, js = true, tag = '', policy = '', on = server, before = null } = {}) {
    const w = await Window.open(session, { server: on, lang, width, js, tag: tag || 'visit' })
    windows.push(w)
    if (js)
        await w.page.addInitScript(watch, policy)
    if (js && before)
        await w.page.addInitScript(before)
    return w
}
const press = (w, id) => w.page.locator(`#visit-${id}`).click()
const state = (w) => w.page.locator('#visit-state').innerText()
async function told(w, text) {
    await w.page.waitForFunction((t) => document.getElementById('visit-state').textContent.includes(t), text)
}

async function professional(ref, options = {}) {
    const w = await open({ tag: 'visit-staff', ...options })
    await w.goto(`/en/sign-in?next=/en/staff/visit/${ref}`)
    await w.page.locator('input[name=user]').fill('worker')
    await w.page.locator('input[name=password]').fill(PASSWORD)
    await Promise.all([w.page.waitForEvent('load'), w.page.locator('main form button').first().click()])
    return w
}
async function goIn(w) {
    await w.leads('visit-ready', () => w.page.locator('main form[action$="/join"] button').click())
    await press(w, 'join')
    await w.page.locator('#visit-people').getByText('(You)').waitFor()
}
// By a link, to the waiting room.
async function comes(path, options) {
    const w = await open(options)
    await w.goto(path)
    await Promise.all([w.page.waitForEvent('load'), w.page.locator('main form button').click()])
    return w
}
async function letIn(staff, name) {
    const li = staff.page.locator('#visit-people li', { hasText: name })
    await li.locator('button.button').click()
}

// What has come at that side, a connection each.
const counts = (w) => w.page.evaluate(async () => Promise.all(window.connections.filter((pc) => pc.connectionState === 'connected').map(async (pc) => {
    const got = { frames: 0, packets: 0, way: '' }
    const stats = [...(await pc.getStats()).values()], of = (id) => stats.find((x) => x.id === id)
    for (const s of stats) {
        if (s.type === 'inbound-rtp' && s.kind === 'video')
            got.frames += s.framesDecoded ?? 0
        if (s.type === 'inbound-rtp' && s.kind === 'audio')
            got.packets += s.packetsReceived ?? 0
        if (s.type === 'transport')
            got.way = of(of(s.selectedCandidatePairId)?.localCandidateId)?.candidateType ?? ''
    }
    return got
})))
const clocks = (w) => w.page.evaluate(() => [...document.querySelectorAll('.visit__tile:not(.visit__tile--own) video')].map((v) => v.currentTime))

// Picture and sound of so many others go on at that side.
async function flows(w, others, { sound = true, picture = true } = {}) {
    const until = Date.now() + 90_000
    let a, b, ta, tb
    for (;;) {
        [a, ta] = [await counts(w), await clocks(w)]
        await new Promise((r) => setTimeout(r, 600))
        ;[b, tb] = [await counts(w), await clocks(w)]
        const grows = a.length === others && b.length === others && b.every((x, i) => (!picture || x.frames > a[i].frames) && (!sound || x.packets > a[i].packets))
        if (grows && tb.length === others && (!picture || tb.every((t, i) => t > ta[i])))
            return b
        if (Date.now() > until)
            assert.fail(`${w.tag}: no media of ${others}: ${JSON.stringify({ a, b, ta, tb })}: ${await state(w)}`)
    }
}

test('two meet: device check, waiting room, let in, picture and sound both ways; one reloads, then the other; text; the end', async () => {
    const staff = await professional(refs.pair)
    await staff.look('visit-staff')
    const link = await makeLink(maker, refs.pair)
    const resident = await comes(link, { width: 360 })
    await resident.look('visit-check')
    await press(resident, 'try')
    await told(resident, 'Camera and microphone work')
    await resident.page.waitForFunction(() => document.getElementById('visit-level').value > 0)
    await resident.page.locator('#visit-join').focus()
    await resident.page.keyboard.press('Enter')
    await told(resident, 'The professional is not here yet')
    await staff.page.waitForFunction(() => document.getElementById('guests').textContent.includes('waiting to be let in'))
    await goIn(staff)
    await told(resident, 'The professional knows that you are here')
    assert.deepEqual(await resident.page.locator('#visit-tiles .visit__tile').count(), 1, 'who waits sees nobody')
    await letIn(staff, 'Maija')
    await Promise.all([flows(staff, 1), flows(resident, 1)])
    await resident.look('visit-room')
    await staff.look('visit-room-staff')

    for (const w of [resident, staff]) {
        await w.page.reload({ waitUntil: 'load' })
        await Promise.all([flows(staff, 1), flows(resident, 1)])
    }
    await resident.page.locator('#visit-text').fill('Kuuluuko <b>nyt</b>?')
    await resident.page.keyboard.press('Enter')
    await staff.page.locator('#visit-texts', { hasText: 'Kuuluuko <b>nyt</b>?' }).waitFor()
    await press(resident, 'mute')
    await staff.page.locator('.visit__media', { hasText: 'microphone off' }).waitFor()

    const other = await open()
    await other.goto(link)
    assert.match(await other.text(), /used on another device/)
    await press(resident, 'leave')
    await told(resident, 'You have left')
    await told(staff, 'has left')
    await press(resident, 'back')
    await told(resident, 'waiting room')
    await letIn(staff, 'Maija')
    await Promise.all([flows(staff, 1), flows(resident, 1)])
    await press(staff, 'end')
    await told(resident, 'The professional has ended the visit')
})

test('three meet, each sees both others; the third leaves', async () => {
    const staff = await professional(refs.three)
    await goIn(staff)
    const resident = await comes(await makeLink(maker, refs.three)), interpreter = await comes(await makeLink(maker, refs.three, 'interpreter', 'Tuija Tulkki'), { tag: 'visit-third' })
    for (const [w, name] of [[resident, 'Maija'], [interpreter, 'Tuija']]) {
        await press(w, 'join')
        await letIn(staff, name)
    }
    await Promise.all([staff, resident, interpreter].map((w) => flows(w, 2)))
    assert.match(await resident.text('#visit-people'), /Tuija Tulkki \(Interpreter\)/)
    await resident.page.reload({ waitUntil: 'load' })
    await Promise.all([staff, resident, interpreter].map((w) => flows(w, 2)))
    await press(interpreter, 'leave')
    await Promise.all([staff, resident].map((w) => flows(w, 1)))
})

test('what was said to make a connection is lost, at both sides: it is made anew', async () => {
    const staff = await professional(refs.astray)
    await goIn(staff)
    const resident = await comes(await makeLink(maker, refs.astray))
    const lost = []
    for (const w of [staff, resident])
        await w.page.route('**/signal', (route) => {
            if (lost.filter((x) => x === w).length === 1)
                return route.continue()
            lost.push(w)
            return route.fulfill({ json: {} })
        })
    await press(resident, 'join')
    await letIn(staff, 'Maija')
    await Promise.all([flows(staff, 1), flows(resident, 1)])
    assert.ok(lost.includes(staff) && lost.includes(resident), 'nothing was lost')
    for (const w of [staff, resident])
        assert.equal(await w.page.evaluate(() => window.connections.filter((pc) => pc.connectionState !== 'closed').length), 1, 'those given up are closed')
})

test('a browser that refuses camera and microphone says what to do, and who only listens hears and sees', async () => {
    const staff = await professional(refs.deaf)
    await goIn(staff)
    const resident = await comes(await makeLink(maker, refs.deaf), {
        before: () => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError')) },
    })
    await press(resident, 'join')
    await told(resident, 'The browser did not allow it')
    await press(resident, 'join')
    await letIn(staff, 'Maija')
    await flows(resident, 1)
    await staff.page.locator('.visit__media', { hasText: 'no picture' }).waitFor()
})

test('by a relay alone (coturn), with a name and password for an hour', async (t) => {
    const address = Object.values(os.networkInterfaces()).flat().find((i) => i.family === 'IPv4' && !i.internal)?.address
    if (!existsSync('/usr/bin/turnserver') || !address)
        return t.skip('no coturn, or no network')
    const relay = spawn('/usr/bin/turnserver', ['-n', '--listening-ip', address, '--relay-ip', address, '--listening-port', String(TURN_PORT),
        '--min-port', String(TURN_PORT + 1), '--max-port', String(TURN_PORT + 19), '--use-auth-secret', '--static-auth-secret', SECRET, '--realm', 'asialla.example',
        '--no-tls', '--no-dtls', '--no-cli', '--log-file', 'stdout', '--pidfile', writeTemp('turn.pid', ''), '--allow-loopback-peers'], { stdio: 'ignore' })
    t.after(() => relay.kill())
    const turn = writeTemp('turn.json', JSON.stringify({ urls: [`turn:${address}:${TURN_PORT}?transport=udp`], secret: SECRET, minutes: 60 }))
    await server.stop()
    server = await startServer({ data: county.data, args: ['--contacts', '0', '--turn', turn] })
    maker = await signedIn(server, 'worker')
    const staff = await professional(refs.relay, { policy: 'relay', on: server })
    await goIn(staff)
    const resident = await comes(await makeLink(maker, refs.relay), { policy: 'relay', on: server })
    await press(resident, 'join')
    await letIn(staff, 'Maija')
    for (const w of [staff, resident])
        assert.deepEqual((await flows(w, 1)).map((c) => c.way), ['relay'])
})

test('without scripts: what is needed, the time and the number', async () => {
    const w = await open({ js: false, lang: 'fi', width: 360 })
    await w.goto((await makeLink(maker, refs.pair)).replace('/en/', '/fi/'), 'visit-link')
    await w.leads('visit-plain', () => w.page.locator('main form button').click())
    assert.match(await w.text(), /JavaScript/)
    assert.ok(await w.page.locator('main a[href^="tel:"]').count())
})

test('nothing was wider than its window, refused, missing or wrong', async () => {
    assert.deepEqual(findings, [])
    const { errors } = await validate(session)
    assert.deepEqual(errors, [])
})
