package dev.architect.cluster.shard;

import dev.architect.lane.Lane;
import dev.architect.lane.LaneCount;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.lane.LaneStore;
import dev.architect.task.TaskState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lanes over several stores: each of them keeps all settings, and its limits hold for what it has. Safe for use by several threads.
 */
final class ShardedLanes implements LaneStore {

    private final StoreGroup group;
    private final ShardedNodes nodes;

    private record Place(Lane lane, String type, TaskState state) {}

    ShardedLanes(StoreGroup group, ShardedNodes nodes) {
        this.group = group;
        this.nodes = nodes;
    }

    @Override
    public void save(LaneSettings settings) {
        group.askAll(member -> {
            member.store().lanes().save(settings);
            return settings;
        });
    }

    @Override
    public boolean remove(LaneScope scope) {
        return group.askAll(member -> member.store().lanes().remove(scope)).contains(true);
    }

    @Override
    public List<LaneSettings> settings() {
        return group.first().store().lanes().settings();
    }

    @Override
    public List<LaneCount> counts() {
        Map<Place, Long> sums = new HashMap<>();
        group.askAny(nodes.answering(), member -> member.store().lanes().counts())
                .values()
                .forEach(part -> part.forEach(each ->
                        sums.merge(new Place(each.lane(), each.type(), each.state()), each.tasks(), Long::sum)));
        return sums.entrySet().stream()
                .map(sum -> new LaneCount(
                        sum.getKey().lane(), sum.getKey().type(), sum.getKey().state(), sum.getValue()))
                .toList();
    }
}
