// How much a task may cost a person who works by ear: key presses counted from the loaded page, characters spoken
// before the answer, seconds. What is typed (a telephone number, a code) is not counted as keys.

/** The budgets by task. */
export const budgets = {
  hearOrder: { task: 'hear a new order', keys: 0, characters: 30, seconds: 2 },
  confirm: { task: 'confirm it', keys: 3, characters: 30, seconds: 15 },
  decline: { task: 'decline with reason, undo', keys: 6, characters: 45, seconds: 20 },
  next: { task: 'who is next', keys: 1, characters: 20, seconds: 12 },
  reassign: { task: 'reassign a therapist', keys: 7, characters: 50, seconds: 20 },
  walkIn: { task: 'add a walk-in', keys: 10, characters: 60, seconds: 25 },
  moveAtDesk: { task: 'move a booking at the desk', keys: 9, characters: 60, seconds: 25 },
  progress: { task: 'arrived, started, done', keys: 4, characters: 30, seconds: 15 },
  redeem: { task: 'redeem a code', keys: 5, characters: 40, seconds: 20 },
  refund: { task: 'refund with check', keys: 8, characters: 60, seconds: 25 },
  hours: { task: 'hours, day off', keys: 8, characters: 60, seconds: 25 },
  takings: { task: "today's takings", keys: 2, characters: 25, seconds: 12 },
  findShop: { task: 'find a shop that is open', keys: 5, characters: 50, seconds: 20 },
  priceAndAddress: { task: 'hear price and address', keys: 3, characters: 40, seconds: 15 },
  choose: { task: 'choose service, who, when', keys: 10, characters: 80, seconds: 25 },
  finishBooking: { task: 'finish the booking', keys: 20, characters: 100, seconds: 25 },
  pay: { task: 'pay up to the hand-off', keys: 4, characters: 40, seconds: 20 },
  move: { task: 'move it', keys: 9, characters: 60, seconds: 25 },
  cancel: { task: 'cancel, undo', keys: 5, characters: 40, seconds: 20 },
  review: { task: 'leave a review', keys: 6, characters: 50, seconds: 25 },
};

/** What a measured cost `{ keys, characters, seconds }` goes over in `budget`, as sentences; empty when it is kept. */
export function overruns(cost, budget) {
  return ['keys', 'characters', 'seconds']
    .filter((measure) => cost[measure] > budget[measure])
    .map((measure) => `${budget.task}: ${cost[measure]} ${measure}, the budget is ${budget[measure]}`);
}

/** The table of all measured costs against their budgets, as text. */
export function table(costs) {
  const head = ['task', 'keys', 'characters', 'seconds', ''];
  const rows = costs.map(({ budget, cost }) => [
    budget.task,
    ...['keys', 'characters', 'seconds'].map((measure) => `${cost[measure]} / ${budget[measure]}`),
    overruns(cost, budget).length ? 'OVER' : 'kept',
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  return [head, ...rows].map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()).join('\n');
}
