/** One command of a terminal and all it wrote, colours included. */
export interface TerminalStep {
  readonly command: string;
  readonly output: string;
}

const ESCAPE = String.fromCharCode(27);
const COLOURS: Readonly<Record<string, string>> = {
  "1": "bold",
  "2": "dim",
  "31": "red",
  "32": "green",
  "33": "yellow",
  "36": "cyan",
  "90": "dim",
};

/** A page that shows a terminal session. */
export function terminalPage(steps: readonly TerminalStep[]): string {
  const body = steps
    .map(
      ({ command, output }) =>
        `<b class="prompt">$</b> <b>${escape(command)}</b>\n${coloured(output.trimEnd())}`,
    )
    .join("\n\n");
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; background: #0b1220; color: #e2e8f0; }
    pre { inline-size: max-content; margin: 0; padding: 24px 32px; font: 14px/20px "DejaVu Sans Mono", Menlo, Consolas, monospace; }
    b { color: #fff; }
    .prompt, .dim { color: #94a3b8; font-weight: 400; }
    .bold { font-weight: 700; }
    .red { color: #f87171; }
    .green { color: #4ade80; }
    .yellow { color: #fbbf24; }
    .cyan { color: #67e8f9; }
  </style><pre>${body}</pre>`;
}

/** Select-graphic-rendition sequences as spans; other sequences are dropped. */
function coloured(text: string): string {
  const parts = text.split(new RegExp(`${ESCAPE}\\[([0-9;?]*)([A-Za-z])`));
  let html = "";
  let names: string[] = [];
  for (let at = 0; at < parts.length; at += 3) {
    const words = escape(parts[at] ?? "");
    html += names.length === 0 ? words : `<span class="${names.join(" ")}">${words}</span>`;
    if (parts[at + 2] !== "m") continue;
    for (const code of (parts[at + 1] ?? "").split(";")) {
      const name = COLOURS[code];
      if (name !== undefined) names.push(name);
      // 0 ends everything, 22 weight, 39 colour.
      else if (["", "0", "22", "39"].includes(code)) names = [];
    }
  }
  return html;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
