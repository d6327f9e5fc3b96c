/**
 * A framework on npm's mesos-framework as its operator runs it where masters fail: it keeps its id and tasks in ZooKeeper,
 * ends when it has lost its master, and is started again by whoever watches over it. Prints a JSON line per event, ends with 0
 * once all tasks have finished, their ends are acknowledged and it has torn itself down.
 */
'use strict';
const { Scheduler, Mesos } = require(process.env.MESOS_FRAMEWORK_MODULE);
const mesos = Mesos.getMesos();

const say = (event, details) => console.log(`@${JSON.stringify({ event, ...details })}`);
const wanted = Number(process.env.TASKS);

const scheduler = new Scheduler({
  masterUrl: '127.0.0.1',
  port: Number(process.env.MASTER_PORT),
  frameworkName: 'npm-mesos-framework',
  masterConnectionTimeout: 30,
  useZk: true,
  zkUrl: process.env.ZOOKEEPER,
  zkPrefix: '/frameworks/',
  logging: { path: process.env.LOG_DIRECTORY, fileName: 'framework.log', level: 'error' },
  tasks: {
    t: {
      priority: 1,
      instances: wanted,
      resources: { cpus: 1, mem: 32, ports: 1, disk: 0 },
      commandInfo: new mesos.CommandInfo(null, null, true, process.env.COMMAND, null, null),
    },
  },
});

const finished = new Set();
let unacknowledged = 0;
let tornDown = false;

scheduler.on('subscribed', ({ frameworkId }) => say('subscribed', { frameworkId }));
for (const name of ['sent_accept', 'sent_reconcile']) scheduler.on(name, () => say(name));
scheduler.on('update', ({ status }) => {
  const { state, uuid } = status;
  say('update', { task: status.task_id.value, state, told: uuid === undefined ? 'when asked' : 'unasked' });
  if (uuid === undefined) return;
  unacknowledged += 1;
  if (state === 'TASK_FINISHED') finished.add(status.task_id.value);
});
scheduler.on('sent_acknowledge', () => {
  unacknowledged -= 1;
  if (unacknowledged > 0 || finished.size < wanted || tornDown) return;
  tornDown = true;
  scheduler.teardown();
});
scheduler.on('sent_teardown', () => {
  say('sent_teardown');
  process.exit(0);
});
scheduler.on('sent_subscribe', () => {
  // The library waits for the end of an answer, which Node no longer reports when a connection breaks.
  scheduler.httpRequest.once('close', () => {
    if (tornDown) return;
    say('stream lost');
    // Time for what it was writing to ZooKeeper.
    setTimeout(() => process.exit(1), 500);
  });
});
scheduler.on('error', (error) => {
  if (tornDown) return;
  say('error', { message: error.message ?? String(error) });
  setTimeout(() => process.exit(1), 500);
});
scheduler.on('ready', () => scheduler.subscribe());
