import { historyStoreContract } from "../src/testing/index.ts";
import { freshMongoPlace, mongo } from "./support/mongo.ts";

// FerretDB finds a document and writes it back in two steps: updates that meet are lost there.
const hasAtomicUpdates = mongo.program === "mongod";

historyStoreContract({
  name: `the MongoDB store on ${mongo.program}`,
  fresh: freshMongoPlace,
  runs: 10,
  hasAtomicUpdates,
});
