// How much of the machine is really ours. On a rented machine the host may take the cores away for a while; what is
// measured then says little about the program.
import fs from 'node:fs';

/** Work done and time taken away by the host, in ticks since the machine started. */
function ticks() {
  const [user, nice, system, , , irq, softirq, steal = 0] = fs.readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/\s+/).slice(1).map(Number);
  return { worked: user + nice + system + irq + softirq, stolen: steal };
}

/** Starts to look; the answer is how many times longer work took since then because the host took time away, at least 1. */
export function pace() {
  const before = ticks();
  return () => {
    const now = ticks();
    const worked = now.worked - before.worked;
    return worked > 0 ? (worked + now.stolen - before.stolen) / worked : 1;
  };
}

let last = { at: Date.now(), since: pace(), factor: 1 };

/** The same over the last seconds. */
export function slowness() {
  const age = Date.now() - last.at;
  if (age > 2_000) last = { at: Date.now(), factor: last.since(), since: pace() };
  return last.factor;
}
