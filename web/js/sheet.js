// A link that opens its page's form on top of this one: from below on a phone, in the middle elsewhere. Without script it is a link.
import htmx from 'htmx.org'
import { $, each, make, on } from './dom.js'

function host(title) {
	let dialog = $('#sheet')
	if (!dialog) {
		dialog = make('dialog', { id: 'sheet', class: 'sheet' }, make('div', { id: 'sheet-body' }))
		document.body.append(dialog)
	}
	dialog.setAttribute('aria-label', title)
	return dialog
}

async function open(link) {
	const dialog = host(link.textContent.trim())
	link.closest('details.menu')?.removeAttribute('open')
	$('#sheet-body', dialog).replaceChildren()
	// Without network the answer is the kept page of all steps ahead: of those, the one that was meant.
	const step = new URL(link.href).pathname.split('/').pop()
	await htmx.ajax('GET', link.href, { target: '#sheet-body', select: link.dataset.sheet || `#move, #move-${CSS.escape(step)}`, swap: 'innerHTML' })
	if ($('form, a', dialog)) dialog.showModal()
}

/* Sentences to tap: each goes on a line of its own. */
function put(button) {
	const area = $('textarea', button.closest('.with-phrases'))
	area.value = [area.value.trim(), button.dataset.put].filter(Boolean).join('\n')
	area.dispatchEvent(new Event('input', { bubbles: true }))
}

function pick(button) {
	const field = button.closest('.field')
	$('input', field).value = button.dataset.pick
	$('.look', field).replaceChildren()
}

export function sheet() {
	on('click', 'a[data-sheet]', (event, link) => {
		if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
		event.preventDefault()
		open(link)
	})
	on('click', '[data-put]', (event, button) => put(button))
	on('click', '[data-pick]', (event, button) => pick(button))
	each('[data-phrases]', list => { list.hidden = false })
	each('form[data-auto]', form => {
		for (const button of form.querySelectorAll('[data-auto-off]')) button.hidden = true
		form.addEventListener('change', () => form.requestSubmit())
	})
}
