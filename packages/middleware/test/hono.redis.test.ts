import { adapterContract } from "./adapter.contract.ts";
import { startHonoApp } from "./support/hono-app.ts";

adapterContract("fetch handlers, in Hono on Node", startHonoApp);
