import { adapterContract } from "./adapter.contract.ts";
import { startExpressApp } from "./support/express-app.ts";

adapterContract("Express 5", startExpressApp);
