// An executor on mesos-go's v0 driver: each task runs until there is a file called release in the sandbox.
package main

import (
	"flag"
	"os"
	"time"

	log "github.com/golang/glog"
	"github.com/mesos/mesos-go/api/v0/executor"
	mesos "github.com/mesos/mesos-go/api/v0/mesosproto"
)

// The example scheduler tells its executor so; here tasks take as long as they are left to.
var _ = flag.Bool("slow_tasks", false, "has no effect")

type waiting struct{}

func tell(driver executor.ExecutorDriver, task *mesos.TaskInfo, state mesos.TaskState) {
	if _, err := driver.SendStatusUpdate(&mesos.TaskStatus{TaskId: task.TaskId, State: state.Enum()}); err != nil {
		log.Errorf("%v of %v was not sent: %v", state, task.GetName(), err)
	}
}

func (waiting) LaunchTask(driver executor.ExecutorDriver, task *mesos.TaskInfo) {
	tell(driver, task, mesos.TaskState_TASK_RUNNING)
	go func() {
		for {
			if _, err := os.Stat("release"); err == nil {
				tell(driver, task, mesos.TaskState_TASK_FINISHED)
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	}()
}

func (waiting) Registered(executor.ExecutorDriver, *mesos.ExecutorInfo, *mesos.FrameworkInfo, *mesos.SlaveInfo) {
}
func (waiting) Reregistered(executor.ExecutorDriver, *mesos.SlaveInfo) {}
func (waiting) Disconnected(executor.ExecutorDriver)                   {}
func (waiting) KillTask(executor.ExecutorDriver, *mesos.TaskID)        {}
func (waiting) FrameworkMessage(executor.ExecutorDriver, string)       {}
func (waiting) Shutdown(executor.ExecutorDriver)                       {}
func (waiting) Error(_ executor.ExecutorDriver, message string)        { log.Errorln(message) }

func main() {
	flag.Parse()
	driver, err := executor.NewMesosExecutorDriver(executor.DriverConfig{Executor: waiting{}})
	if err != nil {
		log.Fatal(err)
	}
	if _, err = driver.Run(); err != nil {
		log.Fatal(err)
	}
}
