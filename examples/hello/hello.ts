/** The smallest framework: takes one offer, runs one command, prints its states. `node examples/dist/hello/hello.js` */
import { userInfo } from 'node:os';
import { isTerminal, SchedulerClient, task } from '@mesolite/sdk';
import { commandLine } from '../command-line.ts';

const { master } = commandLine('hello/hello.js');
const scheduler = new SchedulerClient({ master, framework: { name: 'hello', user: userInfo().username } });
let launched = false;

scheduler.start({
  offers([first, ...others]) {
    if (first !== undefined && !launched)
      scheduler.launch(first, [task({ id: 'hello', command: 'echo "hello, cluster"', cpus: 0.1, mem: 32 })]);
    scheduler.decline(launched && first !== undefined ? [first, ...others] : others);
    launched = true;
  },
  update(status) {
    console.log(status.state, status.message ?? '');
    if (isTerminal(status.state)) scheduler.close({ teardown: true });
  },
});
const { reason } = await scheduler.ended;
process.exitCode = reason === 'torn-down' ? 0 : 1;
