// An operator on mesos-go's client for masters: sets weights, quota, reservations and volumes and prints, as one JSON
// line, what it reads of them then.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"sort"

	mesos "github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/encoding/codecs"
	"github.com/mesos/mesos-go/api/v1/lib/httpcli"
	"github.com/mesos/mesos-go/api/v1/lib/httpcli/httpmaster"
	"github.com/mesos/mesos-go/api/v1/lib/master"
	"github.com/mesos/mesos-go/api/v1/lib/master/calls"
	"github.com/mesos/mesos-go/api/v1/lib/quota"
)

const role = "dev"

type operator struct{ sender calls.Sender }

// do makes a call that answers nothing.
func (o operator) do(call *master.Call) {
	if err := calls.SendNoData(context.Background(), o.sender, calls.NonStreaming(call)); err != nil {
		log.Fatalf("%s: %v", call.Type, err)
	}
}

// refused answers what the master says against a call.
func (o operator) refused(call *master.Call) string {
	err := calls.SendNoData(context.Background(), o.sender, calls.NonStreaming(call))
	if err == nil {
		log.Fatalf("%s is not refused", call.Type)
	}
	return err.Error()
}

func (o operator) read(call *master.Call) (answer master.Response) {
	response, err := o.sender.Send(context.Background(), calls.NonStreaming(call))
	if err != nil {
		log.Fatalf("%s: %v", call.Type, err)
	}
	defer response.Close()
	if err := response.Decode(&answer); err != nil {
		log.Fatalf("the answer to %s: %v", call.Type, err)
	}
	return answer
}

func (o operator) agent() master.Response_GetAgents_Agent {
	return o.read(calls.GetAgents()).GetAgents.Agents[0]
}

// reserved tells what the agent has set aside, by name and volume.
func (o operator) reserved() map[string]float64 {
	amounts := map[string]float64{}
	for _, one := range o.agent().TotalResources {
		if len(one.Reservations) == 0 || one.Scalar == nil {
			continue
		}
		name := one.Name + " of " + one.Reservations[0].GetRole()
		if one.Disk.GetPersistence() != nil {
			name += " in " + one.Disk.Persistence.ID
		}
		amounts[name] += one.Scalar.Value
	}
	return amounts
}

func bare(name string, value float64) mesos.Resource {
	return mesos.Resource{Name: name, Type: mesos.SCALAR.Enum(), Scalar: &mesos.Value_Scalar{Value: value}}
}

func reserve(name string, value float64) mesos.Resource {
	owner, one := role, bare(name, value)
	kind := mesos.Resource_ReservationInfo_DYNAMIC
	one.Reservations = []mesos.Resource_ReservationInfo{{Type: &kind, Role: &owner}}
	return one
}

func volume(id string, value float64) mesos.Resource {
	one := reserve("disk", value)
	one.Disk = &mesos.Resource_DiskInfo{
		Persistence: &mesos.Resource_DiskInfo_Persistence{ID: id},
		Volume:      &mesos.Volume{Mode: mesos.RW.Enum(), ContainerPath: "data"},
	}
	return one
}

func (o operator) weights(told map[string]interface{}) {
	dev, web := role, "web/api"
	o.do(calls.UpdateWeights(mesos.WeightInfo{Role: &dev, Weight: 2.5}, mesos.WeightInfo{Role: &web, Weight: 0.5}))
	weights := map[string]float64{}
	for _, one := range o.read(calls.GetWeights()).GetWeights.WeightInfos {
		weights[one.GetRole()] = one.Weight
	}
	told["weights"] = weights
	told["weight 0"] = o.refused(calls.UpdateWeights(mesos.WeightInfo{Role: &dev, Weight: 0}))
}

func (o operator) quota(told map[string]interface{}) {
	limits := map[string]mesos.Value_Scalar{"cpus": {Value: 3}, "mem": {Value: 1024.5}}
	guarantees := map[string]mesos.Value_Scalar{"cpus": {Value: 2}}
	config := quota.QuotaConfig{Role: "ops", Guarantees: guarantees, Limits: limits}
	kind := master.Call_UPDATE_QUOTA
	update := &master.Call_UpdateQuota{QuotaConfigs: []quota.QuotaConfig{config}}
	o.do(&master.Call{Type: kind, UpdateQuota: update})
	old, big := "old", "big"
	o.do(calls.SetQuota(quota.QuotaRequest{Role: &old, Guarantee: []mesos.Resource{bare("cpus", 1)}}))
	told["quota beyond the cluster"] = o.refused(
		calls.SetQuota(quota.QuotaRequest{Role: &big, Guarantee: []mesos.Resource{bare("cpus", 800)}}))
	told["quota"] = o.quotas()
	o.do(calls.RemoveQuota(old))
	told["quota after removal"] = o.quotas()
}

// quotas tells guarantees and limits by role and name, in words that sort.
func (o operator) quotas() []string {
	lines := []string{}
	for _, config := range o.read(calls.GetQuota()).GetQuota.Status.Configs {
		for name, one := range config.Guarantees {
			lines = append(lines, fmt.Sprintf("%s has %v %s", config.Role, one.Value, name))
		}
		for name, one := range config.Limits {
			lines = append(lines, fmt.Sprintf("%s up to %v %s", config.Role, one.Value, name))
		}
	}
	sort.Strings(lines)
	return lines
}

func (o operator) resources(told map[string]interface{}) {
	id := o.agent().AgentInfo.ID
	o.do(calls.ReserveResources(*id, reserve("cpus", 2), reserve("disk", 300)))
	o.do(calls.CreateVolumes(*id, volume("data", 100)))
	told["created"] = o.reserved()
	o.do(calls.GrowVolume(id, volume("data", 100), reserve("disk", 28)))
	o.do(calls.ShrinkVolume(id, volume("data", 128), mesos.Value_Scalar{Value: 64}))
	told["resized"] = o.reserved()
	told["a volume of another size"] = o.refused(calls.DestroyVolumes(*id, volume("data", 100)))
	told["more than is reserved"] = o.refused(calls.UnreserveResources(*id, reserve("cpus", 3)))
	o.do(calls.DestroyVolumes(*id, volume("data", 64)))
	o.do(calls.UnreserveResources(*id, reserve("cpus", 2), reserve("disk", 300)))
	told["in the end"] = o.reserved()
}

// reads makes every other read, and tells whose answers have the part they are named after.
func (o operator) reads(told map[string]interface{}) {
	answers := map[string]bool{
		"GET_HEALTH":               o.read(calls.GetHealth()).GetHealth != nil,
		"GET_FLAGS":                o.read(calls.GetFlags()).GetFlags != nil,
		"GET_VERSION":              o.read(calls.GetVersion()).GetVersion != nil,
		"GET_METRICS":              o.read(calls.GetMetrics(nil)).GetMetrics != nil,
		"GET_LOGGING_LEVEL":        o.read(calls.GetLoggingLevel()).GetLoggingLevel != nil,
		"GET_STATE":                o.read(calls.GetState()).GetState != nil,
		"GET_FRAMEWORKS":           o.read(calls.GetFrameworks()).GetFrameworks != nil,
		"GET_EXECUTORS":            o.read(calls.GetExecutors()).GetExecutors != nil,
		"GET_OPERATIONS":           o.read(calls.GetOperations()).GetOperations != nil,
		"GET_TASKS":                o.read(calls.GetTasks()).GetTasks != nil,
		"GET_ROLES":                o.read(calls.GetRoles()).GetRoles != nil,
		"GET_MASTER":               o.read(calls.GetMaster()).GetMaster != nil,
		"GET_MAINTENANCE_STATUS":   o.read(calls.GetMaintenanceStatus()).GetMaintenanceStatus != nil,
		"GET_MAINTENANCE_SCHEDULE": o.read(calls.GetMaintenanceSchedule()).GetMaintenanceSchedule != nil,
	}
	empty := []string{}
	for name, has := range answers {
		if !has {
			empty = append(empty, name)
		}
	}
	sort.Strings(empty)
	told["reads without an answer"] = empty
}

func main() {
	url := flag.String("url", "", "of the operator API of a master")
	codec := flag.String("codec", "protobuf", "protobuf or json")
	flag.Parse()
	media := codecs.MediaTypeProtobuf
	if *codec == "json" {
		media = codecs.MediaTypeJSON
	}
	client := httpcli.New(httpcli.Endpoint(*url), httpcli.Codec(codecs.ByMediaType[media]))
	o := operator{httpmaster.NewSender(client.Send)}
	told := map[string]interface{}{}
	o.weights(told)
	o.quota(told)
	o.resources(told)
	o.reads(told)
	line, err := json.Marshal(told)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(line))
}
