// The keyboard: one table, and g with the letter a navigation entry bears. Letters do nothing while someone types or a dialog is open.
import { $, $$, typing } from './dom.js'

const press = selector => () => $(selector)?.click()

function row(step) {
	return () => {
		const rows = $$('[data-rows] > tr, [data-rows] > li, [data-rows] > article')
		if (!rows.length) return
		const at = rows.findIndex(r => r.classList.contains('current'))
		const next = rows[Math.min(Math.max(at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step, 0), rows.length - 1)]
		if (at >= 0) rows[at].classList.remove('current')
		next.classList.add('current')
		next.scrollIntoView({ block: 'nearest' })
		$('a[href]', next)?.focus({ preventScroll: true })
	}
}

function search() {
	const field = $('#search')
	field?.focus()
	field?.select()
}

const keys = {
	'/': search,
	n: press('[data-new]'),
	e: press('[data-primary]'),
	j: row(1),
	k: row(-1),
	'?': () => $('#keys')?.showModal(),
}

function leave(target) {
	if (location.hash === '#nav') location.hash = '#main'
	$$('details.menu[open]').forEach(d => { d.open = false })
	if (typing(target)) target.blur()
}

const send = form => form.requestSubmit($('[data-primary]', form) ?? $('button:not([type=button])', form))

export function keyboard() {
	let first = '', timer = 0
	document.addEventListener('keydown', event => {
		if (event.key === 'Escape') leave(event.target)
		if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing && event.target.form) send(event.target.form)
		if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || $('dialog[open]')) return
		const place = first && $(`.nav a[data-key="${CSS.escape(event.key)}"]`)
		clearTimeout(timer)
		if (first) {
			first = ''
			place?.click()
		} else if (Object.hasOwn(keys, event.key)) {
			event.preventDefault()
			keys[event.key]()
		} else if (event.key === 'g') {
			first = 'g'
			timer = setTimeout(() => { first = '' }, 1200)
		}
	})
}
