// client.mjs: asking as a browser without JavaScript does: cookies, forms with their tokens, redirects followed by hand.
// And as nobody should: raw bytes on a socket.
import http from 'node:http'
import net from 'node:net'

export function request(url, { method = 'GET', headers = {}, body, agent } = {}) {
    return new Promise((resolve, reject) => {
        const req = http.request(url, { method, headers, agent }, (res) => {
            const parts = []
            res.on('data', (d) => parts.push(d))
            res.on('error', reject)
            res.on('end', () => resolve({
                status: res.statusCode,
                headers: res.headers,
                cookies: res.headers['set-cookie'] ?? [],
                bytes: Buffer.concat(parts),
                text: Buffer.concat(parts).toString('utf8'),
            }))
        })
        req.setTimeout(120_000, () => req.destroy(new Error(`no answer in 120 s: ${method} ${url}`)))
        // a connection that was kept open and that the server has closed meanwhile, while a command kept us from seeing it
        const stale = () => method === 'GET' && req.reusedSocket
        req.on('error', (e) => (e.code === 'ECONNRESET' && stale() ? resolve(request(url, { method, headers, agent })) : reject(e)))
        req.end(body)
    })
}

// Sends bytes, waits until the other end hangs up (or `ms`), returns what came.
export function raw(port, bytes, { ms = 30_000, half = false } = {}) {
    return new Promise((resolve, reject) => {
        const socket = net.connect(port, '127.0.0.1')
        let text = ''
        const done = () => { clearTimeout(timer); socket.destroy(); resolve(text) }
        const timer = setTimeout(done, ms)
        socket.on('data', (d) => { text += d.toString('latin1') })
        socket.on('close', done)
        socket.on('error', (e) => (e.code === 'ECONNRESET' || e.code === 'EPIPE' ? done() : (clearTimeout(timer), reject(e))))
        socket.on('connect', () => { socket.write(bytes); half && socket.end() })
    })
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'", '#34': '"' }
export const unescapeHtml = (s) => s.replace(/&(#?\w+);/g, (all, name) => ENTITIES[name] ?? all)

function attributes(tag) {
    const out = {}
    for (const m of tag.matchAll(/([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g))
        out[m[1].toLowerCase()] = unescapeHtml(m[2] ?? m[3] ?? m[4] ?? '')
    return out
}

// A form's fields as a browser would send them untouched: [[name, value], ...]; buttons apart.
function readFields(html) {
    const fields = []
    const buttons = []
    const controls = []
    for (const m of html.matchAll(/<(input|button|textarea|select)\b([^>]*)>(?:([^]*?)<\/\1>)?/g)) {
        const tag = m[1]
        // An <input> has no end tag: do not let the expression swallow what follows.
        const a = attributes(m[2])
        controls.push({ tag, ...a })
        if (!a.name || 'disabled' in a)
            continue
        if (tag === 'button') {
            if ((a.type ?? 'submit') === 'submit')
                buttons.push([a.name, a.value ?? ''])
        } else if (tag === 'textarea') {
            fields.push([a.name, unescapeHtml((m[3] ?? '').replace(/^\n/, ''))])
        } else if (tag === 'select') {
            const options = [...(m[3] ?? '').matchAll(/<option\b([^>]*)>([^<]*)/g)].map((o) => ({ ...attributes(o[1]), text: o[2] }))
            const chosen = options.find((o) => 'selected' in o) ?? options[0]
            if (chosen)
                fields.push([a.name, chosen.value ?? unescapeHtml(chosen.text.trim())])
        } else if (a.type === 'checkbox' || a.type === 'radio') {
            if ('checked' in a)
                fields.push([a.name, a.value ?? 'on'])
        } else if (a.type !== 'submit' && a.type !== 'button' && a.type !== 'file') {
            fields.push([a.name, a.value ?? ''])
        }
    }
    return { fields, buttons, controls }
}

export class Page {
    constructor(answer, url) {
        Object.assign(this, answer)
        this.url = url
    }

    get path() {
        const u = new URL(this.url)
        return u.pathname + u.search
    }

    get title() {
        return unescapeHtml(/<title>([^<]*)/.exec(this.text)?.[1] ?? '')
    }

    // Every form of the page: { action, method, fields, buttons }.
    get forms() {
        return [...this.text.matchAll(/<form\b([^>]*)>([^]*?)<\/form>/g)].map((m) => {
            const a = attributes(m[1])
            return { action: a.action || this.path, method: (a.method ?? 'get').toUpperCase(), ...readFields(m[2].replace(/<input\b[^>]*>/g, (t) => t + ' ')) , html: m[2] }
        })
    }

    // The form whose address matches; or, of several with one address, the one for which match(form) is true.
    form(match) {
        const fits = typeof match === 'function' ? match : (f) => (match instanceof RegExp ? match.test(f.action) : f.action === match)
        const found = this.forms.find(fits)
        if (!found)
            throw new Error(`no form ${match} on ${this.path} (${this.status}); there are: ${this.forms.map((f) => f.action).join(' ') || 'none'}`)
        return found
    }

    get links() {
        return [...this.text.matchAll(/<a\b([^>]*)>/g)].map((m) => attributes(m[1]).href).filter(Boolean)
    }

    get token() {
        return /name="_token" value="([^"]*)"/.exec(this.text)?.[1]
    }
}

let addresses = 0
const newAddress = () => `192.0.${(++addresses >> 8) & 255}.${addresses & 255}`

// Somebody with a browser: a jar of cookies and a page at a time.
export class Visitor {
    constructor(server, { lang = 'en', headers = {} } = {}) {
        this.base = server.url
        this.lang = lang
        this.headers = { 'X-Forwarded-For': newAddress(), ...headers } // believed where the test says --proxy
        this.jar = new Map()
        this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    }

    get cookie() {
        return [...this.jar].map(([k, v]) => `${k}=${v}`).join('; ')
    }

    async ask(path, { method = 'GET', fields, headers = {}, body, follow = true } = {}) {
        const url = new URL(path, this.base)
        const h = { ...this.headers, ...headers }
        if (this.jar.size)
            h.Cookie = this.cookie
        if (fields) {
            body = new URLSearchParams(fields).toString()
            h['Content-Type'] = 'application/x-www-form-urlencoded'
        }
        if (body !== undefined)
            h['Content-Length'] = Buffer.byteLength(body)
        const answer = await request(url, { method, headers: h, body, agent: this.agent })
        for (const c of answer.cookies) {
            const [, name, value] = /^([^=]+)=([^;]*)/.exec(c)
            if (value === '' || /max-age=0/i.test(c))
                this.jar.delete(name)
            else
                this.jar.set(name, value)
        }
        this.page = new Page(answer, url.href)
        if (follow && answer.status === 303)
            return this.ask(answer.headers.location, { headers })
        return this.page
    }

    get(path, options) {
        return this.ask(path, options)
    }

    post(path, fields, options = {}) {
        return this.ask(path, { method: 'POST', fields, ...options })
    }

    // Fills in the form of the page that is open and sends it: `values` by name (an array: several fields of that name;
    // null: not sent), `button` as [name, value] or a button's name.
    submit(match, values = {}, { button, ...options } = {}) {
        const form = this.page.form(match)
        const fields = form.fields.filter(([name]) => !(name in values))
        for (const [name, value] of Object.entries(values))
            for (const v of value === null ? [] : [value].flat())
                fields.push([name, v])
        const pressed = typeof button === 'string' ? form.buttons.find(([name]) => name === button) : button
        if (pressed)
            fields.push(pressed)
        if (form.method === 'GET')
            return this.ask(form.action.split('?')[0] + '?' + new URLSearchParams(fields), options)
        return this.post(form.action, fields, options)
    }

    async signIn(user, password, next = '') {
        await this.get(`/${this.lang}/sign-in`)
        return this.submit(/\/sign-in$/, { user, password, ...(next ? { next } : {}) })
    }

    async persona(login) {
        await this.get(`/${this.lang}/sign-in`)
        return this.submit(/\/sign-in\/persona$/, {}, { button: ['persona', login] })
    }

    close() {
        this.agent.destroy()
    }
}

// A stream of events, once its answer has begun: { status, headers, text, until(pattern), close() }.
export function listen(url, headers = {}) {
    return new Promise((resolve, reject) => {
        const req = http.get(url, { headers, agent: false }, (res) => {
            const stream = { status: res.statusCode, headers: res.headers, text: '', close: () => req.destroy() }
            stream.until = async (pattern, ms = 60_000) => {
                for (const end = Date.now() + ms; !pattern.test(stream.text); await sleep(10))
                    if (Date.now() > end)
                        throw new Error(`no ${pattern} in ${ms / 1000} s on ${url}: ${stream.text}`)
            }
            res.on('data', (d) => { stream.text += d })
            res.on('error', () => {})
            resolve(stream)
        })
        req.on('error', reject)
    })
}

// Sends what stands on the visitor's page until it is not answered with "nothing was saved, try again": a busy database says so
// when many write at once.
export async function insist(v, send) {
    const page = v.page
    for (let i = 0; ; i++) {
        await send(v)
        if (v.page.status !== 503 || i === 30)
            return v.page
        await sleep(100 + Math.random() * 200)
        v.page = page
    }
}

export const sleep = (ms) => new Promise((r) => setTimeout(r, ms))
