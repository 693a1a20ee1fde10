// Forms: sent once, asked about when dangerous, kept when the line breaks.
import { $, $$, each, on, say, store } from './dom.js'
import { toast } from './toast.js'

const DAYS_KEPT = 7 * 86400e3

function once() {
	on('submit', 'form', (event, form) => {
		if (event.defaultPrevented || form.method === 'get' || form.hasAttribute('hx-post')) return
		if (form.dataset.sent) {
			event.preventDefault()
			return
		}
		form.dataset.sent = '1'
		const button = event.submitter ?? $('button:not([type=button])', form)
		button?.setAttribute('aria-busy', 'true')
		setTimeout(() => { delete form.dataset.sent; button?.removeAttribute('aria-busy') }, 8000)
	})
	addEventListener('pageshow', () => $$('form[data-sent]').forEach(form => {
		delete form.dataset.sent
		$$('[aria-busy]', form).forEach(b => b.removeAttribute('aria-busy'))
	}))
}

function confirmed() {
	on('submit', 'form[data-confirm]', (event, form) => {
		if (!confirm(form.dataset.confirm)) {
			event.preventDefault()
			event.stopImmediatePropagation()
		}
	}, true)
}

/* ---- drafts: page and person name them, secrets and files stay out ---- */

const kept = el => el.name && !el.name.startsWith('_') && el.name !== 'ver' && !['password', 'file', 'hidden', 'submit', 'button'].includes(el.type)

function read(form) {
	const values = {}
	for (const el of form.elements) {
		if (!kept(el)) continue
		if (el.type === 'checkbox' || el.type === 'radio') { if (el.checked) values[el.name] = el.value } else values[el.name] = el.value
	}
	return values
}

function write(form, values) {
	for (const el of form.elements) {
		if (!kept(el)) continue
		if (el.type === 'checkbox' || el.type === 'radio') el.checked = values[el.name] === el.value
		else if (el.name in values) el.value = values[el.name]
	}
}

function draft(form) {
	const key = `draft:${document.body.dataset.user}:${location.pathname}:${form.dataset.draft || form.id}`
	const empty = JSON.stringify(read(form))
	let old = null
	try { old = JSON.parse(store.get(key)) } catch { store.remove(key) }
	// The server already shows what was typed when a form comes back with errors.
	if (old && !$('[data-errors]', form) && JSON.stringify(old.values) !== empty && Date.now() - old.at < DAYS_KEPT) {
		write(form, old.values)
		toast(say('draft'), { label: say('discard'), run() { write(form, JSON.parse(empty)); store.remove(key) } })
	}
	let timer = 0
	form.addEventListener('input', () => {
		clearTimeout(timer)
		timer = setTimeout(() => store.set(key, JSON.stringify({ at: Date.now(), values: read(form) })), 400)
	})
	// A sent draft waits under another name: gone once the next page is reached without errors, back if it is not.
	form.addEventListener('submit', () => {
		clearTimeout(timer)
		store.set(key, JSON.stringify({ at: Date.now(), values: read(form) }))
		try { sessionStorage.setItem('sent', key) } catch { /* the draft is offered again, nothing worse */ }
	})
	form.addEventListener('htmx:afterRequest', event => { if (event.target === form && event.detail.successful) store.remove(key) })
}

function settleSent() {
	try {
		const key = sessionStorage.getItem('sent')
		if (key && !$('[data-errors]')) store.remove(key)
		sessionStorage.removeItem('sent')
	} catch { /* no storage, no drafts */ }
	for (const key of store.keys().filter(k => k.startsWith('draft:'))) {
		try { if (Date.now() - JSON.parse(store.get(key)).at > DAYS_KEPT) store.remove(key) } catch { store.remove(key) }
	}
}

function count(area) {
	const out = document.createElement('p')
	out.className = 'hint'
	area.after(out)
	const show = () => { out.textContent = `${[...area.value].length} / ${area.maxLength}` }
	area.addEventListener('input', show)
	show()
}

export function forms() {
	confirmed()
	once()
	settleSent()
	each('form[data-draft]', draft)
	each('textarea[data-count][maxlength]', count)
	$('[data-errors]')?.focus()
}
