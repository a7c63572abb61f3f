// A notebook program, started for a test.
import { type ChildProcess, spawn } from "node:child_process";

export interface Started {
  /** where it is, as it says itself */
  url: string;
  close(): Promise<void>;
}

export async function started(python: string, args: readonly string[], cwd: string): Promise<Started> {
  const child = spawn(python, args, { cwd });
  const url = await addressSaidBy(child);
  await answers(url);
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
        // Some ask whether it is meant.
        setTimeout(() => child.kill("SIGKILL"), 5000);
      }),
  };
}

/** It says where it will be before it is there. */
async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await fetch(url).catch(() => null)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`Nothing answers at ${url}`);
}

function addressSaidBy(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (text: Buffer) => {
      said += text;
      const url = /http:\/\/(?:127\.0\.0\.1|localhost):\d+(?=\D)/.exec(said)?.[0];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("exit", () => reject(new Error(`It ended: ${said}`)));
  });
}
