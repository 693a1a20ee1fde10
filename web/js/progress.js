// Long work: while a form with data-progress waits for its answer, the page asks there how far it is. data-send-now in it: sent off by itself.
import { $, each, on, say } from './dom.js'

export function progress() {
	on('submit', 'form[data-progress]', (event, form) => {
		setInterval(async () => {
			const { progress } = await fetch(form.dataset.progress, { headers: { Accept: 'application/json' } }).then(r => r.json(), () => ({}))
			if (progress != null) $('[data-told]', form).textContent = say('read', progress)
		}, 700)
	})
	each('[data-send-now]', mark => mark.closest('form').requestSubmit())
}
