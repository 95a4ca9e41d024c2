import { adapterContract } from "./adapter.contract.ts";
import { startKoaApp } from "./support/koa-app.ts";

adapterContract("Koa", startKoaApp);
