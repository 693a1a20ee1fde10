// Makes the browser's files: node web/build.mjs OUTDIR DEPFILE TARGET
// Writes app.css, app.js, theme.js, sw.js and reader.js to OUTDIR, and to DEPFILE what TARGET depends on.
import { readFileSync, readdirSync, statSync, writeFileSync, existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const [out, depfile, target] = process.argv.slice(2).map((a, i) => i ? a : resolve(a))

async function tool(name) {
	try {
		return await import(name)
	} catch {
		console.error(`web: ${name} is not installed. Run this in ${root}:\n\n    npm ci --ignore-scripts\n`)
		process.exit(1)
	}
}
const esbuild = await tool('esbuild')
const { PurgeCSS } = await tool('purgecss')

// Folders are dependencies too: a new page is noticed by its folder's time.
function walk(dir, wanted, found = { files: [], dirs: [] }) {
	found.dirs.push(dir)
	for (const name of readdirSync(dir).sort()) {
		const path = join(dir, name)
		if (statSync(path).isDirectory()) walk(path, wanted, found)
		else if (wanted(path)) found.files.push(path)
	}
	return found
}
const speaks = path => /\.html$|_web\.c$|\/(ui|frame)\.c$/.test(path)
const pages = ['slice', 'app', 'http'].map(d => join(root, d)).filter(existsSync).map(d => walk(d, speaks))
const web = walk(join(root, 'web'), path => /\.(js|css|mjs)$/.test(path))

// The words a page can have as class names: those in class="…", and in C and scripts any quoted text made of such words.
function classes({ files }) {
	const words = new Set()
	for (const file of files) {
		const text = readFileSync(file, 'utf8')
		const quoted = file.endsWith('.html') ? /class="([^"]*)"|"([\w-]+)"/g : /["'`]([\w .<>="/-]*)["'`]/g
		for (const m of text.matchAll(quoted))
			for (const w of (m[1] ?? m[2]).match(/[\w-]+/g) ?? []) words.add(w)
	}
	return words
}
const used = new Set([...pages.map(classes), classes({ files: web.files.filter(f => f.endsWith('.js')) })].flatMap(s => [...s]))
const tags = 'html body main header footer nav aside section article h1 h2 h3 h4 p a b i em strong small code kbd pre hr br ul ol li dl dt dd img svg table caption thead tbody tfoot tr th td form fieldset legend label input select option optgroup textarea button details summary dialog time output mark meter progress figure figcaption blockquote abbr address sub sup video canvas'.split(' ')

// Of Tabler only reset, grid and utilities are kept: a class that our own sheet draws, and the families it draws, come from there alone.
const drawn = new Set(web.files.filter(f => f.endsWith('.css')).flatMap(f => [...readFileSync(f, 'utf8').matchAll(/\.([a-z][\w-]*)/g)].map(m => m[1])))
const families = /^(btn|card|table|badge|form|alert|page|nav|dropdown|status|steps?|timeline|avatar|modal|toast|pagination|progress|empty|list|input|tab)(-|$)/
const kept = [...used].filter(w => !drawn.has(w) && !families.test(w))
const purge = {
	name: 'purge',
	setup(build) {
		build.onLoad({ filter: /tabler\.css$/ }, async ({ path }) => {
			const [{ css }] = await new PurgeCSS().purge({
				content: [{ raw: '-', extension: 'txt' }],
				css: [{ raw: readFileSync(path, 'utf8') }],
				extractors: [{ extensions: ['txt'], extractor: () => ({ classes: kept, tags, ids: [], attributes: { names: [], values: [] }, undetermined: [] }) }],
				blocklist: [/data-bs-theme/, /^:host/], variables: true, keyframes: true, fontFace: true,
			})
			return { contents: css, loader: 'css' }
		})
		build.onLoad({ filter: /tokens\.css$/ }, ({ path }) => ({ contents: followSystem(readFileSync(path, 'utf8')), loader: 'css' }))
	},
}
// The dark block once more, for a system that is dark and a reader who chose nothing.
function followSystem(css) {
	const dark = css.match(/:root\[data-theme="dark"\] (\{[^}]*\})/)[1]
	return `${css}\n@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) ${dark} }`
}

const bundle = (format, ...entryPoints) => esbuild.build({
	absWorkingDir: root, entryPoints, outdir: out, bundle: true, minify: true, metafile: true,
	target: ['chrome111', 'firefox113', 'safari16.4'], format, legalComments: 'eof', charset: 'utf8', plugins: [purge], write: false, logLevel: 'warning',
})
// The reader of bar codes is a module, fetched when it is wanted.
const made = [await bundle('iife', 'web/app.js', 'web/theme.js', 'web/sw.js', 'web/app.css'), await bundle('esm', 'web/reader.js')]
// Unchanged files keep their time, so nothing behind them is built again.
for (const { path, contents } of made.flatMap(m => m.outputFiles))
	if (!existsSync(path) || !readFileSync(path).equals(Buffer.from(contents))) writeFileSync(path, contents)

if (depfile) {
	const inputs = made.flatMap(m => Object.keys(m.metafile.inputs)).map(p => join(root, p))
	const deps = [...pages.flatMap(p => [...p.files, ...p.dirs]), ...web.files, ...web.dirs, ...inputs, join(root, 'package-lock.json')]
	writeFileSync(depfile, `${target}: ${[...new Set(deps)].map(p => relative(process.cwd(), p)).join(' \\\n  ')}\n`)
}
