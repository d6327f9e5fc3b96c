// Pins mesos-go so that its v0 examples build.
package main

import _ "github.com/mesos/mesos-go/api/v0/scheduler"

func main() {}
