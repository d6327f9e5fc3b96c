"""An executor on pymesos' executor driver: every task runs until it is killed, or a message tells the one called `ends`
to end."""

import sys

from pymesos import Executor, MesosExecutorDriver, decode_data, encode_data


class Echo(Executor):
    def update(self, driver, task_id, state, **more):
        driver.sendStatusUpdate(dict(task_id=task_id, state=state, **more))

    def launchTask(self, driver, task):
        self.update(driver, task['task_id'], 'TASK_RUNNING', data=task['data'])

    def killTask(self, driver, task_id):
        self.update(driver, task_id, 'TASK_KILLED')

    def frameworkMessage(self, driver, message):
        text = decode_data(message).decode('utf-8')
        driver.sendFrameworkMessage(encode_data(('echo: ' + text).encode('utf-8')))
        self.update(driver, {'value': 'ends'}, 'TASK_FINISHED', message='ends: über 100 %')

    def error(self, driver, message):
        print(message, file=sys.stderr)


MesosExecutorDriver(Echo()).run()
