module mesolite.example/conformance/mesos-go

go 1.21

require (
	github.com/gogo/protobuf v1.3.2
	github.com/golang/protobuf v1.3.5
	github.com/mesos/mesos-go v0.0.11
	github.com/pquerna/ffjson v0.0.0-20190930134022-aa0246cd15f7
	github.com/prometheus/client_golang v0.9.4
	github.com/prometheus/client_model v0.0.0-20190129233127-fd36f4220a90
	github.com/prometheus/common v0.4.1
	github.com/prometheus/procfs v0.0.2
	github.com/samuel/go-zookeeper v0.0.0-20201211165307-7117e9ea2414
)
