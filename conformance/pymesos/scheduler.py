"""A framework on pymesos' scheduler driver. Launches two tasks of one custom executor: one that ends by itself after a
message went to it and back, and one that is killed. Prints what it saw as one JSON line.

usage: scheduler.py MASTER EXECUTOR_COMMAND
"""

import getpass
import json
import sys
import threading

from pymesos import MesosSchedulerDriver, Scheduler, decode_data, encode_data

LIMIT_SECONDS = 50
TERMINAL = ('TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED', 'TASK_LOST', 'TASK_ERROR')


def scalars(cpus, mem):
    return [
        {'name': 'cpus', 'type': 'SCALAR', 'scalar': {'value': cpus}},
        {'name': 'mem', 'type': 'SCALAR', 'scalar': {'value': mem}},
    ]


class Conductor(Scheduler):
    def __init__(self, executor_command):
        self.command = executor_command
        self.done = threading.Event()
        self.failure = None
        self.launched = False
        self.reconciling = False
        self.seen = {
            'states': {'ends': [], 'killed': []},
            'data': None,
            'messages': [],
            'reconciled': [],
            'lastWords': None,
            'declined': 0,
        }

    def registered(self, driver, framework_id, master_info):
        self.framework_id = framework_id

    def resourceOffers(self, driver, offers):
        for offer in offers:
            # The first is sent away for a moment, to see it come back.
            if self.seen['declined'] == 0:
                self.seen['declined'] += 1
                driver.declineOffer(offer['id'], {'refuse_seconds': 0.1})
            elif self.launched:
                driver.declineOffer(offer['id'], {'refuse_seconds': 0xFFFFFFFF})
            else:
                self.launched = True
                driver.launchTasks(offer['id'], [self.task(name, offer) for name in ('ends', 'killed')])
                driver.suppressOffers()

    def task(self, name, offer):
        return {
            'task_id': {'value': name},
            'agent_id': offer['agent_id'],
            'name': name,
            'executor': {
                'executor_id': {'value': 'py-executor'},
                'framework_id': self.framework_id,
                'command': {'value': self.command},
                'resources': scalars(0.01, 32),
            },
            'data': encode_data(('data of ' + name).encode('utf-8')),
            'resources': scalars(0.1, 32),
        }

    def statusUpdate(self, driver, update):
        name, state = update['task_id']['value'], update['state']
        if update.get('reason') == 'REASON_RECONCILIATION':
            self.seen['reconciled'].append(state)
            driver.killTask({'value': 'killed'})
            return
        self.seen['states'][name].append(state)
        if state == 'TASK_RUNNING' and name == 'ends':
            self.seen['data'] = decode_data(update['data']).decode('utf-8')
            driver.sendFrameworkMessage(
                update['executor_id'], update['agent_id'], encode_data(b'ping'))
        elif state == 'TASK_RUNNING':
            driver.reconcileTasks([{'task_id': update['task_id'], 'agent_id': update['agent_id'], 'state': state}])
        if name == 'ends' and state in TERMINAL:
            self.seen['lastWords'] = update.get('message')
        if all(states and states[-1] in TERMINAL for states in self.seen['states'].values()):
            self.done.set()

    def frameworkMessage(self, driver, executor_id, agent_id, message):
        self.seen['messages'].append(decode_data(message).decode('utf-8'))

    def error(self, driver, message):
        self.failure = message
        self.done.set()


def main():
    conductor = Conductor(sys.argv[2])
    framework = {'user': getpass.getuser(), 'name': 'pymesos drivers', 'roles': ['*'],
                 'capabilities': [{'type': 'MULTI_ROLE'}]}
    driver = MesosSchedulerDriver(conductor, framework, sys.argv[1])
    driver.start()
    in_time = conductor.done.wait(LIMIT_SECONDS)
    driver.stop()
    driver.join()
    print(json.dumps(conductor.seen), flush=True)
    if conductor.failure:
        sys.exit('error event: %s' % conductor.failure)
    if not in_time:
        sys.exit('the tasks did not end in time')


main()
