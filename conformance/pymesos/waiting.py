"""A framework on pymesos' scheduler driver that runs command tasks of one cpu until all have finished, whoever leads meanwhile.
Prints a JSON line per fact and ends with 0 once all is well.

usage: waiting.py MASTER TASKS COMMAND
"""

import getpass
import json
import sys
import threading

from pymesos import MesosSchedulerDriver, Scheduler

LIMIT_SECONDS = 80
ALIVE = ('TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING')
SIZE = {'cpus': 1, 'mem': 32}


def say(event, **more):
    print(json.dumps(dict(more, event=event)), flush=True)


class Waiting(Scheduler):
    def __init__(self, wanted, command):
        self.wanted = wanted
        self.command = command
        self.launched = 0
        self.finished = set()
        self.failure = None
        self.done = threading.Event()

    def registered(self, driver, framework_id, master_info):
        say('registered', id=framework_id['value'], port=master_info['port'])

    def reregistered(self, driver, master_info):
        say('reregistered', id=driver.framework_id, port=master_info['port'])
        driver.reconcileTasks([])

    def resourceOffers(self, driver, offers):
        for offer in offers:
            room = min(int(one['scalar']['value'] / SIZE[one['name']]) for one in offer['resources'] if one['name'] in SIZE)
            count = min(room, self.wanted - self.launched)
            tasks = [self.task(offer, self.launched + i + 1) for i in range(count)]
            self.launched += count
            driver.launchTasks(offer['id'], tasks)

    def task(self, offer, number):
        name = 'task-%d' % number
        return {
            'task_id': {'value': name},
            'agent_id': offer['agent_id'],
            'name': name,
            'command': {'value': self.command},
            'resources': [{'name': key, 'type': 'SCALAR', 'scalar': {'value': value}} for key, value in SIZE.items()],
        }

    def statusUpdate(self, driver, update):
        name, state = update['task_id']['value'], update['state']
        say('update', task=name, state=state, asked='uuid' not in update)
        if state not in ALIVE and state != 'TASK_FINISHED':
            self.error(driver, '%s: %s' % (state, update.get('message')))
        # The driver acknowledges when this returns.
        if state == 'TASK_FINISHED' and 'uuid' in update:
            self.finished.add(name)
            if len(self.finished) == self.wanted:
                self.done.set()

    def error(self, driver, message):
        self.failure = message
        self.done.set()


def main():
    waiting = Waiting(int(sys.argv[2]), sys.argv[3])
    framework = {'user': getpass.getuser(), 'name': 'pymesos waiting', 'roles': ['*'],
                 'capabilities': [{'type': 'MULTI_ROLE'}]}
    driver = MesosSchedulerDriver(waiting, framework, sys.argv[1])
    driver.start()
    in_time = waiting.done.wait(LIMIT_SECONDS)
    driver.stop()
    driver.join()
    if waiting.failure:
        sys.exit('error: %s' % waiting.failure)
    if not in_time:
        sys.exit('the tasks did not finish in time')


main()
