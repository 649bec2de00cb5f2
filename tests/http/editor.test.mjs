// Those who keep the service directory, over the socket: a partner writes, is told why it is not shown, sends; an editor
// returns, the partner mends, the editor approves, a resident finds it. Who may see and change what; nothing twice, nothing lost.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import path from 'node:path'
import { asialla, root, sampleCounty, startServer } from '../lib/server.mjs'
import { Visitor, sleep } from '../lib/client.mjs'
import { assertStrict } from '../lib/strict.mjs'

let server
const visitors = []
before(async () => { server = await startServer({ data: sampleCounty(), args: ['--demo', '--contacts', '0', '--proxy', '127.0.0.1'] }) })
after(async () => {
    for (const v of visitors)
        v.close()
    await server.stop()
})

const visitor = (options) => visitors[visitors.push(new Visitor(server, options)) - 1]
// The persona whose button says so: "Editor", or the name of a partner's organisation.
async function persona(words) {
    const v = visitor()
    await v.get('/en/sign-in')
    const login = [...v.page.text.matchAll(/name="persona" value="([^"]+)">([^]*?)<\/button>/g)].find((m) => m[2].includes(words))?.[1]
    assert.ok(login, `no persona "${words}"`)
    return v.persona(login).then(() => v)
}
const editor = () => persona('Editor of the service directory')
const association = () => persona('Mielen Mutka')
const parish = () => persona('Keravanjoki')

const says = (page, text) => assert.ok(page.text.includes(text), `${page.path} (${page.status}) does not say "${text}"`)
const saysNot = (page, text) => assert.ok(!page.text.includes(text), `${page.path} says "${text}"`)
const idOf = (page) => /\/entry\/([0-9a-f-]{36})/.exec(page.path)?.[1]
const PARTNER = '/en/staff/partner'
const DESK = '/en/staff/directory'
const act = (v, id, values, base = PARTNER) => v.get(`${base}/entry/${id}`).then(() => v.submit(`${base}/entry/${id}`, values))
// The form of an entry, sent with these values.
const fill = (v, values, options) => v.submit((f) => /\/(new\/\w+|entry\/[^/]+\/edit)$/.test(f.action), values, options)
const whole = (name) => ({
    'name.fi': name, 'summary.fi': 'Kokeilua varten.', class: ['P5.16'], group: ['KR1'], 'keyword.fi': `${name}\nkokeiluporkkana`, charge: 'free', language: ['fi'],
})
async function newService(v, values) {
    await v.get(`${PARTNER}/new/service`)
    return fill(v, values).then((page) => idOf(page))
}
// The directory is loaded anew within a second or two after a commit.
async function within(seconds, ask) {
    for (const until = Date.now() + seconds * 1000; ; await sleep(100)) {
        const found = await ask()
        if (found || Date.now() > until)
            return found
    }
}
const finds = async (words, name) => {
    const v = visitor()
    return within(90, async () => (await v.get(`/fi/search?q=${encodeURIComponent(words)}`)).text.replaceAll(/<[^>]+>/g, '').includes(name))
}

test('each lands on a first page of its own, and is kept from the others\'', async () => {
    const [e, p] = [await editor(), await association()]
    assert.equal(e.page.path, DESK)
    assert.equal(p.page.path, PARTNER)
    assertStrict(e.page, 'the desk')
    assertStrict(p.page, 'our services')
    for (const where of ['/en/staff/', '/en/staff/overview', DESK, `${DESK}/accounts`])
        assert.equal((await p.get(where)).status, 403, where)
    for (const where of ['/en/staff/', PARTNER])
        assert.equal((await e.get(where)).status, 403, where)
    const worker = await persona('Customer guidance')
    for (const where of [DESK, PARTNER])
        assert.equal((await worker.get(where)).status, 403, where)
})

test('the whole path: draft, why not shown, sent, returned, mended, approved, found; undone', async () => {
    const [e, p] = [await editor(), await association()]
    const id = await newService(p, { 'name.fi': 'Porkkanapiiri', 'description.fi': 'Vain alku. <b>x</b>' })
    assert.ok(id, p.page.path)
    says(p.page, 'It has no summary.')
    says(p.page, 'It has no service class')
    assert.match(p.page.text, new RegExp(`/entry/${id}/edit#class`), 'a lack leads to its field')
    await act(p, id, { act: 'send' })
    assert.equal(p.page.status, 409)
    says(p.page, 'Something is still missing')
    await p.get(`${PARTNER}/entry/${id}/edit`)
    says(p.page, 'Vain alku. &lt;b&gt;x')
    await fill(p, { ...whole('Porkkanapiiri'), then: 'on' })
    says(p.page, 'It is sent for approval.')
    assertStrict(p.page, 'an entry')
    assert.equal((await visitor().get(`/fi/service/${id}`)).status, 404, 'residents do not see what waits')
    await e.get(`${DESK}/waiting/${id}`)
    says(e.page, 'Kokeilua varten.')
    assertStrict(e.page, 'approving')
    await e.submit(/\/waiting\//, { act: 'return', reason: '' })
    assert.equal(e.page.status, 422)
    await e.get(`${DESK}/waiting/${id}`)
    await e.submit(/\/waiting\//, { act: 'return', reason: 'Kerro, missä kokoonnutte.' })
    says(e.page, 'It is returned.')
    await p.get(`${PARTNER}/entry/${id}`)
    says(p.page, 'Kerro, missä kokoonnutte.')
    await p.get(`${PARTNER}/entry/${id}/edit`)
    await fill(p, { 'summary.fi': 'Kokoonnumme puistossa.', then: 'on' })
    await e.get(`${DESK}/waiting/${id}`)
    await e.submit(/\/waiting\//, { act: 'approve' })
    says(e.page, 'It is approved')
    assert.ok(await finds('kokeiluporkkana', 'Porkkanapiiri'), 'a resident finds it by its search word')
    await p.get(`${PARTNER}/entry/${id}/edit`)
    await fill(p, { 'summary.fi': 'Kokoonnumme kirjastossa.', then: 'on' })
    saysNot(await visitor().get(`/fi/service/${id}`), 'kirjastossa')
    await e.get(`${DESK}/waiting/${id}`)
    says(e.page, 'Kokoonnumme puistossa.')
    says(e.page, 'Kokoonnumme kirjastossa.')
    saysNot(e.page, 'kokeiluporkkana') // what does not differ is not shown
    await e.submit(/\/waiting\//, { act: 'approve' })
    const page = visitor()
    assert.ok(await within(8, async () => (await page.get(`/fi/service/${id}`)).text.includes('kirjastossa')))
    await e.get(`${DESK}/entry/${id}`)
    assertStrict(e.page, 'an entry with its history')
    await e.submit(/\/undo$/)
    says(e.page, 'The change is undone.')
    assert.ok(await within(8, async () => (await page.get(`/fi/service/${id}`)).text.includes('puistossa')), 'undo brings back what was shown')
    await act(p, id, { act: 'withdraw' })
    assert.ok(await within(8, async () => (await page.get(`/fi/service/${id}`)).status === 404))
})

test('nobody sees or changes what is somebody else\'s; an id that is forged is not there', async () => {
    const [p, other] = [await association(), await parish()]
    const id = await newService(p, whole('Salainen luonnos'))
    for (const where of [`entry/${id}`, `entry/${id}/edit`, `entry/${id}/preview`, 'entry/nothing-here', `entry/${id.replace(/^./, 'z')}`]) {
        assert.equal((await other.get(`${PARTNER}/${where}`)).status, 404, where)
        saysNot(other.page, 'Salainen')
    }
    await other.get(PARTNER)
    saysNot(other.page, 'Salainen')
    const token = other.page.token
    for (const [where, fields] of [[`entry/${id}`, { act: 'withdraw' }], [`entry/${id}`, { act: 'send' }], [`entry/${id}/edit`, whole('Kaapattu')]])
        assert.equal((await other.post(`${PARTNER}/${where}`, { _token: token, hash: '', ...Object.fromEntries(Object.entries(fields).map(([k, x]) => [k, [x].flat()[0]])) })).status, 404, where)
    assert.equal((await other.post(`${DESK}/waiting/${id}`, { _token: token, act: 'approve' })).status, 403)
    assert.equal((await p.get(`${PARTNER}/new/organisation`)).status, 404, 'organisations are the editors\' to make')
    const own = visitor({ lang: 'fi' })
    assert.equal((await own.get(`/fi/service/${id}`)).status, 404)
})

test('a form sent twice makes one; what is wrong is told by field, and nothing typed is lost', async () => {
    const p = await association()
    await p.get(`${PARTNER}/new/place`)
    const form = p.page
    await fill(p, { 'name.fi': 'Kaksoiskota', 'postal': '13', 'phone.1': 'soita', 'hours.1': '16-9', 'link.fi': 'javascript:alert(1)', 'street.fi': 'Koetie' })
    assert.equal(p.page.status, 422)
    for (const field of ['postal', 'phone.1', 'hours.1', 'link.fi'])
        says(p.page, `href="#${field}"`)
    for (const typed of ['Kaksoiskota', 'value="16-9"', 'value="soita"', 'javascript:alert(1)'])
        says(p.page, typed)
    assertStrict(p.page, 'a form with errors')
    const values = { 'name.fi': 'Kaksoiskota', 'street.fi': 'Koetie', postal: '01300', 'hours.1': '9–12, 13.30–16', 'phone.1': '09 000 0499' }
    p.page = form
    await fill(p, values)
    const first = idOf(p.page)
    p.page = form
    await fill(p, values)
    assert.equal(idOf(p.page), first, 'the same form, the same entry')
    await p.get(PARTNER)
    assert.equal(p.page.text.split('Kaksoiskota').length - 1, 1)
    await p.get(`${PARTNER}/entry/${first}/edit`)
    says(p.page, '9–12, 13:30–16')
})

test('who was slower is told, reads what is different, and loses nothing', async () => {
    const [one, two] = [await association(), await association()]
    const id = await newService(one, whole('Yhteinen teksti'))
    await two.get(`${PARTNER}/entry/${id}/edit`)
    await one.get(`${PARTNER}/entry/${id}/edit`)
    await fill(one, { 'summary.fi': 'Ensimmäisen sana.' })
    await fill(two, { 'summary.fi': 'Toisen sana.' })
    assert.equal(two.page.status, 409)
    says(two.page, 'Ensimmäisen sana.')
    says(two.page, 'Toisen sana.')
    await one.get(`${PARTNER}/entry/${id}/edit`)
    says(one.page, 'Ensimmäisen sana.')
    await fill(two, {})
    assert.equal(two.page.status, 200, 'sent again, knowingly, it replaces theirs')
    await one.get(`${PARTNER}/entry/${id}/edit`)
    says(one.page, 'Toisen sana.')
})

test('an undo from a page that is older than the last change takes nothing back unseen; sent twice it is done once', async () => {
    const [p, one, two] = [await association(), await editor(), await editor()]
    const id = await newService(p, whole('Kumottava'))
    await act(p, id, { act: 'send' })
    const approve = async () => {
        await two.get(`${DESK}/waiting/${id}`)
        await two.submit(`${DESK}/waiting/${id}`, {}, { button: ['act', 'approve'] })
    }
    await approve()
    await one.get(`${DESK}/entry/${id}`)
    const { fields } = one.page.form(/\/undo$/)
    await p.get(`${PARTNER}/entry/${id}/edit`)
    await fill(p, { 'summary.fi': 'Uudempi sana.' }, { button: 'then' })
    await approve()
    await one.post(`${DESK}/undo`, fields)
    assert.equal(one.page.status, 409)
    says(one.page, 'Somebody has changed this')
    await one.get(`${DESK}/entry/${id}`)
    const again = one.page.form(/\/undo$/).fields
    for (let i = 0; i < 2; i++)
        says(await one.post(`${DESK}/undo`, again), 'The change is undone.')
})

test('what an editor adds is found at once', async () => {
    const e = await editor()
    await e.get(`${DESK}/find?q=dental`)
    const where = e.page.links.find((l) => /\/directory\/entry\//.test(l))
    await e.get(where)
    await e.submit(/\/addition$/, { 'synonym.fi': 'purukalustopaja', 'plain.en': 'Teeth. <i>Short</i>.', cover: 'full' })
    says(e.page, 'Residents find and see it at once')
    assertStrict(e.page, 'additions')
    const id = idOf(e.page)
    const r = visitor()
    assert.ok(await within(8, async () => (await r.get('/fi/search?q=purukalustopaja')).text.includes(id)), 'found by the synonym')
    const stale = await editor()
    await stale.get(where)
    await e.get(where)
    await e.submit(/\/addition$/, { cover: 'takes' })
    await stale.submit(/\/addition$/, { cover: 'paused', 'plain.fi': 'Ei katoa.' })
    assert.equal(stale.page.status, 409, 'somebody else saved meanwhile')
    says(stale.page, 'Ei katoa.')
    await e.get(where)
    await e.submit(/\/addition$/, { review: 'soon' })
    assert.equal(e.page.status, 422)
    says(e.page, 'href="#review"')
})

test('synonyms and the worklist: a row becomes a synonym, is dealt with, and the search knows it', async () => {
    const e = await editor()
    await e.get(`${DESK}/gaps`)
    says(e.page, 'peruukki')
    saysNot(e.page, 'trampoliini') // three people only
    says(e.page, 'rarer searches are not shown')
    assertStrict(e.page, 'searches that did not help')
    const href = e.page.links.map((l) => l.replaceAll('&amp;', '&')).find((l) => l.includes('/synonyms?') && l.includes('says=peruukki'))
    await e.get(href)
    await e.submit(/\/synonyms$/, { act: 'save', means: '' })
    assert.equal(e.page.status, 422)
    await e.get(href)
    await e.submit(/\/synonyms$/, { act: 'try', means: 'apuvälineet' })
    says(e.page, 'With these words, about')
    await e.submit((f) => /\/synonyms$/.test(f.action) && f.controls.some((c) => c.name === 'gap'), { act: 'save' })
    says(e.page, 'The search knows it now')
    await e.get(`${DESK}/gaps`)
    saysNot(e.page, 'says=peruukki')
    const token = e.page.token
    assert.equal((await e.post(`${DESK}/gaps`, { _token: token, gap: 'xyz', in: 'fi' })).status, 400)
    await e.get(`${DESK}/synonyms`)
    await e.submit((f) => f.html.includes('value="remove"'), { act: 'remove' })
    says(e.page, 'Removed.')
})

test('an account: made once, its password shown once, ended at once', async () => {
    const e = await editor()
    await e.get(`${DESK}/accounts`)
    const organisation = /<option value="([^"]+)"[^>]*>Neighbourhood Food Bank/.exec(e.page.text)[1]
    await e.submit(/\/accounts$/, { organisation, name: '', login: 'X Y' })
    assert.equal(e.page.status, 422)
    await e.submit(/\/accounts$/, { organisation, name: 'Fia Food', login: 'fia.food' })
    assert.equal(e.page.status, 200)
    assertStrict(e.page, 'an account made')
    const password = /<span class="code"[^>]*>([^<]+)</.exec(e.page.text)[1]
    assert.match(password, /^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/, '80 bits')
    const p = visitor()
    await p.signIn('fia.food', password)
    assert.equal(p.page.path, PARTNER)
    says(p.page, 'Neighbourhood Food Bank')
    await p.get('/en/staff/password')
    assertStrict(p.page, 'changing a password')
    const own = 'a staple of my own'
    for (const [current, fresh, again, field] of [['wrong', own, own, 'current'], [password, 'short', 'short', 'fresh'], [password, own, 'another one', 'again']]) {
        await p.submit(/\/password$/, { current, fresh, again })
        assert.equal(p.page.status, 422, field)
        says(p.page, `href="#${field}"`)
    }
    const elsewhere = visitor()
    await elsewhere.signIn('fia.food', password)
    assert.equal(elsewhere.page.path, PARTNER)
    await p.get('/en/staff/password')
    await p.submit(/\/password$/, { current: password, fresh: own, again: own })
    says(p.page, 'Your password is changed.')
    await elsewhere.get(PARTNER)
    assert.match(elsewhere.page.path, /sign-in/, 'who was signed in with the old one is out')
    const again = visitor()
    await again.signIn('fia.food', password)
    assert.equal(again.page.status, 403, 'the first one is over')
    await again.signIn('fia.food', own)
    assert.equal(again.page.path, PARTNER)
    await e.get(`${DESK}/accounts`)
    saysNot(e.page, password)
    await e.submit(/\/accounts$/, { organisation, name: 'Fia Food', login: 'fia.food' })
    assert.equal(e.page.status, 422)
    says(e.page, 'This user name is taken')
    await e.get(`${DESK}/accounts`)
    const row = (f) => /\/accounts\/\d+$/.test(f.action) && f.html.includes('Fia Food')
    await e.submit(row, { act: 'end' })
    await p.get(PARTNER)
    assert.match(p.page.path, /sign-in/, 'its session is over')
    await e.get(`${DESK}/accounts`)
    const workers = [...Array(5)].map((_, i) => i + 1)
    for (const id of workers) // of somebody who is no partner
        assert.equal((await e.post(`${DESK}/accounts/${id}`, { _token: e.page.token, act: 'end' })).status, 404)
})

test('an organisation that PTV does not know gets entries of its own', async () => {
    const e = await editor()
    await e.get(`${DESK}/new/organisation`)
    await fill(e, { 'name.fi': 'Uusi Apu ry', 'name.en': 'New Help' })
    says(e.page, 'The organisation is there now')
    assert.ok(await within(8, async () => (await e.get(`${DESK}/accounts`)).text.includes('New Help')))
})

test('an import overwrites nothing that was added or written here', async () => {
    const data = sampleCounty()
    const file = path.join(root, 'data', 'county', 'services-health.json')
    const imported = asialla(['import', 'ptv', '--data', data, file])
    assert.equal(imported.status, 0, imported.err)
    const s = await startServer({ data, args: ['--demo', '--proxy', '127.0.0.1'] })
    const v = new Visitor(s, { lang: 'fi' })
    says(await v.get('/fi/search?q=hammasjono'), 'Hammas')
    says(await v.get('/fi/search?q=kokoontumispaikka+mutkan+iltapuhelin'), 'K')
    v.close()
    await s.stop()
    const r = asialla(['verify', '--data', data])
    assert.equal(r.status, 0, r.out + r.err)
})

test('the quality list counts, filters and leads on', async () => {
    const e = await editor()
    await e.get(`${DESK}/quality`)
    assertStrict(e.page, 'the quality list')
    await e.get(`${DESK}/quality?lack=review-due`)
    says(e.page, 'Its review date has passed.')
    await e.get(`${DESK}/quality?lack=stale&from=local`)
    says(e.page, 'Grief group')
    await e.get(`${DESK}/quality?lack=%3Cx%3E&from=%22&page=99999999999`)
    assert.equal(e.page.status, 200)
    assertStrict(e.page, 'the quality list, asked for nonsense')
})
