package dev.architect.testkit.simulation;

import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.lane.StartRate;
import dev.architect.project.ProjectId;
import dev.architect.task.KeyLimit;
import dev.architect.task.TaskOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Which queues, tenants and limit keys the tasks of a simulation have, and what is set for them. Some simulations have none.
 *
 * @param settings of queues and tenants
 * @param limits of keys that have a limit of their own
 * @param share of the tasks that are in a queue, and of those that have a key
 */
record LanePlan(List<LaneSettings> settings, List<KeyLimit> limits, double share) {

    /** No more tasks in one place than it lets end in the time after the last fault. */
    private static final int MOST_IN_A_PLACE = 5;

    private static final String LIMITED = "limited";
    private static final String RATED = "rated";
    private static final String FREE = "free";
    private static final List<String> TENANTS = List.of("a", "b");
    private static final List<String> KEYS = List.of("key-0", "key-1", "key-2");

    static LanePlan random(SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            return new LanePlan(List.of(), List.of(), 0);
        }
        int most = 1 + random.nextInt(3);
        return new LanePlan(
                List.of(
                        LaneSettings.of(LaneScope.of(LIMITED)).withMaxRunning(most),
                        LaneSettings.of(LaneScope.of(LIMITED, TENANTS.get(0)))
                                .withMaxRunning(1)
                                .withWeight(1 + random.nextInt(10)),
                        LaneSettings.of(LaneScope.of(RATED)).withRate(StartRate.perSecond(1 + random.nextInt(4))),
                        LaneSettings.of(LaneScope.of(FREE)).withWeight(1 + random.nextInt(100))),
                List.of(new KeyLimit(ProjectId.DEFAULT, KEYS.get(0), 2)),
                0.2 + random.nextDouble() / 2);
    }

    /** Gives some of the scripts a queue, a tenant and a key; those of long tasks none, which others would wait for. */
    Map<Integer, TaskScript> place(Map<Integer, TaskScript> scripts, SplittableRandom random) {
        Map<String, Integer> taken = new HashMap<>();
        Map<Integer, TaskScript> placed = new HashMap<>();
        scripts.forEach((number, script) -> {
            TaskOptions options = script.request().options();
            if (!script.isLong() && random.nextDouble() < share) {
                String queue = List.of(LIMITED, RATED, FREE).get(random.nextInt(3));
                String tenant = TENANTS.get(random.nextInt(TENANTS.size()));
                if (queue.equals(FREE) || hasRoom(taken, queue)) {
                    options = options.withQueue(queue).withTenant(tenant);
                }
            }
            if (!script.isLong() && random.nextDouble() < share) {
                String key = KEYS.get(random.nextInt(KEYS.size()));
                if (hasRoom(taken, key)) {
                    options = options.withLimitKey(key);
                }
            }
            placed.put(number, script.with(options));
        });
        return placed;
    }

    private static boolean hasRoom(Map<String, Integer> taken, String place) {
        return taken.merge(place, 1, Integer::sum) <= MOST_IN_A_PLACE;
    }

    /** How many tasks with a key may have a permit. */
    int most(String key) {
        return limits.stream()
                .filter(limit -> limit.key().equals(key))
                .mapToInt(KeyLimit::maxRunning)
                .findFirst()
                .orElse(KeyLimit.DEFAULT);
    }

    /** The keys that tasks may have. */
    List<String> keys() {
        return share == 0 ? List.of() : KEYS;
    }

    /** The settings that limit how many run at once. */
    List<LaneSettings> bounded() {
        List<LaneSettings> bounded = new ArrayList<>(settings);
        bounded.removeIf(each -> each.maxRunning().isEmpty());
        return bounded;
    }
}
