// strict.mjs: what must be true of every answer, whatever was asked.
import assert from 'node:assert/strict'

const CSP = {
    'default-src': ["'none'"], 'style-src': ["'self'"], 'script-src': ["'self'"], 'font-src': ["'self'"],
    'img-src': ["'self'"], 'connect-src': ["'self'"], 'form-action': ["'self'"], 'base-uri': ["'none'"],
    'frame-ancestors': ["'none'"],
}

export function assertStrict(answer, what) {
    const h = answer.headers
    const csp = Object.fromEntries((h['content-security-policy'] ?? '').split(';').map((d) => d.trim().split(/\s+/)).map(([k, ...v]) => [k, v]))
    assert.deepEqual(csp, CSP, `Content-Security-Policy of ${what}`)
    assert.equal(h['x-content-type-options'], 'nosniff', what)
    assert.equal(h['referrer-policy'], 'same-origin', what)
    assert.equal(h['cross-origin-opener-policy'], 'same-origin', what)
    assert.equal(h['cross-origin-resource-policy'], 'same-origin', what)
    // Camera and microphone for the pages of a remote visit alone.
    assert.match(h['permissions-policy'] ?? '', /^\/\w\w\/(video-check$|visit\/)/.test(what) ? /camera=\((self)?\)/ : /camera=\(\)/, what)
    assert.match(h['cache-control'] ?? '', /^no-(store|cache)$/, what)
    for (const name of ['server', 'x-powered-by'])
        assert.equal(h[name], undefined, `${what} says ${name}: ${h[name]}`)
    for (const c of answer.cookies)
        assert.match(c, /^[\w-]+=[\w-]*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax(; Secure)?$/, what)
    if (/^text\/html/.test(h['content-type'] ?? ''))
        assertNoInline(answer.text, what)
}

// Nothing that the policy would refuse: no inline script, style, handler, or address of another site's file.
export function assertNoInline(html, what) {
    assert.match(html, /^<!doctype html>/i, what)
    assert.match(html, /<html lang="(fi|sv|en)"/, what)
    const bare = html.replace(/="[^"]*"/g, '=""') // what stands in a value is text
    const never = (expression, text, why) => {
        const at = text.search(expression)
        assert.ok(at < 0, `${why} in ${what}: ${text.slice(Math.max(0, at - 80), at + 160)}`)
    }
    // A block of data is no script: it cannot be run, and nothing in it can end it (page.data).
    const programs = html.replace(/<script type="application\/ld\+json">[^<>&]*<\/script>/g, '').replace(/="[^"]*"/g, '=""')
    never(/<script(?![^>]*\bsrc=)/i, programs, 'inline script')
    never(/<style\b|<[^>]+\sstyle=/i, bare, 'inline style')
    never(/<[^>]+\son[a-z]+=/i, bare, 'inline handler')
    never(/(?:href|src|action)="\s*(?:javascript|data|vbscript):/i, html, 'a script for an address')
    never(/<(?:link|script|img|iframe|form)[^>]+(?:href|src|action)="(?:https?:)?\/\//i, html, 'a foreign file')
}
