import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startProcess } from "../process/start-process.ts";

/** A certificate for this machine that only its own clients trust. */
export interface LocalCertificate {
  /** For `NODE_EXTRA_CA_CERTS` of a process that shall trust it. */
  readonly certFile: string;
  readonly keyFile: string;
  readonly ca: string;
}

/** Makes one in `folder` with `openssl`, for 127.0.0.1 and localhost, good for a day. */
export async function makeCertificate(folder: string): Promise<LocalCertificate> {
  const [certFile, keyFile] = [join(folder, "tls.crt"), join(folder, "tls.key")];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyFile];
  const subject = ["-subj", "/CN=presence-test", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"];
  const args = ["req", "-x509", ...key, ...subject, "-days", "1", "-out", certFile];
  const openssl = await startProcess("openssl", args);
  const { code } = await openssl.exited;
  if (code !== 0) throw new Error(`openssl made no certificate:\n${openssl.output}`);
  return { certFile, keyFile, ca: await readFile(certFile, "utf8") };
}
