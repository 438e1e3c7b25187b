// The same requests to `apigen mock` and Prism: CPU time per request, memory, and the time until the server is ready.
//
//     cargo build --release && cd comparison/mock-server && npm install && npm run compare
//
// Both serve the location API, apigen from specs/location.json and Prism from ../openapi.json. Requests come over eight kept
// connections. CPU time and memory are those of the serving process alone, from /proc, so this runs on Linux.
import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import http from "node:http";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

const GUID = "00000000-0000-4000-8000-000000000001";
const REQUESTS = 10_000;
const TICKS = 100; // per second, as Linux reports CPU time

const servers = [
  { name: "apigen mock", port: 4610, command: ["../../target/release/apigen", "mock", "../../specs/location.json", "--quiet", "--port", "4610"] },
  { name: "Prism", port: 4611, command: ["node_modules/.bin/prism", "mock", "../openapi.json", "--dynamic", "--port", "4611", "--verboseLevel", "silent"] },
];

const requests = [
  { name: "GET of a user", path: `/users/${GUID}`, status: 200 },
  { name: "GET with an invalid id", path: "/users/7", status: 422 },
];

/// Returns a process and those that it started: Prism's command starts another one.
function family(pid) {
  const children = readdirSync("/proc").filter((id) => /^\d+$/.test(id)).filter((id) => {
    try { return stat(id)[1] === String(pid); } catch { return false; }
  });
  return [pid, ...children.flatMap((id) => family(Number(id)))];
}

function stat(pid) {
  return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
}

function cpu(pids) {
  return pids.reduce((sum, pid) => sum + Number(stat(pid)[11]) + Number(stat(pid)[12]), 0) / TICKS;
}

function memory(pids) {
  const kilobytes = (pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
  return Math.max(...pids.map(kilobytes)) / 1024;
}

function get(agent, port, path) {
  return new Promise((resolve, reject) => {
    const request = http.get({ agent, port, path, host: "127.0.0.1", headers: { accept: "application/json" } }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode));
    });
    request.on("error", reject);
  });
}

async function ready(port) {
  const begun = performance.now();
  for (;;) {
    try { await get(undefined, port, "/"); return performance.now() - begun; } catch { await sleep(2); }
  }
}

async function load(agent, port, { path, status }, count) {
  const one = async () => {
    for (let sent = 0; sent < count / 8; sent += 1) {
      const found = await get(agent, port, path);
      if (found !== status) throw new Error(`${path} answered ${found}, not ${status}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
}

console.log(`${"server".padEnd(14)}${"request".padEnd(26)}${"CPU µs each".padStart(12)}${"MB".padStart(8)}${"ready, ms".padStart(11)}`);
for (const { name, port, command } of servers) {
  const child = spawn(command[0], command.slice(1), { stdio: "ignore" });
  try {
    const started = await ready(port);
    const pids = family(child.pid);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
    for (const request of requests) {
      await load(agent, port, request, 800);
      const before = cpu(pids);
      await load(agent, port, request, REQUESTS);
      const each = ((cpu(pids) - before) * 1e6) / REQUESTS;
      console.log(`${name.padEnd(14)}${request.name.padEnd(26)}${each.toFixed(1).padStart(12)}${memory(pids).toFixed(0).padStart(8)}${started.toFixed(0).padStart(11)}`);
    }
    agent.destroy();
  } finally {
    family(child.pid).reverse().forEach((pid) => { try { process.kill(pid); } catch { /* it has ended */ } });
  }
}
