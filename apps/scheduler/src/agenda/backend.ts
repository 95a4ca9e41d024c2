import { MongoJobRepository } from "@agendajs/mongo-backend";
import type { AgendaBackend } from "agenda";
import type { Db } from "mongodb";

/** Name of the collection Agenda keeps its jobs in. */
export const JOBS_COLLECTION = "agendaJobs";

type NextJob = Awaited<ReturnType<MongoJobRepository["getNextJobToRun"]>>;
type NextJobArgs = Parameters<MongoJobRepository["getNextJobToRun"]>;

/**
 * Agenda's repository, made fit for a server that comes and goes: Agenda releases locks without waiting, so that a
 * refusal would end the process, and takes locks that nobody would release while it stops.
 */
export class GuardedRepository extends MongoJobRepository {
  readonly #onError: (error: unknown) => void;
  readonly #taking = new Set<Promise<NextJob>>();
  #isClosed = false;

  constructor(db: Db, onError: (error: unknown) => void) {
    super({ mongo: db, db: { collection: JOBS_COLLECTION } });
    this.#onError = onError;
  }

  override async unlockJob(...args: Parameters<MongoJobRepository["unlockJob"]>): Promise<void> {
    try {
      await super.unlockJob(...args);
    } catch (error) {
      // The lock ends by itself when its lifetime is over.
      this.#onError(error);
    }
  }

  override async getNextJobToRun(...args: NextJobArgs): Promise<NextJob> {
    if (this.#isClosed) return undefined;
    const taking = super.getNextJobToRun(...args);
    this.#taking.add(taking);
    try {
      return await taking;
    } finally {
      this.#taking.delete(taking);
    }
  }

  /** Takes no lock from now on; resolves when those under way are taken or refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#taking);
  }
}

/** A backend over a repository that is connected already: Agenda has no word for one that is not. */
export function connectedBackend(repository: GuardedRepository): AgendaBackend {
  return {
    name: "MongoDB",
    repository,
    ownsConnection: false,
    connect: async () => {},
    disconnect: async () => {},
  };
}
