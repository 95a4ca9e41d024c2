import { isPrivateAddress } from "@presence/client-address";
import type { Facts } from "../facts.ts";
import type { Found } from "../finding.ts";

/** Whether tokens are there, and travel safely. */
export function findAccess({ config }: Facts): readonly Found[] {
  const { tokens, publicUrl } = config;
  const found: (Found | false)[] = [
    tokens.admin.length === 0 && {
      code: "no-admin-token",
      severity: "warn",
      title: "Nobody can list, forget or look into this server",
      detail: `It listens on ${config.host} without an admin token: what needs one is refused.`,
      values: { host: config.host },
      remedy:
        "Set PRESENCE_ADMIN_TOKENS to a secret of at least 32 characters, such as `openssl rand -hex 32` prints.",
    },
    publicUrl !== null &&
      isInClear(publicUrl) && {
        code: "tokens-in-clear",
        severity: "warn",
        title: "Tokens travel readable for everybody on the way",
        detail: `PRESENCE_PUBLIC_URL is ${publicUrl}: without TLS.`,
        values: { publicUrl },
        remedy: "Let a proxy in front serve https, and set PRESENCE_PUBLIC_URL to that.",
      },
  ];
  return found.filter((finding) => finding !== false);
}

function isInClear(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl);
  const host = hostname.replaceAll(/^\[|\]$/g, "");
  return (
    protocol === "http:" && host !== "localhost" && !host.endsWith(".localhost") && !isPrivateAddress(host)
  );
}
