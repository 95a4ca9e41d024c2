/** Ways to have visitors counted. */
export const WAYS = ["widget", "express", "koa", "nginx", "log", "redis"] as const;

/** A way to have visitors counted. */
export type Way = (typeof WAYS)[number];

/** Where the text of each way belongs. */
export const SNIPPET_NAMES: Readonly<Record<Way, string>> = {
  widget: "HTML",
  express: "app.js",
  koa: "app.js",
  nginx: "nginx.conf",
  log: "shell",
  redis: "shell",
};

const SNIPPETS: Readonly<Record<Way, (origin: string) => string>> = {
  widget: (origin) => `<script type="module" src="${origin}/widget.js"></script>
<online-count></online-count>`,
  express: (origin) => middleware("express", origin),
  koa: (origin) => middleware("koa", origin),
  nginx: (origin) => `location / {
  mirror /presence-mirror;
  mirror_request_body off;
  # and what is here already
}

location = /presence-mirror {
  internal;
  proxy_pass ${origin}/mirror$request_uri;
  proxy_pass_request_body off;
  proxy_set_header Content-Length "";
  proxy_set_header Cookie "";
  proxy_set_header Authorization "";
  proxy_set_header X-Forwarded-For $remote_addr;
}`,
  log: (origin) => `export PRESENCE_TOKEN=…
npx presence-cli record --log /var/log/nginx/access.log --follow --url ${origin}`,
  redis: () => `redis-cli ZADD onlines "$(date +%s)" 203.0.113.9`,
};

/** What to paste for each way, for the server at `origin` (no slash at its end). */
export function snippetOf(way: Way, origin: string): string {
  return SNIPPETS[way](origin);
}

function middleware(framework: "express" | "koa", origin: string): string {
  return `import { presence } from "@presence/middleware/${framework}";

app.use(presence({ url: "${origin}", ingestToken: process.env.PRESENCE_INGEST_TOKEN }));`;
}
