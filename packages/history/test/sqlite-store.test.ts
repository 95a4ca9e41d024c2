import { historyStoreContract } from "../src/testing/index.ts";
import { freshSqlitePlace } from "./support/sqlite.ts";

historyStoreContract({ name: "the SQLite store", fresh: freshSqlitePlace, runs: 100 });
