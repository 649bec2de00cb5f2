// Purge plans over the socket: who may see and make which, what is refused, versions, an end, a form that is sent twice; and
// warnings acknowledged.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { PASSWORD, asialla, bareCounty, startServer } from '../lib/server.mjs'
import { Visitor } from '../lib/client.mjs'
import { errorsOf, staff as signedIn } from '../lib/people.mjs'

let server
const visitors = []
before(async () => {
    const data = bareCounty()
    for (const [login, name, role, ...more] of [['manager', 'Maija Manager', 'manager'], ['second', 'Seppo Second', 'head', '--team', 'guidance']]) {
        const r = asialla(['user', 'add', '--data', data, '--login', login, '--name', name, '--role', role, ...more], { input: PASSWORD + '\n' })
        assert.equal(r.status, 0, r.err)
    }
    server = await startServer({ data, args: ['--contacts', '0', '--proxy', '127.0.0.1'] })
})
after(async () => {
    for (const v of visitors)
        v.close()
    await server.stop()
})

const staff = async (login, options) => visitors[visitors.push(await signedIn(server, login, options)) - 1]
const base = (v) => `/${v.lang}/staff/figures/purge`
const day = (days) => new Date(Date.now() + days * 86400_000).toISOString().slice(0, 10)
const MAKE = (f) => f.method === 'POST' && /\/purge\/new$/.test(f.action) // beside the choice of a queue
const options = (page, name) => [...(new RegExp(`<select id="${name}"[^>]*>([^]*?)</select>`).exec(page.text)?.[1] ?? '').matchAll(/value="([^"]*)"/g)].map((m) => m[1])

// 80 over, 56 in and 40 out in eight weeks; 400 visits of which nobody is missed, one a matter: 22 extra times a week.
const NUMBERS = { over: '80', inflow: '56', outflow: '40', workdays: '40', visits: '400', perTen: '10', visitMinutes: '30', noShow: '0' }
const PLAN = { name: 'Spring purge', ...NUMBERS, 'm0.n': '30', 'm0.minutes': '30', 'm0.euros': '50' }

async function newPlan(v, team, values = {}, button = ['do', 'save']) {
    await v.get(`${base(v)}/new?team=${team}&rule=dental`)
    assert.equal(v.page.status, 200)
    return v.submit(MAKE, { ...PLAN, target: day(120), ...values }, { button })
}

async function ownTeam(head) {
    await head.get(`${base(head)}/new`)
    const teams = options(head.page, 'team')
    assert.equal(teams.length, 1, 'a head has the own unit alone')
    return teams[0]
}

test('heads and managers see the pages in three languages; nobody else does', async () => {
    for (const login of ['manager', 'head']) {
        const v = await staff(login)
        for (const lang of ['fi', 'sv', 'en'])
            for (const page of ['', '/how', '/new'])
                assert.equal((await v.get(`/${lang}/staff/figures/purge${page}`)).status, 200, `${login} ${lang} ${page}`)
        assert.equal((await v.get(`/en/staff/figures/acknowledged`)).status, 200)
    }
    const worker = await staff('worker')
    const nobody = visitors[visitors.push(new Visitor(server)) - 1]
    for (const page of ['', '/how', '/new', '/1', '/1/edit']) {
        assert.equal((await worker.get(base(worker) + page)).status, 403, page)
        assert.match((await nobody.get(base(nobody) + page)).path, /\/sign-in\?next=/)
    }
})

test('a plan is counted, saved once, changed into a version and ended; old versions stay', async () => {
    const head = await staff('head')
    const team = await ownTeam(head)
    await newPlan(head, team, {}, ['do', 'count'])
    assert.equal(head.page.status, 200)
    assert.match(head.page.text, /The debt ends in week/)
    assert.match(head.page.text, /30.0/) // what the times add a week
    assert.match(head.page.text, /arithmetic of flows/)
    const again = Object.fromEntries(head.page.form(MAKE).fields)
    await head.submit(MAKE, {}, { button: ['do', 'save'] })
    const plan = head.page.path.split('?')[0]
    assert.match(plan, /\/purge\/\d+$/)
    assert.match(head.page.text, /Saved/)
    await head.post(`${base(head)}/new`, { ...again, do: 'save' }) // sent twice
    assert.equal(head.page.path.split('?')[0], plan)
    await head.get(`${plan}/edit`)
    await head.submit(/\/edit$/, { ...NUMBERS, change: '' }, { button: ['do', 'save'] })
    assert.equal(head.page.status, 422)
    assert.match(errorsOf(head.page), /what was changed/)
    await head.submit(/\/edit$/, { change: 'Half of the times.', 'm0.n': '15' }, { button: ['do', 'save'] })
    assert.match(head.page.text, /Version 2, made/)
    const old = await head.get(`${plan}/version/1`)
    assert.match(old.text, /There is a newer one/)
    assert.match(old.text, /30 times a week/)
    assert.equal((await head.get(`${plan}/version/9`)).status, 404)
    await head.get(`${plan}/edit`)
    const stale = { ...Object.fromEntries(head.page.form(/\/edit$/).fields), ...NUMBERS, change: 'x', was: '1', do: 'save' }
    assert.equal((await head.post(`${plan}/edit`, { ...stale, 'm0.n': '17' })).status, 409) // of two at once the second
    assert.match(errorsOf(head.page), /Somebody else has changed the plan/)
    const kept = Object.fromEntries(head.page.form(/\/edit$/).fields)
    assert.deepEqual([kept['m0.n'], kept.change, kept.was], ['17', 'x', '2'], 'what was written is there still')
    assert.match((await head.get(plan)).text, /Version 2, made/)
    await head.post(`${plan}/edit`, { ...kept, do: 'save' })
    assert.match(head.page.text, /Version 3, made/)
    await head.get(plan)
    const file = /href="([^"]*csv=planned)"/.exec(head.page.text)[1]
    assert.match(file, /\/version\/3\?csv=planned$/)
    const csv = await head.get(file)
    assert.equal(csv.status, 200)
    assert.match(csv.text, /^\uFEFF?"Week","With the plan","Without the plan"\r\n"\d{4}-\d\d-\d\d",/)
    assert.equal((await head.get(`${plan}?csv=none`)).status, 404)
    await head.get(plan)
    await head.submit(/\/end$/, { note: ' ' })
    assert.equal(head.page.status, 422)
    await head.submit(/\/end$/, { note: 'The queue is short again.' })
    assert.match(head.page.text, /The queue is short again/)
    assert.equal((await head.get(`${plan}/edit`)).status, 409)
    assert.match((await head.get(base(head))).text, /The plan has ended/)
})

test('of two heads who save at once one reads that the other has', async () => {
    const heads = [await staff('head'), await staff('second')]
    const team = await ownTeam(heads[0])
    await newPlan(heads[0], team, { name: 'For two' })
    const plan = heads[0].page.path.split('?')[0]
    for (let n = 1; n <= 4; n++) {
        const sent = []
        for (const v of heads) {
            await v.get(`${plan}/edit`)
            sent.push({ ...Object.fromEntries(v.page.form(/\/edit$/).fields), ...NUMBERS, change: `By ${v === heads[0]}`, do: 'save' })
        }
        await Promise.all(heads.map((v, i) => v.post(`${plan}/edit`, sent[i])))
        assert.deepEqual(heads.map((v) => v.page.status).sort(), [200, 409])
        assert.match(errorsOf(heads.find((v) => v.page.status === 409).page), /Somebody else has changed the plan/)
        assert.match((await heads[0].get(plan)).text, new RegExp(`Version ${n + 1}, made`))
    }
})

test('what cannot be is refused with the place', async () => {
    const head = await staff('head')
    const team = await ownTeam(head)
    for (const [values, id] of [
        [{ target: day(-3) }, 'target'], [{ target: day(0) }, 'target'], [{ workdays: '57' }, 'workdays'], [{ 'm0.n': '2,5' }, 'm0.n'], [{ 'm0.from': day(200) }, 'm0.from'], [{ target: 'soon' }, 'target'], [{ over: '-1' }, 'over'], [{ over: '99999999999999999999' }, 'over'],
        [{ 'm0.n': '-5' }, 'm0.n'], [{ 'm0.n': '1e3' }, 'm0.n'], [{ 'm4.share': '101' }, 'm4.share'], [{ 'm6.n': '1', 'm6.euros': '-1' }, 'm6.euros'], [{ name: ' ' }, 'name'],
    ]) {
        await newPlan(head, team, values)
        assert.equal(head.page.status, 422, JSON.stringify(values))
        assert.match(head.page.text, new RegExp(`href="#${id.replace('.', '\\.')}"`), JSON.stringify(values))
    }
    await newPlan(head, team, { 'm0.n': '1' }, ['do', 'count'])
    assert.match(head.page.text, /not by this plan/)
    assert.match(head.page.text, /Like this the debt never ends/)
    assert.match(head.page.text, /the debt grows by/)
    await newPlan(head, team, { over: '1\u00a0080', 'm0.n': ' 3 000 ', 'm0.euros': '0' }, ['do', 'count'])
    assert.match(head.page.text, /The debt ends in week/, 'thousands as people write them; a price of nothing')
    assert.match(head.page.text, /Added more than the queue needs/)
})

test('a head has the own unit alone, a manager published numbers; a unit\'s own plan shows a manager no numbers of the queue', async () => {
    const head = await staff('head')
    const manager = await staff('manager')
    const team = await ownTeam(head)
    await manager.get(`${base(manager)}/new`)
    const all = options(manager.page, 'team')
    assert.ok(all.includes('0') && all.length > 5)
    const foreign = all.find((t) => t !== '0' && t !== team)
    for (const forged of ['0', foreign, '99999', '-1', 'x'])
        assert.equal((await head.get(`${base(head)}/new?team=${forged}&rule=dental`)).status, 404, forged)
    assert.equal((await head.get(`${base(head)}/new?team=${team}&rule=none`)).status, 404)
    await newPlan(head, team, {}, ['do', 'count'])
    const fields = { ...Object.fromEntries(head.page.form(MAKE).fields), do: 'save' }
    assert.equal((await head.post(`${base(head)}/new`, { ...fields, team: foreign })).status, 403)
    await newPlan(head, team, { name: 'The unit\'s own', over: '73' })
    const own = head.page.path.split('?')[0]
    assert.match(head.page.text, /\b73\b/)
    await manager.get(own)
    assert.equal(manager.page.status, 200)
    assert.ok(!/\b73\b/.test(manager.page.text.replace(/[0-9a-f]{8}/g, '')), 'no number of the queue')
    assert.ok(!manager.page.text.includes('Over the limit at the end of'))
    for (const file of ['planned', 'followed'])
        assert.equal((await manager.get(`${own}?csv=${file}`)).status, 404, file)
    assert.equal((await manager.get(`${own}/edit`)).status, 403)
    await newPlan(manager, '0')
    const county = manager.page.path.split('?')[0]
    assert.match(manager.page.text, /The whole county/)
    const fresh = Object.fromEntries((await manager.get(`${base(manager)}/new?team=0&rule=dental`)).form(MAKE).fields)
    const change = Object.fromEntries((await manager.get(`${county}/edit`)).form(/\/edit$/).fields)
    assert.deepEqual([fresh.inflow, change.inflow, change.outflow], ['', NUMBERS.inflow, NUMBERS.outflow], 'what is not told stays as it was estimated')
    assert.equal((await head.get(county)).status, 404)
    assert.equal((await head.post(`${county}/end`, { _token: head.page.token ?? '', note: 'x' })).status >= 400, true)
})

test('warnings are acknowledged with a reason until a day; of two heads the second reads who was first', async () => {
    const head = await staff('head')
    const second = await staff('second')
    const team = await ownTeam(head)
    const token = async (v) => (await v.get(`/${v.lang}/staff/alarms`)).token
    const acknowledge = async (v, values) => v.post(`/${v.lang}/staff/alarms/acknowledge`, { _token: await token(v), what: `${team}/dental`, reason: 'Extra times on Friday.', until: day(5), ...values })
    for (const what of ['1/dental', '99999/dental', `${team}/none`, 'x', '', `${Number(team) + 1}/dental`].filter((w) => w !== `${team}/dental`))
        assert.equal((await acknowledge(head, { what })).status, 403, what)
    assert.equal((await acknowledge(head, { reason: 'ok' })).status, 422)
    assert.equal((await acknowledge(head, { until: day(40) })).status, 422)
    assert.equal((await acknowledge(head, { until: day(-2) })).status, 422)
    assert.equal((await acknowledge(head, {})).status, 200)
    assert.match(head.page.text, /acknowledged by Helena Head/)
    assert.equal((await acknowledge(head, {})).status, 200, 'sent twice')
    assert.equal((await acknowledge(second, { reason: 'I have seen it too.' })).status, 409)
    assert.match(second.page.text, /Helena Head has acknowledged these already/)
    const worker = await staff('worker')
    assert.match((await worker.get('/en/staff/alarms')).text, /Extra times on Friday/)
    const manager = await staff('manager')
    const counts = await manager.get('/en/staff/figures/acknowledged')
    assert.match(counts.text, /<td class="num"[^>]*>1<\/td>/)
    assert.ok(!counts.text.includes('Extra times on Friday'))
    await head.get('/en/staff/alarms')
    const ack = Object.fromEntries(head.page.form(/\/acknowledge\/end$/).fields).ack
    assert.equal((await worker.post('/en/staff/alarms/acknowledge/end', { _token: await token(worker), ack })).status, 409)
    await head.get('/en/staff/alarms')
    await head.submit(/\/acknowledge\/end$/)
    assert.match(head.page.text, /Taken back/)
})
