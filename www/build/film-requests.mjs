// Says what films are to be recorded of, for `crate/examples/film`: `node www/build/film-requests.mjs requests.json`
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const server = await createServer({ root, configFile: false, logLevel: "error", server: { middlewareMode: true } });
try {
  const { filmRequests } = await server.ssrLoadModule("/src/film/requests.ts");
  const names = readdirSync(`${root}/lessons`).filter((name) => /^\d.*\.md$/.test(name));
  const lessons = names.map((name) => [name.replace(".md", ""), readFileSync(`${root}/lessons/${name}`, "utf8")]);
  writeFileSync(process.argv[2] ?? "requests.json", JSON.stringify(filmRequests(new Map(lessons)), null, 1));
} finally {
  await server.close();
}
