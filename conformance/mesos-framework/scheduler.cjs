/**
 * A small framework on npm's mesos-framework: one command task, or (with an executor's command in EXECUTOR) one task of
 * a custom executor. Prints a JSON line per event of the library and ends after TASK_FINISHED and a teardown.
 */
'use strict';
const { Scheduler, Mesos, helpers } = require(process.env.MESOS_FRAMEWORK_MODULE);
const mesos = Mesos.getMesos();

const say = (event, details) => console.log(`@${JSON.stringify({ event, ...details })}`);

const executorCommand = process.env.EXECUTOR;
const commandTask = {
  priority: 1,
  instances: 1,
  resources: { cpus: 0.1, mem: 32, ports: 1, disk: 0 },
  commandInfo: new mesos.CommandInfo(null, null, true, 'sleep 1; echo done', null, null),
};

/** The library's own offer handler puts a command into every task, so tasks with an executor are launched here. */
let launched = false;
function launchExecutorTask({ offers }) {
  for (const offer of offers) {
    if (launched) {
      this.decline([offer.id], null);
      continue;
    }
    launched = true;
    const scalar = (name, value) => new mesos.Resource(name, mesos.Value.Type.SCALAR, new mesos.Value.Scalar(value));
    const task = new mesos.TaskInfo({
      name: 'executor-task',
      task_id: new mesos.TaskID('executor-task'),
      agent_id: offer.agent_id,
      resources: [scalar('cpus', 0.1), scalar('mem', 32)],
      executor: new mesos.ExecutorInfo({
        executor_id: new mesos.ExecutorID('npm-executor'),
        command: new mesos.CommandInfo(null, null, true, executorCommand, null, null),
      }),
    });
    const launch = new mesos.Offer.Operation.Launch([task]);
    const operation = new mesos.Offer.Operation(mesos.Offer.Operation.Type.LAUNCH, launch);
    this.accept([offer.id], helpers.stringifyEnumsRecursive(operation), null);
  }
}

const scheduler = new Scheduler({
  masterUrl: '127.0.0.1',
  port: Number(process.env.MASTER_PORT),
  frameworkName: 'npm-mesos-framework',
  masterConnectionTimeout: 30,
  logging: { path: process.env.LOG_DIRECTORY, fileName: 'framework.log', level: 'error' },
  ...(executorCommand === undefined ? { tasks: { t: commandTask } } : { handlers: { OFFERS: launchExecutorTask } }),
});

let tornDown = false;
for (const name of ['subscribed', 'heartbeat', 'sent_subscribe', 'sent_accept', 'sent_decline', 'sent_acknowledge']) {
  scheduler.on(name, () => say(name));
}
scheduler.on('message', ({ data }) => say('message', { data }));
scheduler.on('update', ({ status }) => {
  say('update', { state: status.state, message: status.message, source: status.source });
  if (status.state === 'TASK_STARTING' || status.state === 'TASK_RUNNING') return;
  // After the library has acknowledged.
  scheduler.once('sent_acknowledge', () => {
    tornDown = true;
    scheduler.teardown();
  });
});
scheduler.on('sent_teardown', () => {
  say('sent_teardown');
  process.exit(0);
});
scheduler.on('error', (error) => {
  // The stream ends because of our teardown; that is no error.
  if (tornDown) return;
  say('error', { message: error.message ?? String(error) });
  process.exit(1);
});
scheduler.on('ready', () => scheduler.subscribe());
