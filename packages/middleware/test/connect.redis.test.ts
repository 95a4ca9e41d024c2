import { adapterContract } from "./adapter.contract.ts";
import { startConnectApp } from "./support/connect-app.ts";

adapterContract("connect", startConnectApp);
