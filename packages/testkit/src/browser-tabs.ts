import type { Browser } from "playwright-core";

/** A tab as a person has it: hidden while another one is in front. */
export interface Tab {
  /** Brings it to the front; the others are hidden. */
  readonly activate: () => Promise<void>;
  /** The value of a JavaScript expression in it. */
  readonly evaluate: (expression: string) => Promise<unknown>;
}

interface ProtocolAnswer {
  readonly result?: { readonly result?: { readonly value?: unknown } };
}

/**
 * Opens a tab behind Playwright's back. Its own pages say that they are visible whatever is in front; these are
 * not its own, so `document.visibilityState` tells the truth. All of them end with the browser.
 */
export async function openTab(browser: Browser, url: string): Promise<Tab> {
  const session = await browser.newBrowserCDPSession();
  const { targetId } = await session.send("Target.createTarget", { url });
  const { sessionId } = await session.send("Target.attachToTarget", { targetId, flatten: false });
  const waiting = new Map<number, (answer: ProtocolAnswer) => void>();
  let lastId = 0;
  session.on("Target.receivedMessageFromTarget", ({ message }) => {
    const answer: ProtocolAnswer & { readonly id?: number } = JSON.parse(message);
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });

  return {
    async activate() {
      await session.send("Target.activateTarget", { targetId });
    },
    async evaluate(expression) {
      const id = ++lastId;
      const answered = new Promise<ProtocolAnswer>((resolve) => waiting.set(id, resolve));
      const params = { expression, awaitPromise: true, returnByValue: true };
      const message = JSON.stringify({ id, method: "Runtime.evaluate", params });
      await session.send("Target.sendMessageToTarget", { sessionId, message });
      return (await answered).result?.result?.value;
    },
  };
}
