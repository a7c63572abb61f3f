// One app, built or served by each bundler: where it then is, and how to end that.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer as createHttpServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { build, createServer } from "vite";

export interface Served {
  url: string;
  close(): Promise<void>;
}

export const HERE = fileURLToPath(new URL(".", import.meta.url));
const PROJECT = join(HERE, "../..");
const BUILT = join(PROJECT, "test-results/apps");
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};

/** The package as npm would install it: packed, and unpacked among the others. */
export function installPackage(): void {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  mkdirSync(BUILT, { recursive: true });
  for (const name of readdirSync(BUILT)) if (name.endsWith(".tgz")) rmSync(join(BUILT, name));
  execFileSync(npm, ["pack", join(PROJECT, "www/dist"), "--pack-destination", BUILT, "--silent"], { cwd: PROJECT });
  const packed = readdirSync(BUILT).find((name) => name.endsWith(".tgz")) ?? "";
  const to = join(HERE, "node_modules/flow-playground");
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  execFileSync("tar", ["-xzf", join(BUILT, packed), "--strip-components=1", "-C", to]);
}

export async function viteBuild(): Promise<Served> {
  const outDir = join(BUILT, "vite");
  // What an app has that chooses nothing.
  await build({ root: HERE, configFile: false, logLevel: "warn", build: { outDir, emptyOutDir: true } });
  return serveFolder(outDir);
}

export async function viteDevelopment(): Promise<Served> {
  const server = await createServer({
    root: HERE,
    configFile: false,
    logLevel: "warn",
    cacheDir: join(BUILT, "vite-cache"),
    // The package changes and keeps its version.
    optimizeDeps: { force: true },
    server: { host: "127.0.0.1", port: 0 },
  });
  await server.listen();
  return { url: server.resolvedUrls?.local[0] ?? "", close: () => server.close() };
}

export async function webpackBuild(mode: "development" | "production"): Promise<Served> {
  const webpack = createRequire(import.meta.url)("webpack");
  const path = join(BUILT, `webpack-${mode}`);
  const output = { path, clean: true };
  const stats = await new Promise<{ hasErrors(): boolean; hasWarnings(): boolean; toString(how: object): string }>(
    (resolve, reject) =>
      webpack(
        { mode, context: HERE, entry: "./app.js", output, performance: { hints: false } },
        (error: Error | null, done: never) => (error ? reject(error) : resolve(done)),
      ),
  );
  if (stats.hasErrors() || stats.hasWarnings())
    throw new Error(stats.toString({ all: false, errors: true, warnings: true }));
  const page = (await readFile(join(HERE, "index.html"), "utf8")).replace("./app.js", "./main.js");
  return serveFolder(path, page);
}

export async function next(): Promise<Served> {
  const bin = join(HERE, "node_modules/next/dist/bin/next");
  const folder = join(HERE, "next");
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
  execFileSync(process.execPath, [bin, "build", folder], { env, stdio: "pipe" });
  const server = spawn(process.execPath, [bin, "start", folder, "--hostname", "127.0.0.1", "--port", "0"], { env });
  const url = await addressSaidBy(server);
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.once("exit", () => resolve());
        server.kill();
      }),
  };
}

function addressSaidBy(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (text: Buffer) => {
      said += text;
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (url !== undefined) resolve(`${url}/`);
    };
    server.stdout?.on("data", listen);
    server.stderr?.on("data", listen);
    server.once("exit", () => reject(new Error(`The server ended: ${said}`)));
  });
}

/** As any static host does; `page` in the place of its index. */
function serveFolder(folder: string, page?: string): Promise<Served> {
  const server: Server = createHttpServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const isIndex = pathname === "/";
    const name = isIndex ? "index.html" : normalize(pathname.slice(1));
    const contents = isIndex && page !== undefined ? page : await readFile(join(folder, name)).catch(() => null);
    if (contents === null) return response.writeHead(404).end();
    const type = TYPES[extname(name)] ?? "application/octet-stream";
    return response.writeHead(200, { "content-type": type }).end(contents);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        url: `http://127.0.0.1:${port}/`,
        close: () =>
          new Promise((closed) => {
            server.closeAllConnections();
            server.close(() => closed());
          }),
      });
    });
  });
}
