// people.mjs: what people do, in a few words: a resident makes a contact page by page, a professional signs in.
import { Visitor } from './client.mjs'
import { PASSWORD } from './server.mjs'

// Fills in one page of a contact as somebody would who answers everything that must be answered.
function answersFor(form, wanted) {
    const values = {}
    const controls = form.controls.filter((c) => c.name && c.type !== 'hidden' && !c.name.startsWith('_'))
    const already = new Set(form.fields.filter(([, v]) => v !== '').map(([n]) => n))
    for (const c of controls) {
        if (c.name in wanted) {
            values[c.name] = wanted[c.name]
        } else if (c.tag === 'textarea') {
            values[c.name] = wanted.text ?? 'My knee hurts when I walk upstairs.'
        } else if (c.tag === 'input' && c.inputmode === 'numeric' && !/\.[dmy]$/.test(c.name)) {
            values[c.name] = '15'
        } else if (c.tag === 'input' && !c.type && c.name.startsWith('q.') && !/\.[dmy]$/.test(c.name)) {
            values[c.name] = 'Testikatu 1'
        } else if (c.tag === 'input' && ['radio', 'checkbox'].includes(c.type) && c.name.startsWith('q.') && !already.has(c.name)) {
            values[c.name] ??= c.value
        }
    }
    return values
}

// What the error summary says.
export const errorsOf = (page) => (/id="errors"[^>]*>([^]*?)<\/div>/.exec(page.text)?.[1] ?? page.title).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')

// From the subject to the page that sends: leaves `visitor.page` on "Check and send".
export async function fillContact(visitor, { form = 'other', answers = {}, service = '' } = {}) {
    const wanted = { 'd.reach': 'none', ...answers }
    await visitor.get(`/${visitor.lang}/contact/${form}` + (service ? `?service=${service}` : ''))
    for (let page = 0; page < 12; page++) {
        if (visitor.page.status !== 200)
            throw new Error(`page ${page} of the contact ${form}: ${visitor.page.status}: ${errorsOf(visitor.page)}`)
        const f = visitor.page.form(/\/contact\/[\w-]+$/)
        if (f.fields.some(([n, v]) => n === 'at' && v === 'check'))
            return visitor.page
        await visitor.submit(/\/contact\/[\w-]+$/, answersFor(f, wanted))
    }
    throw new Error('the contact has no end')
}

export function codeOf(page) {
    const code = /<span class="code"[^>]*>([^<]+)<\/span>/.exec(page.text)?.[1]
    if (!code)
        throw new Error(`no receipt code on ${page.path} (${page.status})`)
    return code
}

// A whole contact. Returns its receipt code; `visitor.page` is the receipt.
export async function makeContact(visitor, options) {
    await fillContact(visitor, options)
    await visitor.submit(/\/contact\/[\w-]+$/)
    return codeOf(visitor.page)
}

// What one contact sends, taken once, so that a load of them can be sent: body(once, text) is the body of one POST.
export async function contactTemplate(server, options = {}) {
    const v = new Visitor(server)
    await fillContact(v, options)
    const form = v.page.form(/\/contact\/[\w-]+$/)
    v.close()
    return {
        path: form.action,
        body: (once, more = {}) => new URLSearchParams(form.fields.map(([n, x]) => [n, n === 'once' ? once : more[n] ?? x])).toString(),
    }
}

export async function openByCode(visitor, code) {
    visitor.jar.clear() // as on a device of its own
    await visitor.get(`/${visitor.lang}/status`)
    return visitor.submit(/\/status$/, { code })
}

// ---- professionals ----

const cookies = new Map()

// A browser in which that professional of the bare county is signed in. The password is tried once a server and login: tries
// are limited; more browsers of the same person share the session.
export async function staff(server, login, options) {
    const v = new Visitor(server, options)
    const key = `${server.url} ${login}`
    if (!cookies.has(key)) {
        await v.signIn(login, PASSWORD)
        if (v.jar.size !== 1)
            throw new Error(`${login} could not sign in: ${v.page.status}`)
        cookies.set(key, [...v.jar])
    }
    v.jar = new Map(cookies.get(key))
    await v.get(`/${v.lang}/staff/`)
    return v
}

export const openMatter = (visitor, ref) => visitor.get(`/${visitor.lang}/staff/matter/${ref}`)

// The references of the matters in the queue, in its order.
export async function queue(visitor, query = '') {
    await visitor.get(`/${visitor.lang}/staff/${query}`)
    return [...visitor.page.text.matchAll(/class="queue__what" href="[^"]*\/staff\/matter\/([^"?]+)"/g)].map((m) => m[1])
}

// Does that to the matter whose page is open: the form that offers it is filled in and sent.
export function act(visitor, kind, values = {}, options = {}) {
    const offers = (f) => /\/staff\/matter\//.test(f.action) && f.controls.some((c) => c.name === 'act' && (c.value === kind || c.tag === 'select'))
    const exact = (f) => offers(f) && (f.controls.some((c) => c.name === 'act' && c.value === kind) || f.html.includes(`<option value="${kind}"`))
    return visitor.submit(exact, { ...values, act: kind }, options)
}

// Hands the matter over to a team of the same register in which one of these colleagues is, who takes it. Who took it.
export async function handOver(worker, ref, colleagues) {
    await openMatter(worker, ref)
    const same = /<optgroup label="Teams of the same[^>]*>([^]*?)<\/optgroup>/.exec(worker.page.text)?.[1] ?? ''
    const teams = [...same.matchAll(/<option value="([^"]+)"[^>]*>([^<]+)/g)].map((x) => ({ value: x[1], name: x[2] }))
    for (const v of colleagues) {
        await v.get(`/${v.lang}/staff/`)
        const own = /<h1>Queue: ([^<]+)/.exec(v.page.text)?.[1]
        const to = own && teams.find((t) => t.name.startsWith(own))
        if (!to)
            continue
        await act(worker, 'hand-offered', { to: to.value, text: 'It is theirs.' })
        await openMatter(v, ref)
        await act(v, 'hand-taken')
        return v
    }
    throw new Error('none of these colleagues is in another team of the same register')
}

// The reference of the matter that the code opens: the resident reads its number, the professional searches by it, and has
// its page open afterwards.
export async function findMatter(worker, resident, code) {
    await openByCode(resident, code)
    const number = /Number of the matter, when you call: ([\w-]+)/.exec(resident.page.text)?.[1]
    await worker.get(`/${worker.lang}/staff/?ref=${number}`)
    const ref = /\/staff\/matter\/([\w-]+)$/.exec(worker.page.path)?.[1]
    if (!ref)
        throw new Error(`no matter ${number} for this professional: ${worker.page.path} (${worker.page.status})`)
    return ref
}

export const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
