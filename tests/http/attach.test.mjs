// Attachments over the socket: with a contact, a message, an answer; who may read them; what hostile uploads meet.
import test, { after, before } from '../lib/test.mjs'
import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'
import { asialla, bareCounty, startServer } from '../lib/server.mjs'
import { Visitor, raw } from '../lib/client.mjs'
import { codeOf, fillContact, findMatter, makeContact, openByCode, openMatter, staff } from '../lib/people.mjs'
import { assertStrict } from '../lib/strict.mjs'

let server
before(async () => { server = await startServer({ data: bareCounty(), args: ['--contacts', '0', '--proxy', '127.0.0.1'] }) })
after(async () => {
    await server.stop()
    const r = asialla(['verify', '--data', server.data])
    assert.equal(r.status, 0, r.out + r.err)
})

// ---- files ----

const crc = crc32 ?? ((data) => { // older Node
    let c = 0xffffffff
    for (const byte of data) {
        c ^= byte
        for (let k = 0; k < 8; k++)
            c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
    }
    return (c ^ 0xffffffff) >>> 0
})
function chunk(type, data) {
    const body = Buffer.concat([Buffer.from(type), data])
    const out = Buffer.alloc(data.length + 12)
    out.writeUInt32BE(data.length, 0)
    body.copy(out, 4)
    out.writeUInt32BE(crc(body) >>> 0, data.length + 8)
    return out
}
const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])
const png = (idat = Buffer.from('picture'), more = []) => Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), ...more, chunk('IDAT', idat), chunk('IEND', Buffer.alloc(0))])
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\nstartxref\n9\n%%EOF\n')

let parts = 0
function multipart(fields, files) {
    const mark = `----test${++parts}`
    const out = []
    for (const [name, value] of fields)
        out.push(Buffer.from(`--${mark}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`))
    for (const { name = 'file', filename, type = 'application/octet-stream', bytes } of files)
        out.push(Buffer.from(`--${mark}\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: ${type}\r\n\r\n`), bytes, Buffer.from('\r\n'))
    out.push(Buffer.from(`--${mark}--\r\n`))
    return { headers: { 'Content-Type': `multipart/form-data; boundary=${mark}` }, body: Buffer.concat(out) }
}

// The form of the page is sent as a browser does that has files chosen.
function send(visitor, match, values, files, options = {}) {
    const form = visitor.page.form(match)
    const fields = form.fields.map(([n, v]) => [n, values[n] ?? v])
    return visitor.ask(form.action, { method: 'POST', ...multipart(fields, files), ...options })
}
const hrefs = (page) => [...page.text.matchAll(/<a href="([^"]*\/file\/\d+)" download>([^<]+)</g)].map((m) => ({ href: m[1], name: m[2] }))

test('with the contact: cleaned, stored in pieces, listed, read by its own code only', async () => {
    const v = new Visitor(server)
    await fillContact(v)
    assert.match(v.page.text, /enctype="multipart\/form-data"/)
    const large = png(Buffer.alloc(700_000, 'x'))
    const dirty = png(Buffer.alloc(700_000, 'x'), [chunk('tEXt', Buffer.from('GPS\0SECRET'))])
    await send(v, /\/contact\/[\w-]+$/, {}, [
        { filename: '../..\\photo of my knee.exe', type: 'text/html', bytes: Buffer.concat([dirty, Buffer.from('<script>')]) },
        { filename: 'lähete.pdf', bytes: PDF },
        { filename: '', bytes: Buffer.alloc(0) }])
    const code = codeOf(v.page)
    await openByCode(v, code)
    const files = hrefs(v.page)
    assert.deepEqual(files.map((f) => f.name), ['photo of my knee.png', 'lähete.pdf'])
    const got = await v.ask(files[0].href)
    assert.equal(got.status, 200)
    assert.ok(got.bytes.equals(large), 'the picture without what it told')
    assert.equal(got.headers['content-type'], 'image/png')
    assert.match(got.headers['content-disposition'], /^attachment; filename="photo of my knee\.png"; filename\*=UTF-8''photo%20of%20my%20knee\.png$/)
    assert.equal(got.headers['x-content-type-options'], 'nosniff')
    assert.match(got.headers['content-security-policy'], /default-src 'none'; sandbox/)
    assert.match(got.headers['cache-control'], /no-store/)
    assert.equal(got.headers['cross-origin-resource-policy'], 'same-origin')
    assert.match((await v.ask(files[0].href + '?show=1')).headers['content-disposition'], /^inline/)
    const doc = await v.ask(files[1].href + '?show=1')
    assert.match(doc.headers['content-disposition'], /^attachment; filename="l_hete\.pdf"; filename\*=UTF-8''l%C3%A4hete\.pdf$/)
    const other = new Visitor(server)
    await makeContact(other)
    await openByCode(other, codeOf(other.page))
    assert.equal((await other.ask(files[0].href)).status, 404, "another's code opens nothing")
    const nobody = new Visitor(server)
    assert.equal((await nobody.ask(files[0].href, { follow: false })).status, 303)
    v.close(); other.close(); nobody.close()
})

test('a form sent twice is one contact with its files once', async () => {
    const v = new Visitor(server)
    await fillContact(v, { answers: { 'q.what': 'sent twice with a file' } })
    const form = v.page
    await send(v, /\/contact\/[\w-]+$/, {}, [{ filename: 'a.png', bytes: png() }])
    const code = codeOf(v.page)
    v.page = form
    await send(v, /\/contact\/[\w-]+$/, {}, [{ filename: 'a.png', bytes: png() }])
    assert.equal(codeOf(v.page), code)
    await openByCode(v, code)
    assert.equal(hrefs(v.page).length, 1)
    v.close()
})

test('a file that is not taken keeps what was written, says why, and nothing is stored', async () => {
    const v = new Visitor(server)
    await fillContact(v)
    const page = v.page
    for (const [filename, bytes, words] of [
        ['a.exe', Buffer.from('MZ'), /a: This kind of file cannot be sent/],
        ['a.png', Buffer.from('<html>'), /This kind of file cannot be sent/],
        ['a.png', png().subarray(0, 60), /The file is broken/],
        ['empty.pdf', Buffer.alloc(0), /empty: The file is empty/],
        ['big.pdf', Buffer.concat([PDF, Buffer.alloc(11_000_000, 'x')]), /The file is too big/],
    ]) {
        v.page = page
        await send(v, /\/contact\/[\w-]+$/, {}, [{ filename, bytes }])
        assert.equal(v.page.status, 422, filename)
        assert.match(v.page.text, words)
        assertStrict(v.page, 'the page of a refused file')
        assert.ok(v.page.form(/\/contact\/[\w-]+$/).fields.some(([n, x]) => n === 'at' && x === 'check'))
    }
    v.page = page
    await send(v, /\/contact\/[\w-]+$/, {}, Array.from({ length: 5 }, () => ({ filename: 'a.png', bytes: png() })))
    assert.match(v.page.text, /too many attachments/)
    await send(v, /\/contact\/[\w-]+$/, {}, [{ filename: 'a.png', bytes: png() }])
    codeOf(v.page)
    v.close()
})

test('with a message; both sides see both, every look is logged, another team sees nothing', async () => {
    const worker = await staff(server, 'worker')
    const v = new Visitor(server)
    const code = await makeContact(v)
    const ref = await findMatter(worker, v, code)
    await send(v, /\/message$/, { text: '' }, [{ filename: 'kuva.png', bytes: png() }])
    assert.match(v.page.text, /I send an attachment\./)
    assert.equal(hrefs(v.page).length, 1)
    await openMatter(worker, ref)
    const [file] = hrefs(worker.page)
    assert.match(file.href, new RegExp(`/staff/matter/${ref}/file/`))
    assert.ok((await worker.ask(file.href)).bytes.equals(png()))
    await worker.get(`/en/staff/matter/${ref}/file`)
    await send(worker, /\/file$/, {}, [{ filename: 'ohje.pdf', bytes: PDF }])
    assert.match(worker.page.text, /The file is added/)
    assertStrict(worker.page, 'the page of attachments')
    await openByCode(v, code)
    assert.deepEqual(hrefs(v.page).map((f) => f.name), ['kuva.png', 'ohje.pdf'])
    assert.match(v.page.text, /<strong>Veikko Worker/)
    const stranger = await staff(server, 'nurse')
    assert.equal((await stranger.ask(file.href)).status, 404)
    assert.equal((await stranger.ask(`/en/staff/matter/${ref}/file`)).status, 404)
    stranger.close()
    for (let i = 0; i < 8; i++)
        await send(v, /\/message$/, { text: `more ${i}` }, [{ filename: 'a.png', bytes: png() }])
    await send(v, /\/message$/, { text: 'one too many' }, [{ filename: 'a.png', bytes: png() }])
    assert.match(v.page.text, /too many attachments already/)
    assert.match(v.page.text, /one too many<\/textarea>/)
    worker.close(); v.close()
})

test('without a token, from elsewhere, to an address that takes none: nothing is kept', async () => {
    const v = new Visitor(server)
    const code = await makeContact(v)
    await openByCode(v, code)
    const page = v.page
    const file = [{ filename: 'a.png', bytes: png() }]
    assert.ok((await send(v, /\/message$/, { _token: 'x', text: 'a' }, file)).status >= 400)
    v.page = page
    assert.equal((await v.ask('/en/status/matter/cancel', { method: 'POST', ...multipart([['_token', page.token]], file) })).status >= 400, true)
    v.page = page
    const foreign = multipart([['_token', page.token], ['text', 'a']], file)
    assert.equal((await v.ask('/en/status/matter/message', { method: 'POST', ...foreign, headers: { ...foreign.headers, 'Sec-Fetch-Site': 'cross-site' } })).status, 403)
    await openByCode(v, code)
    assert.equal(hrefs(v.page).length, 0)
    v.close()
})

test('bodies that are no form are refused, and the server goes on', async () => {
    const post = (type, body) => raw(server.port, `POST /en/contact/other HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    const part = 'Content-Disposition: form-data; name="at"'
    for (const [type, body] of [
        ['multipart/form-data; boundary=b', '--b\r\n' + part + '\r\n\r\n0'],
        ['multipart/form-data; boundary=b', '--b\n' + part + '\n\n0\n--b--\n'],
        ['multipart/form-data; boundary=b', '--b\r\n' + part + '\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c--\r\n--b--'],
        ['multipart/form-data; boundary=b', `--b\r\n${part}; filename*=UTF-8''a\r\n\r\n0\r\n--b--`],
        ['multipart/form-data; boundary=b', ('--b\r\n' + part + '\r\n\r\n0\r\n').repeat(300) + '--b--'],
    ])
        assert.match(await post(type, body), /^HTTP\/1\.1 400 /, body.slice(0, 60))
    assert.match(await raw(server.port, 'POST /en/contact/other HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 200000000\r\n\r\n', { ms: 3000 }), /^HTTP\/1\.1 413 /)
    assert.match(await raw(server.port, 'GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 200 /)
})
