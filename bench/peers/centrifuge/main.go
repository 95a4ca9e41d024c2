// Centrifuge's Redis presence manager as its users have it, driven line by line, so that it can be measured in turn
// with others:
//
//	add FIRST LAST WORKERS   adds the visitors with these numbers to one channel, WORKERS at a time
//	stats TIMES              asks for the number of visitors, one question after the other
//
// Each line is answered by one line of JSON.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/centrifugal/centrifuge"
)

const channel = "site"

func main() {
	address := flag.String("redis", "127.0.0.1:6379", "host:port")
	users := flag.Bool("users", false, "keep the user mapping, for quick counts")
	flag.Parse()
	manager, err := open(*address, *users)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		answer, err := run(manager, strings.Fields(lines.Text()))
		if err != nil {
			log.Fatal(err)
		}
		text, err := json.Marshal(answer)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(text))
	}
}

func open(address string, users bool) (*centrifuge.RedisPresenceManager, error) {
	node, err := centrifuge.New(centrifuge.Config{})
	if err != nil {
		return nil, err
	}
	shard, err := centrifuge.NewRedisShard(node, centrifuge.RedisShardConfig{Address: address})
	if err != nil {
		return nil, err
	}
	return centrifuge.NewRedisPresenceManager(node, centrifuge.RedisPresenceManagerConfig{
		Shards:            []*centrifuge.RedisShard{shard},
		EnableUserMapping: func(string) bool { return users },
	})
}

func run(manager *centrifuge.RedisPresenceManager, words []string) (map[string]float64, error) {
	if len(words) == 4 && words[0] == "add" {
		numbers := make([]int, 3)
		for i, word := range words[1:] {
			number, err := strconv.Atoi(word)
			if err != nil {
				return nil, err
			}
			numbers[i] = number
		}
		return add(manager, numbers[0], numbers[1], numbers[2])
	}
	if len(words) == 2 && words[0] == "stats" {
		times, err := strconv.Atoi(words[1])
		if err != nil {
			return nil, err
		}
		return stats(manager, times)
	}
	return nil, fmt.Errorf("no such command: %q", words)
}

func add(manager *centrifuge.RedisPresenceManager, first, last, workers int) (map[string]float64, error) {
	numbers := make(chan int, workers)
	failures := make(chan error, workers)
	started := time.Now()
	var running sync.WaitGroup
	for range workers {
		running.Add(1)
		go func() {
			defer running.Done()
			for number := range numbers {
				visitor := ipv4(number)
				info := &centrifuge.ClientInfo{ClientID: visitor, UserID: visitor}
				if err := manager.AddPresence(channel, visitor, info); err != nil {
					failures <- err
					return
				}
			}
		}()
	}
	for number := first; number < last; number++ {
		select {
		case err := <-failures:
			return nil, err
		case numbers <- number:
		}
	}
	close(numbers)
	running.Wait()
	select {
	case err := <-failures:
		return nil, err
	default:
	}
	seconds := time.Since(started).Seconds()
	return map[string]float64{"seconds": seconds, "perSecond": float64(last-first) / seconds}, nil
}

func stats(manager *centrifuge.RedisPresenceManager, times int) (map[string]float64, error) {
	elapsed := make([]float64, times)
	clients := 0
	for i := range elapsed {
		started := time.Now()
		found, err := manager.PresenceStats(channel)
		if err != nil {
			return nil, err
		}
		clients = found.NumClients
		elapsed[i] = float64(time.Since(started).Nanoseconds()) / 1e6
	}
	sort.Float64s(elapsed)
	return map[string]float64{"p50Ms": elapsed[(times-1)/2], "clients": float64(clients)}, nil
}

func ipv4(number int) string {
	return fmt.Sprintf("10.%d.%d.%d", number>>16&255, number>>8&255, number&255)
}
