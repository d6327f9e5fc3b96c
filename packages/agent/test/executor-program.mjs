/**
 * A custom executor as a process: speaks the v1 executor API in JSON, comes back when its agent was away, and ends each
 * task as the file `<gate>/<task id>` says, once it is there. Arguments: the directory of those files.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [gate] = process.argv.slice(2);
const { MESOS_AGENT_ENDPOINT, MESOS_FRAMEWORK_ID, MESOS_EXECUTOR_ID } = process.env;
const url = `http://${MESOS_AGENT_ENDPOINT}/slave(1)/api/v1/executor`;
const ids = { framework_id: { value: MESOS_FRAMEWORK_ID }, executor_id: { value: MESOS_EXECUTOR_ID } };
const updates = new Map();
const tasks = new Map();

const post = (call) =>
  fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Accept': 'application/json' },
    body: JSON.stringify({ ...ids, ...call }),
  });

const uuid = () => Buffer.from(crypto.randomUUID().replaceAll('-', ''), 'hex').toString('base64');

function tell(taskId, state) {
  const status = {
    task_id: { value: taskId },
    state,
    source: 'SOURCE_EXECUTOR',
    uuid: uuid(),
    timestamp: Date.now() / 1000,
  };
  updates.set(status.uuid, { status });
  post({ type: 'UPDATE', update: { status } }).catch(() => {});
}

function handle(event) {
  if (event.type === 'LAUNCH') {
    const { task } = event.launch;
    const id = task.task_id.value;
    tasks.set(id, task);
    tell(id, 'TASK_RUNNING');
    const timer = setInterval(() => {
      if (!existsSync(join(gate, id))) return;
      clearInterval(timer);
      tell(id, readFileSync(join(gate, id), 'utf8').trim());
    }, 20);
  } else if (event.type === 'ACKNOWLEDGED') {
    updates.delete(event.acknowledged.uuid);
    tasks.delete(event.acknowledged.task_id.value);
  } else if (event.type === 'SHUTDOWN') process.exit(0);
}

async function session() {
  const response = await post({
    type: 'SUBSCRIBE',
    subscribe: { unacknowledged_updates: [...updates.values()], unacknowledged_tasks: [...tasks.values()] },
  });
  if (response.status !== 200) return;
  let text = '';
  for await (const chunk of response.body) {
    text += Buffer.from(chunk).toString();
    for (;;) {
      const line = text.indexOf('\n');
      const length = Number(text.slice(0, line));
      if (line < 0 || text.length < line + 1 + length) break;
      handle(JSON.parse(text.slice(line + 1, line + 1 + length)));
      text = text.slice(line + 1 + length);
    }
  }
}

for (;;) {
  await session().catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 50));
}
