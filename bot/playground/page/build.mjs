/**
 * Build the page into `static/` (or the folder given): `npm ci && node build.mjs`.
 *
 * The same sources, lock file and build script give the same bytes on every machine; the header of
 * `app.js` says their hash, and `tests/playground/test_page_bundle.py` compares it.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = resolve(process.argv[2] ?? join(HERE, "static"));
const INPUTS = ["build.mjs", "package-lock.json", "package.json", "tsconfig.json"];

/** What `slack-blocks-to-jsx` brings inside its own files, with the license texts we keep of it. */
const EMBEDDED = [
  { name: "@yozora/* (inside slack-blocks-to-jsx)", file: "yozora.txt" },
  { name: "tailwindcss (base styles inside slack-blocks-to-jsx)", file: "tailwindcss.txt" },
];

/** SHA-256 over each input in order of its path: path, newline, size in bytes, newline, content. */
function hashOfSources() {
  const sources = readdirSync(join(HERE, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(HERE, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join("/"));
  const hash = createHash("sha256");
  for (const path of [...INPUTS, ...sources].sort()) {
    const content = readFileSync(join(HERE, path));
    hash.update(`${path}\n${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

function installed(name) {
  return JSON.parse(readFileSync(join(HERE, "node_modules", name, "package.json"), "utf8"));
}

/**
 * The library gives every drawing the same element id and scopes its styles by it. On a page with many
 * drawings its class does that, as strong as the id was against the library's own resets.
 */
const SCOPE = ":is(#_,.slack_blocks_to_jsx)";
const oneIdPerPage = {
  name: "one-id-per-page",
  setup(builder) {
    builder.onLoad({ filter: /slack-blocks-to-jsx[\\/]dist[\\/]index\.mjs$/ }, ({ path }) => {
      const code = readFileSync(path, "utf8");
      const patched = code.replaceAll('id:"slack_blocks_to_jsx",', "");
      if (patched === code) throw new Error("slack-blocks-to-jsx no longer sets its element id as expected");
      return { contents: patched, loader: "js" };
    });
    builder.onLoad({ filter: /slack-blocks-to-jsx[\\/]dist[\\/]style\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll("#slack_blocks_to_jsx", SCOPE).replaceAll("!important", ""),
      loader: "css",
    }));
  },
};

const SHARED = {
  absWorkingDir: HERE,
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  charset: "utf8",
  legalComments: "none",
  sourcemap: false,
  target: ["chrome111", "firefox121", "safari16.5"],
  logLevel: "warning",
  plugins: [oneIdPerPage],
};

function packagesOf(...metafiles) {
  const names = metafiles
    .flatMap(({ inputs }) => Object.keys(inputs))
    .map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter(Boolean);
  return [...new Set(names)].sort();
}

function licenseOf(name) {
  const folder = join(HERE, "node_modules", name);
  const file = readdirSync(folder).find((entry) => /^(licen[sc]e|copying)/i.test(entry));
  if (!file) throw new Error(`${name} brings no license text; keep one in src/licenses and say so in build.mjs`);
  return readFileSync(join(folder, file), "utf8");
}

function thirdPartyLicenses(names) {
  const title = "What is bundled in app.js and index.html, and under which licenses.";
  const texts = [
    ...names.map((name) => [`${name} ${installed(name).version} (${installed(name).license})`, licenseOf(name)]),
    ...EMBEDDED.map(({ name, file }) => [name, readFileSync(join(HERE, "src/licenses", file), "utf8")]),
  ];
  const line = "-".repeat(78);
  const tidy = (text) => text.replaceAll("\r\n", "\n").trim();
  return `${title}\n\n${texts.map(([name, text]) => `${line}\n${name}\n${line}\n\n${tidy(text)}\n`).join("\n")}`;
}

const script = await build({
  ...SHARED,
  entryPoints: ["src/main.tsx"],
  format: "iife",
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  alias: { "node-emoji": "./src/shims/node-emoji.ts" },
});
const style = await build({ ...SHARED, entryPoints: ["src/styles/index.css"] });

const sources = hashOfSources();
const versions = ["slack-blocks-to-jsx", "react", "react-dom", "esbuild"]
  .map((name) => `${name} ${installed(name).version}`)
  .join(", ");
const header = [
  "/*! certdesk playground: the page. Made by bot/playground/page/build.mjs, not by hand.",
  ` * sources sha256: ${sources}`,
  ` * ${versions}`,
  " * Licenses of what is bundled: THIRD-PARTY-LICENSES.txt",
  " */",
].join("\n");

const css = style.outputFiles[0].text.trim();
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'sha256-${createHash("sha256").update(css).digest("base64")}'`,
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
const page = readFileSync(join(HERE, "src/index.html"), "utf8")
  .replace("@@POLICY@@", () => policy)
  .replace("@@CSS@@", () => css);

mkdirSync(OUT, { recursive: true });
writeFileSync(join(OUT, "app.js"), `${header}\n${script.outputFiles[0].text}`);
writeFileSync(join(OUT, "index.html"), page);
writeFileSync(join(OUT, "THIRD-PARTY-LICENSES.txt"), thirdPartyLicenses(packagesOf(script.metafile, style.metafile)));
