// Builds everything under static/guilder from the sources here; --check builds aside and compares.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import subsetFont from "subset-font";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../src/guilder/faces/web/static/guilder");
const modules = join(here, "node_modules");
const check = process.argv.includes("--check");
// Always built aside: a page that is open meanwhile never misses a file.
const out = mkdtempSync(join(tmpdir(), "guilder-assets-"));

function styles() {
  for (const name of ["app", "work"]) {
    execFileSync(join(modules, ".bin/tailwindcss"),
      ["--input", join(here, `css/${name}.css`), "--output", join(out, `${name}.css`), "--minify"],
      { cwd: here, stdio: ["ignore", "ignore", "inherit"] });
  }
}

async function scripts() {
  const common = { bundle: true, minify: true, target: "es2022", legalComments: "none", logLevel: "warning" };
  const pages = ["app", "work", "editor"].map((name) => join(here, `js/${name}.js`));
  await build({ ...common, entryPoints: pages, format: "esm", splitting: true, chunkNames: "part-[hash]", outdir: out });
  for (const name of ["theme", "api-docs/shield", "api-docs/swagger", "api-docs/redoc"]) {
    await build({ ...common, entryPoints: [join(here, `js/${name}.js`)], format: "iife", outfile: join(out, `${name}.js`) });
  }
}

function icons() {
  const names = readdirSync(join(here, "icons")).filter((name) => name.endsWith(".svg")).sort();
  const symbols = names.map((name) => {
    const body = readFileSync(join(here, "icons", name), "utf8").replace(/^<svg[^>]*>|<\/svg>\s*$/g, "");
    return `<symbol id="${name.slice(0, -4)}" viewBox="0 0 16 16">${body.replace(/(\.\d*?)0+(?=[^\d])/g, "$1").replace(/\.(?=[^\d])/g, "")}</symbol>`;
  });
  writeFileSync(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
  cpSync(join(here, "mark.svg"), join(out, "mark.svg"));
}

// Characters of the unicode-range lines in css/fonts.css, in the same order as the files there.
function ranges() {
  const css = readFileSync(join(here, "css/fonts.css"), "utf8");
  return [...css.matchAll(/unicode-range: ([^;]+);/g)].map((match) => match[1].split(",").flatMap((part) => {
    const [from, to = from] = part.trim().slice(2).split("-").map((code) => parseInt(code, 16));
    return Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index));
  }).join(""));
}

// What the interface uses: kerning, tabular figures, composed accents. Inter's other alternates would weigh a quarter more.
const FEATURES = ["kern", "tnum", "ccmp", "locl", "mark"];

async function fonts() {
  mkdirSync(join(out, "fonts"), { recursive: true });
  const [latin, extended] = ranges();
  for (const [name, text] of [["latin", latin], ["latin-ext", extended]]) {
    const source = readFileSync(join(modules, `@fontsource-variable/inter/files/inter-${name}-wght-normal.woff2`));
    const cut = await subsetFont(source, text, { targetFormat: "woff2", variationAxes: { wght: { min: 400, max: 650 } }, keepFeatures: FEATURES });
    writeFileSync(join(out, `fonts/inter-${name}.woff2`), cut);
  }
  cpSync(join(modules, "@fontsource-variable/inter/LICENSE"), join(out, "fonts/OFL.txt"));
}

// ReDoc carries its search worker as a string for a blob: address, which our policy refuses, so it becomes a file;
// and it asks a foreign host for a logo, so that address goes.
function apiDocs() {
  const to = join(out, "api-docs");
  mkdirSync(to, { recursive: true });
  const swagger = join(modules, "swagger-ui-dist");
  for (const name of ["swagger-ui.css", "swagger-ui-bundle.js"]) cpSync(join(swagger, name), join(to, name));
  cpSync(join(swagger, "LICENSE"), join(to, "swagger-ui.LICENSE.txt"));
  const redoc = readFileSync(join(modules, "redoc/bundles/redoc.standalone.js"), "utf8").replace(/\n\/\/# sourceMappingURL=.*$/m, "");
  const start = redoc.indexOf("new Blob(['") + "new Blob([".length;
  const end = redoc.indexOf("'])", start) + 1;
  if (start < 20 || end < start) throw new Error("ReDoc's search worker was not found: its bundle changed.");
  const worker = Function(`return ${redoc.slice(start, end)}`)();
  writeFileSync(join(to, "redoc-worker.js"), worker.replace(/\n\/\/# sourceMappingURL=.*$/m, ""));
  const bundle = (redoc.slice(0, start) + "''" + redoc.slice(end)).replaceAll(/https:\/\/cdn\.redoc\.ly\/[\w./-]+/g, "data:,");
  writeFileSync(join(to, "redoc.standalone.js"), bundle);
  cpSync(join(modules, "redoc/LICENSE"), join(to, "redoc.LICENSE.txt"));
  const faces = readFileSync(join(here, "css/fonts.css"), "utf8").replaceAll('url("fonts/', 'url("../fonts/');
  writeFileSync(join(to, "redoc.css"), `${faces}body { margin: 0; }\n`);
}

// Beside each text what travels: the server hands out the compressed twin to who takes it.
function compress() {
  for (const file of files(out).filter((name) => /\.(css|js|svg)$/.test(name))) {
    const bytes = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
  }
}

// Compressed twins are compared by what they hold, since each Node packs a little differently.
function held(path) {
  const bytes = readFileSync(path);
  return path.endsWith(".gz") ? gunzipSync(bytes) : path.endsWith(".br") ? brotliDecompressSync(bytes) : bytes;
}

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)]);
}

function differences() {
  const built = files(out).map((file) => relative(out, file));
  const kept = files(target).map((file) => relative(target, file));
  return [...new Set([...built, ...kept])].filter((name) =>
    !existsSync(join(out, name)) || !existsSync(join(target, name)) ||
    !held(join(out, name)).equals(held(join(target, name)))).sort();
}

mkdirSync(join(out, "api-docs"), { recursive: true });
styles();
await scripts();
icons();
await fonts();
apiDocs();
compress();

// Puts what was built in its place, file by file, and takes away what is no longer built.
function place() {
  for (const name of differences()) {
    const [from, to] = [join(out, name), join(target, name)];
    if (!existsSync(from)) { rmSync(to); continue; }
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(`${to}.new`, readFileSync(from));
    renameSync(`${to}.new`, to);
  }
}

if (check) {
  const changed = differences();
  rmSync(out, { recursive: true, force: true });
  if (changed.length) {
    console.error(`The committed files differ from a fresh build: ${changed.join(", ")}. Run "make assets" and commit.`);
    process.exit(1);
  }
  console.log("The committed files equal a fresh build.");
} else {
  mkdirSync(target, { recursive: true });
  place();
  for (const name of ["app.css", "work.css", "app.js", "work.js", "editor.js", ...files(out).map((file) => relative(out, file)).filter((name) => /^part-.*js$/.test(name)), "theme.js", "icons.svg", "fonts/inter-latin.woff2"]) {
    const bytes = readFileSync(join(out, name));
    console.log(`${name}: ${statSync(join(out, name)).size} bytes, ${name.endsWith("woff2") ? bytes.length : statSync(join(out, `${name}.br`)).size} on the wire`);
  }
  rmSync(out, { recursive: true, force: true });
}
