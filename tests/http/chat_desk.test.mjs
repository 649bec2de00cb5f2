// The professional's side of chat: who sees and takes what, joining to a matter and making one, another register, closing a
// channel for now, figures.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { PASSWORD, asialla, bareCounty, startServer, writeTemp } from '../lib/server.mjs'
import { Visitor } from '../lib/client.mjs'
import { act as does, findMatter, makeContact, openByCode, staff } from '../lib/people.mjs'

const channel = (ref, team, form, reason) => ({
    ref, team, name: { fi: `${ref} fi`, sv: `${ref} sv`, en: `${ref} en` }, lead: { fi: 'x', sv: 'x', en: 'x' }, closed: { fi: 'x', sv: 'x', en: 'x' },
    form, reason, phone: '09 000 0101', languages: ['fi', 'sv', 'en'], hours: 'Mo-Su,PH 00:00-24:00', waitMinutes: 60, atOnce: 9, queueMost: 50,
})
const CHANNELS = { source: 'A test.', channels: [channel('nurse', 'nurse-south', 'health', 'health-new-problem'), channel('advice', 'guidance', 'other', 'advice'),
    channel('social', 'adult-social', 'adult-social', 'advice')] }

let server
before(async () => {
    const data = bareCounty()
    for (const [words, input] of [[['import', 'chat', writeTemp('chat.json', JSON.stringify(CHANNELS))], ''],
        [['user', 'add', '--login', 'nurse2', '--name', 'Nina Nurse', '--role', 'head', '--team', 'nurse-south'], PASSWORD + '\n'],
        [['user', 'add', '--login', 'nurse3', '--name', 'Nora Nurse', '--role', 'head', '--team', 'nurse-south'], PASSWORD + '\n']]) {
        const r = asialla([...words, '--data', data], { input })
        assert.equal(r.status, 0, r.err)
    }
    server = await startServer({ data, args: ['--contacts', '0', '--proxy', '127.0.0.1'] })
})
after(() => server.stop())

async function begin(ref, text, lang = 'en') {
    const v = new Visitor(server, { lang })
    await v.get(`/${lang}/chat/to/${ref}`)
    await v.submit(/\/chat\/to\//, { text })
    assert.equal(v.page.path, `/${lang}/chat/talk`)
    return v
}
const say = async (v, text) => {
    await v.get(`/${v.lang}/chat/talk`)
    return v.submit(/\/talk\/say$/, { text })
}
const doing = (kind) => (f) => /\/staff\/chat\/\w+$/.test(f.action) && f.controls.some((c) => c.name === 'act' && c.value === kind)
const act = (w, kind, values = {}, options = {}) => w.submit(doing(kind), values, options)
const lines = (page) => [...page.text.matchAll(/message__text"[^>]*>(?:<a[^>]*>)?([^<]*)/g)].map((m) => m[1].trim())
const take = async (w) => {
    await w.get(`/${w.lang}/staff/chat`)
    return w.submit(/\/staff\/chat$/, {}, { button: ['act', 'next'] })
}
const end = async (w, how = 'solved', values = {}) => {
    const page = await act(w, 'end', { how, ...values })
    assert.equal(page.status, 200, page.title)
    return page
}

test('of two who take the same at once one gets it; the other reads who has it', async () => {
    const one = await staff(server, 'nurse')
    const two = await staff(server, 'nurse2')
    await begin('nurse', 'Hello there')
    await one.get('/en/staff/chat')
    assert.match(one.page.text, /Hello there/)
    const ref = /\/staff\/chat\/(\w{13})"/.exec(one.page.text)[1]
    await two.get('/en/staff/chat')
    const fields = [['_token', two.page.token], ['act', 'take']]
    const got = await Promise.all([one.submit(doing('take'), {}, { button: ['act', 'take'], follow: false }), two.post(`/en/staff/chat/${ref}`, fields, { follow: false })])
    assert.deepEqual(got.map((p) => p.status).sort(), [303, 409])
    const [winner, loser] = got[0].status === 303 ? [one, two] : [two, one]
    assert.match((await loser.get(`/en/staff/chat/${ref}`)).text, winner === one ? /Noora Nurse/ : /Nina Nurse/)
    assert.doesNotMatch(loser.page.text, /Hello there/, 'what was written is for who has it')
    await winner.get(`/en/staff/chat/${ref}`)
    assert.deepEqual(lines(winner.page), ['Hello there'])
    const foreign = await staff(server, 'other')
    for (const path of ['', '/after?seq=0', '/file/1'])
        assert.equal((await foreign.get(`/en/staff/chat/${ref}${path}`)).status, 404)
    assert.equal((await loser.get(`/en/staff/chat/${ref}/after?seq=0`)).status, 404)
    await winner.get(`/en/staff/chat/${ref}`)
    await end(winner)
})

test('the same message sent again stands once, and the script gets the lines after its number', async () => {
    const nurse = await staff(server, 'nurse')
    const resident = await begin('nurse', 'Once')
    await take(nurse)
    const here = nurse.page.path
    const fields = [['_token', nurse.page.token], ['act', 'say'], ['once', 'the same value twice'], ['text', '<b>Only</b> once'], ['live', '1']]
    for (let i = 0; i < 2; i++) {
        const page = await nurse.post(here, fields, { follow: false })
        assert.equal(page.status, 200)
        assert.equal(page.text, 'ok\n')
    }
    await nurse.get(`${here}/after?seq=2`)
    assert.equal([...nurse.page.text.matchAll(/<li /g)].length, 1)
    assert.match(nurse.page.text, /&lt;b&gt;Only/)
    const refused = await nurse.post(here, [['_token', fields[0][1]], ['act', 'say'], ['text', ' '], ['live', '1']])
    assert.equal(refused.status, 422)
    assert.equal(refused.text, 'Write a message.')
    await nurse.get(here)
    await act(nurse, 'link', { what: 'video', href: 'javascript:alert(1)' })
    assert.equal(nurse.page.status, 422)
    await act(nurse, 'link', { what: 'video', href: 'https://video.example/room' })
    assert.match((await resident.get('/en/chat/talk/log')).text, /href="https:\/\/video\.example\/room"/)
    await end(nurse)
})

test('joined to an earlier matter by its number: its sight is logged, its contact is told, and it can be closed here', async () => {
    const nurse = await staff(server, 'nurse')
    const person = new Visitor(server)
    const code = await makeContact(person, { form: 'health', answers: { 'd.area': 'myyrmaki' } })
    const worker = (await findMatter(nurse, person, code).catch(() => null)) ? nurse : await staff(server, 'nurse')
    const ref = await findMatter(worker, person, code)
    const resident = await begin('nurse', 'About my earlier matter')
    await take(nurse)
    const here = nurse.page.path
    await act(nurse, 'join', { number: 'AAAA-AAAA' })
    assert.equal(nurse.page.status, 422)
    await act(nurse, 'join', { number: code })
    assert.match(nurse.page.text, new RegExp(`/staff/matter/${ref}"`))
    await nurse.get(here)
    await act(nurse, 'end', { how: 'solved', close: 'yes', outcome: 'advice', text: '' })
    assert.equal(nurse.page.status, 422, 'nothing is closed without a text')
    await end(nurse, 'solved', { close: 'yes', outcome: 'advice', text: 'It was solved in the chat.' })
    await openByCode(person, code)
    assert.match(person.page.text, /It was solved in the chat\./)
    assert.match(person.page.text, /Noora Nurse/, 'who has looked at it')
    await nurse.get(here)
    assert.deepEqual(lines(nurse.page), ['About my earlier matter'])
    await resident.get('/en/chat/talk')
    assert.match(resident.page.text, /\/judge"/)
})

test('heads take over from a colleague who is gone: of two one gets it, and the resident reads who goes on', async () => {
    const nurse = await staff(server, 'nurse')
    const heads = [await staff(server, 'nurse2'), await staff(server, 'nurse3')]
    const resident = await begin('nurse', 'Is anybody there?')
    await take(nurse)
    const here = nurse.page.path
    const got = await Promise.all(heads.map(async (h) => {
        await h.get('/en/staff/chat')
        const form = h.page.form((f) => f.action.endsWith(here.slice(3)))
        assert.match(form.html, /Take over from Noora Nurse/)
        return { token: h.page.token, from: form.fields.find(([n]) => n === 'from')[1] }
    })).then((all) => Promise.all(heads.map((h, i) => h.post(here, [['_token', all[i].token], ['act', 'take'], ['from', all[i].from]], { follow: false }))))
    assert.deepEqual(got.map((p) => p.status).sort(), [303, 409])
    const [winner, loser] = got[0].status === 303 ? heads : [heads[1], heads[0]]
    const name = winner === heads[0] ? 'Nina Nurse' : 'Nora Nurse'
    await nurse.get(here)
    assert.match(nurse.page.text, new RegExp(`${name} has this conversation now`))
    assert.doesNotMatch(nurse.page.text, /Take over from/, 'who is not a head waits until the resident has waited long enough')
    const again = await nurse.post(here, [['_token', nurse.page.token], ['act', 'say'], ['text', 'x'], ['live', '1']])
    assert.equal(again.text, 'A colleague has this conversation already.')
    assert.match((await loser.get(here)).text, new RegExp(`Take over from ${name}`))
    assert.match((await resident.get('/en/chat/talk/log')).text, new RegExp(`${name} goes on with you from here`))
    await winner.get(here)
    assert.match(winner.page.text, new RegExp(`${name} took over the conversation`))
    await end(winner)
})

test('a call-back that was solved in a chat leaves the phone queue, also where a colleague has the matter', async () => {
    const nurse = await staff(server, 'nurse')
    const colleague = await staff(server, 'nurse2')
    const person = new Visitor(server)
    const code = await makeContact(person, { form: 'health', answers: { 'd.area': 'myyrmaki', 'd.reach': 'call', 'd.phone': '040 123 4567' } })
    const ref = await findMatter(colleague, person, code)
    await does(colleague, 'taken')
    await openByCode(person, code)
    const window = /<option value="(\d{4}-\d\d-\d\d\.\d+)"/.exec(person.page.text)[1]
    await person.submit(/\/matter\/message$/, { text: 'Please call me.', 'd.window': window })
    const row = async () => {
        await colleague.get('/en/staff/')
        return colleague.page.text.split('<tr').find((t) => t.includes(`/staff/matter/${ref}"`))
    }
    assert.match(await row(), /Call back/)
    await begin('nurse', `I still wait for your call, ${code}`)
    await take(nurse)
    await act(nurse, 'join', { number: code })
    await end(nurse)
    assert.doesNotMatch(await row(), /Call back/)
    assert.match(await row(), /New message/, 'whose it is sees that a colleague talked')
    await colleague.get(`/en/staff/matter/${ref}`)
    assert.doesNotMatch(colleague.page.text, /Wished time/)
    await openByCode(person, code)
    assert.doesNotMatch(person.page.text, /We call you/)
})

test('a matter of the conversation: one, with a code that the resident reads', async () => {
    const nurse = await staff(server, 'nurse')
    const resident = await begin('nurse', 'My knee')
    await take(nurse)
    await act(nurse, 'make', { text: 'Knee pain, two weeks' })
    assert.match(nurse.page.text, /\/staff\/matter\/\w+"/)
    await end(nurse, 'matter')
    await resident.get('/en/chat/talk')
    const code = /class="code"[^>]*>([^<]+)/.exec(resident.page.text)[1]
    await openByCode(resident, code)
    assert.equal(resident.page.status, 200)
})

test('to another client register goes what the resident was asked about, and nothing before it', async () => {
    const nurse = await staff(server, 'nurse')
    const adviser = await staff(server, 'worker')
    const resident = await begin('nurse', 'A secret of my health')
    await take(nurse)
    const here = nurse.page.path
    const token = ['_token', nurse.page.token]
    const whole = await nurse.post(here, [token, ['act', 'hand'], ['channel', 'advice'], ['text', 'no']])
    assert.equal(whole.status, 422, 'not with everything that was written')
    assert.equal((await nurse.post(here, [token, ['act', 'across'], ['agreed', 'yes']])).status, 409, 'nobody was asked')
    await nurse.get(here)
    await act(nurse, 'consent', { channel: 'advice', text: 'Needs help with the rent' })
    assert.match(nurse.page.text, /has not answered yet/)
    await say(resident, 'yes')
    await nurse.get(here)
    await act(nurse, 'across')
    assert.equal(nurse.page.status, 422)
    await act(nurse, 'across', { agreed: 'yes' })
    assert.equal(nurse.page.status, 200)
    assert.equal((await nurse.get(here)).status, 404)
    await adviser.get('/en/staff/chat')
    assert.doesNotMatch(adviser.page.text, /secret/)
    await take(adviser)
    assert.match(adviser.page.text, /Needs help with the rent/)
    assert.doesNotMatch(adviser.page.text, /secret/)
    assert.deepEqual(lines(adviser.page), [])
    assert.doesNotMatch((await adviser.get(`${adviser.page.path}/after?seq=0`)).text, /secret/)
    await resident.get('/en/chat/talk/log')
    assert.match(resident.page.text, /A secret of my health/, 'the resident sees all of it')
    await adviser.get(here)
    await end(adviser)
})

test('a head closes a channel for now; others cannot', async () => {
    const head = await staff(server, 'nurse2')
    const nurse = await staff(server, 'nurse')
    assert.equal((await nurse.get('/en/staff/chat/channels')).status, 403)
    await head.get('/en/staff/chat/channels')
    await head.submit(/channel\/nurse$/, { why: 'A fire drill' }, { button: ['act', 'pause'] })
    assert.match(head.page.text, /A fire drill/)
    const resident = new Visitor(server)
    assert.match((await resident.get('/en/chat/to/nurse')).text, /A fire drill/)
    assert.throws(() => resident.page.form(/\/chat\/to\//))
    const foreign = await head.post('/en/staff/chat/channel/advice', [['_token', head.page.token], ['act', 'pause'], ['why', 'x']])
    assert.equal(foreign.status, 404)
    await head.get('/en/staff/chat/channels')
    await head.submit(/channel\/nurse$/, {}, { button: ['act', 'open'] })
    await resident.get('/en/chat/to/nurse')
    resident.page.form(/\/chat\/to\//)
})

test('figures: the page and the table file say the same, and it is what happened here', async () => {
    const head = await staff(server, 'nurse2')
    await head.get('/en/staff/chat/figures?period=1')
    assert.equal(head.page.status, 200)
    const csv = (await head.get('/en/staff/chat/figures/csv?period=1')).text.trim().split('\r\n').map((l) => l.split(',').map((c) => c.slice(1, -1)))
    assert.equal(csv[0][2], 'Tries')
    const all = csv[1]
    // seven conversations, all answered, and one who met a closed channel
    assert.deepEqual(all.slice(2, 7), ['8', '7', '0', '0', '1'])
    const hours = csv.filter((l) => l[0] === 'By hour')
    assert.equal(hours.reduce((n, l) => n + Number(l[2]), 0), 8)
    assert.equal((await (await staff(server, 'nurse')).get('/en/staff/chat/figures')).status, 403)
})
