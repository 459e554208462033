// What every spec of tasks by ear stands on: the demo, a visitor and an owner, Orca signed in as some of them, the costs.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { launchBrowser } from '../lib/browser.mjs';
import { bookAndPay, customer, post, shopNamed, staff } from '../lib/journeys.mjs';
import { startDemo } from '../lib/program.mjs';
import { table } from './budgets.mjs';
import { startOrca } from './drive.mjs';

/**
 * Sets the stage for the tests of one file; its parts are there once the first test runs.
 *
 * @param signedIn as whom Orca's browser is signed in: `'owner'`, `'visitor'` or both; their cookies have names of their own
 */
export function byEar(...signedIn) {
  const costs = [];
  const stage = {
    /** Done within the budget. */
    kept(result) {
      costs.push(result);
      assert.deepEqual(result.over, [], `heard: ${stage.orca.spoken().join(' | ')}`);
    },
    /**
     * Done by ear within its keys and seconds. The characters stand in the table: names and times of a run are longer or
     * shorter by a few, and these tasks are close to their budgets or, two of them, still over.
     */
    timeKept(result) {
      costs.push(result);
      const { cost, budget } = result;
      const heard = `heard: ${stage.orca.spoken().join(' | ')}`;
      assert.ok(cost.keys <= budget.keys && cost.seconds <= budget.seconds, `${cost.keys} keys, ${cost.seconds} s; ${heard}`);
      assert.ok(cost.characters <= 1.5 * budget.characters, `${cost.characters} characters; ${heard}`);
    },
    /** What the shop does next with a booking: the path of the step. */
    async shopDoes(booking, step) {
      await stage.owner.goto(`${stage.demo.url}/desk/bookings/${booking}`);
      const version = await stage.owner.locator(`form[action$="/${step}"] input[name=version]`).first().inputValue();
      const answer = await post(stage.owner, `/desk/bookings/${booking}/${step}`, { version });
      assert.equal(answer.status(), 303);
    },
    /** A booking at the time `index` of those that are free, which the shop has accepted. */
    async accepted(index) {
      const made = await bookAndPay(stage.visitor, stage.shop, 'zhangli', { index });
      await stage.shopDoes(made.booking, 'confirmation');
      return made;
    },
  };
  before(async () => {
    stage.demo = await startDemo();
    stage.browser = await launchBrowser();
    stage.shop = await shopNamed(stage.demo, '清和堂');
    stage.visitor = await customer(stage.browser, stage.demo, 'zhangli');
    stage.owner = await staff(stage.browser, stage.demo, 'owner1');
    stage.orca = await startOrca(`${stage.demo.url}/sign-in`);
    const pages = { owner: stage.owner, visitor: stage.visitor.page };
    for (const who of signedIn) {
      const cookies = await pages[who].context().cookies(stage.demo.url);
      await stage.orca.page.context().addCookies(cookies.filter(({ name }) => name !== 'tuina_browser'));
    }
  });
  after(async () => {
    if (costs.length) console.log(table(costs));
    await stage.orca?.stop();
    await stage.browser?.close();
    await stage.demo?.stop();
  });
  return stage;
}
