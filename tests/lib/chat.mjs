// chat.mjs: what a resident and a professional do in a chat, in a few words.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { asialla, tempDir } from './server.mjs'

const texts = (words) => ({ fi: words, sv: words, en: words })
export const ALWAYS = 'Mo-Su 00:00-24:00; PH 00:00-24:00'

// Channels that are open at any hour: a test runs at any hour. `more` is put over both.
export function channels(more = {}) {
    const one = (ref, team, form, reason) => ({
        ref, team, name: texts(`Channel ${ref}`), lead: texts('A professional advises.'), closed: texts('This chat is closed now.'), form, reason,
        phone: '09 000 0001', languages: ['fi', 'sv', 'en'], hours: ALWAYS, waitMinutes: 15, atOnce: 20, queueMost: 50, ...more,
    })
    return { channels: [one('health', 'nurse-south', 'health', 'health-new-problem'), one('advice', 'guidance', 'other', 'advice')] }
}

export function importChannels(data, settings = channels(), options = {}) {
    const file = path.join(tempDir('channels'), 'chat.json')
    writeFileSync(file, typeof settings === 'string' ? settings : JSON.stringify(settings))
    return asialla(['import', 'chat', file, '--data', data], options)
}

// Starts a conversation; visitor.page is its page.
export async function startChat(visitor, { channel = 'health', text = 'I have had a cough for two weeks.' } = {}) {
    await visitor.get(`/${visitor.lang}/chat/to/${channel}`)
    await visitor.submit(/\/chat\/to\//, { text })
    return visitor.page
}

// The lines of a page or a fragment: [{ seq, own, text }], notes without `own`.
export function lines(text) {
    return [...text.matchAll(/<li class="([^"]*)"[^>]*data-seq="(\d+)"[^>]*>([^]*?)<\/li>/g)].map(([, kind, seq, html]) => ({
        seq: Number(seq), note: kind === 'chat__note', own: /message--own/.test(kind),
        text: (/message__text">([^]*?)<\/p>/.exec(html)?.[1] ?? html).replace(/<[^>]+>/g, '').trim(),
    }))
}

export async function read(visitor, after = 0) {
    const answer = await visitor.get(`/${visitor.lang}/chat/talk/after?seq=${after}`)
    return { status: answer.status, seq: Number(/data-seq="(\d+)"/.exec(answer.text)?.[1]), lines: lines(answer.text), text: answer.text }
}

// Writes as the script does; the answer is the fragment of what came after `after`.
export function say(visitor, token, once, text, after = 0) {
    return visitor.post(`/${visitor.lang}/chat/talk/say`, { _token: token, once, text, after: String(after) }, { follow: false })
}

let serial = 0
export const once = (name = 'chat') => `${name}-${process.pid}-${String(++serial).padStart(16, '0')}`

// The addresses of the conversations that wait on the desk that is open.
export const refs = (page) => [...new Set([...page.text.matchAll(/\/staff\/chat\/([0-9a-z]{13})/g)].map((m) => m[1]))]

export function take(worker, token, ref) {
    return worker.post(`/${worker.lang}/staff/chat/${ref}`, { _token: token, act: 'take', once: once('take') }, { follow: false })
}
