// Pins mesos-go so that its example programs build with the versions they were written against.
package main

import _ "github.com/mesos/mesos-go/api/v1/lib"

func main() {}
