// htmx: our token on every request, a thin line while one runs, plain words when it fails.
import { $, make, say } from './dom.js'
import { toast } from './toast.js'

const csrf = () => document.body.dataset.csrf

function progress() {
	const line = make('div', { class: 'progress-line', 'aria-hidden': 'true' })
	let running = 0, timer = 0
	document.body.append(line)
	document.addEventListener('htmx:beforeRequest', () => {
		if (running++ === 0) timer = setTimeout(() => line.classList.add('on'), 120)
	})
	document.addEventListener('htmx:afterRequest', () => {
		if (--running > 0) return
		running = 0
		clearTimeout(timer)
		line.classList.remove('on')
	})
}

export function requests() {
	document.addEventListener('htmx:configRequest', event => {
		if (csrf()) event.detail.headers['X-CSRF-Token'] = csrf()
	})
	for (const kind of ['htmx:sendError', 'htmx:timeout', 'htmx:responseError'])
		document.addEventListener(kind, event => { if (navigator.onLine) toast(problem(event.detail.xhr) || say('failed')) })
	document.addEventListener('htmx:afterSettle', event => $('[data-errors]', event.detail.elt)?.focus())
	progress()
}

/* The sentence in an answer that failed: a problem as JSON, or the words of an error page. */
export function problem(xhr) {
	const type = xhr?.getResponseHeader?.('Content-Type') ?? ''
	try {
		if (type.includes('json')) return JSON.parse(xhr.responseText).detail ?? ''
		if (type.includes('html')) return $('[data-errors] p', new DOMParser().parseFromString(xhr.responseText, 'text/html'))?.textContent ?? ''
	} catch { /* not what it says it is */ }
	return ''
}

/* Posts fields as the page's own forms do; answers the Response. */
export function post(url, fields) {
	const body = new URLSearchParams({ ...fields, _csrf: csrf() ?? '', _key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}` })
	return fetch(url, { method: 'POST', body, credentials: 'same-origin', headers: { 'X-CSRF-Token': csrf() ?? '', Accept: 'application/json' } })
}
