// Figures for steering over the socket: who may see which pages, targets, snapshots, teams that are none; that a manager sees no
// matter, and a head the exact numbers of the own unit alone.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { PASSWORD, asialla, bareCounty, startServer } from '../lib/server.mjs'
import { Visitor } from '../lib/client.mjs'
import { findMatter, makeContact, staff as signedIn } from '../lib/people.mjs'

let server
const visitors = []
before(async () => {
    const data = bareCounty()
    const r = asialla(['user', 'add', '--data', data, '--login', 'manager', '--name', 'Maija Manager', '--role', 'manager'], { input: PASSWORD + '\n' })
    assert.equal(r.status, 0, r.err)
    server = await startServer({ data, args: ['--contacts', '0', '--proxy', '127.0.0.1'] })
})
after(async () => {
    for (const v of visitors)
        v.close()
    await server.stop()
})

const staff = async (login, options) => visitors[visitors.push(await signedIn(server, login, options)) - 1]
const base = (v) => `/${v.lang}/staff/figures`
const PAGES = ['', '/wait', '/open', '/flow', '/digital', '/equity', '/compare', '/targets', '/snapshots', '/list?what=over']

// The number of the team by its name in the choice of a page.
const teamOf = (page, name) => new RegExp(`<option value="(\\d+)"[^>]*>${name}`).exec(page.text)?.[1]

test('managers and heads see the pages in three languages; nobody else does', async () => {
    for (const login of ['manager', 'head']) {
        const v = await staff(login)
        for (const lang of ['fi', 'sv', 'en'])
            for (const page of PAGES)
                assert.equal((await v.get(`/${lang}/staff/figures${page}`)).status, 200, `${login} ${lang} ${page}`)
    }
    const worker = await staff('worker')
    const nobody = visitors[visitors.push(new Visitor(server)) - 1]
    for (const page of PAGES) {
        assert.equal((await worker.get(base(worker) + page)).status, 403, page)
        assert.match((await nobody.get(base(nobody) + page)).path, /\/sign-in\?next=/)
    }
})

test('signing in leads a manager to the figures; no matter, queue or colleague is shown', async () => {
    const resident = visitors[visitors.push(new Visitor(server)) - 1]
    const code = await makeContact(resident, { form: 'other', answers: { 'q.what': 'only for its own team' } })
    const ref = await findMatter(await staff('worker'), resident, code)
    const v = visitors[visitors.push(new Visitor(server)) - 1]
    await v.signIn('manager', PASSWORD)
    assert.match(v.page.path, /\/en\/staff\/figures$/)
    assert.match(v.page.text, /What needs a decision today/)
    for (const path of [`/en/staff/matter/${ref}`, '/en/staff/', '/en/staff/overview', '/en/staff/day', `/en/staff/?ref=${ref}`, '/en/staff/chat', '/en/staff/alarms'])
        assert.ok([403, 404].includes((await v.get(path)).status), path)
    for (const page of PAGES)
        assert.ok(!(await v.get(base(v) + page)).text.includes(ref), page)
})

test('a head has the own unit exactly and now, others and the county as published', async () => {
    const head = await staff('head')
    const manager = await staff('manager')
    const resident = visitors[visitors.push(new Visitor(server)) - 1]
    await makeContact(resident, { form: 'other', answers: { 'q.what': 'for the head' } })
    await head.get(base(head))
    assert.match(head.page.text, /exact numbers of your own unit/)
    const own = teamOf(head.page, 'Customer guidance team')
    const other = teamOf(head.page, 'Adult social work team')
    assert.ok(own && other)
    for (const team of ['0', other])
        assert.ok(!(await head.get(`${base(head)}?team=${team}`)).text.includes('exact numbers'), team)
    for (const team of ['0', own, other])
        for (const page of ['', '/wait', '/open', '/flow', '/equity'])
            assert.ok(!(await manager.get(`${base(manager)}${page}?team=${team}`)).text.includes('exact numbers'), team + page)
    // Who has a matter: the head's own unit, as of now; nothing of a unit for who may not see its matters.
    await head.get(`${base(head)}/open?team=${own}`)
    assert.match(head.page.text, /Open matters by step/)
    const csv = (await head.get(`${base(head)}/open?team=${own}&csv=open-service`)).text
    assert.match(csv, /"?Open matters"?.*\r\n.*,[1-9]/)
    for (const v of [manager, head])
        for (const team of v === head ? ['0', other] : ['0', own, other])
            assert.ok(!(await v.get(`${base(v)}/open?team=${team}`)).text.includes('Open matters by step'), team)
    // The list: the head's leads to the matters, the manager's does not.
    await head.get(`${base(head)}/list?what=waiting&team=${own}&rule=answer`)
    assert.match(head.page.text, /\/en\/staff\/matter\//)
    await manager.get(`${base(manager)}/list?what=waiting&team=${own}&rule=answer`)
    assert.equal(manager.page.status, 200)
    assert.ok(!manager.page.text.includes('/staff/matter/'))
    assert.match(manager.page.text, /too small a group|Each line is a group/)
})

test('teams, rules and pictures that are none', async () => {
    for (const login of ['manager', 'head']) {
        const v = await staff(login)
        for (const query of ['?team=99999', '?team=-1', '?team=x', '?team=1;DROP', '?csv=none', '/list?what=all', '/list?what=over&rule=nothing',
            '/compare?x=99999', '/compare?y=x', '/snapshots/none', '/nothing'])
            assert.equal((await v.get(base(v) + query)).status, 404, login + query)
        for (const query of ['/wait?rule=nothing&base=1', '/compare?figure=none&xf=2026-99&xt=x', '/wait?base=99999999999999999999', '/equity?rule=%3Cscript%3E'])
            assert.equal((await v.get(base(v) + query)).status, 200, query)
    }
})

test('definitions that changed warn, and no difference is calculated', async () => {
    const v = await staff('manager')
    await v.get(`${base(v)}/compare?figure=kept&rule=phc-treatment&x=0&xf=2024-10&xt=2024-12&y=0&yf=2025-10&yt=2025-12`)
    assert.match(v.page.text, /These cannot be compared/)
    assert.match(v.page.text, /On 1 January 2025/)
    assert.ok(!v.page.text.includes('Difference, the second'))
    await v.get(`${base(v)}/compare?figure=kept&rule=phc-treatment&x=0&xf=2025-10&xt=2025-12&y=0&yf=2026-08&yt=2026-10`)
    assert.ok(!v.page.text.includes('These cannot be compared'))
})

test('a manager sets targets; a head reads them', async () => {
    const v = await staff('manager')
    await v.get(`${base(v)}/targets`)
    await v.submit(/\/targets$/, { figure: 'kept', rule: 'dental', value: 'many', from: '2026-13-01', source: '' })
    assert.equal(v.page.status, 422)
    for (const id of ['value', 'from', 'source'])
        assert.match(v.page.text, new RegExp(`href="#${id}"`), id)
    await v.submit(/\/targets$/, { figure: 'kept', rule: 'dental', team: '0', value: '87,5', from: '2026-01-01', source: '<b>Board</b> 12 §' })
    assert.equal(v.page.status, 200)
    assert.match(v.page.text, /The target is set/)
    assert.match(v.page.text, /at least 87\.5/)
    assert.ok(!v.page.text.includes('<b>Board'))
    const head = await staff('head')
    await head.get(`${base(head)}/targets`)
    assert.match(head.page.text, /at least 87\.5/)
    assert.ok(!head.page.text.includes('Set the target'))
    const sent = await head.post(`${base(head)}/targets`, { _token: head.page.token ?? '', figure: 'kept', rule: 'dental', team: '0', value: '1', from: '2026-01-01', source: 'me' })
    assert.equal(sent.status, 403)
    await v.get(`${base(v)}/targets`)
    assert.equal((await v.submit(/\/targets$/, { figure: 'kept', team: '99999', value: '1', from: '2026-01-01', source: 'x' })).status, 404)
    await v.get(`${base(v)}/targets`)
    await v.submit(/\/targets$/, { figure: 'kept', rule: 'dental', team: '0', value: '', from: '2026-01-01', source: 'Ended' })
    assert.match(v.page.text, /There are no targets yet/)
    assert.match(v.page.text, /All that was set/)
})

test('a snapshot is what was shown, and stays; one of exact numbers is for the unit', async () => {
    const v = await staff('manager')
    await v.get(`${base(v)}/snapshots`)
    await v.submit(/\/snapshots$/, { name: ' ', page: '' })
    assert.equal(v.page.status, 422)
    await v.submit(/\/snapshots$/, { name: 'Board <15>', page: '', team: '0' })
    assert.equal(v.page.status, 200)
    const path = v.page.path
    assert.match(path, /\/snapshots\/\w{12}$/)
    assert.match(v.page.text, /Board &lt;15&gt;/)
    assert.match(v.page.text, /By the law&#39;s limits now|By the law's limits now/)
    const seen = (page) => page.text.slice(page.text.indexOf('<section'), page.text.lastIndexOf('</section>'))
    const first = seen(v.page)
    await makeContact(visitors[visitors.push(new Visitor(server)) - 1], { form: 'other', answers: { 'q.what': 'later' } })
    assert.equal(seen(await v.get(path)), first)
    for (const lang of ['fi', 'sv'])
        assert.equal((await v.get(path.replace('/en/', `/${lang}/`))).status, 200)
    assert.equal((await v.get(`${path}?csv=none`)).status, 404)

    const head = await staff('head')
    assert.equal((await head.get(path)).status, 200)
    await head.get(base(head))
    const own = teamOf(head.page, 'Customer guidance team')
    await head.get(`${base(head)}/snapshots`)
    await head.submit(/\/snapshots$/, { name: 'Own', page: 'flow', team: own })
    assert.equal(head.page.status, 200)
    const exact = head.page.path
    assert.equal((await head.get(exact)).status, 200)
    assert.equal((await v.get(exact)).status, 404)
    assert.ok(!(await v.get(`${base(v)}/snapshots`)).text.includes('Own'))
    await v.get(`${base(v)}/snapshots`)
    assert.equal((await v.submit(/\/snapshots$/, { name: 'None', page: '', team: '99999' })).status, 404)
})
