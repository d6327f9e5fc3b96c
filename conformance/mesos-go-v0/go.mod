module mesolite.example/conformance/mesos-go-v0

go 1.21

require (
	github.com/gogo/protobuf v1.3.2
	github.com/mesos/mesos-go v0.0.11
	github.com/samuel/go-zookeeper v0.0.0-20201211165307-7117e9ea2414
)

require (
	github.com/golang/glog v1.2.5 // indirect
	github.com/pborman/uuid v1.2.1 // indirect
)
