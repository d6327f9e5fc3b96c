/**
 * An executor on npm's mesos-framework: says it runs, sends the scheduler a message, waits for the acknowledgements, says
 * it is finished. The library has no defaults for its handlers, so all are given.
 */
'use strict';
const { randomBytes } = require('node:crypto');
const { Executor } = require(process.env.MESOS_FRAMEWORK_MODULE);

let taskId;
let finished = false;

function update(state) {
  executor.update({
    task_id: taskId,
    executor_id: executor.executorId,
    state,
    source: 'SOURCE_EXECUTOR',
    message: `npm executor says ${state}`,
    timestamp: Date.now() / 1000,
    uuid: randomBytes(16).toString('base64'),
  });
}

const executor = new Executor({
  handlers: {
    SUBSCRIBED(_subscribed) {},
    LAUNCH(launch) {
      taskId = launch.task.task_id;
      update('TASK_RUNNING');
    },
    ACKNOWLEDGED(_acknowledged) {
      if (finished) return;
      finished = true;
      executor.message('hello from the executor');
      update('TASK_FINISHED');
    },
    KILL(_kill) {
      update('TASK_KILLED');
    },
    MESSAGE(_message) {},
    SHUTDOWN(_shutdown) {
      process.exit(0);
    },
    ERROR(_error) {},
  },
});

executor.on('error', (error) => {
  console.error(`error: ${error.message ?? error}`);
  process.exit(1);
});

executor.subscribe();
