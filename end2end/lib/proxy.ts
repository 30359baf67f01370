// A proxy that ends TLS in front of a server, as nginx would, with a certificate that nobody signed.

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, type Socket, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Server, createServer } from "node:tls";

export class TlsProxy {
  private readonly open = new Set<Socket>();

  private constructor(private readonly tls: Server) {}

  /** In front of the server on this port. */
  static async start(port: number): Promise<TlsProxy> {
    const folder = mkdtempSync(join(tmpdir(), "interviewos-tls-"));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    execFileSync("openssl", [...made, ...subject, "-keyout", key, "-out", cert], { stdio: "ignore" });
    const tls = createServer({ key: readFileSync(key), cert: readFileSync(cert) });
    rmSync(folder, { recursive: true });
    const proxy = new TlsProxy(tls);
    tls.on("secureConnection", (near) => {
      const far = connect(port, "127.0.0.1");
      for (const [one, other] of [[near, far], [far, near]] as const) {
        proxy.open.add(one);
        one.on("error", () => other.destroy());
        one.on("close", () => other.destroy());
        one.pipe(other);
      }
    });
    tls.listen(0, "127.0.0.1");
    await once(tls, "listening");
    return proxy;
  }

  get url(): string {
    return `https://practise.localhost:${(this.tls.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const one of this.open) one.destroy();
    this.tls.close();
    await once(this.tls, "close");
  }
}
