// Pictures: scaled down before they travel, shown as thumbnails, gathered over several takes.
import { $, each, make, on, say } from './dom.js'
import { toast } from './toast.js'

const LONGEST = 2048, SMALL = 1.5e6

async function smaller(file) {
	if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return file
	const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
	const scale = Math.min(LONGEST / Math.max(picture.width, picture.height), 1)
	if (scale === 1 && file.size < SMALL) return file
	const canvas = make('canvas')
	canvas.width = Math.round(picture.width * scale)
	canvas.height = Math.round(picture.height * scale)
	canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
	const blob = await new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.85))
	return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, '.jpg'), { type: 'image/jpeg' }) : file
}

function thumb(file, remove) {
	const el = make('span', { class: 'thumb', title: file.name }), button = make('button', { type: 'button', 'aria-label': `${say('remove')} ${file.name}` }, '×')
	if (file.type.startsWith('image/')) {
		const url = URL.createObjectURL(file), img = make('img', { alt: file.name, src: url })
		img.addEventListener('load', () => URL.revokeObjectURL(url), { once: true })
		el.append(img)
	} else {
		el.append(file.name)
	}
	button.addEventListener('click', remove)
	el.append(button)
	return el
}

function field(input) {
	const host = $('.thumbs', input.parentElement), drop = input.closest('.drop')
	let chosen = []

	const keep = files => {
		const all = new DataTransfer()
		chosen = files
		for (const file of files) all.items.add(file)
		input.files = all.files
		host?.replaceChildren(...files.map(file => thumb(file, () => keep(chosen.filter(f => f !== file)))))
	}
	input.addEventListener('change', async () => {
		const fresh = []
		input.setAttribute('aria-busy', 'true')
		for (const file of [...input.files]) {
			try {
				fresh.push(await smaller(file))
			} catch {
				fresh.push(file)
				toast(`${file.name}: ${say('large')}`)
			}
		}
		keep(input.multiple ? [...chosen, ...fresh] : fresh.slice(0, 1))
		input.removeAttribute('aria-busy')
	})
	for (const kind of ['dragover', 'dragleave', 'drop'])
		drop?.addEventListener(kind, () => drop.classList.toggle('over', kind === 'dragover'))
}

export function photo() {
	each('input[type=file][data-photo]', field)
	if (!matchMedia('(pointer: coarse)').matches) return
	each('[data-camera]', button => { button.hidden = false })
	on('click', '[data-camera]', (event, button) => {
		const input = document.getElementById(button.dataset.camera)
		input.accept = 'image/*'
		input.setAttribute('capture', 'environment')
		input.click()
		input.removeAttribute('capture')
		input.removeAttribute('accept')
	})
}
