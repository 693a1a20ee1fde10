// Work without network: tells the worker what to keep, shows what waits to be sent and what was refused, and offers the step after it.
import htmx from 'htmx.org'
import { $, $$, make, on, say } from './dom.js'
import { outbox } from './outbox.js'
import { toast } from './toast.js'

const { user = '', csrf = '' } = document.body.dataset
let worker = null

/* ---- what to keep ---- */

const local = url => url && new URL(url, location.href).origin === location.origin && new URL(url, location.href).pathname.startsWith('/assets/')

function filesHere() {
	const urls = $$('link[href], script[src], img[src], use').map(el => el.getAttribute('href') ?? el.getAttribute('src'))
	return [...new Set([...urls, say('reader')].filter(local).map(url => url.replace(/#.*/, '')))]
}

/* The page in place of one that is not kept. */
function nothing() {
	const page = document.implementation.createHTMLDocument(document.title), style = $('link[rel=stylesheet]').cloneNode()
	page.documentElement.lang = document.documentElement.lang
	page.head.append(make('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }), style)
	page.body.append(make('main', { class: 'main' }, make('div', { class: 'card narrow' }, make('div', { class: 'empty' }, make('h1', {}, say('unkept')), make('a', { class: 'btn btn-primary', href: '/day' }, say('dayPage'))))))
	return `<!doctype html>${page.documentElement.outerHTML}`
}

function keepDay() {
	const paths = { '/day': '' }
	for (const el of $$('[data-kept] [data-order]')) {
		const state = `${document.documentElement.lang} ${el.dataset.ver}`
		for (const page of ['', '/ahead']) paths[`/orders/${el.dataset.order}${page}`] = state
	}
	worker.postMessage({ keep: { user, files: filesHere(), paths, nothing: nothing() } })
}

/* ---- what waits ---- */

const time = ms => new Date(ms).toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' })

function button(name, run) {
	const el = make('button', { type: 'button', class: 'btn btn-small' }, say(name))
	el.addEventListener('click', run)
	return el
}

/* With a step go those recorded after it on the same order. */
async function takeBack(item, all) {
	if (item.refused && !confirm(say('discardRefused', item.verb))) return
	for (const later of all) if (later.no === item.no && later.id >= item.id) await outbox.remove(later.id)
	location.reload()
}

function fill(form, fields) {
	for (const [name, value] of fields) {
		for (const el of $$(`[name="${CSS.escape(name)}"]`, form)) {
			if (name.startsWith('_') || name === 'ver' || name === 'event' || el.type === 'file') continue
			if (el.type === 'radio' || el.type === 'checkbox') el.checked ||= el.value === value
			else el.value = value
		}
	}
}

/* The step's form as the order is now, with what was recorded; sent from there, it is no longer ours to keep. */
async function again(item) {
	const link = $('#sheet') ?? document.body.appendChild(make('dialog', { id: 'sheet', class: 'sheet', 'aria-label': item.verb }, make('div', { id: 'sheet-body' })))
	await htmx.ajax('GET', `/orders/${item.no}/moves/${item.event}?back=day`, { target: '#sheet-body', select: '#move', swap: 'innerHTML' })
	const form = $('#sheet-body form')
	if (!$('#sheet-body > *')) return
	link.showModal()
	if (!form) return
	fill(form, new URLSearchParams(item.body))
	form.addEventListener('submit', () => { outbox.remove(item.id) })
}

function line(item, all) {
	const what = make('div', { class: 'stack-s' },
		make('b', {}, item.verb || say('files')),
		make('span', { class: 'small muted' }, make('a', { class: 'no', href: `/orders/${item.no}` }, item.no), ` · ${time(item.at)}`),
		make('span', { class: item.refused ? 'small bad' : 'small muted' }, item.refused ? say('refused', item.refused) : say('waiting')))
	const steps = make('div', { class: 'cluster' })
	if (item.refused && item.event) steps.append(button('again', () => again(item)))
	steps.append(button(item.refused ? 'discard' : 'undo', () => takeBack(item, all)))
	return make('li', {}, what, steps)
}

function panel(all) {
	$('#unsent')?.remove()
	if (!all.length) return
	const card = make('section', { class: 'card card-accent', id: 'unsent', 'aria-labelledby': 'unsent-title' },
		make('div', { class: 'card-head' }, make('h2', { id: 'unsent-title' }, say('unsent', all.length))), make('ul', { class: 'items' }, ...all.map(item => line(item, all))))
	const head = $('#main .page-head')
	if (head) head.after(card)
	else $('#main')?.prepend(card)
}

/* ---- the step after ---- */

async function nextOf(no, event) {
	const answer = await fetch(`/orders/${no}/ahead`, { headers: { Accept: 'text/html' } })
	const steps = answer.ok ? $$('#ahead > [data-event]', new DOMParser().parseFromString(await answer.text(), 'text/html')) : []
	return steps[steps.findIndex(s => s.dataset.event === event) + 1 || steps.length]
}

function offer(step, no) {
	if (!step) return make('p', { class: 'muted' }, say('recorded'))
	if (!$('.fields', step)) return document.importNode($('form', step), true)
	return make('a', { class: 'btn btn-primary btn-large btn-block', href: `/orders/${no}/ahead`, 'data-sheet': `#move-${step.dataset.event}`, 'data-primary': true }, step.dataset.verb)
}

async function steps(all) {
	for (const place of $$('[data-step]')) {
		const no = place.dataset.step, mine = all.filter(item => item.no === no && item.event), last = mine.at(-1)
		if (!last) continue
		const refused = mine.some(item => item.refused), step = refused ? null : await nextOf(no, last.event).catch(() => null)
		place.replaceChildren(refused ? make('p', { class: 'bad' }, say('held')) : offer(step, no))
		const title = $('#next h2')
		if (title && !refused) title.textContent = step?.dataset.verb ?? say('unsent', mine.length)
	}
}

async function show() {
	const all = await outbox.of(user)
	panel(all)
	await steps(all)
	return all
}

/* ---- when ---- */

const send = () => { if (navigator.onLine) worker?.postMessage({ send: csrf }) }

async function heard({ data }) {
	const waiting = await outbox.of(user)
	if (data.sent) toast(say('sent', data.sent))
	// What is on the page is older than what was sent; nobody is interrupted for it.
	if (data.sent && !$('dialog[open]') && $('[data-kept], [data-step]')) setTimeout(() => location.reload(), 600)
	else if (data.refused || waiting.length) show()
}

async function begin() {
	const registration = $('[data-kept]') ? await navigator.serviceWorker.register('/sw.js') : await navigator.serviceWorker.getRegistration()
	if (!registration) return
	worker = (await navigator.serviceWorker.ready).active
	navigator.serviceWorker.addEventListener('message', heard)
	worker.postMessage({ be: user })
	addEventListener('online', send)
	const all = await show()
	if (navigator.onLine && $('[data-kept]')) keepDay()
	if (all.some(item => !item.refused)) send()
	on('submit', 'form[action="/logout"]', (event) => {
		if (!event.defaultPrevented && $('#unsent') && !confirm(say('leave'))) event.preventDefault()
	}, true)
}

export function unsent() {
	if ('serviceWorker' in navigator && 'indexedDB' in window) begin().catch(() => { /* then as without: pages need the network */ })
}
