// Makes the pages that the tests open: corpora in a folder of their own,
// scanned by the built binary.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
export const folder = mkdtempSync(join(tmpdir(), "doppelt-browser-"));
export const clean = () => rmSync(folder, { recursive: true, force: true });

/** Scans some paths and returns the address of the page. */
export function page(name, paths, ...flags) {
  const file = join(folder, `${name}.html`);
  const args = ["scan", ...paths, "--quiet", "--format", "html", "--output", file, ...flags];
  try {
    execFileSync(process.env.DOPPELT, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  } catch (error) {
    // 3: some of the hostile input cannot be read, which is as it should be.
    if (error.status !== 3) throw error;
  }
  return `file://${file}`;
}

/** A file of records, as a path. */
export function records(name, documents) {
  const file = join(folder, `${name}.jsonl`);
  writeFileSync(file, documents.map((document) => JSON.stringify(document) + "\n").join(""));
  return file;
}

/** Texts that try to run something wherever they are shown. */
export const HOSTILE = [
  "<script>window.harmed = 1</script>",
  "\"><img src=x onerror=\"window.harmed = 2\">",
  "'><svg onload='window.harmed = 3'></svg>",
  "]]></style></script></template><script>window.harmed = 4</script>",
  "<iframe srcdoc='<script>parent.harmed = 5</script>'></iframe>",
  "<a href=\"javascript:window.harmed = 6\" autofocus onfocus=\"window.harmed = 7\">click</a>",
  "<link rel=stylesheet href=http://127.0.0.1:9/x.css><base href=http://127.0.0.1:9/>",
  "<meta http-equiv=refresh content=\"0;url=http://127.0.0.1:9/\">",
  "{{ 7 * 7 }} ${7 * 7} <%= 7 * 7 %> &lt;b&gt; &#60;img&#62; <!-- --> --!>",
  "\u202e}evil{\u202c \u2066x\u2069 \0 \x1b]0;title\x07 \u0085 \ufeff\r\u2028",
];

/** Two of every hostile text: as id, as text, and inside texts that differ. */
export function hostile() {
  const filler = "The harbour office asked the ferry captain to wait until the fog had lifted from the river mouth.";
  const documents = HOSTILE.flatMap((text, i) => {
    const body = `Story ${i} ${text}\n\n${filler.repeat(2)} ${i} ${text} ${text}\n\nAn end of its own, number ${i}.`;
    return [
      { id: `${i}a ${text}`, text: body },
      { id: `${i}b ${text}`, text: body.replace("captain", `captain ${text}`) },
      { id: `${i}c ${text}`, text: `${i} ${text}`.repeat(8) },
      { id: `${i}d ${text}`, text: `${i} ${text}`.repeat(8) },
    ];
  });
  return records("hostile", documents);
}

/** Two reports of one event that carry hostile words in their facts. */
export function hostilePair() {
  const german = `LUND, 3. Oktober 2024 – Alma Berg traf am Donnerstag in Lund die Delegation aus Gandscha.
Es ging um 1.247 Traktoren <script>window.harmed = 8</script> und 352,5 Millionen Dollar.

Berg nannte die Zahl von 45 Fachleuten "><img src=x onerror="window.harmed = 9"> und 17 Prozent mehr Handel.`;
  const english = `LUND, Oct 3, 2024 – Alma Berg met the delegation from Ganja in Lund on Thursday.
They spoke about 1,247 tractors <script>window.harmed = 8</script> and $352.5 million.

Berg put the number of experts at 45 "><img src=x onerror="window.harmed = 9"> and trade up 17 percent.`;
  return records("hostile-pair", [
    { id: "<b>links</b>", text: german },
    { id: "<i onmouseover=\"window.harmed=10\">right</i>", text: english },
  ]);
}

/** Ten thousand pairs of near-duplicates. */
export function many() {
  const documents = [];
  for (let i = 0; i < 10_000; i += 1) {
    const text = Array.from({ length: 60 }, (_, at) => `word${i}x${at}`);
    documents.push({ id: `story-${i}`, text: text.join(" ") });
    documents.push({ id: `story-${i}-again`, text: [...text.slice(0, -1), "different"].join(" ") });
  }
  return records("many", documents);
}

/** Near-duplicates, an exact copy, a repeated block and a pair in two languages. */
export function mixed() {
  const corpus = join(folder, "mixed");
  mkdirSync(corpus, { recursive: true });
  return ["seeds", "fixtures/reprint/docs", "fixtures/truncated/docs", "fixtures/doubled-block/docs", "fixtures/unicode-forms/docs"];
}
