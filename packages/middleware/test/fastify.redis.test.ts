import { adapterContract } from "./adapter.contract.ts";
import { startFastifyApp } from "./support/fastify-app.ts";

adapterContract("Fastify 5", startFastifyApp);
